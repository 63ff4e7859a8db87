//! Arguments in, exit code out: nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(patron_display::cli::run(std::env::args_os()))
}
