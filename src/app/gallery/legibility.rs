//! Checks that no text is clipped and nothing overlaps, in every layout and language.

use std::sync::Arc;

use iced::Size;

use super::{
    Appearance, FEW_LAYOUTS, LAYOUTS, Language, Picture, ScreenLayout, Theme, all, appearance,
    named,
};
use crate::app::painter::Painter;
use crate::app::theme::look::Look;
use crate::app::widgets::legible::{self, WrittenText, edges, words};
use crate::config::QrLogo;
use crate::logo;

/// Returns the texts of a screen, and a sentence about each fault in them.
fn looked_at(
    painter: &mut Painter,
    picture: &Picture,
    appearance: &Appearance,
    (size, scale_factor): ScreenLayout,
) -> (Vec<WrittenText>, Vec<String>) {
    let scene = picture.scene(appearance, scale_factor);
    let (written, boxes) = painter.lay_out(
        scene.view(),
        &appearance.style(),
        size,
        scale_factor,
        |renderer| (words(renderer), edges(renderer)),
    );
    let mut faults = legible::faults(&written, &boxes);
    let missing = written.iter().filter(|one| one.words.contains("{$"));
    faults.extend(missing.map(|one| format!("something is missing in {:?}", one.words)));

    (written, faults)
}

/// An appearance for the screens.
struct CheckedScene {
    name: String,
    appearance: Appearance,
    /// Whether this appearance changes only the screens that show the apps or offer conditions. Then only these
    /// are checked.
    is_crowded: bool,
    /// Whether the everyday test checks this appearance.
    is_usual: bool,
}

/// Checks these scenes in these layouts.
async fn assert_legible(scenes: impl IntoIterator<Item = CheckedScene>, layouts: &[ScreenLayout]) {
    let mut painter = Painter::new().await.unwrap();
    let mut all_faults = Vec::new();
    let pictures = all();
    let changes = |picture: &&Picture| {
        ["show-qr", "cancelled-"]
            .iter()
            .any(|name| picture.name.starts_with(name))
    };
    assert!(pictures.iter().filter(changes).count() > 12);
    for scene in scenes {
        for picture in &pictures {
            if scene.is_crowded && !changes(&picture) {
                continue;
            }
            for layout in layouts {
                let (_, found) = looked_at(&mut painter, picture, &scene.appearance, *layout);
                all_faults.extend(
                    found.into_iter().map(|fault| {
                        format!("{}, {}, {layout:?}: {fault}", scene.name, picture.name)
                    }),
                );
            }
        }
    }
    assert!(
        all_faults.is_empty(),
        "{} faults:\n{}",
        all_faults.len(),
        all_faults.join("\n")
    );
}

/// Returns the scenes: each language, two languages, large text, a logo, and much text.
fn scenes() -> Vec<CheckedScene> {
    use Language::{De, EnNz, Es, Fr, Hi, Ja, Mi, Sm, To, ZhHans};
    let scene = |kind: &str, is_usual, languages: &[Language], text: u16| CheckedScene {
        name: format!("{kind} {languages:?} at {text} %"),
        appearance: Appearance {
            text,
            ..appearance(languages, Theme::Light)
        },
        is_crowded: false,
        is_usual,
    };
    let mut scenes: Vec<_> = Language::ALL
        .into_iter()
        .map(|language| scene("one language", false, &[language], 100))
        .collect();
    for (is_usual, languages) in [(false, [EnNz, Mi]), (true, [De, ZhHans]), (false, [To, Hi])] {
        scenes.push(scene("two languages", is_usual, &languages, 100));
    }
    scenes.push(scene("large text", false, &[EnNz], 150));
    scenes.push(scene("large text", true, &[EnNz, Mi], 150));

    let logo = logo::of_code(&QrLogo::Mark).unwrap().map(Arc::new);
    for (is_usual, percent) in [(false, 100), (true, 150)] {
        let mut with_logo = scene("a logo", is_usual, &[EnNz, Mi], percent);
        with_logo.appearance.shop_logo.clone_from(&logo);
        scenes.push(with_logo);
    }

    let apps = ["W", "M", "Ō"].map(|letter| letter.repeat(20));
    for (is_usual, percent, languages) in [
        (true, 150, [EnNz, Mi]),
        (true, 100, [De, To]),
        (false, 100, [Sm, Hi]),
        (false, 100, [Fr, Ja]),
        (false, 100, [Es, ZhHans]),
    ] {
        let mut crowded = scene("much text", is_usual, &languages, percent);
        crowded.appearance.apps = apps.as_slice().into();
        crowded.appearance.conditions_are_off = true;
        crowded.is_crowded = true;
        scenes.push(crowded);
    }

    scenes
}

