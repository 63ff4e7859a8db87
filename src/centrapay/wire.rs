//! The platform's JSON. The platform's samples vary: amounts and ids are text or numbers, and fields
//! can be missing, null or new. The client reads all forms.

pub(super) mod activity;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::domain::basket::Basket;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::{
    BadUrl, CancellationReason, Condition, ConditionId, ConditionStatus, ConfigId, ExternalRef,
    Liveness, PaidBy, PaidLine, PayUrl, PaymentRequest, RequestId, Status, Text,
};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateBody<'a> {
    pub(super) config_id: &'a str,
    pub(super) value: MoneyOut,
    pub(super) expiry_seconds: u32,
    pub(super) external_ref: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) terminal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operator_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Basket::is_empty")]
    pub(super) line_items: &'a Basket,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// In minor units.
    pub(super) basket_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partial_allowed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) invoice_ref: Option<&'a str>,
    pub(super) conditions_enabled: bool,
    pub(super) patron_not_present: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) barcode: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct MoneyOut {
    /// Minor units.
    amount: String,
    currency: &'static str,
}

impl From<Amount> for MoneyOut {
    fn from(amount: Amount) -> Self {
        Self {
            amount: amount.minor().to_string(),
            currency: amount.currency().code(),
        }
    }
}

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
    /// Returns the amount. A plain number has no currency, so it gets `currency`, which is that of the value.
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
    /// Each field of a line is read separately, so that an odd line does not hide the payment.
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

/// One page of a list, bare or in an envelope.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum ListIn<T> {
    Bare(Vec<T>),
    #[serde(rename_all = "camelCase")]
    Items {
        #[serde(alias = "activities", alias = "paymentRequests")]
        items: Vec<T>,
        /// The platform documents both `pageKey` and `nextPageKey`.
        page_key: Option<Value>,
        next_page_key: Option<Value>,
    },
}

impl<T> ListIn<T> {
    /// The items, and the key of the next page.
    fn into_parts(self) -> (Vec<T>, Option<Value>) {
        match self {
            Self::Bare(items) => (items, None),
            Self::Items {
                items,
                page_key,
                next_page_key,
            } => (items, next_page_key.or(page_key)),
        }
    }
}

/// A request in a lookup by reference. The list lacks the other fields that a till needs.
#[derive(Debug, Deserialize)]
pub(super) struct ListedIn {
    id: String,
}

impl ListIn<ListedIn> {
    /// The valid ids, and the key of the next page.
    pub(super) fn ids(self) -> (Vec<RequestId>, Option<String>) {
        let (items, next) = self.into_parts();
        let ids = items.iter().filter_map(|item| RequestId::new(&item.id));

        (ids.collect(), text(next))
    }
}

/// A whole number of minor units, as text or as a JSON number. It is never read through floating point.
#[derive(Debug, Clone, Copy)]
struct MinorUnits(u64);

impl<'de> Deserialize<'de> for MinorUnits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let whole = TextOrNumber::deserialize(deserializer)?.0;
        // Rust's parser accepts a plus sign; the platform never sends one.
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

/// A value that is text in some samples and a whole number in others.
#[derive(Debug)]
struct TextOrNumber(String);

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
    /// Converts the answer. `date`: the platform's clock at the time of the answer.
    /// Errors: names the field that is missing or unusable.
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
            // An answer about a new request stays valid without this amount, because its id is needed for a void.
            Some(None) if status == Status::New => None,
            Some(None) => return Err("remainingAmount has no known currency"),
            known => known.flatten(),
        };

        Ok(PaymentRequest {
            time_left: milliseconds(body.expires_at.as_deref())
                .map(|expires| span(expires.saturating_sub(date))),
            age: milliseconds(body.created_at.as_deref())
                .map(|created| span(date.saturating_sub(created))),
            id: RequestId::new(&body.id).ok_or("the id is not valid")?,
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
                // An unknown word may mean test money.
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

/// A value that is text or a whole number, as text.
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

/// The time to pay the request, from the platform's times only. Zero if the expiry is before the creation.
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

/// A span of milliseconds, at least zero.
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
