//! Compares the bodies that the program sends with the documented bodies.

use std::sync::Arc;

use patron_display::centrapay::NewRefund;
use patron_display::domain::basket::Basket;
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::order::Particulars;
use patron_display::domain::payment::{PatronCode, RequestId};
use patron_display::sale::NewRequest;
use serde_json::{Map, Value, json};

use crate::platform_samples::catalogue::{self, CREATES, REFUNDS};
use crate::platform_samples::platform::Platform;
use crate::platform_samples::{client, sample};

/// Fields of documented creates that the program never sends.
const NOT_SENT: [&str; 4] = [
    "connectionId",
    "paymentLinkId",
    "preAuth",
    "purchaseOrderRef",
];

/// The fields of a create with their JSON types, from the platform's OpenAPI description. `value` and `lineItems`
/// are also compared with the samples.
const DOCUMENTED: [(&str, Type); 15] = [
    ("barcode", Type::Text),
    ("basketAmount", Type::Text),
    ("conditionsEnabled", Type::Flag),
    ("configId", Type::Text),
    ("deviceId", Type::Text),
    ("expirySeconds", Type::Integer),
    ("externalRef", Type::Text),
    ("invoiceRef", Type::Text),
    ("lineItems", Type::List),
    ("operatorId", Type::Text),
    ("partialAllowed", Type::Flag),
    ("patronNotPresent", Type::Flag),
    ("purchaseOrderRef", Type::Text),
    ("terminalId", Type::Text),
    ("value", Type::Object),
];

/// The fields of a refund with their JSON types.
const DOCUMENTED_REFUND: [(&str, Type); 4] = [
    ("externalRef", Type::Text),
    ("invoiceRef", Type::Text),
    ("lineItems", Type::List),
    ("value", Type::Object),
];

#[derive(Debug, PartialEq, Eq)]
enum Type {
    Text,
    Flag,
    Integer,
    List,
    Object,
}

impl Type {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(_) => Some(Self::Text),
            Value::Bool(_) => Some(Self::Flag),
            Value::Number(number) if number.is_u64() => Some(Self::Integer),
            Value::Array(_) => Some(Self::List),
            Value::Object(_) => Some(Self::Object),
            Value::Number(_) | Value::Null => None,
        }
    }
}

fn amount(value: &Value) -> Amount {
    assert_eq!(value["currency"], "NZD");
    let minor = value["amount"].as_str().unwrap().parse().unwrap();

    Amount::from_minor(minor, Currency::NZD)
}

/// Returns the create for which the program must send this body.
fn asked_by(body: &Value) -> NewRequest {
    let lines = body.get("lineItems").map(Value::to_string);
    let text = |key: &str| body[key].as_str().map(ToOwned::to_owned);

    NewRequest {
        base_url: String::new(),
        config_id: text("configId").unwrap(),
        amount: amount(&body["value"]),
        external_ref: "A1.x7Kq2mPz01".to_owned(),
        expiry_seconds: 120,
        operator: None,
        particulars: Arc::new(Particulars {
            basket: lines.map_or_else(Basket::default, |lines| Basket::parse(&lines).unwrap()),
            basket_amount: None,
            invoice_ref: text("invoiceRef"),
            patron_not_present: body["patronNotPresent"] == true,
        }),
        barcode: text("barcode").map(|code| PatronCode::parse(&code).unwrap()),
    }
}

/// Returns the body that the program sends for a create.
async fn sent(terminal: &str, new: &NewRequest) -> Map<String, Value> {
    let platform = Platform::start().await;
    platform.will_answer(200, "{}");
    let client = client(&platform, terminal);
    // The call fails, because the answer is empty. Only the sent body matters.
    assert!(client.create(new).await.is_err());
    let calls = platform.calls();
    assert_eq!(calls[0].line(), "POST /api/payment-requests");

    calls[0].json().as_object().unwrap().clone()
}

#[tokio::test]
async fn creates_are_sent_as_documented() {
    for file in CREATES {
        let documented: Value = serde_json::from_str(&sample(file)).unwrap();
        let conditions = documented["conditionsEnabled"] == true;
        let terminal = format!("conditions = {conditions}");
        let sent = sent(&terminal, &asked_by(&documented)).await;

        for (key, value) in documented.as_object().unwrap() {
            match key.as_str() {
                key if NOT_SENT.contains(&key) => assert_eq!(sent.get(key), None, "{file}"),
                // One sample has text here. The OpenAPI description says integer.
                "expirySeconds" => assert_eq!(sent[key].to_string(), "120", "{file}"),
                key => assert_eq!(sent.get(key), Some(value), "{file}: {key}"),
            }
        }
        assert_documented(&sent, &DOCUMENTED);
    }
}

