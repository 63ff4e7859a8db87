//! A connection to the platform that waits for the next call that changes something.
//!
//! Such a call opens a connection of its own, so that a failure to connect proves that nothing was sent. Opening
//! takes two or three round trips. A waiting connection was opened before and was never used, so a call over it is
//! like a call over a connection that the call opened itself. If the waiting connection turns out to be broken, the
//! call is ambiguous, like any call that breaks off.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::rt::{Read, ReadBuf};
use thiserror::Error;
use tokio::sync::Notify;
use tokio::time::timeout;
use tower::{BoxError, Layer, Service, ServiceExt};

/// The longest wait of a connection. Servers close a connection without a request after about a minute.
const LONGEST_WAIT: Duration = Duration::from_secs(45);

/// If the date went on by this much more than the clock, the machine has slept. After that, connections may be dead.
const SLEEP: Duration = Duration::from_secs(2);
/// The longest time that a call waits for a connection that is being opened. Then it opens one itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// A connection that waits; shared by the client that opens it and the client that uses it.
pub(super) struct WaitingConnection<C> {
    /// Locked while a connection is being opened. A call waits for that instead of opening another.
    opening: tokio::sync::Mutex<()>,
    open: Mutex<Option<OpenConnection<C>>>,
    taken: Notify,
}

struct OpenConnection<C> {
    connection: C,
    since: Instant,
    /// The same time by the clock that goes on while the machine sleeps.
    since_date: SystemTime,
}

/// The event that ended the wait of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WaitEnd {
    /// A call took the connection, or there was none.
    Taken,
    /// The connection has waited for so long that the server may close it soon.
    TooOld,
    /// The server closed the connection, or sent something without being asked.
    Broken,
}

/// The access to a waiting connection for code that does not know its type.
pub(super) trait Wait: fmt::Debug + Send + Sync {
    /// Runs `open`, which puts a connection here, unless a usable one waits. Returns the error of `open`.
    fn open<'a>(
        &'a self,
        open: BoxFuture<'a, Result<(), reqwest::Error>>,
    ) -> BoxFuture<'a, Result<(), reqwest::Error>>;

    /// Waits until there is no usable connection any more.
    fn until_gone(&self) -> BoxFuture<'_, WaitEnd>;
}

impl<C> Default for WaitingConnection<C> {
    fn default() -> Self {
        Self {
            opening: tokio::sync::Mutex::default(),
            open: Mutex::default(),
            taken: Notify::new(),
        }
    }
}

impl<C> fmt::Debug for WaitingConnection<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitingConnection").finish_non_exhaustive()
    }
}

impl<C: Read + Unpin> OpenConnection<C> {
    fn new(connection: C) -> Self {
        Self {
            connection,
            since: Instant::now(),
            since_date: SystemTime::now(),
        }
    }

    /// Ready when the connection has ended. A server has nothing to say before a request, so anything that it
    /// sends ends the connection, too.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut byte = [0];
        let mut byte = ReadBuf::new(&mut byte);

        Pin::new(&mut self.connection)
            .poll_read(context, byte.unfilled())
            .map(|_| ())
    }

    fn is_too_old(&self) -> bool {
        let age = self.since.elapsed();
        // The date also goes on while the machine sleeps. If it was set back, its difference says nothing.
        let by_date = SystemTime::now().duration_since(self.since_date);
        let has_slept = by_date.is_ok_and(|by_date| by_date > age + SLEEP);

        age >= LONGEST_WAIT || has_slept
    }

    fn is_usable(&mut self) -> bool {
        let mut no_one = Context::from_waker(Waker::noop());

        !self.is_too_old() && self.poll_end(&mut no_one).is_pending()
    }
}

impl<C: Read + Unpin> WaitingConnection<C> {
    fn lock(&self) -> MutexGuard<'_, Option<OpenConnection<C>>> {
        // A panic of another thread cannot leave half a connection.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the connection; `None` if none waits, or it can no longer be used. Waits a moment for a connection that
    /// is being opened.
    async fn take(&self) -> Option<C> {
        let _opened = timeout(PATIENCE, self.opening.lock()).await.ok()?;
        let mut open = self.lock().take()?;
        self.taken.notify_one();

        open.is_usable().then_some(open.connection)
    }
}

