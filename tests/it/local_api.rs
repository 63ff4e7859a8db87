//! The local API of a resident display, as a till uses it. HTTP and the journal are real. There is no window.

mod access;
mod many;
mod restarts;

use std::time::Duration;

use patron_display::sale::State;
use patron_display::sandbox::{ApiCall, Fault, SandboxStatus};
use serde_json::{Value, json};

use crate::support::api::{Answer, Api, Stream};
use crate::support::resident::Counter;

fn sale(reference: &str) -> Value {
    json!({"ref": reference, "amount": "12.50"})
}

/// A counter, and a client of its API.
struct Service {
    counter: Counter,
    api: Api,
}

impl Service {
    async fn open() -> Self {
        Self::of(Counter::open().await)
    }

    fn of(counter: Counter) -> Self {
        let api = Api::own(&counter.shop);

        Self { counter, api }
    }

    async fn post(&mut self, path: &str, body: &Value) -> Answer {
        let Self { counter, api } = self;

        counter.calls(api, "POST", path, body).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        let Self { counter, api } = self;

        counter.calls(api, "GET", path, &Value::Null).await
    }

    /// Starts the sale with this reference, and waits for its code.
    async fn sells(&mut self, reference: &str) -> Stream {
        let answer = self.post("/v1/sales", &sale(reference)).await;
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        let events = self.api.events(reference);
        self.counter.until(|_| events.has_told("shown")).await;

        events
    }

    async fn commands(&mut self, reference: &str, command: &str) -> Answer {
        let path = format!("/v1/sales/{reference}/commands");

        self.post(&path, &json!({"command": command})).await
    }

