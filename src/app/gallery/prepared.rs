//! The letters of the next screen are prepared before it comes.

use iced::Size;
use iced::advanced::graphics::text::Text;

use super::pictures::with_code;
use super::player::Player;
use super::{Language, Picture, Theme, all, appearance};
use crate::app::painter::Painter;
use crate::app::renderer::{Renderer, is_seen};
use crate::sale::{Command, Event, State};

/// A text in the renderer's frame.
#[derive(Debug, PartialEq)]
struct Letters {
    words: String,
    size: f32,
    /// The colour, without its opacity.
    rgb: [u8; 3],
    is_seen: bool,
}

fn letters(renderer: &mut Renderer) -> Vec<Letters> {
    let texts = renderer.layers().iter().flat_map(|layer| &layer.text);
    let read = |text: &Text| {
        let Text::Paragraph {
            paragraph, color, ..
        } = text
        else {
            return None;
        };
        let buffer = paragraph.upgrade()?;
        let buffer = buffer.buffer();
        let lines = buffer.lines.iter().map(|line| line.text());
        let [r, g, b, _] = color.into_rgba8();

        Some(Letters {
            words: lines.collect(),
            size: buffer.metrics().font_size,
            rgb: [r, g, b],
            is_seen: is_seen(text),
        })
    };

    texts
        .flat_map(|text| text.as_slice())
        .filter_map(read)
        .collect()
}

/// Draws a picture of the gallery, and returns its seen and its unseen letters.
async fn drawn(name: &str) -> (Vec<Letters>, Vec<Letters>) {
    let pictures = all();

    drawn_as(pictures.iter().find(|it| it.name == name).unwrap()).await
}

async fn drawn_as(picture: &Picture) -> (Vec<Letters>, Vec<Letters>) {
    let appearance = appearance(&[Language::EnNz], Theme::Light);
    let mut painter = Painter::new().await.unwrap();
    let found = painter.lay_out(
        picture.scene(&appearance, 1.0).view(),
        &appearance.style(),
        Size::new(1920, 1080),
        1.0,
        letters,
    );

    found.into_iter().partition(|letters| letters.is_seen)
}

#[tokio::test]
async fn letters_of_the_tick_are_prepared() {
    let (_, prepared) = drawn("show-qr").await;
    let (paid, _) = drawn("paid").await;
    let is_prepared = |letters: &&Letters| {
        let mut prepared = prepared.iter();

        prepared.any(|other| {
            (&other.words, other.size, other.rgb) == (&letters.words, letters.size, letters.rgb)
        })
    };
    // The button and the means of payment are small, and the latter is known only from the answer.
    let large: Vec<_> = paid.iter().filter(|it| it.size > 100.0).collect();
    assert!(large.len() >= 2, "{large:?}");
    assert!(large.iter().all(is_prepared), "{large:?}\n{prepared:?}");
}

#[tokio::test]
async fn words_come_before_the_code() {
    let (seen, prepared) = drawn("creating").await;
    let (later, _) = drawn("show-qr").await;
    let is_new = |letters: &&Letters| {
        let is_there = |other: &Letters| other.words == letters.words && other.size == letters.size;

        !seen.iter().any(is_there)
    };
    let new: Vec<_> = later
        .iter()
        .filter(is_new)
        .map(|letters| &letters.words[..])
        .collect();
    assert!(
        matches!(&new[..], ["1:45 left to pay", short_code] if short_code.starts_with("CP-")),
        "{new:?}"
    );
    assert_eq!(prepared.len(), 1, "{prepared:?}");
}

#[tokio::test]
async fn sale_by_customers_code_asks_for_no_scan() {
    let created = with_code().sale;
    let mut recalled = Player::new(Vec::new()).sale;
    let order = created.order().unwrap().clone();
    let _ = recalled.handle(Event::Asked(Command::Start(order)));
    assert!(matches!(recalled.state(), State::Recalling));
    for sale in [recalled, created] {
        let pictures = all();
        let mut picture = pictures
            .into_iter()
            .find(|it| it.name == "creating")
            .unwrap();
        picture.sale = sale;
        let (seen, _) = drawn_as(&picture).await;
        let is_scan = |it: &&Letters| it.words.contains("Scan");
        assert_eq!(seen.iter().find(is_scan), None);
    }
}
