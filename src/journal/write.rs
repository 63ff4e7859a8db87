//! Writes records: each one updates its attempt, and adds an event that never changes.

use rusqlite::{Connection, Transaction, params};

use super::error::JournalError;
use super::paid_by;
use crate::domain::order::Order;
use crate::domain::payment::{Decision, Failure, Liveness, PaidBy, RequestId};
use crate::sale::{AttemptKey, Ending, NewRequest, Progress, Record};

/// Selects the attempt ?2 of the sale ?1.
pub(super) const NEWEST: &str =
    "rowid = (SELECT max(rowid) FROM attempt WHERE sale = ?1 AND attempt = ?2)";

/// Writes a record. When this returns without an error, the record is on disk.
pub(super) fn record(
    database: &mut Connection,
    key: &AttemptKey,
    record: &Record,
) -> Result<(), JournalError> {
    let transaction = database.transaction()?;
    if update(&transaction, key, record)? == 0 {
        return Err(JournalError::NoAttempt);
    }
    transaction.execute(
        "INSERT INTO event (sale, attempt, at, kind, detail)
         VALUES (?1, ?2, datetime('now', 'subsec'), ?3, ?4)",
        params![key.sale, key.attempt, kind(record), detail(record)],
    )?;

    Ok(transaction.commit()?)
}

/// Updates the attempt. Returns the number of updated rows: 0 if the attempt is missing.
fn update(
    transaction: &Transaction<'_>,
    AttemptKey { sale, attempt }: &AttemptKey,
    record: &Record,
) -> Result<usize, JournalError> {
    let set = |columns: &str, values: &[&dyn rusqlite::ToSql]| {
        let statement = format!("UPDATE attempt SET {columns} WHERE {NEWEST}");
        let key: [&dyn rusqlite::ToSql; 2] = [sale, attempt];
        let values: Vec<_> = key.iter().chain(values).copied().collect();

        transaction.execute(&statement, values.as_slice())
    };

    if let Record::Created { id, .. } | Record::Voiding { id } = record {
        check_new(transaction, (sale, *attempt), id)?;
    }

    Ok(match record {
        Record::Intent { order, request } => intend(transaction, (sale, *attempt), order, request)?,
        Record::Created {
            id,
            short_code,
            payload,
        } => set(
            "phase = 'created', request_id = ?3, short_code = ?4, url = ?5,
             created_at = datetime('now', 'subsec')",
            &[&id.as_str(), short_code, payload],
        )?,
        Record::Shown => set(
            "phase = 'shown', shown_at = coalesce(shown_at, datetime('now', 'subsec')),
             payable_at = coalesce(payable_at, datetime('now', 'subsec'))",
            &[],
        )?,
        // A void opens a closed attempt again, since money may go back.
        Record::Voiding { id } => set(
            "phase = 'voiding', request_id = ?3, void = 'sent', closed_at = NULL",
            &[&id.as_str()],
        )?,
        Record::Progress(Progress::Voided(_)) => set("void = 'answered'", &[])?,
        Record::Progress(_) => set("phase = phase", &[])?,
        Record::Verdict { ending, late } => set(
            "phase = ?3, outcome = ?4, reason = ?5, late = ?6,
             paid_by = coalesce(?7, paid_by), remaining = ?8,
             settled_at = datetime('now', 'subsec'), acknowledged_at = NULL,
             closed_at = CASE WHEN (?9 AND request_id IS NULL)
                 OR (?10 AND payable_at IS NULL AND (request_id IS NOT NULL OR account_id IS NULL))
                 THEN datetime('now', 'subsec') END,
             void = CASE WHEN ?11 THEN coalesce(void, 'sent') ELSE void END",
            &[
                &match ending {
                    Ending::Unknown { .. } => "unknown",
                    _ => "settled",
                },
                &ending.name(),
                &ending.reason(),
                late,
                &paid_by_json(ending)?,
                &remaining(ending),
                &proves_no_request(ending),
                &ending.may_retry(),
                &may_be_voided(ending),
            ],
        )?,
        // An attempt without a recorded verdict stays open, even if a person saw the verdict on the screen.
        Record::Acknowledged => set(
            "acknowledged_at = CASE WHEN phase = 'settled' THEN datetime('now', 'subsec') END,
             closed_at = CASE WHEN phase = 'settled' THEN datetime('now', 'subsec') END",
            &[],
        )?,
        // An attempt that was closed as not paid is still watched for a late payment.
        Record::ClosedByStaff { by, paid } => set(
            "phase = 'settled', outcome = ?4, settled_as = ?5, settled_by = ?3, late = 0, reason = NULL,
             remaining = NULL, settled_at = datetime('now', 'subsec'),
             acknowledged_at = datetime('now', 'subsec'),
             closed_at = CASE WHEN ?6 THEN datetime('now', 'subsec') END",
            &[
                by,
                if *paid { &"paid" } else { &"unknown" },
                if *paid { &"paid" } else { &"not-paid" },
                paid,
            ],
        )?,
        Record::TakenUp { handover } => set("handover = ?3", &[handover])?,
        Record::Watched { closed } => set(
            "watched_at = datetime('now', 'subsec'),
             closed_at = CASE WHEN ?3 THEN datetime('now', 'subsec') END",
            &[closed],
        )?,
    })
}

