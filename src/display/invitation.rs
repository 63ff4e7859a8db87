//! What the customer reads beside the code: how much, and what to do, in every language of the shop
//! and in a picture for those who read none of them.

use iced::widget::{container, row};
use iced::{Alignment, Length, Padding, Size};

use super::Element;
use super::Message;
use super::look::Look;
use super::measure;
use super::receipt::receipt;
use super::stack::Stack;
use super::symbol::{Shape, symbol};
use crate::basket::Basket;
use crate::locale::{Phrase, Said, Words};
use crate::money::{Amount, Currency};

/// To pay `amount` for this, in a column of this width.
pub(super) fn lines(amount: Amount, basket: &Basket, look: &Look, width: f32) -> Stack {
    let width = if is_beside(basket, true, look) {
        width * BESIDE
    } else {
        width
    };
    let surface = look.palette.calm;
    let ink = |index| {
        if index == 0 {
            surface.ink
        } else {
            surface.quiet
        }
    };
    let sum = look.say(amount);
    let mut stack = Stack::default().line(sum, look.space(12.0), width, surface.ink);
    let headlines = look.tongue.say_in_all(&Phrase::ScanToPay.into());
    for (index, words) in headlines.into_iter().enumerate() {
        let largest = if index == 0 { 4.4 } else { 3.2 };
        stack = stack.line(words, look.letters(largest), width, ink(index));
    }
    let with = Said::from(Phrase::WithYourCamera).with_list("apps", look.apps.names());
    for words in look.tongue.say_in_all(&with) {
        stack = way_to_scan(stack, words, look, width);
    }

    stack
}

/// Adds what to scan with: on one line, or where that would make it small, on several.
fn way_to_scan(stack: Stack, words: Words, look: &Look, width: f32) -> Stack {
    const SMALL: f32 = 0.75;
    let (body, quiet) = (look.body(), look.palette.calm.quiet);
    if measure::on_one_line(&words, body, width) < body * SMALL {
        return stack.words(words, body * SMALL, quiet);
    }

    stack.line(words, body, width, quiet)
}

/// The share of the width that the lines have where what is in the sale stands beside them.
const BESIDE: f32 = 0.54;

/// Where the words stand below a code there is no height for what is in the sale.
fn is_beside(basket: &Basket, invites: bool, look: &Look) -> bool {
    look.is_portrait() && invites && !basket.is_empty()
}

/// Draws the lines, and where there is room for it what is in the sale; or, where `invites`, a picture
/// of what to do.
pub(super) fn view<'a>(
    lines: &Stack,
    (basket, currency): (&Basket, Currency),
    invites: bool,
    room: Size,
    look: &Look,
) -> Element<'a, Message> {
    const LARGEST: f32 = 13.0;
    const SMALLEST: f32 = 7.0;
    if is_beside(basket, invites, look) {
        let list = Size::new(room.width * (1.0 - BESIDE) - look.space(2.0), room.height);
        let (column, _) = lines.view(Size::new(room.width * BESIDE, room.height));

        return row![
            container(column).width(Length::Fill),
            receipt(basket, currency, list, look)
        ]
        .into();
    }
    let (column, left) = lines.view(room);
    let gap = look.space(1.2);
    let below = Size::new(room.width, left - 2.0 * gap);
    if let Some(receipt) = receipt(basket, currency, below, look) {
        return column
            .push(container(receipt).padding(Padding::ZERO.top(gap)))
            .into();
    }
    let side = look.space(LARGEST).min(left - look.space(2.0));
    if !invites || side < look.space(SMALLEST) || look.is_portrait() {
        return column.into();
    }

    column
        .push(
            container(symbol(Shape::Phone, look.palette.calm.ink, side))
                .height(Length::Fill)
                .align_y(Alignment::Center),
        )
        .into()
}
