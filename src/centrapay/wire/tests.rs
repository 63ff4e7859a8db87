use jiff::SignedDuration;
use proptest::prelude::*;

use super::activity::ActivityIn;
use super::*;
use crate::domain::payment::ActivityKind;
use crate::properties::generated::tries;

fn read(json: &str) -> PaymentRequest {
    serde_json::from_str::<PaymentRequestIn>(json)
        .expect("JSON of the platform")
        .answered_at("2021-06-08T04:04:37.426Z".parse().expect("a time"))
        .expect("a payment request")
}

const SEED: &str = r#"{
    "configId": "5ee168e8597be5002af7b454",
    "createdAt": "2021-06-08T04:04:27.426Z",
    "expiresAt": "2021-06-08T04:06:27.426Z",
    "expirySeconds": 120,
    "id": "MhocUmpxxmgdHjr7DgKoKw",
    "merchantId": "26d3Cp3rJmbMHnuNJmks2N",
    "merchantName": "Centrapay Café",
    "paymentOptions": [{"amount": "10000", "assetType": "centrapay.nzd.main"}],
    "shortCode": "CP-C7F-ZS5",
    "status": "new",
    "updatedAt": "2021-06-08T04:04:27.426Z",
    "url": "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw",
    "value": {"currency": "NZD", "amount": "10000"}
}"#;

#[test]
fn documented_sample_is_read() {
    let request = read(SEED);
    assert_eq!(
        request.value,
        Some(Amount::from_minor(10000, Currency::NZD))
    );
    assert_eq!(request.validity, Some(Duration::from_secs(120)));
    assert_eq!(request.status, Status::New);
    assert_eq!(request.liveness, None);
    assert_eq!(request.short_code, Some(Text::clean("CP-C7F-ZS5")));
}

#[test]
fn numbers_as_text_and_config_prefix_are_read() {
    let request = read(
        r#"{"id":"a","status":"paid","configId":"mc_123","remainingAmount":250,
            "value":{"amount":1000,"currency":"NZD"},"expirySeconds":"90","extra":{"x":[1]},
            "merchantConditions":[{"id":7,"message":"Age?","status":"awaiting-merchant"}],
            "paidBy":{"assetTotals":[{"type":"t","description":"Farmlands",
                "total":{"amount":750,"currency":"NZD"}}]}}"#,
    );
    let nzd = |minor| Some(Amount::from_minor(minor, Currency::NZD));
    assert_eq!(request.config_id, Some(ConfigId::new("123")));
    assert_eq!(request.value, nzd(1000));
    assert_eq!(request.remaining, nzd(250));
    assert_eq!(request.validity, Some(Duration::from_secs(90)));
    assert_eq!(request.conditions[0].id, ConditionId::new("7"));
    assert_eq!(request.paid_by[0].description, Text::clean("Farmlands"));
    assert_eq!(request.paid_by[0].total, nzd(750));
}

#[test]
fn f9_expiry_before_creation_gives_zero_time() {
    let request = read(
        r#"{"id":"a","status":"new","createdAt":"2021-06-08T04:04:27.426Z",
            "expiresAt":"2021-06-08T04:04:27.425Z","expirySeconds":120}"#,
    );
    assert_eq!(request.validity, Some(Duration::ZERO));
}

