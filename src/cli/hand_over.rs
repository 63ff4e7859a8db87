//! Hands a sale or a settle command over to the resident display, and relays its events.

mod lost;

pub(super) use lost::announcement;

use std::io::{self, Write};
use std::path::{self, Path, PathBuf};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream, select};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::sleep;

use super::arguments::{Common, SaleArgs};
use super::failure::{self, CommandError, warn};
use super::session::{Runtime, controls, data_directory};
use crate::config;
use crate::domain::outcome::Outcome;
use crate::journal::Journal;
use crate::local_api::client::{CallError, DisplayClient, SaleEvents};
use crate::local_api::{Launch, NewSale, SettleOrder};
use crate::runtime::control::ControlLine;
use crate::runtime::effects::earlier_line;
use crate::runtime::fresh_names::{fresh_reference, random_text};
use crate::runtime::outbox::{Outbox, Weight};
use crate::runtime::process::asked_to_end;
use crate::sale::Announcement;
use crate::text::printable;

/// The length of a hand-over's name in the journal.
const HANDOVER_LENGTH: usize = 16;
/// The longest wait for the next resident display after the previous one has ended.
const RESTART_PATIENCE: Duration = Duration::from_secs(10);
/// The longest wait, at the end, for a till that still reads its events.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(10);
/// The longest wait for a resident display to end a sale early and record that.
const LEAVING_PATIENCE: Duration = Duration::from_secs(8);

/// A request of the till or the system to this process.
#[derive(Debug)]
enum Wish {
    /// A command line from the till.
    Control(ControlLine),
    /// End the sale early, because this process was asked to end.
    Leave,
}

/// Hands a sale over, and returns its exit code; `None` if no resident display runs.
pub(super) fn sale(common: &Common, sale: &SaleArgs) -> Result<Option<u8>, CommandError> {
    let directory = data_directory(common)?;
    let Some((display, runtime)) = find(&directory)? else {
        return Ok(None);
    };
    if sale.windowed.is_some() {
        warn(&"a resident display runs at this counter; --windowed has no effect");
    }
    let sale = SaleArgs {
        // This process chooses the reference, so that it can look the sale up if the display dies.
        reference: Some(sale.reference.clone().unwrap_or_else(fresh_reference)),
        handover: Some(random_text(HANDOVER_LENGTH)),
        ..sale.clone()
    };
    let new_sale = new_sale(common, &sale)?;
    let controls = controls(common).take().map(Wish::Control);
    let leaves = stream::once(asked_to_end()).map(|()| Wish::Leave);
    let mut wishes = select(controls, leaves).boxed();
    let output = till_output(common.json)?;
    let told: Result<_, CommandError> = runtime.block_on(async {
        let Some((display, events)) = begin(display, &new_sale, &directory, &mut wishes).await?
        else {
            return Ok(None);
        };
        let reference = &new_sale.reference;

        match events {
            Some(events) => Ok(Some(
                follow(&display, reference, events, wishes, &output).await,
            )),
            None => Ok(Some(None)),
        }
    });
    drop(runtime);
    if !output.finish(OUTPUT_PATIENCE) {
        tracing::warn!("the till does not read its events; it gets no more");
    }

    match told? {
        Some(Some(outcome)) => Ok(Some(outcome.exit_code())),
        Some(None) => Ok(Some(lost::sale(common, &sale, &directory))),
        None => Ok(None),
    }
}

/// Lets the resident display settle earlier sales, and returns the exit code; `None` if no resident display runs.
pub(super) fn settle(common: &Common) -> Result<Option<u8>, CommandError> {
    let directory = data_directory(common)?;
    let Some((display, runtime)) = find(&directory)? else {
        return Ok(None);
    };
    let order = SettleOrder {
        config: Some(configuration(common)?),
        ..SettleOrder::default()
    };
    match runtime.block_on(display.settle(&order)) {
        Ok(answer) => {
            for event in &answer.earlier {
                tell_earlier(common.json, event);
            }

            Ok(Some(answer.exit_code))
        }
        Err(CallError::Broken(error)) => {
            tracing::warn!(%error, "the connection to the resident display broke");
            warn(&"the resident display has ended; run patron-display settle again");

            Ok(Some(failure::TEMPORARY))
        }
        Err(CallError::Leaving) => Ok(None),
        Err(CallError::Silent) => Err(silent(&directory)),
        Err(CallError::Refused(problem)) => Err(problem.into()),
    }
}

