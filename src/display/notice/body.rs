//! The words of a notice beside or below its shape, as large as the room allows.

use iced::widget::{Column, column, container, row, text};
use iced::{Alignment, Border, Element, Length, Padding, Size, Theme};

use super::{Notice, margin};
use crate::display::look::{Look, Surface};
use crate::display::symbol::symbol;
use crate::display::{Message, measure, parts};

/// Sizes of a notice's parts, in steps of the spacing scale.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    amount: f32,
    headline: f32,
    words: f32,
    detail: f32,
    symbol: f32,
    symbol_above: f32,
}

/// From the best to the tightest: the amount stays the largest in all of them.
const SIZES: [Sizes; 9] = [
    Sizes::new(9.5, 4.4, 2.2, 1.7, 18.0, 20.0),
    Sizes::new(8.5, 4.4, 2.2, 1.7, 18.0, 17.0),
    Sizes::new(7.5, 4.1, 2.2, 1.7, 17.0, 14.0),
    Sizes::new(6.6, 3.8, 2.2, 1.7, 15.0, 12.0),
    Sizes::new(5.8, 3.5, 2.1, 1.7, 13.0, 10.0),
    Sizes::new(5.2, 3.2, 2.0, 1.6, 11.0, 9.0),
    Sizes::new(4.6, 2.9, 1.9, 1.6, 10.0, 8.0),
    Sizes::new(4.0, 2.6, 1.8, 1.6, 9.0, 7.0),
    Sizes::new(3.5, 2.4, 1.7, 1.6, 8.0, 6.0),
];

impl Sizes {
    const fn new(
        amount: f32,
        headline: f32,
        words: f32,
        detail: f32,
        symbol: f32,
        symbol_above: f32,
    ) -> Self {
        Self {
            amount,
            headline,
            words,
            detail,
            symbol,
            symbol_above,
        }
    }
}

/// One group of words that stand below each other.
struct Said<'n> {
    words: &'n str,
    size: f32,
    line_height: f32,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Amount,
    Headline,
    Customer,
    Cashier,
    Detail,
}

/// The largest sizes at which everything fits into `room`.
pub(super) fn body<'a>(
    notice: &Notice,
    room: Size,
    look: &Look,
    surface: Surface,
) -> Element<'a, Message> {
    let amount = notice.amount.map(|amount| amount.to_string());
    let laid_out = SIZES.iter().map(|sizes| {
        let beside = !look.is_portrait();
        let side = look.space(if beside {
            sizes.symbol
        } else {
            sizes.symbol_above
        });
        let width = if beside {
            room.width - side - margin(look)
        } else {
            room.width
        };
        let said = said(notice, amount.as_deref(), sizes, look, width);
        let above = if beside { 0.0 } else { side + gap_below(look) };

        (side, width, above + height(&said, look, width), said)
    });
    let mut chosen = None;
    for (side, width, height, said) in laid_out {
        let fits = height <= room.height && side <= room.height;
        chosen = Some((side, width, said));
        if fits {
            break;
        }
    }
    let Some((side, width, said)) = chosen else {
        return column![].into();
    };
    let labelled = !notice.cashier.is_empty();
    let shape = symbol(notice.shape, surface.ink, side);
    let says = column_of(&said, labelled, look, surface).width(Length::Fixed(width));
    let body: Element<'a, Message> = if look.is_portrait() {
        column![shape, says].spacing(gap_below(look)).into()
    } else {
        row![shape, says]
            .spacing(margin(look))
            .align_y(Alignment::Center)
            .into()
    };

    container(body)
        .height(Length::Fill)
        .align_y(Alignment::Center)
        .into()
}

fn gap_below(look: &Look) -> f32 {
    look.space(2.0)
}

