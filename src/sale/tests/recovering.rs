//! What an earlier launch of the same sale, or of another one, has left.

use std::time::Duration;

use super::till::*;
use crate::payment::{ActivityKind, CancellationReason, PayUrl, PaymentRequest, Status};
use crate::sale::{
    Announcement, Ask, Command, Earlier, Ending, Fact, Job, Mark, Recollection, Rejection,
    Standing, State, Timer, Void, WaitingFor,
};

/// The sale that was left is asked for again, and the platform is being asked about it.
pub(super) fn resuming(standing: Standing) -> Till {
    let mut till = Till::new();
    till.start_after(recalled(left(standing)));

    till
}

/// Another sale is asked for than the one that was left.
pub(super) fn before_another_sale(standing: Standing) -> Till {
    let mut till = Till::new();
    till.start_after(recalled(left_of_another_sale(standing)));

    till
}

pub(super) fn earlier_outcomes(till: &Till) -> Vec<(&'static str, bool)> {
    till.told
        .iter()
        .filter_map(|told| match told {
            Announcement::Earlier { outcome, late, .. } => Some((*outcome, *late)),
            _ => None,
        })
        .collect()
}

#[test]
fn f40_the_same_sale_shows_the_same_code_again_once_the_platform_says_it_is_open() {
    let mut till = resuming(Standing::Payable(Void::NotSent));
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
    let State::Presenting(presenting) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert_eq!(presenting.request().id.as_str(), ID);
    assert_eq!(
        presenting.request().validity(),
        Duration::from_secs(100),
        "the time that the platform says is left"
    );
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f40_a_code_is_not_resumed_before_its_showing_is_on_disk_again() {
    let mut till = resuming(Standing::Created(Void::NotSent));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    till.encoded();
    assert!(matches!(till.sale.state(), State::Creating(_)));
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f40_with_less_than_ten_seconds_left_it_is_voided_and_a_new_attempt_follows() {
    for left in [Some(Duration::from_secs(9)), None] {
        let mut till = resuming(Standing::Payable(Void::NotSent));
        till.wake(Timer::Poll);
        till.polled(Ok(PaymentRequest {
            time_left: left,
            ..request(Status::New)
        }));
        till.recorded(Mark::Voiding);
        till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
        till.read(
            Ask::Verdict,
            Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
        );
        assert_eq!(till.sale.attempt(), 2);
        assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
    }
}

#[test]
fn f40_a_code_whose_url_no_longer_fits_is_not_shown_again() {
    let mut till = resuming(Standing::Payable(Void::NotSent));
    till.wake(Timer::Poll);
    till.polled(Ok(PaymentRequest {
        url: PayUrl::parse("https://evil.example/pay/MhocUmpxxmgdHjr7DgKoKw"),
        ..request(Status::New)
    }));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn f40_a_sale_that_was_paid_meanwhile_is_paid_and_not_sold_again() {
    let mut till = resuming(Standing::Payable(Void::NotSent));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert_eq!(till.ending().name(), "paid");
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);
}

#[test]
fn f40_after_ten_seconds_without_an_answer_it_is_voided_and_unknown_blocks() {
    let mut till = resuming(Standing::Payable(Void::NotSent));
    till.wake(Timer::Poll);
    till.polled(Err(lost()));
    till.wake(Timer::Settled);
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
    till.ask(Command::Retry);
    assert_eq!(till.sale.attempt(), 1, "no new attempt beside an open one");
    till.ask(Command::Close);
    assert_eq!(till.exits, [30]);
}

#[test]
fn f40_another_sale_waits_until_the_one_that_was_left_is_settled() {
    let mut till = before_another_sale(Standing::Payable(Void::NotSent));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    assert_eq!(voided_ids(&till.jobs), [ID], "its customer has gone");
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    assert!(!till.asked_for(|job| is_record(job, Mark::Intent)));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(earlier_outcomes(&till), [("cancelled", false)]);
    assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
    assert!(!till.sale.is_about_an_earlier_sale());
}

#[test]
fn f40_a_paid_earlier_sale_is_acknowledged_before_the_next_one_is_sold() {
    let mut till = before_another_sale(Standing::Payable(Void::NotSent));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert_eq!(earlier_outcomes(&till), [("paid", false)]);
    assert!(till.sale.is_about_an_earlier_sale());
    assert!(
        till.wakes_for(Timer::LeaveEnding).is_none(),
        "a person has to see it"
    );
    till.jobs.clear();
    till.ask(Command::Close);
    assert!(
        till.beside
            .iter()
            .any(|(_, job)| is_record(job, Mark::Acknowledged))
    );
    assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
    assert!(till.exits.is_empty());
}

#[test]
fn f41_a_payment_that_nobody_saw_is_shown_without_asking_the_platform() {
    let paid = Ending::Paid {
        by: Vec::new(),
        kept: false,
    };
    let standing = Standing::Ended {
        ending: paid.clone(),
        late: false,
        acknowledged: false,
    };
    let mut till = resuming(standing.clone());
    assert_eq!(*till.ending(), paid);
    assert!(!till.asked_for(is_read));
    assert!(!till.asked_for(|job| is_record(job, Mark::Verdict)));
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);

    let till = before_another_sale(standing);
    assert_eq!(*till.ending(), paid);
    assert!(till.sale.is_about_an_earlier_sale());
}

#[test]
fn f2_paid_sale_is_told_as_paid_again() {
    let mut till = resuming(Standing::Ended {
        ending: Ending::Paid {
            by: Vec::new(),
            kept: false,
        },
        late: false,
        acknowledged: true,
    });
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert_eq!(till.ending().name(), "paid");
    assert!(!till.asked_for(|job| is_record(job, Mark::Intent)));
}

#[test]
fn f30_no_code_of_a_sale_that_is_paid_is_shown_again_whatever_else_was_left() {
    let paid = Earlier {
        attempt: 2,
        ..left(Standing::Ended {
            ending: Ending::Paid {
                by: Vec::new(),
                kept: false,
            },
            late: true,
            acknowledged: false,
        })
    };
    let mut till = Till::new();
    till.start_after(Recollection {
        taken: Vec::new(),
        attempts: 2,
        open: vec![left(Standing::Payable(Void::NotSent)), paid],
    });
    assert_eq!(till.ending().name(), "paid");
}

#[test]
fn a_reference_that_is_used_again_on_other_terms_is_another_sale() {
    let mut earlier = left(Standing::Ended {
        ending: Ending::Paid {
            by: Vec::new(),
            kept: false,
        },
        late: false,
        acknowledged: true,
    });
    earlier.order.amount = nzd(99);
    let mut till = Till::new();
    till.start_after(recalled(earlier));
    assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
    assert_eq!(till.sale.attempt(), 2, "under a reference of its own");
}

#[test]
fn f42_after_a_kill_during_a_void_paid_alone_does_not_mean_paid() {
    for (activities, ending) in [
        (vec![activity(ActivityKind::Refund)], "refund-started"),
        (Vec::new(), "unknown"),
    ] {
        let mut till = resuming(Standing::Payable(Void::Unanswered));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(activities)));
        assert_eq!(till.ending().name(), ending);
    }
}

