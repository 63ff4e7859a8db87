//! Limits what a caller can make this process do, because a till may write without end.

use std::io::{self, Read};
use std::thread;
use std::time::{Duration, Instant};

/// An allowance that is used up and refills with time.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    most: f64,
    per_second: f64,
    left: f64,
    at: Instant,
}

impl RateLimiter {
    /// Allows `most` at once, and `per_second` from then on.
    pub(crate) fn new(most: f64, per_second: f64) -> Self {
        Self {
            most,
            per_second,
            left: most,
            at: Instant::now(),
        }
    }

    /// Takes an amount, also if too little is left, and returns how long to wait until the allowance covers it.
    pub(crate) fn take(&mut self, amount: f64) -> Duration {
        self.refill();
        self.left -= amount;

        Duration::from_secs_f64((-self.left / self.per_second).max(0.0))
    }

    pub(crate) fn take_one(&mut self) -> bool {
        self.refill();
        let is_allowed = self.left >= 1.0;
        if is_allowed {
            self.left -= 1.0;
        }

        is_allowed
    }

    pub(crate) fn is_full(&mut self) -> bool {
        self.refill();

        self.left >= self.most
    }

    fn refill(&mut self) {
        let now = Instant::now();
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.per_second).min(self.most);
    }
}

/// A reader with limited speed. It is fast enough for every till, but slows down a writer that never stops.
pub(crate) struct ThrottledReader<R> {
    reader: R,
    bytes: RateLimiter,
}

impl<R> ThrottledReader<R> {
    pub(crate) fn new(reader: R) -> Self {
        const BYTES_A_SECOND: f64 = 256.0 * 1024.0;

        Self {
            reader,
            bytes: RateLimiter::new(BYTES_A_SECOND, BYTES_A_SECOND),
        }
    }
}

impl<R: Read> Read for ThrottledReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        #[allow(clippy::cast_precision_loss, reason = "a buffer is short")]
        thread::sleep(self.bytes.take(length as f64));

        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f70_excess_is_delayed_not_lost() {
        let mut allowance = RateLimiter::new(20.0, 2.0);
        let waits: Vec<_> = (0..24).map(|_| allowance.take(1.0)).collect();
        assert!(waits[..20].iter().all(Duration::is_zero));
        let second = Duration::from_secs(1);
        assert!(waits[23] > second && waits[23] <= 2 * second, "{waits:?}");
    }
}
