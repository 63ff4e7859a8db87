use super::refunds::{RecordedIntent, RefundIntent, RefundJournal, RefundResult, StoredRefund};
use super::*;

const BASE_URL: &str = "https://service.centrapay.com/";

fn refunds(directory: &Path) -> RefundJournal {
    RefundJournal::open(directory, BASE_URL).expect("a journal")
}

fn intent(external_ref: &str, minor: u64) -> RefundIntent {
    RefundIntent {
        external_ref: external_ref.to_owned(),
        request_id: ID.to_owned(),
        short_code: Some("CP-C7F-ZS5".to_owned()),
        amount: nzd(minor),
        paid: nzd(1250),
        invoice_ref: None,
        line_items: None,
    }
}

fn stored(refunds: &RefundJournal, external_ref: &str) -> StoredRefund {
    refunds
        .with_reference(external_ref)
        .expect("an answer")
        .expect("a refund")
}

fn requests_with(refunds: &RefundJournal, short_code: &str) -> Vec<String> {
    refunds.requests_with(short_code).expect("an answer")
}

#[test]
fn intent_is_unsettled_until_its_result() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut first = refunds(directory.path());
    assert!(matches!(
        first.record_intent(&intent("R1", 500)),
        Ok(RecordedIntent::New)
    ));
    drop(first);
    let mut later = refunds(directory.path());
    let found = stored(&later, "R1");
    assert!(found.is_unsettled());
    assert_eq!(
        (found.amount, found.paid, found.id.as_str()),
        (500, 1250, ID)
    );
    for (result, is_unsettled) in [
        (RefundResult::Unknown, true),
        (RefundResult::Unreachable, false),
        (RefundResult::Rejected, false),
        (RefundResult::Started, false),
    ] {
        later
            .record_result("R1", result, Some("why"), None)
            .expect("a record");
        let found = stored(&later, "R1");
        assert_eq!(found.outcome_text(), result.name());
        assert_eq!(found.is_unsettled(), is_unsettled);
        assert_eq!(found.is_started(), result == RefundResult::Started);
    }
    assert!(matches!(later.with_reference("R2"), Ok(None)));
}

#[test]
fn repeat_reopens_all_but_started() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    refunds.record_intent(&intent("R1", 500)).expect("a record");
    refunds
        .record_result("R1", RefundResult::Rejected, Some("REFUND_DECLINED"), None)
        .expect("a record");
    let again = refunds.record_intent(&intent("R1", 500)).expect("a record");
    assert!(
        matches!(again, RecordedIntent::Repeated(stored) if stored.outcome_text() == "rejected")
    );
    assert!(stored(&refunds, "R1").is_unsettled());
    refunds
        .record_result("R1", RefundResult::Started, None, None)
        .expect("a record");
    refunds.record_intent(&intent("R1", 500)).expect("a record");
    refunds
        .record_result("R1", RefundResult::Unknown, Some("no answer in time"), None)
        .expect("a record");
    assert!(stored(&refunds, "R1").is_started());
}

#[test]
fn reference_belongs_to_one_refund() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    refunds.record_intent(&intent("R1", 500)).expect("a record");
    let another_request = RefundIntent {
        request_id: "another".to_owned(),
        ..intent("R1", 500)
    };
    let another_currency = RefundIntent {
        amount: Amount::from_minor(500, Currency::AUD),
        ..intent("R1", 500)
    };
    let with_items = RefundIntent {
        line_items: Some("[]".to_owned()),
        ..intent("R1", 500)
    };
    let with_invoice = RefundIntent {
        invoice_ref: Some("INV-7".to_owned()),
        ..intent("R1", 500)
    };
    for other in [
        intent("R1", 501),
        another_request,
        another_currency,
        with_items,
        with_invoice,
    ] {
        let refused = refunds.record_intent(&other);
        assert!(
            matches!(refused, Ok(RecordedIntent::ReferenceTaken(_))),
            "{other:?}"
        );
    }
    let mut rehearsal =
        RefundJournal::open(directory.path(), "http://127.0.0.1:8787/").expect("a journal");
    assert!(matches!(
        rehearsal.record_intent(&intent("R1", 700)),
        Ok(RecordedIntent::New)
    ));
    assert_eq!(stored(&refunds, "R1").amount, 500);
}

