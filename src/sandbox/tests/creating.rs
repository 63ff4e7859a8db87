//! Tests of creates.

use serde_json::{Value, json};

use super::shop::{body, start};
use crate::sandbox::create::CreateInput;
use crate::sandbox::options::Options;
use crate::sandbox::request::SandboxRequest;
use crate::sandbox::store::RequestStore;

/// The request, the refusal's code, or `misfit` if a field has the wrong type.
fn try_create(changes: Value) -> Result<SandboxRequest, &'static str> {
    let body: CreateInput = serde_json::from_value(body(changes)).map_err(|_| "misfit")?;

    RequestStore::new(Options::default())
        .create(body, start())
        .map_err(|refusal| refusal.code())
}

fn refusal(changes: Value) -> Option<&'static str> {
    try_create(changes).err()
}

#[test]
fn amounts_are_text_or_integers_in_range() {
    let value = |amount: Value| json!({ "value": { "amount": amount, "currency": "NZD" } });
    for (amount, minor_units) in [
        (json!("1"), 1),
        (json!("0100"), 100),
        (json!(2500), 2500),
        (json!("99999999"), 99_999_999),
    ] {
        let request = try_create(value(amount)).unwrap();
        assert_eq!(request.value.amount, minor_units);
    }

    for amount in [
        json!("0"),
        json!(0),
        json!("-1"),
        json!(-1),
        json!("+1"),
        json!(""),
        json!("1.50"),
        json!(1.5),
        json!("100000000"),
        json!(100_000_000),
        json!("99999999999999999999999999"),
        json!(null),
    ] {
        assert_eq!(refusal(value(amount.clone())), Some("misfit"), "{amount}");
    }
}

#[test]
fn config_id_and_value_are_required() {
    for key in ["configId", "value"] {
        assert_eq!(refusal(json!({ key: null })), Some("misfit"), "{key}");
    }
    assert_eq!(
        refusal(json!({ "value": { "amount": "1" } })),
        Some("misfit")
    );
    assert_eq!(
        refusal(json!({ "value": { "amount": "1", "currency": "nzd" } })),
        Some("misfit")
    );
}

#[test]
fn config_id_prefix_makes_no_difference() {
    let request = try_create(json!({ "configId": "mc_5ee168e8" })).unwrap();
    assert_eq!(request.config_id, "5ee168e8");

    for config_id in ["", "mc_", "mc-5ee1", "5ee1 68e8", "é"] {
        let refused = refusal(json!({ "configId": config_id }));
        assert_eq!(refused, Some("BAD_REQUEST"), "{config_id}");
    }
}

#[test]
fn config_without_payment_options_is_refused() {
    let refused = refusal(json!({ "configId": "mc_refused1" }));
    assert_eq!(refused, Some("NO_AVAILABLE_PAYMENT_OPTIONS"));
}

#[test]
fn known_patron_code_is_accepted() {
    // The last four are the platform's test data for Farmlands.
    for code in [
        "9990001234567890",
        "3210009876543217",
        "123456789",
        "1",
        "424242424",
        "434343434",
        "454545454",
        "464646464",
    ] {
        assert!(try_create(json!({ "barcode": code })).is_ok(), "{code}");
    }
    assert_eq!(refusal(json!({ "barcode": 123 })), Some("misfit"));
}

#[test]
fn misread_patron_code_fails_its_checksum() {
    // The documentation's sample code breaks the documented rule. The sandbox follows the rule.
    for code in ["9990001234567895", "9990001234567891", "9990001234576890"] {
        let refused = RequestStore::new(Options::default())
            .create(
                serde_json::from_value(body(json!({ "barcode": code }))).unwrap(),
                start(),
            )
            .unwrap_err();
        assert_eq!(
            (refused.status(), refused.code()),
            (400, "CHECKSUM_FAILED"),
            "{code}"
        );
    }
}

#[test]
fn unknown_patron_code_is_refused() {
    for code in ["99900012345678900", "9990 0012 3456 7890", "", "A1"] {
        let refused = refusal(json!({ "barcode": code }));
        assert_eq!(refused, Some("PATRON_CODE_INVALID"), "{code}");
    }

    let used = json!({ "barcode": "123456789", "externalRef": "PATRON_CODE_INVALID-1.x7Kq2mPz01" });
    assert_eq!(refusal(used), Some("PATRON_CODE_INVALID"));
    let without = json!({ "externalRef": "PATRON_CODE_INVALID-1" });
    assert_eq!(refusal(without), None);
}

