//! From tables to the typed configuration: which key goes where, which may be left out, and what holds then.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::document::{Document, Item, Table};
use super::keys::{Section, hint};
use super::{
    Api, Config, ConfigError, Display, Liveness, Merchant, MerchantKey, PayHost, Qr, QrContent,
    QrLogo, ReferenceForm, Terminal, Theme, TlsRoots, USUAL_APP, look, value,
};
use crate::letters;
use crate::locale::Language;
use crate::money::Currency;

/// The platform's own default.
const EXPIRY_SECONDS: u32 = 120;

const CLOSE_AFTER: Duration = Duration::from_secs(8);

pub(super) const REFERENCE_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

pub(super) const REFERENCE_FORMS: [(&str, ReferenceForm); 2] = [
    ("unique", ReferenceForm::Unique),
    ("as-given", ReferenceForm::AsGiven),
];

pub(super) const PLATFORM: &str = "https://service.centrapay.com";

pub(super) const LIVENESS: [(&str, Liveness); 2] =
    [("main", Liveness::Main), ("test", Liveness::Test)];

pub(super) const THEMES: [(&str, Theme); 3] = [
    ("light", Theme::Light),
    ("dark", Theme::Dark),
    ("high-contrast", Theme::HighContrast),
];

pub(super) const CONTENTS: [(&str, QrContent); 2] = [
    ("payment-url", QrContent::PaymentUrl),
    ("pay-endpoint", QrContent::PayEndpoint),
];

/// See [`Config::from_str`].
pub(super) fn config(text: &str, path: &Path) -> Result<Config, ConfigError> {
    let document = Document::new(path, text);
    let root = document.parse()?;
    let top = Table::top(document, root.get_ref());
    top.refuse_unknown(Section::Top)?;

    let merchants = merchants(&top)?;

    Ok(Config {
        path: path.to_owned(),
        default_merchant: default_merchant(&top, &merchants)?,
        api: api(&top)?,
        terminal: terminal(&top.table("terminal")?)?,
        merchants,
        display: display(&top.table("display")?)?,
        qr: qr(&top.table("qr")?)?,
    })
}

fn default_merchant(
    top: &Table<'_>,
    merchants: &BTreeMap<MerchantKey, Merchant>,
) -> Result<MerchantKey, ConfigError> {
    let names = || merchants.keys().map(MerchantKey::as_str);
    if let Some(item) = top.get("default-merchant") {
        let name = item.text("the name of a merchant in quotes, such as \"cafe\"")?;

        return match merchants.get_key_value(name) {
            Some((key, _)) => Ok(key.clone()),
            None => Err(item.wrong(format!(
                "there is no merchant {name:?}; {}",
                hint(name, names())
            ))),
        };
    }

    match merchants.keys().next() {
        Some(only) if merchants.len() == 1 => Ok(only.clone()),
        first => Err(top.wrong(format!(
            "there are {} merchants and none is the default; write default-merchant = {:?}, or another of them, at the top of the file",
            merchants.len(),
            first.map_or("", MerchantKey::as_str),
        ))),
    }
}

fn merchants(top: &Table<'_>) -> Result<BTreeMap<MerchantKey, Merchant>, ConfigError> {
    const NONE: &str = "there is no merchant to charge for; begin one with a line such as [merchants.cafe] and give it a config-id and a name";
    let table = top.table("merchants")?;
    let items = table.items();
    if items.is_empty() {
        return Err(table.wrong(NONE));
    }

    items
        .into_iter()
        .map(|item| Ok((merchant_key(&item)?, merchant(&item)?)))
        .collect()
}

fn merchant_key(item: &Item<'_>) -> Result<MerchantKey, ConfigError> {
    let name = item.key;
    if Section::Merchant.keys().contains(&name) && item.table("merchants").is_err() {
        return Err(item.wrong_key(format!(
            "{name:?} does not say which merchant it is for; begin the merchant with a line such as [merchants.cafe] above it"
        )));
    }
    // The key is typed on command lines and written in reports.
    if letters::is_blank(name)
        || letters::has_towers(name)
        || name.contains(|c: char| c.is_whitespace() || letters::is_hidden(c))
    {
        return Err(item.wrong_key(format!(
            "{name:?} cannot name a merchant; write a word without spaces, and the full name as its name = \"...\""
        )));
    }

    Ok(MerchantKey::new(name))
}

fn merchant(item: &Item<'_>) -> Result<Merchant, ConfigError> {
    let table = item.table("merchants")?;
    table.refuse_unknown(Section::Merchant)?;

    let config_id = table.require(
        "config-id",
        "the merchant config id that the platform gave you",
    )?;
    let name = table.require("name", "the name of the shop as its customers know it")?;
    let get = |key| table.get(key);

    Ok(Merchant {
        config_id: value::config_id(&config_id)?,
        name: value::words(&name, "the shop's name in quotes, such as \"Corner Café\"")?,
        currency: or(get("currency"), Currency::NZD, value::currency)?,
        liveness: or(get("liveness"), Liveness::Main, |item| {
            value::choice(item, &LIVENESS)
        })?,
        expiry_seconds: or(get("expiry-seconds"), EXPIRY_SECONDS, value::expiry_seconds)?,
        account_id: optional(get("account-id"), value::identifier)?,
    })
}

