//! The code, as large as the screen can give, and what the customer needs beside it.

use std::sync::Arc;
use std::time::Duration;

use iced::widget::{Space, column, container, row};
use iced::{Alignment, Background, Color, Element, Length, Size, Theme};

use super::choice::Choice;
use super::code::code;
use super::look::Look;
use super::view::Strip;
use super::{Message, measure, parts};
use crate::config;
use crate::money::Amount;
use crate::qr::Code;

/// From here on the countdown is urgent, in words too.
const URGENT: Duration = Duration::from_secs(20);
/// What the words beside a code need at least, in steps of the spacing scale.
const NARROWEST_COLUMN: f32 = 29.0;

/// What the words below a code need at least, in steps of the spacing scale.
const LOWEST_FOOT: f32 = 37.5;

/// What is shown beside the code.
pub(super) struct Content<'a> {
    /// What is asked for.
    pub amount: Amount,
    /// Who asks.
    pub merchant: &'a str,
    /// The code; `None` while the request is being created.
    pub(crate) code: Option<&'a Arc<Code>>,
    /// Words in place of the code.
    pub instead: &'a str,
    /// The time left and the whole time.
    pub time: Option<(Duration, Duration)>,
}

/// Draws the screen.
pub(super) fn view<'a>(
    content: &Content<'_>,
    choices: &[Choice],
    strip: &Strip,
    look: &Look,
) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let width = look.size.width;
    let panel = panel(look);
    let panel_with_code = panel_with_code(content, panel, look);
    let margin = look.space(1.8);
    if look.is_portrait() {
        let beside = beside(content, choices, strip, look, width - 2.0 * margin);

        return parts::screen(
            column![
                container(panel_with_code)
                    .width(Length::Fill)
                    .align_x(Alignment::Center),
                container(beside).padding(margin).height(Length::Fill),
            ],
            look,
            surface,
        );
    }
    let beside = beside(content, choices, strip, look, width - panel - 2.0 * margin);

    parts::screen(
        row![
            container(panel_with_code)
                .height(Length::Fill)
                .align_y(Alignment::Center),
            container(beside).padding(margin).width(Length::Fill),
        ],
        look,
        surface,
    )
}

/// The side of the square that the screen can give to the code, in logical pixels.
fn panel(look: &Look) -> f32 {
    let Size { width, height } = look.size;
    if look.is_portrait() {
        width.min(height - look.space(LOWEST_FOOT))
    } else {
        height.min(width - look.space(NARROWEST_COLUMN))
    }
}

/// The side of the square that a screen of this size gives to the code, in the same pixels.
pub fn code_room(screen: Size) -> u32 {
    panel(&Look::new(screen, 1.0, config::Theme::Light)) as u32
}

/// The code on white: whole device pixels a module, whatever the theme.
fn panel_with_code<'a>(content: &Content<'_>, panel: f32, look: &Look) -> Element<'a, Message> {
    let inside = match content.code {
        Some(drawn) => code(drawn, panel, look.scale_factor),
        None => parts::words(
            content.instead.to_owned(),
            look.title(),
            look.palette.calm.quiet,
        )
        .into(),
    };
    let white = content.code.is_some();

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
    let surface = look.palette.calm;
    let mut foot = column![].spacing(look.space(1.2));
    if let Some((left, whole)) = content.time {
        foot = foot.push(countdown(left, whole, look, width));
    }
    if let (Some(late), false) = (&strip.late, look.is_portrait()) {
        foot = foot.push(parts::late_payment(late, look.small(), look));
    }
    foot = foot.push(
        row![
            parts::buttons(choices, look, surface, width),
            beside_the_buttons(strip, look, width),
        ]
        .align_y(Alignment::Center),
    );
    let (headline, hint) = match content.code {
        Some(_) => ("Scan to pay", "with your phone’s camera"),
        None => ("", ""),
    };

    column![
        head(content.merchant, strip, look),
        parts::amount(content.amount, look.space(9.5), look, width, surface.ink),
        parts::words(headline, look.title(), surface.ink),
        parts::words(hint, look.body(), surface.quiet),
        Space::new().height(Length::Fill),
        foot,
    ]
    .spacing(look.space(0.4))
    .into()
}

/// Who asks, and whether the platform answers: on one line, so that nothing moves when that
/// changes.
fn head<'a>(merchant: &str, strip: &Strip, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let link = strip.link.clone().unwrap_or_default();

    row![
        parts::words(merchant.to_owned(), look.body(), surface.quiet).width(Length::Fill),
        parts::words(link, look.body(), surface.ink),
    ]
    .spacing(look.space(1.0))
    .into()
}

/// The short code; and where the words stand below the code, a late payment too, since there is no
/// height to spare for a line of its own.
fn beside_the_buttons<'a>(strip: &Strip, look: &Look, width: f32) -> Element<'a, Message> {
    let short_code = strip.short_code.clone().unwrap_or_default();
    let mut lines = column![]
        .width(Length::Fill)
        .spacing(look.space(0.4))
        .align_x(Alignment::End);
    if let (Some(late), true) = (&strip.late, look.is_portrait()) {
        let room = width - look.space(16.0);
        let size = measure::on_one_line(late, look.small(), room).max(look.space(1.1));
        lines = lines.push(parts::late_payment(late, size, look));
    }

    lines
        .push(parts::words(
            short_code,
            look.small(),
            look.palette.calm.quiet,
        ))
        .into()
}

/// A shrinking bar and the time in words; urgent by its words, not by colour alone.
fn countdown<'a>(left: Duration, whole: Duration, look: &Look, width: f32) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let seconds = left.as_millis().div_ceil(1000);
    let time = format!("{}:{:02}", seconds / 60, seconds % 60);
    let says = if left <= URGENT {
        format!("Only {time} left")
    } else {
        format!("{time} left to pay")
    };
    let share = seconds as f32 / whole.as_secs_f32().max(1.0);

    column![
        parts::words(
            says,
            if left <= URGENT {
                look.title()
            } else {
                look.body()
            },
            surface.ink
        ),
        parts::bar(share, width, look, surface),
    ]
    .spacing(look.space(0.5))
    .into()
}
