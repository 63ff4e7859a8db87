use std::time::Duration;

use super::till::*;
use crate::payment::{
    ConfigId, Failure, Liveness, PayUrl, PaymentRequest, RequestId, Status, Text,
};
use crate::sale::{
    Announcement, Command, Delay, Ending, Fact, Job, Mark, Misfit, Moment, Record, Rejection,
    State, Timer,
};

#[test]
fn nothing_is_created_before_the_intent_is_on_disk() {
    let mut till = Till::new();
    till.start();
    assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
    assert!(!till.asked_for(is_create));
    till.recorded(Mark::Intent);
    assert!(till.asked_for(is_create));
}

#[test]
fn no_code_is_shown_before_its_id_and_its_showing_are_on_disk() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.encoded();
    assert!(!matches!(till.sale.state(), State::Presenting(_)));
    assert!(!till.asked_for(|job| is_record(job, Mark::Shown)));
    till.recorded(Mark::Created);
    assert!(!matches!(till.sale.state(), State::Presenting(_)));
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn no_code_is_shown_that_was_not_proven_readable() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    assert!(!till.asked_for(|job| is_record(job, Mark::Shown)));
    till.happen(Fact::Encoded(Err("smudged".to_owned())));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn shown_is_told_once_and_only_after_the_first_frame() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    let shown = |told: &[Announcement]| {
        told.iter()
            .filter(|told| matches!(told, Announcement::Shown { .. }))
            .count()
    };
    assert_eq!(shown(&till.told), 0);
    till.happen(Fact::Shown);
    till.happen(Fact::Shown);
    assert_eq!(shown(&till.told), 1);
}

#[test]
fn f1_after_a_lost_answer_a_new_attempt_is_made_under_a_new_reference() {
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
fn f1_the_answer_to_an_earlier_attempt_is_never_shown() {
    let mut till = Till::asking();
    let first = till.sale.round();
    till.created(Err(lost()));
    till.wake(Timer::Recreate);
    till.recorded(Mark::Intent);
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
fn f1_a_sale_that_is_cancelled_before_its_next_attempt_has_none() {
    let mut till = Till::asking();
    till.created(Err(lost()));
    till.ask(Command::Cancel);
    assert_eq!(till.ending().exit_code(), 21);
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f1_after_three_lost_answers_it_is_unreachable() {
    let mut till = Till::asking();
    for _ in 0..2 {
        till.created(Err(lost()));
        till.wake(Timer::Recreate);
        till.recorded(Mark::Intent);
    }
    till.created(Err(lost()));
    assert!(matches!(till.ending(), Ending::Unreachable(_)));
    assert_eq!(till.ending().exit_code(), 41);
}

#[test]
fn f4_what_was_provably_not_sent_is_tried_three_times_under_the_same_reference() {
    let mut till = Till::asking();
    for _ in 0..2 {
        till.created(Err(unsent()));
        assert!(till.wakes_for(Timer::Recreate).is_some());
        till.jobs.clear();
        till.wake(Timer::Recreate);
        assert!(till.asked_for(is_create));
    }
    assert_eq!(till.sale.attempt(), 1);
    till.created(Err(unsent()));
    assert!(matches!(till.ending(), Ending::Unreachable(_)));
}

#[test]
fn f5_a_refusal_is_not_retried_and_keeps_the_platforms_code() {
    for (failure, reason) in [
        (refused(400, "BAD"), "400 BAD"),
        (
            refused(403, "NO_AVAILABLE_PAYMENT_OPTIONS"),
            "403 NO_AVAILABLE_PAYMENT_OPTIONS",
        ),
        (
            refused(401, "UNAUTHORIZED"),
            "key not accepted: 401 UNAUTHORIZED",
        ),
    ] {
        let mut till = Till::asking();
        till.created(Err(failure));
        assert_eq!(till.ending().exit_code(), 40);
        assert_eq!(till.ending().reason().as_deref(), Some(reason));
        assert!(!till.asked_for(is_create));
    }
}

#[test]
fn f6_a_throttled_create_waits_as_long_as_it_was_asked_to_and_can_be_cancelled() {
    let mut till = Till::asking();
    let wait = Duration::from_secs(7);
    till.created(Err(Failure::Throttled {
        retry_after: Some(wait),
    }));
    let most = Duration::from_secs(8);
    let pause = till.wakes_for(Timer::Recreate);
    assert_eq!(pause, Some(Delay::Between(wait, most)));
    till.ask(Command::Cancel);
    assert_eq!(till.ending().exit_code(), 21);
}

#[test]
fn f6_a_create_that_is_throttled_again_and_again_waits_longer_each_time() {
    let mut till = Till::asking();
    let mut last = Duration::ZERO;
    for seconds in [1, 2, 4, 8, 16, 32, 32, 32] {
        till.jobs.clear();
        till.created(Err(Failure::Throttled {
            retry_after: Some(Duration::ZERO),
        }));
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
fn f7_a_new_request_that_is_not_open_is_never_shown_and_is_voided() {
    for status in [
        Status::Paid,
        Status::Cancelled,
        Status::Unknown(Text::clean("settling")),
    ] {
        let mut till = Till::asking();
        till.created(Ok(request(status.clone())));
        assert_eq!(voided_ids(&till.jobs), [ID], "{status:?}");
        assert!(!till.asked_for(|job| matches!(job, Job::Encode(_))));
        till.recorded(Mark::Voiding);
        till.happen(Fact::Voided(Ok(activity(
            crate::payment::ActivityKind::Cancellation,
        ))));
        till.read(crate::sale::Ask::Verdict, Ok(request(Status::Cancelled)));
        let misfit = Misfit::Status(status);
        assert!(misfit.to_string().starts_with("the platform calls a new"));
        assert_eq!(*till.ending(), Ending::Rejected(Rejection::Misfit(misfit)));
    }
}

#[test]
fn f7_a_new_request_that_is_called_paid_is_unknown_until_its_void_is_answered() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::Paid)));
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f7_an_answer_that_does_not_fit_is_never_shown_and_is_voided() {
    let fits = request(Status::New);
    let cases = [
        (
            Misfit::Value,
            PaymentRequest {
                value: Some(nzd(1251)),
                ..fits.clone()
            },
        ),
        (
            Misfit::Value,
            PaymentRequest {
                value: None,
                ..fits.clone()
            },
        ),
        (
            Misfit::Config,
            PaymentRequest {
                config_id: Some(ConfigId::new("another")),
                ..fits.clone()
            },
        ),
        (
            Misfit::Liveness(Liveness::Test),
            PaymentRequest {
                liveness: Some(Liveness::Test),
                ..fits
            },
        ),
    ];
    for (misfit, answer) in cases {
        let mut till = Till::asking();
        till.created(Ok(answer));
        assert_eq!(voided_ids(&till.jobs), [ID]);
        assert!(!till.asked_for(|job| matches!(job, Job::Encode(_))));
        till.recorded(Mark::Voiding);
        till.happen(Fact::Voided(Ok(activity(
            crate::payment::ActivityKind::Cancellation,
        ))));
        till.read(crate::sale::Ask::Verdict, Ok(request(Status::Cancelled)));
        assert_eq!(*till.ending(), Ending::Rejected(Rejection::Misfit(misfit)));
    }
}

#[test]
fn f8_a_url_that_a_code_must_not_point_to_is_never_shown() {
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
        till.created(Ok(PaymentRequest {
            url: PayUrl::parse(url),
            ..request(Status::New)
        }));
        assert_eq!(voided_ids(&till.jobs), [ID], "{url}");
    }
}

#[test]
fn f9_a_request_with_too_little_time_is_voided_and_made_anew_but_not_forever() {
    let short = || {
        Ok(PaymentRequest {
            validity: Some(Duration::from_secs(9)),
            ..request(Status::New)
        })
    };
    let mut till = Till::asking();
    for attempt in 1..=3 {
        assert_eq!(till.sale.attempt(), attempt);
        till.created(short());
        till.recorded(Mark::Voiding);
        till.happen(Fact::Voided(Ok(activity(
            crate::payment::ActivityKind::Cancellation,
        ))));
        till.read(crate::sale::Ask::Verdict, Ok(request(Status::Cancelled)));
        if attempt < 3 {
            till.recorded(Mark::Intent);
        }
    }
    assert_eq!(*till.ending(), Ending::Rejected(Rejection::NoTime));
}

#[test]
fn f9_a_request_that_is_over_when_it_is_created_is_voided_and_not_shown() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::Expired)));
    assert_eq!(voided_ids(&till.jobs), [ID]);
    assert!(!till.asked_for(|job| matches!(job, Job::Encode(_))));
}

