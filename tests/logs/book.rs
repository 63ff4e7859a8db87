//! A log that a test reads.

use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use tracing::Dispatch;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;

/// A log beside those of the tests. Where there is one log only, a line that is first reached on a
/// thread without it is taken for one that nobody wants, on any thread.
static ANOTHER: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

/// What was logged on this thread.
#[derive(Clone, Default)]
pub(crate) struct Book(Arc<Mutex<Vec<u8>>>);

impl Book {
    /// Logs what happens on this thread, libraries and all, until the guard goes.
    pub(crate) fn open(level: LevelFilter) -> (Self, DefaultGuard) {
        LazyLock::force(&ANOTHER);
        let book = Self::default();
        let writer = book.clone();
        let lines = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();

        (book, tracing::subscriber::set_default(lines))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines that say all of this.
    pub(crate) fn lines(&self, says: &[&str]) -> Vec<String> {
        self.text()
            .lines()
            .filter(|line| says.iter().all(|word| line.contains(word)))
            .map(str::to_owned)
            .collect()
    }
}

impl Write for Book {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);

        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
