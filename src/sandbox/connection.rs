//! Connections that can be cut. An HTTP server always answers; a bad network does not, so the cut
//! is made below the server, where it looks like the network's.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{self, IncomingStream};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Cuts one connection, from anywhere and for good.
#[derive(Debug, Default)]
struct Switch {
    thrown: AtomicBool,
    /// The connection's task, while it waits for the network.
    waiting: AtomicWaker,
}

impl Switch {
    fn throw(&self) {
        self.thrown.store(true, Ordering::Release);
        self.waiting.wake();
    }

    /// # Errors
    /// Where the connection is cut. Otherwise the task is woken when it will be.
    fn check(&self, context: &Context<'_>) -> io::Result<()> {
        self.waiting.register(context.waker());
        if self.thrown.load(Ordering::Acquire) {
            Err(io::ErrorKind::ConnectionAborted.into())
        } else {
            Ok(())
        }
    }
}

/// The connections that are open, so that a sandbox that goes takes them with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    switches: Vec<Weak<Switch>>,
    closed: bool,
}

impl Connections {
    /// Cuts every connection, and each that still comes.
    pub(super) fn close(&self) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.closed = true;
        for switch in open.switches.drain(..).filter_map(|weak| weak.upgrade()) {
            switch.throw();
        }
    }

    fn add(&self, switch: &Arc<Switch>) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.closed {
            switch.throw();
        }
        open.switches.retain(|weak| weak.strong_count() > 0);
        open.switches.push(Arc::downgrade(switch));
    }
}

/// Accepts connections that can be cut.
#[derive(Debug)]
pub(super) struct Listener {
    inner: TcpListener,
    connections: Connections,
}

impl Listener {
    pub(super) fn new(inner: TcpListener, connections: Connections) -> Self {
        Self { inner, connections }
    }
}

impl serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = serve::Listener::accept(&mut self.inner).await;
        // Single bytes are to go out one by one; where that cannot be had, nothing else is lost.
        let _ = stream.set_nodelay(true);
        let switch = Arc::default();
        self.connections.add(&switch);

        (Connection { stream, switch }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection until it is cut. Then nothing more is read or written, and the server closes it.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    switch: Arc<Switch>,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.switch.check(context)?;

        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.switch.check(context)?;

        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.switch.check(context)?;

        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.switch.check(context)?;

        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Who is at the other end of a connection, as a call sees it.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    address: SocketAddr,
    switch: Arc<Switch>,
}

impl Peer {
    /// Cuts the connection: no further byte goes out.
    pub(super) fn cut(&self) {
        self.switch.throw();
    }

    /// Whether the caller is on this machine.
    pub(super) fn is_local(&self) -> bool {
        is_local(self.address)
    }
}

/// An IPv4 address may come wrapped into IPv6.
fn is_local(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

impl Connected<IncomingStream<'_, Listener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        Self {
            address: *stream.remote_addr(),
            switch: Arc::clone(&stream.io().switch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_this_machine() {
        for (address, expected) in [
            ("127.0.0.1:80", true),
            ("127.1.2.3:80", true),
            ("[::1]:80", true),
            ("[::ffff:127.0.0.1]:80", true),
            ("192.168.1.20:80", false),
            ("0.0.0.0:80", false),
            ("[::ffff:192.168.1.20]:80", false),
            ("[fe80::1]:80", false),
        ] {
            assert_eq!(is_local(address.parse().unwrap()), expected, "{address}");
        }
    }
}
