//! There was no sale: what is wrong, and what the cashier does about it.

use iced::Element;

use super::choice::Choice;
use super::look::Look;
use super::parts::{self, Notice};
use super::symbol::Shape;
use super::view::Strip;
use super::{Message, words};
use crate::money::Amount;
use crate::payment::Failure;
use crate::sale::Rejection;

/// Draws a refusal.
pub(super) fn rejected<'a>(
    amount: Option<Amount>,
    rejection: &Rejection,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let (headline, advice) = words::rejected(rejection);
    let notice = Notice {
        shape: Shape::Cross,
        amount,
        headline,
        lines: vec![advice.to_owned()],
        detail: vec![rejection.to_string()],
    };

    parts::notice(notice, choices, strip, look, look.palette.wrong)
}

/// Draws a platform that cannot be reached.
pub(super) fn unreachable<'a>(
    amount: Option<Amount>,
    failure: &Failure,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let notice = Notice {
        shape: Shape::Cross,
        amount,
        headline: "Cannot reach Centrapay",
        lines: vec![
            "No code was shown. Check the network cable or the Wi-Fi, then try again.".to_owned(),
        ],
        detail: vec![failure.to_string()],
    };

    parts::notice(notice, choices, strip, look, look.palette.wrong)
}
