//! Ended without a payment: nobody was charged, and it can be tried again.

use iced::Element;

use super::choice::Choice;
use super::look::Look;
use super::parts::{self, Notice};
use super::symbol::Shape;
use super::view::Strip;
use super::{Message, words};
use crate::money::Amount;
use crate::payment::CancellationReason;

/// Draws the retry view of an expired request.
pub(super) fn view<'a>(
    amount: Option<Amount>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let notice = Notice {
        shape: Shape::Clock,
        amount,
        headline: "Time is up",
        lines: vec!["You have not been charged.".to_owned()],
        detail: Vec::new(),
    };

    parts::notice(notice, choices, strip, look, look.palette.ended)
}

/// Draws a cancelled request.
pub(super) fn cancelled<'a>(
    amount: Option<Amount>,
    reason: Option<&CancellationReason>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let mut lines = vec![words::cancelled(reason).to_owned()];
    // Said only where the platform said that the request is closed.
    if reason.is_some() {
        lines.push("You have not been charged.".to_owned());
    }
    let notice = Notice {
        shape: Shape::Cross,
        amount,
        headline: "Cancelled",
        lines,
        detail: Vec::new(),
    };

    parts::notice(notice, choices, strip, look, look.palette.ended)
}

/// Draws a payment that came in after it was cancelled and is going back.
pub(super) fn refund_started<'a>(
    amount: Option<Amount>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let notice = Notice {
        shape: Shape::Return,
        amount,
        headline: "Refund started",
        lines: vec![
            "Your payment came in after it was cancelled.".to_owned(),
            "The money is on its way back to you.".to_owned(),
        ],
        detail: Vec::new(),
    };

    parts::notice(notice, choices, strip, look, look.palette.ended)
}
