use std::sync::{Arc, Mutex, PoisonError};

use crate::centrapay::Client;
use crate::config::key::KeySource;

/// The way to the platform. The key is read anew for each create, so that one that was replaced is
/// used from the next attempt on; what is under way keeps its own.
#[derive(Debug, Clone)]
pub(super) struct Access {
    client: Arc<Mutex<Client>>,
    source: Option<KeySource>,
}

impl Access {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client: Arc::new(Mutex::new(client)),
            source: None,
        }
    }

    pub(super) fn renewed_from(self, source: KeySource) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }

    /// The client of the attempt that is under way.
    pub(super) fn client(&self) -> Client {
        // A panic elsewhere leaves a whole client behind.
        self.client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A client for the next attempt.
    pub(super) async fn renewed(self) -> Client {
        let Some(source) = self.source.clone() else {
            return self.client();
        };
        let old = self.client();
        let read = tokio::task::spawn_blocking(move || source.load()).await;
        let renewed = match read {
            Ok(Ok(credential)) => old
                .with_credential(&credential)
                .map_err(|error| error.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match renewed {
            Ok(client) => *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client,
            Err(error) => tracing::error!(error, "the key stays as it was"),
        }

        self.client()
    }
}
