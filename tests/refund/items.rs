//! What was returned: sent with the refund, kept in the journal, and the same whenever it is sent.

use patron_display::sandbox::{Call, Fault};
use serde_json::{Value, json};

use crate::counter::Counter;
use crate::recorder::Recorder;

const ITEMS: &str = r#"[
    {"name": "Hard Hat", "sku": "GH1234", "qty": 1, "price": 400, "tax": "15", "discount": 40},
    {"name": "Tool Belt", "qty": 2, "price": "100"}
]"#;

/// A counter whose calls are recorded, with a list of items in `items.json`.
fn scene() -> (Counter, Recorder) {
    let counter = Counter::open();
    let recorder = Recorder::before(counter.shop.address());
    let direct = format!("base-url = \"http://{}\"", counter.shop.address());
    let recorded = format!("base-url = \"http://{}\"", recorder.address);
    let configuration = counter.shop.configuration().replace(&direct, &recorded);
    counter.shop.write("config.toml", &configuration);
    counter.shop.write("items.json", ITEMS);

    (counter, recorder)
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
fn items_and_invoice_are_sent_and_are_the_amount() {
    let (counter, recorder) = scene();
    let told = counter.refund(&[
        &counter.id,
        "--items",
        &items(&counter),
        "--invoice-ref",
        "INV-7",
        "--ref",
        "R1",
    ]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.refunded(), 500);
    assert_eq!(
        recorder.last_refund(),
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
    let (counter, recorder) = scene();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(
        recorder.last_refund(),
        json!({
            "value": { "amount": "1250", "currency": "NZD" },
            "externalRef": "R1",
        })
    );
}

#[test]
fn repetition_sends_the_items_of_the_journal() {
    let (counter, recorder) = scene();
    counter.script(Call::Refund, Fault::drop_before().forever());
    let file = items(&counter);
    let with_items = [
        &counter.id,
        "--items",
        &file,
        "--invoice-ref",
        "INV-7",
        "--ref",
        "R1",
    ];
    assert_eq!(counter.refund(&with_items).exit_code, Some(30));
    let first = recorder.last_refund();
    counter.control().clear_script();
    std::fs::remove_file(counter.shop.path("items.json")).unwrap();
    let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(recorder.last_refund(), first);
    assert_eq!(counter.refunded(), 500);
}

#[test]
fn other_items_under_a_reference_are_refused() {
    let (counter, _recorder) = scene();
    let file = items(&counter);
    let of = |more: &[&str]| counter.refund(&[&[&counter.id, "--ref", "R1"], more].concat());
    assert_eq!(of(&["--items", &file]).exit_code, Some(0));
    counter.shop.write(
        "items.json",
        r#"[{"name": "Something else", "qty": 1, "price": 500}]"#,
    );
    let told = of(&["--items", &file]);
    let said = told.is_refused_with(64);
    assert!(said.contains("--items: the reference R1"), "{said}");
    let told = of(&["--amount", "5", "--invoice-ref", "INV-8"]);
    let said = told.is_refused_with(64);
    assert!(said.contains("--invoice-ref: the reference R1"), "{said}");
    assert_eq!(counter.sent(), 1);
}

#[test]
fn wrong_items_are_refused_before_anything_is_sent() {
    let (counter, _recorder) = scene();
    let file = items(&counter);
    let of = |more: &[&str]| {
        counter.refund(&[&[&counter.id, "--ref", "R1", "--items", &file], more].concat())
    };
    let told = of(&["--amount", "5.01"]);
    let said = told.is_refused_with(64);
    assert!(said.contains("sum to 5.00, and --amount is 5.01"), "{said}");
    counter.shop.write("items.json", "[]");
    assert!(of(&[]).is_refused_with(64).contains("0 lines"));
    assert_eq!(counter.sent(), 0);
}

#[test]
fn wrong_sum_at_the_platform_is_explained() {
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
        counter.script(Call::Refund, Fault::refusal(status, code));
        let told = counter.refund(&[&counter.id, "--ref", code]);
        let said = told.is_refused_with(40);
        assert!(said.contains(says), "{said}");
        assert!(said.contains(code), "{said}");
    }
}

#[test]
fn f67_items_from_a_pipe_are_read_once() {
    let (counter, _recorder) = scene();
    let pipe = counter.shop.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let text = ITEMS.replace("\"100\"", "100");
    let write = {
        let pipe = pipe.clone();

        std::thread::spawn(move || std::fs::write(pipe, text).unwrap())
    };
    let told = counter.refund(&[
        &counter.id,
        "--items",
        &pipe.display().to_string(),
        "--ref",
        "R1",
    ]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.refunded(), 500);
    write.join().unwrap();
}
