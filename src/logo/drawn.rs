//! What is left of a logo's file once it is read: its pixels, as many as are needed at most.

use image::RgbaImage;

use super::{LogoFault, Room, png, svg};

/// A logo's pixels with colours multiplied by their opacity, and its own proportions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub(super) own: (f64, f64),
    pub(super) pixels: RgbaImage,
}

impl Drawn {
    /// Draws what is in the bytes, in this very process.
    pub(super) fn from_bytes(bytes: &[u8], room: Room) -> Result<Self, LogoFault> {
        let drawn = if png::is_png(bytes) {
            let picture = png::read(bytes)?;

            Self {
                own: (f64::from(picture.width()), f64::from(picture.height())),
                pixels: png::raster(picture, room),
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

    /// As bytes for another process: own width and height, width and height in pixels, the pixels.
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

    /// From what [`Drawn::to_bytes`] has written, if it is whole.
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

/// What a file is that people take for a logo.
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
