//! Tests of the patron's actions, over HTTP and through [`Control`].

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::shop::{SandboxShop, id, refused};
use crate::config::Config;
use crate::domain::counter::Counter;
use crate::domain::merchant::ReferenceForm;
use crate::domain::money::{Amount, Currency};
use crate::domain::order::Order;
use crate::runtime::fresh_names::fresh_names;
use crate::sandbox::{CancelReason, Options, PatronMode, SandboxStatus};

async fn shop() -> SandboxShop {
    SandboxShop::open(Options::default()).await
}

/// An order with a unique reference.
fn order(reference: &str) -> Order {
    let text = "[merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n";
    let config = Config::from_str(text, Path::new("sandbox.toml")).unwrap();
    let counter = Counter {
        merchants: config.merchants,
        default_merchant: config.default_merchant.clone(),
        reference: Some(reference.to_owned()),
        operator: None,
        particulars: Arc::default(),
        patron_code: None,
        handover: None,
        external_ref: ReferenceForm::Unique,
        part_payments: false,
    };
    let amount = Amount::from_minor(1_000, Currency::NZD);

    counter
        .order(&config.default_merchant, amount, fresh_names())
        .unwrap()
}

#[tokio::test]
async fn part_payment_works_if_allowed() {
    let shop = shop().await;
    for value in [
        json!({ "amount": "4000", "currency": "NZD" }),
        json!("4000"),
        json!(4000),
    ] {
        let created = shop.create(json!({ "partialAllowed": true })).await;
        let body = json!({
            "assetType": "centrapay.nzd.test",
            "transactionId": "t1",
            "idempotencyKey": "k1",
            "value": value,
        });
        let (status, activity) = shop.call(id(&created), "pay", body).await;
        assert_eq!(
            (status, &activity["value"]["amount"]),
            (200, &json!("4000"))
        );

        let paid = shop.poll(id(&created)).await;
        assert_eq!(paid["status"], "paid");
        assert_eq!(paid["remainingAmount"], "6000");
        assert_eq!(paid["paidBy"]["assetTotals"][0]["total"]["amount"], "4000");
    }
}

#[tokio::test]
async fn parts_add_up_to_the_whole() {
    let shop = shop().await;
    let created = shop.create(json!({ "partialAllowed": true })).await;
    let control = shop.sandbox.control();
    control.add_part(id(&created), 4_000).unwrap();
    let polled = shop.poll(id(&created)).await;
    assert_eq!(
        (&polled["status"], &polled["remainingAmount"]),
        (&json!("new"), &json!("6000"))
    );

    control.pay(id(&created)).unwrap();
    let paid = shop.poll(id(&created)).await;
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid.get("remainingAmount"), None);
    let totals = paid["paidBy"]["assetTotals"].as_array().unwrap();
    let amounts: Vec<_> = totals.iter().map(|one| &one["total"]["amount"]).collect();
    assert_eq!(amounts, ["4000", "6000"]);
}

#[tokio::test]
async fn payment_names_its_line_items() {
    let shop = shop().await;
    let lines = json!([
        { "name": "Coffee Grounds", "sku": "GH1234", "qty": "1", "price": "4195", "tax": "15.00" },
        { "name": "Loyalty", "qty": "1", "price": "-195" },
    ]);
    let body = json!({
        "assetType": "centrapay.nzd.test",
        "assetId": "WRhAxxWpTKb5U7pXyxQjjY",
        "amount": "4000",
        "lineItems": lines,
    });
    let by_call = shop.create(json!({ "partialAllowed": true })).await;
    let (status, _) = shop.call(id(&by_call), "pay", body.clone()).await;
    assert_eq!(status, 200);
    let by_control = shop.create(json!({ "partialAllowed": true })).await;
    let control = shop.sandbox.control();
    control.pay_for(id(&by_control), 4_000, &lines).unwrap();

    for created in [by_call, by_control] {
        let paid = shop.poll(id(&created)).await;
        let total = &paid["paidBy"]["assetTotals"][0];
        assert_eq!(total["lineItems"], lines);
        assert_eq!(total["total"]["amount"], "4000");
    }

    let other = shop.create(json!({ "partialAllowed": true })).await;
    let mut wrong = body;
    wrong["amount"] = json!("4001");
    let refusal = shop.call(id(&other), "pay", wrong).await;
    assert_eq!(refused(&refusal), (400, "LINE_ITEMS_SUM_CHECK_FAILED"));
    let refusal = control.pay_for(id(&other), 4_000, &json!("coffee"));
    assert_eq!(refusal.unwrap_err().code(), "BAD_REQUEST");
    assert_eq!(control.request(id(&other)).unwrap().captured, 0);
}

