use std::time::Duration;

use super::till::*;
use crate::payment::{
    ActivityKind, CancellationReason, Condition, ConditionId, ConditionStatus, PaidBy,
    PaymentRequest, RequestId, Status, Text,
};
use crate::sale::{
    Announcement, Ask, Command, Delay, Ending, Fact, Link, Mark, Moment, Reason, State, Timer,
};

const TEN_SECONDS_LATER: Moment = Moment::after_start(Duration::from_secs(10));

#[test]
fn paid_means_paid_and_closes_after_the_configured_time() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { kept: false, .. }));
    assert!(till.asked_for(|job| is_record(job, Mark::Verdict)));
    assert_eq!(
        till.wakes_for(Timer::LeaveEnding),
        Some(Delay::For(Duration::from_secs(8)))
    );
    till.wake(Timer::LeaveEnding);
    assert_eq!(till.exits, [0]);
}

#[test]
fn polls_start_after_half_a_second_and_never_two_are_in_flight() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    assert_eq!(
        till.wakes_for(Timer::Poll),
        Some(Delay::For(Duration::from_millis(500)))
    );
    till.jobs.clear();
    till.wake(Timer::Poll);
    till.wake(Timer::Poll);
    assert_eq!(
        till.take_jobs().iter().filter(|job| is_poll(job)).count(),
        1
    );
    till.polled(Ok(request(Status::New)));
    assert!(till.wakes_for(Timer::Poll).is_some());
}

#[test]
fn polls_keep_their_schedule_when_answers_are_slow() {
    let mut till = Till::presenting();
    let second = |seconds: f64| Moment::after_start(Duration::from_secs_f64(seconds));
    for (woken, due) in [(0.6, 1.6), (1.604, 2.6), (2.607, 3.6), (9.0, 10.0)] {
        till.happen(Fact::Woke {
            slept: false,
            timer: Timer::Poll,
            at: second(woken),
        });
        till.jobs.clear();
        till.polled(Ok(request(Status::New)));
        assert_eq!(till.wakes_for(Timer::Poll), Some(Delay::Until(second(due))));
    }
}

#[test]
fn f10_the_link_is_called_lost_after_three_polls_without_an_answer_and_the_code_stays() {
    let mut till = Till::presenting();
    for _ in 0..5 {
        till.wake(Timer::Poll);
        till.polled(Err(lost()));
    }
    let lost = Announcement::Link { state: Link::Lost };
    assert_eq!(till.told.as_slice(), std::slice::from_ref(&lost));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    assert_eq!(till.told, [lost, Announcement::Link { state: Link::Up }]);
}

#[test]
fn f11_without_an_answer_the_code_goes_at_the_deadline_and_it_ends_unknown() {
    let mut till = Till::presenting();
    till.wake(Timer::Deadline);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    assert_eq!(
        till.wakes_for(Timer::Settled),
        Some(Delay::For(Duration::from_secs(10)))
    );
    till.wake(Timer::Settled);
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().exit_code(), 30);
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f13_a_platform_that_refuses_to_talk_about_a_request_gives_no_verdict() {
    for failure in [refused(401, "X"), refused(403, "X"), refused(404, "X")] {
        let mut till = Till::presenting();
        till.polled(Err(failure));
        assert!(matches!(till.sale.state(), State::Presenting(_)));
        assert_eq!(
            till.wakes_for(Timer::Denied),
            Some(Delay::For(Duration::from_secs(10)))
        );
        till.wake_at(Timer::Denied, TEN_SECONDS_LATER);
        assert!(matches!(till.sale.state(), State::Voiding(_)));
    }
}

