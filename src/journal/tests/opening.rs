//! Checks of the journal's file before SQLite opens it.

use std::fs;
use std::path::Path;

use super::*;

fn refusal(directory: &Path) -> String {
    let sold = Journal::open(directory).expect_err("a refusal").to_string();
    let read = schema::open_to_read(&directory.join(FILE)).expect_err("a refusal");
    let opened = schema::open(&directory.join(FILE)).expect_err("a refusal");
    assert_eq!(read.to_string(), sold);
    assert_eq!(opened.to_string(), sold);

    sold
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .expect("the directory")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name != LOCK)
        .collect();
    names.sort();

    names
}

#[test]
fn f69_empty_journal_is_refused() {
    for companion in ["", "-wal"] {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join(FILE), "").expect("a file");
        if !companion.is_empty() {
            fs::write(directory.path().join(format!("{FILE}{companion}")), "x").expect("a file");
        }
        let before = names(directory.path());
        let refused = refusal(directory.path());
        assert!(refused.contains("0 bytes"), "{refused}");
        assert_eq!(names(directory.path()), before);
    }
}

#[test]
fn f69_companion_without_journal_is_refused() {
    for companion in ["-wal", "-journal", "-shm"] {
        let directory = tempfile::tempdir().expect("a directory");
        let left = format!("{FILE}{companion}");
        fs::write(directory.path().join(&left), "rest").expect("a file");
        let refused = refusal(directory.path());
        assert!(refused.contains("is gone"), "{refused}");
        assert!(refused.contains(&left), "{refused}");
        assert_eq!(names(directory.path()), [left]);
    }
}

#[test]
fn f69_foreign_database_is_refused() {
    let schemas = [
        "CREATE TABLE shopping (what TEXT); PRAGMA application_id = 7;",
        "CREATE TABLE shopping (what TEXT);",
        "CREATE TABLE shopping (what TEXT); PRAGMA user_version = 7;",
        "CREATE TABLE attempt (what TEXT); CREATE TABLE event (what TEXT); PRAGMA user_version = 3;",
        "CREATE TABLE shopping (what TEXT); DROP TABLE shopping;",
        "PRAGMA journal_mode = WAL; CREATE TABLE shopping (what TEXT);",
    ];
    for schema in schemas {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(FILE);
        let foreign = Connection::open(&path).expect("a file");
        foreign.execute_batch(schema).expect("a database");
        drop(foreign);
        let before = fs::read(&path).expect("the file");
        let refused = refusal(directory.path());
        assert!(
            refused.contains("not a journal of this program"),
            "{refused}"
        );
        assert_eq!(fs::read(&path).expect("the file"), before, "{schema}");
    }
}

#[test]
fn f69_directory_as_journal_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir(directory.path().join(FILE)).expect("a directory");
    let refused = Journal::open(directory.path()).expect_err("a refusal");
    assert!(
        refused.to_string().contains("not a regular file"),
        "{refused}"
    );
}

#[tokio::test]
async fn f69_cut_off_journal_is_refused() {
    let counter = Counter::open();
    counter.write(&key(1), [intent(), created()]).await;
    let Counter { directory, journal } = counter;
    drop(journal);
    let path = directory.path().join(FILE);
    let whole = fs::read(&path).expect("the journal");
    for length in [1, 99, 512, 4096, whole.len() - 1] {
        fs::write(&path, &whole[..length]).expect("a shorter journal");
        let refused = refusal(directory.path());
        let says = ["cut off", "not a database"];
        assert!(says.iter().any(|says| refused.contains(says)), "{refused}");
    }
    fs::write(&path, &whole).expect("the journal");
    assert!(Journal::open(directory.path()).is_ok());
}

