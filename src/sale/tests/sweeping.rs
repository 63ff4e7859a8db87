//! What was made and never shown is swept beside the sale.

use std::time::Duration;

use super::till::*;
use super::watching::*;
use crate::payment::{ActivityKind, ExternalRef, PaymentRequest, Status};
use crate::sale::{Ask, Fact, Job, Mark, Moment, Record, Standing, Void};

#[test]
fn f39_what_was_created_and_never_shown_is_voided_beside_the_sale() {
    let mut till = opened(left_of_another_sale(Standing::Created(Void::NotSent)));
    assert!(!till.beside.iter().any(|(_, job)| is_void(job)), "W4 first");
    voiding_recorded(&mut till);
    assert!(matches!(till.beside.last(), Some((_, job)) if is_void(job)));
    let round = beside(&till);
    till.happen_in(
        round,
        Fact::Voided(Ok(activity(ActivityKind::Cancellation))),
    );
    read_beside(&mut till, Ok(request(Status::Cancelled)));
    assert_eq!(earlier_told(&till), [("cancelled", false)]);
    assert!(matches!(
        records_beside(&till, Mark::Watched).as_slice(),
        [Record::Watched { closed: true }]
    ));
}

#[test]
fn f39_an_intent_is_swept_by_its_reference() {
    let mut earlier = left_of_another_sale(Standing::Intended);
    earlier.request = None;
    earlier.order.merchant.account_id = Some("C4QnjXvj8At6SMsEN4LRi9".to_owned());
    let mut till = opened(earlier);
    assert!(matches!(
        till.beside.last(),
        Some((_, Job::LookUp { external_ref, .. })) if external_ref == "Z9.t0k3n"
    ));
    let round = beside(&till);
    till.happen_in(
        round,
        Fact::Found {
            at: Moment::default(),
            answer: Ok(vec![request(Status::New)]),
        },
    );
    assert_eq!(voided_ids(&jobs_beside(&till)), [ID]);
    voiding_recorded(&mut till);
    assert!(matches!(till.beside.last(), Some((_, job)) if is_void(job)));
}

/// What a look-up finds for an intent that was journaled a minute before this launch.
fn swept(found: Vec<PaymentRequest>) -> Till {
    let mut earlier = left_of_another_sale(Standing::Intended);
    earlier.request = None;
    earlier.is_over = true;
    earlier.age = Some(Duration::from_secs(60));
    earlier.order.merchant.account_id = Some("C4QnjXvj8At6SMsEN4LRi9".to_owned());
    let mut till = opened(earlier);
    let round = beside(&till);
    till.happen_in(
        round,
        Fact::Found {
            at: Moment::after_start(Duration::from_secs(5)),
            answer: Ok(found),
        },
    );

    till
}

#[test]
fn f2_f39_what_another_has_made_under_the_same_reference_is_left_alone() {
    let open = || request(Status::New);
    for (theirs, is_theirs) in [
        (
            PaymentRequest {
                age: Some(Duration::from_secs(95)),
                external_ref: Some(ExternalRef::new("Z9.t0k3n")),
                ..open()
            },
            false,
        ),
        (
            PaymentRequest {
                age: Some(Duration::from_secs(96)),
                ..open()
            },
            true,
        ),
        (
            PaymentRequest {
                external_ref: Some(ExternalRef::new("Z9-2")),
                ..open()
            },
            true,
        ),
        (
            PaymentRequest {
                value: Some(nzd(99)),
                ..open()
            },
            true,
        ),
    ] {
        let till = swept(vec![theirs.clone()]);
        let voids = voided_ids(&jobs_beside(&till)).len();
        assert_eq!(voids, usize::from(!is_theirs), "{theirs:?}");
        let closed = records_beside(&till, Mark::Watched).len();
        assert_eq!(closed, usize::from(is_theirs), "{theirs:?}");
    }
}

#[test]
fn f2_f39_what_a_look_up_finds_paid_is_told_and_asked_about_and_not_given_back() {
    let mut till = swept(vec![request(Status::Paid)]);
    assert_eq!(earlier_told(&till), [("unknown", true)]);
    assert_eq!(voided_ids(&jobs_beside(&till)), Vec::<&str>::new());
    // The journal knows which, and that nobody knows how it ended.
    assert_eq!(records_beside(&till, Mark::Created).len(), 1);
    assert_eq!(records_beside(&till, Mark::Verdict).len(), 1);
    assert!(records_beside(&till, Mark::Watched).is_empty());
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(Vec::new())));
    assert_eq!(till.ending().name(), "unknown", "a person decides");
    assert_eq!(voided_ids(&till.jobs), Vec::<&str>::new());
}

pub(super) fn jobs_beside(till: &Till) -> Vec<Job> {
    till.beside.iter().map(|(_, job)| job.clone()).collect()
}

#[test]
fn f3_an_intent_that_nothing_is_found_for_is_closed_only_when_its_time_is_over() {
    for is_over in [false, true] {
        let mut earlier = left_of_another_sale(Standing::Intended);
        earlier.request = None;
        earlier.is_over = is_over;
        let till = opened(earlier);
        assert_eq!(
            records_beside(&till, Mark::Watched).len(),
            usize::from(is_over)
        );
        assert_eq!(
            records_beside(&till, Mark::Verdict).len(),
            usize::from(is_over)
        );
    }
}
