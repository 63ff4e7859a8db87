//! A sale of the history as JSON.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::journal::history::Entry;
use crate::journal::refunds::Kept;
use crate::sale::PaidByLine;

/// A sale as other programs read it: its fields, and what follows them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    refunds: Vec<RefundDocument<'a>>,
    platform_ref: &'a str,
    /// The amount as events have it.
    value: Money<'a>,
    /// As events have it.
    paid_by: Vec<PaidByLine>,
    /// The times above in RFC 3339.
    utc: Times,
}

/// A refund as other programs read it.
#[derive(Serialize)]
struct RefundDocument<'a> {
    #[serde(flatten)]
    kept: &'a Kept,
    value: Money<'a>,
    utc: RefundTimes,
}

/// Minor units as text, as the platform and the events write them.
#[derive(Serialize)]
struct Money<'a> {
    amount: String,
    currency: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    at: Option<String>,
    shown_at: Option<String>,
    settled_at: Option<String>,
    closed_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundTimes {
    at: Option<String>,
    settled_at: Option<String>,
}

impl<'a> Money<'a> {
    fn new(minor: u64, currency: &'a str) -> Self {
        Self {
            amount: minor.to_string(),
            currency,
        }
    }
}

impl<'a> From<&'a Kept> for RefundDocument<'a> {
    fn from(kept: &'a Kept) -> Self {
        Self {
            kept,
            value: Money::new(kept.amount, &kept.currency),
            utc: RefundTimes {
                at: in_utc(&kept.at),
                settled_at: kept.settled_at.as_deref().and_then(in_utc),
            },
        }
    }
}

impl<'a> From<&'a Entry> for Document<'a> {
    fn from(entry: &'a Entry) -> Self {
        let time = |at: &Option<String>| at.as_deref().and_then(in_utc);

        Self {
            entry,
            refunds: entry.refunds.iter().map(RefundDocument::from).collect(),
            platform_ref: &entry.platform_ref,
            value: Money::new(entry.amount, &entry.currency),
            paid_by: entry.paid_by.iter().map(PaidByLine::from).collect(),
            utc: Times {
                at: in_utc(&entry.at),
                shown_at: time(&entry.shown_at),
                settled_at: time(&entry.settled_at),
                closed_at: time(&entry.closed_at),
            },
        }
    }
}

/// A time of the journal in RFC 3339, with a `Z`; `None` for what is no time.
fn in_utc(at: &str) -> Option<String> {
    let at = at.parse::<DateTime>().ok()?;
    let at = at.to_zoned(TimeZone::UTC).ok()?;

    Some(at.timestamp().to_string())
}
