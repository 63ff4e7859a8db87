//! The display dies or ends during a sale. What the API says afterwards is true.

use serde_json::Value;
use tokio::runtime::Runtime;

use super::{Service, sale};
use crate::support::resident::{Counter, Shop};

/// Shows the code of A1, and then drops the display with all its tasks, as if it was killed.
fn killed_under_a_code() -> (Runtime, Shop) {
    let platform = Runtime::new().unwrap();
    let shop = platform.block_on(Shop::open());
    let process = Runtime::new().unwrap();
    let shop = process.block_on(async {
        let mut service = Service::of(Counter::at(shop).await);
        drop(service.sells("A1").await);

        service.counter.shop
    });
    process.shutdown_background();

    (platform, shop)
}

async fn status(service: &mut Service) -> Value {
    service.get("/v1/sales/A1").await.body
}

#[test]
fn f85_killed_sale_is_taken_up_and_paid() {
    let (platform, shop) = killed_under_a_code();
    platform.block_on(async {
        let id = shop.control().latest().unwrap();
        let mut service = Service::of(Counter::at(shop).await);
        let unsettled = status(&mut service).await;
        assert_eq!(unsettled["state"], "unsettled", "{unsettled}");
        assert_eq!(unsettled["outcome"], "unknown");
        assert_eq!(unsettled["exitCode"], 30);
        assert_eq!(unsettled["id"], id);
        let lost = service.get("/v1/sales/A1/events").await;
        assert_eq!((lost.status, lost.reason()), (404, "no-such-sale"));

        // The till takes the sale up again: the code comes back, and is paid.
        let events = service.sells("A1").await;
        service.is_paid(&events).await;
        let paid = status(&mut service).await;
        assert_eq!(
            (&paid["state"], &paid["outcome"]),
            (&"over".into(), &"paid".into())
        );
        assert_eq!(service.counter.control().requests().len(), 1);
    });
}

#[test]
fn f87_paid_while_dead_is_told_as_paid() {
    let (platform, shop) = killed_under_a_code();
    platform.block_on(async {
        let id = shop.control().latest().unwrap();
        shop.control().pay(&id).unwrap();
        let mut service = Service::of(Counter::at(shop).await);
        // The idle display settles what was left open.
        let mut paid = Value::Null;
        for _ in 0..200 {
            paid = status(&mut service).await;
            if paid["state"] == "over" {
                break;
            }
            assert_eq!(paid["outcome"], "unknown", "{paid}");
            let pause = std::time::Duration::from_millis(100);
            service.counter.turns_for(pause).await;
        }
        assert_eq!(paid["outcome"], "paid", "{paid}");
        let again = service.post("/v1/sales", &sale("A1")).await;
        assert_eq!(again.status, 200);
        let events = service.api.events("A1");
        service.counter.until(|_| events.is_over()).await;
        assert_eq!(service.counter.control().requests().len(), 1);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_display_tells_the_outcome() {
    use patron_display::app::Message;
    use patron_display::sale::Command;

    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.counter.display.send(Message::Asked(Command::Leave));
    service.counter.until(|display| display.is_over()).await;
    let stopped = service.counter.service.clone();
    stopped.finish(std::time::Duration::from_secs(2)).await;
    assert_eq!(events.names().last().unwrap(), "outcome");
    service.counter.is_voided();
    assert!(!service.counter.shop.path("data/display.json").exists());
}
