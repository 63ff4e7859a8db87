//! The disk: full, read-only, and with a journal on it that is not one.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use crate::counter::{AMOUNT, Counter};
use crate::gate::Call;
use crate::launch::Launch;
use crate::matrix;
use crate::oracle;
use crate::screen::Key;
use crate::shim::Fault;

/// The three records before a code may be shown.
const BEFORE_SHOWN: [u32; 3] = [1, 2, 3];
const VERDICT: u32 = 4;
const VOIDING: u32 = 4;

fn faults(at: u32) -> [Fault; 3] {
    [Fault::Full(at), Fault::ReadOnly(at), Fault::Unsynced(at)]
}

#[test]
fn f44_a_disk_that_cannot_be_written_before_the_code_is_shown_makes_no_sale() {
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
            // Without W1 nothing is even asked for; what was is voided.
            assert_eq!(counter.gate().count(Call::Create), usize::from(at > 1));
            assert_eq!(counter.gate().count(Call::Void), usize::from(at > 1));
            assert_eq!(counter.payable("A1"), None);
            oracle::check(&counter);

            // With room again the same sale is made.
            assert_eq!(counter.plays_on(&mut counter.sale("A1", None)), 0);
            oracle::check(&counter);
            assert_eq!(counter.kept("A1"), AMOUNT);
        },
    );
}

#[test]
fn f44_a_void_that_cannot_be_journaled_is_sent_all_the_same() {
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

            assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
            oracle::check(&counter);
            assert_eq!((counter.kept("A1"), counter.kept("B1")), (0, AMOUNT));
        },
    );
}

#[test]
fn f45_a_disk_that_is_full_at_the_verdict_does_not_hide_that_it_was_paid() {
    let [full, read_only, unsynced] = faults(VERDICT);
    matrix::play(
        // The last one keeps the verdict away, and lets its acknowledgement through.
        &[full, read_only, unsynced, Fault::FullOnce(VERDICT)],
        |fault| format!("{fault:?}"),
        |&fault| {
            let counter = Counter::new();
            let code = counter.plays_on(&mut counter.sale("A1", Some(fault)));
            assert_eq!(code, 0, "{:#?}", counter.told());
            assert_eq!(counter.kept("A1"), AMOUNT);
            assert!(counter.logs().contains("could not be written"));
            oracle::check(&counter);

            // The journal finds out at the next launch, and the sale is not made twice.
            let code = counter.plays_on(&mut counter.sale("A1", None));
            assert_eq!(code, 0, "{:#?}\n{}", counter.told(), counter.logs());
            oracle::check(&counter);
            assert_eq!(counter.requests("A1").len(), 1);
            assert_eq!(counter.plays_on(&mut counter.sale("B1", None)), 0);
            oracle::check(&counter);
        },
    );
}

/// A journal with one code in it that was shown, and nothing else.
fn with_a_code() -> Counter {
    let counter = Counter::new();
    let mut launch = counter.sale("A1", None);
    launch.says("shown", "");
    launch.kill();

    counter
}

fn journal(counter: &Counter) -> PathBuf {
    counter.data().join("journal.sqlite3")
}

/// It says why in one sentence, shows nothing, asks for nothing, and leaves the file as it was.
fn refuses_to_sell(counter: &Counter, words: &[&str]) {
    let before = fs::read(journal(counter)).expect("the journal");
    let told_before = counter.told().len();
    counter.gate().obey(&[]);
    let launches: [fn(&Counter) -> Launch; 2] =
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
    assert_eq!(counter.gate().count(Call::Create), 0);
    assert_eq!(fs::read(journal(counter)).expect("the journal"), before);
}

#[test]
fn f46_a_journal_that_is_newer_than_the_program_is_left_alone_and_nothing_is_sold() {
    let counter = with_a_code();
    let database = Connection::open(journal(&counter)).expect("the journal");
    database
        .pragma_update(None, "user_version", 999)
        .expect("a version");
    drop(database);
    refuses_to_sell(&counter, &["newer", "999"]);
}

#[test]
fn f46_a_journal_that_is_not_one_is_left_alone_and_nothing_is_sold() {
    let counter = with_a_code();
    for name in ["journal.sqlite3-wal", "journal.sqlite3-shm"] {
        // Gone already where the program came to its end.
        let _ = fs::remove_file(counter.data().join(name));
    }
    fs::write(journal(&counter), "This is not a database. ".repeat(999)).expect("a file");
    refuses_to_sell(&counter, &["not a database"]);
}

#[test]
fn f46_a_journal_with_a_broken_page_is_left_alone_and_nothing_is_sold() {
    let counter = with_a_code();
    // Opened and closed, all of it is in one file.
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
