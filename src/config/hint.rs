//! Advice for a key or a word that is not known.

use std::iter::once;

use serde::de::Deserialize;
use serde::de::value::MapDeserializer;

use super::merchant::MerchantTable;
use super::wrong::Wrong;
use super::{Api, Config, Display, LocalApi, Qr, Terminal};
use crate::text::nearest::nearest;

/// Lists each table of the file: the words for its place in an error, and the keys that it may have.
pub(super) fn tables() -> [(&'static str, &'static [&'static str]); 7] {
    [
        (
            "at the top of the file, above the first [table]",
            keys::<Config>(),
        ),
        ("in [api]", keys::<Api>()),
        ("in [terminal]", keys::<Terminal>()),
        ("in [merchants.NAME]", keys::<MerchantTable>()),
        ("in [display]", keys::<Display>()),
        ("in [qr]", keys::<Qr>()),
        ("in [local-api]", keys::<LocalApi>()),
    ]
}

/// Returns the keys of the table that `T` is read from, in the order of its fields. They come from serde's error
/// about an unknown key.
pub(super) fn keys<T: Deserialize<'static> + 'static>() -> &'static [&'static str] {
    let unknown = MapDeserializer::new(once(("?", ())));

    match T::deserialize(unknown) {
        Err(Wrong::UnknownKey(known)) => known,
        _ => &[],
    }
}

/// Returns what to do about a key that its table does not allow. In TOML a key belongs to the last heading above
/// it, so a valid key in the wrong place is as likely as a typing error.
pub(super) fn for_unknown_key(unknown: &str, known: &[&str]) -> String {
    let owner = tables()
        .into_iter()
        .find(|(_, keys)| keys.contains(&unknown));

    match owner {
        Some((place, _)) => format!("it belongs {place}"),
        None => nearest(unknown, known.iter().copied()),
    }
}

/// Returns the purpose of a required key.
pub(super) fn purpose(key: &str) -> &'static str {
    match key {
        "config-id" => "the merchant config id that the platform gave you",
        _ => "the name of the shop as its customers know it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_key_gets_the_nearest() {
        for (known, written, meant) in [
            (keys::<MerchantTable>(), "expiry-second", "expiry-seconds"),
            (keys::<MerchantTable>(), "config_id", "config-id"),
            (keys::<MerchantTable>(), "configId", "config-id"),
            (keys::<MerchantTable>(), "Name", "name"),
            (keys::<Api>(), "api-key", "api-key-file"),
            (keys::<Api>(), "baseurl", "base-url"),
            (keys::<Config>(), "merchant", "merchants"),
            (keys::<Display>(), "close-afer", "close-after"),
        ] {
            assert_eq!(
                for_unknown_key(written, known),
                format!("did you mean {meant:?}?")
            );
        }
    }

    #[test]
    fn key_of_another_table_names_its_place() {
        assert_eq!(
            for_unknown_key("theme", keys::<Qr>()),
            "it belongs in [display]"
        );
        assert_eq!(
            for_unknown_key("default-merchant", keys::<Display>()),
            "it belongs at the top of the file, above the first [table]"
        );
    }

    #[test]
    fn strange_key_gets_all_choices() {
        assert_eq!(
            for_unknown_key("colour", keys::<Terminal>()),
            "write \"terminal-id\", \"device-id\", \"conditions\", \"part-payments\", \"external-ref\" or \"reference-lifetime\""
        );
    }

    #[test]
    fn no_key_is_in_two_tables() {
        let mut keys: Vec<&str> = tables()
            .iter()
            .flat_map(|(_, keys)| *keys)
            .copied()
            .collect();
        let count = keys.len();
        assert_eq!(count, 45);
        keys.sort_unstable();
        keys.dedup();

        assert_eq!(keys.len(), count);
    }
}
