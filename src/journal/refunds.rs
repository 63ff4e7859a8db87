//! What was asked to be given back, and what became of it.
//!
//! This is written beside the journal's own thread and without the counter's lock, so that an
//! office can give a payment back while the display has the counter for the next sale. That is
//! safe: the lock is there so that two displays never show two codes, and a refund shows none and
//! touches no attempt. The journal is in WAL mode, where SQLite lets any number of programs write
//! one after another; each write here is one short transaction that takes the right to write at
//! its start, so neither program can fail for what the other has read, and the display waits for a
//! single commit at most.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;

use super::{FILE, JournalError, guard, schema};
use crate::money::{Amount, Currency};

/// The refunds of a journal.
#[derive(Debug)]
pub struct Refunds {
    pub(super) database: Connection,
    /// The platform's address. A rehearsal's references and short codes are not the real ones.
    pub(super) base_url: String,
}

/// A refund that is about to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its own reference.
    pub external_ref: String,
    /// The request whose payment goes back.
    pub request_id: String,
    /// The request's name for people.
    pub short_code: Option<String>,
    /// How much goes back.
    pub amount: Amount,
    /// How much was paid in all.
    pub paid: Amount,
    /// The number of the invoice that it belongs to.
    pub invoice_ref: Option<String>,
    /// The line items as they are sent, in JSON.
    pub line_items: Option<String>,
}

/// What became of the wish to write an intent down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intended {
    /// It is on disk.
    New,
    /// It is on disk, and was before: this is how it stood.
    Again(Kept),
    /// Nothing was written: this other refund has the reference.
    Taken(Kept),
}

/// What became of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The platform has it.
    Started,
    /// The platform has refused it.
    Rejected,
    /// Nothing was carried out.
    Unreachable,
    /// Nobody knows.
    Unknown,
}

impl Settled {
    /// Its name in events and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        }
    }
}

/// A refund as the journal has it. Times are in UTC, as `2026-08-17 04:04:27.426`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// When it was asked for, the last time.
    pub at: String,
    /// Its own reference.
    pub external_ref: String,
    /// The request's id.
    pub id: String,
    /// The request's name for people.
    pub short_code: Option<String>,
    /// Minor units.
    pub amount: u64,
    /// ISO 4217.
    pub currency: String,
    /// `started`, `rejected`, `unreachable`, `unknown`; `None` while that is open.
    pub outcome: Option<String>,
    /// Why, in the platform's code or in words.
    pub reason: Option<String>,
    /// When that was known.
    pub settled_at: Option<String>,
    /// The short code of the refund itself, such as `CP-C7F-ZS5-032`.
    pub refund_code: Option<String>,
    /// What was paid in all, in minor units.
    #[serde(skip)]
    pub paid: u64,
    /// The number of the invoice that it belongs to.
    #[serde(skip)]
    pub invoice_ref: Option<String>,
    /// The line items as they were sent, in JSON.
    #[serde(skip)]
    pub line_items: Option<String>,
}

impl Kept {
    /// Whether the platform has it.
    pub fn is_started(&self) -> bool {
        self.outcome.as_deref() == Some(Settled::Started.name())
    }

    /// Whether it may have been carried out without anybody knowing: it was torn away between the
    /// call and its answer, or had no clear answer.
    pub fn is_unsettled(&self) -> bool {
        match self.outcome.as_deref() {
            None => true,
            Some(outcome) => outcome == Settled::Unknown.name(),
        }
    }

    /// What became of it, in a word.
    pub fn outcome_text(&self) -> &str {
        self.outcome.as_deref().unwrap_or("unknown")
    }

    /// The currency, where this version knows it.
    pub fn currency(&self) -> Option<Currency> {
        Currency::from_code(&self.currency)
    }

    /// The amount as it is written, such as `5.00 NZD`.
    pub fn amount_text(&self) -> String {
        super::history::amount_text(self.amount, &self.currency)
    }

