//! `patron-display settle`: settles earlier sales and decides part payments, without a window. A timer or a start-up
//! script may run it.

use std::io::{Write, stdout};
use std::path::Path;

use serde::Serialize;

use super::refund;
use crate::cli::arguments::{Common, PartArg, SettleArgs};
use crate::cli::failure::{CommandError, printed, warn};
use crate::cli::hand_over;
use crate::cli::session::{Runtime, client, data_directory, key_source};
use crate::config::Config;
use crate::domain::order::unique_reference;
use crate::journal::Journal;
use crate::journal::part_payments::PartPaid;
use crate::journal::refunds::RefundJournal;
use crate::refund::{PartDecision, PaymentName, RefundOutcome, RefundRequest};
use crate::runtime::effects::{Announcer, Effects};
use crate::sale::{Command, PaidByLine, Rules, Sale, Sum, Timing};
use crate::text::printable;

pub(super) fn settle(common: &Common, arguments: &SettleArgs) -> Result<u8, CommandError> {
    match arguments.part {
        Some(PartArg::Confirm) => decide(common, PartDecision::Confirm, arguments),
        Some(PartArg::Refund) => decide(common, PartDecision::Refund, arguments),
        None => settle_all(common),
    }
}

/// Settles every open attempt and prints one line for each. Returns the exit code of the outcome that most needs a
/// person; 0 if nothing was open. Warns of part payments that need a decision.
fn settle_all(common: &Common) -> Result<u8, CommandError> {
    let code = match hand_over::settle(common)? {
        Some(code) => code,
        None => settle_here(common)?,
    };
    // A failure below must not change the exit code of the settlement.
    match undecided_parts(common) {
        Ok(Some(remark)) => warn(&remark),
        Ok(None) => {}
        Err(failure) => warn(&failure),
    }

    Ok(code)
}

fn settle_here(common: &Common) -> Result<u8, CommandError> {
    let config = Config::load(common.config.as_deref())?;
    let credential = key_source(&config).load()?;
    let client = client(&config, &credential)?;
    let journal = Journal::open(&data_directory(common)?)?;
    let runtime = Runtime::new()?;
    // No screen shows the result, so an unreadable journal must end the command with an error.
    runtime.block_on(journal.recall(None))?;
    let announcer = match common.json {
        true => Announcer::json_lines(stdout()),
        false => Announcer::plain_lines(stdout()),
    };
    let effects = Effects::new(client, journal, announcer);
    let sale = Sale::new(Rules::from(&config), Timing::from(&config));
    let code = runtime.block_on(effects.drive(sale, Command::Settle));
    effects.finish();

    Ok(code)
}

fn decide(
    common: &Common,
    decision: PartDecision,
    arguments: &SettleArgs,
) -> Result<u8, CommandError> {
    let directory = data_directory(common)?;
    let config = Config::load(common.config.as_deref())?;
    let deciding = decide_part(&directory, &config, decision, arguments.name.as_deref());

    match Runtime::new()?.block_on(deciding)? {
        DecidedPart::Confirmed(part) => {
            let sentence = part.sentence();
            let told = match common.json {
                true => printable::json_line(stdout().lock(), &part.event()),
                false => writeln!(stdout(), "{sentence}"),
            };
            printed(&sentence, told);

            Ok(0)
        }
        DecidedPart::Refunded(outcome) => Ok(refund::tell(&outcome, common.json)),
    }
}

/// The result of a decision about a part payment.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one at a time, moved a few times"
)]
pub(super) enum DecidedPart {
    Confirmed(ConfirmedPart),
    Refunded(RefundOutcome),
}

/// Decides the named part payment, or the only one that needs a decision.
pub(super) async fn decide_part(
    directory: &Path,
    config: &Config,
    decision: PartDecision,
    name: Option<&str>,
) -> Result<DecidedPart, CommandError> {
    let mut journal = refund::open_journal(directory, config)?;
    let found = find(&journal, name)?;
    match decision {
        PartDecision::Confirm => confirm(&mut journal, found).map(DecidedPart::Confirmed),
        PartDecision::Refund if found.is_confirmed => Err(CommandError::Part(format!(
            "the part payment of {} is already confirmed; to refund it all the same, run: \
             patron-display refund {} --amount {} --ref TEXT",
            found.external_ref,
            found.short_code.as_deref().unwrap_or(&found.id),
            found.received.decimal(),
        ))),
        PartDecision::Refund => {
            let refunded = refund::carry_out(config, journal, &refund_of(&found)?).await;

            refunded.map(DecidedPart::Refunded)
        }
    }
}

