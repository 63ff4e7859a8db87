//! The pixels of a logo, at most as many as any screen needs.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits, RgbaImage};

use super::{LogoFault, svg};
use crate::qr::{LogoPixels, Room, resized, scaled};

const LARGEST_SIDE: u32 = 4096;

/// Limit of the memory for unpacking, in bytes: two bytes for each channel of each pixel, and as much again to
/// work with.
const LARGEST_MEMORY: u64 = 2 * 8 * (LARGEST_SIDE as u64) * (LARGEST_SIDE as u64);

impl LogoPixels {
    /// Draws the logo from the bytes of its file, in this process.
    pub(super) fn from_file(bytes: &[u8], room: Room) -> Result<Self, LogoFault> {
        let drawn = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            let picture = unpacked(bytes)?;

            Self {
                own: (f64::from(picture.width()), f64::from(picture.height())),
                pixels: within(picture, room),
            }
        } else {
            if let Some(kind) = other_kind(bytes) {
                return Err(LogoFault::Unknown(format!("it is {kind}")));
            }
            let tree = svg::read(bytes)?;

            Self {
                own: (
                    f64::from(tree.size().width()),
                    f64::from(tree.size().height()),
                ),
                pixels: svg::raster(&tree, room)?,
            }
        };
        if drawn.pixels.pixels().all(|pixel| pixel.0[3] == 0) {
            return Err(LogoFault::Empty);
        }

        Ok(drawn)
    }

    /// Returns the logo as bytes for another process: own width and height, width and height in pixels, the
    /// pixels.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for side in [self.own.0, self.own.1] {
            bytes.extend(side.to_le_bytes());
        }
        for side in [self.pixels.width(), self.pixels.height()] {
            bytes.extend(side.to_le_bytes());
        }
        bytes.extend(self.pixels.as_raw());

        bytes
    }

    /// Reads what [`LogoPixels::to_bytes`] has written; `None` if it is not complete.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (own_width, rest) = bytes.split_first_chunk()?;
        let (own_height, rest) = rest.split_first_chunk()?;
        let (width, rest) = rest.split_first_chunk()?;
        let (height, pixels) = rest.split_first_chunk()?;
        let (width, height) = (u32::from_le_bytes(*width), u32::from_le_bytes(*height));
        if pixels.len() as u64 != u64::from(width) * u64::from(height) * 4 {
            return None;
        }

        Some(Self {
            own: (
                f64::from_le_bytes(*own_width),
                f64::from_le_bytes(*own_height),
            ),
            pixels: RgbaImage::from_raw(width, height, pixels.to_vec())?,
        })
    }
}

/// Unpacks a PNG, with its colours multiplied by their opacity. Otherwise the colour of a transparent pixel would
/// bleed into its neighbours when the picture is scaled.
fn unpacked(bytes: &[u8]) -> Result<RgbaImage, LogoFault> {
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

/// Makes a picture smaller if it is larger than the room.
fn within(picture: RgbaImage, room: Room) -> RgbaImage {
    let (width, height) = picture.dimensions();
    if width <= room.width && height <= room.height {
        return picture;
    }
    let (width, height) = room.fit(f64::from(width), f64::from(height));

    resized(picture, width, height)
}

/// Names the kind of a file that is neither a PNG nor an SVG; `None` for an unknown kind.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 11] = [
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"BM", "a BMP picture"),
        (b"II*\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"%PDF", "a PDF or an Illustrator document"),
        (b"%!PS", "an EPS document"),
        (b"8BPS", "a Photoshop document"),
        (b"PK\x03\x04", "a packed document"),
        (b"\0\0\x01\0", "an icon"),
        (b"\xc5\xd0\xd3\xc6", "an EPS document"),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("a WebP picture");
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("a HEIC or AVIF picture");
    }

    KINDS
        .iter()
        .find_map(|(start, kind)| bytes.starts_with(start).then_some(*kind))
}
