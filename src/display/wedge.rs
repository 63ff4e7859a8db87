//! A hand scanner is a keyboard that types what it has read, and Enter, faster than anybody can.

use std::collections::VecDeque;
use std::time::Duration;

use iced::keyboard::{Key, key};

use crate::sale::Moment;

/// Fewer digits than this may be a hand's.
const SHORTEST: usize = 4;
/// More digits than any code has are not remembered.
const LONGEST: usize = 64;
/// What a scanner takes for a digit, at most, on a machine that is slow to draw. Four digits and Enter
/// at this pace are beyond any hand.
const PACE: Duration = Duration::from_millis(45);
/// A longer pause ends what was scanned, and what was typed before it.
const PAUSE: Duration = Duration::from_millis(150);

/// Watches the keys for what a scanner types.
#[derive(Debug, Default)]
pub(super) struct Wedge {
    /// The digits that came without a pause, and when.
    run: VecDeque<(char, Moment)>,
}

impl Wedge {
    /// Takes in a key. Where it is the Enter after digits that no hand has typed, these are the
    /// answer, oldest first.
    pub(super) fn take_in(&mut self, key: &Key, now: Moment) -> Option<String> {
        let paused = self
            .run
            .back()
            .is_some_and(|(_, last)| now.since(*last) > PAUSE);
        if paused {
            self.run.clear();
        }
        match key {
            Key::Character(text) => match digit(text) {
                Some(digit) if self.run.len() < LONGEST => self.run.push_back((digit, now)),
                _ => self.run.clear(),
            },
            Key::Named(key::Named::Enter) => {
                let run = std::mem::take(&mut self.run);

                return scanned(run, now);
            }
            // A scanner may hold a key such as Shift.
            Key::Named(named) if is_modifier(*named) => {}
            _ => self.run.clear(),
        }

        None
    }
}

/// The longest end of `run` that came too fast for a hand.
fn scanned(mut run: VecDeque<(char, Moment)>, now: Moment) -> Option<String> {
    while let Some((_, first)) = run.front()
        && run.len() >= SHORTEST
    {
        let digits = u32::try_from(run.len()).unwrap_or(u32::MAX);
        if now.since(*first) <= PACE * digits {
            return Some(run.into_iter().map(|(digit, _)| digit).collect());
        }
        run.pop_front();
    }

    None
}

fn digit(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let digit = characters.next().filter(char::is_ascii_digit)?;

    characters.next().is_none().then_some(digit)
}

fn is_modifier(named: key::Named) -> bool {
    use key::Named::{Alt, CapsLock, Control, NumLock, Shift};

    matches!(named, Alt | CapsLock | Control | NumLock | Shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of these keys, each with the time since the one before in milliseconds.
    fn made_of(keys: &[(u64, &str)]) -> Option<String> {
        let mut wedge = Wedge::default();
        let mut now = Duration::from_secs(60);
        let mut made = None;
        for (after, key) in keys {
            now += Duration::from_millis(*after);
            let key = match *key {
                "Enter" => Key::Named(key::Named::Enter),
                "Shift" => Key::Named(key::Named::Shift),
                "Backspace" => Key::Named(key::Named::Backspace),
                text => Key::Character(text.into()),
            };
            made = wedge.take_in(&key, Moment::after_start(now));
        }

        made
    }

    fn keys<'a>(text: &'a [&'a str], each: u64) -> Vec<(u64, &'a str)> {
        text.iter().map(|key| (each, *key)).collect()
    }

    const CODE: [&str; 17] = [
        "9", "9", "9", "0", "0", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "5", "Enter",
    ];

    #[test]
    fn a_scanner_is_told_from_hands_at_any_pace_that_scanners_have() {
        for pace in [0, 1, 5, 20, 40] {
            let made = made_of(&keys(&CODE, pace));
            assert_eq!(made.as_deref(), Some("9990001234567895"), "{pace} ms");
        }
        for pace in [60, 100, 200] {
            assert_eq!(made_of(&keys(&CODE, pace)), None, "{pace} ms");
        }
    }

    #[test]
    fn what_a_hand_has_typed_before_is_not_part_of_it() {
        let amount = [(0, "1"), (120, "2"), (120, "5"), (120, "0"), (900, "9")];
        let scan = keys(&CODE[1..], 4);
        let made = made_of(&[&amount[..], &scan].concat());
        assert_eq!(made.as_deref(), Some("9990001234567895"));
    }

    #[test]
    fn a_screen_that_was_slow_to_draw_does_not_hide_a_scan() {
        let mut scan = keys(&CODE, 2);
        for slow in [1, 6, 11] {
            scan[slow].0 = 120;
        }
        assert_eq!(made_of(&scan).as_deref(), Some("9990001234567895"));
    }

    #[test]
    fn a_short_scan_is_one_too_and_a_quick_hand_is_none() {
        assert_eq!(
            made_of(&keys(&["1", "2", "3", "4", "Enter"], 5)).as_deref(),
            Some("1234")
        );
        assert_eq!(made_of(&keys(&["1", "2", "3", "Enter"], 5)), None);
        assert_eq!(made_of(&keys(&["1", "2", "5", "0", "Enter"], 70)), None);
        // The Enter of a hand, after a code without one.
        let mut late = keys(&CODE, 3);
        late[16].0 = 800;
        assert_eq!(made_of(&late), None);
    }

    #[test]
    fn another_key_between_ends_it() {
        let mut broken = CODE.to_vec();
        broken[8] = "Backspace";
        assert_eq!(made_of(&keys(&broken, 3)).as_deref(), Some("4567895"));
        let mut held = CODE.to_vec();
        held.insert(4, "Shift");
        assert_eq!(
            made_of(&keys(&held, 3)).as_deref(),
            Some("9990001234567895")
        );
    }
}
