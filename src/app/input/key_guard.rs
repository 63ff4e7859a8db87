//! Tells the keys of a person from the keys of a scanner, and drops keys that were meant for another screen.
//!
//! A hand scanner is a keyboard that types what it has read, with a few milliseconds between two keys. So a key
//! acts only after a longer pause than a scanner makes. Keys without such a pause between them form a run, and the
//! pace of the run shows who typed it. The guard checks the keys of every screen, and decides from the events
//! alone.

use std::time::{Duration, Instant};

use iced::keyboard::key::{self, Named};

use crate::app::input::keys::{KeyChange, KeyEvent, Stroke};
use crate::domain::payment::PatronCode;

/// The number of [`LAP`]s in the pause that ends a run of keys. Each lap is a message through the window's event
/// loop. If a slow frame blocks the loop, the waiting keys still come before the next lap ends; a clock would have
/// ended the run.
pub(in crate::app) const LAPS: u32 = 3;
/// A third of the pause that ends a run of keys; the whole is 81 ms.
pub(in crate::app) const LAP: Duration = Duration::from_millis(27);
/// The longest mean time between the keys of a scanner. Fast hands need 40 ms and more.
const PACE: Duration = Duration::from_millis(37);
/// The longest mean time between the keys of a scanner, for a run of more digits than any amount.
const PACE_OF_A_CODE: Duration = Duration::from_millis(45);
/// More digits than any amount has.
const LONGER_THAN_AMOUNTS: usize = 9;
/// The shortest time between two keys that a person presses on purpose. Fingers can overlap: one key comes up
/// after the next went down, which a scanner never does. But keys that follow each other faster than this come
/// from a scanner or a slip, even if they overlap.
const STRUCK_TOGETHER: Duration = Duration::from_millis(12);
/// The largest number of keys that overlapping fingers press at the pace of a scanner.
const ROLLED: usize = 3;
/// A key or a tap within this time after a new screen was meant for the previous screen.
pub(in crate::app) const TIME_TO_SEE: Duration = Duration::from_millis(300);
/// A longer pause than anyone makes while typing a name.
const TYPING_PAUSE: Duration = Duration::from_secs(2);

/// The meaning of a run of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Input {
    /// A person pressed these keys.
    Keys(Vec<Pressed>),
    /// A scanner typed a code. The text has the digits of a patron's code, or is empty if the code is another one.
    Scan(String),
}

/// A key that a person pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Pressed {
    /// The meaning of the key.
    pub stroke: Stroke,
    /// Whether the key may do more than type a character. Soon after a new screen or a scan, it may not.
    pub may_act: bool,
    /// Whether a pause came both before and after the key.
    pub is_alone: bool,
}

/// A key of the current run.
#[derive(Debug)]
struct Press {
    stroke: Stroke,
    at: Instant,
    /// The number of the screen on which the key was pressed.
    screen: u32,
    may_act: bool,
    /// Whether the previous key was still down.
    overlaps: bool,
    /// The number of modifier events between the previous key and this one.
    modifiers: u32,
}

impl Press {
    /// Returns the number of key events that a scanner sends for this key. A scanner may press and release Shift
    /// around each character, and pause after each of the four events.
    fn steps(&self) -> u32 {
        if self.modifiers < 2 { 1 } else { 4 }
    }
}

/// Decides which keys and taps count.
#[derive(Debug, Default)]
pub(in crate::app) struct KeyGuard {
    run: Vec<Press>,
    /// The number of laps without a key since the last key of the run.
    laps: u32,
    /// The number of modifier events since the last key of the run.
    modifiers: u32,
    /// The key that went down last, until it comes up.
    down: Option<key::Physical>,
    /// The number of the current screen.
    screen: u32,
    /// Keys on the current screen do not act before this time.
    new_until: Option<Instant>,
    /// The time when the last scan ended. A key soon after this belongs to the scan.
    scanned_at: Option<Instant>,
    /// Keys before this time are dropped: someone may still be typing a name although its panel has closed. Such
    /// keys must not refund money.
    typing_until: Option<Instant>,
    /// The time when the pointer or a finger went down; `None` if it is up.
    touched_at: Option<Instant>,
}

impl KeyGuard {
    /// Records a new screen, which a person needs the time `to_notice` to notice.
    pub(in crate::app) fn appears(&mut self, now: Instant, to_notice: Duration) {
        self.screen = self.screen.wrapping_add(1);
        self.new_until = self.new_until.max(Some(now + to_notice));
    }

    /// Returns the number of the current screen.
    pub(in crate::app) fn screen(&self) -> u32 {
        self.screen
    }

    /// Records that the panel for a name has closed, perhaps while someone is typing.
    pub(in crate::app) fn panel_went(&mut self, now: Instant) {
        self.typing_until = Some(now + TYPING_PAUSE);
    }

    /// Records the time when the pointer or a finger went down; `None` when it came up.
    pub(in crate::app) fn touches(&mut self, since: Option<Instant>) {
        self.touched_at = since;
    }

    /// Whether a tap that ends now was meant for the current screen. The time when the finger came down decides,
    /// because that may have been on the previous screen.
    pub(in crate::app) fn takes_tap(&mut self, now: Instant) -> bool {
        let began = self.touched_at.take().unwrap_or(now);

        !self.is_new_at(began)
    }

    fn is_new_at(&self, time: Instant) -> bool {
        self.new_until.is_some_and(|until| time < until)
    }

