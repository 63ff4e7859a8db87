//! Reads the attempts that earlier launches left.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Params, Row, params};

use super::error::JournalError;
use super::paid_by;
use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::{Amount, Currency};
use crate::domain::order::{Order, Particulars};
use crate::domain::outcome::Outcome;
use crate::domain::payment::{Liveness, PaidBy, RequestId, Text};
use crate::sale::{Earlier, Ending, Known, Recollection, Standing, Void};

/// How many attempts one launch watches for late payments, and how many seconds must pass between two checks of an
/// attempt. During a sale, polls need most of the platform's rate limit.
const WATCH_DURING_SALE: (u32, u32) = (4, 60);
const WATCH_WITHOUT_SALE: (u32, u32) = (100, 0);

const COLUMNS: &str =
    "attempt, sale, token, amount, basket_amount, currency, merchant, merchant_name, config_id,
    liveness, expiry_seconds, account_id, operator, base_url, request_id, short_code, url, phase,
    outcome, reason, void, late,
    CASE WHEN outcome = 'unknown' OR settled_as = outcome THEN settled_by END AS closed_by,
    settled_at, handover, paid_by, remaining, shown_at, payable_at, acknowledged_at,
    coalesce(unixepoch('now') - unixepoch(intended_at) > expiry_seconds + 60, 0) AS is_over,
    CASE WHEN unixepoch('now') >= unixepoch(intended_at)
        THEN unixepoch('now') - unixepoch(intended_at) END AS age,
    (SELECT coalesce(sum(refund.amount), 0) FROM refund
        WHERE refund.request_id = attempt.request_id AND refund.base_url = attempt.base_url
            AND refund.outcome = 'started') AS given_back,
    (paid_by IS NOT NULL OR EXISTS (SELECT 1 FROM event
        WHERE event.sale = attempt.sale AND event.attempt = attempt.attempt
            AND event.kind IN ('part-payment', 'money'))) AS had_money,
    min(expiry_seconds, max(0, unixepoch(created_at) + expiry_seconds - unixepoch('now')))
        AS time_left";

/// Selects the number of attempts of the sale ?1.
pub(super) const ATTEMPTS: &str = "SELECT coalesce(max(attempt), 0) FROM attempt WHERE sale = ?1";

/// Selects references of other sales that an attempt of the sale ?1 could get: the sale's reference, alone or
/// followed by a hyphen and more.
pub(super) const SIMILAR_REFERENCES: &str = "SELECT external_ref FROM attempt
    WHERE sale <> ?1 AND (external_ref = ?1
        OR (external_ref > ?1 || '-' AND external_ref < ?1 || '.'))";

/// Reads every open attempt, and the paid attempts of `sale`. The open attempts have an index of their own, so a
/// long history costs nothing.
pub(super) fn recall(
    database: &Connection,
    sale: Option<&str>,
) -> Result<Recollection, JournalError> {
    let (attempts, rest) = sale.map_or(WATCH_WITHOUT_SALE, |_| WATCH_DURING_SALE);
    let open = params![sale, attempts, rest];

    Ok(Recollection {
        attempts: database
            .prepare_cached(ATTEMPTS)?
            .query_row([sale], |row| row.get(0))?,
        taken: database
            .prepare_cached(SIMILAR_REFERENCES)?
            .query_map([sale], |row| row.get(0))?
            .collect::<Result<_, _>>()?,
        open: read(database, &open_attempts(), open)?,
    })
}

/// Returns the SQL for the open attempts, and the paid attempts of the sale ?1. Of the watched attempts it selects
/// at most ?2, each at least ?3 seconds after its last check. A clock that was set back does not stop the watch.
pub(super) fn open_attempts() -> String {
    format!(
        "SELECT {COLUMNS} FROM attempt
         WHERE rowid IN (
             SELECT rowid FROM attempt INDEXED BY attempt_open WHERE closed_at IS NULL
                 AND (phase <> 'settled' OR outcome IN ('paid', 'part-paid', 'refund-started'))
             UNION SELECT rowid FROM (
                 SELECT rowid FROM attempt INDEXED BY attempt_open
                 WHERE closed_at IS NULL AND phase = 'settled'
                     AND outcome NOT IN ('paid', 'part-paid', 'refund-started')
                     AND (watched_at IS NULL
                         OR abs(unixepoch('now') - unixepoch(watched_at)) >= ?3)
                 ORDER BY coalesce(watched_at, settled_at) LIMIT ?2)
             UNION SELECT rowid FROM attempt WHERE sale = ?1
                 AND (closed_at IS NULL OR outcome IN ('paid', 'part-paid')))
         ORDER BY rowid"
    )
}

/// Reads every attempt of a sale, oldest first.
pub(super) fn attempts_of(database: &Connection, sale: &str) -> Result<Vec<Earlier>, JournalError> {
    let statement = format!("SELECT {COLUMNS} FROM attempt WHERE sale = ?1 ORDER BY rowid");

    read(database, &statement, [sale])
}

fn read(
    database: &Connection,
    statement: &str,
    params: impl Params,
) -> Result<Vec<Earlier>, JournalError> {
    let mut query = database.prepare_cached(statement)?;

    query.query_and_then(params, earlier)?.collect()
}

