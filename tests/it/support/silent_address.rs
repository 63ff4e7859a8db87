//! An address of this machine that answers no new connection, as if its packets were lost.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

/// A new connection at this machine that takes longer is not answered.
const ANSWERED_WITHIN: Duration = Duration::from_millis(200);
const MOST_WAITING: usize = 16;

/// A listener with a full queue. The system drops every packet that would open a further connection.
pub(crate) struct SilentAddress {
    pub(crate) address: SocketAddr,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl SilentAddress {
    /// Listens on this address of the machine. Returns `None` if the machine does not have it.
    pub(crate) async fn open(address: impl Into<IpAddr>) -> Option<Self> {
        let address = SocketAddr::new(address.into(), 0);
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }
        .ok()?;
        socket.bind(address).ok()?;
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        // These connections fill the queue, since they are never accepted.
        let mut waiting = Vec::new();
        while let Ok(connected) = timeout(ANSWERED_WITHIN, TcpStream::connect(address)).await {
            waiting.push(connected.unwrap());
            assert!(waiting.len() < MOST_WAITING, "the queue has no end");
        }

        Some(Self {
            address,
            _listener: listener,
            _waiting: waiting,
        })
    }
}