/// Returns the resident display of this data directory, if one runs.
pub(super) async fn running_resident(directory: &Path) -> Option<DisplayClient> {
    DisplayClient::find(directory).await.ok().flatten()
}

/// Finds the resident display, with a runtime to call it; `None` if none runs.
fn find(directory: &Path) -> Result<Option<(DisplayClient, Runtime)>, CommandError> {
    if !DisplayClient::may_exist(directory) {
        return Ok(None);
    }
    let runtime = Runtime::of_one_thread()?;
    match runtime.block_on(DisplayClient::find(directory)) {
        Ok(found) => Ok(found.map(|display| (display, runtime))),
        Err(_) => Err(silent(directory)),
    }
}

fn silent(directory: &Path) -> CommandError {
    CommandError::Silent {
        path: directory.to_owned(),
    }
}

/// The absolute path of the configuration. The resident display may run in another directory.
fn configuration(common: &Common) -> Result<PathBuf, CommandError> {
    let places = config::places(common.config.as_deref());

    Ok(path::absolute(config::find(&places)?)?)
}

fn new_sale(common: &Common, sale: &SaleArgs) -> Result<NewSale, CommandError> {
    let items = sale.items.as_ref().map(|items| {
        // Reports a file that cannot be read, or has wrong lines.
        items.read()?;
        let text = items.text()?.trim_start_matches('\u{feff}').to_owned();

        RawValue::from_string(text).map_err(|error| CommandError::System(error.into()))
    });

    Ok(NewSale {
        reference: sale.reference.clone().unwrap_or_default(),
        amount: sale.amount.clone(),
        merchant: sale.merchant.clone(),
        operator: sale.operator.clone(),
        items: items.transpose()?,
        basket: sale.basket.clone(),
        invoice_ref: sale.invoice_ref.clone(),
        patron_not_present: sale.patron_not_present,
        barcode: sale.barcode.clone(),
        launch: Some(Launch {
            config: configuration(common)?,
            handover: sale.handover.clone().unwrap_or_default(),
            items_file: sale.items.as_ref().map(|items| items.path().to_owned()),
        }),
    })
}

/// Starts the sale at this display, or at the next one if this one is ending. Returns its events, or none if the display broke after
/// the sale may have begun. `None` if no display runs any more.
async fn begin(
    mut display: DisplayClient,
    sale: &NewSale,
    directory: &Path,
    wishes: &mut BoxStream<'static, Wish>,
) -> Result<Option<(DisplayClient, Option<SaleEvents>)>, CommandError> {
    let begun = Instant::now();
    loop {
        match display.sell(sale).await {
            Ok(()) => break,
            Err(CallError::Refused(problem)) => return Err(problem.into()),
            Err(CallError::Silent) => return Err(silent(directory)),
            Err(CallError::Broken(error)) => {
                tracing::warn!(%error, "the connection to the resident display broke");

                return Ok(Some((display, None)));
            }
            Err(CallError::Leaving) => {
                tracing::info!("the resident display is ending");
                tokio::select! {
                    next = next_display(directory, begun) => match next {
                        Some(next) => display = next,
                        None => return Ok(None),
                    },
                    () = leaves(wishes) => return Err(CommandError::Refused {
                        code: failure::TEMPORARY,
                        sentence: "ended while it waited for the resident display; no sale was started".to_owned(),
                    }),
                }
            }
        }
    }
    let events = display.events(&sale.reference).await;
    let events = events
        .inspect_err(|error| tracing::warn!(?error, "cannot listen to the sale"))
        .ok();

    Ok(Some((display, events)))
}

