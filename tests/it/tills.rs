//! `patron-display till` of the real program: the tills that may call the display.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use patron_display::journal::Journal;
use patron_display::local_api::tills::{Right, Tills};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::shop::{Finished, one_line, program};

/// A data directory without a configuration and without a key.
struct Counter(TempDir);

impl Counter {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn home(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        let output = program(self.home()).arg("till").args(arguments).output();

        Finished::from(output.unwrap())
    }

    fn tills(&self) -> Tills {
        Tills::load(&self.home().join("data")).unwrap()
    }

    fn names(&self) -> Vec<String> {
        self.tills()
            .iter()
            .map(|till| till.name.to_string())
            .collect()
    }

    fn file(&self) -> String {
        fs::read_to_string(self.home().join("data/tills.json")).unwrap()
    }
}

#[test]
fn add_prints_only_the_token() {
    let counter = Counter::new();
    let added = counter.run(&["add", "Front counter"]).with(0);

    let token = added.stdout.strip_suffix('\n').unwrap();
    assert!(token.starts_with("pdt_"), "{token}");
    let tills = counter.tills();
    let till = tills.find(token).unwrap();
    assert_eq!(till.name.as_str(), "Front counter");
    assert_eq!(till.may, BTreeSet::from([Right::Sell]));
}

#[test]
fn add_says_that_the_token_is_shown_once() {
    let counter = Counter::new();
    let added = counter.run(&["add", "Front"]).with(0);

    one_line(&added.stderr);
    assert!(added.stderr.contains("shown only this once"), "{added:?}");
    assert!(!added.stderr.contains("pdt_"), "{added:?}");
}

#[test]
fn add_in_json_is_one_object() {
    let counter = Counter::new();
    let added = counter
        .run(&[
            "add",
            "Front",
            "--origin",
            "https://Till.example/",
            "--origin",
            "http://localhost:3000",
            "--may",
            "settle,sell,history",
            "--json",
        ])
        .with(0);
    let told = added.event();

    assert_eq!(told["event"], "till");
    assert_eq!(told["name"], "Front");
    assert_eq!(
        told["origins"],
        json!(["https://till.example", "http://localhost:3000"])
    );
    assert_eq!(told["may"], json!(["sell", "history", "settle"]));
    let tills = counter.tills();
    let till = tills.find(told["token"].as_str().unwrap()).unwrap();
    assert_eq!(told["added"], till.added.to_string());
}

#[test]
fn token_that_cannot_be_printed_opens_nothing() {
    let counter = Counter::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program(counter.home())
        .args(["till", "add", "Front"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let refused = Finished::from(output);

    let sentence = refused.is_refused_with(71);
    assert!(sentence.contains("the till was not added"), "{sentence}");
    assert!(counter.names().is_empty());
}

#[cfg(unix)]
#[test]
fn file_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::new();
    counter.run(&["add", "Front"]).with(0);
    for (file, mode) in [("data", 0o700), ("data/tills.json", 0o600)] {
        let found = fs::metadata(counter.home().join(file)).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, mode, "{file}");
    }
}

#[test]
fn change_leaves_no_other_file() {
    let counter = Counter::new();
    counter.run(&["add", "Front"]).with(0);
    counter.run(&["add", "Back"]).with(0);
    counter.run(&["remove", "Front"]).with(0);

    let files: BTreeSet<String> = fs::read_dir(counter.home().join("data"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        files,
        ["tills.json", "tills.lock"].map(str::to_owned).into()
    );
}

#[test]
fn name_in_use_is_64() {
    let counter = Counter::new();
    counter.run(&["add", "Front"]).with(0);
    let before = counter.file();
    let refused = counter.run(&["add", "Front"]);

    let sentence = refused.is_refused_with(64);
    assert!(sentence.contains("till remove \"Front\""), "{sentence}");
    assert_eq!(counter.file(), before);
}

#[test]
fn wrong_value_is_64_with_advice() {
    let counter = Counter::new();
    for (arguments, says) in [
        (&["add", ""][..], "write 1 to 40 characters"),
        (&["add", "Front\tcounter"], "a tab"),
        (&["add", "A", "--origin", "*"], "each origin must be named"),
        (&["add", "A", "--origin", "null"], "so it names none"),
        (
            &["add", "A", "--origin", "http://till.example"],
            "http is only for pages of this machine",
        ),
        (
            &["add", "A", "--origin", "https://till.example/shop"],
            "without a path or anything else: https://till.example",
        ),
        (&["add", "A", "--may", "sel"], "sell"),
        (&["add", "A", "--may", ""], "possible values"),
    ] {
        let refused = counter.run(arguments).with(64);
        assert!(refused.stderr.contains(says), "{refused:?}");
        assert!(refused.stdout.is_empty(), "{refused:?}");
    }
    assert!(!counter.home().join("data").exists());
}

#[test]
fn list_in_json_has_no_secret() {
    let counter = Counter::new();
    let token = counter.run(&["add", "Front"]).with(0).stdout;
    counter
        .run(&["add", "Back", "--may", "refund", "--origin", "https://a.nz"])
        .with(0);
    let listed = counter.run(&["list", "--json"]).with(0);

    let tills: Vec<Value> = listed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(tills.len(), 2);
    for (till, name, origins, may) in [
        (&tills[0], "Front", json!([]), json!(["sell"])),
        (
            &tills[1],
            "Back",
            json!(["https://a.nz"]),
            json!(["refund"]),
        ),
    ] {
        let keys: BTreeSet<&str> = till
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, ["added", "event", "may", "name", "origins"].into());
        assert_eq!(till["event"], "till");
        assert_eq!(till["name"], name);
        assert_eq!(till["origins"], origins);
        assert_eq!(till["may"], may);
    }
    assert!(!listed.stdout.contains(token.trim()), "{listed:?}");
}

