//! The keys of each table, and what to say about one that is not among them.

/// A table of the file, by the keys it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Top,
    Api,
    Terminal,
    Merchant,
    Display,
    Qr,
}

impl Section {
    pub(super) const ALL: [Self; 6] = [
        Self::Top,
        Self::Api,
        Self::Terminal,
        Self::Merchant,
        Self::Display,
        Self::Qr,
    ];

    /// The keys this table may have.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Top => &[
                "default-merchant",
                "api",
                "terminal",
                "merchants",
                "display",
                "qr",
            ],
            Self::Api => &[
                "base-url",
                "pay-hosts",
                "api-key-file",
                "authorization-file",
                "account",
                "tls-roots",
                "proxy",
                "counters",
            ],
            Self::Terminal => &[
                "terminal-id",
                "device-id",
                "conditions",
                "part-payments",
                "external-ref",
                "reference-lifetime",
            ],
            Self::Merchant => &[
                "config-id",
                "name",
                "currency",
                "liveness",
                "expiry-seconds",
                "account-id",
            ],
            Self::Display => &[
                "locale",
                "theme",
                "accent",
                "shop-logo",
                "text-size",
                "reduced-motion",
                "tones",
                "tone-player",
                "keep-awake",
                "monitor",
                "close-after",
                "leave-after",
                "clock",
                "apps",
            ],
            Self::Qr => &["content", "logo"],
        }
    }

    /// Where this table is, in the words of a sentence.
    fn place(self) -> &'static str {
        match self {
            Self::Top => "at the top of the file, above the first [table]",
            Self::Api => "in [api]",
            Self::Terminal => "in [terminal]",
            Self::Merchant => "in [merchants.NAME]",
            Self::Display => "in [display]",
            Self::Qr => "in [qr]",
        }
    }

    /// What to do about a key that this table does not have. In TOML a key belongs to the last heading above it, so a
    /// right key in the wrong place is as likely as a typing error.
    pub(super) fn advice(self, unknown: &str) -> String {
        let owner = Self::ALL
            .into_iter()
            .find(|section| section.keys().contains(&unknown));

        match owner {
            Some(owner) => format!("it belongs {}", owner.place()),
            None => hint(unknown, self.keys().iter().copied()),
        }
    }
}

/// The nearest of `known` to what was written, or all of them when none is near.
pub(crate) fn hint<'a>(written: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    /// Below this similarity the nearest word has nothing to do with the written one.
    const NEAR: f64 = 0.8;
    // Case and `_` for `-` are what people mix up first; they are no distance at all.
    let written = written.to_lowercase().replace('_', "-");
    let nearest = known
        .clone()
        .map(|word| (strsim::jaro_winkler(&written, &word.to_lowercase()), word))
        .max_by(|a, b| a.0.total_cmp(&b.0));

    match nearest {
        Some((similarity, word)) if similarity >= NEAR => format!("did you mean {word:?}?"),
        _ => format!("write {}", either(known)),
    }
}

/// `"a", "b" or "c"`.
pub(super) fn either<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.map(|word| format!("{word:?}")).collect();
    let Some(last) = words.pop() else {
        return "nothing".to_owned();
    };
    if words.is_empty() {
        return last;
    }

    format!("{} or {last}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_answered_with_the_nearest_one() {
        for (section, written, meant) in [
            (Section::Merchant, "expiry-second", "expiry-seconds"),
            (Section::Merchant, "config_id", "config-id"),
            (Section::Merchant, "configId", "config-id"),
            (Section::Merchant, "Name", "name"),
            (Section::Api, "api-key", "api-key-file"),
            (Section::Api, "baseurl", "base-url"),
            (Section::Top, "merchant", "merchants"),
            (Section::Display, "close-afer", "close-after"),
        ] {
            assert_eq!(section.advice(written), format!("did you mean {meant:?}?"));
        }
    }

    #[test]
    fn a_key_of_another_table_is_sent_there() {
        assert_eq!(Section::Qr.advice("theme"), "it belongs in [display]");
        assert_eq!(
            Section::Display.advice("default-merchant"),
            "it belongs at the top of the file, above the first [table]"
        );
    }

    #[test]
    fn where_nothing_is_near_all_choices_are_named() {
        assert_eq!(
            Section::Terminal.advice("colour"),
            "write \"terminal-id\", \"device-id\", \"conditions\", \"part-payments\", \"external-ref\" or \"reference-lifetime\""
        );
    }

    #[test]
    fn no_key_belongs_to_two_tables() {
        let mut keys: Vec<&str> = Section::ALL
            .iter()
            .flat_map(|s| s.keys())
            .copied()
            .collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();

        assert_eq!(keys.len(), count);
    }
}
