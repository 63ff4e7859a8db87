//! Query plans: no statement reads a whole table, so a journal stays fast when it gets long.

use jiff::Timestamp;

use super::*;
use crate::journal::history::HistoryQuery;

/// Indexes with so few rows that SQLite may scan them.
const SHORT: [&str; 2] = ["INDEX attempt_open", "INDEX attempt_part_paid"];

fn assert_uses_indexes(statement: &str) {
    let directory = tempfile::tempdir().expect("a directory");
    let database = schema::open(&directory.path().join(FILE)).expect("a journal");
    let mut plan = database
        .prepare(&format!("EXPLAIN QUERY PLAN {statement}"))
        .expect("a plan");
    let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
    let steps: Vec<String> = plan
        .query_map(rusqlite::params_from_iter(nothing), |row| row.get("detail"))
        .expect("steps")
        .map(|step| step.expect("a step"))
        .collect();
    let reads_through = |step: &String| {
        let scans = ["attempt", "event", "refund"]
            .iter()
            .any(|table| step.starts_with(&format!("SCAN {table}")));

        (scans && !SHORT.iter().any(|index| step.contains(index))) || step.contains("AUTOMATIC")
    };
    assert!(!steps.is_empty(), "{statement}");
    assert!(!steps.iter().any(reads_through), "{steps:#?}");
}

#[test]
fn open_attempts_use_indexes() {
    assert_uses_indexes(&recall::open_attempts());
}

#[test]
fn attempt_count_uses_indexes() {
    assert_uses_indexes(recall::ATTEMPTS);
}

#[test]
fn similar_references_use_indexes() {
    assert_uses_indexes(recall::SIMILAR_REFERENCES);
}

#[test]
fn record_uses_indexes() {
    assert_uses_indexes(&format!(
        "UPDATE attempt SET phase = phase WHERE {}",
        write::NEWEST
    ));
}

#[test]
fn history_by_name_uses_indexes() {
    assert_uses_indexes(&history::statement(&HistoryQuery {
        name: Some("A1".to_owned()),
        ..HistoryQuery::default()
    }));
}

#[test]
fn history_by_day_uses_indexes() {
    assert_uses_indexes(&history::statement(&HistoryQuery {
        since: Some(Timestamp::UNIX_EPOCH),
        ..HistoryQuery::default()
    }));
}

#[test]
fn events_use_indexes() {
    assert_uses_indexes(history::EVENTS);
}

#[test]
fn foreign_refunds_use_indexes() {
    assert_uses_indexes(history::REFUNDS_WITHOUT_A_SALE);
}

#[test]
fn part_payments_use_indexes() {
    assert_uses_indexes(part_payments::PAID_IN_PART);
}

#[test]
fn short_code_lookup_uses_indexes() {
    assert_uses_indexes(refunds::REQUESTS_WITH_CODE);
}
