//! What was sold and what became of it, for people and other programs to look up.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Row, params};
use serde::Serialize;
use url::Url;

use super::refunds::{self, Kept};
use super::{FILE, JournalError, file, guard, schema};
use crate::money::{Amount, Currency};
use crate::payment::PaidBy;
use crate::private;
use crate::sale::unique_reference;

/// Which attempts are looked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// A request's id, a short code, or a reference: the till's own, an attempt's, the platform's or a refund's.
    pub name: Option<String>,
    /// Only those that began then or later.
    pub since: Option<Timestamp>,
    /// At most so many, the newest.
    pub limit: Option<u32>,
}

/// One attempt as the journal has it. Times are in UTC, as `2026-08-17 04:04:27.426`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When it began.
    pub at: String,
    /// The sale: the till's reference.
    pub sale: String,
    /// Which attempt of it, from 1.
    pub attempt: u32,
    /// The till's reference of this attempt.
    pub external_ref: String,
    /// The request's id, where one was made.
    pub id: Option<String>,
    /// Its name for people.
    pub short_code: Option<String>,
    /// Minor units.
    pub amount: u64,
    /// ISO 4217.
    pub currency: String,
    /// The merchant's key in the configuration.
    pub merchant: String,
    /// Who sold it.
    pub operator: Option<String>,
    /// How it ended; `None` while that is open.
    pub outcome: Option<String>,
    /// Whether it was paid after it had been called expired or cancelled.
    pub late: bool,
    /// Why, in the platform's code or in words.
    pub reason: Option<String>,
    /// Who answers for an outcome that was settled by hand.
    pub settled_by: Option<String>,
    /// When its code was shown.
    pub shown_at: Option<String>,
    /// When it ended.
    pub settled_at: Option<String>,
    /// When nothing was owed any more: no verdict, no notice, no watch for late payments.
    pub closed_at: Option<String>,
    /// What the platform knows it by (`externalRef`): the till's reference, mostly with a dot and a token. This and what
    /// follows is no field of a table.
    #[serde(skip)]
    pub platform_ref: String,
    /// What paid, as far as that is known.
    #[serde(skip)]
    pub paid_by: Vec<PaidBy>,
    /// What was asked to be given back, oldest first.
    #[serde(skip)]
    pub refunds: Vec<Kept>,
}

impl Entry {
    /// The names of its fields, in their order.
    pub const FIELDS: [&str; 17] = [
        "at",
        "sale",
        "attempt",
        "externalRef",
        "id",
        "shortCode",
        "amount",
        "currency",
        "merchant",
        "operator",
        "outcome",
        "late",
        "reason",
        "settledBy",
        "shownAt",
        "settledAt",
        "closedAt",
    ];

    /// The amount as it is written, such as `12.50 NZD`.
    pub fn amount_text(&self) -> String {
        amount_text(self.amount, &self.currency)
    }

    /// How it ended, or that it is open.
    pub fn outcome_text(&self) -> &str {
        self.outcome.as_deref().unwrap_or("open")
    }
}

/// Minor units as they are written, such as `12.50 NZD`.
pub(super) fn amount_text(minor: u64, code: &str) -> String {
    match Currency::from_code(code) {
        Some(currency) => {
            let amount = Amount::from_minor(minor, currency);

            format!("{} {code}", amount.decimal())
        }
        None => format!("{minor} {code}"),
    }
}

/// Whether the data directory has a journal: anything was ever sold from it, or given back.
pub fn has_a_journal(directory: &Path) -> bool {
    directory.join(FILE).exists()
}

