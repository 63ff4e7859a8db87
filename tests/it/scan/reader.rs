//! Two independent decoders: rqrr, a port of quirc, and rxing, a port of ZXing.
//!
//! rqrr searches only the frame itself. rxing also searches smaller copies of the frame, as phones' scanners
//! do, because rxing finds nothing in a noisy frame whose modules are many pixels wide.

use image::GrayImage;
use rxing::BarcodeFormat;

/// A code that rqrr found.
pub(crate) struct Found {
    /// The corners in pixels; the first is the upper left one.
    pub(crate) corners: [rqrr::Point; 4],
    pub(crate) says: Option<String>,
}

/// Returns every code that rqrr finds.
pub(crate) fn found(frame: &GrayImage) -> Vec<Found> {
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        frame.get_pixel(x as u32, y as u32).0[0]
    });

    prepared
        .detect_grids()
        .into_iter()
        .map(|grid| Found {
            corners: grid.bounds,
            says: grid.decode().ok().map(|(_, says)| says),
        })
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    Rqrr,
    Rxing,
}

impl Reader {
    pub(crate) const ALL: [Self; 2] = [Self::Rqrr, Self::Rxing];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rqrr => "rqrr",
            Self::Rxing => "rxing",
        }
    }

    /// Whether the frame has a code with exactly this content.
    pub(crate) fn reads(self, frame: &GrayImage, says: &str) -> bool {
        match self {
            Self::Rqrr => found(frame)
                .iter()
                .any(|found| found.says.as_deref() == Some(says)),
            Self::Rxing => {
                let (width, height) = frame.dimensions();
                let format = Some(BarcodeFormat::QR_CODE);

                rxing::helpers::detect_in_luma_filtered(frame.to_vec(), width, height, format)
                    .is_ok_and(|found| found.getText() == says)
            }
        }
    }
}
