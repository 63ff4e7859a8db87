//! What a screen for an ending, or for a wait, looks like: whose sale it is, shape, amount, what
//! happened, what to do, buttons, strip.

mod body;
mod label;

use iced::widget::{center, column, container, responsive, row, text};
use iced::{Alignment, Background, Length, Padding, Theme};

use super::choice::Choice;
use super::look::Look;
use super::palette::{Palette, Surface};
use super::symbol::{Shape, symbol};
use super::view::Strip;
use super::{Column, Element};
use super::{Message, measure, parts};
use crate::locale::{Said, Words};
use crate::money::Amount;

/// What it says.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    /// The colours it is said in.
    pub tone: Tone,
    /// The shape that says what happened.
    pub shape: Shape,
    /// The sum, where there is one.
    pub amount: Option<Amount>,
    /// What happened.
    pub headline: Said,
    /// What to know or do, for the customer.
    pub lines: Vec<Said>,
    /// What to know or do, for the cashier; where there is any, it is said who is meant.
    pub cashier: Vec<Said>,
    /// What the cashier may need in addition.
    pub detail: Vec<Said>,
}

/// The colours of a notice, by what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing has been decided.
    Calm,
    /// Paid.
    Good,
    /// Ended without payment.
    Ended,
    /// Nobody knows yet.
    Unsure,
    /// Something is wrong.
    Wrong,
    /// Paid after all.
    Late,
    /// An earlier customer's, and over.
    Past,
}

impl Tone {
    fn surface(self, palette: &Palette) -> Surface {
        match self {
            Self::Calm => palette.calm,
            Self::Good => palette.good,
            Self::Ended => palette.ended,
            Self::Unsure => palette.unsure,
            Self::Wrong => palette.wrong,
            Self::Late => palette.late,
            Self::Past => palette.past,
        }
    }
}

impl Notice {
    /// A notice that says nothing but this.
    pub(super) fn new(
        tone: Tone,
        shape: Shape,
        amount: Option<Amount>,
        headline: impl Into<Said>,
    ) -> Self {
        Self {
            tone,
            shape,
            amount,
            headline: headline.into(),
            lines: Vec::new(),
            cashier: Vec::new(),
            detail: Vec::new(),
        }
    }
}

/// Draws a notice over its choices.
pub(super) fn notice<'a>(
    notice: Notice,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    over_buttons(
        notice,
        choices.len(),
        strip,
        look,
        |look, surface, width| parts::buttons(choices, look, surface, width),
    )
}

/// Draws what happened and how much it is about, where there is no room for more.
pub(super) fn headline<'a>(notice: Notice, look: &Look) -> Element<'a, Message> {
    let surface = notice.tone.surface(&look.palette);
    let width = look.size.width - look.space(1.0);
    let usual = look.usual();
    let amount = notice
        .amount
        .map(|sum| parts::amount(sum, look.space(5.0), look, width, surface.ink));
    let says = look.say(notice.headline);
    let size = measure::unbroken(&says, usual.title(), width);
    let says = parts::words(says, size, surface.ink).wrapping(text::Wrapping::WordOrGlyph);
    let content = Column::new()
        .push(amount)
        .push(says)
        .align_x(Alignment::Center);

    parts::with_words_left_out(center(content), look, surface)
}

/// Draws a notice over so many buttons, which `buttons` draws in this width.
pub(super) fn over_buttons<'a>(
    notice: Notice,
    count: usize,
    strip: &Strip,
    look: &Look,
    buttons: impl FnOnce(&Look, Surface, f32) -> Element<'a, Message>,
) -> Element<'a, Message> {
    let surface = notice.tone.surface(&look.palette);
    let margin = margin(look);
    let measures = look.clone();
    let body = responsive(move |room| body::body(&notice, room, &measures, surface));
    let around = around(count, strip, look);
    let foot = column![
        buttons(&around, surface, look.size.width - 2.0 * margin),
        parts::strip(strip, &around, surface),
    ]
    .spacing(look.space(1.4));
    let below_bars = column![body, foot]
        .spacing(look.space(1.2))
        .padding(Padding {
            top: look.space(1.2),
            right: margin,
            bottom: look.space(1.6),
            left: margin,
        });

    parts::screen(bars(strip, &around).push(below_bars), look, surface)
}

/// What stands around the words keeps its usual size where there is much of it: it would leave them
/// little room, and they are what text is enlarged for.
fn around(buttons: usize, strip: &Strip, look: &Look) -> Look {
    const FEW: usize = 2;
    if buttons > FEW || strip.earlier.is_some() || strip.unsaved.is_some() {
        return look.usual();
    }

    look.clone()
}

fn margin(look: &Look) -> f32 {
    look.space(3.0)
}

/// What must be seen before all else: that somebody has to write the ending down, and that the
/// sale is not the present customer's.
pub(super) fn bars<'a, M: 'a>(strip: &Strip, look: &Look) -> Column<'a, M> {
    let mut bars = Column::new();
    if let Some(unsaved) = &strip.unsaved {
        bars = bars.push(bar(Shape::Alert, unsaved, look, look.palette.wrong));
    }
    if let Some(earlier) = &strip.earlier {
        bars = bars.push(bar(Shape::Back, earlier, look, look.palette.banner));
    }

    bars
}

fn bar<'a, M: 'a>(shape: Shape, says: &Words, look: &Look, surface: Surface) -> Element<'a, M> {
    let content = row![
        symbol(shape, surface.ink, look.space(2.6)),
        parts::words(says.clone(), look.body(), surface.ink)
            .wrapping(text::Wrapping::WordOrGlyph)
            .width(Length::Fill),
    ]
    .spacing(look.space(1.2))
    .align_y(Alignment::Center);

    container(content)
        .width(Length::Fill)
        .padding(
            Padding::ZERO
                .horizontal(margin(look))
                .vertical(look.space(0.4)),
        )
        .style(move |_theme: &Theme| container::Style {
            background: Some(Background::Color(surface.ground)),
            ..container::Style::default()
        })
        .into()
}
