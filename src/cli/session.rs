//! Opens what several commands need: the key, the data directory, the client, the till's streams and a runtime.

use std::env;
use std::io;
use std::path::PathBuf;

use directories::ProjectDirs;
use tokio::runtime;

use super::arguments::Common;
use super::failure::CommandError;
use crate::centrapay::Client;
use crate::config::Config;
use crate::config::key::{Credential, KeySource};
use crate::runtime::control::Controls;
use crate::runtime::effects::Announcer;
use crate::runtime::process;

/// Returns where to load the configuration's key from. Also disables core dumps of this process.
pub(super) fn key_source(config: &Config) -> KeySource {
    prevent_core_dumps();

    KeySource::new(config.api.clone(), |name| env::var_os(name))
}

/// Prevents core dumps and debuggers of the same user, which would reveal the key. If the system refuses, the sale
/// goes on, because it is worth more than this precaution.
fn prevent_core_dumps() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};

        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::warn!(%error, "a core dump could contain the key");
        }
    }
}

pub(super) fn client(config: &Config, credential: &Credential) -> Result<Client, CommandError> {
    let terminal = config.terminal.clone();

    Ok(Client::new(&config.api, credential, terminal)?)
}

/// Returns the directory of the journal.
pub(super) fn data_directory(common: &Common) -> Result<PathBuf, CommandError> {
    if let Some(directory) = &common.data_dir {
        return Ok(directory.clone());
    }

    ProjectDirs::from("", "", "patron-display")
        .map(|directories| directories.data_dir().to_owned())
        .ok_or(CommandError::NoDataDirectory)
}

pub(super) fn announcer(common: &Common) -> Announcer {
    match common.json {
        true => Announcer::json_lines(io::stdout()),
        false => Announcer::silent(),
    }
}

/// Returns the till's commands on standard input, if `--control` asks for them.
pub(super) fn controls(common: &Common) -> Controls {
    match common.control {
        true => Controls::read(io::stdin()),
        false => Controls::none(),
    }
}

/// A tokio runtime for a command without a window. Dropping it waits for no task: a name look-up cannot be
/// cancelled, and a name server that never answers must not delay the end of the command.
pub(super) struct Runtime(Option<runtime::Runtime>);

impl Runtime {
    pub(super) fn new() -> io::Result<Self> {
        process::runtime().map(|runtime| Self(Some(runtime)))
    }

    /// Creates a runtime that works on the calling thread only.
    pub(super) fn of_one_thread() -> io::Result<Self> {
        runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    pub(super) fn block_on<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(work),
            None => unreachable!("the runtime exists until it is dropped"),
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn f4_end_waits_for_no_name_server() {
        let begun = Instant::now();
        let runtime = Runtime::new().expect("a runtime");
        runtime.block_on(async {
            // Like a name look-up, this task cannot be cancelled.
            tokio::task::spawn_blocking(|| thread::sleep(Duration::from_secs(30)));
        });
        drop(runtime);
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn f55_reading_the_key_prevents_core_dumps() {
        use std::path::Path;

        use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};

        const SHOP: &str = "[api]\napi-key-file = \"/nowhere/centrapay.key\"\n\
                            [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\n\
                            name = \"Café\"\n";
        set_dumpable_behavior(DumpableBehavior::Dumpable).unwrap();
        let config = Config::from_str(SHOP, Path::new("shop.toml")).unwrap();
        assert!(key_source(&config).load().is_err());
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    }
}