#[test]
fn list_is_a_table() {
    let counter = Counter::new();
    counter
        .run(&[
            "add",
            "Front",
            "--may",
            "sell,refund",
            "--origin",
            "https://a.nz",
        ])
        .with(0);
    let listed = counter.run(&["list"]).with(0);

    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{listed:?}");
    let words: Vec<&str> = lines[1].split_whitespace().collect();
    assert_eq!(words[1..], ["sell,refund", "Front", "https://a.nz"]);
}

#[test]
fn list_of_a_new_counter_creates_nothing() {
    let counter = Counter::new();
    let listed = counter.run(&["list"]).with(0);

    assert!(listed.stdout.contains("till add NAME"), "{listed:?}");
    assert!(!counter.home().join("data").exists());
    assert_eq!(counter.run(&["list", "--json"]).with(0).stdout, "");
}

#[test]
fn removed_token_opens_nothing() {
    let counter = Counter::new();
    let token = counter.run(&["add", "Front"]).with(0).stdout;
    counter.run(&["add", "Back"]).with(0);
    let removed = counter.run(&["remove", "Front"]).with(0);

    assert!(removed.stdout.contains("Front"), "{removed:?}");
    assert_eq!(counter.tills().find(token.trim()), None);
    assert_eq!(counter.names(), ["Back"]);
}

#[test]
fn unknown_till_is_64_with_a_hint() {
    let counter = Counter::new();
    for name in ["Front", "Back"] {
        counter.run(&["add", name]).with(0);
    }
    for (name, says) in [
        ("fornt", "did you mean \"Front\"?"),
        ("xyz", "write \"Front\" or \"Back\""),
    ] {
        let refused = counter.run(&["remove", name]);
        let sentence = refused.is_refused_with(64);
        assert!(sentence.contains(says), "{sentence}");
    }
}

#[test]
fn damaged_file_is_78_and_kept() {
    let counter = Counter::new();
    counter.run(&["add", "Front"]).with(0);
    let path = counter.home().join("data/tills.json");
    fs::write(&path, "{\"tills\":[{}]}").unwrap();
    for arguments in [&["list"][..], &["add", "Back"], &["remove", "Front"]] {
        let refused = counter.run(arguments);
        let sentence = refused.is_refused_with(78);
        assert!(sentence.contains("tills.json is damaged"), "{sentence}");
    }
    assert_eq!(counter.file(), "{\"tills\":[{}]}");
}

#[cfg(unix)]
#[test]
fn file_that_others_can_write_is_78() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::new();
    counter.run(&["add", "Front"]).with(0);
    let path = counter.home().join("data/tills.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o622)).unwrap();
    for arguments in [&["list"][..], &["add", "Back"]] {
        let refused = counter.run(arguments);
        let sentence = refused.is_refused_with(78);
        assert!(sentence.contains("chmod"), "{sentence}");
    }
}

/// Others may only read the file. A change makes it private, as for the journal.
#[cfg(unix)]
#[test]
fn readable_file_becomes_private() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::new();
    counter.run(&["add", "Front"]).with(0);
    let path = counter.home().join("data/tills.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    counter.run(&["add", "Back"]).with(0);

    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A directory with files of other programs would stay open to them.
#[cfg(unix)]
#[test]
fn readable_directory_becomes_private() {
    use std::os::unix::fs::PermissionsExt;

    let counter = Counter::new();
    counter.run(&["add", "Front"]).with(0);
    let data = counter.home().join("data");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    counter.run(&["add", "Back"]).with(0);

    let mode = fs::metadata(&data).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn tills_change_while_a_display_runs() {
    let counter = Counter::new();
    let data = counter.home().join("data");
    let _display = Journal::open(&data).unwrap();
    counter.run(&["add", "Front"]).with(0);

    assert_eq!(counter.names(), ["Front"]);
}

#[test]
fn tills_at_once_are_all_kept() {
    let counter = Counter::new();
    let running: Vec<_> = (0..8)
        .map(|number| {
            program(counter.home())
                .args(["till", "add", &format!("Till {number}")])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let tokens: Vec<String> = running
        .into_iter()
        .map(|child| {
            Finished::from(child.wait_with_output().unwrap())
                .with(0)
                .stdout
        })
        .collect();

    let tills = counter.tills();
    assert_eq!(tills.iter().len(), 8);
    for token in tokens {
        assert!(tills.find(token.trim()).is_some(), "{token}");
    }
}

#[test]
fn log_on_stderr_has_no_token() {
    let counter = Counter::new();
    let added = counter.run(&["add", "Front", "-vvv"]).with(0);

    assert!(added.stderr.contains("launched"), "{added:?}");
    assert!(!added.stderr.contains("pdt_"), "{added:?}");
}
