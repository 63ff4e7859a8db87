//! Generated input for the properties.

use std::ops::Deref;
use std::path::Path;
use std::{fmt, fs};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};

/// Input bytes. A failed test prints them as text.
#[derive(Clone)]
pub(crate) struct Bytes(Vec<u8>);

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<String> for Bytes {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// Returns the settings for a fixed set of inputs. `PROPTEST_RNG_SEED` changes the set, `PROPTEST_CASES` enlarges
/// it.
pub(crate) fn tries() -> ProptestConfig {
    const AT_LEAST: u32 = 1024;
    let asked_for = ProptestConfig::default();

    ProptestConfig {
        cases: asked_for.cases.max(AT_LEAST),
        rng_seed: match asked_for.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            fixed => fixed,
        },
        failure_persistence: None,
        ..asked_for
    }
}

/// Returns the share of generated values for which `holds` returns true.
pub(crate) fn share<T>(of: impl Strategy<Value = T>, holds: impl Fn(T) -> bool) -> f64 {
    const TRIES: u16 = 500;
    let mut runner = TestRunner::new(tries());
    let held = (0..TRIES)
        .map(|_| of.new_tree(&mut runner).expect("a value").current())
        .filter_map(|tried| holds(tried).then_some(1.0));

    held.sum::<f64>() / f64::from(TRIES)
}

pub(crate) fn mostly(
    right: &'static [&'static str],
    wrong: &'static [&'static str],
) -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        20 => select(right).prop_map(Some),
        1 => select(wrong).prop_map(Some),
        1 => Just(None),
    ]
}

/// Returns the seeds of a fuzz target, from its folder in `fuzz/seeds`.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());

    files
        .into_iter()
        .map(|file| fs::read(file).expect("a seed"))
        .collect()
}

#[derive(Debug, Clone)]
enum Change {
    Put(u8),
    Insert(Vec<u8>),
    Remove(usize),
    /// Replaces the end of the seed by the end of another seed.
    Join(Vec<u8>, Index),
}

fn change(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Change> {
    const HOSTILE: [&str; 7] = [
        "\u{202e}",
        "\u{1b}[2J",
        "\0",
        "@",
        "\\",
        "\n",
        "99999999999999999999",
    ];
    let inserted = prop_oneof![
        vec(any::<u8>(), 1..8),
        any::<char>().prop_map(|character| character.to_string().into_bytes()),
        select(HOSTILE.as_slice()).prop_map(|text| text.as_bytes().to_vec()),
    ];

    prop_oneof![
        any::<u8>().prop_map(Change::Put),
        inserted.prop_map(Change::Insert),
        (1..20_usize).prop_map(Change::Remove),
        (select(seeds), any::<Index>()).prop_map(|(seed, at)| Change::Join(seed, at)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: Vec<(Index, Change)>) -> Vec<u8> {
    for (place, change) in changes {
        let at = place.index(bytes.len() + 1);
        let end = |length: usize| bytes.len().min(at + length);
        let (range, put) = match change {
            Change::Put(byte) => (at..end(1), vec![byte]),
            Change::Insert(inserted) => (at..at, inserted),
            Change::Remove(length) => (at..end(length), Vec::new()),
            Change::Join(other, from) => {
                let from = from.index(other.len() + 1);

                (at..bytes.len(), other[from..].to_vec())
            }
        };
        bytes.splice(range, put);
    }

    bytes
}

/// Generates a seed with a few changes, or sometimes random bytes.
pub(crate) fn near(target: &str) -> impl Strategy<Value = Bytes> + use<> {
    let seeds = seeds(target);
    let changes = vec((any::<Index>(), change(seeds.clone())), 0..4);

    prop_oneof![
        9 => (select(seeds), changes).prop_map(|(seed, changes)| changed(seed, changes)),
        1 => vec(any::<u8>(), 0..200),
    ]
    .prop_map(Bytes)
}
