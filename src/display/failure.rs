//! There was no sale: what is wrong, and what the cashier does about it.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use super::words;
use crate::payment::Failure;
use crate::sale::Rejection;

/// A refusal.
pub(super) fn rejected(rejection: &Rejection, about: &About) -> Notice {
    let (headline, advice) = words::rejected(rejection);
    let mut notice = Notice::new(Tone::Wrong, Shape::Cross, about.amount, headline);
    notice.lines.push(advice.to_owned());
    notice.detail.push(rejection.to_string());

    notice
}

/// A platform that cannot be reached.
pub(super) fn unreachable(failure: &Failure, about: &About) -> Notice {
    let headline = "Cannot reach Centrapay";
    let mut notice = Notice::new(Tone::Wrong, Shape::Cross, about.amount, headline);
    notice.lines.push(words::unreachable(failure).to_owned());
    notice.detail.push(match failure {
        Failure::NotSent(why) => why.to_string(),
        other => other.to_string(),
    });

    notice
}
