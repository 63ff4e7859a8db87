//! Ended without a payment: nobody was charged, and it can be tried again.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use super::words;
use crate::locale::Phrase;
use crate::payment::CancellationReason;

/// The retry view of an expired request.
pub(super) fn expired(about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Clock, about.amount, Phrase::TimeIsUp);
    notice.lines.push(Phrase::NotCharged.into());

    notice
}

/// A cancelled request.
pub(super) fn cancelled(reason: Option<&CancellationReason>, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Cross, about.amount, Phrase::Cancelled);
    notice.lines.push(words::cancelled(reason).into());
    // Said only where the platform said that the request is closed.
    if reason.is_some() {
        notice.lines.push(Phrase::NotCharged.into());
    }

    notice
}

/// A payment that does not count: it was cancelled, by the cashier or before it came in.
pub(super) fn refund_started(about: &About) -> Notice {
    let headline = Phrase::RefundStarted;
    let mut notice = Notice::new(Tone::Ended, Shape::Return, about.amount, headline);
    notice.lines = vec![
        Phrase::CancelledDoesNotCount.into(),
        Phrase::MoneyOnItsWayBack.into(),
    ];

    notice
}
