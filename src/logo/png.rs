//! A logo made of pixels.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{ImageFormat, ImageReader, Limits, RgbaImage};

use super::LogoFault;

/// The most pixels on a side.
const LARGEST_SIDE: u32 = 4096;

/// What unpacking may take, in bytes: so many pixels with two bytes a channel, and as much to work with.
const LARGEST_MEMORY: u64 = 2 * 8 * (LARGEST_SIDE as u64) * (LARGEST_SIDE as u64);

pub(super) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Unpacks it, with its colours multiplied by their opacity: whatever colour a transparent pixel has
/// must not bleed into its neighbours when the picture is scaled.
pub(super) fn read(bytes: &[u8]) -> Result<RgbaImage, LogoFault> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(LARGEST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Png);
    reader.limits(limits);
    let mut picture = reader
        .decode()
        .map_err(|error| LogoFault::Png(error.to_string()))?
        .into_rgba8();
    if picture.pixels().all(|pixel| pixel.0[3] == 0) {
        return Err(LogoFault::Empty);
    }
    for pixel in picture.pixels_mut() {
        let [red, green, blue, opacity] = pixel.0;
        let part = |colour: u8| scaled(colour, opacity, 255);
        pixel.0 = [part(red), part(green), part(blue), opacity];
    }

    Ok(picture)
}

pub(super) fn raster(picture: &RgbaImage, width: u32, height: u32) -> RgbaImage {
    let mut scaled = imageops::resize(picture, width, height, FilterType::CatmullRom);
    unmultiply(&mut scaled);

    scaled
}

/// Takes the opacity out of the colours again.
pub(super) fn unmultiply(picture: &mut RgbaImage) {
    for pixel in picture.pixels_mut() {
        let [red, green, blue, opacity] = pixel.0;
        if opacity > 0 {
            // The filter may swing above what its opacity allows.
            let whole = |colour: u8| scaled(colour.min(opacity), 255, opacity);
            pixel.0 = [whole(red), whole(green), whole(blue), opacity];
        }
    }
}

/// `value * by / of`, rounded, for a result of at most 255.
fn scaled(value: u8, by: u8, of: u8) -> u8 {
    let (value, by, of) = (u32::from(value), u32::from(by), u32::from(of));

    u8::try_from((value * by + of / 2) / of).unwrap_or(u8::MAX)
}
