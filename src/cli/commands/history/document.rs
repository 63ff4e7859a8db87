//! A sale of the history as JSON.

use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::journal::history::HistoryEntry;
use crate::journal::refunds::StoredRefund;
use crate::sale::PaidByLine;

/// A sale as JSON: the fields of the journal, then derived ones.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cli) struct SaleDocument<'a> {
    #[serde(flatten)]
    entry: &'a HistoryEntry,
    refunds: Vec<RefundDocument<'a>>,
    platform_ref: &'a str,
    /// The amount, written as in an announcement.
    value: DocumentSum<'a>,
    /// The means of payment, written as in an announcement.
    paid_by: Vec<PaidByLine>,
    /// The times of the sale in RFC 3339.
    utc: SaleTimes,
}

#[derive(Serialize)]
struct RefundDocument<'a> {
    #[serde(flatten)]
    kept: &'a StoredRefund,
    value: DocumentSum<'a>,
    utc: RefundTimes,
}

/// Minor units as text, written as in an announcement.
#[derive(Serialize)]
struct DocumentSum<'a> {
    amount: String,
    currency: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SaleTimes {
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

impl<'a> DocumentSum<'a> {
    fn new(minor: u64, currency: &'a str) -> Self {
        let amount = minor.to_string();

        Self { amount, currency }
    }
}

impl<'a> From<&'a StoredRefund> for RefundDocument<'a> {
    fn from(kept: &'a StoredRefund) -> Self {
        Self {
            kept,
            value: DocumentSum::new(kept.amount, &kept.currency),
            utc: RefundTimes {
                at: in_utc(&kept.at),
                settled_at: kept.settled_at.as_deref().and_then(in_utc),
            },
        }
    }
}

impl<'a> From<&'a HistoryEntry> for SaleDocument<'a> {
    fn from(entry: &'a HistoryEntry) -> Self {
        let in_utc_if_any = |at: &Option<String>| at.as_deref().and_then(in_utc);

        Self {
            entry,
            refunds: entry.refunds.iter().map(RefundDocument::from).collect(),
            platform_ref: &entry.platform_ref,
            value: DocumentSum::new(entry.amount, &entry.currency),
            paid_by: entry.paid_by.iter().map(PaidByLine::from).collect(),
            utc: SaleTimes {
                at: in_utc(&entry.at),
                shown_at: in_utc_if_any(&entry.shown_at),
                settled_at: in_utc_if_any(&entry.settled_at),
                closed_at: in_utc_if_any(&entry.closed_at),
            },
        }
    }
}

/// Converts a time of the journal to RFC 3339 with a `Z`; `None` if it is not a time.
fn in_utc(at: &str) -> Option<String> {
    time(at).map(|at| at.timestamp().to_string())
}

/// Reads a time of the journal.
pub(super) fn time(at: &str) -> Option<Zoned> {
    at.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()
}
