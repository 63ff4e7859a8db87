use std::sync::{Arc, Mutex, PoisonError};

use crate::centrapay::Client;
use crate::config::key::KeySource;
use crate::payment::Failure;

/// The way to the platform. The key is read anew for each create, so that one that was replaced is
/// used from the next attempt on; what is under way keeps its own for as long as the platform knows it.
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

    /// After an answer: a key that the platform does not know is read anew, so that an open payment can
    /// be asked about once somebody has put a valid one in place.
    pub(super) async fn renewed_if_refused<T>(&self, answer: &Result<T, Failure>) {
        if matches!(answer, Err(Failure::Unauthorised(_))) {
            self.clone().renewed().await;
        }
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use secrecy::SecretString;

    use super::*;
    use crate::config::Config;
    use crate::config::key::Credential;
    use crate::payment::{Refusal, Text};
    use crate::sandbox::{Options, Sandbox};

    fn refusal(status: u16) -> Refusal {
        Refusal {
            status,
            code: Text::clean("NO"),
            reason: None,
        }
    }

    #[tokio::test]
    async fn f13_f48_a_key_that_is_not_known_any_more_is_read_anew_and_no_other() {
        let sandbox = Sandbox::start(Options {
            api_key: Some("the-new-key".to_owned()),
            ..Options::default()
        })
        .await
        .expect("a sandbox");
        let text = format!(
            "[api]\nbase-url = \"{}\"\n[merchants.cafe]\n\
             config-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n",
            sandbox.base_url()
        );
        let config = Config::from_str(&text, Path::new("config.toml")).expect("a configuration");
        let old = Credential::ApiKey(SecretString::from("the-old-key"));
        let client = Client::new(&config.api, &old, config.terminal).expect("a client");
        let is_key = |name: &str| (name == "CENTRAPAY_API_KEY").then(|| "the-new-key".into());
        let access = Access::new(client).renewed_from(KeySource::new(config.api, is_key));

        let kept: [Result<(), Failure>; 2] = [Ok(()), Err(Failure::Refused(refusal(403)))];
        for answer in kept {
            access.renewed_if_refused(&answer).await;
            let greeted = access.client().greet().await.answer;
            assert!(
                matches!(greeted, Err(Failure::Unauthorised(_))),
                "{greeted:?}"
            );
        }
        let unknown: Result<(), Failure> = Err(Failure::Unauthorised(refusal(401)));
        access.renewed_if_refused(&unknown).await;
        assert_eq!(access.client().greet().await.answer, Ok(()));
        sandbox.shutdown().await;
    }
}
