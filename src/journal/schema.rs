use std::path::Path;

use rusqlite::Connection;

use super::JournalError;

/// The newest schema this program writes.
const VERSION: i64 = 1;

/// The steps from an empty file to the newest schema. A step that was released is never changed;
/// a further one is added.
const MIGRATIONS: [&str; 1] = ["
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
"];

/// Opens the journal and brings it to the newest schema.
pub(super) fn open(path: &Path) -> Result<Connection, JournalError> {
    let mut database = Connection::open(path)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit that was acknowledged survives a power cut.
    database.pragma_update(None, "synchronous", "FULL")?;
    let found: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > VERSION {
        return Err(JournalError::Newer {
            path: path.to_owned(),
            found,
            known: VERSION,
        });
    }
    if found < VERSION {
        let transaction = database.transaction()?;
        for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }

    Ok(database)
}
