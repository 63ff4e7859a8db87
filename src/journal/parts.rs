//! Part payments that wait for somebody to decide: the rest was paid another way, or the part goes
//! back.
//!
//! A decision is written beside the journal's own thread, as a refund is, and as safely: it touches
//! no attempt that is under way.

use rusqlite::{Row, params};

use super::JournalError;
use super::refunds::{Refunds, begin};
use crate::money::{Amount, Currency};
use crate::payment::PaidBy;

/// A sale that was paid in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartPaid {
    /// The attempt's reference.
    pub external_ref: String,
    /// What makes that reference unique at the platform.
    pub token: Option<String>,
    /// The request's id.
    pub id: String,
    /// The request's name for people.
    pub short_code: Option<String>,
    /// What came in.
    pub received: Amount,
    /// What was still owed.
    pub remaining: Amount,
    /// What paid it, with the line items that each means of payment bought.
    pub paid_by: Vec<PaidBy>,
    /// Whether it was decided that the part is kept.
    pub is_confirmed: bool,
    /// Whether the platform has a refund of it, be it of a part.
    pub is_given_back: bool,
    attempt: i64,
}

impl PartPaid {
    /// Whether nobody has decided yet.
    pub fn is_undecided(&self) -> bool {
        !self.is_confirmed && !self.is_given_back
    }
}

/// The part payments at the platform ?1 that go by the name ?2, or all.
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

impl Refunds {
    /// The sales that were paid in part, oldest first: those that go by this name (a reference, an id
    /// or a short code), or all.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub fn paid_in_part(&self, name: Option<&str>) -> Result<Vec<PartPaid>, JournalError> {
        let mut statement = self.database.prepare(PAID_IN_PART)?;
        let rows = statement.query_map(params![self.base_url, name], |row| Ok(part_paid(row)))?;
        let mut found = Vec::new();
        for row in rows {
            found.push(row??);
        }

        Ok(found)
    }

    /// Writes down that the part is kept: the rest was paid another way. That is the last word on it,
    /// and whoever says it has seen the sale.
    ///
    /// # Errors
    ///
    /// When it is not on disk.
    pub fn confirm(&mut self, part: &PartPaid) -> Result<(), JournalError> {
        let transaction = begin(&mut self.database)?;
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
    let currency = Currency::from_code(&row.get::<_, String>("currency")?)
        .ok_or_else(|| JournalError::Unreadable(format!("{external_ref}: its currency")))?;
    let asked = Amount::from_minor(row.get::<_, i64>("amount")?.unsigned_abs(), currency);
    let paid_by = super::recall::paid_by(row)?
        .map_err(|_| JournalError::Unreadable(format!("{external_ref}: what paid it")))?;
    let owed: Option<i64> = row.get("remaining")?;
    let remaining = Amount::from_minor(owed.unwrap_or_default().unsigned_abs(), currency);

    Ok(PartPaid {
        received: asked
            .checked_sub(remaining)
            .ok_or_else(|| JournalError::Unreadable(format!("{external_ref}: what remains")))?,
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
