//! How often the platform is asked while it wants to be asked less, or answers with errors.

use std::time::Duration;

use futures_util::future::join_all;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Fault, RetryAfter};
use tokio::join;

use crate::counter::{Counter, LATE};
use crate::link;

/// The times between the calls of a kind.
fn pauses(counter: &Counter, call: Call) -> Vec<Duration> {
    let times = counter.control().call_times(call);

    times.windows(2).map(|two| two[1] - two[0]).collect()
}

/// What a screen says, but for the time that is left.
fn without_the_time(screen: &str) -> Vec<&str> {
    screen
        .lines()
        .filter(|line| !line.contains(" left"))
        .collect()
}

/// The second poll is throttled, and the next may not come before `wait`.
async fn throttled(retry_after: Option<RetryAfter>, wait: Duration) {
    let mut counter = Counter::with_a_code("").await;
    counter.script(
        Call::Read,
        [Fault::pass(), Fault::throttle(retry_after.clone())],
    );
    counter.until_called(Call::Read, 1).await;
    counter.seen.clear();
    counter.until_called(Call::Read, 6).await;
    for screen in &counter.seen {
        let first = without_the_time(&counter.seen[0]);
        assert_eq!(without_the_time(screen), first, "no alarm to the customer");
    }
    counter.shows_its_code();
    counter.pay();
    counter.until_ended("paid").await;
    counter.closes(0);
    assert_eq!(
        counter.told_names(),
        ["created", "shown", "ended", "outcome"],
        "and none to the till"
    );

    let pauses = pauses(&counter, Call::Read);
    let scene = format!("{retry_after:?}: {pauses:?}");
    assert!(pauses[1] >= wait, "earlier than allowed: {scene}");
    // Spread over the interval, which is one and a half seconds now.
    let latest = wait + Duration::from_millis(2500) + LATE;
    assert!(pauses[1] <= latest, "much later than asked: {scene}");
    let three: Duration = pauses[2..5].iter().sum();
    assert!(
        three >= Duration::from_secs(4),
        "no wider than before: {scene}"
    );
}

/// Polls may not come for a minute; the void is asked for patience as well.
async fn cancelled_while_throttled() {
    let mut counter = Counter::with_a_code("").await;
    let seconds = |seconds| Fault::throttle(RetryAfter::Seconds(seconds));
    counter.script(Call::Read, [seconds(60)]);
    counter.script(Call::Void, [seconds(3)]);
    counter.until_called(Call::Read, 1).await;
    counter.asks(Command::Cancel);
    counter.until_ended("cancelled").await;
    counter.closes(21);
    let pause = pauses(&counter, Call::Void)[0];
    assert!(
        pause >= Duration::from_secs(3),
        "earlier than allowed: {pause:?}"
    );
    assert!(
        pause < Duration::from_secs(3) + LATE,
        "it waits behind polls: {pause:?}"
    );
}

/// Each way to ask for patience is kept, and the void's too.
async fn throttles() {
    let cases = [
        (Some(RetryAfter::Seconds(4)), 4),
        // It names a second that has begun up to a second before.
        (Some(RetryAfter::Date { seconds: 5 }), 4),
        (Some(RetryAfter::Seconds(0)), 1),
        (Some(RetryAfter::Text("soon".to_owned())), 2),
        (None, 2),
    ];
    let cases = cases.map(|(retry_after, seconds)| {
        Box::pin(throttled(retry_after, Duration::from_secs(seconds)))
    });
    join!(join_all(cases), Box::pin(cancelled_while_throttled()));
}

async fn stormy(storm: [u16; 5]) -> Vec<Duration> {
    let mut counter = Counter::with_a_code("").await;
    counter.script(Call::Read, storm.map(Fault::status));
    let control = counter.control();
    counter
        .until(|state| {
            assert!(matches!(state, State::Presenting(_)), "{state:?}");

            control.calls(Call::Read) >= 6
        })
        .await;
    counter.shows_its_code();
    counter.pay();
    counter.until_ended("paid").await;
    counter.closes(0);

    pauses(&counter, Call::Read)[..5].to_vec()
}

/// It is polled through, at random pauses of five seconds at most.
async fn storms() {
    let storm = [500, 502, 503, 504, 500];
    let (one, other) = join!(stormy(storm), stormy(storm));
    let scene = format!("{one:?}\n{other:?}");
    for pauses in [&one, &other] {
        for (index, pause) in pauses.iter().enumerate() {
            let most = [2, 4, 5, 5, 5][index];
            assert!(*pause <= Duration::from_secs(most) + LATE, "{scene}");
            assert!(*pause >= Duration::from_millis(95), "{scene}");
        }
    }
    let apart = one
        .iter()
        .zip(&other)
        .map(|(one, other)| one.abs_diff(*other));
    let farthest = apart.max().unwrap();
    assert!(farthest > Duration::from_millis(250), "in step: {scene}");
}

#[tokio::test]
async fn f10_f12_f14_the_code_stays_while_polls_fail_and_they_come_as_late_as_they_should() {
    join!(
        Box::pin(link::scenes()),
        Box::pin(throttles()),
        Box::pin(storms())
    );
}
