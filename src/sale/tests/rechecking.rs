//! The attempt before, looked at once more; and leaving before anything is known.

use std::time::Duration;

use super::recovering::*;
use super::till::*;
use crate::payment::{Failure, PaymentRequest, RequestId, Status};
use crate::sale::{
    Ask, Command, Earlier, Ending, Fact, Job, Mark, Moment, Recollection, Standing, State, Timer,
    Void,
};

#[test]
fn f30_a_further_attempt_waits_for_another_look_at_the_last_one() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Expired)));
    till.jobs.clear();
    till.ask(Command::Retry);
    assert!(matches!(till.sale.state(), State::Rechecking(_)));
    assert!(!till.asked_for(|job| is_record(job, Mark::Intent)));
    till.read(Ask::Again, Ok(request(Status::Paid)));
    let State::Ended(ended) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert!(ended.is_late());
    assert_eq!(ended.ending().name(), "paid");
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);
}

#[test]
fn f30_the_same_sale_asked_for_again_looks_at_its_last_attempt_first() {
    let mut till = resuming(Standing::Watched(Void::NotSent));
    assert!(till.asked_for(is_read));
    till.read(Ask::Again, Ok(request(Status::Expired)));
    assert_eq!(till.sale.attempt(), 2);
    assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
}

#[test]
fn f30_what_the_platform_opened_again_is_voided_before_a_further_attempt() {
    let mut till = resuming(Standing::Watched(Void::NotSent));
    till.read(Ask::Again, Ok(request(Status::New)));
    till.jobs.clear();
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn a_retry_that_is_cancelled_while_the_last_attempt_is_looked_at_goes_back_to_it() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Expired)));
    till.ask(Command::Retry);
    till.ask(Command::Cancel);
    assert_eq!(till.ending().name(), "expired");
    till.ask(Command::Retry);
    till.ask(Command::Leave);
    assert_eq!(till.exits, [20]);
}

