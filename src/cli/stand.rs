//! A display that stays between sales: what it is started with, and how each sale is prepared for it.

mod errand;
mod overheard;
mod provider;

use std::ffi::OsString;
use std::sync::Arc;

use clap::{Args, Parser};
use iced::Size;

use super::fit::Pixels;
use super::launch::{self, data_directory};
use super::{Cli, Command, Common, Failure};
use crate::config::Config;
use crate::display::stand::{self as display, Start};
use crate::display::{Breakdown, Screen};
use crate::journal::Journal;
use crate::stand::{Calls, Place};

pub(super) use errand::{Errand, What};
pub(super) use overheard::Overheard;
use provider::Shop;

/// How a display stands.
#[derive(Debug, Default, Args)]
pub(super) struct StandArgs {
    /// A window of this size instead of the full screen
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = super::size)]
    windowed: Option<Size<u32>>,
}

/// Stands until the window is closed or the system ends it; 0 then.
pub(super) fn stand(common: &Common, arguments: &StandArgs) -> Result<u8, Failure> {
    let config = Config::load(common.config.as_deref())?;
    let screen = launch::screen(&config, arguments.windowed)?;
    let (start, journal) = start(common, arguments, Some(&screen))?;
    tracing::info!("the display stands");
    let at_exit = {
        let journal = journal.clone();

        move |breakdown: Breakdown| {
            journal.close();

            super::end(Err(breakdown.into()))
        }
    };
    let ran = display::run(start, &screen, at_exit);
    journal.close();
    ran?;

    if crate::display::was_window_destroyed() {
        return Err(Failure::WindowGone);
    }

    Ok(0)
}

/// Takes the counter and its place, and puts everything together that a stand is started with.
fn start(
    common: &Common,
    arguments: &StandArgs,
    screen: Option<&Screen>,
) -> Result<(Start, Journal), Failure> {
    let directory = data_directory(common)?;
    let mode = launch::mode(arguments.windowed, screen);
    let shop = Shop {
        config: common.config.clone(),
        directory: directory.clone(),
        journal: Journal::open(&directory)?,
        mode,
        pixels: screen.map_or_else(Pixels::unknown, |screen| Pixels::of(mode, screen)),
        room: screen.and_then(|screen| launch::room(mode, screen)),
    };
    let idle = shop.idle_setup()?;
    // Whoever finds the place finds somebody who can sell.
    let place = Place::take(&directory).map_err(|cause| Failure::Stand {
        path: directory,
        cause,
    })?;
    let journal = shop.journal.clone();
    let start = Start {
        idle,
        calls: Calls::at(place),
        provider: Arc::new(shop),
    };

    Ok((start, journal))
}

/// What `patron-display stand` with these arguments is started with, for a stand without a window.
///
/// # Errors
///
/// The sentence that the program would say.
pub fn offscreen(arguments: impl IntoIterator<Item = OsString>) -> Result<Start, String> {
    let cli = Cli::try_parse_from(arguments).map_err(|error| error.to_string())?;
    let Some(Command::Stand(arguments)) = &cli.command else {
        return Err("this is not the command to stand".to_owned());
    };

    start(&cli.common, arguments, None)
        .map(|(start, _)| start)
        .map_err(|failure| failure.to_string())
}
