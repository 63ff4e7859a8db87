//! Looking up requests by reference: the calls, the time, and the effect of one bad answer.

use std::time::{Duration, Instant};

use patron_display::domain::payment::Failure;
use patron_display::sandbox::{ApiCall, Control, Fault, FaultAnswer, Options, Sandbox};
use serde_json::json;

use crate::hostile_answers::{ACCOUNT_ID, client};
use crate::support::shop::new_request;

/// Starts a platform that has this many requests with the reference A1.
async fn with_requests(count: usize) -> (Sandbox, Control) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    for _ in 0..count {
        client(sandbox.address())
            .create(&new_request())
            .await
            .unwrap();
    }
    let control = sandbox.control();

    (sandbox, control)
}

/// Looks up the reference A1. Returns the number of requests that the client found.
async fn found(sandbox: &Sandbox) -> Result<usize, Failure> {
    let found = client(sandbox.address()).look_up("A1", ACCOUNT_ID).await;

    found.map(|requests| requests.len())
}

#[tokio::test]
async fn f2_look_up_reads_ten_requests_at_most() {
    let (sandbox, control) = with_requests(12).await;
    assert_eq!(found(&sandbox).await, Ok(10));
    assert_eq!(control.calls(ApiCall::Read), 10);
}

#[tokio::test]
async fn f2_request_listed_many_times_is_read_once() {
    let (sandbox, control) = with_requests(1).await;
    let item = json!({ "id": control.latest().unwrap() });
    let page = json!({ "items": [item, item, item], "pageKey": "more" });
    let listed = Fault::answer(FaultAnswer::status(200).body(page));
    control.script(ApiCall::ByExternalRef, [listed.forever()]);
    assert_eq!(found(&sandbox).await, Ok(1));
    assert_eq!(control.calls(ApiCall::Read), 1);
    assert_eq!(control.calls(ApiCall::ByExternalRef), 5);
}

#[tokio::test]
async fn f2_f15_unreadable_request_hides_no_others() {
    let (sandbox, control) = with_requests(2).await;
    control.script(ApiCall::Read, [Fault::html()]);
    assert_eq!(found(&sandbox).await, Ok(1));
    control.script(ApiCall::Read, [Fault::html().forever()]);
    let nothing = found(&sandbox).await;
    assert!(matches!(nothing, Err(Failure::Ambiguous(_))), "{nothing:?}");
    control.script(ApiCall::Read, [Fault::throttle(None).forever()]);
    let nothing = found(&sandbox).await;
    assert!(matches!(nothing, Err(Failure::Throttled { .. })));
}

#[tokio::test]
async fn f1_look_up_ends_after_twenty_seconds() {
    let (sandbox, control) = with_requests(8).await;
    control.script(
        ApiCall::Read,
        [Fault::delay(Duration::from_millis(3700)).forever()],
    );
    let begun = Instant::now();
    let count = found(&sandbox).await.unwrap();
    assert!((1..=5).contains(&count), "{count}");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(22), "{took:?}");
}
