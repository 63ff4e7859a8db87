//! Attempts of earlier launches, of the same sale or of another one.

use std::time::Duration;

use super::till::*;
use crate::domain::payment::{ActivityKind, CancellationReason, PayUrl, PaymentRequest, Status};
use crate::sale::{
    Announcement, Ask, Command, Delay, Earlier, Ending, Event, Fact, Job, Mark, Record, Rejection,
    Sale, Standing, State, Timer, Void, WaitingFor,
};

const PAYABLE: Standing = Standing::Payable(Void::NotSent);

/// Answers the next poll with this request.
fn polled(till: &mut Till, answer: PaymentRequest) {
    till.wake(Timer::Poll);
    till.polled(Ok(answer));
}

/// Returns a sale after an earlier launch left a payable attempt. The platform now gives the attempt this status.
fn payable_then(status: Status) -> Till {
    let mut till = Till::resuming(PAYABLE);
    polled(&mut till, request(status));

    till
}

#[test]
fn opened_without_sale_recalls() {
    let mut sale = Sale::new(Till::rules(), Till::timing());
    let effects = sale.handle(Event::Asked(Command::Open));
    assert_eq!(effects.len(), 1);
    assert_eq!(*sale.state(), State::Recalling);
}

#[test]
fn f40_same_sale_shows_same_code() {
    let mut till = Till::resuming(PAYABLE);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    assert!(till.told.iter().any(|told| matches!(
        told,
        Announcement::Waiting {
            reason: WaitingFor::Resuming,
            ..
        }
    )));
    till.wake(Timer::Poll);
    till.jobs.clear();
    till.polled(Ok(request(Status::New)));
    assert!(!till.asked_for(is_create), "no second request");
    till.encoded();
    till.recorded(Mark::Shown);
    let request = till.presenting_state().request();
    assert_eq!(request.id.as_str(), ID);
    let left = Duration::from_secs(100);
    assert_eq!(request.validity(), left, "the platform's time left");
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f40_resumed_code_waits_for_record() {
    let mut till = Till::resuming(Standing::Created(Void::NotSent));
    polled(&mut till, request(Status::New));
    till.encoded();
    assert!(matches!(till.sale.state(), State::Creating(_)));
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f40_resumed_code_expires() {
    let mut till = payable_then(Status::New);
    till.encoded();
    till.recorded(Mark::Shown);
    polled(&mut till, request(Status::Expired));
    assert_eq!(*till.ending(), Ending::Expired);
    assert_eq!(till.sale.attempt(), 1, "the cashier decides about another");
}

#[test]
fn f40_short_time_left_makes_new_attempt() {
    for left in [Some(Duration::from_secs(9)), None] {
        let mut till = Till::resuming(PAYABLE);
        let short = request_with(Status::New, |request| request.time_left = left);
        polled(&mut till, short);
        till.void_succeeds();
        assert_eq!(till.sale.attempt(), 2);
        assert!(till.records(Mark::Intent));
    }
}

#[test]
fn f40_local_time_left_is_fallback() {
    for (left_here, shown_again) in [(10, true), (9, false)] {
        let mut earlier = left(PAYABLE);
        let known = earlier.request.as_mut().expect("a request");
        known.time_left = Duration::from_secs(left_here);
        let mut till = Till::started_after(recalled(earlier));
        let undated = request_with(Status::New, |request| request.time_left = None);
        polled(&mut till, undated);
        assert_eq!(voided_ids(&till.jobs).is_empty(), shown_again);
    }
}

#[test]
fn f40_changed_url_is_voided() {
    let mut till = Till::resuming(PAYABLE);
    let elsewhere = request_with(Status::New, |request| {
        request.url = PayUrl::parse("https://evil.example/pay/MhocUmpxxmgdHjr7DgKoKw");
    });
    polled(&mut till, elsewhere);
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn f40_condition_after_crash_has_deadline() {
    let mut till = Till::resuming(PAYABLE);
    let asking = request_with(Status::New, |request| {
        request.conditions = vec![condition("Age?")];
    });
    polled(&mut till, asking);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    let left = Delay::For(Duration::from_secs(100));
    assert_eq!(till.wakes_for(Timer::Deadline), Some(left));
}

#[test]
fn f40_paid_meanwhile_is_paid() {
    let mut till = payable_then(Status::Paid);
    assert_eq!(till.ending().name(), "paid");
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);
}

#[test]
fn f40_outcome_has_own_reference() {
    let mut till = Till::started_after(recollection(2, vec![left(PAYABLE)]));
    polled(&mut till, request(Status::Paid));
    till.ask(Command::Close);
    assert!(matches!(
        till.told.last(),
        Some(Announcement::Outcome { external_ref: Some(reference), .. }) if reference == "A1"
    ));
}

#[test]
fn f40_no_answer_ends_unknown() {
    let mut till = Till::resuming(PAYABLE);
    till.wake(Timer::Poll);
    till.polled(Err(lost()));
    till.wake(Timer::Settled);
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
    till.ask(Command::Retry);
    assert_eq!(till.sale.attempt(), 1, "the first one is still open");
    till.ask(Command::Close);
    assert_eq!(till.exits, [30]);
}

#[test]
fn f40_unshown_code_ends_cancelled() {
    for (standing, ending) in [
        (Standing::Created(Void::NotSent), "cancelled"),
        (PAYABLE, "unknown"),
    ] {
        let mut till = Till::resuming(standing);
        till.ask(Command::Cancel);
        till.void_and_reads_are_lost();
        assert_eq!(till.ending().name(), ending);
        assert_eq!(till.sale.attempt(), 1, "a cancel starts no new attempt");
    }
}

#[test]
fn f40_cancel_before_code_returns_is_unknown() {
    let mut till = payable_then(Status::New);
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
}

/// The journal has the earlier request under another attempt, so the cancelled attempt ends without a request.
#[test]
fn f40_retry_has_token_of_this_launch() {
    let mut earlier = left(Standing::Created(Void::NotSent));
    earlier.order.token = Some("0ld".to_owned());
    let mut till = Till::started_after(recalled(earlier));
    till.ask(Command::Cancel);
    till.happen(Fact::Duplicate(Mark::Voiding));
    till.ask(Command::Retry);
    till.recorded(Mark::Intent);
    assert!(till.asked_for(|job| matches!(
        job,
        Job::Create(new) if new.external_ref == "A1-2.t0k3n"
    )));
}

/// A watched attempt keeps the hand-over that ended it.
#[test]
fn f49_hand_over_takes_up_own_open_attempt() {
    for (earlier, is_taken_up) in [
        (left(PAYABLE), true),
        (left(Standing::Watched(Void::NotSent)), false),
        (left_of_another_sale(PAYABLE), false),
    ] {
        let mut asked = order();
        asked.handover = Some("this one".to_owned());
        let mut till = Till::new();
        till.ask(Command::Start(asked));
        till.recalls(recalled(earlier.clone()));
        let takes_up = |job: &Job| {
            matches!(
                job,
                Job::Record {
                    record: Record::TakenUp { .. },
                    ..
                }
            )
        };
        let taken_up = till.count_in_watch(takes_up);
        assert_eq!(taken_up, usize::from(is_taken_up), "{earlier:?}");
    }
}

#[test]
fn f40_other_sale_waits_for_settlement() {
    let mut till = Till::after_other_sale(PAYABLE);
    polled(&mut till, request(Status::New));
    assert_eq!(voided_ids(&till.jobs), [ID], "its customer has gone");
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    assert!(!till.records(Mark::Intent));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(till.earlier_told(), [("cancelled", false)]);
    assert!(till.records(Mark::Intent));
    assert!(!till.sale.is_about_an_earlier_sale());
}

#[test]
fn f40_earlier_payment_comes_first() {
    let mut till = Till::after_other_sale(PAYABLE);
    polled(&mut till, request(Status::Paid));
    assert_eq!(till.earlier_told(), [("paid", false)]);
    assert!(till.sale.is_about_an_earlier_sale());
    let leaves = till.wakes_for(Timer::LeaveEnding);
    assert!(leaves.is_none(), "a person has to see it");
    till.jobs.clear();
    till.ask(Command::Close);
    assert!(!till.records_in_watch(Mark::Acknowledged).is_empty());
    assert!(till.records(Mark::Intent));
    assert!(till.exits.is_empty());
}

#[test]
fn f41_unseen_payment_is_shown() {
    let paid = Ending::Paid {
        by: Vec::new(),
        kept: false,
    };
    let mut till = Till::resuming(paid_unseen());
    assert_eq!(*till.ending(), paid);
    assert!(!till.asked_for(is_read));
    assert!(!till.records(Mark::Verdict));
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);

    let till = Till::after_other_sale(paid_unseen());
    assert_eq!(*till.ending(), paid);
    assert!(till.sale.is_about_an_earlier_sale());
}

#[test]
fn f2_paid_sale_is_reported_paid_again() {
    let mut till = Till::resuming(paid_and_acknowledged());
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert_eq!(till.ending().name(), "paid");
    assert!(!till.records(Mark::Intent));
}

#[test]
fn f30_paid_comes_before_payable() {
    let paid = Earlier {
        attempt: 2,
        ..left(paid_late())
    };
    let till = Till::started_after(recollection(2, vec![left(PAYABLE), paid]));
    assert_eq!(till.ending().name(), "paid");
}

#[test]
fn reused_reference_is_another_sale() {
    let mut earlier = left(paid_and_acknowledged());
    earlier.order.amount = nzd(99);
    let till = Till::started_after(recalled(earlier));
    assert!(till.records(Mark::Intent));
    assert_eq!(till.sale.attempt(), 2, "under a reference of its own");
}

/// After a kill during a void, the status `paid` alone does not mean paid.
#[test]
fn f42_paid_after_killed_void_needs_proof() {
    for (void, listed, ending) in [
        (
            Void::Unanswered,
            &[ActivityKind::Refund][..],
            "refund-started",
        ),
        (Void::Unanswered, &[], "unknown"),
        (Void::Answered, &[ActivityKind::Refund], "refund-started"),
        (Void::Answered, &[], "paid"),
    ] {
        let mut till = Till::resuming(Standing::Payable(void));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.listed(listed);
        assert_eq!(till.ending().name(), ending, "{void:?} {listed:?}");
    }
}

#[test]
fn f42_killed_void_is_repeated() {
    let mut till = Till::resuming(Standing::Payable(Void::Unanswered));
    till.jobs.clear();
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn f42_cancel_during_void_is_cancelled() {
    let mut till = Till::resuming(Standing::Payable(Void::Unanswered));
    till.ask(Command::Cancel);
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(till.ending().name(), "cancelled");
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f42_voided_unshown_code_stays_hidden() {
    for void in [Void::Unanswered, Void::Answered] {
        let mut till = Till::resuming(Standing::Created(void));
        till.jobs.clear();
        till.read(Ask::Verdict, Ok(request(Status::New)));
        assert_eq!(voided_ids(&till.jobs), [ID]);
        till.void_and_reads_are_lost();
        assert_eq!(till.sale.attempt(), 2, "no customer can have paid it");
    }
}

#[test]
fn unknown_earlier_sale_blocks_next() {
    let mut till = Till::after_other_sale(Standing::Payable(Void::Unanswered));
    till.verdict_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
    assert!(!till.records(Mark::Intent));
    till.ask(Command::Close);
    assert_eq!(till.exits, [40], "nothing was created for this one");
    let Some(Announcement::Outcome {
        external_ref,
        reason,
        id,
        ..
    }) = till.told.last()
    else {
        panic!("{:?}", till.told);
    };
    assert_eq!(external_ref.as_deref(), Some("A1"));
    assert_eq!(*id, None);
    let expected = Rejection::Unsettled("Z9".to_owned()).to_string();
    assert_eq!(reason.as_deref(), Some(expected.as_str()));
}

#[test]
fn f46_unreadable_journal_sells_nothing() {
    let mut till = Till::new();
    till.ask(Command::Start(order()));
    till.jobs.clear();
    till.happen(Fact::Recalled(Err("file is not a database".to_owned())));
    assert!(matches!(
        till.ending(),
        Ending::Rejected(Rejection::Journal(_))
    ));
    assert!(!till.asked_for(|job| matches!(job, Job::Record { .. })));
    till.ask(Command::Close);
    assert_eq!(till.exits, [40]);
}

#[test]
fn f40_other_sale_comes_before_own_code() {
    let created = left(Standing::Created(Void::NotSent));
    let open = vec![created, left_of_another_sale(PAYABLE)];
    let till = Till::started_after(recollection(1, open));
    assert!(till.sale.is_about_an_earlier_sale());
}

#[test]
fn f40_payable_comes_before_unseen_ending() {
    let unseen = left_of_another_sale(Standing::Ended {
        ending: Ending::RefundStarted,
        late: false,
        acknowledged: false,
    });
    let open = Earlier {
        attempt: 2,
        ..left_of_another_sale(PAYABLE)
    };
    let till = Till::started_after(recollection(0, vec![unseen, open]));
    assert!(matches!(till.sale.state(), State::Waiting(_)));
}

#[test]
fn f40_attempts_are_settled_by_urgency() {
    let of_attempt = |attempt, standing| Earlier {
        attempt,
        ..left(standing)
    };
    let open = vec![
        of_attempt(3, Standing::Watched(Void::NotSent)),
        of_attempt(1, Standing::Created(Void::NotSent)),
        of_attempt(2, PAYABLE),
    ];
    let mut till = Till::started_after(recollection(3, open));
    assert_eq!(till.sale.attempt(), 2, "it may have been paid");
    polled(&mut till, request(Status::Expired));
    assert_eq!(till.sale.attempt(), 1, "its code may be shown again");
    polled(&mut till, request(Status::Expired));
    assert_eq!(till.sale.attempt(), 3, "it can only be paid late");
}
