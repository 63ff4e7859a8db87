//! What must hold however a launch ended: the till, the journal and the platform agree on every
//! cent, and what they do not agree on yet is open.

use std::collections::BTreeMap;

use patron_display::sandbox::{Snapshot, Status};

use crate::counter::Counter;
use crate::launch::name;
use crate::ledger::Entry;

/// Insists on it.
pub(crate) fn check(counter: &Counter) {
    let entries = counter.entries();
    let last_words = last_words(counter);
    let unsettled = entries.iter().filter(|entry| entry.is_unsettled()).count();
    assert!(
        unsettled < 2,
        "{unsettled} codes are unsettled: {entries:#?}"
    );
    for request in counter.platform().requests() {
        let entry = entry_of(&request, &entries);
        let word = last_words.get(&request.id).map(String::as_str);
        check_request(&request, entry, word);
    }
    for id in shown(counter) {
        let entry = entries
            .iter()
            .find(|entry| entry.request_id.as_ref() == Some(&id));
        assert!(
            entry.is_some_and(|entry| entry.payable),
            "{id} was shown, and the journal does not know"
        );
    }
    let logs = counter.logs();
    assert!(!logs.contains("panicked"), "{logs}");
}

/// The last word on every request that the till was told an ending of.
fn last_words(counter: &Counter) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    for event in counter.told() {
        let (event_name, outcome) = name(&event);
        if let ("ended" | "earlier" | "outcome", Some(id)) = (event_name, event["id"].as_str()) {
            words.insert(id.to_owned(), outcome.to_owned());
        }
    }

    words
}

/// The requests whose code was on a screen.
fn shown(counter: &Counter) -> Vec<String> {
    let told = counter.told();
    let shown = told.iter().filter(|event| event["event"] == "shown");

    shown
        .filter_map(|event| event["id"].as_str().map(str::to_owned))
        .collect()
}

/// Whatever the platform has, the journal can find again.
fn entry_of<'a>(request: &Snapshot, entries: &'a [Entry]) -> &'a Entry {
    let by_id = |entry: &&Entry| entry.request_id.as_ref() == Some(&request.id);
    let by_reference =
        |entry: &&Entry| Some(entry.external_ref.as_str()) == request.till_reference();
    let entry = entries
        .iter()
        .find(by_id)
        .or_else(|| entries.iter().find(by_reference));

    entry.unwrap_or_else(|| panic!("the journal does not know {request:#?}"))
}

fn check_request(request: &Snapshot, entry: &Entry, word: Option<&str>) {
    let kept = request.captured - request.refunded;
    let scene = || format!("told {word:?}\n{request:#?}\n{entry:#?}");
    let can_be_paid = request.status == Status::New;
    match word {
        Some("paid") => assert_eq!(kept, request.amount, "{}", scene()),
        Some("expired" | "cancelled") => {
            assert_eq!(kept, 0, "called not charged: {}", scene());
            assert!(!can_be_paid || !entry.payable, "still payable: {}", scene());
        }
        Some("refund-started") => assert_eq!(kept, 0, "{}", scene()),
        // Nobody was told how it ended, so somebody must find it.
        _ => assert!(!entry.closed || !entry.payable, "lost: {}", scene()),
    }
    match entry.outcome.as_deref() {
        Some("paid") => assert_eq!(kept, request.amount, "{}", scene()),
        Some("expired" | "cancelled") if entry.payable => {
            assert!(kept == 0 && !can_be_paid, "{}", scene());
        }
        _ => {}
    }
    // What is closed is never read again.
    assert!(
        !(entry.closed && entry.payable && can_be_paid),
        "closed, but payable: {}",
        scene()
    );
}
