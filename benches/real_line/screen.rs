//! A virtual screen whose pixels can be read.

use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::frame_buffer::FrameBuffer;
use crate::picture::{Picture, ReadCode};
use crate::process::{PATIENCE, poll};
use crate::xvfb::Xvfb;

/// Width and height of the screen, in pixels.
const SIZE: (u32, u32) = (1920, 1080);
/// The time between two looks at the frame buffer.
const PAUSE: Duration = Duration::from_micros(500);

/// An X server and its frame buffer.
pub(crate) struct Screen {
    pub(crate) frame_buffer: FrameBuffer,
    pub(crate) xvfb: Xvfb,
    _directory: TempDir,
}

/// A code on the screen, at the first moment when it could be read.
pub(crate) struct Sight {
    pub(crate) at: Instant,
    pub(crate) code: ReadCode,
    /// The whole screen when the code was first seen, and just after it. The X server may still copy the last
    /// rows of the frame at the first moment.
    pub(crate) pictures: [Picture; 2],
}

impl Screen {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let xvfb = Xvfb::start(SIZE, &["-fbdir".as_ref(), directory.path().as_os_str()]);

        Self {
            frame_buffer: FrameBuffer::open(directory.path(), SIZE),
            xvfb,
            _directory: directory,
        }
    }

    /// Waits until `sees` accepts the frame buffer. Returns the time of the last look.
    pub(crate) fn wait(&self, failure: &str, sees: impl Fn(&FrameBuffer) -> bool) -> Instant {
        let begun = Instant::now();
        loop {
            let now = Instant::now();
            if sees(&self.frame_buffer) {
                return now;
            }
            assert!(begun.elapsed() < PATIENCE, "{failure} in {PATIENCE:?}");
            thread::sleep(PAUSE);
        }
    }

    /// Waits until a code can be read.
    pub(crate) fn until_code(&self) -> Sight {
        let begun = Instant::now();
        loop {
            let at = self.wait("no code", FrameBuffer::may_show_a_code);
            // Copies the screen before it reads the code, because reading takes longer than drawing.
            let first = self.frame_buffer.capture();
            let looks = [at, Instant::now()];
            let pictures = [first, self.frame_buffer.capture()];
            let readable = looks
                .into_iter()
                .zip(&pictures)
                .find_map(|(at, picture)| Some((at, picture.code()?)));
            if let Some((at, code)) = readable {
                return Sight { at, code, pictures };
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "no readable code in {PATIENCE:?}"
            );
        }
    }

    pub(crate) fn until_no_code(&self) {
        let empty = || (!self.frame_buffer.may_show_a_code()).then_some(());
        poll(PATIENCE, empty).expect("an empty screen");
    }
}
