//! An earlier sale ended, and the present customer must not take it for their own: neither the
//! colour nor the shape nor the headline of a confirmation.

use super::about::About;
use super::notice::{Notice, Tone};
use super::success::{bought, paid_by_lines, received};
use super::symbol::Shape;
use crate::locale::{Phrase, Said};
use crate::money::Amount;
use crate::payment::PaidBy;

/// Paid in full.
pub(super) fn paid(by: &[PaidBy], kept: bool, about: &About) -> Notice {
    let mut notice = past(Shape::Receipt, Phrase::EarlierPaid, about);
    let means = paid_by_lines(by);
    notice.cashier.push(if means.is_empty() {
        Phrase::PaidInFull.into()
    } else {
        Said::from(Phrase::PaidInFullBy).with_said("means", means)
    });
    notice.cashier.push(Phrase::DoNotChargeItAgain.into());
    if kept {
        notice.cashier.push(Phrase::CancelledTooLate.into());
    }

    notice
}

/// Paid in part.
pub(super) fn part(by: &[PaidBy], remaining: Amount, about: &About) -> Notice {
    let mut notice = past(Shape::Half, Phrase::EarlierPaidInPart, about);
    notice
        .cashier
        .push(Said::from(Phrase::AmountNotPaid).with_amount("amount", remaining));
    notice.cashier.extend(received(remaining, about));
    notice.cashier.extend(paid_by_lines(by));
    notice.cashier.extend(bought(by));

    notice
}

/// Going back.
pub(super) fn refund_started(about: &About) -> Notice {
    let mut notice = past(Shape::Return, Phrase::EarlierGoingBack, about);
    notice.cashier.push(Phrase::NotPaidGoingBack.into());

    notice
}

fn past(shape: Shape, headline: Phrase, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Past, shape, about.amount, headline);
    notice.lines.push(Phrase::NotYourPaymentWait.into());
    notice.lines.extend(about.what_comes_next());

    notice
}
