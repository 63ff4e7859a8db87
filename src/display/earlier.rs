//! An earlier sale ended, and the present customer must not take it for their own: neither the
//! colour nor the shape nor the headline of a confirmation.

use super::about::About;
use super::notice::{Notice, Tone};
use super::success::{paid_by_lines, received};
use super::symbol::Shape;
use crate::money::Amount;
use crate::payment::PaidBy;

/// Paid in full.
pub(super) fn paid(by: &[PaidBy], kept: bool, about: &About) -> Notice {
    let mut notice = past(Shape::Receipt, "Earlier sale: paid", about);
    let means = paid_by_lines(by).join(", ");
    notice.cashier.push(if means.is_empty() {
        "That sale is paid in full.".to_owned()
    } else {
        format!("That sale is paid in full, {means}.")
    });
    notice.cashier.push("Do not charge it again.".to_owned());
    if kept {
        notice.cashier.push(
            "It was cancelled too late: the payment stands. Give the money back by a refund if it \
             must not."
                .to_owned(),
        );
    }

    notice
}

/// Paid in part.
pub(super) fn part(by: &[PaidBy], remaining: Amount, about: &About) -> Notice {
    let mut notice = past(Shape::Half, "Earlier sale: paid in part", about);
    notice
        .cashier
        .push(format!("{remaining} of it is still not paid."));
    notice.cashier.extend(received(remaining, about));
    notice.cashier.extend(paid_by_lines(by));

    notice
}

/// Going back.
pub(super) fn refund_started(about: &About) -> Notice {
    let mut notice = past(Shape::Return, "Earlier sale: going back", about);
    notice
        .cashier
        .push("That sale is not paid: the money is on its way back.".to_owned());

    notice
}

fn past(shape: Shape, headline: &str, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Past, shape, about.amount, headline);
    notice
        .lines
        .push("This is not your payment. Please wait.".to_owned());
    notice.lines.extend(about.what_comes_next());

    notice
}