/// Looks attempts up, oldest first, and hands each to `visit`. A display may have the journal open
/// meanwhile.
///
/// # Errors
///
/// When the journal cannot be read, or `visit` fails.
pub fn history<E: From<JournalError>>(
    directory: &Path,
    query: &Query,
    mut visit: impl FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    guard::check(directory)?;
    let path = directory.join(FILE);
    let Some(database) = open(&path)? else {
        return Ok(());
    };
    let rows = |error: rusqlite::Error| E::from(schema::naming_damage(&path, error.into()));
    let since = query
        .since
        .map(|since| since.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let mut statement = database.prepare(&statement(query)).map_err(rows)?;
    let limit = query.limit.map_or(-1, i64::from);
    let (reference, token) = query
        .name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'))
        .unzip();
    let mut found = statement
        .query(params![query.name, since, limit, reference, token])
        .map_err(rows)?;
    let mut given_back = database.prepare(OF_A_REQUEST).map_err(rows)?;
    while let Some(row) = found.next().map_err(rows)? {
        let mut entry = entry(row).map_err(rows)?;
        if let Some(id) = &entry.id {
            entry.refunds = given_back
                .query_map([id], refunds::kept)
                .and_then(Iterator::collect)
                .map_err(rows)?;
        }
        visit(entry)?;
    }

    Ok(())
}

/// The attempts of this name, ?1, since ?2, at most ?3. The platform's reference is ?4, a dot and the token ?5. A
/// condition that is not needed is left out. Each of the others has an index, so only attempts that match are read.
pub(super) fn statement(query: &Query) -> String {
    let named = match query.name {
        Some(_) => {
            "rowid IN (SELECT rowid FROM attempt WHERE sale = ?1
                 UNION SELECT rowid FROM attempt WHERE external_ref = ?1
                 UNION SELECT rowid FROM attempt WHERE external_ref = ?4 AND token = ?5
                 UNION SELECT rowid FROM attempt WHERE request_id = ?1
                 UNION SELECT rowid FROM attempt WHERE short_code = ?1 COLLATE NOCASE
                 UNION SELECT attempt.rowid FROM refund JOIN attempt USING (request_id)
                     WHERE refund.external_ref = ?1)"
        }
        None => "?1 IS NULL AND ?4 IS NULL AND ?5 IS NULL",
    };
    let since = match query.since {
        Some(_) => "rowid IN (SELECT rowid FROM attempt WHERE intended_at >= ?2)",
        None => "?2 IS NULL",
    };

    format!(
        "SELECT * FROM (
             SELECT rowid AS number, * FROM attempt WHERE {named} AND {since}
             ORDER BY rowid DESC LIMIT ?3)
         ORDER BY number"
    )
}

const OF_A_REQUEST: &str = "SELECT * FROM refund WHERE request_id = ?1 ORDER BY rowid";

pub(super) const REFUNDS_WITHOUT_A_SALE: &str = "SELECT * FROM refund
    WHERE rowid IN (SELECT rowid FROM refund WHERE request_id = ?1
            UNION SELECT rowid FROM refund WHERE short_code = ?1 COLLATE NOCASE
            UNION SELECT rowid FROM refund WHERE external_ref = ?1)
        AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.request_id = refund.request_id)
    ORDER BY rowid";

pub(super) const EVENTS: &str =
    "SELECT at, kind, detail FROM event WHERE sale = ?1 AND attempt = ?2 ORDER BY rowid";

/// The refunds that go by this name, or whose request does, and whose sale is not in this journal:
/// it was another counter's.
///
/// # Errors
///
/// When the journal cannot be read.
pub fn refunds_without_a_sale(directory: &Path, name: &str) -> Result<Vec<Kept>, JournalError> {
    guard::check(directory)?;
    let Some(database) = open(&directory.join(FILE))? else {
        return Ok(Vec::new());
    };
    let mut statement = database.prepare(REFUNDS_WITHOUT_A_SALE)?;
    let found = statement
        .query_map([name], refunds::kept)?
        .collect::<Result<_, _>>()?;

    Ok(found)
}

