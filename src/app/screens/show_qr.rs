//! The code, as large as the screen allows, and the words next to it.

use std::sync::Arc;
use std::time::Duration;

use iced::widget::{center, column, container, responsive, row, text};
use iced::{Alignment, Background, Color, Length, Size, Theme};

use crate::app::choice::Choice;
use crate::app::message::Message;
use crate::app::renderer::Element;
use crate::app::screens::{scan_prompt, words};
use crate::app::theme::look::{Appearance, Look};
use crate::app::widgets::code::code;
use crate::app::widgets::parts::{self, Strip};
use crate::app::widgets::shop::shop;
use crate::app::widgets::stack::Stack;
use crate::app::widgets::unseen::unseen;
use crate::app::widgets::{legible, measure};
use crate::domain::basket::Basket;
use crate::domain::money::Amount;
use crate::locale::{Phrase, ScreenText, TranslatedText};
use crate::qr::{Code, FEWEST_PIXELS};

/// The least width of the words next to a code, in steps of the spacing scale.
const NARROWEST_COLUMN: f32 = 29.0;

/// The least height of the words below a code, in steps of the spacing scale.
const LOWEST_FOOT: f32 = 37.5;

/// The number of modules of a usual code with a logo, counted with the quiet zone. It decides the layout before
/// the code is known.
const USUAL_MODULES: u32 = 41;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Split {
    /// The code has a square with this side, in logical pixels. The words have the rest.
    WithWords(f32),
    /// There is no room for words. The code is alone in a square with this side, in logical pixels.
    Alone(f32),
    /// No code that phones can read fits.
    TooSmall,
}

impl Split {
    /// Splits a screen for this code; before the code is known, for a usual one.
    pub(crate) fn for_code(code: Option<&Arc<Code>>, look: &Look) -> Self {
        let modules = code.map_or(USUAL_MODULES, |code| code.modules());
        let Size { width, height } = look.size;
        let panel = if look.is_portrait() {
            width.min(height - look.space(LOWEST_FOOT))
        } else {
            height.min(width - look.space(NARROWEST_COLUMN))
        };
        let fits = |side: f32| {
            let room = side.mul_add(look.scale_factor, 0.01).max(0.0) as u32;

            room / modules.max(1) >= FEWEST_PIXELS
        };
        if fits(panel) {
            return Self::WithWords(panel);
        }
        let side = width.min(height);
        match fits(side) {
            true => Self::Alone(side),
            false => Self::TooSmall,
        }
    }
}

/// The content of the code's square. All but the time and the short code is the same with the code as before it, so
/// that little is left to draw when the code comes, and nothing moves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Square<'a> {
    /// The code, the time left, and the whole time to pay.
    Code(&'a Arc<Code>, (Duration, Duration)),
    /// The code is expected, with this time to pay. Meanwhile a sentence may say why it takes long.
    Awaited(Option<Phrase>, Duration),
    /// There is nothing to scan: the patron has shown a code, or the platform cannot be reached.
    NoCode(Option<Phrase>),
}

impl<'a> Square<'a> {
    fn code(self) -> Option<&'a Arc<Code>> {
        match self {
            Self::Code(code, _) => Some(code),
            Self::Awaited(..) | Self::NoCode(_) => None,
        }
    }

    fn has_place_for_code(self) -> bool {
        !matches!(self, Self::NoCode(_))
    }
}

pub(crate) struct ShowQrContent<'a> {
    pub amount: Amount,
    /// The items of the sale; empty if the till gave none.
    pub basket: &'a Basket,
    pub merchant: &'a str,
    pub square: Square<'a>,
}

/// Draws the screen; the code alone if the window is too small for the words.
pub(crate) fn view<'a>(
    content: &ShowQrContent<'_>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let with_words = |panel| with_words(content, choices, strip, panel, look);
    match Split::for_code(content.square.code(), look) {
        Split::WithWords(panel)
            if legible::is_large_enough(look) || legible::is_legible(with_words(panel), look) =>
        {
            with_words(panel)
        }
        Split::WithWords(_) => alone(content, look.size.width.min(look.size.height), look),
        Split::Alone(side) => alone(content, side, look),
        Split::TooSmall => parts::too_small(look),
    }
}

