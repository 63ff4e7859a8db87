//! What was promised and what became of it, on disk before it is visible.
//!
//! SQLite in the data directory, with a write-ahead log that is synced at every commit, on a
//! thread of its own: the window never waits for the disk.

mod schema;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, params};
use thiserror::Error;
use tokio::sync::oneshot;

use crate::sale::{NewRequest, Record};

/// The journal's file in the data directory.
const FILE: &str = "journal.sqlite3";

/// A handle to the journal. Clones share one thread; the last one to go waits until all is
/// written.
#[derive(Debug, Clone)]
pub struct Journal {
    writer: Arc<Writer>,
}

/// Which attempt a record belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptKey {
    /// The sale, by the till's reference.
    pub sale: String,
    /// The attempt, from 1.
    pub attempt: u32,
}

/// Why something could not be journaled.
#[derive(Debug, Clone, Error)]
pub enum JournalError {
    /// The data directory cannot be used.
    #[error("the data directory {path} cannot be used: {cause}; give another one with --data-dir")]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: Arc<std::io::Error>,
    },
    /// The journal was written by a newer version of this program.
    #[error(
        "the journal {path} was written by a newer version (schema {found}, this version knows \
         {known}); install that version again, or move the file away only when every sale in it \
         is settled"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// SQLite refused.
    #[error("{0}")]
    Database(Arc<rusqlite::Error>),
    /// There is no attempt that the record could belong to.
    #[error("there is no such attempt in the journal")]
    NoAttempt,
    /// The journal's thread is gone.
    #[error("the journal has stopped")]
    Stopped,
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

#[derive(Debug)]
struct Writer {
    orders: Mutex<Option<mpsc::Sender<Order>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Order {
    key: AttemptKey,
    record: Record,
    answer: oneshot::Sender<Result<(), JournalError>>,
}

impl Journal {
    /// Opens the journal in `directory`, making both where they are missing. The file is opened
    /// on the journal's own thread, beside the opening of the window; a journal that cannot be
    /// opened fails every record with the same error.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made or the thread cannot be started.
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        let unusable = |cause| JournalError::Directory {
            path: directory.to_owned(),
            cause: Arc::new(cause),
        };
        fs::create_dir_all(directory).map_err(unusable)?;
        let path = directory.join(FILE);
        let (orders, inbox) = mpsc::channel::<Order>();
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || serve(&path, &inbox))
            .map_err(unusable)?;

        Ok(Self {
            writer: Arc::new(Writer {
                orders: Mutex::new(Some(orders)),
                thread: Mutex::new(Some(thread)),
            }),
        })
    }

    /// Waits until all is written and ends the journal's thread; what comes later is refused.
    pub fn close(&self) {
        self.writer.close();
    }

    /// Hands a record over, at once and in order; it is on disk when the answer comes.
    ///
    /// # Errors
    ///
    /// The answer is an error when the record is not on disk.
    pub fn record(
        &self,
        key: AttemptKey,
        record: Record,
    ) -> impl Future<Output = Result<(), JournalError>> + Send + use<> {
        let (answer, written) = oneshot::channel();
        let order = Order {
            key,
            record,
            answer,
        };
        // When the thread is gone, so is the answer's sender, and the wait ends with that.
        if let Some(inbox) = lock(&self.writer.orders).as_ref() {
            let _ = inbox.send(order);
        }

        async move { written.await.map_err(|_| JournalError::Stopped)? }
    }
}

impl Writer {
    fn close(&self) {
        drop(lock(&self.orders).take());
        if let Some(thread) = lock(&self.thread).take() {
            // A panic there has been reported to whoever waited for a record.
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(path: &Path, inbox: &mpsc::Receiver<Order>) {
    let mut database = schema::open(path);
    if let Err(error) = &database {
        tracing::error!(%error, path = %path.display(), "the journal cannot be opened");
    }
    while let Ok(order) = inbox.recv() {
        let written = match &mut database {
            Ok(database) => write(database, &order.key, &order.record),
            Err(error) => Err(error.clone()),
        };
        // Nobody waits any more when the program is leaving; it is on disk all the same.
        let _ = order.answer.send(written);
    }
}

fn write(
    database: &mut Connection,
    AttemptKey { sale, attempt }: &AttemptKey,
    record: &Record,
) -> Result<(), JournalError> {
    let transaction = database.transaction()?;
    let changed = match record {
        Record::Intent { request, merchant } => {
            intend(&transaction, (sale, *attempt), request, merchant)?
        }
        Record::Created {
            id,
            short_code,
            payload,
        } => transaction.execute(
            "UPDATE attempt SET phase = 'created', request_id = ?3, short_code = ?4, url = ?5,
                created_at = datetime('now', 'subsec')
             WHERE rowid = (SELECT max(rowid) FROM attempt WHERE sale = ?1 AND attempt = ?2)",
            params![sale, attempt, id.as_str(), short_code, payload],
        )?,
        Record::Shown => transaction.execute(
            "UPDATE attempt SET phase = 'shown', shown_at = datetime('now', 'subsec')
             WHERE rowid = (SELECT max(rowid) FROM attempt WHERE sale = ?1 AND attempt = ?2)",
            params![sale, attempt],
        )?,
        Record::Voiding { id } => transaction.execute(
            "UPDATE attempt SET phase = 'voiding', request_id = ?3
             WHERE rowid = (SELECT max(rowid) FROM attempt WHERE sale = ?1 AND attempt = ?2)",
            params![sale, attempt, id.as_str()],
        )?,
        Record::Verdict { ending } => transaction.execute(
            "UPDATE attempt SET phase = CASE ?3 WHEN 'unknown' THEN 'unknown' ELSE 'settled' END,
                outcome = ?3, reason = ?4, settled_at = datetime('now', 'subsec')
             WHERE rowid = (SELECT max(rowid) FROM attempt WHERE sale = ?1 AND attempt = ?2)",
            params![sale, attempt, ending.name(), ending.reason()],
        )?,
    };
    if changed == 0 {
        return Err(JournalError::NoAttempt);
    }
    transaction.execute(
        "INSERT INTO event (sale, attempt, at, kind, detail)
         VALUES (?1, ?2, datetime('now', 'subsec'), ?3, ?4)",
        params![sale, attempt, kind(record), detail(record)],
    )?;

    Ok(transaction.commit()?)
}

fn intend(
    transaction: &rusqlite::Transaction<'_>,
    (sale, attempt): (&str, u32),
    request: &NewRequest,
    merchant: &str,
) -> Result<usize, JournalError> {
    Ok(transaction.execute(
        "INSERT INTO attempt (sale, attempt, external_ref, amount, currency, merchant, config_id,
            base_url, phase, intended_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'intended', datetime('now', 'subsec'))",
        params![
            sale,
            attempt,
            request.external_ref,
            i64::try_from(request.amount.minor()).unwrap_or(i64::MAX),
            request.amount.currency().code(),
            merchant,
            request.config_id,
            request.base_url,
        ],
    )?)
}

fn kind(record: &Record) -> &'static str {
    match record {
        Record::Intent { .. } => "intent",
        Record::Created { .. } => "created",
        Record::Shown => "shown",
        Record::Voiding { .. } => "voiding",
        Record::Verdict { .. } => "verdict",
    }
}

fn detail(record: &Record) -> Option<String> {
    match record {
        Record::Intent { request, .. } => Some(request.external_ref.clone()),
        Record::Created { id, .. } | Record::Voiding { id } => Some(id.to_string()),
        Record::Verdict { ending } => Some(ending.name().to_owned()),
        Record::Shown => None,
    }
}

#[cfg(test)]
mod tests;
