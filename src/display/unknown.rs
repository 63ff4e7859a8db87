//! Nobody knows whether it was paid: what both people should do, and above all not do.

use iced::Element;

use super::Message;
use super::choice::Choice;
use super::look::Look;
use super::parts::{self, Notice};
use super::symbol::Shape;
use super::view::Strip;
use crate::money::Amount;

/// Draws the screen. `reference` is what the till knows the attempt by.
pub(super) fn view<'a>(
    amount: Option<Amount>,
    reference: &str,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let notice = Notice {
        shape: Shape::Question,
        amount,
        headline: "Outcome not known yet",
        lines: vec![
            "Customer: please wait. Do not pay again.".to_owned(),
            "Cashier: do not charge again until this is settled.".to_owned(),
        ],
        detail: vec![format!("Reference {reference}")],
    };

    parts::notice(notice, choices, strip, look, look.palette.unsure)
}