    /// Whether a run is open. Three [`KeyChange::Paused`] events in a row end it.
    pub(in crate::app) fn waits(&self) -> bool {
        !self.run.is_empty()
    }

    /// Handles an event. Returns the meaning of a run of keys once the run has ended.
    pub(in crate::app) fn take_in(&mut self, event: KeyEvent) -> Option<Input> {
        let KeyEvent { at, change } = event;
        match change {
            KeyChange::Pressed(stroke, place) => self.press(stroke, place, at),
            KeyChange::Repeated(stroke) => self.repeat(stroke),
            KeyChange::Released(place) => {
                if self.down == Some(place) {
                    self.down = None;
                }

                None
            }
            // A scanner may press Shift between two letters, so the run continues.
            KeyChange::Modifier => {
                self.laps = 0;
                self.modifiers = self.modifiers.saturating_add(1);

                None
            }
            KeyChange::Paused => {
                self.laps += 1;

                (self.laps >= LAPS).then(|| self.decide()).flatten()
            }
        }
    }

    fn press(
        &mut self,
        stroke: Stroke,
        place: Option<key::Physical>,
        at: Instant,
    ) -> Option<Input> {
        let overlaps = self.down.is_some();
        self.down = place;
        if self.typing_until.is_some_and(|until| at < until) {
            self.typing_until = Some(at + TYPING_PAUSE);

            return None;
        }
        if stroke == Stroke::Named(Named::Backspace) && self.run.is_empty() {
            return Some(alone(stroke));
        }
        let is_after_scan = self
            .scanned_at
            .is_some_and(|then| at.saturating_duration_since(then) < TIME_TO_SEE);
        self.run.push(Press {
            stroke,
            at,
            screen: self.screen,
            may_act: !is_after_scan && !self.is_new_at(at),
            overlaps,
            modifiers: std::mem::take(&mut self.modifiers),
        });
        self.laps = 0;

        None
    }

    /// Handles a key that repeats because it is held; only Backspace has an effect. A run ends before a key starts
    /// to repeat, so a key that repeats within a run was already down when the window opened.
    fn repeat(&mut self, stroke: Stroke) -> Option<Input> {
        if stroke == Stroke::Named(Named::Backspace) {
            return self.run.is_empty().then(|| alone(stroke));
        }
        self.run.clear();

        None
    }

    /// Ends the run, and returns its meaning.
    fn decide(&mut self) -> Option<Input> {
        let run = std::mem::take(&mut self.run);
        let last = run.last()?.at;
        if is_scan(&run) {
            self.scanned_at = Some(last);
            let is_meant = run.iter().all(|press| press.screen == self.screen);

            return is_meant.then(|| Input::Scan(code(&run)));
        }
        let is_alone = run.len() == 1;
        // A held key that types nothing may only change what the next key types, such as a modifier that the
        // window library does not report as one. Such a key is left out.
        let chooses: Vec<_> = run.iter().skip(1).map(|press| press.overlaps).collect();
        let keys: Vec<_> = run
            .into_iter()
            .zip(chooses.into_iter().chain([false]))
            .filter(|(press, chooses)| !(*chooses && press.stroke == Stroke::Inert))
            .map(|(press, _)| press)
            .filter(|press| press.screen == self.screen)
            .map(|press| Pressed {
                stroke: press.stroke,
                may_act: press.may_act,
                is_alone,
            })
            .collect();

        (!keys.is_empty()).then_some(Input::Keys(keys))
    }
}

fn alone(stroke: Stroke) -> Input {
    Input::Keys(vec![Pressed {
        stroke,
        may_act: true,
        is_alone: true,
    }])
}

/// Whether a scanner typed the run.
fn is_scan(run: &[Press]) -> bool {
    let [first, others @ ..] = run else {
        return false;
    };
    let Some(last) = others.last() else {
        return false;
    };
    let gaps = others.iter().map(Press::steps).sum::<u32>();
    let span = last.at.saturating_duration_since(first.at);
    let is_rolled = run.len() <= ROLLED
        && span > STRUCK_TOGETHER * gaps
        && others.iter().all(|press| press.overlaps);
    if is_rolled {
        return false;
    }
    let digits = run
        .iter()
        .take_while(|press| press.stroke.digit().is_some())
        .count();
    let is_code = digits >= LONGER_THAN_AMOUNTS
        && run
            .iter()
            .skip(digits)
            .all(|press| is_suffix(&press.stroke));

    span <= PACE * gaps || (is_code && span <= PACE_OF_A_CODE * gaps)
}

/// Whether scanners use this key to end a code.
fn is_suffix(stroke: &Stroke) -> bool {
    matches!(stroke, Stroke::Named(Named::Enter | Named::Tab))
}

/// Returns the digits of a patron's code, or an empty text for other codes. If the code has a prefix or no suffix
/// key, it must have the usual length.
fn code(run: &[Press]) -> String {
    // A scanner sends control characters such as FNC1 as Ctrl combinations.
    let is_around = |press: &&Press| press.stroke == Stroke::Inert || is_suffix(&press.stroke);
    let has_suffix = run.iter().any(|press| is_suffix(&press.stroke));
    let after = run.iter().rev().take_while(is_around).count();
    let run = &run[..run.len() - after];
    let digits = run
        .iter()
        .rev()
        .map_while(|press| press.stroke.digit())
        .collect::<Vec<_>>();
    let has_prefix = digits.len() < run.len();
    let is_whole = has_suffix && !has_prefix;
    if is_whole || digits.len() == PatronCode::LENGTH {
        digits.into_iter().rev().collect()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests;
