//! Polls of a sale: their interval, and the connection that they share.

use std::time::{Duration, Instant};

use patron_display::sale::{Link, State};
use patron_display::sandbox::ApiCall;

use crate::support::gate::{Gate, WireFault};
use crate::support::scene::{Rehearsal, Scene};

const EVERY: Duration = Duration::from_millis(500);
const FAST: &str = "poll-every = \"500ms\"\n";
/// The longest delay of a busy machine that the tests allow.
const LATE: Duration = Duration::from_secs(2);

fn gaps(times: &[Instant]) -> Vec<Duration> {
    times.windows(2).map(|two| two[1] - two[0]).collect()
}

/// Shows the code of a sale that polls twice a second, behind a gate.
async fn shown_behind_gate() -> (Rehearsal, Gate) {
    let (scene, gate) = Scene::behind_gate().await;
    let mut sale = Scene { api: FAST, ..scene }.begin().await;
    sale.until_shown().await;

    (sale, gate)
}

/// Waits for this many polls. The code must stay on the screen, and the link must not be lost.
async fn until_polled(sale: &mut Rehearsal, polls: u64) {
    let control = sale.control();
    sale.until(|state| {
        let State::Presenting(shown) = state else {
            panic!("the code is gone: {state:?}");
        };
        assert_eq!(shown.link(), Link::Up);

        control.calls(ApiCall::Read) >= polls
    })
    .await;
}

async fn is_paid(mut sale: Rehearsal) {
    sale.pay();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.told.names(), ["created", "shown", "ended", "outcome"]);
}

#[tokio::test]
async fn poll_every_half_second_is_kept() {
    let mut sale = Scene {
        api: FAST,
        ..Scene::default()
    }
    .begin()
    .await;
    sale.until_shown().await;
    until_polled(&mut sale, 9).await;
    let times = sale.control().call_times(ApiCall::Read);
    let took = times[8] - times[0];
    // Eight intervals. A late poll does not move the next one, but the first one may be late.
    assert!(took > EVERY * 7, "{:?}", gaps(&times));
    assert!(took < EVERY * 8 + LATE, "{:?}", gaps(&times));
    is_paid(sale).await;
}

#[tokio::test]
async fn polls_share_one_connection() {
    let (mut sale, gate) = shown_behind_gate().await;
    until_polled(&mut sale, 6).await;
    is_paid(sale).await;
    let connections = gate.connections(ApiCall::Read);
    assert!(connections.len() > 6, "{connections:?}");
    assert!(
        connections.iter().all(|number| *number == connections[0]),
        "{connections:?}"
    );
}

/// The platform closes a connection that it has answered on. No poll fails, and the next one comes in time.
#[tokio::test]
async fn closed_connection_is_replaced_in_time() {
    let (mut sale, gate) = shown_behind_gate().await;
    gate.script(ApiCall::Read, [WireFault::last(), WireFault::last()]);
    until_polled(&mut sale, 8).await;
    is_paid(sale).await;
    let connections = gate.connections(ApiCall::Read);
    let [first, second, third, rest @ ..] = &connections[..] else {
        panic!("{connections:?}");
    };
    assert!(first < second && second < third, "{connections:?}");
    assert!(rest.iter().all(|number| number == third), "{connections:?}");
    let gaps = gaps(&gate.call_times(ApiCall::Read)[..8]);
    let took: Duration = gaps.iter().sum();
    assert!(took < EVERY * 7 + LATE, "{gaps:?}");
}

/// The connection breaks with this fault in a poll. That poll fails, and the next one opens a connection.
async fn broken_connection_is_replaced(fault: WireFault) {
    let (mut sale, gate) = shown_behind_gate().await;
    until_polled(&mut sale, 2).await;
    gate.script(ApiCall::Read, [fault.after_effect()]);
    until_polled(&mut sale, 8).await;
    assert!(gate.is_done());
    is_paid(sale).await;
    let mut connections = gate.connections(ApiCall::Read);
    connections.dedup();
    assert_eq!(connections.len(), 2, "{connections:?}");
}

#[tokio::test]
async fn f10_poll_after_reset_reconnects() {
    broken_connection_is_replaced(WireFault::reset()).await;
}

/// A router has forgotten the connection, and no packet arrives.
#[tokio::test]
async fn f10_poll_after_silence_reconnects() {
    broken_connection_is_replaced(WireFault::silence()).await;
}
