//! Which fonts the system has for the languages that the built-in one has no letters for.

use std::thread;

use iced::advanced::graphics::text::font_system;

use crate::locale::Language;
use crate::timing;

/// Begins to look through the system's fonts, on a thread of its own: there may be hundreds, and the
/// first word that is drawn has to wait for all of them.
pub fn look_early() {
    // Where there is no thread for it the first word looks itself.
    let _ = thread::Builder::new().name("fonts".to_owned()).spawn(|| {
        timing::step("fonts", font_system);
    });
}

/// Whether this system has what the language is drawn with. Without it, boxes stand for letters.
pub fn can_be_drawn(language: Language) -> bool {
    let Some(family) = language.font() else {
        return true;
    };
    let Ok(mut fonts) = font_system().write() else {
        return false;
    };

    fonts
        .raw()
        .db()
        .faces()
        .any(|face| face.families.iter().any(|(name, _)| name == family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_built_in_font_has_letters_for_can_be_drawn_on_every_machine() {
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
