//! Shows that each safeguard of the state machine is needed.
//!
//! The argument is the name of a patch in `weakenings/patches`. The machine is then built with that patch, and the
//! checker must find a counterexample. Without an argument the machine is unchanged, and the checker must find
//! none within a larger limit of states. The full proof is in `tests/it/model.rs`.
#![forbid(unsafe_code)]

/// The model, shared with the program's own tests.
#[allow(dead_code, reason = "the program's own tests use the rest")]
#[path = "../../tests/it/model"]
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

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use model::properties::{
    INDEX, JOURNAL_WORD, JOURNALED, NOT_CHARGED, ONCE, ONE_CODE, OWN, TRUE_PAID, TRUE_WORDS,
};
use model::server::Manner;
use model::till::{Shop, Wish, resident_timing, rules, timing};
use model::world::{Counter, Limits};
use patron_display::sale::Sale;
use stateright::{Checker, HasDiscoveries, Model};

/// A small world in which a weakened machine breaks a property.
struct Scene {
    /// The name of the patch that makes the machine break the property.
    weakening: &'static str,
    property: &'static str,
    prepare: fn(&mut Counter),
}

const fn scene(
    weakening: &'static str,
    property: &'static str,
    prepare: fn(&mut Counter),
) -> Scene {
    Scene {
        weakening,
        property,
        prepare,
    }
}

/// Turns off the journal's index. It would prevent the harm, too, and so hide the missing safeguard.
fn without_index(counter: &mut Counter) {
    counter.indexed = false;
}

fn as_given(counter: &mut Counter) {
    counter.launches = &[Wish::Sell(Shop::AsGiven)];
    counter.desks = 2;
    counter.limits = Limits {
        launches: 2,
        commands: 1,
        lost_answers: 1,
        ..Limits::NONE
    };
}

const SCENES: [Scene; 20] = [
    scene("code-before-its-record", JOURNALED, |_| {}),
    scene("countdown-as-verdict", NOT_CHARGED, |_| {}),
    scene("lost-void-as-cancelled", NOT_CHARGED, |_| {}),
    scene("unknown-does-not-block", INDEX, |_| {}),
    scene("unknown-does-not-block", ONE_CODE, without_index),
    scene("unknown-does-not-block", ONCE, without_index),
    scene("attempt-beside-an-open-one", INDEX, |_| {}),
    scene("attempt-beside-an-open-one", ONE_CODE, without_index),
    scene("attempt-beside-an-open-one", ONCE, without_index),
    scene("paid-believed-after-void", TRUE_PAID, |_| {}),
    scene("hand-over-forgets-payable", TRUE_WORDS, |counter| {
        counter.launches = &[Wish::Sell(Shop::Barcode)];
    }),
    scene("hand-over-takes-any-attempt", TRUE_WORDS, |counter| {
        counter.launches = &[Wish::Sell(Shop::A), Wish::Sell(Shop::DearerA)];
        counter.any_terms = true;
    }),
    scene("error-opens-another-code", ONCE, |counter| {
        counter.launches = &[Wish::Sell(Shop::A)];
        counter.limits = Limits {
            launches: 2,
            commands: 2,
            lost_answers: 7,
            ..Limits::NONE
        };
    }),
    scene("outcome-before-its-record", JOURNAL_WORD, |counter| {
        counter.blank = Sale::new(rules(), resident_timing());
        counter.serves = true;
    }),
    scene("open-attempt-as-not-charged", JOURNAL_WORD, |_| {}),
    scene("given-reference-as-proof", TRUE_WORDS, as_given),
    scene("given-reference-as-proof", OWN, as_given),
    scene("old-request-accepted", TRUE_WORDS, |counter| {
        counter.limits = Limits {
            launches: 2,
            strangers: 1,
            commands: 1,
            ..Limits::NONE
        };
    }),
    scene("paid-without-remaining-in-full", TRUE_WORDS, |counter| {
        counter.limits = Limits {
            launches: 1,
            parts: 1,
            ..Limits::NONE
        };
        counter.machine.manner = Manner::WithoutRemaining;
    }),
    scene("any-refund-counts", TRUE_WORDS, |counter| {
        counter.limits = Limits {
            launches: 1,
            strangers: 1,
            commands: 1,
            ..Limits::NONE
        };
    }),
];

impl Scene {
    fn counter(&self) -> Counter {
        let limits = Limits {
            launches: 2,
            crashes: 1,
            commands: 1,
            lost_answers: 1,
            ..Limits::NONE
        };
        let mut counter = Counter::new(
            Sale::new(rules(), timing()),
            &[Wish::Sell(Shop::A), Wish::Sell(Shop::B)],
            limits,
        );
        (self.prepare)(&mut counter);

        counter
    }

    /// Explores states until the property fails or the limit is reached. Returns whether the result is as
    /// expected.
    fn explore(&self, is_weakened: bool) -> bool {
        const LONGEST: Duration = Duration::from_secs(240);
        let began = Instant::now();
        let mut builder = self
            .counter()
            .checker()
            .finish_when(HasDiscoveries::AllOf(BTreeSet::from([self.property])))
            .timeout(LONGEST)
            .threads(2);
        if !is_weakened {
            builder = builder.target_state_count(100_000);
        }
        let checker = builder.spawn_bfs().join();
        let states = checker.unique_state_count();
        let took = began.elapsed();
        let Some(path) = checker.discovery(self.property) else {
            println!(
                "{}: no counterexample to \"{}\" among {states} states, {took:.1?}",
                self.weakening, self.property
            );

            return !is_weakened;
        };
        let actions = path.into_actions();
        println!(
            "{}: \"{}\" fails after {} steps, found among {states} states in {took:.1?}",
            self.weakening,
            self.property,
            actions.len(),
        );
        for action in actions {
            println!("    {action:?}");
        }

        is_weakened
    }
}

fn main() -> ExitCode {
    let weakening = std::env::args().nth(1);
    let chosen: Vec<_> = SCENES
        .iter()
        .filter(|scene| {
            weakening
                .as_deref()
                .is_none_or(|name| name == scene.weakening)
        })
        .collect();
    let wanted = chosen
        .iter()
        .filter(|scene| scene.explore(weakening.is_some()))
        .count();
    if !chosen.is_empty() && wanted == chosen.len() {
        return ExitCode::SUCCESS;
    }
    match weakening {
        Some(name) if chosen.is_empty() => println!("no scene is for {name}"),
        Some(name) => println!("the model does not notice {name}"),
        None => println!("the model fails without a weakening"),
    }

    ExitCode::FAILURE
}
