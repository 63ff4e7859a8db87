use std::fmt;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::letters::few_marks;

/// Text from the network that is safe to show and to log: one line of limited length, without characters that are
/// invisible, control a terminal or change the writing direction.
///
/// The platform's words leave the API client only in this form.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// The most letters of a name or a code, as people count letters. The platform's own names are shorter.
    const NAME: usize = 40;
    /// The most letters of a sentence, as people count letters.
    const SENTENCE: usize = 240;
    /// The most code points of one letter: enough for every script, but too few to cover other letters.
    const LETTER: usize = 8;

    /// Cleans a name, a code or a word: at most 40 graphemes. The result may be empty.
    pub fn clean(raw: &str) -> Self {
        Self::bounded(raw, Self::NAME)
    }

    /// Cleans a message or an explanation: at most 240 graphemes. The result may be empty.
    pub fn sentence(raw: &str) -> Self {
        Self::bounded(raw, Self::SENTENCE)
    }

    /// Cleans only as much text as is kept, so that a huge text costs no more than a long one.
    fn bounded(raw: &str, graphemes: usize) -> Self {
        let most = (graphemes + 1) * Self::LETTER;
        let mut last = ' ';
        let single = |character: &char| {
            let doubled = *character == ' ' && last == ' ';
            last = *character;

            !doubled
        };
        let visible: String = few_marks(raw.chars().filter_map(visible_form))
            .filter(single)
            .take(most)
            .collect();

        let mut letters = visible.trim_end().graphemes(true);
        let mut text: String = letters
            .by_ref()
            .take(graphemes)
            .flat_map(|letter| letter.chars().take(Self::LETTER))
            .collect();
        if letters.next().is_some() {
            let kept = text.trim_end().len();
            text.truncate(kept);
            text.push('…');
        }

        Self(text)
    }

    /// Returns the cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the cleaned text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the form in which a character is kept, by its Unicode category. Every kind of break and space becomes a
/// space. Control characters (Cc, Cf), private ones (Co) and unassigned ones (Cn) are dropped.
fn visible_form(character: char) -> Option<char> {
    match character.general_category() {
        GeneralCategory::Control if character.is_whitespace() => Some(' '),
        GeneralCategory::SpaceSeparator
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => Some(' '),
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::Surrogate
        | GeneralCategory::PrivateUse
        | GeneralCategory::Unassigned => None,
        _ => Some(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(raw: &str) -> String {
        Text::clean(raw).to_string()
    }

    #[test]
    fn f54_network_text_cannot_control_a_terminal() {
        assert_eq!(
            clean("\u{202e}Caf\u{e9}\u{1b}[31m\r\n\u{200b} & Co\u{2069}"),
            "Caf\u{e9}[31m & Co"
        );
    }

    #[test]
    fn f54_control_characters_are_dropped() {
        let dropped = |c: &char| {
            matches!(
                c.general_category(),
                GeneralCategory::Control | GeneralCategory::Format
            )
        };
        let mut steering = 0;
        for character in ('\0'..=char::MAX).filter(dropped) {
            let left = clean(&format!("a{character}b"));
            assert!(left == "ab" || left == "a b", "{character:?}: {left:?}");
            steering += 1;
        }
        assert!(steering > 200, "{steering}");
    }

    #[test]
    fn f54_line_break_separates_words() {
        assert_eq!(
            clean("Corner\r\nCaf\u{e9}\u{2028}\u{a0}Ltd"),
            "Corner Caf\u{e9} Ltd"
        );
    }

    #[test]
    fn f54_a_long_name_is_cut_where_a_letter_ends() {
        assert_eq!(clean(&"x".repeat(40)), "x".repeat(40));
        assert_eq!(clean(&"x".repeat(500)), format!("{}…", "x".repeat(40)));
        // "e" and a combining acute are one letter.
        let accented = "e\u{301}".repeat(41);
        assert_eq!(clean(&accented), format!("{}…", "e\u{301}".repeat(40)));
        assert_eq!(
            Text::sentence(&"x".repeat(500)).as_str(),
            format!("{}…", "x".repeat(240))
        );
    }

    #[test]
    fn f54_many_spaces_hide_nothing() {
        assert_eq!(clean(&format!("a{}b", " ".repeat(1000))), "a b");
    }

    #[test]
    fn f54_marks_on_a_letter_are_limited() {
        let tower = format!("a{}b", "\u{301}".repeat(1000));
        assert!(clean(&tower).chars().count() <= Text::LETTER + 2);
        assert!(clean(&"\u{301}".repeat(100_000)).chars().count() <= Text::LETTER + 1);
    }

    #[test]
    fn maori_and_chinese_names_stay_as_they_are() {
        for name in [
            "Te Whare W\u{101}nanga o \u{100}whina",
            "街角咖啡店",
            "Café & Co. № 1",
        ] {
            assert_eq!(clean(name), name);
        }
    }

    #[test]
    fn f54_what_has_nothing_visible_in_it_is_empty() {
        for nothing in ["", " \t\r\n", "\u{200b}\u{202e}\u{feff}", "\u{e000}"] {
            assert!(Text::clean(nothing).is_empty(), "{nothing:?}");
        }
    }
}
