use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::{FileFault, JournalError, file};

/// The newest schema this program writes.
pub(super) const VERSION: i64 = 7;

/// The steps from an empty file to the newest schema. A step that was released is never changed;
/// a further one is added.
pub(super) const MIGRATIONS: [&str; 7] = [
    "
CREATE TABLE attempt (
    sale          TEXT    NOT NULL,   -- the till's reference of the first attempt
    attempt       INTEGER NOT NULL,   -- from 1
    external_ref  TEXT    NOT NULL,   -- what the platform knows this attempt by
    amount        INTEGER NOT NULL,   -- minor units
    currency      TEXT    NOT NULL,   -- ISO 4217
    merchant      TEXT    NOT NULL,   -- the key in the configuration
    config_id     TEXT    NOT NULL,
    base_url      TEXT    NOT NULL,
    phase         TEXT    NOT NULL,   -- intended, created, shown, voiding, unknown, settled
    request_id    TEXT,
    short_code    TEXT,
    url           TEXT,               -- what the code says
    intended_at   TEXT    NOT NULL,   -- UTC
    created_at    TEXT,
    shown_at      TEXT,
    settled_at    TEXT,
    outcome       TEXT,
    reason        TEXT
) STRICT;
CREATE INDEX attempt_sale ON attempt (sale, attempt);
CREATE TABLE event (
    sale     TEXT    NOT NULL,
    attempt  INTEGER NOT NULL,
    at       TEXT    NOT NULL,        -- UTC
    kind     TEXT    NOT NULL,
    detail   TEXT
) STRICT;
",
    // 2: what a later launch needs to settle what this one leaves. An attempt whose closed_at is
    // empty is owed something: a verdict, a person's notice, or a watch for late payments.
    "
ALTER TABLE attempt ADD COLUMN merchant_name   TEXT    NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN liveness        TEXT    NOT NULL DEFAULT 'main';
ALTER TABLE attempt ADD COLUMN expiry_seconds  INTEGER NOT NULL DEFAULT 120;
ALTER TABLE attempt ADD COLUMN account_id      TEXT;
ALTER TABLE attempt ADD COLUMN operator        TEXT;
ALTER TABLE attempt ADD COLUMN void            TEXT;     -- NULL, sent, answered
ALTER TABLE attempt ADD COLUMN late            INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN paid_by         TEXT;     -- JSON: description, amount, currency
ALTER TABLE attempt ADD COLUMN remaining       INTEGER;  -- minor units
ALTER TABLE attempt ADD COLUMN acknowledged_at TEXT;
ALTER TABLE attempt ADD COLUMN settled_by      TEXT;
ALTER TABLE attempt ADD COLUMN watched_at      TEXT;
ALTER TABLE attempt ADD COLUMN closed_at       TEXT;
UPDATE attempt SET merchant_name = merchant;
UPDATE attempt SET void = 'sent' WHERE phase IN ('voiding', 'unknown');
UPDATE attempt SET closed_at = settled_at WHERE phase = 'settled';
-- Only the newest can stand on the screen; the others are watched like what was settled by hand.
UPDATE attempt SET phase = 'settled', outcome = 'unknown'
WHERE phase IN ('shown', 'unknown', 'voiding') AND shown_at IS NOT NULL
    AND rowid < (SELECT max(rowid) FROM attempt
                 WHERE phase IN ('shown', 'unknown', 'voiding') AND shown_at IS NOT NULL);
CREATE INDEX attempt_open ON attempt (phase) WHERE closed_at IS NULL;
-- At most one code that was shown and is not settled. A payment that is being given back was.
CREATE UNIQUE INDEX attempt_shown ON attempt (shown_at IS NOT NULL)
WHERE phase IN ('shown', 'unknown', 'voiding') AND shown_at IS NOT NULL
    AND (outcome IS NULL OR outcome = 'unknown');
",
    // 3: what was asked to be given back. It has no attempt: the sale may be another counter's.
    "
CREATE TABLE refund (
    base_url      TEXT    NOT NULL,
    external_ref  TEXT    NOT NULL,   -- the refund's own reference
    request_id    TEXT    NOT NULL,
    short_code    TEXT,
    amount        INTEGER NOT NULL,   -- minor units
    paid          INTEGER NOT NULL,   -- minor units: the whole of the payment
    currency      TEXT    NOT NULL,   -- ISO 4217
    intended_at   TEXT    NOT NULL,   -- UTC
    settled_at    TEXT,
    outcome       TEXT,               -- NULL, started, rejected, unreachable, unknown
    reason        TEXT,
    PRIMARY KEY (base_url, external_ref)
) STRICT;
CREATE INDEX refund_request ON refund (request_id);
",
    // 4: a request that is created with the customer's code is never shown, and can be paid from the
    // moment its create may have left.
    "
ALTER TABLE attempt ADD COLUMN payable_at TEXT;   -- since when somebody can pay it, UTC
UPDATE attempt SET payable_at = shown_at WHERE phase NOT IN ('intended', 'created');
DROP INDEX attempt_shown;
-- At most one that can be paid and is not settled, be it by a person. A payment that is being given
-- back was.
CREATE UNIQUE INDEX attempt_payable ON attempt (payable_at IS NOT NULL)
WHERE phase <> 'settled' AND payable_at IS NOT NULL AND settled_by IS NULL
    AND (outcome IS NULL OR outcome = 'unknown');
",
    // 5: what is looked up by a name, a time or an ending is found without reading the years before.
    "
CREATE INDEX attempt_external_ref ON attempt (external_ref);
CREATE INDEX attempt_request ON attempt (request_id);
CREATE INDEX attempt_short_code ON attempt (short_code COLLATE NOCASE);
CREATE INDEX attempt_since ON attempt (intended_at);
CREATE INDEX attempt_part_paid ON attempt (base_url) WHERE outcome = 'part-paid';
CREATE INDEX event_attempt ON event (sale, attempt);
CREATE INDEX refund_external_ref ON refund (external_ref);
CREATE INDEX refund_short_code ON refund (short_code COLLATE NOCASE);
",
    // 6: what was paid cannot be paid again, also where nobody knows any more whether it went back.
    "
DROP INDEX attempt_payable;
-- At most one that can be paid and is not settled, be it by a person.
CREATE UNIQUE INDEX attempt_payable ON attempt (payable_at IS NOT NULL)
WHERE phase <> 'settled' AND payable_at IS NOT NULL AND settled_by IS NULL
    AND (outcome IS NULL OR outcome = 'unknown') AND paid_by IS NULL;
",
    // 7: reference tokens, the last hand-over of an attempt, part payments, how staff closed a sale, details of refunds.
    "
ALTER TABLE attempt ADD COLUMN token         TEXT;     -- follows external_ref at the platform; NULL: nothing does
ALTER TABLE attempt ADD COLUMN handover      TEXT;     -- the hand-over that worked on it last, if a resident display did
ALTER TABLE attempt ADD COLUMN basket_amount INTEGER;  -- minor units; NULL: the platform takes all or nothing
ALTER TABLE attempt ADD COLUMN settled_as    TEXT;     -- what staff said: paid, not-paid
ALTER TABLE refund  ADD COLUMN refund_code   TEXT;     -- the short code of the refund itself
ALTER TABLE refund  ADD COLUMN invoice_ref   TEXT;
ALTER TABLE refund  ADD COLUMN line_items    TEXT;     -- JSON, as it was sent
-- Whether what is still open may be paid in parts was not kept: then only the sums tell what came in.
UPDATE attempt SET basket_amount = amount WHERE phase <> 'settled';
CREATE INDEX attempt_handover ON attempt (handover) WHERE handover IS NOT NULL;
",
];

