//! `patron-display config`: finds, checks and writes the configuration, without network.

use std::io::{ErrorKind, Write, stderr, stdout};
use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use crate::cli::arguments::{Common, ConfigArgs, ConfigCommand};
use crate::cli::failure::{CommandError, warn};
use crate::cli::launch::{LOGO_PATIENCE, code_logo, shop_logo};
use crate::cli::session::{client, key_source};
use crate::config::{self, Config, Origin, QrLogo};
use crate::domain::merchant::ReferenceForm;
use crate::domain::payment::{Liveness, QrContent};
use crate::logo;
use crate::qr::Room;
use crate::text::printable;

pub(super) fn config(common: &Common, arguments: &ConfigArgs) -> Result<u8, CommandError> {
    let done = match arguments.command {
        ConfigCommand::Path => path(common),
        ConfigCommand::Check => check(common),
        ConfigCommand::Example => print(&config::schema::sample()),
        ConfigCommand::Schema => print(&config::schema::text()),
    };

    match done {
        // The reader, such as `head`, has closed the pipe.
        Err(CommandError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(0),
        done => done.map(|()| 0),
    }
}

/// The output of `path --json`.
#[derive(Serialize)]
struct PathEvent {
    event: &'static str,
    path: Option<String>,
    searched: Vec<SearchedPlace>,
    message: Option<String>,
}

#[derive(Serialize)]
struct SearchedPlace {
    path: String,
    origin: Origin,
    exists: bool,
}

fn path(common: &Common) -> Result<(), CommandError> {
    let places = config::places(common.config.as_deref());
    let found = config::find(&places);
    if common.json {
        let searched = places.iter().map(|candidate| SearchedPlace {
            path: candidate.path.display().to_string(),
            origin: candidate.origin,
            exists: candidate.exists(),
        });
        print_json(&PathEvent {
            event: "config-path",
            path: found.as_ref().ok().map(|path| path.display().to_string()),
            searched: searched.collect(),
            message: found.as_ref().err().map(ToString::to_string),
        })?;

        return Ok(found.map(|_| ())?);
    }

    // Standard output has only the path, for scripts and editors.
    let path = found?;
    print(&format!("{}\n", path.display()))?;
    let mut err = stderr().lock();
    for candidate in &places {
        let there = match candidate.exists() {
            true if candidate.path == path => "used",
            true => "there, not used",
            false => "not there",
        };
        // The path is already on standard output, so a failure of standard error does not matter.
        let _ = writeln!(err, "{there:<16} {candidate}");
    }

    Ok(())
}

/// Reads the same files as a sale, in the same order, so that the first error is the same. Also returns the key's
/// place.
fn read(common: &Common) -> Result<(Config, String), CommandError> {
    let config = Config::load(common.config.as_deref())?;
    let source = key_source(&config);
    let credential = source.load()?;
    code_logo(&config)?;
    client(&config, &credential)?;
    shop_logo(&config)?;

    Ok((config, source.place()))
}

/// The output of `check --json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckEvent {
    event: &'static str,
    result: &'static str,
    #[serde(flatten)]
    facts: Option<ConfigFacts>,
    message: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfigFacts {
    path: String,
    merchants: Vec<MerchantFacts>,
    default_merchant: String,
    /// The place of the key, never the key.
    key: String,
    /// Valid settings that have a drawback.
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct MerchantFacts {
    key: String,
    name: String,
    liveness: Liveness,
}

fn check(common: &Common) -> Result<(), CommandError> {
    let read = read(common);
    if common.json {
        print_json(&CheckEvent {
            event: "config-check",
            result: if read.is_ok() { "ok" } else { "failed" },
            message: read.as_ref().err().map(ToString::to_string),
            facts: read.as_ref().ok().map(facts),
        })?;

        return read.map(|_| ());
    }

    let (config, key) = read?;
    // Standard output has only one line.
    for remark in remarks(&config) {
        warn(&format_args!("remark: {remark}"));
    }

    print(&format!(
        "{} is valid; {}; key: {key}\n",
        config.path.display(),
        merchants(&config)
    ))
}

/// Returns a remark for each valid setting that has a drawback, with what to do about it.
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
             write true if there is a cashier"
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
            "[qr] logo: {} takes longer to draw than the {} ms that a sale waits for it, so codes may appear without it; \
             save it smaller, or with fewer effects",
            path.display(),
            LOGO_PATIENCE.as_millis()
        ));
    }

    remarks
}

/// Whether this logo takes longer to load than a sale waits. The second try decides, because a busy disk may delay
/// the first.
fn is_slow(logo: &Path) -> bool {
    let is_too_slow = || {
        let start = Instant::now();
        let drawn = logo::load(logo, Room::CODE);

        drawn.is_ok() && start.elapsed() > LOGO_PATIENCE
    };

    is_too_slow() && is_too_slow()
}

fn facts((config, key): &(Config, String)) -> ConfigFacts {
    let merchants = config.merchants.iter();
    let merchants = merchants.map(|(key, merchant)| MerchantFacts {
        key: key.to_string(),
        name: merchant.name.clone(),
        liveness: merchant.liveness,
    });

    ConfigFacts {
        path: config.path.display().to_string(),
        merchants: merchants.collect(),
        default_merchant: config.default_merchant.to_string(),
        key: key.clone(),
        remarks: remarks(config),
    }
}

/// Names the merchants and the default one.
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

fn print_json(value: &impl Serialize) -> Result<(), CommandError> {
    printable::json_line(stdout(), value).map_err(CommandError::Output)
}

fn print(text: &str) -> Result<(), CommandError> {
    let mut out = stdout().lock();

    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(CommandError::Output)
}
