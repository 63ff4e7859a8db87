//! When a payment goes back, and when it does not.

use serde_json::json;

use super::case::{Case, code, nzd};
use super::shop::{Shop, after, id, refused};
use crate::sandbox::Options;
use crate::sandbox::money::Money;

const DAY: u64 = 24 * 60 * 60;

/// A paid request whose asset is of this kind.
fn paid_with(kind: &str) -> Case {
    let mut case = Case::new(json!({ "externalRef": format!("{kind}-1") }));
    case.pay(None, after(1)).unwrap();

    case
}

#[test]
fn a_refund_is_made_once_for_each_reference() {
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
        "asked again, it is as before"
    );
}

#[test]
fn refunds_are_in_the_currency_of_the_payment() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();
    let aud = Money {
        currency: "AUD".to_owned(),
        ..nzd(100)
    };
    assert_eq!(
        code(case.at(after(2)).refund(&aud, "one", after(2))),
        "INVALID_AMOUNT"
    );
}

#[test]
fn refunds_are_possible_for_two_years() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();
    let late = after(2 * 365 * DAY);
    assert_eq!(
        code(case.at(late).refund(&nzd(1), "one", late)),
        "REFUND_WINDOW_EXCEEDED"
    );
}

#[test]
fn an_asset_that_takes_no_refund_refuses_refund_and_void_by_its_own_code() {
    for kind in ["INACTIVE_ASSET", "REFUND_NOT_SUPPORTED"] {
        let mut case = paid_with(kind);
        assert_eq!(case.refund(10_000, "one"), Err(kind));
        assert_eq!(case.refund(1, "two"), Err(kind));
        assert_eq!(code(case.at(after(40)).void(after(40))), kind);
        assert_eq!(case.at(after(40)).refunded(), 0);
    }
}

#[test]
fn an_asset_that_goes_back_as_a_whole_refuses_a_part() {
    let mut case = paid_with("PARTIAL_REFUNDS_NOT_ALLOWED");
    assert_eq!(
        case.refund(9_999, "one"),
        Err("PARTIAL_REFUNDS_NOT_ALLOWED")
    );
    assert_eq!(case.refund(10_000, "one"), Ok(4));
}

#[test]
fn a_declined_refund_gives_nothing_back() {
    let mut case = paid_with("REFUND_DECLINED");
    assert_eq!(case.refund(10_000, "one"), Err("REFUND_DECLINED"));
    assert_eq!(case.at(after(40)).refunded(), 0);
}

#[tokio::test]
async fn a_reference_is_unique_among_the_refunds_of_all_requests() {
    let shop = Shop::open(Options::default()).await;
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
