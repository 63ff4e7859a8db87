//! The service manager that started the program, such as systemd. It is told when the display is ready, that it still works, and
//! when it ends.
//!
//! The environment says whether a service manager listens (`NOTIFY_SOCKET`), and whether it wants signs of life
//! (`WATCHDOG_USEC`). Without these variables nothing is sent and nothing wakes the processor.

use std::sync::Arc;
use std::time::Duration;

#[cfg(target_os = "linux")]
use sd_notify::NotifyState;

use super::outbox::{Outbox, Weight};

/// The longest wait for the service manager at the end.
const PATIENCE: Duration = Duration::from_secs(1);

/// The service manager. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct ServiceManager {
    /// Sends on a thread of its own: a service manager that hangs must not hold up the screen.
    outbox: Option<Arc<Outbox<Notice>>>,
    watchdog: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
enum Notice {
    Ready,
    Alive,
    Stopping,
    Status(&'static str),
}

impl ServiceManager {
    /// Returns the service manager that the environment names, or one that hears nothing.
    #[cfg(target_os = "linux")]
    pub(crate) fn from_environment() -> Self {
        if std::env::var_os("NOTIFY_SOCKET").is_none() {
            return Self::default();
        }
        let outbox = Outbox::start(|notice| {
            if let Err(error) = send(notice) {
                tracing::warn!(%error, ?notice, "cannot notify the service manager");
            }

            true
        });
        let outbox = outbox
            .inspect_err(|error| tracing::warn!(%error, "cannot notify the service manager"))
            .ok();

        Self {
            outbox: outbox.map(Arc::new),
            watchdog: sd_notify::watchdog_enabled().filter(|interval| !interval.is_zero()),
        }
    }

    /// Returns a service manager that hears nothing, because only Linux has systemd.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn from_environment() -> Self {
        Self::default()
    }

    /// The longest time between two signs of life; `None` if the service manager wants none.
    pub(crate) fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// Reports that the display works from now on.
    pub(crate) fn ready(&self) {
        self.tell(Notice::Ready);
    }

    /// Gives a sign of life.
    pub(crate) fn alive(&self) {
        if self.watchdog.is_some() {
            self.tell(Notice::Alive);
        }
    }

    /// Shows a line in the status of the service.
    pub(crate) fn status(&self, words: &'static str) {
        self.tell(Notice::Status(words));
    }

    /// Reports that the program ends. From here on the service manager wants no more signs of life.
    pub(crate) fn stopping(&self) {
        self.tell(Notice::Stopping);
    }

    /// Waits until everything is sent, but not for long.
    pub(crate) fn finish(&self) {
        if let Some(outbox) = &self.outbox
            && !outbox.finish(PATIENCE)
        {
            tracing::warn!("the service manager does not read its notifications");
        }
    }

    fn tell(&self, notice: Notice) {
        if let Some(outbox) = &self.outbox {
            outbox.tell(notice, size_of::<Notice>(), Weight::Event);
        }
    }
}

#[cfg(target_os = "linux")]
fn send(notice: Notice) -> std::io::Result<()> {
    sd_notify::notify(&[match notice {
        Notice::Ready => NotifyState::Ready,
        Notice::Alive => NotifyState::Watchdog,
        Notice::Stopping => NotifyState::Stopping,
        Notice::Status(words) => NotifyState::Status(words),
    }])
}
