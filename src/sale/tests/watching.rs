//! The watch: earlier attempts that are read or voided during a sale.

use std::time::Duration;

use super::till::*;
use crate::domain::payment::{ActivityKind, ExternalRef, PaymentRequest, Status};
use crate::sale::{
    Announcement, Ask, Command, Earlier, Event, Fact, Generation, Job, Mark, Moment, Record,
    Standing, State, Timer, Void,
};

pub(super) fn watched() -> Earlier {
    left_of_another_sale(Standing::Watched(Void::NotSent))
}

/// The second attempt of the sale in [`watched`].
pub(super) fn second_watched() -> Earlier {
    Earlier {
        attempt: 2,
        ..watched()
    }
}

/// Opens the program without an order. The journal has this attempt.
pub(super) fn opened(earlier: Earlier) -> Till {
    Till::opened(recalled(earlier))
}

/// Returns an attempt of another sale whose create was never answered.
pub(super) fn intended(account: Option<&str>) -> Earlier {
    let mut earlier = left_of_another_sale(Standing::Intended);
    earlier.request = None;
    earlier.order.merchant.account_id = account.map(str::to_owned);

    earlier
}

/// Returns a watch after its look-up found this. The intent was journaled a minute before the launch.
fn after_look_up(found: Vec<PaymentRequest>) -> Till {
    let mut till = opened(Earlier {
        is_over: true,
        age: Some(Duration::from_secs(60)),
        ..intended(Some(ACCOUNT))
    });
    till.found_in_watch(second(5), found);

    till
}

fn assert_last_job_is_void(till: &Till) {
    assert!(matches!(till.watch_jobs.last(), Some((_, job)) if is_void(job)));
}

#[test]
fn f30_late_payment_is_shown_when_idle() {
    let mut till = opened(watched());
    assert_eq!(*till.sale.state(), State::Entry);
    till.read_in_watch(Ok(request(Status::Paid)));
    assert_eq!(till.earlier_told(), [("paid", true)]);
    assert!(matches!(
        till.records_in_watch(Mark::Verdict).as_slice(),
        [Record::Verdict { late: true, .. }]
    ));
    assert!(till.ended_state().is_late());
    let late = till.sale.late_payments();
    assert!(late.is_empty(), "it has its own screen");
    till.ask(Command::Close);
    assert_eq!(*till.sale.state(), State::Entry);
}

#[test]
fn f30_late_payment_can_be_refunded() {
    let mut till = opened(watched());
    till.read_in_watch(Ok(request(Status::Paid)));
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Refund))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    assert_eq!(till.ending().name(), "refund-started");
}

#[test]
fn f30_watch_begins_with_code_on_screen() {
    let mut till = Till::started_after(recalled(watched()));
    till.recorded(Mark::Intent);
    till.prepare_code();
    assert_eq!(till.count_in_watch(is_read), 0);
    till.happen(Fact::Shown);
    till.read_in_watch(Ok(request(Status::Paid)));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    assert_eq!(till.sale.late_payments(), ["Z9"]);
    assert_eq!(till.earlier_told(), [("paid", true)]);
}

/// The platform's clock decides when the void window is over.
#[test]
fn f30_watch_ends_with_void_window() {
    for (age, is_closed) in [
        (Some(Duration::from_secs(24 * 3600 - 1)), false),
        (Some(Duration::from_secs(24 * 3600)), true),
        (None, false),
    ] {
        let mut till = opened(watched());
        let expired = request_with(Status::Expired, |request| request.age = age);
        till.read_in_watch(Ok(expired));
        assert!(matches!(
            till.records_in_watch(Mark::Watched).as_slice(),
            [Record::Watched { closed }] if *closed == is_closed
        ));
    }
}

#[test]
fn f30_paid_after_void_depends_on_refund() {
    for (void, listed, told) in [
        (Void::Answered, vec![], "paid"),
        (Void::Unanswered, vec![], "unknown"),
        (
            Void::Unanswered,
            vec![activity(ActivityKind::Refund)],
            "refund-started",
        ),
    ] {
        let mut till = Till::after_other_sale(Standing::Watched(void));
        till.recorded(Mark::Intent);
        till.show_code();
        till.read_in_watch(Ok(request(Status::Paid)));
        till.happen_in_watch(Fact::Activities(Ok(listed)));
        assert_eq!(till.earlier_told(), [(told, true)]);
    }
}

#[test]
fn f31_late_money_is_journaled_once() {
    for had_money in [false, true] {
        let mut till = opened(Earlier {
            had_money,
            ..left_of_another_sale(Standing::Watched(Void::Answered))
        });
        till.read_in_watch(Ok(request(Status::Paid)));
        let records = till.records_in_watch(Mark::Progress).len();
        assert_eq!(records, usize::from(!had_money));
    }
}

