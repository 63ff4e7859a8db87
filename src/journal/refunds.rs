//! Refunds in the journal: each is recorded before it is sent, and again when its result is known.
//!
//! Refunds are written without the journal's thread and without the counter's lock, so an office can refund while
//! a display uses the counter. That is safe: the lock prevents two visible codes, and a refund shows no code and
//! touches no attempt. Each write is one short transaction, so the display waits for one commit at most.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::error::JournalError;
use super::file::{self, FILE};
use super::schema;
use crate::domain::money::{Amount, Currency};

/// The refunds of one platform in a journal.
#[derive(Debug)]
pub struct RefundJournal {
    pub(super) database: Connection,
    /// The platform's address. It keeps the references and short codes of a sandbox apart from the real ones.
    pub(super) base_url: String,
}

/// A refund before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundIntent {
    /// The refund's own reference.
    pub external_ref: String,
    /// The payment request that is refunded.
    pub request_id: String,
    /// The payment request's short code.
    pub short_code: Option<String>,
    /// The amount that goes back.
    pub amount: Amount,
    /// The whole amount that was paid.
    pub paid: Amount,
    /// The number of the refund's invoice.
    pub invoice_ref: Option<String>,
    /// The line items as they are sent, in JSON.
    pub line_items: Option<String>,
}

/// Result of recording a refund intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedIntent {
    /// The reference is new.
    New,
    /// The same refund was recorded before, as given here.
    Repeated(StoredRefund),
    /// Another refund, given here, has the reference. Nothing was recorded.
    ReferenceTaken(StoredRefund),
}

/// The result of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundResult {
    /// The platform has started the refund.
    Started,
    /// The platform has refused the refund.
    Rejected,
    /// The platform has not carried out the refund.
    Unreachable,
    /// The platform may have started the refund.
    Unknown,
}

impl RefundResult {
    /// Returns the result's name in events and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        }
    }
}

/// A refund in the journal. Times are in UTC, such as `2026-08-17 04:04:27.426`.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredRefund {
    /// The time when the intent was last recorded.
    pub at: String,
    /// The refund's own reference.
    pub external_ref: String,
    /// The payment request's id.
    pub id: String,
    /// The payment request's short code.
    pub short_code: Option<String>,
    /// The amount in minor units.
    pub amount: u64,
    /// The currency's ISO 4217 code.
    pub currency: String,
    /// `started`, `rejected`, `unreachable` or `unknown`; `None` while there is no result.
    pub outcome: Option<String>,
    /// The reason for the outcome: the platform's code or words.
    pub reason: Option<String>,
    pub settled_at: Option<String>,
    /// The short code of the refund itself, such as `CP-C7F-ZS5-032`.
    pub refund_code: Option<String>,
    /// The whole amount that was paid, in minor units.
    #[serde(skip)]
    pub paid: u64,
    #[serde(skip)]
    pub invoice_ref: Option<String>,
    /// The line items as they were sent, in JSON.
    #[serde(skip)]
    pub line_items: Option<String>,
}

impl StoredRefund {
    /// Returns whether the platform has started the refund.
    pub fn is_started(&self) -> bool {
        self.outcome.as_deref() == Some(RefundResult::Started.name())
    }

    /// Returns whether the platform may have started the refund: the answer was unclear, or the program was killed
    /// before the answer.
    pub fn is_unsettled(&self) -> bool {
        match self.outcome.as_deref() {
            None => true,
            Some(outcome) => outcome == RefundResult::Unknown.name(),
        }
    }

    /// Returns the name of the result. A refund without a result counts as unknown.
    pub fn outcome_text(&self) -> &str {
        self.outcome.as_deref().unwrap_or("unknown")
    }

    /// Returns the currency if this version knows it.
    pub fn currency(&self) -> Option<Currency> {
        Currency::from_code(&self.currency)
    }

    /// Formats the amount, such as `5.00 NZD`.
    pub fn amount_text(&self) -> String {
        amount_text(self.amount, &self.currency)
    }

    fn matches(&self, intent: &RefundIntent) -> bool {
        self.id == intent.request_id
            && self.amount == intent.amount.minor()
            && self.currency == intent.amount.currency().code()
            && self.invoice_ref == intent.invoice_ref
            && self.line_items == intent.line_items
    }
}

/// Selects the requests at the platform ?1 that have the short code ?2.
pub(super) const REQUESTS_WITH_CODE: &str = "SELECT request_id FROM attempt
    WHERE base_url = ?1 AND short_code = ?2 COLLATE NOCASE AND request_id IS NOT NULL
    UNION SELECT request_id FROM refund WHERE base_url = ?1 AND short_code = ?2 COLLATE NOCASE";

impl RefundJournal {
    /// Opens the journal in `directory` for refunds at this platform, and creates both if they are missing. This
    /// works while a display uses the counter.
    ///
    /// # Errors
    ///
    /// If the directory cannot be used, or the journal cannot be opened.
    pub fn open(directory: &Path, base_url: &str) -> Result<Self, JournalError> {
        file::claim(directory)?;

        Ok(Self {
            database: schema::open(&directory.join(FILE))?,
            base_url: base_url.to_owned(),
        })
    }

