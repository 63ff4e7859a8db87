//! Giving a payment back, all of it or a part, without a window.

use std::io::{self, Write, stdout};

use jiff::civil::Date;
use serde::Serialize;

use super::failure::{printed, warn};
use super::items::Items;
use super::launch::{client, data_directory, key_source};
use super::runtime::Runtime;
use super::{Common, Failure, RefundArgs};
use crate::config::Config;
use crate::journal::refunds::Refunds;
use crate::printable;
use crate::refund::{Asked, Desk, Name, Outcome, Shop, Verdict};
use crate::sale::Sum;

/// Asks for the refund, tells what became of it, and answers with its exit code.
pub(super) fn refund(common: &Common, arguments: &RefundArgs) -> Result<u8, Failure> {
    let config = Config::load(common.config.as_deref())?;
    // A pipe can be read only once.
    let file = arguments
        .items
        .as_ref()
        .map(Items::brought_along)
        .transpose()?;
    let items = match &file {
        Some(file) => Some(file.read()?.1),
        None => None,
    };
    if let (Some(file), None) = (&file, &arguments.amount) {
        file.refuse_unclear()?;
    }
    let asked = Asked {
        name: arguments.name.clone(),
        amount: arguments.amount.clone(),
        items,
        invoice_ref: arguments.invoice_ref.clone(),
        paid_on: arguments.paid_on,
        external_ref: arguments.reference.clone(),
    };

    give_back(&config, journal(common, &config)?, &asked, common.json)
}

/// Where refunds, and decisions about part payments, are written down.
pub(super) fn journal(common: &Common, config: &Config) -> Result<Refunds, Failure> {
    let directory = data_directory(common)?;

    Ok(Refunds::open(&directory, config.api.base_url.as_str())?)
}

/// The same for what is known already.
pub(super) fn give_back(
    config: &Config,
    journal: Refunds,
    asked: &Asked,
    json: bool,
) -> Result<u8, Failure> {
    let credential = key_source(config).load()?;
    let client = client(config, &credential)?;
    let mut desk = Desk::new(client, journal, Shop::from(config));
    let outcome = Runtime::new()?.block_on(desk.refund(asked))?;
    tell(&outcome, json);

    Ok(outcome.verdict.exit_code())
}

/// Tells the till in JSON, and people in a sentence: on standard error where there is something to
/// be done, and where standard output is the till's.
fn tell(outcome: &Outcome, json: bool) {
    let is_started = outcome.verdict == Verdict::Started;
    if !is_started {
        warn(outcome);
    }
    let told = match (json, is_started) {
        (true, _) => json_line(outcome),
        (false, true) => writeln!(stdout(), "{outcome}"),
        (false, false) => Ok(()),
    };

    printed(outcome, told);
}

/// What the till is told, once and last.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    event: &'static str,
    outcome: &'static str,
    id: Option<&'a str>,
    short_code: Option<&'a str>,
    external_ref: &'a str,
    amount: Option<Sum>,
    reason: Option<String>,
    repeated: bool,
    /// The short code of the refund itself.
    refund_code: Option<&'a str>,
    /// When the payment request was created, in UTC.
    created_at: Option<String>,
    merchant_name: Option<&'a str>,
}

fn json_line(outcome: &Outcome) -> io::Result<()> {
    let event = Event {
        event: "refund",
        outcome: outcome.verdict.name(),
        id: outcome.id.as_ref().map(|id| id.as_str()),
        short_code: outcome.short_code.as_ref().map(|code| code.as_str()),
        external_ref: &outcome.external_ref,
        amount: outcome.amount.map(Sum::from),
        reason: outcome.verdict.reason(),
        repeated: outcome.repeated,
        refund_code: outcome.refund_code.as_ref().map(|code| code.as_str()),
        created_at: outcome.payment.created_at.map(|at| format!("{at:.3}")),
        merchant_name: outcome
            .payment
            .merchant_name
            .as_ref()
            .map(|name| name.as_str()),
    };
    let mut line = Vec::new();
    printable::json(&mut line, &event)?;
    line.push(b'\n');

    stdout().write_all(&line)
}

/// Reads the date on a receipt. A time or a zone behind it would make it another day here, so neither is passed over.
pub(super) fn date(text: &str) -> Result<Date, String> {
    let text = text.trim();

    Date::strptime("%Y-%m-%d", text)
        .or_else(|_| Date::strptime("%Y%m%d", text))
        .map_err(|_| "write the date on the receipt alone, such as 2026-08-17".to_owned())
}

/// Reads what the payment request is called by.
pub(super) fn name(text: &str) -> Result<Name, String> {
    Name::new(text).ok_or_else(|| {
        "write the payment request's id, such as MhocUmpxxmgdHjr7DgKoKw, or its short code, such \
         as CP-C7F-ZS5"
            .to_owned()
    })
}
