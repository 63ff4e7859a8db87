//! From the order to the code on the screen.

use std::collections::BTreeSet;
use std::time::Duration;

use url::Url;

use super::till::*;
use crate::domain::payment::{
    BadUrl, ConfigId, Failure, Liveness, PayUrl, RequestId, Status, Text,
};
use crate::sale::{
    Announcement, Command, Delay, Ending, Fact, Job, Mark, Mismatch, Moment, Pause, Record,
    Rejection, State, Timer,
};

/// Asserts that the request is voided and its code is not even made.
fn assert_voided_unseen(till: &Till) {
    assert_eq!(voided_ids(&till.jobs), [ID]);
    assert!(!till.asked_for(is_encode));
}

fn lost_answer_and_next_attempt(till: &mut Till) {
    till.created(Err(lost()));
    till.wake(Timer::Recreate);
    till.recorded(Mark::Intent);
}

/// Answers the create after `seconds`, with a request that can be paid for `validity` seconds.
fn answered_after(till: &mut Till, seconds: u64, validity: u64) {
    till.happen(Fact::Created {
        sent_at: second(0),
        at: second(seconds),
        answer: Ok(request_with(Status::New, |request| {
            request.validity = Some(Duration::from_secs(validity));
        })),
    });
}

#[test]
fn intent_is_recorded_before_create() {
    let mut till = Till::new();
    till.start();
    assert!(till.records(Mark::Intent));
    assert!(!till.asked_for(is_create));
    till.recorded(Mark::Intent);
    assert!(till.asked_for(is_create));
}

