//! Which fonts the system has for the languages that the built-in one has no letters for.

use std::sync::Once;
use std::thread;

use iced::advanced::graphics::text::font_system;
use tokio::sync::SetOnce;

use crate::locale::Language;
use crate::timing;

/// Set when words can be drawn at once.
static LOOKED_THROUGH: SetOnce<()> = SetOnce::const_new();

/// Begins to look through the system's fonts before anything is drawn, where that does not take a
/// processor from what the code waits for: the window and the sale need one each.
pub fn look_early() {
    const BUSY: usize = 2;
    if thread::available_parallelism().is_ok_and(|processors| processors.get() > BUSY) {
        look();
    }
}

/// Begins to look through the system's fonts, on a thread of its own, where that has not begun: there
/// may be hundreds, and the first word that is drawn has to wait for all of them.
pub(super) fn look() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let look = || {
            let _told = Told;
            timing::step("fonts", font_system);
        };
        // Where there is no thread for it the first word looks itself.
        if thread::Builder::new()
            .name("fonts".to_owned())
            .spawn(look)
            .is_err()
        {
            drop(Told);
        }
    });
}

/// Waits until words can be drawn at once, or until looking for them has failed.
pub(super) async fn looked_through() {
    LOOKED_THROUGH.wait().await;
}

/// Tells whoever waits when it goes, so that nobody waits for a look that has broken down.
struct Told;

impl Drop for Told {
    fn drop(&mut self) {
        let _ = LOOKED_THROUGH.set(());
    }
}

/// Whether this system has what the language is drawn with. Without it, boxes stand for letters.
pub fn can_be_drawn(language: Language) -> bool {
    language
        .font()
        .is_none_or(|family| has_family(|name| name == family))
}

/// The font that emoji are drawn with, and the package of Debian and Ubuntu that brings it.
pub const EMOJI: (&str, &str) = ("Noto Color Emoji", "fonts-noto-color-emoji");

/// Whether this system has a font for emoji, be it another one. Without it, boxes stand for them.
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
