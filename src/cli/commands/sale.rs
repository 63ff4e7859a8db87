//! `patron-display sale`: one sale, on the resident display or in its own window.

use crate::app;
use crate::app::Setup;
use crate::cli::arguments::{Common, SaleArgs};
use crate::cli::failure::{CommandError, warn};
use crate::cli::hand_over;
use crate::cli::items::Items;
use crate::cli::launch::{EarlyClient, barcode, code_room, find_screen, mode, prepare, run, setup};
use crate::cli::session::{announcer, controls, data_directory, key_source};
use crate::cli::window_size::WindowSize;
use crate::config::Config;
use crate::journal::Journal;
use crate::runtime::timing::step;

pub(super) fn sale(common: &Common, sale: &SaleArgs) -> Result<u8, CommandError> {
    // Only a warning, because the platform decides whether the code is valid.
    if barcode(sale)?.is_some_and(|code| !code.is_consistent()) {
        warn(
            &"--barcode: its last digit does not match the others; if Centrapay refuses it, scan it again",
        );
    }
    let sale = &SaleArgs {
        items: sale.items.clone().map(Items::warned),
        ..sale.clone()
    };
    if !sale.no_resident
        && let Some(code) = step("resident display", || hand_over::sale(common, sale))?
    {
        return Ok(code);
    }
    app::fonts::read_early();
    let config = step("configuration", || Config::load(common.config.as_deref()))?;
    let client = EarlyClient::begin(&config);
    let prepared = step("order and logos", || prepare(&config, sale))?;
    let source = key_source(&config);
    let credential = step("key", || source.load())?;
    let screen = step("screen", || find_screen(&config, sale.windowed))?;
    let mode = mode(sale.windowed, Some(&screen));
    WindowSize::of(mode, &screen).check(&config)?;
    let directory = data_directory(common)?;
    let journal = step("journal opened", || Journal::open(&directory))?;
    let setup = setup(
        &config,
        client.with(&config, &credential)?,
        journal,
        announcer(common),
        prepared,
        mode,
        code_room(mode, &screen),
    );
    let setup = Setup {
        controls: controls(common),
        effects: setup.effects.with_key_from(source),
        ..setup
    };

    run(setup, &screen, config.display.keep_awake)
}
