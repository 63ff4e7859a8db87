//! Access: tokens, hosts, origins and rights. A refused call changes nothing.

use std::process::Command;

use serde_json::{Value, json};

use super::{Service, sale};
use crate::support::api::Api;

const ORIGIN: &str = "https://till.example";

/// Adds a till with the real program, and returns a client with its token.
pub(super) fn till(service: &Service, options: &[&str]) -> Api {
    let added: Command = service
        .counter
        .shop
        .program(&[&["till", "add", "front", "--json"], options].concat());
    let output = { added }.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let told: Value = serde_json::from_slice(&output.stdout).expect(&said);
    let token = told["token"].as_str().unwrap();

    service
        .api
        .with("Authorization", &format!("Bearer {token}"))
}

/// Tries to sell, and checks that it is refused and nothing happens.
async fn is_refused(service: &mut Service, api: &Api, status: u16, reason: &str) {
    let answer = service
        .counter
        .calls(api, "POST", "/v1/sales", &sale("A1"))
        .await;
    assert_eq!(
        (answer.status, answer.reason()),
        (status, reason),
        "{answer:?}"
    );
    assert!(service.counter.control().requests().is_empty());
    assert!(service.counter.display.app().is_idle());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f81_token_is_needed() {
    let mut service = Service::open().await;
    for token in ["", "Bearer", "Bearer wrong", "Basic dTpw"] {
        let api = service.api.with("Authorization", token);
        is_refused(&mut service, &api, 401, "unauthorized").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f81_rebound_host_is_refused() {
    let mut service = Service::open().await;
    let port = service.api.address.split(':').nth(1).unwrap().to_owned();
    for host in [
        format!("evil.example:{port}"),
        "127.0.0.1:1".to_owned(),
        String::new(),
    ] {
        let api = service.api.with("Host", &host);
        is_refused(&mut service, &api, 403, "wrong-host").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f81_own_token_is_for_no_page() {
    let mut service = Service::open().await;
    let page = service.api.with("Origin", ORIGIN);
    is_refused(&mut service, &page, 403, "wrong-origin").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f81_till_sells_from_its_origin_only() {
    let mut service = Service::open().await;
    let till = till(&service, &["--origin", ORIGIN]);
    for origin in ["https://evil.example", "http://till.example", "null"] {
        let page = till.with("Origin", origin);
        is_refused(&mut service, &page, 403, "wrong-origin").await;
    }
    let page = till.with("Origin", ORIGIN);
    let answer = service
        .counter
        .calls(&page, "POST", "/v1/sales", &sale("A1"))
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let allowed = "access-control-allow-origin: https://till.example";
    assert!(answer.head.contains(allowed), "{}", answer.head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f88_removed_till_is_refused() {
    let mut service = Service::open().await;
    let till = till(&service, &[]);
    let removed = service
        .counter
        .shop
        .finishes(&["till", "remove", "front"])
        .await;
    assert_eq!(removed.exit_code, Some(0), "{}", removed.stderr);
    is_refused(&mut service, &till, 401, "unauthorized").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f88_till_may_do_only_what_it_may() {
    let mut service = Service::open().await;
    let till = till(&service, &["--may", "history"]);
    is_refused(&mut service, &till, 403, "forbidden").await;
    let refund = json!({"payment": "CP-C7F-ZS5", "ref": "R1"});
    for (path, body) in [("/v1/refunds", refund), ("/v1/settle", json!({}))] {
        let answer = service.counter.calls(&till, "POST", path, &body).await;
        assert_eq!(
            (answer.status, answer.reason()),
            (403, "forbidden"),
            "{path}"
        );
    }
    for path in ["/v1/history", "/v1/status"] {
        let answer = service
            .counter
            .calls(&till, "GET", path, &Value::Null)
            .await;
        assert_eq!(answer.status, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn launch_is_for_the_program_only() {
    let mut service = Service::open().await;
    let till = till(&service, &[]);
    let launch = json!({"config": "/etc/other.toml", "handover": "x"});
    let sale = json!({"ref": "A1", "amount": "5", "launch": launch});
    let answer = service
        .counter
        .calls(&till, "POST", "/v1/sales", &sale)
        .await;
    assert_eq!((answer.status, answer.reason()), (403, "forbidden"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn preflight_is_for_known_origins() {
    let mut service = Service::open().await;
    let _till = till(&service, &["--origin", ORIGIN]);
    let asks = |service: &Service, origin: &str| {
        service
            .api
            .with("Authorization", "")
            .with("Origin", origin)
            .with("Access-Control-Request-Method", "POST")
            .with(
                "Access-Control-Request-Headers",
                "authorization,content-type",
            )
            .with("Access-Control-Request-Private-Network", "true")
    };
    let known = asks(&service, ORIGIN);
    let answer = service
        .counter
        .calls(&known, "OPTIONS", "/v1/sales", &Value::Null)
        .await;
    assert_eq!(answer.status, 200);
    for header in [
        "access-control-allow-origin: https://till.example",
        "access-control-allow-private-network: true",
        "access-control-allow-headers: authorization,content-type,last-event-id",
    ] {
        assert!(answer.head.contains(header), "{header} in {}", answer.head);
    }
    let foreign = asks(&service, "https://evil.example");
    let answer = service
        .counter
        .calls(&foreign, "OPTIONS", "/v1/sales", &Value::Null)
        .await;
    assert!(
        !answer.head.contains("access-control-allow-origin"),
        "{}",
        answer.head
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f88_damaged_tills_let_nobody_in() {
    let mut service = Service::open().await;
    let till = till(&service, &[]);
    service.counter.shop.write("data/tills.json", "{");
    is_refused(&mut service, &till, 503, "configuration").await;
}