#[test]
fn lost_read_ends_watch() {
    let mut till = Till::opened(recollection(0, vec![watched(), second_watched()]));
    let asked = till.watch_jobs.len();
    till.read_in_watch(Err(lost()));
    assert_eq!(till.watch_jobs.len(), asked);
    assert_eq!(*till.sale.state(), State::Entry);
}

#[test]
fn fact_of_no_round_is_dropped() {
    let mut till = Till::presenting();
    let before = till.sale.clone();
    let effects = till.sale.handle(Event::Happened {
        round: Generation::default(),
        fact: Fact::Shown,
    });
    assert!(effects.is_empty());
    assert_eq!(till.sale, before);

    let mut till = opened(watched());
    till.happen_in(
        Generation::default(),
        read(Ask::Again, Ok(request(Status::Paid))),
    );
    assert_eq!(till.earlier_told(), []);
}

#[test]
fn f48_refused_read_goes_on_to_next() {
    let mut till = Till::opened(recollection(0, vec![watched(), second_watched()]));
    till.read_in_watch(Err(refused(403, "FORBIDDEN")));
    assert!(matches!(
        till.records_in_watch(Mark::Watched).as_slice(),
        [Record::Watched { closed: false }]
    ));
    till.read_in_watch(Ok(request(Status::Paid)));
    assert_eq!(till.earlier_told(), [("paid", true)]);
}

#[test]
fn f21_other_requests_answer_is_ignored() {
    let mut till = opened(watched());
    till.read_in_watch(Ok(of_other_request(Status::Paid)));
    assert_eq!(till.earlier_told(), []);
    assert!(till.records_in_watch(Mark::Watched).is_empty());
}

#[test]
fn f22_late_other_amount_is_unknown() {
    for void in [Void::NotSent, Void::Answered] {
        let mut till = opened(left_of_another_sale(Standing::Watched(void)));
        till.read_in_watch(Ok(of_value(Status::Paid, 1)));
        till.happen_in_watch(Fact::Activities(Ok(Vec::new())));
        assert_eq!(till.earlier_told(), [("unknown", true)], "{void:?}");
        assert!(till.records_in_watch(Mark::Verdict).is_empty());
    }
}

#[test]
fn f30_resumed_attempt_is_not_watched() {
    let own = || recalled(left(Standing::Watched(Void::NotSent)));
    let mut till = Till::opened(own());
    let (round, _) = *till.watch_jobs.last().expect("a read");
    till.ask(Command::Start(order()));
    till.recalls(own());
    assert!(matches!(till.sale.state(), State::Rechecking(_)));
    till.happen_in(round, read(Ask::Again, Ok(request(Status::Paid))));
    assert_eq!(till.earlier_told(), []);
}

#[test]
fn f30_other_attempts_stay_watched() {
    let own = || left(Standing::Watched(Void::NotSent));
    let open = vec![watched(), own(), second_watched()];
    let mut till = Till::opened(recollection(0, open));
    let (round, _) = *till.watch_jobs.last().expect("a read");
    till.ask(Command::Start(order()));
    till.recalls(recalled(own()));
    till.happen_in(round, read(Ask::Again, Ok(request(Status::Expired))));
    till.read_in_watch(Ok(request(Status::Paid)));
    assert!(till.told.iter().any(|told| matches!(
        told,
        Announcement::Earlier { external_ref, .. } if external_ref == "Z9-2"
    )));
    assert_eq!(
        till.count_in_watch(is_read),
        2,
        "not the one that was resumed"
    );
}

#[test]
fn recalled_twice_is_read_once() {
    let mut till = opened(watched());
    let asked = till.watch_jobs.len();
    till.ask(Command::Start(order()));
    let open = vec![watched(), second_watched(), second_watched()];
    till.recalls(recollection(0, open));
    assert_eq!(till.watch_jobs.len(), asked, "one at a time");
    let mut jobs = 0;
    while till.watch_jobs.len() > jobs && jobs < 9 {
        jobs = till.watch_jobs.len();
        till.read_in_watch(Ok(request(Status::Expired)));
    }
    assert_eq!(till.count_in_watch(is_read), 2, "one each");
}

