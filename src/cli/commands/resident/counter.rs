//! Prepares the sales of a resident display.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::desk::arguments;
use crate::app::resident::{Provider, ServedSale, Settlement};
use crate::app::{self, Mode, Setup};
use crate::centrapay::Client;
use crate::cli::arguments::SaleArgs;
use crate::cli::failure::CommandError;
use crate::cli::launch::{self, prepare};
use crate::cli::session::key_source;
use crate::cli::window_size::WindowSize;
use crate::config::key::Credential;
use crate::config::{Api, Config, Terminal};
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
    pub(super) client: Mutex<Option<SharedClient>>,
}

/// The client of all sales with the same `[api]` and `[terminal]`. They share its connections.
#[derive(Debug)]
pub(super) struct SharedClient {
    api: Api,
    terminal: Terminal,
    /// Without a credential.
    client: Client,
    /// Keeps a connection open for the next sale. Ends with this client.
    _keeper: JoinSet<()>,
}

impl SharedClient {
    fn new(config: &Config) -> Result<Self, CommandError> {
        let client = Client::without_credential(&config.api, config.terminal.clone())?;
        let mut keeper = JoinSet::new();
        if let Ok(runtime) = app::runtime() {
            let client = client.clone();
            keeper.spawn_on(async move { client.keep_connection_open().await }, &runtime);
        }

        Ok(Self {
            api: config.api.clone(),
            terminal: config.terminal.clone(),
            client,
            _keeper: keeper,
        })
    }

    fn serves(&self, config: &Config) -> bool {
        self.api == config.api && self.terminal == config.terminal
    }
}

impl SaleProvider {
    /// Prepares the idle screen. The next sale gets a client with today's root certificates.
    pub(super) fn idle_setup(&self) -> Result<ServedSale, CommandError> {
        self.forget_client();

        self.by_hand_setup()
    }

    fn by_hand_setup(&self) -> Result<ServedSale, CommandError> {
        self.served(
            self.config.as_deref(),
            &SaleArgs::default(),
            Announcer::silent(),
        )
    }

    fn shared_client(&self) -> MutexGuard<'_, Option<SharedClient>> {
        // A panic of another thread cannot leave half a client.
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_client(&self) {
        *self.shared_client() = None;
    }

    /// Returns a client with this credential. It shares the connections of earlier sales if `[api]` and `[terminal]` are
    /// the same.
    fn client(&self, config: &Config, credential: &Credential) -> Result<Client, CommandError> {
        let mut shared = self.shared_client();
        let usable = shared.take().filter(|shared| shared.serves(config));
        let usable = usable.map_or_else(|| SharedClient::new(config), Ok)?;
        let client = usable.client.for_sale().with_credential(credential)?;
        *shared = Some(usable);

        Ok(client)
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
            self.client(&config, &credential)?,
            self.journal.clone(),
            announcer,
            prepared,
            self.mode,
            self.room,
        );

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
        let client = self.client(&config, &credential)?;
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
        Ok(self.by_hand_setup()?)
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
