//! Nobody knows whether it was paid: what both people should do, and above all not do.

use super::about::About;
use super::choice::Whose;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::locale::{Phrase, Said};

/// An outcome that is not known.
pub(super) fn of(about: &About) -> Notice {
    let own = about.whose == Whose::Own;
    let headline = if own {
        Phrase::PaidNotKnown
    } else {
        Phrase::EarlierNotKnown
    };
    let mut notice = Notice::new(Tone::Unsure, Shape::Question, about.amount, headline);
    if own {
        notice.lines.push(Phrase::PleaseWait.into());
        notice.cashier = vec![Phrase::DoNotChargeAgain.into(), about.named()];
    } else {
        notice.lines.push(Phrase::NotYourPaymentWait.into());
        notice.cashier.push(Phrase::DoNotChargeUntilSettled.into());
    }
    if let Some(next) = about.next {
        notice
            .cashier
            .push(Said::from(Phrase::NewSaleWaits).with_amount("amount", next));
    }

    notice
}

/// A person has found out how it ended and answers for it.
pub(super) fn settled_by_hand(by: &str, about: &About) -> Notice {
    let headline = Phrase::SettledByHand;
    let mut notice = Notice::new(Tone::Ended, Shape::Person, about.amount, headline);
    notice
        .lines
        .push(Said::from(Phrase::AnswersForIt).with("name", by));
    notice.detail.push(about.named());

    notice
}
