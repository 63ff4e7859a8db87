//! A picture of the screen: its code, and the words around it.

use std::ops::Range;

use patron_display::qr::QUIET_ZONE;

/// A pixel whose green value differs by more than this from the background is ink.
const FAINTEST_INK: u8 = 0x30;
/// Modules on a side of a code are this many and four for each version.
const FEWEST_MODULES: usize = 17;

/// The green values of a screen's pixels.
pub(crate) struct Picture {
    width: usize,
    pixels: Vec<u8>,
}

/// A code that can be read.
#[derive(Debug)]
pub(crate) struct ReadCode {
    pub(crate) content: String,
    /// The square with its quiet zone, in pixels.
    square: [Range<usize>; 2],
}

impl Picture {
    pub(crate) fn new(width: usize, pixels: Vec<u8>) -> Self {
        Self { width, pixels }
    }

    /// Returns the code in the picture, or `None` if none can be read.
    pub(crate) fn code(&self) -> Option<ReadCode> {
        let height = self.pixels.len() / self.width;
        let mut prepared =
            rqrr::PreparedImage::prepare_from_greyscale(self.width, height, |x, y| {
                self.pixels[y * self.width + x]
            });
        let grid = prepared.detect_grids().into_iter().next()?;
        let (meta, content) = grid.decode().ok()?;
        let modules = FEWEST_MODULES + 4 * meta.version.0;
        let around = |place: fn(&rqrr::Point) -> i32| {
            let places = grid.bounds.iter().map(place);
            let (least, most) = (places.clone().min()?, places.max()?);
            let (least, most) = (least.max(0) as usize, most.max(0) as usize);
            let quiet_zone = (most - least) * QUIET_ZONE as usize / modules;

            Some(least.saturating_sub(quiet_zone)..most + quiet_zone)
        };

        Some(ReadCode {
            content,
            square: [around(|at| at.x)?, around(|at| at.y)?],
        })
    }

    /// Whether the square of `code` looks the same in `other`.
    pub(crate) fn has_same_code(&self, other: &Self, code: &ReadCode) -> bool {
        self.pairs(other)
            .filter(|(at, _)| code.covers(*at))
            .all(|(_, [own, other])| own == other)
    }

    /// Returns the share of the ink of `later` outside the code that is missing in this picture, from 0 to 1.
    pub(crate) fn missing_words(&self, later: &Self, code: &ReadCode) -> f64 {
        let outside = || self.pairs(later).filter(|(at, _)| !code.covers(*at));
        let mut counts = [0_u32; 256];
        for (_, [_, later]) in outside() {
            counts[usize::from(later)] += 1;
        }
        let background = (0..=u8::MAX).max_by_key(|green| counts[usize::from(*green)]);
        let is_ink = |green: u8| green.abs_diff(background.unwrap_or(u8::MAX)) > FAINTEST_INK;
        let ink = outside().filter(|(_, [_, later])| is_ink(*later));
        let (all, missing) = ink.fold((0_u32, 0_u32), |(all, missing), (_, [own, _])| {
            (all + 1, missing + u32::from(!is_ink(own)))
        });

        f64::from(missing) / f64::from(all)
    }

    /// Returns the place of each pixel with its value in this picture and in another of the same size.
    fn pairs(&self, other: &Self) -> impl Iterator<Item = ([usize; 2], [u8; 2])> {
        let width = self.width;
        let pairs = self.pixels.iter().zip(&other.pixels).enumerate();

        pairs.map(move |(index, (own, other))| ([index % width, index / width], [*own, *other]))
    }
}

impl ReadCode {
    fn covers(&self, [x, y]: [usize; 2]) -> bool {
        self.square[0].contains(&x) && self.square[1].contains(&y)
    }
}
