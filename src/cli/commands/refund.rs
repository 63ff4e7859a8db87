//! `patron-display refund`: refunds a payment, all of it or a part, without a window.

use std::io::{Write, stdout};
use std::path::Path;

use serde::Serialize;

use crate::cli::arguments::{Common, RefundArgs};
use crate::cli::failure::{CommandError, printed, warn};
use crate::cli::items::Items;
use crate::cli::session::{Runtime, client, data_directory, key_source};
use crate::config::Config;
use crate::journal::refunds::RefundJournal;
use crate::refund::{
    ConfiguredMerchants, RefundClient, RefundOutcome, RefundRequest, RefundVerdict,
};
use crate::sale::Sum;
use crate::text::printable;

pub(super) fn refund(common: &Common, arguments: &RefundArgs) -> Result<u8, CommandError> {
    let config = Config::load(common.config.as_deref())?;
    // A pipe can be read only once.
    let file = arguments.items.as_ref().map(Items::with_text).transpose()?;
    let items = file.as_ref().map(Items::read).transpose()?;
    if let (Some(file), None) = (&file, &arguments.amount) {
        file.refuse_unclear()?;
    }
    let asked = RefundRequest {
        name: arguments.name.clone(),
        amount: arguments.amount.clone(),
        items,
        invoice_ref: arguments.invoice_ref.clone(),
        paid_on: arguments.paid_on,
        external_ref: arguments.reference.clone(),
    };

    let journal = open_journal(&data_directory(common)?, &config)?;
    let outcome = Runtime::new()?.block_on(carry_out(&config, journal, &asked))?;

    Ok(tell(&outcome, common.json))
}

/// Opens the journal of refunds and of decisions about part payments.
pub(super) fn open_journal(
    directory: &Path,
    config: &Config,
) -> Result<RefundJournal, CommandError> {
    Ok(RefundJournal::open(
        directory,
        config.api.base_url.as_str(),
    )?)
}

/// Sends a refund, and returns its outcome.
pub(super) async fn carry_out(
    config: &Config,
    journal: RefundJournal,
    asked: &RefundRequest,
) -> Result<RefundOutcome, CommandError> {
    let credential = key_source(config).load()?;
    let client = client(config, &credential)?;
    let shop = ConfiguredMerchants::from(&config.merchants);
    let mut desk = RefundClient::new(client, journal, shop);

    Ok(desk.refund(asked).await?)
}

/// Prints the outcome: as JSON for the till, and as a sentence for people. A sentence that needs action goes to standard
/// error. Returns the exit code.
pub(super) fn tell(outcome: &RefundOutcome, json: bool) -> u8 {
    let is_started = outcome.verdict == RefundVerdict::Started;
    if !is_started {
        warn(outcome);
    }
    let told = match (json, is_started) {
        (true, _) => printable::json_line(stdout(), &RefundEvent::from(outcome)),
        (false, true) => writeln!(stdout(), "{outcome}"),
        (false, false) => Ok(()),
    };
    printed(outcome, told);

    outcome.verdict.exit_code()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefundEvent<'a> {
    event: &'static str,
    outcome: &'static str,
    id: Option<&'a str>,
    short_code: Option<&'a str>,
    external_ref: &'a str,
    amount: Option<Sum>,
    reason: Option<String>,
    repeated: bool,
    /// The short code of the refund, not of the payment.
    refund_code: Option<&'a str>,
    /// When the payment request was created, in UTC.
    created_at: Option<String>,
    merchant_name: Option<&'a str>,
}

impl<'a> From<&'a RefundOutcome> for RefundEvent<'a> {
    fn from(outcome: &'a RefundOutcome) -> Self {
        let payment = &outcome.payment;

        Self {
            event: "refund",
            outcome: outcome.verdict.name(),
            id: outcome.id.as_ref().map(|id| id.as_str()),
            short_code: outcome.short_code.as_ref().map(|code| code.as_str()),
            external_ref: &outcome.external_ref,
            amount: outcome.amount.map(Sum::from),
            reason: outcome.verdict.reason(),
            repeated: outcome.repeated,
            refund_code: outcome.refund_code.as_ref().map(|code| code.as_str()),
            created_at: payment.created_at.map(|at| format!("{at:.3}")),
            merchant_name: payment.merchant_name.as_ref().map(|name| name.as_str()),
        }
    }
}
