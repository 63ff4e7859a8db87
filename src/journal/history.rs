//! The history of a counter: attempts, events and refunds, for people and other programs.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;

use super::error::JournalError;
use super::file::{self, FILE};
use super::refunds::{StoredRefund, amount_text, stored_refund};
use super::{paid_by, recall, schema};
use crate::domain::order::unique_reference;
use crate::domain::payment::PaidBy;

/// Which attempts to look up.
#[derive(Debug, Clone, Default)]
pub struct HistoryQuery {
    /// A payment request's id, a short code, or any reference: the till's, an attempt's, the platform's or a
    /// refund's.
    pub name: Option<String>,
    /// The earliest time at which an attempt may have begun.
    pub since: Option<Timestamp>,
    /// The highest number of attempts. The newest attempts are kept.
    pub limit: Option<u32>,
}

/// One attempt in the journal. Times are in UTC, such as `2026-08-17 04:04:27.426`.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// The time when the attempt began.
    pub at: String,
    /// The till's reference of the sale.
    pub sale: String,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The till's reference of this attempt.
    pub external_ref: String,
    /// The payment request's id.
    pub id: Option<String>,
    pub short_code: Option<String>,
    /// The amount in minor units.
    pub amount: u64,
    /// The currency's ISO 4217 code.
    pub currency: String,
    /// The merchant's key in the configuration.
    pub merchant: String,
    pub operator: Option<String>,
    /// The outcome; `None` while the attempt is open.
    pub outcome: Option<String>,
    /// Whether the payment came after the attempt was called expired or cancelled.
    pub late: bool,
    /// The reason for the outcome: the platform's code or words.
    pub reason: Option<String>,
    /// The member of staff who closed the attempt.
    pub settled_by: Option<String>,
    pub shown_at: Option<String>,
    pub settled_at: Option<String>,
    /// When the attempt was closed: from then on it needs no verdict, no person and no watch for late payments.
    pub closed_at: Option<String>,
    /// The platform's `externalRef`: in most cases the till's reference, a dot and a token. The tables of
    /// `history` do not have this field and those below.
    #[serde(skip)]
    pub platform_ref: String,
    #[serde(skip)]
    pub paid_by: Vec<PaidBy>,
    /// Refunds of the payment, oldest first.
    #[serde(skip)]
    pub refunds: Vec<StoredRefund>,
}

impl HistoryEntry {
    /// The names of the serialised fields, in order.
    pub const FIELDS: [&str; 17] = [
        "at",
        "sale",
        "attempt",
        "externalRef",
        "id",
        "shortCode",
        "amount",
        "currency",
        "merchant",
        "operator",
        "outcome",
        "late",
        "reason",
        "settledBy",
        "shownAt",
        "settledAt",
        "closedAt",
    ];

    /// Formats the amount, such as `12.50 NZD`.
    pub fn amount_text(&self) -> String {
        amount_text(self.amount, &self.currency)
    }

    /// Returns the outcome's name, or `open`.
    pub fn outcome_text(&self) -> &str {
        self.outcome.as_deref().unwrap_or("open")
    }
}

/// Returns the number of attempts without a verdict, and of late payments that nobody has acknowledged. An attempt under way counts
/// as one without a verdict.
///
/// # Errors
///
/// If the journal cannot be read.
pub fn counts(directory: &Path) -> Result<(u64, u64), JournalError> {
    file::check_private(directory)?;
    let path = directory.join(FILE);
    let Some(database) = schema::open_to_read(&path)? else {
        return Ok((0, 0));
    };
    let counted = database.query_row(
        "SELECT count(*) FILTER (WHERE phase <> 'settled'),
                count(*) FILTER (WHERE phase = 'settled' AND late
                    AND outcome IN ('paid', 'part-paid', 'refund-started'))
         FROM attempt INDEXED BY attempt_open WHERE closed_at IS NULL",
        [],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    );
    let (unsettled, late) =
        counted.map_err(|error| JournalError::from(error).at_if_damaged(&path))?;

    Ok((unsettled.unsigned_abs(), late.unsigned_abs()))
}

/// Returns whether the data directory has a journal file.
pub fn has_a_journal(directory: &Path) -> bool {
    directory.join(FILE).exists()
}

