//! The platform's rate limit.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);

/// Counts the calls of each key over the last 60 seconds. It uses the monotonic clock, so that a change of the
/// wall clock has no effect. The caller passes the time, so that a simulation can use it too.
#[derive(Debug)]
pub struct RateLimit {
    per_minute: usize,
    calls: HashMap<String, VecDeque<Instant>>,
    refused: u64,
}

impl RateLimit {
    /// Allows this many calls for each key in any 60 seconds.
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute: usize::try_from(per_minute).unwrap_or(usize::MAX),
            calls: HashMap::new(),
            refused: 0,
        }
    }

    /// Counts a call, if it is within the limit. Refused calls do not count.
    ///
    /// # Errors
    /// The seconds to wait (at least 1) if the limit is reached.
    pub fn admit(&mut self, key: &str, now: Instant) -> Result<(), u64> {
        self.forget_before(now);
        let calls = self.calls.entry(key.to_owned()).or_default();
        if calls.len() < self.per_minute {
            calls.push_back(now);
            return Ok(());
        }

        self.refused += 1;
        let age = calls
            .front()
            .map_or(Duration::ZERO, |oldest| now.duration_since(*oldest));
        let wait = WINDOW.saturating_sub(age);
        Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }

    /// Number of refused calls.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    fn forget_before(&mut self, now: Instant) {
        self.calls.retain(|_, calls| {
            while calls
                .front()
                .is_some_and(|call| now.duration_since(*call) >= WINDOW)
            {
                calls.pop_front();
            }
            !calls.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wait_ends_when_the_oldest_call_does() {
        let start = Instant::now();
        let mut limit = RateLimit::new(2);
        assert_eq!(limit.admit("key", start), Ok(()));
        assert_eq!(limit.admit("key", start + Duration::from_secs(10)), Ok(()));

        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(limit.admit("key", at(20_500)), Err(40));
        assert_eq!(limit.admit("key", at(59_999)), Err(1));
        assert_eq!(limit.admit("key", at(60_000)), Ok(()));
        assert_eq!(limit.admit("key", at(60_001)), Err(10));
    }

    #[test]
    fn each_key_has_its_own_limit() {
        let now = Instant::now();
        let mut limit = RateLimit::new(1);
        assert_eq!(limit.admit("one", now), Ok(()));
        assert_eq!(limit.admit("two", now), Ok(()));
        assert_eq!(limit.admit("one", now), Err(60));
    }
}
