//! Recovery of attempts that earlier launches left unsettled.

mod current_attempt;
mod earlier;
mod journaled_sale;
mod lost_display;
mod settle_summary;
mod watch;

pub use earlier::{AttemptKey, Earlier, Generation, Known, Recollection, Standing, VOID_WINDOW};
pub use journaled_sale::JournaledSale;
pub use lost_display::{HandOverOutcome, HandedOver};

pub(crate) use current_attempt::{AttemptOrigin, CurrentAttempt};
pub(crate) use settle_summary::SettleSummary;
pub(crate) use watch::AttemptWatch;
