//! The look-up by reference alone: how much it asks, how long it takes, and what one bad answer costs.

use std::time::{Duration, Instant};

use patron_display::payment::Failure;
use patron_display::sandbox::{Answer, Call, Control, Fault, Options, Sandbox};
use serde_json::json;

use crate::{client, first_create};

const ACCOUNT_ID: &str = "C4QnjXvj8At6SMsEN4LRi9";

/// A platform with so many requests under the reference A1.
async fn with_requests(count: usize) -> (Sandbox, Control) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    for _ in 0..count {
        client(sandbox.address())
            .create(&first_create())
            .await
            .unwrap();
    }
    let control = sandbox.control();

    (sandbox, control)
}

/// How many requests a look-up finds.
async fn found(sandbox: &Sandbox) -> Result<usize, Failure> {
    let found = client(sandbox.address()).look_up("A1", ACCOUNT_ID).await;

    found.map(|requests| requests.len())
}

#[tokio::test]
async fn f2_a_look_up_reads_ten_requests_at_most() {
    let (sandbox, control) = with_requests(12).await;
    assert_eq!(found(&sandbox).await, Ok(10));
    assert_eq!(control.calls(Call::Read), 10);
}

#[tokio::test]
async fn f2_a_request_that_is_listed_again_and_again_is_read_once() {
    let (sandbox, control) = with_requests(1).await;
    let item = json!({ "id": control.latest().unwrap() });
    let page = json!({ "items": [item, item, item], "pageKey": "more" });
    let listed = Fault::answer(Answer::status(200).body(page));
    control.script(Call::ByExternalRef, [listed.forever()]);
    assert_eq!(found(&sandbox).await, Ok(1));
    assert_eq!(control.calls(Call::Read), 1);
    assert_eq!(control.calls(Call::ByExternalRef), 5);
}

#[tokio::test]
async fn f2_f15_a_request_that_cannot_be_read_does_not_hide_the_others() {
    let (sandbox, control) = with_requests(2).await;
    control.script(Call::Read, [Fault::html()]);
    assert_eq!(found(&sandbox).await, Ok(1));
    control.script(Call::Read, [Fault::html().forever()]);
    let nothing = found(&sandbox).await;
    assert!(matches!(nothing, Err(Failure::Ambiguous(_))), "{nothing:?}");
    control.script(Call::Read, [Fault::throttle(None).forever()]);
    let nothing = found(&sandbox).await;
    assert!(matches!(nothing, Err(Failure::Throttled { .. })));
}

#[tokio::test]
async fn f1_a_look_up_takes_twenty_seconds_at_most_and_says_what_it_has_found_by_then() {
    let (sandbox, control) = with_requests(8).await;
    control.script(
        Call::Read,
        [Fault::delay(Duration::from_millis(3700)).forever()],
    );
    let begun = Instant::now();
    let count = found(&sandbox).await.unwrap();
    assert!((1..=5).contains(&count), "{count}");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(22), "{took:?}");
}