#[test]
fn f42_a_void_that_was_answered_leaves_the_rest_to_the_activities() {
    for (activities, ending) in [
        (vec![activity(ActivityKind::Refund)], "refund-started"),
        (Vec::new(), "paid"),
    ] {
        let mut till = resuming(Standing::Payable(Void::Answered));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(activities)));
        assert_eq!(till.ending().name(), ending);
    }
}

#[test]
fn f42_what_is_still_open_after_a_kill_during_a_void_is_voided_again() {
    let mut till = resuming(Standing::Payable(Void::Unanswered));
    till.jobs.clear();
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn an_earlier_sale_that_stays_unknown_makes_no_sale_and_says_why() {
    let mut till = before_another_sale(Standing::Payable(Void::Unanswered));
    for _ in 0..2 {
        till.read(Ask::Verdict, Err(lost()));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Err(lost()));
    assert_eq!(till.ending().name(), "unknown");
    assert!(!till.asked_for(|job| is_record(job, Mark::Intent)));
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
fn f46_a_journal_that_cannot_be_read_sells_nothing() {
    let mut till = Till::new();
    till.ask(Command::Start(order()));
    till.jobs.clear();
    till.happen(Fact::Recalled(Err("file is not a database".to_owned())));
    assert!(matches!(
        till.ending(),
        Ending::Rejected(Rejection::Journal(_))
    ));
    assert!(
        till.jobs
            .iter()
            .all(|job| !matches!(job, Job::Record { .. }))
    );
    till.ask(Command::Close);
    assert_eq!(till.exits, [40]);
}

#[test]
fn f42_a_code_that_was_never_shown_and_may_have_been_voided_is_not_shown_any_more() {
    for void in [Void::Unanswered, Void::Answered] {
        let mut till = resuming(Standing::Created(void));
        till.jobs.clear();
        till.read(Ask::Verdict, Ok(request(Status::New)));
        assert_eq!(voided_ids(&till.jobs), [ID]);
        till.void_and_reads_are_lost();
        assert_eq!(till.sale.attempt(), 2, "nobody can have paid it");
    }
}

#[test]
fn f40_a_code_that_may_be_shown_again_never_stands_beside_another_one() {
    let created = left(Standing::Created(Void::NotSent));
    let mut till = Till::new();
    till.start_after(Recollection {
        taken: Vec::new(),
        attempts: 1,
        open: vec![
            created,
            left_of_another_sale(Standing::Payable(Void::NotSent)),
        ],
    });
    assert!(till.sale.is_about_an_earlier_sale());
}

#[test]
fn f40_two_codes_that_may_be_shown_again_wait_for_what_was_shown_of_the_same_sale() {
    let shown = Earlier {
        attempt: 2,
        ..left(Standing::Payable(Void::NotSent))
    };
    let watched = Earlier {
        attempt: 3,
        ..left(Standing::Watched(Void::NotSent))
    };
    let mut till = Till::new();
    till.start_after(Recollection {
        taken: Vec::new(),
        attempts: 3,
        open: vec![watched, left(Standing::Created(Void::NotSent)), shown],
    });
    assert_eq!(till.sale.attempt(), 2, "what may have been paid");
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Expired)));
    assert_eq!(till.sale.attempt(), 1, "then what may be shown again");
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Expired)));
    assert_eq!(till.sale.attempt(), 3, "then what can only be paid late");
}

#[test]
fn f40_where_the_platform_does_not_say_what_is_left_the_clock_here_does() {
    for (left_here, shown_again) in [(10, true), (9, false)] {
        let mut earlier = left(Standing::Payable(Void::NotSent));
        let known = earlier.request.as_mut().expect("a request");
        known.time_left = Duration::from_secs(left_here);
        let mut till = Till::new();
        till.start_after(recalled(earlier));
        till.wake(Timer::Poll);
        till.polled(Ok(PaymentRequest {
            time_left: None,
            ..request(Status::New)
        }));
        assert_eq!(voided_ids(&till.jobs).is_empty(), shown_again);
    }
}