fn said<'n>(
    notice: &'n Notice,
    amount: Option<&'n str>,
    sizes: &Sizes,
    look: &Look,
    width: f32,
) -> Vec<Said<'n>> {
    // Where both are spoken to, the customer's words are the larger ones: they are farther away.
    let customer = if notice.cashier.is_empty() {
        sizes.words
    } else {
        sizes.words * 1.2
    };
    let lines = |words: &'n [String], size: f32, kind| {
        words.iter().map(move |words| Said {
            words,
            size: look.space(size),
            line_height: 1.25,
            kind,
        })
    };
    let amount = amount.map(|words| Said {
        words,
        size: look.fitted(words, look.space(sizes.amount), width),
        line_height: 1.05,
        kind: Kind::Amount,
    });
    let headline = Said {
        words: &notice.headline,
        size: look.space(sizes.headline),
        line_height: 1.15,
        kind: Kind::Headline,
    };

    amount
        .into_iter()
        .chain([headline])
        .chain(lines(&notice.lines, customer, Kind::Customer))
        .chain(lines(&notice.cashier, sizes.words, Kind::Cashier))
        .chain(lines(&notice.detail, sizes.detail, Kind::Detail))
        .collect()
}

/// The gap above a group of words: less between what belongs together.
fn gap_above(said: &[Said<'_>], index: usize, look: &Look) -> f32 {
    let kind = |index: usize| said.get(index).map(|said| said.kind);
    match (index.checked_sub(1).and_then(kind), kind(index)) {
        (None, _) => 0.0,
        (before, this) if before == this => look.space(0.3),
        (Some(Kind::Amount), _) => look.space(0.4),
        _ => look.space(0.9),
    }
}

fn height(said: &[Said<'_>], look: &Look, width: f32) -> f32 {
    let labelled = said.iter().any(|said| said.kind == Kind::Cashier);
    let heights = said.iter().enumerate().map(|(index, said_)| {
        let indent = match said_.kind {
            Kind::Customer | Kind::Cashier if labelled => label_width(look) + label_gap(look),
            _ => 0.0,
        };
        let words = measure::room(said_.words, said_.size, said_.line_height, width - indent);

        words.height + gap_above(said, index, look)
    });

    heights.sum()
}

fn label_width(look: &Look) -> f32 {
    look.space(8.4)
}

fn label_gap(look: &Look) -> f32 {
    look.space(1.2)
}

fn column_of<'a>(
    said: &[Said<'_>],
    labelled: bool,
    look: &Look,
    surface: Surface,
) -> Column<'a, Message> {
    let mut column = Column::new();
    let mut before = None;
    for (index, group) in said.iter().enumerate() {
        let ink = match group.kind {
            Kind::Detail => surface.quiet,
            Kind::Customer | Kind::Cashier if !labelled => surface.quiet,
            _ => surface.ink,
        };
        let wrapping = match group.kind {
            Kind::Amount => text::Wrapping::None,
            _ => text::Wrapping::WordOrGlyph,
        };
        let words = text(group.words.to_owned())
            .size(group.size)
            .line_height(group.line_height)
            .color(ink)
            .wrapping(wrapping);
        let first = before.replace(group.kind) != Some(group.kind);
        let label = match group.kind {
            Kind::Customer => "Customer",
            Kind::Cashier => "Cashier",
            _ => "",
        };
        let line: Element<'a, Message> = if labelled && !label.is_empty() {
            let height = group.size * group.line_height;
            let label = if first { label } else { "" };

            row![
                label_of(label, height, look, surface),
                words.width(Length::Fill)
            ]
            .spacing(label_gap(look))
            .into()
        } else {
            words.into()
        };
        column = column.push(container(line).padding(Padding {
            top: gap_above(said, index, look),
            ..Padding::ZERO
        }));
    }

    column
}

/// Who is meant, beside the first line that is meant for them.
fn label_of<'a>(
    label: &'static str,
    height: f32,
    look: &Look,
    surface: Surface,
) -> Element<'a, Message> {
    let edge = if label.is_empty() { 0.0 } else { 1.0 };
    let radius = look.space(0.4);
    let chip = container(parts::words(label, look.space(1.6), surface.ink))
        .width(Length::Fill)
        .align_x(Alignment::Center)
        .style(move |_theme: &Theme| container::Style {
            border: Border {
                color: surface.ink,
                width: edge,
                radius: radius.into(),
            },
            ..container::Style::default()
        });

    container(chip)
        .width(Length::Fixed(label_width(look)))
        .height(Length::Fixed(height))
        .align_y(Alignment::Center)
        .into()
}
