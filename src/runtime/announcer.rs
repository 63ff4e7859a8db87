//! Announcements: the events that the till reads.

use std::fmt::Debug;
use std::io::{self, Write};
use std::str;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::payment::meaning_of_reason;
use crate::runtime::outbox::{Outbox, Weight};
use crate::sale::Announcement;
use crate::text::printable;

/// The longest wait for a till that does not read when the program ends. The till still gets the exit code.
const PATIENCE: Duration = Duration::from_secs(10);

/// Writes events for the till in order. It never makes the window wait for a slow reader. Unread events wait in a
/// bounded queue. If the queue is full, events are left out, but never the newest.
#[derive(Debug, Clone, Default)]
pub struct Announcer {
    output: Output,
}

/// Receives events in another form than lines. It must not wait.
pub trait EventSink: Debug + Send + Sync {
    /// Takes an event, with its JSON object.
    fn tell(&self, announcement: &Announcement, json: &str);
}

#[derive(Debug, Clone, Default)]
enum Output {
    #[default]
    Silent,
    Lines(Arc<AnnouncerOutput>),
    Sink(Arc<dyn EventSink>),
}

#[derive(Debug)]
struct AnnouncerOutput {
    outbox: Outbox<Vec<u8>>,
    write_line: WriteLine,
}

/// Writes an announcement as a line. Writes nothing for some announcements.
type WriteLine = fn(&mut Vec<u8>, &Announcement) -> io::Result<()>;

impl Announcer {
    /// Creates an announcer that writes nothing.
    pub fn silent() -> Self {
        Self::default()
    }

    /// Passes each event to `sink`, at once.
    pub fn to(sink: impl EventSink + 'static) -> Self {
        Self {
            output: Output::Sink(Arc::new(sink)),
        }
    }

    /// Writes one JSON object a line to `writer`, on a new thread.
    pub fn json_lines(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, json_line)
    }

    /// Writes one line of text for each earlier sale to `writer`, on a new thread.
    pub fn plain_lines(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, plain_line)
    }

    fn lines(mut writer: impl Write + Send + 'static, write_line: WriteLine) -> Self {
        let outbox = Outbox::start(move |line: Vec<u8>| {
            let written = writer.write_all(&line).and_then(|()| writer.flush());
            if let Err(error) = &written {
                // A till that closes the pipe does so on purpose.
                match error.kind() {
                    io::ErrorKind::BrokenPipe => {
                        tracing::warn!(%error, "the till has closed its events");
                    }
                    _ => tracing::error!(%error, "cannot write the till's events"),
                }
            }

            written.is_ok()
        });
        let output = outbox
            .inspect_err(|error| tracing::error!(%error, "cannot start the thread for the till's events; it gets none"))
            .map(|outbox| Arc::new(AnnouncerOutput { outbox, write_line }));

        Self {
            output: output.map_or(Output::Silent, Output::Lines),
        }
    }

    /// Announces an event.
    pub fn tell(&self, announcement: Announcement) {
        let output = match &self.output {
            Output::Silent => return,
            Output::Lines(output) => output,
            Output::Sink(sink) => return pass(sink.as_ref(), &announcement),
        };
        let weight = match announcement {
            Announcement::Link { .. } | Announcement::Error { .. } => Weight::Passing,
            _ => Weight::Event,
        };
        let mut line = Vec::new();
        match (output.write_line)(&mut line, &announcement) {
            Ok(()) if line.is_empty() => {}
            Ok(()) => {
                let size = line.len();
                output.outbox.tell(line, size, weight);
            }
            Err(error) => tracing::error!(%error, "cannot serialize an event"),
        }
    }

    /// Waits until everything is written. For a slow till, the wait has a limit.
    pub fn finish(&self) {
        self.finish_within(PATIENCE);
    }

    fn finish_within(&self, patience: Duration) {
        let Output::Lines(output) = &self.output else {
            return;
        };
        if !output.outbox.finish(patience) {
            tracing::warn!("the till does not read its events; it gets no more");
        }
    }
}

fn pass(sink: &dyn EventSink, announcement: &Announcement) {
    let mut line = Vec::new();
    let written = json_line(&mut line, announcement);
    let json = str::from_utf8(&line).map_err(io::Error::other);
    match written.and(json) {
        Ok(json) => sink.tell(announcement, json.trim_end()),
        Err(error) => tracing::error!(%error, "cannot serialize an event"),
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
    let earlier = EarlierSale {
        id: id.clone(),
        short_code: short_code.clone(),
        external_ref: external_ref.clone(),
        outcome: outcome.as_str().to_owned(),
        late: *late,
    };

    earlier.write(line)
}

/// An `earlier` event, as it is printed for people.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EarlierSale {
    id: Option<String>,
    short_code: Option<String>,
    external_ref: String,
    outcome: String,
    late: bool,
}

impl EarlierSale {
    fn write(&self, mut out: impl Write) -> io::Result<()> {
        let named = self.short_code.as_deref().or(self.id.as_deref());
        let named = named.unwrap_or("no request");
        let late = if self.late { ", LATE PAYMENT" } else { "" };
        let text = format!("{}  {named}  {}{late}", self.external_ref, self.outcome);

        writeln!(
            out,
            "{}",
            printable::spelled(&text, printable::Lines::Spell)
        )
    }
}

/// Writes an `earlier` event of another process as a line for people.
///
/// # Errors
///
/// If `out` cannot be written, or the event is none.
pub fn earlier_line(out: impl Write, json: &str) -> io::Result<()> {
    serde_json::from_str::<EarlierSale>(json)?.write(out)
}

#[derive(Serialize)]
struct AnnouncementWithAdvice<'a> {
    #[serde(flatten)]
    announcement: &'a Announcement,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

fn json_line(line: &mut Vec<u8>, announcement: &Announcement) -> io::Result<()> {
    let advice = match announcement {
        Announcement::Outcome {
            reason: Some(reason),
            ..
        } => meaning_of_reason(reason),
        _ => None,
    };
    let whole = AnnouncementWithAdvice {
        announcement,
        advice,
    };

    printable::json_line(line, &whole)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::thread;
    use std::time::Instant;

    use super::*;
    use crate::domain::outcome::Outcome;

    /// More than a pipe holds, and less than the queue holds.
    const MANY: usize = 200;

    fn long_line() -> Announcement {
        Announcement::Error {
            message: "x".repeat(500),
        }
    }

    fn outcome() -> Announcement {
        Announcement::Outcome {
            outcome: Outcome::Paid,
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
    fn f70_late_reader_gets_the_outcome_last() {
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
            outcome: Outcome::Rejected,
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
    fn refusal_has_advice() {
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
    fn other_outcome_has_no_advice() {
        for reason in [None, Some("403 SOMETHING_NEW")] {
            let told = line(reason);
            assert!(told.starts_with("{\"event\":\"outcome\","), "{told}");
            assert!(!told.contains("advice"), "{told}");
        }
    }

    #[test]
    fn late_reader_gets_everything() {
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
    fn unread_events_do_not_block_the_end() {
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
    fn closed_pipe_changes_nothing() {
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let announcer = Announcer::json_lines(writer);
        for _ in 0..MANY {
            announcer.tell(long_line());
        }
        announcer.finish();
    }
}
