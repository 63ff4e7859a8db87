//! `settle --part`: what becomes of a part payment. The rest was paid another way, or the part goes
//! back.

use std::io::{Write, stdout};

use serde::Serialize;

use super::failure::printed;
use super::{Common, Failure, Part, refund};
use crate::config::Config;
use crate::journal::parts::PartPaid;
use crate::journal::refunds::Refunds;
use crate::printable;
use crate::refund::{Asked, Name};
use crate::sale::{PaidByLine, Sum, unique_reference};

/// Decides about the part payment of this name, or about the only one that waits for that.
pub(super) fn decide(common: &Common, part: Part, name: Option<&str>) -> Result<u8, Failure> {
    let config = Config::load(common.config.as_deref())?;
    let mut journal = refund::journal(common, &config)?;
    let found = find(&journal, name)?;
    match part {
        Part::Confirm => confirm(&mut journal, &found, common.json),
        Part::Refund if found.is_confirmed => Err(Failure::Part(format!(
            "it was decided that the part payment of {} is kept; to give it back after all: \
             patron-display refund {} --amount {} --ref TEXT",
            found.external_ref,
            found.short_code.as_deref().unwrap_or(&found.id),
            found.received.decimal(),
        ))),
        Part::Refund => refund::give_back(&config, journal, &refund_of(&found)?, common.json),
    }
}

/// A sentence that names the part payments that wait for a decision; `None` where there are none.
pub(super) fn undecided(common: &Common) -> Result<Option<String>, Failure> {
    let config = Config::load(common.config.as_deref())?;
    let waiting: Vec<_> = refund::journal(common, &config)?
        .paid_in_part(None)?
        .into_iter()
        .filter(PartPaid::is_undecided)
        .map(|part| part.external_ref)
        .collect();

    Ok((!waiting.is_empty()).then(|| {
        format!(
            "nobody has said what becomes of the part payment of {}: patron-display settle --part \
             confirm NAME, where the rest was paid another way, or --part refund NAME",
            waiting.join(", ")
        )
    }))
}

fn find(journal: &Refunds, name: Option<&str>) -> Result<PartPaid, Failure> {
    let mut found = journal.paid_in_part(name)?;
    let none = match name {
        Some(name) => format!("{name:?} is no sale of this journal that was paid in part"),
        None => {
            found.retain(PartPaid::is_undecided);

            "no part payment waits for a decision".to_owned()
        }
    };
    let last = found.pop().ok_or(Failure::Part(none))?;
    if found.is_empty() {
        return Ok(last);
    }
    let references: Vec<_> = found
        .iter()
        .chain([&last])
        .map(|part| part.external_ref.as_str())
        .collect();

    Err(Failure::Part(format!(
        "{} sales were paid in part; name one of them: {}",
        references.len(),
        references.join(", ")
    )))
}

/// The same refund whenever it is asked for again: its reference follows from the sale's. With the token it is no other
/// counter's.
fn refund_of(part: &PartPaid) -> Result<Asked, Failure> {
    let name = Name::new(&part.id)
        .ok_or_else(|| Failure::Part(format!("{:?} is no request's id", part.id)))?;

    Ok(Asked {
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

/// What the till is told, once and last.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    event: &'static str,
    decision: &'static str,
    id: &'a str,
    short_code: Option<&'a str>,
    external_ref: &'a str,
    received: Sum,
    remaining: Sum,
    /// The `lineItems` in here are bought: the other means of payment pay for the rest of the basket only.
    paid_by: Vec<PaidByLine>,
}

fn confirm(journal: &mut Refunds, part: &PartPaid, json: bool) -> Result<u8, Failure> {
    if part.is_given_back {
        return Err(Failure::Part(format!(
            "the part payment of {} was given back already; see patron-display history {}",
            part.external_ref, part.external_ref
        )));
    }
    if !part.is_confirmed {
        journal.confirm(part)?;
    }
    let sentence = format!(
        "{}: {} {currency} is kept; {} {currency} was paid another way",
        part.external_ref,
        part.received.decimal(),
        part.remaining.decimal(),
        currency = part.received.currency().code(),
    );
    let told = if json {
        let event = Event {
            event: "part",
            decision: "confirm",
            id: &part.id,
            short_code: part.short_code.as_deref(),
            external_ref: &part.external_ref,
            received: part.received.into(),
            remaining: part.remaining.into(),
            paid_by: part.paid_by.iter().map(PaidByLine::from).collect(),
        };

        let mut out = stdout().lock();

        printable::json(&mut out, &event).and_then(|()| writeln!(out))
    } else {
        writeln!(stdout(), "{sentence}")
    };
    printed(&sentence, told);

    Ok(0)
}
