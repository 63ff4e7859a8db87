//! The patron's part, over HTTP and from inside the process.

use std::time::Duration;

use serde_json::json;

use super::shop::{Shop, id, refused};
use crate::sandbox::{CancellationReason, Options, Patron, Status};

async fn shop() -> Shop {
    Shop::open(Options::default()).await
}

#[tokio::test]
async fn a_patron_may_pay_a_part_where_the_merchant_allows_it() {
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
async fn a_payment_says_what_pays() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let pay = async |body| shop.call(id(&created), "pay", body).await;
    let nothing = pay(json!({ "assetType": "centrapay.nzd.test" })).await;
    assert_eq!(refused(&nothing), (400, "BAD_REQUEST"));
    let wrong = pay(json!({ "assetType": "bitcoin", "authorization": "a" })).await;
    assert_eq!(refused(&wrong), (403, "INVALID_ASSET_TYPE"));
}

#[tokio::test]
async fn the_patron_who_pays_alone_waits_for_the_first_poll() {
    let shop = Shop::open(Options {
        patron: Patron::PaysAfter(Duration::from_millis(40)),
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
async fn control_acts_on_the_same_requests_as_the_api() {
    let shop = shop().await;
    let control = shop.sandbox.control();
    assert_eq!(control.latest(), None);

    let declined = shop.create(json!({ "externalRef": "sale-1" })).await;
    control.decline(id(&declined)).unwrap();
    let polled = shop.poll(id(&declined)).await;
    assert_eq!(polled["cancellationReason"], "DECLINED_BY_PATRON");

    let failed = shop.create(json!({})).await;
    control
        .cancel(id(&failed), CancellationReason::PaymentFailed)
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
    assert_eq!(snapshots[2].status, Status::Paid);
    assert_eq!(control.request(id(&expired)).as_ref(), snapshots.last());
    assert_eq!(control.request("nobody"), None);
}
