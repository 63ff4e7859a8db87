use rusqlite::Connection;

use super::*;
use crate::money::{Amount, Currency};
use crate::payment::RequestId;
use crate::sale::Ending;

fn key(attempt: u32) -> AttemptKey {
    AttemptKey {
        sale: "A1".to_owned(),
        attempt,
    }
}

fn intent() -> Record {
    Record::Intent {
        request: NewRequest {
            base_url: "https://service.centrapay.com/".to_owned(),
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            amount: Amount::from_minor(1250, Currency::NZD),
            external_ref: "A1".to_owned(),
            expiry_seconds: 120,
            operator: None,
        },
        merchant: "cafe".to_owned(),
    }
}

fn created() -> Record {
    Record::Created {
        id: RequestId::new("MhocUmpxxmgdHjr7DgKoKw").expect("an id"),
        short_code: "CP-C7F-ZS5".to_owned(),
        payload: "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw".to_owned(),
    }
}

fn database(directory: &Path) -> Connection {
    Connection::open(directory.join(FILE)).expect("the journal")
}

fn attempts(directory: &Path) -> Vec<(u32, String, Option<String>, Option<String>)> {
    let database = database(directory);
    let mut query = database
        .prepare("SELECT attempt, phase, request_id, outcome FROM attempt ORDER BY rowid")
        .expect("a query");

    query
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect()
}

#[tokio::test]
async fn a_record_is_on_disk_when_it_is_answered() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(directory.path()).expect("a journal");
    let id = Some("MhocUmpxxmgdHjr7DgKoKw".to_owned());
    for (record, phase, id) in [
        (intent(), "intended", None),
        (created(), "created", id.clone()),
        (Record::Shown, "shown", id.clone()),
        (
            Record::Voiding {
                id: RequestId::new("MhocUmpxxmgdHjr7DgKoKw").expect("an id"),
            },
            "voiding",
            id.clone(),
        ),
    ] {
        journal.record(key(1), record).await.expect("a record");
        assert_eq!(
            attempts(directory.path()),
            [(1, phase.to_owned(), id, None)]
        );
    }
    let verdict = Record::Verdict {
        ending: Ending::Expired,
    };
    journal.record(key(1), verdict).await.expect("a record");
    assert_eq!(
        attempts(directory.path()),
        [(1, "settled".to_owned(), id, Some("expired".to_owned()))]
    );
}

#[tokio::test]
async fn an_unknown_ending_is_not_settled() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(directory.path()).expect("a journal");
    let verdict = Record::Verdict {
        ending: Ending::unknown(),
    };
    for record in [intent(), created(), Record::Shown, verdict] {
        journal.record(key(1), record).await.expect("a record");
    }
    assert_eq!(attempts(directory.path())[0].1, "unknown");
}

#[tokio::test]
async fn a_sale_with_a_reference_that_was_used_before_leaves_the_earlier_one_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(directory.path()).expect("a journal");
    for record in [intent(), created(), intent(), created(), Record::Shown] {
        journal.record(key(1), record).await.expect("a record");
    }
    let phases: Vec<_> = attempts(directory.path())
        .into_iter()
        .map(|attempt| attempt.1)
        .collect();
    assert_eq!(phases, ["created", "shown"]);
}

#[tokio::test]
async fn a_record_of_an_attempt_that_was_never_intended_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(directory.path()).expect("a journal");
    assert!(matches!(
        journal.record(key(1), Record::Shown).await,
        Err(JournalError::NoAttempt)
    ));
}

#[test]
fn closing_writes_what_was_handed_over_before() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = Journal::open(directory.path()).expect("a journal");
    drop(journal.record(key(1), intent()));
    journal.close();
    assert_eq!(attempts(directory.path()).len(), 1);
}

#[tokio::test]
async fn f43_every_commit_is_synced() {
    let directory = tempfile::tempdir().expect("a directory");
    let database = schema::open(&directory.path().join(FILE)).expect("a journal");
    let synchronous: i64 = database
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .expect("a value");
    let mode: String = database
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .expect("a value");
    assert_eq!((synchronous, mode.as_str()), (2, "wal"));
}

#[tokio::test]
async fn f46_a_journal_that_is_newer_or_no_journal_refuses_to_sell_and_is_not_touched() {
    let directory = tempfile::tempdir().expect("a directory");
    database(directory.path())
        .pragma_update(None, "user_version", 99)
        .expect("a newer schema");
    let journal = Journal::open(directory.path()).expect("a journal");
    let refusal = journal
        .record(key(1), intent())
        .await
        .expect_err("a refusal");
    assert!(refusal.to_string().contains("newer version"), "{refusal}");

    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join(FILE);
    std::fs::write(&file, "this is not a database, it is a shopping list").expect("a file");
    let journal = Journal::open(directory.path()).expect("a journal");
    assert!(journal.record(key(1), intent()).await.is_err());
    let kept = std::fs::read_to_string(&file).expect("the file");
    assert_eq!(kept, "this is not a database, it is a shopping list");
}

#[test]
fn f44_a_data_directory_that_cannot_be_made_is_refused_with_what_to_do() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let refusal = Journal::open(&file.join("below")).expect_err("a refusal");
    assert!(refusal.to_string().contains("--data-dir"), "{refusal}");
}
