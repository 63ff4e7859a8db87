//! The interface through which the resident display gets its sales.

use std::fmt::Debug;
use std::path::Path;

use crate::app::setup::Setup;
use crate::local_api::{CallRefusal, EarlierEvents, NewSale, SaleFeed};
use crate::runtime::effects::Effects;
use crate::sale::{Rules, Timing};

/// Prepares sales for the resident display. Each time, it reads the configuration and the API key again. Call its
/// functions on a thread that may wait for files.
pub trait Provider: Debug + Send + Sync {
    /// Prepares the idle screen, which also checks earlier sales.
    ///
    /// # Errors
    ///
    /// If the idle screen cannot be prepared now.
    fn idle(&self) -> Result<ServedSale, CallRefusal>;

    /// Prepares a sale that the cashier enters.
    ///
    /// # Errors
    ///
    /// If no sale can be prepared.
    fn by_hand(&self) -> Result<ServedSale, CallRefusal>;

    /// Prepares a till's sale, which tells `feed`.
    ///
    /// # Errors
    ///
    /// If the sale cannot be prepared. In this case nothing was started.
    fn sale(&self, sale: &NewSale, feed: &SaleFeed) -> Result<ServedSale, CallRefusal>;

    /// Prepares to settle earlier sales, with this configuration or the display's own.
    ///
    /// # Errors
    ///
    /// If this cannot be prepared. In this case nothing was started.
    fn settlement(
        &self,
        config: Option<&Path>,
        earlier: EarlierEvents,
    ) -> Result<Settlement, CallRefusal>;
}

/// The parameters to serve a sale, or to show the idle screen between sales.
#[derive(Debug, Clone)]
pub struct ServedSale {
    /// The setup of the display for the sale or the idle screen.
    pub setup: Setup,
    /// Whether the screen stays on during the sale.
    pub keep_awake: bool,
    /// Whether the idle screen has a clock.
    pub clock: bool,
}

/// The parameters to settle earlier sales.
#[derive(Debug)]
pub struct Settlement {
    /// Runs the effects.
    pub effects: Effects,
    /// The rules for checking the platform's answers.
    pub rules: Rules,
    /// The times.
    pub timing: Timing,
}

/// A sale or a settlement that was prepared.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Prepared {
    /// Start this sale.
    Sale(ServedSale),
    /// Settle earlier sales.
    Settlement(Settlement),
}