/// Tells whether another attempt or a refund already has the request ?3, which is new to the attempt ?2 of the
/// sale ?1.
const IS_KNOWN: &str = "SELECT EXISTS (
    SELECT 1 FROM attempt AS own
    WHERE own.rowid = (SELECT max(rowid) FROM attempt WHERE sale = ?1 AND attempt = ?2)
        AND own.request_id IS NOT ?3
        AND (EXISTS (SELECT 1 FROM attempt AS other
                WHERE other.request_id = ?3 AND other.base_url = own.base_url)
            OR EXISTS (SELECT 1 FROM refund
                WHERE refund.request_id = ?3 AND refund.base_url = own.base_url)))";

/// Fails if another attempt or a refund already has the request.
fn check_new(
    transaction: &Transaction<'_>,
    (sale, attempt): (&str, u32),
    id: &RequestId,
) -> Result<(), JournalError> {
    let is_known = transaction
        .prepare_cached(IS_KNOWN)?
        .query_row(params![sale, attempt, id.as_str()], |row| row.get(0))?;

    match is_known {
        true => Err(JournalError::KnownRequest {
            id: id.as_str().to_owned(),
        }),
        false => Ok(()),
    }
}

fn intend(
    transaction: &Transaction<'_>,
    (sale, attempt): (&str, u32),
    order: &Order,
    request: &NewRequest,
) -> rusqlite::Result<usize> {
    transaction.execute(
        "INSERT INTO attempt (sale, attempt, external_ref, amount, currency, merchant,
            merchant_name, config_id, base_url, liveness, expiry_seconds, account_id, operator,
            phase, intended_at, payable_at, token, basket_amount, handover)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'intended',
            datetime('now', 'subsec'), CASE WHEN ?14 THEN datetime('now', 'subsec') END, ?15, ?16, ?17)",
        params![
            sale,
            attempt,
            order.attempt_reference(attempt),
            i64::try_from(request.amount.minor()).unwrap_or(i64::MAX),
            request.amount.currency().code(),
            order.merchant_key.as_str(),
            order.merchant.name,
            request.config_id,
            request.base_url,
            match order.merchant.liveness {
                Liveness::Main => "main",
                Liveness::Test => "test",
            },
            order.merchant.expiry_seconds,
            order.merchant.account_id,
            order.operator,
            request.barcode.is_some(),
            order.token,
            order
                .particulars
                .basket_amount
                .and_then(|basket| i64::try_from(basket.minor()).ok()),
            order.handover,
        ],
    )
}

/// Returns whether an ending without a request proves that the platform has no request. After a lost answer to a
/// create there may be one, so a later launch looks for it.
fn proves_no_request(ending: &Ending) -> bool {
    match ending {
        Ending::Unreachable(failure) => !matches!(failure, Failure::Ambiguous(_)),
        Ending::Rejected(_) => true,
        _ => false,
    }
}

/// Returns whether a void without a record may have taken effect, or still may.
fn may_be_voided(ending: &Ending) -> bool {
    matches!(ending, Ending::Unknown { evidence } if evidence.has_void_result())
}

fn paid_by_json(ending: &Ending) -> Result<Option<String>, JournalError> {
    match ending {
        Ending::Paid { by, .. } | Ending::PartPaid { by, .. } => paid_by::to_json(by).map(Some),
        _ => Ok(None),
    }
}

fn remaining(ending: &Ending) -> Option<i64> {
    match ending {
        Ending::PartPaid { remaining, .. } => i64::try_from(remaining.minor()).ok(),
        _ => None,
    }
}

fn kind(record: &Record) -> &'static str {
    match record {
        Record::Intent { .. } => "intent",
        Record::Created { .. } => "created",
        Record::Shown => "shown",
        Record::Voiding { .. } => "voiding",
        Record::Progress(progress) => match progress {
            Progress::Overdue => "overdue",
            Progress::Condition => "condition",
            Progress::Answered(Decision::Accept, _) => "condition-accepted",
            Progress::Answered(Decision::Decline, _) => "condition-declined",
            Progress::PartPayment(_) => "part-payment",
            Progress::Money => "money",
            Progress::Resumed => "resumed",
            Progress::Voided(_) => "void-answered",
        },
        Record::Verdict { .. } => "verdict",
        Record::Acknowledged => "acknowledged",
        Record::ClosedByStaff { paid: true, .. } => "closed-as-paid",
        Record::ClosedByStaff { paid: false, .. } => "closed-as-not-paid",
        Record::TakenUp { .. } => "taken-up",
        Record::Watched { closed: false } => "watched",
        Record::Watched { closed: true } => "closed",
    }
}

/// Formats one payment, such as `5.00 NZD Centrapay NZD`.
fn part(by: &PaidBy) -> String {
    let total = by.total.map_or_else(String::new, |total| {
        format!("{} {} ", total.decimal(), total.currency().code())
    });

    format!("{total}{}", by.description)
}

fn detail(record: &Record) -> Option<String> {
    match record {
        Record::Intent { request, .. } => Some(request.external_ref.clone()),
        Record::Created { id, .. } | Record::Voiding { id } => Some(id.to_string()),
        Record::Progress(Progress::Voided(answer)) => Some(answer.clone()),
        Record::Progress(Progress::Answered(_, message)) => Some(message.to_string()),
        Record::Progress(Progress::PartPayment(by)) => {
            Some(by.iter().map(part).collect::<Vec<_>>().join(", "))
        }
        Record::Verdict { ending, late } => Some(format!(
            "{}{}",
            ending.name(),
            if *late { ", late" } else { "" }
        )),
        Record::ClosedByStaff { by, .. } => Some(by.clone()),
        Record::TakenUp { .. }
        | Record::Acknowledged
        | Record::Shown
        | Record::Progress(_)
        | Record::Watched { .. } => None,
    }
}
