//! Nobody knows whether it was paid: what both people should do, and above all not do.

use super::about::About;
use super::choice::Whose;
use super::notice::{Notice, Tone};
use super::symbol::Shape;

/// An outcome that is not known.
pub(super) fn of(about: &About) -> Notice {
    let own = about.whose == Whose::Own;
    let headline = if own {
        "Paid? Not known yet"
    } else {
        "Earlier sale: not known yet"
    };
    let mut notice = Notice::new(Tone::Unsure, Shape::Question, about.amount, headline);
    notice.lines.push(if own {
        "Please wait. Do not pay again.".to_owned()
    } else {
        "Please wait. This is not your payment.".to_owned()
    });
    if own {
        notice.cashier = vec![
            "Do not charge again.".to_owned(),
            format!("{}.", about.named()),
        ];
    } else {
        notice
            .cashier
            .push("Do not charge it again until it is settled.".to_owned());
    }
    if let Some(next) = about.next {
        notice
            .cashier
            .push(format!("The new sale of {next} waits until then."));
    }

    notice
}

/// A person has found out how it ended and answers for it.
pub(super) fn settled_by_hand(by: &str, about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Person, about.amount, "Settled by hand");
    notice
        .lines
        .push(format!("{by} answers for how this ended."));
    notice.detail.push(about.named());

    notice
}
