//! Tests of refunds.

use serde_json::{Value, json};

use super::case::{Case, code, nzd, refund};
use super::shop::{SandboxShop, after, id, refused};
use crate::sandbox::Options;
use crate::sandbox::money::MoneyValue;

const DAY: u64 = 24 * 60 * 60;

/// A paid request whose reference begins with `kind` and ends with the display's token.
fn paid_with(kind: &str) -> Case {
    let mut case = Case::new(json!({ "externalRef": format!("{kind}-1.x7Kq2mPz01") }));
    case.pay(None, after(1)).unwrap();

    case
}

#[test]
fn refund_is_made_once_per_reference() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();

    assert_eq!(case.refund(4_000, "one"), Ok(4));
    assert_eq!(case.refund(4_000, "one"), Ok(4));
    assert_eq!(case.refund(3_999, "one"), Err("REPEAT_REFERENCE"));
    assert_eq!(case.at(after(30)).refunded(), 4_000);
}

#[test]
fn refunds_never_exceed_the_payment() {
    let mut case = Case::new(json!({}));
    assert_eq!(case.refund(1, "early"), Err("NOT_PAID"));
    case.pay(None, after(1)).unwrap();

    assert_eq!(case.refund(10_001, "one"), Err("INVALID_AMOUNT"));
    assert_eq!(case.refund(6_000, "two"), Ok(4));
    assert_eq!(case.refund(4_001, "three"), Err("INVALID_AMOUNT"));
    assert_eq!(case.refund(4_000, "four"), Ok(5));
    assert_eq!(case.refund(1, "five"), Err("ALREADY_REFUNDED"));
    assert_eq!(
        case.refund(4_000, "four"),
        Ok(5),
        "a repeated refund has the same answer"
    );
}

#[test]
fn refund_has_the_payment_currency() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();
    let aud = MoneyValue {
        currency: "AUD".to_owned(),
        ..nzd(100)
    };
    assert_eq!(
        code(case.at(after(2)).refund(refund(aud, "one"), after(2))),
        "INVALID_AMOUNT"
    );
}

#[test]
fn refund_is_possible_for_two_years() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();
    let late = after(2 * 365 * DAY);
    assert_eq!(
        code(case.at(late).refund(refund(nzd(1), "one"), late)),
        "REFUND_WINDOW_EXCEEDED"
    );
}

#[test]
fn asset_without_refunds_refuses_with_its_code() {
    for kind in ["INACTIVE_ASSET", "REFUND_NOT_SUPPORTED"] {
        let mut case = paid_with(kind);
        assert_eq!(case.refund(10_000, "one"), Err(kind));
        assert_eq!(case.refund(1, "two"), Err(kind));
        assert_eq!(code(case.at(after(40)).void(after(40))), kind);
        assert_eq!(case.at(after(40)).refunded(), 0);
    }
}

#[test]
fn asset_refunded_elsewhere_is_inactive() {
    // By the sandbox convention, the refund happens right after the payment.
    let mut case = paid_with("INACTIVE_ASSET_REFUNDED");
    assert_eq!(case.at(after(2)).refunded(), 10_000);
    assert_eq!(case.refund(10_000, "one"), Err("INACTIVE_ASSET"));
    assert_eq!(code(case.at(after(40)).void(after(40))), "INACTIVE_ASSET");
    assert_eq!(case.at(after(40)).refunded(), 10_000);

    // Here, another device or a dashboard refunds.
    for (kind, refusal) in [
        ("INACTIVE_ASSET", "INACTIVE_ASSET"),
        ("sale", "ALREADY_REFUNDED"),
    ] {
        let mut case = paid_with(kind);
        let now = after(20);
        case.at(now).refund_elsewhere(10_000, now).unwrap();
        assert_eq!(case.refund(1, "one"), Err(refusal));
        assert_eq!(code(case.at(after(40)).void(after(40))), refusal);
    }
}

#[test]
fn refund_elsewhere_has_limits() {
    let mut case = Case::new(json!({}));
    let now = after(2);
    assert_eq!(code(case.at(now).refund_elsewhere(1, now)), "NOT_PAID");
    case.pay(None, after(1)).unwrap();
    for amount in [0, 10_001] {
        let refused = case.at(now).refund_elsewhere(amount, now);
        assert_eq!(code(refused), "INVALID_AMOUNT", "{amount}");
    }
    case.at(now).refund_elsewhere(4_000, now).unwrap();
    assert_eq!(case.refund(6_001, "one"), Err("INVALID_AMOUNT"));
    assert_eq!(case.refund(6_000, "two"), Ok(5));
}

