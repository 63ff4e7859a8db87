//! From a payload to a code that is proven readable before anybody sees it.

mod made;

use std::fmt;
use std::sync::Arc;

use image::{GrayImage, Luma, Rgba, RgbaImage, imageops};
use thiserror::Error;

use crate::logo::Logo;

/// The light border around a code that scanners need, in modules.
pub const QUIET_ZONE: u32 = 4;

/// The fewest pixels a module that phones read at arm's length. Where it is not known how large a code
/// will be drawn, it is proven at these.
pub const FEWEST_PIXELS: u32 = 4;

/// A logo is at most this part of the code's width.
const LARGEST_LOGO: u32 = 5;

const DARK: u8 = 0;
const LIGHT: u8 = 255;

/// A QR code that was read back from its own pixels, by another library than the one that made
/// it, and said exactly its payload.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code {
    /// Modules on a side, without the quiet zone.
    side: u32,
    /// Row by row; `true` is dark.
    dark: Vec<bool>,
    level: Level,
    logo: Option<Arc<Logo>>,
}

/// How a code is going to be drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// What stands in its middle.
    pub logo: Option<Arc<Logo>>,
    /// The side of the square that the screen gives to it, in device pixels, where that is known.
    pub room: Option<u32>,
}

/// How much of a code may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// L: about 7 in 100.
    Low,
    /// M: about 15 in 100.
    Medium,
    /// Q: about 25 in 100.
    Quartile,
    /// H: about 30 in 100.
    High,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "L",
            Self::Medium => "M",
            Self::Quartile => "Q",
            Self::High => "H",
        })
    }
}

/// Dark modules side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DarkRun {
    /// The column of the first, counted with the quiet zone.
    pub x: u32,
    /// The row, counted with the quiet zone.
    pub y: u32,
    /// How many.
    pub length: u32,
}

/// The square in the middle of a code that its logo has for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clearing {
    /// The first column and row, counted with the quiet zone.
    pub start: u32,
    /// Modules on a side.
    pub side: u32,
}

impl Clearing {
    fn contains(self, x: u32, y: u32) -> bool {
        let inside = self.start..self.start + self.side;

        inside.contains(&x) && inside.contains(&y)
    }
}

/// Why there is no code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodeError {
    /// The payload does not fit into any code.
    #[error("the payload does not fit into a QR code: {0}")]
    Unfit(String),
    /// The code cannot be read back.
    #[error("the code cannot be read back: {0}")]
    Unreadable(String),
    /// The code says something else.
    #[error("the code was read back as something else")]
    Different,
}

impl Code {
    /// The plain code for `payload`, read back at a few pixels a module.
    ///
    /// # Errors
    ///
    /// As [`Code::proven_as`].
    pub fn proven(payload: &str) -> Result<Self, CodeError> {
        Self::proven_as(payload, &Drawing::default())
    }

    /// The code for `payload`, read back from its pixels: with a logo, from the very ones that `drawing`
    /// leads to. A code that cannot be read with its logo is made without one.
    ///
    /// # Errors
    ///
    /// When the payload is too long, or even the plain code cannot be read back as exactly `payload`.
    pub fn proven_as(payload: &str, drawing: &Drawing) -> Result<Self, CodeError> {
        let with_logo = drawing
            .logo
            .as_ref()
            .filter(|logo| logo.is_ready())
            .and_then(|logo| Self::with_logo(payload, logo).ok())
            .filter(|code| code.fits(drawing.room) && code.prove(payload, drawing.room).is_ok());
        if let Some(code) = with_logo {
            return Ok(code);
        }
        let code = Self::plain(payload)?;
        code.prove(payload, drawing.room)?;

        Ok(code)
    }

    /// Whether a square of `room` pixels has enough for each module, as far as that is known. A plain code
    /// may have fewer modules.
    fn fits(&self, room: Option<u32>) -> bool {
        room.is_none_or(|room| room / self.modules() >= FEWEST_PIXELS)
    }

    fn prove(&self, payload: &str, room: Option<u32>) -> Result<(), CodeError> {
        // Each module of a plain code is a square of one colour at every size. A logo has its lines
        // on other pixels at another size.
        let scale = match room {
            Some(room) if self.logo.is_some() => self.pixels_in(room),
            _ => FEWEST_PIXELS,
        };
        let says = read(&self.picture(scale)).map_err(CodeError::Unreadable)?;

        if says == payload {
            Ok(())
        } else {
            Err(CodeError::Different)
        }
    }

