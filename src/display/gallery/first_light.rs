//! A code before its words: filled by the X server, then drawn, then drawn with its words. It must not
//! change while a phone looks at it.

use iced::{Pixels, Size};
use iced_runtime::user_interface::Cache;

use super::{Appearance, Language, Picture, Theme, all, appearance};
use crate::display::painter::{Room, lay_out};
use crate::display::renderer::Canvas;
use crate::display::{Element, Message, Renderer, look};
use crate::sale::State;

const LAYOUTS: [(Size<u32>, f32); 3] = [
    (Size::new(800, 480), 1.0),
    (Size::new(1080, 1920), 1.0),
    (Size::new(1500, 900), 1.5),
];

/// The three ways in which a code comes to the screen, as pixels.
struct Coming {
    filled: Vec<u8>,
    without_words: Vec<u8>,
    with_words: Vec<u8>,
}

impl Coming {
    fn of(picture: &Picture, appearance: &Appearance, layout: (Size<u32>, f32)) -> Self {
        let scene = picture.scene(appearance, layout.1);
        let (without_words, filled) = drawn(scene.view_without_words(), appearance, layout);
        let (with_words, _) = drawn(scene.view(), appearance, layout);

        Self {
            filled,
            without_words,
            with_words,
        }
    }
}

/// As the renderer draws it, and as the X server would fill it.
fn drawn(
    element: Element<'_, Message>,
    appearance: &Appearance,
    (size, scale_factor): (Size<u32>, f32),
) -> (Vec<u8>, Vec<u8>) {
    let style = appearance.style();
    let ground = style.background_color;
    let mut canvas = Canvas::new(size).unwrap();
    let mut pixels = vec![0; size.width as usize * size.height as usize * 4];
    let mut filled = pixels.clone();
    let mut renderer = Renderer::new(look::FONT, Pixels(16.0));
    lay_out(
        element,
        &style,
        Room::Device(size, scale_factor),
        Cache::new(),
        &mut renderer,
        |renderer| {
            canvas.fill(renderer, scale_factor, ground, &mut filled);
            canvas.repaint(renderer, scale_factor, ground, &mut pixels);
        },
    );

    (pixels, filled)
}

/// The pixels that are not the same in both, as a part of those of `one` that `counts`.
fn differing(one: &[u8], other: &[u8], counts: impl Fn(&[u8]) -> bool) -> f64 {
    let pairs = one.chunks_exact(4).zip(other.chunks_exact(4));
    let counted: Vec<_> = pairs.filter(|(one, _)| counts(&one[..3])).collect();
    assert!(!counted.is_empty(), "there is nothing to compare");
    let differ = counted.iter().filter(|(one, other)| {
        one[..3]
            .iter()
            .zip(&other[..3])
            .any(|(a, b)| a.abs_diff(*b) > 2)
    });

    differ.count() as f64 / counted.len() as f64
}

fn codes() -> impl Iterator<Item = Picture> {
    all()
        .into_iter()
        .filter(|picture| matches!(picture.sale.state(), State::Presenting(_)))
}

#[test]
fn a_code_stays_where_it_is_when_its_words_come() {
    let is_code = |pixel: &[u8]| pixel == [0; 3] || pixel == [255; 3];
    for layout in LAYOUTS {
        let appearance = appearance(&[Language::EnNz], Theme::Light);
        for picture in codes() {
            let coming = Coming::of(&picture, &appearance, layout);
            let moved = differing(&coming.without_words, &coming.with_words, is_code);
            assert!(moved < 1e-6, "{layout:?}: {moved}");
        }
    }
}

#[test]
fn what_the_server_fills_by_itself_is_what_is_drawn_over_it() {
    // An edge that is not on a pixel is smoothed where it is drawn, and a logo comes with that.
    const EDGES: f64 = 0.01;
    for layout in LAYOUTS {
        for theme in [Theme::Light, Theme::Dark] {
            let appearance = appearance(&[Language::EnNz], theme);
            for picture in codes() {
                let coming = Coming::of(&picture, &appearance, layout);
                let other = differing(&coming.filled, &coming.without_words, |_| true);
                assert!(other < EDGES, "{layout:?} {theme:?}: {other}");
                let dark = differing(&coming.filled, &coming.without_words, |pixel| {
                    pixel == [0; 3]
                });
                assert!(dark < EDGES, "{layout:?} {theme:?}: {dark}");
            }
        }
    }
}
