//! What the display says, in the languages of the people before it.
//!
//! A screen composes [`Said`]s: phrases with what they speak of. Only where one is drawn does a
//! [`Tongue`] put it into words. The words are in `assets/locales`, a Fluent file a language.

mod money;
mod phrase;
mod said;
mod tongue;

pub use phrase::Phrase;
pub use said::Said;
pub use tongue::{Tongue, Words};

/// A language that the display speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English, as it is written in New Zealand.
    EnNz,
    /// Te reo Māori.
    Mi,
    /// Chinese in simplified characters.
    ZhHans,
    /// Hindi.
    Hi,
    /// Samoan.
    Sm,
    /// Tongan.
    To,
    /// Korean.
    Ko,
    /// Japanese.
    Ja,
    /// French.
    Fr,
    /// German.
    De,
    /// Spanish.
    Es,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::EnNz,
        Self::Mi,
        Self::ZhHans,
        Self::Hi,
        Self::Sm,
        Self::To,
        Self::Ko,
        Self::Ja,
        Self::Fr,
        Self::De,
        Self::Es,
    ];

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::EnNz => "en-NZ",
            Self::Mi => "mi",
            Self::ZhHans => "zh-Hans",
            Self::Hi => "hi",
            Self::Sm => "sm",
            Self::To => "to",
            Self::Ko => "ko",
            Self::Ja => "ja",
            Self::Fr => "fr",
            Self::De => "de",
            Self::Es => "es",
        }
    }

    /// The language of a tag, whatever its region: `en`, `en-AU` and `en-NZ` are all English here.
    /// Chinese in traditional characters is another script, and not spoken.
    pub fn of_tag(tag: &str) -> Option<Self> {
        const TRADITIONAL: [&str; 4] = ["hant", "tw", "hk", "mo"];
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split('-');
        let language = parts.next()?;
        let mut rest = parts.peekable();
        if rest.clone().any(|part| {
            !(2..=8).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_alphanumeric())
        }) {
            return None;
        }

        match language {
            "en" => Some(Self::EnNz),
            "mi" => Some(Self::Mi),
            "zh" if rest.any(|part| TRADITIONAL.contains(&part)) => None,
            "zh" => Some(Self::ZhHans),
            "hi" => Some(Self::Hi),
            "sm" => Some(Self::Sm),
            "to" => Some(Self::To),
            "ko" => Some(Self::Ko),
            "ja" => Some(Self::Ja),
            "fr" => Some(Self::Fr),
            "de" => Some(Self::De),
            "es" => Some(Self::Es),
            _ => None,
        }
    }

    /// The font family to draw it with, where the display's own has no letters for it.
    pub fn font(self) -> Option<&'static str> {
        match self {
            Self::ZhHans => Some("Noto Sans CJK SC"),
            Self::Ja => Some("Noto Sans CJK JP"),
            Self::Ko => Some("Noto Sans CJK KR"),
            Self::Hi => Some("Noto Sans Devanagari"),
            _ => None,
        }
    }

    /// The package of Debian and Ubuntu that brings [`Language::font`].
    pub fn font_package(self) -> Option<&'static str> {
        match self {
            Self::ZhHans | Self::Ja | Self::Ko => Some("fonts-noto-cjk"),
            Self::Hi => Some("fonts-noto-core"),
            _ => None,
        }
    }

    /// Its words.
    fn source(self) -> &'static str {
        match self {
            Self::EnNz => include_str!("../assets/locales/en-NZ.ftl"),
            Self::Mi => include_str!("../assets/locales/mi.ftl"),
            Self::ZhHans => include_str!("../assets/locales/zh-Hans.ftl"),
            Self::Hi => include_str!("../assets/locales/hi.ftl"),
            Self::Sm => include_str!("../assets/locales/sm.ftl"),
            Self::To => include_str!("../assets/locales/to.ftl"),
            Self::Ko => include_str!("../assets/locales/ko.ftl"),
            Self::Ja => include_str!("../assets/locales/ja.ftl"),
            Self::Fr => include_str!("../assets/locales/fr.ftl"),
            Self::De => include_str!("../assets/locales/de.ftl"),
            Self::Es => include_str!("../assets/locales/es.ftl"),
        }
    }
}

#[cfg(test)]
mod tests;
