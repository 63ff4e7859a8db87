//! The code, as large as the screen can give, and what the customer needs beside it.

use std::sync::Arc;
use std::time::Duration;

use iced::widget::{Space, center, column, container, responsive, row, text};
use iced::{Alignment, Background, Color, Length, Size, Theme};

use super::Element;
use super::choice::Choice;
use super::code::code;
use super::look::{Appearance, Look};
use super::shop::shop;
use super::stack::Stack;
use super::view::Strip;
use super::{Message, invitation, legible, measure, parts, words};
use crate::basket::Basket;
use crate::locale::{Phrase, Said, Words};
use crate::money::Amount;
use crate::qr::{Code, FEWEST_PIXELS};

/// What the words beside a code need at least, in steps of the spacing scale.
const NARROWEST_COLUMN: f32 = 29.0;

/// What the words below a code need at least, in steps of the spacing scale.
const LOWEST_FOOT: f32 = 37.5;

/// The modules of a usual code with a logo, its quiet zone included. So long as the code is not known, the
/// room for it is measured by this.
const USUAL_MODULES: u32 = 41;

/// How the code and the words share the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Split {
    /// The code has a square of this side, in logical pixels, and the words have the rest.
    WithWords(f32),
    /// There is no room for words: the code has a square of this side to itself.
    Alone(f32),
    /// No code that phones can read fits.
    TooSmall,
}

impl Split {
    /// How a screen is shared between words and a code of so many modules, its quiet zone included.
    fn of(modules: u32, look: &Look) -> Self {
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

    /// As it is for this code, or for a usual one.
    pub(super) fn for_code(code: Option<&Arc<Code>>, look: &Look) -> Self {
        Self::of(code.map_or(USUAL_MODULES, |code| code.modules()), look)
    }
}

/// What is shown beside the code.
pub(super) struct Content<'a> {
    /// What is asked for.
    pub amount: Amount,
    /// What is in it, as far as that is known.
    pub basket: &'a Basket,
    /// Who asks.
    pub merchant: &'a str,
    /// The code; `None` while the request is being created.
    pub(crate) code: Option<&'a Arc<Code>>,
    /// Words in place of the code.
    pub instead: Option<Phrase>,
    /// The time left and the whole time.
    pub time: Option<(Duration, Duration)>,
}

/// Draws the screen; the code alone where the words beside it could not be read.
pub(super) fn view<'a>(
    content: &Content<'_>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    match split(content, choices, strip, look) {
        Split::WithWords(panel) => with_words(content, choices, strip, panel, look),
        Split::Alone(side) => alone(content.code, content.instead, side, look),
        Split::TooSmall => parts::too_small(look, look.palette.calm),
    }
}

/// How the screen is shared, with words only where these can be read.
fn split(content: &Content<'_>, choices: &[Choice], strip: &Strip, look: &Look) -> Split {
    let split = Split::for_code(content.code, look);
    match split {
        Split::WithWords(panel) if !legible::is_large_enough(look) => {
            let screen = with_words(content, choices, strip, panel, look);
            match legible::is_legible(screen, look) {
                true => split,
                false => Split::Alone(look.size.width.min(look.size.height)),
            }
        }
        split => split,
    }
}

fn with_words<'a>(
    content: &Content<'_>,
    choices: &[Choice],
    strip: &Strip,
    panel: f32,
    look: &Look,
) -> Element<'a, Message> {
    let width = if look.is_portrait() {
        look.size.width
    } else {
        look.size.width - panel
    };
    let beside = beside(content, choices, strip, look, width - 2.0 * margin(look));

    arranged(content.code, content.instead, beside, panel, look)
}

/// Draws the screen as it is before its words are there. In a small window it is measured whether there
/// will be any.
pub(super) fn without_words<'a>(
    content: &Content<'_>,
    code: &Arc<Code>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    match split(content, choices, strip, look) {
        Split::WithWords(panel) => arranged(Some(code), None, Space::new(), panel, look),
        Split::Alone(side) => alone(Some(code), None, side, look),
        Split::TooSmall => Space::new().into(),
    }
}

/// The code, and what stands beside it or below it.
fn arranged<'a>(
    code: Option<&Arc<Code>>,
    instead: Option<Phrase>,
    beside: impl Into<Element<'a, Message>>,
    panel: f32,
    look: &Look,
) -> Element<'a, Message> {
    let code = container(panel_with_code(code, instead, panel, look));
    let beside = container(beside).padding(margin(look));
    let surface = look.palette.calm;
    if look.is_portrait() {
        let code = code.width(Length::Fill).align_x(Alignment::Center);

        return parts::screen(column![code, beside.height(Length::Fill)], look, surface);
    }
    let code = code.height(Length::Fill).align_y(Alignment::Center);

    parts::screen(row![code, beside.width(Length::Fill)], look, surface)
}

/// The code in the middle of a screen that has no room for words.
fn alone<'a>(
    code: Option<&Arc<Code>>,
    instead: Option<Phrase>,
    side: f32,
    look: &Look,
) -> Element<'a, Message> {
    let code = panel_with_code(code, instead, side, look);

    parts::with_words_left_out(center(code), look, look.palette.calm)
}

