use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::outbox::{Outbox, Weight};
use crate::payment::meaning_of_reason;
use crate::printable;
use crate::sale::Announcement;

/// A till that has not read for so long when the program ends will not read at all. It has the exit
/// code.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells the till what happens, in order, without ever making the window wait for a slow reader. What it does not read
/// waits within bounds; then events are left out, but never the newest.
#[derive(Debug, Clone, Default)]
pub struct Announcer {
    line: Option<Arc<Line>>,
}

#[derive(Debug)]
struct Line {
    outbox: Outbox<Vec<u8>>,
    write_line: WriteLine,
}

/// Writes the line of an announcement, if it has one.
type WriteLine = fn(&mut Vec<u8>, &Announcement) -> io::Result<()>;

impl Announcer {
    /// Tells nobody.
    pub fn silent() -> Self {
        Self::default()
    }

    /// Writes one JSON object a line to `writer`, from a thread of its own.
    pub fn json_lines(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, json_line)
    }

    /// Writes one line for people about each earlier sale to `writer`, from a thread of its own.
    pub fn plain_lines(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, plain_line)
    }

    fn lines(mut writer: impl Write + Send + 'static, write_line: WriteLine) -> Self {
        let outbox = Outbox::start(move |line: Vec<u8>| {
            let written = writer.write_all(&line).and_then(|()| writer.flush());
            if let Err(error) = &written {
                // A till that has closed its end has done so on purpose.
                match error.kind() {
                    io::ErrorKind::BrokenPipe => {
                        tracing::warn!(%error, "the till does not read what it is told");
                    }
                    _ => tracing::error!(%error, "what the till is told cannot be written"),
                }
            }

            written.is_ok()
        });
        let line = outbox
            .inspect_err(|error| tracing::error!(%error, "the till is told nothing"))
            .map(|outbox| Arc::new(Line { outbox, write_line }));

        Self { line: line.ok() }
    }

    /// Tells this.
    pub fn tell(&self, announcement: Announcement) {
        let Some(told) = &self.line else { return };
        let weight = match announcement {
            Announcement::Link { .. } | Announcement::Error { .. } => Weight::Passing,
            _ => Weight::Event,
        };
        let mut line = Vec::new();
        match (told.write_line)(&mut line, &announcement) {
            Ok(()) if line.is_empty() => {}
            Ok(()) => {
                let size = line.len();
                told.outbox.tell(line, size, weight);
            }
            Err(error) => tracing::error!(%error, "an event could not be written"),
        }
    }

    /// Waits until everything has been written, for as long as a till may take that still reads.
    pub fn finish(&self) {
        self.finish_within(PATIENCE);
    }

    fn finish_within(&self, patience: Duration) {
        let Some(line) = &self.line else { return };
        if !line.outbox.finish(patience) {
            tracing::warn!("the till does not read what it is told; it is told no more");
        }
    }
}

fn plain_line(line: &mut Vec<u8>, announcement: &Announcement) -> io::Result<()> {
    let Announcement::Earlier {
        id,
        short_code,
        external_ref,
        outcome,
        late,
    } = announcement
    else {
        return Ok(());
    };
    let named = short_code
        .as_deref()
        .or(id.as_deref())
        .unwrap_or("no request");
    let late = if *late { ", LATE PAYMENT" } else { "" };
    let text = format!("{external_ref}  {named}  {outcome}{late}");

    writeln!(
        line,
        "{}",
        printable::spelled(&text, printable::Lines::Spell)
    )
}

/// An announcement, with what a refusal means where it tells one.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    announcement: &'a Announcement,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

impl<'a> From<&'a Announcement> for Explained<'a> {
    fn from(announcement: &'a Announcement) -> Self {
        let advice = match announcement {
            Announcement::Outcome {
                reason: Some(reason),
                ..
            } => meaning_of_reason(reason),
            _ => None,
        };

        Self {
            announcement,
            advice,
        }
    }
}

