//! `patron-display check`: tests everything that a sale needs, and prints one line each with what to do.

mod platform;
mod report;
mod trial_sale;

use std::io::Write;
use std::path::Path;

use iced::Size;
use tempfile::NamedTempFile;

use super::config::{merchants, remarks};
use crate::app::{self, Mode, Screen, fonts};
use crate::centrapay::Client;
use crate::cli::arguments::{CheckArgs, Common};
use crate::cli::failure::CommandError;
use crate::cli::launch::{code_logo, find_screen, shop_logo};
use crate::cli::session::{Runtime, data_directory, key_source};
use crate::cli::window_size::{WindowSize, sample_payload};
use crate::cli::{hand_over, log};
use crate::config::key::Credential;
use crate::config::{Config, QrLogo};
use crate::journal::{Journal, JournalError};
use crate::qr::{Code, Drawing};
use crate::sale::{Earlier, Recollection, Standing};

use report::Report;

/// Returns 0, or the exit code of the first failed check.
pub(super) fn check(common: &Common, arguments: &CheckArgs) -> Result<u8, CommandError> {
    let runtime = Runtime::new()?;
    let report = &mut Report::to_stdout(common.json);
    let config = &configuration(common, report);
    if config.is_none() {
        report.skipped("key", "its place is in the configuration");
    }
    let credential = config.as_ref().and_then(|config| key(config, report));
    // The network is tested even if the key is missing.
    let keyless = config.as_ref().and_then(|config| {
        let client = Client::without_credential(&config.api, config.terminal.clone());

        report.passed("TLS", client)
    });
    let client = credential.zip(keyless.as_ref());
    let client = client.and_then(|(credential, keyless)| {
        report.passed("key", keyless.with_credential(&credential))
    });
    runtime.block_on(data(common, report));
    // Sales work without a log, so a failure is only a note.
    match log::checked_directory(common) {
        Ok(directory) => report.good("log", directory.display()),
        Err(why) => report.note("log", why),
    }
    match config {
        Some(config) => {
            let callers = (keyless.as_ref(), client.as_ref());
            runtime.block_on(platform::check(config, callers, report));
            logo(config, report);
            shop(config, report);
        }
        None => report.skipped("platform", "its place is in the configuration"),
    }
    screen(config.as_ref(), report);
    if let Some(config) = config {
        languages(config, report);
    }
    match (config, &client) {
        _ if !arguments.sale => {}
        (Some(config), Some(client)) => {
            let merchant = arguments.merchant.as_deref();
            runtime.block_on(trial_sale::check(config, client, merchant, report));
        }
        _ => report.skipped("sale", "it needs the configuration and the key"),
    }

    Ok(report.exit_code())
}

fn configuration(common: &Common, report: &mut Report) -> Option<Config> {
    let config = report.passed("configuration", Config::load(common.config.as_deref()))?;
    let (path, merchants) = (config.path.display(), merchants(&config));
    report.good("configuration", format_args!("{path}; {merchants}"));
    for remark in remarks(&config) {
        report.note("configuration", remark);
    }

    Some(config)
}

fn key(config: &Config, report: &mut Report) -> Option<Credential> {
    let source = key_source(config);
    let credential = report.passed("key", source.load())?;
    report.good("key", source.place());

    Some(credential)
}

/// Checks that the data directory is writable and not in use, and counts unsettled sales.
async fn data(common: &Common, report: &mut Report) {
    let Some(directory) = report.passed("data", data_directory(common)) else {
        return;
    };
    let place = directory.display();
    let opened = Journal::open(&directory);
    if matches!(opened, Err(JournalError::Taken { .. }))
        && let Some(display) = hand_over::running_resident(&directory).await
    {
        // After an update the display may still be the old version.
        let (version, process) = (display.version(), display.process_id());

        return report.good(
            "data",
            format_args!("{place}; a resident display runs: version {version}, process {process}"),
        );
    }
    let Some(journal) = report.passed("data", opened) else {
        return;
    };
    let recalled = journal.recall(None).await.and_then(|recollection| {
        try_to_write(&directory)?;

        Ok(unsettled(&recollection))
    });
    journal.close();
    match report.passed("data", recalled) {
        None => {}
        Some(0) => report.good("data", place),
        Some(unsettled) => report.note(
            "data",
            format_args!(
                "{place}; unsettled earlier sales: {unsettled}; run patron-display settle"
            ),
        ),
    }
}