fn api(top: &Table<'_>) -> Result<Api, ConfigError> {
    let table = top.table("api")?;
    table.refuse_unknown(Section::Api)?;
    let get = |key| table.get(key);
    if let (Some(_), Some(second)) = (get("api-key-file"), get("authorization-file")) {
        return Err(second.wrong_key(
            "\"api-key-file\" and \"authorization-file\" exclude each other; keep the one that you use",
        ));
    }
    if let (None, Some(account)) = (get("authorization-file"), get("account")) {
        return Err(account.wrong_key(
            "\"account\" is only for use with \"authorization-file\"; remove it, since an API key has its own account",
        ));
    }

    Ok(Api {
        base_url: match get("base-url") {
            Some(item) => value::base_url(&item)?,
            None => value::http_url(PLATFORM).map_err(|message| top.wrong(message))?,
        },
        pay_hosts: or(get("pay-hosts"), platform_pay_hosts(), value::pay_hosts)?,
        api_key_file: optional(get("api-key-file"), value::path)?,
        authorization_file: optional(get("authorization-file"), value::path)?,
        account: optional(get("account"), value::identifier)?,
        tls_roots: or(get("tls-roots"), TlsRoots::System, value::tls_roots)?,
        proxy: optional(get("proxy"), value::proxy)?,
        counters: or(get("counters"), 1, value::counters)?,
    })
}

fn platform_pay_hosts() -> Vec<PayHost> {
    vec![PayHost {
        host: "app.centrapay.com".to_owned(),
        port: None,
    }]
}

fn terminal(table: &Table<'_>) -> Result<Terminal, ConfigError> {
    table.refuse_unknown(Section::Terminal)?;

    Ok(Terminal {
        terminal_id: optional(table.get("terminal-id"), |item| {
            value::words(item, "text in quotes, such as \"COUNTER-1\"")
        })?,
        device_id: optional(table.get("device-id"), |item| {
            value::words(item, "text in quotes, such as \"SN-0042\"")
        })?,
        conditions: or(table.get("conditions"), true, value::yes_or_no)?,
        part_payments: or(table.get("part-payments"), false, value::yes_or_no)?,
        external_ref: or(table.get("external-ref"), ReferenceForm::Unique, |item| {
            value::choice(item, &REFERENCE_FORMS)
        })?,
        reference_lifetime: or(
            table.get("reference-lifetime"),
            REFERENCE_LIFETIME,
            value::reference_lifetime,
        )?,
    })
}

fn display(table: &Table<'_>) -> Result<Display, ConfigError> {
    table.refuse_unknown(Section::Display)?;
    let get = |key| table.get(key);

    let theme = or(get("theme"), Theme::Light, |item| {
        value::choice(item, &THEMES)
    })?;

    Ok(Display {
        locale: or(get("locale"), vec![Language::EnNz], look::locales)?,
        theme,
        accent: optional(get("accent"), |item| look::accent(item, theme))?,
        shop_logo: optional(get("shop-logo"), look::picture)?,
        text_size: or(get("text-size"), look::USUAL_TEXT_SIZE, look::text_size)?,
        reduced_motion: or(get("reduced-motion"), false, value::yes_or_no)?,
        tones: or(get("tones"), false, value::yes_or_no)?,
        tone_player: or(get("tone-player"), Vec::new(), look::player)?,
        keep_awake: or(get("keep-awake"), true, value::yes_or_no)?,
        monitor: optional(get("monitor"), |item| {
            value::words(item, "the name of a monitor in quotes, such as \"HDMI-1\"")
        })?,
        close_after: or(get("close-after"), CLOSE_AFTER, value::duration)?,
        leave_after: optional(get("leave-after"), value::duration)?,
        clock: or(get("clock"), false, value::yes_or_no)?,
        apps: or(get("apps"), vec![USUAL_APP.to_owned()], look::apps)?,
    })
}

fn qr(table: &Table<'_>) -> Result<Qr, ConfigError> {
    table.refuse_unknown(Section::Qr)?;

    Ok(Qr {
        content: or(table.get("content"), QrContent::PaymentUrl, |item| {
            value::choice(item, &CONTENTS)
        })?,
        logo: or(table.get("logo"), QrLogo::None, look::qr_logo)?,
    })
}

/// The value of an item that may be left out.
fn optional<T>(
    item: Option<Item<'_>>,
    read: impl FnOnce(&Item<'_>) -> Result<T, ConfigError>,
) -> Result<Option<T>, ConfigError> {
    item.as_ref().map(read).transpose()
}

/// The value of an item, or its default where it is left out; a wrong value never becomes the default.
fn or<T>(
    item: Option<Item<'_>>,
    default: T,
    read: impl FnOnce(&Item<'_>) -> Result<T, ConfigError>,
) -> Result<T, ConfigError> {
    Ok(optional(item, read)?.unwrap_or(default))
}
