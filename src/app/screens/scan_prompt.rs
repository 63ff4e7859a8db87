//! The words next to the code: the amount, and what to do, in every language of the shop. A picture tells the same
//! to customers who read none of the languages.

use iced::widget::{container, row};
use iced::{Alignment, Length, Padding, Size};

use crate::app::message::Message;
use crate::app::renderer::Element;
use crate::app::screens::line_items::line_items;
use crate::app::theme::look::Look;
use crate::app::widgets::measure;
use crate::app::widgets::stack::Stack;
use crate::app::widgets::symbol::{Shape, symbol};
use crate::domain::basket::Basket;
use crate::domain::money::{Amount, Currency};
use crate::locale::{Phrase, ScreenText, TranslatedText};

/// Returns the lines that ask to pay `amount`, in a column of this width.
pub(crate) fn lines(amount: Amount, basket: &Basket, look: &Look, width: f32) -> Stack {
    let width = if has_items_beside(basket, true, look) {
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
    let headlines = look.translator.translate_all(&Phrase::ScanToPay.into());
    for (index, words) in headlines.into_iter().enumerate() {
        let largest = if index == 0 { 4.4 } else { 3.2 };
        stack = stack.line(words, look.letters(largest), width, ink(index));
    }
    let with = ScreenText::from(Phrase::WithYourCamera).with_list("apps", &look.apps);
    for words in look.translator.translate_all(&with) {
        stack = way_to_scan(stack, words, look, width);
    }

    stack
}

/// Adds the words that say what to scan with. If they would be small on one line, they take several.
fn way_to_scan(stack: Stack, words: TranslatedText, look: &Look, width: f32) -> Stack {
    const SMALL: f32 = 0.75;
    let (body, quiet) = (look.body(), look.palette.calm.quiet);
    if measure::on_one_line(&words, body, width) < body * SMALL {
        return stack.words(words, body * SMALL, quiet);
    }

    stack.line(words, body, width, quiet)
}

/// The lines' share of the width if the items are next to them.
const BESIDE: f32 = 0.54;

/// Whether the items are next to the lines. An upright screen has no height for them below the lines.
fn has_items_beside(basket: &Basket, has_code: bool, look: &Look) -> bool {
    look.is_portrait() && has_code && !basket.is_empty()
}

/// Draws the lines and, if there is room, the items. Without items it draws a picture of what to do.
pub(crate) fn view<'a>(
    lines: &Stack,
    (basket, currency): (&Basket, Currency),
    has_code: bool,
    room: Size,
    look: &Look,
) -> Element<'a, Message> {
    const LARGEST: f32 = 13.0;
    const SMALLEST: f32 = 7.0;
    if has_items_beside(basket, has_code, look) {
        let list = Size::new(room.width * (1.0 - BESIDE) - look.space(2.0), room.height);
        let (column, _) = lines.view(Size::new(room.width * BESIDE, room.height));

        return row![
            container(column).width(Length::Fill),
            line_items(basket, currency, list, look)
        ]
        .into();
    }
    let (column, left) = lines.view(room);
    let gap = look.space(1.2);
    let below = Size::new(room.width, left - 2.0 * gap);
    if let Some(items) = line_items(basket, currency, below, look) {
        return column
            .push(container(items).padding(Padding::ZERO.top(gap)))
            .into();
    }
    let side = look.space(LARGEST).min(left - look.space(2.0));
    if !has_code || side < look.space(SMALLEST) || look.is_portrait() {
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
