//! The journal: every sale and every refund is on disk here before a screen or the till gets to know of it.
//!
//! The journal is an SQLite database in the data directory. Its write-ahead log is synced at every commit. A
//! thread of its own writes the journal, so that the window never waits for the disk.

mod error;
mod file;
pub mod history;
mod paid_by;
pub mod part_payments;
mod recall;
pub mod refunds;
mod schema;
mod write;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

pub use error::{FileFault, JournalError};

use crate::files::private;
use crate::sale::{AttemptKey, Earlier, Recollection, Record};
use file::{FILE, LOCK};

/// The longest time that [`Journal::open`] waits for the lock. [`Journal::is_taken`], or a child process that is just being
/// started, can hold it for a moment.
const LOCK_PATIENCE: Duration = Duration::from_millis(250);

/// A handle to the journal. Clones share one thread. Dropping the last clone waits until everything is written.
#[derive(Debug, Clone)]
pub struct Journal {
    writer: Arc<Writer>,
}

#[derive(Debug)]
struct Writer {
    jobs: Mutex<Option<mpsc::Sender<JournalJob>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// The file lock, held until the last handle is dropped or the process ends.
    _lock: File,
}

#[allow(clippy::large_enum_variant, reason = "few exist at a time")]
enum JournalJob {
    Write {
        key: AttemptKey,
        record: Record,
        answer: oneshot::Sender<Result<(), JournalError>>,
    },
    Recall {
        sale: Option<String>,
        answer: oneshot::Sender<Result<Recollection, JournalError>>,
    },
    /// Sends an answer when all earlier jobs are done.
    Mark { answer: oneshot::Sender<()> },
}

impl Journal {
    /// Opens the journal in `directory`, and creates both if they are missing. The file is checked at once. SQLite
    /// opens it later, on the journal's thread, while the window opens. If SQLite fails, every record fails with
    /// the same error.
    ///
    /// # Errors
    ///
    /// If the directory cannot be used, another display has locked it, the file in it is not a journal, or the
    /// thread cannot start.
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        let unusable = |cause| JournalError::Directory {
            path: directory.to_owned(),
            cause: Arc::new(cause),
        };
        file::claim(directory)?;
        let lock = private::open_lock(&directory.join(LOCK), true).map_err(unusable)?;
        let begun = Instant::now();
        while let Err(error) = lock.try_lock() {
            match error {
                TryLockError::WouldBlock if begun.elapsed() < LOCK_PATIENCE => {
                    thread::sleep(Duration::from_millis(10));
                }
                TryLockError::WouldBlock => {
                    return Err(JournalError::Taken {
                        path: directory.to_owned(),
                    });
                }
                TryLockError::Error(cause) => return Err(unusable(cause)),
            }
        }
        let path = directory.join(FILE);
        let exists = file::check(&path)?;
        let (jobs, inbox) = mpsc::channel::<JournalJob>();
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || serve(&path, exists, &inbox))
            .map_err(unusable)?;

        Ok(Self {
            writer: Arc::new(Writer {
                jobs: Mutex::new(Some(jobs)),
                thread: Mutex::new(Some(thread)),
                _lock: lock,
            }),
        })
    }

    /// Returns whether any program holds the lock of this data directory.
    pub fn is_taken(directory: &Path) -> bool {
        let lock = private::open_lock(&directory.join(LOCK), false).map(|lock| lock.try_lock());

        matches!(lock, Ok(Err(TryLockError::WouldBlock)))
    }

    /// Returns all attempts of the sale, oldest first. This works while another program has the journal open.
    ///
    /// # Errors
    ///
    /// If the journal cannot be read.
    pub fn attempts_of(directory: &Path, sale: &str) -> Result<Vec<Earlier>, JournalError> {
        file::check_private(directory)?;
        let Some(database) = schema::open_to_read(&directory.join(FILE))? else {
            return Err(JournalError::Gone {
                path: directory.to_owned(),
            });
        };

        recall::attempts_of(&database, sale)
    }

    /// Waits until everything is written, then ends the thread. Records after that fail.
    pub fn close(&self) {
        self.writer.close();
    }

    /// Queues a record at once. The returned future ends when the record is on disk.
    ///
    /// # Errors
    ///
    /// If the record could not be written.
    pub fn record(
        &self,
        key: AttemptKey,
        record: Record,
    ) -> impl Future<Output = Result<(), JournalError>> + Send + use<> {
        let (answer, written) = oneshot::channel();
        self.queue(JournalJob::Write {
            key,
            record,
            answer,
        });

        async move { written.await.map_err(|_| JournalError::Stopped)? }
    }

    /// Reads the open attempts of earlier launches, and the paid attempts of `sale`.
    ///
    /// # Errors
    ///
    /// If the journal cannot be read. The program must not sell anything then.
    pub fn recall(
        &self,
        sale: Option<String>,
    ) -> impl Future<Output = Result<Recollection, JournalError>> + Send + use<> {
        let (answer, recalled) = oneshot::channel();
        self.queue(JournalJob::Recall { sale, answer });

        async move { recalled.await.map_err(|_| JournalError::Stopped)? }
    }

    /// Waits until every queued record is on disk or has failed.
    pub fn written(&self) -> impl Future<Output = ()> + Send + use<> {
        let (answer, marked) = oneshot::channel();
        self.queue(JournalJob::Mark { answer });

        async move {
            let _ = marked.await;
        }
    }

    /// Queues a job. If the thread has ended, the job is dropped with its answer's sender, and that ends the
    /// caller's wait.
    fn queue(&self, job: JournalJob) {
        if let Some(jobs) = lock(&self.writer.jobs).as_ref() {
            let _ = jobs.send(job);
        }
    }
}

impl Writer {
    fn close(&self) {
        drop(lock(&self.jobs).take());
        if let Some(thread) = lock(&self.thread).take() {
            // If the thread panicked, the callers of `record` have already got an error.
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(path: &Path, exists: bool, inbox: &mpsc::Receiver<JournalJob>) {
    let mut database = schema::open_checked(path, exists);
    if let Err(error) = &database {
        tracing::error!(%error, path = %path.display(), "the journal cannot be opened");
    }
    while let Ok(job) = inbox.recv() {
        // Sending the answer fails if the program is leaving. The record is on disk nevertheless.
        match job {
            JournalJob::Write {
                key,
                record,
                answer,
            } => {
                let written = match &mut database {
                    Ok(database) => write::record(database, &key, &record)
                        .map_err(|error| error.at_if_damaged(path)),
                    Err(error) => Err(error.clone()),
                };
                let _ = answer.send(written);
            }
            JournalJob::Recall { sale, answer } => {
                let recalled = match &database {
                    Ok(database) => recall::recall(database, sale.as_deref())
                        .map_err(|error| error.at_if_damaged(path)),
                    Err(error) => Err(error.clone()),
                };
                let _ = answer.send(recalled);
            }
            JournalJob::Mark { answer } => {
                let _ = answer.send(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
