//! Checks what must hold after every fault. Each screen must be true when it appears. At the end of a sale, the
//! till, the journal and the platform must agree on every cent, or the sale must still be open.

use std::collections::BTreeMap;
use std::path::Path;

use patron_display::journal::JournalError;
use patron_display::journal::history::{HistoryEntry, HistoryQuery, history};
use patron_display::sale::{Ending, State};
use patron_display::sandbox::{Control, SandboxStatus, Snapshot};
use serde_json::Value;

/// The exit codes that mean that the customer was not charged.
const NOT_CHARGED: [u8; 4] = [20, 21, 40, 41];

/// Insists that the screen of this state, with these words, is true at this moment.
pub(crate) fn check_screen(state: &State, words: &str, control: &Control) {
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

/// Insists that the events that all launches told the till agree with the journal in `directory` and with
/// the platform. `code` is the exit code of the last launch, or `None` if that was `settle`.
pub(crate) fn check_end(told: &[Value], directory: &Path, code: Option<u8>, control: &Control) {
    let entries = entries(directory);
    let outcomes = outcomes(told);
    let mut paid = 0;
    let mut kept = 0;
    for request in control.requests() {
        let outcome = outcomes.get(&request.id).map(String::as_str);
        let by_id = |entry: &&HistoryEntry| entry.id.as_ref() == Some(&request.id);
        let by_reference =
            |entry: &&HistoryEntry| Some(entry.external_ref.as_str()) == request.till_reference();
        let entry = entries
            .iter()
            .find(by_id)
            .or_else(|| entries.iter().find(by_reference))
            .unwrap_or_else(|| panic!("the journal does not know {request:#?}"));
        check_request(&request, outcome, entry);
        if outcome.is_some_and(|outcome| outcome != "unknown") {
            kept += request.captured - request.refunded;
            paid += told_paid(told, outcome, &request);
        }
    }
    assert_eq!(kept, paid, "the till was told another sum than was paid");
    let last = told.iter().rfind(|event| event["event"] == "outcome");
    if let (Some(code), Some(id)) = (code, last.and_then(|told| told["id"].as_str()))
        && NOT_CHARGED.contains(&code)
    {
        is_over_without_money(&control.request(id).unwrap());
    }
}

fn check_request(request: &Snapshot, outcome: Option<&str>, entry: &HistoryEntry) {
    let scene = || format!("told {outcome:?}\n{request:#?}\n{entry:#?}");
    let kept = request.captured - request.refunded;
    let open = entry.closed_at.is_none();
    let shown = entry.shown_at.is_some();
    if entry.id.as_ref().is_some_and(|id| *id != request.id) {
        // The entry is of another request of this attempt. So this second request must be voided.
        return is_over_without_money(request);
    }
    match outcome {
        Some("paid") => assert_eq!(kept, request.amount, "{}", scene()),
        Some("part-paid") => assert!(kept > 0 && kept < request.amount, "{}", scene()),
        Some("refund-started") => assert_eq!(kept, 0, "{}", scene()),
        Some("unknown") | None => assert!(open || !shown, "unknown, but closed: {}", scene()),
        Some(_) => is_over_without_money(request),
    }
    let can_be_paid = shown && request.status == SandboxStatus::New;
    assert!(open || !can_be_paid, "{}", scene());
    // Even after a late payment, the entry keeps the outcome that the till was told, until a person decides.
    if let Some(outcome) = outcome.filter(|outcome| *outcome != "unknown") {
        assert_eq!(entry.outcome.as_deref(), Some(outcome), "{}", scene());
    }
}

fn is_over_without_money(request: &Snapshot) {
    let over = matches!(
        request.status,
        SandboxStatus::Expired | SandboxStatus::Cancelled
    );
    let given_back = request.captured > 0 && request.captured == request.refunded;
    assert!(over || given_back, "reported as not charged: {request:#?}");
    assert_eq!(request.captured, request.refunded, "{request:#?}");
}

/// Returns how much of a request the till was told is paid, in minor units.
fn told_paid(told: &[Value], outcome: Option<&str>, request: &Snapshot) -> u64 {
    match outcome {
        Some("paid") => request.amount,
        Some("part-paid") => {
            let remaining = told
                .iter()
                .rfind(|event| event["event"] == "outcome" && event["id"] == request.id)
                .and_then(|event| event["remaining"]["amount"].as_str())
                .and_then(|amount| amount.parse::<u64>().ok());

            request.amount - remaining.unwrap()
        }
        _ => 0,
    }
}

/// Returns the last outcome that the till was told about each request, by the request's id.
pub(crate) fn outcomes(told: &[Value]) -> BTreeMap<String, String> {
    told.iter()
        .filter_map(|event| {
            let id = event["id"].as_str()?.to_owned();

            Some((id, event["outcome"].as_str()?.to_owned()))
        })
        .collect()
}

/// Returns every attempt in the journal, oldest first.
pub(crate) fn entries(directory: &Path) -> Vec<HistoryEntry> {
    let mut entries = Vec::new();
    history::<JournalError>(directory, &HistoryQuery::default(), |entry| {
        entries.push(entry);

        Ok(())
    })
    .unwrap();

    entries
}