#[test]
fn f39_unshown_request_is_voided() {
    let mut till = opened(left_of_another_sale(Standing::Created(Void::NotSent)));
    assert_eq!(till.count_in_watch(is_void), 0, "the record comes first");
    till.happen_in_watch(Fact::Recorded(Mark::Voiding));
    assert_last_job_is_void(&till);
    till.happen_in_watch(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    till.read_in_watch(Ok(request(Status::Cancelled)));
    assert_eq!(till.earlier_told(), [("cancelled", false)]);
    assert!(matches!(
        till.records_in_watch(Mark::Watched).as_slice(),
        [Record::Watched { closed: true }]
    ));
}

#[test]
fn f44_unjournaled_void_is_not_sent() {
    let mut till = opened(left_of_another_sale(Standing::Created(Void::NotSent)));
    till.happen_in_watch(Fact::NotRecorded(Mark::Voiding, "disk full".to_owned()));
    assert_eq!(till.count_in_watch(is_void), 0);
}

#[test]
fn f39_found_request_is_voided() {
    let mut till = opened(intended(Some(ACCOUNT)));
    assert!(matches!(
        till.watch_jobs.last(),
        Some((_, Job::LookUp { external_ref, .. })) if external_ref == "Z9.t0k3n"
    ));
    till.found_in_watch(Moment::default(), vec![request(Status::New)]);
    assert_eq!(voided_ids(&till.jobs_in_watch()), [ID]);
    till.happen_in_watch(Fact::Recorded(Mark::Voiding));
    assert_last_job_is_void(&till);
}

#[test]
fn f39_found_ended_request_needs_no_void() {
    for (status, voids) in [
        (Status::Expired, 0),
        (Status::Cancelled, 0),
        (Status::New, 1),
    ] {
        let mut till = opened(Earlier {
            is_over: true,
            ..intended(Some(ACCOUNT))
        });
        till.found_in_watch(Moment::default(), vec![request(status)]);
        assert_eq!(voided_ids(&till.jobs_in_watch()).len(), voids);
        assert_eq!(till.records_in_watch(Mark::Watched).len(), 1 - voids);
    }
}

#[test]
fn f2_f39_foreign_request_is_left_alone() {
    let aged = |seconds| {
        request_with(Status::New, |request| {
            request.age = Some(Duration::from_secs(seconds));
        })
    };
    let mut own = aged(95);
    own.external_ref = Some(ExternalRef::new("Z9.t0k3n"));
    let other_reference = request_with(Status::New, |request| {
        request.external_ref = Some(ExternalRef::new("Z9-2"));
    });
    for (request, is_foreign) in [
        (own, false),
        (aged(96), true),
        (other_reference, true),
        (of_value(Status::New, 99), true),
    ] {
        let till = after_look_up(vec![request.clone()]);
        let voids = voided_ids(&till.jobs_in_watch()).len();
        assert_eq!(voids, usize::from(!is_foreign), "{request:?}");
        let closed = till.records_in_watch(Mark::Watched).len();
        assert_eq!(closed, usize::from(is_foreign), "{request:?}");
    }
}

#[test]
fn f2_f39_found_payment_is_unknown() {
    let mut till = after_look_up(vec![request(Status::Paid)]);
    assert_eq!(till.earlier_told(), [("unknown", true)]);
    assert!(voided_ids(&till.jobs_in_watch()).is_empty());
    // The journal has the id, and knows that the ending is unknown.
    assert_eq!(till.records_in_watch(Mark::Created).len(), 1);
    assert_eq!(till.records_in_watch(Mark::Verdict).len(), 1);
    assert!(till.records_in_watch(Mark::Watched).is_empty());
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.listed(&[]);
    assert_eq!(till.ending().name(), "unknown", "a person decides");
    assert!(voided_ids(&till.jobs).is_empty());
}

#[test]
fn f3_unfound_intent_closes_when_over() {
    for is_over in [false, true] {
        let till = opened(Earlier {
            is_over,
            ..intended(None)
        });
        for mark in [Mark::Watched, Mark::Verdict] {
            let records = till.records_in_watch(mark).len();
            assert_eq!(records, usize::from(is_over), "{mark:?}");
        }
    }
}

/// The patron may be asked to pay as long as the create can arrive, even if the time to pay is over here.
#[test]
fn f3_patron_attempt_closes_after_void_window() {
    for (seconds, closes) in [(24 * 3600 - 1, false), (24 * 3600, true)] {
        let till = opened(Earlier {
            request: None,
            patron_presented: true,
            is_over: true,
            age: Some(Duration::from_secs(seconds)),
            ..watched()
        });
        let records = till.records_in_watch(Mark::Watched).len();
        assert_eq!(records, usize::from(closes), "{seconds}");
    }
}

#[test]
fn f2_stray_request_is_voided_once() {
    let mut till = Till::creating(order_with_account());
    till.created(Err(lost()));
    let short = request_with(Status::New, |request| {
        request.time_left = Some(Duration::from_secs(5));
    });
    till.found(Ok(vec![short, of_other_request(Status::Expired)]));
    till.wake(Timer::Recreate);
    till.recorded(Mark::Intent);
    till.created(Err(unsent()));
    till.wake(Timer::Recreate);
    till.created(Err(unsent()));
    assert_eq!(till.ending().name(), "unreachable");
    assert_eq!(
        till.count_in_watch(is_void),
        1,
        "the expired one needs none"
    );
    till.happen_in_watch(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    assert_eq!(till.count_in_watch(is_read), 0);
    assert!(till.records_in_watch(Mark::Voiding).is_empty());
}