    fn is(&self, intent: &Intent) -> bool {
        self.id == intent.request_id
            && self.amount == intent.amount.minor()
            && self.currency == intent.amount.currency().code()
            && self.invoice_ref == intent.invoice_ref
            && self.line_items == intent.line_items
    }
}

/// The requests at the platform ?1 with the short code ?2.
pub(super) const REQUEST_WITH: &str = "SELECT request_id FROM attempt
    WHERE base_url = ?1 AND short_code = ?2 COLLATE NOCASE AND request_id IS NOT NULL
    UNION SELECT request_id FROM refund WHERE base_url = ?1 AND short_code = ?2 COLLATE NOCASE";

impl Refunds {
    /// Opens the journal in `directory`, making both where they are missing, for refunds at the
    /// platform of this address. Who has the counter does not matter.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made, or the journal cannot be opened.
    pub fn open(directory: &Path, base_url: &str) -> Result<Self, JournalError> {
        guard::claim(directory)?;

        Ok(Self {
            database: schema::open(&directory.join(FILE))?,
            base_url: base_url.to_owned(),
        })
    }

    /// The refund that has this reference.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub fn with_reference(&self, external_ref: &str) -> Result<Option<Kept>, JournalError> {
        find(&self.database, &self.base_url, external_ref)
    }

    /// The ids of the requests with this short code that a sale or a refund of this journal has. The
    /// platform gives a short code out again after two years, so there may be several.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub fn requests_with(&self, short_code: &str) -> Result<Vec<String>, JournalError> {
        let mut statement = self.database.prepare(REQUEST_WITH)?;

        Ok(statement
            .query_map(params![self.base_url, short_code], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }

    /// Writes down what is about to be asked for, and is back when it is on disk. One that was asked
    /// for before is open again, unless the platform has it.
    ///
    /// # Errors
    ///
    /// When it is not on disk: then it must not be asked for.
    pub fn intend(&mut self, intent: &Intent) -> Result<Intended, JournalError> {
        let transaction = begin(&mut self.database)?;
        let intended = match find(&transaction, &self.base_url, &intent.external_ref)? {
            Some(kept) if !kept.is(intent) => return Ok(Intended::Taken(kept)),
            Some(kept) => {
                transaction.execute(
                    "UPDATE refund SET intended_at = datetime('now', 'subsec'), outcome = NULL,
                         reason = NULL, settled_at = NULL
                     WHERE base_url = ?1 AND external_ref = ?2
                         AND (outcome IS NULL OR outcome <> 'started')",
                    params![self.base_url, intent.external_ref],
                )?;

                Intended::Again(kept)
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

                Intended::New
            }
        };
        transaction.commit()?;

        Ok(intended)
    }

    /// Writes down what became of it, and the refund's own short code if it is known. That the platform
    /// has it is never taken back.
    ///
    /// # Errors
    ///
    /// When it is not on disk: then it stays open, and is asked for again.
    pub fn settle(
        &mut self,
        external_ref: &str,
        settled: Settled,
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
                settled.name(),
                reason,
                refund_code
            ],
        )?;

        Ok(())
    }
}

/// Takes the right to write at once, so that it cannot fail for what another program has read.
pub(super) fn begin(database: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    database.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn find(
    database: &Connection,
    base_url: &str,
    external_ref: &str,
) -> Result<Option<Kept>, JournalError> {
    Ok(database
        .query_row(
            "SELECT * FROM refund WHERE base_url = ?1 AND external_ref = ?2",
            params![base_url, external_ref],
            kept,
        )
        .optional()?)
}

/// What the platform said was paid may be more than a till could ask for, but SQLite must be able
/// to count it.
fn minor(amount: Amount) -> Result<i64, JournalError> {
    i64::try_from(amount.minor())
        .map_err(|_| JournalError::Unreadable(format!("the amount {}", amount.minor())))
}

pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
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
