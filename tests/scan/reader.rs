//! Two libraries that have nothing in common: rqrr, after quirc, and rxing, after ZXing.
//!
//! rqrr looks at the frame as it is. rxing looks at smaller copies of it too, as phones' scanners do: in
//! noise, it sees nothing in a frame whose modules are many pixels wide.

use image::GrayImage;
use rxing::BarcodeFormat;

/// What rqrr takes for a code.
pub(crate) struct Found {
    /// From the upper left one onwards, in pixels.
    pub(crate) corners: [rqrr::Point; 4],
    pub(crate) says: Option<String>,
}

/// All that rqrr takes for codes.
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

/// What looks for a code in a frame.
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

    /// Whether there is a code in the frame that says exactly this.
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
