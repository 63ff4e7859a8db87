//! Compares the screens with accepted drawings. A screen that is new or drawn differently fails, with a picture of
//! the difference.
//!
//! The accepted drawings have half the size, and 32 steps of each colour. This keeps the files small, but a pixel
//! in another place still shows.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use iced::Size;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{Rgb, RgbImage, RgbaImage};

use super::{Appearance, FEW_LAYOUTS, LAYOUTS, Language, Theme, all, appearance, named};
use crate::app::painter::Painter;

const KEPT: &str = "tests/snapshots";
const DIFFERENCES: &str = "target/snapshots";

/// The number of compared layouts. The last layout is left out, because it has the same pixels as the first.
const KEPT_LAYOUTS: usize = 5;
const THEMES: [(&str, Theme); 2] = [("light", Theme::Light), ("dark", Theme::Dark)];
const LANGUAGES: [Language; 2] = [Language::EnNz, Language::Mi];

/// `SNAPSHOTS=accept cargo test --lib gallery::snapshots` accepts the new drawings. Look at them first.
#[tokio::test]
async fn main_screens_look_as_accepted() {
    let accepts = env::var_os("SNAPSHOTS").is_some_and(|wish| wish == "accept");
    assert_accepted(accepts, accepts).await;
}

#[tokio::test]
#[ignore = "every layout, theme and language: .ci/run"]
async fn every_screen_looks_as_accepted() {
    assert_accepted(true, false).await;
}

/// Compares every drawing if `all` is set, else a part of them. `accepts`: replaces the accepted drawings with the
/// new ones instead.
async fn assert_accepted(all: bool, accepts: bool) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(KEPT);
    let mut painter = Painter::new().await.unwrap();
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    for (name, picture) in reduced_screens(&mut painter, all) {
        let path = kept.join(&name);
        known.insert(path.clone());
        let Some(picture) = picture else {
            continue;
        };
        if accepts {
            save(&picture, &path);
        } else if let Err(fault) = compare(&picture, &path, &name) {
            faults.push(fault);
        }
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

/// Returns the file name of every compared screen, with its drawing. Without `every`, only a part of the screens
/// is drawn.
fn reduced_screens(painter: &mut Painter, every: bool) -> Vec<(PathBuf, Option<RgbImage>)> {
    const USUAL: [(Theme, Language); 2] =
        [(Theme::Light, Language::EnNz), (Theme::Dark, Language::Mi)];
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
                let is_usual = USUAL.contains(&(theme, language))
                    && FEW_LAYOUTS.contains(&(size, scale_factor));
                for picture in &pictures {
                    let name = Path::new(&folder).join(format!("{}.png", picture.name));
                    if !every && !is_usual {
                        screens.push((name, None));
                        continue;
                    }
                    let scene = picture.scene(&appearance, scale_factor);
                    let drawn = painter
                        .paint(scene.view(), &appearance.style(), size, scale_factor)
                        .unwrap();
                    screens.push((name, Some(reduced(&drawn))));
                }
            }
        }
    }

    screens
}

/// Halves the size and keeps 32 steps of each colour.
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

/// Puts the old picture, the new one and their differences side by side.
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

/// `GALLERY=directory cargo test --lib gallery::snapshots` draws every screen into a directory.
/// `GALLERY_LOCALE=en-NZ,mi`, `GALLERY_THEME=dark`, `GALLERY_TEXT=150` and `GALLERY_LAYOUT=3` (or `480x320`)
/// choose the appearance. `GALLERY_NAME=…` draws only the screens with a shop's name, for this shop.
#[tokio::test]
async fn screens_can_be_drawn_to_files() {
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
        text: chosen("GALLERY_TEXT").parse().unwrap_or(100),
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
