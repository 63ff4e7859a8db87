//! Passes the platform's documented samples through the program's own client. `platform-samples/INDEX.tsv` names
//! the documentation page of each sample.

mod bodies;
mod catalogue;
mod platform;
mod sandbox;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use patron_display::centrapay::{Client, NewRefund};
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::domain::basket::Basket;
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::order::Particulars;
use patron_display::domain::payment::{
    Activity, ActivityKind, ConditionId, ConditionStatus, ConfigId, Decision, Failure, Liveness,
    PatronCode, PaymentRequest, Refund, RequestId, ShortCode, Text,
};
use patron_display::sale::NewRequest;
use secrecy::SecretString;
use serde_json::{Value, json};

use catalogue::{
    ACTIVITIES, ACTIVITY_LIST, ASSET_TOTAL, Answers, ERRORS, ID, LINE_ITEMS,
    MERCHANT_ACTIVITY_LIST, OTHER_MODELS, REFUND_CODES, REQUEST_LIST, REQUESTS, Request,
};
use platform::Platform;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/platform-samples")
}

fn sample(file: &str) -> String {
    fs::read_to_string(folder().join(file)).unwrap()
}

/// Creates the program's client with these lines of `[terminal]`.
fn client(platform: &Platform, terminal: &str) -> Client {
    let text = format!(
        "[api]\nbase-url = \"http://{}\"\n[terminal]\n{terminal}\n\
         [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n",
        platform.address
    );
    let config = Config::from_str(&text, Path::new("samples.toml")).unwrap();
    let credential = Credential::ApiKey(SecretString::from("sample-key"));

    Client::new(&config.api, &credential, config.terminal).unwrap()
}

fn id() -> RequestId {
    RequestId::new(ID).unwrap()
}

fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

fn new_request() -> NewRequest {
    NewRequest {
        base_url: String::new(),
        config_id: "5ee168e8597be5002af7b454".to_owned(),
        amount: nzd(10_000),
        external_ref: "A1.x7Kq2mPz01".to_owned(),
        expiry_seconds: 120,
        operator: None,
        particulars: Particulars::default().into(),
        barcode: None,
    }
}

/// A refund without an invoice number.
fn new_refund(items: &Basket, minor: u64) -> NewRefund<'_> {
    NewRefund {
        amount: nzd(minor),
        external_ref: "R1",
        invoice_ref: None,
        line_items: items,
    }
}

fn kind(word: &str) -> ActivityKind {
    match word {
        "refund" => ActivityKind::Refund,
        "cancellation" => ActivityKind::Cancellation,
        other => ActivityKind::Other(Text::clean(other)),
    }
}

#[test]
fn every_sample_is_classified_once() {
    let listed = catalogue::files();
    let classified: BTreeSet<String> = listed.iter().map(|file| (*file).to_owned()).collect();
    assert_eq!(classified.len(), listed.len(), "a sample is listed twice");

    let there: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "INDEX.tsv")
        .collect();
    assert_eq!(classified, there);

    let indexed: BTreeSet<String> = sample("INDEX.tsv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next().map(ToOwned::to_owned))
        .collect();
    assert_eq!(indexed, there);
}

#[tokio::test]
async fn payment_requests_are_read() {
    let platform = Platform::start().await;
    let client = client(&platform, "");
    for expected in REQUESTS {
        platform.will_answer(200, sample(expected.file));
        let (read, line) = match expected.answers {
            Answers::Create => (
                client.create(&new_request()).await,
                "POST /api/payment-requests".to_owned(),
            ),
            Answers::Read => {
                let id = RequestId::new(expected.id).unwrap();
                let line = format!("GET /api/payment-requests/{id}");
                (client.read(&id).await, line)
            }
            Answers::ShortCode => {
                let code = ShortCode::new(expected.short_code.unwrap()).unwrap();
                let line = format!("GET /api/payment-requests/short-code/{code}");
                (client.read_by_short_code(&code).await, line)
            }
        };
        assert_eq!(platform.calls()[0].line(), line, "{}", expected.file);
        assert_read(&read.unwrap(), expected);
    }
    assert_eq!(client.unreadable_answers(), 0);
}

