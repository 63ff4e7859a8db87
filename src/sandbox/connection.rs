//! Connections that can be cut, below the HTTP server. An HTTP server always answers; a bad network does not.

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

#[derive(Debug, Default)]
struct Switch {
    thrown: AtomicBool,
    /// The connection's task while it waits for the network.
    waiting: AtomicWaker,
}

impl Switch {
    fn throw(&self) {
        self.thrown.store(true, Ordering::Release);
        self.waiting.wake();
    }

    /// Errors: if the connection is cut. If it is cut later, the task is woken then.
    fn check(&self, context: &Context<'_>) -> io::Result<()> {
        self.waiting.register(context.waker());
        match self.thrown.load(Ordering::Acquire) {
            true => Err(io::ErrorKind::ConnectionAborted.into()),
            false => Ok(()),
        }
    }
}

/// The open connections, so that a stopped sandbox closes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    switches: Vec<Weak<Switch>>,
    closed: bool,
}

impl Connections {
    /// Cuts every open connection and every later one.
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

#[derive(Debug)]
pub(super) struct Listener {
    pub(super) inner: TcpListener,
    pub(super) connections: Connections,
}

impl serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = serve::Listener::accept(&mut self.inner).await;
        // The drip fault sends single bytes, which must not wait for more. A failure affects only that fault.
        let _ = stream.set_nodelay(true);
        let switch = Arc::default();
        self.connections.add(&switch);

        (Connection { stream, switch }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection that can be cut. After the cut, nothing is read or written, and the server closes the connection.
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

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.switch.check(context)?;

        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Peer {
    address: SocketAddr,
    switch: Arc<Switch>,
}

impl Peer {
    /// Cuts the connection: no further byte is sent.
    pub(super) fn cut(&self) {
        self.switch.throw();
    }

    /// Whether the caller is on this machine. An IPv4 address may be wrapped in IPv6.
    pub(super) fn is_local(&self) -> bool {
        self.address.ip().to_canonical().is_loopback()
    }
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
            let peer = Peer {
                address: address.parse().unwrap(),
                switch: Arc::default(),
            };
            assert_eq!(peer.is_local(), expected, "{address}");
        }
    }
}
