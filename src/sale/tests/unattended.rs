//! The `settle` command: earlier attempts are settled without a person.

use super::till::*;
use super::watching::watched;
use crate::domain::payment::Status;
use crate::sale::{Ask, Command, Earlier, Job, Mark, Standing, Timer, Void};

/// Returns an unattended run that finds these attempts.
fn settling(open: Vec<Earlier>) -> Till {
    let mut till = Till::new();
    till.ask(Command::Settle);
    till.recalls(recollection(0, open));

    till
}

#[test]
fn nothing_to_settle_exits_0() {
    assert_eq!(settling(Vec::new()).exits, [0]);
}

#[test]
fn open_request_is_voided() {
    let mut till = settling(vec![left(Standing::Payable(Void::NotSent))]);
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    till.void_succeeds();
    assert_eq!(till.earlier_told(), [("cancelled", false)]);
    assert_eq!(till.exits, [21]);
}

#[test]
fn unknown_is_left_open() {
    let unanswered = || left(Standing::Payable(Void::Unanswered));
    let other = Earlier {
        attempt: 2,
        ..unanswered()
    };
    let mut till = settling(vec![unanswered(), other]);
    till.verdict_reads_are_lost();
    till.read(Ask::Verdict, Ok(request(Status::Expired)));
    assert_eq!(
        till.earlier_told(),
        [("unknown", false), ("expired", false)]
    );
    assert_eq!(till.exits, [30], "the one that needs a person");
}

#[test]
fn run_ends_after_all_reads() {
    let mut till = settling(vec![watched()]);
    assert!(till.exits.is_empty());
    till.read_in_watch(Ok(request(Status::Paid)));
    assert_eq!(till.exits, [0]);
    assert_eq!(till.earlier_told(), [("paid", true)]);
}

#[test]
fn lost_read_exits_41() {
    let mut till = settling(vec![watched()]);
    till.read_in_watch(Err(lost()));
    assert_eq!(till.exits, [41]);
}

#[test]
fn unseen_payment_stays_unacknowledged() {
    let till = settling(vec![left(paid_unseen())]);
    assert_eq!(till.earlier_told(), [("paid", false)]);
    assert!(!till.records(Mark::Acknowledged));
    assert_eq!(till.exits, [0]);
}

#[test]
fn settle_run_sells_nothing() {
    let mut till = settling(vec![left(Standing::Payable(Void::NotSent))]);
    till.jobs.clear();
    till.ask(Command::Start(order()));
    assert!(!till.asked_for(|job| matches!(job, Job::Recall { .. })));
    let mut till = Till::new();
    till.ask(Command::Settle);
    till.jobs.clear();
    till.ask(Command::Start(order()));
    assert!(till.jobs.is_empty());
}
