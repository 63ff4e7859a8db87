//! Writes a repeated line once, and later its count. An error that repeats ten times a second for days must not fill the
//! disk.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use crate::runtime::effects;

/// The number of different lines to remember.
const REMEMBERED: usize = 32;

/// The first pause of a repeated line. Repetitions in the pause are only counted. Then the count is written, and
/// the next pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(60);

const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

static ENDS: AtomicBool = AtomicBool::new(false);

/// Makes the next line write all counts. Call it before the last line of the log.
pub(super) fn end() {
    ENDS.store(true, Ordering::Relaxed);
}

/// A writer that counts repeated lines.
#[derive(Debug)]
pub(super) struct Repeats<M> {
    writers: M,
    lines: Mutex<RecentLines>,
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
        // Every step of a sale, such as a void, is written with its own time. A sale has few steps.
        let is_step = *meta.level() >= Level::INFO && meta.target() == effects::LOG_TARGET;

        Counted {
            lines: (!is_step).then_some(&self.lines),
            writer: self.writers.make_writer_for(meta),
        }
    }
}

/// The writer of one line. Each `write` is a whole line.
#[derive(Debug)]
pub(super) struct Counted<'a, W> {
    /// `None` for a line that is always written.
    lines: Option<&'a Mutex<RecentLines>>,
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

/// The most recent different lines.
#[derive(Debug, Default)]
struct RecentLines(Vec<RepeatedLine>);

#[derive(Debug)]
struct RepeatedLine {
    /// The line without its time.
    text: String,
    written: Instant,
    pause: Duration,
    /// Repetitions since the line was last written.
    count: u64,
}

impl RepeatedLine {
    fn is_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.written) >= self.pause
    }

    /// Returns the line with its count, resets the count and doubles the pause.
    fn take_count(&mut self, time: &str, now: Instant) -> String {
        self.written = now;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);

        format!(
            "{time} {} repeated={}\n",
            self.text.trim_end(),
            std::mem::take(&mut self.count)
        )
    }
}

impl RecentLines {
    /// Returns the lines to write when `line` arrives. If it is the last line, they include all remaining counts.
    fn take(&mut self, line: &str, now: Instant, is_last: bool) -> Vec<String> {
        // Each line begins with its time.
        let (time, text) = line.split_once(' ').unwrap_or_default();
        let known = self.0.iter_mut().find(|known| known.text == text);
        let is_new = match known {
            Some(known) if known.count > 0 || !known.is_due(now) => {
                known.count += 1;

                false
            }
            Some(known) => {
                known.written = now;
                known.pause = FIRST_PAUSE;

                true
            }
            None => {
                self.0.push(RepeatedLine {
                    text: text.to_owned(),
                    written: now,
                    pause: FIRST_PAUSE,
                    count: 0,
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
            .filter(|line| line.count > 0 && (is_last || line.is_due(now)))
            .map(|line| line.take_count(time, now));

        forgotten
            .into_iter()
            .chain(due)
            .chain(is_new.then(|| line.to_owned()))
            .collect()
    }

    /// Forgets the line that was written longest ago. Returns the line with its count, if it was repeated.
    fn forget(&mut self, time: &str, now: Instant) -> Option<String> {
        let (oldest, _) = self
            .0
            .iter()
            .enumerate()
            .min_by_key(|(_, line)| line.written)?;
        let mut line = self.0.remove(oldest);

        (line.count > 0).then(|| line.take_count(time, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn f59_repeated_line_is_counted() {
        let (mut lines, start) = (RecentLines::default(), Instant::now());
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
        // The loop reported two errors for an hour.
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
        let (mut lines, now) = (RecentLines::default(), Instant::now());
        for number in 0..1000 {
            let line = format!("1Z INFO one of many number={number}\n");
            assert_eq!(lines.take(&line, now, false).concat(), line);
        }
        assert!(lines.0.len() <= REMEMBERED);
    }

    #[test]
    fn f59_later_repetition_is_written() {
        let (mut lines, start) = (RecentLines::default(), Instant::now());
        for hour in 0..5 {
            let line = "1Z WARN it fails\n";
            assert_eq!(lines.take(line, at(start, hour * 3600), false), [line]);
        }
    }
}