/// Everything that was written down about an attempt, oldest first: when, what, and its detail.
///
/// # Errors
///
/// When the journal cannot be read.
pub fn events(directory: &Path, entry: &Entry) -> Result<Vec<Occurrence>, JournalError> {
    let Some(database) = open(&directory.join(FILE))? else {
        return Ok(Vec::new());
    };
    let mut statement = database.prepare(EVENTS)?;
    let occurrences = statement
        .query_map(params![entry.sale, entry.attempt], |row| {
            Ok(Occurrence {
                at: row.get(0)?,
                kind: row.get(1)?,
                detail: row.get(2)?,
            })
        })?
        .collect::<Result<_, _>>()?;

    Ok(occurrences)
}

/// One thing that was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// When, in UTC.
    pub at: String,
    /// What.
    pub kind: String,
    /// An id, an ending, a name.
    pub detail: Option<String>,
}

/// Opens the journal to read it; `None` where there is none yet.
pub(super) fn open(path: &Path) -> Result<Option<Connection>, JournalError> {
    let opened = match file::check(path) {
        Ok(true) => read_only(path).map(Some),
        Ok(false) => Ok(None),
        Err(error) => Err(error),
    };

    opened.map_err(|error| schema::naming(path, error))
}

fn read_only(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(path, flags)?;
    let found = match schema::version(&database) {
        Err(_) if private::is_read_only(path) => {
            database = frozen(path, flags)?;

            schema::version(&database)?
        }
        found => found?,
    };
    schema::check(path, found)?;
    if found < schema::VERSION {
        drop(database);

        // Written by an older version: brought up to date once, as a sale would.
        return schema::open(path);
    }

    Ok(database)
}

/// The journal on a disk that cannot be written. SQLite needs a file beside it to read what is in the write-ahead log, so
/// that log must be empty.
fn frozen(path: &Path, flags: OpenFlags) -> Result<Connection, JournalError> {
    let read_only = || JournalError::ReadOnly {
        path: path.to_owned(),
    };
    if file::has_content(&file::beside(path, file::COMPANIONS[0])) {
        return Err(read_only());
    }
    let absolute = std::path::absolute(path).map_err(|_| read_only())?;
    let mut url = Url::from_file_path(absolute).map_err(|()| read_only())?;
    url.set_query(Some("immutable=1"));

    Ok(Connection::open_with_flags(
        url.as_str(),
        flags | OpenFlags::SQLITE_OPEN_URI,
    )?)
}

/// What the platform knows an attempt by.
fn platform_ref(row: &Row<'_>) -> rusqlite::Result<String> {
    let reference: String = row.get("external_ref")?;
    let token: Option<String> = row.get("token")?;

    Ok(unique_reference(reference, token.as_deref()))
}

/// What paid. A column that cannot be read must not hide the sale.
fn paid_by(row: &Row<'_>) -> rusqlite::Result<Vec<PaidBy>> {
    let paid_by = super::recall::paid_by(row)?;

    Ok(paid_by.unwrap_or_else(|error| {
        tracing::warn!(%error, "the journal's column paid_by cannot be read");

        Vec::new()
    }))
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        at: row.get("intended_at")?,
        sale: row.get("sale")?,
        attempt: row.get("attempt")?,
        external_ref: row.get("external_ref")?,
        id: row.get("request_id")?,
        short_code: row
            .get::<_, Option<String>>("short_code")?
            .filter(|code| !code.is_empty()),
        amount: row.get::<_, i64>("amount")?.unsigned_abs(),
        currency: row.get("currency")?,
        merchant: row.get("merchant")?,
        operator: row.get("operator")?,
        outcome: super::recall::outcome(row)?,
        late: row.get("late")?,
        reason: row.get("reason")?,
        settled_by: row.get("settled_by")?,
        shown_at: row.get("shown_at")?,
        settled_at: row.get("settled_at")?,
        closed_at: row.get("closed_at")?,
        platform_ref: platform_ref(row)?,
        paid_by: paid_by(row)?,
        refunds: Vec::new(),
    })
}
