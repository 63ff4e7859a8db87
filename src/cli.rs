//! The command line: what can be asked for, and how a refusal sounds.

mod check;
#[cfg(target_os = "linux")]
mod compose;
mod configuration;
mod core_dump;
mod failure;
mod fit;
mod generate;
mod hand_over;
mod history;
mod items;
mod launch;
#[cfg(unix)]
mod limits;
mod log;
mod part;
mod refund;
mod rehearse;
#[cfg(target_os = "linux")]
mod restart;
mod runtime;
mod settle;
mod stand;
mod story;
mod timings;
mod values;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use iced::Size;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::logo;
use crate::printable;
use crate::private;
use crate::refund::Name;
use configuration::ConfigArgs;
use failure::Failure;
use generate::GenerateArgs;
use items::Items;
use rehearse::{DemoArgs, SandboxArgs};
use stand::StandArgs;
use values::{invoice_ref, reference, seconds, size};

/// The exit code for a command line that cannot be carried out, by sysexits.
const USAGE: u8 = 64;

/// A customer-facing payment display for the Centrapay network.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    propagate_version = true,
    args_conflicts_with_subcommands = false
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct Common {
    /// The configuration file [default: the first found of $PATRON_DISPLAY_CONFIG, the user's
    /// configuration directory, /etc/patron-display/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Where the journal is kept [default: the user's data directory]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "PATRON_DISPLAY_DATA_DIR"
    )]
    data_dir: Option<PathBuf>,

    /// Where the log of the last days is kept [default: the user's state directory]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "PATRON_DISPLAY_STATE_DIR"
    )]
    state_dir: Option<PathBuf>,

    /// Tell what happens on standard output, one JSON object a line
    #[arg(long, global = true)]
    json: bool,

    /// Take commands from standard input, one JSON object a line
    #[arg(long, global = true)]
    control: bool,

    /// Tell on standard error how long each step of a sale's start takes
    #[arg(long, global = true)]
    timings: bool,

    /// Say more on standard error; twice for still more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sell: show a code, and end with what became of it
    Sale(SaleArgs),
    /// Stay on the screen between sales, and show each sale that is started meanwhile
    Stand(StandArgs),
    /// Settle what earlier sales left open, or a part payment, without a window
    Settle(SettleArgs),
    /// Look up what was sold and what became of it
    History(HistoryArgs),
    /// Give a payment back, all of it or a part
    Refund(RefundArgs),
    /// Check what a sale needs: configuration, key, network, platform, clock, disk and screen
    Check(CheckArgs),
    /// Find, check and write the configuration; no network
    Config(ConfigArgs),
    /// See the whole flow against an embedded platform: no configuration, no network, no money
    Demo(DemoArgs),
    /// Run the embedded platform alone, for rehearsals
    Sandbox(SandboxArgs),
    /// Write the man pages or the shell completions, for a package
    #[command(hide = true)]
    Generate(GenerateArgs),
}

/// What a sale is asked for with, and what is handed to a display that stands.
#[derive(Debug, Default, Clone, Args, Serialize, Deserialize)]
#[serde(default)]
struct SaleArgs {
    /// The amount, such as 12.50; without it the cashier enters it
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: Option<String>,

    /// The merchant's name in the configuration [default: its default-merchant]
    #[arg(long, value_name = "KEY")]
    merchant: Option<String>,

    /// The till's reference for this sale, unique [default: made from the time]
    #[arg(long = "ref", value_name = "TEXT", value_parser = reference)]
    reference: Option<String>,

    /// Who is selling
    #[arg(long, value_name = "ID")]
    operator: Option<String>,

    /// What is in the sale: a JSON list of lines, shown to the customer where there is room for them, and
    /// sent along. Their prices sum to --amount or to --basket, or are the amount where both are left out
    #[arg(long, value_name = "FILE", value_parser = items::file())]
    items: Option<Items>,

    /// What the whole basket costs, other means of payment included: --amount or more. The customer may
    /// then pay a part of --amount, and the outcome says what remains. Without --amount, all of it is asked for
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    basket: Option<String>,

    /// The number of the invoice that is paid
    #[arg(long, value_name = "TEXT", value_parser = invoice_ref)]
    invoice_ref: Option<String>,

    /// Tell the platform that the customer is elsewhere, as in a sale by telephone
    #[arg(long)]
    patron_not_present: bool,

    /// The code that the customer shows on the phone, as it was scanned: nothing is shown to be scanned, and
    /// the customer confirms on the phone
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    barcode: Option<String>,

    /// A window of this size instead of the full screen
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size)]
    #[serde(skip)]
    windowed: Option<Size<u32>>,

    /// What the journal knows this hand-over to a resident display by.
    #[arg(skip)]
    handover: Option<String>,
}

impl Command {
    /// Whether it does more than to read and write a few files.
    #[cfg(unix)]
    fn needs_the_machine(&self) -> bool {
        match self {
            Self::Sale(_)
            | Self::Stand(_)
            | Self::Settle(_)
            | Self::Refund(_)
            | Self::Check(_)
            | Self::Demo(_)
            | Self::Sandbox(_) => true,
            Self::History(_) | Self::Config(_) | Self::Generate(_) => false,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Sale(_) => "sale",
            Self::Stand(_) => "stand",
            Self::Settle(_) => "settle",
            Self::History(_) => "history",
            Self::Refund(_) => "refund",
            Self::Check(_) => "check",
            Self::Config(_) => "config",
            Self::Demo(_) => "demo",
            Self::Sandbox(_) => "sandbox",
            Self::Generate(_) => "generate",
        }
    }
}