/// Opens the journal and brings it to the newest schema.
///
/// # Errors
///
/// When it is no journal, or a newer one. It is left as it is then.
pub(super) fn open(path: &Path) -> Result<Connection, JournalError> {
    migrated(path).map_err(|error| naming(path, error))
}

/// Whether a table or a column is missing. SQLite has no code of its own for that.
pub(super) fn is_missing(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqlInputError { .. })
        || error.sqlite_error_code() == Some(ErrorCode::Unknown)
}

/// Names the file where SQLite only says that its content is wrong. Other causes, such as a full disk, pass.
pub(super) fn naming_damage(path: &Path, error: JournalError) -> JournalError {
    let is_damage = matches!(&error, JournalError::Database(cause) if is_missing(cause)
    || matches!(
        cause.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    ));

    match is_damage {
        true => naming(path, error),
        false => error,
    }
}

/// Names the file where SQLite only says what is wrong with it.
pub(super) fn naming(path: &Path, error: JournalError) -> JournalError {
    match error {
        JournalError::Database(cause) => JournalError::Damaged {
            path: path.to_owned(),
            cause,
        },
        error => error,
    }
}

fn migrated(path: &Path) -> Result<Connection, JournalError> {
    if !file::check(path)? {
        file::create(path)?;
    }
    // Never makes a file: an empty one is no journal.
    let mut database = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    write_ahead(&database)?;
    // FULL: a commit that was acknowledged survives a power cut.
    database.pragma_update(None, "synchronous", "FULL")?;
    let found = version(&database)?;
    check(path, found)?;
    if found < VERSION || application_id(&database)? != file::APPLICATION_ID {
        // Two programs may find the same old journal at once: the second one waits, and looks again.
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = version(&transaction)?;
        check(path, found)?;
        bring_up(&transaction, found)?;
        transaction.commit()?;
    }

    Ok(database)
}

/// Writes the newest schema into a new file, durably.
pub(super) fn begin(database: &mut Connection) -> Result<(), JournalError> {
    // Nothing is left beside the file if the program is killed: until it is whole, it has another name.
    database.pragma_update(None, "journal_mode", "MEMORY")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    let transaction = database.transaction()?;
    bring_up(&transaction, 0)?;

    Ok(transaction.commit()?)
}

fn bring_up(transaction: &Transaction<'_>, found: i64) -> Result<(), JournalError> {
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;

    Ok(transaction.pragma_update(None, "application_id", file::APPLICATION_ID)?)
}

fn application_id(database: &Connection) -> Result<i32, JournalError> {
    Ok(database.pragma_query_value(None, "application_id", |row| row.get(0))?)
}

/// Takes up the write-ahead log. SQLite does not wait for this as it does for everything else, so
/// of two programs that make a new journal at once, the second one tries again.
fn write_ahead(database: &Connection) -> Result<(), JournalError> {
    const MOST_TRIES: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 1..MOST_TRIES {
        match database.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                thread::sleep(PAUSE);
            }
            answer => return Ok(answer?),
        }
    }

    Ok(database.pragma_update(None, "journal_mode", "WAL")?)
}

/// The schema that the journal was written with; 0 for a new one.
pub(super) fn version(database: &Connection) -> Result<i64, JournalError> {
    Ok(database.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Refuses a journal that a newer version wrote, and one that none wrote: a new journal appears with its schema.
pub(super) fn check(path: &Path, found: i64) -> Result<(), JournalError> {
    if found < 1 {
        return Err(JournalError::File {
            path: path.to_owned(),
            fault: FileFault::WITHOUT_TABLES,
        });
    }
    if found <= VERSION {
        return Ok(());
    }

    Err(JournalError::Newer {
        path: path.to_owned(),
        found,
        known: VERSION,
    })
}
