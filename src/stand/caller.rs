use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;

use super::wire::{LONGEST_WORD, Word, line};
use crate::outbox::{Queue, Weight};

/// The longest note that is told, in characters.
const LONGEST_NOTE: usize = 16 * 1024;
/// How long a caller has to read the rest once it is over.
const READ_OUT: Duration = Duration::from_secs(60);

/// Whoever has called the stand. Clones are the same caller.
#[derive(Debug, Clone)]
pub struct Caller {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    outbox: Mutex<Outbox>,
    /// That there is something in the outbox, or that all of it is written.
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Outbox {
    /// The outcome is the last event, so it is never left out.
    words: Queue<Word>,
    last: Option<Word>,
    /// The last word is said, and nothing can follow it.
    over: bool,
    /// All is written, or never will be.
    done: bool,
}

impl Caller {
    pub(super) fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                outbox: Mutex::default(),
                news: watch::Sender::new(()),
            }),
        }
    }

    /// What is written here, line by line, reaches the caller's standard output.
    pub fn events(&self) -> impl Write + Send + 'static + use<> {
        Lines {
            caller: self.clone(),
            line: Vec::new(),
        }
    }

    /// A line for the caller's standard error.
    pub fn note(&self, note: impl Into<String>) {
        self.tell(Word::Note(cut(note.into())));
    }

    /// It is over, with this exit code.
    pub fn exit(&self, code: u8) {
        self.end(Word::Exit(code));
    }

    /// Nothing was begun.
    pub fn refuse(&self, code: u8, sentence: impl Into<String>) {
        self.end(Word::Refused {
            code,
            sentence: cut(sentence.into()),
        });
    }

    /// The stand ends itself, and nothing was begun.
    pub fn leave(&self) {
        self.end(Word::Leaving);
    }

    /// Waits until the caller has everything, for so long at most.
    pub async fn has_read(&self, patience: Duration) {
        let mut news = self.inner.news.subscribe();
        let written = async { while !self.outbox().done && news.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(patience, written).await;
    }

    fn tell(&self, word: Word) {
        {
            let mut outbox = self.outbox();
            if outbox.over || outbox.done {
                return;
            }
            let (size, weight) = match &word {
                Word::Event(event) => (event.len(), Weight::Event),
                Word::Note(note) => (note.len(), Weight::Passing),
                Word::Exit(_) | Word::Refused { .. } | Word::Leaving => (0, Weight::Event),
            };
            outbox.words.push(word, size, weight);
        }
        self.inner.news.send_replace(());
    }

    fn end(&self, word: Word) {
        let left_out = {
            let mut outbox = self.outbox();
            if outbox.over {
                return;
            }
            outbox.over = true;
            outbox.last = Some(word);

            outbox.words.left_out()
        };
        self.inner.news.send_replace(());
        // The log may be told to this very caller.
        if left_out > 0 {
            tracing::warn!(left_out, "the till did not read what it was told");
        }
    }

    /// Nothing reaches the caller any more.
    pub(super) fn lose(&self) {
        {
            let mut outbox = self.outbox();
            outbox.done = true;
            outbox.words = Queue::default();
        }
        self.inner.news.send_replace(());
    }

    /// Writes what is told, until the last word.
    pub(super) async fn write_to(&self, mut writer: impl AsyncWrite + Unpin) -> io::Result<()> {
        let mut news = self.inner.news.subscribe();
        loop {
            let (next, over) = self.next();
            let Some(word) = next else {
                if over {
                    return writer.shutdown().await;
                }
                if news.changed().await.is_err() {
                    return Ok(());
                }
                continue;
            };
            let line = line(&word)?;
            // No event comes near it. A caller that cannot take one would hear nothing more, not even the outcome.
            if line.len() as u64 > LONGEST_WORD {
                tracing::error!(length = line.len(), "an event is too long, and is not told");
                continue;
            }
            writer.write_all(&line).await?;
        }
    }

    /// Waits until it is over, and then so long as a caller may take to read the rest.
    pub(super) async fn has_had_its_time(&self) {
        let mut news = self.inner.news.subscribe();
        while !self.outbox().over && news.changed().await.is_ok() {}
        tokio::time::sleep(READ_OUT).await;
    }

    /// The next word, and whether there will be no other.
    fn next(&self) -> (Option<Word>, bool) {
        let mut outbox = self.outbox();
        let word = outbox.words.pop();
        let word = word.or_else(|| outbox.last.take());

        (word, outbox.over)
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        let outbox = self.inner.outbox.lock();

        outbox.unwrap_or_else(PoisonError::into_inner)
    }
}

fn cut(note: String) -> String {
    if note.chars().count() <= LONGEST_NOTE {
        return note;
    }

    note.chars().take(LONGEST_NOTE).chain(['…']).collect()
}

struct Lines {
    caller: Caller,
    line: Vec<u8>,
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            if *byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                self.caller
                    .tell(Word::Event(String::from_utf8_lossy(&line).into_owned()));
            } else {
                self.line.push(*byte);
            }
        }

        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stand::wire::value;

    #[test]
    fn f70_caller_that_never_reads_keeps_the_outcome_and_the_code() {
        let caller = Caller::new();
        let mut events = caller.events();
        for number in 0..100_000 {
            writeln!(events, "event {number}").unwrap();
        }
        caller.exit(0);
        let kept: Vec<_> = std::iter::from_fn(|| caller.next().0).collect();
        assert!(kept.len() < 1000);
        assert_eq!(
            kept[kept.len() - 2..],
            [Word::Event("event 99999".to_owned()), Word::Exit(0)]
        );
    }

    #[tokio::test]
    async fn f70_longest_event_reaches_the_caller() {
        let caller = Caller::new();
        // All of a platform's answer, with a sign in it that is written with two.
        let event = "\"".repeat(256 * 1024);
        writeln!(caller.events(), "{event}").unwrap();
        caller.note("n".repeat(1024 * 1024));
        caller.exit(0);
        let mut written = Vec::new();
        caller.write_to(&mut written).await.unwrap();
        let mut reader = written.as_slice();
        let mut next = async || value::<Word>(&mut reader, LONGEST_WORD).await.unwrap();
        assert_eq!(next().await, Some(Word::Event(event)));
        let Some(Word::Note(note)) = next().await else {
            panic!("no note");
        };
        assert!(note.len() <= LONGEST_NOTE + 4);
        assert_eq!(next().await, Some(Word::Exit(0)));
    }

    #[test]
    fn nothing_is_told_after_the_last_word() {
        let caller = Caller::new();
        caller.exit(21);
        caller.note("too late");
        caller.exit(0);
        let kept: Vec<_> = std::iter::from_fn(|| caller.next().0).collect();
        assert_eq!(kept, [Word::Exit(21)]);
    }
}
