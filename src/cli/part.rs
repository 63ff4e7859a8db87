//! `settle --part`: what becomes of a part payment. The rest was paid another way, or the part goes
//! back.

use std::io::{Write, stdout};

use serde::Serialize;

use super::{Common, Failure, Part, refund};
use crate::config::Config;
use crate::journal::parts::PartPaid;
use crate::journal::refunds::Refunds;
use crate::refund::{Asked, Name};
use crate::sale::Sum;

/// Decides about the part payment of this name, or about the only one that waits for that.
pub(super) fn decide(common: &Common, part: Part, name: Option<&str>) -> Result<u8, Failure> {
    let config = Config::load(common.config.as_deref())?;
    let mut journal = refund::journal(common, &config)?;
    let found = find(&journal, name)?;
    match part {
        Part::Confirm => confirm(&mut journal, &found, common.json),
        Part::Refund => refund::give_back(&config, journal, &refund_of(&found)?, common.json),
    }
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

/// The same refund whenever it is asked for again: its reference follows from the sale's.
fn refund_of(part: &PartPaid) -> Result<Asked, Failure> {
    let name = Name::new(&part.id)
        .ok_or_else(|| Failure::Part(format!("{:?} is no request's id", part.id)))?;

    Ok(Asked {
        name,
        amount: None,
        external_ref: format!("{}-part", part.external_ref),
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
    let told = if json {
        let event = Event {
            event: "part",
            decision: "confirm",
            id: &part.id,
            short_code: part.short_code.as_deref(),
            external_ref: &part.external_ref,
            received: part.received.into(),
            remaining: part.remaining.into(),
        };
        let line = serde_json::to_string(&event).map_err(std::io::Error::from)?;

        writeln!(stdout(), "{line}")
    } else {
        writeln!(
            stdout(),
            "{}: {} {currency} is kept; {} {currency} was paid another way",
            part.external_ref,
            part.received.decimal(),
            part.remaining.decimal(),
            currency = part.received.currency().code(),
        )
    };

    refund::heard_or_not(told)?;

    Ok(0)
}
