use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::promises::made_up::tries;

/// What a poll brings: patience asked for, no answer, or one.
#[derive(Debug, Clone)]
enum Brings {
    Throttled(Option<Duration>),
    Nothing,
    Answer,
}

fn anything() -> impl Strategy<Value = Brings> {
    let retry_after = proptest::option::of((0..=60_000_u64).prop_map(Duration::from_millis));

    prop_oneof![
        4 => retry_after.prop_map(Brings::Throttled),
        1 => Just(Brings::Nothing),
        3 => Just(Brings::Answer),
    ]
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f12_f51_whatever_patience_is_asked_for_the_interval_widens_within_bounds_and_only_answers_narrow_it(
        counters in 1..30_u32,
        polls in vec(anything(), 1..60)
    ) {
        let id = RequestId::new("a").expect("an id");
        let (mut pace, _) = Polls::begin(counters);
        // Where a counter's share alone asks for more, that is the slowest.
        let slowest = SLOWEST.max(interval(counters));
        for (second, brings) in polls.into_iter().enumerate() {
            let before = pace.interval;
            pace.ask(&id, at(second as u64 * 1_000)).expect("no poll is in flight");
            match brings {
                Brings::Throttled(retry_after) => {
                    pace.failed(&Failure::Throttled { retry_after });
                    prop_assert!(pace.interval > before || before == slowest);
                }
                Brings::Nothing => {
                    pace.failed(&Failure::Ambiguous(Text::clean("no answer in time")));
                    prop_assert_eq!(pace.interval, before);
                }
                Brings::Answer => {
                    pace.answered();
                    prop_assert!(before - pace.interval <= RECOVERY);
                }
            }
            prop_assert!(pace.interval >= interval(counters) && pace.interval <= slowest);
        }
    }
}
