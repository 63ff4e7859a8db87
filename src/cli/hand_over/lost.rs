//! The display died in the middle of a sale. What it had promised is in the journal: that is told, and
//! nothing is guessed.

use std::path::Path;

use crate::cli::failure::warn;
use crate::effects::Announcer;
use crate::journal::JournalError;
use crate::journal::history::{Entry, Query, history};
use crate::money::{Amount, Currency};
use crate::sale::{Announcement, Ending, Sum};

const WHY: &str = "the display ended in the middle of the sale";

/// Tells what is known of the sale of this reference, and answers with its exit code.
pub(super) fn sale(directory: &Path, reference: &str, json: bool) -> u8 {
    let attempts = attempts(directory, reference);
    let (name, code) = match &attempts {
        Ok(attempts) => outcome(attempts),
        Err(error) => {
            warn(error);

            unknown()
        }
    };
    let what_to_do = match name {
        "unknown" => "do not charge again: start it again with the same --ref",
        "unreachable" | "cancelled" => "its code was never shown, and nothing was charged",
        _ => "what became of the sale is in the journal",
    };
    warn(&format!("{WHY}; {what_to_do}"));
    if json {
        let last = attempts.ok().and_then(|attempts| attempts.last().cloned());
        tell(last, name, reference);
    }

    code
}

fn attempts(directory: &Path, reference: &str) -> Result<Vec<Entry>, JournalError> {
    let query = Query {
        name: Some(reference.to_owned()),
        ..Query::default()
    };
    let mut attempts = Vec::new();
    history(directory, &query, |entry| {
        if entry.sale == reference {
            attempts.push(entry);
        }

        Ok::<_, JournalError>(())
    })?;

    Ok(attempts)
}

/// What the last attempt has come to. Without an outcome it is unknown, unless its code was never on the
/// screen: that is written down before it is.
fn outcome(attempts: &[Entry]) -> (&'static str, u8) {
    const FROM_ENDINGS: [(&str, u8); 7] = [
        ("paid", 0),
        ("part-paid", 10),
        ("expired", 20),
        ("cancelled", 21),
        ("refund-started", 22),
        ("rejected", 40),
        ("unreachable", 41),
    ];
    let Some(last) = attempts.last() else {
        return ("unreachable", 41);
    };
    match (&last.outcome, &last.shown_at) {
        (Some(outcome), _) => {
            let known = FROM_ENDINGS.iter().find(|(name, _)| name == outcome);

            known.copied().unwrap_or_else(unknown)
        }
        (None, Some(_)) => unknown(),
        (None, None) => ("cancelled", 21),
    }
}

fn unknown() -> (&'static str, u8) {
    let unknown = Ending::unknown();

    (unknown.name(), unknown.exit_code())
}

fn tell(last: Option<Entry>, outcome: &'static str, reference: &str) {
    let announcer = Announcer::json_lines(std::io::stdout());
    let amount = last.as_ref().and_then(|last| {
        let currency = Currency::from_code(&last.currency)?;

        Some(Sum::from(Amount::from_minor(last.amount, currency)))
    });
    let (id, short_code, external_ref) = match last {
        Some(last) => (last.id, last.short_code, last.external_ref),
        None => (None, None, reference.to_owned()),
    };
    announcer.tell(Announcement::Outcome {
        outcome,
        id,
        short_code,
        external_ref: Some(external_ref),
        amount,
        paid_by: Vec::new(),
        remaining: None,
        reason: Some(WHY.to_owned()),
    });
    announcer.finish();
}
