//! The read of the last attempt before a new one, and leaving before the outcome is known.

use std::time::Duration;

use super::till::*;
use crate::domain::payment::{ActivityKind, CancellationReason, Failure, Status};
use crate::sale::{
    Ask, Command, Earlier, Ending, Job, Mark, Recollection, Standing, State, Timer, Void,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const WATCHED: Standing = Standing::Watched(Void::NotSent);

/// Returns a sale whose expired attempt is being read again before the next attempt.
fn rechecking() -> Till {
    let mut till = Till::after_poll(request(Status::Expired));
    till.jobs.clear();
    till.ask(Command::Retry);

    till
}

/// Returns an unknown attempt that staff closed as not paid.
fn closed_by_staff() -> Earlier {
    Earlier {
        closed_by: Some("Ana".to_owned()),
        ..left(Standing::Watched(Void::Unanswered))
    }
}

/// Returns a sale that is asked for again after staff closed it as not paid.
fn after_staff() -> Till {
    Till::started_after(recalled(closed_by_staff()))
}

/// Returns a sale that is asked for again, this long after it was paid.
fn after_paid(age: Duration) -> Till {
    Till::started_after(recalled(Earlier {
        age: Some(age),
        had_money: true,
        settled_at: Some("2025-10-24T01:02:03.000Z".to_owned()),
        ..left(paid_and_acknowledged())
    }))
}

#[test]
fn f30_retry_finds_late_payment() {
    let mut till = rechecking();
    assert!(matches!(till.sale.state(), State::Rechecking(_)));
    assert!(!till.records(Mark::Intent));
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert!(till.ended_state().is_late());
    assert_eq!(till.ending().name(), "paid");
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);
}

