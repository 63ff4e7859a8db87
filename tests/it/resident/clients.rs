//! Clients of the local API that are slow, rude or wrong, and displays that are dead or not displays.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::resident::{Counter, Shop};

const TOKEN: &str = "token-of-a-test";

fn sale(reference: &str) -> Value {
    json!({"ref": reference, "amount": "12.50"})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_mute_client_delays_no_sale() {
    let mut counter = Counter::open().await;
    let api = Api::own(&counter.shop);
    counter.calls(&api, "POST", "/v1/sales", &sale("A1")).await;
    let mut mute = api.connect();
    let host = &api.address;
    let (_, token) = api
        .head
        .iter()
        .find(|(name, _)| name == "Authorization")
        .unwrap();
    let request = format!(
        "GET /v1/sales/A1/events HTTP/1.1\r\nHost: {host}\r\nAuthorization: {token}\r\n\r\n"
    );
    mute.write_all(request.as_bytes()).unwrap();
    counter.until_presenting().await;
    counter.control().pay(&counter.latest()).unwrap();
    counter
        .until(|display| display.app().display().sale().has_told_outcome())
        .await;

    // The display makes the next sale while the first client still reads nothing.
    let mut till = counter.sells_as("A2");
    counter.until_shown(&till).await;
    counter.is_paid(&mut till).await;
    mute.set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let mut told = String::new();
    mute.take(4096)
        .read_to_string(&mut told)
        .unwrap_or_default();
    assert!(told.contains(r#""outcome":"paid""#), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_wrong_clients_disturb_no_sale() {
    let mut counter = Counter::open().await;
    let api = Api::own(&counter.shop);
    let silent = api.connect();
    let mut nonsense = api.connect();
    nonsense.write_all(b"\x16\x03\x01 hello\r\n\r\n").unwrap();
    let mut endless = api.connect();
    endless
        .set_write_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let flooded = std::thread::spawn(move || {
        endless.write_all(b"GET /").unwrap();
        // The system itself buffers some megabytes.
        for _ in 0..1000 {
            if endless.write_all(&[b'x'; 64 * 1024]).is_err() {
                return;
            }
        }
        panic!("a head of 64 megabytes was read");
    });
    let mut till = counter.shows_code().await;
    counter.until(|_| flooded.is_finished()).await;
    flooded.join().unwrap();
    counter.is_paid(&mut till).await;
    drop(silent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_long_body_is_refused() {
    let mut counter = Counter::open().await;
    let api = Api::own(&counter.shop);
    let long = json!({"ref": "A1", "operator": "x".repeat(3 * 1024 * 1024)});
    let answer = counter.calls(&api, "POST", "/v1/sales", &long).await;
    assert_eq!(answer.reason(), "too-large", "{answer:?}");
    assert!(counter.display.app().is_idle());
}

/// Answers at the address of a display. It proves that it knows the token, and gives these answers to the calls after
/// that.
fn pretends(shop: &Shop, token: &'static str, answers: &'static [&'static str]) -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let display = json!({
        "address": listener.local_addr().unwrap(),
        "token": TOKEN,
        "version": "0.0.1",
        "pid": 1,
    });
    std::fs::create_dir_all(shop.path("data")).unwrap();
    shop.write("data/display.json", &display.to_string());
    let accepting = listener.try_clone().unwrap();
    std::thread::spawn(move || {
        let (stream, request) = request(&accepting);
        let nonce = request.split(['=', ' ']).nth(2).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
        let proof = URL_SAFE_NO_PAD.encode(hmac::sign(&key, nonce.as_bytes()));
        answers_with(
            &stream,
            &json!({"proof": proof, "version": "0.0.1"}).to_string(),
        );
        for answer in answers {
            let (stream, _) = self::request(&accepting);
            answers_with(&stream, answer);
        }
    });

    listener
}

fn request(listener: &TcpListener) -> (TcpStream, String) {
    let (stream, _) = listener.accept().unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    lines.map_while(Result::ok).find(String::is_empty);

    (stream, first)
}

/// An empty answer stands for a display that dies.
fn answers_with(mut stream: &TcpStream, body: &str) {
    if !body.is_empty() {
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
    }
}

#[tokio::test]
async fn early_death_creates_nothing() {
    let shop = Shop::open().await;
    // Creates a journal that does not have this sale.
    let journal = patron_display::journal::Journal::open(&shop.path("data")).unwrap();
    journal.recall(None).await.unwrap();
    drop(journal);
    let _listener = pretends(&shop, TOKEN, &[""]);
    let finished = shop.finishes(&["sale", "--amount", "5", "--json"]).await;
    let told = finished.stdout;
    assert_eq!(finished.exit_code, Some(41), "{told}");
    assert!(told.contains(r#""outcome":"unreachable""#), "{told}");
}

#[tokio::test]
async fn f84_foreign_listener_gets_no_sale() {
    let shop = Shop::open().await;
    let listener = pretends(&shop, "another token", &[]);
    let finished = shop.finishes(&["sale", "--amount", "5"]).await;
    // 69 means that there is no screen, so the program tried to open its own window.
    assert_eq!(finished.exit_code, Some(69), "{}", finished.stderr);
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "it was called again");
}

#[tokio::test]
async fn f84_sale_after_a_dead_display() {
    let shop = Shop::open().await;
    drop(pretends(&shop, TOKEN, &[]));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let display = json!({"address": address, "token": TOKEN, "version": "0.0.1", "pid": 1});
    shop.write("data/display.json", &display.to_string());
    let finished = shop.finishes(&["sale", "--amount", "5"]).await;
    assert_eq!(finished.exit_code, Some(69), "{}", finished.stderr);
}

#[tokio::test]
async fn mute_display_is_a_taken_counter() {
    let shop = Shop::open().await;
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = mute.local_addr().unwrap();
    let display = json!({"address": address, "token": TOKEN, "version": "0.0.1", "pid": 1});
    std::fs::create_dir_all(shop.path("data")).unwrap();
    shop.write("data/display.json", &display.to_string());
    let finished = shop.finishes(&["sale", "--amount", "5"]).await;
    let said = finished.stderr;
    assert_eq!(finished.exit_code, Some(75), "{said}");
    assert!(said.contains("does not answer"), "{said}");
}

#[tokio::test]
async fn no_resident_opens_an_own_window() {
    let counter = Counter::open().await;
    let sale = ["sale", "--amount", "5", "--no-resident"];
    let finished = counter.shop.finishes(&sale).await;
    assert_eq!(finished.exit_code, Some(69), "{}", finished.stderr);
}
