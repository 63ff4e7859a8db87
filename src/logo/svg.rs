//! A logo made of shapes.

mod colour;
mod encoding;
mod missing;
mod style;

use image::RgbaImage;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, decompress_svgz, roxmltree};

use super::{LogoFault, Room};

/// The most elements, attributes and texts; a logo has some dozens.
const MOST_NODES: u32 = 100_000;

/// Parses it, and looks for what would be missing from the picture.
pub(super) fn read(bytes: &[u8]) -> Result<Tree, LogoFault> {
    const GZIP: &[u8] = b"\x1f\x8b";
    let unknown = |error: &dyn std::fmt::Display| LogoFault::Unknown(error.to_string());
    let unpacked = match bytes.starts_with(GZIP) {
        true => Some(decompress_svgz(bytes).map_err(|error| unknown(&error))?),
        false => None,
    };
    let text = encoding::text(unpacked.as_deref().unwrap_or(bytes)).map_err(|why| unknown(&why))?;
    let text = colour::in_srgb(&text);
    let options = roxmltree::ParsingOptions {
        // Drawing programs declare entities for their namespaces.
        allow_dtd: true,
        nodes_limit: MOST_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    // Some programs leave lines before the declaration, which no parser takes.
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

/// Draws it as large as it fits into the room, with colours multiplied by their opacity.
pub(super) fn raster(tree: &Tree, room: Room) -> Result<RgbaImage, LogoFault> {
    let (own_width, own_height) = (tree.size().width(), tree.size().height());
    let (width, height) = room.fit(f64::from(own_width), f64::from(own_height));
    let mut pixels = Pixmap::new(width, height).ok_or(LogoFault::Empty)?;
    let scale = Transform::from_scale(width as f32 / own_width, height as f32 / own_height);
    resvg::render(tree, scale, &mut pixels.as_mut());

    RgbaImage::from_raw(width, height, pixels.take()).ok_or(LogoFault::Empty)
}

/// Options that let a file reach for nothing: no picture beside it, and none packed into it.
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
