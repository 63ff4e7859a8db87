//! The schema of the journal, and the functions that open a journal.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use url::Url;

use super::error::{FileFault, JournalError};
use super::file;
use crate::files::private;

/// The version of the schema. Versions 1 to 6 were trials and never released.
pub(super) const VERSION: i64 = 7;

/// The tables and indexes. Times are in UTC, amounts in minor units.
const SCHEMA: &str = "
CREATE TABLE attempt (
    sale            TEXT    NOT NULL,   -- the till's reference of the first attempt
    attempt         INTEGER NOT NULL,   -- from 1
    external_ref    TEXT    NOT NULL,   -- the till's reference of this attempt
    token           TEXT,               -- follows external_ref at the platform
    amount          INTEGER NOT NULL,
    basket_amount   INTEGER,            -- NULL: part payments are not allowed
    currency        TEXT    NOT NULL,   -- ISO 4217
    merchant        TEXT    NOT NULL,   -- the key in the configuration
    merchant_name   TEXT    NOT NULL,
    config_id       TEXT    NOT NULL,
    liveness        TEXT    NOT NULL,   -- main, test
    expiry_seconds  INTEGER NOT NULL,
    account_id      TEXT,
    base_url        TEXT    NOT NULL,
    operator        TEXT,
    handover        TEXT,               -- the last hand-over, if a resident display worked on it
    phase           TEXT    NOT NULL,   -- intended, created, shown, voiding, unknown, settled
    request_id      TEXT,
    short_code      TEXT,
    url             TEXT,               -- the content of the QR code
    void            TEXT,               -- NULL, sent, answered
    outcome         TEXT,
    reason          TEXT,
    late            INTEGER NOT NULL DEFAULT 0,
    paid_by         TEXT,               -- JSON
    remaining       INTEGER,
    settled_by      TEXT,               -- the staff member who closed it
    settled_as      TEXT,               -- how staff closed it: paid, not-paid
    intended_at     TEXT    NOT NULL,
    created_at      TEXT,
    shown_at        TEXT,
    payable_at      TEXT,               -- since when a customer can pay it
    settled_at      TEXT,
    acknowledged_at TEXT,
    watched_at      TEXT,               -- the last look for a late payment
    closed_at       TEXT                -- NULL: needs a verdict, a person, or a watch for late payments
) STRICT;
CREATE INDEX attempt_sale ON attempt (sale, attempt);
CREATE INDEX attempt_external_ref ON attempt (external_ref);
CREATE INDEX attempt_request ON attempt (request_id);
CREATE INDEX attempt_short_code ON attempt (short_code COLLATE NOCASE);
CREATE INDEX attempt_since ON attempt (intended_at);
CREATE INDEX attempt_handover ON attempt (handover) WHERE handover IS NOT NULL;
CREATE INDEX attempt_open ON attempt (phase) WHERE closed_at IS NULL;
CREATE INDEX attempt_part_paid ON attempt (base_url) WHERE outcome = 'part-paid';
-- At most one attempt can be paid and is neither paid nor settled.
CREATE UNIQUE INDEX attempt_payable ON attempt (payable_at IS NOT NULL)
WHERE phase <> 'settled' AND payable_at IS NOT NULL AND settled_by IS NULL
    AND (outcome IS NULL OR outcome = 'unknown') AND paid_by IS NULL;

CREATE TABLE event (
    sale    TEXT    NOT NULL,
    attempt INTEGER NOT NULL,
    at      TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    detail  TEXT
) STRICT;
CREATE INDEX event_attempt ON event (sale, attempt);

-- A refund belongs to no attempt: another counter may have made the sale.
CREATE TABLE refund (
    base_url     TEXT    NOT NULL,
    external_ref TEXT    NOT NULL,   -- the refund's own reference
    request_id   TEXT    NOT NULL,
    short_code   TEXT,               -- of the payment request
    amount       INTEGER NOT NULL,
    paid         INTEGER NOT NULL,   -- the whole payment
    currency     TEXT    NOT NULL,   -- ISO 4217
    invoice_ref  TEXT,
    line_items   TEXT,               -- JSON, as it was sent
    refund_code  TEXT,               -- the short code of the refund itself
    outcome      TEXT,               -- NULL, started, rejected, unreachable, unknown
    reason       TEXT,
    intended_at  TEXT    NOT NULL,
    settled_at   TEXT,
    PRIMARY KEY (base_url, external_ref)
) STRICT;
CREATE INDEX refund_request ON refund (request_id);
CREATE INDEX refund_external_ref ON refund (external_ref);
CREATE INDEX refund_short_code ON refund (short_code COLLATE NOCASE);
";

