//! The band that says that no money moves, and in a demo, how to play the customer.

use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt};
use iced::keyboard::Key;
use iced::widget::{Space, button, container, row, text};
use iced::{Alignment, Background, Length, Padding, Theme};

use super::Element;
use super::choice::Shortcut;
use super::keys::Stroke;
use super::legible::SMALLEST_LETTERS;
use super::look::Look;
use super::{Message, measure, parts};
use crate::locale::{Phrase, Words};

/// Who plays the customer in a demo.
pub trait Patron: std::fmt::Debug + Send + Sync {
    /// The customer does this with the request that is on the screen.
    fn act(&self, act: Act);
}

/// What the customer of a demo can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Pay.
    Pay,
    /// Decline.
    Decline,
    /// Let the time run out.
    Expire,
}

impl Act {
    const ALL: [(Self, Shortcut, Phrase); 3] = [
        (Self::Pay, Shortcut::Letter('P'), Phrase::DemoPay),
        (Self::Decline, Shortcut::Letter('D'), Phrase::DemoDecline),
        (Self::Expire, Shortcut::Letter('X'), Phrase::DemoExpire),
    ];

    /// What a key means for the customer of a demo.
    pub fn of_key(pressed: &Stroke) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, key, _)| key.is(pressed))
            .map(|(act, _, _)| act)
    }
}

/// Plays the cashier of a demo: a key after the other, slowly enough to be watched.
pub(crate) fn play(keys: Vec<Key>) -> impl Stream<Item = Key> {
    const PAUSE: Duration = Duration::from_millis(700);

    stream::iter(keys).then(|key| async move {
        tokio::time::sleep(PAUSE).await;

        key
    })
}

/// Which band there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// The demo's.
    Demo,
    /// Test money at the real platform.
    Test,
}

/// Sizes on a band, in steps of the spacing scale.
const MARGIN: f32 = 2.0;
const GAP: f32 = 1.6;
const GAP_BESIDE_KEY: f32 = 0.6;

/// The height of a band.
pub fn height(look: &Look) -> f32 {
    look.space(3.6).max(36.0)
}

/// Draws the band without what it says.
pub(super) fn ground<'a>(look: &Look) -> Element<'a, Message> {
    around(Space::new(), look)
}

/// Draws the band.
pub fn view<'a>(band: Band, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.band;
    let says = match band {
        Band::Demo if look.is_portrait() => Phrase::DemoBandShort,
        Band::Demo => Phrase::DemoBand,
        Band::Test => Phrase::TestBand,
    };
    let acts: &[_] = if band == Band::Demo { &Act::ALL } else { &[] };
    let says = look.say(says);
    let is_narrow = letters(&says, acts, look) * look.scale_factor < SMALLEST_LETTERS;
    let acts = if is_narrow { &[] } else { acts };
    let size = letters(&says, acts, look);
    let mut content = row![parts::words(says, size, surface.ink).wrapping(text::Wrapping::None)]
        .spacing(look.space(GAP))
        .align_y(Alignment::Center)
        .push(Space::new().width(Length::Fill));
    for (act, key, name) in acts {
        let label = row![
            parts::key_cap(&key.name(), look, surface.ink),
            parts::words(look.say(*name), size, surface.ink).wrapping(text::Wrapping::None)
        ]
        .spacing(look.space(GAP_BESIDE_KEY))
        .align_y(Alignment::Center);
        content = content.push(
            button(label)
                .padding(0)
                .style(move |_theme: &Theme, _status| button::Style {
                    text_color: surface.ink,
                    ..button::Style::default()
                })
                .on_press(Message::Patron(*act)),
        );
    }

    around(content, look)
}

fn around<'a>(content: impl Into<Element<'a, Message>>, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.band;

    container(content)
        .width(Length::Fill)
        .height(Length::Fixed(height(look)))
        .align_y(Alignment::Center)
        .padding(Padding::ZERO.horizontal(look.space(MARGIN)))
        .style(move |_theme: &Theme| container::Style {
            background: Some(Background::Color(surface.ground)),
            text_color: Some(surface.ink),
            ..container::Style::default()
        })
        .into()
}

/// The size at which all that is on the band fits beside each other. It is not enlarged with other
/// text: a band must be seen with all that is on it.
fn letters(says: &Words, acts: &[(Act, Shortcut, Phrase)], look: &Look) -> f32 {
    let usual = look.space(1.7);
    let names = acts.iter().map(|(_, _, name)| look.say(*name));
    let wanted: f32 = names
        .chain([says.clone()])
        .map(|words| measure::room(&words, usual, 1.0, f32::INFINITY).width)
        .sum();
    let beside_keys: f32 = acts
        .iter()
        .map(|(_, key, _)| parts::cap_width(&key.name(), look) + look.space(GAP_BESIDE_KEY + GAP))
        .sum();
    let room = look.size.width - 2.0 * look.space(MARGIN) - look.space(GAP) - beside_keys;

    usual * (room / wanted).min(1.0)
}