/// Passes events to the till and the till's wishes to the display, until the outcome; `None` if the display is gone before.
async fn follow(
    display: &DisplayClient,
    reference: &str,
    mut events: SaleEvents,
    wishes: BoxStream<'static, Wish>,
    output: &Outbox<String>,
) -> Option<Outcome> {
    let heard = async {
        while let Some(event) = events.next().await {
            let event = event
                .inspect_err(|error| tracing::warn!(%error, "the events of the sale broke off"))
                .ok()?;
            let outcome = (event.name == "outcome").then(|| outcome(&event.json));
            let weight = match event.name.as_str() {
                "link" | "error" => Weight::Passing,
                _ => Weight::Event,
            };
            write(output, event.json, weight);
            if outcome.is_some() {
                return outcome.flatten();
            }
        }

        None
    };

    tokio::select! {
        outcome = heard => outcome,
        () = pass_on(display, reference, wishes, output) => None,
    }
}

/// Passes the till's wishes to the display. Returns only if the display was asked to end the sale and takes too long.
async fn pass_on(
    display: &DisplayClient,
    reference: &str,
    mut wishes: BoxStream<'static, Wish>,
    output: &Outbox<String>,
) {
    while let Some(wish) = wishes.next().await {
        match wish {
            Wish::Control(Ok(command)) => match display.command(reference, command).await {
                Ok(()) => {}
                Err(CallError::Refused(problem)) => {
                    tracing::info!(?problem.reason, ?command, "the display drops a command");
                }
                // Whoever reads the events finds out that the display is gone.
                Err(error) => tracing::warn!(?error, "cannot pass a command on"),
            },
            Wish::Control(Err(error)) => {
                let mut line = Vec::new();
                let told = Announcement::Error {
                    message: error.to_string(),
                };
                if printable::json_line(&mut line, &told).is_ok() {
                    let line = String::from_utf8_lossy(&line);
                    write(output, line.trim_end().to_owned(), Weight::Passing);
                }
            }
            Wish::Leave => {
                if let Err(error) = display.leave(reference).await {
                    tracing::warn!(?error, "cannot end the sale");
                }

                return sleep(LEAVING_PATIENCE).await;
            }
        }
    }

    std::future::pending::<()>().await;
}

#[derive(Deserialize)]
struct ToldOutcome {
    outcome: String,
}

fn outcome(json: &str) -> Option<Outcome> {
    let told: ToldOutcome = serde_json::from_str(json).ok()?;

    Outcome::parse(&told.outcome)
}

/// Waits for the next resident display; `None` if the counter is free, or another process keeps it too long.
async fn next_display(directory: &Path, begun: Instant) -> Option<DisplayClient> {
    const PAUSE: Duration = Duration::from_millis(30);
    while begun.elapsed() < RESTART_PATIENCE {
        sleep(PAUSE).await;
        if let Ok(Some(display)) = DisplayClient::find(directory).await {
            return Some(display);
        }
        if !Journal::is_taken(directory) {
            break;
        }
    }

    None
}

/// Waits until the program is asked to end. Drops other wishes, because no sale runs.
async fn leaves(wishes: &mut BoxStream<'static, Wish>) {
    while let Some(wish) = wishes.next().await {
        if matches!(wish, Wish::Leave) {
            return;
        }
    }

    std::future::pending::<()>().await;
}

/// Writes events on a new thread, within bounds. A till that does not read must not block the end of the program or fill
/// the memory. Without `json` they are dropped.
fn till_output(json: bool) -> io::Result<Outbox<String>> {
    let mut is_open = json;

    Outbox::start(move |event: String| {
        if is_open {
            let mut stdout = io::stdout();
            let written = writeln!(stdout, "{event}").and_then(|()| stdout.flush());
            // The sale goes on without the till.
            is_open = written.is_ok();
            if let Err(error) = written {
                failure::unprinted(&error);
            }
        }

        true
    })
}

fn write(output: &Outbox<String>, event: String, weight: Weight) {
    let size = event.len();
    output.tell(event, size, weight);
}

/// Prints how an earlier sale ended: as JSON for the till, or as a line for people.
fn tell_earlier(json: bool, event: &RawValue) {
    let mut stdout = io::stdout();
    let written = match json {
        true => writeln!(stdout, "{event}"),
        false => earlier_line(&mut stdout, event.get()),
    };
    if let Err(error) = written.and_then(|()| stdout.flush()) {
        failure::unprinted(&error);
    }
}
