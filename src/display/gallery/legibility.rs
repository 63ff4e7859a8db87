//! Nothing is clipped, nothing stands over something else, whatever the screen, the size of it, and
//! the language.

use std::sync::Arc;

use iced::advanced::graphics::text::Text;
use iced::{Rectangle, Size};

use super::{Appearance, LAYOUTS, Language, Picture, Theme, all, appearance, named};
use crate::config::QrLogo;
use crate::display::Renderer;
use crate::display::look::Look;
use crate::display::painter::Painter;
use crate::logo::Logo;

/// Less than this is not seen.
const TOLERANCE: f32 = 0.6;

/// Words on the screen, and the room that they take.
pub(super) struct Written {
    pub(super) words: String,
    pub(super) room: Rectangle,
    /// How high its letters are, in logical pixels.
    pub(super) size: f32,
    /// What they must not get out of.
    within: Rectangle,
}

/// What is wrong on one screen, in sentences.
fn faults(
    painter: &mut Painter,
    picture: &Picture,
    appearance: &Appearance,
    layout: (iced::Size<u32>, f32),
) -> Vec<String> {
    let (size, scale_factor) = layout;
    let scene = picture.scene(appearance, scale_factor);
    let (written, boxes) = painter.lay_out(
        scene.view(),
        &appearance.style(),
        size,
        scale_factor,
        |renderer| (words(renderer), edges(renderer)),
    );
    let mut faults = Vec::new();
    for (index, one) in written.iter().enumerate() {
        if one.words.contains("{$") {
            faults.push(format!("something is missing in {:?}", one.words));
        }
        if !contains(one.within, one.room) {
            faults.push(format!("{:?} is clipped", one.words));
        }
        for other in &written[index + 1..] {
            if overlap(one.room, other.room) {
                faults.push(format!("{:?} stands over {:?}", one.words, other.words));
            }
        }
        if boxes
            .iter()
            .any(|edge| overlap(*edge, one.room) && !contains(*edge, one.room))
        {
            faults.push(format!("{:?} gets over an edge", one.words));
        }
    }

    faults
}

/// All that is written.
pub(super) fn words(renderer: &mut Renderer) -> Vec<Written> {
    let layers = renderer.layers().iter();
    let texts = layers.flat_map(|layer| {
        let items = layer.text.iter().flat_map(|item| item.as_slice());

        items.map(|text| (text, layer.bounds))
    });

    texts
        .filter_map(|(text, bounds)| read(text, bounds))
        .collect()
}

/// What has an edge that is drawn.
fn edges(renderer: &mut Renderer) -> Vec<Rectangle> {
    let quads = renderer.layers().iter().flat_map(|layer| &layer.quads);

    quads
        .filter(|(quad, _)| quad.border.width > 0.0)
        .map(|(quad, _)| quad.bounds)
        .collect()
}

fn read(text: &Text, layer: Rectangle) -> Option<Written> {
    let Text::Paragraph {
        paragraph,
        position,
        clip_bounds,
        ..
    } = text
    else {
        panic!("text of another kind: {text:?}");
    };
    let paragraph_ = paragraph.upgrade()?;
    let size = paragraph_.buffer().metrics().font_size;
    let words: Vec<_> = paragraph_
        .buffer()
        .lines
        .iter()
        .map(|line| line.text().to_owned())
        .collect();
    let words = words.join(" ");
    if words.trim().is_empty() {
        return None;
    }

    Some(Written {
        words,
        size,
        room: Rectangle::new(*position, paragraph.min_bounds),
        within: layer.intersection(clip_bounds).unwrap_or(*clip_bounds),
    })
}

fn contains(outer: Rectangle, inner: Rectangle) -> bool {
    inner.x >= outer.x - TOLERANCE
        && inner.y >= outer.y - TOLERANCE
        && inner.x + inner.width <= outer.x + outer.width + TOLERANCE
        && inner.y + inner.height <= outer.y + outer.height + TOLERANCE
}

fn overlap(a: Rectangle, b: Rectangle) -> bool {
    a.intersection(&b)
        .is_some_and(|both| both.width > TOLERANCE && both.height > TOLERANCE)
}

/// Looks at every screen in every layout.
async fn is_legible(appearance: &Appearance, scene: &str) {
    are_legible(all(), appearance, scene).await;
}

