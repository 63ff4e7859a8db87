//! Polls that fail. The code stays, a lost link is reported, and the display polls less often.

use std::time::Duration;

use futures_util::future::join_all;
use patron_display::sale::{Command, Link, State};
use patron_display::sandbox::{ApiCall, Fault, RetryAfter};
use tokio::join;

use crate::hostile_polls::watched_sale::{LATE, WatchedSale};
use crate::support::gate::WireFault;

const RECONNECTING: &str = "Reconnecting …";

/// Waits for this state of the link. The code must stay on the screen all the time.
async fn until_link(sale: &mut WatchedSale, link: Link) {
    sale.until(|state| {
        let State::Presenting(shown) = state else {
            panic!("the code is gone: {state:?}");
        };

        shown.link() == link
    })
    .await;
}

/// Waits until the link is lost. Then `restore` repairs the link, and the patron pays.
async fn lost_and_restored(mut sale: WatchedSale, restore: impl FnOnce()) {
    until_link(&mut sale, Link::Lost).await;
    sale.says(RECONNECTING).await;
    sale.shows_its_code();
    restore();
    until_link(&mut sale, Link::Up).await;
    sale.shows_its_code();
    assert!(!sale.words().await.contains(RECONNECTING));
    sale.is_paid().await;
    assert_eq!(
        sale.told_names(),
        ["created", "shown", "link", "link", "ended", "outcome"]
    );
    let told = sale.told();
    assert_eq!(
        (&told[2]["state"], &told[3]["state"]),
        (&"lost".into(), &"restored".into())
    );
}

/// After three failed polls the link counts as lost. The code stays on the screen.
async fn links() {
    let over_http = async {
        let mut sale = WatchedSale::shown("").await;
        // The first fault lasts longer than the time-out of a poll.
        let faults = [Fault::never(), Fault::drop_before(), Fault::drop_before()];
        sale.script(ApiCall::Read, faults);
        sale.until_called(ApiCall::Read, 2).await;
        until_link(&mut sale, Link::Up).await;
        assert!(!sale.words().await.contains(RECONNECTING), "after two");
        until_link(&mut sale, Link::Lost).await;
        assert_eq!(sale.control().calls(ApiCall::Read), 3);
        lost_and_restored(sale, || {}).await;
    };
    let unreadable = async {
        let sale = WatchedSale::shown("").await;
        let faults = [Fault::html(), Fault::empty(), Fault::truncated()];
        sale.script(ApiCall::Read, faults);
        lost_and_restored(sale, || {}).await;
    };
    let below_http = async {
        let faults = [WireFault::silence(), WireFault::half(), WireFault::reset()];
        let (mut sale, gate) = WatchedSale::shown_behind_gate(|gate| {
            gate.script(ApiCall::Read, faults.map(WireFault::after_effect));
        })
        .await;
        until_link(&mut sale, Link::Lost).await;
        assert!(gate.is_done(), "each of the three counts");
        assert_eq!(sale.control().calls(ApiCall::Read), 3);
        let polls = gate.call_times(ApiCall::Read);
        lost_and_restored(sale, || {}).await;
        // The time between two polls is the time-out of a poll and a pause of at most two seconds.
        let between = (polls[1] - polls[0]).as_secs_f32();
        assert!((4.0..7.0).contains(&between), "{between} s");
    };
    let empty_answers = async {
        let faults = [
            WireFault::silence(),
            WireFault::bytes(""),
            WireFault::bytes(""),
        ];
        let (sale, _gate) =
            WatchedSale::shown_behind_gate(|gate| gate.script(ApiCall::Read, faults)).await;
        lost_and_restored(sale, || {}).await;
    };
    let refused_connections = async {
        let (mut sale, mut gate) = WatchedSale::shown_behind_gate(|_| {}).await;
        sale.until_called(ApiCall::Read, 1).await;
        gate.close().await;
        lost_and_restored(sale, || gate.open_again()).await;
    };
    join!(
        Box::pin(over_http),
        Box::pin(unreadable),
        Box::pin(below_http),
        Box::pin(empty_answers),
        Box::pin(refused_connections)
    );
}

/// Returns the times between the calls of this kind.
fn pauses(sale: &WatchedSale, call: ApiCall) -> Vec<Duration> {
    let times = sale.control().call_times(call);

    times.windows(2).map(|two| two[1] - two[0]).collect()
}

