//! The people at the counters and their speed. Each duration is random, evenly distributed between two limits.
//! The same seed always gives the same durations.

use std::time::Duration;

use fastrand::Rng;

/// The purposes that have their own random sequence at each display.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Draws {
    /// The actions of customers, and their times.
    Patrons = 1,
    /// When cashiers press a key or start the next sale.
    Cashiers = 2,
    /// The travel times of calls.
    Network = 3,
    /// The random waits of the state machine.
    Machine = 4,
}

impl Draws {
    pub(crate) fn of(self, display: usize, seed: u64) -> Rng {
        Rng::with_seed((seed << 32) + (display as u64 * 8) + self as u64)
    }
}

/// How busy the counters are: the time from the end of a sale to the next start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) name: &'static str,
    least: Duration,
    most: Duration,
}

impl Pace {
    pub(crate) const QUEUE: Self = Self {
        name: "a queue at every counter",
        least: Duration::from_secs(2),
        most: Duration::from_secs(10),
    };
    pub(crate) const CALM: Self = Self {
        name: "calm",
        least: Duration::from_secs(60),
        most: Duration::from_secs(300),
    };

    /// Returns the time of the first sale. The counters open at different times.
    pub(crate) fn first_sale(self, cashier: &mut Rng) -> Duration {
        between(cashier, Duration::ZERO, self.most)
    }

    pub(crate) fn next_sale(self, cashier: &mut Rng) -> Duration {
        between(cashier, self.least, self.most)
    }
}

/// The plan of the people for the code on the screen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wish {
    /// The customer pays after this time.
    Pays(Duration),
    /// The cashier cancels at `cancels`. The customer tries to pay at `pays`; the platform may still accept
    /// the payment.
    Cancelled {
        cancels: Duration,
        pays: Option<Duration>,
    },
    /// The customer leaves without paying, and the request expires.
    WalksOff,
}

impl Wish {
    /// Draws a random plan: of 100 customers, 90 pay, 7 are cancelled by the cashier, and 3 leave.
    pub(crate) fn of(patron: &mut Rng) -> Self {
        // Draws every value in every case, so that one customer's plan does not change the next customer's.
        let chance = patron.u8(0..100);
        let thinks = between(patron, secs(5), secs(40));
        let pays_later = between(patron, Duration::ZERO, secs(10));
        let pays_all_the_same = patron.bool();
        match chance {
            0..90 => Self::Pays(thinks),
            90..97 => Self::Cancelled {
                cancels: thinks,
                pays: pays_all_the_same.then_some(thinks + pays_later),
            },
            _ => Self::WalksOff,
        }
    }
}

/// Returns the time that the cashier needs to read an ending.
pub(crate) fn reading(cashier: &mut Rng) -> Duration {
    between(cashier, secs(2), secs(5))
}

/// Returns the time that a call travels in one direction.
pub(crate) fn on_the_way(network: &mut Rng) -> Duration {
    between(
        network,
        Duration::from_millis(15),
        Duration::from_millis(45),
    )
}

pub(crate) fn between(rng: &mut Rng, least: Duration, most: Duration) -> Duration {
    least + most.saturating_sub(least).mul_f64(rng.f64())
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