#[tokio::test]
async fn a_full_create_has_documented_types() {
    let lines = json!([{
        "name": "Beer", "sku": "B1", "qty": "1.5", "price": "1250", "tax": "15", "discount": "100",
        "productId": "19412345123459", "restricted": true,
    }]);
    let new = NewRequest {
        operator: Some("sam".to_owned()),
        particulars: Arc::new(Particulars {
            basket: Basket::parse(&lines.to_string()).unwrap(),
            basket_amount: Some(Amount::from_minor(1_250, Currency::NZD)),
            invoice_ref: Some("INV-1".to_owned()),
            patron_not_present: true,
        }),
        barcode: PatronCode::parse("9990001234567890").ok(),
        ..asked_by(&json!({
            "configId": "5ee168e8597be5002af7b454",
            "value": { "amount": "1250", "currency": "NZD" },
        }))
    };
    let terminal = "terminal-id = \"COUNTER-1\"\ndevice-id = \"SN-0042\"";
    let sent = sent(terminal, &new).await;

    assert_documented(&sent, &DOCUMENTED);
    let missing: Vec<_> = DOCUMENTED
        .iter()
        .map(|(key, _)| *key)
        .filter(|key| !sent.contains_key(*key))
        .collect();
    assert_eq!(missing, ["purchaseOrderRef"]);
    assert_eq!(sent["lineItems"], lines);
    assert_eq!(sent["basketAmount"], "1250");
    let value = json!({ "amount": "1250", "currency": "NZD" });
    assert_eq!(sent["value"], value);
}

/// Fails if a sent field is not documented or has another type than documented.
fn assert_documented(sent: &Map<String, Value>, documented: &[(&str, Type)]) {
    for (key, value) in sent {
        let documented = documented.iter().find(|(known, _)| known == key);
        let documented = documented.map(|(_, documented)| documented);
        assert!(documented.is_some(), "{key} is not documented");
        assert_eq!(Type::of(value).as_ref(), documented, "{key}");
    }
}

/// Returns the body that the program sends for a refund.
async fn sent_refund(new: NewRefund<'_>) -> Map<String, Value> {
    let platform = Platform::start().await;
    platform.will_answer(200, "{}");
    let id = RequestId::new(catalogue::ID).unwrap();
    // The call fails, because the answer is empty. Only the sent body matters.
    assert!(client(&platform, "").refund(&id, new).await.is_err());
    let calls = platform.calls();
    assert_eq!(
        calls[0].line(),
        format!("POST /api/payment-requests/{id}/refund")
    );

    calls[0].json().as_object().unwrap().clone()
}

#[tokio::test]
async fn refunds_are_sent_as_documented() {
    for file in REFUNDS {
        let documented: Value = serde_json::from_str(&sample(file)).unwrap();
        let items = Basket::parse(&documented["lineItems"].to_string()).unwrap();
        let new = NewRefund {
            amount: amount(&documented["value"]),
            external_ref: documented["externalRef"].as_str().unwrap(),
            invoice_ref: None,
            line_items: &items,
        };
        let mut expected = documented.as_object().unwrap().clone();
        expected.remove("merchantConfigId");
        assert_eq!(expected.len(), 3, "{file}");
        let sent = sent_refund(new).await;
        assert_eq!(sent, expected, "{file}");
        assert_documented(&sent, &DOCUMENTED_REFUND);

        // The documented answer repeats the invoice number as text, so the program must send text.
        let mut sent = sent_refund(NewRefund {
            invoice_ref: Some("sy8CRmo3sp3ArOpnfmb423"),
            ..new
        })
        .await;
        assert_documented(&sent, &DOCUMENTED_REFUND);
        assert_eq!(sent.len(), DOCUMENTED_REFUND.len(), "{file}");
        let answer = sample("api.payment-requests-refund.response.json");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(sent.remove("invoiceRef").as_ref(), answer.get("invoiceRef"));
        assert_eq!(sent, expected, "{file}");
    }
}

#[tokio::test]
async fn bare_refund_sends_two_fields() {
    let no_items = Basket::default();
    let sent = sent_refund(NewRefund {
        amount: Amount::from_minor(3_600, Currency::NZD),
        external_ref: "R1",
        invoice_ref: None,
        line_items: &no_items,
    })
    .await;
    let expected = json!({
        "value": { "amount": "3600", "currency": "NZD" },
        "externalRef": "R1",
    });
    assert_eq!(Value::Object(sent), expected);
}