/// Around what stands beside the code.
fn margin(look: &Look) -> f32 {
    look.space(1.8)
}

/// The side of the square that a screen of this size gives to the code, in the same pixels.
pub fn code_room(screen: Size) -> u32 {
    let look = Look::new(screen, 1.0, &Appearance::default());

    match Split::for_code(None, &look) {
        Split::WithWords(side) | Split::Alone(side) => side as u32,
        Split::TooSmall => screen.width.min(screen.height) as u32,
    }
}

/// The code on white: whole device pixels a module, whatever the theme.
fn panel_with_code<'a>(
    drawn: Option<&Arc<Code>>,
    instead: Option<Phrase>,
    panel: f32,
    look: &Look,
) -> Element<'a, Message> {
    let inside = match drawn {
        Some(drawn) => code(drawn, panel, look.scale_factor),
        None => container(instead.map(|instead| {
            let quiet = look.palette.calm.quiet;

            parts::line(look.say(instead), look.title(), panel, quiet)
        }))
        .into(),
    };
    let white = drawn.is_some();

    container(inside)
        .width(Length::Fixed(panel))
        .height(Length::Fixed(panel))
        .align_x(Alignment::Center)
        .align_y(Alignment::Center)
        .style(move |_theme: &Theme| container::Style {
            background: white.then_some(Background::Color(Color::WHITE)),
            ..container::Style::default()
        })
        .into()
}

fn beside<'a>(
    content: &Content<'_>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
    width: f32,
) -> Element<'a, Message> {
    let foot = foot(content, choices, strip, look, width);
    let ink = look.palette.calm.ink;
    let lines = match content.code {
        Some(_) => invitation::lines(content.amount, content.basket, look, width),
        None => Stack::default().line(look.say(content.amount), look.space(12.0), width, ink),
    };
    let (measures, invites) = (look.clone(), content.code.is_some());
    let (basket, currency) = (content.basket.clone(), content.amount.currency());
    let middle = responsive(move |room| {
        invitation::view(&lines, (&basket, currency), invites, room, &measures)
    });

    column![head(content.merchant, strip, look, width), middle, foot]
        .spacing(look.space(0.4))
        .into()
}

/// The time left, what can be done, and what the cashier may need.
fn foot<'a>(
    content: &Content<'_>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
    width: f32,
) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let mut foot = column![].spacing(look.space(1.2));
    if let Some((left, whole)) = content.time {
        foot = foot.push(countdown(left, whole, look, width));
    }
    if let (Some(late), false) = (&strip.late, look.is_portrait()) {
        foot = foot.push(parts::late_payment(late, look.small(), look));
    }

    let code = strip.short_code.as_ref().map_or(0.0, |code| {
        measure::room(code, code_size(code, look, width), 1.25, f32::INFINITY).width
            + look.space(1.2)
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

/// The short code is read out in one go, so it is never broken, and never so large that it would have
/// to be: it gets half of the width at most, whatever the platform calls a short code.
fn code_size(code: &Words, look: &Look, width: f32) -> f32 {
    measure::on_one_line(code, look.space(1.7), width / 2.0)
}

/// A longer name than fits on these lines is cut: the amount below needs the height.
const MOST_LINES: u32 = 2;

/// Who asks, and whether the platform answers: beside each other, so that nothing moves when that
/// changes.
fn head<'a>(merchant: &str, strip: &Strip, look: &Look, width: f32) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let merchant = look.say(Said::verbatim(merchant));
    let Some(link) = strip.link.clone() else {
        return shop(
            merchant,
            look.body(),
            width,
            surface.quiet,
            look,
            MOST_LINES,
        );
    };
    // What took one line before still does.
    let lines = match measure::on_one_line(&merchant, look.body(), width) {
        size if size < look.small() => MOST_LINES,
        _ => 1,
    };
    let gap = look.space(1.0);
    let size = measure::on_one_line(&link, look.body(), width * 0.6);
    let left = width - gap - measure::room(&link, size, 1.25, f32::INFINITY).width.ceil();

    row![
        container(shop(merchant, size, left, surface.quiet, look, lines)).width(Length::Fill),
        parts::line(link, size, width, surface.ink)
    ]
    .align_y(Alignment::Center)
    .spacing(gap)
    .into()
}

/// The short code; and where the words stand below the code, a late payment too, since there is no
/// height to spare for a line of its own.
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

/// A shrinking bar and the time in words; urgent by its words, not by colour alone.
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

/// How much of the bar is left. Where motion is unwanted it moves every ten seconds only.
fn share_left(seconds: u128, whole: Duration, look: &Look) -> f32 {
    const STEP: u128 = 10;
    let seconds = if look.reduced_motion {
        seconds.next_multiple_of(STEP)
    } else {
        seconds
    };

    seconds as f32 / whole.as_secs_f32().max(1.0)
}