#[test]
fn expiry_defaults_to_two_minutes() {
    let seconds = |request: SandboxRequest| {
        let lifetime = request.expires_at.duration_since(request.created_at);
        (request.expiry_seconds, lifetime.as_secs())
    };
    assert_eq!(try_create(json!({})).map(seconds), Ok((120, 120)));
    assert_eq!(
        try_create(json!({ "expirySeconds": 5 })).map(seconds),
        Ok((5, 5))
    );

    for wrong in [json!(0), json!(86_401)] {
        assert_eq!(
            refusal(json!({ "expirySeconds": wrong })),
            Some("BAD_REQUEST")
        );
    }
    assert_eq!(refusal(json!({ "expirySeconds": -1 })), Some("misfit"));
}

#[test]
fn invoice_reference_has_at_most_128_characters() {
    assert_eq!(refusal(json!({ "invoiceRef": "é".repeat(128) })), None);
    assert_eq!(
        refusal(json!({ "invoiceRef": "é".repeat(129) })),
        Some("BAD_REQUEST")
    );
}

#[test]
fn line_items_sum_to_the_value() {
    let items = |discount: Value| {
        json!({ "lineItems": [
            { "name": "Flat white", "qty": 2, "price": "11000", "sku": "FW" },
            { "name": "Loyalty", "qty": "1", "price": discount },
        ] })
    };
    assert_eq!(refusal(items(json!("-1000"))), None);
    assert_eq!(refusal(items(json!(-1000))), None);
    assert_eq!(
        refusal(items(json!(-999))),
        Some("LINE_ITEMS_SUM_CHECK_FAILED")
    );
    assert_eq!(refusal(items(json!("-10.00"))), Some("misfit"));
    assert_eq!(
        refusal(json!({ "lineItems": [] })),
        Some("LINE_ITEMS_SUM_CHECK_FAILED")
    );
}

#[test]
fn line_items_may_sum_to_the_basket() {
    let basket = |amount: Value| {
        json!({
            "partialAllowed": true,
            "basketAmount": amount,
            "lineItems": [{ "name": "Lunch", "qty": "1.5", "price": 15000 }],
        })
    };
    assert_eq!(refusal(basket(json!("15000"))), None);
    assert_eq!(
        refusal(basket(json!({ "amount": 15000, "currency": "NZD" }))),
        None
    );
    assert_eq!(
        refusal(basket(json!(10000))),
        Some("LINE_ITEMS_SUM_CHECK_FAILED")
    );
    assert_eq!(
        refusal(basket(json!({ "amount": 15000, "currency": "AUD" }))),
        Some("BAD_REQUEST")
    );
}

#[test]
fn line_item_needs_name_quantity_and_price() {
    let item = |item: Value| json!({ "lineItems": [item] });
    assert_eq!(
        refusal(item(json!({ "qty": 1, "price": 10000 }))),
        Some("misfit")
    );
    assert_eq!(
        refusal(item(json!({ "name": "Tea", "price": 10000 }))),
        Some("misfit")
    );
    assert_eq!(
        refusal(item(json!({ "name": "Tea", "qty": 1 }))),
        Some("misfit")
    );
    assert_eq!(
        refusal(item(json!({ "name": "Tea", "qty": "one", "price": 10000 }))),
        Some("BAD_REQUEST")
    );
}

#[test]
fn unknown_fields_are_ignored() {
    assert_eq!(refusal(json!({ "somethingNew": { "deep": [1, 2] } })), None);
}

#[test]
fn same_body_twice_creates_two_requests() {
    let mut store = RequestStore::new(Options::default());
    let one = super::shop::create(&mut store, json!({ "externalRef": "sale-1" }));
    let two = super::shop::create(&mut store, json!({ "externalRef": "sale-1" }));

    assert_ne!(one.id, two.id);
    assert_ne!(one.short_code, two.short_code);
    assert_eq!(one.id.len(), 22);
    assert!(one.id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
}
