//! Ended without a payment: nobody was charged, and it can be tried again.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use super::words;
use crate::payment::CancellationReason;

/// The retry view of an expired request.
pub(super) fn expired(about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Clock, about.amount, "Time is up");
    notice.lines.push("You have not been charged.".to_owned());

    notice
}

/// A cancelled request.
pub(super) fn cancelled(reason: Option<&CancellationReason>, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Cross, about.amount, "Cancelled");
    notice.lines.push(words::cancelled(reason).to_owned());
    // Said only where the platform said that the request is closed.
    if reason.is_some() {
        notice.lines.push("You have not been charged.".to_owned());
    }

    notice
}

/// A payment that does not count: it was cancelled, by the cashier or before it came in.
pub(super) fn refund_started(about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Return, about.amount, "Refund started");
    notice.lines = vec![
        "This payment was cancelled and does not count.".to_owned(),
        "The money is on its way back to you.".to_owned(),
    ];

    notice
}