#[test]
fn f21_payment_of_other_request_is_ignored() {
    let mut till = rechecking();
    till.read(Ask::Again, Ok(of_other_request(Status::Paid)));
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f22_late_other_amount_is_unknown() {
    let mut till = rechecking();
    till.read(Ask::Again, Ok(of_value(Status::Paid, 99)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    till.listed(&[]);
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f31_paid_after_void_lists_activities() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    till.ask(Command::Retry);
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert!(till.asked_for(is_list));
}

#[test]
fn f30_same_sale_reads_last_attempt_first() {
    let mut till = Till::resuming(WATCHED);
    assert!(till.asked_for(is_read));
    till.read(Ask::Again, Ok(request(Status::Expired)));
    assert_eq!(till.sale.attempt(), 2);
    assert!(till.records(Mark::Intent));
}

#[test]
fn f30_lost_read_of_expired_attempt_sells() {
    let mut till = Till::resuming(WATCHED);
    till.read(Ask::Again, Err(lost()));
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f30_reopened_request_is_voided() {
    let mut till = Till::resuming(WATCHED);
    till.read(Ask::Again, Ok(request(Status::New)));
    till.jobs.clear();
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn cancelled_retry_returns_to_ending() {
    let mut till = rechecking();
    till.ask(Command::Cancel);
    assert_eq!(till.ending().name(), "expired");
    till.ask(Command::Retry);
    till.ask(Command::Leave);
    assert_eq!(till.exits, [20]);
}

#[test]
fn f50_leaving_early_reports_journal() {
    for (standing, exit) in [
        (Some(paid_and_acknowledged()), 0),
        (Some(Standing::Payable(Void::NotSent)), 30),
        (Some(WATCHED), 21),
        (None, 21),
    ] {
        for leave in [Command::Leave, Command::Cancel] {
            let mut till = Till::new();
            till.ask(Command::Start(order()));
            till.ask(leave);
            assert!(till.exits.is_empty());
            let open = standing.clone().map(left).into_iter().collect();
            till.recalls(recollection(1, open));
            assert_eq!(till.exits, [exit], "{standing:?}");
        }
    }
    let mut till = Till::new();
    till.ask(Command::Start(order()));
    till.jobs.clear();
    till.ask(Command::Leave);
    assert!(till.wakes_for(Timer::LeaveNow).is_some());
    till.jobs.clear();
    till.ask(Command::Leave);
    assert!(till.jobs.is_empty(), "the three seconds run once");
    till.wake(Timer::LeaveNow);
    assert_eq!(till.exits, [30], "the journal does not answer");
}

#[test]
fn leaving_after_staff_close_is_unknown() {
    let mut till = Till::new();
    till.ask(Command::Start(order()));
    till.ask(Command::Leave);
    till.recalls(recalled(closed_by_staff()));
    assert_eq!(till.exits, [30]);

    let mut till = after_staff();
    assert!(matches!(till.sale.state(), State::Rechecking(_)));
    till.ask(Command::Leave);
    assert_eq!(till.exits, [30]);
}

#[test]
fn closed_by_staff_then_cancelled_sells() {
    let mut till = after_staff();
    till.read(Ask::Again, Ok(request(Status::Cancelled)));
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn earlier_and_asked_sale_differ() {
    let till = Till::after_other_sale(Standing::Payable(Void::NotSent));
    assert_eq!(till.sale.asked(), Some(&order()));
    let reference = till.sale.order().map(|order| order.reference.as_str());
    assert_eq!(reference, Some("Z9"));
    assert!(!till.sale.is_about_an_earlier_launch());
    let till = Till::resuming(Standing::Payable(Void::NotSent));
    assert!(till.sale.is_about_an_earlier_launch());
    let till = Till::presenting();
    assert!(!till.sale.is_about_an_earlier_launch());
}

#[test]
fn attempt_avoids_taken_references() {
    for (attempts, taken, reference) in [
        (0, &["A1-2"][..], "A1"),
        (1, &["A1-2", "A1-3", "A1-2047", "A1-x"], "A1-4"),
        (0, &["A1"], "A1-2"),
    ] {
        let mut till = Till::started_after(Recollection {
            attempts,
            taken: taken.iter().map(|&name| name.to_owned()).collect(),
            open: Vec::new(),
        });
        till.recorded(Mark::Intent);
        assert!(matches!(
            till.take_jobs().as_slice(),
            [Job::Create(new)] if new.external_ref == format!("{reference}.t0k3n")
        ));
    }
}

#[test]
fn f30_error_after_staff_is_unknown() {
    for answer in [
        Err(lost()),
        Err(unsent()),
        Err(Failure::Throttled { retry_after: None }),
        Err(refused(403, "FORBIDDEN")),
        Err(refused(404, "NOT_FOUND")),
        Err(refused(401, "UNAUTHORIZED")),
        Ok(of_other_request(Status::Cancelled)),
    ] {
        let mut till = after_staff();
        till.read(Ask::Again, answer.clone());
        assert_eq!(till.ending().name(), "unknown", "{answer:?}");
        assert!(!till.records(Mark::Intent));
        till.ask(Command::Close);
        assert_eq!(till.exits, [30]);
    }
}

#[test]
fn staff_are_named_after_lost_read() {
    let mut till = after_staff();
    till.read(Ask::Again, Err(lost()));
    assert_eq!(till.ended_state().closed_by(), Some("Ana"));
}

#[test]
fn sale_closed_as_paid_is_not_read_again() {
    let till = Till::started_after(recalled(Earlier {
        closed_by: Some("Ana".to_owned()),
        ..left(paid_and_acknowledged())
    }));
    assert_eq!(till.ended_state().closed_by(), Some("Ana"));
}

#[test]
fn f30_paid_after_staff_is_unknown() {
    let mut till = after_staff();
    till.read(Ask::Again, Ok(request(Status::Paid)));
    till.listed(&[]);
    // A void of the request may still be on its way.
    assert_eq!(till.ending().name(), "unknown");
    assert!(!till.records(Mark::Intent));
}

#[test]
fn f30_open_request_is_voided_after_staff() {
    let mut till = after_staff();
    till.read(Ask::Again, Ok(request(Status::New)));
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert!(till.records(Mark::Voiding));
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f39_lost_patron_code_is_unknown() {
    for account in [Some(ACCOUNT.to_owned()), None] {
        let mut closed = Earlier {
            closed_by: Some("Ana".to_owned()),
            request: None,
            patron_presented: true,
            is_over: true,
            ..left(WATCHED)
        };
        closed.order.merchant.account_id = account.clone();
        let mut till = Till::started_after(recalled(closed));
        if account.is_some() {
            till.found(Ok(Vec::new()));
        }
        assert_eq!(till.ending().name(), "unknown", "{account:?}");
        assert!(!till.records(Mark::Intent));
    }
}

#[test]
fn repeated_sale_is_read_once_and_dated() {
    for answer in [Ok(request(Status::Paid)), Err(lost())] {
        let mut till = after_paid(DAY);
        till.read(Ask::Again, answer);
        till.ask(Command::Close);
        assert_eq!(till.exits, [0]);
        let lines: Vec<_> = till
            .told
            .iter()
            .map(|told| serde_json::to_value(told).unwrap())
            .filter(|told| told["event"] == "ended" || told["event"] == "outcome")
            .collect();
        assert_eq!(lines.len(), 2);
        for told in lines {
            assert_eq!(told["repeated"], true, "{told}");
            assert_eq!(told["settledAt"], "2025-10-24T01:02:03.000Z");
        }
    }
}

#[test]
fn contradicted_repeated_sale_is_unknown() {
    for answer in [
        request(Status::Cancelled),
        request(Status::New),
        of_value(Status::Paid, 99),
    ] {
        let mut till = after_paid(DAY);
        till.read(Ask::Again, Ok(answer));
        assert!(matches!(till.ending(), Ending::Unknown { .. }));
    }
}

#[test]
fn reference_expires_after_its_lifetime() {
    for (days, attempts) in [(30, 1), (31, 2)] {
        let till = after_paid(DAY * days);
        assert_eq!(till.sale.attempt(), attempts, "{days}");
    }
}

#[test]
fn paid_then_expired_is_unknown() {
    let mut till = after_paid(DAY);
    till.read(Ask::Again, Ok(request(Status::Expired)));
    assert_eq!(till.ending().name(), "unknown");
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(request(Status::Expired)));
    till.listed(&[]);
    assert_eq!(till.ending().name(), "unknown");
    assert_eq!(till.sale.attempt(), 1);
}
