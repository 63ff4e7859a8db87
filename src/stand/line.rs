use std::io;
use std::path::Path;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt, BufReader, ReadHalf, WriteHalf, split};
use tokio::time::timeout;

use super::Saying;
use super::place::{self, Stream as Connection};
use super::wire::{Greeting, LONGEST_LINE, LONGEST_WORD, Said, Word, line, value};

/// How long a stand may take to greet.
const TO_GREET: Duration = Duration::from_secs(5);
/// How long it may take to end a sale that is left: what leaving takes at most, and what writing it
/// down does.
const TO_LEAVE: Duration = Duration::from_secs(8);

/// A line to the display that stands.
#[derive(Debug)]
pub struct Line {
    reader: BufReader<ReadHalf<Connection>>,
    writer: WriteHalf<Connection>,
}

/// What is heard from a stand meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A line for standard output.
    Event(String),
    /// A line for standard error.
    Note(String),
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// With this exit code.
    Exit(u8),
    /// Nothing was begun.
    Refused {
        /// The exit code.
        code: u8,
        /// Why.
        sentence: String,
    },
    /// The stand ends itself, and nothing was begun.
    Leaving,
    /// It does not answer. Nothing was begun.
    Silent,
    /// The line broke, and nobody here knows what became of it.
    Broken,
}

impl Line {
    /// Whether anything is at the place of this data directory, perhaps left by a dead stand.
    pub fn may_be_to(data_directory: &Path) -> bool {
        place::may_be_taken(data_directory)
    }

    /// A line to whoever stands for this data directory; `None` where nobody does. To be called
    /// within a runtime.
    pub fn to(data_directory: &Path) -> Option<Self> {
        let (reader, writer) = split(place::connect(data_directory)?);

        Some(Self {
            reader: BufReader::new(reader),
            writer,
        })
    }

    /// Asks for this, and tells what is heard until the answer.
    pub async fn ask(
        mut self,
        request: &str,
        sayings: impl Stream<Item = Saying>,
        heard: impl FnMut(Heard),
    ) -> Answer {
        match timeout(TO_GREET, self.greet(request)).await {
            Err(_) => return Answer::Silent,
            // It was about to end.
            Ok(Err(error)) => {
                tracing::info!(%error, "the display that stands is gone");

                return Answer::Leaving;
            }
            Ok(Ok(())) => {}
        }
        let Self { mut reader, writer } = self;
        tokio::select! {
            answer = listen(&mut reader, heard) => answer,
            () = say(writer, sayings) => Answer::Broken,
        }
    }

    async fn greet(&mut self, request: &str) -> io::Result<()> {
        let greeting = value::<Greeting>(&mut self.reader, LONGEST_LINE).await?;
        let Some(greeting) = greeting else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        self.writer.write_all(&line(&Greeting::own())?).await?;
        if greeting.is_ours() {
            self.writer.write_all(request.as_bytes()).await?;
            self.writer.write_all(b"\n").await?;
        } else {
            let version = greeting.version;
            tracing::info!(version, "a display of another version stands");
        }

        Ok(())
    }
}

async fn listen(
    reader: &mut BufReader<ReadHalf<Connection>>,
    mut heard: impl FnMut(Heard),
) -> Answer {
    loop {
        match value::<Word>(reader, LONGEST_WORD).await {
            Ok(Some(Word::Event(event))) => heard(Heard::Event(event)),
            Ok(Some(Word::Note(note))) => heard(Heard::Note(note)),
            Ok(Some(Word::Exit(code))) => return Answer::Exit(code),
            Ok(Some(Word::Refused { code, sentence })) => {
                return Answer::Refused { code, sentence };
            }
            Ok(Some(Word::Leaving)) => return Answer::Leaving,
            Ok(None) => return Answer::Broken,
            Err(error) => {
                tracing::warn!(%error, "the display that stands cannot be understood");

                return Answer::Broken;
            }
        }
    }
}

/// Passes on what is said. Comes back only where a stand that was asked to leave takes too long.
async fn say(mut writer: impl AsyncWrite + Unpin, sayings: impl Stream<Item = Saying>) {
    let mut sayings = std::pin::pin!(sayings);
    while let Some(saying) = sayings.next().await {
        let leaves = matches!(saying, Saying::Leave);
        let Ok(line) = line(&Said::from(saying)) else {
            continue;
        };
        let written = writer.write_all(&line).await;
        if leaves {
            return tokio::time::sleep(TO_LEAVE).await;
        }
        // That nobody listens is seen by whoever reads.
        if written.is_err() {
            break;
        }
    }

    std::future::pending::<()>().await;
}
