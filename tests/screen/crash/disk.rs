//! The disk is full or read-only, or the journal's file is broken.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use patron_display::sandbox::ApiCall;

use crate::crash::counter::{AMOUNT, Counter};
use crate::crash::matrix;
use crate::crash::oracle;
use crate::crash::shim::Fault;
use crate::program::Program;
use crate::screen::Key;

/// The commits of the three records that must be on disk before a code is shown.
const BEFORE_SHOWN: [u32; 3] = [1, 2, 3];
const VERDICT: u32 = 4;
const VOIDING: u32 = 4;

fn faults(at: u32) -> [Fault; 3] {
    [Fault::Full(at), Fault::ReadOnly(at), Fault::Unsynced(at)]
}

#[test]
fn f44_full_disk_before_the_code() {
    let scenes: Vec<_> = BEFORE_SHOWN
        .into_iter()
        .flat_map(|at| faults(at).map(|fault| (at, fault)))
        .collect();
    matrix::play(
        &scenes,
        |scene| format!("{scene:?}"),
        |&(at, fault)| {
            let counter = Counter::new();
            let code = counter.plays_on(&mut counter.sale("A1", Some(fault)));
            assert_eq!(code, 40);
            let told = counter.told();
            assert!(
                told.iter().all(|event| event["event"] != "shown"),
                "{told:?}"
            );
            // Without the record W1 the program creates no request. With it, the created request is voided.
            assert_eq!(counter.gate().count(ApiCall::Create), usize::from(at > 1));
            assert_eq!(counter.gate().count(ApiCall::Void), usize::from(at > 1));
            assert_eq!(counter.payable("A1"), None);
            oracle::check(&counter);

            // When the disk has room again, the same sale succeeds.
            counter.sells("A1", 0);
            assert_eq!(counter.kept("A1"), AMOUNT);
        },
    );
}

#[test]
fn f44_unwritten_void_is_still_sent() {
    matrix::play(
        &faults(VOIDING),
        |fault| format!("{fault:?}"),
        |&fault| {
            let counter = Counter::new();
            let mut launch = counter.sale("A1", Some(fault));
            launch.says("shown", "");
            counter.screen().press(Key::Escape);
            assert_eq!(counter.plays_on(&mut launch), 21);
            assert_eq!(counter.payable("A1"), None);
            oracle::check(&counter);

            counter.sells("B1", 0);
            assert_eq!((counter.kept("A1"), counter.kept("B1")), (0, AMOUNT));
        },
    );
}

#[test]
fn f45_full_disk_hides_no_payment() {
    let [full, read_only, unsynced] = faults(VERDICT);
    matrix::play(
        // The last fault stops only the verdict. The acknowledgement after it is written.
        &[full, read_only, unsynced, Fault::FullOnce(VERDICT)],
        |fault| format!("{fault:?}"),
        |&fault| {
            let counter = Counter::new();
            let code = counter.plays_on(&mut counter.sale("A1", Some(fault)));
            assert_eq!(code, 0, "{:#?}", counter.told());
            assert_eq!(counter.kept("A1"), AMOUNT);
            assert!(counter.logs().contains("cannot write a record"));
            oracle::check(&counter);

            // The next launch records the payment and does not sell A1 again.
            let code = counter.plays_on(&mut counter.sale("A1", None));
            assert_eq!(code, 0, "{:#?}\n{}", counter.told(), counter.logs());
            oracle::check(&counter);
            assert_eq!(counter.requests("A1").len(), 1);
            counter.sells("B1", 0);
        },
    );
}

/// Opens a counter whose journal has one shown code.
fn with_a_code() -> Counter {
    let counter = Counter::new();
    let (mut launch, _) = counter.shows("A1");
    launch.kill();

    counter
}

fn journal(counter: &Counter) -> PathBuf {
    counter.data().join("journal.sqlite3")
}

/// Checks that a sale names the reason in one sentence, creates and shows nothing, and does not change the
/// journal's file.
fn refuses_to_sell(counter: &Counter, words: &[&str]) {
    let before = fs::read(journal(counter)).expect("the journal");
    let told_before = counter.told().len();
    counter.obey(&[]);
    let launches: [fn(&Counter) -> Program; 2] =
        [|counter| counter.sale("B1", None), Counter::settle];
    for launch in launches {
        let mut launch = launch(counter);
        let code = counter.plays_on(&mut launch);
        assert!(matches!(code, 40 | 78), "it ended with {code}");
        let told: Vec<_> = counter.told().split_off(told_before);
        let reasons = told.iter().filter_map(|event| event["reason"].as_str());
        let said = reasons.chain([launch.log().as_str()]).collect::<String>();
        for word in words {
            assert!(said.contains(word), "not a word of {word:?}: {said}");
        }
        assert!(told.iter().all(|event| event["event"] != "shown"));
    }
    assert_eq!(counter.gate().count(ApiCall::Create), 0);
    assert_eq!(fs::read(journal(counter)).expect("the journal"), before);
}

#[test]
fn f46_newer_journal_is_left_alone() {
    let counter = with_a_code();
    let database = Connection::open(journal(&counter)).expect("the journal");
    database
        .pragma_update(None, "user_version", 999)
        .expect("a version");
    drop(database);
    refuses_to_sell(&counter, &["newer", "999"]);
}

#[test]
fn f46_foreign_file_is_left_alone() {
    let counter = with_a_code();
    for name in ["journal.sqlite3-wal", "journal.sqlite3-shm"] {
        // Ignores a missing file, because the program removes these files when it ends normally.
        let _ = fs::remove_file(counter.data().join(name));
    }
    fs::write(journal(&counter), "This is not a database. ".repeat(999)).expect("a file");
    refuses_to_sell(&counter, &["not a database"]);
}

#[test]
fn f46_broken_page_is_left_alone() {
    let counter = with_a_code();
    // Opening and closing the database moves the write-ahead log's content into the main file.
    drop(Connection::open(journal(&counter)).map(|database| {
        database
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .expect("one file");
    }));
    let mut bytes = fs::read(journal(&counter)).expect("the journal");
    let middle = bytes.len() / 8;
    bytes[middle..].fill(0x5a);
    fs::write(journal(&counter), bytes).expect("a broken journal");
    refuses_to_sell(&counter, &["malformed"]);
}
