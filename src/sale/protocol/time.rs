//! Time as the state machine sees it.

use std::time::Duration;

use crate::domain::payment::Failure;

/// A point on the monotonic clock: the time since the program started. The wall clock decides nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Duration);

impl Moment {
    /// Returns the moment that is `since_start` after the program started.
    pub const fn after_start(since_start: Duration) -> Self {
        Self(since_start)
    }

    /// Returns the moment that is `later` after this one.
    #[must_use]
    pub fn plus(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later))
    }

    /// Returns the time from `earlier` to this moment; zero if `earlier` comes after it.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// A timer of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Try the create again.
    Recreate,
    /// The next poll.
    Poll,
    /// The request expires.
    Deadline,
    /// The platform's time to settle after the deadline is over.
    Settled,
    /// The platform has refused every poll of the request for too long.
    Denied,
    /// Try the void again, or the read or list after it.
    Revoid,
    /// Check an unknown outcome again.
    Recheck,
    /// Leave an ending that needs no person.
    LeaveEnding,
    /// End the program, whatever is known.
    LeaveNow,
}

/// A time to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delay {
    /// This long.
    For(Duration),
    /// Until this moment; no wait if it has passed.
    Until(Moment),
    /// A random time up to this long, so that many displays do not come back at once.
    UpTo(Duration),
    /// A random time from the first to the second.
    Between(Duration, Duration),
}

impl Delay {
    /// The pause before a void, or a read after it, is tried again.
    pub(in super::super) const RETRY: Duration = Duration::from_secs(1);

    /// Returns the pause after this failure: at least [`RETRY`](Self::RETRY), and longer if the platform asks for
    /// it. It has no random part, so that a void comes before the polls of other displays.
    pub(in super::super) fn after(failure: &Failure) -> Self {
        match failure {
            Failure::Throttled {
                retry_after: Some(wait),
            } => Self::For((*wait).max(Self::RETRY)),
            _ => Self::For(Self::RETRY),
        }
    }
}

/// The times that the configuration sets: for endings on the screen and for polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timing {
    /// Display time of the confirmation of a payment.
    pub close_after: Duration,
    /// Display time of other endings, except unknown ones; `None`: until a key is pressed.
    pub leave_after: Option<Duration>,
    /// The interval of polls, unless the number of counters needs a longer one.
    pub poll_every: Duration,
    /// The number of counters that share the account's calls, with this one.
    pub counters: u32,
    /// The time for which a repeated reference means the same sale.
    pub reference_lifetime: Duration,
    /// Whether the till is told at once that the sale is paid, as soon as that is on disk. Otherwise it is told when
    /// the ending leaves the screen.
    pub outcome_at_once: bool,
}
