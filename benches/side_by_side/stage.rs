use patron_display::sandbox::Options;
use tempfile::TempDir;

use crate::frame_buffer::FrameBuffer;
use crate::shop::{Home, Platform, Settings};
use crate::xvfb::Xvfb;

const SCREEN: (u32, u32) = (1920, 1080);

/// The environment of the measured programs: a screen with a readable frame buffer, a platform on loopback, and a
/// home directory with a configuration.
pub(crate) struct Stage {
    pub(crate) home: Home,
    pub(crate) platform: Platform,
    pub(crate) frame_buffer: FrameBuffer,
    pub(crate) xvfb: Xvfb,
    _directory: TempDir,
}

impl Stage {
    pub(crate) fn set_up() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let xvfb = Xvfb::start(SCREEN, &["-fbdir".as_ref(), directory.path().as_os_str()]);
        let platform = Platform::start(Options {
            rate_limit: 10_000,
            ..Options::default()
        });
        let settings = Settings {
            close_after: "500ms",
            ..Settings::default()
        };

        Self {
            home: Home::new(platform.address(), platform.address(), settings),
            platform,
            frame_buffer: FrameBuffer::open(directory.path(), SCREEN),
            xvfb,
            _directory: directory,
        }
    }
}
