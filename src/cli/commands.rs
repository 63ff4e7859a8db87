//! The commands, one module each. Every command returns its exit code.

mod check;
mod config;
mod demo;
mod generate;
mod history;
mod refund;
mod resident;
mod sale;
mod settle;
mod till;

use super::arguments::{CliCommand, Common};
use super::failure::CommandError;

pub use resident::offscreen as resident_offscreen;

pub(super) fn run(common: &Common, command: CliCommand) -> Result<u8, CommandError> {
    match command {
        CliCommand::Sale(arguments) => sale::sale(common, &arguments),
        CliCommand::Stand(arguments) => resident::resident(common, &arguments),
        CliCommand::Settle(arguments) => settle::settle(common, &arguments),
        CliCommand::History(arguments) => history::history(common, &arguments),
        CliCommand::Refund(arguments) => refund::refund(common, &arguments),
        CliCommand::Check(arguments) => check::check(common, &arguments),
        CliCommand::Config(arguments) => config::config(common, &arguments),
        CliCommand::Till(arguments) => till::till(common, &arguments),
        CliCommand::Demo(arguments) => demo::demo(common, &arguments),
        CliCommand::Sandbox(arguments) => demo::sandbox(&arguments),
        CliCommand::Generate(arguments) => generate::generate(&arguments),
    }
}
