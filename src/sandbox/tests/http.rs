//! Tests of the API over HTTP.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::shop::{SandboxShop, body, id, read, refused};
use crate::sandbox::{Liveness, Options};

async fn shop() -> SandboxShop {
    SandboxShop::open(Options::default()).await
}

#[tokio::test]
async fn documented_flow_works() {
    let shop = SandboxShop::open(Options {
        liveness: Liveness::Main,
        merchant_name: "Centrapay Café".to_owned(),
        ..Options::default()
    })
    .await;

    let created = shop.create(json!({})).await;
    let id = id(&created);
    assert_eq!(created["configId"], "5ee168e8597be5002af7b454");
    assert_eq!(created["expirySeconds"], 120);
    assert_eq!(created["merchantName"], "Centrapay Café");
    assert_eq!(
        created["paymentOptions"],
        json!([{ "amount": "10000", "assetType": "centrapay.nzd.main" }])
    );
    assert_eq!(created["status"], "new");
    assert_eq!(created["liveness"], "main");
    assert_eq!(
        created["value"],
        json!({ "amount": "10000", "currency": "NZD" })
    );
    assert_eq!(
        created["url"],
        format!("{}/pay/{id}", shop.sandbox.base_url())
    );
    assert_eq!(created["remainingAmount"], "10000");
    assert_eq!(created["merchantConditions"], json!([]));
    assert_eq!(created.get("paidBy"), None);
    let mut polled = shop.poll(id).await;
    assert_eq!(polled.get("remainingAmount"), None);
    polled["remainingAmount"] = created["remainingAmount"].clone();
    assert_eq!(polled, created);

    let body = json!({ "assetType": "centrapay.nzd.main", "assetId": "WRhAxxWpTKb5U7pXyxQjjY" });
    let path = format!("/api/payment-requests/{id}/pay");
    let (status, activity) = read(shop.send(Method::POST, &path, None, Some(body)).await).await;
    assert_eq!(status, 200, "the patron has no key: {activity}");
    assert_eq!(activity["activityNumber"], "2");
    assert_eq!(activity["type"], "payment");
    assert_eq!(activity["paymentRequestId"], id);
    assert_eq!(activity["merchantConfigId"], "5ee168e8597be5002af7b454");
    assert_eq!(activity["value"], created["value"]);
    let short_code = created["shortCode"].as_str().unwrap();
    assert!(
        activity["shortCode"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{short_code}-01"))
    );

    let paid = shop.poll(id).await;
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid.get("remainingAmount"), None);
    let total = &paid["paidBy"]["assetTotals"][0];
    assert_eq!(total["type"], "centrapay.nzd.main");
    assert_eq!(total["description"], "Centrapay NZD");
    assert_eq!(total["total"], created["value"]);
    assert_eq!(total["settlementDate"], paid["updatedAt"]);
    assert_eq!(total.get("lineItems"), None);
}

#[tokio::test]
async fn answers_repeat_the_documented_details() {
    let shop = shop().await;
    let repeated = json!({
        "invoiceRef": "INV-1",
        "purchaseOrderRef": "PO-1",
        "conditionsEnabled": true,
        "partialAllowed": true,
        "basketAmount": "12000",
        "barcode": "123456789",
        "lineItems": [{ "name": "Lunch", "qty": 2, "price": "12000", "tax": "15.00" }],
    });
    let kept = json!({
        "externalRef": "sale-1",
        "terminalId": "COUNTER-1",
        "deviceId": "SN-0042",
        "operatorId": "sam",
        "patronNotPresent": false,
    });
    let mut details = repeated.clone();
    details
        .as_object_mut()
        .unwrap()
        .extend(kept.as_object().unwrap().clone());
    let created = shop.create(details.clone()).await;
    let code = created["shortCode"].as_str().unwrap();
    let path = format!("/api/payment-requests/short-code/{code}");
    let polled = shop.poll(id(&created)).await;
    let (_, found) = shop.get(&path).await;

    for answer in [&created, &polled, &found] {
        for (field, value) in repeated.as_object().unwrap() {
            assert_eq!(&answer[field], value, "{field}");
        }
        for field in kept.as_object().unwrap().keys() {
            assert_eq!(answer.get(field), None, "{field}");
        }
        assert_eq!(answer["remainingAmount"], "10000");
    }
    let snapshot = shop.sandbox.control().request(id(&created)).unwrap();
    assert_eq!(
        snapshot.told, details,
        "the sandbox keeps the details for tests"
    );
}