#[tokio::test]
async fn snapshot_has_the_till_reference() {
    let shop = shop().await;
    let control = shop.sandbox.control();
    // The display's own code makes the token, so the test fails if the two forms differ.
    let order = order("A1.5");
    assert!(order.token.is_some());
    for (sent, expected) in [
        (order.external_ref(2).as_str(), "A1.5-2"),
        ("A1.x7Kq2mPz01", "A1"),
        ("A1", "A1"),
        ("A1.x7Kq2mPz0", "A1.x7Kq2mPz0"),
        ("A1.x7Kq2-Pz01", "A1.x7Kq2-Pz01"),
    ] {
        let created = shop.create(json!({ "externalRef": sent })).await;
        let snapshot = control.request(id(&created)).unwrap();
        assert_eq!(snapshot.external_ref.as_deref(), Some(sent));
        assert_eq!(snapshot.till_reference(), Some(expected));
    }
    let created = shop.create(json!({})).await;
    let snapshot = control.request(id(&created)).unwrap();
    assert_eq!(snapshot.till_reference(), None);
}

#[tokio::test]
async fn aged_request_was_created_earlier() {
    let shop = shop().await;
    let control = shop.sandbox.control();
    let paid = shop.create(json!({})).await;
    control.pay(id(&paid)).unwrap();
    let open = shop.create(json!({})).await;
    let day = Duration::from_secs(24 * 60 * 60);
    for created in [&paid, &open] {
        let before = control.request(id(created)).unwrap();
        control.age(id(created), day).unwrap();
        let after = control.request(id(created)).unwrap();
        let moved = before.created_at.duration_since(after.created_at);
        assert_eq!(moved.as_secs(), 24 * 60 * 60);
    }

    assert_eq!(shop.poll(id(&open)).await["status"], "expired");
    let void = shop.call(id(&paid), "void", json!(null)).await;
    assert_eq!(refused(&void), (403, "VOID_WINDOW_EXCEEDED"));
    let refund = json!({
        "value": { "amount": "10000", "currency": "NZD" }, "externalRef": "refund-1",
    });
    assert_eq!(shop.call(id(&paid), "refund", refund.clone()).await.0, 200);

    control.age(id(&paid), 730 * day).unwrap();
    let mut late = refund;
    late["externalRef"] = json!("refund-2");
    let late = shop.call(id(&paid), "refund", late).await;
    assert_eq!(refused(&late), (403, "REFUND_WINDOW_EXCEEDED"));
    let unknown = control.age("nobody", day).unwrap_err();
    assert_eq!(unknown.code(), "FORBIDDEN");
}

#[tokio::test]
async fn payment_must_name_an_asset() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let pay = async |body| shop.call(id(&created), "pay", body).await;
    let nothing = pay(json!({ "assetType": "centrapay.nzd.test" })).await;
    assert_eq!(refused(&nothing), (400, "BAD_REQUEST"));
    let wrong = pay(json!({ "assetType": "bitcoin", "authorization": "a" })).await;
    assert_eq!(refused(&wrong), (403, "INVALID_ASSET_TYPE"));
}

#[tokio::test]
async fn automatic_patron_waits_for_a_poll() {
    let shop = SandboxShop::open(Options {
        patron: PatronMode::PaysAfter(Duration::from_millis(40)),
        ..Options::default()
    })
    .await;
    let created = shop.create(json!({})).await;
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(shop.poll(id(&created)).await["status"], "new");
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(shop.poll(id(&created)).await["status"], "paid");
}

#[tokio::test]
async fn control_and_api_share_requests() {
    let shop = shop().await;
    let control = shop.sandbox.control();
    assert_eq!(control.latest(), None);

    let declined = shop.create(json!({ "externalRef": "sale-1" })).await;
    control.decline(id(&declined)).unwrap();
    let polled = shop.poll(id(&declined)).await;
    assert_eq!(polled["cancellationReason"], "DECLINED_BY_PATRON");

    let failed = shop.create(json!({})).await;
    control
        .cancel(id(&failed), CancelReason::PaymentFailed)
        .unwrap();
    assert_eq!(
        shop.poll(id(&failed)).await["cancellationReason"],
        "PAYMENT_FAILED"
    );

    let expired = shop.create(json!({})).await;
    assert_eq!(control.latest().as_deref(), Some(id(&expired)));
    control.expire(id(&expired)).unwrap();
    assert_eq!(shop.poll(id(&expired)).await["status"], "expired");
    assert_eq!(
        control.pay(id(&expired)).unwrap_err().code(),
        "REQUEST_EXPIRED"
    );
    control.pay_late(id(&expired)).unwrap();
    assert_eq!(shop.poll(id(&expired)).await["status"], "paid");

    let snapshots = control.requests();
    assert_eq!(snapshots.len(), 3);
    assert_eq!(snapshots[0].external_ref.as_deref(), Some("sale-1"));
    assert_eq!(snapshots[2].status, SandboxStatus::Paid);
    assert_eq!(control.request(id(&expired)).as_ref(), snapshots.last());
    assert_eq!(control.request("nobody"), None);
}
