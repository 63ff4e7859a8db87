//! How much is taken of a till that writes without end.

use std::io::{self, Read};
use std::thread;
use std::time::{Duration, Instant};

use super::{ControlError, ControlLine};

/// Room that is used up and comes back with time.
#[derive(Debug)]
pub(crate) struct Allowance {
    most: f64,
    per_second: f64,
    left: f64,
    at: Instant,
}

impl Allowance {
    /// So much at once, and so much a second from then on.
    pub(crate) fn new(most: f64, per_second: f64) -> Self {
        Self {
            most,
            per_second,
            left: most,
            at: Instant::now(),
        }
    }

    /// Takes so much, also where it is not there yet, and returns how long it is until it is.
    fn take(&mut self, much: f64) -> Duration {
        self.come_back();
        self.left -= much;

        Duration::from_secs_f64((-self.left / self.per_second).max(0.0))
    }

    /// Takes one if there is one.
    pub(crate) fn take_one(&mut self) -> bool {
        self.come_back();
        let there = self.left >= 1.0;
        if there {
            self.left -= 1.0;
        }

        there
    }

    fn is_whole(&mut self) -> bool {
        self.come_back();

        self.left >= self.most
    }

    fn come_back(&mut self) {
        let now = Instant::now();
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.per_second).min(self.most);
    }
}

/// Holds a till back that writes commands too fast, and skips lines without sense that come too fast.
#[derive(Debug)]
pub(super) struct Pace {
    commands: Allowance,
    errors: Allowance,
    is_skipping: bool,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            // A sale needs some five. Each is logged.
            commands: Allowance::new(20.0, 2.0),
            errors: Allowance::new(20.0, 0.1),
            is_skipping: false,
        }
    }

    /// The line to hand on, perhaps after a while; `None` where it is skipped. The till hears once that some are.
    pub(super) fn kept(&mut self, line: ControlLine) -> Option<ControlLine> {
        if line.is_ok() {
            thread::sleep(self.commands.take(1.0));
            return Some(line);
        }
        if self.errors.is_whole() {
            self.is_skipping = false;
        }
        if !self.is_skipping && self.errors.take_one() {
            return Some(line);
        }
        let is_first = !self.is_skipping;
        self.is_skipping = true;

        is_first.then_some(Err(ControlError::TooMany))
    }
}

/// A reader that reads no faster than any till writes.
pub(super) struct Slowed<R> {
    reader: R,
    bytes: Allowance,
}

impl<R> Slowed<R> {
    pub(super) fn new(reader: R) -> Self {
        const MOST: f64 = 256.0 * 1024.0;

        Self {
            reader,
            bytes: Allowance::new(MOST, MOST),
        }
    }
}

impl<R: Read> Read for Slowed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        #[allow(clippy::cast_precision_loss, reason = "a buffer is short")]
        thread::sleep(self.bytes.take(length as f64));

        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::ControlCommand;

    #[test]
    fn f70_lines_without_sense_are_skipped_and_it_is_said_once() {
        let mut pace = Pace::new();
        let kept: Vec<_> = (0..100_000)
            .filter_map(|_| pace.kept(Err(ControlError::NotUtf8)))
            .collect();
        assert_eq!(kept.len(), 21);
        assert_eq!(kept[20], Err(ControlError::TooMany));
        let cancel = Ok(ControlCommand::Cancel);
        assert_eq!(pace.kept(cancel.clone()), Some(cancel));
    }

    #[test]
    fn f70_commands_are_held_back_and_none_is_left_out() {
        let mut allowance = Allowance::new(20.0, 2.0);
        let waits: Vec<_> = (0..24).map(|_| allowance.take(1.0)).collect();
        assert!(waits[..20].iter().all(Duration::is_zero));
        let second = Duration::from_secs(1);
        assert!(waits[23] > second && waits[23] <= 2 * second, "{waits:?}");
    }
}