#[test]
fn f38_second_start_is_ignored() {
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
fn code_waits_for_records() {
    let mut till = Till::created_new();
    till.encoded();
    assert!(!matches!(till.sale.state(), State::Presenting(_)));
    assert!(!till.records(Mark::Shown));
    till.recorded(Mark::Created);
    assert!(!matches!(till.sale.state(), State::Presenting(_)));
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn created_record_has_short_code() {
    let till = Till::created_new();
    assert!(till.asked_for(|job| matches!(
        job,
        Job::Record { record: Record::Created { short_code, .. }, .. } if short_code == "CP-C7F-ZS5"
    )));
}

#[test]
fn unreadable_code_is_voided() {
    let mut till = Till::created_new();
    till.recorded(Mark::Created);
    assert!(!till.records(Mark::Shown));
    till.happen(Fact::Encoded(Err("smudged".to_owned())));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn shown_is_announced_once_after_frame() {
    let mut till = Till::ready();
    for (times, is_on_screen) in [(0, false), (1, true), (1, true)] {
        let told = till.count_told(|told| matches!(told, Announcement::Shown { .. }));
        assert_eq!(told, times);
        assert_eq!(till.presenting_state().is_on_screen(), is_on_screen);
        till.happen(Fact::Shown);
    }
}

#[test]
fn f1_lost_create_gets_new_reference() {
    let mut till = Till::asking();
    till.created(Err(lost()));
    assert!(!till.asked_for(is_create));
    assert!(matches!(
        till.wakes_for(Timer::Recreate),
        Some(Delay::Between(least, most)) if least < most && most <= Duration::from_secs(5)
    ));
    till.take_jobs();
    till.wake(Timer::Recreate);
    assert_eq!(till.sale.attempt(), 2);
    till.recorded(Mark::Intent);
    let jobs = till.take_jobs();
    let [Job::Create(new)] = jobs.as_slice() else {
        panic!("{jobs:?}");
    };
    assert_eq!(new.external_ref, "A1-2.t0k3n");
}

#[test]
fn f1_old_create_answer_is_dropped() {
    let mut till = Till::asking();
    let first = till.sale.round();
    lost_answer_and_next_attempt(&mut till);
    till.jobs.clear();
    till.happen_in(
        first,
        Fact::Created {
            sent_at: Moment::default(),
            at: Moment::default(),
            answer: Ok(request(Status::New)),
        },
    );
    assert!(till.jobs.is_empty());
    assert!(matches!(till.sale.state(), State::Creating(_)));
}

#[test]
fn f1_cancel_stops_next_attempt() {
    let mut till = Till::asking();
    till.created(Err(lost()));
    till.ask(Command::Cancel);
    assert_eq!(till.ending().exit_code(), 21);
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f1_second_lost_create_waits_longer() {
    let mut till = Till::asking();
    lost_answer_and_next_attempt(&mut till);
    till.jobs.clear();
    till.created(Err(lost()));
    let between = Delay::Between(Duration::from_secs(1), Duration::from_secs(2));
    assert_eq!(till.wakes_for(Timer::Recreate), Some(between));
}

#[test]
fn f1_three_lost_creates_are_unreachable() {
    let mut till = Till::asking();
    for _ in 0..2 {
        lost_answer_and_next_attempt(&mut till);
    }
    till.created(Err(lost()));
    assert!(matches!(till.ending(), Ending::Unreachable(_)));
    assert_eq!(till.ending().exit_code(), 41);
}

#[test]
fn f4_unsent_create_is_tried_three_times() {
    let mut till = Till::asking();
    for pause in [500, 1000] {
        till.created(Err(unsent()));
        let pause = Delay::For(Duration::from_millis(pause));
        assert_eq!(till.wakes_for(Timer::Recreate), Some(pause));
        till.jobs.clear();
        till.wake(Timer::Recreate);
        assert!(till.asked_for(is_create));
    }
    assert_eq!(till.sale.attempt(), 1);
    till.created(Err(unsent()));
    assert!(matches!(till.ending(), Ending::Unreachable(_)));
    assert_eq!(till.ending().name(), "unreachable");
    till.ask(Command::Retry);
    assert_eq!(till.sale.attempt(), 2);
    till.recorded(Mark::Intent);
}

#[test]
fn f5_refused_create_is_not_retried() {
    for (status, code, reason) in [
        (400, "BAD", "400 BAD"),
        (
            403,
            "NO_AVAILABLE_PAYMENT_OPTIONS",
            "403 NO_AVAILABLE_PAYMENT_OPTIONS",
        ),
        (401, "UNAUTHORIZED", "key not accepted: 401 UNAUTHORIZED"),
    ] {
        let mut till = Till::asking();
        till.created(Err(refused(status, code)));
        assert_eq!(till.ending().exit_code(), 40);
        assert_eq!(till.ending().reason().as_deref(), Some(reason));
        assert!(!till.asked_for(is_create));
    }
}

#[test]
fn f6_throttled_create_waits_as_asked() {
    let mut till = Till::asking();
    till.created(Err(throttled(7)));
    let between = Delay::Between(Duration::from_secs(7), Duration::from_secs(8));
    assert_eq!(till.wakes_for(Timer::Recreate), Some(between));
    till.ask(Command::Cancel);
    assert_eq!(till.ending().exit_code(), 21);
}

#[test]
fn f6_repeated_throttling_waits_longer() {
    let mut till = Till::asking();
    let mut last = Duration::ZERO;
    for seconds in [1, 2, 4, 8, 16, 32, 32, 32] {
        till.jobs.clear();
        till.created(Err(throttled(0)));
        let Some(Delay::Between(least, most)) = till.wakes_for(Timer::Recreate) else {
            panic!("{:?}", till.jobs);
        };
        assert_eq!(least, Duration::from_secs(seconds));
        assert!(most > least && least >= last);
        last = least;
        till.wake(Timer::Recreate);
        assert!(till.asked_for(is_create));
    }
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f6_waiting_create_has_a_reason() {
    for (failure, pause) in [
        (Failure::Throttled { retry_after: None }, Pause::Throttled),
        (unsent(), Pause::Unreachable),
    ] {
        let mut till = Till::asking();
        assert_eq!(till.creating_state().pause(), None);
        till.created(Err(failure));
        assert_eq!(till.creating_state().pause(), Some(pause));
    }
}

#[test]
fn f1_waiting_attempt_has_a_reason() {
    let mut till = Till::asking();
    till.created(Err(lost()));
    assert_eq!(till.creating_state().pause(), Some(Pause::Unreachable));
}

#[test]
fn f7_mismatched_request_is_voided() {
    let not_open = [
        Status::Paid,
        Status::Cancelled,
        Status::Unknown(Text::clean("settling")),
    ];
    let cases = not_open
        .map(|status| (Mismatch::Status(status.clone()), request(status)))
        .into_iter()
        .chain([
            (Mismatch::Value, of_value(Status::New, 1251)),
            (
                Mismatch::Value,
                request_with(Status::New, |request| request.value = None),
            ),
            (
                Mismatch::Config,
                request_with(Status::New, |request| {
                    request.config_id = Some(ConfigId::new("another"));
                }),
            ),
            (
                Mismatch::Liveness(Liveness::Test),
                request_with(Status::New, |request| {
                    request.liveness = Some(Liveness::Test);
                }),
            ),
        ]);
    for (misfit, answer) in cases {
        let mut till = Till::asking();
        till.created(Ok(answer));
        assert_voided_unseen(&till);
        till.void_succeeds();
        if matches!(misfit, Mismatch::Status(_)) {
            assert!(misfit.to_string().starts_with("the platform calls a new"));
        }
        assert_eq!(
            *till.ending(),
            Ending::Rejected(Rejection::Mismatch(misfit))
        );
    }
}

#[test]
fn cancel_keeps_cause_of_void() {
    let mut till = Till::asking();
    till.created(Ok(of_value(Status::New, 99)));
    till.ask(Command::Cancel);
    till.void_succeeds();
    let rejection = Rejection::Mismatch(Mismatch::Value);
    assert_eq!(*till.ending(), Ending::Rejected(rejection));
}

#[test]
fn f7_lost_void_of_paid_create_is_unknown() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::Paid)));
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f7_each_mismatch_has_its_own_text() {
    let misfits = [
        Mismatch::Id,
        Mismatch::Value,
        Mismatch::Config,
        Mismatch::Liveness(Liveness::Test),
        Mismatch::Liveness(Liveness::Main),
        Mismatch::Url(BadUrl::Path),
        Mismatch::Status(Status::Paid),
    ];
    let sentences: BTreeSet<_> = misfits.iter().map(ToString::to_string).collect();
    assert_eq!(sentences.len(), misfits.len());
    assert!(sentences.iter().all(|sentence| sentence.len() > 20));
}

#[test]
fn f8_bad_url_is_voided() {
    for url in [
        "http://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw",
        "https://evil.example/pay/MhocUmpxxmgdHjr7DgKoKw",
        "https://app.centrapay.com.evil.example/pay/MhocUmpxxmgdHjr7DgKoKw",
        "https://app.centrapay.com@evil.example/pay/MhocUmpxxmgdHjr7DgKoKw",
        "https://user@app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw",
        "https://app.centrapay.com:8443/pay/MhocUmpxxmgdHjr7DgKoKw",
        "https://app.centrapay.com/pay/another",
        "https://app.centrapay.com/other/MhocUmpxxmgdHjr7DgKoKw",
        "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw?to=evil",
        "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw#x",
        "https://APP.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw",
        "https://app.centrapay.com/x/../pay/MhocUmpxxmgdHjr7DgKoKw",
        "javascript:alert(1)",
        "",
    ] {
        let mut till = Till::asking();
        till.created(Ok(request_with(Status::New, |request| {
            request.url = PayUrl::parse(url);
        })));
        assert_eq!(voided_ids(&till.jobs), [ID], "{url}");
    }
}

#[test]
fn f8_http_is_for_local_platform_only() {
    for (url, fits) in [
        ("http://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw", true),
        ("ftp://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw", false),
    ] {
        let mut rules = Till::rules();
        rules.base_url = Url::parse("http://127.0.0.1:8787").expect("a url");
        let answer = request_with(Status::New, |request| request.url = PayUrl::parse(url));
        let fitted = rules.fit(&order(), &answer, Moment::default());
        assert_eq!(fitted.is_ok(), fits, "{url}: {fitted:?}");
    }
}

#[test]
fn f9_short_validity_is_tried_three_times() {
    for (answered_at, validity) in [(0, 9), (111, 120)] {
        let mut till = Till::asking();
        for attempt in 1..=3 {
            assert_eq!(till.sale.attempt(), attempt);
            answered_after(&mut till, answered_at, validity);
            till.void_succeeds();
            if attempt < 3 {
                till.recorded(Mark::Intent);
            }
        }
        assert_eq!(*till.ending(), Ending::Rejected(Rejection::NoTime));
    }
}

#[test]
fn f9_ten_seconds_are_enough() {
    let mut till = Till::asking();
    answered_after(&mut till, 110, 120);
    assert!(till.records(Mark::Created));
}

#[test]
fn f9_cancel_while_voiding_ends_cancelled() {
    let mut till = Till::asking();
    answered_after(&mut till, 111, 120);
    till.ask(Command::KeepChecking);
    till.ask(Command::Cancel);
    till.void_succeeds();
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn f9_expired_at_create_is_voided() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::Expired)));
    assert_voided_unseen(&till);
}

