//! The platform's JSON, read as widely as its own samples vary: amounts as text or as numbers,
//! ids as text or as numbers, fields that are missing or null, fields that are new.

pub(super) mod activity;
pub(super) mod create;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::money::{Amount, Currency};
use crate::payment::{
    BadUrl, CancellationReason, Condition, ConditionId, ConditionStatus, ConfigId, ExternalRef,
    Liveness, PaidBy, PaidLine, PayUrl, PaymentRequest, RequestId, Status, Text,
};

/// A payment request in an answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentRequestIn {
    id: String,
    status: String,
    short_code: Option<String>,
    url: Option<String>,
    value: Option<MoneyIn>,
    liveness: Option<String>,
    external_ref: Option<TextOrNumber>,
    config_id: Option<String>,
    merchant_name: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    expires_at: Option<String>,
    expiry_seconds: Option<MinorUnits>,
    remaining_amount: Option<RemainingIn>,
    #[serde(default, deserialize_with = "null_as_default")]
    merchant_conditions: Vec<ConditionIn>,
    #[serde(default, deserialize_with = "null_as_default")]
    paid_by: PaidByIn,
    cancellation_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct MoneyIn {
    amount: MinorUnits,
    currency: String,
}

impl MoneyIn {
    fn amount(&self) -> Option<Amount> {
        let currency = Currency::from_code(&self.currency)?;

        Some(Amount::from_minor(self.amount.0, currency))
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RemainingIn {
    Plain(MinorUnits),
    Money(MoneyIn),
}

impl RemainingIn {
    /// The amount; `currency` is the value's.
    fn amount(&self, currency: Option<Currency>) -> Option<Amount> {
        match self {
            Self::Plain(minor) => Some(Amount::from_minor(minor.0, currency?)),
            Self::Money(money) => money.amount(),
        }
    }
}

#[derive(Debug, Deserialize)]
struct ConditionIn {
    id: TextOrNumber,
    name: Option<String>,
    message: Option<String>,
    status: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PaidByIn {
    #[serde(deserialize_with = "null_as_default")]
    asset_totals: Vec<AssetTotalIn>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssetTotalIn {
    #[serde(rename = "type")]
    kind: Option<String>,
    description: Option<String>,
    total: Option<MoneyIn>,
    /// A line that cannot be read must not hide the payment, so each field is read by itself.
    #[serde(default, deserialize_with = "null_as_default")]
    line_items: Vec<PaidLineIn>,
}

#[derive(Debug, Deserialize)]
struct PaidLineIn {
    name: Option<Value>,
    sku: Option<Value>,
    qty: Option<Value>,
    price: Option<Value>,
}

/// One page of a look-up by reference, bare or in an envelope.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RequestsIn {
    Bare(Vec<ListedIn>),
    #[serde(rename_all = "camelCase")]
    Items {
        #[serde(alias = "paymentRequests")]
        items: Vec<ListedIn>,
        /// Both names are documented.
        page_key: Option<TextOrNumber>,
        next_page_key: Option<TextOrNumber>,
    },
}

/// A listed request: the list lacks what else a till needs.
#[derive(Debug, Deserialize)]
pub(super) struct ListedIn {
    id: String,
}

impl RequestsIn {
    /// The ids that can be addressed.
    pub(super) fn ids(&self) -> Vec<RequestId> {
        let (Self::Bare(items) | Self::Items { items, .. }) = self;

        items
            .iter()
            .filter_map(|item| RequestId::new(&item.id))
            .collect()
    }

    /// Where the next page starts, if there is one.
    pub(super) fn next_page(self) -> Option<String> {
        match self {
            Self::Bare(_) => None,
            Self::Items {
                page_key,
                next_page_key,
                ..
            } => next_page_key.or(page_key).map(|key| key.0),
        }
    }
}

/// A whole number of minor units, as text or as a JSON number; never through floating point.
#[derive(Debug, Clone, Copy)]
struct MinorUnits(u64);

impl<'de> Deserialize<'de> for MinorUnits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let whole = TextOrNumber::deserialize(deserializer)?.0;
        // A number of Rust may have a plus sign, an amount of the platform has none.
        let digits = whole.bytes().all(|byte| byte.is_ascii_digit());

        whole
            .parse()
            .ok()
            .filter(|_| digits)
            .map(Self)
            .ok_or_else(|| {
                serde::de::Error::custom("expected a whole, non-negative number of minor units")
            })
    }
}

/// What is text in some samples and a whole number in others.
#[derive(Debug)]
pub(super) struct TextOrNumber(String);

impl<'de> Deserialize<'de> for TextOrNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Number(u64),
        }

        Ok(match Either::deserialize(deserializer)? {
            Either::Text(text) => Self(text),
            Either::Number(number) => Self(number.to_string()),
        })
    }
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl PaymentRequestIn {
    /// What it says, as answered at `date` by the platform's clock.
    ///
    /// # Errors
    ///
    /// What is missing or cannot be understood.
    pub(super) fn answered_at(self, date: Timestamp) -> Result<PaymentRequest, &'static str> {
        let body = self;
        let date = date.as_millisecond();
        let value = body.value.as_ref().and_then(MoneyIn::amount);
        let currency = value.map(Amount::currency);
        let status = status(&body.status);
        let remaining = body
            .remaining_amount
            .as_ref()
            .map(|remaining| remaining.amount(currency));
        let remaining = match remaining {
            // It decides nothing of a new request, and the id is needed to void one that does not fit.
            Some(None) if status == Status::New => None,
            Some(None) => return Err("remainingAmount has no known currency"),
            known => known.flatten(),
        };

        Ok(PaymentRequest {
            time_left: milliseconds(body.expires_at.as_deref())
                .map(|expires| span(expires.saturating_sub(date))),
            age: milliseconds(body.created_at.as_deref())
                .map(|created| span(date.saturating_sub(created))),
            id: RequestId::new(&body.id).ok_or("the id is not one")?,
            validity: validity(&body),
            created_at: body.created_at.as_deref().and_then(|at| at.parse().ok()),
            updated_at: milliseconds(body.updated_at.as_deref()),
            short_code: cleaned(body.short_code.as_deref()),
            url: body
                .url
                .as_deref()
                .map_or(Err(BadUrl::Missing), PayUrl::parse),
            value,
            status,
            liveness: match body.liveness.as_deref() {
                Some("main") => Some(Liveness::Main),
                Some("test") => Some(Liveness::Test),
                // It may be test money under a new name.
                Some(_) => return Err("liveness is neither main nor test"),
                None => None,
            },
            external_ref: body
                .external_ref
                .map(|reference| ExternalRef::new(&reference.0)),
            config_id: body.config_id.as_deref().map(ConfigId::new),
            merchant_name: cleaned(body.merchant_name.as_deref()),
            expires_at: cleaned(body.expires_at.as_deref()),
            remaining,
            conditions: body
                .merchant_conditions
                .into_iter()
                .map(Condition::from)
                .collect(),
            paid_by: body
                .paid_by
                .asset_totals
                .into_iter()
                .map(PaidBy::from)
                .collect(),
            cancellation_reason: body
                .cancellation_reason
                .map(|code| CancellationReason::from_code(&code)),
        })
    }
}

