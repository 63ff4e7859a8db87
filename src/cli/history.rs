//! The history of a counter, as a table for people, or as JSON or CSV for other programs.

mod cells;
mod document;

use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, Write, stdout};
use std::path::Path;

use super::launch::data_directory;
use super::{Common, Failure, FormatArg, HistoryArgs};
use crate::journal::history::{
    Entry, Query, events, has_a_journal, history as look_up,
    refunds_without_a_sale as without_a_sale,
};
use crate::journal::refunds::{Kept, Settled};
use crate::money::Amount;
use crate::payment::{PaidBy, Text};
use crate::printable::{self, Lines, cell, spelled};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use document::Document;

/// Writes what was asked for to standard output.
pub(super) fn history(common: &Common, arguments: &HistoryArgs) -> Result<u8, Failure> {
    let directory = data_directory(common)?;
    let query = Query {
        name: arguments.name.clone(),
        since: arguments.since,
        limit: arguments.limit,
    };
    let out = BufWriter::new(stdout().lock());
    let written = match (arguments.format, common.json) {
        (_, true) => json_lines(&directory, &query, out),
        (FormatArg::Json, false) => json(&directory, &query, out),
        (FormatArg::Csv, false) => csv(&directory, &query, out),
        (FormatArg::Table, false) => table(&directory, &query, out),
    };

    match written {
        // Whoever reads has seen enough.
        Err(Failure::System(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(0),
        // All else of the system comes from the journal, which has errors of its own.
        Err(Failure::System(error)) => Err(Failure::Output(error)),
        written => written.map(|()| 0),
    }
}

fn table(directory: &Path, query: &Query, mut out: impl Write) -> Result<(), Failure> {
    let mut any = false;
    look_up(directory, query, |entry| {
        if !any {
            writeln!(
                out,
                "{:<16}  {:<28}  {:>13}  {:<20}  SHORT CODE",
                "TIME", "REFERENCE", "AMOUNT", "OUTCOME"
            )?;
        }
        any = true;
        writeln!(
            out,
            "{:<16}  {:<28}  {:>13}  {:<20}  {}",
            local(&entry.at),
            seen(&entry.external_ref),
            seen(&entry.amount_text()),
            seen(&outcome(&entry)),
            seen(entry.short_code.as_deref().unwrap_or("-")),
        )?;
        if query.name.is_some() {
            details(directory, &entry, &mut out)?;
        }
        for kept in &entry.refunds {
            refund(kept, &mut out)?;
        }

        Ok::<_, Failure>(())
    })?;
    if let Some(name) = query.name.as_deref() {
        for kept in without_a_sale(directory, name)? {
            let request = kept.short_code.as_deref().unwrap_or(&kept.id);
            writeln!(out, "{}, whose sale is not in this journal", seen(request))?;
            refund(&kept, &mut out)?;
            any = true;
        }
    }
    if !any {
        match has_a_journal(directory) {
            true => writeln!(out, "Nothing was found.")?,
            false => writeln!(
                out,
                "Nothing was found: there is no journal in {} yet.",
                seen(&directory.display().to_string())
            )?,
        }
    }

    Ok(out.flush()?)
}

/// What somebody needs who has asked for one sale.
fn details(directory: &Path, entry: &Entry, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "    id {}", seen(entry.id.as_deref().unwrap_or("-")))?;
    if entry.platform_ref != entry.external_ref {
        let reference = seen(&entry.platform_ref);
        writeln!(out, "    reference at the platform {reference}")?;
    }
    for paid_by in &entry.paid_by {
        writeln!(out, "    paid with {}", seen(&means(paid_by)))?;
    }
    if let Some(reason) = &entry.reason {
        writeln!(out, "    reason {}", seen(reason))?;
    }
    if let Some(by) = &entry.settled_by {
        writeln!(out, "    settled by hand by {}", seen(by))?;
    }
    for occurrence in events(directory, entry)? {
        writeln!(
            out,
            "    {}  {:<14}  {}",
            local_to_the_second(&occurrence.at),
            occurrence.kind,
            seen(occurrence.detail.as_deref().unwrap_or_default())
        )?;
    }

    Ok(())
}

/// A line for a refund, below its sale. One that was started is not finished by that.
fn refund(kept: &Kept, out: &mut impl Write) -> io::Result<()> {
    let reason = kept.reason.as_deref().unwrap_or_default();
    let code = kept
        .refund_code
        .as_deref()
        .map(|code| format!(", {code}"))
        .unwrap_or_default();
    let line = format!(
        "    {}  refund {}, {} {}{code}  {reason}",
        local_to_the_second(&kept.at),
        kept.external_ref,
        kept.amount_text(),
        kept.outcome_text(),
    );

    writeln!(out, "{}", seen(line.trim_end()))
}

/// A payment method with its asset type and its sum, such as `Centrapay NZD (centrapay.nzd.main), 12.50 NZD`.
fn means(paid_by: &PaidBy) -> String {
    let mut means = paid_by.description.to_string();
    if let Some(asset_type) = &paid_by.asset_type {
        means.push_str(&format!(" ({asset_type})"));
    }
    if let Some(total) = paid_by.total {
        means.push_str(&format!(", {}", sum_text(total)));
    }

    means
}

fn sum_text(amount: Amount) -> String {
    format!("{} {}", amount.decimal(), amount.currency().code())
}

/// What the refunds of a sale that came to this sum up to, in minor units; all of them are in its
/// currency.
fn sum_of(entry: &Entry, settled: Settled) -> u64 {
    entry
        .refunds
        .iter()
        .filter(|kept| kept.outcome_text() == settled.name())
        .map(|kept| kept.amount)
        .fold(0, u64::saturating_add)
}

fn outcome(entry: &Entry) -> String {
    match (entry.late, &entry.settled_by) {
        (true, _) => format!("{}, LATE", entry.outcome_text()),
        (false, Some(_)) => format!("{}, by hand", entry.outcome_text()),
        (false, None) => entry.outcome_text().to_owned(),
    }
}

fn json_lines(directory: &Path, query: &Query, mut out: impl Write) -> Result<(), Failure> {
    look_up(directory, query, |entry| {
        printable::json(&mut out, &Document::from(&entry))?;

        Ok::<_, Failure>(writeln!(out)?)
    })?;

    Ok(out.flush()?)
}

fn json(directory: &Path, query: &Query, mut out: impl Write) -> Result<(), Failure> {
    let mut before = "[\n";
    look_up(directory, query, |entry| {
        out.write_all(before.as_bytes())?;
        before = ",\n";

        Ok::<_, Failure>(printable::json(&mut out, &Document::from(&entry))?)
    })?;
    let end = if before == "[\n" { "[]" } else { "\n]" };
    writeln!(out, "{end}")?;

    Ok(out.flush()?)
}

/// The columns after the sale's own. New ones go to the end, since programs count columns. The refunds are sums in minor
/// units of the sale's currency.
const FURTHER_FIELDS: [&str; 5] = [
    "refundsStarted",
    "refundsUnknown",
    "paidBy",
    "assetTypes",
    "platformRef",
];

fn csv(directory: &Path, query: &Query, out: impl Write) -> Result<(), Failure> {
    let broken = |error: csv::Error| Failure::System(io::Error::from(error));
    let mut table = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(out);
    // A table has no room for lists, so what goes back is summed up, after the columns there always
    // were: whoever adds up the takings must not miss it. Payment methods are listed in one field.
    table
        .write_record(Entry::FIELDS.iter().chain(&FURTHER_FIELDS))
        .map_err(broken)?;
    look_up(directory, query, |entry| {
        let started = sum_of(&entry, Settled::Started);
        let unknown = sum_of(&entry, Settled::Unknown);

        let paid_by = listed(entry.paid_by.iter().map(|paid_by| match paid_by.total {
            Some(total) => format!("{} {}", paid_by.description, sum_text(total)),
            None => paid_by.description.to_string(),
        }));
        let asset_types = entry.paid_by.iter().filter_map(|by| by.asset_type.as_ref());
        let asset_types = listed(asset_types.map(Text::to_string));
        let record = (
            cells::of(&entry),
            started,
            unknown,
            cell(&paid_by),
            cell(&asset_types),
            cell(&entry.platform_ref),
        );

        table.serialize(record).map_err(broken)
    })?;

    Ok(table.flush()?)
}

fn listed(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join("; ")
}

/// A field of a line that is printed for people.
fn seen(text: &str) -> Cow<'_, str> {
    spelled(text, Lines::Spell)
}

