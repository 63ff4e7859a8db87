//! Tests of addresses, keys, limits and routes.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::shop::{SandboxShop, body, id, read, refused};
use crate::sandbox::{ApiCall, Fault, Options, Sandbox, StartError};

async fn shop() -> SandboxShop {
    SandboxShop::open(Options::default()).await
}

#[tokio::test]
async fn answers_have_a_date() {
    let shop = shop().await;
    let response = shop.send(Method::GET, "/nothing", None, None).await;
    assert!(response.headers().contains_key("date"));
}

#[tokio::test]
async fn call_without_key_is_unauthorised() {
    let shop = shop().await;
    let path = "/api/payment-requests";
    for key in [None, Some(""), Some(" ")] {
        let response = shop
            .send(Method::POST, path, key, Some(body(json!({}))))
            .await;
        assert_eq!(
            read(response).await,
            (
                401,
                json!({ "statusCode": 401, "error": "Unauthorized", "message": "Missing authentication" })
            )
        );
    }
}

#[tokio::test]
async fn only_the_configured_key_is_accepted() {
    let shop = SandboxShop::open(Options {
        api_key: Some("right".into()),
        ..Options::default()
    })
    .await;
    let path = "/api/payment-requests";
    let send = |key| shop.send(Method::POST, path, Some(key), Some(body(json!({}))));
    assert_eq!(send("right").await.status(), StatusCode::OK);
    assert_eq!(send("wrong").await.status(), StatusCode::UNAUTHORIZED);

    let with_token = shop
        .client
        .post(shop.sandbox.base_url() + path)
        .header("Authorization", "right")
        .header("X-Centrapay-Account", "C4QnjXvj8At6SMsEN4LRi9")
        .json(&body(json!({})));
    assert_eq!(with_token.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn key_over_its_limit_must_wait() {
    let shop = SandboxShop::open(Options {
        rate_limit: 2,
        ..Options::default()
    })
    .await;
    let created = shop.create(json!({})).await;
    let path = format!("/api/payment-requests/{}", id(&created));
    assert_eq!(shop.get(&path).await.0, 200);

    let response = shop.send(Method::GET, &path, Some("key"), None).await;
    let wait: u64 = response.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(refused(&read(response).await), (429, "RATE_LIMIT_EXCEEDED"));

    let other_key = shop.send(Method::GET, &path, Some("other"), None).await;
    assert_eq!(other_key.status(), StatusCode::OK);
    let page = format!("/pay/{}", id(&created));
    assert_eq!(
        shop.send(Method::GET, &page, None, None).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn unknown_route_is_404_and_unknown_id_403() {
    let shop = shop().await;
    for path in [
        "/",
        "/api",
        "/api/payment-requests",
        "/api/payment-requests/x/y",
    ] {
        assert_eq!(refused(&shop.get(path).await), (404, "Not Found"), "{path}");
    }
    let unknown = shop
        .get("/api/payment-requests/MhocUmpxxmgdHjr7DgKoKw")
        .await;
    assert_eq!(refused(&unknown), (403, "FORBIDDEN"));
}

#[tokio::test]
async fn script_can_answer_404_for_no_access() {
    let shop = shop().await;
    let created = shop.create(json!({})).await;
    let control = shop.sandbox.control();
    control.script(ApiCall::Read, [Fault::refusal(404, "Not Found")]);
    let path = format!("/api/payment-requests/{}", id(&created));

    let documented = json!({ "statusCode": 404, "error": "Not Found", "message": "Not Found" });
    assert_eq!(shop.get(&path).await, (404, documented));
    assert_eq!(shop.get(&path).await.0, 200);
}

#[tokio::test]
async fn invalid_body_is_400_with_a_reason() {
    let shop = shop().await;
    let answer = shop
        .post("/api/payment-requests", json!({ "configId": "a1" }))
        .await;
    assert_eq!(refused(&answer), (400, "BAD_REQUEST"));
    assert!(answer.1["reason"].as_str().unwrap().contains("value"));

    let url = shop.sandbox.base_url() + "/api/payment-requests";
    let request = shop.client.post(url).header("X-Api-Key", "key").body("{");
    let answer = read(request.send().await.unwrap()).await;
    assert_eq!(refused(&answer), (400, "BAD_REQUEST"));
}

#[tokio::test]
async fn public_url_is_the_base_of_pay_urls() {
    let shop = SandboxShop::open(Options {
        public_url: Some("https://pay.example.org/shop/".parse().unwrap()),
        ..Options::default()
    })
    .await;
    let created = shop.create(json!({})).await;
    let expected = format!("https://pay.example.org/shop/pay/{}", id(&created));
    assert_eq!(created["url"], expected);

    let refused = Sandbox::start(Options {
        public_url: Some("mailto:a@example.org".parse().unwrap()),
        ..Options::default()
    })
    .await;
    assert!(matches!(refused, Err(StartError::PublicUrl(_))));
}

#[tokio::test]
async fn address_in_use_is_an_error() {
    let shop = shop().await;
    let second = Sandbox::start(Options {
        listen: shop.sandbox.address(),
        ..Options::default()
    })
    .await;
    assert!(matches!(second, Err(StartError::Listen { .. })));
}

#[tokio::test]
async fn stopped_sandbox_does_not_listen() {
    let dropped = shop().await;
    let base = dropped.sandbox.base_url();
    drop(dropped.sandbox);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(dropped.client.get(base).send().await.is_err());

    let stopped = shop().await;
    let created = stopped.create(json!({})).await;
    let control = stopped.sandbox.control();
    let base = stopped.sandbox.base_url();
    stopped.sandbox.shutdown().await;
    assert!(stopped.client.get(base).send().await.is_err());
    assert!(
        control.request(id(&created)).is_some(),
        "control outlives the server"
    );
}
