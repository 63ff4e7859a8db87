//! What is linked behind the rest of the program is in it: a name that nothing bears any more would be left
//! out by the linker without a word.
#![allow(
    clippy::expect_used,
    reason = "a test that cannot read the source has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const SELDOM: &str = include_str!("../packaging/seldom.ld");
const LOCK: &str = include_str!("../Cargo.lock");
/// The crates that come with the compiler, which are in no lock file.
const STANDARD: [&str; 6] = [
    "core",
    "alloc",
    "std",
    "gimli",
    "addr2line",
    "rustc_demangle",
];

/// The names in each pattern, without the lengths that symbols have before them.
fn patterns() -> Vec<Vec<&'static str>> {
    SELDOM
        .split(|c: char| c.is_whitespace() || "()".contains(c))
        .filter_map(|word| word.strip_prefix(".text.*"))
        .map(|pattern| {
            pattern
                .split(['*', '.'])
                .map(|name| name.trim_start_matches(|c: char| c.is_ascii_digit()))
                .filter(|name| !name.is_empty())
                .collect()
        })
        .collect()
}

/// The names of all files and folders below `folder`, without what comes after a dot.
fn modules(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("source") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy();
        found.insert(name.into_owned());
        if path.is_dir() {
            modules(&path, found);
        }
    }
}

#[test]
fn each_crate_that_is_linked_behind_the_rest_is_one_that_the_program_has() {
    let crates = LOCK
        .lines()
        .filter_map(|line| line.strip_prefix("name = \""))
        .map(|name| name.trim_end_matches('"').replace('-', "_"))
        .collect::<Vec<_>>();
    let patterns = patterns();
    assert!(!patterns.is_empty());
    for names in patterns {
        // Some come in several crates with one name in theirs, as wayland_client does.
        let named = names[0];
        assert!(
            STANDARD.contains(&named) || crates.iter().any(|one| one.contains(named)),
            "{named}"
        );
    }
}

#[test]
fn each_module_that_is_linked_behind_the_rest_is_one_of_the_source() {
    let mut modules_there = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    modules(&source, &mut modules_there);
    let own = |names: &Vec<&str>| names[0] == "patron_display";
    for names in patterns().into_iter().filter(own) {
        for name in &names[1..] {
            assert!(modules_there.contains(*name), "{name}");
        }
    }
}
