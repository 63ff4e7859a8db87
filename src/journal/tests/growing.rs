//! A journal is never read through, however long it has become: SQLite says how it would look things up.

use jiff::Timestamp;

use super::*;
use crate::journal::history::Query;

/// What has only open attempts in it, or only part payments, may be read from end to end.
const SHORT: [&str; 2] = ["INDEX attempt_open", "INDEX attempt_part_paid"];

fn assert_reads_little(statement: &str) {
    let directory = tempfile::tempdir().expect("a directory");
    let database = schema::open(&directory.path().join(FILE)).expect("a journal");
    let mut plan = database
        .prepare(&format!("EXPLAIN QUERY PLAN {statement}"))
        .expect("a plan");
    // None of the statements is explained with what it is asked about.
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
fn to_find_what_is_open() {
    assert_reads_little(&recall::statement());
}

#[test]
fn to_count_the_attempts_of_a_sale() {
    assert_reads_little(recall::ATTEMPTS);
}

#[test]
fn to_find_names_that_are_taken() {
    assert_reads_little(recall::NAMED_ALIKE);
}

#[test]
fn to_write_a_record() {
    assert_reads_little(&format!(
        "UPDATE attempt SET phase = phase WHERE {}",
        write::NEWEST
    ));
}

#[test]
fn to_find_a_sale_by_any_of_its_names() {
    assert_reads_little(&history::statement(&Query {
        name: Some("A1".to_owned()),
        ..Query::default()
    }));
}

#[test]
fn to_list_the_sales_of_a_day() {
    assert_reads_little(&history::statement(&Query {
        since: Some(Timestamp::UNIX_EPOCH),
        ..Query::default()
    }));
}

#[test]
fn to_tell_the_story_of_a_sale() {
    assert_reads_little(history::EVENTS);
}

#[test]
fn to_find_the_refunds_of_another_counters_sale() {
    assert_reads_little(history::REFUNDS_WITHOUT_A_SALE);
}

#[test]
fn to_find_the_part_payments() {
    assert_reads_little(parts::PAID_IN_PART);
}

#[test]
fn to_find_the_request_of_a_receipt() {
    assert_reads_little(refunds::REQUEST_WITH);
}
