//! The borders of the architecture hold: what the middle is made of knows nothing of what is
//! around it.
#![allow(
    clippy::expect_used,
    reason = "a test that cannot read the source has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The files of a module: `src/NAME.rs` and everything below `src/NAME/`, tests and the gallery, which is one, left out.
fn files(module: &str) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![source.join(format!("{module}.rs"))];
    let mut folders = vec![source.join(module)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("tests") && !path.ends_with("gallery") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.iter().all(|file| file.exists()), "{module}");

    found
}

/// The words that name another crate or module of this one in a file's code.
fn names(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("source");

    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
                .filter(|path| path.contains("::"))
                .flat_map(|path| path.split("::").map(str::to_owned))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn assert_knows_nothing_of(module: &str, forbidden: &[&str]) {
    for file in files(module) {
        for name in names(&file) {
            assert!(
                !forbidden.contains(&name.as_str()),
                "{} knows {name}",
                file.display()
            );
        }
    }
}

const WINDOW: [&str; 4] = ["iced", "iced_runtime", "display", "cli"];
const WORLD: [&str; 14] = [
    "tokio",
    "reqwest",
    "rusqlite",
    "axum",
    "centrapay",
    "effects",
    "journal",
    "sandbox",
    "fs",
    "net",
    "process",
    "thread",
    "Instant",
    "SystemTime",
];

#[test]
fn the_state_machine_knows_no_window_no_network_no_disk_and_no_clock() {
    for module in ["sale", "payment", "money", "qr"] {
        assert_knows_nothing_of(module, &WINDOW);
        assert_knows_nothing_of(module, &WORLD);
    }
}

#[test]
fn the_platforms_client_and_the_journal_know_no_screens() {
    for module in ["centrapay", "journal", "effects", "control", "refund"] {
        assert_knows_nothing_of(module, &WINDOW);
    }
}

#[test]
fn the_screens_make_no_call_and_open_no_file() {
    assert_knows_nothing_of(
        "display",
        &[
            "reqwest",
            "rusqlite",
            "axum",
            "centrapay",
            "journal",
            "sandbox",
            "fs",
            "net",
        ],
    );
}

#[test]
fn the_check_of_the_borders_would_notice() {
    assert!(names(&files("centrapay")[0]).contains(&"reqwest".to_owned()));
    assert!(names(&files("display")[0]).contains(&"iced".to_owned()));
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    const LONGEST: usize = 500;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let lines = fs::read_to_string(&path).map_or(0, |text| text.lines().count());
            assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
        }
    }
}

/// The numbers of faults in the name of a test: 8 and 54 of `f8_f54_a_name`.
fn numbers(name: &str) -> Vec<u32> {
    name.split('_')
        .map_while(|part| part.strip_prefix('f')?.parse().ok())
        .collect()
}

/// The names of the tests in a file: of what comes right after the word that it is one.
fn tests(text: &str) -> impl Iterator<Item = &str> {
    ["#[test]", "#[tokio::test"]
        .into_iter()
        .flat_map(|marked| text.split(marked).skip(1))
        .filter_map(|after| Some(after.split_once("fn ")?.1))
}

#[test]
fn every_fault_has_a_test_with_its_number_and_every_number_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let explained: Vec<u32> = fs::read_to_string(root.join("docs/faults.md"))
        .expect("the table of faults")
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(explained, (1..=80).collect::<Vec<_>>());
    let mut tested = Vec::new();
    let mut folders = vec![root.join("src"), root.join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            // That the sandbox can make a fault proves nothing about the display.
            if path.ends_with("sandbox/tests") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            tested.extend(tests(&text).flat_map(numbers));
        }
    }
    for fault in &explained {
        assert!(tested.contains(fault), "fault {fault} has no test");
    }
    for number in tested {
        assert!(explained.contains(&number), "there is no fault {number}");
    }
}
