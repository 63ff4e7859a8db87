//! Logos from SVG files.

mod colour;
mod missing;
mod style;

use std::borrow::Cow;

use image::RgbaImage;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, decompress_svgz, roxmltree};

use super::LogoFault;
use crate::qr::Room;
use crate::text;

/// The most elements, attributes and texts in an SVG; a logo has some dozens.
const MOST_NODES: u32 = 100_000;

/// Parses an SVG and checks that everything visible can be drawn.
pub(super) fn read(bytes: &[u8]) -> Result<Tree, LogoFault> {
    const GZIP: &[u8] = b"\x1f\x8b";
    let unknown = |error: &dyn std::fmt::Display| LogoFault::Unknown(error.to_string());
    let unpacked = match bytes.starts_with(GZIP) {
        true => Some(decompress_svgz(bytes).map_err(|error| unknown(&error))?),
        false => None,
    };
    let text = decoded(unpacked.as_deref().unwrap_or(bytes)).map_err(|why| unknown(&why))?;
    let text = colour::in_srgb(&text);
    let options = roxmltree::ParsingOptions {
        // Drawing programs declare entities for their namespaces.
        allow_dtd: true,
        nodes_limit: MOST_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    // Some programs leave lines before the declaration, which no parser accepts.
    let document =
        roxmltree::Document::parse_with_options(text.trim_start(), options).map_err(|error| {
            match error {
                roxmltree::Error::NodesLimitReached => LogoFault::TooMuch,
                error if text.contains("<svg") => LogoFault::Svg(error.to_string()),
                error => unknown(&error),
            }
        })?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(LogoFault::Unknown("its root is not <svg>".to_owned()));
    }
    missing::look_for_missing(&document)?;

    Tree::from_xmltree(&document, &alone()).map_err(|error| LogoFault::Svg(error.to_string()))
}

/// Decodes an XML file as UTF-8, as UTF-16 (known by its byte order mark or its first letter), or with one byte
/// per letter.
///
/// Whatever is drawn is written in ASCII. The other encodings (ISO-8859, Windows) agree with ASCII. Any letter may
/// stand for one of their other bytes, as long as a byte always gives the same letter.
///
/// # Errors
///
/// If UTF-16 text is broken.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    let utf16 = |bytes, unit| {
        let text = text::utf16(bytes, unit).map(Cow::Owned);

        text.ok_or("its UTF-16 text is broken")
    };
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

/// Draws a tree as large as fits into the room, with colours multiplied by their opacity.
pub(super) fn raster(tree: &Tree, room: Room) -> Result<RgbaImage, LogoFault> {
    let (own_width, own_height) = (tree.size().width(), tree.size().height());
    let (width, height) = room.fit(f64::from(own_width), f64::from(own_height));
    let mut pixels = Pixmap::new(width, height).ok_or(LogoFault::Empty)?;
    let scale = Transform::from_scale(width as f32 / own_width, height as f32 / own_height);
    resvg::render(tree, scale, &mut pixels.as_mut());

    RgbaImage::from_raw(width, height, pixels.take()).ok_or(LogoFault::Empty)
}

/// Returns options with which no picture is loaded, neither from another file nor from inside the SVG.
fn alone() -> Options<'static> {
    Options {
        resources_dir: None,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}
