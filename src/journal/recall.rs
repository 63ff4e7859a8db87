//! What earlier launches have left, read back.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use super::JournalError;
use crate::config::{Merchant, MerchantKey};
use crate::money::{Amount, Currency};
use crate::payment::{Liveness, PaidBy, PaidLine, RequestId, Text};
use crate::sale::{
    Earlier, Ending, Known, Order, Particulars, Recollection, Standing, Unpaid, Void,
};

/// How many endings are read again in one launch, those that waited longest first, and how long
/// one has to rest between two reads, in seconds.
struct Pace {
    most: u32,
    rest: u32,
}

/// Beside a sale: the platform's rate limit is for the polls.
const BESIDE_A_SALE: Pace = Pace { most: 4, rest: 60 };
/// Where no sale is under way.
const AT_LEISURE: Pace = Pace { most: 100, rest: 0 };

const COLUMNS: &str =
    "attempt, sale, token, amount, basket_amount, currency, merchant, merchant_name, config_id,
    liveness, expiry_seconds, account_id, operator, base_url, request_id, short_code, url, phase,
    outcome, reason, void, late,
    CASE WHEN outcome = 'unknown' OR settled_as = outcome THEN settled_by END AS closed_by, settled_at, handover, paid_by, remaining, shown_at,
    payable_at, acknowledged_at,
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

/// How many attempts the sale ?1 has had.
pub(super) const ATTEMPTS: &str = "SELECT coalesce(max(attempt), 0) FROM attempt WHERE sale = ?1";

/// What the platform knows other sales' attempts by and could know one of the sale ?1 by: its name, alone or
/// with something behind a hyphen.
pub(super) const NAMED_ALIKE: &str = "SELECT external_ref FROM attempt
    WHERE sale <> ?1 AND (external_ref = ?1
        OR (external_ref > ?1 || '-' AND external_ref < ?1 || '.'))";

/// Everything that is open, and what concerns the sale of this reference. Only open attempts are
/// read, by an index that has no others in it, so that a long history costs nothing.
pub(super) fn recall(
    database: &Connection,
    sale: Option<&str>,
) -> Result<Recollection, JournalError> {
    let attempts = database
        .prepare_cached(ATTEMPTS)?
        .query_row([sale], |row| row.get(0))?;
    let pace = sale.map_or(AT_LEISURE, |_| BESIDE_A_SALE);
    let mut open = Vec::new();
    let mut query = database.prepare_cached(&statement())?;
    let mut rows = query.query(params![sale, pace.most, pace.rest])?;
    while let Some(row) = rows.next()? {
        open.push(earlier(row)?);
    }

    Ok(Recollection {
        attempts,
        taken: database
            .prepare_cached(NAMED_ALIKE)?
            .query_map([sale], |row| row.get(0))?
            .collect::<Result<_, _>>()?,
        open,
    })
}

