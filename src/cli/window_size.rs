//! Checks that the window has room for a readable QR code, before anything is created.

use iced::Size;

use super::failure::CommandError;
use crate::app::{Mode, Screen};
use crate::config::Config;
use crate::domain::payment::QrContent;
use crate::qr::{Code, FEWEST_PIXELS};

/// The size of the window in device pixels, if it is known before the window opens.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct WindowSize(Option<Size>);

impl WindowSize {
    pub(super) fn of(mode: Mode, screen: &Screen) -> Self {
        Self(match mode {
            Mode::Fullscreen => screen.size(),
            Mode::Windowed(size) => screen.scale().map(|scale| size * scale),
        })
    }

    /// Fails if phones could not read a code of this configuration, because its modules would have too few pixels.
    pub(super) fn check(self, config: &Config) -> Result<(), CommandError> {
        /// Pixels that are enough for every code.
        const ENOUGH: f32 = 480.0;
        let Some(size) = self.0 else {
            return Ok(());
        };
        let side = size.width.min(size.height);
        if side >= ENOUGH {
            return Ok(());
        }
        // The sale itself reports a code that cannot be made.
        let Ok(code) = Code::proven(&sample_payload(config)) else {
            return Ok(());
        };
        let needed = code.modules() * FEWEST_PIXELS;
        if side >= needed as f32 {
            return Ok(());
        }

        Err(CommandError::TooSmall {
            width: size.width as u32,
            height: size.height as u32,
            needed,
        })
    }
}

/// Returns the content of a typical code of this shop.
pub(super) fn sample_payload(config: &Config) -> String {
    const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
    let pay_host = config.api.pay_hosts.first().map(ToString::to_string);
    let pay_host = pay_host.unwrap_or_default();

    match config.qr.content {
        QrContent::PaymentUrl => format!("https://{pay_host}/pay/{ID}"),
        QrContent::PayEndpoint => format!(
            "{}/api/payment-requests/{ID}/pay",
            config.api.base_url.as_str().trim_end_matches('/')
        ),
    }
}
