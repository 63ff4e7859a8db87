//! Looks at everything that a sale needs, one line each, with what to do about what is wrong.

mod platform;
mod rehearsal;
mod report;

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use super::launch::{data_directory, key_source};
use super::runtime::Runtime;
use super::{CheckArgs, Common, Failure, log};
use crate::centrapay::Client;
use crate::config::key::Credential;
use crate::config::{Config, Liveness, QrContent};
use crate::display::{self, Screen};
use crate::journal::{Journal, JournalError};
use crate::qr::{Code, QUIET_ZONE};
use crate::sale::{Recollection, Standing};

use report::Report;

/// Below this many pixels a module, phones have to come close.
const FEWEST_PIXELS: u32 = 4;

/// Checks, and answers with 0 or the exit code of the first thing that is wrong.
pub(super) fn check(common: &Common, arguments: &CheckArgs) -> Result<u8, Failure> {
    let runtime = Runtime::new()?;
    let mut report = Report::to_stdout(common.json);
    let config = configuration(common, &mut report);
    let credential = match &config {
        Some(config) => key(config, &mut report),
        None => {
            report.skipped("key", "the configuration says where it is");
            None
        }
    };
    let stranger = config
        .as_ref()
        .and_then(|config| without_key(config, &mut report));
    let client = credential.zip(stranger.as_ref());
    let client = client.and_then(|(credential, stranger)| {
        report.passed("key", stranger.with_credential(&credential))
    });
    runtime.block_on(data(common, &mut report));
    log_files(common, &mut report);
    match &config {
        Some(config) => {
            let callers = (stranger.as_ref(), client.as_ref());
            runtime.block_on(platform::check(config, callers, &mut report));
        }
        None => report.skipped("platform", "the configuration says where it is"),
    }
    screen(config.as_ref(), &mut report);
    if let Some(config) = &config {
        languages(config, &mut report);
    }
    if arguments.sale {
        match (&config, &client) {
            (Some(config), Some(client)) => {
                let merchant = arguments.merchant.as_deref();
                runtime.block_on(rehearsal::check(config, client, merchant, &mut report));
            }
            _ => report.skipped("sale", "it needs the configuration and the key"),
        }
    }

    Ok(report.exit_code())
}

fn configuration(common: &Common, report: &mut Report) -> Option<Config> {
    let config = report.passed("configuration", Config::load(common.config.as_deref()))?;
    let merchants: Vec<String> = config
        .merchants
        .iter()
        .map(|(key, merchant)| match merchant.liveness {
            Liveness::Main => key.to_string(),
            Liveness::Test => format!("{key} (test money)"),
        })
        .collect();
    report.good(
        "configuration",
        &format!(
            "{}; merchants: {}; default: {}",
            config.path.display(),
            merchants.join(", "),
            config.default_merchant
        ),
    );

    Some(config)
}

fn key(config: &Config, report: &mut Report) -> Option<Credential> {
    let source = key_source(config);
    let credential = report.passed("key", source.load())?;
    report.good("key", &source.place());

    Some(credential)
}

/// A client that has no key: the way to the platform is looked at in any case.
fn without_key(config: &Config, report: &mut Report) -> Option<Client> {
    let client = Client::without_credential(&config.api, config.terminal.clone());

    report.passed("TLS", client)
}

/// The data directory: there, writable, this display's alone; and what its journal still holds open.
async fn data(common: &Common, report: &mut Report) {
    let Some(directory) = report.passed("data", data_directory(common)) else {
        return;
    };
    let Some(journal) = report.passed("data", Journal::open(&directory)) else {
        return;
    };
    let recalled = journal.recall(None).await.and_then(|recollection| {
        try_to_write(&directory)?;

        Ok(recollection)
    });
    journal.close();
    let Some(recollection) = report.passed("data", recalled) else {
        return;
    };
    match unsettled(&recollection) {
        0 => report.good("data", &directory.display().to_string()),
        unsettled => report.note(
            "data",
            &format!(
                "{}; earlier sales that are not settled: {unsettled}; run patron-display settle",
                directory.display()
            ),
        ),
    }
}

/// A log that cannot be kept is no reason not to sell.
fn log_files(common: &Common, report: &mut Report) {
    match log::checked_directory(common) {
        Ok(directory) => report.good("log", &directory.display().to_string()),
        Err(why) => report.note("log", &why.to_string()),
    }
}

/// Room for a day's journal, written and synced.
fn try_to_write(directory: &Path) -> Result<(), JournalError> {
    const ROOM: usize = 1024 * 1024;
    let written = NamedTempFile::new_in(directory).and_then(|mut file| {
        file.write_all(&vec![0; ROOM])?;

        file.as_file().sync_all()
    });

    written.map_err(|cause| JournalError::Directory {
        path: directory.to_owned(),
        cause: cause.into(),
    })
}

fn unsettled(recollection: &Recollection) -> usize {
    let open = recollection.open.iter();

    open.filter(|earlier| match earlier.standing {
        Standing::Shown(_) => true,
        Standing::Ended { acknowledged, .. } => !acknowledged,
        _ => false,
    })
    .count()
}

fn screen(config: Option<&Config>, report: &mut Report) {
    let Some(screen) = report.passed("screen", Screen::find()) else {
        return;
    };
    let Some(size) = screen.size() else {
        report.note(
            "screen",
            "a Wayland compositor; how large the code will be is seen only in its window",
        );

        return;
    };
    let size_text = format!("{}x{}", size.width, size.height);
    let Some(code) = config.and_then(|config| Code::proven(&sample_payload(config)).ok()) else {
        report.good("screen", &size_text);

        return;
    };
    let pixels = display::module_pixels(size, &code);
    let modules = code.modules();
    let version = (modules - 2 * QUIET_ZONE - 17) / 4;
    let says = format!(
        "{size_text}; the code: version {version}, {modules} modules with its border, {pixels} pixels \
         each"
    );
    if pixels >= FEWEST_PIXELS {
        report.good("screen", &says);
    } else {
        report.note(
            "screen",
            &format!("{says}: too few for phones at arm's length; use a larger screen"),
        );
    }
}

/// What a code of this shop says, with an id of the platform's length.
fn sample_payload(config: &Config) -> String {
    const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
    let pay_host = config
        .api
        .pay_hosts
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();

    match config.qr.content {
        QrContent::PaymentUrl => format!("https://{pay_host}/pay/{ID}"),
        QrContent::PayEndpoint => format!(
            "{}/api/payment-requests/{ID}/pay",
            config.api.base_url.as_str().trim_end_matches('/')
        ),
    }
}

/// The font is built in, and so is the only language so far.
fn languages(config: &Config, report: &mut Report) {
    let is_spoken = |tag: &&String| tag.split('-').next() == Some("en");
    let (spoken, unspoken): (Vec<_>, Vec<_>) = config.display.locale.iter().partition(is_spoken);
    if unspoken.is_empty() {
        let tags: Vec<_> = spoken.into_iter().map(String::as_str).collect();
        report.good(
            "languages",
            &format!("{}; the font is built in", tags.join(", ")),
        );
    } else {
        let tags: Vec<_> = unspoken.into_iter().map(String::as_str).collect();
        report.note(
            "languages",
            &format!("{}: not spoken yet, English is shown", tags.join(", ")),
        );
    }
}
