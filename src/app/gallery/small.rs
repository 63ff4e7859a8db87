//! Windows smaller than the tested layouts. Their code is whole or missing, and no question is cut.

use iced::Size;
use image::{DynamicImage, RgbaImage};

use super::{Language, Picture, Theme, all, appearance};
use crate::app::choice::{choices, is_question};
use crate::app::painter::Painter;
use crate::app::renderer::Renderer;
use crate::app::widgets::legible::{edges, faults, words};
use crate::locale::{Phrase, Translator};
use crate::qr::{self, FEWEST_PIXELS};
use crate::sale::State;

/// The sizes in device pixels, with their scale.
const SIZES: [(u32, u32, f32); 12] = [
    (640, 480, 1.0),
    (480, 320, 1.0),
    (320, 240, 1.0),
    (240, 320, 2.0),
    (320, 320, 1.5),
    (200, 200, 1.0),
    (148, 148, 1.0),
    (147, 147, 1.0),
    (100, 100, 2.0),
    (1920, 200, 1.0),
    (200, 1080, 1.25),
    (60, 600, 1.0),
];

/// Reads the code in a picture; `None` if there is no whole code.
fn said(picture: &RgbaImage) -> Option<String> {
    qr::read(&DynamicImage::ImageRgba8(picture.clone()).into_luma8()).ok()
}

/// Returns whether words were left out, and a sentence about each fault.
fn looked_at(
    painter: &mut Painter,
    picture: &Picture,
    (width, height, scale): (u32, u32, f32),
) -> (bool, Vec<String>) {
    let appearance = appearance(&[Language::EnNz], Theme::Light);
    let size = Size::new(width, height);
    let scene = picture.scene(&appearance, scale);
    let style = appearance.style();
    painter.lay_out(
        scene.view(),
        &style,
        size,
        scale,
        |renderer: &mut Renderer| {
            let (written, edges) = (words(renderer), edges(renderer));

            (renderer.leaves_out(), faults(&written, &edges))
        },
    )
}

/// Returns all texts on a screen.
fn written(
    painter: &mut Painter,
    picture: &Picture,
    (width, height, scale): (u32, u32, f32),
) -> Vec<String> {
    let appearance = appearance(&[Language::EnNz], Theme::Light);
    let (size, style) = (Size::new(width, height), appearance.style());
    let view = picture.scene(&appearance, scale).view();
    let written = painter.lay_out(view, &style, size, scale, words);

    written.into_iter().map(|one| one.words).collect()
}

fn said_in_english(phrase: Phrase) -> String {
    Translator::new(&[Language::EnNz]).say(&phrase.into()).text
}

#[tokio::test]
async fn f58_code_is_whole_or_not_drawn() {
    let mut painter = Painter::new().await.unwrap();
    let appearance = appearance(&[Language::EnNz], Theme::Light);
    let style = appearance.style();
    let names = ["show-qr", "show-qr-reconnecting", "show-qr-demo"];
    let pictures: Vec<_> = all()
        .into_iter()
        .filter(|picture| names.contains(&picture.name))
        .collect();
    assert_eq!(pictures.len(), names.len());
    for picture in pictures {
        let State::Presenting(presenting) = picture.sale.state() else {
            panic!("{} has no code", picture.name);
        };
        let fewest = presenting.code().modules() * FEWEST_PIXELS;
        for layout in SIZES {
            let (width, height, scale) = layout;
            let name = format!("{} on {width}x{height} at {scale}", picture.name);
            let fits = width.min(height) >= fewest;
            let view = picture.scene(&appearance, scale).view();
            let drawn = painter.paint(view, &style, Size::new(width, height), scale);
            assert_eq!(said(&drawn.unwrap()).is_some(), fits, "{name}");
            let (_, faults) = looked_at(&mut painter, &picture, layout);
            assert!(faults.is_empty() || !fits, "{name}: {faults:?}");
        }
    }
}

#[tokio::test]
async fn f58_screen_is_whole_or_words_are_left_out() {
    const SOME: [(u32, u32, f32); 3] = [(640, 480, 1.0), (240, 320, 1.0), (1920, 200, 1.0)];
    let mut painter = Painter::new().await.unwrap();
    for picture in all() {
        for layout in SOME {
            let (leaves_out, faults) = looked_at(&mut painter, &picture, layout);
            let name = picture.name;
            let answers = choices(&picture.sale);
            let there = written(&mut painter, &picture, layout);
            let is_there = |label: Phrase| there.contains(&said_in_english(label));
            // The question is drawn among the first texts, so it must be visible if any answer is.
            if answers.iter().any(|answer| is_there(answer.label)) && is_question(&answers) {
                let roomy = written(&mut painter, &picture, (1920, 1440, 1.0));
                let missing: Vec<_> = roomy.iter().filter(|one| !there.contains(one)).collect();
                assert!(missing.is_empty(), "{name} at {layout:?}: {missing:?}");
            }
            assert!(
                leaves_out || faults.is_empty(),
                "{name} at {layout:?}: {faults:?}"
            );
        }
    }
}