    async fn is_paid(&mut self, events: &Stream) {
        let id = self.counter.latest();
        self.counter.control().pay(&id).unwrap();
        self.counter.until(|_| events.is_over()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sale_is_created_and_paid() {
    let mut service = Service::open().await;
    let answer = service.post("/v1/sales", &sale("A 1")).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(
        answer.head.contains("location: /v1/sales/a%201"),
        "{}",
        answer.head
    );
    assert_eq!(answer.body["ref"], "A 1");
    assert_eq!(answer.body["state"], "starting");
    let events = service.api.events("A%201");
    service.counter.until(|_| events.has_told("shown")).await;
    let status = service.get("/v1/sales/A%201").await.body;
    assert_eq!(status["state"], "under-way");
    assert_eq!(status["shown"], true);
    assert_eq!(
        status["amount"],
        json!({"amount": "1250", "currency": "NZD"})
    );
    service.is_paid(&events).await;
    assert_eq!(events.names(), ["created", "shown", "ended", "outcome"]);
    let ids: Vec<_> = events
        .told
        .lock()
        .unwrap()
        .iter()
        .map(|told| told.id)
        .collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    let status = service.get("/v1/sales/A%201").await.body;
    assert_eq!(status["state"], "over");
    assert_eq!(status["outcome"], "paid");
    assert_eq!(status["exitCode"], 0);
    assert_eq!(status["lastEventId"], 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcome_comes_before_the_tick_goes() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.is_paid(&events).await;
    let display = service.counter.display.app().display();
    assert!(matches!(display.sale().state(), State::Ended(_)));
    assert!(service.counter.display.app().is_selling());
    service.counter.until_idle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_same_sale_again_is_the_same() {
    let mut service = Service::open().await;
    let _events = service.sells("A1").await;
    let again = service.post("/v1/sales", &sale("A1")).await;
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(again.body["shown"], true);
    assert_eq!(service.counter.control().requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_paid_sale_again_is_paid() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.is_paid(&events).await;
    service.counter.until_idle().await;
    let again = service.post("/v1/sales", &sale("A1")).await;
    assert_eq!(again.status, 200, "{again:?}");
    let events = service.api.events("A1");
    service.counter.until(|_| events.is_over()).await;
    let outcome = events.told.lock().unwrap().last().unwrap().data.clone();
    assert_eq!(outcome["outcome"], "paid");
    assert_eq!(outcome["repeated"], true);
    assert_eq!(service.counter.control().requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_other_terms_are_refused() {
    let mut service = Service::open().await;
    let _events = service.sells("A1").await;
    let other = json!({"ref": "A1", "amount": "13.50"});
    let refused = service.post("/v1/sales", &other).await;
    assert_eq!((refused.status, refused.reason()), (409, "other-terms"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn second_sale_is_told_the_first() {
    let mut service = Service::open().await;
    let _events = service.sells("A1").await;
    let refused = service.post("/v1/sales", &sale("A2")).await;
    assert_eq!((refused.status, refused.reason()), (409, "busy"));
    assert_eq!(refused.body["ref"], "A1");
    assert_eq!(refused.body["exitCode"], 75);
    assert!(
        refused
            .head
            .contains("content-type: application/problem+json")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f86_next_sale_replaces_a_tick() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.is_paid(&events).await;
    let _next = service.sells("A2").await;
    let sale = service.counter.display.app().display().sale();
    assert_eq!(sale.order().unwrap().reference, "A2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f86_next_sale_replaces_try_again() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    let answer = service.commands("A1", "cancel").await;
    assert_eq!(answer.status, 202, "{answer:?}");
    service.counter.until(|_| events.has_told("ended")).await;
    let status = service.get("/v1/sales/A1").await.body;
    assert_eq!(
        (&status["state"], &status["ended"]),
        (&json!("ended"), &json!("cancelled"))
    );
    let _next = service.sells("A2").await;
    service.counter.until(|_| events.is_over()).await;
    assert_eq!(events.names().last().unwrap(), "outcome");
    service
        .counter
        .control()
        .pay(&service.counter.latest())
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_cancel_retry_and_close() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.commands("A1", "cancel").await;
    service.counter.until(|_| events.has_told("ended")).await;
    service.commands("A1", "retry").await;
    service
        .counter
        .until(|_| {
            events
                .names()
                .iter()
                .filter(|name| *name == "shown")
                .count()
                == 2
        })
        .await;
    service.commands("A1", "cancel").await;
    service
        .counter
        .until(|_| {
            events
                .names()
                .iter()
                .filter(|name| *name == "ended")
                .count()
                == 2
        })
        .await;
    service.commands("A1", "close").await;
    service.counter.until(|_| events.is_over()).await;
    assert_eq!(
        events.told.lock().unwrap().last().unwrap().data["outcome"],
        "cancelled"
    );
    let late = service.commands("A1", "retry").await;
    assert_eq!((late.status, late.reason()), (409, "not-now"));
    let unheard = service.commands("A9", "cancel").await;
    assert_eq!((unheard.status, unheard.reason()), (404, "no-such-sale"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_too_many_commands_are_refused() {
    let mut service = Service::open().await;
    let _events = service.sells("A1").await;
    let mut refused = 0;
    for _ in 0..40 {
        let answer = service.commands("A1", "decline").await;
        refused += u32::from(answer.reason() == "too-many");
    }
    assert!(refused > 10, "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f82_client_that_goes_away_cancels_nothing() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    drop(events);
    service.counter.turns_for(Duration::from_secs(2)).await;
    let events = service.api.with("Last-Event-ID", "1").events("A1");
    service.is_paid(&events).await;
    assert_eq!(events.names(), ["shown", "ended", "outcome"]);
}

/// The customer pays in two parts, and the display hears of the second one only with the ending.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ended_part_payment_tells_no_old_sums() {
    let mut service = Service::open().await;
    let sale = json!({"ref": "A1", "amount": "12.50", "basket": "12.50"});
    service.post("/v1/sales", &sale).await;
    let events = service.api.events("A1");
    service.counter.until(|_| events.has_told("shown")).await;
    let id = service.counter.latest();
    let control = service.counter.control();
    let part = |amount: &str| {
        let total = json!({"amount": amount, "currency": "NZD"});
        json!({"description": "Centrapay NZD", "type": "centrapay.nzd.main", "total": total})
    };
    let first = json!({
        "paidBy": {"assetTotals": [part("500")]},
        "remainingAmount": {"amount": "750", "currency": "NZD"},
    });
    control.script(ApiCall::Read, [Fault::edit(first)]);
    service.counter.until(|_| events.has_told("waiting")).await;
    let waiting = service.get("/v1/sales/A1").await.body;
    assert_eq!(waiting["remaining"]["amount"], "750", "{waiting}");
    control.pay_part(&id, 600).unwrap();
    service.counter.until(|_| events.has_told("ended")).await;
    let ended = service.get("/v1/sales/A1").await.body;
    assert_eq!(ended["ended"], "part-paid", "{ended}");
    assert_eq!(
        (&ended["remaining"], &ended["paidBy"]),
        (&Value::Null, &Value::Null)
    );
    service.commands("A1", "close").await;
    service.counter.until(|_| events.is_over()).await;
    let over = service.get("/v1/sales/A1").await.body;
    assert_eq!(over["remaining"]["amount"], "650", "{over}");
}

/// A client has the last event of an earlier run of the same sale.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f82_id_of_an_earlier_run_hides_no_event() {
    let mut service = Service::open().await;
    let earlier = service.sells("A1").await;
    service.is_paid(&earlier).await;
    service.counter.until_idle().await;
    service.post("/v1/sales", &sale("A1")).await;
    let events = service.api.with("Last-Event-ID", "4").events("A1");
    service.counter.until(|_| events.is_over()).await;
    assert_eq!(events.names(), ["ended", "outcome"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleted_sale_ends_and_frees_the_screen() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    let (counter, api) = (&mut service.counter, &service.api);
    let answer = counter
        .calls(api, "DELETE", "/v1/sales/A1", &Value::Null)
        .await;
    assert_eq!(answer.status, 202);
    counter.until(|_| events.is_over()).await;
    counter.until_idle().await;
    counter.is_voided();
    assert_eq!(
        events.told.lock().unwrap().last().unwrap().data["outcome"],
        "cancelled"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refund_history_and_status() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.is_paid(&events).await;
    let short_code = service.get("/v1/sales/A1").await.body["shortCode"].clone();
    let refund = json!({"payment": short_code, "ref": "R1", "amount": "5.00"});
    let refunded = service.post("/v1/refunds", &refund).await;
    assert_eq!(refunded.status, 200, "{refunded:?}");
    assert_eq!(refunded.body["outcome"], "started");
    assert_eq!(refunded.body["exitCode"], 0);
    let again = service.post("/v1/refunds", &refund).await;
    assert_eq!(again.body["repeated"], true);
    let history = service.get("/v1/history?name=A1&limit=5").await.body;
    assert_eq!(history["sales"][0]["outcome"], "paid");
    assert_eq!(history["sales"][0]["refunds"][0]["externalRef"], "R1");
    service.counter.until_idle().await;
    let status = service.get("/v1/status").await.body;
    assert_eq!(status["state"], "idle");
    assert_eq!(status["link"], "up");
    assert_eq!(status["unsettled"], 0);
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settle_tells_a_late_payment() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.commands("A1", "cancel").await;
    service.counter.until(|_| events.has_told("ended")).await;
    service.commands("A1", "close").await;
    service.counter.until(|_| events.is_over()).await;
    let id = service.counter.latest();
    service.counter.control().pay_late(&id).unwrap();
    assert_eq!(
        service.counter.control().request(&id).unwrap().status,
        SandboxStatus::Paid
    );
    let settled = service.post("/v1/settle", &json!({})).await;
    assert_eq!(settled.status, 200, "{settled:?}");
    assert_eq!(settled.body["earlier"][0]["outcome"], "paid");
    assert_eq!(settled.body["earlier"][0]["late"], true);
    let sale = service.get("/v1/sales/A1").await.body;
    assert_eq!(sale["outcome"], "paid", "{sale}");
    let status = service.get("/v1/status").await.body;
    assert_eq!(status["latePayments"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_sales_are_refused_with_the_key() {
    let mut service = Service::open().await;
    let wrong = [
        (json!({"amount": "5"}), "ref"),
        (json!({"ref": "", "amount": "5"}), "ref"),
        (json!({"ref": "A1", "amount": "12.505"}), "amount"),
        (json!({"ref": "A1", "amount": 5}), "amount"),
        (
            json!({"ref": "A1", "amount": "5", "merchant": "caffe"}),
            "merchant",
        ),
        (json!({"ref": "A1", "amount": "5", "amuont": "6"}), "amuont"),
        (
            json!({"ref": "A1", "amount": "5", "barcode": "x"}),
            "barcode",
        ),
        (json!({"ref": "A1", "items": [{"name": "Tea"}]}), "items"),
        (json!({"ref": "A1", "amount": "9", "basket": "5"}), "basket"),
    ];
    for (sale, key) in wrong {
        let refused = service.post("/v1/sales", &sale).await;
        assert_eq!(
            (refused.status, refused.reason()),
            (400, "invalid"),
            "{sale}"
        );
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains(key), "{sale}: {detail}");
        assert_eq!(refused.body["exitCode"], 64);
    }
    assert!(service.counter.control().requests().is_empty());
    assert!(service.counter.display.app().is_idle());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_are_sold() {
    let mut service = Service::open().await;
    let items = json!([{"name": "Flat white", "sku": "1", "qty": "2", "price": "1250"}]);
    let sale = json!({"ref": "A1", "items": items, "operator": "Mia", "invoiceRef": "INV-1"});
    let answer = service.post("/v1/sales", &sale).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    service.counter.until_presenting().await;
    let order = service
        .counter
        .display
        .app()
        .display()
        .sale()
        .order()
        .unwrap();
    assert_eq!(order.amount.decimal(), "12.50");
    assert_eq!(order.particulars.basket.lines().len(), 1);
    assert_eq!(order.particulars.invoice_ref.as_deref(), Some("INV-1"));
    assert_eq!(order.operator.as_deref(), Some("Mia"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_described_call_is_served() {
    let mut service = Service::open().await;
    let document = service.get("/v1/openapi.json").await.body;
    for (path, calls) in document["paths"].as_object().unwrap() {
        for method in calls.as_object().unwrap().keys() {
            let method = match method.as_str() {
                "get" => "GET",
                "post" => "POST",
                "delete" => "DELETE",
                _ => continue,
            };
            let path = path.replace("{ref}", "A9");
            let (counter, api) = (&mut service.counter, &service.api);
            let answer = counter.calls(api, method, &path, &json!({})).await;
            assert_ne!(answer.reason(), "not-found", "{method} {path}");
        }
    }
    let nowhere = service.get("/v1/sale").await;
    assert_eq!((nowhere.status, nowhere.reason()), (404, "not-found"));
    let wrong = service.post("/v1/status", &json!({})).await;
    assert_eq!((wrong.status, wrong.reason()), (405, "wrong-method"));
}

/// A till that has just taken up a sale may mean the attempt before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_command_for_another_attempt_is_refused() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    let path = "/v1/sales/A1/commands";
    let other = json!({"command": "cancel", "attempt": 2});
    let refused = service.post(path, &other).await;
    assert_eq!((refused.status, refused.reason()), (409, "not-now"));
    let this = json!({"command": "cancel", "attempt": 1});
    assert_eq!(service.post(path, &this).await.status, 202);
    service.counter.until(|_| events.has_told("ended")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleted_tick_frees_the_screen() {
    let counter = Counter::open().await;
    counter.shop.write(
        "config.toml",
        &counter
            .shop
            .configuration()
            .replace("close-after = \"500ms\"", "close-after = \"300s\""),
    );
    let mut service = Service::of(counter);
    let events = service.sells("A1").await;
    service.is_paid(&events).await;
    let (counter, api) = (&mut service.counter, &service.api);
    counter
        .calls(api, "DELETE", "/v1/sales/A1", &Value::Null)
        .await;
    counter.until_idle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn earlier_sale_on_the_screen_is_told() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    service.commands("A1", "cancel").await;
    service.counter.until(|_| events.has_told("ended")).await;
    service.commands("A1", "close").await;
    service.counter.until(|_| events.is_over()).await;
    let id = service.counter.latest();
    service.counter.control().pay_late(&id).unwrap();
    service.post("/v1/settle", &json!({})).await;
    // The late payment comes first, and a person must note it.
    service.post("/v1/sales", &sale("A2")).await;
    let mut status = Value::Null;
    for _ in 0..100 {
        status = service.get("/v1/sales/A2").await.body;
        if status["attention"] == true {
            break;
        }
        let pause = Duration::from_millis(50);
        service.counter.turns_for(pause).await;
    }
    assert_eq!(status["attention"], true, "{status}");
    assert_eq!(status["state"], "starting");
    assert_eq!(service.get("/v1/status").await.body["attention"], true);
}
