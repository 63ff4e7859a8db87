//! The line items of the sale, as many as fit.

use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Size};

use crate::app::message::Message;
use crate::app::renderer::Element;
use crate::app::theme::look::Look;
use crate::app::widgets::{measure, parts};
use crate::domain::basket::{Basket, LineItem, shown_quantity};
use crate::domain::money::{Amount, Currency};
use crate::locale::{Phrase, ScreenText, TranslatedText};

/// The height of a line as a multiple of its text size.
const LINE_HEIGHT: f32 = 1.4;
/// The gap between a name and its price as a share of the text size.
const GAP: f32 = 0.8;

/// Draws the items, in smaller text if there are many. If some do not fit, the last line says how many. `None` if
/// there are no items or no room.
pub(crate) fn line_items<'a>(
    basket: &Basket,
    currency: Currency,
    room: Size,
    look: &Look,
) -> Option<Element<'a, Message>> {
    let lines = basket.lines();
    let size = size(lines, currency, room, look);
    let fitting = (room.height / (size * LINE_HEIGHT)).max(0.0) as usize;
    let shown = if lines.len() <= fitting {
        lines.len()
    } else {
        // The last line says how many items are left out.
        fitting.saturating_sub(1)
    };
    if shown == 0 {
        return None;
    }
    let surface = look.palette.calm;
    let mut items = column![];
    for line in &lines[..shown] {
        let price = price(line, currency, look);
        let left = room.width - measure::width(&price, size) - GAP * size;
        let name = measure::cut(name(line), size, left, 1);
        let words = |words| {
            parts::words(words, size, surface.ink)
                .line_height(LINE_HEIGHT)
                .wrapping(text::Wrapping::None)
        };
        items = items.push(
            row![
                container(words(name)).width(Length::Fill),
                words(price).align_x(Alignment::End)
            ]
            .width(room.width),
        );
    }
    let left_out = lines.len() - shown;
    let more = (left_out > 0).then(|| {
        let says =
            look.say(ScreenText::from(Phrase::MoreItems).with("count", left_out.to_string()));

        parts::line(says, size, room.width, surface.quiet).line_height(LINE_HEIGHT)
    });

    Some(items.push(more).into())
}

/// Returns the largest text size at which all lines fit, or the smallest legible one.
fn size(lines: &[LineItem], currency: Currency, room: Size, look: &Look) -> f32 {
    let (small, body) = (look.small(), look.body());
    let high = room.height / (lines.len().max(1) as f32 * LINE_HEIGHT);
    if high <= small {
        return small.floor();
    }
    let needed = |line| {
        measure::width(&name(line), body)
            + GAP * body
            + measure::width(&price(line, currency, look), body)
    };
    let widest = lines.iter().map(needed).fold(1.0, f32::max);
    let wide = body * room.width / widest;

    high.min(wide).clamp(small, body).floor()
}

fn name(line: &LineItem) -> TranslatedText {
    let quantity = shown_quantity(&line.quantity);
    if quantity == "1" {
        measure::letters(&line.name)
    } else {
        // The quantity of returned goods is negative, and has a true minus sign.
        measure::letters(&format!("{} × {}", quantity.replace('-', "−"), line.name))
    }
}

/// Returns the price in the form of the language. The price of a deduction has a true minus sign.
fn price(line: &LineItem, currency: Currency, look: &Look) -> TranslatedText {
    let amount = Amount::from_minor(line.price.unsigned_abs(), currency);
    let mut words = look.say(amount);
    if line.price < 0 {
        words.text.insert(0, '−');
    }

    words
}
