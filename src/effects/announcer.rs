use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use crate::sale::Announcement;

/// Tells the till what happens, in order, without ever making the window wait for a slow reader.
#[derive(Debug, Clone, Default)]
pub struct Announcer {
    line: Option<Arc<Line>>,
}

#[derive(Debug)]
struct Line {
    announcements: Mutex<Option<mpsc::Sender<Announcement>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Announcer {
    /// Tells nobody.
    pub fn silent() -> Self {
        Self::default()
    }

    /// Writes one JSON object a line to `writer`, from a thread of its own.
    pub fn json_lines(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, json_line)
    }

    /// Writes one line for people about each earlier sale to `writer`, from a thread of its own.
    pub fn plain_lines(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, plain_line)
    }

    fn lines(
        mut writer: impl Write + Send + 'static,
        write_line: fn(&mut dyn Write, &Announcement) -> std::io::Result<()>,
    ) -> Self {
        let (announcements, inbox) = mpsc::channel::<Announcement>();
        let thread = thread::spawn(move || {
            for announcement in inbox {
                if let Err(error) = write_line(&mut writer, &announcement) {
                    tracing::warn!(%error, "the till does not read what it is told");
                    return;
                }
            }
        });

        Self {
            line: Some(Arc::new(Line {
                announcements: Mutex::new(Some(announcements)),
                thread: Mutex::new(Some(thread)),
            })),
        }
    }

    /// Tells this.
    pub fn tell(&self, announcement: Announcement) {
        if let Some(line) = &self.line {
            let announcements = lock(&line.announcements);
            if let Some(announcements) = announcements.as_ref() {
                // A till that has gone away is no reason to stop a sale.
                let _ = announcements.send(announcement);
            }
        }
    }

    /// Waits until everything has been written.
    pub fn finish(&self) {
        if let Some(line) = &self.line {
            drop(lock(&line.announcements).take());
            if let Some(thread) = lock(&line.thread).take() {
                let _ = thread.join();
            }
        }
    }
}

fn plain_line(writer: &mut dyn Write, announcement: &Announcement) -> std::io::Result<()> {
    let Announcement::Earlier {
        id,
        short_code,
        external_ref,
        outcome,
        late,
    } = announcement
    else {
        return Ok(());
    };
    let named = short_code
        .as_deref()
        .or(id.as_deref())
        .unwrap_or("no request");
    let late = if *late { ", LATE PAYMENT" } else { "" };
    writeln!(writer, "{external_ref}  {named}  {outcome}{late}")?;

    writer.flush()
}

fn json_line(writer: &mut dyn Write, announcement: &Announcement) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(announcement)?;
    line.push(b'\n');
    writer.write_all(&line)?;

    writer.flush()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
