//! Keys and answers that come after a verdict.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::till::*;
use super::made_up::*;
use crate::display::choice::{Deed, choices};
use crate::payment::{ActivityKind, CancellationReason, PaymentRequest, Status};
use crate::promises::made_up::tries;
use crate::sale::{Ask, Command, Ending, Fact, Mark, Moment, Recollection, Standing, State, Timer};

/// Each way in which a sale can end.
const ENDINGS: [fn() -> Till; 10] = [
    || polled(request(Status::Paid)),
    || {
        polled(PaymentRequest {
            remaining: Some(nzd(250)),
            ..request(Status::Paid)
        })
    },
    || polled(request(Status::Expired)),
    || polled(cancelled_by(CancellationReason::CancelledByPatron)),
    || {
        let mut till = Till::voided(Ok(activity(ActivityKind::Refund)));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));

        till
    },
    kept,
    || {
        let mut till = Till::presenting();
        till.ask(Command::Cancel);
        till.void_and_reads_are_lost();

        till
    },
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
    late,
];

fn polled(answer: PaymentRequest) -> Till {
    let mut till = Till::presenting();
    till.polled(Ok(answer));

    till
}

/// Paid, and the void came too late.
pub(super) fn kept() -> Till {
    let mut till = Till::voided(Err(refused(403, "REQUEST_PAID")));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(Vec::new())));

    till
}

/// Paid after it had been called expired.
fn late() -> Till {
    let mut till = Till::new();
    till.start_after(Recollection {
        taken: Vec::new(),
        attempts: 1,
        open: vec![left(Standing::Ended {
            ending: Ending::Paid {
                by: Vec::new(),
                kept: false,
            },
            late: true,
            acknowledged: false,
        })],
    });

    till
}

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

/// Whether the screen has a key for it. The window can always be closed.
fn is_offered(till: &Till, command: &Command) -> bool {
    *command == Command::Leave
        || choices(&till.sale)
            .into_iter()
            .any(|choice| match choice.deed {
                Deed::Ask(offered) => offered == *command,
                Deed::AnswerByHand => matches!(command, Command::CloseByStaff { .. }),
            })
}

/// What was asked for before the verdict, and comes after it.
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
        (timers, any::<bool>()).prop_map(move |(timer, slept)| Fact::Woke { timer, at, slept }),
        (asks, any_answer()).prop_map(move |(ask, answer)| Fact::Read {
            ask,
            at,
            answer: Ok(answer),
        }),
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
    fn f38_no_ending_is_changed_by_a_key_that_its_screen_does_not_offer(
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
    fn f23_f38_no_ending_is_changed_by_what_was_on_its_way_when_it_came(
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
    fn f38_a_key_that_is_pressed_twice_does_what_it_does_once(
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
    fn f38_once_the_till_was_told_the_outcome_no_key_begins_anything(
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
    fn f38_a_key_that_races_a_verdict_comes_before_it_or_after_it_and_nothing_is_both(
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
