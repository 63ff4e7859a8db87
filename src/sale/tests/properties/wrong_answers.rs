//! Answers about other requests or amounts, and answers in any order.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::super::watching::opened;
use super::generators::*;
use super::simulation::Simulation;
use crate::domain::money::{Amount, Currency};
use crate::domain::outcome::Outcome;
use crate::domain::payment::{ActivityKind, Failure, PaymentRequest, Status};
use crate::properties::generated::tries;
use crate::sale::{
    Announcement, Ask, Command, Ending, Event, Fact, Job, Moment, Record, Standing, State, Timer,
    Void, Wakeup,
};

/// Generates an answer about another request.
fn other_request() -> impl Strategy<Value = PaymentRequest> {
    let ids = select(vec!["a", "other", "MhocUmpxxmgdHjr7DgKoKv"]);

    (ids, any_answer()).prop_map(|(id, answer)| of_id(id, answer))
}

/// Generates the right request with another amount.
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

/// Whether the till or a screen was told of a payment.
fn is_called_paid(simulation: &Simulation) -> bool {
    let paid = |outcome: Outcome| matches!(outcome, Outcome::Paid | Outcome::PartPaid);

    simulation
        .ending()
        .and_then(Outcome::parse)
        .is_some_and(paid)
        || simulation.told.iter().any(|told| match told {
            Announcement::Ended { outcome, .. }
            | Announcement::Earlier { outcome, .. }
            | Announcement::Outcome { outcome, .. } => paid(*outcome),
            _ => false,
        })
}

/// Generates an answer to a poll that is no verdict about the sale.
fn poll() -> impl Strategy<Value = Result<PaymentRequest, Failure>> {
    prop_oneof![
        6 => other_request().prop_map(Ok),
        1 => Just(Ok(request(Status::New))),
        1 => any_failure().prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f21_third_foreign_answer_voids(
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
    fn f21_foreign_answers_end_no_sale(
        steps in any_steps(25, other_request())
    ) {
        let mut simulation = Simulation::presenting();
        for step in &steps {
            simulation.take(step, |_| true);
            prop_assert!(!is_called_paid(&simulation));
            let ending = simulation.ending();
            prop_assert!(matches!(ending, None | Some("unknown")), "{:?}", ending);
        }
        prop_assert!(voided_ids(&simulation.asked_for).iter().all(|id| *id == ID));
    }

    #[test]
    fn f22_first_other_amount_voids(
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
    fn f22_other_amount_is_never_paid(
        steps in any_steps(25, of_another_amount()),
        keys in vec(any_command(), 25)
    ) {
        let mut simulation = Simulation::presenting();
        for (step, key) in steps.iter().zip(keys) {
            simulation.take(step, |_| true);
            if simulation.ending().is_some() {
                simulation.ask(key);
            }
            prop_assert!(!is_called_paid(&simulation), "{:?}", simulation.told);
        }
    }

    #[test]
    fn f22_late_other_amount_is_not_paid(
        answer in of_another_amount(),
        listed in vec(select(vec![ActivityKind::Refund, ActivityKind::Cancellation]), 0..2),
        void in select(vec![Void::NotSent, Void::Answered, Void::Unanswered])
    ) {
        let mut till = opened(left_of_another_sale(Standing::Watched(void)));
        till.read_in_watch(Ok(answer));
        till.happen_in_watch(Fact::Activities(Ok(listed.into_iter().map(activity).collect())));
        let paid = |told: &Announcement| matches!(
            told,
            Announcement::Earlier { outcome: Outcome::Paid | Outcome::PartPaid, .. }
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
            // A part came in before the verdict, so the sale looks for its refund first.
            (Some((index, first)), State::Voiding(_)) => {
                let had_money = answers[..=index]
                    .iter()
                    .any(|answer| answer.has_money(order().amount));
                prop_assert!(first.status != Status::Paid && had_money, "{:?}", first);
            }
            (Some(_), state) => prop_assert!(false, "no ending: {:?}", state),
        }
    }

    #[test]
    fn f23_one_poll_and_one_verdict(
        steps in any_steps(25, any_answer())
    ) {
        // The void after the deadline is left out, since it has its own reads.
        let polls = |job: &Job| !matches!(job, Job::Wake { timer, .. } if *timer != Timer::Poll);
        let mut simulation = Simulation::presenting();
        for step in &steps {
            // The poll timer may fire at any time.
            simulation.happen(Fact::Woke(Timer::Poll, Wakeup { at: Moment::default(), slept: false }));
            simulation.take(step, polls);
            let round = simulation.sale.round();
            let in_flight = simulation
                .in_flight
                .iter()
                .filter(|(of, job)| *of == round && is_poll(job));
            prop_assert!(in_flight.count() <= 1);
        }
        let verdicts = simulation.asked_for.iter().filter(|job| matches!(
            job,
            Job::Record { record: Record::Verdict { .. }, .. }
        ));
        prop_assert!(verdicts.count() <= 1);
    }

    #[test]
    fn f23_old_answer_after_void_is_dropped(
        late in vec(any_answer(), 1..5)
    ) {
        let mut simulation = Simulation::presenting();
        simulation.ask(Command::Cancel);
        let state = simulation.sale.state().clone();
        for answer in late {
            let asked_for = simulation.sale.handle(Event::Happened {
                round: simulation.sale.round(),
                fact: Fact::Read(Ask::Poll, Moment::default(), Ok(answer)),
            });
            prop_assert!(asked_for.is_empty());
            prop_assert_eq!(simulation.sale.state(), &state);
        }
    }
}