#[test]
fn f50_leaving_before_the_journal_has_answered_says_only_what_the_journal_knows() {
    let paid = Standing::Ended {
        ending: Ending::Paid {
            by: Vec::new(),
            kept: false,
        },
        late: false,
        acknowledged: true,
    };
    for (standing, exit) in [
        (Some(paid), 0),
        (Some(Standing::Payable(Void::NotSent)), 30),
        (Some(Standing::Watched(Void::NotSent)), 21),
        (None, 21),
    ] {
        for leave in [Command::Leave, Command::Cancel] {
            let mut till = Till::new();
            till.ask(Command::Start(order()));
            till.ask(leave);
            assert!(till.exits.is_empty());
            let open = standing.clone().map(left).into_iter().collect();
            till.happen(Fact::Recalled(Ok(Recollection {
                taken: Vec::new(),
                attempts: 1,
                open,
            })));
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
    assert_eq!(till.exits, [30], "a journal that does not answer");
}

#[test]
fn what_was_settled_by_hand_is_never_called_cancelled_by_leaving() {
    let by_hand = Earlier {
        closed_by: Some("Ana".to_owned()),
        ..left(Standing::Watched(Void::Unanswered))
    };
    for recalled_before in [true, false] {
        let mut till = Till::new();
        till.ask(Command::Start(order()));
        if !recalled_before {
            till.ask(Command::Leave);
        }
        till.happen(Fact::Recalled(Ok(recalled(by_hand.clone()))));
        if recalled_before {
            assert!(matches!(till.sale.state(), State::Rechecking(_)));
            till.ask(Command::Leave);
        }
        assert_eq!(till.exits, [30]);
    }
}

#[test]
fn what_was_settled_by_hand_can_be_sold_again_once_the_platform_says_it_is_closed() {
    let by_hand = Earlier {
        closed_by: Some("Ana".to_owned()),
        ..left(Standing::Watched(Void::Unanswered))
    };
    let mut till = Till::new();
    till.start_after(recalled(by_hand));
    till.read(Ask::Again, Ok(request(Status::Cancelled)));
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn what_an_earlier_sale_is_about_and_what_was_asked_for_are_told_apart() {
    let mut till = Till::new();
    till.start_after(recalled(left_of_another_sale(Standing::Payable(
        Void::NotSent,
    ))));
    assert_eq!(till.sale.asked(), Some(&order()));
    assert_eq!(
        till.sale.order().map(|order| order.reference.as_str()),
        Some("Z9")
    );
    assert!(!till.sale.is_about_an_earlier_launch());
    let till = resuming(Standing::Payable(Void::NotSent));
    assert!(till.sale.is_about_an_earlier_launch());
    let till = Till::presenting();
    assert!(!till.sale.is_about_an_earlier_launch());
}

#[test]
fn an_attempt_has_no_reference_that_another_sale_has_at_the_platform() {
    for (attempts, taken, reference) in [
        (0, &["A1-2"][..], "A1"),
        (1, &["A1-2", "A1-3", "A1-2047", "A1-x"], "A1-4"),
        (0, &["A1"], "A1-2"),
    ] {
        let mut till = Till::new();
        till.start_after(Recollection {
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

/// A sale that staff closed as not paid while it was unknown, asked for again.
fn after_staff() -> Till {
    let closed = Earlier {
        closed_by: Some("Ana".to_owned()),
        ..left(Standing::Watched(Void::Unanswered))
    };
    let mut till = Till::new();
    till.start_after(recalled(closed));

    till
}

#[test]
fn f30_error_after_unknown_opens_no_code() {
    let another = PaymentRequest {
        id: RequestId::new("another").unwrap(),
        ..request(Status::Cancelled)
    };
    let throttled = Failure::Throttled { retry_after: None };
    for answer in [
        Err(lost()),
        Err(unsent()),
        Err(throttled),
        Err(refused(403, "FORBIDDEN")),
        Err(refused(404, "NOT_FOUND")),
        Err(refused(401, "UNAUTHORIZED")),
        Ok(another),
    ] {
        let mut till = after_staff();
        till.read(Ask::Again, answer.clone());
        assert!(
            matches!(till.ending(), Ending::Unknown { .. }),
            "{answer:?}"
        );
        assert!(!till.asked_for(|job| is_record(job, Mark::Intent)));
        till.ask(Command::Close);
        assert_eq!(till.exits, [30]);
    }
}

#[test]
fn f30_payment_contradicts_staff() {
    let mut till = after_staff();
    till.read(Ask::Again, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(Vec::new())));
    // A void of it may still be on its way.
    assert!(matches!(till.ending(), Ending::Unknown { .. }));
    assert!(!till.asked_for(|job| is_record(job, Mark::Intent)));
}

#[test]
fn f30_open_request_is_voided_after_staff() {
    let mut till = after_staff();
    till.read(Ask::Again, Ok(request(Status::New)));
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert!(till.asked_for(|job| is_record(job, Mark::Voiding)));
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f39_lost_create_of_a_customers_code_opens_no_code() {
    for account in [true, false] {
        let mut closed = Earlier {
            closed_by: Some("Ana".to_owned()),
            request: None,
            patron_presented: true,
            is_over: true,
            ..left(Standing::Watched(Void::NotSent))
        };
        closed.order.merchant.account_id = account.then(|| "account".to_owned());
        let mut till = Till::new();
        till.start_after(recalled(closed));
        if account {
            till.happen(Fact::Found {
                at: Moment::default(),
                answer: Ok(Vec::new()),
            });
        }
        assert!(matches!(till.ending(), Ending::Unknown { .. }), "{account}");
        assert!(!till.asked_for(|job| is_record(job, Mark::Intent)));
    }
}

fn paid_before(age: Duration) -> Earlier {
    Earlier {
        age: Some(age),
        had_money: true,
        settled_at: Some("2025-10-24T01:02:03.000Z".to_owned()),
        ..left(Standing::Ended {
            ending: Ending::Paid {
                by: Vec::new(),
                kept: false,
            },
            late: false,
            acknowledged: true,
        })
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[test]
fn repeated_sale_is_read_once_and_dated() {
    for answer in [Ok(request(Status::Paid)), Err(lost())] {
        let mut till = Till::new();
        till.start_after(recalled(paid_before(DAY)));
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
fn repeated_sale_that_is_contradicted_is_unknown() {
    let of_another_amount = PaymentRequest {
        value: Some(nzd(99)),
        ..request(Status::Paid)
    };
    for answer in [
        request(Status::Cancelled),
        request(Status::New),
        of_another_amount,
    ] {
        let mut till = Till::new();
        till.start_after(recalled(paid_before(DAY)));
        till.read(Ask::Again, Ok(answer));
        assert!(matches!(till.ending(), Ending::Unknown { .. }));
    }
}

#[test]
fn reference_stands_for_a_sale_for_its_lifetime() {
    for (days, attempts) in [(30, 1), (31, 2)] {
        let mut till = Till::new();
        till.start_after(recalled(paid_before(DAY * days)));
        assert_eq!(till.sale.attempt(), attempts, "{days}");
    }
}

#[test]
fn paid_sale_that_is_called_expired_opens_no_other_code() {
    let mut till = Till::new();
    till.start_after(recalled(paid_before(DAY)));
    till.read(Ask::Again, Ok(request(Status::Expired)));
    assert_eq!(till.ending().name(), "unknown");
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(request(Status::Expired)));
    till.happen(Fact::Activities(Ok(Vec::new())));
    assert_eq!(till.ending().name(), "unknown");
    assert_eq!(till.sale.attempt(), 1);
}
