//! What the customer reads beside the code: how much, and what to do, in every language of the shop
//! and in a picture for those who read none of them.

use iced::widget::container;
use iced::{Alignment, Length, Size};

use super::Element;
use super::Message;
use super::look::Look;
use super::stack::Stack;
use super::symbol::{Shape, symbol};
use crate::locale::Phrase;
use crate::money::Amount;

/// To pay `amount`, in a column of this width.
pub(super) fn lines(amount: Amount, look: &Look, width: f32) -> Stack {
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
    for words in look.tongue.say_in_all(&Phrase::WithYourCamera.into()) {
        stack = stack.line(words, look.body(), width, surface.quiet);
    }

    stack
}

/// Draws the lines, and the picture where there is room for it.
pub(super) fn view<'a>(lines: &Stack, room: Size, look: &Look) -> Element<'a, Message> {
    const LARGEST: f32 = 13.0;
    const SMALLEST: f32 = 7.0;
    let (column, left) = lines.view(room);
    let side = look.space(LARGEST).min(left - look.space(2.0));
    if side < look.space(SMALLEST) || look.is_portrait() {
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
