//! The journal, read by somebody else.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// An attempt, as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sale: String,
    pub(crate) external_ref: String,
    pub(crate) phase: String,
    pub(crate) request_id: Option<String>,
    pub(crate) outcome: Option<String>,
    /// Whether it could be paid, by its code on the screen or by the customer's own.
    pub(crate) payable: bool,
    pub(crate) closed: bool,
}

impl Entry {
    /// Whether it stands as the one code that may still be paid.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.payable && self.phase != "settled"
    }
}

/// Every attempt in the journal of this data directory, oldest first. A copy is read, so that the
/// program finds its log as it left it; and reading it recovers it, as the program will.
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