#[tokio::test]
async fn refund_has_invoice_and_line_items() {
    let shop = SandboxShop::open(Options::default()).await;
    let lines = json!([{ "name": "Hard Hat", "sku": "GH1234", "qty": "1", "price": "3600" }]);
    let refund = |reference: &str| {
        json!({
            "value": { "amount": "3600", "currency": "NZD" },
            "externalRef": reference,
            "invoiceRef": "CREDIT-1",
            "lineItems": lines,
        })
    };
    let created = shop.create(json!({ "invoiceRef": "INV-1" })).await;
    shop.sandbox.control().pay(id(&created)).unwrap();
    let (status, activity) = shop.call(id(&created), "refund", refund("one")).await;
    assert_eq!(status, 200, "{activity}");
    assert_eq!(activity["invoiceRef"], "CREDIT-1");
    assert_eq!(activity["lineItems"], lines);
    let own = activity["shortCode"].as_str().unwrap();
    let requests = created["shortCode"].as_str().unwrap();
    assert!(own.starts_with(&format!("{requests}-03")), "{own}");
    let path = format!("/api/payment-requests/{}/activities", id(&created));
    let (_, page) = shop.get(&path).await;
    assert_eq!(page["items"][0], activity);

    // For a refund without an invoice number, the answer has that of the request.
    let mut plain = refund("two");
    plain.as_object_mut().unwrap().remove("invoiceRef");
    let (_, activity) = shop.call(id(&created), "refund", plain).await;
    assert_eq!(activity["invoiceRef"], "INV-1");
}

#[tokio::test]
async fn invalid_refund_is_refused() {
    let shop = SandboxShop::open(Options::default()).await;
    let created = shop.create(json!({})).await;
    shop.sandbox.control().pay(id(&created)).unwrap();
    let refund = |changes: Value| {
        let mut body = json!({
            "value": { "amount": "3600", "currency": "NZD" }, "externalRef": "one",
        });
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        shop.call(id(&created), "refund", body)
    };
    for (changes, refusal) in [
        (
            json!({ "lineItems": [{ "name": "Hat", "qty": "1", "price": "3599" }] }),
            "LINE_ITEMS_SUM_CHECK_FAILED",
        ),
        (json!({ "lineItems": [] }), "LINE_ITEMS_SUM_CHECK_FAILED"),
        (json!({ "lineItems": [{ "name": "Hat" }] }), "BAD_REQUEST"),
        (json!({ "invoiceRef": "é".repeat(129) }), "BAD_REQUEST"),
        (json!({ "externalRef": "" }), "BAD_REQUEST"),
    ] {
        let answer = refund(changes).await;
        assert_eq!(refused(&answer), (400, refusal));
    }
    let snapshot = shop.sandbox.control().request(id(&created)).unwrap();
    assert_eq!(snapshot.refunded, 0);
}

#[test]
fn whole_refund_asset_refuses_a_part() {
    let mut case = paid_with("PARTIAL_REFUNDS_NOT_ALLOWED");
    assert_eq!(
        case.refund(9_999, "one"),
        Err("PARTIAL_REFUNDS_NOT_ALLOWED")
    );
    assert_eq!(case.refund(10_000, "one"), Ok(4));
}

#[test]
fn declined_refund_refunds_nothing() {
    let mut case = paid_with("REFUND_DECLINED");
    assert_eq!(case.refund(10_000, "one"), Err("REFUND_DECLINED"));
    assert_eq!(case.at(after(40)).refunded(), 0);
}

#[tokio::test]
async fn refund_reference_is_unique_everywhere() {
    let shop = SandboxShop::open(Options::default()).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let created = shop.create(json!({})).await;
        shop.sandbox.control().pay(id(&created)).unwrap();
        ids.push(id(&created).to_owned());
    }
    let refund = json!({
        "value": { "amount": "100", "currency": "NZD" }, "externalRef": "refund-1",
    });
    assert_eq!(shop.call(&ids[0], "refund", refund.clone()).await.0, 200);
    let again = shop.call(&ids[1], "refund", refund.clone()).await;
    assert_eq!(refused(&again), (403, "REPEAT_REFERENCE"));
    assert_eq!(shop.call(&ids[0], "refund", refund).await.0, 200);
}
