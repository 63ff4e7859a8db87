//! Which code is made for a payload: its version, and how much of it may be lost.

use std::sync::Arc;

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::{Code, CodeError, Level};
use crate::logo::Logo;

impl Level {
    /// All of them, the one that can lose most first.
    const FROM_HIGH: [Self; 4] = [Self::High, Self::Quartile, Self::Medium, Self::Low];

    fn as_made(self) -> EcLevel {
        match self {
            Self::Low => EcLevel::L,
            Self::Medium => EcLevel::M,
            Self::Quartile => EcLevel::Q,
            Self::High => EcLevel::H,
        }
    }
}

impl Code {
    /// Size decides how far away a phone can be, so error correction gets only what the smallest version
    /// has left over.
    pub(super) fn plain(payload: &str) -> Result<Self, CodeError> {
        Self::made(payload, Level::Low, None)
    }

    /// The smallest version that can lose what the logo covers and as much again.
    pub(super) fn with_logo(payload: &str, logo: &Arc<Logo>) -> Result<Self, CodeError> {
        Self::made(payload, Level::Medium, Some(Arc::clone(logo)))
    }

    fn made(payload: &str, least: Level, logo: Option<Arc<Logo>>) -> Result<Self, CodeError> {
        let unfit = |error: QrError| CodeError::Unfit(error.to_string());
        let smallest =
            QrCode::with_error_correction_level(payload, least.as_made()).map_err(unfit)?;
        let (code, level) = raised(payload, smallest.version(), least).unwrap_or((smallest, least));
        let side =
            u32::try_from(code.width()).map_err(|error| CodeError::Unfit(error.to_string()))?;

        Ok(Self {
            side,
            dark: code
                .to_colors()
                .into_iter()
                .map(|color| color == Color::Dark)
                .collect(),
            level,
            logo,
        })
    }
}

/// The code of this version that can lose most.
fn raised(payload: &str, version: Version, least: Level) -> Option<(QrCode, Level)> {
    Level::FROM_HIGH
        .into_iter()
        .filter(|level| *level > least)
        .find_map(|level| {
            let code = QrCode::with_version(payload, version, level.as_made()).ok()?;

            Some((code, level))
        })
}
