use std::path::{Path, PathBuf};

use tokio::runtime::Handle;

use super::{Errand, What, overheard};
use crate::cli::fit::Pixels;
use crate::cli::launch::{self, choose, key_source};
use crate::cli::{Failure, SaleArgs};
use crate::config::Config;
use crate::display::stand::{self as display, Provider, Refusal, Served};
use crate::display::{Mode, Setup};
use crate::effects::{Announcer, Effects};
use crate::journal::{Journal, JournalError};
use crate::sale::{Rules, Timing};
use crate::stand::Caller;

/// What a stand prepares its sales from.
#[derive(Debug)]
pub(super) struct Shop {
    /// The configuration for what nobody has called for.
    pub(super) config: Option<PathBuf>,
    pub(super) directory: PathBuf,
    /// Held, and with it the counter.
    pub(super) journal: Journal,
    pub(super) mode: Mode,
    pub(super) room: Option<u32>,
    /// How large the window is.
    pub(super) pixels: Pixels,
}

impl Shop {
    /// What is on the screen while nobody is served.
    pub(super) fn idle_setup(&self) -> Result<Served, Failure> {
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
    ) -> Result<Served, Failure> {
        let config = Config::load(config)?;
        let chosen = choose(&config, sale)?;
        // The idle screen is shown whatever it is too small for.
        if chosen.order().is_some() {
            self.pixels.fit(&config)?;
        }
        let source = key_source(&config);
        let credential = source.load()?;
        let setup = launch::setup(
            &config,
            &credential,
            self.journal.clone(),
            announcer,
            chosen,
            self.mode,
            self.room,
        )?;

        Ok(Served {
            setup: Setup {
                effects: setup.effects.with_key_from(source),
                ..setup
            },
            keep_awake: config.display.keep_awake,
            clock: config.display.clock,
        })
    }

    fn do_errand(&self, request: &str, caller: &Caller) -> Result<display::Errand, Failure> {
        let errand: Errand =
            serde_json::from_str(request).map_err(|error| Failure::System(error.into()))?;
        let config = errand.config();
        overheard::by(caller, errand.verbose);
        match &errand.what {
            What::Sale(sale) => {
                let announcer = match errand.json {
                    true => Announcer::json_lines(caller.events()),
                    false => Announcer::silent(),
                };

                self.served(Some(&config), sale, announcer)
                    .map(display::Errand::Sale)
            }
            What::Settle => {
                let config = Config::load(Some(&config))?;
                let credential = key_source(&config).load()?;
                let client = launch::client(&config, &credential)?;
                // Nobody looks at a screen for it, so a journal that cannot be read is told in a sentence.
                Handle::current().block_on(self.journal.recall(None))?;
                let announcer = match errand.json {
                    true => Announcer::json_lines(caller.events()),
                    false => Announcer::plain_lines(caller.events()),
                };

                Ok(display::Errand::Settle(
                    Effects::new(client, self.journal.clone(), announcer),
                    Rules::from(&config),
                    Timing::from(&config),
                ))
            }
        }
    }
}

impl Provider for Shop {
    fn idle(&self) -> Result<Served, Refusal> {
        self.idle_setup().map_err(|failure| refusal(&failure))
    }

    fn by_hand(&self) -> Result<Served, Refusal> {
        self.idle()
    }

    fn errand(&self, request: &str, caller: &Caller) -> Result<display::Errand, Refusal> {
        self.do_errand(request, caller).map_err(|failure| {
            tracing::info!(%failure, "command failed");

            refusal(&failure)
        })
    }

    fn busy(&self) -> Refusal {
        refusal(&Failure::Journal(JournalError::Taken {
            path: self.directory.clone(),
        }))
    }
}

fn refusal(failure: &Failure) -> Refusal {
    Refusal {
        code: failure.exit_code(),
        sentence: failure.to_string(),
    }
}
