//! Keys and answers after a verdict.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::generators::*;
use crate::app::choice::{ChoiceAction, choices};
use crate::domain::payment::{ActivityKind, CancellationReason, Status};
use crate::properties::generated::tries;
use crate::sale::{Ask, Command, Fact, Mark, Moment, State, Timer, Wakeup};

/// One sale for each ending.
const ENDINGS: [fn() -> Till; 10] = [
    || Till::after_poll(request(Status::Paid)),
    || {
        Till::after_poll(request_with(Status::Paid, |request| {
            request.remaining = Some(nzd(250));
        }))
    },
    || Till::after_poll(request(Status::Expired)),
    || Till::after_poll(cancelled_by(CancellationReason::CancelledByPatron)),
    || {
        let mut till = Till::voided(Ok(activity(ActivityKind::Refund)));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));

        till
    },
    || Till::kept("REQUEST_PAID"),
    Till::unknown,
    || {
        let mut till = Till::asking();
        till.created(Err(refused(403, "X")));

        till
    },
    || {
        let mut till = Till::asking();
        for _ in 0..2 {
            till.created(Err(unsent()));
            till.wake(Timer::Recreate);
        }
        till.created(Err(unsent()));

        till
    },
    || Till::resuming(paid_late()),
];

fn ended(which: usize) -> Till {
    let mut till = ENDINGS[which]();
    assert!(
        matches!(till.sale.state(), State::Ended(_)),
        "{which}: {:?}",
        till.sale.state()
    );
    till.jobs.clear();
    till.told.clear();

    till
}

/// Whether the ending's screen has a key for the command. Closing the window is always possible.
fn is_offered(till: &Till, command: &Command) -> bool {
    *command == Command::Leave
        || choices(&till.sale)
            .into_iter()
            .any(|choice| match choice.action {
                ChoiceAction::Ask(offered) => offered == *command,
                ChoiceAction::OpenSettlement => matches!(command, Command::CloseByStaff { .. }),
            })
}

/// Generates a fact that arrives after the verdict, from a job that began before it.
fn any_leftover() -> impl Strategy<Value = Fact> {
    let at = Moment::default();
    let timers = select(vec![
        Timer::Recreate,
        Timer::Poll,
        Timer::Deadline,
        Timer::Settled,
        Timer::Denied,
        Timer::Revoid,
    ]);
    let asks = select(vec![Ask::Poll, Ask::Verdict]);
    let marks = select(vec![
        Mark::Intent,
        Mark::Created,
        Mark::Shown,
        Mark::Voiding,
        Mark::Progress,
    ]);

    prop_oneof![
        (timers, any::<bool>())
            .prop_map(move |(timer, slept)| Fact::Woke(timer, Wakeup { at, slept })),
        (asks, any_answer()).prop_map(move |(ask, answer)| Fact::Read(ask, at, Ok(answer))),
        any_answer().prop_map(move |answer| Fact::Created {
            sent_at: at,
            at,
            answer: Ok(answer),
        }),
        any_answer().prop_map(move |answer| Fact::Found {
            at,
            answer: Ok(vec![answer]),
        }),
        select(vec![ActivityKind::Refund, ActivityKind::Cancellation])
            .prop_map(|kind| Fact::Voided(Ok(activity(kind)))),
        select(vec![ActivityKind::Refund, ActivityKind::Cancellation])
            .prop_map(|kind| Fact::Activities(Ok(vec![activity(kind)]))),
        Just(Fact::Shown),
        Just(Fact::Encoded(Ok(code()))),
        marks.clone().prop_map(Fact::Recorded),
        marks.prop_map(|mark| Fact::NotRecorded(mark, "full".to_owned())),
    ]
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f38_unoffered_key_keeps_ending(
        which in 0..ENDINGS.len(),
        keys in vec(any_command(), 1..20)
    ) {
        let mut till = ended(which);
        let state = till.sale.state().clone();
        for key in keys {
            if is_offered(&till, &key) {
                continue;
            }
            till.ask(key.clone());
            prop_assert_eq!(till.sale.state(), &state, "after {:?}", key);
            prop_assert!(till.jobs.is_empty() && till.told.is_empty() && till.exits.is_empty());
        }
    }

    #[test]
    fn f23_f38_late_fact_keeps_ending(
        which in 0..ENDINGS.len(),
        leftovers in vec(any_leftover(), 1..20)
    ) {
        let mut till = ended(which);
        let state = till.sale.state().clone();
        for leftover in leftovers {
            till.happen(leftover.clone());
            prop_assert_eq!(till.sale.state(), &state, "after {:?}", leftover);
            prop_assert!(till.jobs.is_empty() && till.told.is_empty() && till.exits.is_empty());
        }
    }

    #[test]
    fn f38_double_key_acts_once(
        which in 0..ENDINGS.len(),
        key in any_command()
    ) {
        let mut till = ended(which);
        till.ask(key.clone());
        let state = till.sale.state().clone();
        till.jobs.clear();
        till.told.clear();
        till.exits.clear();
        till.ask(key);
        prop_assert_eq!(till.sale.state(), &state);
        prop_assert!(till.jobs.is_empty(), "{:?}", till.jobs);
        prop_assert!(till.told.is_empty() && till.exits.is_empty(), "{:?}", till.told);
    }

    #[test]
    fn f38_keys_after_outcome_do_nothing(
        which in 0..ENDINGS.len(),
        leave in select(vec![Command::Close, Command::Leave]),
        keys in vec(any_command(), 1..20)
    ) {
        let mut till = ended(which);
        till.ask(leave);
        prop_assert_eq!(till.exits.len(), 1);
        till.jobs.clear();
        for key in keys {
            till.ask(key.clone());
            prop_assert!(till.jobs.is_empty(), "{:?} after {:?}", till.jobs, key);
        }
        prop_assert_eq!(till.exits.len(), 1);
    }

    #[test]
    fn f38_key_and_verdict_never_both_act(
        status in select(vec![Status::Paid, Status::Expired, Status::Cancelled]),
        key in select(vec![Command::Cancel, Command::Close, Command::Retry]),
        first in any::<bool>()
    ) {
        let mut till = Till::presenting();
        if first {
            till.ask(key);
            till.polled(Ok(request(status)));
        } else {
            till.polled(Ok(request(status)));
            till.ask(key);
        }
        let voids = voided_ids(&till.jobs).len();
        let verdicts = till
            .jobs
            .iter()
            .filter(|job| is_record(job, Mark::Verdict))
            .count();
        prop_assert_eq!(voids + verdicts, 1, "{:?}", till.jobs);
    }
}
