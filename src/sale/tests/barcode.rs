//! The customer has shown a code: from the moment the create may have left it may be paid.

mod afterwards;

use std::time::Duration;

use super::till::*;
use crate::payment::{
    Condition, ConditionId, ConditionStatus, Decision, Failure, PatronCode, PaymentRequest,
    RequestId, Status, Text,
};
use crate::sale::{
    Announcement, Ask, Command, Earlier, Ending, Event, Fact, Job, Mark, Moment, Order, Reason,
    Recollection, Record, Rejection, Standing, State, Timer, Void, WaitingFor,
};

const CODE: &str = "9990001234567890";

fn barcode_order(account: bool) -> Order {
    let mut order = order();
    order.patron_code = PatronCode::parse(CODE).ok();
    order.merchant.account_id = account.then(|| "C4QnjXvj8At6SMsEN4LRi9".to_owned());

    order
}

/// A sale whose create, with the customer's code, is under way.
fn asking(account: bool) -> Till {
    asking_after(account, Recollection::default())
}

fn asking_after(account: bool, recollection: Recollection) -> Till {
    let mut till = Till::new();
    till.ask(Command::Start(barcode_order(account)));
    till.happen(Fact::Recalled(Ok(recollection)));
    let intent = till.jobs.iter().find_map(|job| match job {
        Job::Record {
            record: Record::Intent { request, .. },
            ..
        } => Some(request.barcode.is_some()),
        _ => None,
    });
    assert_eq!(intent, Some(true), "the intent says that it can be paid");
    till.recorded(Mark::Intent);
    assert!(creates_with_code(&till));
    till.jobs.clear();

    till
}

fn creates_with_code(till: &Till) -> bool {
    till.jobs.iter().any(|job| {
        matches!(job, Job::Create(new) if new.barcode.as_ref().map(PatronCode::digits) == Some(CODE))
    })
}

fn creates(till: &Till) -> bool {
    till.jobs.iter().any(|job| matches!(job, Job::Create(_)))
}

/// The customer has been asked on the phone.
fn waiting() -> Till {
    let mut till = asking(false);
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    assert!(is_waiting_for_the_phone(&till));

    till
}

fn is_waiting_for_the_phone(till: &Till) -> bool {
    matches!(till.sale.state(), State::Waiting(waiting) if *waiting.reason() == Reason::Barcode)
}

fn found(till: &mut Till, found: Vec<PaymentRequest>) {
    till.happen(Fact::Found {
        at: Moment::default(),
        answer: Ok(found),
    });
}

fn ending(till: &Till) -> &Ending {
    let State::Ended(ended) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };

    ended.ending()
}

fn is_unknown(till: &Till) -> bool {
    matches!(ending(till), Ending::Unknown { .. })
}

/// What an earlier launch has left of this very sale; its id is known or not.
fn left_with_code(account: bool, id: bool) -> Earlier {
    let mut earlier = left(Standing::Payable(Void::NotSent));
    earlier.patron_presented = true;
    earlier.order.merchant.account_id = account.then(|| "account".to_owned());
    if !id {
        earlier.request = None;
    }

    earlier
}

#[test]
fn nothing_is_shown_and_the_phone_is_waited_for() {
    let mut till = asking(false);
    till.created(Ok(request(Status::New)));
    assert!(!till.jobs.iter().any(|job| matches!(job, Job::Encode(_))));
    till.recorded(Mark::Created);
    let told: Vec<_> = till.told.iter().collect();
    assert!(
        matches!(
            told.as_slice(),
            [
                Announcement::Created { attempt: 1, .. },
                Announcement::Waiting {
                    attempt: 1,
                    reason: WaitingFor::Barcode,
                    message: None,
                    ..
                }
            ]
        ),
        "{told:?}"
    );
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(ending(&till), Ending::Paid { .. }));
}

