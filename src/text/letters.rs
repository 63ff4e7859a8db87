//! Finds characters that are invisible, change the writing direction, or pile up on one letter.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The most marks on one letter. No supported language needs more, and more of them cover the line above.
pub const MOST_MARKS: usize = 3;

/// Whether the character is drawn on the letter before it.
fn is_mark(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
    )
}

/// Whether the character is invisible or changes the writing direction. The two joiners do not count, because Hindi and
/// emoji need them.
pub fn is_hidden(character: char) -> bool {
    const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
    // Letters, and one symbol, that are drawn as nothing.
    const FILLERS: [char; 5] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{2800}'];
    let category = character.general_category();

    FILLERS.contains(&character)
        || (!JOINERS.contains(&character)
            && matches!(
                category,
                GeneralCategory::Control
                    | GeneralCategory::Format
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
                    | GeneralCategory::PrivateUse
            ))
}

/// Whether a person sees nothing of the text.
pub fn is_blank(text: &str) -> bool {
    !text.chars().any(|character| {
        character.general_category() != GeneralCategory::Format
            && !is_hidden(character)
            && !character.is_whitespace()
            && !is_mark(character)
    })
}

/// Removes the marks beyond [`MOST_MARKS`] of each letter.
pub fn few_marks(characters: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut marks = 0;

    characters.filter(move |character| {
        if is_mark(*character) {
            marks += 1;
        } else if character.general_category() != GeneralCategory::Format {
            // An invisible character does not begin another letter.
            marks = 0;
        }

        marks <= MOST_MARKS
    })
}

/// Whether a letter has more marks than [`MOST_MARKS`].
pub fn has_towers(text: &str) -> bool {
    few_marks(text.chars()).count() < text.chars().count()
}

/// Cleans a text of the till for the screen: one line, without hidden characters and surplus marks.
pub fn tidy(text: &str) -> String {
    let spaced = text.chars().filter_map(|character| {
        if character.is_whitespace() {
            Some(' ')
        } else {
            (!is_hidden(character)).then_some(character)
        }
    });
    let tidy: String = few_marks(spaced).collect();

    tidy.trim().to_owned()
}

/// Describes a character for an error message: its number, and the name of a common one.
pub fn named(character: char) -> String {
    const NAMES: [(char, &str); 17] = [
        ('\t', "a tab"),
        ('\n', "a line break"),
        ('\r', "a line break"),
        ('\u{a0}', "a no-break space"),
        ('\u{ad}', "a soft hyphen"),
        ('\u{200b}', "a zero-width space"),
        ('\u{200e}', "a left-to-right mark"),
        ('\u{200f}', "a right-to-left mark"),
        ('\u{202d}', "a left-to-right override"),
        ('\u{202e}', "a right-to-left override"),
        ('\u{202f}', "a narrow no-break space"),
        ('\u{2060}', "a word joiner"),
        ('\u{2028}', "a line separator"),
        ('\u{3000}', "an ideographic space"),
        ('\u{3164}', "an invisible letter"),
        ('\u{feff}', "a byte order mark"),
        ('\0', "a null character"),
    ];
    let number = u32::from(character);
    let name = NAMES
        .iter()
        .find_map(|(known, name)| (*known == character).then_some(*name));

    match name {
        Some(name) => format!("U+{number:04X}, {name}"),
        None if character.is_whitespace() => format!("U+{number:04X}, an unusual space"),
        None if is_hidden(character) || is_mark(character) => {
            format!("U+{number:04X}, an invisible character")
        }
        None => format!("{character}, U+{number:04X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f79_marks_are_cut() {
        let tower = format!("Caf{}e", "\u{301}\u{34f}\u{200d}".repeat(500));
        assert_eq!(
            tidy(&tower).chars().filter(|c| is_mark(*c)).count(),
            MOST_MARKS
        );
        assert!(has_towers(&tower));
    }

    #[test]
    fn f79_real_languages_stay() {
        for text in [
            "Whānau",
            "Cafe\u{301}",
            "Phở Việt",
            "क्षेत्रीय",
            "บี้",
            "👩\u{200d}🍳 1\u{fe0f}\u{20e3}",
            "שָּׁ",
        ] {
            assert_eq!(tidy(text), text);
            assert!(!is_blank(text) && !has_towers(text), "{text}");
        }
    }

    #[test]
    fn f80_text_of_hidden_characters_is_blank() {
        for text in [
            "",
            " ",
            "\u{200b}",
            "\u{200d}",
            "\u{a0}\u{3164}",
            "\u{301}",
            "\u{2800}",
            "\u{e000}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
    }
}
