//! The screens as they were looked at. A screen that is drawn differently is a failure, with the
//! difference as a picture; a screen that nobody has looked at yet is one, too.
//!
//! What is kept is half as large and has 32 steps of each colour: a pixel in another place still
//! shows, and all of them together stay small.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use iced::Size;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{Rgb, RgbImage, RgbaImage};

use super::{Appearance, LAYOUTS, Language, Theme, all, appearance, named};
use crate::display::painter::Painter;

const KEPT: &str = "tests/snapshots";
const DIFFERENCES: &str = "target/snapshots";

/// Five layouts; the sixth has the pixels of the first.
const KEPT_LAYOUTS: usize = 5;
const THEMES: [(&str, Theme); 2] = [("light", Theme::Light), ("dark", Theme::Dark)];
const LANGUAGES: [Language; 2] = [Language::EnNz, Language::Mi];

/// `SNAPSHOTS=accept cargo test --lib gallery::snapshots` keeps the screens as they are drawn now.
/// Look at them first.
#[tokio::test]
async fn every_screen_is_drawn_as_it_was_when_somebody_looked_at_it() {
    let accepts = env::var_os("SNAPSHOTS").is_some_and(|wish| wish == "accept");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(KEPT);
    let mut painter = Painter::new().await.unwrap();
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    for (name, picture) in reduced_screens(&mut painter) {
        let path = kept.join(&name);
        if accepts {
            save(&picture, &path);
        } else if let Err(fault) = compare(&picture, &path, &name) {
            faults.push(fault);
        }
        known.insert(path);
    }
    for path in pictures_below(&kept) {
        if known.contains(&path) {
            continue;
        }
        if accepts {
            fs::remove_file(&path).unwrap();
        } else {
            faults.push(format!("there is no such screen: {}", path.display()));
        }
    }
    assert!(
        faults.is_empty(),
        "{}\n\nLook at them. If they are right: SNAPSHOTS=accept cargo test --lib gallery::snapshots",
        faults.join("\n")
    );
}

/// Every screen that is kept, in every layout, theme and language, by the name of its file.
fn reduced_screens(painter: &mut Painter) -> Vec<(PathBuf, RgbImage)> {
    let pictures: Vec<_> = all()
        .into_iter()
        .filter(|picture| picture.is_kept)
        .collect();
    let mut screens = Vec::new();
    for (theme_name, theme) in THEMES {
        for language in LANGUAGES {
            let appearance = appearance(&[language], theme);
            for (size, scale_factor) in LAYOUTS.into_iter().take(KEPT_LAYOUTS) {
                let folder = format!(
                    "{}x{}-{theme_name}-{}",
                    size.width,
                    size.height,
                    language.tag()
                );
                for picture in &pictures {
                    let scene = picture.scene(&appearance, scale_factor);
                    let drawn = painter
                        .paint(scene.view(), &appearance.style(), size, scale_factor)
                        .unwrap();
                    let name = Path::new(&folder).join(format!("{}.png", picture.name));
                    screens.push((name, reduced(&drawn)));
                }
            }
        }
    }

    screens
}

/// Half the size, and 32 steps of each colour.
fn reduced(picture: &RgbaImage) -> RgbImage {
    const STEP: u16 = 8;
    RgbImage::from_fn(picture.width() / 2, picture.height() / 2, |x, y| {
        let mean = |channel: usize| {
            let pixel = |dx, dy| u16::from(picture.get_pixel(2 * x + dx, 2 * y + dy).0[channel]);
            let sum = pixel(0, 0) + pixel(1, 0) + pixel(0, 1) + pixel(1, 1);

            u8::try_from(sum / 4 / STEP * STEP).unwrap()
        };

        Rgb([mean(0), mean(1), mean(2)])
    })
}

fn compare(drawn: &RgbImage, path: &Path, name: &Path) -> Result<(), String> {
    let Ok(kept) = image::open(path) else {
        return Err(format!("nobody has looked at {} yet", path.display()));
    };
    let kept = kept.into_rgb8();
    if kept == *drawn {
        return Ok(());
    }
    let shown = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(DIFFERENCES)
        .join(name);
    save(&difference(&kept, drawn), &shown);

    Err(format!("it looks different: {}", shown.display()))
}

/// Before, now, and where they differ, side by side.
fn difference(before: &RgbImage, now: &RgbImage) -> RgbImage {
    const CHANGED: Rgb<u8> = Rgb([255, 0, 0]);
    let size = Size::new(
        before.width().max(now.width()),
        before.height().max(now.height()),
    );
    RgbImage::from_fn(size.width * 3, size.height, |x, y| {
        let (column, x) = (x / size.width, x % size.width);
        let (old, new) = (before.get_pixel_checked(x, y), now.get_pixel_checked(x, y));
        let pixel = match column {
            0 => old,
            1 => new,
            _ if old != new => Some(&CHANGED),
            _ => new.map(|_| &Rgb([255, 255, 255])),
        };

        pixel.copied().unwrap_or(CHANGED)
    })
}

fn save(picture: &RgbImage, path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = BufWriter::new(File::create(path).unwrap());
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive);
    picture.write_with_encoder(encoder).unwrap();
}

fn pictures_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());

    paths
        .flat_map(|path| {
            if path.is_dir() {
                pictures_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// `GALLERY=directory cargo test --lib gallery::snapshots` draws every screen to be looked at:
/// `GALLERY_LOCALE=en-NZ,mi`, `GALLERY_THEME=dark`, `GALLERY_TEXT=150` and `GALLERY_LAYOUT=3` (or
/// `480x320`) choose.
/// With `GALLERY_NAME=…` they are the screens with a shop's name, of this shop.
#[tokio::test]
async fn every_screen_can_be_drawn_to_be_looked_at() {
    let Some(directory) = env::var_os("GALLERY").map(PathBuf::from) else {
        return;
    };
    let chosen = |name: &str| env::var(name).unwrap_or_default();
    let languages: Vec<_> = chosen("GALLERY_LOCALE")
        .split(',')
        .filter_map(Language::of_tag)
        .collect();
    let theme = match chosen("GALLERY_THEME").as_str() {
        "dark" => Theme::Dark,
        "high-contrast" => Theme::HighContrast,
        _ => Theme::Light,
    };
    let layout = chosen("GALLERY_LAYOUT");
    let (size, scale_factor) = match layout.split_once('x') {
        Some((width, height)) => {
            let size = Size::new(width.parse().unwrap(), height.parse().unwrap());

            (size, 1.0)
        }
        None => LAYOUTS[layout.parse().unwrap_or(2)],
    };
    let appearance = Appearance {
        text: chosen("GALLERY_TEXT").parse().unwrap_or(100).into(),
        ..appearance(&languages, theme)
    };
    let mut painter = Painter::new().await.unwrap();
    fs::create_dir_all(&directory).unwrap();
    let name = env::var("GALLERY_NAME").ok();
    let pictures = name.map_or_else(all, |name| named(&name));
    for picture in pictures {
        let scene = picture.scene(&appearance, scale_factor);
        painter
            .paint(scene.view(), &appearance.style(), size, scale_factor)
            .unwrap()
            .save(directory.join(format!("{}.png", picture.name)))
            .unwrap();
    }
}
