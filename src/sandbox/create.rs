//! What a create may ask for, and what the platform refuses.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::money::{self, LooseMoney, Money};
use super::patron_code;
use super::refusal::Refusal;

const DEFAULT_EXPIRY_SECONDS: u32 = 120;
const INVOICE_REF_LIMIT: usize = 128;
/// The sandbox's convention for a merchant config without a way to pay.
const REFUSED_CONFIG: &str = "refused";
/// The sandbox's convention for a request with a merchant condition.
const CONDITION_MARK: &str = "CONDITION";

/// The body of a create, as it came. Fields that it does not name are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateBody {
    config_id: String,
    value: Money,
    expiry_seconds: Option<u32>,
    basket_amount: Option<LooseMoney>,
    #[serde(flatten)]
    details: Details,
}

/// What the merchant says about a request, and finds again in every answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[serde(default)]
pub(super) struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) external_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchase_order_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_items: Option<Vec<LineItem>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conditions_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patron_not_present: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_allowed: Option<bool>,
    /// What the patron has shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    barcode: Option<String>,
}

/// One line of the basket. `price` is for the whole line, in minor units.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct LineItem {
    name: String,
    qty: Value,
    #[serde(
        deserialize_with = "money::price",
        serialize_with = "money::amount_as_text"
    )]
    price: i64,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A create that passed every check.
#[derive(Clone, Debug)]
pub(super) struct NewRequest {
    /// Without the prefix `mc_`.
    pub(super) config_id: String,
    pub(super) value: Money,
    pub(super) expiry_seconds: u32,
    pub(super) basket_amount: Option<Money>,
    pub(super) details: Details,
}

impl CreateBody {
    /// Checks what the fields' types leave open.
    ///
    /// # Errors
    /// 400 for what can never work, 403 for what the merchant config or the patron's code forbid.
    pub(super) fn check(self, max_expiry_seconds: u32) -> Result<NewRequest, Refusal> {
        let config_id = check_config_id(&self.config_id)?;
        let expiry_seconds = self.expiry_seconds.unwrap_or(DEFAULT_EXPIRY_SECONDS);
        if !(1..=max_expiry_seconds).contains(&expiry_seconds) {
            return Err(Refusal::misfit(format!(
                "expirySeconds must be from 1 to {max_expiry_seconds}"
            )));
        }
        let basket_amount = self.check_basket_amount()?;
        self.details.check_invoice_ref()?;
        self.details
            .check_line_items(&self.value, basket_amount.as_ref())?;

        if config_id.starts_with(REFUSED_CONFIG) {
            return Err(Refusal::rule(
                "NO_AVAILABLE_PAYMENT_OPTIONS",
                "the merchant config has no way to pay this",
            ));
        }
        self.details.check_barcode()?;

        Ok(NewRequest {
            config_id,
            value: self.value,
            expiry_seconds,
            basket_amount,
            details: self.details,
        })
    }

    /// The platform writes it without a currency; the value's is meant.
    fn check_basket_amount(&self) -> Result<Option<Money>, Refusal> {
        let Some(basket_amount) = &self.basket_amount else {
            return Ok(None);
        };
        let amount = basket_amount
            .in_currency(&self.value.currency)
            .ok_or_else(|| Refusal::misfit("basketAmount must be in the value's currency"))?;
        if amount < self.value.amount {
            return Err(Refusal::misfit(
                "basketAmount must not be less than the value",
            ));
        }

        Ok(Some(Money {
            amount,
            currency: self.value.currency.clone(),
        }))
    }
}

/// The id without its optional prefix `mc_`.
fn check_config_id(text: &str) -> Result<String, Refusal> {
    let id = text.strip_prefix("mc_").unwrap_or(text);
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(id.to_owned())
    } else {
        Err(Refusal::misfit("configId must be letters and digits"))
    }
}

impl Details {
    pub(super) fn partial_allowed(&self) -> bool {
        self.partial_allowed == Some(true)
    }

    /// Whether the sandbox's convention for a merchant condition is met.
    pub(super) fn asks_for_condition(&self) -> bool {
        let names = self.line_items.iter().flatten().map(|item| &item.name);

        self.conditions_enabled == Some(true)
            && names
                .chain(&self.external_ref)
                .any(|text| text.starts_with(CONDITION_MARK))
    }

    fn check_invoice_ref(&self) -> Result<(), Refusal> {
        let length = self
            .invoice_ref
            .as_ref()
            .map_or(0, |text| text.chars().count());
        if length > INVOICE_REF_LIMIT {
            return Err(Refusal::misfit(format!(
                "invoiceRef must not be longer than {INVOICE_REF_LIMIT} characters"
            )));
        }

        Ok(())
    }

    /// Every code is good whose digits go together; the platform would know its own, and each only once.
    fn check_barcode(&self) -> Result<(), Refusal> {
        match self.barcode.as_deref() {
            Some(code) if !patron_code::is_good(code) => Err(Refusal::rule(
                "PATRON_CODE_INVALID",
                "the digits of the patron code do not go together",
            )),
            _ => Ok(()),
        }
    }

    /// The platform takes lines that sum to what is asked for or to the whole basket.
    fn check_line_items(&self, value: &Money, basket: Option<&Money>) -> Result<(), Refusal> {
        let Some(line_items) = &self.line_items else {
            return Ok(());
        };
        if let Some(item) = line_items.iter().find(|item| !item.has_quantity()) {
            return Err(Refusal::misfit(format!(
                "the qty of line item {:?} must be a number",
                item.name
            )));
        }

        let sum: i128 = line_items.iter().map(|item| i128::from(item.price)).sum();
        let fits = |expected: &Money| sum == i128::from(expected.amount);
        if fits(value) || basket.is_some_and(fits) {
            Ok(())
        } else {
            Err(Refusal::mistake(
                "LINE_ITEMS_SUM_CHECK_FAILED",
                format!("the prices sum to {sum}, not to {}", value.amount),
            ))
        }
    }
}

impl LineItem {
    /// Quantities are counted or weighed, so they may have decimals, as a number or as text.
    fn has_quantity(&self) -> bool {
        match &self.qty {
            Value::Number(_) => true,
            Value::String(text) => text.parse::<f64>().is_ok_and(f64::is_finite),
            _ => false,
        }
    }
}
