//! Tests of the pay page.

use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use super::shop::{SandboxShop, id};
use crate::sandbox::Options;
use crate::sandbox::money::for_people;

async fn shop() -> SandboxShop {
    SandboxShop::open(Options {
        merchant_name: "Fish & <Chips>".to_owned(),
        ..Options::default()
    })
    .await
}

async fn page(shop: &SandboxShop, id: &str) -> String {
    let response = shop
        .send(Method::GET, &format!("/pay/{id}"), None, None)
        .await;
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    response.text().await.unwrap()
}

async fn press(shop: &SandboxShop, id: &str, verb: &str) -> Response {
    shop.send(Method::POST, &format!("/pay/{id}/{verb}"), None, None)
        .await
}

#[tokio::test]
async fn new_request_can_be_paid_or_declined() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let id = id(&created);
    let html = page(&shop, id).await;

    assert!(html.contains("100.00 NZD"));
    assert!(html.contains(created["shortCode"].as_str().unwrap()));
    assert!(html.contains(&format!("action=\"{id}/pay\"")));
    assert!(html.contains(&format!("action=\"{id}/decline\"")));
    assert!(html.contains("http-equiv=\"refresh\" content=\"10\""));
    assert!(html.contains("no money moves"));
    assert!(html.contains("Fish &#38; &#60;Chips&#62;"));
    assert!(!html.contains("<Chips>"));
}

#[tokio::test]
async fn pay_button_pays_and_returns() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let id = id(&created);
    let response = press(&shop, id, "pay").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let location = response.headers()["location"].to_str().unwrap();
    let back = response.url().join(location).unwrap();
    assert_eq!(back.path(), format!("/pay/{id}"));

    assert_eq!(shop.poll(id).await["status"], "paid");
    let html = page(&shop, id).await;
    assert!(html.contains("You paid 100.00 NZD."));
    assert!(!html.contains("<form") && !html.contains("http-equiv"));

    shop.call(id, "void", json!(null)).await;
    assert!(page(&shop, id).await.contains("100.00 NZD of it went back"));
}

#[tokio::test]
async fn decline_button_cancels() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    press(&shop, id(&created), "decline").await;
    assert_eq!(
        shop.poll(id(&created)).await["cancellationReason"],
        "DECLINED_BY_PATRON"
    );
    assert!(
        page(&shop, id(&created))
            .await
            .contains("You declined it. You were not charged.")
    );
}

#[tokio::test]
async fn late_pay_button_charges_nothing() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    shop.sandbox.control().expire(id(&created)).unwrap();
    let response = press(&shop, id(&created), "pay").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);

    let html = page(&shop, id(&created)).await;
    assert!(html.contains("Expired") && html.contains("You were not charged."));
    let kept = shop.sandbox.control().captured_minus_refunded(id(&created));
    assert_eq!(kept, Some(0));
}

#[tokio::test]
async fn open_condition_hides_the_pay_button() {
    let shop = shop().await;
    let created = shop
        .create(json!({ "conditionsEnabled": true, "externalRef": "CONDITION" }))
        .await;
    shop.poll(id(&created)).await;
    let html = page(&shop, id(&created)).await;
    assert!(html.contains("The shop is checking something."));
    assert!(!html.contains("/pay\""));
}

#[tokio::test]
async fn older_qr_form_leads_to_the_page() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let path = format!("/api/payment-requests/{}/pay", id(&created));
    let response = shop.send(Method::GET, &path, None, None).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let location = response.headers()["location"].to_str().unwrap();
    let page = response.url().join(location).unwrap();
    assert_eq!(page.path(), format!("/pay/{}", id(&created)));
}

#[tokio::test]
async fn unknown_request_has_a_page() {
    let shop = shop().await;
    for path in ["/pay/nobody", "/pay/%0d%0a"] {
        let response = shop.send(Method::GET, path, None, None).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(response.text().await.unwrap().contains("Not found"));
    }
    let response = press(&shop, "%0d%0aX:%20y", "pay").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[test]
fn amounts_for_people_follow_the_currency() {
    assert_eq!(for_people(1_250, "NZD"), "12.50 NZD");
    assert_eq!(for_people(5, "NZD"), "0.05 NZD");
    assert_eq!(for_people(1_250, "JPY"), "1250 JPY");
    assert_eq!(for_people(1_250, "KWD"), "1.250 KWD");
}
