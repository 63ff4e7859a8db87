//! `patron-display config`: where the configuration is, whether it is right, and what one looks like. No network.

use std::io::{ErrorKind, Write, stderr, stdout};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::launch::{client, code_logo, key_source, shop_logo};
use super::{Common, Failure};
use crate::config::{self, Candidate, Config, Liveness, Origin};

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
        Err(Failure::System(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(0),
        done => done.map(|()| 0),
    }
}

/// A place in the words of `--json`.
#[derive(Serialize)]
struct Place<'a> {
    path: String,
    origin: &'a Origin,
    exists: bool,
}

fn path(common: &Common) -> Result<(), Failure> {
    let places = config::places(common.config.as_deref());
    let found = config::find(&places);
    if common.json {
        let searched: Vec<Place<'_>> = places.iter().map(place).collect();
        print_line(&serde_json::json!({
            "event": "config-path",
            "path": found.as_ref().ok().map(|path| path.display().to_string()),
            "searched": searched,
            "message": found.as_ref().err().map(ToString::to_string),
        }))?;
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
        writeln!(err, "{there:<16} {candidate}")?;
    }

    Ok(())
}

fn place(candidate: &Candidate) -> Place<'_> {
    Place {
        path: candidate.path.display().to_string(),
        origin: &candidate.origin,
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

fn check(common: &Common) -> Result<(), Failure> {
    match (read(common), common.json) {
        (Ok(Right { config, key }), true) => {
            let merchants: Vec<_> = config
                .merchants
                .iter()
                .map(|(key, merchant)| {
                    serde_json::json!({
                        "key": key.as_str(),
                        "name": merchant.name,
                        "liveness": match merchant.liveness {
                            Liveness::Main => "main",
                            Liveness::Test => "test",
                        },
                    })
                })
                .collect();

            print_line(&serde_json::json!({
                "event": "config-check",
                "result": "ok",
                "path": config.path.display().to_string(),
                "merchants": merchants,
                "defaultMerchant": config.default_merchant.as_str(),
                "key": key,
            }))
        }
        (Ok(Right { config, key }), false) => print(&format!(
            "{} is right; {}; key: {key}\n",
            config.path.display(),
            merchants(&config)
        )),
        (Err(failure), true) => {
            print_line(&serde_json::json!({
                "event": "config-check",
                "result": "failed",
                "message": failure.to_string(),
            }))?;

            Err(failure)
        }
        (Err(failure), false) => Err(failure),
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

fn print_line(line: &serde_json::Value) -> Result<(), Failure> {
    print(&format!("{line}\n"))
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();

    Ok(out.write_all(text.as_bytes()).and_then(|()| out.flush())?)
}
