//! Short codes that the platform gives out again after two years: which payment goes back.

use jiff::Zoned;
use patron_display::sandbox::{Call, Fault};
use serde_json::json;

use crate::counter::Counter;

/// Today on the clock of this machine, as the program reads it.
fn today() -> String {
    Zoned::now().date().to_string()
}

/// A patch that makes a payment 708 days old.
fn long_ago() -> Fault {
    Fault::edit(json!({ "createdAt": "{createdAt-16992h}" }))
}

/// A patch that makes a payment one of another merchant config.
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
fn foreign_or_old_match_of_a_code_needs_the_date() {
    for fault in [elsewhere(), long_ago()] {
        let counter = Counter::open();
        counter.script(Call::ByShortCode, fault.clone().forever());
        let code = counter.short_code.as_str();
        let told = counter.refund(&[code, "--ref", "R1"]);
        let said = told.is_refused_with(64);
        assert!(said.contains("add --paid-on"), "{said}");
        assert!(said.contains("Sandbox Café"), "{said}");
        assert_eq!(counter.sent(), 0);

        // The id stands for one payment only.
        let told = counter.refund(&[&counter.id, "--amount", "5", "--ref", "R2"]);
        assert_eq!(told.exit_code, Some(0), "{told:?}");
        if fault == elsewhere() {
            let told =
                counter.refund(&[code, "--ref", "R1", "--paid-on", &today(), "--amount", "5"]);
            assert_eq!(told.exit_code, Some(0), "{told:?}");
        }
    }
}

#[test]
fn other_date_than_on_the_receipt_is_refused() {
    let counter = Counter::open();
    for name in [&counter.id, &counter.short_code] {
        let told = counter.refund(&[name, "--ref", "R1", "--paid-on", "2024-02-29"]);
        let said = told.is_refused_with(64);
        for says in ["--paid-on: ", "2024-02-29", &today()] {
            assert!(said.contains(says), "{says}: {said}");
        }
    }
    counter.script(Call::Read, Fault::edit(json!({ "createdAt": null })));
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--paid-on", &today()]);
    let said = told.is_refused_with(64);
    assert!(said.contains("does not say when"), "{said}");
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--paid-on", "today"]);
    assert!(told.stderr.contains("such as 2026-08-17"), "{told:?}");
    assert_eq!((told.exit_code, counter.sent()), (Some(64), 0));
}

#[test]
fn repeated_refund_is_checked_by_its_date_too() {
    let counter = Counter::open();
    let today = today();
    counter.script(Call::Refund, Fault::drop_before().forever());
    let asked = |date| counter.refund(&[&counter.id, "--ref", "R1", "--paid-on", date]);
    assert_eq!(asked(&today).exit_code, Some(30));
    let sent = counter.sent();
    asked("2024-02-29").is_refused_with(64);
    assert_eq!(counter.sent(), sent);
    counter.script(Call::Read, Fault::refusal(403, "FORBIDDEN"));
    asked(&today).is_refused_with(30);
    assert_eq!(counter.sent(), sent);
    counter.control().clear_script();
    assert_eq!(asked(&today).exit_code, Some(0));
    // What was started is told, whatever the date.
    assert_eq!(asked("2024-02-29").exit_code, Some(0));
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn old_sale_of_the_journal_is_looked_up_by_its_code() {
    let counter = Counter::open();
    counter.journal_the_sale();
    counter.script(Call::Read, long_ago());
    let told = counter.refund(&[&counter.short_code, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(counter.control().calls(Call::ByShortCode), 1);
}

#[test]
fn recycled_code_of_the_journal_is_refused() {
    let counter = Counter::open();
    counter.journal_the_sale();
    let (latest, _) = counter.create("B1");
    counter.control().pay(&latest).unwrap();
    counter.script(Call::Read, long_ago());
    counter.script(Call::ByShortCode, Fault::edit(json!({ "id": latest })));
    let told = counter.refund(&[&counter.short_code, "--ref", "R1"]);
    let said = told.is_refused_with(64);
    for says in [counter.id.as_str(), &latest, "by its id", "Sandbox Café"] {
        assert!(said.contains(says), "{says}: {said}");
    }
    assert_eq!(counter.sent(), 0);
}