fn earlier(row: &Row<'_>) -> Result<Earlier, JournalError> {
    let sale: String = row.get("sale")?;
    let unreadable = |what: &str| JournalError::Unreadable(format!("{sale}: {what}"));
    let code: String = row.get("currency")?;
    let currency = Currency::from_code(&code).ok_or_else(|| unreadable("its currency"))?;
    let minor =
        u64::try_from(row.get::<_, i64>("amount")?).map_err(|_| unreadable("its amount"))?;
    let request = match row.get::<_, Option<String>>("request_id")? {
        None => None,
        Some(id) => Some(Known {
            id: RequestId::new(&id).ok_or_else(|| unreadable("its request id"))?,
            short_code: row
                .get::<_, Option<String>>("short_code")?
                .map(|code| Text::clean(&code))
                .filter(|code| !code.is_empty()),
            payload: row.get::<_, Option<String>>("url")?.unwrap_or_default(),
            time_left: Duration::from_secs(
                row.get::<_, Option<u32>>("time_left")?.unwrap_or(0).into(),
            ),
        }),
    };

    Ok(Earlier {
        attempt: row.get("attempt")?,
        base_url: row.get("base_url")?,
        request,
        age: row
            .get::<_, Option<u32>>("age")?
            .map(|seconds| Duration::from_secs(seconds.into())),
        is_over: row.get("is_over")?,
        closed_by: row.get("closed_by")?,
        unpaid: unpaid(row)?,
        had_money: row.get("had_money")?,
        settled_at: row
            .get::<_, Option<String>>("settled_at")?
            .map(|at| format!("{}Z", at.replacen(' ', "T", 1))),
        patron_presented: has(row, "payable_at")? && !has(row, "shown_at")?,
        standing: standing(row, currency)?,
        order: Order {
            amount: Amount::from_minor(minor, currency),
            merchant_key: MerchantKey::new(&row.get::<_, String>("merchant")?),
            merchant: Merchant {
                config_id: row.get("config_id")?,
                name: row.get("merchant_name")?,
                currency,
                liveness: match row.get::<_, String>("liveness")?.as_str() {
                    "test" => Liveness::Test,
                    _ => Liveness::Main,
                },
                expiry_seconds: row.get("expiry_seconds")?,
                account_id: row.get("account_id")?,
            },
            operator: row.get("operator")?,
            particulars: Arc::new(Particulars {
                basket_amount: row
                    .get::<_, Option<i64>>("basket_amount")?
                    .map(|minor| Amount::from_minor(minor.unsigned_abs(), currency)),
                ..Particulars::default()
            }),
            patron_code: None,
            token: row.get("token")?,
            handover: row.get("handover")?,
            reference: sale,
        },
    })
}

fn standing(row: &Row<'_>, currency: Currency) -> Result<Standing, JournalError> {
    let payable = has(row, "payable_at")?;
    let phase: String = row.get("phase")?;
    let void = match row.get::<_, Option<String>>("void")?.as_deref() {
        Some("answered") => Void::Answered,
        Some(_) => Void::Unanswered,
        // The request was paid but never shown, so only a person can say who paid it.
        None if phase == "unknown" && has(row, "request_id")? && !payable => Void::Unanswered,
        None => Void::NotSent,
    };

    Ok(match phase.as_str() {
        "intended" if !payable => Standing::Intended,
        "created" | "voiding" if !payable => Standing::Created(void),
        "settled" => match ending(row, currency)? {
            None => Standing::Watched(void),
            Some(ending) => Standing::Ended {
                ending,
                late: row.get("late")?,
                acknowledged: row.get::<_, Option<String>>("acknowledged_at")?.is_some(),
            },
        },
        _ => Standing::Payable(void),
    })
}

/// Returns the outcome. The earlier outcome of an attempt that is being voided again does not count.
pub(super) fn outcome(row: &Row<'_>) -> rusqlite::Result<Option<String>> {
    let phase: String = row.get("phase")?;
    let outcome: Option<String> = row.get("outcome")?;

    Ok(outcome.filter(|_| matches!(phase.as_str(), "settled" | "unknown")))
}

fn unpaid(row: &Row<'_>) -> Result<Option<Outcome>, JournalError> {
    let is_settled = row.get::<_, String>("phase")? == "settled";
    let outcome = outcome(row)?.filter(|_| is_settled);
    let outcome = outcome.and_then(|outcome| Outcome::parse(&outcome));

    Ok(outcome.filter(|outcome| !outcome.is_money()))
}

fn has(row: &Row<'_>, column: &str) -> Result<bool, JournalError> {
    Ok(row.get::<_, Option<String>>(column)?.is_some())
}

/// Returns the ending of an attempt that was paid, in whole or in part.
fn ending(row: &Row<'_>, currency: Currency) -> Result<Option<Ending>, JournalError> {
    let by = || -> Result<Vec<PaidBy>, JournalError> {
        paid_by::from_row(row)?.map_err(|error| JournalError::Unreadable(error.to_string()))
    };
    let outcome = outcome(row)?;
    let owed: Option<i64> = row.get("remaining")?;
    let received = row.get::<_, i64>("amount")? - owed.unwrap_or_default();
    let given_back: i64 = row.get("given_back")?;

    Ok(match outcome.as_deref().and_then(Outcome::parse) {
        // Refunds have returned the whole payment since then.
        Some(Outcome::Paid | Outcome::PartPaid) if given_back > 0 && given_back >= received => {
            Some(Ending::RefundStarted)
        }
        Some(Outcome::Paid) => Some(Ending::Paid {
            by: by()?,
            kept: false,
        }),
        Some(Outcome::PartPaid) => Some(Ending::PartPaid {
            by: by()?,
            remaining: Amount::from_minor(
                owed.and_then(|minor| u64::try_from(minor).ok())
                    .unwrap_or_default(),
                currency,
            ),
        }),
        Some(Outcome::RefundStarted) => Some(Ending::RefundStarted),
        _ => None,
    })
}
