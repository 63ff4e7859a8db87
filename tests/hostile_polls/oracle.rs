//! What must hold whatever goes wrong: what the screen says is true when it says it, and in the
//! end the till, the journal and the platform agree on every cent, or it is open.

use std::collections::BTreeMap;
use std::path::Path;

use patron_display::journal::JournalError;
use patron_display::journal::history::{Entry, Query, history};
use patron_display::sale::{Ending, State};
use patron_display::sandbox::{Control, Snapshot, Status};
use serde_json::Value;

/// The exit codes of what was not charged.
const NOT_CHARGED: [u8; 4] = [20, 21, 40, 41];

/// Insists that a screen with these words is true, now that it has come up.
pub(crate) fn is_true(state: &State, words: &str, control: &Control) {
    if let State::Ended(ended) = state
        && let Some(request) = ended.request()
        && let Some(request) = control.request(request.id.as_str())
    {
        let kept = request.captured - request.refunded;
        match ended.ending() {
            Ending::Paid { .. } => assert_eq!(kept, request.amount, "{words}\n{request:#?}"),
            Ending::PartPaid { remaining, .. } => {
                assert_eq!(kept, request.amount - remaining.minor(), "{request:#?}");
            }
            Ending::RefundStarted => assert_eq!(kept, 0, "{words}\n{request:#?}"),
            Ending::Unknown { .. } => {}
            Ending::Expired
            | Ending::Cancelled { .. }
            | Ending::Rejected(_)
            | Ending::Unreachable(_) => is_over_without_money(&request),
        }
    }
    let says_not_charged = words.contains("not been charged");
    let may_say_so = matches!(
        state,
        State::Ended(ended) if matches!(
            ended.ending(),
            Ending::Expired | Ending::Cancelled { .. } | Ending::Rejected(_)
        )
    );
    assert!(!says_not_charged || may_say_so, "{words}");
}

/// Insists that what the till was told, through all launches, is what the journal in `directory`
/// and the platform have.
pub(crate) fn holds(told: &[Value], directory: &Path, code: Option<u8>, control: &Control) {
    let entries = entries(directory);
    let last_words = last_words(told);
    let mut paid = 0;
    let mut kept = 0;
    for request in control.requests() {
        let word = last_words.get(&request.id).map(String::as_str);
        let by_id = |entry: &&Entry| entry.id.as_ref() == Some(&request.id);
        let by_reference =
            |entry: &&Entry| Some(entry.external_ref.as_str()) == request.till_reference();
        let entry = entries
            .iter()
            .find(by_id)
            .or_else(|| entries.iter().find(by_reference))
            .unwrap_or_else(|| panic!("the journal does not know {request:#?}"));
        agrees(&request, word, entry);
        if word.is_some_and(|word| word != "unknown") {
            kept += request.captured - request.refunded;
            paid += told_paid(&request.id, told, word, &request);
        }
    }
    assert_eq!(kept, paid, "what the till was told is not what came in");
    let outcome = told.iter().rfind(|event| event["event"] == "outcome");
    if let (Some(code), Some(id)) = (code, outcome.and_then(|told| told["id"].as_str()))
        && NOT_CHARGED.contains(&code)
    {
        is_over_without_money(&control.request(id).unwrap());
    }
}

fn agrees(request: &Snapshot, word: Option<&str>, entry: &Entry) {
    let scene = || format!("told {word:?}\n{request:#?}\n{entry:#?}");
    let kept = request.captured - request.refunded;
    let open = entry.closed_at.is_none();
    let shown = entry.shown_at.is_some();
    match word {
        Some("paid") => assert_eq!(kept, request.amount, "{}", scene()),
        Some("part-paid") => assert!(kept > 0 && kept < request.amount, "{}", scene()),
        Some("refund-started") => assert_eq!(kept, 0, "{}", scene()),
        Some("unknown") | None => assert!(
            open || !shown,
            "nobody knows, and nobody looks: {}",
            scene()
        ),
        Some(_) => is_over_without_money(request),
    }
    let can_be_paid = shown && request.status == Status::New;
    assert!(open || !can_be_paid, "{}", scene());
    // What comes late stands there as it was until a person has decided.
    if let Some(word) = word.filter(|word| *word != "unknown") {
        assert_eq!(entry.outcome.as_deref(), Some(word), "{}", scene());
    }
}

fn is_over_without_money(request: &Snapshot) {
    let over = matches!(request.status, Status::Expired | Status::Cancelled);
    let given_back = request.captured > 0 && request.captured == request.refunded;
    assert!(over || given_back, "it is called not charged: {request:#?}");
    assert_eq!(request.captured, request.refunded, "{request:#?}");
}

/// What the till was told is PAID of a request, in minor units.
fn told_paid(id: &str, told: &[Value], word: Option<&str>, request: &Snapshot) -> u64 {
    match word {
        Some("paid") => request.amount,
        Some("part-paid") => {
            let remaining = told
                .iter()
                .rfind(|event| event["event"] == "outcome" && event["id"] == id)
                .and_then(|event| event["remaining"]["amount"].as_str())
                .and_then(|amount| amount.parse::<u64>().ok());

            request.amount - remaining.unwrap()
        }
        _ => 0,
    }
}

/// The last word on every request that the till was told an ending of.
fn last_words(told: &[Value]) -> BTreeMap<String, String> {
    told.iter()
        .filter(|event| ["ended", "earlier", "outcome"].contains(&event["event"].as_str().unwrap()))
        .filter_map(|event| {
            let id = event["id"].as_str()?.to_owned();

            Some((id, event["outcome"].as_str()?.to_owned()))
        })
        .collect()
}

/// Every attempt in the journal, oldest first.
pub(crate) fn entries(directory: &Path) -> Vec<Entry> {
    let mut entries = Vec::new();
    history::<JournalError>(directory, &Query::default(), |entry| {
        entries.push(entry);

        Ok(())
    })
    .unwrap();

    entries
}
