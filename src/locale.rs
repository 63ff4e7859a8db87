//! Texts of the display in all its languages.
//!
//! A screen builds a [`ScreenText`]: a phrase with its values, not yet in any language. A [`Translator`]
//! translates the text when the screen is drawn. Each language has a Fluent file in `assets/locales`.

mod money;
mod phrase;
mod screen_text;
mod translator;

pub use phrase::Phrase;
pub use screen_text::ScreenText;
pub use translator::{TranslatedText, Translator};

/// Declares the languages, each with its BCP 47 tag. The tag is also the name of its Fluent file.
macro_rules! languages {
    ($($name:ident = $tag:literal,)+) => {
        /// A language of the display.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the tag names each language")]
        pub enum Language {
            $($name,)+
        }

        impl Language {
            /// Every language.
            pub const ALL: [Self; [$($tag),+].len()] = [$(Self::$name),+];

            /// Returns the language's BCP 47 tag.
            pub fn tag(self) -> &'static str {
                match self {
                    $(Self::$name => $tag,)+
                }
            }

            /// Returns the text of the language's Fluent file.
            fn source(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../assets/locales/", $tag, ".ftl")),)+
                }
            }
        }
    };
}

languages! {
    EnNz = "en-NZ",
    Mi = "mi",
    ZhHans = "zh-Hans",
    Hi = "hi",
    Sm = "sm",
    To = "to",
    Ko = "ko",
    Ja = "ja",
    Fr = "fr",
    De = "de",
    Es = "es",
}

impl Language {
    /// Returns the language of a tag; the region may be any: `en`, `en-AU` and `en-NZ` are all English.
    /// Traditional Chinese is not supported, because its script is another one.
    pub fn of_tag(tag: &str) -> Option<Self> {
        const TRADITIONAL: [&str; 4] = ["hant", "tw", "hk", "mo"];
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split('-');
        let language = parts.next()?;
        let is_supported = |part: &str| {
            (2..=8).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric())
                && !(language == "zh" && TRADITIONAL.contains(&part))
        };
        if !parts.all(is_supported) {
            return None;
        }

        Self::ALL
            .into_iter()
            .find(|known| known.tag().split('-').next() == Some(language))
    }

    /// Returns the font family for this language; `None` if the display's own font has its letters.
    pub fn font(self) -> Option<&'static str> {
        match self {
            Self::ZhHans => Some("Noto Sans CJK SC"),
            Self::Ja => Some("Noto Sans CJK JP"),
            Self::Ko => Some("Noto Sans CJK KR"),
            Self::Hi => Some("Noto Sans Devanagari"),
            _ => None,
        }
    }

    /// Returns the Debian and Ubuntu package that contains [`Language::font`].
    pub fn font_package(self) -> Option<&'static str> {
        match self {
            Self::ZhHans | Self::Ja | Self::Ko => Some("fonts-noto-cjk"),
            Self::Hi => Some("fonts-noto-core"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
