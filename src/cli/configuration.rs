//! `patron-display config`: where the configuration is, whether it is right, and what one looks like. No network.

use std::io::{self, ErrorKind, Write, stderr, stdout};
use std::path::Path;
use std::time::Instant;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::failure::warn;
use super::launch::{LOGO_PATIENCE, client, code_logo, key_source, shop_logo};
use super::{Common, Failure};
use crate::config::{self, Candidate, Config, Liveness, Origin, QrContent, QrLogo, ReferenceForm};
use crate::logo::{Logo, Room};

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print the file that is used on standard output, and on standard error where it was looked for
    Path,
    /// Say in one line whether the configuration is right, with its key, certificates and pictures
    Check,
    /// Print the sample configuration, which has a comment on every setting
    Example,
    /// Print the JSON schema of the configuration, for editors that complete and check it
    Schema,
}

/// Does what was asked for. What is wrong is told as a sale would tell it.
pub(super) fn run(common: &Common, arguments: &ConfigArgs) -> Result<u8, Failure> {
    let done = match arguments.command {
        ConfigCommand::Path => path(common),
        ConfigCommand::Check => check(common),
        ConfigCommand::Example => print(config::SAMPLE),
        ConfigCommand::Schema => print(&config::schema::text()?),
    };

    match done {
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(0),
        done => done.map(|()| 0),
    }
}

/// What `path --json` tells.
#[derive(Serialize)]
struct Found {
    event: &'static str,
    path: Option<String>,
    searched: Vec<Place>,
    message: Option<String>,
}

#[derive(Serialize)]
struct Place {
    path: String,
    origin: Origin,
    exists: bool,
}

fn path(common: &Common) -> Result<(), Failure> {
    let places = config::places(common.config.as_deref());
    let found = config::find(&places);
    if common.json {
        print_line(&Found {
            event: "config-path",
            path: found.as_ref().ok().map(|path| path.display().to_string()),
            searched: places.iter().map(place).collect(),
            message: found.as_ref().err().map(ToString::to_string),
        })?;
        found?;

        return Ok(());
    }

    // Alone on standard output, so that a script or an editor can be given it.
    let path = found?;
    print(&format!("{}\n", path.display()))?;
    let mut err = stderr().lock();
    for candidate in &places {
        let there = match candidate.exists() {
            true if candidate.path == path => "used",
            true => "there, not used",
            false => "not there",
        };
        // The path was told: whether this can be written changes nothing.
        let _ = writeln!(err, "{there:<16} {candidate}");
    }

    Ok(())
}

fn place(candidate: &Candidate) -> Place {
    Place {
        path: candidate.path.display().to_string(),
        origin: candidate.origin,
        exists: candidate.exists(),
    }
}

/// A configuration that a sale could be started with, and where its key comes from.
struct Right {
    config: Config,
    key: String,
}

/// Reads what a sale reads before it opens anything, in the same order, so that the same error comes first.
fn read(common: &Common) -> Result<Right, Failure> {
    let config = Config::load(common.config.as_deref())?;
    let source = key_source(&config);
    let credential = source.load()?;
    code_logo(&config)?;
    client(&config, &credential)?;
    shop_logo(&config)?;

    Ok(Right {
        config,
        key: source.place(),
    })
}

/// What `check --json` tells.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    event: &'static str,
    result: &'static str,
    #[serde(flatten)]
    right: Option<Facts>,
    message: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    path: String,
    merchants: Vec<Shop>,
    default_merchant: String,
    /// Where the key comes from, never what it is.
    key: String,
    /// Remarks about valid settings that have a drawback.
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct Shop {
    key: String,
    name: String,
    liveness: &'static str,
}

fn check(common: &Common) -> Result<(), Failure> {
    let read = read(common);
    if common.json {
        print_line(&Checked {
            event: "config-check",
            result: if read.is_ok() { "ok" } else { "failed" },
            message: read.as_ref().err().map(ToString::to_string),
            right: read.as_ref().ok().map(facts),
        })?;
        read?;

        return Ok(());
    }

    let Right { config, key } = read?;

    // Not on standard output, which has one line.
    for remark in remarks(&config) {
        warn(&format_args!("remark: {remark}"));
    }

    print(&format!(
        "{} is right; {}; key: {key}\n",
        config.path.display(),
        merchants(&config)
    ))
}

/// The valid settings that have a drawback: what it is, and what to do about it.
pub(super) fn remarks(config: &Config) -> Vec<String> {
    let mut remarks = Vec::new();
    if config.qr.content == QrContent::PayEndpoint {
        remarks.push(
            "[qr] content = \"pay-endpoint\": wallets of other companies ignore this code; they accept only \
             https://app.centrapay.com/pay/…; write \"payment-url\""
                .to_owned(),
        );
    }
    let logo = match config.qr.logo {
        QrLogo::None => Some("none"),
        QrLogo::Mark => Some("mark"),
        QrLogo::File(_) => None,
    };
    if let Some(logo) = logo {
        remarks.push(format!(
            "[qr] logo = \"{logo}\": certification row 101.5 asks for Centrapay's logo in the code; save the logo mark from \
             Centrapay's documentation as a file, and write its path here"
        ));
    }
    if !config.terminal.conditions {
        remarks.push(
            "[terminal] conditions = false: Centrapay cancels each payment that needs an answer from a cashier; \
             write true where there is one"
                .to_owned(),
        );
    }
    if config.terminal.external_ref == ReferenceForm::AsGiven {
        remarks.push(
            "[terminal] external-ref = \"as-given\": another counter may use the same reference, so a request whose \
             creation was cut off cannot be looked up; write \"unique\" if your books allow it"
                .to_owned(),
        );
    }
    if let QrLogo::File(path) = &config.qr.logo
        && is_slow(path)
    {
        remarks.push(format!(
            "[qr] logo: {} takes longer to draw than the {} ms that a sale waits for it, so codes may be shown without it; \
             save it smaller, or with fewer effects",
            path.display(),
            LOGO_PATIENCE.as_millis()
        ));
    }

    remarks
}

/// Whether a sale would not wait for this logo, at the second time at least: at the first one its file may have to be read
/// from a disk that is busy.
fn is_slow(logo: &Path) -> bool {
    let takes_long = || {
        let start = Instant::now();
        let drawn = Logo::load(logo, Room::CODE);

        drawn.is_ok() && start.elapsed() > LOGO_PATIENCE
    };

    takes_long() && takes_long()
}

fn facts(right: &Right) -> Facts {
    let Right { config, key } = right;
    let merchants = config.merchants.iter().map(|(key, merchant)| Shop {
        key: key.to_string(),
        name: merchant.name.clone(),
        liveness: match merchant.liveness {
            Liveness::Main => "main",
            Liveness::Test => "test",
        },
    });

    Facts {
        path: config.path.display().to_string(),
        merchants: merchants.collect(),
        default_merchant: config.default_merchant.to_string(),
        key: key.clone(),
        remarks: remarks(config),
    }
}

/// The merchants that can be charged for, and which of them is the default.
pub(super) fn merchants(config: &Config) -> String {
    let merchants: Vec<String> = config
        .merchants
        .iter()
        .map(|(key, merchant)| match merchant.liveness {
            Liveness::Main => key.to_string(),
            Liveness::Test => format!("{key} (test money)"),
        })
        .collect();

    format!(
        "merchants: {}; default: {}",
        merchants.join(", "),
        config.default_merchant
    )
}

fn print_line(line: &impl Serialize) -> Result<(), Failure> {
    let line = serde_json::to_string(line).map_err(io::Error::from)?;

    print(&format!("{line}\n"))
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();

    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}
