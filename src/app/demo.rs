//! The demo: plays the patron, and presses the cashier's keys.

use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt};
use iced::keyboard::Key;

use super::input::keys::{Shortcut, Stroke};
use crate::locale::Phrase;

/// Plays the patron in a demo.
pub trait Patron: std::fmt::Debug + Send + Sync {
    /// Does `act` with the payment request on the screen.
    fn act(&self, act: Act);
}

/// An action of the demo's patron.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Pays the request.
    Pay,
    /// Declines the request.
    Decline,
    /// Lets the time run out.
    Expire,
}

impl Act {
    pub(super) const ALL: [(Self, Shortcut, Phrase); 3] = [
        (Self::Pay, Shortcut::Letter('P'), Phrase::DemoPay),
        (Self::Decline, Shortcut::Letter('D'), Phrase::DemoDecline),
        (Self::Expire, Shortcut::Letter('X'), Phrase::DemoExpire),
    ];

    /// Returns the action that a key stands for.
    pub fn of_key(pressed: &Stroke) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, key, _)| key.is(pressed))
            .map(|(act, _, _)| act)
    }
}

/// Presses the demo cashier's keys one after another, slowly enough to watch.
pub(super) fn play(keys: Vec<Key>) -> impl Stream<Item = Key> {
    const PAUSE: Duration = Duration::from_millis(700);

    stream::iter(keys).then(|key| async move {
        tokio::time::sleep(PAUSE).await;

        key
    })
}
