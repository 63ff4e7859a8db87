//! What is under way ends with whoever wanted it: a timer for the end of a code must not outlive its
//! sale by minutes where the next one follows.

use iced::Task;
use iced::futures::{Stream, StreamExt, stream};
use tokio::sync::watch;

/// Held by whoever wants something done; when it and its clones go, all that is under way is dropped.
#[derive(Debug, Clone)]
pub(super) struct Leash(watch::Sender<()>);

impl Default for Leash {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Leash {
    /// Work that is done while this is held.
    pub(super) fn work<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Task<T> {
        self.stream(stream::once(work))
    }

    /// A stream that is listened to while this is held.
    pub(super) fn stream<T: Send + 'static>(
        &self,
        stream: impl Stream<Item = T> + Send + 'static,
    ) -> Task<T> {
        let mut held = self.0.subscribe();
        let gone = async move { while held.changed().await.is_ok() {} };

        Task::stream(stream.take_until(Box::pin(gone)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use iced_runtime::task::into_stream;

    use super::*;

    #[tokio::test]
    async fn nothing_is_waited_for_on_behalf_of_what_is_gone() {
        let leash = Leash::default();
        let long = leash.work(tokio::time::sleep(Duration::from_secs(3600)));
        let mut long = into_stream(long).unwrap();
        drop(leash);
        assert!(long.next().await.is_none());
    }
}
