//! To the display that stands, where one does: what it is asked for, what is heard of it, and what is
//! said where it dies.

mod lost;

use std::io::{self, Write};
use std::path::{self, Path};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream, select};

use super::failure::{self, warn};
use super::launch::{controls, data_directory};
use super::runtime::Runtime;
use super::stand::{Errand, What};
use super::{Common, Failure, SaleArgs};
use crate::config;
use crate::counter::{fresh_reference, random_text};
use crate::journal::Journal;
use crate::outbox::{Outbox, Weight};
use crate::signals::asked_to_end;
use crate::stand::{Answer, Heard, Line, Saying};

/// Letters and digits of what the journal knows a hand-over by.
const HANDOVER: usize = 16;
/// How long a display that ends itself may take to do so, until the next one stands in its place.
const TO_CHANGE: Duration = Duration::from_secs(10);

/// Hands a sale over, and answers with its exit code; `None` where no display stands.
pub(super) fn sale(common: &Common, sale: &SaleArgs) -> Result<Option<u8>, Failure> {
    let directory = data_directory(common)?;
    let Some(stand) = Stand::of(&directory)? else {
        return Ok(None);
    };
    if sale.windowed.is_some() {
        warn(&"a display stands at this counter, so --windowed does nothing");
    }
    let items = sale.items.as_ref().map(|items| items.brought_along());
    let sale = SaleArgs {
        items: items.transpose()?,
        // Known here as well, so that it can be looked up whatever happens.
        reference: Some(sale.reference.clone().unwrap_or_else(fresh_reference)),
        handover: Some(random_text(HANDOVER)),
        ..sale.clone()
    };
    let errand = errand(common, What::Sale(sale.clone()))?;
    let controls = controls(common).take().map(Saying::Control);
    let leaves = stream::once(asked_to_end()).map(|()| Saying::Leave);
    let answer = stand.ask(&errand, select(controls, leaves).boxed(), &directory)?;

    match answer {
        Some(Answer::Broken) => Ok(Some(lost::sale(common, &sale, &directory))),
        answer => answered(answer, &directory),
    }
}

/// Has what earlier sales left settled, and answers with the exit code; `None` where no display stands.
pub(super) fn settle(common: &Common) -> Result<Option<u8>, Failure> {
    let directory = data_directory(common)?;
    let Some(stand) = Stand::of(&directory)? else {
        return Ok(None);
    };
    let errand = errand(common, What::Settle)?;
    let answer = stand.ask(&errand, stream::pending().boxed(), &directory)?;

    match answer {
        Some(Answer::Broken) => {
            warn(&"the display that stood has ended; run patron-display settle again");

            Ok(Some(failure::TEMPORARY))
        }
        answer => answered(answer, &directory),
    }
}

/// Whether a display stands for this data directory. To be called within a runtime.
pub(super) fn is_one_standing(directory: &Path) -> bool {
    Line::to(directory).is_some()
}

fn answered(answer: Option<Answer>, directory: &Path) -> Result<Option<u8>, Failure> {
    match answer {
        Some(Answer::Exit(code)) => Ok(Some(code)),
        Some(Answer::Refused { code, sentence }) => Err(Failure::Refused { code, sentence }),
        Some(Answer::Silent) => Err(Failure::Silent {
            path: directory.to_owned(),
        }),
        Some(Answer::Broken | Answer::Leaving) | None => Ok(None),
    }
}

/// What is asked for. The configuration is looked for here: the display that stands may have been
/// started in other surroundings.
fn errand(common: &Common, what: What) -> Result<String, Failure> {
    let places = config::places(common.config.as_deref());
    let config = path::absolute(config::find(&places)?)?;
    let errand = Errand::new(config, common.json, common.verbose, what);

    serde_json::to_string(&errand).map_err(|error| Failure::System(error.into()))
}

/// A line to the display that stands, and what it runs on.
struct Stand {
    line: Line,
    runtime: Runtime,
}

impl Stand {
    /// Where nobody stands this costs a look at the disk.
    fn of(directory: &Path) -> Result<Option<Self>, Failure> {
        if !Line::may_be_to(directory) {
            return Ok(None);
        }
        let runtime = Runtime::of_one_thread()?;
        let line = runtime.block_on(async { Line::to(directory) });

        Ok(line.map(|line| Self { line, runtime }))
    }

    /// Asks for this. `None` where the display has ended itself and none stands in its place.
    fn ask(
        self,
        errand: &str,
        mut sayings: BoxStream<'static, Saying>,
        directory: &Path,
    ) -> Result<Option<Answer>, Failure> {
        let Self { mut line, runtime } = self;
        let told = Told::start()?;
        let begun = Instant::now();
        let answer = runtime.block_on(async {
            loop {
                let heard = |heard| told.tell(heard);
                let answer = line.ask(errand, sayings.by_ref(), heard).await;
                if answer != Answer::Leaving {
                    return Some(answer);
                }
                tracing::info!("the display that stands ends itself");
                tokio::select! {
                    next = next(directory, begun) => line = next?,
                    () = leaves(&mut sayings) => return Some(left()),
                }
            }
        });
        drop(runtime);
        told.finish();

        Ok(answer)
    }
}

/// The display that stands next, after one has ended itself; `None` where the counter is free, or stays
/// taken.
async fn next(directory: &Path, begun: Instant) -> Option<Line> {
    const PAUSE: Duration = Duration::from_millis(30);
    while begun.elapsed() < TO_CHANGE {
        tokio::time::sleep(PAUSE).await;
        if let Some(line) = Line::to(directory) {
            return Some(line);
        }
        if !Journal::is_taken(directory) {
            break;
        }
    }

    None
}

/// Waits until the program is asked to end. What else the till says now is about no sale.
async fn leaves(sayings: &mut BoxStream<'static, Saying>) {
    while let Some(saying) = sayings.next().await {
        if matches!(saying, Saying::Leave) {
            return;
        }
    }

    std::future::pending::<()>().await;
}

fn left() -> Answer {
    Answer::Refused {
        code: failure::TEMPORARY,
        sentence: "ended while it waited for the display; nothing was begun".to_owned(),
    }
}

/// Writes what is heard, on a thread of its own: a till that does not read must not keep the program from being ended,
/// and what it does not read must not fill the memory.
struct Told(Outbox<Heard>);

impl Told {
    /// How long a till may take to read the rest.
    const PATIENCE: Duration = Duration::from_secs(10);

    fn start() -> io::Result<Self> {
        let mut is_heard = true;
        let outbox = Outbox::start(move |heard| {
            match heard {
                Heard::Event(event) if is_heard => {
                    let mut stdout = io::stdout();
                    let told = writeln!(stdout, "{event}").and_then(|()| stdout.flush());
                    // A till that has gone away is no reason to stop a sale.
                    is_heard = told.is_ok();
                    if let Err(error) = told {
                        failure::unprinted(&error);
                    }
                }
                Heard::Event(_) => {}
                Heard::Note(note) => {
                    let _ = writeln!(io::stderr(), "{note}");
                }
            }

            true
        })?;

        Ok(Self(outbox))
    }

    fn tell(&self, heard: Heard) {
        let (size, weight) = match &heard {
            Heard::Event(event) => (event.len(), Weight::Event),
            Heard::Note(note) => (note.len(), Weight::Passing),
        };
        self.0.tell(heard, size, weight);
    }

    fn finish(&self) {
        if !self.0.finish(Self::PATIENCE) {
            tracing::warn!("the till does not read what it is told; it is told no more");
        }
    }
}
