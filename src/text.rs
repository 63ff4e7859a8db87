//! Which characters are readable on a screen, how text is printed, and how it is decoded.

pub mod letters;
pub(crate) mod nearest;
pub(crate) mod printable;

/// Decodes UTF-8, or UTF-16 with a byte order mark, as PowerShell and Excel write it.
pub(crate) fn decode(bytes: Vec<u8>) -> Option<String> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// Decodes UTF-16 without a byte order mark.
pub(crate) fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let units = pairs.iter().map(|pair| unit(*pair));

    char::decode_utf16(units).collect::<Result<_, _>>().ok()
}