fn assert_read(read: &PaymentRequest, expected: &Request) {
    let file = expected.file;
    let clean = Text::clean;
    assert_eq!(read.id.as_str(), expected.id, "{file}");
    assert_eq!(read.short_code, expected.short_code.map(clean), "{file}");
    assert_eq!(
        read.config_id,
        expected.config_id.map(ConfigId::new),
        "{file}"
    );
    assert_eq!(read.merchant_name, Some(clean(expected.merchant)), "{file}");
    assert_eq!(read.status.word(), expected.status, "{file}");
    assert_eq!(read.value, Some(nzd(expected.value)), "{file}");
    assert_eq!(read.remaining, expected.remaining.map(nzd), "{file}");
    let liveness = expected.is_test.then_some(Liveness::Test);
    assert_eq!(read.liveness, liveness, "{file}");
    let created_at = expected.created_at.parse().unwrap();
    assert_eq!(read.created_at, Some(created_at), "{file}");
    assert_eq!(read.validity, Some(Duration::from_secs(120)), "{file}");
    assert!(read.url.is_ok(), "{file}: {:?}", read.url);
    assert_eq!(read.external_ref, None, "{file}");
    assert_eq!(read.cancellation_reason, None, "{file}");

    let conditions: Vec<_> = read
        .conditions
        .iter()
        .map(|condition| {
            let waits = match condition.status {
                ConditionStatus::AwaitingMerchant => true,
                ConditionStatus::Settled => false,
                ConditionStatus::AwaitingPatron => panic!("{file}: {condition:?}"),
            };
            (
                condition.id.address().unwrap(),
                condition.message.as_str(),
                waits,
            )
        })
        .collect();
    let condition = expected
        .condition_waits
        .map(|waits| ("1", "Please check ID", waits));
    assert_eq!(conditions, Vec::from_iter(condition), "{file}");

    let paid_by: Vec<_> = read
        .paid_by
        .iter()
        .map(|paid| {
            assert!(paid.line_items.is_empty(), "{file}");
            (
                paid.asset_type.clone(),
                paid.description.clone(),
                paid.total,
            )
        })
        .collect();
    let expected: Vec<_> = expected
        .paid_by
        .iter()
        .map(|(asset, words, minor)| (Some(clean(asset)), clean(words), Some(nzd(*minor))))
        .collect();
    assert_eq!(paid_by, expected, "{file}");
}

#[test]
fn paid_samples_have_no_remaining_amount() {
    let paid: Vec<_> = REQUESTS
        .iter()
        .filter(|request| request.status == "paid")
        .collect();
    assert_eq!(paid.len(), 4);
    for request in paid {
        let raw: Value = serde_json::from_str(&sample(request.file)).unwrap();
        assert_eq!(raw.get("remainingAmount"), None, "{}", request.file);
        assert_eq!(request.remaining, None, "{}", request.file);
    }
}

#[tokio::test]
async fn activities_are_read() {
    let platform = Platform::start().await;
    let client = client(&platform, "");
    let no_items = Basket::default();
    for (file, word, minor) in ACTIVITIES {
        let expected = Activity {
            kind: kind(word),
            request: Some(id()),
            value: Some(nzd(*minor)),
        };
        let condition = ConditionId::new("1");
        let requests = format!("POST /api/payment-requests/{ID}");
        for _ in 0..3 {
            platform.will_answer(200, sample(file));
        }
        assert_eq!(client.void(&id()).await, Ok(expected.clone()), "{file}");
        let answered = client
            .answer_condition(&id(), &condition, Decision::Accept)
            .await;
        assert_eq!(answered, Ok(expected), "{file}");
        let answered = client
            .answer_condition(&id(), &condition, Decision::Decline)
            .await;
        assert!(answered.is_ok(), "{file}");
        let lines: Vec<_> = platform.calls().iter().map(platform::Call::line).collect();
        let called = ["void", "conditions/1/accept", "conditions/1/decline"];
        assert_eq!(lines, called.map(|call| format!("{requests}/{call}")));

        // The client accepts only refunds. A refund has a short code of its own and no reference.
        let code = REFUND_CODES.iter().find(|(refund, _)| refund == file);
        assert_eq!(code.is_some(), *word == "refund", "{file}");
        platform.will_answer(200, sample(file));
        let refund = client.refund(&id(), new_refund(&no_items, *minor)).await;
        match code {
            Some((_, code)) => {
                let expected = Refund {
                    request: Some(id()),
                    external_ref: None,
                    value: Some(nzd(*minor)),
                    short_code: Some(Text::clean(code)),
                };
                assert_eq!(refund, Ok(expected), "{file}");
            }
            None => assert!(matches!(refund, Err(Failure::Ambiguous(_))), "{file}"),
        }
        assert_eq!(platform.calls().len(), 1);
    }
}

