//! A configuration that changes during a sale, or between two launches of it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::generators::*;
use super::simulation::Simulation;
use crate::domain::order::Order;
use crate::domain::payment::{ConfigId, Liveness, PaymentRequest, Status};
use crate::properties::generated::tries;
use crate::sale::{Command, Ending, Job, NewRequest, Record, Standing, State, Void};

/// Generates an order under one version of the configuration.
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

/// Returns the request that the platform makes for this order.
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

/// Returns a sale that is asked for with `new` terms, after an earlier launch showed a code with `old` terms.
fn launched_again(old: &Order, new: &Order) -> Till {
    let mut earlier = left(Standing::Payable(Void::NotSent));
    earlier.order = old.clone();
    let mut till = Till::new();
    till.ask(Command::Start(new.clone()));
    till.jobs.clear();
    till.recalls(recollection(1, vec![earlier]));

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
    fn f48_attempts_keep_first_terms(
        terms in any_terms(),
        other in any_terms(),
        steps in any_steps(30, any_answer()),
        keys in vec(any_command(), 30)
    ) {
        let mut simulation = Simulation::started(terms.clone());
        for (step, key) in steps.iter().zip(keys) {
            simulation.take(step, |_| true);
            // The till asks again with the new configuration.
            simulation.ask(Command::Start(other.clone()));
            if simulation.ending().is_some() && key != Command::Close && key != Command::Leave {
                simulation.ask(key);
            }
        }
        let creates = creates(&simulation.asked_for);
        prop_assert!(!creates.is_empty());
        let mut references = BTreeSet::new();
        for create in creates {
            prop_assert_eq!(&create.config_id, &terms.merchant.config_id);
            prop_assert_eq!(create.amount, terms.amount);
            prop_assert_eq!(create.expiry_seconds, terms.merchant.expiry_seconds);
            prop_assert_eq!(create.base_url.as_str(), "https://service.centrapay.com/");
            references.insert(create.external_ref.clone());
        }
        prop_assert_eq!(references.len() as u32, simulation.sale.attempt());
    }

    #[test]
    fn f48_paid_on_old_terms_is_paid(
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
    fn f48_paid_on_new_terms_only_is_voided(
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
    fn f48_code_of_old_terms_is_voided(
        old in any_terms(),
        new in any_terms()
    ) {
        prop_assume!(!same_terms(&old, &new));
        let mut till = launched_again(&old, &new);
        till.polled(Ok(on_terms(&old, Status::New)));
        prop_assert!(matches!(till.sale.state(), State::Voiding(_)), "{:?}", till.sale.state());
    }
}
