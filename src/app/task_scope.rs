//! Ends tasks together with their owner. Otherwise a timer of one sale would still run during the next sale.

use iced::Task;
use iced::futures::{Stream, StreamExt, stream};
use tokio::sync::watch;

/// Cancels its tasks when this scope and all its clones have been dropped.
#[derive(Debug, Clone)]
pub(in crate::app) struct TaskScope(watch::Sender<()>);

impl Default for TaskScope {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl TaskScope {
    /// Runs `work`, and stops it if the scope is dropped.
    pub(in crate::app) fn work<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Task<T> {
        self.stream(stream::once(work))
    }

    /// Listens to `stream` until the scope is dropped.
    pub(in crate::app) fn stream<T: Send + 'static>(
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
    async fn dropped_scope_cancels_its_tasks() {
        let task_scope = TaskScope::default();
        let long = task_scope.work(tokio::time::sleep(Duration::from_secs(3600)));
        let mut long = into_stream(long).unwrap();
        drop(task_scope);
        assert!(long.next().await.is_none());
    }
}
