use std::collections::BTreeMap;
use std::fmt;

use serde::de::IgnoredAny;

use super::{Basket, without_mark};
use crate::text::nearest::nearest;

/// A key of a basket line that this program does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The number of the first line with this key, from 1.
    pub line: usize,
    /// The number of lines that have this key.
    pub lines: usize,
    /// The key.
    pub key: String,
}

impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST_KEY: usize = 40;
        let key: String = self.key.chars().take(LONGEST_KEY).collect();
        write!(f, "line {}", self.line)?;
        if self.lines > 1 {
            write!(f, " and {} more", self.lines - 1)?;
        }

        write!(
            f,
            ": unknown key {key:?} is ignored; {}",
            nearest(&key, KEYS.iter().copied())
        )
    }
}

/// The keys that a basket line may have.
pub(super) const KEYS: [&str; 9] = [
    "name",
    "qty",
    "price",
    "sku",
    "tax",
    "discount",
    "productId",
    "restricted",
    "classification",
];

impl Basket {
    /// Returns the unknown keys in this JSON list of lines, each once, in the order in which they first occur. The
    /// list is empty if the JSON cannot be read.
    pub fn unknown_keys(json: &str) -> Vec<UnknownKey> {
        let lines: Vec<BTreeMap<String, IgnoredAny>> =
            serde_json::from_str(without_mark(json)).unwrap_or_default();
        let mut unknown: Vec<UnknownKey> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (index, line) in lines.into_iter().enumerate() {
            for key in line.into_keys().filter(|key| !KEYS.contains(&key.as_str())) {
                if let Some(known) = places.get(&key).and_then(|place| unknown.get_mut(*place)) {
                    known.lines += 1;
                    continue;
                }
                places.insert(key.clone(), unknown.len());
                unknown.push(UnknownKey {
                    line: index + 1,
                    lines: 1,
                    key,
                });
            }
        }

        unknown
    }
}
