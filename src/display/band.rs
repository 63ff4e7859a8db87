//! The band that says that no money moves, and in a demo, how to play the customer.

use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt};
use iced::keyboard::Key;
use iced::widget::{Space, button, container, row, text};
use iced::{Alignment, Background, Length, Padding, Theme};

use super::Element;
use super::choice::Shortcut;
use super::look::Look;
use super::{Message, parts};
use crate::locale::Phrase;

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
    pub fn of_key(pressed: &Key) -> Option<Self> {
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

/// The height of a band.
pub fn height(look: &Look) -> f32 {
    look.space(3.6).max(36.0)
}

/// Draws the band.
pub fn view<'a>(band: Band, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.band;
    let says = match band {
        Band::Demo if look.is_portrait() => Phrase::DemoBandShort,
        Band::Demo => Phrase::DemoBand,
        Band::Test => Phrase::TestBand,
    };
    // What the band says never gives way to a larger text: it must be seen with all that is on it.
    let small = look.space(1.7);
    let mut content =
        row![parts::words(look.say(says), small, surface.ink).wrapping(text::Wrapping::None)]
            .spacing(look.space(1.6))
            .align_y(Alignment::Center);
    if band == Band::Demo {
        content = content.push(Space::new().width(Length::Fill));
        for (act, key, name) in Act::ALL {
            let label = row![
                parts::key_cap(&key.name(), look, surface.ink),
                parts::words(look.say(name), small, surface.ink)
            ]
            .spacing(look.space(0.6))
            .align_y(Alignment::Center);
            content = content.push(
                button(label)
                    .padding(0)
                    .style(move |_theme: &Theme, _status| button::Style {
                        text_color: surface.ink,
                        ..button::Style::default()
                    })
                    .on_press(Message::Patron(act)),
            );
        }
    }

    container(content)
        .width(Length::Fill)
        .height(Length::Fixed(height(look)))
        .align_y(Alignment::Center)
        .padding(Padding::ZERO.horizontal(look.space(2.0)))
        .style(move |_theme: &Theme| container::Style {
            background: Some(Background::Color(surface.ground)),
            text_color: Some(surface.ink),
            ..container::Style::default()
        })
        .into()
}
