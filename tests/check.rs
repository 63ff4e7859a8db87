//! `check` names the first thing that is wrong, says what to do about it, and ends with the exit
//! code that a sale would have ended with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the shop"
)]

#[path = "command_line/shop.rs"]
mod shop;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use patron_display::journal::Journal;
use patron_display::sandbox::{Call, Fault, Status};
use serde_json::Value;

use shop::Shop;

/// What was found, by subject.
struct Checked {
    lines: Vec<Value>,
    exit_code: Option<i32>,
}

impl Checked {
    fn of(shop: &Shop, arguments: &[&str]) -> Self {
        let output = shop.run(&[&["check", "--json"], arguments].concat());
        let lines = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();

        Self {
            lines,
            exit_code: output.status.code(),
        }
    }

    /// The result and the message about a subject.
    fn found(&self, subject: &str) -> (&str, &str) {
        let line = self
            .lines
            .iter()
            .find(|line| line["subject"] == subject)
            .unwrap_or_else(|| panic!("nothing about {subject}: {:?}", self.lines));

        (
            line["result"].as_str().unwrap(),
            line["message"].as_str().unwrap(),
        )
    }

    fn assert_failed(&self, subject: &str, exit_code: i32, says: &str) {
        let (result, message) = self.found(subject);
        assert_eq!(result, "failed", "{message}");
        assert!(message.contains(says), "{message}");
        assert_eq!(self.exit_code, Some(exit_code), "{:?}", self.lines);
    }
}

#[test]
fn all_that_a_sale_needs_is_found_and_nothing_is_created() {
    let shop = Shop::open();
    let checked = Checked::of(&shop, &[]);
    for subject in ["configuration", "key", "data", "platform", "clock", "call"] {
        assert_eq!(checked.found(subject).0, "ok", "{subject}");
    }
    assert!(checked.found("key").1.contains("centrapay.key"));
    assert!(shop.requests().is_empty());
    // The tests' environment has no screen, which is the only thing wrong.
    checked.assert_failed("screen", 69, "DISPLAY");
}

#[test]
fn a_sale_of_the_smallest_amount_is_created_and_cancelled() {
    let shop = Shop::open();
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(checked.found("sale").0, "ok");
    assert_eq!(checked.found("cancellation").0, "ok");
    let requests = shop.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].amount, requests[0].status),
        (1, Status::Cancelled)
    );
}

#[test]
fn f53_a_sale_of_a_live_shop_is_not_rehearsed() {
    let shop = Shop::open();
    let live = shop.configuration().replace("\"test\"", "\"main\"");
    shop.write("config.toml", &live);
    let checked = Checked::of(&shop, &["--sale"]);
    let (result, message) = checked.found("sale");
    assert_eq!(result, "failed");
    assert!(message.contains("real money"), "{message}");
    assert!(shop.requests().is_empty());
}

#[test]
fn f8_a_platform_whose_codes_lead_elsewhere_is_found_out_and_its_request_cancelled() {
    let shop = Shop::open();
    let address = shop.address();
    let elsewhere = shop.configuration().replace(
        &format!("pay-hosts = [\"{address}\"]"),
        "pay-hosts = [\"app.centrapay.com\"]",
    );
    shop.write("config.toml", &elsewhere);
    let checked = Checked::of(&shop, &["--sale"]);
    // Over plain http a host without a port stands for any port, but not for any host.
    let (result, message) = checked.found("sale");
    assert_eq!(result, "failed");
    assert!(message.contains("pay-hosts"), "{message}");
    assert_eq!(shop.requests()[0].status, Status::Cancelled);
}

#[test]
fn a_configuration_that_is_wrong_comes_first_and_the_rest_is_skipped() {
    let shop = Shop::open();
    shop.write("config.toml", "[api]\nbase-ur = 1\n");
    let checked = Checked::of(&shop, &["--sale"]);
    checked.assert_failed("configuration", 78, "config.toml:1:1");
    for subject in ["key", "platform", "sale"] {
        assert_eq!(checked.found(subject).0, "skipped", "{subject}");
    }
}

#[test]
fn a_key_that_the_platform_does_not_know_is_40_and_a_missing_one_78() {
    let shop = Shop::open_with_key("the-only-key");
    Checked::of(&shop, &[]).assert_failed("call", 40, "put a valid key");
    fs::remove_file(shop.path("centrapay.key")).unwrap();
    Checked::of(&shop, &[]).assert_failed("key", 78, "does not exist");
}

