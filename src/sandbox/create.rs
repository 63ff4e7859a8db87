//! Checks the body of a create.

use serde::{Deserialize, Serialize};

use super::money::{LooseMoney, MoneyValue, SandboxLineItem, check_line_items};
use super::refusal::SandboxRefusal;

const DEFAULT_EXPIRY_SECONDS: u32 = 120;
const MOST_EXPIRY_SECONDS: u32 = 24 * 60 * 60;
const INVOICE_REF_LIMIT: usize = 128;
/// Sandbox convention: a merchant config whose id begins with this has no way to pay.
const REFUSED_CONFIG: &str = "refused";
/// Sandbox convention: a request gets a merchant condition if its reference or an item's name begins with this.
const CONDITION_MARK: &str = "CONDITION";
/// The platform's code for an unknown patron code. Sandbox convention: a patron code is unknown if the request's
/// `externalRef` begins with this.
const PATRON_CODE_INVALID: &str = "PATRON_CODE_INVALID";

/// Body of a create. Unknown fields are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateInput {
    config_id: String,
    value: MoneyValue,
    expiry_seconds: Option<u32>,
    basket_amount: Option<LooseMoney>,
    #[serde(flatten)]
    details: RequestDetails,
}

/// The merchant's details of a request. Answers repeat some of them, see [`RequestDetails::repeated`].
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RequestDetails {
    pub(super) external_ref: Option<String>,
    terminal_id: Option<String>,
    device_id: Option<String>,
    operator_id: Option<String>,
    pub(super) invoice_ref: Option<String>,
    purchase_order_ref: Option<String>,
    line_items: Option<Vec<SandboxLineItem>>,
    pub(super) conditions_enabled: Option<bool>,
    patron_not_present: Option<bool>,
    pub(super) partial_allowed: Option<bool>,
    barcode: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct CheckedCreate {
    /// Without the prefix `mc_`.
    pub(super) config_id: String,
    pub(super) value: MoneyValue,
    pub(super) expiry_seconds: u32,
    pub(super) basket_amount: Option<MoneyValue>,
    pub(super) details: RequestDetails,
}

impl CreateInput {
    /// Checks what the types cannot.
    /// Errors: 400 for an invalid field, 403 for what the merchant config or the patron's code forbids.
    pub(super) fn check(self) -> Result<CheckedCreate, SandboxRefusal> {
        let config_id = check_config_id(&self.config_id)?;
        let expiry_seconds = self.expiry_seconds.unwrap_or(DEFAULT_EXPIRY_SECONDS);
        if !(1..=MOST_EXPIRY_SECONDS).contains(&expiry_seconds) {
            return Err(SandboxRefusal::misfit(format!(
                "expirySeconds must be from 1 to {MOST_EXPIRY_SECONDS}"
            )));
        }
        let basket_amount = self.check_basket_amount()?;
        check_invoice_ref(self.details.invoice_ref.as_deref())?;
        if let Some(line_items) = &self.details.line_items {
            // The platform requires that lines sum to the value or to the basket amount.
            let basket = basket_amount.iter().map(|basket| basket.amount);
            let amounts: Vec<_> = basket.chain([self.value.amount]).collect();
            check_line_items(line_items, &amounts)?;
        }

        if config_id.starts_with(REFUSED_CONFIG) {
            return Err(SandboxRefusal::rule(
                "NO_AVAILABLE_PAYMENT_OPTIONS",
                "the merchant config has no way to pay this",
            ));
        }
        self.details.check_patron_code()?;

        Ok(CheckedCreate {
            config_id,
            value: self.value,
            expiry_seconds,
            basket_amount,
            details: self.details,
        })
    }

    /// Checks the basket amount. The platform's form has no currency, so the currency is that of the value.
    fn check_basket_amount(&self) -> Result<Option<MoneyValue>, SandboxRefusal> {
        let Some(basket_amount) = &self.basket_amount else {
            return Ok(None);
        };
        let amount = basket_amount
            .in_currency(&self.value.currency)
            .ok_or_else(|| {
                SandboxRefusal::misfit("basketAmount must be in the value's currency")
            })?;
        if amount < self.value.amount {
            return Err(SandboxRefusal::misfit(
                "basketAmount must not be less than the value",
            ));
        }

        Ok(Some(MoneyValue {
            amount,
            currency: self.value.currency.clone(),
        }))
    }
}

/// Removes the optional prefix `mc_`.
fn check_config_id(text: &str) -> Result<String, SandboxRefusal> {
    let id = text.strip_prefix("mc_").unwrap_or(text);
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(id.to_owned())
    } else {
        Err(SandboxRefusal::misfit(
            "configId must be letters and digits",
        ))
    }
}

/// Checks the length of an invoice reference.
/// Errors: 400 `BAD_REQUEST`.
pub(super) fn check_invoice_ref(invoice_ref: Option<&str>) -> Result<(), SandboxRefusal> {
    let length = invoice_ref.map_or(0, |text| text.chars().count());
    if length > INVOICE_REF_LIMIT {
        return Err(SandboxRefusal::misfit(format!(
            "invoiceRef must not be longer than {INVOICE_REF_LIMIT} characters"
        )));
    }

    Ok(())
}

impl RequestDetails {
    /// The details that answers repeat. No documented answer repeats the reference, the terminal, the device, the
    /// operator or `patronNotPresent`.
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

    /// Whether the request gets a merchant condition by the sandbox convention.
    pub(super) fn needs_condition(&self) -> bool {
        let names = self.line_items.iter().flatten().map(|item| &item.name);

        names
            .chain(&self.external_ref)
            .any(|text| text.starts_with(CONDITION_MARK))
    }

    /// Whether the merchant's reference begins with `mark`, as sandbox conventions use it.
    pub(super) fn is_marked(&self, mark: &str) -> bool {
        self.external_ref
            .as_ref()
            .is_some_and(|reference| reference.starts_with(mark))
    }

    /// Checks the patron's code. The platform accepts only its own codes, each once. The sandbox accepts every
    /// code of 1 to 16 digits. In a code of 16 digits, the last is a check digit.
    /// Errors: 403 `PATRON_CODE_INVALID`, 400 `CHECKSUM_FAILED`, documented as "Luhn checksum digit doesn't pass".
    fn check_patron_code(&self) -> Result<(), SandboxRefusal> {
        let Some(code) = self.barcode.as_deref() else {
            return Ok(());
        };
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || !(1..=16).contains(&code.len()) || self.is_marked(PATRON_CODE_INVALID) {
            return Err(SandboxRefusal::rule(
                PATRON_CODE_INVALID,
                "the patron code does not exist or has expired",
            ));
        }
        if code.len() == 16 && !luhn_sum(code).is_multiple_of(10) {
            return Err(SandboxRefusal::mistake(
                "CHECKSUM_FAILED",
                "the check digit of the patron code is wrong",
            ));
        }

        Ok(())
    }
}

/// Luhn's sum: every second digit from the right is doubled, and its digits are added.
fn luhn_sum(code: &str) -> u32 {
    let digits = code.chars().rev().filter_map(|digit| digit.to_digit(10));
    let weighted = digits.enumerate().map(|(place, digit)| match place % 2 {
        0 => digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    });

    weighted.sum()
}
