//! The proof of money safety: every course that a sale can take, over the real state machine.
//!
//! A world is made of four parts: the platform ([`model::server`]), the disk ([`model::disk`]), the
//! process that sells ([`model::process`], around the machine itself, [`model::machine`]), and what
//! is still on the wire ([`model::world`], which also says what can happen). In every world that can
//! be reached the properties of [`model::properties`] must hold, and each of the endings must be
//! reached. Each test explores its worlds to the end and prints how many there were.
//!
//! Time is not modelled: a timer runs out whenever it likes, so that nothing depends on how long
//! anything takes. What makes a world finite are its limits: how often the program is started, how
//! often it is killed, how many answers are lost, how many keys are pressed.
//!
//! That the checker finds what is wrong with a weakened machine is shown in `tests/weakenings.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot set its scene has failed, and one that passes says what it saw"
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

use std::time::Instant;

use model::properties::{
    CANCELLED, EXPIRED, PAID, PART_PAID, REFUND_STARTED, THIRD_ATTEMPT, UNKNOWN_THEN_SETTLED,
};
use model::server::Manner;
use model::till::{Shop, Wish, rules, timing};
use model::world::{Counter, Limits};
use patron_display::sale::Sale;
use stateright::{Checker, Model};

const A: &[Wish] = &[Wish::Sell(Shop::A)];
const A_OR_B: &[Wish] = &[Wish::Sell(Shop::A), Wish::Sell(Shop::B)];
const ANY: &[Wish] = &[
    Wish::Sell(Shop::A),
    Wish::Sell(Shop::B),
    Wish::Open,
    Wish::Settle,
];

const ENDINGS: [&str; 4] = [PAID, EXPIRED, CANCELLED, REFUND_STARTED];
const ALL: [&str; 5] = [
    PAID,
    EXPIRED,
    CANCELLED,
    REFUND_STARTED,
    UNKNOWN_THEN_SETTLED,
];

fn counter(launches: &'static [Wish], limits: Limits) -> Counter {
    Counter::new(Sale::new(rules(), timing()), launches, limits)
}

/// Explores to the end: nothing that must hold fails, and all of `reached` is.
fn holds(name: &str, counter: Counter, reached: &[&'static str]) {
    let began = Instant::now();
    let checker = counter.checker().threads(2).spawn_bfs().join();
    eprintln!(
        "{name}: {} states, {} transitions, {} turns of the machine, {:.1?}",
        checker.unique_state_count(),
        checker.state_count(),
        checker.model().machine.turns(),
        began.elapsed(),
    );

    assert!(checker.is_done());
    for property in checker.model().properties() {
        match property.expectation {
            stateright::Expectation::Sometimes => {
                if reached.contains(&property.name) {
                    checker.assert_any_discovery(property.name);
                }
            }
            _ => {
                if let Some(path) = checker.discovery(property.name) {
                    let last = path.last_state().clone();
                    let actions: Vec<_> = path
                        .into_actions()
                        .iter()
                        .map(|action| format!("  {action:?}\n"))
                        .collect();
                    panic!(
                        "{name}: {:?} fails after\n{}in {last:?}",
                        property.name,
                        actions.concat(),
                    );
                }
            }
        }
    }
}

#[test]
fn two_crashes_two_lost_answers_and_three_attempts() {
    let limits = Limits {
        launches: 3,
        crashes: 2,
        lost_answers: 2,
        ..Limits::NONE
    };

    holds(
        "crashes and lost answers",
        counter(A, limits),
        &[&ALL[..], &[THIRD_ATTEMPT]].concat(),
    );
}

/// The same with a key that may be pressed at any moment: ten times as many worlds.
#[test]
#[ignore = "it takes minutes: cargo test --test model -- --ignored"]
fn two_crashes_two_lost_answers_three_attempts_and_a_key() {
    let limits = Limits {
        launches: 3,
        crashes: 2,
        lost_answers: 2,
        commands: 1,
        ..Limits::NONE
    };

    holds("crashes, lost answers and a key", counter(A, limits), &ALL);
}

#[test]
fn a_cashier_who_presses_keys_while_answers_are_lost_and_payments_come_late() {
    let limits = Limits {
        launches: 1,
        lost_answers: 2,
        late_payments: 1,
        commands: 3,
        kept: true,
        ..Limits::NONE
    };

    holds("keys and lost answers", counter(A, limits), &ALL);
}

#[test]
fn another_sale_after_a_crash() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        commands: 2,
        ..Limits::NONE
    };

    holds("another sale", counter(A_OR_B, limits), &ALL);
}

