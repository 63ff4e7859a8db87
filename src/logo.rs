//! A logo, from an SVG or a PNG file.
//!
//! What a file refers to outside itself is never fetched. A file is refused if something that can be seen would be
//! missing from the picture, so that nobody finds half a logo on the counter's screen.
//!
//! A file is drawn once, as large as any screen needs it, by a process that can take only so much time and memory
//! ([`serve`]). What is left of it are pixels, which are scaled to each size and kept.

mod drawn;
mod png;
mod svg;
mod worker;

use std::fmt;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use image::RgbaImage;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::SetOnce;

use crate::bounded_read::{self, ReadError};
use crate::config::QrLogo;
use drawn::Drawn;

pub use worker::serve;

/// The largest file that is taken for a logo, in bytes. Illustrator packs its own document into an SVG.
const LARGEST: usize = 8 * 1024 * 1024;

/// This project's own neutral mark: a phone on a disc.
const MARK: &[u8] = include_bytes!("../assets/mark.svg");

/// The largest size in which a logo is kept, in device pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    width: u32,
    height: u32,
}

impl Room {
    /// In the middle of a code, on the largest screens.
    pub const CODE: Self = Self {
        width: 512,
        height: 512,
    };
    /// Over the shop's name between sales, on the largest screens.
    pub const SHOP: Self = Self {
        width: 2688,
        height: 960,
    };

    /// The size of something with these proportions that fits in; at least a pixel each way.
    fn fit(self, own_width: f64, own_height: f64) -> (u32, u32) {
        let scale = (f64::from(self.width) / own_width).min(f64::from(self.height) / own_height);

        (
            whole(own_width * scale, self.width),
            whole(own_height * scale, self.height),
        )
    }
}

/// A logo. It may not be drawn yet: the screens go on without it until it is ([`Logo::is_ready`]).
pub struct Logo {
    drawn: SetOnce<Result<Drawn, LogoFault>>,
    /// The sizes that were asked for last.
    scaled: Mutex<Vec<RgbaImage>>,
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
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum LogoFault {
    /// The system would not give it out.
    #[error("the logo cannot be read: {0}")]
    Unreadable(String),
    /// It has more bytes than a logo needs.
    #[error("the logo is larger than 8 MiB; simplify it, or save it with fewer pixels")]
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
    #[error("the SVG shows <{0}>, which is not drawn here; {instead}", instead = instead(.0))]
    NotDrawn(String),
    /// An SVG with a colour that the drawing library does not know.
    #[error(
        "the SVG has the color {0:?}, which is not drawn here; save it again with sRGB colors, such as #ff0000"
    )]
    Colour(String),
    /// An SVG that needs another file.
    #[error("the SVG refers to {0:?}; a logo must have everything in one file")]
    Elsewhere(String),
    /// There is nothing in it.
    #[error("the logo is empty; choose another file")]
    Empty,
    /// Drawing it takes too long.
    #[error(
        "drawing the logo takes more than {} seconds; remove its effects (blur, shadow, texture), or save it as a PNG of some 1000 pixels",
        worker::SECONDS
    )]
    TooSlow,
    /// Drawing it takes too much memory, or is beyond what the drawing library can do.
    #[error(
        "drawing the logo takes too much memory; remove its effects (blur, shadow, texture) and copies, or save it as a PNG of some 1000 pixels"
    )]
    TooMuch,
    /// It could not be drawn, whatever is in it.
    #[error(
        "the logo cannot be drawn: {0}; try again, and if that does not help, save it as a PNG"
    )]
    NotStarted(String),
}

impl LogoFault {
    /// Whether a faster machine, or one with less to do, would draw it. That stops no sale.
    const fn depends_on_machine(&self) -> bool {
        matches!(self, Self::TooSlow | Self::TooMuch | Self::NotStarted(_))
    }
}

/// What to do about an element that is not drawn.
fn instead(element: &str) -> &'static str {
    match element {
        "image" | "feImage" => "save the logo as a PNG, or draw that picture with paths",
        _ => "convert it to paths and save it again",
    }
}

impl Logo {
    /// Reads a logo from a file and draws it, as large as `room` at most.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than 8 MiB, takes too long, or cannot be drawn as a whole.
    pub fn load(path: &Path, room: Room) -> Result<Self, LogoError> {
        let read = || worker::draw(&bytes(path)?, room);

        read().map(Self::from).map_err(|fault| LogoError {
            path: path.to_owned(),
            fault,
        })
    }

    /// As [`Logo::load`], but after `patience` the logo is given out as it is. It then gets ready later, or never, and
    /// the log says why.
    ///
    /// # Errors
    ///
    /// As [`Logo::load`], as far as that is known by then and is the file's own fault.
    pub fn load_within(
        path: &Path,
        room: Room,
        patience: Duration,
    ) -> Result<Arc<Self>, LogoError> {
        let stamp = Stamp::of(path, room);
        if let Some(known) = stamp.as_ref().and_then(known) {
            // One that was late once does not stop a sale later, whatever became of it.
            return Ok(known);
        }
        let logo = Arc::new(Self::unready());
        let (tell, told) = mpsc::channel();
        let (file, later) = (path.to_owned(), Arc::clone(&logo));
        let load = move || {
            let drawn = bytes(&file).and_then(|bytes| worker::draw(&bytes, room));
            let fault = drawn.as_ref().err().cloned();
            let _ = later.drawn.set(drawn);
            if let (Err(_), Some(fault)) = (tell.send(fault.clone()), fault) {
                let error = LogoError { path: file, fault };
                tracing::warn!("the sale goes on without a logo: {error}");
            }
        };
        if thread::Builder::new()
            .name("logo".to_owned())
            .spawn(load)
            .is_err()
        {
            return Self::load(path, room).map(Arc::new);
        }

        if told.recv_timeout(patience).is_err() {
            tracing::warn!(
                "{}: the logo is not drawn yet; the sale goes on without it until it is",
                path.display()
            );
        }
        if let Some(stamp) = stamp {
            keep(stamp, &logo);
        }

        logo.unrefused(path)
    }

