//! Returned items are sent with the refund and kept in the journal. Each repetition sends the same items.

use patron_display::sandbox::{ApiCall, Fault};
use serde_json::{Value, json};

use crate::refund::counter::Counter;
use crate::support::gate::Gate;
use crate::support::words::assert_has;

const ITEMS: &str = r#"[
    {"name": "Hard Hat", "sku": "GH1234", "qty": 1, "price": 400, "tax": "15", "discount": 40},
    {"name": "Tool Belt", "qty": 2, "price": "100"}
]"#;

/// Opens a counter with a gate before its platform and a list of items in `items.json`.
fn scene() -> (Counter, Gate) {
    let counter = Counter::open();
    let gate = counter.gate();
    let direct = format!("base-url = \"http://{}\"", counter.shop.address());
    let through_gate = format!("base-url = \"http://{}\"", gate.address);
    let configuration = counter.shop.configuration().replace(&direct, &through_gate);
    counter.shop.write("config.toml", &configuration);
    counter.shop.write("items.json", ITEMS);

    (counter, gate)
}

fn items(counter: &Counter) -> String {
    counter.shop.path("items.json").display().to_string()
}

fn sent_items() -> Value {
    json!([
        { "name": "Hard Hat", "sku": "GH1234", "qty": "1", "price": "400", "tax": "15", "discount": "40" },
        { "name": "Tool Belt", "qty": "2", "price": "100" },
    ])
}

#[test]
fn items_and_invoice_are_sent() {
    let (counter, gate) = scene();
    let options = ["--items", &items(&counter), "--invoice-ref", "INV-7"];
    counter.refund_ends(0, &counter.arguments(&options));
    assert_eq!(counter.refunded(), 500);
    assert_eq!(
        gate.last_body(ApiCall::Refund),
        json!({
            "value": { "amount": "500", "currency": "NZD" },
            "externalRef": "R1",
            "invoiceRef": "INV-7",
            "lineItems": sent_items(),
        })
    );
}

#[test]
fn refund_without_items_sends_none() {
    let (counter, gate) = scene();
    counter.refund_ends(0, &[&counter.id, "--ref", "R1"]);
    assert_eq!(
        gate.last_body(ApiCall::Refund),
        json!({
            "value": { "amount": "1250", "currency": "NZD" },
            "externalRef": "R1",
        })
    );
}

#[test]
fn repetition_sends_journal_items() {
    let (counter, gate) = scene();
    counter.script(ApiCall::Refund, Fault::drop_before().forever());
    let file = items(&counter);
    let options = ["--items", &file, "--invoice-ref", "INV-7"];
    counter.refund_ends(30, &counter.arguments(&options));
    let first = gate.last_body(ApiCall::Refund);
    counter.control().clear_script();
    std::fs::remove_file(counter.shop.path("items.json")).unwrap();
    counter.refund_ends(0, &[&counter.id, "--amount", "5", "--ref", "R1"]);
    assert_eq!(gate.last_body(ApiCall::Refund), first);
    assert_eq!(counter.refunded(), 500);
}

#[test]
fn other_items_are_refused() {
    let (counter, _gate) = scene();
    let file = items(&counter);
    let of = |more: &[&str]| counter.refund(&counter.arguments(more));
    assert_eq!(of(&["--items", &file]).exit_code, Some(0));
    counter.shop.write(
        "items.json",
        r#"[{"name": "Something else", "qty": 1, "price": 500}]"#,
    );
    assert_has(
        of(&["--items", &file]).is_refused_with(64),
        "--items: the reference R1",
    );
    assert_has(
        of(&["--amount", "5", "--invoice-ref", "INV-8"]).is_refused_with(64),
        "--invoice-ref: the reference R1",
    );
    assert_eq!(counter.sent(), 1);
}

#[test]
fn wrong_items_send_nothing() {
    let (counter, _gate) = scene();
    let file = items(&counter);
    let of =
        |more: &[&str]| counter.refund(&[&counter.arguments(&["--items", &file]), more].concat());
    assert_has(
        of(&["--amount", "5.01"]).is_refused_with(64),
        "sum to 5.00, and --amount is 5.01",
    );
    counter.shop.write("items.json", "[]");
    assert!(of(&[]).is_refused_with(64).contains("0 lines"));
    assert_eq!(counter.sent(), 0);
}

#[test]
fn platform_refusals_are_explained() {
    let counter = Counter::open();
    for (code, status, says) in [
        (
            "LINE_ITEMS_SUM_CHECK_FAILED",
            400,
            "correct --items or --amount",
        ),
        ("PRE_AUTH_PENDING", 403, "only reserved"),
        ("CONFIRMATION_NOT_FOUND", 403, "never taken"),
        ("PRE_AUTH_ALREADY_CONFIRMED", 403, "taken already"),
    ] {
        counter.script(ApiCall::Refund, Fault::refusal(status, code));
        let said = counter.refund_refused(40, &[&counter.id, "--ref", code]);
        assert!(said.contains(says), "{said}");
        assert!(said.contains(code), "{said}");
    }
}

#[test]
fn f67_items_from_a_pipe_are_read_once() {
    let (counter, _gate) = scene();
    let pipe = counter.shop.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let text = ITEMS.replace("\"100\"", "100");
    let write = {
        let pipe = pipe.clone();

        std::thread::spawn(move || std::fs::write(pipe, text).unwrap())
    };
    let options = ["--items", &pipe.display().to_string()];
    counter.refund_ends(0, &counter.arguments(&options));
    assert_eq!(counter.refunded(), 500);
    write.join().unwrap();
}
