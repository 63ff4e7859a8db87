use super::*;

#[tokio::test]
async fn answered_record_is_on_disk() {
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
async fn every_record_adds_an_event() {
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
async fn second_shown_code_is_refused() {
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

/// Returns a counter with a paid sale, and another sale whose code is on the screen.
async fn paid_and_shown() -> Counter {
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
async fn refund_starts_during_another_sale() {
    let counter = paid_and_shown().await;
    counter
        .write(&key(1), [voiding(), verdict(Ending::RefundStarted)])
        .await;
}

#[tokio::test]
async fn refund_is_unknown_during_another_sale() {
    let counter = paid_and_shown().await;
    counter
        .write(&key(1), [voiding(), verdict(Ending::unknown())])
        .await;
    assert_eq!(counter.phases(), ["unknown", "shown"]);
}

#[tokio::test]
async fn record_without_intent_is_refused() {
    let counter = Counter::open();
    assert!(matches!(
        counter.journal.record(key(1), Record::Shown).await,
        Err(JournalError::NoAttempt)
    ));
}

#[test]
fn close_writes_queued_records() {
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

fn version(path: &Path) -> i64 {
    Connection::open(path)
        .and_then(|file| file.pragma_query_value(None, "user_version", |row| row.get(0)))
        .expect("a version")
}

#[tokio::test]
async fn f46_other_version_or_file_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let newer = schema::open(&directory.path().join(FILE)).expect("a journal");
    newer
        .pragma_update(None, "user_version", 99)
        .expect("a newer schema");
    drop(newer);
    let journal = Journal::open(directory.path()).expect("a journal");
    let refusal = journal.recall(None).await.expect_err("a refusal");
    assert!(refusal.to_string().contains("newer version"), "{refusal}");
    assert_eq!(version(&directory.path().join(FILE)), 99);

    let directory = tempfile::tempdir().expect("a directory");
    let older = schema::open(&directory.path().join(FILE)).expect("a journal");
    older
        .pragma_update(None, "user_version", schema::VERSION - 1)
        .expect("an older schema");
    drop(older);
    let journal = Journal::open(directory.path()).expect("a journal");
    let refusal = journal.recall(None).await.expect_err("a refusal");
    assert!(refusal.to_string().contains("trial version"), "{refusal}");
    assert_eq!(version(&directory.path().join(FILE)), schema::VERSION - 1);

    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join(FILE);
    std::fs::write(&file, "this is not a database, it is a shopping list").expect("a file");
    let refusal = Journal::open(directory.path()).expect_err("a refusal");
    assert!(refusal.to_string().contains("not a database"), "{refusal}");
    let kept = std::fs::read_to_string(&file).expect("the file");
    assert_eq!(kept, "this is not a database, it is a shopping list");
}

#[test]
fn f44_unusable_directory_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let refusal = Journal::open(&file.join("below")).expect_err("a refusal");
    assert!(refusal.to_string().contains("--data-dir"), "{refusal}");
}

#[test]
fn f47_second_display_is_refused() {
    let counter = Counter::open();
    let refused = Journal::open(counter.directory.path()).expect_err("a refusal");
    assert!(matches!(refused, JournalError::Taken { .. }));
    let counter = counter.reopen();
    assert!(counter.directory.path().join(LOCK).exists());
}

#[test]
fn f47_lock_held_for_a_moment_is_waited_for() {
    let directory = tempfile::tempdir().expect("a directory");
    drop(Journal::open(directory.path()).expect("a journal"));
    let lock = std::fs::File::open(directory.path().join(LOCK)).expect("the lock");
    lock.try_lock().expect("the lock is free");
    let holder = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(50));
        drop(lock);
    });
    Journal::open(directory.path()).expect("a journal");
    holder.join().expect("the holder ends");
}
