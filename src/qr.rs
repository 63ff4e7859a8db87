//! From a payload to a code that is proven readable before anybody sees it.

use image::{GrayImage, Luma};
use qrcode::{EcLevel, QrCode};
use thiserror::Error;

/// The light border around a code that scanners need, in modules.
pub const QUIET_ZONE: u32 = 4;

/// Pixels a module in the picture that is read back; a few are enough for a reader.
const PROOF_SCALE: u32 = 4;

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
    /// Makes the smallest code for `payload` and reads it back.
    ///
    /// Size decides how far away a phone can be, so error correction gets only what the smallest
    /// version has left over.
    ///
    /// # Errors
    ///
    /// When the payload is too long, or the code cannot be read back as exactly `payload`.
    pub fn proven(payload: &str) -> Result<Self, CodeError> {
        let code = Self::made(payload)?;
        let read = code.read_back()?;

        if read == payload {
            Ok(code)
        } else {
            Err(CodeError::Different)
        }
    }

    fn made(payload: &str) -> Result<Self, CodeError> {
        let unfit = |error: qrcode::types::QrError| CodeError::Unfit(error.to_string());
        let smallest = QrCode::with_error_correction_level(payload, EcLevel::L).map_err(unfit)?;
        let code = [EcLevel::H, EcLevel::Q, EcLevel::M]
            .into_iter()
            .find_map(|level| QrCode::with_version(payload, smallest.version(), level).ok())
            .unwrap_or(smallest);
        let side =
            u32::try_from(code.width()).map_err(|error| CodeError::Unfit(error.to_string()))?;

        Ok(Self {
            side,
            dark: code
                .to_colors()
                .into_iter()
                .map(|color| color == qrcode::Color::Dark)
                .collect(),
        })
    }

    /// Modules on a side, with the quiet zone.
    pub fn modules(&self) -> u32 {
        self.side + 2 * QUIET_ZONE
    }

    /// The picture of the code with its quiet zone, black on white, `scale` pixels a module.
    pub fn picture(&self, scale: u32) -> GrayImage {
        let size = self.modules() * scale;

        GrayImage::from_fn(size, size, |x, y| {
            let dark = self.is_dark(x / scale, y / scale);

            Luma([if dark { DARK } else { LIGHT }])
        })
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
        let index = (y - QUIET_ZONE) * self.side + (x - QUIET_ZONE);

        usize::try_from(index)
            .ok()
            .and_then(|index| self.dark.get(index))
            .copied()
            .unwrap_or(false)
    }

    fn read_back(&self) -> Result<String, CodeError> {
        read(&self.picture(PROOF_SCALE)).map_err(CodeError::Unreadable)
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
mod tests {
    use super::*;

    const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";

    #[test]
    fn a_payment_url_fits_into_twenty_nine_modules() {
        let code = Code::proven(URL).expect("a code");
        assert_eq!(code.modules(), 29 + 2 * QUIET_ZONE);
    }

    #[test]
    fn the_quiet_zone_is_light_on_all_four_sides() {
        let picture = Code::proven(URL).expect("a code").picture(1);
        let size = picture.width();
        for (x, y, pixel) in picture.enumerate_pixels() {
            let edge = [x, y, size - 1 - x, size - 1 - y].into_iter().min();
            if edge < Some(QUIET_ZONE) {
                assert_eq!(pixel.0[0], LIGHT, "at {x},{y}");
            }
        }
    }

    #[test]
    fn the_dark_runs_are_exactly_the_dark_pixels() {
        let code = Code::proven(URL).expect("a code");
        let mut drawn = GrayImage::from_pixel(code.modules(), code.modules(), Luma([LIGHT]));
        for run in code.dark_runs() {
            for x in run.x..run.x + run.length {
                drawn.put_pixel(x, run.y, Luma([DARK]));
            }
        }
        assert_eq!(drawn, code.picture(1));
    }

    #[test]
    fn a_damaged_code_is_not_taken_for_proven() {
        let mut code = Code::made(URL).expect("a code");
        code.dark
            .iter_mut()
            .step_by(3)
            .for_each(|dark| *dark = !*dark);
        assert!(code.read_back().is_err());
    }

    #[test]
    fn a_payload_that_fits_no_code_is_an_error() {
        assert!(matches!(
            Code::proven(&"x".repeat(5000)),
            Err(CodeError::Unfit(_))
        ));
    }
}
