//! What was promised and what became of it, on disk before it is visible.
//!
//! SQLite in the data directory, with a write-ahead log that is synced at every commit, on a
//! thread of its own: the window never waits for the disk.

mod file;
mod guard;
pub mod history;
mod log;
pub mod parts;
mod recall;
pub mod refunds;
mod schema;
mod write;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use thiserror::Error;
use tokio::sync::oneshot;

pub use file::FileFault;

use crate::private::{self, PrivateError};
use crate::sale::{AttemptKey, Earlier, Recollection, Record};

/// The journal's file in the data directory.
const FILE: &str = "journal.sqlite3";
/// Whoever holds this file's lock has the counter. It is never deleted: a file that is deleted
/// while it is held lets a second display in.
const LOCK: &str = "lock";

/// A handle to the journal. Clones share one thread; the last one to go waits until all is
/// written.
#[derive(Debug, Clone)]
pub struct Journal {
    writer: Arc<Writer>,
}

/// Why something could not be journaled.
#[derive(Debug, Clone, Error)]
pub enum JournalError {
    /// The data directory cannot be used.
    #[error("the data directory {path} cannot be used: {cause}; {}", remedy(.cause))]
    Directory {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: Arc<std::io::Error>,
    },
    /// The data directory or a file in it is not this user's alone.
    #[error("{0}")]
    NotPrivate(PrivateError),
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
    /// The journal's disk cannot be written, and its newest records can only be read where it can be.
    #[error(
        "the journal {path} is on a disk that is read-only now, and its newest records cannot be read there: mount \
         the disk so that it can be written, or copy the whole directory to another disk and look at the copy"
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another display has this data directory.
    #[error(
        "another display has this counter (its data directory is {path}); end it first. Only a \
         second counter on this machine has a data directory of its own"
    )]
    Taken {
        /// The data directory.
        path: PathBuf,
    },
    /// A display has worked here, and its journal is gone.
    #[error("the journal is gone from {path}; it may be on a disk that is not there now")]
    Gone {
        /// The data directory.
        path: PathBuf,
    },
    /// The journal's file is not what a display left there.
    #[error(
        "the journal {path} {fault}; sales may be open in the true one. Put the newest good copy of it back. If there is \
         none, look in the Centrapay portal for payments that nobody has settled; then move away all files whose names \
         begin with {path}"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: FileFault,
    },
    /// The journal's file cannot be read.
    #[error(
        "the journal {path} cannot be read: {cause}; let the user who runs the display read and write it"
    )]
    NotReadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Arc<std::io::Error>,
    },
    /// Something in it cannot be understood.
    #[error("the journal holds an attempt that cannot be understood: {0}")]
    Unreadable(String),
    /// The file is no journal, or is damaged.
    #[error(
        "the journal {path} cannot be opened: {cause}. Put a good copy of it back; move it away \
         only when every sale in it is settled"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        cause: Arc<rusqlite::Error>,
    },
    /// SQLite refused.
    #[error("{0}")]
    Database(Arc<rusqlite::Error>),
    /// The request belongs to another attempt.
    #[error("the journal has the payment request {id} already, under another attempt")]
    KnownRequest {
        /// Its id.
        id: String,
    },
    /// There is no attempt that the record could belong to.
    #[error("there is no such attempt in the journal")]
    NoAttempt,
    /// The journal's thread is gone.
    #[error("the journal has stopped")]
    Stopped,
}

