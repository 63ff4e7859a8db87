//! The command line: parses arguments, runs a command and returns its exit code.

mod arguments;
mod commands;
mod failure;
mod hand_over;
mod items;
mod launch;
#[cfg(unix)]
mod limits;
mod log;
#[cfg(target_os = "linux")]
mod misleading_display;
mod session;
mod values;
mod window_size;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser;

use crate::files::private;
use crate::logo;
use crate::text::printable;
use arguments::{Cli, CliCommand, SaleArgs};
use failure::{CommandError, USAGE};

pub use commands::resident_offscreen;

/// Runs the command line and returns the exit code.
///
/// A command that opens a window may replace this process by a new run of the same executable. So the running
/// program must be `patron-display`.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<_> = arguments.into_iter().collect();
    if let Some(exit_code) = logo::serve(&arguments) {
        return exit_code;
    }
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let printed = print_usage(&error, &arguments);

            return match printed {
                _ if error.use_stderr() => USAGE,
                Ok(()) => 0,
                // The reader, such as `head`, has closed the pipe.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
                Err(error) => CommandError::Output(error).tell(),
            };
        }
    };
    let command = cli.command.unwrap_or(CliCommand::Sale(SaleArgs::default()));
    #[cfg(unix)]
    if command.needs_resources()
        && let Err(failure) = limits::check()
    {
        return failure.tell();
    }
    #[cfg(target_os = "linux")]
    if matches!(
        command,
        CliCommand::Sale(_) | CliCommand::Stand(_) | CliCommand::Demo(_) | CliCommand::Check(_)
    ) {
        misleading_display::start_again_without(&arguments);
    }
    // `generate` writes files of a package, which every user may read.
    if !matches!(command, CliCommand::Generate(_)) {
        private::create_only_for_owner();
    }
    log::start(&cli.common, &command);
    let done = commands::run(&cli.common, command);

    log::finish(done)
}

/// Prints what is wrong with the command line, or its help. The text quotes arguments, so characters that control a
/// terminal are escaped.
///
/// # Errors
///
/// If standard output cannot be written. A failure of standard error is ignored.
fn print_usage(error: &clap::Error, arguments: &[OsString]) -> io::Result<()> {
    let is_seen = |text: &str| text.chars().all(printable::is_seen);
    let mut arguments = arguments.iter();
    if !error.use_stderr() || arguments.all(|text| text.to_str().is_some_and(is_seen)) {
        error.print()?;

        io::stdout().flush()
    } else {
        let text = error.render().to_string();
        let lines = printable::spelled(&text, printable::Lines::Keep);

        write!(io::stderr(), "{lines}")
    }
}