#[test]
fn f13_a_refusal_that_passed_does_not_count_towards_the_next_one() {
    let second = |seconds| Moment::after_start(Duration::from_secs(seconds));
    let poll = |at, answer| Fact::Read {
        ask: Ask::Poll,
        at: second(at),
        answer,
    };
    let mut till = Till::presenting();
    till.happen(poll(1, Err(refused(403, "X"))));
    till.happen(poll(2, Ok(request(Status::New))));
    till.happen(poll(10, Err(refused(403, "X"))));
    till.wake_at(Timer::Denied, second(11));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    till.wake_at(Timer::Denied, second(20));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f13_a_refusal_that_passes_takes_no_code_away() {
    let mut till = Till::presenting();
    till.polled(Err(refused(403, "X")));
    till.polled(Ok(request(Status::New)));
    till.wake_at(Timer::Denied, TEN_SECONDS_LATER);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f14_the_pause_after_errors_is_random_and_at_most_five_seconds() {
    let mut till = Till::presenting();
    for longest in [2, 4, 5, 5] {
        till.jobs.clear();
        till.polled(Err(lost()));
        assert_eq!(
            till.wakes_for(Timer::Poll),
            Some(Delay::UpTo(Duration::from_secs(longest)))
        );
    }
}

#[test]
fn f20_an_unknown_status_word_is_no_verdict() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Unknown(Text::clean("pondering")))));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f21_answers_for_another_request_are_dropped_and_the_third_ends_the_sale() {
    let stranger = || {
        Ok(PaymentRequest {
            id: RequestId::new("another").expect("an id"),
            ..request(Status::Paid)
        })
    };
    let mut till = Till::presenting();
    till.polled(stranger());
    till.polled(stranger());
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    till.polled(stranger());
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn f22_paid_with_another_amount_is_never_paid() {
    let mut till = Till::presenting();
    till.polled(Ok(PaymentRequest {
        value: Some(nzd(1)),
        ..request(Status::Paid)
    }));
    assert_eq!(voided_ids(&till.jobs), [ID]);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f23_old_open_answer_is_dropped() {
    let at = |updated_at, status| {
        Ok(PaymentRequest {
            updated_at: Some(updated_at),
            ..request(status)
        })
    };
    let mut till = Till::asking();
    till.created(at(15, Status::New));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    let asking = PaymentRequest {
        updated_at: Some(10),
        conditions: vec![Condition {
            id: ConditionId::new("1"),
            message: Text::clean("Is the customer over 18?"),
            status: ConditionStatus::AwaitingMerchant,
        }],
        ..request(Status::New)
    };
    till.polled(Ok(asking));
    till.polled(at(20, Status::New));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    till.polled(at(30, Status::Paid));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
    till.polled(at(40, Status::New));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn f23_verdict_counts_whatever_its_age() {
    for status in [Status::Paid, Status::Expired, Status::Cancelled] {
        let mut till = Till::presenting();
        till.polled(Ok(PaymentRequest {
            updated_at: Some(20),
            ..request(Status::New)
        }));
        till.polled(Ok(PaymentRequest {
            updated_at: Some(10),
            ..request(status.clone())
        }));
        assert!(matches!(till.sale.state(), State::Ended(_)), "{status:?}");
    }
}

#[test]
fn f24_paid_with_something_remaining_is_paid_in_part() {
    let mut till = Till::presenting();
    till.polled(Ok(PaymentRequest {
        remaining: Some(nzd(250)),
        ..request(Status::Paid)
    }));
    assert!(matches!(till.ending(), Ending::PartPaid { remaining, .. } if *remaining == nzd(250)));
    till.ask(Command::Close);
    assert_eq!(till.exits, [10]);
}

#[test]
fn f25_a_condition_is_shown_with_its_message_and_never_accepted_by_itself() {
    let condition = Condition {
        id: ConditionId::new("1"),
        message: Text::clean("Is the customer over 18?"),
        status: ConditionStatus::AwaitingMerchant,
    };
    let mut till = Till::presenting();
    till.polled(Ok(PaymentRequest {
        conditions: vec![condition.clone()],
        ..request(Status::New)
    }));
    let State::Waiting(waiting) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    let Reason::Condition(question) = waiting.reason() else {
        panic!("{:?}", waiting.reason());
    };
    assert_eq!(*question.condition(), condition);
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn f26_every_reason_of_a_cancellation_ends_it_as_cancelled() {
    for (_, reason) in CancellationReason::ALL {
        let mut till = Till::presenting();
        till.polled(Ok(cancelled_by(reason.clone())));
        assert_eq!(
            *till.ending(),
            Ending::Cancelled {
                reason: Some(reason)
            }
        );
        assert_eq!(till.ending().exit_code(), 21);
    }
}

#[test]
fn f27_the_countdown_runs_from_the_sending_by_the_platforms_own_times() {
    let mut till = Till::asking();
    let sent_at = Moment::after_start(Duration::from_secs(5));
    till.happen(Fact::Created {
        sent_at,
        at: sent_at.plus(Duration::from_secs(1)),
        answer: Ok(request(Status::New)),
    });
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    assert_eq!(
        till.wakes_for(Timer::Deadline),
        Some(Delay::Until(sent_at.plus(Duration::from_secs(120))))
    );
}

#[test]
fn f29_a_payment_of_the_last_second_is_still_found_after_the_deadline() {
    let mut till = Till::presenting();
    till.wake(Timer::Deadline);
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn the_countdown_is_never_a_verdict() {
    let mut till = Till::presenting();
    till.wake(Timer::Deadline);
    till.wake(Timer::Deadline);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    till.polled(Ok(request(Status::Expired)));
    assert_eq!(*till.ending(), Ending::Expired);
}

#[test]
fn a_part_that_came_in_is_told_once_and_waited_on() {
    let part = || {
        Ok(PaymentRequest {
            paid_by: vec![PaidBy {
                description: Text::clean("Voucher"),
                total: Some(nzd(250)),
                ..PaidBy::default()
            }],
            ..request(Status::New)
        })
    };
    let mut till = Till::presenting();
    till.polled(part());
    till.polled(part());
    assert_eq!(till.told.len(), 1);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
}

#[test]
fn an_answer_from_before_a_void_is_not_taken_for_one_after_it() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}