/// Opens the journal for writing, and creates it if it is missing.
///
/// # Errors
///
/// If the file is not a journal of this version. The file is left unchanged then.
pub(super) fn open(path: &Path) -> Result<Connection, JournalError> {
    let exists = file::check(path)?;

    open_checked(path, exists)
}

/// Opens a journal that [`file::check`] accepted. `exists`: whether there is a file; if not, it is created.
pub(super) fn open_checked(path: &Path, exists: bool) -> Result<Connection, JournalError> {
    connect(path, exists).map_err(|error| error.at(path))
}

fn connect(path: &Path, exists: bool) -> Result<Connection, JournalError> {
    if !exists {
        create(path)?;
    }
    // Without SQLITE_OPEN_CREATE, since SQLite would create an empty file, and that is no journal.
    let mut database = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    check_version(path, &database)?;
    use_write_ahead_log(&database)?;
    // With FULL, a commit that was reported as done survives a power cut.
    database.pragma_update(None, "synchronous", "FULL")?;
    // A transaction takes the write lock at its start, so it cannot fail later because another program wrote.
    database.set_transaction_behavior(TransactionBehavior::Immediate);

    Ok(database)
}

/// Turns the write-ahead log on, with several tries: SQLite does not wait here if another program is creating the
/// journal too.
fn use_write_ahead_log(database: &Connection) -> Result<(), JournalError> {
    const MAX_TRIES: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 1..MAX_TRIES {
        match database.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                thread::sleep(PAUSE);
            }
            answer => return Ok(answer?),
        }
    }

    Ok(database.pragma_update(None, "journal_mode", "WAL")?)
}

/// Creates a journal under another name and renames it, so that the file is always complete.
///
/// # Errors
///
/// If the journal cannot be written. A journal that another program creates at the same time is no error.
fn create(path: &Path) -> Result<(), JournalError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let unusable = |cause: io::Error| JournalError::Directory {
        path: directory.to_owned(),
        cause: Arc::new(cause),
    };
    let new = tempfile::Builder::new()
        .prefix(".journal-")
        .suffix(".new")
        .tempfile_in(directory)
        .map_err(unusable)?;
    let mut database = Connection::open(new.path())?;
    // In memory, so that a killed program leaves no rollback file.
    database.pragma_update(None, "journal_mode", "MEMORY")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    let transaction = database.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.pragma_update(None, "application_id", file::APPLICATION_ID)?;
    transaction.commit()?;
    database.close().map_err(|(_, error)| error)?;
    new.as_file().sync_all().map_err(unusable)?;
    match new.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(unusable(error.error)),
    }
    // The directory is synced too, so that the new name survives a power cut. Some systems cannot and need not do
    // that.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());

    Ok(())
}

/// Opens the journal for reading only. Returns `None` if there is no journal yet.
pub(super) fn open_to_read(path: &Path) -> Result<Option<Connection>, JournalError> {
    match file::check(path)? {
        true => connect_to_read(path)
            .map(Some)
            .map_err(|error| error.at(path)),
        false => Ok(None),
    }
}

fn connect_to_read(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags)?;
    match check_version(path, &database) {
        Err(JournalError::Database(_)) if private::is_read_only(path) => {}
        checked => return checked.map(|()| database),
    }
    // SQLite cannot read a write-ahead log on a read-only disk. If there is no log, SQLite can read the journal
    // itself.
    let read_only = || JournalError::ReadOnly {
        path: path.to_owned(),
    };
    if file::has_wal(path) {
        return Err(read_only());
    }
    let absolute = std::path::absolute(path).map_err(|_| read_only())?;
    let mut url = Url::from_file_path(absolute).map_err(|()| read_only())?;
    url.set_query(Some("immutable=1"));
    let database = Connection::open_with_flags(url.as_str(), flags | OpenFlags::SQLITE_OPEN_URI)?;
    check_version(path, &database)?;

    Ok(database)
}

fn check_version(path: &Path, database: &Connection) -> Result<(), JournalError> {
    let path = path.to_owned();
    let known = VERSION;

    match database.pragma_query_value(None, "user_version", |row| row.get(0))? {
        VERSION => Ok(()),
        ..1 => Err(JournalError::File {
            path,
            fault: FileFault::WITHOUT_TABLES,
        }),
        found @ 1..VERSION => Err(JournalError::Older { path, found, known }),
        found => Err(JournalError::Newer { path, found, known }),
    }
}
