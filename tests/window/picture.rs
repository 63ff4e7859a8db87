//! What can be said of a picture of the screen.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use image::{GrayImage, Rgb, RgbImage, imageops};
use patron_display::qr;

use crate::process::{PATIENCE, Process};

/// The grounds of the screens, as the light theme has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// Nobody is served, or nothing is decided.
    Calm,
    /// Paid.
    Good,
    /// Ended without payment: expired or cancelled.
    Ended,
}

impl Ground {
    fn color(self) -> Rgb<u8> {
        match self {
            Self::Calm => Rgb([0xf4, 0xf6, 0xf8]),
            Self::Good => Rgb([0x0a, 0x55, 0x35]),
            Self::Ended => Rgb([0x26, 0x32, 0x3d]),
        }
    }

    /// The share of the picture that has this ground, from 0 to 1.
    pub(crate) fn share(self, picture: &RgbImage) -> f64 {
        let color = self.color();
        let same = picture.pixels().filter(|pixel| **pixel == color).count();

        same as f64 / f64::from(picture.width() * picture.height())
    }
}

/// Whether the band of a test shop goes across the top of the screen.
pub(crate) fn has_band(picture: &RgbImage) -> bool {
    const BAND: Rgb<u8> = Rgb([0x4a, 0x21, 0x78]);

    [0, picture.width() - 1]
        .into_iter()
        .all(|x| *picture.get_pixel(x, 2) == BAND)
}

/// What the code in the picture says by rqrr; `None` where there is none.
pub(crate) fn read(picture: &RgbImage) -> Option<String> {
    qr::read(&imageops::grayscale(picture)).ok()
}

/// What the code in the picture says by zbar, which shares no line with what drew or proved it.
pub(crate) fn read_by_zbar(picture: &RgbImage, directory: &Path) -> Option<String> {
    let (gray, said) = (directory.join("screen.pgm"), directory.join("zbar.txt"));
    save_pgm(&imageops::grayscale(picture), &gray);
    let mut zbar = Process::start(
        Command::new("zbarimg")
            .args(["--raw", "-q"])
            .arg(&gray)
            .stdin(Stdio::null())
            .stdout(fs::File::create(&said).expect("a file"))
            .stderr(Stdio::null()),
        "It reads the code a second time; on Debian: apt-get install zbar-tools",
    );
    zbar.exit(PATIENCE).expect("zbarimg ends");
    let said = fs::read_to_string(&said).expect("what zbarimg said");

    Some(said.trim_end().to_owned()).filter(|said| !said.is_empty())
}

fn save_pgm(picture: &GrayImage, path: &Path) {
    let mut file = fs::File::create(path).expect("a file");
    write!(file, "P5\n{} {}\n255\n", picture.width(), picture.height()).expect("a header");
    file.write_all(picture.as_raw()).expect("the pixels");
}
