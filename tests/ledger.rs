//! Long days at the counter, at random: many launches of two sales, kills, lost and late answers,
//! keys and late payments, each step checked against the ledger of the platform.
//!
//! The model checker explores small worlds to the end (`tests/model.rs`); here the worlds are far
//! larger than can be explored, and what fails is shrunk to the shortest day that does.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "not everything of the worlds is needed here; what they cannot happen on is a failure"
)]

mod model {
    pub(crate) mod disk;
    pub(crate) mod machine;
    pub(crate) mod process;
    pub(crate) mod properties;
    pub(crate) mod server;
    pub(crate) mod steps;
    pub(crate) mod till;
    pub(crate) mod world;
}

use std::str::FromStr;

use model::till::{Shop, Wish, rules, timing};
use model::world::{Action, Counter, Limits, World};
use patron_display::sale::Sale;
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

/// More of everything than the model checker could explore.
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

/// What happens on a day that is chosen by `choices`, and the first promise that was broken.
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
        if let Some(broken) = broken_promise(counter, &world) {
            return (happened, Some(broken));
        }
    }

    (happened, None)
}

fn broken_promise(counter: &Counter, world: &World) -> Option<&'static str> {
    counter
        .properties()
        .into_iter()
        .filter(|property| matches!(property.expectation, Expectation::Always))
        .find(|property| !(property.condition)(counter, world))
        .map(|property| property.name)
}

/// One line for each thing that happened.
fn story(happened: &[Action]) -> String {
    happened
        .iter()
        .map(|action| format!("  {action:?}\n"))
        .collect()
}

thread_local! {
    /// It remembers the machine's answers, so that a day like another one costs little.
    static COUNTER: Counter = Counter {
        attempts: 60,
        desks: 2,
        ..Counter::new(Sale::new(rules(), timing()), LAUNCHES, LONG_DAY)
    };
}

/// The same days each time, so that what was green stays green; others, and more of them, where
/// somebody goes looking.
fn asked_for<T: FromStr>(variable: &str) -> Option<T> {
    std::env::var(variable).ok()?.parse().ok()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: asked_for("LEDGER_DAYS").unwrap_or(12_000),
        rng_seed: RngSeed::Fixed(asked_for("LEDGER_SEED").unwrap_or(1)),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_day_at_the_counter_breaks_a_promise(choices in prop::collection::vec(any::<u16>(), 1..300)) {
        let (happened, broken) = COUNTER.with(|counter| live_through(counter, &choices));
        prop_assert!(broken.is_none(), "{broken:?} after\n{}", story(&happened));
    }
}
