//! Whether a code that phones can read fits the screen, asked before anything is created.

use iced::Size;

use super::Failure;
use crate::config::{Config, QrContent};
use crate::display::{Mode, Screen};
use crate::qr::{Code, FEWEST_PIXELS};

/// How large the window will be in device pixels, where that is known before it opens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pixels(Option<Size>);

impl Pixels {
    /// Of a window in this mode on this screen.
    pub(super) fn of(mode: Mode, screen: &Screen) -> Self {
        Self(match mode {
            Mode::Fullscreen => screen.size(),
            Mode::Windowed(size) => screen.scale().map(|scale| size * scale),
        })
    }

    /// Those of a window that is not there, such as a test's.
    pub(super) fn unknown() -> Self {
        Self(None)
    }

    /// Fails if a code of this configuration would have fewer pixels a module than phones can read.
    ///
    /// # Errors
    ///
    /// The sentence that says so.
    pub(super) fn fit(self, config: &Config) -> Result<(), Failure> {
        /// Every code that a sale has fits into so many.
        const ENOUGH: f32 = 480.0;
        let Some(size) = self.0 else {
            return Ok(());
        };
        let side = size.width.min(size.height);
        if side >= ENOUGH {
            return Ok(());
        }
        // What is wrong with the code itself is told where it is made.
        let Ok(code) = Code::proven(&sample_payload(config)) else {
            return Ok(());
        };
        let needed = code.modules() * FEWEST_PIXELS;
        if side >= needed as f32 {
            return Ok(());
        }

        Err(Failure::TooSmall {
            width: size.width as u32,
            height: size.height as u32,
            needed,
        })
    }
}

/// What a code of this shop says, with an id of the platform's length.
pub(super) fn sample_payload(config: &Config) -> String {
    const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
    let pay_host = config
        .api
        .pay_hosts
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();

    match config.qr.content {
        QrContent::PaymentUrl => format!("https://{pay_host}/pay/{ID}"),
        QrContent::PayEndpoint => format!(
            "{}/api/payment-requests/{ID}/pay",
            config.api.base_url.as_str().trim_end_matches('/')
        ),
    }
}
