//! Reports the outcome of a handed-over sale from the journal after the resident display died.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::arguments::{Common, SaleArgs};
use crate::cli::failure::warn;
use crate::cli::launch::checked;
use crate::config::Config;
use crate::domain::order::Order;
use crate::domain::outcome::Outcome;
use crate::journal::Journal;
use crate::runtime::effects::Announcer;
use crate::sale::{Announcement, Ending, HandOverOutcome, HandedOver, PaidByLine, Sum};

const WHY: &str = "the resident display ended during the sale";
/// The longest wait for a dying display to release its journal.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// Reports what the journal knows of the sale, and returns its exit code.
pub(super) fn sale(common: &Common, sale: &SaleArgs, directory: &Path) -> u8 {
    let reference = sale.reference.as_deref().unwrap_or_default();
    let config = Config::load(common.config.as_deref()).ok();
    let order = config
        .as_ref()
        .and_then(|config| checked(config, sale).ok()?.1);
    let asked = config.as_ref().zip(order.as_ref()).map(|(config, order)| {
        let base_url = config.api.base_url.as_str();

        (order, base_url, config.terminal.reference_lifetime)
    });
    let is_alive = is_still_alive(directory);
    let handover = sale.handover.as_deref().unwrap_or_default();
    let handed_over = Journal::attempts_of(directory, reference)
        .map(|attempts| HandedOver::sort(attempts, handover, asked));
    let word = match &handed_over {
        // If the display still lives, it may continue an attempt that has not ended.
        Ok(handed_over) => match handed_over.outcome() {
            word if is_alive && !word.is_settled() => HandOverOutcome::UNKNOWN,
            word => word,
        },
        Err(error) => {
            warn(error);

            HandOverOutcome::UNKNOWN
        }
    };
    let what_to_do = match word.outcome {
        Outcome::Unknown => "do not charge again: start it again with the same --ref",
        Outcome::Unreachable | Outcome::Cancelled => "nothing was charged",
        _ => "see how the sale ended with patron-display history",
    };
    warn(&format!("{WHY}; {what_to_do}"));
    if common.json {
        tell(&word, reference, order.as_ref());
    }

    word.outcome.exit_code()
}

/// Whether a display still holds the journal. A dying one releases it within a moment.
fn is_still_alive(directory: &Path) -> bool {
    const PAUSE: Duration = Duration::from_millis(20);
    let begun = Instant::now();
    while Journal::is_taken(directory) {
        if begun.elapsed() > LOCK_PATIENCE {
            return true;
        }
        thread::sleep(PAUSE);
    }

    false
}

fn tell(word: &HandOverOutcome<'_>, reference: &str, asked: Option<&Order>) {
    let announcer = Announcer::json_lines(std::io::stdout());
    announcer.tell(announcement(word, reference, asked, Some(WHY)));
    announcer.finish();
}

/// Returns the event for an outcome that the journal has.
pub(in crate::cli) fn announcement(
    word: &HandOverOutcome<'_>,
    reference: &str,
    asked: Option<&Order>,
    why: Option<&str>,
) -> Announcement {
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

    Announcement::Outcome {
        outcome: word.outcome,
        id: request.map(|request| request.id.to_string()),
        short_code: request
            .and_then(|request| request.short_code.as_ref())
            .map(ToString::to_string),
        external_ref: Some(external_ref),
        amount: amount.map(|order| Sum::from(order.amount)),
        paid_by: paid_by.iter().map(PaidByLine::from).collect(),
        remaining: remaining.map(Sum::from),
        reason: why.map(ToOwned::to_owned),
        repeated: None,
    }
}