#[tokio::test]
async fn f69_new_journal_is_marked() {
    let counter = Counter::open();
    counter.journal.written().await;
    let Counter { directory, journal } = counter;
    drop(journal);
    assert_eq!(names(directory.path()), [FILE]);
    let header = fs::read(directory.path().join(FILE)).expect("the journal");
    let mark = i32::from_be_bytes(header[68..72].try_into().expect("four bytes"));
    assert_eq!(mark, file::APPLICATION_ID);
}

/// A kill while the journal was being created leaves only a temporary file.
#[tokio::test]
async fn f69_kill_while_creating_leaves_none() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join(".journal-Xk3p0a.new"), "").expect("a file");
    let journal = Journal::open(directory.path()).expect("a journal");
    assert!(journal.recall(None).await.is_ok());
}

/// The journal of a killed display: its newest records are only in the write-ahead log.
struct Killed {
    directory: tempfile::TempDir,
    _open: Connection,
}

impl Killed {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let open = schema::open(&directory.path().join(FILE)).expect("a journal");
        open.execute(
            "INSERT INTO event (sale, attempt, at, kind) VALUES ('A1', 1, '', 'intended')",
            [],
        )
        .expect("a record");
        // The test reads a copy, since SQLite keeps locks on files that this process has open.
        let copy = tempfile::tempdir().expect("a directory");
        for name in names(directory.path()) {
            fs::copy(directory.path().join(&name), copy.path().join(&name)).expect("a copy");
        }

        Self {
            directory: copy,
            _open: open,
        }
    }

    fn beside(&self, ending: &str) -> std::path::PathBuf {
        self.directory.path().join(format!("{FILE}{ending}"))
    }

    fn contents(&self) -> Vec<Vec<u8>> {
        let read = |name: &String| fs::read(self.directory.path().join(name)).expect("a file");

        names(self.directory.path()).iter().map(read).collect()
    }

    fn assert_refused(&self, says: &str) {
        let before = self.contents();
        let refused = refusal(self.directory.path());
        assert!(refused.contains(says), "{refused}");
        assert_eq!(self.contents(), before, "{refused}");
    }
}

#[test]
fn f69_damaged_log_is_refused() {
    let length = fs::read(Killed::new().beside("-wal"))
        .expect("the log")
        .len();
    for log in [vec![0; length], b"x".to_vec(), b"hello world".repeat(1000)] {
        let killed = Killed::new();
        fs::write(killed.beside("-wal"), log).expect("a log");
        killed.assert_refused("not a whole write-ahead log");
    }
    for at in [3, 9, 17, 25] {
        let killed = Killed::new();
        let mut log = fs::read(killed.beside("-wal")).expect("the log");
        log[at] ^= 1;
        fs::write(killed.beside("-wal"), log).expect("a log");
        killed.assert_refused("not a whole write-ahead log");
    }
}

#[test]
fn f69_foreign_log_is_refused() {
    let killed = Killed::new();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("other");
    let other = Connection::open(&path).expect("a file");
    other
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE shopping (what TEXT);")
        .expect("a database");
    fs::remove_file(killed.beside("-shm")).expect("no index");
    fs::copy(directory.path().join("other-wal"), killed.beside("-wal")).expect("a log");
    killed.assert_refused("another database");
}

#[test]
fn f69_log_of_killed_display_is_read() {
    for is_without_index in [false, true] {
        let killed = Killed::new();
        if is_without_index {
            fs::remove_file(killed.beside("-shm")).expect("no index");
        }
        let opened = schema::open(&killed.directory.path().join(FILE)).expect("a journal");
        let count = opened.query_row("SELECT count(*) FROM event", [], |row| row.get::<_, u32>(0));
        assert_eq!(count.expect("a count"), 1);
    }
}

#[test]
fn f69_mark_without_schema_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let marked = Connection::open(directory.path().join(FILE)).expect("a file");
    marked
        .pragma_update(None, "application_id", file::APPLICATION_ID)
        .expect("a mark");
    drop(marked);
    let refused = refusal(directory.path());
    assert!(refused.contains("without its tables"), "{refused}");
}
