use proptest::prelude::*;

use super::*;
use crate::properties::generated::tries;

fn any_moment() -> impl Strategy<Value = Moment> {
    (0..1_000_000_u64)
        .prop_map(|milliseconds| Moment::after_start(Duration::from_millis(milliseconds)))
}

fn any_span() -> impl Strategy<Value = Duration> {
    (0..100_000_u64).prop_map(Duration::from_millis)
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f14_random_pause_is_within_bounds(
        longest in 100..5_000_u64,
        now in any_moment()
    ) {
        let longest = Duration::from_millis(longest);
        let pause = pause(Delay::UpTo(longest), now);
        prop_assert!(pause >= SHORTEST_PAUSE && pause <= longest, "{pause:?}");
    }

    #[test]
    fn f12_requested_wait_is_never_shorter(
        least in any_span(),
        spread in any_span(),
        now in any_moment()
    ) {
        let pause = pause(Delay::Between(least, least + spread), now);
        prop_assert!(pause >= least && pause <= least + spread, "{pause:?}");
    }

    #[test]
    fn f27_past_moment_needs_no_wait(
        moment in any_moment(),
        later in any_span()
    ) {
        prop_assert_eq!(pause(Delay::Until(moment), moment.plus(later)), Duration::ZERO);
    }
}

#[test]
fn f14_failed_displays_return_spread_out() {
    let now = Moment::default();
    let longest = Duration::from_secs(5);
    let pauses: Vec<_> = (0..1_000)
        .map(|_| pause(Delay::UpTo(longest), now))
        .collect();
    for fifth in 0..5 {
        let second = Duration::from_secs(fifth)..Duration::from_secs(fifth + 1);
        let within = pauses
            .iter()
            .filter(|pause| second.contains(*pause))
            .count();
        // The expected number is 200.
        assert!((100..300).contains(&within), "{within} in {second:?}");
    }
}
