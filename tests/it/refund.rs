//! `refund` of the real program, at the embedded platform: which money goes back, what the program says, and that
//! no money goes back twice.

pub(crate) mod counter;
mod found;
mod history;
mod inactive;
mod items;
mod part;
mod truth;
mod unclear;

use jiff::Timestamp;
use patron_display::sandbox::{ApiCall, Fault};
use serde_json::json;

use crate::support::words::assert_has;
use counter::Counter;

#[test]
fn refund_without_amount_is_full() {
    let counter = Counter::open();
    let told = counter.refund_ends(0, &[&counter.id, "--ref", "R1"]);
    let code = &counter.short_code;
    let begins = format!("refund of $12.50 for {code} (");
    assert!(told.stdout.starts_with(&begins), "{told:?}");
    let names = format!(", Sandbox Café) started, reference R1, refund code {code}-");
    assert!(told.stdout.contains(&names), "{told:?}");
    assert_eq!(told.stdout.lines().count(), 1);
    assert!(told.stderr.is_empty(), "{told:?}");
    assert!(!told.stdout.contains("refunded"), "it is only started");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn unknown_short_code_is_looked_up() {
    let counter = Counter::open();
    let typed = counter.short_code.to_ascii_lowercase();
    counter.refund_ends(0, &[&typed, "--ref", "R1"]);
    assert_eq!(counter.control().calls(ApiCall::ByShortCode), 1);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn known_short_code_is_not_looked_up() {
    let counter = Counter::open();
    counter.journal_the_sale();
    counter.refund_ends(0, &[&counter.short_code, "--ref", "R1"]);
    assert_eq!(counter.control().calls(ApiCall::ByShortCode), 0);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn refund_is_told_in_one_json_object() {
    let counter = Counter::open();
    let told = counter.refund_ends(0, &counter.arguments(&["--amount", "5.00", "--json"]));
    let event = told.event();
    let refund_code = event["refundCode"].as_str().unwrap();
    assert!(refund_code.starts_with(&counter.short_code), "{event}");
    let created_at: Timestamp = event["createdAt"].as_str().unwrap().parse().unwrap();
    let age = Timestamp::now().duration_since(created_at).as_secs();
    assert!((0..60).contains(&age), "{event}");
    assert_eq!(
        event,
        json!({
            "event": "refund",
            "outcome": "started",
            "id": counter.id,
            "shortCode": counter.short_code,
            "externalRef": "R1",
            "amount": { "amount": "500", "currency": "NZD" },
            "reason": null,
            "repeated": false,
            "refundCode": refund_code,
            "createdAt": event["createdAt"],
            "merchantName": "Sandbox Café",
        })
    );
    assert_eq!(counter.refunded(), 500);
}

#[test]
fn parts_add_up_to_the_payment() {
    let counter = Counter::open();
    for (amount, reference) in [("5.00", "R1"), ("7", "R2")] {
        counter.refund_ends(0, &[&counter.id, "--amount", amount, "--ref", reference]);
    }
    let said = counter.refund_refused(40, &[&counter.id, "--amount", "0.51", "--ref", "R3"]);
    assert!(said.contains("INVALID_AMOUNT"), "{said}");
    assert_has(&said, "less with --amount and another --ref");
    counter.refund_ends(0, &[&counter.id, "--amount", "0.50", "--ref", "R4"]);
    let told = counter.refund(&[&counter.id, "--ref", "R5"]);
    assert!(told.is_refused_with(40).contains("ALREADY_REFUNDED"));
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn part_payment_goes_back_in_part() {
    let counter = Counter::open();
    counter.script(
        ApiCall::Read,
        Fault::edit(json!({ "remainingAmount": "250" })).forever(),
    );
    let told = counter.refund(&[&counter.id, "--amount", "10.01", "--ref", "R1"]);
    assert!(told.is_refused_with(64).contains("write 10.00 at most"));
    counter.refund_ends(0, &[&counter.id, "--ref", "R1"]);
    assert_eq!(counter.refunded(), 1000);
}

#[test]
fn repeated_reference_sends_nothing() {
    let counter = Counter::open();
    let first = counter.refund(&[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(first.event()["repeated"], false);
    for name in [&counter.id, &counter.short_code] {
        for amount in [&["--amount", "12.5"][..], &[]] {
            let again = [&[name.as_str(), "--ref", "R1"], amount].concat();
            let told = counter.refund_ends(0, &again);
            assert!(told.stdout.contains("asked for before"), "{told:?}");
            let told = counter.refund(&[&again[..], &["--json"]].concat());
            assert_eq!(told.event()["outcome"], "started");
            assert_eq!(told.event()["repeated"], true);
        }
    }
    assert_eq!(counter.sent(), 1);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn used_reference_is_refused() {
    let counter = Counter::open();
    let (other, _) = counter.create("B1");
    counter.control().pay(&other).unwrap();
    counter.refund_ends(0, &[&counter.id, "--amount", "5", "--ref", "R1"]);
    for arguments in [
        &[counter.id.as_str(), "--ref", "R1"][..],
        &[&counter.id, "--ref", "R1", "--amount", "5.01"],
        &[&other, "--ref", "R1", "--amount", "5"],
    ] {
        let said = counter.refund_refused(64, arguments);
        assert_has(&said, "--ref: R1 already belongs to the refund of 5.00 NZD");
        assert!(said.contains(&counter.short_code), "{said}");
    }
    assert_eq!(counter.sent(), 1);
}

#[test]
fn every_refusal_has_advice() {
    let counter = Counter::open();
    for (number, (code, says)) in [
        ("NOT_PAID", "look up the right payment"),
        ("ALREADY_REFUNDED", "give nothing back again"),
        ("INVALID_AMOUNT", "ask for less"),
        ("REPEAT_REFERENCE", "give this one another --ref"),
        ("PARTIAL_REFUNDS_NOT_ALLOWED", "leave --amount out"),
        ("INACTIVE_ASSET", "in another way"),
        ("REFUND_NOT_SUPPORTED", "in another way"),
        ("REFUND_WINDOW_EXCEEDED", "too old"),
        ("REFUND_DECLINED", "again later with the same --ref"),
        ("FORBIDDEN", "ask Centrapay about the key"),
        ("NEW_ONE", "ask Centrapay, and tell them the code"),
    ]
    .into_iter()
    .enumerate()
    {
        counter.script(ApiCall::Refund, Fault::refusal(403, code).times(2));
        let reference = format!("R{number}");
        let said = counter.refund_refused(40, &[&counter.id, "--ref", &reference]);
        assert!(said.contains("no refund was started"), "{said}");
        assert!(said.contains(says), "{said}");
        assert!(said.contains(&format!("({code})")), "{said}");

        let told = counter.refund(&[&counter.id, "--ref", &reference, "--json"]);
        let event = told.event();
        assert_eq!(told.exit_code, Some(40));
        assert_eq!(event["outcome"], "rejected", "{event}");
        assert_eq!(event["reason"], code);
        assert_eq!(event["repeated"], true);
    }
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn platform_refuses_by_the_asset() {
    for code in [
        "PARTIAL_REFUNDS_NOT_ALLOWED",
        "INACTIVE_ASSET",
        "REFUND_NOT_SUPPORTED",
        "REFUND_DECLINED",
    ] {
        let counter = Counter::unpaid(code);
        counter.control().pay(&counter.id).unwrap();
        let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1"]);
        assert!(told.is_refused_with(40).contains(code), "{told:?}");
        assert_eq!(counter.refunded(), 0);
    }
}

#[test]
fn unpaid_request_sends_nothing() {
    let counter = Counter::unpaid("A1");
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(
        told.is_refused_with(40)
            .contains("calls the payment request new")
    );
    counter.control().expire(&counter.id).unwrap();
    let told = counter.refund_ends(40, &[&counter.id, "--ref", "R1", "--json"]);
    let event = told.event();
    assert_eq!(event["reason"], "NOT_PAID");
    assert_eq!(event["amount"], json!(null));
    assert_eq!(counter.sent(), 0);
    assert!(told.stderr.contains("expired"), "{told:?}");
}

#[test]
fn unsent_reference_stays_free() {
    let counter = Counter::unpaid("A1");
    counter.refund_refused(40, &[&counter.id, "--ref", "R1"]);
    counter.control().pay(&counter.id).unwrap();
    let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1", "--json"]);
    assert_eq!(told.event()["repeated"], false);
    assert_eq!(counter.refunded(), 500);
}

#[test]
fn wrong_input_is_corrected() {
    let counter = Counter::open();
    let id = counter.id.as_str();
    for (arguments, says) in [
        (
            &[id, "--ref", "R1", "--amount", "12.51"][..],
            "12.50 at most",
        ),
        (&[id, "--ref", "R1", "--amount", "5,00"], "write 5.00"),
        (&[id, "--ref", "R1", "--amount", "5.005"], "2 decimals"),
        (
            &[id, "--ref", "R1", "--amount", "-5"],
            "a sign does not belong",
        ),
        (&[id, "--ref", "R1", "--amount", "0"], "zero"),
        (&[id, "--ref", "R1", "--amount", ""], "no amount"),
    ] {
        let said = counter.refund_refused(64, arguments);
        assert!(said.contains("--amount: "), "{said}");
        assert!(said.contains(says), "{said}");
    }
    for (arguments, says) in [
        (&[id][..], "--ref"),
        (&[id, "--ref", " "], "plain characters"),
        (&["a/b", "--ref", "R1"], "CP-C7F-ZS5"),
        (&["", "--ref", "R1"], "CP-C7F-ZS5"),
        (&["--ref", "R1"], "ID|SHORTCODE"),
    ] {
        let told = counter.refund_ends(64, arguments);
        assert!(told.stdout.is_empty());
        assert!(told.stderr.contains(says), "{told:?}");
    }
    assert_eq!(counter.sent(), 0);
}

#[test]
fn mistyped_short_code_is_explained() {
    let counter = Counter::open();
    let said = counter.refund_refused(40, &["CP-C7F-ZS6", "--ref", "R1"]);
    assert!(said.contains("typing error"), "{said}");
    assert!(said.contains("CHECKSUM_FAILED"), "{said}");
    let told = counter.refund_ends(40, &["CP-C7F-ZS5", "--ref", "R1", "--json"]);
    assert_eq!(told.event()["shortCode"], "CP-C7F-ZS5");
    assert_eq!(told.event()["id"], json!(null));
    assert_eq!(counter.sent(), 0);
}

#[test]
fn wrong_answer_refunds_nothing() {
    let counter = Counter::open();
    for patch in [
        json!({ "id": "another" }),
        json!({ "liveness": "main" }),
        json!({ "value": null, "remainingAmount": null }),
    ] {
        counter.script(ApiCall::Read, Fault::edit(patch));
        let told = counter.refund(&[&counter.id, "--ref", "R1"]);
        assert!(
            told.is_refused_with(40).contains("compare the id"),
            "{told:?}"
        );
    }
    counter.script(ApiCall::Read, Fault::edit(json!({ "id": "another" })));
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(told.event()["id"], counter.id, "the one that was asked for");
    counter.script(
        ApiCall::ByShortCode,
        Fault::edit(json!({ "shortCode": "CP-AAA-AAA" })),
    );
    let told = counter.refund(&[&counter.short_code, "--ref", "R1"]);
    assert!(told.is_refused_with(40).contains("another short code"));
    assert_eq!(counter.sent(), 0);
}

#[test]
fn refund_needs_a_valid_key() {
    let counter = Counter::open();
    counter.script(ApiCall::Refund, Fault::refusal(401, "UNAUTHORIZED"));
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(40).contains("key was not accepted"));
    std::fs::remove_file(counter.shop.path("centrapay.key")).unwrap();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(78).contains("centrapay.key"));
    counter.shop.write("config.toml", "nonsense");
    counter.refund_refused(78, &[&counter.id, "--ref", "R1"]);
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn refund_works_while_a_display_runs() {
    let counter = Counter::open();
    let _display = counter.lock();
    counter.refund_ends(0, &[&counter.id, "--ref", "R1"]);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn unwritten_refund_is_not_sent() {
    let counter = Counter::open();
    counter.shop.write("file", "");
    let below_a_file = counter.shop.path("file/below");
    std::fs::create_dir(counter.shop.path("data")).unwrap();
    counter.shop.write(
        "data/journal.sqlite3",
        "a shopping list, and no database at all",
    );
    for directory in [below_a_file, counter.shop.path("data")] {
        let directory = directory.to_str().unwrap();
        counter.refund_refused(78, &counter.arguments(&["--data-dir", directory]));
    }
    assert_eq!(counter.sent(), 0);
}

#[test]
fn log_has_the_refund_and_not_the_key() {
    let counter = Counter::open();
    let state = counter.shop.path("state");
    let options = ["--state-dir", state.to_str().unwrap()];
    counter.refund_ends(0, &counter.arguments(&options));
    let file = std::fs::read_dir(state).unwrap().next().unwrap().unwrap();
    let log = std::fs::read_to_string(file.path()).unwrap();
    for says in [
        "command=\"refund\"",
        "sending a refund",
        &counter.id,
        "outcome=\"started\"",
    ] {
        assert!(log.contains(says), "{says}: {log}");
    }
    assert!(!log.contains("a-key"), "{log}");
}
