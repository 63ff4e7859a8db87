//! `check` names the first fault and what to do about it. It exits with the code of a sale that has this fault.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use patron_display::journal::Journal;
use patron_display::sandbox::{ApiCall, Fault, SandboxStatus};
use serde_json::Value;

use crate::support::shop::Shop;

/// The exit code and the output of `check`.
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

    /// Returns the result for a subject, and its message.
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

    fn assert_found(&self, subject: &str, wanted: &str, says: &str) {
        let (result, message) = self.found(subject);
        assert_eq!(result, wanted, "{message}");
        assert!(message.contains(says), "{message}");
    }

    fn assert_failed(&self, subject: &str, exit_code: i32, says: &str) {
        self.assert_found(subject, "failed", says);
        assert_eq!(self.exit_code, Some(exit_code), "{:?}", self.lines);
    }
}

/// Replaces a part of the shop's configuration file.
fn configure(shop: &Shop, from: &str, to: &str) {
    shop.write("config.toml", &shop.configuration().replace(from, to));
}

#[test]
fn working_shop_passes_and_nothing_is_created() {
    let shop = Shop::open();
    let checked = Checked::of(&shop, &[]);
    for subject in ["configuration", "key", "data", "platform", "clock", "call"] {
        assert_eq!(checked.found(subject).0, "ok", "{subject}");
    }
    assert!(checked.found("key").1.contains("centrapay.key"));
    assert!(shop.requests().is_empty());
    // The tests run without a screen, so this part of the check fails.
    checked.assert_failed("screen", 69, "DISPLAY");
}

#[test]
fn smallest_sale_is_created_and_cancelled() {
    let shop = Shop::open();
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(checked.found("sale").0, "ok");
    assert_eq!(checked.found("cancellation").0, "ok");
    let requests = shop.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].amount, requests[0].status),
        (1, SandboxStatus::Cancelled)
    );
}

#[test]
fn f53_live_shop_gets_no_test_sale() {
    let shop = Shop::open();
    configure(&shop, "\"test\"", "\"main\"");
    let checked = Checked::of(&shop, &["--sale"]);
    checked.assert_found("sale", "failed", "real money");
    assert!(shop.requests().is_empty());
}

#[test]
fn f8_code_for_another_host_is_found() {
    let shop = Shop::open();
    let pay_hosts = format!("pay-hosts = [\"{}\"]", shop.address());
    configure(&shop, &pay_hosts, "pay-hosts = [\"app.centrapay.com\"]");
    let checked = Checked::of(&shop, &["--sale"]);
    // With plain http, a pay host without a port stands for any port of that host, but for no other host.
    checked.assert_found("sale", "failed", "pay-hosts");
    assert_eq!(shop.requests()[0].status, SandboxStatus::Cancelled);
}

#[test]
fn wrong_configuration_skips_the_rest() {
    let shop = Shop::open();
    shop.write("config.toml", "[api]\nbase-ur = 1\n");
    let checked = Checked::of(&shop, &["--sale"]);
    checked.assert_failed("configuration", 78, "config.toml:2:1");
    for subject in ["key", "platform", "sale"] {
        assert_eq!(checked.found(subject).0, "skipped", "{subject}");
    }
}

#[test]
fn wrong_key_is_40_and_missing_key_is_78() {
    let shop = Shop::open_with_key("the-only-key");
    Checked::of(&shop, &[]).assert_failed("call", 40, "install a valid key");
    fs::remove_file(shop.path("centrapay.key")).unwrap();
    Checked::of(&shop, &[]).assert_failed("key", 78, "does not exist");
}

#[test]
fn f47_counter_in_use_is_75() {
    let shop = Shop::open();
    let _other = Journal::open(&shop.path("data")).unwrap();
    Checked::of(&shop, &[]).assert_failed("data", 75, "another display");
}

#[test]
fn f4_unreachable_platform_is_41() {
    let mut shop = Shop::open();
    shop.close_the_platform();
    let checked = Checked::of(&shop, &["--sale"]);
    checked.assert_failed("platform", 41, "refused");
    assert_eq!(checked.found("TLS").0, "skipped");
}

/// The platform's answer about a request that it does not know.
const NO_SUCH_REQUEST: &str = r#"{"statusCode":403,"error":"Forbidden","message":"FORBIDDEN"}"#;

