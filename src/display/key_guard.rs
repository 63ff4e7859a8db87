//! Tells a person's keys from a scanner's, and from keys that were meant for another screen.
//!
//! A hand scanner is a keyboard that types what it has read. It leaves a few milliseconds between two
//! keys, so a key only acts after a pause that no scanner leaves. Keys without such a pause between
//! them are one run, and the run's pace says who typed it. All is decided here, in front of every
//! screen, from the events alone.

use std::time::{Duration, Instant};

use iced::keyboard::key::{self, Named};

use super::keys::{KeyChange, KeyEvent, Stroke};
use crate::payment::PatronCode;

/// A pause in which nothing happens on the keyboard takes so many times [`LAP`]. It is measured in laps
/// through the window's loop, not by the clock: if a slow frame holds the loop up, the keys that wait
/// behind it come before the next lap ends.
pub(super) const LAPS: u32 = 3;
/// A third of the pause that ends a run of keys; the whole is 81 ms.
pub(super) const LAP: Duration = Duration::from_millis(27);
/// The longest mean time between the keys of a scanner. Fast hands need 40 ms and more.
const PACE: Duration = Duration::from_millis(37);
/// The same for a run of digits that is longer than any amount.
const PACE_OF_A_CODE: Duration = Duration::from_millis(45);
/// More digits than an amount has.
const LONGER_THAN_AMOUNTS: usize = 9;
/// Two fingers overlap: one key comes up after the next went down. A scanner never does that. Keys closer
/// together than this are a scanner's or a slip all the same.
const STRUCK_TOGETHER: Duration = Duration::from_millis(12);
/// The most keys that two hands press so quickly.
const ROLLED: usize = 3;
/// A key or a tap so soon after its screen has appeared was meant for the one before.
pub(super) const TIME_TO_SEE: Duration = Duration::from_millis(300);
/// Nobody who is typing a name pauses for longer between two keys.
const TYPING_PAUSE: Duration = Duration::from_secs(2);

/// What the keys of a run mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A person pressed these.
    Keys(Vec<Pressed>),
    /// A scanner typed: the digits of a code that a customer may have shown, or nothing.
    Scan(String),
}

/// A key that a person pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pressed {
    /// What it means.
    pub stroke: Stroke,
    /// Whether it may do more than type a character. It may not soon after its screen has appeared, nor
    /// right after a scan.
    pub may_act: bool,
    /// Whether no other key was pressed before or after it without a pause.
    pub is_alone: bool,
}

/// A key of the present run.
#[derive(Debug)]
struct Press {
    stroke: Stroke,
    at: Instant,
    /// The screen that it was pressed on.
    screen: u32,
    may_act: bool,
    /// Whether the key before it was still down.
    overlaps: bool,
    /// How often a modifier moved between the key before it and this one.
    modifiers: u32,
}

impl Press {
    /// How many movements of keys a scanner needs for this one. It may press and release Shift around
    /// each character, with a pause after each of the four.
    fn steps(&self) -> u32 {
        if self.modifiers < 2 { 1 } else { 4 }
    }
}

/// Decides which keys and taps count.
#[derive(Debug, Default)]
pub(super) struct KeyGuard {
    run: Vec<Press>,
    /// Quiet laps since the last key of the run.
    laps: u32,
    /// How often a modifier moved since the last key of the run.
    modifiers: u32,
    /// The last key that went down, until it comes up.
    down: Option<key::Physical>,
    /// Counts the screens.
    screen: u32,
    /// Until when the present screen is too new for keys that act.
    new_until: Option<Instant>,
    /// When the last scan ended: a key that follows soon is the rest of it.
    scanned_at: Option<Instant>,
    /// Keys until then are the rest of a name that was being typed when its panel went: they must
    /// not give money back.
    typing_until: Option<Instant>,
    /// When the pointer or a finger went down that has not come up.
    touched_at: Option<Instant>,
}

impl KeyGuard {
    /// Another screen is shown, which a person needs so long to notice.
    pub(super) fn appears(&mut self, now: Instant, to_notice: Duration) {
        self.screen = self.screen.wrapping_add(1);
        self.new_until = self.new_until.max(Some(now + to_notice));
    }

    /// Counts the screens that were shown.
    pub(super) fn screen(&self) -> u32 {
        self.screen
    }

    /// The panel for a name was taken away, perhaps under somebody's fingers.
    pub(super) fn panel_went(&mut self, now: Instant) {
        self.typing_until = Some(now + TYPING_PAUSE);
    }

    /// The pointer or a finger went down, or came up again.
    pub(super) fn touches(&mut self, since: Option<Instant>) {
        self.touched_at = since;
    }

    /// Whether a tap that ends now was meant for the present screen: where it began counts, since a
    /// finger may have come down on the screen before.
    pub(super) fn takes_tap(&mut self, now: Instant) -> bool {
        let began = self.touched_at.take().unwrap_or(now);

        !self.is_new_at(began)
    }

    fn is_new_at(&self, time: Instant) -> bool {
        self.new_until.is_some_and(|until| time < until)
    }

    /// Whether a run is open, which three [`KeyChange::Paused`] in a row end.
    pub(super) fn waits(&self) -> bool {
        !self.run.is_empty()
    }

    /// Takes in an event. Returns what the keys so far mean once that is certain.
    pub(super) fn take_in(&mut self, event: KeyEvent) -> Option<Input> {
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
            // A scanner presses Shift between two letters.
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

    /// A key that is held down takes characters back, and does nothing else. Nobody's key repeats itself
    /// within the pause, so one that does was held down when the window came up: it was not pressed here.
    fn repeat(&mut self, stroke: Stroke) -> Option<Input> {
        if stroke == Stroke::Named(Named::Backspace) {
            return self.run.is_empty().then(|| alone(stroke));
        }
        self.run.clear();

        None
    }

    /// The run is over.
    fn decide(&mut self) -> Option<Input> {
        let run = std::mem::take(&mut self.run);
        let last = run.last()?.at;
        if is_scan(&run) {
            self.scanned_at = Some(last);
            let is_meant = run.iter().all(|press| press.screen == self.screen);

            return is_meant.then(|| Input::Scan(code(&run)));
        }
        let is_alone = run.len() == 1;
        // A key that types nothing by itself and is held for the next chooses what that one types. The
        // window library does not know every key of the kind as a modifier.
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

/// A key that a scanner is set to end a code with.
fn is_suffix(stroke: &Stroke) -> bool {
    matches!(stroke, Stroke::Named(Named::Enter | Named::Tab))
}

/// The digits of a code that a customer may have shown, or nothing. A scanner that announces a code by
/// some characters, or does not end it by a key, is only believed where the code has its usual length.
fn code(run: &[Press]) -> String {
    // FNC1 and its like come as Ctrl combinations.
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
