//! A sale of the history as cells of a table that other programs read.

use crate::journal::history::Entry;
use crate::printable::cell;

/// The sale with each text made fit for a spreadsheet. The lists are no fields of a table.
pub(super) fn of(entry: &Entry) -> Entry {
    let optional = |text: &Option<String>| text.as_deref().map(cell);

    Entry {
        at: cell(&entry.at),
        sale: cell(&entry.sale),
        attempt: entry.attempt,
        external_ref: cell(&entry.external_ref),
        id: optional(&entry.id),
        short_code: optional(&entry.short_code),
        amount: entry.amount,
        currency: cell(&entry.currency),
        merchant: cell(&entry.merchant),
        operator: optional(&entry.operator),
        outcome: optional(&entry.outcome),
        late: entry.late,
        reason: optional(&entry.reason),
        settled_by: optional(&entry.settled_by),
        shown_at: optional(&entry.shown_at),
        settled_at: optional(&entry.settled_at),
        closed_at: optional(&entry.closed_at),
        platform_ref: cell(&entry.platform_ref),
        paid_by: Vec::new(),
        refunds: Vec::new(),
    }
}