    /// The logo, unless it is known by now that its file is at fault.
    fn unrefused(self: Arc<Self>, path: &Path) -> Result<Arc<Self>, LogoError> {
        let Some(Err(fault)) = self.drawn.get() else {
            return Ok(self);
        };
        let error = LogoError {
            path: path.to_owned(),
            fault: fault.clone(),
        };
        if fault.depends_on_machine() {
            tracing::warn!("the sale goes on without a logo: {error}");

            return Ok(self);
        }

        Err(error)
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
            QrLogo::File(path) => Self::load(path, Room::CODE).map(Some),
        }
    }

    /// A logo from what a file has in it, drawn in this process. Whether that is SVG or PNG is seen in the bytes.
    ///
    /// # Errors
    ///
    /// When it cannot be drawn as a whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LogoFault> {
        Drawn::from_bytes(bytes, Room::CODE).map(Self::from)
    }

    /// This project's own mark.
    ///
    /// # Errors
    ///
    /// None that a release could have: it is built in, and a test reads it.
    pub fn mark() -> Result<Self, LogoError> {
        Self::from_bytes(MARK).map_err(|fault| LogoError {
            path: PathBuf::from("mark"),
            fault,
        })
    }

    fn unready() -> Self {
        Self {
            drawn: SetOnce::new(),
            scaled: Mutex::default(),
        }
    }

    /// Whether it can be drawn now.
    pub fn is_ready(&self) -> bool {
        self.drawn().is_some()
    }

    /// Waits until it is ready, or never will be.
    pub async fn settled(&self) {
        self.drawn.wait().await;
    }

    fn drawn(&self) -> Option<&Drawn> {
        self.drawn.get()?.as_ref().ok()
    }

    /// The logo in its own proportions, as large as fits into `width` by `height` device pixels; at least
    /// one pixel each way. Clear while it is not ready.
    pub fn raster(&self, width: u32, height: u32) -> RgbaImage {
        /// A code's, the head's, the idle screen's, and one more.
        const KEPT: usize = 4;
        let (width, height) = self.size_in(width, height);
        let Some(drawn) = self.drawn() else {
            return RgbaImage::new(width, height);
        };
        let mut kept = self.scaled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept
            .iter()
            .find(|picture| picture.dimensions() == (width, height))
        {
            return known.clone();
        }
        let mut picture = png::resized(drawn.pixels.clone(), width, height);
        png::unmultiply(&mut picture);
        kept.truncate(KEPT - 1);
        kept.insert(0, picture.clone());

        picture
    }

    /// The width and the height that [`Logo::raster`] has in this room.
    pub fn size_in(&self, width: u32, height: u32) -> (u32, u32) {
        let (own_width, own_height) = self.drawn().map_or((1.0, 1.0), |drawn| drawn.own);

        Room { width, height }.fit(own_width, own_height)
    }
}

/// A file as it was when its logo was read.
#[derive(PartialEq)]
struct Stamp {
    path: PathBuf,
    room: Room,
    length: u64,
    modified: SystemTime,
}

impl Stamp {
    fn of(path: &Path, room: Room) -> Option<Self> {
        let found = fs::metadata(path).ok()?;

        Some(Self {
            path: path.to_owned(),
            room,
            length: found.len(),
            modified: found.modified().ok()?,
        })
    }
}

/// The logos that were loaded last: a resident display needs the same ones for every sale.
static LOADED: Mutex<Vec<(Stamp, Arc<Logo>)>> = Mutex::new(Vec::new());

fn known(stamp: &Stamp) -> Option<Arc<Logo>> {
    let loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);

    loaded
        .iter()
        .find(|(known, _)| known == stamp)
        .map(|(_, logo)| Arc::clone(logo))
}

fn keep(stamp: Stamp, logo: &Arc<Logo>) {
    /// The code's and the shop's.
    const KEPT: usize = 2;
    // What could not be drawn may be drawn at the next try, on a machine that has less to do.
    if matches!(logo.drawn.get(), Some(Err(_))) {
        return;
    }
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    loaded.retain(|(known, _)| known.path != stamp.path || known.room != stamp.room);
    loaded.truncate(KEPT - 1);
    loaded.insert(0, (stamp, Arc::clone(logo)));
}

impl From<Drawn> for Logo {
    fn from(drawn: Drawn) -> Self {
        Self {
            drawn: SetOnce::new_with(Some(Ok(drawn))),
            scaled: Mutex::default(),
        }
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logo")
            .field("proportions", &self.drawn().map(|drawn| drawn.own))
            .finish_non_exhaustive()
    }
}

/// Two are the same when they look the same.
impl PartialEq for Logo {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || (self.is_ready() && self.drawn() == other.drawn())
    }
}

impl Eq for Logo {}

/// What it looks like may not be known yet, so all have one hash.
impl Hash for Logo {
    fn hash<H: Hasher>(&self, _: &mut H) {}
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
