//! Answers about something else than what was asked for, and answers that come in any order.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::super::watching::{listed_beside, opened, read_beside};
use super::made_up::*;
use super::walk::Walk;
use crate::money::{Amount, Currency};
use crate::payment::{ActivityKind, Failure, PaymentRequest, Status};
use crate::promises::made_up::tries;
use crate::sale::{
    Announcement, Ask, Command, Ending, Event, Fact, Job, Moment, Record, Standing, State, Timer,
    Void,
};

/// Another request's answer, whatever it says.
fn stranger() -> impl Strategy<Value = PaymentRequest> {
    let ids = select(vec!["a", "other", "MhocUmpxxmgdHjr7DgKoKv"]);

    (ids, any_answer()).prop_map(|(id, answer)| of_id(id, answer))
}

/// The right request with another amount, whatever else it says.
fn of_another_amount() -> impl Strategy<Value = PaymentRequest> {
    let amount = prop_oneof![
        (0..3_000_u64).prop_map(nzd),
        any::<u64>().prop_map(nzd),
        Just(Amount::from_minor(1250, Currency::AUD)),
    ];
    let other = amount.prop_filter("another amount", |amount| *amount != nzd(1250));

    (other, any_answer()).prop_map(|(amount, answer)| PaymentRequest {
        value: Some(amount),
        ..answer
    })
}

/// Whether the till or a screen was told of money.
fn is_called_paid(walk: &Walk) -> bool {
    let paid = |outcome: &str| outcome == "paid" || outcome == "part-paid";

    walk.ending().is_some_and(paid)
        || walk.told.iter().any(|told| match told {
            Announcement::Ended { outcome, .. }
            | Announcement::Earlier { outcome, .. }
            | Announcement::Outcome { outcome, .. } => paid(outcome),
            _ => false,
        })
}

/// The id that is written down for a void, each time one is.
fn ids_of_voids(walk: &Walk) -> Vec<&str> {
    voided_ids(&walk.asked_for)
}

