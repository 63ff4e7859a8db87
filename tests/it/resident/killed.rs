//! A resident display dies during a sale. The till reads the outcome from the journal, or the outcome is unknown.

use std::time::Duration;

use patron_display::sandbox::SandboxStatus;
use tokio::runtime::Runtime;
use tokio::time::sleep;

use crate::support::resident::{Counter, Shop};
use crate::support::till::Till;
use crate::support::words::assert_has;

/// Shows the code of a sale, and then drops the display with all its tasks.
fn shown_and_dead() -> (Runtime, Shop, Till) {
    let platform = Runtime::new().unwrap();
    let shop = platform.block_on(Shop::open());
    let process = Runtime::new().unwrap();
    let (shop, till) = process.block_on(async {
        let mut counter = Counter::at(shop).await;
        let till = counter.shows_code().await;
        let Counter {
            shop,
            display,
            service,
        } = counter;
        drop((display, service));

        (shop, till)
    });
    process.shutdown_background();

    (platform, shop, till)
}

async fn ended(till: &mut Till) -> i32 {
    for _ in 0..3000 {
        if let Some(code) = till.code() {
            return code;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the till's program never ends");
}

#[test]
fn death_under_a_code_is_unknown() {
    let (platform, _shop, mut till) = shown_and_dead();
    assert_eq!(platform.block_on(ended(&mut till)), 30);
    let outcome = till.events().pop().unwrap();
    assert_eq!(outcome["event"], "outcome");
    assert_eq!(outcome["outcome"], "unknown");
    assert_eq!(outcome["id"], till.events()[0]["id"]);
    assert_has(&till.said(), "do not charge again");
}

#[test]
fn next_display_settles_after_a_death() {
    let (platform, shop, mut till) = shown_and_dead();
    platform.block_on(async {
        assert_eq!(ended(&mut till).await, 30);
        let id = shop.control().latest().unwrap();
        shop.control().pay(&id).unwrap();
        let mut counter = Counter::at(shop).await;
        counter
            .until(|display| display.app().display().sale().is_about_an_earlier_sale())
            .await;
        counter
            .until(|display| {
                let state = display.app().display().sale().state();

                matches!(state, patron_display::sale::State::Ended(_))
            })
            .await;
        assert!(
            counter.words().await.contains("Do not charge it again"),
            "{}",
            counter.words().await
        );

        // The till starts the same sale again and learns that it is paid.
        let mut again = counter.sells();
        assert_eq!(counter.until_ended(&mut again).await, 0);
        assert_eq!(
            counter.control().request(&id).unwrap().status,
            SandboxStatus::Paid
        );
        assert_eq!(counter.control().requests().len(), 1);
    });
}
