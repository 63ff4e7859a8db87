//! Looks at everything that a sale needs, one line each, with what to do about what is wrong.

mod platform;
mod rehearsal;
mod report;

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;
use tokio::runtime::Runtime;

use super::launch::{client, data_directory, key_source, screen as screen_to_fill};
use super::{CheckArgs, Common, Failure, log};
use crate::centrapay::Client;
use crate::config::{Config, Liveness, QrContent};
use crate::display::{self, Monitor, Screen};
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
    let client = match &config {
        Some(config) => key(config, &mut report),
        None => {
            report.skipped("key", "the configuration says where it is");
            None
        }
    };
    runtime.block_on(data(common, &mut report));
    log_files(common, &mut report);
    match &config {
        Some(config) => runtime.block_on(platform::check(config, client.as_ref(), &mut report)),
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

/// The key, and the client that is made with it.
fn key(config: &Config, report: &mut Report) -> Option<Client> {
    let source = key_source(config);
    let credential = report.passed("key", source.load())?;
    report.good("key", &source.place());

    report.passed("TLS", client(config, &credential))
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
    let found = match config {
        Some(config) => screen_to_fill(config, None),
        None => Screen::find(None).map_err(Failure::from),
    };
    let Some(screen) = report.passed("screen", found) else {
        return;
    };
    let (Some(monitor), Some(size)) = (screen.monitor(), screen.size()) else {
        let wants_one = config.is_some_and(|config| config.display.monitor.is_some());
        report.note("screen", compositor(wants_one));

        return;
    };
    monitors(monitor, screen.monitors(), report);
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

/// What is true of every Wayland compositor.
fn compositor(wants_one: bool) -> &'static str {
    if wants_one {
        "a Wayland compositor, which chooses the monitor itself: \"monitor\" under [display] is not \
         used; docs/kiosk.md says how to tell the compositor. How large the code will be is seen \
         only in its window"
    } else {
        "a Wayland compositor, which chooses the monitor itself; how large the code will be is \
         seen only in its window"
    }
}

/// The monitors by the names that the configuration can choose one by.
fn monitors(filled: &Monitor, all: &[Monitor], report: &mut Report) {
    let listed: Vec<_> = all
        .iter()
        .map(|monitor| {
            let filled = if monitor == filled { ", filled" } else { "" };

            format!("{monitor}{filled}")
        })
        .collect();
    report.good("monitors", &listed.join("; "));
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

/// The font is built in.
fn languages(config: &Config, report: &mut Report) {
    let tags: Vec<_> = config
        .display
        .locale
        .iter()
        .map(|language| language.tag())
        .collect();
    report.good(
        "languages",
        &format!("{}; the font is built in", tags.join(", ")),
    );
}
