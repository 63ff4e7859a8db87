//! Turns the picture of one screen into that of another by painting only the differences. The result must equal a
//! picture that is painted whole.

use iced::{Pixels, Size};
use iced_runtime::user_interface::Cache;

use super::{Appearance, Language, Picture, ScreenLayout, Theme, all, appearance};
use crate::app::painter::{lay_out, logical};
use crate::app::renderer::{Canvas, Renderer};
use crate::app::theme::look;

/// On the small screen everything is close together. The scale of the large one puts edges between pixels.
const LAYOUTS: [ScreenLayout; 2] = [(Size::new(800, 480), 1.0), (Size::new(1500, 900), 1.5)];

/// Each picture is painted over the one that is this many places before it.
const STRIDES: [usize; 2] = [1, 7];

/// The largest difference of a smoothed edge where a region is clipped.
const ROUNDING: u8 = 2;

/// A window without a display server.
struct PaintedWindow {
    renderer: Renderer,
    widgets: Cache,
    canvas: Canvas,
    pixels: Vec<u8>,
    size: Size<u32>,
    scale_factor: f32,
}

impl PaintedWindow {
    fn open(size: Size<u32>, scale_factor: f32) -> Self {
        Self {
            renderer: Renderer::new(look::FONT, Pixels(16.0)),
            widgets: Cache::new(),
            canvas: Canvas::new(size),
            pixels: blank(size),
            size,
            scale_factor,
        }
    }

    /// Shows this picture, and returns the number of wrong pixels.
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
            let mut canvas = Canvas::new(size);
            canvas.repaint(renderer, scale_factor, ground, &mut anew);
        };
        self.widgets = lay_out(
            picture.scene(appearance, scale_factor).view(),
            &style,
            logical(size, scale_factor),
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
fn repainting_leaves_nothing_behind() {
    let usual = appearance(&[Language::EnNz], Theme::Light);
    assert_repainted(&[usual], &LAYOUTS[..1], &STRIDES[1..]);
}

#[test]
#[ignore = "each order and scale: .ci/run"]
fn repainting_in_any_order_leaves_nothing() {
    let appearances = [
        appearance(&[Language::EnNz], Theme::Light),
        appearance(&[Language::Hi, Language::Mi], Theme::Dark),
    ];
    assert_repainted(&appearances, &LAYOUTS, &STRIDES);
}

fn assert_repainted(appearances: &[Appearance], layouts: &[ScreenLayout], strides: &[usize]) {
    let mut faults = Vec::new();
    for appearance in appearances {
        let pictures = all();
        for (size, scale_factor) in layouts.iter().copied() {
            let mut window = PaintedWindow::open(size, scale_factor);
            for stride in strides {
                for index in 0..pictures.len() {
                    let picture = &pictures[index * stride % pictures.len()];
                    let wrong = window.show(picture, appearance);
                    if wrong > 0 {
                        faults.push(format!("{} at {size:?}, {stride}: {wrong}", picture.name));
                        window.canvas = Canvas::new(size);
                        window.show(picture, appearance);
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
