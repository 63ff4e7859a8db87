//! Answers without an end, and answers that are no HTTP.

use std::time::Duration;

use futures_util::future::join_all;
use patron_display::control::Controls;
use patron_display::display::Message;
use patron_display::payment::RequestId;
use patron_display::sale::Command;
use patron_display::sandbox::{Options, Sandbox, Status};

use crate::elsewhere::Elsewhere;
use crate::gate::{Call, Foul, Gate, Taken};
use crate::oracle::ends;
use crate::scene::{KEY, Rehearsal};
use crate::{CAP, SCREEN, behind_a_gate, client, paid, told, until_meanwhile, words};

/// What a caller may have taken of an endless answer when it hangs up: what it reads at most, and
/// three times as much for what the system had read ahead. Some 600 KB have been seen.
const MOST_TAKEN: usize = 4 * CAP;

fn head(status: &str, more: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}")
}

/// Answers whose content never ends, as fast as the caller takes them.
fn endless_bodies() -> Vec<Foul> {
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let padding = " ".repeat(0x1000);

    vec![
        Foul::flood(head("200 OK", "\r\n{\"padding\":\""), "x".repeat(0x1000)),
        Foul::flood(
            head("200 OK", "Content-Length: 99999999999\r\n\r\n"),
            &*padding,
        ),
        Foul::flood(
            head("200 OK", "Transfer-Encoding: chunked\r\n\r\n"),
            &*chunk,
        ),
        Foul::flood(head("503 Service Unavailable", "\r\n"), &*padding),
    ]
}