    /// Returns the refund that has this reference, if any.
    ///
    /// # Errors
    ///
    /// If the journal cannot be read.
    pub fn with_reference(&self, external_ref: &str) -> Result<Option<StoredRefund>, JournalError> {
        find(&self.database, &self.base_url, external_ref)
    }

    /// Returns the ids of the payment requests with this short code. There may be several, since the platform uses
    /// short codes again after two years.
    ///
    /// # Errors
    ///
    /// If the journal cannot be read.
    pub fn requests_with(&self, short_code: &str) -> Result<Vec<String>, JournalError> {
        let mut statement = self.database.prepare(REQUESTS_WITH_CODE)?;

        Ok(statement
            .query_map(params![self.base_url, short_code], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }

    /// Records a refund before it is sent. If the same refund was recorded before, it is open again, unless the
    /// platform has started it.
    ///
    /// # Errors
    ///
    /// If the intent could not be written. The refund must not be sent then.
    pub fn record_intent(&mut self, intent: &RefundIntent) -> Result<RecordedIntent, JournalError> {
        let transaction = self.database.transaction()?;
        let recorded = match find(&transaction, &self.base_url, &intent.external_ref)? {
            Some(stored) if !stored.matches(intent) => {
                return Ok(RecordedIntent::ReferenceTaken(stored));
            }
            Some(stored) => {
                transaction.execute(
                    "UPDATE refund SET intended_at = datetime('now', 'subsec'), outcome = NULL,
                         reason = NULL, settled_at = NULL
                     WHERE base_url = ?1 AND external_ref = ?2
                         AND (outcome IS NULL OR outcome <> 'started')",
                    params![self.base_url, intent.external_ref],
                )?;

                RecordedIntent::Repeated(stored)
            }
            None => {
                transaction.execute(
                    "INSERT INTO refund (base_url, external_ref, request_id, short_code, amount,
                         paid, currency, invoice_ref, line_items, intended_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, datetime('now', 'subsec'))",
                    params![
                        self.base_url,
                        intent.external_ref,
                        intent.request_id,
                        intent.short_code,
                        minor(intent.amount)?,
                        minor(intent.paid)?,
                        intent.amount.currency().code(),
                        intent.invoice_ref,
                        intent.line_items,
                    ],
                )?;

                RecordedIntent::New
            }
        };
        transaction.commit()?;

        Ok(recorded)
    }

    /// Records the result of a refund. A started refund stays started.
    ///
    /// # Errors
    ///
    /// If the result could not be written. The refund then stays open, and the same command sends it again.
    pub fn record_result(
        &mut self,
        external_ref: &str,
        result: RefundResult,
        reason: Option<&str>,
        refund_code: Option<&str>,
    ) -> Result<(), JournalError> {
        self.database.execute(
            "UPDATE refund SET outcome = ?3, reason = ?4, settled_at = datetime('now', 'subsec'),
                 refund_code = coalesce(?5, refund_code)
             WHERE base_url = ?1 AND external_ref = ?2
                 AND (outcome IS NULL OR outcome <> 'started')",
            params![
                self.base_url,
                external_ref,
                result.name(),
                reason,
                refund_code
            ],
        )?;

        Ok(())
    }
}

fn find(
    database: &Connection,
    base_url: &str,
    external_ref: &str,
) -> Result<Option<StoredRefund>, JournalError> {
    Ok(database
        .query_row(
            "SELECT * FROM refund WHERE base_url = ?1 AND external_ref = ?2",
            params![base_url, external_ref],
            stored_refund,
        )
        .optional()?)
}

/// Converts the amount for SQLite, or fails: the platform may report an amount that is too large to store.
fn minor(amount: Amount) -> Result<i64, JournalError> {
    i64::try_from(amount.minor())
        .map_err(|_| JournalError::Unreadable(format!("the amount {}", amount.minor())))
}

/// Formats an amount in minor units, such as `12.50 NZD`. A currency that this version does not know gets no
/// decimals.
pub(super) fn amount_text(minor: u64, code: &str) -> String {
    match Currency::from_code(code) {
        Some(currency) => format!("{} {code}", Amount::from_minor(minor, currency).decimal()),
        None => format!("{minor} {code}"),
    }
}

pub(super) fn stored_refund(row: &Row<'_>) -> rusqlite::Result<StoredRefund> {
    Ok(StoredRefund {
        at: row.get("intended_at")?,
        external_ref: row.get("external_ref")?,
        id: row.get("request_id")?,
        short_code: row.get("short_code")?,
        amount: row.get::<_, i64>("amount")?.unsigned_abs(),
        currency: row.get("currency")?,
        outcome: row.get("outcome")?,
        reason: row.get("reason")?,
        settled_at: row.get("settled_at")?,
        refund_code: row.get("refund_code")?,
        paid: row.get::<_, i64>("paid")?.unsigned_abs(),
        invoice_ref: row.get("invoice_ref")?,
        line_items: row.get("line_items")?,
    })
}
