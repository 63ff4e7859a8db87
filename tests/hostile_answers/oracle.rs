//! What must hold however a launch ended, whatever the platform answered.

use std::collections::BTreeMap;
use std::path::Path;

use patron_display::journal::JournalError;
use patron_display::journal::history::{Entry, Query, history};
use patron_display::sandbox::{Sandbox, Snapshot, Status};
use serde_json::Value;

use crate::scene::{Rehearsal, Settled};

/// The exit codes that say that nobody was charged.
const NOT_CHARGED: [u8; 4] = [20, 21, 40, 41];

/// Closes the launch, which ends with this exit code; then everything goes well again, and what it
/// left is settled. At both times the till, the journal and the platform must agree.
pub(crate) async fn ends(mut sale: Rehearsal, code: u8) -> Settled {
    assert_eq!(sale.close(), Some(code), "{:?}", sale.told.events());
    let mut told = sale.told.events();
    let entries = entries(&sale);
    for request in shown(&told, &sale.sandbox) {
        let over = request.status != Status::New;
        let open = entries
            .iter()
            .any(|entry| entry.id.as_ref() == Some(&request.id) && entry.closed_at.is_none());
        assert!(over || open, "nobody looks after {request:?}");
        if NOT_CHARGED.contains(&code) {
            assert!(over, "not charged, and still to be paid: {request:?}");
            assert_eq!(request.captured, request.refunded, "{request:?}");
        }
    }
    agree(&told, &sale.sandbox);

    sale.sandbox.control().clear_script();
    let settled = sale.settle().await;
    told.extend(settled.told.iter().cloned());
    for request in shown(&told, &settled.sandbox) {
        assert_ne!(request.status, Status::New, "never settled: {request:?}");
    }
    agree(&told, &settled.sandbox);
    assert!(
        last_words(&told).values().all(|word| word != "unknown"),
        "{told:?}"
    );

    settled
}

/// What the merchant has of each request is what the till was told is paid, unless it was told that
/// nobody knows.
fn agree(told: &[Value], sandbox: &Sandbox) {
    let words = last_words(told);
    for request in sandbox.control().requests() {
        let paid = match words.get(&request.id).map(String::as_str) {
            Some("unknown") => continue,
            Some("paid") => request.amount,
            _ => 0,
        };
        assert_eq!(
            request.captured - request.refunded,
            paid,
            "{request:?}, and the till: {told:?}"
        );
    }
}

/// The last word on every request that the till was told an ending of.
fn last_words(told: &[Value]) -> BTreeMap<String, String> {
    told.iter()
        .filter_map(|event| {
            let id = event["id"].as_str()?.to_owned();

            Some((id, event["outcome"].as_str()?.to_owned()))
        })
        .collect()
}

/// The requests whose code was on the screen.
fn shown(told: &[Value], sandbox: &Sandbox) -> Vec<Snapshot> {
    told.iter()
        .filter(|event| event["event"] == "shown")
        .map(|event| {
            let id = event["id"].as_str().unwrap();

            sandbox.control().request(id).unwrap()
        })
        .collect()
}

/// What the journal of this sale has.
pub(crate) fn entries(sale: &Rehearsal) -> Vec<Entry> {
    entries_in(sale.directory.path())
}

/// What the journal in this directory has.
pub(crate) fn entries_in(directory: &Path) -> Vec<Entry> {
    let mut entries = Vec::new();
    history(directory, &Query::default(), |entry| {
        entries.push(entry);

        Ok::<_, JournalError>(())
    })
    .unwrap();

    entries
}
