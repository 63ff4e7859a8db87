//! Every text that a sale leaves behind: told, written down, logged, shown.

use patron_display::journal::history::events;
use serde_json::Value;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::book::Book;
use crate::oracle::entries;
use crate::scene::Rehearsal;

/// Where a text was found, and the text.
pub(crate) type Trace = (&'static str, String);

/// What the till was told and the journal keeps.
pub(crate) fn kept(sale: &Rehearsal) -> Vec<Trace> {
    let mut found = Vec::new();
    for event in sale.told.events() {
        texts("told", &event, &mut found);
    }
    for entry in entries(sale) {
        let written = serde_json::to_value(&entry).unwrap();
        texts("journal", &written, &mut found);
        for occurrence in events(sale.directory.path(), &entry).unwrap() {
            let written = serde_json::to_value(&occurrence).unwrap();
            texts("journal", &written, &mut found);
        }
    }

    found
}

/// What the program has logged, a line each; not what the sandbox beside it has.
pub(crate) fn logged(book: &Book) -> Vec<Trace> {
    book.text()
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

/// Whether a character steers a terminal, turns the writing or cannot be seen.
pub(crate) fn steers(character: char) -> bool {
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
