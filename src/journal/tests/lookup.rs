use super::history::{HistoryEntry, HistoryQuery, history};
use super::*;

fn found(counter: &Counter, name: Option<&str>) -> Vec<HistoryEntry> {
    let mut entries = Vec::new();
    let query = HistoryQuery {
        name: name.map(ToOwned::to_owned),
        ..HistoryQuery::default()
    };
    history(counter.directory.path(), &query, |entry| {
        entries.push(entry);

        Ok::<_, JournalError>(())
    })
    .expect("a history");

    entries
}

#[tokio::test]
async fn history_finds_by_every_name() {
    let counter = Counter::open();
    counter.sell().await;
    counter
        .write(&key_of("B1", 1), [intent_of(order("B1"), 1)])
        .await;
    let found = |name| found(&counter, name);
    for name in ["A1", "A1.t0k3n", ID, "CP-C7F-ZS5", "cp-c7f-zs5"] {
        let entries = found(Some(name));
        assert_eq!(entries.len(), 1, "{name}");
        assert_eq!(entries[0].outcome_text(), "paid");
        assert_eq!(entries[0].amount_text(), "12.50 NZD");
        assert_eq!(entries[0].platform_ref, "A1.t0k3n");
        let Ending::Paid { by, .. } = paid() else {
            panic!("it is paid");
        };
        assert_eq!(entries[0].paid_by, by);
    }
    assert!(found(Some("A1.other")).is_empty());
    assert!(found(Some("A1.")).is_empty());
    let open = &found(Some("B1"))[0];
    assert!(open.paid_by.is_empty());
    assert_eq!(found(None).len(), 2);
    assert!(found(Some("C1")).is_empty());
    let fields = serde_json::to_value(&found(None)[0]).expect("JSON");
    assert_eq!(fields.as_object().map(serde_json::Map::len), Some(17));
    for field in HistoryEntry::FIELDS {
        assert!(fields.get(field).is_some(), "{field}");
    }
}

#[tokio::test]
async fn reference_with_dot_is_found() {
    let counter = Counter::open();
    let plain = Order {
        token: None,
        ..order("C.1")
    };
    counter
        .write(&key_of("B.1", 1), [intent_of(order("B.1"), 1)])
        .await;
    counter
        .write(&key_of("C.1", 1), [intent_of(plain, 1)])
        .await;
    let found = |name| {
        found(&counter, Some(name))
            .into_iter()
            .map(|entry| entry.platform_ref)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("B.1"), ["B.1.t0k3n"]);
    assert_eq!(found("B.1.t0k3n"), ["B.1.t0k3n"]);
    assert_eq!(found("C.1"), ["C.1"]);
}

#[tokio::test]
async fn unreadable_paid_by_keeps_the_sale() {
    let counter = Counter::open();
    counter.sell().await;
    let changed = counter
        .database()
        .execute("UPDATE attempt SET paid_by = 'no JSON'", [])
        .expect("a change");
    assert_eq!(changed, 1);
    let entries = found(&counter, None);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].outcome_text(), "paid");
    assert!(entries[0].paid_by.is_empty());
}
