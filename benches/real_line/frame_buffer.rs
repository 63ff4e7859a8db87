//! Reads what is on the screen from the X server's frame buffer.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::picture::Picture;

/// Bytes of a pixel: blue, green, red and one without a meaning.
const PIXEL: usize = 4;

/// The X server's frame buffer as a file. Reading it does not involve the server.
pub(crate) struct FrameBuffer {
    file: File,
    size: (u32, u32),
    pixels_at: u64,
    bytes_per_line: u64,
}

impl FrameBuffer {
    /// Opens the frame buffer of an Xvfb that was started with `-fbdir directory` and a screen of this size.
    pub(crate) fn open(directory: &Path, size: (u32, u32)) -> Self {
        let file = File::open(directory.join("Xvfb_screen0")).expect("the frame buffer");
        let word = |index: u64| {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, index * 4).expect("a header");

            u64::from(u32::from_be_bytes(bytes))
        };
        // The file has the format XWD: header size, …, bytes per line, …, colours of 12 bytes each, pixels.
        let (pixels_at, bytes_per_line) = (word(0) + word(19) * 12, word(12));

        Self {
            file,
            size,
            pixels_at,
            bytes_per_line,
        }
    }

    /// Returns the green value of each pixel in a line of the screen.
    fn line(&self, y: u32) -> Vec<u8> {
        let mut line = vec![0; self.size.0 as usize * PIXEL];
        let at = self.pixels_at + u64::from(y) * self.bytes_per_line;
        self.file.read_exact_at(&mut line, at).expect("pixels");

        greens(&line)
    }

    /// Returns the green value of each pixel in the last line of the screen.
    pub(crate) fn last_line(&self) -> Vec<u8> {
        self.line(self.size.1 - 1)
    }

    /// Returns the whole screen. It is copied in one call, which is quicker than a frame is drawn.
    pub(crate) fn capture(&self) -> Picture {
        let mut bytes = vec![0; (self.bytes_per_line * u64::from(self.size.1)) as usize];
        self.file
            .read_exact_at(&mut bytes, self.pixels_at)
            .expect("pixels");
        let width = self.size.0 as usize;
        let lines = bytes.chunks_exact(self.bytes_per_line as usize);
        let greens = lines.flat_map(|line| greens(&line[..width * PIXEL]));

        Picture::new(width, greens.collect())
    }

    /// Whether a line through the last rows of the code changes between black and white as often as a code does.
    /// Reading one line is quick enough to repeat all the time. Frames are drawn from the top, so all rows above
    /// are complete, too.
    pub(crate) fn may_show_a_code(&self) -> bool {
        let near_its_foot = self.size.1 * 5 / 6;
        let line = self.line(near_its_foot);
        let changes = line
            .windows(2)
            .filter(|pair| pair[0].abs_diff(pair[1]) == u8::MAX)
            .count();

        changes >= 6
    }

    /// Whether the PAID screen is visible: one of the last rows has only its background colour, and a row further
    /// up has white pixels. Only two lines are read, so this is also quick.
    pub(crate) fn shows_paid(&self) -> bool {
        /// The green value of the light theme's PAID background. No other screen has it.
        const BACKGROUND: u8 = 0x55;
        const LAST_ROWS: u32 = 4;
        let foot = self.line(self.size.1 - LAST_ROWS);
        let amount = self.line(self.size.1 / 4);

        foot.iter().all(|&green| green == BACKGROUND) && amount.contains(&u8::MAX)
    }
}

fn greens(pixels: &[u8]) -> Vec<u8> {
    pixels.chunks_exact(PIXEL).map(|bgrx| bgrx[1]).collect()
}