#[test]
fn two_sales_in_three_launches() {
    let limits = Limits {
        launches: 3,
        crashes: 2,
        ..Limits::NONE
    };

    holds(
        "two sales in three launches",
        counter(A_OR_B, limits),
        &ENDINGS,
    );
}

#[test]
fn a_crash_a_lost_answer_and_a_key() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        late_payments: 1,
        commands: 1,
        ..Limits::NONE
    };

    holds("a crash, a lost answer and a key", counter(A, limits), &ALL);
}

#[test]
fn every_way_of_starting_it_with_late_payments() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        late_payments: 1,
        commands: 1,
        ..Limits::NONE
    };

    holds("every way of starting", counter(ANY, limits), &ALL);
}

/// Three of them are all that a void is tried; an answer that is lost among them leaves it unclear.
#[test]
fn a_network_that_is_gone_while_a_code_is_cancelled() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        unsent: 3,
        commands: 1,
        ..Limits::NONE
    };

    holds("no network", counter(A, limits), &ALL);
}

#[test]
fn a_disk_that_is_full_once() {
    let limits = Limits {
        launches: 2,
        lost_answers: 1,
        commands: 1,
        full_disks: 1,
        kept: true,
        ..Limits::NONE
    };

    holds("a full disk", counter(A, limits), &ALL);
}

#[test]
fn answers_that_are_old_when_they_arrive() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        commands: 1,
        slow_reads: 2,
        ..Limits::NONE
    };

    holds("old answers", counter(A, limits), &ALL);
}

#[test]
fn a_machine_that_sleeps() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        sleeps: 1,
        ..Limits::NONE
    };

    holds("sleep", counter(A, limits), &ALL);
}

/// The window is covered, or takes no frames any more. The code may have been seen before that.
#[test]
fn a_code_that_cannot_be_shown_any_more() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        late_payments: 1,
        unseen_codes: 1,
        ..Limits::NONE
    };

    holds(
        "unseen",
        counter(A, limits),
        &[PAID, EXPIRED, REFUND_STARTED, UNKNOWN_THEN_SETTLED],
    );
}

/// The same where what nobody waits for is not left out: also before the first frame.
#[test]
fn a_code_that_cannot_be_shown_at_all() {
    let limits = Limits {
        launches: 1,
        lost_answers: 1,
        unseen_codes: 1,
        ..Limits::NONE
    };
    let mut all = counter(A, limits);
    all.tidy = false;

    holds("never shown", all, &[PAID, EXPIRED, REFUND_STARTED]);
}

#[test]
fn parts_of_a_payment_while_answers_are_lost_and_keys_are_pressed() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        parts: 2,
        commands: 1,
        ..Limits::NONE
    };

    holds(
        "parts",
        counter(A, limits),
        &[&ALL[..], &[PART_PAID]].concat(),
    );
}

#[test]
fn parts_of_a_payment_that_may_be_kept_and_another_sale() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        parts: 1,
        commands: 1,
        kept: true,
        ..Limits::NONE
    };

    holds(
        "parts and another sale",
        counter(A_OR_B, limits),
        &[&ENDINGS[..], &[PART_PAID]].concat(),
    );
}

