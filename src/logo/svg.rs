//! A logo made of shapes.

use image::RgbaImage;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, roxmltree};

use super::LogoFault;
use super::png::unmultiply;

/// The most elements, attributes and texts; a logo has some dozens.
const MOST_NODES: u32 = 100_000;

/// What this program has no fonts or decoders for.
const NOT_DRAWN: [&str; 5] = ["text", "flowRoot", "image", "feImage", "foreignObject"];

/// Parses it, and looks for what would be missing from the picture.
pub(super) fn read(bytes: &[u8]) -> Result<Tree, LogoFault> {
    let unknown = |error: &dyn std::fmt::Display| LogoFault::Unknown(error.to_string());
    let text = std::str::from_utf8(bytes).map_err(|error| unknown(&error))?;
    let options = roxmltree::ParsingOptions {
        // Drawing programs declare entities for their namespaces.
        allow_dtd: true,
        nodes_limit: MOST_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    let document =
        roxmltree::Document::parse_with_options(text, options).map_err(|error| unknown(&error))?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(LogoFault::Unknown("its root is not <svg>".to_owned()));
    }
    document
        .descendants()
        .filter(roxmltree::Node::is_element)
        .try_for_each(drawn_here)?;

    let tree = Tree::from_xmltree(&document, &alone())
        .map_err(|error| LogoFault::Svg(error.to_string()))?;
    if !tree.root().has_children() {
        return Err(LogoFault::Empty);
    }

    Ok(tree)
}

pub(super) fn raster(tree: &Tree, width: u32, height: u32) -> RgbaImage {
    let mut picture = RgbaImage::new(width, height);
    let Some(mut pixels) = Pixmap::new(width, height) else {
        return picture;
    };
    let scale = Transform::from_scale(
        width as f32 / tree.size().width(),
        height as f32 / tree.size().height(),
    );
    resvg::render(tree, scale, &mut pixels.as_mut());
    picture.copy_from_slice(pixels.data());
    unmultiply(&mut picture);

    picture
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

fn drawn_here(element: roxmltree::Node<'_, '_>) -> Result<(), LogoFault> {
    let name = element.tag_name().name();
    if NOT_DRAWN.contains(&name) {
        return Err(LogoFault::NotDrawn(name.to_owned()));
    }
    let elsewhere = element
        .attributes()
        .find(|attribute| attribute.name() == "href" && !attribute.value().starts_with('#'));

    match elsewhere {
        // Where a link leads does not change the picture.
        Some(_) if name == "a" => Ok(()),
        Some(attribute) => Err(LogoFault::Elsewhere(attribute.value().to_owned())),
        None => Ok(()),
    }
}