/// Looks up attempts and calls `visit` with each, oldest first. This works while a display has the journal open.
///
/// # Errors
///
/// If the journal cannot be read, or `visit` fails.
pub fn history<E: From<JournalError>>(
    directory: &Path,
    query: &HistoryQuery,
    mut visit: impl FnMut(HistoryEntry) -> Result<(), E>,
) -> Result<(), E> {
    file::check_private(directory)?;
    let path = directory.join(FILE);
    let Some(database) = schema::open_to_read(&path)? else {
        return Ok(());
    };
    let rows = |error: rusqlite::Error| E::from(JournalError::from(error).at_if_damaged(&path));
    let since = query
        .since
        .map(|since| since.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let mut statement = database.prepare(&statement(query)).map_err(rows)?;
    let limit = query.limit.map_or(-1, i64::from);
    let (reference, token) = query
        .name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'))
        .unzip();
    let mut found = statement
        .query(params![query.name, since, limit, reference, token])
        .map_err(rows)?;
    let mut refunds = database.prepare(REFUNDS_OF_REQUEST).map_err(rows)?;
    while let Some(row) = found.next().map_err(rows)? {
        let mut entry = entry(row).map_err(rows)?;
        if let Some(id) = &entry.id {
            entry.refunds = refunds
                .query_map([id], stored_refund)
                .and_then(Iterator::collect)
                .map_err(rows)?;
        }
        visit(entry)?;
    }

    Ok(())
}

/// Returns the SQL for attempts with the name ?1, from the time ?2 on, at most ?3. The platform's reference of an
/// attempt may also be ?4, a dot and the token ?5. Only needed conditions are in the SQL. Each has an index, so
/// SQLite reads only matching attempts.
pub(super) fn statement(query: &HistoryQuery) -> String {
    let named = match query.name {
        Some(_) => {
            "rowid IN (SELECT rowid FROM attempt WHERE sale = ?1
                 UNION SELECT rowid FROM attempt WHERE external_ref = ?1
                 UNION SELECT rowid FROM attempt WHERE external_ref = ?4 AND token = ?5
                 UNION SELECT rowid FROM attempt WHERE request_id = ?1
                 UNION SELECT rowid FROM attempt WHERE short_code = ?1 COLLATE NOCASE
                 UNION SELECT attempt.rowid FROM refund JOIN attempt USING (request_id)
                     WHERE refund.external_ref = ?1)"
        }
        None => "?1 IS NULL AND ?4 IS NULL AND ?5 IS NULL",
    };
    let since = match query.since {
        Some(_) => "rowid IN (SELECT rowid FROM attempt WHERE intended_at >= ?2)",
        None => "?2 IS NULL",
    };

    format!(
        "SELECT * FROM (
             SELECT rowid AS number, * FROM attempt WHERE {named} AND {since}
             ORDER BY rowid DESC LIMIT ?3)
         ORDER BY number"
    )
}

const REFUNDS_OF_REQUEST: &str = "SELECT * FROM refund WHERE request_id = ?1 ORDER BY rowid";

pub(super) const REFUNDS_WITHOUT_A_SALE: &str = "SELECT * FROM refund
    WHERE rowid IN (SELECT rowid FROM refund WHERE request_id = ?1
            UNION SELECT rowid FROM refund WHERE short_code = ?1 COLLATE NOCASE
            UNION SELECT rowid FROM refund WHERE external_ref = ?1)
        AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.request_id = refund.request_id)
    ORDER BY rowid";

pub(super) const EVENTS: &str =
    "SELECT at, kind, detail FROM event WHERE sale = ?1 AND attempt = ?2 ORDER BY rowid";

/// Returns refunds of sales that another counter made. The name is the refund's reference, or the payment
/// request's id or short code.
///
/// # Errors
///
/// If the journal cannot be read.
pub fn refunds_without_a_sale(
    directory: &Path,
    name: &str,
) -> Result<Vec<StoredRefund>, JournalError> {
    file::check_private(directory)?;
    let Some(database) = schema::open_to_read(&directory.join(FILE))? else {
        return Ok(Vec::new());
    };
    let mut statement = database.prepare(REFUNDS_WITHOUT_A_SALE)?;
    let found = statement
        .query_map([name], stored_refund)?
        .collect::<Result<_, _>>()?;

    Ok(found)
}

/// Returns the events of an attempt, oldest first.
///
/// # Errors
///
/// If the journal cannot be read.
pub fn events(directory: &Path, entry: &HistoryEntry) -> Result<Vec<HistoryEvent>, JournalError> {
    let Some(database) = schema::open_to_read(&directory.join(FILE))? else {
        return Ok(Vec::new());
    };
    let mut statement = database.prepare(EVENTS)?;
    let events = statement
        .query_map(params![entry.sale, entry.attempt], |row| {
            Ok(HistoryEvent {
                at: row.get(0)?,
                kind: row.get(1)?,
                detail: row.get(2)?,
            })
        })?
        .collect::<Result<_, _>>()?;

    Ok(events)
}

/// One event of an attempt. Events never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEvent {
    /// The time, in UTC.
    pub at: String,
    /// The kind of event, such as `created` or `verdict`.
    pub kind: String,
    /// The data of the event: an id, an outcome or a name.
    pub detail: Option<String>,
}

fn entry(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    let external_ref: String = row.get("external_ref")?;
    let token: Option<String> = row.get("token")?;
    // A `paid_by` that cannot be read must not hide the sale.
    let paid_by = paid_by::from_row(row)?.unwrap_or_else(|error| {
        tracing::warn!(%error, "cannot read the journal's column paid_by");

        Vec::new()
    });

    Ok(HistoryEntry {
        platform_ref: unique_reference(external_ref.clone(), token.as_deref()),
        external_ref,
        at: row.get("intended_at")?,
        sale: row.get("sale")?,
        attempt: row.get("attempt")?,
        id: row.get("request_id")?,
        short_code: row
            .get::<_, Option<String>>("short_code")?
            .filter(|code| !code.is_empty()),
        amount: row.get::<_, i64>("amount")?.unsigned_abs(),
        currency: row.get("currency")?,
        merchant: row.get("merchant")?,
        operator: row.get("operator")?,
        outcome: recall::outcome(row)?,
        late: row.get("late")?,
        reason: row.get("reason")?,
        settled_by: row.get("settled_by")?,
        shown_at: row.get("shown_at")?,
        settled_at: row.get("settled_at")?,
        closed_at: row.get("closed_at")?,
        paid_by,
        refunds: Vec::new(),
    })
}
