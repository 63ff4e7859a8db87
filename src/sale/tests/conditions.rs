//! Payment conditions: what the platform asks, and what the cashier answers.

use super::till::*;
use crate::domain::payment::{
    ActivityKind, CancellationReason, Condition, ConditionId, ConditionStatus, Decision, Failure,
    PaymentRequest, Status, Text,
};
use crate::sale::{
    Announcement, Command, Ending, Fact, Job, Mark, Progress, Question, Standing, State, Timer,
    Void,
};

const AGE: &str = "Is the customer over 18?";
const CARD: &str = "Is it a gold card?";

fn condition(message: &str, status: ConditionStatus) -> Condition {
    Condition {
        id: ConditionId::new(message),
        message: Text::clean(message),
        status,
    }
}

/// Returns an open request with these conditions.
fn with(conditions: &[(&str, ConditionStatus)]) -> PaymentRequest {
    request_with(Status::New, |request| {
        request.conditions = conditions
            .iter()
            .map(|(message, status)| condition(message, *status))
            .collect();
    })
}

fn polled(till: &mut Till, conditions: &[(&str, ConditionStatus)]) {
    till.wake(Timer::Poll);
    till.polled(Ok(with(conditions)));
}

/// Returns a sale whose poll was answered with these conditions.
fn asked(conditions: &[(&str, ConditionStatus)]) -> Till {
    let mut till = Till::presenting();
    polled(&mut till, conditions);
    till.jobs.clear();

    till
}

fn question(till: &Till) -> &Question {
    till.waiting_state().question().expect("a question")
}

fn answers(jobs: &[Job]) -> Vec<(&str, Decision)> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Answer {
                condition,
                decision,
                ..
            } => Some((condition.address()?, *decision)),
            _ => None,
        })
        .collect()
}

fn arrives(till: &mut Till, answer: Result<ActivityKind, Failure>) {
    till.happen(Fact::Answered {
        condition: ConditionId::new(AGE),
        answer: answer.map(activity),
    });
}

fn accepted() -> Result<ActivityKind, Failure> {
    Ok(ActivityKind::Other(Text::clean("accept-condition")))
}

const OPEN: &[(&str, ConditionStatus)] = &[(AGE, ConditionStatus::AwaitingMerchant)];

#[test]
fn answer_is_sent_and_journaled_once() {
    for (command, decision) in [
        (Command::Accept, Decision::Accept),
        (Command::Decline, Decision::Decline),
    ] {
        let mut till = asked(OPEN);
        till.ask(command.clone());
        till.ask(command);
        till.ask(Command::Accept);
        assert_eq!(answers(&till.jobs), [(AGE, decision)]);
        let answered = Progress::Answered(decision, Text::clean(AGE));
        assert!(till.progress().contains(&&answered));
    }
}

#[test]
fn nothing_is_answered_by_itself() {
    let mut till = asked(OPEN);
    for _ in 0..5 {
        polled(&mut till, OPEN);
    }
    till.ask(Command::Retry);
    till.ask(Command::KeepChecking);
    assert!(answers(&till.jobs).is_empty());
    till.wake(Timer::Deadline);
    till.ask(Command::Accept);
    assert!(answers(&till.jobs).is_empty(), "its time is over");
}

#[test]
fn code_returns_after_condition() {
    let mut till = asked(OPEN);
    till.ask(Command::Accept);
    arrives(&mut till, accepted());
    till.told.clear();
    polled(&mut till, &[(AGE, ConditionStatus::Settled)]);
    let presenting = till.presenting_state();
    assert!(!presenting.is_on_screen());
    till.happen(Fact::Shown);
    assert!(matches!(till.told.as_slice(), [Announcement::Shown { .. }]));
    assert!(till.asked_for(is_poll), "polls go on");

    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn patron_condition_comes_last() {
    let both = |age, card| [(CARD, card), (AGE, age)];
    let mut till = asked(&both(
        ConditionStatus::AwaitingMerchant,
        ConditionStatus::AwaitingPatron,
    ));
    assert_eq!(question(&till).condition().message.as_str(), AGE);
    till.ask(Command::Accept);
    arrives(&mut till, accepted());
    polled(
        &mut till,
        &both(ConditionStatus::Settled, ConditionStatus::AwaitingPatron),
    );
    assert_eq!(question(&till).condition().message.as_str(), CARD);
    till.jobs.clear();
    till.ask(Command::Accept);
    assert!(
        answers(&till.jobs).is_empty(),
        "the customer answers it on the phone"
    );
}

#[test]
fn declined_condition_ends_cancelled() {
    let mut till = asked(OPEN);
    till.ask(Command::Decline);
    arrives(
        &mut till,
        Ok(ActivityKind::Other(Text::clean("decline-condition"))),
    );
    assert!(
        matches!(till.sale.state(), State::Waiting(_)),
        "the answer is no verdict"
    );
    till.wake(Timer::Poll);
    till.polled(Ok(cancelled_by(CancellationReason::DeclinedByMerchant)));
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn f28_condition_stays_after_sleep() {
    let mut till = asked(OPEN);
    till.sleep();
    assert_eq!(question(&till).condition().message.as_str(), AGE);
}

#[test]
fn lost_answer_is_asked_again() {
    for (answer, is_lost) in [
        (Err(lost()), true),
        (Err(refused(403, "MERCHANT_NOT_AUTHORIZED")), true),
        (Err(refused(403, "CONDITION_ALREADY_SET")), false),
        (accepted(), false),
    ] {
        let mut till = asked(OPEN);
        till.ask(Command::Accept);
        till.jobs.clear();
        arrives(&mut till, answer);
        assert_eq!(question(&till).has_lost_an_answer(), is_lost);
        till.ask(Command::Accept);
        assert_eq!(answers(&till.jobs).len(), usize::from(is_lost));
    }
}

#[test]
fn unseen_answer_is_asked_again() {
    let mut till = asked(OPEN);
    till.ask(Command::Accept);
    arrives(&mut till, accepted());
    for _ in 0..2 {
        polled(&mut till, OPEN);
        assert!(
            !question(&till).is_for_the_cashier(),
            "the platform may be slow"
        );
    }
    polled(&mut till, OPEN);
    assert!(question(&till).is_for_the_cashier());
    assert!(question(&till).has_lost_an_answer());
}

#[test]
fn met_condition_after_crash_shows_code() {
    let mut till = Till::resuming(Standing::Payable(Void::NotSent));
    polled(&mut till, OPEN);
    till.ask(Command::Accept);
    arrives(&mut till, accepted());
    polled(&mut till, &[]);
    till.encoded();
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}
