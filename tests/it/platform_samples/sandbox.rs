//! Compares the sandbox's answers with the samples. Each field of an answer must be in a sample with the same JSON
//! type, and each field that all samples have must be in the answer.

use std::collections::{BTreeMap, BTreeSet};

use patron_display::sandbox::{Options, Sandbox};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::platform_samples::catalogue::{
    ACTIVITIES, ACTIVITY_LIST, ASSET_TOTAL, Answers, REQUEST_LIST, REQUESTS, Request,
};
use crate::platform_samples::sample;

/// The JSON types of each field, by the field's path, such as `paidBy.assetTotals[].total`.
type Shape = BTreeMap<String, BTreeSet<&'static str>>;

fn add(shape: &mut Shape, path: &str, value: &Value) {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "flag",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(items) => {
            for item in items {
                add(shape, &format!("{path}[]"), item);
            }
            "list"
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                add(shape, &path, value);
            }
            "object"
        }
    };
    shape.entry(path.to_owned()).or_default().insert(name);
}

fn shape(values: &[Value]) -> Shape {
    let mut shape = Shape::new();
    for value in values {
        add(&mut shape, "", value);
    }

    shape
}

/// Fails if no sample has a field or type of the answer. `by_text` lists fields that only the text documents.
fn assert_documented(answer: &Value, samples: &[Value], by_text: &[&str]) {
    let documented = shape(samples);
    for (path, types) in shape(std::slice::from_ref(answer)) {
        if by_text.contains(&path.as_str()) {
            continue;
        }
        let known = documented.get(&path);
        assert!(known.is_some(), "{path} is in no sample: {answer}");
        assert!(
            known.is_some_and(|known| types.is_subset(known)),
            "{path} is {types:?}, and {known:?} in the samples"
        );
    }
}

/// Fails if the answer lacks a field that every sample has.
fn assert_complete(answer: &Value, samples: &[Value]) {
    let has = |value: &Value, key: &String| value.get(key).is_some();
    let everywhere = samples[0]
        .as_object()
        .unwrap()
        .keys()
        .filter(|key| samples.iter().all(|sample| has(sample, key)));
    let mut count = 0;
    for key in everywhere {
        assert!(has(answer, key), "{key} is in every sample: {answer}");
        count += 1;
    }
    assert!(count > 5, "the samples have little in common");
}

fn parsed(file: &str) -> Value {
    serde_json::from_str(&sample(file)).unwrap()
}

fn requests(wanted: impl Fn(&Request) -> bool) -> Vec<Value> {
    REQUESTS
        .iter()
        .filter(|request| wanted(request))
        .map(|request| parsed(request.file))
        .collect()
}

/// Returns every documented payment request, and one with a guide's single asset total.
fn all_requests() -> Vec<Value> {
    let total = json!({ "paidBy": { "assetTotals": [parsed(ASSET_TOTAL)] } });

    [requests(|_| true), vec![total]].concat()
}

fn activities(word: &str) -> Vec<Value> {
    ACTIVITIES
        .iter()
        .filter(|(_, kind, _)| *kind == word)
        .map(|(file, ..)| parsed(file))
        .collect()
}

struct Shop {
    sandbox: Sandbox,
    client: Client,
}

impl Shop {
    async fn open() -> Self {
        // Ignores the error if another test has already installed the provider.
        let _ = rustls::crypto::ring::default_provider().install_default();

        Self {
            sandbox: Sandbox::start(Options::default()).await.unwrap(),
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}/api/payment-requests{path}", self.sandbox.base_url());
        let request = self.client.request(method, url).header("X-Api-Key", "key");
        let response = request.json(body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");

        response.json().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, &Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, &body).await
    }

    /// Creates a request with every field that the program can send.
    async fn create(&self, reference: &str) -> Value {
        let body = json!({
            "configId": "5ee168e8597be5002af7b454",
            "value": { "amount": "10000", "currency": "NZD" },
            "expirySeconds": 120,
            "externalRef": reference,
            "terminalId": "COUNTER-1",
            "deviceId": "SN-0042",
            "operatorId": "sam",
            "invoiceRef": "INV-1",
            "purchaseOrderRef": "PO-1",
            "conditionsEnabled": true,
            "patronNotPresent": false,
            "partialAllowed": true,
            "basketAmount": "10000",
            "barcode": "123456789",
            "lineItems": [
                { "name": "Hard Hat", "sku": "GH1234", "qty": "1", "price": "10000", "tax": "15" },
            ],
        });

        self.post("", body).await
    }
}

