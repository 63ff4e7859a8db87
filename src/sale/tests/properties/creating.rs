//! A sale that is cancelled at any moment of its create.

use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::generators::*;
use super::simulation::{Reply, Simulation, Step};
use crate::domain::order::Order;
use crate::domain::payment::{PaymentRequest, Status};
use crate::properties::generated::{share, tries};
use crate::sale::{Command, Job, Mark, State, Timer};

/// Generates an order with or without an account. A look-up needs one.
fn any_order() -> impl Strategy<Value = Order> {
    any::<bool>().prop_map(|known| {
        let mut order = order();
        order.merchant.account_id = known.then(|| ACCOUNT.to_owned());

        order
    })
}

/// Generates the answer to a create or a look-up: as ordered, of another amount, short, or expired.
fn any_made() -> impl Strategy<Value = PaymentRequest> {
    let ids = select(vec!["a1", "b2", "c3", "d4", "e5", "f6"]);
    let amounts = select(vec![1250, 1250, 1250, 99]);
    let statuses = select(vec![Status::New, Status::New, Status::New, Status::Expired]);
    let lives = select(vec![120, 120, 15, 5]);

    (ids, amounts, statuses, lives).prop_map(|(id, amount, status, seconds)| {
        let lives = std::time::Duration::from_secs(seconds);

        PaymentRequest {
            value: Some(nzd(amount)),
            validity: Some(lives),
            time_left: Some(lives),
            ..of_id(id, request(status))
        }
    })
}

/// Returns a sale after these steps. It never gets the record that it needs before it shows a code.
fn up_to_the_code(order: Order, steps: &[Step]) -> Simulation {
    let mut simulation = Simulation::started(order);
    for step in steps {
        simulation.take(step, |job| !is_record(job, Mark::Shown));
    }

    simulation
}

fn is_creating(simulation: &Simulation) -> bool {
    matches!(simulation.sale.state(), State::Creating(_))
}

/// Lets every job in flight succeed, except timers that repeat forever.
fn all_jobs_succeed(simulation: &mut Simulation) {
    let recurs = |job: &Job| {
        matches!(
            job,
            Job::Wake {
                timer: Timer::Recheck | Timer::LeaveEnding,
                ..
            }
        )
    };
    while let Some(at) = simulation.position(|job| !recurs(job)) {
        let cancelled = Reply::good(Status::Cancelled);
        let (_, job) = &simulation.in_flight[at];
        let id = match job {
            Job::Read { id, .. } => id.to_string(),
            _ => ID.to_owned(),
        };
        let answer = cancelled.answer.clone().map(|answer| of_id(&id, answer));
        simulation.done(
            at,
            &Reply {
                answer,
                ..cancelled
            },
        );
    }
}

fn is_voided(simulation: &Simulation, made: &PaymentRequest) -> bool {
    simulation
        .asked_for
        .iter()
        .any(|job| matches!(job, Job::Void(id) if *id == made.id))
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f37_cancelled_create_shows_no_code(
        order in any_order(),
        before in any_steps(8, any_made()),
        cancel in select(vec![Command::Cancel, Command::Close, Command::Leave]),
        after in any_steps(20, any_made())
    ) {
        let mut simulation = up_to_the_code(order, &before);
        if !is_creating(&simulation) {
            return Ok(());
        }
        let asked_for = simulation.asked_for.len();
        simulation.ask(cancel);
        for step in &after {
            simulation.take(step, |_| true);
            prop_assert!(!simulation.shows_a_code());
        }
        let after = &simulation.asked_for[asked_for..];
        prop_assert!(!after.iter().any(|job| is_create(job) || is_record(job, Mark::Shown)));
    }

    #[test]
    fn f37_cancelled_create_is_voided(
        order in any_order(),
        before in any_steps(8, any_made()),
        cancel in select(vec![Command::Cancel, Command::Close]),
        after in any_steps(20, any_made())
    ) {
        let mut simulation = up_to_the_code(order, &before);
        if !is_creating(&simulation) {
            return Ok(());
        }
        simulation.ask(cancel);
        for step in &after {
            simulation.take(step, |job| matches!(job, Job::Create(_) | Job::LookUp { .. }));
        }
        all_jobs_succeed(&mut simulation);
        for made in simulation.made.iter().filter(|made| !made.status.is_final()) {
            prop_assert!(is_voided(&simulation, made), "{made:?} of {:?}", simulation.asked_for);
        }
    }

    #[test]
    fn f37_cancelled_create_charges_no_one(
        order in any_order(),
        before in any_steps(8, any_made()),
        cancel in select(vec![Command::Cancel, Command::Close])
    ) {
        let mut simulation = up_to_the_code(order, &before);
        if !is_creating(&simulation) {
            return Ok(());
        }
        simulation.ask(cancel);
        all_jobs_succeed(&mut simulation);
        prop_assert!(
            matches!(simulation.ending(), Some("cancelled" | "rejected")),
            "{:?}",
            simulation.sale.state()
        );
    }
}

#[test]
fn f37_most_cases_are_still_creating() {
    let creating = share((any_order(), any_steps(8, any_made())), |(order, steps)| {
        is_creating(&up_to_the_code(order, &steps))
    });
    assert!((0.4..1.0).contains(&creating), "{creating}");
}