#[derive(Debug, Args)]
struct SettleArgs {
    /// Which part payment [default: the only one that waits for a decision]
    #[arg(value_name = "ID|SHORTCODE|REFERENCE", requires = "part")]
    name: Option<String>,

    /// What becomes of a part payment: the rest was paid another way, or the part goes back
    #[arg(long, value_enum, value_name = "CONFIRM|REFUND", ignore_case = true)]
    part: Option<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Confirm,
    Refund,
}

#[derive(Debug, Args)]
struct HistoryArgs {
    /// A request's id, its short code, or a reference [default: all]
    #[arg(value_name = "ID|SHORTCODE|REFERENCE")]
    name: Option<String>,

    /// Only from here on: a date (2026-08-17), a time (2026-08-17T09:30), or how long ago (2h, 7d)
    #[arg(long, value_name = "TIME", value_parser = history::since)]
    since: Option<Timestamp>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = FormatArg::Table)]
    format: FormatArg,

    /// At most so many attempts, the newest
    #[arg(long, value_name = "NUMBER")]
    limit: Option<u32>,
}

#[derive(Debug, Args)]
struct RefundArgs {
    /// The payment request's id, or its short code, such as CP-C7F-ZS5
    #[arg(value_name = "ID|SHORTCODE", value_parser = refund::name)]
    name: Name,

    /// How much goes back, such as 5.00 [default: what --items cost, or all that was paid]
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: Option<String>,

    /// The refund's own reference, unique; asked again with the same one, nothing goes back twice
    #[arg(long = "ref", value_name = "TEXT", value_parser = reference)]
    reference: String,

    /// What is returned: a JSON list of lines as for a sale. Their prices sum to --amount, or are the amount
    /// where it is left out
    #[arg(long, value_name = "FILE", value_parser = items::file())]
    items: Option<Items>,

    /// The number of the invoice that the refund belongs to
    #[arg(long, value_name = "TEXT", value_parser = invoice_ref)]
    invoice_ref: Option<String>,

    /// The date on the receipt, such as 2026-08-17: nothing goes back of a payment of another day
    #[arg(long, value_name = "DATE", value_parser = refund::date)]
    paid_on: Option<Date>,
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Create a payment request of the smallest amount too, and cancel it; test money only
    #[arg(long)]
    sale: bool,

    /// The merchant that --sale is for [default: the configuration's default-merchant]
    #[arg(long, value_name = "KEY", requires = "sale")]
    merchant: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    Table,
    Json,
    Csv,
}

pub use stand::offscreen as stand_offscreen;

/// Does what the command line asks for and answers with the exit code.
///
/// What opens a window starts the program once more in the same process, so this is for a program of this
/// name only.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<_> = arguments.into_iter().collect();
    if let Some(exit_code) = logo::serve(&arguments) {
        return exit_code;
    }
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let told = tell_usage(&error, &arguments);

            return match told {
                _ if error.use_stderr() => USAGE,
                Ok(()) => 0,
                // Whoever reads has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
                Err(error) => Failure::Output(error).tell(),
            };
        }
    };
    let command = cli.command.unwrap_or(Command::Sale(SaleArgs::default()));
    #[cfg(unix)]
    if command.needs_the_machine()
        && let Err(failure) = limits::check()
    {
        return failure.tell();
    }
    #[cfg(target_os = "linux")]
    if matches!(
        command,
        Command::Sale(_) | Command::Stand(_) | Command::Demo(_) | Command::Check(_)
    ) {
        restart::restart(&arguments);
    }
    // What a package is built from is for everybody.
    if !matches!(command, Command::Generate(_)) {
        private::create_only_for_owner();
    }
    log::start(&cli.common, &command);
    let done = match command {
        Command::Sale(sale) => launch::sale(&cli.common, &sale),
        Command::Stand(arguments) => stand::stand(&cli.common, &arguments),
        Command::Settle(SettleArgs { part: None, .. }) => settle::settle(&cli.common),
        Command::Settle(SettleArgs {
            part: Some(part),
            name,
        }) => part::decide(&cli.common, part, name.as_deref()),
        Command::History(history) => history::history(&cli.common, &history),
        Command::Refund(arguments) => refund::refund(&cli.common, &arguments),
        Command::Check(arguments) => check::check(&cli.common, &arguments),
        Command::Config(arguments) => configuration::run(&cli.common, &arguments),
        Command::Demo(demo) => rehearse::demo(&cli.common, &demo),
        Command::Sandbox(sandbox) => rehearse::sandbox(&sandbox),
        Command::Generate(arguments) => generate::generate(&arguments),
    };

    end(done)
}

/// Says why a command could not be carried out, and answers with the exit code. Nothing is done after it.
fn end(done: Result<u8, Failure>) -> u8 {
    let exit_code = done.unwrap_or_else(|failure| failure.tell());
    log::end(exit_code);

    exit_code
}

/// Says what is wrong with the command line, or what it can be. It repeats arguments, so what would steer the terminal is
/// spelled out.
///
/// # Errors
///
/// When it cannot be written. Nothing can be done about standard error.
fn tell_usage(error: &clap::Error, arguments: &[OsString]) -> io::Result<()> {
    let is_seen = |argument: &OsString| {
        argument
            .to_str()
            .is_some_and(|text| text.chars().all(printable::is_seen))
    };
    if arguments.iter().all(is_seen) || !error.use_stderr() {
        error.print()?;

        io::stdout().flush()
    } else {
        let text = error.render().to_string();
        let lines = printable::spelled(&text, printable::Lines::Keep);

        write!(io::stderr(), "{lines}")
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
