//! Reads pictures of the screen.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use image::{GrayImage, Rgb, RgbImage, imageops};
use patron_display::qr;

use crate::process::{PATIENCE, Process};

/// The background of a screen in the light theme, by what the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// There is no sale, or the sale has no result yet.
    Calm,
    Good,
    /// The sale ended without payment: it expired or was cancelled.
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

    /// Returns the share of the picture that has this background, from 0 to 1.
    pub(crate) fn share(self, picture: &RgbImage) -> f64 {
        let color = self.color();
        let same = picture.pixels().filter(|pixel| **pixel == color).count();

        same as f64 / f64::from(picture.width() * picture.height())
    }
}

/// Whether the banner of a shop with test money crosses the top of the screen.
pub(crate) fn has_band(picture: &RgbImage) -> bool {
    const BAND: Rgb<u8> = Rgb([0x4a, 0x21, 0x78]);

    [0, picture.width() - 1]
        .into_iter()
        .all(|x| *picture.get_pixel(x, 2) == BAND)
}

/// Returns the text of the code in the picture as rqrr reads it, or `None` if there is no code.
pub(crate) fn read(picture: &RgbImage) -> Option<String> {
    qr::read(&imageops::grayscale(picture)).ok()
}

/// Returns the text of the code as zbar reads it. zbar has no source code in common with the program's reader.
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
