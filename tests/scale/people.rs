//! Who is at the counters, and how long they take. Every time is drawn evenly between two ends, from
//! a sequence that is the same for the same seed, whatever the machines do.

use std::time::Duration;

use fastrand::Rng;

/// What a sequence of drawn times is for. Each display has one of each.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Draws {
    /// What customers do, and when.
    Patrons = 1,
    /// When cashiers press a key, and when they sell next.
    Cashiers = 2,
    /// How long calls are on their way.
    Network = 3,
    /// The waits that the machine leaves to chance.
    Machine = 4,
}

impl Draws {
    pub(crate) fn of(self, display: usize, seed: u64) -> Rng {
        Rng::with_seed((seed << 32) + (display as u64 * 8) + self as u64)
    }
}

/// How busy the counters are: from the end of a sale to the start of the next one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) name: &'static str,
    least: Duration,
    most: Duration,
}

impl Pace {
    /// The next customer stands there already.
    pub(crate) const QUEUE: Self = Self {
        name: "a queue at every counter",
        least: Duration::from_secs(2),
        most: Duration::from_secs(10),
    };
    /// A customer now and then.
    pub(crate) const CALM: Self = Self {
        name: "calm",
        least: Duration::from_secs(60),
        most: Duration::from_secs(300),
    };

    /// The counters open, not all at once.
    pub(crate) fn first_sale(self, cashier: &mut Rng) -> Duration {
        between(cashier, Duration::ZERO, self.most)
    }

    pub(crate) fn next_sale(self, cashier: &mut Rng) -> Duration {
        between(cashier, self.least, self.most)
    }
}

/// What becomes of a code that is on the screen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wish {
    /// The customer pays so long after it came up.
    Pays(Duration),
    /// The cashier cancels after `cancels`; a customer who was about to pay does so all the same, at
    /// `pays`, if the platform still lets it.
    Cancelled {
        cancels: Duration,
        pays: Option<Duration>,
    },
    /// Nobody does anything until its time is over.
    WalksOff,
}

impl Wish {
    /// Of a hundred customers 90 pay, the cashier cancels on 7, and 3 walk off.
    pub(crate) fn of(patron: &mut Rng) -> Self {
        // All are drawn each time, so that one customer's choice does not change the next one.
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

/// The cashier has read an ending.
pub(crate) fn reading(cashier: &mut Rng) -> Duration {
    between(cashier, secs(2), secs(5))
}

/// One way to the platform or back.
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