/// Looks at these screens in every layout.
async fn are_legible(pictures: Vec<Picture>, appearance: &Appearance, scene: &str) {
    let mut painter = Painter::new().await.unwrap();
    let mut all_faults = Vec::new();
    for picture in pictures {
        for layout in LAYOUTS {
            let found = faults(&mut painter, &picture, appearance, layout);
            let (size, scale) = layout;
            all_faults.extend(found.into_iter().map(|fault| {
                format!(
                    "{scene}, {}, {}x{} at {scale}: {fault}",
                    picture.name, size.width, size.height
                )
            }));
        }
    }
    assert!(
        all_faults.is_empty(),
        "{}\n{}",
        all_faults.len(),
        all_faults.join("\n")
    );
}

#[tokio::test]
async fn no_text_is_clipped_in_any_layout_in_any_language() {
    for language in Language::ALL {
        is_legible(&appearance(&[language], Theme::Light), language.tag()).await;
    }
}

#[tokio::test]
async fn no_text_is_clipped_where_two_languages_are_shown() {
    for pair in [
        [Language::EnNz, Language::Mi],
        [Language::De, Language::ZhHans],
        [Language::To, Language::Hi],
    ] {
        is_legible(&appearance(&pair, Theme::Light), &format!("{pair:?}")).await;
    }
}

#[tokio::test]
async fn no_text_is_clipped_where_it_is_half_as_large_again() {
    for languages in [&[Language::EnNz][..], &[Language::EnNz, Language::Mi]] {
        let enlarged = Appearance {
            text: 150.into(),
            ..appearance(languages, Theme::Light)
        };
        is_legible(&enlarged, &format!("{languages:?} enlarged")).await;
    }
}

#[tokio::test]
async fn no_text_is_clipped_where_the_shop_has_a_logo() {
    let logo = Logo::of_code(&QrLogo::Mark).unwrap().map(Arc::new);
    let with_logo = |percent: u16| Appearance {
        text: percent.into(),
        shop_logo: logo.clone(),
        ..appearance(&[Language::EnNz, Language::Mi], Theme::Light)
    };
    for percent in [100, 150] {
        is_legible(&with_logo(percent), &format!("a logo, {percent} %")).await;
    }
}

#[tokio::test]
async fn longest_apps_and_conditions_off_fit() {
    let apps = ["W", "M", "Ō"].map(|letter| letter.repeat(20));
    for (percent, languages) in [
        (150, [Language::EnNz, Language::Mi]),
        (100, [Language::De, Language::To]),
        (100, [Language::Sm, Language::Hi]),
        (100, [Language::Fr, Language::Ja]),
        (100, [Language::Es, Language::ZhHans]),
    ] {
        let crowded = Appearance {
            text: percent.into(),
            apps: apps.as_slice().into(),
            conditions_are_off: true,
            ..appearance(&languages, Theme::Light)
        };
        let mut pictures = all();
        pictures.retain(|picture| {
            let changes = ["show-qr", "cancelled-"];

            changes.iter().any(|name| picture.name.starts_with(name))
        });
        assert!(pictures.len() > 12, "{}", pictures.len());
        are_legible(pictures, &crowded, &format!("{languages:?} crowded")).await;
    }
}

/// Names of 60 letters and more: with spaces, without, and in other letters and pictures.
fn long_names() -> [String; 3] {
    [
        "Xylophone Repairs, Cakes and Coffee ".repeat(12),
        format!("X{}", "yz".repeat(30)),
        format!("X{}", "街角\u{1f469}\u{200d}\u{1f373}".repeat(30)),
    ]
}

#[tokio::test]
async fn f79_long_names_are_read_on_every_screen() {
    let mut painter = Painter::new().await.unwrap();
    let usual = appearance(&[Language::EnNz, Language::Mi], Theme::Light);
    for name in long_names() {
        are_legible(named(&name), &usual, &name).await;
        for picture in named(&name) {
            for (size, scale_factor) in LAYOUTS {
                let least = Look::new(
                    Size::new(size.width as f32, size.height as f32) / scale_factor,
                    scale_factor,
                    &usual,
                )
                .small();
                let written = painter.lay_out(
                    picture.scene(&usual, scale_factor).view(),
                    &usual.style(),
                    size,
                    scale_factor,
                    words,
                );
                let place = format!("{}, {size:?} at {scale_factor}", picture.name);
                let names: Vec<_> = written
                    .iter()
                    .filter(|one| one.words.starts_with('X'))
                    .collect();
                assert!(!names.is_empty(), "{place}");
                for one in names {
                    assert!(one.size >= least - 0.5, "{place}: {} of {least}", one.size);
                }
            }
        }
    }
}
