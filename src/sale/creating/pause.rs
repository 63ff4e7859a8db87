//! How long the next try of a create waits.

use std::time::Duration;

use super::{Creating, Step};
use crate::sale::{Delay, State, Timer, Turn};

/// The pause before the second try; doubled before the third.
const PAUSE: Duration = Duration::from_millis(500);
/// A server that says "slow down" without saying for how long.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);
/// However short a time the platform asks for, a throttled create waits at least this long, twice as
/// long the next time, and so on.
const SHORTEST_THROTTLED_PAUSE: Duration = Duration::from_secs(1);
/// The pause of a create that is throttled again and again rises no further.
const LONGEST_RISE: Duration = Duration::from_secs(32);

/// Why the next try waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pause {
    /// The platform could not be reached.
    Unreachable,
    /// The platform asked for patience.
    Throttled,
}

impl Creating {
    /// A platform in trouble is not asked again at once, nor by all displays in the same moment.
    pub(super) fn pause_before_another(mut self, turn: &mut Turn<'_>) -> State {
        let least = PAUSE * self.tries;
        turn.wake(Timer::Recreate, Delay::Between(least, least * 2));
        self.step = Step::BeforeAnother;

        State::Creating(self)
    }

    /// A request may exist, but its code was never shown. A new one under a new reference can
    /// therefore not be a second charge.
    pub(super) fn once_more(self, turn: &mut Turn<'_>) -> State {
        turn.new_attempt(Self::recording(self.tries + 1))
    }
}

/// The pause after so many tries that could not be sent.
pub(super) fn unreachable_pause(tries: u32) -> Delay {
    Delay::For(PAUSE * tries)
}

/// As long as the platform asked for and a little more, so that not all displays come back at once;
/// longer each time, of which `before` says how many there were.
pub(super) fn throttled_pause(retry_after: Option<Duration>, before: u32) -> Delay {
    let doubled = SHORTEST_THROTTLED_PAUSE.saturating_mul(2_u32.saturating_pow(before));
    let rise = doubled.min(LONGEST_RISE);
    let least = retry_after.unwrap_or(THROTTLED_PAUSE).max(rise);

    Delay::Between(least, least + rise)
}
