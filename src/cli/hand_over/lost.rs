//! The resident display died in the middle of a sale: the till is told what the journal has of this hand-over.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::failure::warn;
use crate::cli::launch::choose;
use crate::cli::{Common, SaleArgs};
use crate::config::Config;
use crate::effects::Announcer;
use crate::journal::{Journal, JournalError};
use crate::sale::{Announcement, Ending, HandedOver, LastWord, Order, PaidByLine, Sum};

const WHY: &str = "the display ended in the middle of the sale";
/// How long a display that has died may still hold its journal.
const TO_DIE: Duration = Duration::from_secs(2);

/// Tells what is known of the sale that was handed over, and answers with its exit code.
pub(super) fn sale(common: &Common, sale: &SaleArgs, directory: &Path) -> u8 {
    let reference = sale.reference.as_deref().unwrap_or_default();
    let config = Config::load(common.config.as_deref()).ok();
    let order = config
        .as_ref()
        .and_then(|config| choose(config, sale).ok()?.into_order());
    let asked = config.as_ref().zip(order.as_ref()).map(|(config, order)| {
        let base_url = config.api.base_url.as_str();

        (order, base_url, config.terminal.reference_lifetime)
    });
    let is_alive = is_still_alive(directory);
    let handed_over = attempts(directory, reference, sale.handover.as_deref(), asked);
    let unknown = LastWord::unknown();
    let word = match &handed_over {
        Ok(handed_over) => handed_over.last_word(),
        Err(error) => {
            warn(error);

            unknown.clone()
        }
    };
    // A display that is not dead after all may still go on with what has not ended.
    let word = if is_alive && !word.is_settled() {
        unknown
    } else {
        word
    };
    let what_to_do = match word.outcome {
        "unknown" => "do not charge again: start it again with the same --ref",
        "unreachable" | "cancelled" => "nothing was charged",
        _ => "the journal has how the sale ended",
    };
    warn(&format!("{WHY}; {what_to_do}"));
    if common.json {
        tell(&word, reference, order.as_ref());
    }

    word.exit_code
}

fn attempts(
    directory: &Path,
    reference: &str,
    handover: Option<&str>,
    asked: Option<(&Order, &str, Duration)>,
) -> Result<HandedOver, JournalError> {
    let attempts = Journal::attempts_of(directory, reference)?;

    Ok(HandedOver::sort(
        attempts,
        handover.unwrap_or_default(),
        asked,
    ))
}

/// Whether the journal is still held by a display. One that dies lets go of it within a moment.
fn is_still_alive(directory: &Path) -> bool {
    const PAUSE: Duration = Duration::from_millis(20);
    let begun = Instant::now();
    while Journal::is_taken(directory) {
        if begun.elapsed() > TO_DIE {
            return true;
        }
        thread::sleep(PAUSE);
    }

    false
}

fn tell(word: &LastWord<'_>, reference: &str, asked: Option<&Order>) {
    let announcer = Announcer::json_lines(std::io::stdout());
    let request = word.attempt.and_then(|attempt| attempt.request.as_ref());
    let amount = word.attempt.map(|attempt| &attempt.order).or(asked);
    let (paid_by, remaining) = match word.ending() {
        Some(Ending::Paid { by, .. }) => (by.as_slice(), None),
        Some(Ending::PartPaid { by, remaining }) => (by.as_slice(), Some(*remaining)),
        _ => (&[][..], None),
    };
    let external_ref = word.attempt.map_or_else(
        || reference.to_owned(),
        |attempt| attempt.order.attempt_reference(attempt.attempt),
    );
    announcer.tell(Announcement::Outcome {
        outcome: word.outcome,
        id: request.map(|request| request.id.to_string()),
        short_code: request
            .and_then(|request| request.short_code.as_ref())
            .map(ToString::to_string),
        external_ref: Some(external_ref),
        amount: amount.map(|order| Sum::from(order.amount)),
        paid_by: paid_by.iter().map(PaidByLine::from).collect(),
        remaining: remaining.map(Sum::from),
        reason: Some(WHY.to_owned()),
        repeated: None,
    });
    announcer.finish();
}