/// A time of the journal on the shop's own clock, to the minute.
fn local(at: &str) -> String {
    on_the_clock(at, "%Y-%m-%d %H:%M")
}

fn local_to_the_second(at: &str) -> String {
    on_the_clock(at, "%Y-%m-%d %H:%M:%S")
}

fn on_the_clock(at: &str, format: &str) -> String {
    at.parse::<DateTime>()
        .and_then(|at| at.to_zoned(TimeZone::UTC))
        .map_or_else(
            |_| at.to_owned(),
            |at| {
                at.with_time_zone(TimeZone::system())
                    .strftime(format)
                    .to_string()
            },
        )
}

/// Reads a date, a time, or how long ago.
pub(super) fn since(text: &str) -> Result<Timestamp, String> {
    let by_clock = |at: DateTime| at.to_zoned(TimeZone::system()).map(|at| at.timestamp());
    let ago = || {
        text.parse::<Span>()
            .and_then(|span| Zoned::now().checked_sub(span.abs()))
            .map(|at| at.timestamp())
    };

    // The clock of a zone in brackets would be passed over.
    let local = || match text.contains('[') {
        true => ago(),
        false => text.parse::<DateTime>().and_then(by_clock),
    };

    text.parse::<Timestamp>()
        .or_else(|_| local())
        .or_else(|_| ago())
        .map_err(|_| {
            "write a date such as 2026-08-17, a time such as 2026-08-17T09:30, or how long ago, \
             such as 2h or 7d"
                .to_owned()
        })
}

#[cfg(test)]
mod tests;
