//! The code is gone: what is waited for, and that the customer has nothing to do.

use iced::Element;

use super::Message;
use super::choice::Choice;
use super::look::Look;
use super::parts::{self, Notice};
use super::symbol::Shape;
use super::view::Strip;
use crate::money::Amount;
use crate::sale::Reason;

/// Draws the wait for a verdict.
pub(super) fn view<'a>(
    reason: &Reason,
    amount: Option<Amount>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let (headline, lines) = match reason {
        Reason::Settling => (
            "The time to pay is over",
            vec![
                "Checking whether your payment came in. One moment, please.".to_owned(),
                "Please do not pay again.".to_owned(),
            ],
        ),
        Reason::Resuming { .. } => (
            "Checking the last payment",
            vec![
                "One moment, please.".to_owned(),
                "Please do not pay again.".to_owned(),
            ],
        ),
        Reason::Condition(condition) => ("One question first", vec![condition.message.to_string()]),
        Reason::PartPayment(by) => (
            "A part of it is paid",
            by.iter()
                .map(|paid| {
                    paid.total.map_or_else(
                        || paid.description.to_string(),
                        |total| format!("{total} by {}", paid.description),
                    )
                })
                .chain(["Waiting for the rest. Please go on on your phone.".to_owned()])
                .collect(),
        ),
    };
    let notice = Notice {
        shape: Shape::Dots,
        amount,
        headline,
        lines,
        detail: Vec::new(),
    };

    parts::notice(notice, choices, strip, look, look.palette.calm)
}

/// Draws the wait for a cancellation.
pub(super) fn voiding<'a>(
    amount: Option<Amount>,
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let notice = Notice {
        shape: Shape::Dots,
        amount,
        headline: "Cancelling",
        lines: vec![
            "One moment, please.".to_owned(),
            "Please do not pay this any more.".to_owned(),
        ],
        detail: Vec::new(),
    };

    parts::notice(notice, &[], strip, look, look.palette.calm)
}
