//! The service: listens at a loopback address, and serves a bounded number of connections.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use futures_util::{Stream, stream};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use super::board::Board;
use super::calls::{Call, Calls};
use super::desk::Desk;
use super::display_file::{DisplayFile, PlacedFile};
use super::routes;
use super::shared::Shared;

/// The most connections at a time.
const MOST_CONNECTIONS: usize = 128;
/// The longest wait for the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// The pause after a failed accept, for example with too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// The local API of a resident display. [`ApiServer::finish`] and dropping it remove the file by which commands find the display.
#[derive(Debug)]
pub struct ApiServer {
    file: Mutex<Option<PlacedFile>>,
    address: SocketAddr,
    display: DisplaySide,
    finished: watch::Receiver<bool>,
    finish: watch::Sender<bool>,
}

/// The display's side of the service. Clones are the same service.
#[derive(Debug, Clone)]
pub struct DisplaySide {
    /// The board on which the display shows its state.
    pub board: Board,
    calls: Calls,
    server: Arc<Mutex<Option<Server>>>,
    is_serving: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Server {
    listener: TcpListener,
    router: Router,
    is_serving: watch::Sender<bool>,
    finish: watch::Receiver<bool>,
    finished: watch::Sender<bool>,
}

impl ApiServer {
    /// Opens the service of this data directory at `listen`, or at a free port. The caller must hold the lock of the counter. Requests
    /// wait until the display takes its calls.
    ///
    /// # Errors
    ///
    /// If the address is taken, or the file cannot be written.
    pub fn open(
        data_directory: &Path,
        listen: Option<SocketAddr>,
        desk: Arc<dyn Desk>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0))))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let file = DisplayFile::new(address)?;
        let board = Board::default();
        let (sender, calls) = Calls::new();
        let router = routes::router(Shared::new(
            desk,
            board.clone(),
            sender,
            file.token.clone(),
            address,
        ));
        let (finish, finishes) = watch::channel(false);
        let (is_finished, finished) = watch::channel(false);
        let (serves, is_serving) = watch::channel(false);

        Ok(Self {
            file: Mutex::new(Some(file.place(data_directory)?)),
            address,
            display: DisplaySide {
                board,
                calls,
                server: Arc::new(Mutex::new(Some(Server {
                    listener,
                    router,
                    is_serving: serves,
                    finish: finishes,
                    finished: is_finished,
                }))),
                is_serving,
            },
            finished,
            finish,
        })
    }

    /// The address of the service.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the display's side.
    pub fn display_side(&self) -> DisplaySide {
        self.display.clone()
    }

    /// Lets clients read what they still get, for at most `patience`, and ends the service.
    pub async fn finish(&self, patience: Duration) {
        drop(self.take_file());
        self.end(patience).await;
    }

    /// Ends the service as [`ApiServer::finish`] does. Commands then wait for the new version of the display.
    pub async fn finish_to_restart(&self, patience: Duration) {
        if let Some(Err(error)) = self.take_file().map(PlacedFile::leave_to_next) {
            tracing::warn!(%error, "commands will not wait for the new version");
        }
        self.end(patience).await;
    }

    fn take_file(&self) -> Option<PlacedFile> {
        self.file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    async fn end(&self, patience: Duration) {
        let is_served = {
            let server = self.display.server.lock();

            server.unwrap_or_else(PoisonError::into_inner).is_none()
        };
        self.finish.send_replace(true);
        if is_served {
            let mut finished = self.finished.clone();
            let _ = timeout(patience, finished.wait_for(|finished| *finished)).await;
        }
    }
}

impl DisplaySide {
    /// Waits until the service takes calls. Returns whether it does: false if it cannot.
    pub async fn is_serving(&self) -> bool {
        let mut is_serving = self.is_serving.clone();

        is_serving.wait_for(|serves| *serves).await.is_ok()
    }

    /// Serves clients, and returns their calls as a stream. Only the first call of `calls` gets any. Poll the stream within a
    /// tokio runtime.
    pub fn calls(&self) -> impl Stream<Item = Call> + Send + 'static + use<> {
        let mut server = self
            .server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let mut calls = Box::pin(self.calls.take());

        stream::poll_fn(move |context| {
            if let Some(server) = server.take() {
                tokio::spawn(server.serve());
            }

            calls.as_mut().poll_next(context)
        })
    }
}

impl Server {
    async fn serve(self) {
        let Self {
            listener,
            router,
            is_serving,
            mut finish,
            finished,
        } = self;
        let listener = match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => listener,
            Err(error) => return tracing::error!(%error, "the local API cannot listen"),
        };
        is_serving.send_replace(true);
        let connections = GracefulShutdown::new();
        let permits = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let mut finishes = pin!(async move {
            let _ = finish.wait_for(|finish| *finish).await;
        });
        loop {
            let accepted = async {
                // Further clients wait until a connection ends.
                let permit = permits.clone().acquire_owned().await;

                (listener.accept().await, permit)
            };
            tokio::select! {
                () = &mut finishes => break,
                (accepted, permit) = accepted => match accepted {
                    Ok((stream, _)) => {
                        let served = connections.watch(connection(stream, router.clone()));
                        tokio::spawn(async move {
                            let _permit = permit;
                            if let Err(error) = served.await {
                                tracing::debug!(%error, "a client is gone");
                            }
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a client");
                        tokio::time::sleep(PAUSE).await;
                    }
                },
            }
        }
        drop(listener);
        connections.shutdown().await;
        finished.send_replace(true);
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // Each answer is small and should leave at once.
    let _ = stream.set_nodelay(true);

    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}