/// The code and the words: next to the code, or below the code on an upright screen.
fn with_words<'a>(
    content: &ShowQrContent<'_>,
    choices: &[Choice],
    strip: &Strip,
    panel: f32,
    look: &Look,
) -> Element<'a, Message> {
    let portrait = look.is_portrait();
    let width = look.size.width - if portrait { 0.0 } else { panel } - 2.0 * margin(look);
    let code = container(panel_with_code(content, panel, look));
    let words = container(words_of(content, choices, strip, look, width)).padding(margin(look));
    // The margin is wider than letters reach. The clip tells the renderer so, and the code is drawn without them.
    let words = words.clip(true);
    let screen: Element<'a, Message> = if portrait {
        column![code.center_x(Length::Fill), words.height(Length::Fill)].into()
    } else {
        row![code.center_y(Length::Fill), words.width(Length::Fill)].into()
    };

    parts::screen(screen, look, look.palette.calm)
}

/// The code in the middle of a screen that has no room for words.
fn alone<'a>(content: &ShowQrContent<'_>, side: f32, look: &Look) -> Element<'a, Message> {
    let code = panel_with_code(content, side, look);

    parts::with_words_left_out(center(code), look, look.palette.calm)
}

fn margin(look: &Look) -> f32 {
    look.space(1.8)
}

/// Returns the side of the code's square on a screen of this size, in the same pixels.
pub fn code_room(screen: Size) -> u32 {
    let look = Look::new(screen, 1.0, &Appearance::default());

    match Split::for_code(None, &look) {
        Split::WithWords(side) | Split::Alone(side) => side as u32,
        Split::TooSmall => screen.width.min(screen.height) as u32,
    }
}

/// The code on white in every theme. Each module has a side of whole device pixels.
fn panel_with_code<'a>(
    content: &ShowQrContent<'_>,
    panel: f32,
    look: &Look,
) -> Element<'a, Message> {
    let is_white = content.square.has_place_for_code();
    let inside = match content.square {
        Square::Code(drawn, _) => code(drawn, panel, look.scale_factor),
        Square::Awaited(why, _) | Square::NoCode(why) => container(why.map(|phrase| {
            let width = panel - 2.0 * look.space(1.0);
            let ink = if is_white {
                Color::BLACK
            } else {
                look.palette.calm.quiet
            };

            parts::line(look.say(phrase), look.title(), width, ink)
        }))
        .into(),
    };
    let white = is_white.then_some(Background::Color(Color::WHITE));

    container(inside)
        .center(panel)
        .style(move |_theme: &Theme| container::Style {
            background: white,
            ..container::Style::default()
        })
        .into()
}

fn words_of<'a>(
    content: &ShowQrContent<'_>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
    width: f32,
) -> Element<'a, Message> {
    let foot = foot(content, choices, strip, look, width);
    let ink = look.palette.calm.ink;
    let has_code = content.square.has_place_for_code();
    let lines = if has_code {
        scan_prompt::lines(content.amount, content.basket, look, width)
    } else {
        Stack::default().line(look.say(content.amount), look.space(12.0), width, ink)
    };
    let measures = look.clone();
    let (basket, currency) = (content.basket.clone(), content.amount.currency());
    let middle = responsive(move |room| {
        scan_prompt::view(&lines, (&basket, currency), has_code, room, &measures)
    });

    column![head(content.merchant, strip, look, width), middle, foot]
        .spacing(look.space(0.4))
        .into()
}

