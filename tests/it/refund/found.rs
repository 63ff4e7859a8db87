//! The platform may use a short code again after two years. A refund must still find the right payment.

use jiff::Zoned;
use patron_display::sandbox::{ApiCall, Fault};
use serde_json::json;

use crate::refund::counter::Counter;

/// Returns today's date by this machine's clock, which the program also uses.
fn today() -> String {
    Zoned::now().date().to_string()
}

/// A fault that makes a payment 708 days old.
fn long_ago() -> Fault {
    Fault::edit(json!({ "createdAt": "{createdAt-16992h}" }))
}

/// A fault that gives a payment to another merchant's configuration.
fn elsewhere() -> Fault {
    Fault::edit(json!({ "configId": "elsewhere" }))
}

#[test]
fn answer_names_date_and_merchant() {
    let counter = Counter::open();
    let told = counter.refund(&[&counter.short_code, "--ref", "R1"]);
    let payment = format!("({}, Sandbox Café)", today());
    assert!(told.stdout.contains(&payment), "{told:?}");
    let told = counter.refund(&[&counter.id, "--amount", "1", "--ref", "R2", "--json"]);
    assert_eq!(told.event()["merchantName"], "Sandbox Café");
}

#[test]
fn foreign_or_old_code_needs_the_date() {
    for fault in [elsewhere(), long_ago()] {
        let counter = Counter::open();
        counter.script(ApiCall::ByShortCode, fault.clone().forever());
        let code = counter.short_code.as_str();
        let said = counter.refund_refused(64, &[code, "--ref", "R1"]);
        assert!(said.contains("add --paid-on"), "{said}");
        assert!(said.contains("Sandbox Café"), "{said}");
        assert_eq!(counter.sent(), 0);

        // By its id a payment is found, because an id names only one payment.
        counter.refund_ends(0, &[&counter.id, "--amount", "5", "--ref", "R2"]);
        if fault == elsewhere() {
            let told =
                counter.refund(&[code, "--ref", "R1", "--paid-on", &today(), "--amount", "5"]);
            assert_eq!(told.exit_code, Some(0), "{told:?}");
        }
    }
}

#[test]
fn wrong_date_is_refused() {
    let counter = Counter::open();
    for name in [&counter.id, &counter.short_code] {
        let said = counter.refund_refused(64, &[name, "--ref", "R1", "--paid-on", "2024-02-29"]);
        for says in ["--paid-on: ", "2024-02-29", &today()] {
            assert!(said.contains(says), "{says}: {said}");
        }
    }
    counter.script(ApiCall::Read, Fault::edit(json!({ "createdAt": null })));
    let said = counter.refund_refused(64, &[&counter.id, "--ref", "R1", "--paid-on", &today()]);
    assert!(said.contains("does not say when"), "{said}");
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--paid-on", "today"]);
    assert!(told.stderr.contains("such as 2026-08-17"), "{told:?}");
    assert_eq!((told.exit_code, counter.sent()), (Some(64), 0));
}

#[test]
fn repeated_refund_needs_its_date() {
    let counter = Counter::open();
    let today = today();
    counter.script(ApiCall::Refund, Fault::drop_before().forever());
    let asked = |date| counter.refund(&[&counter.id, "--ref", "R1", "--paid-on", date]);
    assert_eq!(asked(&today).exit_code, Some(30));
    let sent = counter.sent();
    asked("2024-02-29").is_refused_with(64);
    assert_eq!(counter.sent(), sent);
    counter.script(ApiCall::Read, Fault::refusal(403, "FORBIDDEN"));
    asked(&today).is_refused_with(30);
    assert_eq!(counter.sent(), sent);
    counter.control().clear_script();
    assert_eq!(asked(&today).exit_code, Some(0));
    // The refund has already started, so the program reports it for any date.
    assert_eq!(asked("2024-02-29").exit_code, Some(0));
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn old_sale_is_looked_up_by_its_code() {
    let counter = Counter::open();
    counter.journal_the_sale();
    counter.script(ApiCall::Read, long_ago());
    counter.refund_ends(0, &[&counter.short_code, "--ref", "R1"]);
    assert_eq!(counter.control().calls(ApiCall::ByShortCode), 1);
}

#[test]
fn recycled_code_is_refused() {
    let counter = Counter::open();
    counter.journal_the_sale();
    let (latest, _) = counter.create("B1");
    counter.control().pay(&latest).unwrap();
    counter.script(ApiCall::Read, long_ago());
    counter.script(ApiCall::ByShortCode, Fault::edit(json!({ "id": latest })));
    let said = counter.refund_refused(64, &[&counter.short_code, "--ref", "R1"]);
    for says in [
        counter.id.as_str(),
        &latest,
        "the payment's id",
        "Sandbox Café",
    ] {
        assert!(said.contains(says), "{says}: {said}");
    }
    assert_eq!(counter.sent(), 0);
}
