//! The screen of words for an ending or a wait: bars, shape, amount, words, buttons, strip.

mod body;

use iced::widget::{center, column, container, responsive, row, text};
use iced::{Alignment, Length, Padding, Theme};

use crate::app::choice::Choice;
use crate::app::message::Message;
use crate::app::renderer::{Column, Element};
use crate::app::theme::look::Look;
use crate::app::theme::palette::{Palette, SurfaceColours};
use crate::app::widgets::measure;
use crate::app::widgets::parts::{self, Strip};
use crate::app::widgets::symbol::{Shape, symbol};
use crate::domain::money::Amount;
use crate::locale::{Phrase, ScreenText, TranslatedText};
use body::margin;

/// The content of a screen of words.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub surface: fn(&Palette) -> SurfaceColours,
    /// The shape, which distinguishes the ending without words.
    pub shape: Shape,
    pub amount: Option<Amount>,
    pub headline: Phrase,
    /// The words for the customer.
    pub lines: Vec<ScreenText>,
    /// The words for the cashier. If there are any, labels say which words are for whom.
    pub cashier: Vec<ScreenText>,
    /// The small print for the cashier.
    pub detail: Vec<ScreenText>,
}

impl Notice {
    pub(crate) fn lines<T: Into<ScreenText>>(mut self, said: impl IntoIterator<Item = T>) -> Self {
        self.lines.extend(said.into_iter().map(Into::into));

        self
    }

    pub(crate) fn cashier<T: Into<ScreenText>>(
        mut self,
        said: impl IntoIterator<Item = T>,
    ) -> Self {
        self.cashier.extend(said.into_iter().map(Into::into));

        self
    }

    pub(crate) fn detail(mut self, said: impl IntoIterator<Item = ScreenText>) -> Self {
        self.detail.extend(said);

        self
    }
}

pub(crate) fn notice<'a>(
    notice: Notice,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let buttons = |look: &Look, surface, width| parts::buttons(choices, look, surface, width);

    over_buttons(notice, choices.len(), strip, look, buttons)
}

/// Draws the amount and the headline only, for a window that has no room for more.
pub(crate) fn headline<'a>(notice: Notice, look: &Look) -> Element<'a, Message> {
    let surface = (notice.surface)(&look.palette);
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

/// Draws a notice over `count` buttons, which `buttons` draws.
pub(crate) fn over_buttons<'a>(
    notice: Notice,
    count: usize,
    strip: &Strip,
    look: &Look,
    buttons: impl FnOnce(&Look, SurfaceColours, f32) -> Element<'a, Message>,
) -> Element<'a, Message> {
    let surface = (notice.surface)(&look.palette);
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

/// Returns the look of buttons and bars. If there are many of them, the configured text size does not enlarge
/// them, so that the words have enough room.
fn around(buttons: usize, strip: &Strip, look: &Look) -> Look {
    const FEW: usize = 2;
    if buttons > FEW || strip.earlier.is_some() || strip.unsaved.is_some() {
        return look.usual();
    }

    look.clone()
}

/// The bars at the top: the outcome to write down, and the banner of an earlier sale.
pub(crate) fn bars<'a, M: 'a>(strip: &Strip, look: &Look) -> Column<'a, M> {
    let mut bars = Column::new();
    if let Some(unsaved) = &strip.unsaved {
        bars = bars.push(bar(Shape::Alert, unsaved, look, look.palette.wrong));
    }
    if let Some(earlier) = &strip.earlier {
        bars = bars.push(bar(Shape::Back, earlier, look, look.palette.banner));
    }

    bars
}

fn bar<'a, M: 'a>(
    shape: Shape,
    says: &TranslatedText,
    look: &Look,
    surface: SurfaceColours,
) -> Element<'a, M> {
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
        .padding([look.space(0.4), margin(look)])
        .style(move |_theme: &Theme| parts::filled(surface.ground, 0.0))
        .into()
}