#[test]
fn f37_a_sale_cancelled_while_creating_is_never_shown_and_voided_once_its_id_is_known() {
    let mut till = Till::asking();
    till.ask(Command::Cancel);
    assert!(!till.asked_for(is_void));
    till.created(Ok(request(Status::New)));
    assert_eq!(voided_ids(&till.jobs), [ID]);
    assert!(!till.asked_for(|job| matches!(job, Job::Encode(_))));
}

#[test]
fn f44_without_a_journal_there_is_no_sale_and_what_was_made_is_voided() {
    let mut till = Till::new();
    till.start();
    till.happen(Fact::NotRecorded(Mark::Intent, "disk full".to_owned()));
    assert!(!till.asked_for(is_create));
    assert_eq!(till.ending().exit_code(), 40);

    for failed in [Mark::Created, Mark::Shown] {
        let mut till = Till::asking();
        till.created(Ok(request(Status::New)));
        if failed == Mark::Shown {
            till.recorded(Mark::Created);
            till.encoded();
        }
        till.jobs.clear();
        till.happen(Fact::NotRecorded(failed, "disk full".to_owned()));
        assert_eq!(voided_ids(&till.jobs), [ID]);
    }
}

#[test]
fn f48_an_attempt_keeps_the_merchant_and_the_platform_it_was_started_with() {
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
fn an_id_from_the_platform_is_the_only_thing_a_void_is_addressed_by() {
    let mut till = Till::asking();
    till.created(Ok(PaymentRequest {
        id: RequestId::new("other").expect("an id"),
        ..request(Status::New)
    }));
    // The url says another id than the request: it is voided under the request's own.
    assert_eq!(voided_ids(&till.jobs), ["other"]);
}
