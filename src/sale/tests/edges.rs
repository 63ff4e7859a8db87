//! The edges of the rules: the last second, the third try, the answer that belongs elsewhere.

use std::time::Duration;

use url::Url;

use super::till::*;
use crate::payment::{
    ActivityKind, BadUrl, CancellationReason, Failure, Liveness, PayUrl, PaymentRequest, RequestId,
    Status,
};
use crate::sale::{
    Announcement, Ask, Command, Delay, Earlier, Ending, Fact, Job, Mark, Misfit, Moment, Pause,
    Progress, Recollection, Record, Rejection, Standing, State, Timer, Void,
};

pub(super) fn second(second: u64) -> Moment {
    Moment::after_start(Duration::from_secs(second))
}

pub(super) fn of_another_id(status: Status) -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new("other").expect("an id"),
        ..request(status)
    }
}

pub(super) fn progress(till: &Till) -> Vec<Progress> {
    till.jobs
        .iter()
        .filter_map(|job| match job {
            Job::Record {
                record: Record::Progress(progress),
                ..
            } => Some(progress.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn f38_a_sale_is_started_once_also_while_the_journal_is_being_asked() {
    let mut till = Till::new();
    till.ask(Command::Start(order()));
    let mut other = order();
    other.reference = "B1".to_owned();
    till.jobs.clear();
    till.ask(Command::Start(other));
    assert!(till.jobs.is_empty());
    assert_eq!(till.sale.order(), Some(&order()));
}

#[test]
fn f40_what_can_still_be_paid_is_settled_before_what_only_waits_to_be_noted() {
    let noted = left_of_another_sale(Standing::Ended {
        ending: Ending::RefundStarted,
        late: false,
        acknowledged: false,
    });
    let open = Earlier {
        attempt: 2,
        ..left_of_another_sale(Standing::Payable(Void::NotSent))
    };
    let mut till = Till::new();
    till.start_after(Recollection {
        taken: Vec::new(),
        attempts: 0,
        open: vec![noted, open],
    });
    assert!(matches!(till.sale.state(), State::Waiting(_)));
}

#[test]
fn f40_a_code_that_was_shown_again_ends_like_any_other() {
    let mut till = Till::new();
    till.start_after(recalled(left(Standing::Payable(Void::NotSent))));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    till.encoded();
    till.recorded(Mark::Shown);
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Expired)));
    assert_eq!(*till.ending(), Ending::Expired);
    assert_eq!(till.sale.attempt(), 1, "the cashier decides about another");
}

#[test]
fn f40_the_outcome_of_a_resumed_sale_has_the_reference_of_its_own_attempt() {
    let mut till = Till::new();
    till.start_after(Recollection {
        taken: Vec::new(),
        attempts: 2,
        open: vec![left(Standing::Payable(Void::NotSent))],
    });
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    till.ask(Command::Close);
    assert!(matches!(
        till.told.last(),
        Some(Announcement::Outcome { external_ref: Some(reference), .. }) if reference == "A1"
    ));
}

#[test]
fn f6_a_create_that_has_to_wait_says_why() {
    for (failure, pause) in [
        (
            Failure::Throttled { retry_after: None },
            Some(Pause::Throttled),
        ),
        (unsent(), Some(Pause::Unreachable)),
    ] {
        let mut till = Till::asking();
        let State::Creating(creating) = till.sale.state() else {
            panic!("{:?}", till.sale.state());
        };
        assert_eq!(creating.pause(), None);
        till.created(Err(failure));
        let State::Creating(creating) = till.sale.state() else {
            panic!("{:?}", till.sale.state());
        };
        assert_eq!(creating.pause(), pause);
    }
}

#[test]
fn f4_the_pause_before_the_third_try_is_longer_than_before_the_second() {
    let mut till = Till::asking();
    for pause in [500, 1000] {
        till.jobs.clear();
        till.created(Err(unsent()));
        assert_eq!(
            till.wakes_for(Timer::Recreate),
            Some(Delay::For(Duration::from_millis(pause)))
        );
        till.wake(Timer::Recreate);
    }
}

#[test]
fn f37_a_create_that_was_cancelled_says_so() {
    let mut till = Till::asking();
    for cancelled in [false, true] {
        let State::Creating(creating) = till.sale.state() else {
            panic!("{:?}", till.sale.state());
        };
        assert_eq!(creating.is_cancelled(), cancelled);
        till.ask(Command::Cancel);
    }
}

#[test]
fn f9_ten_seconds_are_enough_and_after_three_codes_with_less_there_is_no_sale() {
    let mut till = Till::asking();
    till.happen(Fact::Created {
        sent_at: second(0),
        at: second(110),
        answer: Ok(request(Status::New)),
    });
    assert!(till.asked_for(|job| is_record(job, Mark::Created)));

    let mut till = Till::asking();
    for attempt in 1..=3 {
        assert_eq!(till.sale.attempt(), attempt);
        till.happen(Fact::Created {
            sent_at: second(0),
            at: second(111),
            answer: Ok(request(Status::New)),
        });
        till.recorded(Mark::Voiding);
        till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
        till.read(Ask::Verdict, Ok(request(Status::Cancelled)));
        if attempt < 3 {
            till.recorded(Mark::Intent);
        }
    }
    assert_eq!(*till.ending(), Ending::Rejected(Rejection::NoTime));
}

#[test]
fn f9_whoever_cancels_while_a_short_code_is_voided_wants_no_further_attempt() {
    let mut till = Till::asking();
    till.happen(Fact::Created {
        sent_at: second(0),
        at: second(111),
        answer: Ok(request(Status::New)),
    });
    till.ask(Command::KeepChecking);
    till.ask(Command::Cancel);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn a_key_does_not_change_why_a_request_is_voided() {
    let mut till = Till::asking();
    till.created(Ok(PaymentRequest {
        value: Some(nzd(99)),
        ..request(Status::New)
    }));
    till.ask(Command::Cancel);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    till.read(Ask::Verdict, Ok(request(Status::Cancelled)));
    assert_eq!(
        *till.ending(),
        Ending::Rejected(Rejection::Misfit(Misfit::Value))
    );
}

#[test]
fn f37_what_was_never_shown_ends_cancelled_also_when_the_platform_is_silent() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    assert_eq!(*till.ending(), Ending::Cancelled { reason: None });
}

#[test]
fn an_ending_that_was_saved_does_not_ask_to_be_written_down() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Paid)));
    till.recorded(Mark::Verdict);
    let State::Ended(ended) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert!(!ended.is_unsaved());
}

