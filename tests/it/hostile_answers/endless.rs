//! Endless answers, and answers that are not HTTP.

use std::ops::RangeBounds;
use std::time::Duration;

use futures_util::future::join_all;
use patron_display::domain::payment::RequestId;
use patron_display::sale::Command;
use patron_display::sandbox::{ApiCall, SandboxStatus};

use crate::hostile_answers::{CAP, behind_gate, client, ends, ends_paid, told, until_meanwhile};
use crate::support::gate::{Gate, Taken, WireFault};
use crate::support::recording_server::RecordingServer;
use crate::support::scene::{KEY, Scene};

/// The largest number of bytes that a caller takes of an endless answer before it hangs up. It is more than the
/// client reads, because the system reads ahead; 600 KB have been measured.
const MOST_TAKEN: usize = 4 * CAP;

fn head(status: &str, more: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}")
}

fn ok(more: &str) -> String {
    head("200 OK", more)
}

fn endless_bodies() -> Vec<WireFault> {
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let padding = " ".repeat(0x1000);

    vec![
        WireFault::flood(ok("\r\n{\"padding\":\""), "x".repeat(0x1000)),
        WireFault::flood(ok("Content-Length: 99999999999\r\n\r\n"), &*padding),
        WireFault::flood(ok("Transfer-Encoding: chunked\r\n\r\n"), &*chunk),
        WireFault::flood(head("503 Service Unavailable", "\r\n"), &*padding),
    ]
}

/// Returns a correct answer that is this many bytes long.
fn padded(size: usize) -> WireFault {
    const REQUEST: &str = r#"{"id":"MhocUmpxxmgdHjr7DgKoKw","status":"paid","padding":""}"#;
    let padding = "x".repeat(size - REQUEST.len());
    let body = REQUEST.replace(r#""}"#, &format!(r#"{padding}"}}"#));

    WireFault::bytes(ok(&format!("Content-Length: {size}\r\n\r\n{body}")))
}

/// Answers whose head never ends or is too long.
fn endless_heads() -> Vec<WireFault> {
    let line = format!("X-Padding: {}\r\n", "x".repeat(0x1000));

    vec![
        WireFault::flood(ok(""), &*line),
        WireFault::flood(ok("X-Padding: "), "x".repeat(0x1000)),
        WireFault::flood("HTTP/1.1 200 ", "O".repeat(0x1000)),
        WireFault::flood(ok(""), "X: y\r\n".repeat(500)),
    ]
}

/// Slow answers that never end.
fn drips() -> Vec<WireFault> {
    vec![
        WireFault::drip(ok("\r\n{\"padding\":\""), "x"),
        WireFault::drip(ok("Transfer-Encoding: chunked\r\n\r\n"), "1\r\nx\r\n"),
        WireFault::drip(ok(""), "X-Padding: x\r\n"),
        WireFault::drip("HTTP/1.1 200 ", "O"),
        WireFault::drip("", "HTTP/1.1 100 Continue\r\n\r\n"),
        WireFault::silence(),
    ]
}

/// Answers that are not HTTP.
fn garbage() -> Vec<WireFault> {
    vec![
        WireFault::bytes(""),
        WireFault::bytes("SSH-2.0-OpenSSH_9.2\r\n"),
        WireFault::bytes(vec![0xff; 4096]),
        WireFault::bytes("HTTP/1.1 99 ?\r\n\r\n"),
        WireFault::bytes("HTTP/1.1 200 OK\r\n: no name\r\n\r\n"),
        WireFault::bytes(ok("Content-Length: 5\r\n\r\n{}")),
        WireFault::bytes(ok("Content-Length: -5\r\n\r\n{}")),
        WireFault::bytes(ok("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")),
        WireFault::bytes(ok("Transfer-Encoding: chunked\r\n\r\nzz\r\n")),
        WireFault::bytes(ok(
            "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
        )),
        WireFault::bytes(head("101 Switching Protocols", "Upgrade: x\r\n\r\n")),
        WireFault::bytes(ok(
            "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\u{b}",
        )),
    ]
}

/// Gives this fault to the first poll, and then pays the sale. Returns how much the client took of the answer.
async fn polled(fault: &WireFault) -> Vec<Taken> {
    let (mut sale, gate) = behind_gate().await;
    gate.script(ApiCall::Read, [fault.clone()]);
    sale.until_shown().await;
    until_meanwhile(&mut sale, |_| gate.call_times(ApiCall::Read).len() == 2).await;
    assert!(gate.is_done());
    told(&sale, &["created", "shown"]).await;
    ends_paid(sale).await;

    gate.taken().await
}

/// Insists that exactly one caller took a part of the answer, and that it hung up after a time in this range.
fn assert_held(range: impl RangeBounds<Duration>, fault: &WireFault, taken: &[Taken]) {
    let [taken] = taken else {
        panic!("{taken:?}");
    };
    assert!(range.contains(&taken.held), "{taken:?} of {fault:?}");
    assert!(taken.bytes < MOST_TAKEN, "{taken:?} of {fault:?}");
}

/// Insists that the caller hung up long before its time-out.
fn assert_hung_up_early(fault: &WireFault, taken: &[Taken]) {
    assert_held(..Duration::from_secs(3), fault, taken);
}

/// Insists that the caller gave up at its time-out, after this many seconds.
fn assert_given_up_after(seconds: u64, fault: &WireFault, taken: &[Taken]) {
    let times_out = Duration::from_secs(seconds);
    // The caller's clock starts shortly before the call arrives.
    let usual = times_out - Duration::from_millis(500)..times_out * 2;
    assert_held(usual, fault, taken);
}

#[tokio::test]
async fn f17_poll_hangs_up_on_an_endless_body() {
    join_all(endless_bodies().iter().map(async |fault| {
        assert_hung_up_early(fault, &polled(fault).await);
    }))
    .await;
}

#[tokio::test]
async fn f17_poll_hangs_up_on_an_endless_head() {
    join_all(endless_heads().iter().map(async |fault| {
        assert_hung_up_early(fault, &polled(fault).await);
    }))
    .await;
}

#[tokio::test]
async fn f17_answer_is_read_to_its_last_byte() {
    let gate = Gate::open(([127, 0, 0, 1], 9).into());
    gate.script(ApiCall::Read, [CAP - 1, CAP, CAP + 1, 2 * CAP].map(padded));
    let client = client(gate.address);
    let id = RequestId::new("MhocUmpxxmgdHjr7DgKoKw").unwrap();
    for is_read in [true, true, false, false] {
        let answer = client.read(&id).await;
        assert_eq!(answer.is_ok(), is_read, "{answer:?}");
    }
    assert_eq!(client.unreadable_answers(), 2);
}

#[tokio::test]
async fn f17_endless_refusal_has_no_words() {
    let (mut sale, gate) = behind_gate().await;
    let endless = WireFault::flood(head("403 Forbidden", "\r\n{\"message\":\""), "x".repeat(99));
    gate.script(ApiCall::Create, [endless.clone()]);
    sale.until_ended("rejected").await;
    let told = sale.told.clone();
    ends(sale, 40).await;
    assert_hung_up_early(&endless, &gate.taken().await);
    assert_eq!(told.events().pop().unwrap()["reason"], "403 HTTP_403");
}

#[tokio::test]
async fn f17_slow_answers_are_given_up_in_time() {
    let drips = drips();
    tokio::join!(
        join_all(drips.iter().map(poll_that_drips)),
        join_all(drips.iter().step_by(2).map(create_that_drips)),
        join_all(drips.iter().skip(1).step_by(2).map(void_that_drips)),
    );
}

async fn poll_that_drips(fault: &WireFault) {
    assert_given_up_after(4, fault, &polled(fault).await);
}

/// The create may have taken effect, so the display makes another attempt.
async fn create_that_drips(fault: &WireFault) {
    let (mut sale, gate) = behind_gate().await;
    gate.script(ApiCall::Create, [fault.clone().after_effect()]);
    sale.until_shown().await;
    assert_eq!(gate.call_times(ApiCall::Create).len(), 2, "{fault:?}");
    assert_given_up_after(8, fault, &gate.taken().await);
    let requests = sale.control().requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].till_reference(), Some("A1-2"));
    ends_paid(sale).await;
}