impl<C: Read + Send + Unpin> Wait for WaitingConnection<C> {
    fn open<'a>(
        &'a self,
        open: BoxFuture<'a, Result<(), reqwest::Error>>,
    ) -> BoxFuture<'a, Result<(), reqwest::Error>> {
        async move {
            let _opening = self.opening.lock().await;
            let waits = self.lock().as_mut().is_some_and(OpenConnection::is_usable);
            // The check took the connection's waker, so `until_gone` must look again.
            self.taken.notify_waiters();

            if waits { Ok(()) } else { open.await }
        }
        .boxed()
    }

    fn until_gone(&self) -> BoxFuture<'_, WaitEnd> {
        let ended = poll_fn(|context| {
            let mut open = self.lock();
            let Some(waits) = open.as_mut() else {
                return Poll::Ready(WaitEnd::Taken);
            };
            if waits.poll_end(context).is_pending() {
                return Poll::Pending;
            }
            *open = None;

            Poll::Ready(WaitEnd::Broken)
        });
        let gone = async {
            tokio::select! {
                () = self.taken.notified() => WaitEnd::Taken,
                end = ended => end,
            }
        };

        async move {
            match timeout(LONGEST_WAIT, gone).await {
                Ok(end) => end,
                Err(_) => {
                    *self.lock() = None;

                    WaitEnd::TooOld
                }
            }
        }
        .boxed()
    }
}

/// The end of a call that only opens a connection: nothing was sent.
#[derive(Debug, Error)]
#[error("the connection is open and waits")]
pub(super) struct Opened;

/// The use that a client makes of the waiting connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The client opens connections, and sends nothing over them.
    Opens,
    /// The client uses the connection that waits. If there is none, it opens one.
    Uses,
}

/// Gives a client access to the waiting connection.
#[derive(Debug)]
pub(super) struct WaitingLayer<C> {
    pub(super) role: Role,
    pub(super) waiting: Arc<WaitingConnection<C>>,
}

/// A connector that has access to the waiting connection.
#[derive(Debug)]
pub(super) struct Connector<S, C> {
    inner: S,
    access: WaitingLayer<C>,
}

// Derived, these would ask for a connection that can be cloned.
impl<C> Clone for WaitingLayer<C> {
    fn clone(&self) -> Self {
        Self {
            role: self.role,
            waiting: self.waiting.clone(),
        }
    }
}

impl<S: Clone, C> Clone for Connector<S, C> {
    fn clone(&self) -> Self {
        self.access.layer(self.inner.clone())
    }
}

impl<S, C> Layer<S> for WaitingLayer<C> {
    type Service = Connector<S, C>;

    fn layer(&self, inner: S) -> Connector<S, C> {
        Connector {
            inner,
            access: self.clone(),
        }
    }
}

impl<S, C, Destination> Service<Destination> for Connector<S, C>
where
    S: Service<Destination, Response = C, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
    C: Read + Send + Unpin + 'static,
    Destination: Send + 'static,
{
    type Response = C;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<C, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        // A connection that waits needs no ready connector.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, destination: Destination) -> Self::Future {
        let (inner, waiting) = (self.inner.clone(), self.access.waiting.clone());
        match self.access.role {
            Role::Opens => async move {
                let connection = inner.oneshot(destination).await?;
                *waiting.lock() = Some(OpenConnection::new(connection));

                Err(Opened.into())
            }
            .boxed(),
            Role::Uses => async move {
                match waiting.take().await {
                    Some(connection) => Ok(connection),
                    None => inner.oneshot(destination).await,
                }
            }
            .boxed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Context;

    use super::*;

    /// A connection on which nothing ever arrives.
    struct Silent;

    impl Read for Silent {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: hyper::rt::ReadBufCursor<'_>,
        ) -> Poll<std::io::Result<()>> {
            Poll::Pending
        }
    }

    fn waiting(since: Instant, since_date: SystemTime) -> WaitingConnection<Silent> {
        let waiting = WaitingConnection::default();
        *waiting.lock() = Some(OpenConnection {
            connection: Silent,
            since,
            since_date,
        });

        waiting
    }

    #[tokio::test]
    async fn f89_connection_is_used_once() {
        let waiting = waiting(Instant::now(), SystemTime::now());
        assert!(waiting.take().await.is_some());
        assert!(waiting.take().await.is_none());
    }

    #[tokio::test]
    async fn f89_old_connection_is_not_used() {
        let begun = Instant::now();
        let Some(long_ago) = begun.checked_sub(LONGEST_WAIT) else {
            return;
        };
        assert!(waiting(long_ago, SystemTime::now()).take().await.is_none());
    }

    #[tokio::test]
    async fn f89_connection_from_before_sleep_is_not_used() {
        let before = SystemTime::now() - 2 * SLEEP;
        assert!(waiting(Instant::now(), before).take().await.is_none());
    }

    #[tokio::test]
    async fn clock_that_is_set_back_changes_nothing() {
        let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
        assert!(waiting(Instant::now(), tomorrow).take().await.is_some());
    }
}
