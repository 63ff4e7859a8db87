//! Checks what must hold after every launch: the till, the journal and the platform agree on every cent, or
//! the sale is still open.

use patron_display::sandbox::{SandboxStatus, Snapshot};

use crate::crash::counter::Counter;
use crate::crash::ledger::Entry;
use crate::support::oracle::outcomes;

pub(crate) fn check(counter: &Counter) {
    let entries = counter.entries();
    let last_words = outcomes(&counter.told());
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

/// Returns the ids of the requests whose code was on a screen.
fn shown(counter: &Counter) -> Vec<String> {
    let told = counter.told();
    let shown = told.iter().filter(|event| event["event"] == "shown");

    shown
        .filter_map(|event| event["id"].as_str().map(str::to_owned))
        .collect()
}

/// Returns the journal's entry of a request. Every request at the platform must have an entry.
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
    let can_be_paid = request.status == SandboxStatus::New;
    match word {
        Some("paid") => assert_eq!(kept, request.amount, "{}", scene()),
        Some("expired" | "cancelled") => {
            assert_eq!(kept, 0, "called not charged: {}", scene());
            assert!(!can_be_paid || !entry.payable, "still payable: {}", scene());
        }
        Some("refund-started") => assert_eq!(kept, 0, "{}", scene()),
        // The till was told no certain ending, so a later launch must still find the sale.
        _ => assert!(!entry.closed || !entry.payable, "lost: {}", scene()),
    }
    match entry.outcome.as_deref() {
        Some("paid") => assert_eq!(kept, request.amount, "{}", scene()),
        Some("expired" | "cancelled") if entry.payable => {
            assert!(kept == 0 && !can_be_paid, "{}", scene());
        }
        _ => {}
    }
    // The program never reads the request of a closed attempt again.
    assert!(
        !(entry.closed && entry.payable && can_be_paid),
        "closed, but payable: {}",
        scene()
    );
}
