//! Refunds in the history.

use serde_json::Value;

use patron_display::sandbox::{ApiCall, Fault};

use crate::refund::counter::Counter;
use crate::support::words::assert_has;

/// Opens a counter whose journal has a sale with a started, a refused and an unknown refund.
fn scene() -> Counter {
    let counter = Counter::open();
    counter.journal_the_sale();
    let ask = |amount, reference| {
        counter
            .refund(&[&counter.id, "--amount", amount, "--ref", reference])
            .exit_code
    };
    assert_eq!(ask("5", "R1"), Some(0));
    counter.script(ApiCall::Refund, Fault::refusal(403, "REFUND_DECLINED"));
    assert_eq!(ask("2", "R2"), Some(40));
    counter.script(ApiCall::Refund, Fault::drop_before().forever());
    assert_eq!(ask("0.50", "R3"), Some(30));

    counter
}

#[test]
fn sale_shows_its_refunds() {
    let counter = scene();
    for name in ["A1", &counter.id, &counter.short_code, "R2"] {
        let table = counter.history(&[name]);
        let started = format!("refund R1, 5.00 NZD started, {}-", counter.short_code);
        assert!(table.contains(&started), "{table}");
        assert_has(&table, "refund R2, 2.00 NZD rejected  REFUND_DECLINED\n");
        assert!(table.contains("refund R3, 0.50 NZD unknown"), "{table}");
        assert!(table.contains("  paid  "), "the sale stays paid: {table}");
    }

    let told: Value = serde_json::from_str(&counter.history(&["--format", "json"])).unwrap();
    let refunds = told[0]["refunds"].as_array().unwrap();
    assert_eq!(told[0]["outcome"], "paid");
    let summed: Vec<_> = refunds
        .iter()
        .map(|refund| {
            (
                &refund["externalRef"],
                &refund["amount"],
                &refund["outcome"],
            )
        })
        .collect();
    assert_eq!(
        summed,
        [
            (&"R1".into(), &500.into(), &"started".into()),
            (&"R2".into(), &200.into(), &"rejected".into()),
            (&"R3".into(), &50.into(), &"unknown".into()),
        ]
    );
    assert_eq!(refunds[1]["reason"], "REFUND_DECLINED");
    let code = refunds[0]["refundCode"].as_str().unwrap();
    assert!(code.starts_with(&counter.short_code), "{code}");
    assert_eq!(refunds[1]["refundCode"], Value::Null);
    let line: Value = serde_json::from_str(&counter.history(&["--json"])).unwrap();
    assert_eq!(line, told[0]);

    let csv = counter.history(&["--format", "csv"]);
    let (header, row) = csv.trim_end().split_once('\n').unwrap();
    assert!(header.contains(",closedAt,refundsStarted,refundsUnknown,"));
    assert!(row.contains(",500,50,"), "{row}");
    assert_eq!(header.split(',').count(), row.split(',').count());
}

#[test]
fn sale_without_refunds() {
    let counter = Counter::open();
    counter.journal_the_sale();
    let told: Value = serde_json::from_str(&counter.history(&["--json"])).unwrap();
    assert_eq!(told["refunds"], Value::Array(Vec::new()));
    assert!(counter.history(&["--format", "csv"]).contains(",0,0,"));
    assert!(!counter.history(&["A1"]).contains("refund"));
}

#[test]
fn refund_of_another_counter_is_found() {
    let counter = Counter::open();
    counter.refund_ends(0, &[&counter.id, "--ref", "R1"]);
    for name in ["R1", &counter.id, &counter.short_code] {
        let table = counter.history(&[name]);
        assert!(table.contains("its sale is not in this journal"), "{table}");
        assert!(table.contains("refund R1, 12.50 NZD started"), "{table}");
    }
    assert_eq!(counter.history(&["R2"]), "No sale was found.\n");
}
