//! What a create may ask for, and what the platform refuses.

use serde::{Deserialize, Serialize};

use super::line_item::{self, LineItem};
use super::money::{LooseMoney, Money};
use super::patron_code;
use super::refusal::Refusal;

const DEFAULT_EXPIRY_SECONDS: u32 = 120;
const INVOICE_REF_LIMIT: usize = 128;
/// The sandbox's convention for a merchant config without a way to pay.
const REFUSED_CONFIG: &str = "refused";
/// The sandbox's convention for a request with a merchant condition.
const CONDITION_MARK: &str = "CONDITION";
/// The platform's code for an unknown patron code. By the sandbox's convention, the patron code of a request is
/// unknown if the request's `externalRef` begins with this.
const PATRON_CODE_INVALID: &str = "PATRON_CODE_INVALID";

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

/// The merchant's details of a request. Answers repeat a part of them, see [`Details::repeated`].
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
    pub(super) invoice_ref: Option<String>,
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
        check_invoice_ref(self.details.invoice_ref.as_deref())?;
        self.details
            .check_line_items(&self.value, basket_amount.as_ref())?;
        if let Some(code) = &self.details.barcode {
            patron_code::check_digits(code)?;
        }

        if config_id.starts_with(REFUSED_CONFIG) {
            return Err(Refusal::rule(
                "NO_AVAILABLE_PAYMENT_OPTIONS",
                "the merchant config has no way to pay this",
            ));
        }
        self.details.check_patron_code()?;

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

/// Checks the length of a reference to an invoice.
///
/// # Errors
/// 400 `BAD_REQUEST`.
pub(super) fn check_invoice_ref(invoice_ref: Option<&str>) -> Result<(), Refusal> {
    let length = invoice_ref.map_or(0, |text| text.chars().count());
    if length > INVOICE_REF_LIMIT {
        return Err(Refusal::misfit(format!(
            "invoiceRef must not be longer than {INVOICE_REF_LIMIT} characters"
        )));
    }

    Ok(())
}

impl Details {
    pub(super) fn partial_allowed(&self) -> bool {
        self.partial_allowed == Some(true)
    }

    /// Returns the details that answers repeat. No documented answer repeats the reference, the terminal, the device,
    /// the operator or `patronNotPresent`.
    pub(super) fn repeated(&self) -> Self {
        Self {
            external_ref: None,
            terminal_id: None,
            device_id: None,
            operator_id: None,
            patron_not_present: None,
            ..self.clone()
        }
    }

    /// Whether the sandbox's convention for a merchant condition is met.
    pub(super) fn needs_condition(&self) -> bool {
        let names = self.line_items.iter().flatten().map(|item| &item.name);

        names
            .chain(&self.external_ref)
            .any(|text| text.starts_with(CONDITION_MARK))
    }

    /// Whether the merchant can answer a condition.
    pub(super) fn conditions_enabled(&self) -> bool {
        self.conditions_enabled == Some(true)
    }

    /// Whether the merchant's reference begins with `mark`, as the sandbox's conventions ask for.
    pub(super) fn is_marked(&self, mark: &str) -> bool {
        self.external_ref
            .as_ref()
            .is_some_and(|reference| reference.starts_with(mark))
    }

    /// The platform knows its own codes, and takes each once. The sandbox knows every code of 1 to 16 digits.
    fn check_patron_code(&self) -> Result<(), Refusal> {
        match self.barcode.as_deref() {
            Some(code) if !patron_code::is_known(code) || self.is_marked(PATRON_CODE_INVALID) => {
                Err(Refusal::rule(
                    PATRON_CODE_INVALID,
                    "the patron code does not exist or has expired",
                ))
            }
            _ => Ok(()),
        }
    }

    /// The platform takes lines that sum to what is asked for or to the whole basket.
    fn check_line_items(&self, value: &Money, basket: Option<&Money>) -> Result<(), Refusal> {
        let Some(line_items) = &self.line_items else {
            return Ok(());
        };
        let amounts: Vec<u64> = [Some(value), basket]
            .into_iter()
            .flatten()
            .map(|money| money.amount)
            .collect();

        line_item::check(line_items, &amounts)
    }
}
