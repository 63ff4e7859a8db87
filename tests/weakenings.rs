//! The proof of money safety can fail: take one safeguard out of the real state machine, and the
//! model checker finds what goes wrong.
//!
//!     cargo test --features weaken --test weakenings
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot set its scene has failed, and one that passes says what it saw"
)]

// Each of the two proofs leaves some of it out.
#[allow(dead_code, reason = "the other test of the model uses the rest")]
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
use std::time::{Duration, Instant};

use model::properties;
use model::server::Manner;
use model::till::{Shop, Wish, rules, timing};
use model::world::{Counter, Limits};
use patron_display::sale::{Sale, Weakness};
use stateright::{Checker, HasDiscoveries, Model};

/// What a weakness needs to show itself.
const LIMITS: Limits = Limits {
    launches: 2,
    crashes: 1,
    commands: 1,
    lost_answers: 1,
    ..Limits::NONE
};

/// Explores until `property` is seen to fail. The first path found is a shortest one.
fn fails(weakness: Weakness, property: &'static str, prepare: impl FnOnce(&mut Counter)) {
    let began = Instant::now();
    let mut counter = Counter::new(
        Sale::weakened(rules(), timing(), weakness),
        &[Wish::Sell(Shop::A), Wish::Sell(Shop::B)],
        LIMITS,
    );
    prepare(&mut counter);
    let checker = counter
        .checker()
        .finish_when(HasDiscoveries::AllOf(BTreeSet::from([property])))
        .timeout(Duration::from_secs(120))
        .spawn_bfs()
        .join();
    let path = checker
        .discovery(property)
        .unwrap_or_else(|| panic!("{weakness:?}: no counterexample to {property:?}"));
    let actions = path.into_actions();
    let took = began.elapsed();
    println!(
        "{weakness:?}: \"{property}\" fails after {} steps, found among {} states in {took:.1?}",
        actions.len(),
        checker.unique_state_count(),
    );
    for action in actions {
        println!("    {action:?}");
    }

    assert!(took < Duration::from_secs(60), "{took:?}");
}

#[test]
fn a_code_before_its_record_can_be_forgotten() {
    fails(Weakness::CodeBeforeItsRecord, properties::JOURNALED, |_| {});
}

#[test]
fn the_countdown_is_no_verdict() {
    fails(
        Weakness::CountdownAsVerdict,
        properties::NOT_CHARGED,
        |_| {},
    );
}

#[test]
fn a_lost_void_cancels_nothing() {
    fails(
        Weakness::LostVoidAsCancelled,
        properties::NOT_CHARGED,
        |_| {},
    );
}

#[test]
fn an_unknown_outcome_that_does_not_block_leads_to_a_second_code() {
    // The index of the journal is a second safeguard, and it holds alone.
    fails(Weakness::UnknownDoesNotBlock, properties::INDEX, |_| {});
    fails(
        Weakness::UnknownDoesNotBlock,
        properties::ONE_CODE,
        |counter| counter.indexed = false,
    );
    fails(Weakness::UnknownDoesNotBlock, properties::ONCE, |counter| {
        counter.indexed = false;
    });
}

#[test]
fn an_attempt_beside_an_open_one_charges_twice() {
    fails(Weakness::AttemptBesideAnOpenOne, properties::INDEX, |_| {});
    fails(
        Weakness::AttemptBesideAnOpenOne,
        properties::ONE_CODE,
        |counter| counter.indexed = false,
    );
    fails(
        Weakness::AttemptBesideAnOpenOne,
        properties::ONCE,
        |counter| counter.indexed = false,
    );
}

#[test]
fn paid_after_a_void_may_be_going_back() {
    fails(
        Weakness::PaidBelievedAfterVoid,
        properties::TRUE_PAID,
        |_| {},
    );
}

#[test]
fn barcode_sale_lost_with_its_display_may_be_paid() {
    fails(
        Weakness::HandOverForgetsPayable,
        properties::TRUE_WORDS,
        |counter| {
            counter.launches = &[Wish::Sell(Shop::Barcode)];
            counter.last_word = |handed_over| {
                handed_over
                    .weak_last_word(Weakness::HandOverForgetsPayable)
                    .outcome
            };
        },
    );
}

#[test]
fn another_sales_payment_is_not_this_hand_overs() {
    fails(
        Weakness::HandOverTakesAnyAttempt,
        properties::TRUE_WORDS,
        |counter| {
            counter.launches = &[Wish::Sell(Shop::A), Wish::Sell(Shop::DearerA)];
            counter.any_terms = true;
            counter.last_word = |handed_over| {
                handed_over
                    .weak_last_word(Weakness::HandOverTakesAnyAttempt)
                    .outcome
            };
        },
    );
}

#[test]
fn an_error_after_unknown_opens_no_code() {
    fails(
        Weakness::ErrorOpensAnotherCode,
        properties::ONCE,
        |counter| {
            counter.launches = &[Wish::Sell(Shop::A)];
            counter.limits = Limits {
                launches: 2,
                commands: 2,
                lost_answers: 7,
                ..Limits::NONE
            };
        },
    );
}

#[test]
fn a_given_reference_proves_nothing() {
    for property in [properties::TRUE_WORDS, properties::OWN] {
        fails(Weakness::GivenReferenceAsProof, property, |counter| {
            counter.launches = &[Wish::Sell(Shop::AsGiven)];
            counter.desks = 2;
            counter.limits = Limits {
                launches: 2,
                commands: 1,
                lost_answers: 1,
                ..Limits::NONE
            };
        });
    }
}

#[test]
fn an_old_request_is_no_answer() {
    fails(
        Weakness::OldRequestAccepted,
        properties::TRUE_WORDS,
        |counter| {
            counter.limits = Limits {
                launches: 2,
                strangers: 1,
                commands: 1,
                ..Limits::NONE
            };
        },
    );
}

#[test]
fn paid_without_remaining_may_be_a_part() {
    fails(
        Weakness::PaidWithoutRemainingInFull,
        properties::TRUE_WORDS,
        |counter| {
            counter.limits = Limits {
                launches: 1,
                parts: 1,
                ..Limits::NONE
            };
            counter.machine.manner = Manner::WithoutRemaining;
        },
    );
}

#[test]
fn an_odd_refund_is_no_refund() {
    fails(
        Weakness::AnyRefundCounts,
        properties::TRUE_WORDS,
        |counter| {
            counter.limits = Limits {
                launches: 1,
                strangers: 1,
                commands: 1,
                ..Limits::NONE
            };
        },
    );
}
