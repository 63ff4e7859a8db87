//! Prepares the sales of a resident display.

use std::path::{Path, PathBuf};

use tokio::runtime::Handle;

use super::desk::arguments;
use crate::app::resident::{Provider, ServedSale, Settlement};
use crate::app::{Mode, Setup};
use crate::cli::arguments::SaleArgs;
use crate::cli::failure::CommandError;
use crate::cli::launch::{self, prepare};
use crate::cli::session::{client, key_source};
use crate::cli::window_size::WindowSize;
use crate::config::Config;
use crate::journal::Journal;
use crate::local_api::{CallRefusal, EarlierEvents, NewSale, SaleFeed};
use crate::runtime::effects::{Announcer, Effects};
use crate::sale::{Rules, Timing};

/// Prepares the sales of a resident display.
#[derive(Debug)]
pub(super) struct SaleProvider {
    /// The path of the configuration for the idle screen, for tills, and for sales that the cashier starts there.
    pub(super) config: Option<PathBuf>,
    /// The journal. Its lock reserves the counter for this display.
    pub(super) journal: Journal,
    pub(super) mode: Mode,
    pub(super) room: Option<u32>,
    pub(super) window_size: WindowSize,
}

impl SaleProvider {
    pub(super) fn idle_setup(&self) -> Result<ServedSale, CommandError> {
        self.served(
            self.config.as_deref(),
            &SaleArgs::default(),
            Announcer::silent(),
        )
    }

    fn served(
        &self,
        config: Option<&Path>,
        sale: &SaleArgs,
        announcer: Announcer,
    ) -> Result<ServedSale, CommandError> {
        let config = Config::load(config)?;
        let prepared = prepare(&config, sale)?;
        // The idle screen needs no room for a code.
        if prepared.order.is_some() {
            self.window_size.check(&config)?;
        }
        let source = key_source(&config);
        let credential = source.load()?;
        let setup = launch::setup(
            &config,
            &credential,
            self.journal.clone(),
            announcer,
            prepared,
            self.mode,
            self.room,
        )?;

        Ok(ServedSale {
            setup: Setup {
                effects: setup.effects.with_key_from(source),
                ..setup
            },
            keep_awake: config.display.keep_awake,
            clock: config.display.clock,
        })
    }

    fn settle(
        &self,
        config: Option<&Path>,
        earlier: EarlierEvents,
    ) -> Result<Settlement, CommandError> {
        let config = Config::load(config.or(self.config.as_deref()))?;
        let credential = key_source(&config).load()?;
        let client = client(&config, &credential)?;
        // No screen shows the result, so an unreadable journal must end the call with an error.
        Handle::current().block_on(self.journal.recall(None))?;

        Ok(Settlement {
            effects: Effects::new(client, self.journal.clone(), Announcer::to(earlier)),
            rules: Rules::from(&config),
            timing: Timing::from(&config),
        })
    }
}

impl Provider for SaleProvider {
    fn idle(&self) -> Result<ServedSale, CallRefusal> {
        Ok(self.idle_setup()?)
    }

    fn by_hand(&self) -> Result<ServedSale, CallRefusal> {
        self.idle()
    }

    fn sale(&self, sale: &NewSale, feed: &SaleFeed) -> Result<ServedSale, CallRefusal> {
        let config = sale.launch.as_ref().map(|launch| launch.config.as_path());
        let served = self.served(
            config.or(self.config.as_deref()),
            &arguments(sale)?,
            Announcer::to(feed.clone()),
        );

        Ok(served?)
    }

    fn settlement(
        &self,
        config: Option<&Path>,
        earlier: EarlierEvents,
    ) -> Result<Settlement, CallRefusal> {
        Ok(self.settle(config, earlier)?)
    }
}