/// Starts a server that gives every call this answer.
fn answering(status: &'static str, headers: &'static str, body: &'static str) -> SocketAddr {
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

fn checked_at(address: SocketAddr) -> Checked {
    let shop = Shop::open();
    configure(&shop, &shop.address().to_string(), &address.to_string());

    Checked::of(&shop, &[])
}

#[test]
fn f27_wrong_clock_is_named() {
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
fn f15_f16_other_servers_are_not_the_platform() {
    for (status, headers) in [
        ("200 OK", "Content-Type: text/html\r\n"),
        ("302 Found", "Location: http://login.example/\r\n"),
        ("503 Service Unavailable", ""),
        ("200 OK", "Content-Type: application/json\r\n"),
    ] {
        let checked = checked_at(answering(status, headers, "{}"));
        checked.assert_failed("call", 41, "the answer may come from another server");
    }
}

#[test]
fn f15_only_the_platforms_answer_counts() {
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
fn f19_f27_clock_is_checked_without_a_key() {
    let shop = Shop::open();
    let long_ago = answering(
        "401 Unauthorized",
        "Date: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Type: application/json\r\n",
        "{}",
    );
    configure(&shop, &shop.address().to_string(), &long_ago.to_string());
    fs::remove_file(shop.path("centrapay.key")).unwrap();
    let checked = Checked::of(&shop, &[]);
    checked.assert_found("clock", "failed", "");
    assert_eq!(checked.found("TLS").0, "note");
    assert_eq!(checked.found("call").0, "skipped");
    checked.assert_failed("key", 78, "does not exist");
}

#[test]
fn f19_unreadable_roots_are_named() {
    for has_key in [true, false] {
        let shop = Shop::open();
        let address = shop.address();
        configure(
            &shop,
            &format!("base-url = \"http://{address}\""),
            &format!("base-url = \"https://{address}\"\ntls-roots = \"missing.pem\""),
        );
        if !has_key {
            fs::remove_file(shop.path("centrapay.key")).unwrap();
        }
        let checked = Checked::of(&shop, &[]);
        checked.assert_found("TLS", "failed", "correct tls-roots");
        assert_eq!(checked.found("call").0, "skipped");
    }
}

/// Opens a shop with an account, so that lost creates can be looked up.
fn with_an_account() -> Shop {
    let shop = Shop::open();
    let configuration = shop.configuration() + "account-id = \"C4QnjXvj8At6SMsEN4LRi9\"\n";
    shop.write("config.toml", &configuration);

    shop
}

#[test]
fn f3_account_advice_only_after_a_refusal() {
    for (fault, exit_code, is_about_the_account) in [
        (Fault::refusal(403, "FORBIDDEN"), 40, true),
        (Fault::status(503), 41, false),
    ] {
        let shop = with_an_account();
        let control = shop.sandbox.as_ref().unwrap().control();
        control.script(ApiCall::ByExternalRef, [fault]);
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
fn f1_lost_create_is_looked_up_and_cancelled() {
    let shop = with_an_account();
    let control = shop.sandbox.as_ref().unwrap().control();
    control.script(ApiCall::Create, [Fault::drop_after()]);
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(checked.found("cancellation").0, "ok", "{:?}", checked.lines);
    assert_eq!(shop.requests()[0].status, SandboxStatus::Cancelled);
    // The tests run without a screen, so the check ends with 69.
    assert_eq!(checked.exit_code, Some(69));
}

#[test]
fn f1_unknown_create_is_named_by_reference() {
    let shop = Shop::open();
    let control = shop.sandbox.as_ref().unwrap().control();
    control.script(ApiCall::Create, [Fault::drop_after()]);
    let checked = Checked::of(&shop, &["--sale"]);
    let requests = shop.requests();
    let reference = requests[0].till_reference().unwrap();
    checked.assert_found("sale", "failed", reference);
}

#[test]
fn f36_lost_void_is_sent_three_times() {
    let shop = Shop::open();
    let control = shop.sandbox.as_ref().unwrap().control();
    control.script(ApiCall::Void, [Fault::drop_after()]);
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(checked.found("cancellation").0, "ok", "{:?}", checked.lines);

    control.script(ApiCall::Void, [Fault::status(502).forever()]);
    let before = control.calls(ApiCall::Void);
    let checked = Checked::of(&shop, &["--sale"]);
    assert_eq!(control.calls(ApiCall::Void) - before, 3);
    checked.assert_found("cancellation", "failed", &control.latest().unwrap());
}

#[test]
fn f12_throttling_is_a_note_about_counters() {
    let checked = checked_at(answering(
        "429 Too Many Requests",
        "Retry-After: 9\r\n",
        "{}",
    ));
    checked.assert_found("call", "note", "counters");
}

#[test]
fn f55_output_never_has_the_key() {
    let shop = Shop::open();
    for arguments in [&["check", "-vv"][..], &["check", "--sale", "--json", "-vv"]] {
        let output = shop.run(arguments);
        for said in [output.stdout, output.stderr] {
            assert!(!String::from_utf8_lossy(&said).contains("a-key"));
        }
    }
}

#[test]
fn unusable_logo_is_78() {
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
