//! The band that says that no money moves. In a demo, the band also shows the keys that play the patron.

use iced::widget::{Space, button, container, row, text};
use iced::{Alignment, Length, Padding, Theme};

use crate::app::demo::Act;
use crate::app::input::keys::Shortcut;
use crate::app::message::Message;
use crate::app::renderer::Element;
use crate::app::theme::look::{Look, SMALLEST_LETTERS};
use crate::app::widgets::{measure, parts};
use crate::locale::{Phrase, TranslatedText};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Band {
    Demo,
    /// Test money at the real platform.
    Test,
}

/// Sizes on a band, in steps of the spacing scale.
const MARGIN: f32 = 2.0;
const GAP: f32 = 1.6;
const GAP_BESIDE_KEY: f32 = 0.6;

pub(crate) fn view<'a>(band: Band, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.band;
    let says = match band {
        Band::Demo if look.is_portrait() => Phrase::DemoBandShort,
        Band::Demo => Phrase::DemoBand,
        Band::Test => Phrase::TestBand,
    };
    let acts: &[_] = if band == Band::Demo { &Act::ALL } else { &[] };
    let says = look.say(says);
    let is_narrow = text_size(&says, acts, look) * look.scale_factor < SMALLEST_LETTERS;
    let acts = if is_narrow { &[] } else { acts };
    let size = text_size(&says, acts, look);
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

    container(content)
        .width(Length::Fill)
        .height(look.band_height())
        // The band is higher than letters reach. The clip tells the renderer so, and the code below is drawn without
        // them.
        .clip(true)
        .align_y(Alignment::Center)
        .padding(Padding::ZERO.horizontal(look.space(MARGIN)))
        .style(move |_theme: &Theme| {
            container::Style::default()
                .background(surface.ground)
                .color(surface.ink)
        })
        .into()
}

/// Returns the text size at which everything fits on the band. The configured text size does not enlarge the
/// band's text, because the whole band must stay visible.
fn text_size(says: &TranslatedText, acts: &[(Act, Shortcut, Phrase)], look: &Look) -> f32 {
    let usual = look.space(1.7);
    let names = acts.iter().map(|(_, _, name)| look.say(*name));
    let wanted: f32 = names
        .chain([says.clone()])
        .map(|words| measure::width(&words, usual))
        .sum();
    let beside_keys: f32 = acts
        .iter()
        .map(|(_, key, _)| parts::cap_width(&key.name(), look) + look.space(GAP_BESIDE_KEY + GAP))
        .sum();
    let room = look.size.width - 2.0 * look.space(MARGIN) - look.space(GAP) - beside_keys;

    usual * (room / wanted).min(1.0)
}
