//! Settling what earlier sales have left open, without a window: for a timer or a start-up script.

use super::failure::warn;
use super::hand_over;
use super::launch::{client, data_directory, key_source};
use super::runtime::Runtime;
use super::{Common, Failure, part};
use crate::config::Config;
use crate::effects::{Announcer, Effects};
use crate::journal::Journal;
use crate::sale::{Command, Rules, Sale, Timing};

/// Settles, tells one line an attempt, and answers with the exit code of the outcome that most
/// needs a person; 0 where nothing was open. Part payments that nobody has decided about are named.
pub(super) fn settle(common: &Common) -> Result<u8, Failure> {
    let code = match hand_over::settle(common)? {
        Some(code) => code,
        None => settle_here(common)?,
    };
    // What was settled is told by the exit code, whatever comes of a remark.
    match part::undecided(common) {
        Ok(Some(remark)) => warn(&remark),
        Ok(None) => {}
        Err(failure) => warn(&failure),
    }

    Ok(code)
}

fn settle_here(common: &Common) -> Result<u8, Failure> {
    let config = Config::load(common.config.as_deref())?;
    let credential = key_source(&config).load()?;
    let client = client(&config, &credential)?;
    let journal = Journal::open(&data_directory(common)?)?;
    let runtime = Runtime::new()?;
    // Nobody looks at a screen here, so a journal that cannot be read is told in a sentence.
    runtime.block_on(journal.recall(None))?;
    let announcer = if common.json {
        Announcer::json_lines(std::io::stdout())
    } else {
        Announcer::plain_lines(std::io::stdout())
    };
    let effects = Effects::new(client, journal, announcer);
    let sale = Sale::new(Rules::from(&config), Timing::from(&config));
    let code = runtime.block_on(effects.drive(sale, Command::Settle));
    effects.finish();

    Ok(code)
}
