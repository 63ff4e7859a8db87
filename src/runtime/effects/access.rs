use std::sync::{Arc, Mutex, PoisonError};

use crate::centrapay::Client;
use crate::config::key::KeySource;
use crate::domain::payment::Failure;

/// The client of the platform, with the current key. The key is read again for each create, so the next attempt
/// uses a replaced key. A running attempt keeps its key while the platform accepts that key.
#[derive(Debug, Clone)]
pub(super) struct Access {
    client: Arc<Mutex<Client>>,
    /// The file or environment variable from which the key is read again.
    pub(super) source: Option<KeySource>,
}

impl Access {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client: Arc::new(Mutex::new(client)),
            source: None,
        }
    }

    /// Returns the client of the current attempt.
    pub(super) fn client(&self) -> Client {
        // A panic of another thread cannot leave half a client.
        self.client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the key again if `answer` says that the platform refused it. So an open payment can be polled again
    /// once a valid key is installed.
    pub(super) async fn renewed_if_refused<T>(&self, answer: &Result<T, Failure>) {
        if matches!(answer, Err(Failure::Unauthorised(_))) {
            self.clone().renewed().await;
        }
    }

    /// Reads the key again and returns the client for the next attempt.
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
            Err(error) => {
                tracing::error!(error, "cannot load the key again; the old key stays in use");
            }
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
    use crate::domain::payment::{Refusal, Text};
    use crate::sandbox::{Options, Sandbox};

    fn refusal(status: u16) -> Refusal {
        Refusal {
            status,
            code: Text::clean("NO"),
            reason: None,
        }
    }

    #[tokio::test]
    async fn f13_f48_only_a_refused_key_is_reloaded() {
        let sandbox = Sandbox::start(Options {
            api_key: Some("the-new-key".into()),
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
        let mut access = Access::new(client);
        access.source = Some(KeySource::new(config.api, is_key));

        let kept: [Result<(), Failure>; 2] = [Ok(()), Err(Failure::Refused(refusal(403)))];
        for answer in kept {
            access.renewed_if_refused(&answer).await;
            let greeted = access.client().check_connection().await.answer;
            assert!(
                matches!(greeted, Err(Failure::Unauthorised(_))),
                "{greeted:?}"
            );
        }
        let unknown: Result<(), Failure> = Err(Failure::Unauthorised(refusal(401)));
        access.renewed_if_refused(&unknown).await;
        assert_eq!(access.client().check_connection().await.answer, Ok(()));
        sandbox.shutdown().await;
    }
}