    /// Modules on a side, with the quiet zone.
    pub fn modules(&self) -> u32 {
        self.side + 2 * QUIET_ZONE
    }

    /// The version of the standard's table: 1 to 40.
    pub fn version(&self) -> u32 {
        (self.side - 17) / 4
    }

    /// How much of it may be lost, the logo's clearing included.
    pub fn level(&self) -> Level {
        self.level
    }

    /// How many whole pixels a side of each module has in a square of `room` pixels: never fewer than
    /// phones can read.
    pub fn pixels_in(&self, room: u32) -> u32 {
        (room / self.modules()).max(FEWEST_PIXELS)
    }

    /// What its logo has for itself; `None` without a logo.
    pub fn clearing(&self) -> Option<Clearing> {
        self.logo.as_ref().map(|_| {
            // The side of every code is odd, so an odd number of modules is in its very middle.
            let side = (self.side / LARGEST_LOGO - 1) | 1;

            Clearing {
                start: QUIET_ZONE + (self.side - side) / 2,
                side,
            }
        })
    }

    /// The clearing with the logo in it, on white, `scale` pixels a module: half a module stays white
    /// around the logo. `None` without a logo.
    pub fn emblem(&self, scale: u32) -> Option<RgbaImage> {
        let (logo, clearing) = self.logo.as_ref().zip(self.clearing())?;
        let side = clearing.side * scale;
        let logo = logo.raster(side - scale, side - scale);
        let mut emblem = RgbaImage::from_pixel(side, side, Rgba([LIGHT; 4]));
        imageops::overlay(
            &mut emblem,
            &logo,
            i64::from((side - logo.width()) / 2),
            i64::from((side - logo.height()) / 2),
        );
        // Laying one on the other may lose a trace of opacity.
        emblem.pixels_mut().for_each(|pixel| pixel.0[3] = LIGHT);

        Some(emblem)
    }

    /// The picture of the code with its quiet zone, black on white, `scale` pixels a module.
    pub fn picture(&self, scale: u32) -> GrayImage {
        let size = self.modules() * scale;
        let mut picture = GrayImage::from_fn(size, size, |x, y| {
            let dark = self.is_dark(x / scale, y / scale);

            Luma([if dark { DARK } else { LIGHT }])
        });
        if let Some((emblem, clearing)) = self.emblem(scale).zip(self.clearing()) {
            let start = i64::from(clearing.start * scale);
            imageops::replace(&mut picture, &imageops::grayscale(&emblem), start, start);
        }

        picture
    }

    /// The dark modules as horizontal runs, in modules from the corner of the quiet zone.
    pub fn dark_runs(&self) -> impl Iterator<Item = DarkRun> + '_ {
        (0..self.modules()).flat_map(move |y| {
            let mut x = 0;

            std::iter::from_fn(move || {
                while x < self.modules() && !self.is_dark(x, y) {
                    x += 1;
                }
                let start = x;
                while x < self.modules() && self.is_dark(x, y) {
                    x += 1;
                }

                (x > start).then_some(DarkRun {
                    x: start,
                    y,
                    length: x - start,
                })
            })
        })
    }

    /// Whether the module at column `x` and row `y`, counted with the quiet zone, is dark.
    fn is_dark(&self, x: u32, y: u32) -> bool {
        let inside = QUIET_ZONE..QUIET_ZONE + self.side;
        if !inside.contains(&x) || !inside.contains(&y) {
            return false;
        }
        if self
            .clearing()
            .is_some_and(|clearing| clearing.contains(x, y))
        {
            return false;
        }
        let index = (y - QUIET_ZONE) * self.side + (x - QUIET_ZONE);

        usize::try_from(index)
            .ok()
            .and_then(|index| self.dark.get(index))
            .copied()
            .unwrap_or(false)
    }
}

/// Reads the only code in a picture.
///
/// # Errors
///
/// A sentence that says why no code could be read.
pub fn read(picture: &GrayImage) -> Result<String, String> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        u32::try_from(x)
            .ok()
            .zip(u32::try_from(y).ok())
            .map_or(LIGHT, |(x, y)| picture.get_pixel(x, y).0[0])
    });
    let grids = prepared.detect_grids();
    let grid = grids.first().ok_or("no code was found")?;
    let (_, content) = grid.decode().map_err(|error| error.to_string())?;

    Ok(content)
}

#[cfg(test)]
mod tests;
