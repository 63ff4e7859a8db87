use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::properties::generated::tries;

/// The answer to a poll.
#[derive(Debug, Clone)]
enum PollAnswer {
    Throttled(Option<Duration>),
    Lost,
    Good,
}

fn any_answer() -> impl Strategy<Value = PollAnswer> {
    let retry_after = proptest::option::of((0..=60_000_u64).prop_map(Duration::from_millis));

    prop_oneof![
        4 => retry_after.prop_map(PollAnswer::Throttled),
        1 => Just(PollAnswer::Lost),
        3 => Just(PollAnswer::Good),
    ]
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f12_f51_interval_stays_within_bounds(
        counters in 1..30_u32,
        poll_every in 500..=10_000_u64,
        polls in vec(any_answer(), 1..60)
    ) {
        let id = RequestId::new("a").expect("an id");
        let timing = timing(Duration::from_millis(poll_every), counters);
        let usual = interval(&timing);
        let (mut pace, _) = Polls::begin(&timing, FIRST_PAUSE);
        // Many counters may need a longer interval.
        let slowest = SLOWEST.max(usual);
        for (second, answer) in polls.into_iter().enumerate() {
            let before = pace.interval;
            pace.ask(&id, at(second as u64 * 1_000)).expect("no poll is in flight");
            match answer {
                PollAnswer::Throttled(retry_after) => {
                    pace.failed(&Failure::Throttled { retry_after });
                    prop_assert!(pace.interval > before || before == slowest);
                }
                PollAnswer::Lost => {
                    pace.failed(&Failure::Ambiguous(Text::clean("no answer in time")));
                    prop_assert_eq!(pace.interval, before);
                }
                PollAnswer::Good => {
                    pace.answered();
                    prop_assert!(before - pace.interval <= RECOVERY);
                }
            }
            prop_assert!(pace.interval >= usual && pace.interval <= slowest);
        }
    }
}
