//! Paid after this display had said that it was not: loud, since somebody has to decide whether
//! the money stays.

use super::about::About;
use super::choice::Whose;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::sale::Ending;

/// A payment that came in late.
pub(super) fn of(ending: &Ending, about: &About) -> Notice {
    let headline = match (ending, about.whose) {
        (Ending::RefundStarted, _) => "LATE PAYMENT, going back",
        (_, Whose::Own) => "LATE PAYMENT: paid",
        _ => "LATE PAYMENT, earlier sale",
    };
    let mut notice = Notice::new(Tone::Late, Shape::Alert, about.amount, headline);
    if about.whose == Whose::Own {
        notice.lines = customers_own(ending);
        notice.cashier.push(format!("{}.", about.named()));
    } else {
        notice
            .lines
            .push("This is not your payment. Please wait.".to_owned());
        notice.lines.extend(about.what_comes_next());
    }
    notice
        .cashier
        .push("It came in after this display had said: not paid.".to_owned());
    notice.cashier.push(match ending {
        Ending::PartPaid { remaining, .. } => format!("{remaining} of it is still not paid."),
        Ending::RefundStarted => "The money is on its way back: it is not paid.".to_owned(),
        _ if about.whose == Whose::Own => "This sale is paid now.".to_owned(),
        _ => "That sale is paid now, and nobody has noted it.".to_owned(),
    });

    notice
}

fn customers_own(ending: &Ending) -> Vec<String> {
    let said: &[_] = match ending {
        Ending::PartPaid { .. } => &["A part of your payment has arrived after all."],
        Ending::RefundStarted => &["Your payment came too late.", "It is going back to you."],
        _ => &["Your payment has arrived after all.", "Do not pay again."],
    };

    said.iter().map(|line| (*line).to_owned()).collect()
}
