//! What a day came to.

use std::time::Duration;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// From each payment at the platform to the machine's PAID.
    pub(crate) detected: Vec<Duration>,
    /// From each start of a sale to its code.
    pub(crate) codes: Vec<Duration>,
    /// From the cashier's key to the ending.
    pub(crate) voided: Vec<Duration>,
    /// Sales whose create the platform refused at least once.
    pub(crate) creates_refused: u64,
    /// Calls that the platform refused while the shop was open.
    pub(crate) refused: u64,
    /// Sales that ended while the shop was open.
    pub(crate) sales: u64,
    pub(crate) sales_paid: u64,
    /// Payments that nobody wanted to cancel, and that were taken back since no answer came in time.
    pub(crate) given_back_unseen: u64,
    /// How often an ending was unknown for a while.
    pub(crate) unknown: u64,
}

impl Figures {
    pub(crate) fn code_stood(&mut self, after: Duration, refused: bool) {
        self.codes.push(after);
        self.creates_refused += u64::from(refused);
    }
}

/// The duration that `percent` of all do not exceed; 100 is the longest. Zero where there is none.
pub(crate) fn percentile(durations: &[Duration], percent: usize) -> Duration {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len() * percent).div_ceil(100);

    sorted
        .get(place.saturating_sub(1))
        .copied()
        .unwrap_or_default()
}
