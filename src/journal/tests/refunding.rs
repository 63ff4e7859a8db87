use super::refunds::{Intended, Intent, Kept, Refunds, Settled};
use super::*;

const BASE_URL: &str = "https://service.centrapay.com/";

fn refunds(directory: &Path) -> Refunds {
    Refunds::open(directory, BASE_URL).expect("a journal")
}

fn intent(external_ref: &str, minor: u64) -> Intent {
    Intent {
        external_ref: external_ref.to_owned(),
        request_id: ID.to_owned(),
        short_code: Some("CP-C7F-ZS5".to_owned()),
        amount: nzd(minor),
        paid: nzd(1250),
        invoice_ref: None,
        line_items: None,
    }
}

fn kept(refunds: &Refunds, external_ref: &str) -> Kept {
    refunds
        .with_reference(external_ref)
        .expect("an answer")
        .expect("a refund")
}

fn requests_with(refunds: &Refunds, short_code: &str) -> Vec<String> {
    refunds.requests_with(short_code).expect("an answer")
}

#[test]
fn an_intent_is_on_disk_and_unsettled_until_its_outcome_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut first = refunds(directory.path());
    assert!(matches!(
        first.intend(&intent("R1", 500)),
        Ok(Intended::New)
    ));
    drop(first);
    let mut later = refunds(directory.path());
    let found = kept(&later, "R1");
    assert!(found.is_unsettled());
    assert_eq!(
        (found.amount, found.paid, found.id.as_str()),
        (500, 1250, ID)
    );
    for (settled, is_unsettled) in [
        (Settled::Unknown, true),
        (Settled::Unreachable, false),
        (Settled::Rejected, false),
        (Settled::Started, false),
    ] {
        later
            .settle("R1", settled, Some("why"), None)
            .expect("a record");
        let found = kept(&later, "R1");
        assert_eq!(found.outcome_text(), settled.name());
        assert_eq!(found.is_unsettled(), is_unsettled);
        assert_eq!(found.is_started(), settled == Settled::Started);
    }
    assert!(matches!(later.with_reference("R2"), Ok(None)));
}

#[test]
fn the_same_is_open_again_and_what_was_started_stays_so() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    refunds.intend(&intent("R1", 500)).expect("a record");
    refunds
        .settle("R1", Settled::Rejected, Some("REFUND_DECLINED"), None)
        .expect("a record");
    let again = refunds.intend(&intent("R1", 500)).expect("a record");
    assert!(matches!(again, Intended::Again(kept) if kept.outcome_text() == "rejected"));
    assert!(kept(&refunds, "R1").is_unsettled());
    refunds
        .settle("R1", Settled::Started, None, None)
        .expect("a record");
    refunds.intend(&intent("R1", 500)).expect("a record");
    refunds
        .settle("R1", Settled::Unknown, Some("no answer in time"), None)
        .expect("a record");
    assert!(kept(&refunds, "R1").is_started());
}

#[test]
fn a_reference_stands_for_one_request_and_one_amount_at_one_platform() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    refunds.intend(&intent("R1", 500)).expect("a record");
    let another_request = Intent {
        request_id: "another".to_owned(),
        ..intent("R1", 500)
    };
    let another_currency = Intent {
        amount: Amount::from_minor(500, Currency::AUD),
        ..intent("R1", 500)
    };
    let with_items = Intent {
        line_items: Some("[]".to_owned()),
        ..intent("R1", 500)
    };
    let with_invoice = Intent {
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
        let refused = refunds.intend(&other);
        assert!(matches!(refused, Ok(Intended::Taken(_))), "{other:?}");
    }
    let mut rehearsal =
        Refunds::open(directory.path(), "http://127.0.0.1:8787/").expect("a journal");
    assert!(matches!(
        rehearsal.intend(&intent("R1", 700)),
        Ok(Intended::New)
    ));
    assert_eq!(kept(&refunds, "R1").amount, 500);
}

#[test]
fn intent_keeps_what_is_sent_and_its_code() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    let intent = Intent {
        line_items: Some(r#"[{"name":"A"}]"#.to_owned()),
        invoice_ref: Some("INV-7".to_owned()),
        ..intent("R1", 500)
    };
    refunds.intend(&intent).expect("a record");
    let again = refunds.intend(&intent).expect("a record");
    assert!(matches!(again, Intended::Again(_)));
    let code = Some("CP-C7F-ZS5-032");
    refunds
        .settle("R1", Settled::Started, None, code)
        .expect("a record");
    let found = kept(&refunds, "R1");
    assert_eq!(found.line_items, intent.line_items);
    assert_eq!(found.invoice_ref, intent.invoice_ref);
    assert_eq!(found.refund_code.as_deref(), code);
}