#[tokio::test]
async fn activity_lists_are_read() {
    const OTHER_ID: &str = "5zXMDueDJRNNyP3UeWBgSA";
    let of_a_request = [
        ("refund", ID, 600),
        ("payment", ID, 6_190),
        ("request", ID, 6_190),
    ];
    let of_another = [
        ("Authorization", OTHER_ID, 100),
        ("preAuthRequest", OTHER_ID, 100),
    ];
    let of_a_merchant = [&of_a_request[..], &of_another].concat();
    let platform = Platform::start().await;
    let client = client(&platform, "");
    for (file, items, is_complete) in [
        (ACTIVITY_LIST, &of_a_request[..], true),
        (MERCHANT_ACTIVITY_LIST, &of_a_merchant[..], false),
    ] {
        for _ in 0..2 {
            platform.will_answer(200, sample(file));
        }
        let expected: Vec<_> = items
            .iter()
            .map(|(word, request, minor)| Activity {
                kind: kind(word),
                request: RequestId::new(request),
                value: Some(nzd(*minor)),
            })
            .collect();
        assert_eq!(client.activities(&id()).await.unwrap(), expected, "{file}");

        let refunds = client.refunds(&id()).await.unwrap();
        let refund = Refund {
            request: Some(id()),
            external_ref: None,
            value: Some(nzd(600)),
            short_code: Some(Text::clean("CP-C7F-ZS5-032")),
        };
        assert_eq!(refunds.listed, [refund], "{file}");
        assert_eq!(refunds.is_complete, is_complete, "{file}");
        let line = format!("GET /api/payment-requests/{ID}/activities");
        assert!(platform.calls().iter().all(|call| call.line() == line));
    }
}

#[tokio::test]
async fn only_a_clear_last_page_is_complete() {
    let documented: Value = serde_json::from_str(&sample(ACTIVITY_LIST)).unwrap();
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut list = documented.clone();
        edit(&mut list);

        list.to_string()
    };
    let further = |key: &'static str| edited(&|list| list[key] = json!("12312312"));
    let platform = Platform::start().await;
    let client = client(&platform, "");
    for (list, refunds, is_complete) in [
        (edited(&|_| ()), 1, true),
        (edited(&|list| list["nextPageKey"] = Value::Null), 1, true),
        (further("pageKey"), 1, false),
        (further("nextPageKey"), 1, false),
        (edited(&|list| list["items"] = json!([])), 0, false),
        (
            edited(&|list| list["items"][0]["type"] = json!(7)),
            0,
            false,
        ),
        (
            edited(&|list| list["items"][2]["type"] = Value::Null),
            1,
            false,
        ),
    ] {
        platform.will_answer(200, list.as_str());
        let read = client.refunds(&id()).await.unwrap();
        assert_eq!(read.listed.len(), refunds, "{list}");
        assert_eq!(read.is_complete, is_complete, "{list}");
    }
}