#[test]
fn f47_a_counter_that_another_display_has_is_75() {
    let shop = Shop::open();
    let _other = Journal::open(&shop.path("data")).unwrap();
    Checked::of(&shop, &[]).assert_failed("data", 75, "another display");
}

#[test]
fn f4_a_platform_that_is_not_reached_is_41() {
    let mut shop = Shop::open();
    shop.close_the_platform();
    let checked = Checked::of(&shop, &["--sale"]);
    checked.assert_failed("platform", 41, "refused");
    assert_eq!(checked.found("TLS").0, "skipped");
}

/// How the platform says that there is no such request.
const NO_SUCH_REQUEST: &str = r#"{"statusCode":403,"error":"Forbidden","message":"FORBIDDEN"}"#;

/// Answers every call with these headers and this body.
fn answering(
    status: &'static str,
    headers: &'static str,
    body: &'static str,
) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().take(8) {
            let mut stream = stream.unwrap();
            let mut bytes = [0; 4096];
            if stream.read(&mut bytes).unwrap_or_default() > 0 {
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        }
    });

    address
}

fn checked_at(address: std::net::SocketAddr) -> Checked {
    let shop = Shop::open();
    let configuration = shop
        .configuration()
        .replace(&shop.address().to_string(), &address.to_string());
    shop.write("config.toml", &configuration);

    Checked::of(&shop, &[])
}

#[test]
fn f27_a_clock_that_is_far_from_the_platforms_is_told_with_how_far() {
    let long_ago = answering(
        "403 Forbidden",
        "Date: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Type: application/json\r\n",
        NO_SUCH_REQUEST,
    );
    let checked = checked_at(long_ago);
    checked.assert_failed("clock", 71, "ahead of the platform");
    assert_eq!(checked.found("call").0, "ok");
}

#[test]
fn f15_f16_what_answers_with_a_page_or_sends_elsewhere_is_not_taken_for_the_platform() {
    for (status, headers) in [
        ("200 OK", "Content-Type: text/html\r\n"),
        ("302 Found", "Location: http://login.example/\r\n"),
        ("503 Service Unavailable", ""),
        ("200 OK", "Content-Type: application/json\r\n"),
    ] {
        let checked = checked_at(answering(status, headers, "{}"));
        checked.assert_failed("call", 41, "may not be the platform");
    }
}

#[test]
fn f15_only_the_platforms_own_words_prove_that_it_was_reached() {
    for (status, body) in [
        ("404 Not Found", NO_SUCH_REQUEST),
        ("400 Bad Request", NO_SUCH_REQUEST),
        ("403 Forbidden", "<html>Access denied</html>"),
        ("403 Forbidden", "{}"),
    ] {
        let checked = checked_at(answering(status, "Content-Type: text/html\r\n", body));
        checked.assert_failed("call", 40, "check base-url");
    }
}

#[test]
fn f19_f27_the_clock_is_looked_at_without_a_key_too() {
    let shop = Shop::open();
    let long_ago = answering(
        "401 Unauthorized",
        "Date: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Type: application/json\r\n",
        "{}",
    );
    let configuration = shop
        .configuration()
        .replace(&shop.address().to_string(), &long_ago.to_string());
    shop.write("config.toml", &configuration);
    fs::remove_file(shop.path("centrapay.key")).unwrap();
    let checked = Checked::of(&shop, &[]);
    let (result, message) = checked.found("clock");
    assert_eq!(result, "failed", "{message}");
    assert_eq!(checked.found("TLS").0, "note");
    assert_eq!(checked.found("call").0, "skipped");
    checked.assert_failed("key", 78, "does not exist");
}

#[test]
fn f19_roots_that_cannot_be_read_are_named_whether_there_is_a_key_or_not() {
    for has_key in [true, false] {
        let shop = Shop::open();
        let configuration = shop.configuration().replace(
            &format!("base-url = \"http://{}\"", shop.address()),
            &format!(
                "base-url = \"https://{}\"\ntls-roots = \"missing.pem\"",
                shop.address()
            ),
        );
        shop.write("config.toml", &configuration);
        if !has_key {
            fs::remove_file(shop.path("centrapay.key")).unwrap();
        }
        let checked = Checked::of(&shop, &[]);
        let (result, message) = checked.found("TLS");
        assert_eq!(result, "failed");
        assert!(message.contains("correct tls-roots"), "{message}");
        assert_eq!(checked.found("call").0, "skipped");
    }
}

