//! The arguments of every command.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use iced::Size;
use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;

use super::items::{self, Items};
use super::values::{
    date, invoice_ref, reference, request_name, seconds, since, size, till_name, web_origin,
};
use crate::local_api::tills::{Right, TillName, WebOrigin};
use crate::refund::PaymentName;

/// A customer-facing payment display for the Centrapay network.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    propagate_version = true,
    args_conflicts_with_subcommands = false
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Option<CliCommand>,
}

#[derive(Debug, Args)]
pub(super) struct Common {
    /// The configuration file [default: the first found of $PATRON_DISPLAY_CONFIG, the user's
    /// configuration directory, /etc/patron-display/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The directory of the journal [default: the user's data directory]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "PATRON_DISPLAY_DATA_DIR"
    )]
    pub(super) data_dir: Option<PathBuf>,
    /// The directory of the log files [default: the user's state directory]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "PATRON_DISPLAY_STATE_DIR"
    )]
    pub(super) state_dir: Option<PathBuf>,
    /// Write events to standard output, one JSON object a line
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Take commands from standard input, one JSON object a line
    #[arg(long, global = true)]
    pub(super) control: bool,
    /// Print how long each step of a sale's start takes, on standard error
    #[arg(long, global = true)]
    pub(super) timings: bool,
    /// Print more of the log on standard error; repeat it to print still more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(super) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Sell: show a QR code until it is paid, expires or is cancelled
    Sale(SaleArgs),
    /// Stay on the screen between sales, and show every sale that is started meanwhile
    Stand(ResidentArgs),
    /// Settle what earlier sales left open, or a part payment, without a window
    Settle(SettleArgs),
    /// Look up sales and how they ended
    History(HistoryArgs),
    /// Refund a payment, all of it or a part
    Refund(RefundArgs),
    /// Check what a sale needs: configuration, key, network, platform, clock, disk and screen
    Check(CheckArgs),
    /// Find, check and write the configuration, without network
    Config(ConfigArgs),
    /// Add, list and remove the tills that may call the resident display
    Till(TillArgs),
    /// Try the program with an embedded platform: no configuration, no network, no money
    Demo(DemoArgs),
    /// Run the embedded platform alone, for tests of a till
    Sandbox(SandboxArgs),
    /// Write the man pages or the shell completions, for a package
    #[command(hide = true)]
    Generate(GenerateArgs),
}

impl CliCommand {
    /// Whether the command does more than read and write a few files.
    #[cfg(unix)]
    pub(super) fn needs_resources(&self) -> bool {
        !matches!(
            self,
            Self::History(_) | Self::Config(_) | Self::Till(_) | Self::Generate(_)
        )
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Sale(_) => "sale",
            Self::Stand(_) => "stand",
            Self::Settle(_) => "settle",
            Self::History(_) => "history",
            Self::Refund(_) => "refund",
            Self::Check(_) => "check",
            Self::Config(_) => "config",
            Self::Till(_) => "till",
            Self::Demo(_) => "demo",
            Self::Sandbox(_) => "sandbox",
            Self::Generate(_) => "generate",
        }
    }
}

/// The arguments of a sale.
#[derive(Debug, Default, Clone, Args)]
pub(super) struct SaleArgs {
    /// The amount, such as 12.50; without it the cashier enters it
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(super) amount: Option<String>,
    /// The merchant's key in the configuration [default: its default-merchant]
    #[arg(long, value_name = "KEY")]
    pub(super) merchant: Option<String>,
    /// The till's reference for this sale, unique [default: made from the time]
    #[arg(long = "ref", value_name = "TEXT", value_parser = reference)]
    pub(super) reference: Option<String>,
    /// The person who sells
    #[arg(long, value_name = "ID")]
    pub(super) operator: Option<String>,
    /// The goods: a JSON list of lines. The screen shows them if there is room, and the platform gets them. The sum
    /// of their prices must be --amount or --basket; without both it is the amount
    #[arg(long, value_name = "FILE", value_parser = items::file())]
    pub(super) items: Option<Items>,
    /// The price of the whole basket, other means of payment included: --amount or more. The customer may then pay
    /// a part of --amount, and the outcome says what remains. Without --amount, the whole price is charged
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(super) basket: Option<String>,
    /// The number of the invoice that is paid
    #[arg(long, value_name = "TEXT", value_parser = invoice_ref)]
    pub(super) invoice_ref: Option<String>,
    /// Tell the platform that the customer is elsewhere, as in a sale by telephone
    #[arg(long)]
    pub(super) patron_not_present: bool,
    /// The scanned code from the customer's phone: the screen shows no QR code, and the customer confirms on the
    /// phone
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    pub(super) barcode: Option<String>,
    /// A window of this size instead of the full screen
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size)]
    pub(super) windowed: Option<Size<u32>>,
    /// Open an own window, and never hand the sale over to a resident display
    #[arg(long)]
    pub(super) no_resident: bool,
    /// The name of this hand-over in the journal.
    #[arg(skip)]
    pub(super) handover: Option<String>,
}

#[derive(Debug, Default, Args)]
pub(super) struct ResidentArgs {
    /// A window of this size instead of the full screen
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size)]
    pub(super) windowed: Option<Size<u32>>,
}