/// A poll that brings no verdict about the sale.
fn poll() -> impl Strategy<Value = Result<PaymentRequest, Failure>> {
    prop_oneof![
        6 => stranger().prop_map(Ok),
        1 => Just(Ok(request(Status::New))),
        1 => any_failure().prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f21_the_code_stands_until_the_third_answer_in_a_row_for_another_request(
        polls in vec(poll(), 1..20)
    ) {
        let mut till = Till::presenting();
        let mut in_a_row = 0;
        for poll in polls {
            in_a_row = match &poll {
                Ok(answer) if answer.id.as_str() == ID => 0,
                Ok(_) => in_a_row + 1,
                Err(_) => in_a_row,
            };
            till.polled(poll);
            let stands = matches!(till.sale.state(), State::Presenting(_));
            prop_assert_eq!(stands, in_a_row < 3);
            if !stands {
                prop_assert_eq!(voided_ids(&till.jobs), [ID]);
                break;
            }
        }
    }

    #[test]
    fn f21_what_is_said_of_other_requests_never_pays_nor_ends_a_sale(
        course in any_course(25, stranger())
    ) {
        let mut walk = Walk::presenting();
        for step in &course {
            walk.take(step, |_| true);
            prop_assert!(!is_called_paid(&walk));
            prop_assert!(matches!(walk.ending(), None | Some("unknown")), "{:?}", walk.ending());
        }
        prop_assert!(ids_of_voids(&walk).iter().all(|id| *id == ID));
    }

    #[test]
    fn f22_the_first_answer_with_another_amount_takes_the_code_away_and_voids(
        before in 0..5_usize,
        answer in of_another_amount()
    ) {
        let mut till = Till::presenting();
        for _ in 0..before {
            till.polled(Ok(request(Status::New)));
        }
        till.polled(Ok(answer));
        prop_assert!(matches!(till.sale.state(), State::Voiding(_)));
        prop_assert_eq!(voided_ids(&till.jobs), [ID]);
    }

    #[test]
    fn f22_what_has_another_amount_is_never_called_paid_whatever_is_tried(
        course in any_course(25, of_another_amount()),
        keys in vec(any_command(), 25)
    ) {
        let mut walk = Walk::presenting();
        for (step, key) in course.iter().zip(keys) {
            walk.take(step, |_| true);
            if walk.ending().is_some() {
                walk.ask(key);
            }
            prop_assert!(!is_called_paid(&walk), "{:?}", walk.told);
        }
    }

    #[test]
    fn f22_a_late_payment_of_another_amount_is_not_told_as_that_sales(
        answer in of_another_amount(),
        listed in vec(select(vec![ActivityKind::Refund, ActivityKind::Cancellation]), 0..2),
        void in select(vec![Void::NotSent, Void::Answered, Void::Unanswered])
    ) {
        let mut till = opened(left_of_another_sale(Standing::Watched(void)));
        read_beside(&mut till, Ok(answer));
        listed_beside(&mut till, listed.into_iter().map(activity).collect());
        let paid = |told: &Announcement| matches!(
            told,
            Announcement::Earlier { outcome: "paid" | "part-paid", .. }
        );
        prop_assert!(!till.told.iter().any(paid), "{:?}", till.told);
    }

    #[test]
    fn f23_first_final_word_is_the_ending(
        answers in vec(any_answer(), 1..12)
    ) {
        let mut till = Till::presenting();
        for answer in &answers {
            till.polled(Ok(answer.clone()));
        }
        let first = answers.iter().enumerate().find(|(_, answer)| answer.status.is_final());
        match (first, till.sale.state()) {
            (None, state) => prop_assert!(!matches!(state, State::Ended(_))),
            (Some((_, first)), State::Ended(ended)) => {
                let fits = match (&first.status, ended.ending()) {
                    (Status::Paid, Ending::Paid { by, kept: false }) => *by == first.paid_by,
                    (Status::Paid, Ending::PartPaid { remaining, .. }) =>
                        order().amount.checked_sub(*remaining) == first.received(order().amount),
                    (Status::Expired, Ending::Expired) => true,
                    (Status::Cancelled, Ending::Cancelled { reason }) =>
                        *reason == first.cancellation_reason,
                    _ => false,
                };
                prop_assert!(fits, "{:?} after {:?}", ended.ending(), first);
            }
            // A part came in before it was over: first it is looked for what became of that.
            (Some((index, first)), State::Voiding(_)) => {
                let had_money = answers[..=index].iter().any(|answer| answer.has_money(order().amount));
                prop_assert!(first.status != Status::Paid && had_money, "{:?}", first);
            }
            (Some(_), state) => prop_assert!(false, "no ending: {:?}", state),
        }
    }

    #[test]
    fn f23_never_two_polls_are_in_flight_and_the_verdict_is_written_down_once(
        course in any_course(25, any_answer())
    ) {
        // Without the void that follows the deadline, which has reads of its own.
        let polls = |job: &Job| !matches!(job, Job::Wake { timer, .. } if *timer != Timer::Poll);
        let mut walk = Walk::presenting();
        for step in &course {
            // The timer of a poll may run out again, whatever else goes on.
            walk.happen(Fact::Woke {
                timer: Timer::Poll,
                at: Moment::default(),
                slept: false,
            });
            walk.take(step, polls);
            let round = walk.sale.round();
            let in_flight = walk.under_way.iter().filter(|(of, job)| *of == round && is_poll(job));
            prop_assert!(in_flight.count() <= 1);
        }
        let verdicts = walk.asked_for.iter().filter(|job| matches!(
            job,
            Job::Record { record: Record::Verdict { .. }, .. }
        ));
        prop_assert!(verdicts.count() <= 1);
    }

    #[test]
    fn f23_an_answer_from_before_a_void_changes_nothing_after_it(
        late in vec(any_answer(), 1..5)
    ) {
        let mut walk = Walk::presenting();
        walk.ask(Command::Cancel);
        let state = walk.sale.state().clone();
        for answer in late {
            let asked_for = walk.sale.handle(Event::Happened {
                round: walk.sale.round(),
                fact: Fact::Read {
                    ask: Ask::Poll,
                    at: Moment::default(),
                    answer: Ok(answer),
                },
            });
            prop_assert!(asked_for.is_empty());
            prop_assert_eq!(walk.sale.state(), &state);
        }
    }
}
