//! The upkeep of a resident display: it tells the service manager that it works, gives way to a new version of the
//! program, and catches up after the machine has slept.

use std::time::{Duration, Instant};

use iced::Task;
use iced::futures::stream;
use tokio::time::sleep;

use super::{AppMessage, LOOK_SOON, Resident, ResidentMessage};
use crate::app::screens::scene::is_entering;
use crate::runtime::program::Program;

/// The time between two looks for a new version of the program, at least.
const LOOK_FOR_VERSION_EVERY: Duration = Duration::from_secs(55);

impl Resident {
    /// Reports to the service manager that the display is ready: the window is open. Waits for the service to take calls.
    pub(super) fn opened(&self) -> Task<AppMessage> {
        let (service, service_manager) = (self.service.clone(), self.service_manager.clone());

        Task::future(async move {
            if service.is_serving().await {
                tracing::info!("the resident display is ready");
                service_manager.ready();
            }
        })
        .discard()
    }

    /// Asks for a sign of life at half of the service manager's interval. Without a service manager, no timer runs.
    pub(super) fn signs_of_life(&self) -> Task<AppMessage> {
        let Some(interval) = self.service_manager.watchdog() else {
            return Task::none();
        };
        tracing::info!(?interval, "the service manager watches this display");
        let ticks = stream::unfold(Duration::ZERO, move |pause| async move {
            sleep(pause).await;

            Some(((), interval / 2))
        });

        Task::run(ticks, |()| AppMessage::Alive)
    }

    /// Gives a sign of life. The thread that calls this also draws the screen, so a display that hangs gives none.
    pub(super) fn alive(&mut self) -> Task<AppMessage> {
        self.service_manager.alive();

        self.look_for_version_again()
    }

    /// Sets the clock of the idle screen and checks earlier sales soon. The timers for both stood still while the machine slept.
    pub(super) fn clock_jumped(&mut self) -> Task<AppMessage> {
        tracing::info!("the machine has slept, or its clock was set");
        // If a sale is on the screen, this check comes soon after it.
        self.last_look = None;
        if self.is_idle() && is_entering(self.resting.sale()) {
            return self.rest(LOOK_SOON);
        }

        Task::none()
    }

    /// Looks for a new version of the program, unless that was done within the last minute. Called by timers that run anyway, so
    /// that an idle display does not wake up for this.
    pub(super) fn look_for_version_again(&mut self) -> Task<AppMessage> {
        let last = self.last_version_look;
        if last.is_some_and(|last| last.elapsed() < LOOK_FOR_VERSION_EVERY) {
            return Task::none();
        }

        self.look_for_version()
    }

    /// Looks for a new version of the program, if the display may end for it now.
    pub(super) fn look_for_version(&mut self) -> Task<AppMessage> {
        let Some(program) = self.replaceable().cloned() else {
            return Task::none();
        };
        self.last_version_look = Some(Instant::now());
        let looked = async move {
            let looked = tokio::task::spawn_blocking(move || program.is_replaced());

            looked.await.unwrap_or(false)
        };

        self.work(looked, ResidentMessage::Replaced)
    }

    /// Ends the display, so that the new version of the program starts.
    pub(super) fn replaced(&mut self, is_replaced: bool) -> Task<AppMessage> {
        let Some(program) = self.replaceable().filter(|_| is_replaced) else {
            return Task::none();
        };
        tracing::info!(path = %program.path().display(), "the program was replaced; its new version starts");
        program.want_new_version();
        self.leaving = true;

        iced::exit()
    }

    /// Returns the program if its new version may start now: no sale, no settlement and no refund is interrupted, nobody is asked
    /// anything, and no key waits.
    fn replaceable(&self) -> Option<&Program> {
        let may_end = self.is_idle()
            && !self.leaving
            && self.resting.sale().is_at_rest()
            && !self.key_guard.waits();

        self.program
            .as_ref()
            .filter(|program| may_end && program.is_free())
    }
}
