use super::*;

#[tokio::test]
async fn a_record_is_on_disk_when_it_is_answered() {
    let counter = Counter::open();
    for (record, phase) in [
        (intent(), "intended"),
        (created(), "created"),
        (Record::Shown, "shown"),
        (voiding(), "voiding"),
        (verdict(Ending::Expired), "settled"),
    ] {
        counter.write(&key(1), [record]).await;
        assert_eq!(counter.phases(), [phase]);
    }
}

#[tokio::test]
async fn every_record_is_an_event_that_stays() {
    let counter = Counter::open();
    counter
        .write(
            &key(1),
            [
                intent(),
                created(),
                Record::Shown,
                Record::Progress(Progress::Overdue),
                voiding(),
                Record::Progress(Progress::Voided("refund".to_owned())),
                verdict(Ending::RefundStarted),
                Record::Acknowledged,
                Record::Watched { closed: true },
            ],
        )
        .await;
    let database = counter.database();
    let mut query = database
        .prepare("SELECT kind FROM event ORDER BY rowid")
        .expect("a query");
    let kinds: Vec<String> = query
        .query_map([], |row| row.get(0))
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect();
    assert_eq!(
        kinds,
        [
            "intent",
            "created",
            "shown",
            "overdue",
            "voiding",
            "void-answered",
            "verdict",
            "acknowledged",
            "closed"
        ]
    );
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_code_that_was_shown_and_is_not_settled() {
    for unsettled in [
        vec![],
        vec![voiding()],
        vec![voiding(), verdict(Ending::unknown())],
    ] {
        let counter = Counter::open();
        counter
            .write(&key(1), [intent(), created(), Record::Shown])
            .await;
        counter.write(&key(1), unsettled).await;
        counter
            .write(&key(2), [intent_of(order("A1"), 2), created_as("another")])
            .await;
        let refused = counter.journal.record(key(2), Record::Shown).await;
        assert!(refused.is_err(), "{:?}", counter.phases());

        counter.write(&key(1), [verdict(Ending::Expired)]).await;
        counter.write(&key(2), [Record::Shown]).await;
    }
}

/// A sale that was paid, and another one whose code is on the screen.
async fn paid_beside_a_code() -> Counter {
    let counter = Counter::open();
    counter.sell().await;
    counter
        .write(
            &key_of("B1", 1),
            [
                intent_of(order("B1"), 1),
                created_as("another"),
                Record::Shown,
            ],
        )
        .await;

    counter
}

#[tokio::test]
async fn a_payment_can_be_given_back_while_another_sale_is_not_settled() {
    let counter = paid_beside_a_code().await;
    counter
        .write(&key(1), [voiding(), verdict(Ending::RefundStarted)])
        .await;
}

#[tokio::test]
async fn nobody_may_know_whether_a_payment_goes_back_while_another_sale_is_not_settled() {
    let counter = paid_beside_a_code().await;
    counter
        .write(&key(1), [voiding(), verdict(Ending::unknown())])
        .await;
    assert_eq!(counter.phases(), ["unknown", "shown"]);
}

#[tokio::test]
async fn a_record_of_an_attempt_that_was_never_intended_is_refused() {
    let counter = Counter::open();
    assert!(matches!(
        counter.journal.record(key(1), Record::Shown).await,
        Err(JournalError::NoAttempt)
    ));
}

#[test]
fn closing_writes_what_was_handed_over_before() {
    let counter = Counter::open();
    drop(counter.journal.record(key(1), intent()));
    counter.journal.close();
    assert_eq!(counter.phases(), ["intended"]);
}

#[test]
fn f43_every_commit_is_synced() {
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
    let newer = schema::open(&directory.path().join(FILE)).expect("a journal");
    newer
        .pragma_update(None, "user_version", 99)
        .expect("a newer schema");
    drop(newer);
    let journal = Journal::open(directory.path()).expect("a journal");
    let refusal = journal.recall(None).await.expect_err("a refusal");
    assert!(refusal.to_string().contains("newer version"), "{refusal}");

    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join(FILE);
    std::fs::write(&file, "this is not a database, it is a shopping list").expect("a file");
    let refusal = Journal::open(directory.path()).expect_err("a refusal");
    assert!(refusal.to_string().contains("not a database"), "{refusal}");
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

#[test]
fn f47_a_counter_has_one_display_and_is_free_again_when_that_ends() {
    let counter = Counter::open();
    let refused = Journal::open(counter.directory.path()).expect_err("a refusal");
    assert!(matches!(refused, JournalError::Taken { .. }));
    let counter = counter.reopen();
    assert!(counter.directory.path().join(LOCK).exists());
}

#[tokio::test]
async fn a_journal_of_the_first_version_is_taken_over_with_what_is_open_in_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let old = Connection::open(directory.path().join(FILE)).expect("a file");
    old.execute_batch(schema::MIGRATIONS[0]).expect("a schema");
    old.pragma_update(None, "user_version", 1)
        .expect("a version");
    for (attempt, phase) in [
        (1, "settled"),
        (2, "shown"),
        (3, "unknown"),
        (4, "intended"),
    ] {
        old.execute(
            "INSERT INTO attempt (sale, attempt, external_ref, amount, currency, merchant,
                config_id, base_url, phase, request_id, intended_at, shown_at, settled_at)
             VALUES ('A1', ?1, 'A1', 1250, 'NZD', 'cafe', 'c', 'b', ?2, 'r', 't', 't', 't')",
            rusqlite::params![attempt, phase],
        )
        .expect("an old attempt");
    }
    drop(old);
    let journal = Journal::open(directory.path()).expect("a journal");
    let recalled = journal.recall(None).await.expect("a recollection");
    let standings: Vec<_> = recalled
        .open
        .into_iter()
        .map(|earlier| (earlier.attempt, earlier.standing))
        .collect();
    assert_eq!(
        standings,
        [
            (2, Standing::Watched(Void::NotSent)),
            (3, Standing::Payable(Void::Unanswered)),
            (4, Standing::Intended),
        ]
    );
}
