//! Part payments that need a decision: keep the part since the rest was paid in another way, or refund the part.
//!
//! Decisions are written without the journal's thread, like refunds. They touch no attempt of a running sale.

use rusqlite::{Row, params};

use super::error::JournalError;
use super::paid_by;
use super::refunds::RefundJournal;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::PaidBy;

/// A sale that was paid in part.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartPaid {
    /// The till's reference of the attempt.
    pub external_ref: String,
    /// The token that follows the reference at the platform, so that the reference is unique there.
    pub token: Option<String>,
    /// The payment request's id.
    pub id: String,
    pub short_code: Option<String>,
    pub received: Amount,
    pub remaining: Amount,
    pub paid_by: Vec<PaidBy>,
    /// Whether staff have decided to keep the part.
    pub is_confirmed: bool,
    /// Whether the platform has started a refund of the part, in whole or in part.
    pub is_given_back: bool,
    attempt: i64,
}

impl PartPaid {
    /// Returns whether the part payment still needs a decision.
    pub fn is_undecided(&self) -> bool {
        !self.is_confirmed && !self.is_given_back
    }
}

/// Selects the part payments at the platform ?1: those with the name ?2, or all.
pub(super) const PAID_IN_PART: &str =
    "SELECT rowid, external_ref, token, request_id, short_code, amount,
        remaining, currency, paid_by,
        EXISTS (SELECT 1 FROM event WHERE event.sale = attempt.sale
            AND event.attempt = attempt.attempt AND kind = 'part-confirmed') AS is_confirmed,
        EXISTS (SELECT 1 FROM refund WHERE refund.base_url = attempt.base_url
            AND refund.request_id = attempt.request_id AND refund.outcome = 'started')
            AS is_given_back
    FROM attempt
    WHERE outcome = 'part-paid' AND phase = 'settled' AND base_url = ?1 AND request_id IS NOT NULL
        AND (?2 IS NULL OR sale = ?2 OR external_ref = ?2 OR request_id = ?2
            OR short_code = ?2 COLLATE NOCASE)
    ORDER BY rowid";

impl RefundJournal {
    /// Returns the part payments with this name (a reference, an id or a short code), or all if there is no name.
    /// The oldest comes first.
    ///
    /// # Errors
    ///
    /// If the journal cannot be read.
    pub fn paid_in_part(&self, name: Option<&str>) -> Result<Vec<PartPaid>, JournalError> {
        let mut statement = self.database.prepare(PAID_IN_PART)?;

        statement
            .query_and_then(params![self.base_url, name], part_paid)?
            .collect()
    }

    /// Records that the part is kept since the rest was paid in another way. This closes the sale.
    ///
    /// # Errors
    ///
    /// If the decision could not be written.
    pub fn confirm(&mut self, part: &PartPaid) -> Result<(), JournalError> {
        let transaction = self.database.transaction()?;
        transaction.execute(
            "INSERT INTO event (sale, attempt, at, kind)
             SELECT sale, attempt, datetime('now', 'subsec'), 'part-confirmed'
             FROM attempt WHERE rowid = ?1",
            [part.attempt],
        )?;
        transaction.execute(
            "UPDATE attempt SET acknowledged_at = coalesce(acknowledged_at, datetime('now', 'subsec')),
                 closed_at = coalesce(closed_at, datetime('now', 'subsec'))
             WHERE rowid = ?1 AND phase = 'settled'",
            [part.attempt],
        )?;

        Ok(transaction.commit()?)
    }
}

fn part_paid(row: &Row<'_>) -> Result<PartPaid, JournalError> {
    let external_ref: String = row.get("external_ref")?;
    let unreadable = |what: &str| JournalError::Unreadable(format!("{external_ref}: {what}"));
    let currency = Currency::from_code(&row.get::<_, String>("currency")?)
        .ok_or_else(|| unreadable("its currency"))?;
    let asked = Amount::from_minor(row.get::<_, i64>("amount")?.unsigned_abs(), currency);
    let paid_by = paid_by::from_row(row)?.map_err(|_| unreadable("its means of payment"))?;
    let owed: Option<i64> = row.get("remaining")?;
    let remaining = Amount::from_minor(owed.unwrap_or_default().unsigned_abs(), currency);

    Ok(PartPaid {
        received: asked
            .checked_sub(remaining)
            .ok_or_else(|| unreadable("its remaining amount"))?,
        remaining,
        paid_by,
        token: row.get("token")?,
        id: row.get("request_id")?,
        short_code: row.get("short_code")?,
        is_confirmed: row.get("is_confirmed")?,
        is_given_back: row.get("is_given_back")?,
        attempt: row.get("rowid")?,
        external_ref,
    })
}
