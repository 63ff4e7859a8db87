//! Nothing is clipped, nothing stands over something else, whatever the screen, the size of it, and
//! the language.

use std::sync::Arc;

use iced::Size;

use super::{Appearance, LAYOUTS, Language, Picture, Theme, all, appearance, named};
use crate::config::QrLogo;
use crate::display::legible::{self, edges, words};
use crate::display::look::Look;
use crate::display::painter::Painter;
use crate::logo::Logo;

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
    let mut faults = legible::faults(&written, &boxes);
    let missing = written.iter().filter(|one| one.words.contains("{$"));
    faults.extend(missing.map(|one| format!("something is missing in {:?}", one.words)));

    faults
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