#[derive(Debug, Args)]
pub(super) struct SettleArgs {
    /// The part payment to decide [default: the only one that needs a decision]
    #[arg(value_name = "ID|SHORTCODE|REFERENCE", requires = "part")]
    pub(super) name: Option<String>,
    /// Keep a part payment because the rest was paid another way, or refund it
    #[arg(long, value_enum, value_name = "CONFIRM|REFUND", ignore_case = true)]
    pub(super) part: Option<PartArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PartArg {
    Confirm,
    Refund,
}

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// A payment request's id, its short code, or a reference [default: all]
    #[arg(value_name = "ID|SHORTCODE|REFERENCE")]
    pub(super) name: Option<String>,
    /// Only sales since a date (2026-08-17), a time (2026-08-17T09:30), or an age (2h, 7d)
    #[arg(long, value_name = "TIME", value_parser = since)]
    pub(super) since: Option<Timestamp>,
    /// The form of the output
    #[arg(long, value_enum, default_value_t = FormatArg::Table)]
    pub(super) format: FormatArg,
    /// Only this many attempts, the newest
    #[arg(long, value_name = "NUMBER")]
    pub(super) limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    Table,
    Json,
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct RefundArgs {
    /// The payment request's id, or its short code, such as CP-C7F-ZS5
    #[arg(value_name = "ID|SHORTCODE", value_parser = request_name)]
    pub(super) name: PaymentName,
    /// The amount to refund, such as 5.00 [default: the price of --items, or all that was paid]
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(super) amount: Option<String>,
    /// The refund's own reference, unique; the same reference never refunds twice
    #[arg(long = "ref", value_name = "TEXT", value_parser = reference)]
    pub(super) reference: String,
    /// The returned goods: a JSON list of lines as for a sale. The sum of their prices must be --amount; without
    /// --amount it is the amount
    #[arg(long, value_name = "FILE", value_parser = items::file())]
    pub(super) items: Option<Items>,
    /// The number of the invoice that the refund belongs to
    #[arg(long, value_name = "TEXT", value_parser = invoice_ref)]
    pub(super) invoice_ref: Option<String>,
    /// The date on the receipt, such as 2026-08-17: a payment of another day is not refunded
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) paid_on: Option<Date>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Also create a payment request of the smallest amount, and cancel it; test money only
    #[arg(long)]
    pub(super) sale: bool,
    /// The merchant for --sale [default: the configuration's default-merchant]
    #[arg(long, value_name = "KEY", requires = "sale")]
    pub(super) merchant: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    pub(super) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print the file that is used on standard output, and every searched place on standard error
    Path,
    /// Check the configuration with its key, certificates and pictures, and print one line
    Check,
    /// Print the sample configuration, which has a comment on every setting
    Example,
    /// Print the JSON schema of the configuration, for editors that complete and check it
    Schema,
}

#[derive(Debug, Args)]
pub(super) struct TillArgs {
    #[command(subcommand)]
    pub(super) command: TillCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum TillCommand {
    /// Add a till, and print its token, which is shown only this once
    Add(TillAddArgs),
    /// List the tills with their origins and rights; never their tokens
    List,
    /// Remove a till: its token is refused from then on
    Remove {
        /// The name of the till
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct TillAddArgs {
    /// The name of the till, such as "Front counter"
    #[arg(value_name = "NAME", value_parser = till_name)]
    pub(super) name: TillName,
    /// The origin of a web page that uses the token, such as https://till.example; repeat it for each. A program that
    /// is no web page needs none
    #[arg(long = "origin", value_name = "ORIGIN", value_parser = web_origin)]
    pub(super) origins: Vec<WebOrigin>,
    /// The rights of the till, separated by commas
    #[arg(
        long,
        value_enum,
        value_name = "RIGHTS",
        value_delimiter = ',',
        default_value = "sell"
    )]
    pub(super) may: Vec<RightArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RightArg {
    /// Begin sales, follow them and end them
    Sell,
    /// Refund payments
    Refund,
    /// Read all sales and refunds of the counter
    History,
    /// Settle earlier sales, and decide part payments
    Settle,
}

impl From<RightArg> for Right {
    fn from(argument: RightArg) -> Self {
        match argument {
            RightArg::Sell => Self::Sell,
            RightArg::Refund => Self::Refund,
            RightArg::History => Self::History,
            RightArg::Settle => Self::Settle,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The amount of the demo's sale; without it you enter it
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(super) amount: Option<String>,
    /// The player of the customer: the program, which pays after a few seconds, or you, by keys and browser
    #[arg(long, value_enum, default_value_t = PatronArg::Auto)]
    pub(super) patron: PatronArg,
    /// The wait of the automatic customer, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(super) pays_after: Duration,
    /// The address of the embedded platform
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(super) listen: SocketAddr,
    /// The beginning of the code's URL, so that a phone in the same network reaches this machine,
    /// such as http://192.168.1.20:8787 [default: the address of --listen]
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<Url>,
    /// Draw the screens into pictures instead of a window
    #[arg(long)]
    pub(super) headless: bool,
    /// The directory of the pictures
    #[arg(long, value_name = "DIR", default_value = "patron-display-demo")]
    pub(super) out: PathBuf,
    /// A window, or pictures, of this size
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size)]
    pub(super) windowed: Option<Size<u32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PatronArg {
    Auto,
    Manual,
}

#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// The address to listen at
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub(super) listen: SocketAddr,
    /// The beginning of every payment request's URL [default: the address of --listen]
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<Url>,
    /// Pay every payment request this many seconds after it was first read
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) pays_after: Option<Duration>,
    /// A fault script, which says what goes wrong with which call; see docs/sandbox.md
    #[arg(long, value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    /// The kind of files
    #[arg(value_enum)]
    pub(super) kind: GeneratedKind,
    /// The directory to write to; created if it is missing
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GeneratedKind {
    /// A man page for the program and one for each of its commands
    Man,
    /// Completions for bash, zsh, fish and PowerShell
    Completions,
    /// The description of the local API
    OpenApi,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_well_formed() {
        Cli::command().debug_assert();
    }
}
