//! Sales whose patron has shown a code. The request may be paid as soon as its create is sent.

use std::time::Duration;

use super::till::*;
use crate::domain::order::Order;
use crate::domain::payment::{
    Decision, Failure, PatronCode, PayUrl, PaymentRequest, RequestId, Status,
};
use crate::sale::{
    Announcement, Ask, Command, Earlier, Ending, Event, Fact, Job, Mark, Moment, Reason, Record,
    Rejection, Standing, State, Timer, Void, WaitingFor,
};

const CODE: &str = "9990001234567890";

fn barcode_order(account: bool) -> Order {
    let mut order = order();
    order.patron_code = PatronCode::parse(CODE).ok();
    order.merchant.account_id = account.then(|| ACCOUNT.to_owned());

    order
}

/// Returns a sale whose create with the patron's code is in flight.
pub(super) fn asking(account: bool) -> Till {
    let mut till = Till::new();
    till.ask(Command::Start(barcode_order(account)));
    till.recalls(recollection(0, Vec::new()));
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

/// Returns a sale whose create with the patron's code was lost.
fn lost_create(account: bool) -> Till {
    let mut till = asking(account);
    till.created(Err(lost()));

    till
}

/// Returns a sale whose look-up after a lost create found this.
pub(super) fn found(found: Vec<PaymentRequest>) -> Till {
    let mut till = lost_create(true);
    till.found(Ok(found));

    till
}

/// Returns a sale that waits for the patron to confirm on the phone.
fn waiting() -> Till {
    let mut till = asking(false);
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    assert!(is_waiting_for_the_phone(&till));

    till
}

/// Returns an attempt of this sale that an earlier launch left, created with the patron's code.
pub(super) fn left_with_code(account: bool, has_id: bool) -> Earlier {
    let mut earlier = left(Standing::Payable(Void::NotSent));
    earlier.patron_presented = true;
    earlier.order.merchant.account_id = account.then(|| "account".to_owned());
    if !has_id {
        earlier.request = None;
    }

    earlier
}

fn of_another_sale(mut earlier: Earlier) -> Earlier {
    earlier.order.reference = "Z9".to_owned();

    earlier
}

fn creates_with_code(till: &Till) -> bool {
    till.asked_for(|job| {
        matches!(job, Job::Create(new) if new.barcode.as_ref().map(PatronCode::digits) == Some(CODE))
    })
}

fn creates(till: &Till) -> bool {
    till.asked_for(is_create)
}

/// Whether the next attempt shows a QR code, like a sale without a patron's code.
fn creates_without_code(till: &Till) -> bool {
    creates(till) && !creates_with_code(till)
}

fn is_waiting_for_the_phone(till: &Till) -> bool {
    matches!(till.sale.state(), State::Waiting(waiting) if *waiting.reason() == Reason::Barcode)
}

fn is_unknown(till: &Till) -> bool {
    matches!(till.ending(), Ending::Unknown { .. })
}

fn looks_up_only(till: &Till) -> bool {
    matches!(till.jobs.as_slice(), [Job::LookUp { .. }])
}

#[test]
fn no_code_is_shown_for_patron_code() {
    let mut till = asking(false);
    till.created(Ok(request(Status::New)));
    assert!(!till.asked_for(is_encode));
    till.recorded(Mark::Created);
    assert!(
        matches!(
            till.told.as_slice(),
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
        "{:?}",
        till.told
    );
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn ended_request_is_followed() {
    for (status, name) in [
        (Status::Paid, "paid"),
        (Status::Expired, "expired"),
        (Status::Cancelled, "cancelled"),
    ] {
        let mut till = asking(false);
        till.created(Ok(request(status.clone())));
        till.recorded(Mark::Created);
        till.polled(Ok(request(status)));
        assert_eq!(till.ending().name(), name);
    }
}

#[test]
fn deadline_settles_then_voids() {
    let mut till = waiting();
    till.jobs.clear();
    till.wake(Timer::Deadline);
    assert_eq!(*till.waiting_state().reason(), Reason::Settling);
    till.wake(Timer::Settled);
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f1_lost_create_is_not_repeated() {
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
fn f1_found_request_is_followed() {
    for (status, name) in [
        (Status::New, ""),
        (Status::Paid, "paid"),
        (Status::Expired, "expired"),
        (Status::Cancelled, "cancelled"),
    ] {
        let mut till = lost_create(true);
        assert!(till.asked_for(is_look_up));
        till.found(Ok(vec![request_with(status.clone(), |request| {
            request.time_left = Some(Duration::from_secs(3));
        })]));
        till.recorded(Mark::Created);
        assert!(is_waiting_for_the_phone(&till));
        till.wake(Timer::Poll);
        till.polled(Ok(request(status)));
        match name {
            "" => assert!(is_waiting_for_the_phone(&till)),
            name => assert_eq!(till.ending().name(), name),
        }
        assert!(!creates(&till));
    }
}

#[test]
fn f1_unknown_can_be_checked_and_cancelled() {
    let mut till = found(Vec::new());
    till.jobs.clear();
    till.ask(Command::KeepChecking);
    assert!(looks_up_only(&till));
    till.found(Ok(Vec::new()));
    assert!(is_unknown(&till));

    let mut till = found(Vec::new());
    till.jobs.clear();
    till.ask(Command::CancelAndRefund);
    till.found(Ok(vec![request(Status::Paid)]));
    till.recorded(Mark::Voiding);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f2_second_found_request_is_voided() {
    let other = |status| {
        request_with(status, |request| {
            request.id = RequestId::new("other").unwrap();
            request.url = PayUrl::parse("https://app.centrapay.com/pay/other");
        })
    };
    let mut till = found(vec![other(Status::New), request(Status::Paid)]);
    till.recorded(Mark::Created);
    let voids = |job: &Job| matches!(job, Job::Void(id) if id.as_str() == "other");
    assert!(till.count_in_watch(voids) > 0);
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));

    // Only a person can settle two payments.
    let till = found(vec![other(Status::Paid), request(Status::Paid)]);
    assert!(is_unknown(&till));
}

#[test]
fn f3_lookup_repeats_until_found() {
    let mut till = found(Vec::new());
    assert!(is_unknown(&till));
    till.jobs.clear();
    till.wake(Timer::Recheck);
    assert!(looks_up_only(&till));
    till.jobs.clear();
    till.found(Ok(Vec::new()));
    till.wake(Timer::Recheck);
    till.found(Ok(vec![request(Status::New)]));
    till.recorded(Mark::Created);
    assert!(matches!(
        till.waiting_state().reason(),
        Reason::Resuming {
            own: true,
            payable: true
        }
    ));
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));
}

#[test]
fn f4_unsent_create_keeps_patron_code() {
    let mut till = asking(false);
    till.created(Err(unsent()));
    till.wake(Timer::Recreate);
    assert!(creates_with_code(&till));
    till.jobs.clear();
    till.created(Err(unsent()));
    till.wake(Timer::Recreate);
    till.created(Err(unsent()));
    assert!(matches!(till.ending(), Ending::Unreachable(_)));
}

#[test]
fn f5_retry_after_refusal_shows_qr_code() {
    let mut till = asking(false);
    till.created(Err(refused(403, "PATRON_CODE_INVALID")));
    assert!(matches!(
        till.ending(),
        Ending::Rejected(Rejection::Platform(_))
    ));
    till.ask(Command::Retry);
    till.recorded(Mark::Intent);
    assert!(creates_without_code(&till));
    till.prepare_code();
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn retry_after_expiry_shows_qr_code() {
    let mut till = waiting();
    till.polled(Ok(request(Status::Expired)));
    till.ask(Command::Retry);
    till.read(Ask::Again, Ok(request(Status::Expired)));
    till.recorded(Mark::Intent);
    assert_eq!(till.sale.attempt(), 2);
    assert!(creates_without_code(&till));
}

#[test]
fn second_attempt_has_no_patron_code() {
    let mut till = Till::new();
    till.ask(Command::Start(barcode_order(false)));
    till.recalls(recollection(1, Vec::new()));
    till.recorded(Mark::Intent);
    assert!(creates_without_code(&till));
}

#[test]
fn f7_lost_void_of_mismatch_is_unknown() {
    let mut till = asking(false);
    till.created(Ok(request_with(Status::New, |request| {
        request.value = None;
    })));
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f12_throttled_create_is_repeated() {
    let mut till = asking(false);
    till.created(Err(Failure::Throttled { retry_after: None }));
    till.wake(Timer::Recreate);
    assert!(creates_with_code(&till));
    till.ask(Command::Cancel);
}

#[test]
fn f12_cancel_keeps_throttled_lookup() {
    let mut till = lost_create(true);
    till.found(Err(Failure::Throttled { retry_after: None }));
    till.ask(Command::Cancel);
    till.jobs.clear();
    till.wake(Timer::Recreate);
    assert!(looks_up_only(&till));
    till.found(Ok(vec![request(Status::New)]));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f25_condition_returns_to_phone_wait() {
    let mut till = waiting();
    till.polled(Ok(request_with(Status::New, |request| {
        request.conditions = vec![condition("Is the customer 18?")];
    })));
    till.jobs.clear();
    till.ask(Command::Accept);
    assert!(till.asked_for(|job| {
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
    assert!(!till.asked_for(is_encode));
}

#[test]
fn f28_platform_is_asked_after_sleep() {
    let mut till = waiting();
    till.sleep();
    assert!(matches!(
        till.waiting_state().reason(),
        Reason::Resuming { payable: true, .. }
    ));
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));
}

#[test]
fn f37_cancel_with_lost_void_is_unknown() {
    let mut till = asking(false);
    till.ask(Command::Cancel);
    assert!(till.creating_state().is_cancelled());
    till.created(Ok(request(Status::New)));
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f38_old_create_answer_is_dropped() {
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

#[test]
fn f39_crashed_create_is_looked_up() {
    let mut till = Till::started_after(recalled(left_with_code(true, false)));
    assert!(looks_up_only(&till));
    till.ask(Command::Retry);
    till.found(Ok(vec![request(Status::New)]));
    till.recorded(Mark::Created);
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));
    assert!(!creates(&till));
}

#[test]
fn f39_without_lookup_staff_decide() {
    let own = left_with_code(false, false);
    for (earlier, ends) in [(own.clone(), true), (of_another_sale(own), false)] {
        let mut till = Till::started_after(recalled(earlier));
        assert!(is_unknown(&till));
        assert!(!creates(&till));
        till.ask(close_by_staff(false));
        assert_eq!(ends, !till.exits.is_empty());
    }
}

/// Another sale comes first, and the cashier leaves before the attempt of this sale is looked up.
#[test]
fn f39_leaving_with_own_attempt_is_unknown() {
    for (own_is_left, exit_code) in [(true, 30), (false, 40)] {
        let mut journal = recalled(left_of_another_sale(Standing::Payable(Void::Unanswered)));
        if own_is_left {
            journal.open.push(left_with_code(true, false));
        }
        let mut till = Till::started_after(journal);
        till.ask(Command::Leave);
        till.wake(Timer::LeaveNow);
        assert_eq!(till.exits, [exit_code]);
    }
}

#[test]
fn f40_only_same_sale_waits_on() {
    let own = left_with_code(false, true);
    let mut till = Till::started_after(recalled(own.clone()));
    till.polled(Ok(request(Status::New)));
    assert!(is_waiting_for_the_phone(&till));

    let mut till = Till::started_after(recalled(of_another_sale(own)));
    till.polled(Ok(request(Status::New)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f44_full_disk_stops_or_voids() {
    let mut till = Till::new();
    till.ask(Command::Start(barcode_order(false)));
    till.recalls(recollection(0, Vec::new()));
    till.not_recorded(Mark::Intent);
    assert!(matches!(
        till.ending(),
        Ending::Rejected(Rejection::Journal(_))
    ));
    assert!(!creates(&till));

    let mut till = asking(false);
    till.created(Ok(request(Status::New)));
    till.not_recorded(Mark::Created);
    till.void_and_reads_are_lost();
    assert!(is_unknown(&till));
}

#[test]
fn f50_leaving_while_creating_is_unknown() {
    let mut till = asking(false);
    till.ask(Command::Leave);
    till.wake(Timer::LeaveNow);
    assert_eq!(till.exits, [30]);

    // A create that was not sent cannot be paid.
    let mut till = asking(false);
    till.created(Err(unsent()));
    till.ask(Command::Leave);
    assert_eq!(till.exits, [21]);
}