#[tokio::test]
async fn times_are_utc_with_milliseconds() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    for field in ["createdAt", "updatedAt", "expiresAt"] {
        let text = created[field].as_str().unwrap();
        assert_eq!(text.len(), "2021-06-08T04:04:27.426Z".len(), "{text}");
        assert!(text.ends_with('Z') && &text[19..20] == ".", "{text}");
    }
}

#[tokio::test]
async fn refused_config_has_the_platform_code() {
    let shop = shop().await;
    let answer = shop
        .post(
            "/api/payment-requests",
            body(json!({ "configId": "refused1" })),
        )
        .await;
    assert_eq!(refused(&answer), (403, "NO_AVAILABLE_PAYMENT_OPTIONS"));
    assert_eq!(answer.1["error"], "Forbidden");
    assert_eq!(answer.1["statusCode"], 403);
}

#[tokio::test]
async fn short_code_finds_its_request() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let code = created["shortCode"].as_str().unwrap();
    let path = "/api/payment-requests/short-code";
    let found = shop.get(&format!("{path}/{code}")).await;
    assert_eq!(found, (200, shop.poll(id(&created)).await));

    let last = if code.ends_with('2') { "3" } else { "2" };
    let wrong = format!("{path}/{}{last}", &code[..code.len() - 1]);
    assert_eq!(refused(&shop.get(&wrong).await), (400, "CHECKSUM_FAILED"));
}

#[tokio::test]
async fn reference_lookup_has_pages() {
    let shop = SandboxShop::open(Options {
        page_size: 2,
        ..Options::default()
    })
    .await;
    let mut created = Vec::new();
    for _ in 0..3 {
        created.push(id(&shop.create(json!({ "externalRef": "sale 1" })).await).to_owned());
    }
    shop.create(json!({ "externalRef": "sale 2" })).await;
    created.reverse();

    let path = "/api/payment-requests/external-ref/sale%201";
    let (_, first) = shop.get(&format!("{path}?merchantAccountId=acc")).await;
    let key = first["pageKey"].as_str().unwrap();
    let next = format!("{path}?merchantAccountId=acc&pageKey={key}");
    let (_, second) = shop.get(&next).await;
    assert_eq!(second.get("pageKey"), None);

    let items: Vec<&Value> = [&first, &second]
        .into_iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .collect();
    assert_eq!(
        items.iter().map(|item| id(item)).collect::<Vec<_>>(),
        created
    );
    for item in items {
        let mut fields: Vec<_> = item.as_object().unwrap().keys().collect();
        fields.sort();
        // The fields of the documented list, except for connections.
        assert_eq!(
            fields,
            [
                "createdAt",
                "expiresAt",
                "id",
                "liveness",
                "merchantName",
                "paymentOptions",
                "status",
                "url",
                "value",
            ]
        );
    }
}

#[tokio::test]
async fn page_is_as_short_as_requested() {
    let shop = SandboxShop::open(Options {
        page_size: 2,
        ..Options::default()
    })
    .await;
    for _ in 0..3 {
        shop.create(json!({ "externalRef": "A1" })).await;
    }
    let path = "/api/payment-requests/external-ref/A1?merchantAccountId=acc";
    for (limit, length) in [(1, 1), (2, 2), (50, 2)] {
        let (_, page) = shop.get(&format!("{path}&paginationLimit={limit}")).await;
        assert_eq!(page["items"].as_array().unwrap().len(), length, "{limit}");
        assert!(page["pageKey"].is_string());
    }
    for wrong in ["0", "-1", "all"] {
        let answer = shop.get(&format!("{path}&paginationLimit={wrong}")).await;
        assert_eq!(refused(&answer), (400, "BAD_REQUEST"), "{wrong}");
    }
}

