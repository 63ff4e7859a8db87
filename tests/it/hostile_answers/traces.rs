//! Collects every text of a sale that was told, journaled, logged or shown.

use patron_display::journal::history::events;
use serde_json::Value;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::logs::captured::CapturedLog;
use crate::support::oracle::entries;
use crate::support::scene::Rehearsal;

/// The name of a place, and a text that was found there.
pub(crate) type Trace = (&'static str, String);

/// Returns the texts of the till's events and of the journal.
pub(crate) fn kept(sale: &Rehearsal) -> Vec<Trace> {
    let mut found = Vec::new();
    for event in sale.told.events() {
        texts("told", &event, &mut found);
    }
    for entry in entries(sale.directory.path()) {
        let written = serde_json::to_value(&entry).unwrap();
        texts("journal", &written, &mut found);
        for occurrence in events(sale.directory.path(), &entry).unwrap() {
            let written = serde_json::to_value(&occurrence).unwrap();
            texts("journal", &written, &mut found);
        }
    }

    found
}

/// Returns the program's own log lines, without those of the sandbox.
pub(crate) fn logged(captured: &CapturedLog) -> Vec<Trace> {
    captured
        .text()
        .split('\n')
        .filter(|line| !line.contains("patron_display::sandbox"))
        .map(|line| ("log", line.to_owned()))
        .collect()
}

fn texts(place: &'static str, value: &Value, found: &mut Vec<Trace>) {
    match value {
        Value::String(text) => found.push((place, text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(place, item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(place, field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a character controls a terminal, changes the direction of writing, or is invisible.
pub(crate) fn is_control(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    )
}
