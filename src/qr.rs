//! QR codes that are proven readable before they are shown.

mod logo;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use image::{GrayImage, Luma, Rgba, RgbaImage, imageops};
use qrcode::{Color, EcLevel, QrCode};
use thiserror::Error;

pub use logo::{Logo, Room};
pub(crate) use logo::{LogoPixels, resized, scaled};

/// The light border around a code that scanners need, in modules.
pub const QUIET_ZONE: u32 = 4;

/// The fewest pixels for each module that phones can read at arm's length. If the size on the screen is unknown,
/// the code is proven with this many.
pub const FEWEST_PIXELS: u32 = 4;

/// A logo's side is at most the code's width divided by this.
const LARGEST_LOGO: u32 = 5;

const DARK: u8 = 0;
const LIGHT: u8 = 255;

/// A QR code that was read back from its pixels, by another library than the one that made it, as exactly its
/// payload.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code {
    /// Modules on a side, without the quiet zone.
    side: u32,
    /// The modules row by row; `true` is dark.
    dark: Vec<bool>,
    level: Level,
    logo: Option<Arc<Logo>>,
}

/// The way in which a code will be drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The logo in the middle of the code.
    pub logo: Option<Arc<Logo>>,
    /// The side of the code's square on the screen, in device pixels, if it is known.
    pub room: Option<u32>,
}

/// The level of error correction: the share of the code that may be lost.
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

impl Level {
    const HIGHEST_FIRST: [Self; 4] = [Self::High, Self::Quartile, Self::Medium, Self::Low];

    fn as_made(self) -> EcLevel {
        match self {
            Self::Low => EcLevel::L,
            Self::Medium => EcLevel::M,
            Self::Quartile => EcLevel::Q,
            Self::High => EcLevel::H,
        }
    }
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

/// A run of dark modules next to each other in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DarkRun {
    /// The column of the first module, counted with the quiet zone.
    pub x: u32,
    /// The row, counted with the quiet zone.
    pub y: u32,
    /// The number of modules.
    pub length: u32,
}

/// The square in the middle of a code that is kept free for its logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clearing {
    /// The column and the row of the upper left module, counted with the quiet zone; both are equal.
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

/// The reason why no code could be made.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodeError {
    #[error("the payload does not fit into a QR code: {0}")]
    Unfit(String),
    #[error("the code cannot be read back: {0}")]
    Unreadable(String),
    #[error("the code was read back as something else")]
    Different,
}

impl Code {
    /// Returns the plain code for `payload`, read back at a few pixels for each module.
    ///
    /// # Errors
    ///
    /// As [`Code::proven_as`].
    pub fn proven(payload: &str) -> Result<Self, CodeError> {
        Self::proven_as(payload, &Drawing::default())
    }

    /// Returns the code for `payload`, read back from the pixels that `drawing` describes, logo included. If the
    /// code cannot be read with its logo, returns a code without one.
    ///
    /// # Errors
    ///
    /// If the payload is too long, or even the plain code cannot be read back as exactly `payload`.
    pub fn proven_as(payload: &str, drawing: &Drawing) -> Result<Self, CodeError> {
        let with_logo = drawing
            .logo
            .as_ref()
            .filter(|logo| logo.is_ready())
            // Level M can restore what the logo covers, and as much again.
            .and_then(|logo| Self::made(payload, Level::Medium, Some(Arc::clone(logo))).ok())
            .filter(|code| code.fits(drawing.room) && code.prove(payload, drawing.room).is_ok());
        if let Some(code) = with_logo {
            return Ok(code);
        }
        let code = Self::made(payload, Level::Low, None)?;
        code.prove(payload, drawing.room)?;

        Ok(code)
    }

    /// Makes the smallest version with at least the error correction `least`, because the module size decides how
    /// far away a phone can be. Uses a higher level only if that version has room for it.
    fn made(payload: &str, least: Level, logo: Option<Arc<Logo>>) -> Result<Self, CodeError> {
        let smallest = QrCode::with_error_correction_level(payload, least.as_made())
            .map_err(|error| CodeError::Unfit(error.to_string()))?;
        let version = smallest.version();
        let of_level = |level: Level| {
            let code = QrCode::with_version(payload, version, level.as_made()).ok()?;

            Some((code, level))
        };
        let (code, level) = Level::HIGHEST_FIRST
            .into_iter()
            .filter(|level| *level > least)
            .find_map(of_level)
            .unwrap_or((smallest, least));
        let dark = |color| color == Color::Dark;

        Ok(Self {
            side: code.width() as u32,
            dark: code.into_colors().into_iter().map(dark).collect(),
            level,
            logo,
        })
    }

    /// Whether a square of `room` pixels is large enough for the modules; true if `room` is unknown. A code that
    /// does not fit is made without its logo, which may need fewer modules.
    fn fits(&self, room: Option<u32>) -> bool {
        room.is_none_or(|room| room / self.modules() >= FEWEST_PIXELS)
    }

