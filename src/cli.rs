//! The command line: what can be asked for, and how a refusal sounds.

mod check;
mod configuration;
mod core_dump;
mod failure;
mod generate;
mod history;
mod items;
mod launch;
mod log;
mod refund;
mod rehearse;
mod runtime;
mod settle;
mod story;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use iced::Size;
use jiff::Timestamp;
use url::Url;

use crate::refund::Name;
use configuration::ConfigArgs;
use failure::Failure;
use generate::GenerateArgs;

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

    /// Say more on standard error; twice for still more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sell: show a code, and end with what became of it
    Sale(SaleArgs),
    /// Settle what earlier sales left open, without a window
    Settle,
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

#[derive(Debug, Default, Args)]
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

    /// What is in the sale: a JSON list of lines, shown to the customer and sent along. Their prices sum
    /// to --amount, or are the amount where that is left out
    #[arg(long, value_name = "FILE")]
    items: Option<PathBuf>,

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
    windowed: Option<Size<u32>>,
}

impl Command {
    fn name(&self) -> &'static str {
        match self {
            Self::Sale(_) => "sale",
            Self::Settle => "settle",
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

    /// How much goes back, such as 5.00 [default: all that was paid]
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: Option<String>,

    /// The refund's own reference, unique; asked again with the same one, nothing goes back twice
    #[arg(long = "ref", value_name = "TEXT", value_parser = reference)]
    reference: String,
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

#[derive(Debug, Args)]
struct DemoArgs {
    /// The amount of the demo's sale; without it you enter it
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: Option<String>,

    /// Who plays the customer: one who pays after a few seconds, or you, by keys and by browser
    #[arg(long, value_enum, default_value_t = PatronArg::Auto)]
    patron: PatronArg,

    /// How long the automatic customer takes, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pays_after: Duration,

    /// Where the embedded platform listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// What the code's url begins with, so that a phone in the same network reaches this machine,
    /// such as http://192.168.1.20:8787 [default: the address listened at]
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,

    /// Draw the screens into pictures instead of a window
    #[arg(long)]
    headless: bool,

    /// Where the pictures go
    #[arg(long, value_name = "DIR", default_value = "patron-display-demo")]
    out: PathBuf,

    /// A window, or pictures, of this size
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size)]
    windowed: Option<Size<u32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PatronArg {
    Auto,
    Manual,
}

#[derive(Debug, Args)]
struct SandboxArgs {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,

    /// What each request's url begins with [default: the address listened at]
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,

    /// Pay each request by itself, so many seconds after it was first read
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pays_after: Option<Duration>,

    /// What goes wrong with which call: a fault script, see docs/sandbox.md
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
}

/// Does what the command line asks for and answers with the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing can be done about a terminal that is gone.
            let _ = error.print();

            return if error.use_stderr() { USAGE } else { 0 };
        }
    };
    let command = cli.command.unwrap_or(Command::Sale(SaleArgs::default()));
    log::start(&cli.common, &command);
    let done = match command {
        Command::Sale(sale) => launch::sale(&cli.common, &sale),
        Command::Settle => settle::settle(&cli.common),
        Command::History(history) => history::history(&cli.common, &history),
        Command::Refund(arguments) => refund::refund(&cli.common, &arguments),
        Command::Check(arguments) => check::check(&cli.common, &arguments),
        Command::Config(arguments) => configuration::run(&cli.common, &arguments),
        Command::Demo(demo) => rehearse::demo(&cli.common, &demo),
        Command::Sandbox(sandbox) => rehearse::sandbox(&sandbox),
        Command::Generate(arguments) => generate::generate(&arguments),
    };
    let exit_code = done.unwrap_or_else(|failure| failure.tell());
    tracing::info!(exit_code, "the program ends");

    exit_code
}

/// Reads `1024x600`.
fn size(text: &str) -> Result<Size<u32>, String> {
    const SMALLEST: u32 = 320;
    const LARGEST: u32 = 16_384;
    let wrong = || {
        format!(
            "write the width and the height in pixels, from {SMALLEST} to {LARGEST}, such as 1024x600"
        )
    };
    let (width, height) = text.split_once('x').ok_or_else(wrong)?;
    let side = |side: &str| {
        side.parse()
            .ok()
            .filter(|side| (SMALLEST..=LARGEST).contains(side))
            .ok_or_else(wrong)
    };

    Ok(Size::new(side(width)?, side(height)?))
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=3600.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "write a number of seconds up to 3600".to_owned())
}

/// The platform takes 128 characters (its limit for `invoiceRef`).
fn invoice_ref(text: &str) -> Result<String, String> {
    const LONGEST: usize = 128;
    let text = text.trim();
    let fits =
        !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);

    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("write 1 to {LONGEST} characters on one line, such as INV-2047"))
}

/// A reference stands in the platform's records and in a url, and is read out over the phone.
fn reference(text: &str) -> Result<String, String> {
    const LONGEST: usize = 100;
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let fits = !text.trim().is_empty() && text.len() <= LONGEST && text.chars().all(plain);

    if fits {
        Ok(text.trim().to_owned())
    } else {
        Err(format!(
            "write 1 to {LONGEST} plain characters, such as A1-20260817"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_size_is_width_times_height_in_pixels() {
        assert_eq!(size("1024x600"), Ok(Size::new(1024, 600)));
        for bad in [
            "1024", "1024x", "x600", "1024*600", "0x600", "10x10", "-1x5",
        ] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_invoice_number_that_the_platform_refuses_is_refused_before() {
        assert_eq!(invoice_ref(" INV-7 "), Ok("INV-7".to_owned()));
        assert!(invoice_ref(&"é".repeat(128)).is_ok());
        for bad in ["", " ", "a\nb", &"é".repeat(129)] {
            assert!(invoice_ref(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_reference_that_cannot_be_read_out_is_refused() {
        assert_eq!(reference(" A1 "), Ok("A1".to_owned()));
        for bad in ["", "  ", "a\nb", "caf\u{e9}"] {
            assert!(reference(bad).is_err(), "{bad:?}");
        }
    }
}