#[test]
fn intent_keeps_items_invoice_and_code() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    let intent = RefundIntent {
        line_items: Some(r#"[{"name":"A"}]"#.to_owned()),
        invoice_ref: Some("INV-7".to_owned()),
        ..intent("R1", 500)
    };
    refunds.record_intent(&intent).expect("a record");
    let again = refunds.record_intent(&intent).expect("a record");
    assert!(matches!(again, RecordedIntent::Repeated(_)));
    let code = Some("CP-C7F-ZS5-032");
    refunds
        .record_result("R1", RefundResult::Started, None, code)
        .expect("a record");
    let found = stored(&refunds, "R1");
    assert_eq!(found.line_items, intent.line_items);
    assert_eq!(found.invoice_ref, intent.invoice_ref);
    assert_eq!(found.refund_code.as_deref(), code);
}

#[tokio::test]
async fn refunds_and_sales_write_together() {
    let counter = Counter::open();
    let directory = counter.directory.path().to_owned();
    let office = std::thread::spawn(move || {
        let mut refunds = refunds(&directory);
        for number in 0..50 {
            let intent = intent(&format!("R{number}"), 1);
            assert!(matches!(
                refunds.record_intent(&intent),
                Ok(RecordedIntent::New)
            ));
            refunds
                .record_result(&intent.external_ref, RefundResult::Started, None, None)
                .expect("a record");
        }
    });
    for attempt in 1..=50 {
        let key = key_of(&format!("S{attempt}"), 1);
        counter
            .write(
                &key,
                [super::intent(), created_as(&key.sale), verdict(paid())],
            )
            .await;
    }
    office.join().expect("every refund is written");
    assert_eq!(counter.phases().len(), 50);
}

#[tokio::test]
async fn short_code_is_found_at_its_platform() {
    let counter = Counter::open();
    let refunds = refunds(counter.directory.path());
    assert!(requests_with(&refunds, "CP-C7F-ZS5").is_empty());
    counter.write(&key(1), [super::intent(), created()]).await;
    assert_eq!(requests_with(&refunds, "cp-c7f-zs5"), [ID]);
    let rehearsal = RefundJournal::open(counter.directory.path(), "http://127.0.0.1:8787/");
    let rehearsal = rehearsal.expect("a journal");
    assert!(requests_with(&rehearsal, "CP-C7F-ZS5").is_empty());
}

#[test]
fn reused_short_code_finds_both_requests() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    for (reference, id) in [("R1", "one"), ("R2", "two")] {
        let intent = RefundIntent {
            request_id: id.to_owned(),
            ..intent(reference, 1)
        };
        refunds.record_intent(&intent).expect("a record");
    }
    assert_eq!(requests_with(&refunds, "CP-C7F-ZS5"), ["one", "two"]);
}

#[test]
fn concurrent_first_openings_succeed() {
    for _ in 0..10 {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path();
        std::thread::scope(|scope| {
            for number in 0..4 {
                scope.spawn(move || {
                    let mut refunds = refunds(path);
                    let recorded = refunds.record_intent(&intent(&format!("R{number}"), 1));
                    assert!(matches!(recorded, Ok(RecordedIntent::New)));
                });
            }
        });
    }
}

#[test]
fn refund_without_a_sale_is_found() {
    let directory = tempfile::tempdir().expect("a directory");
    let recorded = refunds(directory.path()).record_intent(&intent("R1", 500));
    assert!(matches!(recorded, Ok(RecordedIntent::New)));
    let found = history::refunds_without_a_sale(directory.path(), "cp-c7f-zs5");
    assert_eq!(found.expect("refunds").len(), 1);
}

#[tokio::test]
async fn fully_refunded_sale_is_not_paid() {
    let counter = Counter::open();
    counter
        .write(
            &key(1),
            [
                intent_of(order("A1"), 1),
                created(),
                Record::Shown,
                verdict(paid()),
            ],
        )
        .await;
    let mut refunds = refunds(counter.directory.path());
    refunds.record_intent(&intent("R1", 500)).expect("a record");
    refunds
        .record_result("R1", RefundResult::Started, None, None)
        .expect("a record");
    let ended = |standing| match standing {
        Standing::Ended { ending, .. } => ending,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        ended(counter.standing().await),
        paid(),
        "a part is refunded"
    );
    refunds.record_intent(&intent("R2", 750)).expect("a record");
    assert_eq!(
        ended(counter.standing().await),
        paid(),
        "the result is not known yet"
    );
    refunds
        .record_result("R2", RefundResult::Started, None, None)
        .expect("a record");
    assert_eq!(ended(counter.standing().await), Ending::RefundStarted);
}
