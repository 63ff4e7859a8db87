//! What the history says of refunds.

use serde_json::Value;

use patron_display::sandbox::{Call, Fault};

use crate::counter::Counter;

/// A sale in the journal with a refund that was started, one that was refused, and one that nobody
/// knows of.
fn scene() -> Counter {
    let counter = Counter::open();
    counter.journal_the_sale();
    let ask = |amount, reference| {
        counter
            .refund(&[&counter.id, "--amount", amount, "--ref", reference])
            .exit_code
    };
    assert_eq!(ask("5", "R1"), Some(0));
    counter.script(Call::Refund, Fault::refusal(403, "REFUND_DECLINED"));
    assert_eq!(ask("2", "R2"), Some(40));
    counter.script(Call::Refund, Fault::drop_before().forever());
    assert_eq!(ask("0.50", "R3"), Some(30));

    counter
}

#[test]
fn a_sale_shows_its_refunds_in_every_format() {
    let counter = scene();
    for name in ["A1", &counter.id, &counter.short_code, "R2"] {
        let table = counter.history(&[name]);
        let started = format!("refund R1, 5.00 NZD started, {}-", counter.short_code);
        assert!(table.contains(&started), "{table}");
        assert!(
            table.contains("refund R2, 2.00 NZD rejected  REFUND_DECLINED\n"),
            "{table}"
        );
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
fn a_sale_without_refunds_says_so_and_keeps_its_columns() {
    let counter = Counter::open();
    counter.journal_the_sale();
    let told: Value = serde_json::from_str(&counter.history(&["--json"])).unwrap();
    assert_eq!(told["refunds"], Value::Array(Vec::new()));
    assert!(counter.history(&["--format", "csv"]).contains(",0,0,"));
    assert!(!counter.history(&["A1"]).contains("refund"));
}

#[test]
fn a_refund_of_another_counters_sale_is_found_by_every_name() {
    let counter = Counter::open();
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    for name in ["R1", &counter.id, &counter.short_code] {
        let table = counter.history(&[name]);
        assert!(
            table.contains("whose sale is not in this journal"),
            "{table}"
        );
        assert!(table.contains("refund R1, 12.50 NZD started"), "{table}");
    }
    assert_eq!(counter.history(&["R2"]), "Nothing was found.\n");
}