/// Writes and syncs as much as a day's journal needs.
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
    let is_unsettled = |earlier: &&Earlier| match earlier.standing {
        Standing::Payable(_) => true,
        Standing::Ended { acknowledged, .. } => !acknowledged,
        _ => false,
    };

    recollection.open.iter().filter(is_unsettled).count()
}

/// Reports the size of the code and its logo.
fn screen(config: Option<&Config>, report: &mut Report) {
    let found = match config {
        Some(config) => find_screen(config, None),
        None => Screen::find(None).map_err(CommandError::from),
    };
    let Some(screen) = report.passed("screen", found) else {
        return;
    };
    let (Some(filled), Some(size)) = (screen.monitor(), screen.size()) else {
        let text = if config.is_some_and(|config| config.display.monitor.is_some()) {
            "a Wayland compositor, which chooses the monitor itself: \"monitor\" in [display] has no effect; \
             see docs/kiosk.md for how to choose it. The size of the code is known only in the window"
        } else {
            "a Wayland compositor, which chooses the monitor itself; the size of the code is known only \
             in the window"
        };

        return report.note("screen", text);
    };
    // These names are the valid values of `monitor` in the configuration.
    let monitors = screen.monitors().iter().map(|monitor| {
        let filled = if monitor == filled { ", filled" } else { "" };

        format!("{monitor}{filled}")
    });
    report.good("monitors", monitors.collect::<Vec<_>>().join("; "));
    if let Some(config) = config
        && let fitting = WindowSize::of(Mode::Fullscreen, &screen).check(config)
        && report.passed("screen", fitting).is_none()
    {
        return;
    }
    let room = app::code_room(size);
    let code = config.and_then(|config| {
        let drawing = Drawing {
            // If the logo cannot be loaded, the check of the logo reports that.
            logo: code_logo(config).ok().flatten(),
            room: Some(room),
        };

        Code::proven_as(&sample_payload(config), &drawing).ok()
    });
    let Size { width, height } = size;
    let Some(code) = code else {
        return report.good("screen", format_args!("{width}x{height}"));
    };
    let logo = code.clearing().map_or_else(
        || "no logo".to_owned(),
        |clearing| format!("a logo of {0}x{0} modules", clearing.side),
    );
    report.good(
        "screen",
        format_args!(
            "{width}x{height}; the code: version {}, {} modules with its border, {} pixels each, level {}, {logo}",
            code.version(),
            code.modules(),
            code.pixels_in(room),
            code.level(),
        ),
    );
}

/// Checks that the shop's logo can be drawn.
fn shop(config: &Config, report: &mut Report) {
    let drawn = report.passed("shop logo", shop_logo(config));
    if let (Some(Some(_)), Some(path)) = (drawn, &config.display.shop_logo) {
        report.good("shop logo", path.display());
    }
}

/// Checks that the logo can be drawn, and that the code is readable with it.
fn logo(config: &Config, report: &mut Report) {
    let Some(Some(logo)) = report.passed("logo", code_logo(config)) else {
        return;
    };
    let place = match &config.qr.logo {
        QrLogo::File(path) => path.display().to_string(),
        QrLogo::Mark | QrLogo::None => "the built-in mark".to_owned(),
    };
    let drawing = Drawing {
        logo: Some(logo),
        room: None,
    };
    match Code::proven_as(&sample_payload(config), &drawing) {
        Ok(code) if code.clearing().is_some() => report.good("logo", place),
        _ => report.note(
            "logo",
            format_args!(
                "{place}: the code is not readable with this logo, so it appears without; choose another logo"
            ),
        ),
    }
}

/// Reports the languages, and the fonts that are missing for them and for emoji in the names of goods.
fn languages(config: &Config, report: &mut Report) {
    let (font, package) = fonts::EMOJI;
    if fonts::has_emoji() {
        report.good("emoji", "a font is installed");
    } else {
        report.note(
            "emoji",
            format_args!(
                "boxes will appear for emoji in the names of shops and goods: install the font {font} \
                 (Debian: apt-get install {package})"
            ),
        );
    }
    let languages = &config.display.locale;
    let tags: Vec<_> = languages.iter().map(|language| language.tag()).collect();
    let tags = tags.join(", ");
    let missing = languages.iter().find(|known| !fonts::can_be_drawn(**known));
    let Some(missing) = missing else {
        return report.good("languages", tags);
    };
    report.note(
        "languages",
        format_args!(
            "{tags}; boxes will appear for letters of {}: install the font {} (Debian: apt-get install {})",
            missing.tag(),
            missing.font().unwrap_or_default(),
            missing.font_package().unwrap_or_default()
        ),
    );
}
