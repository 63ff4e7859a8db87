use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);

/// Counts calls for each key over the last 60 seconds. On the monotonic clock, so that setting
/// the wall clock locks nobody out; it is told the time, so a simulation can count with it, too.
#[derive(Debug)]
pub struct RateLimit {
    per_minute: usize,
    calls: HashMap<String, VecDeque<Instant>>,
    refused: u64,
}

impl RateLimit {
    /// So many calls for each key in any 60 seconds.
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute: usize::try_from(per_minute).unwrap_or(usize::MAX),
            calls: HashMap::new(),
            refused: 0,
        }
    }

    /// Counts a call, unless it is one too many. Calls that were refused do not count.
    ///
    /// # Errors
    /// The whole seconds to wait, at least 1, when the key has used its calls up.
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

    /// How many calls were one too many.
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
    fn the_call_after_the_last_waits_until_the_oldest_leaves_the_window() {
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
    fn each_key_has_its_own_calls() {
        let now = Instant::now();
        let mut limit = RateLimit::new(1);
        assert_eq!(limit.admit("one", now), Ok(()));
        assert_eq!(limit.admit("two", now), Ok(()));
        assert_eq!(limit.admit("one", now), Err(60));
    }
}
