//! The attempt before, looked at once more; and leaving before anything is known.

use super::recovering::*;
use super::till::*;
use crate::payment::Status;
use crate::sale::{
    Ask, Command, Earlier, Ending, Fact, Job, Mark, Recollection, Standing, State, Timer, Void,
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