#[test]
fn a_time_that_is_over_is_settled_and_voided_as_any_other() {
    let mut till = waiting();
    till.jobs.clear();
    till.wake(Timer::Deadline);
    assert!(
        matches!(till.sale.state(), State::Waiting(waiting) if *waiting.reason() == Reason::Settling)
    );
    till.wake(Timer::Settled);
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f37_a_cancel_while_it_is_created_voids_it_and_believes_no_silence() {
    let mut till = asking(false);
    till.ask(Command::Cancel);
    assert!(matches!(till.sale.state(), State::Creating(creating) if creating.is_cancelled()));
    till.created(Ok(request(Status::New)));
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f1_a_lost_create_is_neither_repeated_nor_called_unreachable() {
    for cancelled in [false, true] {
        let mut till = asking(false);
        if cancelled {
            till.ask(Command::Cancel);
        }
        till.created(Err(lost()));
        assert!(is_unknown(&till), "{:?}", till.sale.state());
        till.wake(Timer::Recheck);
        assert!(!creates(&till));
        assert!(!till.sale.can_be_looked_into());
        till.ask(Command::Retry);
        assert!(is_unknown(&till) && !creates(&till));
        till.ask(Command::Close);
        assert_eq!(till.exits, [30]);
    }
}

#[test]
fn f1_what_a_lost_create_has_made_is_followed_whatever_it_has_become() {
    for (status, name) in [
        (Status::New, ""),
        (Status::Paid, "paid"),
        (Status::Expired, "expired"),
        (Status::Cancelled, "cancelled"),
    ] {
        let mut till = asking(true);
        till.created(Err(lost()));
        assert!(
            till.jobs
                .iter()
                .any(|job| matches!(job, Job::LookUp { .. }))
        );
        let late = PaymentRequest {
            time_left: Some(Duration::from_secs(3)),
            ..request(status.clone())
        };
        found(&mut till, vec![late]);
        till.recorded(Mark::Created);
        assert!(is_waiting_for_the_phone(&till));
        till.wake(Timer::Poll);
        till.polled(Ok(request(status)));
        match name {
            "" => assert!(is_waiting_for_the_phone(&till)),
            name => assert_eq!(ending(&till).name(), name),
        }
        assert!(!creates(&till));
    }
}

#[test]
fn f3_where_nothing_is_found_it_is_looked_for_again_until_it_is() {
    let mut till = asking(true);
    till.created(Err(lost()));
    found(&mut till, Vec::new());
    assert!(is_unknown(&till));
    till.jobs.clear();
    till.wake(Timer::Recheck);
    assert!(matches!(till.take_jobs().as_slice(), [Job::LookUp { .. }]));
    found(&mut till, Vec::new());
    till.wake(Timer::Recheck);
    found(&mut till, vec![request(Status::New)]);
    till.recorded(Mark::Created);
    let State::Waiting(resuming) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert!(matches!(
        resuming.reason(),
        Reason::Resuming {
            own: true,
            payable: true
        }
    ));
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));
}

#[test]
fn f1_an_unknown_one_can_be_asked_about_and_cancelled_once_it_is_found() {
    let unfound = || {
        let mut till = asking(true);
        till.created(Err(lost()));
        found(&mut till, Vec::new());
        till.jobs.clear();

        till
    };
    let mut till = unfound();
    till.ask(Command::KeepChecking);
    assert!(matches!(till.jobs.as_slice(), [Job::LookUp { .. }]));
    found(&mut till, Vec::new());
    assert!(is_unknown(&till));

    let mut till = unfound();
    till.ask(Command::CancelAndRefund);
    found(&mut till, vec![request(Status::Paid)]);
    till.recorded(Mark::Voiding);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f2_of_two_that_were_made_one_is_followed_and_the_other_cancelled() {
    let other = PaymentRequest {
        id: RequestId::new("other").unwrap(),
        url: crate::payment::PayUrl::parse("https://app.centrapay.com/pay/other"),
        ..request(Status::New)
    };
    let mut till = asking(true);
    till.created(Err(lost()));
    found(&mut till, vec![other.clone(), request(Status::Paid)]);
    till.recorded(Mark::Created);
    let voids = |job: &Job| matches!(job, Job::Void(id) if id.as_str() == "other");
    assert!(till.beside.iter().any(|(_, job)| voids(job)));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(ending(&till), Ending::Paid { .. }));

    // Both are paid: that is for a person.
    let mut till = asking(true);
    till.created(Err(lost()));
    let paid = PaymentRequest {
        status: Status::Paid,
        ..other
    };
    found(&mut till, vec![paid, request(Status::Paid)]);
    assert!(is_unknown(&till));
}

#[test]
fn f4_what_provably_did_not_leave_is_sent_again_with_the_same_code() {
    let mut till = asking(false);
    till.created(Err(unsent()));
    till.wake(Timer::Recreate);
    assert!(creates_with_code(&till));
    till.jobs.clear();
    till.created(Err(unsent()));
    till.wake(Timer::Recreate);
    till.created(Err(unsent()));
    assert!(matches!(ending(&till), Ending::Unreachable(_)));
}

#[test]
fn f5_a_refused_code_charges_nobody_and_the_next_attempt_shows_one_of_its_own() {
    let mut till = asking(false);
    till.created(Err(refused(403, "PATRON_CODE_INVALID")));
    assert!(matches!(
        ending(&till),
        Ending::Rejected(Rejection::Platform(_))
    ));
    till.ask(Command::Retry);
    till.recorded(Mark::Intent);
    assert!(creates(&till) && !creates_with_code(&till));
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn an_attempt_after_an_expired_one_shows_a_code_of_its_own() {
    let mut till = waiting();
    till.polled(Ok(request(Status::Expired)));
    till.ask(Command::Retry);
    till.read(Ask::Again, Ok(request(Status::Expired)));
    till.recorded(Mark::Intent);
    assert_eq!(till.sale.attempt(), 2);
    assert!(creates(&till) && !creates_with_code(&till));
}

#[test]
fn a_reference_that_was_tried_before_uses_no_code_up() {
    let mut till = Till::new();
    till.ask(Command::Start(barcode_order(false)));
    till.happen(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 1,
        open: Vec::new(),
    })));
    till.recorded(Mark::Intent);
    assert!(creates(&till) && !creates_with_code(&till));
}
