//! `refund`, the real program against the embedded platform: what goes back, what does not, what it
//! says, and that nothing goes back twice.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the shop"
)]

#[path = "refund/counter.rs"]
mod counter;
#[path = "refund/doubt.rs"]
mod doubt;
#[path = "refund/found.rs"]
mod found;
#[path = "refund/history.rs"]
mod history;
#[path = "refund/inactive.rs"]
mod inactive;
#[path = "refund/items.rs"]
mod items;
#[path = "refund/part.rs"]
mod part;
#[path = "refund/recorder.rs"]
mod recorder;
#[path = "command_line/shop.rs"]
mod shop;
#[path = "refund/truth.rs"]
mod truth;

use jiff::Timestamp;
use patron_display::sandbox::{Call, Fault};
use serde_json::json;

use counter::Counter;

#[test]
fn without_an_amount_all_that_was_paid_goes_back() {
    let counter = Counter::open();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
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
fn a_short_code_that_no_journal_knows_is_looked_up_at_the_platform() {
    let counter = Counter::open();
    let typed = counter.short_code.to_ascii_lowercase();
    let told = counter.refund(&[&typed, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.control().calls(Call::ByShortCode), 1);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn a_short_code_that_the_journal_knows_is_not_looked_up_elsewhere() {
    let counter = Counter::open();
    counter.journal_the_sale();
    let told = counter.refund(&[&counter.short_code, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.control().calls(Call::ByShortCode), 0);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn the_till_is_told_in_one_json_object() {
    let counter = Counter::open();
    let told = counter.refund(&[&counter.id, "--amount", "5.00", "--ref", "R1", "--json"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
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
fn parts_add_up_to_what_was_paid_and_no_further() {
    let counter = Counter::open();
    for (amount, reference) in [("5.00", "R1"), ("7", "R2")] {
        let told = counter.refund(&[&counter.id, "--amount", amount, "--ref", reference]);
        assert_eq!(told.exit_code, Some(0), "{told:?}");
    }
    let told = counter.refund(&[&counter.id, "--amount", "0.51", "--ref", "R3"]);
    let said = told.is_refused_with(40);
    assert!(said.contains("INVALID_AMOUNT"), "{said}");
    assert!(
        said.contains("less with --amount and another --ref"),
        "{said}"
    );
    let told = counter.refund(&[&counter.id, "--amount", "0.50", "--ref", "R4"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    let told = counter.refund(&[&counter.id, "--ref", "R5"]);
    assert!(told.is_refused_with(40).contains("ALREADY_REFUNDED"));
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn a_part_payment_goes_back_as_far_as_it_was_made() {
    let counter = Counter::open();
    counter.script(
        Call::Read,
        Fault::edit(json!({ "remainingAmount": "250" })).forever(),
    );
    let told = counter.refund(&[&counter.id, "--amount", "10.01", "--ref", "R1"]);
    assert!(told.is_refused_with(64).contains("write 10.00 at most"));
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.refunded(), 1000);
}

#[test]
fn asked_again_with_the_same_reference_it_says_so_and_nothing_is_sent() {
    let counter = Counter::open();
    let first = counter.refund(&[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(first.event()["repeated"], false);
    for name in [&counter.id, &counter.short_code] {
        for amount in [&["--amount", "12.5"][..], &[]] {
            let again = [&[name.as_str(), "--ref", "R1"], amount].concat();
            let told = counter.refund(&again);
            assert_eq!(told.exit_code, Some(0), "{told:?}");
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
fn a_reference_of_another_refund_is_refused_before_anything_is_sent() {
    let counter = Counter::open();
    let (other, _) = counter.create("B1");
    counter.control().pay(&other).unwrap();
    let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    for arguments in [
        &[counter.id.as_str(), "--ref", "R1"][..],
        &[&counter.id, "--ref", "R1", "--amount", "5.01"],
        &[&other, "--ref", "R1", "--amount", "5"],
    ] {
        let told = counter.refund(arguments);
        let said = told.is_refused_with(64);
        assert!(
            said.contains("--ref: R1 stands for the refund of 5.00 NZD"),
            "{said}"
        );
        assert!(said.contains(&counter.short_code), "{said}");
    }
    assert_eq!(counter.sent(), 1);
}

#[test]
fn every_refusal_is_one_sentence_with_its_code_and_what_to_do() {
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
        counter.script(Call::Refund, Fault::refusal(403, code).times(2));
        let reference = format!("R{number}");
        let told = counter.refund(&[&counter.id, "--ref", &reference]);
        let said = told.is_refused_with(40);
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
fn what_an_asset_does_not_allow_the_platform_refuses_by_itself() {
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
fn what_was_not_paid_is_refused_before_anything_is_sent() {
    let counter = Counter::unpaid("A1");
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(
        told.is_refused_with(40)
            .contains("calls the payment request new")
    );
    counter.control().expire(&counter.id).unwrap();
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(told.exit_code, Some(40));
    let event = told.event();
    assert_eq!(event["reason"], "NOT_PAID");
    assert_eq!(event["amount"], json!(null));
    assert_eq!(counter.sent(), 0);
    assert!(told.stderr.contains("expired"), "{told:?}");
}

#[test]
fn a_reference_is_free_as_long_as_nothing_was_sent_with_it() {
    let counter = Counter::unpaid("A1");
    counter
        .refund(&[&counter.id, "--ref", "R1"])
        .is_refused_with(40);
    counter.control().pay(&counter.id).unwrap();
    let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R1", "--json"]);
    assert_eq!(told.event()["repeated"], false);
    assert_eq!(counter.refunded(), 500);
}

#[test]
fn wrong_input_is_refused_with_what_to_write_and_nothing_is_sent() {
    let counter = Counter::open();
    let id = counter.id.as_str();
    for (arguments, says) in [
        (
            &[id, "--ref", "R1", "--amount", "12.51"][..],
            "12.50 at most",
        ),
        (&[id, "--ref", "R1", "--amount", "5,00"], "write 5.00"),
        (&[id, "--ref", "R1", "--amount", "5.005"], "2 decimals"),
        (&[id, "--ref", "R1", "--amount", "-5"], "no sign"),
        (&[id, "--ref", "R1", "--amount", "0"], "zero"),
        (&[id, "--ref", "R1", "--amount", ""], "no amount"),
    ] {
        let told = counter.refund(arguments);
        let said = told.is_refused_with(64);
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
        let told = counter.refund(arguments);
        assert_eq!(told.exit_code, Some(64), "{told:?}");
        assert!(told.stdout.is_empty());
        assert!(told.stderr.contains(says), "{told:?}");
    }
    assert_eq!(counter.sent(), 0);
}

#[test]
fn a_short_code_with_a_typing_error_is_told_in_plain_words() {
    let counter = Counter::open();
    let told = counter.refund(&["CP-C7F-ZS6", "--ref", "R1"]);
    let said = told.is_refused_with(40);
    assert!(said.contains("typing error"), "{said}");
    assert!(said.contains("CHECKSUM_FAILED"), "{said}");
    let told = counter.refund(&["CP-C7F-ZS5", "--ref", "R1", "--json"]);
    assert_eq!(told.exit_code, Some(40));
    assert_eq!(told.event()["shortCode"], "CP-C7F-ZS5");
    assert_eq!(told.event()["id"], json!(null));
    assert_eq!(counter.sent(), 0);
}

#[test]
fn an_answer_about_another_request_gives_nothing_back() {
    let counter = Counter::open();
    for patch in [
        json!({ "id": "another" }),
        json!({ "liveness": "main" }),
        json!({ "value": null, "remainingAmount": null }),
    ] {
        counter.script(Call::Read, Fault::edit(patch));
        let told = counter.refund(&[&counter.id, "--ref", "R1"]);
        assert!(
            told.is_refused_with(40).contains("compare the id"),
            "{told:?}"
        );
    }
    counter.script(Call::Read, Fault::edit(json!({ "id": "another" })));
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(told.event()["id"], counter.id, "the one that was asked for");
    counter.script(
        Call::ByShortCode,
        Fault::edit(json!({ "shortCode": "CP-AAA-AAA" })),
    );
    let told = counter.refund(&[&counter.short_code, "--ref", "R1"]);
    assert!(told.is_refused_with(40).contains("another short code"));
    assert_eq!(counter.sent(), 0);
}

#[test]
fn a_refund_needs_a_configuration_and_a_key_that_is_known() {
    let counter = Counter::open();
    counter.script(Call::Refund, Fault::refusal(401, "UNAUTHORIZED"));
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(40).contains("key was not accepted"));
    std::fs::remove_file(counter.shop.path("centrapay.key")).unwrap();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert!(told.is_refused_with(78).contains("centrapay.key"));
    counter.shop.write("config.toml", "nonsense");
    counter
        .refund(&[&counter.id, "--ref", "R1"])
        .is_refused_with(78);
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn a_payment_goes_back_while_a_display_has_the_counter() {
    let counter = Counter::open();
    let _display = counter.lock();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn what_cannot_be_written_down_is_not_sent() {
    let counter = Counter::open();
    counter.shop.write("file", "");
    let below_a_file = counter.shop.path("file/below");
    std::fs::create_dir(counter.shop.path("data")).unwrap();
    counter.shop.write(
        "data/journal.sqlite3",
        "a shopping list, and no database at all",
    );
    for directory in [below_a_file, counter.shop.path("data")] {
        let told = counter.refund(&[
            &counter.id,
            "--ref",
            "R1",
            "--data-dir",
            directory.to_str().unwrap(),
        ]);
        told.is_refused_with(78);
    }
    assert_eq!(counter.sent(), 0);
}

#[test]
fn the_log_has_the_refund_and_not_the_key() {
    let counter = Counter::open();
    let state = counter.shop.path("state");
    let told = counter.refund(&[
        &counter.id,
        "--ref",
        "R1",
        "--state-dir",
        state.to_str().unwrap(),
    ]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    let file = std::fs::read_dir(state).unwrap().next().unwrap().unwrap();
    let log = std::fs::read_to_string(file.path()).unwrap();
    for says in [
        "command=\"refund\"",
        "a refund is sent",
        &counter.id,
        "outcome=\"started\"",
    ] {
        assert!(log.contains(says), "{says}: {log}");
    }
    assert!(!log.contains("a-key"), "{log}");
}
