use std::fmt::Debug;

use crate::display::Setup;
use crate::effects::Effects;
use crate::sale::{Rules, Timing};
use crate::stand::Caller;

/// Who prepares what a stand is asked for, from a configuration and a key that are read anew each time.
/// Every function may read files, and is called where nobody waits for that.
pub trait Provider: Debug + Send + Sync {
    /// What the idle screen looks like, and what looks after earlier sales.
    ///
    /// # Errors
    ///
    /// Why that cannot be done now.
    fn idle(&self) -> Result<Served, Refusal>;

    /// A sale that the cashier enters.
    ///
    /// # Errors
    ///
    /// Why nothing can be sold.
    fn by_hand(&self) -> Result<Served, Refusal>;

    /// What this caller asks for.
    ///
    /// # Errors
    ///
    /// Why it cannot be done. Nothing was begun.
    fn errand(&self, request: &str, caller: &Caller) -> Result<Errand, Refusal>;

    /// What a caller is told while another sale is on.
    fn busy(&self) -> Refusal;
}

/// A sale, or the wait for one.
#[derive(Debug, Clone)]
pub struct Served {
    /// The display.
    pub setup: Setup,
    /// Whether the screen is kept from going dark in a sale.
    pub keep_awake: bool,
    /// Whether the idle screen has a clock.
    pub clock: bool,
}

/// What a caller asks for.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Errand {
    /// To sell.
    Sale(Served),
    /// To settle what earlier sales have left.
    Settle(Effects, Rules, Timing),
}

/// Why something was not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The exit code for it.
    pub code: u8,
    /// Why, and what to do.
    pub sentence: String,
}

impl Refusal {
    /// Something is wrong with this machine, by sysexits.
    const SYSTEM: u8 = 71;

    /// A breakdown within the program.
    pub(super) fn of(error: &dyn std::fmt::Display) -> Self {
        Self {
            code: Self::SYSTEM,
            sentence: error.to_string(),
        }
    }
}
