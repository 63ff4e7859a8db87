//! Finds the system's fonts for languages that the built-in font does not cover.

use std::thread;

use iced::advanced::graphics::text::font_system;

use crate::locale::Language;
use crate::runtime::timing;

/// Starts a thread that reads the system's fonts while the sale is created and the window opens. The first frame
/// waits until the fonts are read.
pub fn read_early() {
    let thread = thread::Builder::new().name("fonts".to_owned());
    if let Err(error) = thread.spawn(|| timing::step("fonts", font_system)) {
        tracing::warn!(%error, "cannot start a thread to read fonts early; the first frame reads them");
    }
}

/// Returns whether the system has the font that a language needs. Without the font, the screen shows boxes instead
/// of letters.
pub fn can_be_drawn(language: Language) -> bool {
    language
        .font()
        .is_none_or(|family| has_family(|name| name == family))
}

/// The usual emoji font, and its package in Debian and Ubuntu.
pub const EMOJI: (&str, &str) = ("Noto Color Emoji", "fonts-noto-color-emoji");

/// Returns whether the system has any emoji font. Without one, the screen shows boxes instead of emoji.
pub fn has_emoji() -> bool {
    has_family(|name| name.contains("Emoji") || name.contains("emoji"))
}

fn has_family(wanted: impl Fn(&str) -> bool) -> bool {
    let Ok(mut fonts) = font_system().write() else {
        return false;
    };

    fonts
        .raw()
        .db()
        .faces()
        .any(|face| face.families.iter().any(|(name, _)| wanted(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_font_covers_latin_languages() {
        for language in [
            Language::EnNz,
            Language::Mi,
            Language::Sm,
            Language::To,
            Language::Fr,
            Language::De,
            Language::Es,
        ] {
            assert!(can_be_drawn(language), "{language:?}");
        }
    }
}