/// A shop whose lost creates can be looked up.
fn with_an_account() -> Shop {
    let shop = Shop::open();
    let configuration = shop.configuration() + "account-id = \"C4QnjXvj8At6SMsEN4LRi9\"\n";
    shop.write("config.toml", &configuration);

    shop
}

#[test]
fn f3_advice_about_the_account_is_given_only_where_the_platform_refuses_it() {
    for (fault, exit_code, is_about_the_account) in [
        (Fault::refusal(403, "FORBIDDEN"), 40, true),
        (Fault::status(503), 41, false),
    ] {
        let shop = with_an_account();
        let control = shop.sandbox.as_ref().unwrap().control();
        control.script(Call::ByExternalRef, [fault]);
        let checked = Checked::of(&shop, &[]);
        checked.assert_failed("look-up", exit_code, "cafe: ");
        let advice = checked
            .found("look-up")
            .1
            .contains("correct its account-id");
        assert_eq!(advice, is_about_the_account);
    }
}

#[test]
fn f1_a_create_whose_answer_is_lost_is_looked_up_and_cancelled() {
    let shop = with_an_account();
    let control = shop.sandbox.as_ref().unwrap().control();
    control.script(Call::Create, [Fault::drop_after()]);
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(checked.found("cancellation").0, "ok", "{:?}", checked.lines);
    assert_eq!(shop.requests()[0].status, Status::Cancelled);
    // The tests' environment has no screen.
    assert_eq!(checked.exit_code, Some(69));
}

#[test]
fn f1_a_create_whose_answer_is_lost_for_good_is_unknown_and_named_by_its_reference() {
    let shop = Shop::open();
    let control = shop.sandbox.as_ref().unwrap().control();
    control.script(Call::Create, [Fault::drop_after()]);
    let checked = Checked::of(&shop, &["--sale"]);
    let (result, message) = checked.found("sale");
    assert_eq!(result, "failed");
    let requests = shop.requests();
    let reference = requests[0].till_reference().unwrap();
    assert!(message.contains(reference), "{message}");
}

#[test]
fn f36_a_void_whose_answer_is_lost_is_sent_three_times_and_then_named() {
    let shop = Shop::open();
    let control = shop.sandbox.as_ref().unwrap().control();
    control.script(Call::Void, [Fault::drop_after()]);
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(checked.found("cancellation").0, "ok", "{:?}", checked.lines);

    control.script(Call::Void, [Fault::status(502).forever()]);
    let before = control.calls(Call::Void);
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(control.calls(Call::Void) - before, 3);
    let (result, message) = checked.found("cancellation");
    assert_eq!(result, "failed");
    assert!(message.contains(&control.latest().unwrap()), "{message}");
}

#[test]
fn f12_a_platform_that_asks_for_patience_is_a_note_about_counters() {
    let checked = checked_at(answering(
        "429 Too Many Requests",
        "Retry-After: 9\r\n",
        "{}",
    ));
    let (result, message) = checked.found("call");
    assert_eq!(result, "note", "{message}");
    assert!(message.contains("counters"), "{message}");
}

#[test]
fn f55_the_key_is_in_nothing_that_is_said() {
    let shop = Shop::open();
    for arguments in [&["check", "-vv"][..], &["check", "--sale", "--json", "-vv"]] {
        let output = shop.run(arguments);
        for said in [output.stdout, output.stderr] {
            assert!(!String::from_utf8_lossy(&said).contains("a-key"));
        }
    }
}

#[test]
fn a_logo_that_can_be_drawn_is_named_and_one_that_cannot_is_78() {
    let shop = Shop::open();
    let with_logo = format!("{}[qr]\nlogo = \"logo.svg\"\n", shop.configuration());
    shop.write("config.toml", &with_logo);
    Checked::of(&shop, &[]).assert_failed("logo", 78, "there is no such file; correct the path");

    shop.write(
        "logo.svg",
        r#"<svg xmlns="http://www.w3.org/2000/svg"><text>Café</text></svg>"#,
    );
    Checked::of(&shop, &[]).assert_failed("logo", 78, "convert it to paths");

    shop.write(
        "logo.svg",
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h1v1z"/></svg>"#,
    );
    let checked = Checked::of(&shop, &[]);
    let (result, message) = checked.found("logo");
    assert_eq!(result, "ok", "{message}");
    assert!(message.ends_with("logo.svg"), "{message}");
}
