//! Reads a logo from an SVG or a PNG file.
//!
//! Links to other files are never followed. If the picture would lack something visible, the file is refused: half
//! a logo must not appear on the counter's screen.
//!
//! A separate process with limited time and memory ([`serve`]) draws the file once, as large as any screen needs.
//! The pixels are kept, and scaled to each size.

mod drawn;
mod svg;
mod worker;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::QrLogo;
use crate::files::bounded_read::{self, ReadError};
use crate::qr::{Logo, LogoPixels, Room};

pub use worker::serve;

/// The largest accepted logo file, in bytes. An SVG of Illustrator is large, because Illustrator packs its own
/// document into the file.
const LARGEST: usize = 8 * 1024 * 1024;

/// This project's own neutral mark: a phone on a disc.
const MARK: &[u8] = include_bytes!("../assets/mark.svg");

/// An error about a logo that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: {fault}", .path.display())]
pub struct LogoError {
    /// The file of the logo.
    pub path: PathBuf,
    /// The fault, and what to do about it.
    pub fault: LogoFault,
}

/// A fault of a logo's file. The message says what to do about it.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum LogoFault {
    #[error("the logo cannot be read: {0}")]
    Unreadable(String),
    #[error("the logo is larger than 8 MiB; simplify it, or save it with fewer pixels")]
    TooLarge,
    #[error("the logo is neither a PNG nor an SVG file: {0}; save it again as one of these")]
    Unknown(String),
    #[error("the PNG cannot be used: {0}; save it again with at most 4096 by 4096 pixels")]
    Png(String),
    #[error("the SVG cannot be used: {0}; save it again as plain SVG")]
    Svg(String),
    /// An SVG with an element that would be missing on the screen.
    #[error("the SVG shows <{0}>, which is not drawn here; {instead}", instead = instead(.0))]
    NotDrawn(String),
    #[error(
        "the SVG has the color {0:?}, which is not drawn here; save it again with sRGB colors, such as #ff0000"
    )]
    Colour(String),
    #[error("the SVG refers to {0:?}; a logo must have everything in one file")]
    Elsewhere(String),
    #[error("the logo is empty; choose another file")]
    Empty,
    #[error(
        "drawing the logo takes more than {} seconds; remove its effects (blur, shadow, texture), or save it as a PNG of about 1000 pixels",
        worker::SECONDS
    )]
    TooSlow,
    #[error(
        "drawing the logo takes too much memory; remove its effects (blur, shadow, texture) and copies, or save it as a PNG of about 1000 pixels"
    )]
    TooMuch,
    #[error(
        "the logo cannot be drawn: {0}; try again, and if that does not help, save it as a PNG"
    )]
    NotStarted(String),
}

impl LogoFault {
    /// Returns whether a faster or less busy machine could draw the logo. Such a fault stops no sale.
    const fn depends_on_machine(&self) -> bool {
        matches!(self, Self::TooSlow | Self::TooMuch | Self::NotStarted(_))
    }

    fn of(self, path: &Path) -> LogoError {
        LogoError {
            path: path.to_owned(),
            fault: self,
        }
    }
}

/// Says what to do about an element that is not drawn.
fn instead(element: &str) -> &'static str {
    match element {
        "image" | "feImage" => "save the logo as a PNG, or draw that picture with paths",
        _ => "convert it to paths and save it again",
    }
}

/// Reads a logo from a file and draws it, as large as `room` at most.
///
/// # Errors
///
/// If the file cannot be read, is larger than 8 MiB, takes too long, or cannot be drawn as a whole.
pub fn load(path: &Path, room: Room) -> Result<Logo, LogoError> {
    let read = || worker::draw(&bytes(path)?, room);

    read().map(Logo::from).map_err(|fault| fault.of(path))
}