    fn prove(&self, payload: &str, room: Option<u32>) -> Result<(), CodeError> {
        // A plain code is proven at one size: each module is a square of one colour at every size. A logo's lines
        // fall on other pixels at each size.
        let scale = match room {
            Some(room) if self.logo.is_some() => self.pixels_in(room),
            _ => FEWEST_PIXELS,
        };
        let picture = self.picture(scale);
        let is_known = self.logo.is_none() && found_sizes().contains(&self.side);
        let says = if is_known {
            read_in_place(&picture, self.side, scale)
        } else {
            read(&picture)
        };
        if says.map_err(CodeError::Unreadable)? != payload {
            return Err(CodeError::Different);
        }
        if self.logo.is_none() {
            found_sizes().insert(self.side);
        }

        Ok(())
    }

    /// Returns the modules on a side, with the quiet zone.
    pub fn modules(&self) -> u32 {
        self.side + 2 * QUIET_ZONE
    }

    /// Returns the version in the standard's table: 1 to 40.
    pub fn version(&self) -> u32 {
        (self.side - 17) / 4
    }

    /// Returns the level of error correction. The logo uses up a part of it.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns the number of whole pixels for each module in a square of `room` pixels; never fewer than phones
    /// can read.
    pub fn pixels_in(&self, room: u32) -> u32 {
        (room / self.modules()).max(FEWEST_PIXELS)
    }

    /// Returns the square that is kept free for the logo; `None` without a logo.
    pub fn clearing(&self) -> Option<Clearing> {
        self.logo.as_ref().map(|_| {
            // The side of every code is odd, so only an odd clearing can be exactly in the middle.
            let side = (self.side / LARGEST_LOGO - 1) | 1;

            Clearing {
                start: QUIET_ZONE + (self.side - side) / 2,
                side,
            }
        })
    }

    /// Returns the clearing as a picture: the logo on white, `scale` pixels a module, with a white margin of half
    /// a module. `None` without a logo.
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
        // Drawing the logo over the white may leave pixels that are slightly transparent.
        emblem.pixels_mut().for_each(|pixel| pixel.0[3] = LIGHT);

        Some(emblem)
    }

    /// Returns the picture of the code with its quiet zone, black on white, `scale` pixels a module.
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

    /// Returns the dark modules as horizontal runs, in modules from the corner of the quiet zone.
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
        let is_cleared = |clearing: Clearing| clearing.contains(x, y);
        if self.clearing().is_some_and(is_cleared) {
            return false;
        }
        let index = (y - QUIET_ZONE) * self.side + (x - QUIET_ZONE);

        self.dark.get(index as usize).copied().unwrap_or(false)
    }
}

/// The sizes, in modules on a side, of the plain codes that the reader has found in their pictures.
///
/// A reader finds a code by its squares and lines, which are the same in all codes of a size. Finding them takes ten
/// times as long as reading what the modules say. So finding is proven once for a size, and the content of each code
/// is proven at its modules' places.
fn found_sizes() -> MutexGuard<'static, BTreeSet<u32>> {
    static FOUND: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the reader find a code as long as a payment request's usual one, so that it need not do so once the customer
/// waits for the code.
///
/// # Errors
///
/// If the code cannot be read back.
pub fn find_usual_size() -> Result<(), CodeError> {
    const AS_LONG: &str = "https://app.centrapay.com/pay/0000000000000000000000";

    Code::proven(AS_LONG).map(drop)
}

/// Reads a plain code whose modules' places in the picture are known: `side` modules of `scale` pixels, within the
/// quiet zone.
fn read_in_place(picture: &GrayImage, side: u32, scale: u32) -> Result<String, String> {
    let middle = |module: usize| (module as u32 + QUIET_ZONE) * scale + scale / 2;
    let is_dark = |x, y| {
        let pixel = picture.get_pixel_checked(middle(x), middle(y));

        pixel.is_some_and(|Luma([light])| *light < LIGHT / 2)
    };
    let grid = rqrr::SimpleGrid::from_func(side as usize, is_dark);
    let decoded = rqrr::Grid::new(grid).decode();

    Ok(decoded.map_err(|error| error.to_string())?.1)
}

/// Reads the only code in a picture.
///
/// # Errors
///
/// A sentence that says why no code could be read.
pub fn read(picture: &GrayImage) -> Result<String, String> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.as_raw();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        pixels.get(y * width + x).copied().unwrap_or(LIGHT)
    });
    let grids = prepared.detect_grids();
    let grid = grids.first().ok_or("no code was found")?;
    let (_, content) = grid.decode().map_err(|error| error.to_string())?;

    Ok(content)
}

#[cfg(test)]
mod tests;
