//! Reads the tables `[merchants.NAME]`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::Deserializer;

use super::value::{Checked, identifier, odd_character, text, text_readers, visible, whole_number};
use super::wrong::KEY;
use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::{Currency, currency_from_code};
use crate::domain::payment::Liveness;
use crate::text::letters;

text_readers! {
    default_merchant -> MerchantKey, "the name of a merchant in quotes, such as \"cafe\"", |name, _| Ok(MerchantKey::new(name));
    config_id -> String, "text in quotes, such as \"5ee168e8597be5002af7b454\"", parse_config_id;
    shop_name -> String, "the shop's name in quotes, such as \"Corner Café\"", visible;
    currency -> Currency, "a currency code in quotes, such as \"NZD\"", |code, _| {
        currency_from_code(code).map_err(|error| error.to_string())
    };
}

/// Removes the prefix of a config id. The platform accepts an id with and without it.
fn parse_config_id(text: &str, _: &str) -> Checked<String> {
    let id = text.strip_prefix("mc_").unwrap_or(text);
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(format!(
            "{KEY} consists of letters and digits only{}; copy it as the platform shows it, such as \"5ee168e8597be5002af7b454\"",
            odd_character(id)
        ));
    }

    Ok(id.to_owned())
}

/// `[merchants.NAME]`: a shop that can be charged for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct MerchantTable {
    /// The id of the merchant config that the platform gave you, with or without "mc_".
    #[serde(deserialize_with = "config_id")]
    #[schemars(regex(pattern = "^(mc_)?[0-9A-Za-z]+$"), example = &"5ee168e8597be5002af7b454")]
    config_id: String,
    /// The name that customers see.
    #[serde(deserialize_with = "shop_name")]
    #[schemars(regex(pattern = r"\S"), example = &"Centrapay Café")]
    name: String,
    /// The currency of all amounts, as an ISO 4217 code.
    #[serde(default = "new_zealand_dollar", deserialize_with = "currency")]
    #[schemars(with = "String", regex(pattern = "^[A-Z]{3}$"), extend("default" = Currency::NZD.code()))]
    currency: Currency,
    /// "main" for real money, "test" for the platform's test mode.
    #[serde(default = "real_money")]
    liveness: Liveness,
    /// The time in which the code can be paid, in seconds: 11 to 86400.
    #[serde(default = "two_minutes", deserialize_with = "expiry_seconds")]
    #[schemars(range(min = *EXPIRY.start(), max = *EXPIRY.end()))]
    expiry_seconds: u32,
    /// The account that owns the merchant. It lets the program look up a payment request whose creation was interrupted.
    #[serde(default, deserialize_with = "identifier")]
    #[schemars(with = "String", regex(pattern = super::ID), example = &"C4QnjXvj8At6SMsEN4LRi9")]
    account_id: Option<String>,
}

fn new_zealand_dollar() -> Currency {
    Currency::NZD
}

fn real_money() -> Liveness {
    Liveness::Main
}

/// The platform's default for the time to pay, in seconds.
fn two_minutes() -> u32 {
    120
}

impl From<MerchantTable> for Merchant {
    fn from(table: MerchantTable) -> Self {
        Self {
            config_id: table.config_id,
            name: table.name,
            currency: table.currency,
            liveness: table.liveness,
            expiry_seconds: table.expiry_seconds,
            account_id: table.account_id,
        }
    }
}

/// The name in a merchant's heading. It is typed on command lines and written in reports.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct MerchantName(String);

impl<'de> Deserialize<'de> for MerchantName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        text(from, "a name", |name, _| {
            if letters::is_blank(name)
                || letters::has_towers(name)
                || name.contains(|c: char| c.is_whitespace() || letters::is_hidden(c))
            {
                return Err(format!(
                    "{KEY} cannot name a merchant; write a word without spaces, and the full name as its name = \"...\""
                ));
            }

            Ok(Self(name.to_owned()))
        })
    }
}

pub(super) type Merchants = BTreeMap<MerchantKey, Merchant>;

pub(super) fn merchants<'de, D: Deserializer<'de>>(from: D) -> Result<Merchants, D::Error> {
    let tables = BTreeMap::<MerchantName, MerchantTable>::deserialize(from)?;

    Ok(tables
        .into_iter()
        .map(|(name, table)| (MerchantKey::new(name.0), table.into()))
        .collect())
}

/// The time in which a payment request can be paid, in seconds. A code with less than ten seconds left is never
/// shown, and showing a code takes time.
const EXPIRY: RangeInclusive<u32> = 11..=86_400;

fn expiry_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let expected = "of seconds without quotes, such as 120";

    whole_number(from, expected, &EXPIRY, " seconds; 120 is usual")
}