/// As [`load`], but waits no longer than `patience`. A logo that is not drawn by then is returned all the same: it
/// becomes ready later or never, and the log says why.
///
/// # Errors
///
/// As [`load`], if the fault is in the file and is found before the wait ends.
pub fn load_within(path: &Path, room: Room, patience: Duration) -> Result<Arc<Logo>, LogoError> {
    let stamp = Stamp::of(path, room);
    if let Some(known) = stamp.as_ref().and_then(known) {
        // The logo may still be unready: if a logo has been late once, no later sale waits for it.
        return Ok(known);
    }
    let logo = Arc::new(Logo::unready());
    let (tell, told) = mpsc::channel();
    let (file, later) = (path.to_owned(), Arc::clone(&logo));
    let load_now = move || {
        let drawn = bytes(&file).and_then(|bytes| worker::draw(&bytes, room));
        let fault = drawn.as_ref().err().cloned();
        later.settle(drawn.ok());
        if let (Err(_), Some(fault)) = (tell.send(fault.clone()), fault) {
            let error = fault.of(&file);
            tracing::warn!("the sale goes on without a logo: {error}");
        }
    };
    let thread = thread::Builder::new().name("logo".to_owned());
    if thread.spawn(load_now).is_err() {
        return load(path, room).map(Arc::new);
    }

    let fault = told.recv_timeout(patience).unwrap_or_else(|_| {
        tracing::warn!(
            "{}: the logo is not drawn yet; the sale goes on without it until it is",
            path.display()
        );

        None
    });
    if let Some(stamp) = stamp {
        keep(stamp, &logo);
    }
    match fault.map(|fault| fault.of(path)) {
        Some(error) if !error.fault.depends_on_machine() => return Err(error),
        Some(error) => tracing::warn!("the sale goes on without a logo: {error}"),
        None => {}
    }

    Ok(logo)
}

/// Returns the configured logo for the middle of a code. Reads no file if no logo is configured.
///
/// # Errors
///
/// As [`load`].
pub fn of_code(configured: &QrLogo) -> Result<Option<Logo>, LogoError> {
    match configured {
        QrLogo::None => Ok(None),
        QrLogo::Mark => mark().map(Some),
        QrLogo::File(path) => load(path, Room::CODE).map(Some),
    }
}

/// Draws a logo from the bytes of an SVG or a PNG file, in this process.
///
/// # Errors
///
/// If the whole logo cannot be drawn.
pub fn from_bytes(bytes: &[u8]) -> Result<Logo, LogoFault> {
    LogoPixels::from_file(bytes, Room::CODE).map(Logo::from)
}

/// Returns this project's own mark as a logo.
///
/// # Errors
///
/// As [`from_bytes`].
pub fn mark() -> Result<Logo, LogoError> {
    from_bytes(MARK).map_err(|fault| fault.of(Path::new("mark")))
}

/// The state of a file when its logo was read.
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

/// The logos that were loaded last. A resident display needs the same logos for every sale.
static LOADED: Mutex<Vec<(Stamp, Arc<Logo>)>> = Mutex::new(Vec::new());

fn known(stamp: &Stamp) -> Option<Arc<Logo>> {
    let loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);

    loaded
        .iter()
        .find(|(known, _)| known == stamp)
        .map(|(_, logo)| Arc::clone(logo))
}

fn keep(stamp: Stamp, logo: &Arc<Logo>) {
    /// The logo in the code and the shop's logo.
    const KEPT: usize = 2;
    // A logo that could not be drawn is not kept: the next try may succeed, for example on a machine that is less
    // busy by then.
    if logo.is_given_up() {
        return;
    }
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    loaded.retain(|(known, _)| known.path != stamp.path || known.room != stamp.room);
    loaded.truncate(KEPT - 1);
    loaded.insert(0, (stamp, Arc::clone(logo)));
}

fn bytes(path: &Path) -> Result<Vec<u8>, LogoFault> {
    bounded_read::bytes(path, LARGEST).map_err(|error| match error {
        ReadError::TooLarge(_) => LogoFault::TooLarge,
        error => LogoFault::Unreadable(error.to_string()),
    })
}

#[cfg(test)]
mod tests;
