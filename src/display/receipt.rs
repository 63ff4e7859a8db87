//! What is in the sale, line by line, as far as there is room for it.

use iced::widget::{column, container, row, text};
use iced::{Alignment, Length, Size};

use super::look::Look;
use super::{Element, Message, measure, parts};
use crate::basket::{Basket, LineItem, shown_quantity};
use crate::locale::{Phrase, Said, Words};
use crate::money::{Amount, Currency};

/// A line's height in parts of its letters'.
const LINE_HEIGHT: f32 = 1.4;
/// What stands between a name and its price, in parts of their letters.
const GAP: f32 = 0.8;

/// The lines in this room, in letters that are smaller where there are many; what does not fit even
/// then is counted. `None` where not even that fits, or nothing is known of what is sold.
pub(super) fn receipt<'a>(
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
        // The last one says how many are left out.
        fitting.saturating_sub(1)
    };
    if shown == 0 {
        return None;
    }
    let surface = look.palette.calm;
    let mut receipt = column![];
    for line in &lines[..shown] {
        let price = price(line, currency, look);
        let left = room.width - width(&price, size) - GAP * size;
        let name = measure::cut(name(line), size, LINE_HEIGHT, left, 1);
        let words = |words| {
            parts::words(words, size, surface.ink)
                .line_height(LINE_HEIGHT)
                .wrapping(text::Wrapping::None)
        };
        receipt = receipt.push(
            row![
                container(words(name)).width(Length::Fill),
                words(price).align_x(Alignment::End)
            ]
            .width(Length::Fixed(room.width)),
        );
    }
    let left_out = lines.len() - shown;
    let more = (left_out > 0).then(|| {
        let says = look.say(Said::from(Phrase::MoreItems).with("count", left_out.to_string()));

        parts::line(says, size, room.width, surface.quiet).line_height(LINE_HEIGHT)
    });

    Some(receipt.push(more).into())
}

/// The largest letters in which all lines fit, or the smallest that are read.
fn size(lines: &[LineItem], currency: Currency, room: Size, look: &Look) -> f32 {
    let (small, body) = (look.small(), look.body());
    let high = room.height / (lines.len().max(1) as f32 * LINE_HEIGHT);
    if high <= small {
        return small.floor();
    }
    let needed =
        |line| width(&name(line), body) + GAP * body + width(&price(line, currency, look), body);
    let widest = lines.iter().map(needed).fold(1.0, f32::max);
    let wide = body * room.width / widest;

    high.min(wide).clamp(small, body).floor()
}

fn width(words: &Words, size: f32) -> f32 {
    measure::room(words, size, LINE_HEIGHT, f32::INFINITY).width
}

fn name(line: &LineItem) -> Words {
    let quantity = shown_quantity(&line.quantity);
    if quantity == "1" {
        measure::letters(&line.name)
    } else {
        // With a true minus where goods come back.
        measure::letters(&format!("{} × {}", quantity.replace('-', "−"), line.name))
    }
}

/// As the language writes it, and with a true minus where it is taken off.
fn price(line: &LineItem, currency: Currency, look: &Look) -> Words {
    let amount = Amount::from_minor(line.price.unsigned_abs(), currency);
    let mut words = look.say(amount);
    if line.price < 0 {
        words.text.insert(0, '−');
    }

    words
}