/// The time left, the buttons, and what the cashier may need.
fn foot<'a>(
    content: &ShowQrContent<'_>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
    width: f32,
) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let mut foot = column![].spacing(look.space(1.2));
    foot = foot.push(match content.square {
        Square::Code(_, (left, whole)) => Some(countdown(left, whole, look, width)),
        Square::Awaited(_, whole) => Some(unseen(countdown(whole, whole, look, width))),
        Square::NoCode(_) => None,
    });
    if let (Some(late), false) = (&strip.late, look.is_portrait()) {
        foot = foot.push(parts::late_payment(late, look.small(), look));
    }

    let code = strip.short_code.as_ref().map_or(0.0, |code| {
        measure::width(code, code_size(code, look, width)) + look.space(1.2)
    });

    foot.push(
        row![
            parts::buttons(choices, look, surface, width - code),
            beside_the_buttons(strip, look, width),
        ]
        .align_y(Alignment::Center),
    )
    .into()
}

/// Returns the text size of the short code. It takes one line, because people read it out in one go, and at most
/// half of the width.
fn code_size(code: &TranslatedText, look: &Look, width: f32) -> f32 {
    measure::on_one_line(code, look.space(1.7), width / 2.0)
}

/// The most lines of the merchant's name. The rest of the name is cut, because the amount below needs the height.
const MOST_LINES: u32 = 2;

/// Shows a lost connection next to the merchant's name, so that nothing moves when the connection changes.
fn head<'a>(merchant: &str, strip: &Strip, look: &Look, width: f32) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let merchant = look.say(ScreenText::verbatim(merchant));
    let Some(link) = strip.link.clone() else {
        let size = look.body();

        return shop(merchant, size, width, surface.quiet, look, MOST_LINES);
    };
    // A name keeps its number of lines when the connection is lost.
    let lines = match measure::on_one_line(&merchant, look.body(), width) {
        size if size < look.small() => MOST_LINES,
        _ => 1,
    };
    let gap = look.space(1.0);
    let size = measure::on_one_line(&link, look.body(), width * 0.6);
    let left = width - gap - measure::width(&link, size).ceil();

    row![
        container(shop(merchant, size, left, surface.quiet, look, lines)).width(Length::Fill),
        parts::line(link, size, width, surface.ink)
    ]
    .align_y(Alignment::Center)
    .spacing(gap)
    .into()
}

/// The short code. On an upright screen also a late payment, which has no height for its own line there.
fn beside_the_buttons<'a>(strip: &Strip, look: &Look, width: f32) -> Element<'a, Message> {
    let mut lines = column![]
        .width(Length::Fill)
        .spacing(look.space(0.4))
        .align_x(Alignment::End);
    if let (Some(late), true) = (&strip.late, look.is_portrait()) {
        let room = width - look.space(16.0);
        let size = measure::on_one_line(late, look.small(), room).max(look.space(1.1));
        lines = lines.push(parts::late_payment(late, size, look));
    }
    let short_code = strip.short_code.clone().map(|code| {
        let size = code_size(&code, look, width);

        parts::words(code, size, look.palette.calm.quiet).wrapping(text::Wrapping::None)
    });

    lines.push(short_code).into()
}

/// A shrinking bar and the time in words. Words, not colour, say that it is urgent.
fn countdown<'a>(left: Duration, whole: Duration, look: &Look, width: f32) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let seconds = left.as_millis().div_ceil(1000);
    let size = if words::is_urgent(left) {
        look.title()
    } else {
        look.body()
    };
    let says = look.say(words::time_left(left));

    column![
        parts::line(says, size, width, surface.ink),
        parts::bar(share_left(seconds, whole, look), width, look, surface),
    ]
    .spacing(look.space(0.5))
    .into()
}

/// Returns the share of the bar that is left. With reduced motion it changes every ten seconds.
fn share_left(seconds: u128, whole: Duration, look: &Look) -> f32 {
    const STEP: u128 = 10;
    let seconds = if look.reduced_motion {
        seconds.next_multiple_of(STEP)
    } else {
        seconds
    };

    seconds as f32 / whole.as_secs_f32().max(1.0)
}
