//! A line that comes again and again is written once, and then how often it came: what fails ten times a
//! second, for days, must not fill the disk.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// So many different lines are remembered.
const REMEMBERED: usize = 32;

/// A line that comes again within this time is counted. Then its count is written, and the time doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(60);

const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// What the steps of a sale are told by. Each is written, since it matters when each void was sent, and a sale
/// makes only so many calls.
const STEPS_OF_SALES: &str = concat!(env!("CARGO_CRATE_NAME"), "::effects::log");

static ENDS: AtomicBool = AtomicBool::new(false);

/// Has the counts written with the next line: it is the last one.
pub(super) fn end() {
    ENDS.store(true, Ordering::Relaxed);
}

/// Writes lines to what `writers` makes, those that repeat with a count.
#[derive(Debug)]
pub(super) struct Repeats<M> {
    writers: M,
    lines: Mutex<Lines>,
}

impl<M> Repeats<M> {
    pub(super) fn counted(writers: M) -> Self {
        Self {
            writers,
            lines: Mutex::default(),
        }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Repeats<M> {
    type Writer = Counted<'a, M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Counted {
            lines: None,
            writer: self.writers.make_writer(),
        }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        let is_step = *meta.level() >= Level::INFO && meta.target() == STEPS_OF_SALES;

        Counted {
            lines: (!is_step).then_some(&self.lines),
            writer: self.writers.make_writer_for(meta),
        }
    }
}

/// The writer of one line, which comes as a whole.
#[derive(Debug)]
pub(super) struct Counted<'a, W> {
    /// `None` for a line that is always written.
    lines: Option<&'a Mutex<Lines>>,
    writer: W,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(lines) = self.lines else {
            return self.writer.write(bytes);
        };
        let line = String::from_utf8_lossy(bytes);
        let written = lines.lock().unwrap_or_else(PoisonError::into_inner).take(
            &line,
            Instant::now(),
            ENDS.load(Ordering::Relaxed),
        );
        for line in written {
            self.writer.write_all(line.as_bytes())?;
        }

        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The last lines that were written.
#[derive(Debug, Default)]
struct Lines(Vec<Line>);

#[derive(Debug)]
struct Line {
    /// Without its time.
    text: String,
    written: Instant,
    pause: Duration,
    /// How often it came since it was written.
    more: u64,
}

impl Line {
    fn is_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.written) >= self.pause
    }

    /// How often it came, as a line of its own.
    fn count(&mut self, time: &str, now: Instant) -> String {
        self.written = now;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);

        format!(
            "{time} {} repeated={}\n",
            self.text.trim_end(),
            std::mem::take(&mut self.more)
        )
    }
}

impl Lines {
    /// What is written for a line that comes now; everything that is still to be said where it is the last.
    fn take(&mut self, line: &str, now: Instant, is_last: bool) -> Vec<String> {
        // It begins with its time.
        let (time, text) = line.split_once(' ').unwrap_or_default();
        let known = self.0.iter_mut().find(|known| known.text == text);
        let is_new = match known {
            Some(known) if known.more > 0 || !known.is_due(now) => {
                known.more += 1;

                false
            }
            Some(known) => {
                known.written = now;
                known.pause = FIRST_PAUSE;

                true
            }
            None => {
                self.0.push(Line {
                    text: text.to_owned(),
                    written: now,
                    pause: FIRST_PAUSE,
                    more: 0,
                });

                true
            }
        };
        let forgotten = match self.0.len() > REMEMBERED {
            true => self.forget(time, now),
            false => None,
        };
        let due = self
            .0
            .iter_mut()
            .filter(|line| line.more > 0 && (is_last || line.is_due(now)))
            .map(|line| line.count(time, now));

        forgotten
            .into_iter()
            .chain(due)
            .chain(is_new.then(|| line.to_owned()))
            .collect()
    }

    /// Forgets the line that was not written for longest, and says how often it came.
    fn forget(&mut self, time: &str, now: Instant) -> Option<String> {
        let (oldest, _) = self
            .0
            .iter()
            .enumerate()
            .min_by_key(|(_, line)| line.written)?;
        let mut line = self.0.remove(oldest);

        (line.more > 0).then(|| line.count(time, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn f59_repeated_line_is_written_once_with_count() {
        let (mut lines, start) = (Lines::default(), Instant::now());
        let mut written = Vec::new();
        for tenth in 0..36_000_u64 {
            let now = start + Duration::from_millis(100 * tenth);
            for text in ["ERROR a: it fails n=1\n", "ERROR b: it fails\n"] {
                written.extend(lines.take(&format!("{tenth}Z {text}"), now, false));
            }
        }
        assert_eq!(written[0], "0Z ERROR a: it fails n=1\n");
        assert_eq!(written[1], "0Z ERROR b: it fails\n");
        assert!(
            written[2].ends_with("ERROR a: it fails n=1 repeated=600\n"),
            "{}",
            written[2]
        );
        // An hour of it.
        assert!(written.len() < 20, "{}", written.len());

        let last = lines.take("9Z INFO the program ends\n", at(start, 3600), true);
        assert_eq!(last.len(), 3, "{last:?}");
        let count = |line: &String| -> u64 {
            let count = line.trim_end().rsplit_once("repeated=");

            count.and_then(|(_, count)| count.parse().ok()).unwrap_or(1)
        };
        let all: u64 = written.iter().chain(&last).map(count).sum();
        assert_eq!(all, 72_001);
    }

    #[test]
    fn f59_other_lines_are_all_written() {
        let (mut lines, now) = (Lines::default(), Instant::now());
        for number in 0..1000 {
            let line = format!("1Z INFO one of many number={number}\n");
            assert_eq!(lines.take(&line, now, false).concat(), line);
        }
        assert!(lines.0.len() <= REMEMBERED);
    }

    #[test]
    fn f59_line_that_comes_again_later_is_written() {
        let (mut lines, start) = (Lines::default(), Instant::now());
        for hour in 0..5 {
            let line = "1Z WARN it fails\n";
            assert_eq!(lines.take(line, at(start, hour * 3600), false), [line]);
        }
    }
}