#[tokio::test]
async fn reused_short_code_finds_the_latest() {
    let shop = shop().await;
    let control = shop.sandbox.control();
    let older = shop.create(json!({})).await;
    let newer = shop.create(json!({})).await;
    control.reuse_short_code(id(&older), id(&newer)).unwrap();
    control
        .age(id(&older), Duration::from_secs(3 * 365 * 24 * 60 * 60))
        .unwrap();
    let code = older["shortCode"].as_str().unwrap();
    let path = format!("/api/payment-requests/short-code/{code}");

    let (_, found) = shop.get(&path).await;
    assert_eq!(id(&found), id(&newer));
    assert_eq!(found["shortCode"], older["shortCode"]);

    // The latest request has the latest creation time.
    control
        .age(id(&newer), Duration::from_secs(4 * 365 * 24 * 60 * 60))
        .unwrap();
    let (_, found) = shop.get(&path).await;
    assert_eq!(id(&found), id(&older));
    let unknown = control.reuse_short_code("nobody", id(&newer)).unwrap_err();
    assert_eq!(unknown.code(), "FORBIDDEN");
}

#[tokio::test]
async fn reference_lookup_needs_an_account() {
    let shop = shop().await;
    let path = "/api/payment-requests/external-ref/sale-1";
    assert_eq!(refused(&shop.get(path).await), (400, "BAD_REQUEST"));
    let nothing = shop.get(&format!("{path}?merchantAccountId=acc")).await;
    assert_eq!(nothing, (200, json!({ "items": [] })));
}

#[tokio::test]
async fn void_says_cancellation_or_refund() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let (status, activity) = shop.call(id(&created), "void", json!(null)).await;
    assert_eq!((status, &activity["type"]), (200, &json!("cancellation")));
    let cancelled = shop.poll(id(&created)).await;
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(cancelled["cancellationReason"], "CANCELLED_BY_MERCHANT");

    let created = shop.create(json!({})).await;
    shop.sandbox.control().pay(id(&created)).unwrap();
    let (status, activity) = shop.call(id(&created), "void", json!(null)).await;
    assert_eq!((status, &activity["type"]), (200, &json!("refund")));
    assert_eq!(activity["value"]["amount"], "10000");
}

#[tokio::test]
async fn refunds_are_listed_newest_first() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let id = id(&created);
    let refund = json!({
        "value": { "amount": "2500", "currency": "NZD" },
        "externalRef": "refund-1",
    });
    let early = shop.call(id, "refund", refund.clone()).await;
    assert_eq!(refused(&early), (403, "NOT_PAID"));

    shop.sandbox.control().pay(id).unwrap();
    let (status, activity) = shop.call(id, "refund", refund.clone()).await;
    assert_eq!((status, &activity["type"]), (200, &json!("refund")));
    assert_eq!(activity.get("externalRef"), None);
    assert_eq!(activity.get("invoiceRef"), None);
    assert_eq!(activity.get("lineItems"), None);
    assert_eq!(shop.call(id, "refund", refund).await, (200, activity));

    let (_, page) = shop
        .get(&format!("/api/payment-requests/{id}/activities"))
        .await;
    let items = page["items"].as_array().unwrap();
    let types: Vec<_> = items
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["refund", "paid", "payment", "request"]);
    for item in items {
        assert_eq!(item.get("externalRef"), None, "{item}");
    }
    assert_eq!(
        shop.sandbox.control().captured_minus_refunded(id),
        Some(7_500)
    );
}

#[tokio::test]
async fn condition_is_answered_by_id() {
    let shop = shop().await;
    let created = shop
        .create(json!({ "conditionsEnabled": true, "externalRef": "CONDITION-1" }))
        .await;
    assert_eq!(created["merchantConditions"], json!([]));
    let polled = shop.poll(id(&created)).await;
    let condition = &polled["merchantConditions"][0];
    assert_eq!(condition["status"], "awaiting-merchant");
    assert!(!condition["message"].as_str().unwrap().is_empty());

    let verb = format!("conditions/{}/accept", condition["id"].as_str().unwrap());
    let (status, activity) = shop.call(id(&created), &verb, json!(null)).await;
    assert_eq!(
        (status, &activity["type"]),
        (200, &json!("accept-condition"))
    );
    // The documented answer has the amount as a number and no short code.
    let value = json!({ "amount": 10_000, "currency": "NZD" });
    assert_eq!(activity["value"], value);
    assert_eq!(activity.get("shortCode"), None);
    let polled = shop.poll(id(&created)).await;
    assert_eq!(polled["merchantConditions"][0]["status"], "accepted");

    let again = shop.call(id(&created), &verb, json!(null)).await;
    assert_eq!(refused(&again), (403, "CONDITION_ALREADY_SET"));
}
