//! Text from the bytes of an SVG, whatever encoding the drawing program has chosen.

use std::borrow::Cow;

/// Why the bytes are no text.
pub(super) const BROKEN_UTF16: &str = "its UTF-16 text is broken";

/// The text of an XML file: UTF-8, UTF-16 by its mark or its first letter, or one byte a letter.
///
/// What is drawn is written in ASCII, and the other encodings (ISO-8859, Windows) agree with it there. So each of
/// their bytes may stand for any letter, as long as it is always the same one.
///
/// # Errors
///
/// If text in UTF-16 has half a letter in it.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);

            Ok(std::str::from_utf8(bytes).map_or_else(
                |_| bytes.iter().copied().map(char::from).collect(),
                Cow::Borrowed,
            ))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, &'static str> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Err(BROKEN_UTF16);
    };
    let units = pairs.iter().map(|pair| unit(*pair));

    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
        .map_err(|_| BROKEN_UTF16)
}