/// A request in an answer of this many bytes, with nothing wrong about it but its length.
fn padded(size: usize) -> Foul {
    const REQUEST: &str = r#"{"id":"MhocUmpxxmgdHjr7DgKoKw","status":"paid","padding":""}"#;
    let padding = "x".repeat(size - REQUEST.len());
    let body = REQUEST.replace(r#""}"#, &format!(r#"{padding}"}}"#));

    Foul::bytes(head(
        "200 OK",
        &format!("Content-Length: {size}\r\n\r\n{body}"),
    ))
}

/// Heads that never end, or are too much for anybody.
fn endless_heads() -> Vec<Foul> {
    let line = format!("X-Padding: {}\r\n", "x".repeat(0x1000));

    vec![
        Foul::flood(head("200 OK", ""), &*line),
        Foul::flood(head("200 OK", "X-Padding: "), "x".repeat(0x1000)),
        Foul::flood("HTTP/1.1 200 ", "O".repeat(0x1000)),
        Foul::flood(head("200 OK", ""), "X: y\r\n".repeat(500)),
    ]
}

/// Answers that come so slowly that they never end.
fn drips() -> Vec<Foul> {
    vec![
        Foul::drip(head("200 OK", "\r\n{\"padding\":\""), "x"),
        Foul::drip(
            head("200 OK", "Transfer-Encoding: chunked\r\n\r\n"),
            "1\r\nx\r\n",
        ),
        Foul::drip(head("200 OK", ""), "X-Padding: x\r\n"),
        Foul::drip("HTTP/1.1 200 ", "O"),
        Foul::drip("", "HTTP/1.1 100 Continue\r\n\r\n"),
        Foul::silence(),
    ]
}

/// What no HTTP client can make anything of.
fn garbage() -> Vec<Foul> {
    vec![
        Foul::bytes(""),
        Foul::bytes("SSH-2.0-OpenSSH_9.2\r\n"),
        Foul::bytes(vec![0xff; 4096]),
        Foul::bytes("HTTP/1.1 99 ?\r\n\r\n"),
        Foul::bytes("HTTP/1.1 200 OK\r\n: no name\r\n\r\n"),
        Foul::bytes(head("200 OK", "Content-Length: 5\r\n\r\n{}")),
        Foul::bytes(head("200 OK", "Content-Length: -5\r\n\r\n{}")),
        Foul::bytes(head(
            "200 OK",
            "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        )),
        Foul::bytes(head("200 OK", "Transfer-Encoding: chunked\r\n\r\nzz\r\n")),
        Foul::bytes(head(
            "200 OK",
            "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
        )),
        Foul::bytes(head("101 Switching Protocols", "Upgrade: x\r\n\r\n")),
        Foul::bytes(head(
            "200 OK",
            "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\u{b}",
        )),
    ]
}

/// A sale that gets this for an answer to its first poll, and is paid after it. What was taken of
/// the answer.
async fn polled(foul: &Foul) -> Vec<Taken> {
    let (mut sale, gate) = behind_a_gate("").await;
    gate.script(Call::Read, [foul.clone()]);
    sale.until_shown().await;
    until_meanwhile(&mut sale, |_| gate.call_times(Call::Read).len() == 2).await;
    assert!(gate.is_done());
    told(&sale, &["created", "shown"]).await;
    paid(&mut sale).await;
    ends(sale, 0).await;

    gate.taken().await
}

/// The caller had enough of it, before its time-out.
fn assert_hung_up_early(foul: &Foul, taken: &[Taken]) {
    let [taken] = taken else {
        panic!("{taken:?}");
    };
    assert!(taken.held < Duration::from_secs(3), "{taken:?} of {foul:?}");
    assert!(taken.bytes < MOST_TAKEN, "{taken:?} of {foul:?}");
}

/// The caller gave up after so many seconds.
fn assert_given_up_after(seconds: u64, foul: &Foul, taken: &[Taken]) {
    let [taken] = taken else {
        panic!("{taken:?}");
    };
    let times_out = Duration::from_secs(seconds);
    // A little less, since the caller's clock starts before the call is there.
    let usual = times_out - Duration::from_millis(500)..times_out * 2;
    assert!(usual.contains(&taken.held), "{taken:?} of {foul:?}");
    assert!(taken.bytes < MOST_TAKEN, "{taken:?} of {foul:?}");
}

#[tokio::test]
async fn f17_a_poll_reads_no_more_of_an_endless_answer_than_it_may() {
    join_all(endless_bodies().iter().map(async |foul| {
        assert_hung_up_early(foul, &polled(foul).await);
    }))
    .await;
}

#[tokio::test]
async fn f17_a_poll_hangs_up_on_a_head_that_is_too_long() {
    join_all(endless_heads().iter().map(async |foul| {
        assert_hung_up_early(foul, &polled(foul).await);
    }))
    .await;
}

#[tokio::test]
async fn f17_an_answer_is_read_up_to_its_last_allowed_byte_and_not_one_further() {
    let gate = Gate::open(([127, 0, 0, 1], 9).into());
    gate.script(Call::Read, [CAP - 1, CAP, CAP + 1, 2 * CAP].map(padded));
    let client = client(gate.address);
    let id = RequestId::new("MhocUmpxxmgdHjr7DgKoKw").unwrap();
    for is_read in [true, true, false, false] {
        let answer = client.read(&id).await;
        assert_eq!(answer.is_ok(), is_read, "{answer:?}");
    }
    assert_eq!(client.unreadable_answers(), 2);
}

#[tokio::test]
async fn f17_an_endless_refusal_is_a_refusal_without_words() {
    let (mut sale, gate) = behind_a_gate("").await;
    let endless = Foul::flood(head("403 Forbidden", "\r\n{\"message\":\""), "x".repeat(99));
    gate.script(Call::Create, [endless.clone()]);
    sale.until_ended("rejected").await;
    let told = sale.told.clone();
    ends(sale, 40).await;
    assert_hung_up_early(&endless, &gate.taken().await);
    assert_eq!(told.events().pop().unwrap()["reason"], "403 HTTP_403");
}

#[tokio::test]
async fn f17_what_drips_is_given_up_in_time_whatever_was_asked_for() {
    let drips = drips();
    tokio::join!(
        join_all(drips.iter().map(poll_that_drips)),
        join_all(drips.iter().step_by(2).map(create_that_drips)),
        join_all(drips.iter().skip(1).step_by(2).map(void_that_drips)),
    );
}

async fn poll_that_drips(foul: &Foul) {
    assert_given_up_after(4, foul, &polled(foul).await);
}

/// It may have taken place, so that there is another attempt.
async fn create_that_drips(foul: &Foul) {
    let (mut sale, gate) = behind_a_gate("").await;
    gate.script(Call::Create, [foul.clone().after_effect()]);
    sale.until_shown().await;
    assert_eq!(gate.call_times(Call::Create).len(), 2, "{foul:?}");
    assert_given_up_after(8, foul, &gate.taken().await);
    let requests = sale.sandbox.control().requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].till_reference(), Some("A1-2"));
    paid(&mut sale).await;
    ends(sale, 0).await;
}

/// It is sent again.
async fn void_that_drips(foul: &Foul) {
    let (mut sale, gate) = behind_a_gate("").await;
    gate.script(Call::Void, [foul.clone()]);
    sale.until_shown().await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    assert_eq!(gate.call_times(Call::Void).len(), 2, "{foul:?}");
    assert_given_up_after(8, foul, &gate.taken().await);
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    assert_eq!(request.status, Status::Cancelled);
    ends(sale, 21).await;
}

#[tokio::test]
async fn f15_f17_what_is_no_http_is_no_answer_to_a_poll() {
    join_all(garbage().iter().map(polled)).await;
}

#[tokio::test]
async fn f1_f17_what_is_no_http_leaves_it_open_whether_there_was_a_create() {
    join_all(garbage().into_iter().map(async |foul| {
        let (mut sale, gate) = behind_a_gate("").await;
        gate.script(Call::Create, [foul.clone().after_effect()]);
        sale.until_shown().await;
        let requests = sale.sandbox.control().requests();
        assert_eq!(requests.len(), 2, "{foul:?}");
        let shown = requests[1].till_reference();
        assert_eq!(shown, Some("A1-2"), "{foul:?}");
        paid(&mut sale).await;
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f4_who_does_not_speak_tls_is_tried_three_times_and_never_gets_the_key() {
    let stranger = Elsewhere::listen().await;
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let api = format!(
        "base-url = \"https://localhost:{}\"\ntls-roots = \"bundled\"\n\
         pay-hosts = [\"app.centrapay.com\"]",
        stranger.address.port()
    );
    let lines = (api.as_str(), "liveness = \"test\"\n");
    let mut sale = Rehearsal::begin_in(sandbox, SCREEN, lines, Controls::none()).await;
    sale.until_ended("unreachable").await;
    let words = words::on(sale.display.display(), SCREEN).await;
    assert!(words.contains("Cannot reach Centrapay"), "{words}");
    assert_eq!(sale.close(), Some(41));
    let heard = stranger.heard();
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert!(heard.iter().all(|said| !said.contains(KEY)), "{heard:?}");
    assert_eq!(sale.told.names(), ["ended", "outcome"]);
}
