//! A logo, from an SVG or a PNG file, drawn at exactly the pixels that it is needed at.
//!
//! What a file refers to outside itself is never fetched, and what this program cannot draw is refused
//! instead of left out, so that nobody finds half a logo on the counter's screen.

mod png;
mod svg;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use image::RgbaImage;
use thiserror::Error;

use crate::bounded_read::{self, ReadError};
use crate::config::QrLogo;

/// The largest file that is taken for a logo, in bytes.
const LARGEST: usize = 1024 * 1024;

/// This project's own neutral mark: a phone on a disc.
const MARK: &[u8] = include_bytes!("../assets/mark.svg");

/// A logo that can be drawn. Two are the same when their files are.
pub struct Logo {
    drawing: Drawing,
    bytes: Vec<u8>,
}

enum Drawing {
    Svg(Box<resvg::usvg::Tree>),
    /// With its colours multiplied by their opacity.
    Png(RgbaImage),
}

/// Why a file is not used as a logo.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: {fault}", .path.display())]
pub struct LogoError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: LogoFault,
}

/// What is wrong with a logo, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LogoFault {
    /// The system would not give it out.
    #[error("the logo cannot be read: {0}")]
    Unreadable(String),
    /// It has more bytes than a logo needs.
    #[error("the logo is larger than 1 MiB; simplify it, or save it with fewer pixels")]
    TooLarge,
    /// It is no PNG, and no SVG either.
    #[error("the logo is neither a PNG nor an SVG file: {0}; save it again as one of these")]
    Unknown(String),
    /// A PNG that is broken, or has too many pixels.
    #[error("the PNG cannot be used: {0}; save it again with at most 4096 by 4096 pixels")]
    Png(String),
    /// An SVG that is broken.
    #[error("the SVG cannot be used: {0}; save it again as plain SVG")]
    Svg(String),
    /// An SVG with something in it that would be missing on the screen.
    #[error(
        "the SVG has <{0}> in it, which is not drawn here; convert it to paths and save it again"
    )]
    NotDrawn(String),
    /// An SVG that needs another file.
    #[error("the SVG refers to {0:?}; a logo must have everything in one file")]
    Elsewhere(String),
    /// There is nothing in it.
    #[error("the logo is empty; choose another file")]
    Empty,
}

impl Logo {
    /// Reads a logo from a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than 1 MiB, or cannot be drawn as a whole.
    pub fn load(path: &Path) -> Result<Self, LogoError> {
        let read = || Self::from_bytes(bytes(path)?);

        read().map_err(|fault| LogoError {
            path: path.to_owned(),
            fault,
        })
    }

    /// What stands in the middle of a code. Nothing is read where nothing is configured.
    ///
    /// # Errors
    ///
    /// As [`Logo::load`].
    pub fn of_code(configured: &QrLogo) -> Result<Option<Self>, LogoError> {
        match configured {
            QrLogo::None => Ok(None),
            QrLogo::Mark => Self::mark().map(Some),
            QrLogo::File(path) => Self::load(path).map(Some),
        }
    }

    /// A logo from what a file has in it. Whether that is SVG or PNG is seen in the bytes.
    ///
    /// # Errors
    ///
    /// When it cannot be drawn as a whole.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, LogoFault> {
        let drawing = if png::is_png(&bytes) {
            Drawing::Png(png::read(&bytes)?)
        } else {
            Drawing::Svg(Box::new(svg::read(&bytes)?))
        };

        Ok(Self { drawing, bytes })
    }

    /// This project's own mark.
    ///
    /// # Errors
    ///
    /// None that a release could have: it is built in, and a test reads it.
    pub fn mark() -> Result<Self, LogoError> {
        Self::from_bytes(MARK.to_vec()).map_err(|fault| LogoError {
            path: PathBuf::from("mark"),
            fault,
        })
    }

    /// The logo in its own proportions, as large as fits into `width` by `height` device pixels; at least
    /// one pixel each way.
    pub fn raster(&self, width: u32, height: u32) -> RgbaImage {
        let (width, height) = self.size_in(width, height);

        match &self.drawing {
            Drawing::Svg(tree) => svg::raster(tree, width, height),
            Drawing::Png(picture) => png::raster(picture, width, height),
        }
    }

    /// The width and the height that [`Logo::raster`] has in this room.
    pub fn size_in(&self, width: u32, height: u32) -> (u32, u32) {
        let (own_width, own_height) = self.proportions();
        let scale = (f64::from(width) / own_width).min(f64::from(height) / own_height);

        (
            whole(own_width * scale, width),
            whole(own_height * scale, height),
        )
    }

    fn proportions(&self) -> (f64, f64) {
        match &self.drawing {
            Drawing::Svg(tree) => (
                f64::from(tree.size().width()),
                f64::from(tree.size().height()),
            ),
            Drawing::Png(picture) => (f64::from(picture.width()), f64::from(picture.height())),
        }
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logo")
            .field("proportions", &self.proportions())
            .finish_non_exhaustive()
    }
}

impl PartialEq for Logo {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Logo {}

impl Hash for Logo {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

/// The nearest whole number of pixels from one to `most`.
fn whole(length: f64, most: u32) -> u32 {
    let most = most.max(1);

    length.round().clamp(1.0, f64::from(most)) as u32
}

fn bytes(path: &Path) -> Result<Vec<u8>, LogoFault> {
    bounded_read::bytes(path, LARGEST).map_err(|error| match error {
        ReadError::TooLarge(_) => LogoFault::TooLarge,
        error => LogoFault::Unreadable(error.to_string()),
    })
}

#[cfg(test)]
mod tests;