#[tokio::test]
async fn refunds_are_written_while_a_display_has_the_counter_and_writes_as_well() {
    let counter = Counter::open();
    let directory = counter.directory.path().to_owned();
    let office = std::thread::spawn(move || {
        let mut refunds = refunds(&directory);
        for number in 0..50 {
            let intent = intent(&format!("R{number}"), 1);
            assert!(matches!(refunds.intend(&intent), Ok(Intended::New)));
            refunds
                .settle(&intent.external_ref, Settled::Started, None, None)
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
async fn a_short_code_is_found_among_sales_and_refunds_of_the_same_platform() {
    let counter = Counter::open();
    let refunds = refunds(counter.directory.path());
    assert!(requests_with(&refunds, "CP-C7F-ZS5").is_empty());
    counter.write(&key(1), [super::intent(), created()]).await;
    assert_eq!(requests_with(&refunds, "cp-c7f-zs5"), [ID]);
    let rehearsal = Refunds::open(counter.directory.path(), "http://127.0.0.1:8787/");
    let rehearsal = rehearsal.expect("a journal");
    assert!(requests_with(&rehearsal, "CP-C7F-ZS5").is_empty());
}

#[test]
fn recycled_short_code_names_both_requests() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut refunds = refunds(directory.path());
    for (reference, id) in [("R1", "one"), ("R2", "two")] {
        let intent = Intent {
            request_id: id.to_owned(),
            ..intent(reference, 1)
        };
        refunds.intend(&intent).expect("a record");
    }
    assert_eq!(requests_with(&refunds, "CP-C7F-ZS5"), ["one", "two"]);
}

#[test]
fn a_journal_of_each_older_version_opens_and_takes_refunds() {
    for version in 1..schema::MIGRATIONS.len() {
        let directory = tempfile::tempdir().expect("a directory");
        let old = Connection::open(directory.path().join(FILE)).expect("a file");
        for step in &schema::MIGRATIONS[..version] {
            old.execute_batch(step).expect("a schema");
        }
        old.pragma_update(None, "user_version", i64::try_from(version).unwrap_or(0))
            .expect("a version");
        drop(old);
        let mut refunds = refunds(directory.path());
        assert!(matches!(
            refunds.intend(&intent("R1", 500)),
            Ok(Intended::New)
        ));
        let found = history::refunds_without_a_sale(directory.path(), "cp-c7f-zs5");
        assert_eq!(found.expect("refunds").len(), 1, "{version}");
    }
}

#[test]
fn those_that_find_the_same_old_journal_or_none_bring_it_up_to_date_once() {
    for version in [0, 1, 2].repeat(10) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path();
        if version > 0 {
            let old = Connection::open(path.join(FILE)).expect("a file");
            old.pragma_update(None, "journal_mode", "WAL")
                .expect("a mode");
            for step in &schema::MIGRATIONS[..version] {
                old.execute_batch(step).expect("a schema");
            }
            old.pragma_update(None, "user_version", i64::try_from(version).unwrap_or(0))
                .expect("a version");
        }
        std::thread::scope(|scope| {
            for number in 0..4 {
                scope.spawn(move || {
                    let mut refunds = refunds(path);
                    let intended = refunds.intend(&intent(&format!("R{number}"), 1));
                    assert!(matches!(intended, Ok(Intended::New)));
                });
            }
        });
    }
}

#[tokio::test]
async fn a_sale_whose_payment_went_back_since_is_not_told_as_paid_again() {
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
    refunds.intend(&intent("R1", 500)).expect("a record");
    refunds
        .settle("R1", Settled::Started, None, None)
        .expect("a record");
    let ended = |standing| match standing {
        Standing::Ended { ending, .. } => ending,
        other => panic!("{other:?}"),
    };
    assert_eq!(ended(counter.standing().await), paid(), "a part went back");
    refunds.intend(&intent("R2", 750)).expect("a record");
    assert_eq!(ended(counter.standing().await), paid(), "nobody knows yet");
    refunds
        .settle("R2", Settled::Started, None, None)
        .expect("a record");
    assert_eq!(ended(counter.standing().await), Ending::RefundStarted);
}
