use super::*;

#[tokio::test]
async fn the_history_finds_by_id_short_code_and_reference() {
    use super::history::{Entry, Query, history};

    let counter = Counter::open();
    counter
        .write(
            &key(1),
            [intent(), created(), Record::Shown, verdict(paid())],
        )
        .await;
    counter
        .write(&key_of("B1", 1), [intent_of(order("B1"), 1)])
        .await;
    let found = |name: Option<&str>| {
        let mut entries: Vec<Entry> = Vec::new();
        let query = Query {
            name: name.map(ToOwned::to_owned),
            ..Query::default()
        };
        history(counter.directory.path(), &query, |entry| {
            entries.push(entry);

            Ok::<_, JournalError>(())
        })
        .expect("a history");

        entries
    };
    for name in ["A1", ID, "CP-C7F-ZS5", "cp-c7f-zs5"] {
        let entries = found(Some(name));
        assert_eq!(entries.len(), 1, "{name}");
        assert_eq!(entries[0].outcome_text(), "paid");
        assert_eq!(entries[0].amount_text(), "12.50 NZD");
    }
    assert_eq!(found(None).len(), 2);
    assert!(found(Some("C1")).is_empty());
    let fields = serde_json::to_value(&found(None)[0]).expect("JSON");
    assert_eq!(fields.as_object().map(serde_json::Map::len), Some(17));
    for field in Entry::FIELDS {
        assert!(fields.get(field).is_some(), "{field}");
    }
}
