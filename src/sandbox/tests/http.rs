//! The API as a till sees it.

use reqwest::Method;
use serde_json::{Value, json};

use super::shop::{Shop, body, id, read, refused};
use crate::sandbox::{Liveness, Options};

async fn shop() -> Shop {
    Shop::open(Options::default()).await
}

#[tokio::test]
async fn the_seeds_flow_works_word_for_word() {
    let shop = Shop::open(Options {
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
    assert_eq!(created.get("remainingAmount"), None);
    assert_eq!(created.get("paidBy"), None);
    assert_eq!(shop.poll(id).await, created);

    let body = json!({ "assetType": "centrapay.nzd.main", "assetId": "WRhAxxWpTKb5U7pXyxQjjY" });
    let path = format!("/api/payment-requests/{id}/pay");
    let (status, activity) = read(shop.send(Method::POST, &path, None, Some(body)).await).await;
    assert_eq!(
        status, 200,
        "the patron has no key of the shop's: {activity}"
    );
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
    assert_eq!(paid["remainingAmount"], "0");
    let total = &paid["paidBy"]["assetTotals"][0];
    assert_eq!(total["type"], "centrapay.nzd.main");
    assert_eq!(total["description"], "Centrapay NZD");
    assert_eq!(total["total"], created["value"]);
}

#[tokio::test]
async fn what_the_merchant_said_comes_back() {
    let shop = shop().await;
    let details = json!({
        "externalRef": "sale-1",
        "terminalId": "COUNTER-1",
        "deviceId": "SN-0042",
        "operatorId": "sam",
        "invoiceRef": "INV-1",
        "purchaseOrderRef": "PO-1",
        "conditionsEnabled": true,
        "patronNotPresent": false,
        "partialAllowed": true,
        "basketAmount": "12000",
        "lineItems": [{ "name": "Lunch", "qty": 2, "price": "12000", "tax": "15.00" }],
    });
    let created = shop.create(details.clone()).await;

    for (field, value) in details.as_object().unwrap() {
        assert_eq!(&created[field], value, "{field}");
    }
    assert_eq!(created["remainingAmount"], "10000");
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
async fn a_refused_config_answers_with_the_platforms_code() {
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
async fn a_short_code_finds_its_request_and_a_typing_error_does_not() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let code = created["shortCode"].as_str().unwrap();
    let path = "/api/payment-requests/short-code";
    assert_eq!(
        shop.get(&format!("{path}/{code}")).await,
        (200, created.clone())
    );

    let last = if code.ends_with('2') { "3" } else { "2" };
    let wrong = format!("{path}/{}{last}", &code[..code.len() - 1]);
    assert_eq!(refused(&shop.get(&wrong).await), (400, "CHECKSUM_FAILED"));
}

#[tokio::test]
async fn a_reference_finds_every_request_that_has_it_page_by_page() {
    let shop = Shop::open(Options {
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
        assert_eq!((item.get("configId"), item.get("shortCode")), (None, None));
    }
}

#[tokio::test]
async fn a_reference_is_looked_up_within_an_account() {
    let shop = shop().await;
    let path = "/api/payment-requests/external-ref/sale-1";
    assert_eq!(refused(&shop.get(path).await), (400, "BAD_REQUEST"));
    let nothing = shop.get(&format!("{path}?merchantAccountId=acc")).await;
    assert_eq!(nothing, (200, json!({ "items": [] })));
}

#[tokio::test]
async fn voiding_says_whether_it_cancelled_or_refunded() {
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
async fn refunds_show_among_the_activities_newest_first() {
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
    assert_eq!(activity["externalRef"], "refund-1");
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
    assert_eq!(
        shop.sandbox.control().captured_minus_refunded(id),
        Some(7_500)
    );
}

#[tokio::test]
async fn the_merchant_answers_a_condition_by_its_id() {
    let shop = shop().await;
    let created = shop
        .create(json!({ "conditionsEnabled": true, "externalRef": "CONDITION-1" }))
        .await;
    assert_eq!(created.get("merchantConditions"), None);
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
    let polled = shop.poll(id(&created)).await;
    assert_eq!(polled["merchantConditions"][0]["status"], "accepted");

    let again = shop.call(id(&created), &verb, json!(null)).await;
    assert_eq!(refused(&again), (403, "CONDITION_ALREADY_SET"));
}
