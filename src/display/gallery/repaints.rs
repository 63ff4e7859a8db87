//! One screen is turned into another by painting only what differs. What comes of it is what comes
//! of painting the other one on nothing.

use iced::{Pixels, Size};
use iced_runtime::user_interface::Cache;

use super::{Appearance, Language, Picture, Theme, all, appearance};
use crate::display::Renderer;
use crate::display::look;
use crate::display::painter::{Room, lay_out};
use crate::display::renderer::Canvas;

/// A small screen has everything close together; the scale of the other one puts edges between
/// pixels.
const LAYOUTS: [(Size<u32>, f32); 2] = [(Size::new(800, 480), 1.0), (Size::new(1500, 900), 1.5)];

/// Edges are smoothed in another way where a region is clipped: by this much of 255 at most.
const ROUNDING: u8 = 2;

/// A window without a display server.
struct Window {
    renderer: Renderer,
    widgets: Cache,
    canvas: Canvas,
    pixels: Vec<u8>,
    size: Size<u32>,
    scale_factor: f32,
}

impl Window {
    fn open(size: Size<u32>, scale_factor: f32) -> Self {
        Self {
            renderer: Renderer::new(look::FONT, Pixels(16.0)),
            widgets: Cache::new(),
            canvas: Canvas::new(size).unwrap(),
            pixels: blank(size),
            size,
            scale_factor,
        }
    }

    /// Turns what it shows into this picture, and says how many pixels came out wrong.
    fn show(&mut self, picture: &Picture, appearance: &Appearance) -> usize {
        let Self {
            renderer,
            canvas,
            pixels,
            size,
            scale_factor,
            ..
        } = self;
        let (size, scale_factor) = (*size, *scale_factor);
        let style = appearance.style();
        let ground = style.background_color;
        let mut anew = blank(size);
        let mut paint = |renderer: &mut Renderer| {
            canvas.repaint(renderer, scale_factor, ground, pixels);
            let mut canvas = Canvas::new(size).unwrap();
            canvas.repaint(renderer, scale_factor, ground, &mut anew);
        };
        self.widgets = lay_out(
            picture.scene(appearance, scale_factor).view(),
            &style,
            Room::Device(size, scale_factor),
            std::mem::take(&mut self.widgets),
            renderer,
            |renderer| paint(renderer),
        )
        .1;
        let pairs = pixels.chunks_exact(4).zip(anew.chunks_exact(4));

        let is_wrong = |(got, right): &(&u8, &u8)| got.abs_diff(**right) > ROUNDING;

        pairs
            .filter(|(got, right)| got.iter().zip(*right).any(|pair| is_wrong(&pair)))
            .count()
    }
}

fn blank(size: Size<u32>) -> Vec<u8> {
    vec![0; size.width as usize * size.height as usize * 4]
}

#[test]
fn a_screen_that_gives_way_to_another_leaves_nothing_behind() {
    // Each follows the one that is this many places before it.
    const STRIDES: [usize; 2] = [1, 7];
    let mut faults = Vec::new();
    for appearance in [
        appearance(&[Language::EnNz], Theme::Light),
        appearance(&[Language::Hi, Language::Mi], Theme::Dark),
    ] {
        let pictures = all();
        for (size, scale_factor) in LAYOUTS {
            let mut window = Window::open(size, scale_factor);
            for stride in STRIDES {
                for index in 0..pictures.len() {
                    let picture = &pictures[index * stride % pictures.len()];
                    let wrong = window.show(picture, &appearance);
                    if wrong > 0 {
                        faults.push(format!("{} at {size:?}, {stride}: {wrong}", picture.name));
                        window.canvas = Canvas::new(size).unwrap();
                        window.show(picture, &appearance);
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