#[tokio::test]
async fn a_request_list_is_followed_to_its_end() {
    let platform = Platform::start().await;
    platform.will_answer(200, sample(REQUEST_LIST));
    let get = "api.payment-requests-get.response.json";
    platform.will_answer(200, sample(get));
    platform.will_answer(200, r#"{"items":[]}"#);
    let client = client(&platform, "");
    let found = client
        .look_up("A1.x7Kq2mPz01", "C4QnjXvj8At6SMsEN4LRi9")
        .await
        .unwrap();

    let [request] = &found[..] else {
        panic!("{found:?}");
    };
    let expected = REQUESTS.iter().find(|request| request.file == get).unwrap();
    assert_read(request, expected);
    let calls = platform.calls();
    let list = "GET /api/payment-requests/external-ref/A1.x7Kq2mPz01";
    let read = format!("GET /api/payment-requests/{ID}");
    let lines: Vec<_> = calls.iter().map(platform::Call::line).collect();
    assert_eq!(lines, [list, &read, list]);
    let account = "merchantAccountId=C4QnjXvj8At6SMsEN4LRi9";
    assert_eq!(calls[0].uri.query(), Some(account));
    let further = format!("{account}&pageKey=12312312");
    assert_eq!(calls[2].uri.query(), Some(further.as_str()));
}

#[tokio::test]
async fn errors_are_sorted() {
    let platform = Platform::start().await;
    let client = client(&platform, "");
    for (file, status, code) in ERRORS {
        let documented: Value = serde_json::from_str(&sample(file)).unwrap();
        assert_eq!(documented["statusCode"], *status, "{file}");
        for _ in 0..3 {
            platform.will_answer(*status, sample(file));
        }
        let failures = [
            client.read(&id()).await.unwrap_err(),
            client.create(&new_request()).await.unwrap_err(),
            client.void(&id()).await.unwrap_err(),
        ];
        assert_eq!(platform.calls().len(), 3, "{file}");

        for failure in failures {
            let is_sorted = match (&failure, status) {
                (Failure::Throttled { retry_after }, 429) => {
                    *retry_after == Some(Duration::from_secs(7))
                }
                (Failure::Unauthorised(refusal), 401)
                | (Failure::Refused(refusal), 400 | 403 | 404) => refusal.status == *status,
                _ => false,
            };
            assert!(is_sorted, "{file}: {failure:?}");
            assert_eq!(failure.code(), *code, "{file}");
            let reason = failure.refusal().and_then(|refusal| refusal.reason.clone());
            let documented = documented["reason"].as_str().map(Text::sentence);
            assert_eq!(reason, documented, "{file}");
        }
    }
}

#[tokio::test]
async fn the_line_items_of_an_asset_are_read() {
    let total: Value = serde_json::from_str(&sample(ASSET_TOTAL)).unwrap();
    let paid = "guide.merchant-integration-qr-code-flow.03.L98.response.json";
    let mut answer: Value = serde_json::from_str(&sample(paid)).unwrap();
    answer["status"] = json!("paid");
    answer["paidBy"] = json!({ "assetTotals": [total] });
    let platform = Platform::start().await;
    platform.will_answer(200, answer.to_string());
    let read = client(&platform, "").read(&id()).await.unwrap();

    let [paid] = &read.paid_by[..] else {
        panic!("{read:?}");
    };
    let text = |word| Some(Text::clean(word));
    assert_eq!(paid.asset_type, text("centrapay.token.main"));
    assert_eq!(paid.description, Text::clean("Centrapay Token"));
    assert_eq!(paid.total, Some(nzd(450)));
    let [line] = &paid.line_items[..] else {
        panic!("{paid:?}");
    };
    assert_eq!(line.name, Text::clean("Coffee Grounds"));
    assert_eq!(line.sku, text("GH1234"));
    assert_eq!(line.quantity, text("1"));
    assert_eq!(line.price, Some(450));
}

#[test]
fn documented_line_items_are_taken_and_kept() {
    for (file, sum) in LINE_ITEMS {
        let basket = Basket::parse(&sample(file)).unwrap();
        assert_eq!(basket.sum(), *sum, "{file}");
        let documented: Value = serde_json::from_str(&sample(file)).unwrap();
        assert_eq!(serde_json::to_value(&basket).unwrap(), documented, "{file}");
    }
}

#[tokio::test]
async fn other_models_pass_for_nothing() {
    let platform = Platform::start().await;
    let client = client(&platform, "");
    let no_items = Basket::default();
    for file in OTHER_MODELS {
        for _ in 0..4 {
            platform.will_answer(200, sample(file));
        }
        let read = client.read(&id()).await;
        assert!(matches!(read, Err(Failure::Ambiguous(_))), "{file}");
        let refund = client.refund(&id(), new_refund(&no_items, 100)).await;
        assert!(matches!(refund, Err(Failure::Ambiguous(_))), "{file}");
        let found = client.look_up("A1", "account").await;
        assert!(matches!(found, Err(Failure::Ambiguous(_))), "{file}");
        let refunds = client.refunds(&id()).await;
        let is_taken =
            refunds.is_ok_and(|refunds| refunds.is_complete || !refunds.listed.is_empty());
        assert!(!is_taken, "{file}");
        assert_eq!(platform.calls().len(), 4, "{file}");
    }
}

#[test]
fn the_documented_patron_code_fails_luhn() {
    let codes: Vec<String> = OTHER_MODELS
        .iter()
        .filter_map(|file| {
            let model: Value = serde_json::from_str(&sample(file)).unwrap();
            model["barcode"].as_str().map(ToOwned::to_owned)
        })
        .collect();
    assert_eq!(codes.len(), 4);
    for code in codes {
        assert_eq!(code, "9990001234567895");
        assert!(!PatronCode::parse(&code).unwrap().is_consistent());
    }
}