#[test]
fn f45_an_ending_that_could_not_be_saved_stays_until_a_key() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Paid)));
    till.happen(Fact::NotRecorded(Mark::Verdict, "disk full".to_owned()));
    till.wake(Timer::LeaveEnding);
    assert!(till.exits.is_empty());
    till.jobs.clear();
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);
    assert!(
        till.asked_for(|job| is_record(job, Mark::Verdict)),
        "the disk may have room again"
    );

    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Expired)));
    till.happen(Fact::NotRecorded(Mark::Verdict, "disk full".to_owned()));
    till.wake(Timer::LeaveEnding);
    assert_eq!(till.exits, [20], "no money that has to be written down");
}

#[test]
fn f7_each_misfit_has_a_sentence_of_its_own() {
    let misfits = [
        Misfit::Id,
        Misfit::Value,
        Misfit::Config,
        Misfit::Liveness(Liveness::Test),
        Misfit::Liveness(Liveness::Main),
        Misfit::Url(BadUrl::Path),
        Misfit::Status(Status::Paid),
    ];
    let sentences: std::collections::BTreeSet<_> =
        misfits.iter().map(ToString::to_string).collect();
    assert_eq!(sentences.len(), misfits.len());
    assert!(sentences.iter().all(|sentence| sentence.len() > 20));
}

#[test]
fn f8_plain_http_is_taken_only_in_a_rehearsal_and_nothing_else_even_there() {
    for (url, fits) in [
        ("http://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw", true),
        ("ftp://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw", false),
    ] {
        let mut rules = Till::rules();
        rules.base_url = Url::parse("http://127.0.0.1:8787").expect("a url");
        let answer = PaymentRequest {
            url: PayUrl::parse(url),
            ..request(Status::New)
        };
        let fitted = rules.fit(&order(), &answer, Moment::default());
        assert_eq!(fitted.is_ok(), fits, "{url}: {fitted:?}");
    }
}

#[test]
fn f13_a_platform_that_refuses_again_and_again_is_given_ten_seconds_once() {
    let mut till = Till::presenting();
    for wakes in [1, 1] {
        till.wake(Timer::Poll);
        till.polled(Err(refused(403, "FORBIDDEN")));
        let denied = till
            .jobs
            .iter()
            .filter(|job| {
                matches!(
                    job,
                    Job::Wake {
                        timer: Timer::Denied,
                        ..
                    }
                )
            })
            .count();
        assert_eq!(denied, wakes);
    }
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Err(lost()));
    assert_eq!(till.wakes_for(Timer::Denied), None);
}

#[test]
fn f23_an_answer_of_the_same_moment_is_not_an_older_one() {
    let at = |status| PaymentRequest {
        updated_at: Some(1000),
        ..request(status)
    };
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Ok(at(Status::New)));
    till.wake(Timer::Poll);
    till.polled(Ok(at(Status::Paid)));
    assert_eq!(till.ending().name(), "paid");
}

#[test]
fn f24_nothing_that_remains_is_paid_in_full() {
    let mut till = Till::presenting();
    till.polled(Ok(PaymentRequest {
        remaining: Some(nzd(0)),
        ..request(Status::Paid)
    }));
    assert_eq!(till.ending().name(), "paid");
}

#[test]
fn a_poll_that_comes_a_whole_interval_late_starts_the_schedule_anew() {
    let mut till = Till::presenting();
    for (asked_at, next) in [(0, 1), (2, 3)] {
        till.jobs.clear();
        till.happen(Fact::Woke {
            timer: Timer::Poll,
            at: second(asked_at),
            slept: false,
        });
        till.polled(Ok(request(Status::New)));
        assert_eq!(
            till.wakes_for(Timer::Poll),
            Some(Delay::Until(second(next)))
        );
    }
}

#[test]
fn a_code_is_on_the_screen_after_its_first_frame() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    for on_screen in [false, true] {
        let State::Presenting(presenting) = till.sale.state() else {
            panic!("{:?}", till.sale.state());
        };
        assert_eq!(presenting.is_on_screen(), on_screen);
        till.happen(Fact::Shown);
    }
}
