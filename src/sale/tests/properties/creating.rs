//! A sale that is cancelled while its request is being created, at any moment of it.

use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::made_up::*;
use super::walk::{Reply, Step, Walk};
use crate::payment::{PaymentRequest, Status};
use crate::promises::made_up::{share, tries};
use crate::sale::{Command, Job, Mark, Order, State, Timer};

/// An order whose lost creates can be looked up, or not.
fn any_order() -> impl Strategy<Value = Order> {
    any::<bool>().prop_map(|known| {
        let mut order = order();
        order.merchant.account_id = known.then(|| "C4QnjXvj8At6SMsEN4LRi9".to_owned());

        order
    })
}

/// What a create or a look-up brings: what was asked for, what was not, and what is already over.
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

/// The sale that goes this way up to where its code would come onto the screen.
fn up_to_the_code(order: Order, course: &[Step]) -> Walk {
    let mut walk = Walk::started(order);
    for step in course {
        walk.take(step, |job| !is_record(job, Mark::Shown));
    }

    walk
}

fn is_creating(walk: &Walk) -> bool {
    matches!(walk.sale.state(), State::Creating(_))
}

/// Whatever is still under way goes well; what recurs for ever is left out.
fn goes_well_from_here(walk: &mut Walk) {
    let recurs = |job: &Job| {
        matches!(
            job,
            Job::Wake {
                timer: Timer::Recheck | Timer::LeaveEnding,
                ..
            }
        )
    };
    while let Some(at) = walk.position(|job| !recurs(job)) {
        let cancelled = Reply::good(Status::Cancelled);
        let (_, job) = &walk.under_way[at];
        let id = match job {
            Job::Read { id, .. } => id.to_string(),
            _ => ID.to_owned(),
        };
        let answer = cancelled.answer.clone().map(|answer| of_id(&id, answer));
        walk.done(
            at,
            &Reply {
                answer,
                ..cancelled
            },
        );
    }
}

fn is_voided(walk: &Walk, made: &PaymentRequest) -> bool {
    walk.asked_for
        .iter()
        .any(|job| matches!(job, Job::Void(id) if *id == made.id))
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f37_whoever_cancels_while_creating_never_sees_a_code_nor_a_further_attempt(
        order in any_order(),
        before in any_course(8, any_made()),
        cancel in select(vec![Command::Cancel, Command::Close, Command::Leave]),
        after in any_course(20, any_made())
    ) {
        let mut walk = up_to_the_code(order, &before);
        if !is_creating(&walk) {
            return Ok(());
        }
        let asked_for = walk.asked_for.len();
        walk.ask(cancel);
        for step in &after {
            walk.take(step, |_| true);
            prop_assert!(!walk.shows_a_code());
        }
        let after = &walk.asked_for[asked_for..];
        prop_assert!(!after.iter().any(|job| is_create(job) || is_record(job, Mark::Shown)));
    }

    #[test]
    fn f37_whatever_was_made_for_a_cancelled_create_is_voided_once_its_id_is_known(
        order in any_order(),
        before in any_course(8, any_made()),
        cancel in select(vec![Command::Cancel, Command::Close]),
        after in any_course(20, any_made())
    ) {
        let mut walk = up_to_the_code(order, &before);
        if !is_creating(&walk) {
            return Ok(());
        }
        walk.ask(cancel);
        for step in &after {
            walk.take(step, |job| matches!(job, Job::Create(_) | Job::LookUp { .. }));
        }
        goes_well_from_here(&mut walk);
        for made in walk.made.iter().filter(|made| !made.status.is_final()) {
            prop_assert!(is_voided(&walk, made), "{made:?} of {:?}", walk.asked_for);
        }
    }

    #[test]
    fn f37_a_cancelled_create_ends_as_something_that_charges_nobody(
        order in any_order(),
        before in any_course(8, any_made()),
        cancel in select(vec![Command::Cancel, Command::Close])
    ) {
        let mut walk = up_to_the_code(order, &before);
        if !is_creating(&walk) {
            return Ok(());
        }
        walk.ask(cancel);
        goes_well_from_here(&mut walk);
        prop_assert!(
            matches!(walk.ending(), Some("cancelled" | "rejected")),
            "{:?}",
            walk.sale.state()
        );
    }
}

#[test]
fn f37_of_the_creates_that_are_tried_most_are_still_under_way_when_they_are_cancelled() {
    let creating = share(
        (any_order(), any_course(8, any_made())),
        |(order, course)| is_creating(&up_to_the_code(order, &course)),
    );
    assert!((0.4..1.0).contains(&creating), "{creating}");
}
