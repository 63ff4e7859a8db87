use super::till::{Till, activity, is_poll, lost, refused, request};
use crate::payment::{
    ActivityKind, Condition, ConditionId, ConditionStatus, Decision, Failure, PaymentRequest,
    Status, Text,
};
use crate::sale::{
    Announcement, Command, Ending, Fact, Job, Mark, Progress, Question, Reason, Record, State,
    Timer,
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

/// An open request with these conditions.
fn with(conditions: &[(&str, ConditionStatus)]) -> PaymentRequest {
    PaymentRequest {
        conditions: conditions
            .iter()
            .map(|(message, status)| condition(message, *status))
            .collect(),
        ..request(Status::New)
    }
}

fn polled(till: &mut Till, conditions: &[(&str, ConditionStatus)]) {
    till.wake(Timer::Poll);
    till.polled(Ok(with(conditions)));
}

/// A sale of which this is asked.
fn asked(conditions: &[(&str, ConditionStatus)]) -> Till {
    let mut till = Till::presenting();
    polled(&mut till, conditions);
    till.jobs.clear();

    till
}

fn question(till: &Till) -> &Question {
    let State::Waiting(waiting) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    let Reason::Condition(question) = waiting.reason() else {
        panic!("{:?}", waiting.reason());
    };

    question
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
fn an_answer_is_sent_once_and_written_down_with_what_was_asked() {
    for (command, decision) in [
        (Command::Accept, Decision::Accept),
        (Command::Decline, Decision::Decline),
    ] {
        let mut till = asked(OPEN);
        till.ask(command.clone());
        till.ask(command);
        till.ask(Command::Accept);
        assert_eq!(answers(&till.jobs), [(AGE, decision)]);
        let written = Progress::Answered(decision, Text::clean(AGE));
        assert!(till.asked_for(
            |job| matches!(job, Job::Record { record: Record::Progress(progress), .. } if *progress == written)
        ));
    }
}

#[test]
fn nothing_is_answered_by_itself_whatever_else_happens() {
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
fn the_code_comes_back_when_the_condition_is_met_and_the_till_is_told() {
    let mut till = asked(OPEN);
    till.ask(Command::Accept);
    arrives(&mut till, accepted());
    till.told.clear();
    polled(&mut till, &[(AGE, ConditionStatus::Settled)]);
    let State::Presenting(presenting) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert!(!presenting.is_on_screen());
    till.happen(Fact::Shown);
    assert!(matches!(till.told.as_slice(), [Announcement::Shown { .. }]));
    assert!(till.asked_for(is_poll), "it is polled on");

    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn several_conditions_are_asked_one_after_the_other_and_the_customers_last() {
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
fn a_declined_condition_ends_the_sale_as_the_platform_says() {
    let mut till = asked(OPEN);
    till.ask(Command::Decline);
    arrives(
        &mut till,
        Ok(ActivityKind::Other(Text::clean("decline-condition"))),
    );
    assert!(
        matches!(till.sale.state(), State::Waiting(_)),
        "the answer to it is no verdict"
    );
    till.wake(Timer::Poll);
    till.polled(Ok(super::till::cancelled_by(
        crate::payment::CancellationReason::DeclinedByMerchant,
    )));
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn a_lost_answer_is_asked_for_again_and_one_that_was_given_before_is_not() {
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
fn an_answer_that_was_taken_and_shows_in_no_poll_is_asked_for_again_after_three() {
    let mut till = asked(OPEN);
    till.ask(Command::Accept);
    arrives(&mut till, accepted());
    for _ in 0..2 {
        polled(&mut till, OPEN);
        assert!(!question(&till).is_for_the_cashier(), "it may be behind");
    }
    polled(&mut till, OPEN);
    assert!(question(&till).is_for_the_cashier());
    assert!(question(&till).has_lost_an_answer());
}

#[test]
fn a_condition_that_is_met_after_a_crash_leads_to_a_code_that_is_proven_anew() {
    use super::till::{left, recalled};
    use crate::sale::{Standing, Void};
    let mut till = Till::new();
    till.start_after(recalled(left(Standing::Payable(Void::NotSent))));
    polled(&mut till, OPEN);
    till.ask(Command::Accept);
    arrives(&mut till, accepted());
    polled(&mut till, &[]);
    till.encoded();
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}
