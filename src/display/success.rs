//! The confirmation: paid, how much, by which means.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::money::Amount;
use crate::payment::PaidBy;

/// Paid in full. `kept`: the payment stands although its cancellation was tried. A sale that was
/// paid before it was asked for again says so: whoever stands here may be somebody else.
pub(super) fn paid(by: &[PaidBy], kept: bool, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Good, Shape::Tick, about.amount, "Paid");
    notice.lines = paid_by_lines(by);
    if about.from_before {
        notice
            .lines
            .push("This sale was paid before. It is not charged again.".to_owned());

        return notice;
    }
    notice.lines.push(if kept {
        "It could not be cancelled any more: the payment stands. Give the money back by a refund \
         if it must not."
            .to_owned()
    } else {
        "Thank you!".to_owned()
    });

    notice
}

/// What came in and what is still owed.
pub(super) fn part(by: &[PaidBy], remaining: Amount, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Unsure, Shape::Half, Some(remaining), "Paid in part");
    notice
        .lines
        .push("is still to be paid, by other means.".to_owned());
    notice.lines.extend(received(remaining, about));
    notice.lines.extend(paid_by_lines(by));

    notice
}

/// The sum that came in, by what the platform says is still owed.
pub(super) fn received(remaining: Amount, about: &About) -> Option<String> {
    let asked = about.amount?;
    let received = asked.checked_sub(remaining)?;

    Some(format!("{received} of {asked} has been paid."))
}

/// The means of payment in the platform's words (certification 101.2).
pub(super) fn paid_by_lines(by: &[PaidBy]) -> Vec<String> {
    by.iter()
        .filter(|paid| !paid.description.is_empty())
        .map(|paid| match paid.total {
            Some(total) if by.len() > 1 => format!("{total} by {}", paid.description),
            _ => format!("by {}", paid.description),
        })
        .collect()
}
