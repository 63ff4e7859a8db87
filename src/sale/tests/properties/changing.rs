//! A configuration that changes in the middle of a sale, or between two launches of it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::made_up::*;
use super::walk::Walk;
use crate::payment::{ConfigId, Liveness, PaymentRequest, Status};
use crate::promises::made_up::tries;
use crate::sale::{
    Command, Ending, Fact, Job, NewRequest, Order, Recollection, Record, Standing, State, Void,
};

/// What the configuration says at one time.
fn any_terms() -> impl Strategy<Value = Order> {
    let config_ids = select(vec!["5ee168e8597be5002af7b454", "61a1"]);
    let livenesses = select(vec![Liveness::Main, Liveness::Test]);

    (config_ids, livenesses, select(vec![1250, 99]), 11..600_u32).prop_map(
        |(config_id, liveness, minor, expiry_seconds)| {
            let mut order = order();
            order.amount = nzd(minor);
            order.merchant.config_id = config_id.to_owned();
            order.merchant.liveness = liveness;
            order.merchant.expiry_seconds = expiry_seconds;

            order
        },
    )
}

/// The request as the platform has it for one who asked on these terms.
fn on_terms(order: &Order, status: Status) -> PaymentRequest {
    PaymentRequest {
        value: Some(order.amount),
        liveness: Some(order.merchant.liveness),
        config_id: Some(ConfigId::new(&order.merchant.config_id)),
        ..request(status)
    }
}

fn same_terms(one: &Order, other: &Order) -> bool {
    one.amount == other.amount
        && one.merchant.liveness == other.merchant.liveness
        && one.merchant.config_id == other.merchant.config_id
}

/// An earlier launch has shown a code on the old terms, and now the sale is asked for on the new.
fn launched_again(old: &Order, new: &Order) -> Till {
    let mut earlier = left(Standing::Payable(Void::NotSent));
    earlier.order = old.clone();
    let mut till = Till::new();
    till.ask(Command::Start(new.clone()));
    till.jobs.clear();
    till.happen(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 1,
        open: vec![earlier],
    })));

    till
}

fn creates(jobs: &[Job]) -> Vec<&NewRequest> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Create(request) => Some(request),
            Job::Record {
                record: Record::Intent { request, .. },
                ..
            } => Some(request),
            _ => None,
        })
        .collect()
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f48_every_attempt_of_a_sale_is_asked_for_on_the_terms_that_it_began_with(
        terms in any_terms(),
        other in any_terms(),
        course in any_course(30, any_answer()),
        keys in vec(any_command(), 30)
    ) {
        let mut walk = Walk::started(terms.clone());
        for (step, key) in course.iter().zip(keys) {
            walk.take(step, |_| true);
            // The till asks again with what the configuration says now.
            walk.ask(Command::Start(other.clone()));
            if walk.ending().is_some() && key != Command::Close && key != Command::Leave {
                walk.ask(key);
            }
        }
        let creates = creates(&walk.asked_for);
        prop_assert!(!creates.is_empty());
        let mut references = BTreeSet::new();
        for create in creates {
            prop_assert_eq!(&create.config_id, &terms.merchant.config_id);
            prop_assert_eq!(create.amount, terms.amount);
            prop_assert_eq!(create.expiry_seconds, terms.merchant.expiry_seconds);
            prop_assert_eq!(create.base_url.as_str(), "https://service.centrapay.com/");
            references.insert(create.external_ref.clone());
        }
        prop_assert_eq!(references.len() as u32, walk.sale.attempt());
    }

    #[test]
    fn f48_an_earlier_attempt_that_was_paid_on_its_own_terms_is_paid(
        old in any_terms(),
        new in any_terms()
    ) {
        let mut till = launched_again(&old, &new);
        till.polled(Ok(on_terms(&old, Status::Paid)));
        let is_paid = matches!(till.ending(), Ending::Paid { kept: false, .. });
        prop_assert!(is_paid);
        prop_assert_eq!(till.sale.order().map(|order| &order.merchant), Some(&old.merchant));
    }

    #[test]
    fn f48_an_earlier_attempt_is_not_paid_by_what_fits_the_new_terms_only(
        old in any_terms(),
        new in any_terms()
    ) {
        prop_assume!(!same_terms(&old, &new));
        let mut till = launched_again(&old, &new);
        till.polled(Ok(on_terms(&new, Status::Paid)));
        prop_assert!(matches!(till.sale.state(), State::Voiding(_)), "{:?}", till.sale.state());
        prop_assert_eq!(voided_ids(&till.jobs), [ID]);
    }

    #[test]
    fn f48_a_code_of_the_old_terms_is_not_shown_for_the_new_ones(
        old in any_terms(),
        new in any_terms()
    ) {
        prop_assume!(!same_terms(&old, &new));
        let mut till = launched_again(&old, &new);
        till.polled(Ok(on_terms(&old, Status::New)));
        prop_assert!(matches!(till.sale.state(), State::Voiding(_)), "{:?}", till.sale.state());
    }
}