/// Returns a warning that names the part payments that need a decision, if there are any.
fn undecided_parts(common: &Common) -> Result<Option<String>, CommandError> {
    let config = Config::load(common.config.as_deref())?;
    let waiting: Vec<_> = refund::open_journal(&data_directory(common)?, &config)?
        .paid_in_part(None)?
        .into_iter()
        .filter(PartPaid::is_undecided)
        .map(|part| part.external_ref)
        .collect();

    Ok((!waiting.is_empty()).then(|| {
        format!(
            "part payment {} needs a decision: run patron-display settle --part confirm NAME if the rest was paid \
             another way, or --part refund NAME",
            waiting.join(", ")
        )
    }))
}

fn find(journal: &RefundJournal, name: Option<&str>) -> Result<PartPaid, CommandError> {
    let mut found = journal.paid_in_part(name)?;
    let none = match name {
        Some(name) => format!("this journal has no part payment {name:?}"),
        None => {
            found.retain(PartPaid::is_undecided);

            "no part payment needs a decision".to_owned()
        }
    };
    let last = found.pop().ok_or(CommandError::Part(none))?;
    if found.is_empty() {
        return Ok(last);
    }
    let parts = found.iter().chain([&last]);
    let references: Vec<_> = parts.map(|part| part.external_ref.as_str()).collect();

    Err(CommandError::Part(format!(
        "there are {} part payments; name one of them: {}",
        references.len(),
        references.join(", ")
    )))
}

/// Builds the refund of a part payment. Its reference follows from the sale's reference and token, so a repeated command
/// refunds once, and another counter's refund has another reference.
fn refund_of(part: &PartPaid) -> Result<RefundRequest, CommandError> {
    let name = PaymentName::new(&part.id).ok_or_else(|| {
        CommandError::Part(format!("{:?} is not the id of a payment request", part.id))
    })?;

    Ok(RefundRequest {
        name,
        amount: None,
        items: None,
        invoice_ref: None,
        paid_on: None,
        external_ref: unique_reference(
            format!("{}-part", part.external_ref),
            part.token.as_deref(),
        ),
    })
}

/// The event of a part payment that was confirmed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartEvent<'a> {
    event: &'static str,
    decision: &'static str,
    id: &'a str,
    short_code: Option<&'a str>,
    external_ref: &'a str,
    received: Sum,
    remaining: Sum,
    /// The customer's payments. The goods in their `lineItems` are bought; other means of payment pay for the
    /// rest.
    paid_by: Vec<PaidByLine>,
}

/// A part payment that was confirmed.
pub(super) struct ConfirmedPart(PartPaid);

impl ConfirmedPart {
    fn sentence(&self) -> String {
        let Self(part) = self;

        format!(
            "{}: {} {currency} is kept; {} {currency} was paid another way",
            part.external_ref,
            part.received.decimal(),
            part.remaining.decimal(),
            currency = part.received.currency().code(),
        )
    }

    pub(super) fn event(&self) -> PartEvent<'_> {
        let Self(part) = self;

        PartEvent {
            event: "part",
            decision: "confirm",
            id: &part.id,
            short_code: part.short_code.as_deref(),
            external_ref: &part.external_ref,
            received: part.received.into(),
            remaining: part.remaining.into(),
            paid_by: part.paid_by.iter().map(PaidByLine::from).collect(),
        }
    }
}

fn confirm(journal: &mut RefundJournal, part: PartPaid) -> Result<ConfirmedPart, CommandError> {
    if part.is_given_back {
        return Err(CommandError::Part(format!(
            "the part payment of {} is already refunded; see patron-display history {}",
            part.external_ref, part.external_ref
        )));
    }
    if !part.is_confirmed {
        journal.confirm(&part)?;
    }

    Ok(ConfirmedPart(part))
}
