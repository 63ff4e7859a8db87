//! `patron-display stand`: the resident display, and how it prepares each sale.

mod counter;
mod desk;

use std::ffi::OsString;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Parser;

use crate::app::resident::ResidentStart;
use crate::app::{self, Breakdown, Screen};
use crate::cli::arguments::{Cli, CliCommand, Common, ResidentArgs};
use crate::cli::failure::CommandError;
use crate::cli::launch::{self, code_room, find_screen};
use crate::cli::log;
use crate::cli::session::data_directory;
use crate::cli::window_size::WindowSize;
use crate::config::Config;
use crate::journal::Journal;
use crate::local_api::ApiServer;
use crate::runtime::program::Program;
use crate::runtime::service_manager::ServiceManager;

use counter::SaleProvider;
use desk::CounterDesk;

/// The time for clients to read what they still get when the display ends.
const TO_READ: Duration = Duration::from_secs(2);

/// A resident display that can start.
#[derive(Debug)]
pub struct PreparedDisplay {
    /// The parameters of the window.
    pub start: ResidentStart,
    /// The service. Keep it until the display has ended.
    pub service: Arc<ApiServer>,
    journal: Journal,
}

/// Runs until the window is closed or the system ends the program; then returns 0.
pub(super) fn resident(common: &Common, arguments: &ResidentArgs) -> Result<u8, CommandError> {
    let config = Config::load(common.config.as_deref())?;
    let screen = find_screen(&config, arguments.windowed)?;
    let PreparedDisplay {
        start,
        service,
        journal,
    } = prepare(common, arguments, &config, Some(&screen))?;
    tracing::info!(address = %service.address(), "the local API listens");
    let program = start.program.clone();
    if program.is_none() {
        tracing::warn!(
            "the file of this program is not known; start the display again after an update"
        );
    }
    let finish = {
        let (journal, service_manager) = (journal.clone(), start.service_manager.clone());

        move |restarts: bool| {
            if restarts {
                // The process goes on as the new version.
                service_manager.alive();
                service_manager.status("starting the new version");
                app::block_on(service.finish_to_restart(TO_READ));
            } else {
                service_manager.stopping();
                app::block_on(service.finish(TO_READ));
            }
            journal.close();
            service_manager.finish();
        }
    };
    let at_exit = {
        let finish = finish.clone();

        move |breakdown: Breakdown| {
            finish(false);

            log::finish(Err(breakdown.into()))
        }
    };
    let ran = app::run_resident(start, &screen, at_exit);
    let new_version = program.filter(|program| ran.is_ok() && program.is_new_version_wanted());
    finish(new_version.is_some());
    ran?;
    if let Some(program) = new_version {
        // The log of this version ends here.
        log::finish(Ok(0));

        return Err(CommandError::NewVersion {
            cause: program.start_new_version(),
            path: program.path().to_owned(),
        });
    }

    if app::was_window_destroyed() {
        return Err(CommandError::WindowGone);
    }

    Ok(0)
}

/// Locks the counter, opens the service and prepares the idle screen.
fn prepare(
    common: &Common,
    arguments: &ResidentArgs,
    config: &Config,
    screen: Option<&Screen>,
) -> Result<PreparedDisplay, CommandError> {
    let directory = data_directory(common)?;
    let mode = launch::mode(arguments.windowed, screen);
    let journal = Journal::open(&directory)?;
    let provider = SaleProvider {
        config: common.config.clone(),
        journal: journal.clone(),
        mode,
        window_size: screen
            .map(|screen| WindowSize::of(mode, screen))
            .unwrap_or_default(),
        room: screen.and_then(|screen| code_room(mode, screen)),
        client: Mutex::default(),
    };
    let idle = provider.idle_setup()?;
    let program = Program::running(std::env::args_os()).filter(|_| screen.is_some());
    let desk = CounterDesk {
        config: common.config.clone(),
        directory: directory.clone(),
        program: program.clone(),
    };
    // The service opens last, so that every client finds a display that can sell.
    let service =
        ApiServer::open(&directory, config.local_api.listen, Arc::new(desk)).map_err(|cause| {
            match config.local_api.listen {
                Some(address) => CommandError::Listen { address, cause },
                None => CommandError::Resident {
                    path: directory,
                    cause,
                },
            }
        })?;

    Ok(PreparedDisplay {
        start: ResidentStart {
            idle,
            service: service.display_side(),
            provider: Arc::new(provider),
            service_manager: ServiceManager::from_environment(),
            program,
        },
        service: Arc::new(service),
        journal,
    })
}

/// Prepares a resident display without a window from the arguments of `patron-display stand`.
///
/// # Errors
///
/// The error text that the program would print.
pub fn offscreen(arguments: impl IntoIterator<Item = OsString>) -> Result<PreparedDisplay, String> {
    let cli = Cli::try_parse_from(arguments).map_err(|error| error.to_string())?;
    let Some(CliCommand::Stand(arguments)) = &cli.command else {
        return Err("expected the command stand".to_owned());
    };
    let started = Config::load(cli.common.config.as_deref())
        .map_err(CommandError::from)
        .and_then(|config| prepare(&cli.common, arguments, &config, None));

    started.map_err(|failure| failure.to_string())
}
