//! Integration tests: the library, the whole application without a window, and the real program.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a failed precondition fails the test; long tests print their figures"
)]

mod addresses;
mod borders;
mod check;
mod command_line;
mod conditions;
mod config_command;
mod control;
#[cfg(unix)]
mod examples;
mod hostile_answers;
mod hostile_polls;
mod ledger;
#[cfg(unix)]
mod local_api;
mod logs;
mod model;
mod package_files;
mod parts;
mod pictures;
mod platform_samples;
mod polls;
mod recovery;
mod refund;
mod rehearsal;
#[cfg(unix)]
mod resident;
mod scale;
mod scan;
mod screens;
mod support;
mod telling;
mod tills;
mod tls;
mod waiting_connection;