const BARCODE: &[Wish] = &[Wish::Sell(Shop::Barcode)];
const BARCODE_WITHOUT_ACCOUNT: &[Wish] = &[Wish::Sell(Shop::BarcodeWithoutAccount)];
const BARCODE_AND_ANOTHER: &[Wish] =
    &[Wish::Sell(Shop::Barcode), Wish::Sell(Shop::B), Wish::Settle];

#[test]
fn a_customers_code_with_crashes_and_lost_answers() {
    let limits = Limits {
        launches: 3,
        crashes: 2,
        lost_answers: 2,
        ..Limits::NONE
    };

    holds("a customer's code", counter(BARCODE, limits), &ALL);
}

#[test]
fn a_customers_code_where_nothing_can_be_looked_up() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        late_payments: 1,
        commands: 1,
        ..Limits::NONE
    };

    holds(
        "a customer's code without an account",
        counter(BARCODE_WITHOUT_ACCOUNT, limits),
        &ALL,
    );
}

#[test]
fn a_customers_code_and_keys() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        commands: 2,
        kept: true,
        ..Limits::NONE
    };

    holds("a customer's code and keys", counter(BARCODE, limits), &ALL);
}

#[test]
fn a_customers_code_and_another_sale() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        lost_answers: 1,
        commands: 1,
        ..Limits::NONE
    };

    holds(
        "a customer's code and another sale",
        counter(BARCODE_AND_ANOTHER, limits),
        &ALL,
    );
}

#[test]
fn a_customers_code_on_a_disk_that_is_full_once_and_a_machine_that_sleeps() {
    let limits = Limits {
        launches: 2,
        lost_answers: 1,
        commands: 1,
        full_disks: 1,
        sleeps: 1,
        slow_reads: 1,
        ..Limits::NONE
    };

    holds(
        "a customer's code, a full disk and sleep",
        counter(BARCODE, limits),
        &ENDINGS,
    );
}

const A_ON_OTHER_TERMS: &[Wish] = &[Wish::Sell(Shop::A), Wish::Sell(Shop::DearerA)];
const AS_GIVEN: &[Wish] = &[Wish::Sell(Shop::AsGiven)];

/// A reference for another amount is another sale, and a till never hears of the one for the other.
#[test]
fn a_reference_on_other_terms() {
    let limits = Limits {
        launches: 3,
        crashes: 2,
        ..Limits::NONE
    };

    holds("other terms", counter(A_ON_OTHER_TERMS, limits), &ENDINGS);
}

/// Both count their sales from 1. Each request is voided, adopted and told of by its own counter alone.
#[test]
fn two_counters_with_equal_references() {
    let limits = Limits {
        launches: 3,
        crashes: 1,
        lost_answers: 1,
        ..Limits::NONE
    };
    for launches in [BARCODE, AS_GIVEN] {
        let two = Counter {
            desks: 2,
            ..counter(launches, limits)
        };

        holds("two counters", two, &ENDINGS);
    }
}

#[test]
fn answers_about_other_requests() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        strangers: 2,
        commands: 1,
        ..Limits::NONE
    };

    holds("other requests", counter(A_OR_B, limits), &ALL);
}

#[test]
fn parts_without_a_remaining_amount() {
    let limits = Limits {
        launches: 2,
        crashes: 1,
        parts: 2,
        commands: 1,
        ..Limits::NONE
    };
    let mut terse = counter(A, limits);
    terse.machine.manner = Manner::WithoutRemaining;

    holds(
        "no remaining amount",
        terse,
        &[&ENDINGS[..], &[PART_PAID]].concat(),
    );
}

/// Nothing is left out here because nobody waits for it: the courses above lose nothing by that.
#[test]
fn nothing_is_lost_by_leaving_out_what_nobody_waits_for() {
    let limits = Limits {
        launches: 1,
        commands: 1,
        lost_answers: 1,
        ..Limits::NONE
    };
    let mut all = counter(A, limits);
    all.tidy = false;

    holds("nothing left out", all, &ENDINGS);
}