fn without_the_time(screen: &str) -> Vec<&str> {
    screen
        .lines()
        .filter(|line| !line.contains(" left"))
        .collect()
}

/// The second poll is throttled. The next poll must wait for this many seconds.
async fn throttled((retry_after, seconds): (Option<RetryAfter>, u64)) {
    let wait = Duration::from_secs(seconds);
    let mut sale = WatchedSale::shown("").await;
    let faults = [Fault::pass(), Fault::throttle(retry_after.clone())];
    sale.script(ApiCall::Read, faults);
    sale.until_called(ApiCall::Read, 1).await;
    sale.seen.clear();
    sale.until_called(ApiCall::Read, 6).await;
    for screen in &sale.seen {
        let first = without_the_time(&sale.seen[0]);
        assert_eq!(without_the_time(screen), first, "the patron sees no alarm");
    }
    sale.shows_its_code();
    sale.is_paid().await;
    assert_eq!(
        sale.told_names(),
        ["created", "shown", "ended", "outcome"],
        "the till gets no alarm"
    );

    let pauses = pauses(&sale, ApiCall::Read);
    let scene = format!("{retry_after:?}: {pauses:?}");
    assert!(pauses[1] >= wait, "earlier than allowed: {scene}");
    // The next poll comes at a random time within the polling interval, which is now 1.5 seconds.
    let latest = wait + Duration::from_millis(2500) + LATE;
    assert!(pauses[1] <= latest, "much later than asked: {scene}");
    let three: Duration = pauses[2..5].iter().sum();
    assert!(
        three >= Duration::from_secs(4),
        "no wider than before: {scene}"
    );
}

/// The polls are throttled for a minute, and the void for three seconds. The void waits only its own time.
async fn cancelled_while_throttled() {
    let mut sale = WatchedSale::shown("").await;
    let seconds = |seconds| Fault::throttle(RetryAfter::Seconds(seconds));
    sale.script(ApiCall::Read, [seconds(60)]);
    sale.script(ApiCall::Void, [seconds(3)]);
    sale.until_called(ApiCall::Read, 1).await;
    sale.send(Command::Cancel);
    sale.closes_as("cancelled", 21).await;
    let pause = pauses(&sale, ApiCall::Void)[0];
    let allowed = Duration::from_secs(3);
    assert!(pause >= allowed, "earlier than allowed: {pause:?}");
    assert!(
        pause < allowed + LATE,
        "the void waits for polls: {pause:?}"
    );
}

async fn throttles() {
    let cases = [
        (Some(RetryAfter::Seconds(4)), 4),
        // The date has whole seconds, so it may name a time up to a second earlier.
        (Some(RetryAfter::Date { seconds: 5 }), 4),
        (Some(RetryAfter::Seconds(0)), 1),
        (Some(RetryAfter::Text("soon".to_owned())), 2),
        (None, 2),
    ];
    join!(
        join_all(cases.map(|case| Box::pin(throttled(case)))),
        Box::pin(cancelled_while_throttled())
    );
}

async fn server_errors(statuses: [u16; 5]) -> Vec<Duration> {
    let mut sale = WatchedSale::shown("").await;
    sale.script(ApiCall::Read, statuses.map(Fault::status));
    let control = sale.control();
    sale.until(|state| {
        assert!(matches!(state, State::Presenting(_)), "{state:?}");

        control.calls(ApiCall::Read) >= 6
    })
    .await;
    sale.shows_its_code();
    sale.is_paid().await;

    pauses(&sale, ApiCall::Read)[..5].to_vec()
}

/// Polls go on after server errors. The pauses between them are random, and at most five seconds.
async fn backoff() {
    let statuses = [500, 502, 503, 504, 500];
    let (one, other) = join!(server_errors(statuses), server_errors(statuses));
    let scene = format!("{one:?}\n{other:?}");
    for pauses in [&one, &other] {
        for (pause, most) in pauses.iter().zip([2, 4, 5, 5, 5]) {
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
async fn f10_f12_f14_f15_code_stays_while_polls_fail() {
    join!(
        Box::pin(links()),
        Box::pin(throttles()),
        Box::pin(backoff())
    );
}
