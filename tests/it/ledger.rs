//! Random long days at a counter: many launches of several sales, kills, lost and late answers, keys and late
//! payments. Each step is checked against the true state of the platform.
//!
//! The model checker explores small worlds completely (`tests/it/model.rs`). The worlds here are too large for
//! that. If a day fails, proptest shrinks it to the shortest day that still fails.

use std::str::FromStr;

use crate::model::till::{Shop, Wish, resident_timing, rules, timing};
use crate::model::world::{Action, Counter, Limits, World};
use patron_display::sale::{Sale, Timing};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use stateright::{Expectation, Model};

const LAUNCHES: &[Wish] = &[
    Wish::Sell(Shop::A),
    Wish::Sell(Shop::DearerA),
    Wish::Sell(Shop::B),
    Wish::Sell(Shop::Barcode),
    Wish::Sell(Shop::BarcodeWithoutAccount),
    Wish::Sell(Shop::AsGiven),
    Wish::Open,
    Wish::Settle,
];

/// Limits that would make too many worlds for the model checker.
const LONG_DAY: Limits = Limits {
    launches: 80,
    crashes: 40,
    lost_answers: 60,
    unsent: 40,
    late_payments: 10,
    parts: 6,
    commands: 80,
    sleeps: 10,
    slow_reads: 20,
    full_disks: 0,
    unseen_codes: 10,
    strangers: 10,
    rechecks: 40,
    kept: true,
};

/// Simulates a day chosen by `choices`. Returns its actions and the first broken property.
fn live_through(counter: &Counter, choices: &[u16]) -> (Vec<Action>, Option<&'static str>) {
    let mut world = counter.init_states().remove(0);
    let mut happened = Vec::new();
    for choice in choices {
        let mut possible = Vec::new();
        counter.actions(&world, &mut possible);
        if possible.is_empty() {
            break;
        }
        let action = possible[usize::from(*choice) % possible.len()];
        let next = counter.next_state(&world, action);
        let Some(next) = next.filter(|next| counter.within_boundary(next)) else {
            continue;
        };
        happened.push(action);
        world = next;
        if let Some(broken) = broken_property(counter, &world) {
            return (happened, Some(broken));
        }
    }

    (happened, None)
}

fn broken_property(counter: &Counter, world: &World) -> Option<&'static str> {
    counter
        .properties()
        .into_iter()
        .filter(|property| matches!(property.expectation, Expectation::Always))
        .find(|property| !(property.condition)(counter, world))
        .map(|property| property.name)
}

fn counter(timing: Timing) -> Counter {
    Counter {
        attempts: 60,
        desks: 2,
        ..Counter::new(Sale::new(rules(), timing), LAUNCHES, LONG_DAY)
    }
}

thread_local! {
    /// All days share these counters, because they cache the results of the state machine.
    static COUNTER: Counter = counter(timing());
    static RESIDENT: Counter = Counter {
        serves: true,
        ..counter(resident_timing())
    };
}

/// Reads a number from the environment. Without the variables, each run plays the same days with the same result.
fn from_environment<T: FromStr>(variable: &str) -> Option<T> {
    std::env::var(variable).ok()?.parse().ok()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: from_environment("LEDGER_DAYS").unwrap_or(3_000),
        rng_seed: RngSeed::Fixed(from_environment("LEDGER_SEED").unwrap_or(1)),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_day_breaks_a_property(
        choices in prop::collection::vec(any::<u16>(), 1..300),
        is_resident in any::<bool>()
    ) {
        let counter = if is_resident { &RESIDENT } else { &COUNTER };
        let (happened, broken) = counter.with(|counter| live_through(counter, &choices));
        prop_assert!(broken.is_none(), "{broken:?} after\n{happened:#?}");
    }
}
