//! What is written can be read by weak eyes: looked at in the pixels, since a colour that is right
//! in the palette may be drawn on another ground than it was meant for.

use std::collections::HashMap;

use iced::advanced::renderer::Headless as _;
use iced::{Rectangle, Size};
use image::{RgbaImage, imageops};

use super::{Language, Picture, Theme, all, appearance};
use crate::colour::Colour;
use crate::display::legible::words;
use crate::display::look::Appearance;
use crate::display::painter::Painter;

/// WCAG 2's contrast for text that everybody can read.
const ENOUGH: f32 = 7.0;
const SCREEN: Size<u32> = Size::new(1280, 800);

/// What is written too faintly on this screen, in sentences.
fn faint(painter: &mut Painter, picture: &Picture, appearance: &Appearance) -> Vec<String> {
    let style = appearance.style();
    let scene = picture.scene(appearance, 1.0);
    let (written, pixels) = painter.lay_out(scene.view(), &style, SCREEN, 1.0, |renderer| {
        let written = words(renderer);

        (
            written,
            renderer.screenshot(SCREEN, 1.0, style.background_color),
        )
    });
    let drawn = RgbaImage::from_raw(SCREEN.width, SCREEN.height, pixels).unwrap();

    written
        .iter()
        .filter_map(|written| {
            let contrast = contrast(&drawn, written.room)?;

            (contrast < ENOUGH).then(|| {
                format!(
                    "{:?}, {}: {:?} has a contrast of {contrast:.2}",
                    appearance.theme, picture.name, written.words
                )
            })
        })
        .collect()
}

/// The contrast of the strokes of letters with what they stand on; `None` where there is nothing
/// but ground.
fn contrast(drawn: &RgbaImage, room: Rectangle) -> Option<f32> {
    let (x, y) = (room.x.max(0.0) as u32, room.y.max(0.0) as u32);
    let room = imageops::crop_imm(drawn, x, y, room.width as u32, room.height as u32).to_image();
    let mut counts: HashMap<[u8; 4], usize> = HashMap::new();
    for pixel in room.pixels() {
        *counts.entry(pixel.0).or_default() += 1;
    }
    let (ground, _) = counts.iter().max_by_key(|(_, count)| **count)?;
    let ground = colour(*ground);

    counts
        .keys()
        .map(|pixel| colour(*pixel).contrast(ground))
        .filter(|contrast| *contrast > 1.0)
        .max_by(f32::total_cmp)
}

fn colour([red, green, blue, _]: [u8; 4]) -> Colour {
    Colour { red, green, blue }
}

#[tokio::test]
async fn every_word_has_a_contrast_of_seven_in_the_pixels() {
    let mut painter = Painter::new().await.unwrap();
    let mut faults = Vec::new();
    for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
        let appearance = appearance(&[Language::EnNz], theme);
        for picture in all() {
            faults.extend(faint(&mut painter, &picture, &appearance));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
