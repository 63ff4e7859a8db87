//! Notes when the answers to creates reach the client.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Creates, as the TLS server and the delay line tell each other. A connection is known by the port from
/// which the line calls the server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Creates(Arc<Mutex<Notes>>);

#[derive(Debug, Default)]
struct Notes {
    /// The connections whose latest request is a create.
    asked: HashSet<u16>,
    delivered: Option<Instant>,
}

impl Creates {
    /// Notes that a request began on this connection, or that the connection ended.
    pub(crate) fn request_begins(&self, connection: u16, is_create: bool) {
        let mut notes = self.notes();
        if is_create {
            notes.asked.insert(connection);
        } else {
            notes.asked.remove(&connection);
        }
    }

    /// Whether the server's next bytes on this connection answer a create.
    pub(crate) fn is_being_answered(&self, connection: u16) -> bool {
        self.notes().asked.contains(&connection)
    }

    /// Notes that bytes of the answer to a create were delivered at this time.
    pub(crate) fn delivered_at(&self, time: Instant) {
        self.notes().delivered = Some(time);
    }

    /// Returns the time when the last bytes of an answer to a create were delivered, and forgets it.
    pub(crate) fn take_delivered(&self) -> Option<Instant> {
        self.notes().delivered.take()
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