impl From<ConditionIn> for Condition {
    fn from(condition: ConditionIn) -> Self {
        Self {
            id: ConditionId::new(&condition.id.0),
            message: condition
                .message
                .as_deref()
                .map(Text::sentence)
                .filter(|text| !text.is_empty())
                .or_else(|| cleaned(condition.name.as_deref()))
                .unwrap_or_default(),
            status: match condition.status.as_deref() {
                Some("awaiting-merchant") => ConditionStatus::AwaitingMerchant,
                Some("awaiting-patron") => ConditionStatus::AwaitingPatron,
                _ => ConditionStatus::Settled,
            },
        }
    }
}

impl From<AssetTotalIn> for PaidBy {
    fn from(asset: AssetTotalIn) -> Self {
        Self {
            description: cleaned(asset.description.as_deref())
                .or_else(|| cleaned(asset.kind.as_deref()))
                .unwrap_or_default(),
            asset_type: cleaned(asset.kind.as_deref()),
            total: asset.total.as_ref().and_then(MoneyIn::amount),
            line_items: asset.line_items.into_iter().map(PaidLine::from).collect(),
        }
    }
}

impl From<PaidLineIn> for PaidLine {
    fn from(line: PaidLineIn) -> Self {
        let cleaned = |value| text(value).map(|text| Text::clean(&text));

        Self {
            name: cleaned(line.name).unwrap_or_default(),
            sku: cleaned(line.sku),
            quantity: cleaned(line.qty),
            price: match line.price {
                Some(Value::Number(price)) => price.as_i64(),
                price => text(price).and_then(|price| price.parse().ok()),
            },
        }
    }
}

/// The text or whole number that a value is.
fn text(value: Option<Value>) -> Option<String> {
    serde_json::from_value::<TextOrNumber>(value?)
        .ok()
        .map(|text| text.0)
}

fn status(word: &str) -> Status {
    match word {
        "new" => Status::New,
        "paid" => Status::Paid,
        "expired" => Status::Expired,
        "cancelled" => Status::Cancelled,
        other => Status::Unknown(Text::clean(other)),
    }
}

fn cleaned(raw: Option<&str>) -> Option<Text> {
    raw.map(Text::clean).filter(|text| !text.is_empty())
}

/// How long a request is payable, by the platform's clock alone. One that was over before it began
/// is not at all.
fn validity(body: &PaymentRequestIn) -> Option<Duration> {
    let created = milliseconds(body.created_at.as_deref());
    let expires = milliseconds(body.expires_at.as_deref());
    let by_times = created
        .zip(expires)
        .map(|(created, expires)| span(expires.saturating_sub(created)));

    by_times.or(body
        .expiry_seconds
        .map(|seconds| Duration::from_secs(seconds.0)))
}

/// A span of milliseconds; zero where it would be negative.
fn span(milliseconds: i64) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}

fn milliseconds(time: Option<&str>) -> Option<i64> {
    time?
        .parse::<Timestamp>()
        .ok()
        .map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests;
