//! Reads the journal's file without the program.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sale: String,
    pub(crate) external_ref: String,
    pub(crate) phase: String,
    pub(crate) request_id: Option<String>,
    pub(crate) outcome: Option<String>,
    /// Whether a customer could pay the request, by the code on the screen or by a code that the customer showed.
    pub(crate) payable: bool,
    pub(crate) closed: bool,
}

impl Entry {
    /// Whether a customer may still pay the request.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.payable && self.phase != "settled"
    }
}

/// Returns every attempt in the journal of this data directory, oldest first. Reads a copy, because opening a
/// journal recovers it, and the program must find its write-ahead log unchanged.
pub(crate) fn read(directory: &Path) -> Vec<Entry> {
    if !directory.join("journal.sqlite3").exists() {
        return Vec::new();
    }
    let copy = tempfile::tempdir().expect("a directory");
    for name in ["journal.sqlite3", "journal.sqlite3-wal"] {
        let from = directory.join(name);
        if from.exists() {
            fs::copy(&from, copy.path().join(name)).expect("a copy of the journal");
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let database = Connection::open_with_flags(copy.path().join("journal.sqlite3"), flags)
        .expect("the journal");
    let sound: String = database
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .expect("a check");
    assert_eq!(sound, "ok");
    if !database.table_exists(None, "attempt").expect("an answer") {
        return Vec::new();
    }
    let mut query = database
        .prepare(
            "SELECT sale, external_ref, phase, request_id, outcome, payable_at IS NOT NULL,
                closed_at IS NOT NULL
             FROM attempt ORDER BY rowid",
        )
        .expect("a journal of this version");

    query
        .query_map([], |row| {
            Ok(Entry {
                sale: row.get(0)?,
                external_ref: row.get(1)?,
                phase: row.get(2)?,
                request_id: row.get(3)?,
                outcome: row.get(4)?,
                payable: row.get(5)?,
                closed: row.get(6)?,
            })
        })
        .and_then(Iterator::collect)
        .expect("the attempts")
}
