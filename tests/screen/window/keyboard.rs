//! Types on the keyboard as a person or a scanner does.

use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::screen::Screen;

/// The pause after each key of a person.
pub(crate) const BY_HAND: Duration = Duration::from_millis(130);
/// The pause after each key of a scanner.
pub(crate) const BY_SCANNER: Duration = Duration::from_millis(5);

/// The key codes of modifiers and other keys.
pub(crate) const SHIFT: u8 = 50;
pub(crate) const CONTROL: u8 = 37;
pub(crate) const ALT: u8 = 64;
pub(crate) const SUPER: u8 = 133;
pub(crate) const NUM_LOCK: u8 = 77;
pub(crate) const ENTER: u8 = 36;

/// The rows of an American keyboard: the first key code, the characters without Shift and those with Shift.
const ROWS: [(u8, &str, &str); 4] = [
    (10, "1234567890-=", "!@#$%^&*()_+"),
    (24, "qwertyuiop[]\n", "QWERTYUIOP{}"),
    (38, "asdfghjkl;'", "ASDFGHJKL:\""),
    (52, "zxcvbnm,./", "ZXCVBNM<>?"),
];

/// Types this text on an American keyboard, with a pause after each key.
pub(crate) fn types(screen: &Screen, text: &str, pace: Duration) {
    for character in text.chars() {
        let (place, shift) = place(character);
        if shift {
            with(screen, SHIFT, place);
        } else {
            strikes(screen, place);
        }
        thread::sleep(pace);
    }
}

pub(crate) fn presses(screen: &Screen, places: &[u8]) {
    for place in places {
        strikes(screen, *place);
        thread::sleep(BY_HAND);
    }
}

/// Presses a key while a modifier is held.
pub(crate) fn with(screen: &Screen, modifier: u8, place: u8) {
    screen.strike(modifier, true);
    strikes(screen, place);
    screen.strike(modifier, false);
}

pub(crate) fn has_layout(screen: &Screen, layout: &str) {
    let status = Command::new("setxkbmap")
        .args(["-display", screen.xvfb().display(), layout])
        .status()
        .expect("This needs setxkbmap; on Debian: apt-get install x11-xkb-utils");
    assert!(status.success());
}

fn strikes(screen: &Screen, place: u8) {
    screen.strike(place, true);
    screen.strike(place, false);
}

/// Returns the key code of a character, and whether the key needs Shift.
pub(crate) fn place(character: char) -> (u8, bool) {
    if character == ' ' {
        return (65, false);
    }
    let on = |row: &str| row.chars().position(|one| one == character);
    let found = ROWS.iter().find_map(|(first, plain, shifted)| {
        let plain = on(plain).map(|column| (column, false));
        let (column, shift) = plain.or_else(|| on(shifted).map(|column| (column, true)))?;

        Some((first + u8::try_from(column).ok()?, shift))
    });

    found.expect("a key of the keyboard")
}
