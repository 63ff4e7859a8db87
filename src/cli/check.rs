//! Looks at everything that a sale needs, one line each, with what to do about what is wrong.

mod platform;
mod rehearsal;
mod report;

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use super::configuration::{merchants, remarks};
use super::fit::{Pixels, sample_payload};
use super::launch::{code_logo, data_directory, key_source, screen as screen_to_fill, shop_logo};
use super::runtime::Runtime;
use super::{CheckArgs, Common, Failure, hand_over, log};
use crate::centrapay::Client;
use crate::config::key::Credential;
use crate::config::{Config, QrLogo};
use crate::display::{self, Mode, Monitor, Screen, fonts};
use crate::journal::{Journal, JournalError};
use crate::qr::{Code, Drawing};
use crate::sale::{Recollection, Standing};

use report::Report;

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
    if let Some(config) = &config {
        logo(config, &mut report);
        shop(config, &mut report);
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
    report.good(
        "configuration",
        &format!("{}; {}", config.path.display(), merchants(&config)),
    );
    for remark in remarks(&config) {
        report.note("configuration", &remark);
    }

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
    let opened = Journal::open(&directory);
    if matches!(opened, Err(JournalError::Taken { .. })) && hand_over::is_one_standing(&directory) {
        report.good(
            "data",
            &format!("{}; a display stands", directory.display()),
        );

        return;
    }
    let Some(journal) = report.passed("data", opened) else {
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
        Standing::Payable(_) => true,
        Standing::Ended { acknowledged, .. } => !acknowledged,
        _ => false,
    })
    .count()
}

/// How large the code will be, and with what in its middle.
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
    // A sale would end so.
    if let Some(config) = config
        && let fitting = Pixels::of(Mode::Fullscreen, &screen).fit(config)
        && report.passed("screen", fitting).is_none()
    {
        return;
    }
    let size_text = format!("{}x{}", size.width, size.height);
    let room = display::code_room(size);
    let code = config.and_then(|config| {
        let drawing = Drawing {
            // What is wrong with it has been told.
            logo: code_logo(config).ok().flatten(),
            room: Some(room),
        };

        Code::proven_as(&sample_payload(config), &drawing).ok()
    });
    let Some(code) = code else {
        report.good("screen", &size_text);

        return;
    };
    let says = format!(
        "{size_text}; the code: version {}, {} modules with its border, {} pixels each, level {}, {}",
        code.version(),
        code.modules(),
        code.pixels_in(room),
        code.level(),
        match code.clearing() {
            Some(clearing) => format!("a logo of {0}x{0} modules", clearing.side),
            None => "no logo".to_owned(),
        }
    );
    report.good("screen", &says);
}

/// The shop's logo can be drawn.
fn shop(config: &Config, report: &mut Report) {
    let drawn = report.passed("shop logo", shop_logo(config));
    if let (Some(Some(_)), Some(path)) = (drawn, &config.display.shop_logo) {
        report.good("shop logo", &path.display().to_string());
    }
}

/// The logo can be drawn, and the code be read with it.
fn logo(config: &Config, report: &mut Report) {
    let Some(Some(logo)) = report.passed("logo", code_logo(config)) else {
        return;
    };
    let place = match &config.qr.logo {
        QrLogo::File(path) => path.display().to_string(),
        QrLogo::Mark | QrLogo::None => "the mark that is built in".to_owned(),
    };
    let drawing = Drawing {
        logo: Some(logo),
        room: None,
    };
    match Code::proven_as(&sample_payload(config), &drawing) {
        Ok(code) if code.clearing().is_some() => report.good("logo", &place),
        _ => report.note(
            "logo",
            &format!(
                "{place}: the code cannot be read with it, so it is shown without; choose another"
            ),
        ),
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

/// The languages, and whether this system has the fonts for those that the built-in one has no
/// letters for.
fn languages(config: &Config, report: &mut Report) {
    let languages = &config.display.locale;
    let tags: Vec<_> = languages.iter().map(|language| language.tag()).collect();
    let tags = tags.join(", ");
    let missing = languages
        .iter()
        .find(|language| !fonts::can_be_drawn(**language));
    emoji(report);
    let Some(missing) = missing else {
        report.good("languages", &tags);

        return;
    };
    let (font, package) = (missing.font(), missing.font_package());
    report.note(
        "languages",
        &format!(
            "{tags}; boxes will stand for letters of {}: install the font {} (Debian: apt-get install {})",
            missing.tag(),
            font.unwrap_or_default(),
            package.unwrap_or_default()
        ),
    );
}

/// Names of goods have emoji in them, in some shops.
fn emoji(report: &mut Report) {
    let (font, package) = fonts::EMOJI;
    if fonts::has_emoji() {
        return report.good("emoji", "there is a font for them");
    }

    report.note(
        "emoji",
        &format!(
            "boxes will stand for emoji in the names of shops and goods, if there are any: install the font {font} \
             (Debian: apt-get install {package})"
        ),
    );
}
