//! Paid after this display had said that it was not: loud, since somebody has to decide whether
//! the money stays.

use super::about::About;
use super::choice::Whose;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::locale::{Phrase, Said};
use crate::sale::Ending;

/// A payment that came in late.
pub(super) fn of(ending: &Ending, about: &About) -> Notice {
    let headline = match (ending, about.whose) {
        (Ending::RefundStarted, _) => Phrase::LateGoingBack,
        (_, Whose::Own) => Phrase::LatePaid,
        _ => Phrase::LateEarlier,
    };
    let mut notice = Notice::new(Tone::Late, Shape::Alert, about.amount, headline);
    if about.whose == Whose::Own {
        notice.lines = customers_own(ending);
        notice.cashier.push(about.named());
    } else {
        notice.lines.push(Phrase::NotYourPaymentWait.into());
        notice.lines.extend(about.what_comes_next());
    }
    notice.cashier.push(Phrase::CameInAfter.into());
    notice.cashier.push(match ending {
        Ending::PartPaid { remaining, .. } => {
            Said::from(Phrase::AmountNotPaid).with_amount("amount", *remaining)
        }
        Ending::RefundStarted => Phrase::GoingBackNotPaid.into(),
        _ if about.whose == Whose::Own => Phrase::ThisSaleIsPaidNow.into(),
        _ => Phrase::ThatSaleIsPaidNow.into(),
    });

    notice
}

fn customers_own(ending: &Ending) -> Vec<Said> {
    let said: &[_] = match ending {
        Ending::PartPaid { .. } => &[Phrase::PartArrivedAfterAll],
        Ending::RefundStarted => &[Phrase::CameTooLate, Phrase::GoingBackToYou],
        _ => &[Phrase::ArrivedAfterAll, Phrase::DoNotPayAgain],
    };

    said.iter().copied().map(Said::from).collect()
}
