//! What comes later: answers that surprise, sleep, full disks, crashes, other launches.

use super::*;

#[test]
fn a_request_that_is_over_or_paid_when_it_is_made_is_followed_too() {
    for (status, name) in [
        (Status::Paid, "paid"),
        (Status::Expired, "expired"),
        (Status::Cancelled, "cancelled"),
    ] {
        let mut till = asking(false);
        till.created(Ok(request(status.clone())));
        till.recorded(Mark::Created);
        till.polled(Ok(request(status)));
        assert_eq!(ending(&till).name(), name);
    }
}

#[test]
fn f7_an_answer_that_does_not_fit_is_voided_and_believed_only_when_that_is_confirmed() {
    let mut till = asking(false);
    till.created(Ok(PaymentRequest {
        value: None,
        ..request(Status::New)
    }));
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f25_a_condition_comes_up_and_leads_back_to_the_phone() {
    let mut till = waiting();
    let asked = PaymentRequest {
        conditions: vec![Condition {
            id: ConditionId::new("1"),
            message: Text::sentence("Is the customer 18?"),
            status: ConditionStatus::AwaitingMerchant,
        }],
        ..request(Status::New)
    };
    till.polled(Ok(asked));
    till.jobs.clear();
    till.ask(Command::Accept);
    assert!(till.jobs.iter().any(|job| {
        matches!(
            job,
            Job::Answer {
                decision: Decision::Accept,
                ..
            }
        )
    }));
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));
    assert!(!till.jobs.iter().any(|job| matches!(job, Job::Encode(_))));
}

#[test]
fn f28_after_a_sleep_the_platform_is_asked_first() {
    let mut till = waiting();
    till.happen(Fact::Woke {
        timer: Timer::Poll,
        at: Moment::default(),
        slept: true,
    });
    assert!(matches!(
        till.sale.state(),
        State::Waiting(waiting) if matches!(waiting.reason(), Reason::Resuming { payable: true, .. })
    ));
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));
}

#[test]
fn f44_a_full_disk_before_the_create_sells_nothing_and_after_it_voids() {
    let mut till = Till::new();
    till.ask(Command::Start(barcode_order(false)));
    till.happen(Fact::Recalled(Ok(Recollection::default())));
    till.happen(Fact::NotRecorded(Mark::Intent, "disk full".to_owned()));
    assert!(matches!(
        ending(&till),
        Ending::Rejected(Rejection::Journal(_))
    ));
    assert!(!creates(&till));

    let mut till = asking(false);
    till.created(Ok(request(Status::New)));
    till.happen(Fact::NotRecorded(Mark::Created, "disk full".to_owned()));
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f50_leaving_while_it_is_created_leaves_it_unknown() {
    let mut till = asking(false);
    till.ask(Command::Leave);
    till.wake(Timer::LeaveNow);
    assert_eq!(till.exits, [30]);

    // Before it was sent nothing can have come of it.
    let mut till = asking(false);
    till.created(Err(unsent()));
    till.ask(Command::Leave);
    assert_eq!(till.exits, [21]);
}

#[test]
fn f39_a_launch_after_a_crash_looks_for_what_the_create_has_made() {
    let mut till = Till::new();
    till.start_after(recalled(left_with_code(true, false)));
    assert!(matches!(till.jobs.as_slice(), [Job::LookUp { .. }]));
    till.ask(Command::Retry);
    found(&mut till, vec![request(Status::New)]);
    till.recorded(Mark::Created);
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));
    assert!(!creates(&till));
}

#[test]
fn f39_where_it_cannot_be_looked_for_a_person_decides_before_anything_is_sold() {
    for other in [false, true] {
        let mut earlier = left_with_code(false, false);
        if other {
            earlier.order.reference = "Z9".to_owned();
        }
        let mut till = Till::new();
        till.start_after(recalled(earlier));
        assert!(is_unknown(&till));
        assert!(!creates(&till));
        till.ask(Command::CloseByStaff {
            by: "Ana".to_owned(),
            paid: false,
        });
        assert_eq!(other, till.exits.is_empty());
    }
}

#[test]
fn f40_the_wait_goes_on_for_the_same_sale_and_is_ended_for_another() {
    let mut till = Till::new();
    till.start_after(recalled(left_with_code(false, true)));
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));

    let mut earlier = left_with_code(false, true);
    earlier.order.reference = "Z9".to_owned();
    let mut till = Till::new();
    till.start_after(recalled(earlier));
    till.polled(Ok(request(Status::New)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f12_patience_is_asked_for_and_the_same_create_is_sent_again() {
    let mut till = asking(false);
    till.created(Err(Failure::Throttled { retry_after: None }));
    till.wake(Timer::Recreate);
    assert!(creates_with_code(&till));
    till.ask(Command::Cancel);
    let throttled_look_up = |till: &mut Till| {
        till.happen(Fact::Found {
            at: Moment::default(),
            answer: Err(Failure::Throttled { retry_after: None }),
        });
    };

    // A look-up that has to wait is not forgotten over a cancel.
    let mut till = asking(true);
    till.created(Err(lost()));
    throttled_look_up(&mut till);
    till.ask(Command::Cancel);
    till.jobs.clear();
    till.wake(Timer::Recreate);
    assert!(matches!(till.jobs.as_slice(), [Job::LookUp { .. }]));
    found(&mut till, vec![request(Status::New)]);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f38_an_answer_to_an_old_create_changes_nothing() {
    let mut till = asking(false);
    let round = till.sale.round();
    till.created(Err(lost()));
    till.sale.handle(Event::Happened {
        round,
        fact: Fact::Created {
            sent_at: Moment::default(),
            at: Moment::default(),
            answer: Ok(request(Status::New)),
        },
    });
    assert!(is_unknown(&till));
}

/// Found by the long days: another sale comes first, and the cashier leaves before this one's own
/// attempt is looked into.
#[test]
fn f39_a_sale_that_is_left_behind_another_one_is_not_called_refused_where_its_own_may_be_paid() {
    for (own_is_left, exit_code) in [(true, 30), (false, 40)] {
        let mut earlier = left(Standing::Payable(Void::Unanswered));
        earlier.order.reference = "Z9".to_owned();
        let mut recollection = recalled(earlier);
        if own_is_left {
            recollection.open.push(left_with_code(true, false));
        }
        let mut till = Till::new();
        till.start_after(recollection);
        till.ask(Command::Leave);
        till.wake(Timer::LeaveNow);
        assert_eq!(till.exits, [exit_code]);
    }
}
