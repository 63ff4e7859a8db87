//! `patron-display history`: the sales of a counter, as a table for people, or as JSON or CSV for programs.

mod document;

use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, Write, stdout};
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::cli::arguments::{Common, FormatArg, HistoryArgs};
use crate::cli::failure::CommandError;
use crate::cli::session::data_directory;
use crate::domain::money::Amount;
use crate::domain::payment::{PaidBy, Text};
use crate::journal::history::{
    HistoryEntry, HistoryQuery, events, has_a_journal, history as look_up,
    refunds_without_a_sale as without_a_sale,
};
use crate::journal::refunds::{RefundResult, StoredRefund};
use crate::text::printable::{self, Lines, cell, spelled};

pub(in crate::cli) use document::SaleDocument;
use document::time;

pub(super) fn history(common: &Common, arguments: &HistoryArgs) -> Result<u8, CommandError> {
    let directory = data_directory(common)?;
    let query = HistoryQuery {
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
        // The reader, such as `head`, has closed the pipe.
        Err(CommandError::System(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(0),
        // Other system errors come from standard output: the journal has its own error type.
        Err(CommandError::System(error)) => Err(CommandError::Output(error)),
        written => written.map(|()| 0),
    }
}

fn table(directory: &Path, query: &HistoryQuery, mut out: impl Write) -> Result<(), CommandError> {
    let mut has_found = false;
    look_up(directory, query, |entry| {
        if !has_found {
            writeln!(
                out,
                "{:<16}  {:<28}  {:>13}  {:<20}  SHORT CODE",
                "TIME", "REFERENCE", "AMOUNT", "OUTCOME"
            )?;
        }
        has_found = true;
        writeln!(
            out,
            "{:<16}  {:<28}  {:>13}  {:<20}  {}",
            local(&entry.at, MINUTE),
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

        Ok::<_, CommandError>(())
    })?;
    if let Some(name) = query.name.as_deref() {
        for kept in without_a_sale(directory, name)? {
            let request = kept.short_code.as_deref().unwrap_or(&kept.id);
            writeln!(out, "{}: its sale is not in this journal", seen(request))?;
            refund(&kept, &mut out)?;
            has_found = true;
        }
    }
    if !has_found && has_a_journal(directory) {
        writeln!(out, "No sale was found.")?;
    } else if !has_found {
        let place = directory.display().to_string();
        let place = seen(&place);
        writeln!(
            out,
            "No sale was found: there is no journal in {place} yet."
        )?;
    }

    Ok(out.flush()?)
}

/// Prints the details of one sale.
fn details(
    directory: &Path,
    entry: &HistoryEntry,
    out: &mut impl Write,
) -> Result<(), CommandError> {
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
        writeln!(out, "    closed by staff: {}", seen(by))?;
    }
    for occurrence in events(directory, entry)? {
        writeln!(
            out,
            "    {}  {:<14}  {}",
            local(&occurrence.at, SECOND),
            occurrence.kind,
            seen(occurrence.detail.as_deref().unwrap_or_default())
        )?;
    }

    Ok(())
}

/// Prints a line for a refund below its sale. The result `started` does not mean that the refund is finished.
fn refund(kept: &StoredRefund, out: &mut impl Write) -> io::Result<()> {
    let reason = kept.reason.as_deref().unwrap_or_default();
    let code = kept.refund_code.as_ref().map(|code| format!(", {code}"));
    let code = code.unwrap_or_default();
    let line = format!(
        "    {}  refund {}, {} {}{code}  {reason}",
        local(&kept.at, SECOND),
        kept.external_ref,
        kept.amount_text(),
        kept.outcome_text(),
    );

    writeln!(out, "{}", seen(line.trim_end()))
}

/// Returns a payment method with asset type and sum, such as `Centrapay NZD (centrapay.nzd.main), 12.50 NZD`.
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

/// Returns the sum of a sale's refunds with this result, in minor units of the sale's currency.
fn sum_of(entry: &HistoryEntry, settled: RefundResult) -> u64 {
    entry
        .refunds
        .iter()
        .filter(|kept| kept.outcome_text() == settled.name())
        .map(|kept| kept.amount)
        .fold(0, u64::saturating_add)
}

fn outcome(entry: &HistoryEntry) -> String {
    match (entry.late, &entry.settled_by) {
        (true, _) => format!("{}, LATE", entry.outcome_text()),
        (false, Some(_)) => format!("{}, by hand", entry.outcome_text()),
        (false, None) => entry.outcome_text().to_owned(),
    }
}

fn json_lines(
    directory: &Path,
    query: &HistoryQuery,
    mut out: impl Write,
) -> Result<(), CommandError> {
    look_up(directory, query, |entry| {
        Ok::<_, CommandError>(printable::json_line(&mut out, &SaleDocument::from(&entry))?)
    })?;

    Ok(out.flush()?)
}

fn json(directory: &Path, query: &HistoryQuery, mut out: impl Write) -> Result<(), CommandError> {
    let mut before = "[\n";
    look_up(directory, query, |entry| {
        out.write_all(before.as_bytes())?;
        before = ",\n";

        Ok::<_, CommandError>(printable::json(&mut out, &SaleDocument::from(&entry))?)
    })?;
    let end = if before == "[\n" { "[]" } else { "\n]" };
    writeln!(out, "{end}")?;

    Ok(out.flush()?)
}

/// The columns after those of the sale. A new column goes to the end, because programs count columns. The refunds
/// are sums in minor units of the sale's currency.
const FURTHER_FIELDS: [&str; 5] = [
    "refundsStarted",
    "refundsUnknown",
    "paidBy",
    "assetTypes",
    "platformRef",
];

fn csv(directory: &Path, query: &HistoryQuery, out: impl Write) -> Result<(), CommandError> {
    let broken = |error: csv::Error| CommandError::System(io::Error::from(error));
    let mut table = csv::Writer::from_writer(out);
    // A field cannot hold a list of refunds, so two columns have their sums, which a report of the takings needs.
    // One field lists the payment methods.
    table
        .write_record(HistoryEntry::FIELDS.iter().chain(&FURTHER_FIELDS))
        .map_err(broken)?;
    look_up(directory, query, |entry| {
        let fields = serde_json::to_value(&entry).map_err(io::Error::from)?;
        let own = HistoryEntry::FIELDS.map(|name| match &fields[name] {
            Value::Null => String::new(),
            Value::String(text) => cell(text),
            other => other.to_string(),
        });
        let paid_by = entry.paid_by.iter().map(|paid_by| match paid_by.total {
            Some(total) => format!("{} {}", paid_by.description, sum_text(total)),
            None => paid_by.description.to_string(),
        });
        let asset_types = entry.paid_by.iter().filter_map(|by| by.asset_type.as_ref());
        let further: [String; FURTHER_FIELDS.len()] = [
            sum_of(&entry, RefundResult::Started).to_string(),
            sum_of(&entry, RefundResult::Unknown).to_string(),
            cell(&paid_by.collect::<Vec<_>>().join("; ")),
            cell(
                &asset_types
                    .map(Text::to_string)
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
            cell(&entry.platform_ref),
        ];

        table
            .write_record(own.iter().chain(&further))
            .map_err(broken)
    })?;

    Ok(table.flush()?)
}

/// Escapes a field of a printed line.
fn seen(text: &str) -> Cow<'_, str> {
    spelled(text, Lines::Spell)
}

const MINUTE: &str = "%Y-%m-%d %H:%M";
const SECOND: &str = "%Y-%m-%d %H:%M:%S";

/// Converts a time of the journal to local time.
fn local(at: &str, format: &str) -> String {
    time(at).map_or_else(
        || at.to_owned(),
        |at| {
            at.with_time_zone(TimeZone::system())
                .strftime(format)
                .to_string()
        },
    )
}

#[cfg(test)]
mod tests;
