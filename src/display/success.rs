//! The confirmation: paid, how much, by which means.

use iced::Element;

use super::Message;
use super::choice::Choice;
use super::look::Look;
use super::parts::{self, Notice};
use super::symbol::Shape;
use super::view::Strip;
use crate::money::Amount;
use crate::payment::PaidBy;

/// Draws the screen. `kept`: the payment stands although its cancellation was tried.
pub(super) fn view<'a>(
    amount: Option<Amount>,
    by: &[PaidBy],
    kept: bool,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let mut lines = paid_by_lines(by);
    if kept {
        lines.push(
            "It could not be cancelled any more: the payment stands. Give the money back by a \
             refund if it must not."
                .to_owned(),
        );
    } else {
        lines.push("Thank you!".to_owned());
    }
    let notice = Notice {
        shape: Shape::Tick,
        amount,
        headline: "Paid",
        lines,
        detail: Vec::new(),
    };

    parts::notice(notice, choices, strip, look, look.palette.good)
}

/// Draws what came in and what is still owed.
pub(super) fn part<'a>(
    by: &[PaidBy],
    remaining: Amount,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let mut lines = vec!["is still to be paid, by other means.".to_owned()];
    lines.extend(paid_by_lines(by));
    let notice = Notice {
        shape: Shape::Half,
        amount: Some(remaining),
        headline: "Paid in part",
        lines,
        detail: Vec::new(),
    };

    parts::notice(notice, choices, strip, look, look.palette.unsure)
}

/// The means of payment in the platform's words (certification 101.2).
fn paid_by_lines(by: &[PaidBy]) -> Vec<String> {
    by.iter()
        .filter(|paid| !paid.description.is_empty())
        .map(|paid| match paid.total {
            Some(total) if by.len() > 1 => format!("{total} by {}", paid.description),
            _ => format!("by {}", paid.description),
        })
        .collect()
}