#[tokio::test]
async fn no_text_is_clipped_in_usual_scenes() {
    let usual = scenes().into_iter().filter(|scene| scene.is_usual);
    assert_legible(usual, &FEW_LAYOUTS).await;
}

#[tokio::test]
#[ignore = "every layout in every language: .ci/run"]
async fn no_text_is_clipped_in_any_scene() {
    assert_legible(scenes(), &LAYOUTS).await;
}

/// Long names: with spaces, without spaces, and with other scripts and emoji. Each has more than 60 letters.
fn long_names() -> [String; 3] {
    [
        "Xylophone Repairs, Cakes and Coffee ".repeat(12),
        format!("X{}", "yz".repeat(30)),
        format!("X{}", "街角\u{1f469}\u{200d}\u{1f373}".repeat(30)),
    ]
}

/// Checks that no screen clips these names, or makes them smaller than small text.
async fn assert_names_are_read(names: &[String], layouts: &[ScreenLayout]) {
    let mut painter = Painter::new().await.unwrap();
    let usual = appearance(&[Language::EnNz, Language::Mi], Theme::Light);
    for name in names {
        for picture in named(name) {
            for (size, scale_factor) in layouts.iter().copied() {
                let place = format!("{name}, {}, {size:?} at {scale_factor}", picture.name);
                let least = Look::new(
                    Size::new(size.width as f32, size.height as f32) / scale_factor,
                    scale_factor,
                    &usual,
                )
                .small();
                let (written, faults) =
                    looked_at(&mut painter, &picture, &usual, (size, scale_factor));
                assert!(faults.is_empty(), "{place}: {faults:?}");
                let names: Vec<_> = written
                    .iter()
                    .filter(|one| {
                        ["X", "Amount"]
                            .iter()
                            .any(|start| one.words.starts_with(start))
                    })
                    .collect();
                assert!(!names.is_empty(), "{place}");
                for one in names {
                    assert!(one.size >= least - 0.5, "{place}: {} of {least}", one.size);
                }
            }
        }
    }
}

#[tokio::test]
async fn f79_long_names_are_read() {
    assert_names_are_read(&long_names()[..2], &FEW_LAYOUTS[1..]).await;
}

#[tokio::test]
#[ignore = "every layout: .ci/run"]
async fn f79_long_names_are_read_everywhere() {
    assert_names_are_read(&long_names(), &LAYOUTS).await;
}

#[tokio::test]
async fn f79_name_gets_smaller_before_it_is_cut() {
    const NAME: &str = "The Old Post Office Café, Bakery and Gardens of Paekākāriki 2";
    let mut painter = Painter::new().await.unwrap();
    let usual = appearance(&[Language::EnNz], Theme::Light);
    let named = named(NAME);
    let idle = named.iter().find(|picture| picture.idle.is_some()).unwrap();
    for (size, scale_factor) in LAYOUTS {
        let written = painter.lay_out(
            idle.scene(&usual, scale_factor).view(),
            &usual.style(),
            size,
            scale_factor,
            words,
        );
        let has = written.iter().any(|one| one.words == NAME);
        assert!(has, "{size:?} at {scale_factor}");
    }
}