impl From<PrivateError> for JournalError {
    fn from(error: PrivateError) -> Self {
        match error {
            PrivateError::System { path, cause } => Self::Directory { path, cause },
            error => Self::NotPrivate(error),
        }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// What to do about a data directory that the system does not let this program use. Never to use another one: that would
/// forget the sales that are open.
fn remedy(cause: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as Kind;

    match cause.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => "make room on its disk",
        Kind::ReadOnlyFilesystem => "its disk is read-only: mount it so that it can be written",
        Kind::PermissionDenied => {
            "let the user who runs the display own it: sudo chown -R USER DIRECTORY"
        }
        Kind::NotADirectory | Kind::NotFound => {
            "correct --data-dir or PATRON_DISPLAY_DATA_DIR, or mount the disk that it is on"
        }
        _ => "look at its disk",
    }
}

#[derive(Debug)]
struct Writer {
    orders: Mutex<Option<mpsc::Sender<Order>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Held, and with it the counter, until the last handle goes or the process ends.
    _lock: File,
}

#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
enum Order {
    Write {
        key: AttemptKey,
        record: Record,
        answer: oneshot::Sender<Result<(), JournalError>>,
    },
    Recall {
        sale: Option<String>,
        answer: oneshot::Sender<Result<Recollection, JournalError>>,
    },
    /// Say when all that came before is on disk.
    Mark { answer: oneshot::Sender<()> },
}

impl Journal {
    /// Opens the journal in `directory`, making both where they are missing. The file is opened
    /// on the journal's own thread, beside the opening of the window; a journal that cannot be
    /// opened fails every record with the same error.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made, another display has it, its file is not a journal, or the thread cannot be
    /// started.
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        let unusable = |cause| JournalError::Directory {
            path: directory.to_owned(),
            cause: Arc::new(cause),
        };
        guard::claim(directory)?;
        let lock = private::open_lock(&directory.join(LOCK), true).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::Taken {
                    path: directory.to_owned(),
                });
            }
            Err(TryLockError::Error(cause)) => return Err(unusable(cause)),
        }
        let path = directory.join(FILE);
        // Before the window: what is wrong with the file itself is told at once.
        file::check(&path).map_err(|error| schema::naming(&path, error))?;
        let (orders, inbox) = mpsc::channel::<Order>();
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || serve(&path, &inbox))
            .map_err(unusable)?;

        Ok(Self {
            writer: Arc::new(Writer {
                orders: Mutex::new(Some(orders)),
                thread: Mutex::new(Some(thread)),
                _lock: lock,
            }),
        })
    }

    /// Whether some program has this data directory now.
    pub fn is_taken(directory: &Path) -> bool {
        let lock = private::open_lock(&directory.join(LOCK), false).map(|lock| lock.try_lock());

        matches!(lock, Ok(Err(TryLockError::WouldBlock)))
    }

    /// The attempts of the sale of this reference, oldest first, as a later launch would take them up. Another program
    /// may have the journal meanwhile.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub fn attempts_of(directory: &Path, sale: &str) -> Result<Vec<Earlier>, JournalError> {
        guard::check(directory)?;
        let Some(database) = history::open(&directory.join(FILE))? else {
            return Err(JournalError::Gone {
                path: directory.to_owned(),
            });
        };

        recall::attempts_of(&database, sale)
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
        self.hand_over(Order::Write {
            key,
            record,
            answer,
        });

        async move { written.await.map_err(|_| JournalError::Stopped)? }
    }

    /// What earlier launches have left open, and what the sale of this reference has come to.
    ///
    /// # Errors
    ///
    /// The answer is an error when the journal cannot be read: then nothing may be sold.
    pub fn recall(
        &self,
        sale: Option<String>,
    ) -> impl Future<Output = Result<Recollection, JournalError>> + Send + use<> {
        let (answer, recalled) = oneshot::channel();
        self.hand_over(Order::Recall { sale, answer });

        async move { recalled.await.map_err(|_| JournalError::Stopped)? }
    }

    /// Waits until all that was handed over is on disk, or has failed.
    pub fn written(&self) -> impl Future<Output = ()> + Send + use<> {
        let (answer, marked) = oneshot::channel();
        self.hand_over(Order::Mark { answer });

        async move {
            let _ = marked.await;
        }
    }

    /// When the thread is gone, so is the answer's sender, and the wait ends with that.
    fn hand_over(&self, order: Order) {
        if let Some(inbox) = lock(&self.writer.orders).as_ref() {
            let _ = inbox.send(order);
        }
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
        // Nobody waits any more when the program is leaving; what was to be written is on disk all
        // the same.
        match order {
            Order::Write {
                key,
                record,
                answer,
            } => {
                let written = match &mut database {
                    Ok(database) => write::record(database, &key, &record)
                        .map_err(|error| schema::naming_damage(path, error)),
                    Err(error) => Err(error.clone()),
                };
                let _ = answer.send(written);
            }
            Order::Recall { sale, answer } => {
                let recalled = match &database {
                    Ok(database) => recall::recall(database, sale.as_deref())
                        .map_err(|error| schema::naming_damage(path, error)),
                    Err(error) => Err(error.clone()),
                };
                let _ = answer.send(recalled);
            }
            Order::Mark { answer } => {
                let _ = answer.send(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