/// The display sends the void again.
async fn void_that_drips(fault: &WireFault) {
    let (mut sale, gate) = behind_gate().await;
    gate.script(ApiCall::Void, [fault.clone()]);
    sale.until_shown().await;
    sale.send(Command::Cancel);
    sale.until_ended("cancelled").await;
    assert_eq!(gate.call_times(ApiCall::Void).len(), 2, "{fault:?}");
    assert_given_up_after(8, fault, &gate.taken().await);
    let request = sale.request();
    assert_eq!(request.status, SandboxStatus::Cancelled);
    ends(sale, 21).await;
}

#[tokio::test]
async fn f15_f17_garbage_is_no_answer_to_a_poll() {
    join_all(garbage().iter().map(polled)).await;
}

#[tokio::test]
async fn f1_f17_garbage_leaves_the_create_open() {
    join_all(garbage().into_iter().map(async |fault| {
        let (mut sale, gate) = behind_gate().await;
        gate.script(ApiCall::Create, [fault.clone().after_effect()]);
        sale.until_shown().await;
        let requests = sale.control().requests();
        assert_eq!(requests.len(), 2, "{fault:?}");
        let shown = requests[1].till_reference();
        assert_eq!(shown, Some("A1-2"), "{fault:?}");
        ends_paid(sale).await;
    }))
    .await;
}

#[tokio::test]
async fn f4_server_without_tls_never_gets_the_key() {
    let stranger = RecordingServer::start().await;
    let api = format!(
        "base-url = \"https://localhost:{}\"\ntls-roots = \"bundled\"\n\
         pay-hosts = [\"app.centrapay.com\"]",
        stranger.address.port()
    );
    let scene = Scene {
        addresses: Some(&api),
        ..Scene::default()
    };
    let mut sale = scene.begin().await;
    sale.until_ended("unreachable").await;
    sale.says("Cannot reach Centrapay").await;
    assert_eq!(sale.close(), Some(41));
    let heard = stranger.heard();
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert!(heard.iter().all(|said| !said.contains(KEY)), "{heard:?}");
    assert_eq!(sale.told.names(), ["ended", "outcome"]);
}
