//! Checks the contrast of every text in the drawn pixels, because a colour may be drawn on a background that it
//! does not belong to.

use std::collections::HashMap;

use iced::advanced::renderer::Headless as _;
use iced::{Rectangle, Size};
use image::{RgbaImage, imageops};

use super::{Language, Picture, Theme, all, appearance};
use crate::app::painter::Painter;
use crate::app::theme::look::Appearance;
use crate::app::widgets::legible::words;
use crate::colour::Colour;

/// The contrast of level AAA in WCAG 2.
const ENOUGH: f32 = 7.0;
const SCREEN: Size<u32> = Size::new(1280, 800);

/// Returns a sentence about each text with too little contrast.
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

/// Returns the contrast between letters and background; `None` if there are no letters.
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
async fn main_screens_have_a_contrast_of_seven() {
    assert_contrast(all().into_iter().filter(|picture| picture.is_kept)).await;
}

#[tokio::test]
#[ignore = "every screen: .ci/run"]
async fn every_screen_has_a_contrast_of_seven() {
    assert_contrast(all().into_iter()).await;
}

async fn assert_contrast(pictures: impl Iterator<Item = Picture>) {
    let pictures: Vec<_> = pictures.collect();
    let mut painter = Painter::new().await.unwrap();
    let mut faults = Vec::new();
    for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
        let appearance = appearance(&[Language::EnNz], theme);
        for picture in &pictures {
            faults.extend(faint(&mut painter, picture, &appearance));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
