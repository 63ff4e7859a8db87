use iced::advanced::renderer::{Headless, Style};
use iced::futures::FutureExt;
use iced::{Font, Pixels};
use iced_runtime::user_interface::{Cache, UserInterface};
use image::{GrayImage, RgbaImage, imageops};

use super::*;
use crate::logo;
use crate::qr::Drawing;

const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";

fn plain() -> Arc<Code> {
    Arc::new(Code::proven(URL).unwrap())
}

fn with_the_mark() -> Arc<Code> {
    let drawing = Drawing {
        logo: Some(Arc::new(logo::mark().unwrap())),
        room: None,
    };
    let code = Code::proven_as(URL, &drawing).unwrap();
    assert!(code.clearing().is_some());

    Arc::new(code)
}

/// Draws the code in the corner of a square screen with a side of `pixels` device pixels.
fn drawn(drawn: &Arc<Code>, pixels: u16, scale_factor: f32) -> GrayImage {
    let mut renderer = <Renderer as Headless>::new(Font::DEFAULT, Pixels(16.0), None)
        .now_or_never()
        .flatten()
        .unwrap();
    let side = f32::from(pixels) / scale_factor;
    let element: Element<'_, ()> = code(drawn, side, scale_factor);
    let mut interface =
        UserInterface::build(element, Size::new(side, side), Cache::new(), &mut renderer);
    let style = Style {
        text_color: Color::BLACK,
    };
    interface.draw(
        &mut renderer,
        &Theme::Light,
        &style,
        mouse::Cursor::Unavailable,
    );
    let size = Size::new(u32::from(pixels), u32::from(pixels));
    let screenshot = renderer.screenshot(size, scale_factor, Color::WHITE);

    imageops::grayscale(&RgbaImage::from_raw(size.width, size.height, screenshot).unwrap())
}

#[test]
fn drawn_code_equals_the_proven_one() {
    for code in [plain(), with_the_mark()] {
        for scale_factor in [1.0, 1.25, 1.5, 2.0] {
            for pixels in [480, 799] {
                let drawn = drawn(&code, pixels, scale_factor);
                let proven = code.picture(code.pixels_in(u32::from(pixels)));
                let (width, height) = proven.dimensions();
                let inset = (u32::from(pixels) - width) / 2;
                let middle = imageops::crop_imm(&drawn, inset, inset, width, height).to_image();
                let mut pairs = middle.pixels().zip(proven.pixels());
                assert!(
                    pairs.all(|(a, b)| a == b),
                    "{pixels} pixels at {scale_factor}"
                );
            }
        }
    }
}

#[test]
fn modules_are_whole_device_pixels() {
    let code = plain();
    for (available, scale_factor) in [(480.0, 1.0), (1080.0, 1.0), (540.0, 2.0), (720.0, 1.5)] {
        let pixels = module_side(available, &code, scale_factor) * scale_factor;
        assert!((pixels - pixels.round()).abs() < 1e-3, "{pixels}");
        assert!(pixels * 37.0 <= available * scale_factor, "{pixels}");
        assert!((pixels + 1.0) * 37.0 > available * scale_factor, "{pixels}");
    }
}

#[test]
fn modules_are_large_enough_for_phones() {
    for room in [0.0, 20.0, 147.0] {
        let pixels = module_side(room, &plain(), 1.0);
        assert!((pixels - 4.0).abs() < 1e-3, "{pixels}");
    }
}
