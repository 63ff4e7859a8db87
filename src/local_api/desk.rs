//! The interface through which the service serves its clients without the screen.

use std::fmt::Debug;

use futures_util::future::BoxFuture;
use serde_json::value::RawValue;

use super::feed::Terms;
use super::protocol::{Done, HistoryFilter, NewSale, RefundInput, SaleStatus};
use super::tills::{TillError, Tills};
use crate::refund::PartDecision;

/// Answers questions about sales from the configuration and the journal. Its functions may wait for files: call them
/// on a thread for that.
pub trait Desk: Debug + Send + Sync {
    /// Reads and checks a sale, before the display is asked.
    ///
    /// # Errors
    ///
    /// If the sale or the configuration is wrong.
    fn terms(&self, sale: &NewSale) -> Result<CheckedTerms, CallRefusal>;

    /// Returns what the journal has of a sale; `None` if it has nothing.
    ///
    /// # Errors
    ///
    /// If the journal cannot be read.
    fn recorded(&self, reference: &str) -> Result<Option<SaleStatus>, CallRefusal>;

    /// Returns the sales that match, oldest first, as JSON objects.
    ///
    /// # Errors
    ///
    /// If the filter is wrong, or the journal cannot be read.
    fn history(&self, filter: &HistoryFilter) -> Result<Vec<Box<RawValue>>, CallRefusal>;

    /// Returns the number of unsettled sales and of unacknowledged late payments.
    ///
    /// # Errors
    ///
    /// If the journal cannot be read.
    fn counts(&self) -> Result<(u64, u64), CallRefusal>;

    /// Returns the tills that may call.
    ///
    /// # Errors
    ///
    /// If their file cannot be read.
    fn tills(&self) -> Result<Tills, TillError>;

    /// Refunds a payment. The work goes on if the future is dropped: a client that goes away stops no refund.
    fn refund(&self, refund: RefundInput) -> BoxFuture<'static, Result<Done, CallRefusal>>;

    /// Decides about a part payment. The work goes on if the future is dropped.
    ///
    /// `name`: a reference, an id or a short code; it may be missing if only one part payment waits.
    fn decide(
        &self,
        decision: PartDecision,
        name: Option<String>,
    ) -> BoxFuture<'static, Result<Done, CallRefusal>>;
}

/// A sale that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTerms {
    /// The terms of the sale.
    pub terms: Terms,
    /// Whether the journal has the same sale from before.
    pub is_known: bool,
}

/// The reason why nothing was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRefusal {
    /// The exit code of the command for this error.
    pub code: u8,
    /// The reason and the remedy, in words.
    pub sentence: String,
}

impl CallRefusal {
    /// The exit code for an error of this machine, by sysexits.
    const SYSTEM: u8 = 71;

    /// Returns the refusal for an error within the program.
    pub fn of(error: &dyn std::fmt::Display) -> Self {
        Self {
            code: Self::SYSTEM,
            sentence: error.to_string(),
        }
    }
}