#[test]
fn f37_cancelled_create_is_voided() {
    let mut till = Till::asking();
    assert!(!till.creating_state().is_cancelled());
    till.ask(Command::Cancel);
    assert!(till.creating_state().is_cancelled());
    assert!(!till.asked_for(is_void));
    till.created(Ok(request(Status::New)));
    assert_voided_unseen(&till);
}

#[test]
fn f37_lost_void_of_unshown_ends_cancelled() {
    let mut till = Till::created_new();
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    assert_eq!(*till.ending(), Ending::Cancelled { reason: None });
}

#[test]
fn f44_full_disk_stops_or_voids() {
    let mut till = Till::new();
    till.start();
    till.not_recorded(Mark::Intent);
    assert!(!till.asked_for(is_create));
    assert_eq!(till.ending().exit_code(), 40);

    for failed in [Mark::Created, Mark::Shown] {
        let mut till = Till::created_new();
        if failed == Mark::Shown {
            till.recorded(Mark::Created);
            till.encoded();
        }
        till.jobs.clear();
        till.not_recorded(failed);
        assert_eq!(voided_ids(&till.jobs), [ID]);
    }
}

#[test]
fn f48_intent_keeps_merchant_and_platform() {
    let mut till = Till::new();
    till.start();
    let Some(Job::Record {
        record: Record::Intent { request, order },
        ..
    }) = till.jobs.first()
    else {
        panic!("{:?}", till.jobs);
    };
    assert_eq!(*order, super::till::order());
    assert_eq!(request.config_id, "5ee168e8597be5002af7b454");
    assert_eq!(request.base_url, "https://service.centrapay.com/");
}

#[test]
fn void_uses_platform_id() {
    let mut till = Till::asking();
    till.created(Ok(request_with(Status::New, |request| {
        request.id = RequestId::new("other").expect("an id");
    })));
    // The id in the URL is not the request's. The void uses the request's own id.
    assert_eq!(voided_ids(&till.jobs), ["other"]);
}