/// The open attempts, and those of the sale ?1 that were paid; ?2 of the watched ones, if they have
/// rested for ?3 seconds, however the clock was set meanwhile.
pub(super) fn statement() -> String {
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

/// The attempts of the sale ?1.
pub(super) fn of_sale() -> String {
    format!("SELECT {COLUMNS} FROM attempt WHERE sale = ?1 ORDER BY rowid")
}

/// Every attempt of a sale, open or not, oldest first.
pub(super) fn attempts_of(database: &Connection, sale: &str) -> Result<Vec<Earlier>, JournalError> {
    let mut query = database.prepare(&of_sale())?;
    let mut rows = query.query([sale])?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        attempts.push(earlier(row)?);
    }

    Ok(attempts)
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
        // It was found paid and never shown: only a person can say whose payment that is.
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

/// The outcome that stands. An attempt that is being voided again is open, whatever it had ended as.
pub(super) fn outcome(row: &Row<'_>) -> rusqlite::Result<Option<String>> {
    let phase: String = row.get("phase")?;
    let outcome: Option<String> = row.get("outcome")?;

    Ok(outcome.filter(|_| matches!(phase.as_str(), "settled" | "unknown")))
}

/// How an attempt ended without money.
fn unpaid(row: &Row<'_>) -> Result<Option<Unpaid>, JournalError> {
    let is_settled = row.get::<_, String>("phase")? == "settled";
    let outcome = outcome(row)?.filter(|_| is_settled);

    Ok(outcome.and_then(|outcome| Unpaid::named(&outcome)))
}

fn has(row: &Row<'_>, column: &str) -> Result<bool, JournalError> {
    Ok(row.get::<_, Option<String>>(column)?.is_some())
}

/// The ending of an attempt that ended with money.
fn ending(row: &Row<'_>, currency: Currency) -> Result<Option<Ending>, JournalError> {
    let by = || -> Result<Vec<PaidBy>, JournalError> {
        paid_by(row)?.map_err(|error| JournalError::Unreadable(error.to_string()))
    };
    let outcome = outcome(row)?;
    let owed: Option<i64> = row.get("remaining")?;
    let received = row.get::<_, i64>("amount")? - owed.unwrap_or_default();
    let given_back: i64 = row.get("given_back")?;

    Ok(match outcome.as_deref() {
        // All of it was given back since.
        Some("paid" | "part-paid") if given_back > 0 && given_back >= received => {
            Some(Ending::RefundStarted)
        }
        Some("paid") => Some(Ending::Paid {
            by: by()?,
            kept: false,
        }),
        Some("part-paid") => Some(Ending::PartPaid {
            by: by()?,
            remaining: Amount::from_minor(
                row.get::<_, Option<i64>>("remaining")?
                    .and_then(|minor| u64::try_from(minor).ok())
                    .unwrap_or_default(),
                currency,
            ),
        }),
        Some("refund-started") => Some(Ending::RefundStarted),
        _ => None,
    })
}

/// What paid, from the column `paid_by`. The inner error is JSON that cannot be read.
pub(super) fn paid_by(row: &Row<'_>) -> rusqlite::Result<serde_json::Result<Vec<PaidBy>>> {
    let json: Option<String> = row.get("paid_by")?;
    let rows = json.map_or(Ok(Vec::new()), |json| {
        serde_json::from_str::<Vec<PaidByRow>>(&json)
    });

    Ok(rows.map(|rows| rows.iter().map(PaidBy::from).collect()))
}

/// One means of payment that paid, as the column `paid_by` has it in JSON. Journals of older versions have only the
/// first three keys.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PaidByRow {
    description: String,
    amount: Option<u64>,
    currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asset_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    line_items: Vec<PaidLineRow>,
}

/// A line item that it bought.
#[derive(Debug, Serialize, Deserialize)]
struct PaidLineRow {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sku: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<i64>,
}

impl From<&PaidBy> for PaidByRow {
    fn from(paid_by: &PaidBy) -> Self {
        Self {
            description: paid_by.description.to_string(),
            amount: paid_by.total.map(Amount::minor),
            currency: paid_by
                .total
                .map(|total| total.currency().code().to_owned()),
            asset_type: paid_by.asset_type.as_ref().map(Text::to_string),
            line_items: paid_by.line_items.iter().map(PaidLineRow::from).collect(),
        }
    }
}

impl From<&PaidLine> for PaidLineRow {
    fn from(line: &PaidLine) -> Self {
        Self {
            name: line.name.to_string(),
            sku: line.sku.as_ref().map(Text::to_string),
            quantity: line.quantity.as_ref().map(Text::to_string),
            price: line.price,
        }
    }
}

impl From<&PaidLineRow> for PaidLine {
    fn from(row: &PaidLineRow) -> Self {
        Self {
            name: Text::clean(&row.name),
            sku: row.sku.as_deref().map(Text::clean),
            quantity: row.quantity.as_deref().map(Text::clean),
            price: row.price,
        }
    }
}

impl From<&PaidByRow> for PaidBy {
    fn from(row: &PaidByRow) -> Self {
        let currency = row.currency.as_deref().and_then(Currency::from_code);

        Self {
            description: Text::clean(&row.description),
            asset_type: row.asset_type.as_deref().map(Text::clean),
            line_items: row.line_items.iter().map(PaidLine::from).collect(),
            total: row
                .amount
                .zip(currency)
                .map(|(minor, currency)| Amount::from_minor(minor, currency)),
        }
    }
}
