//! The confirmation: paid, how much, by which means.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::locale::{Phrase, Said};
use crate::money::Amount;
use crate::payment::{PaidBy, odd_sum};

/// Paid in full. `kept`: the payment stands although its cancellation was tried. A sale that was
/// paid before it was asked for again says so: whoever stands here may be somebody else.
pub(super) fn paid(by: &[PaidBy], kept: bool, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Good, Shape::Tick, about.amount, Phrase::Paid);
    notice.lines = if by.len() == 1 {
        paid_by_line(by)
    } else {
        paid_by_lines(by)
    };
    notice.lines.push(
        match (about.from_before, kept) {
            (true, _) => Phrase::PaidBefore,
            (false, true) => Phrase::CouldNotBeCancelled,
            (false, false) => Phrase::ThankYou,
        }
        .into(),
    );
    let asked = about.amount;
    if asked.is_some_and(|asked| odd_sum(by, asked).is_some()) {
        notice.cashier = vec![Phrase::AnotherSum.into(), about.named()];
    }

    notice
}

/// What is still owed, and what came in.
pub(super) fn part(by: &[PaidBy], remaining: Amount, about: &About) -> Notice {
    let headline = Phrase::StillToBePaid;
    let mut notice = Notice::new(Tone::Unsure, Shape::Half, Some(remaining), headline);
    notice.lines.extend(received(remaining, about));
    notice.lines.extend(paid_by_lines(by));
    notice.lines.push(Phrase::PayTheRest.into());

    notice
}

/// The sum that came in, by what the platform says is still owed.
pub(super) fn received(remaining: Amount, about: &About) -> Option<Said> {
    let asked = about.amount?;
    let received = asked.checked_sub(remaining)?;

    Some(
        Said::from(Phrase::ReceivedOf)
            .with_amount("received", received)
            .with_amount("asked", asked),
    )
}

/// The means of payment in the platform's words (certification 101.2), each with its sum.
pub(super) fn paid_by_lines(by: &[PaidBy]) -> Vec<Said> {
    by.iter()
        .filter_map(|paid| {
            let means = paid.description.as_str();

            match (paid.total, means.is_empty()) {
                (Some(total), false) => Some(
                    Said::from(Phrase::AmountPaidBy)
                        .with_amount("amount", total)
                        .with("means", means),
                ),
                (Some(total), true) => {
                    Some(Said::from(Phrase::AmountPaid).with_amount("amount", total))
                }
                (None, false) => Some(Said::from(Phrase::PaidBy).with("means", means)),
                (None, true) => None,
            }
        })
        .collect()
}

/// The only means of payment, whose sum is the sale's.
fn paid_by_line(by: &[PaidBy]) -> Vec<Said> {
    by.iter()
        .map(|paid| paid.description.as_str())
        .filter(|means| !means.is_empty())
        .map(|means| Said::from(Phrase::PaidBy).with("means", means))
        .collect()
}