fn id(request: &Value) -> String {
    request["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn sandbox_requests_look_documented() {
    let shop = Shop::open().await;
    let all = all_requests();
    let creates = requests(|request| matches!(request.answers, Answers::Create));
    let created = shop.create("CONDITION-1").await;
    assert_documented(&created, &all, &[]);
    assert_complete(&created, &creates);

    let id = id(&created);
    let path = format!("/{id}");
    let asked = shop.get(&path).await;
    assert_eq!(
        asked["merchantConditions"][0]["status"],
        "awaiting-merchant"
    );
    assert_documented(&asked, &all, &[]);
    shop.post(&format!("{path}/conditions/1/accept"), json!({}))
        .await;
    let line = json!([{ "name": "Hard Hat", "qty": "1", "price": "4000" }]);
    shop.sandbox.control().pay_for(&id, 4_000, &line).unwrap();
    let in_part = shop.get(&path).await;
    assert_eq!(in_part["status"], "paid");
    assert_documented(&in_part, &all, &[]);

    let whole = self::id(&shop.create("A1").await);
    shop.sandbox.control().pay(&whole).unwrap();
    let paid = shop.get(&format!("/{whole}")).await;
    assert_documented(&paid, &all, &[]);
    assert_eq!(paid.get("remainingAmount"), None);
    let mut documented = requests(|request| request.status == "paid");
    for request in &mut documented {
        // Removes the id of the patron code, because the sandbox has none.
        request.as_object_mut().unwrap().remove("patronCodeId");
    }
    assert_complete(&paid, &documented);

    let voided = self::id(&shop.create("A2").await);
    shop.post(&format!("/{voided}/void"), json!({})).await;
    let voided = shop.get(&format!("/{voided}")).await;
    assert_documented(&voided, &all, &["cancellationReason"]);
}

#[tokio::test]
async fn the_sandbox_list_looks_documented() {
    let shop = Shop::open().await;
    shop.create("A1").await;
    let page = shop
        .get("/external-ref/A1?merchantAccountId=a&paginationLimit=5")
        .await;
    let documented = parsed(REQUEST_LIST);
    assert_documented(&page, std::slice::from_ref(&documented), &[]);
    let mut item = documented["items"][0].clone();
    let fields = item.as_object_mut().unwrap();
    // Removes the connections, because the sandbox has none.
    fields.retain(|key, _| !key.starts_with("connection"));
    assert_complete(&page["items"][0], &[item]);
}

#[tokio::test]
async fn sandbox_activities_look_documented() {
    let shop = Shop::open().await;
    let request = id(&shop.create("CONDITION-1").await);
    let path = format!("/{request}");
    shop.get(&path).await;
    let accepted = shop
        .post(&format!("{path}/conditions/1/accept"), json!({}))
        .await;
    assert_documented(&accepted, &activities("accept-condition"), &[]);
    assert_complete(&accepted, &activities("accept-condition"));

    shop.sandbox.control().pay(&request).unwrap();
    let refund = json!({
        "value": { "amount": "4000", "currency": "NZD" },
        "externalRef": "R1",
        "invoiceRef": "INV-1",
        "lineItems": [{ "name": "Hard Hat", "qty": "1", "price": "4000" }],
    });
    let refunded = shop.post(&format!("{path}/refund"), refund).await;
    assert_documented(&refunded, &activities("refund"), &[]);
    assert_complete(&refunded, &activities("refund"));
    let voided = shop.post(&format!("{path}/void"), json!({})).await;
    assert_documented(&voided, &activities("refund"), &[]);
    assert_complete(&voided, &activities("refund"));

    let listed = shop.get(&format!("{path}/activities")).await;
    let kinds: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "refund",
            "refund",
            "paid",
            "payment",
            "accept-condition",
            "request"
        ]
    );
    let items = [&activities("refund")[..], &activities("accept-condition")].concat();
    let samples = [parsed(ACTIVITY_LIST), json!({ "items": items })];
    assert_documented(&listed, &samples, &[]);
}