#[test]
fn missing_and_null_fields_are_accepted() {
    let request =
        read(r#"{"id":"a","status":"new","paidBy":null,"merchantConditions":null,"url":null}"#);
    assert_eq!(request.value, None);
    assert!(request.paid_by.is_empty());
}

#[test]
fn money_is_never_read_as_float() {
    for amount in ["10.5", "1e3", "-5", "\"-5\"", "\"+5\"", "\"10.50\"", "null"] {
        let json = format!(
            r#"{{"id":"a","status":"new","value":{{"amount":{amount},"currency":"NZD"}}}}"#
        );
        assert!(
            serde_json::from_str::<PaymentRequestIn>(&json).is_err(),
            "{amount}"
        );
    }
}

#[test]
fn f20_unknown_status_is_kept() {
    let request = read(r#"{"id":"a","status":"pending-review"}"#);
    assert_eq!(
        request.status,
        Status::Unknown(Text::clean("pending-review"))
    );
}

#[test]
fn activities_are_read_bare_and_enveloped() {
    for json in [
        r#"[{"type":"refund"},{"type":"paid"}]"#,
        r#"{"items":[{"type":"refund"},{"type":"paid"}],"nextPageKey":null}"#,
        r#"{"activities":[{"type":"refund"},{"type":"paid"}]}"#,
    ] {
        let list = serde_json::from_str::<ListIn<ActivityIn>>(json).expect("activities");
        let list = list.or_incomplete().expect("a refund");
        assert_eq!(list[0].kind, ActivityKind::Refund);
        assert_eq!(list.len(), 2);
    }
}

#[test]
fn f53_unknown_liveness_is_an_error() {
    let json = r#"{"id":"a","status":"new","liveness":"TEST"}"#;
    let request = serde_json::from_str::<PaymentRequestIn>(json).expect("JSON of the platform");
    assert!(request.answered_at(Timestamp::UNIX_EPOCH).is_err());
}

/// A request from a platform whose clock is `ahead` by this many seconds.
fn dated(ahead: i64, age: i64, validity: i64) -> PaymentRequest {
    let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_600_000_000 + ahead);
    let created = now - SignedDuration::from_millis(age);
    let expires = created + SignedDuration::from_millis(validity);
    let json =
        format!(r#"{{"id":"a","status":"new","createdAt":"{created}","expiresAt":"{expires}"}}"#);

    serde_json::from_str::<PaymentRequestIn>(&json)
        .expect("JSON of the platform")
        .answered_at(now)
        .expect("a payment request")
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f27_wrong_platform_clock_changes_no_time(
        ahead in -1_600_000_000..1_600_000_000_i64,
        age in 0..100_000_i64,
        validity in 0..100_000_000_i64
    ) {
        let (right, wrong) = (dated(0, age, validity), dated(ahead, age, validity));
        prop_assert_eq!(right.validity, wrong.validity);
        prop_assert_eq!(right.time_left, wrong.time_left);
        prop_assert_eq!(right.age, wrong.age);
    }
}

#[test]
fn f1_reference_is_text_or_number() {
    assert_eq!(read(SEED).external_ref, None);
    for (written, reference) in [
        (r#""A1-2""#, Some("A1-2")),
        ("20260817", Some("20260817")),
        ("null", None),
    ] {
        let request = read(&format!(
            r#"{{"id":"a","status":"new","externalRef":{written}}}"#
        ));
        assert_eq!(request.external_ref, reference.map(ExternalRef::new));
    }
}

#[test]
fn f7_unknown_currency_hides_no_new_id() {
    let body = |status: &str, remaining: &str| {
        format!(
            r#"{{"id":"a","status":"{status}","remainingAmount":{remaining},
                "value":{{"amount":"1250","currency":"nzd"}}}}"#
        )
    };
    for remaining in [r#""1250""#, "1250", r#"{"amount":"1250","currency":"nzd"}"#] {
        let request = read(&body("new", remaining));
        assert_eq!(request.id.as_str(), "a");
        assert_eq!((request.value, request.remaining), (None, None));

        // Without the remaining amount, the answer would look like a full payment.
        for status in ["paid", "expired", "cancelled", "settled"] {
            let json = body(status, remaining);
            let request = serde_json::from_str::<PaymentRequestIn>(&json).expect("JSON");
            assert!(request.answered_at(Timestamp::UNIX_EPOCH).is_err());
        }
    }
}

#[test]
fn list_without_refund_must_be_complete() {
    let read = |json: &str| {
        serde_json::from_str::<ListIn<ActivityIn>>(json)
            .expect("activities")
            .or_incomplete()
    };
    assert!(read(r#"{"items":[{"type":"payment"},{"type":"request"}]}"#).is_ok());
    assert!(read(r#"{"items":[{"type":"refund"}],"nextPageKey":"2"}"#).is_ok());
    for json in [
        "[]",
        r#"{"items":[]}"#,
        r#"{"items":[{}]}"#,
        r#"{"items":[{"type":null}]}"#,
        r#"{"items":[{"type":"payment"}],"nextPageKey":"2"}"#,
        r#"{"items":[{"type":"payment"}],"pageKey":"2"}"#,
    ] {
        assert!(read(json).is_err(), "{json}");
    }
}
