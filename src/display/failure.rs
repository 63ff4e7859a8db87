//! There was no sale: what is wrong, and what the cashier does about it.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use super::words;
use crate::locale::{Phrase, Said};
use crate::payment::Failure;
use crate::sale::Rejection;

/// A refusal.
pub(super) fn rejected(rejection: &Rejection, about: &About) -> Notice {
    let (headline, advice) = words::rejected(rejection);
    let mut notice = Notice::new(Tone::Wrong, Shape::Cross, about.amount, headline);
    notice.lines.push(advice.into());
    notice.detail.push(Said::verbatim(rejection.to_string()));
    if let Rejection::Platform(refusal) | Rejection::Key(refusal) = rejection {
        notice.detail.extend(refusal.meaning().map(Said::verbatim));
    }

    notice
}

/// A platform that cannot be reached.
pub(super) fn unreachable(failure: &Failure, about: &About) -> Notice {
    let headline = Phrase::CannotReach;
    let mut notice = Notice::new(Tone::Wrong, Shape::Cross, about.amount, headline);
    notice.lines.push(words::unreachable(failure).into());
    notice.detail.push(Said::verbatim(match failure {
        Failure::NotSent(why) => why.to_string(),
        other => other.to_string(),
    }));
    notice.detail.extend(failure.meaning().map(Said::verbatim));

    notice
}