fn json_line(line: &mut Vec<u8>, announcement: &Announcement) -> io::Result<()> {
    printable::json(&mut *line, &Explained::from(announcement))?;
    line.push(b'\n');

    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::thread;
    use std::time::Instant;

    use super::*;

    /// More than any pipe holds, and less than what waits at most.
    const MANY: usize = 200;

    fn long_line() -> Announcement {
        Announcement::Error {
            message: "x".repeat(500),
        }
    }

    fn outcome() -> Announcement {
        Announcement::Outcome {
            outcome: "paid",
            id: None,
            short_code: None,
            external_ref: Some("A1".to_owned()),
            amount: None,
            paid_by: Vec::new(),
            remaining: None,
            reason: None,
            repeated: None,
        }
    }

    #[test]
    fn f70_till_that_reads_too_late_is_told_the_outcome_last() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let announcer = Announcer::json_lines(writer);
        for _ in 0..100_000 {
            announcer.tell(long_line());
        }
        announcer.tell(outcome());
        let late = thread::spawn(move || {
            let mut told = String::new();
            reader.read_to_string(&mut told).expect("what was told");

            told
        });
        announcer.finish();
        drop(announcer);
        let told = late.join().expect("what was told");
        assert!(told.lines().count() < 1000);
        let last = told.lines().last().expect("a line");
        assert!(last.contains("\"outcome\":\"paid\""), "{last}");
    }

    fn line(reason: Option<&str>) -> String {
        let announcement = Announcement::Outcome {
            outcome: "rejected",
            id: None,
            short_code: None,
            external_ref: Some("A1".to_owned()),
            amount: None,
            paid_by: Vec::new(),
            remaining: None,
            reason: reason.map(ToOwned::to_owned),
            repeated: None,
        };
        let mut line = Vec::new();
        json_line(&mut line, &announcement).expect("a line");

        String::from_utf8(line).expect("text")
    }

    #[test]
    fn refusal_is_told_with_advice_last() {
        let told = line(Some("400 CHECKSUM_FAILED (for people)"));
        assert!(
            told.ends_with(
                "\"reason\":\"400 CHECKSUM_FAILED (for people)\",\
                 \"advice\":\"the code was mistyped or misread; scan or type it again\"}\n"
            ),
            "{told}"
        );
    }

    #[test]
    fn no_refusal_leaves_the_event_as_it_was() {
        for reason in [None, Some("403 SOMETHING_NEW")] {
            let told = line(reason);
            assert!(told.starts_with("{\"event\":\"outcome\","), "{told}");
            assert!(!told.contains("advice"), "{told}");
        }
    }

    #[test]
    fn a_till_that_reads_late_is_told_everything_and_keeps_nobody_waiting() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let announcer = Announcer::json_lines(writer);
        let begun = Instant::now();
        for _ in 0..MANY {
            announcer.tell(long_line());
        }
        assert!(begun.elapsed() < Duration::from_secs(5));
        let late = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            let mut told = String::new();
            reader.read_to_string(&mut told).expect("what was told");

            told.lines().count()
        });
        announcer.finish();
        assert_eq!(late.join().expect("a count"), MANY);
    }

    #[test]
    fn a_till_that_never_reads_does_not_keep_the_program_from_ending() {
        let (reader, writer) = io::pipe().expect("a pipe");
        let announcer = Announcer::json_lines(writer);
        for _ in 0..MANY {
            announcer.tell(long_line());
        }
        let begun = Instant::now();
        announcer.finish_within(Duration::from_millis(100));
        assert!(begun.elapsed() < Duration::from_secs(5));
        drop(reader);
    }

    #[test]
    fn a_till_that_has_closed_its_end_changes_nothing() {
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let announcer = Announcer::json_lines(writer);
        for _ in 0..MANY {
            announcer.tell(long_line());
        }
        announcer.finish();
    }
}
