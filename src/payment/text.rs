use std::fmt;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

use crate::letters::few_marks;

/// Text from the network, made fit to be shown and logged: one line, bounded, and without
/// characters that steer a terminal, turn the direction of writing or cannot be seen.
///
/// It is the only form in which the platform's words get past the API client.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// What a person reads as letters, in a name or a code; the platform's own are shorter.
    const NAME: usize = 40;
    /// The same, in a sentence that a person has to read whole.
    const SENTENCE: usize = 240;
    /// The code points that one letter may be made of: enough for every script, too few to paint
    /// over its neighbours.
    const LETTER: usize = 8;

    /// Cleans a name, a code or a word: at most 40 graphemes. What is left may be empty.
    pub fn clean(raw: &str) -> Self {
        Self::bounded(raw, Self::NAME)
    }

    /// Cleans a message or an explanation: at most 240 graphemes. What is left may be empty.
    pub fn sentence(raw: &str) -> Self {
        Self::bounded(raw, Self::SENTENCE)
    }

    /// Cleans only as much as can be kept, so that a huge text costs no more than a long one.
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

    /// The cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a character is kept, by its category in Unicode: breaks and spaces of every kind as a space,
/// what steers (Cc, Cf) and what means nothing to anybody (Co, Cn) not at all.
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
    fn f54_text_from_the_network_cannot_steer_a_terminal_or_turn_the_writing() {
        assert_eq!(
            clean("\u{202e}Caf\u{e9}\u{1b}[31m\r\n\u{200b} & Co\u{2069}"),
            "Caf\u{e9}[31m & Co"
        );
    }

    #[test]
    fn f54_every_character_of_the_categories_that_steer_is_dropped() {
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
    fn f54_a_line_break_does_not_glue_words_together() {
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
    fn f54_a_thousand_spaces_do_not_hide_what_follows() {
        assert_eq!(clean(&format!("a{}b", " ".repeat(1000))), "a b");
    }

    #[test]
    fn f54_one_letter_cannot_be_made_of_a_thousand_marks() {
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
