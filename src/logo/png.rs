//! A logo made of pixels.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader, Limits, RgbaImage};

use super::{LogoFault, Room};

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
    let decoded = reader
        .decode()
        .map_err(|error| LogoFault::Png(error.to_string()))?;
    let is_opaque = !decoded.color().has_alpha();
    let mut picture = decoded.into_rgba8();
    if is_opaque {
        return Ok(picture);
    }
    for pixel in picture.pixels_mut() {
        let [red, green, blue, opacity] = pixel.0;
        let part = |colour: u8| scaled(colour, opacity, 255);
        pixel.0 = [part(red), part(green), part(blue), opacity];
    }

    Ok(picture)
}

/// Makes it smaller where it is larger than the room.
pub(super) fn raster(picture: RgbaImage, room: Room) -> RgbaImage {
    let (width, height) = picture.dimensions();
    if width <= room.width && height <= room.height {
        return picture;
    }
    let (width, height) = room.fit(f64::from(width), f64::from(height));

    resized(picture, width, height)
}

/// The picture in this size. Where it becomes much smaller its pixels are averaged first, which takes a
/// fraction of the time of a good filter.
pub(super) fn resized(picture: RgbaImage, width: u32, height: u32) -> RgbaImage {
    const ENOUGH: u32 = 2;
    let (rough_width, rough_height) = (width * ENOUGH, height * ENOUGH);
    let is_much_larger =
        picture.width() > rough_width * ENOUGH && picture.height() > rough_height * ENOUGH;
    // As methods of this type the library has them ready, at full speed in a build for tests too.
    let mut picture = DynamicImage::ImageRgba8(picture);
    if is_much_larger {
        picture = picture.thumbnail_exact(rough_width, rough_height);
    }

    picture
        .resize_exact(width, height, FilterType::CatmullRom)
        .into_rgba8()
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
