//! The screen as the X server keeps it.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use image::{GrayImage, Luma};
use patron_display::qr;

/// The X server's frame buffer, as a file that can be looked at without asking the server.
pub(crate) struct FrameBuffer {
    file: File,
    size: (u32, u32),
    pixels_at: u64,
    bytes_a_line: u64,
}

impl FrameBuffer {
    /// Of an Xvfb that was started with `-fbdir` and this directory, and a screen of this size.
    pub(crate) fn open(directory: &Path, size: (u32, u32)) -> Self {
        let file = File::open(directory.join("Xvfb_screen0")).expect("the frame buffer");
        let word = |index: u64| {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, index * 4).expect("a header");

            u64::from(u32::from_be_bytes(bytes))
        };
        // An XWD file: header size, …, bytes a line, …, colours of 12 bytes each, pixels.
        let (pixels_at, bytes_a_line) = (word(0) + word(19) * 12, word(12));

        Self {
            file,
            size,
            pixels_at,
            bytes_a_line,
        }
    }

    /// A line of the screen: the green of each pixel, which is grey enough.
    fn line(&self, y: u32) -> Vec<u8> {
        let mut line = vec![0; self.size.0 as usize * 4];
        let at = self.pixels_at + u64::from(y) * self.bytes_a_line;
        self.file.read_exact_at(&mut line, at).expect("pixels");

        line.chunks_exact(4).map(|bgrx| bgrx[1]).collect()
    }

    /// Cheap enough to ask all the time: a line through the code's last rows changes between
    /// black and white as often as a code does. Frames are drawn from the top, so what is above
    /// it is there too.
    pub(crate) fn may_show_a_code(&self) -> bool {
        let near_its_foot = self.size.1 * 5 / 6;
        let line = self.line(near_its_foot);
        let changes = line
            .windows(2)
            .filter(|pair| pair[0].abs_diff(pair[1]) == u8::MAX)
            .count();

        changes >= 6
    }

    pub(crate) fn read_code(&self) -> Option<String> {
        let lines: Vec<_> = (0..self.size.1).map(|y| self.line(y)).collect();
        let picture = GrayImage::from_fn(self.size.0, self.size.1, |x, y| {
            Luma([lines[y as usize][x as usize]])
        });

        qr::read(&picture).ok()
    }

    /// As cheap: one of the screen's last rows has the ground of a payment and nothing else, and there is
    /// something on it further up.
    pub(crate) fn shows_paid(&self) -> bool {
        /// The green of the light theme's ground, which no other screen has.
        const GROUND: u8 = 0x55;
        const LAST_ROWS: u32 = 4;
        let foot = self.line(self.size.1 - LAST_ROWS);
        let amount = self.line(self.size.1 / 4);

        foot.iter().all(|&green| green == GROUND) && amount.contains(&u8::MAX)
    }
}
