//! Finds visible parts of an SVG that cannot be drawn: text, embedded pictures, other files.
//!
//! Drawing programs leave many hidden, empty or private elements in a file. These do not count.

use std::collections::{HashMap, HashSet};

use resvg::usvg::roxmltree::{Document, Node, NodeId, NodeType};
use simplecss::StyleSheet;

use super::colour::{COLOURED, is_clear, is_unknown};
use super::style::{Properties, rules};
use crate::logo::LogoFault;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements that are drawn only where another element refers to them, or never.
const NOT_IN_PLACE: [&str; 21] = [
    "defs",
    "symbol",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "linearGradient",
    "radialGradient",
    "filter",
    "metadata",
    "title",
    "desc",
    "style",
    "script",
    "font",
    "flowRegion",
    "view",
    "meshgradient",
    "hatch",
    "solidcolor",
    "solidColor",
];

/// Properties that can refer to another element.
const REFERRING: [&str; 8] = [
    "fill",
    "stroke",
    "clip-path",
    "mask",
    "filter",
    "marker-start",
    "marker-mid",
    "marker-end",
];

/// Finds the first visible part that cannot be drawn.
///
/// # Errors
///
/// [`LogoFault::NotDrawn`], [`LogoFault::Elsewhere`] or [`LogoFault::Colour`].
pub(super) fn look_for_missing(document: &Document<'_>) -> Result<(), LogoFault> {
    let sheet = document
        .root()
        .children()
        .filter_map(|node| node.pi())
        .find(|instruction| instruction.target == "xml-stylesheet");
    if let Some(sheet) = sheet {
        let place = sheet.value.unwrap_or_default();

        return Err(LogoFault::Elsewhere(place.to_owned()));
    }
    let text = rules(document);
    let mut search = Search {
        rules: StyleSheet::parse(&text),
        named: document
            .descendants()
            .filter_map(|node| Some((node.attribute("id")?, node)))
            .collect(),
        seen: HashSet::new(),
    };

    search.element(document.root_element(), Ink::default())
}

/// The inherited paint properties of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Ink {
    is_visible: bool,
    is_filled: bool,
    is_stroked: bool,
    has_size: bool,
}

impl Default for Ink {
    fn default() -> Self {
        Self {
            is_visible: true,
            is_filled: true,
            is_stroked: false,
            has_size: true,
        }
    }
}

impl Ink {
    /// Returns the paint properties for the inside of an element with its `own` properties, or `None` if the
    /// element draws nothing.
    fn of(self, own: &Properties<'_>) -> Option<Self> {
        if own.get("display") == Some("none") || is_nothing(own.get("opacity")) {
            return None;
        }
        let painted = |name: &str, opacity: &str, inherited| match own.get(name) {
            Some("none") => false,
            Some("inherit") => inherited,
            Some(colour) if is_clear(colour) => false,
            Some(_) => !is_nothing(own.get(opacity)),
            None => inherited && !is_nothing(own.get(opacity)),
        };

        Some(Self {
            is_visible: match own.get("visibility") {
                Some("hidden" | "collapse") => false,
                Some("visible") => true,
                _ => self.is_visible,
            },
            is_filled: painted("fill", "fill-opacity", self.is_filled),
            is_stroked: painted("stroke", "stroke-opacity", self.is_stroked),
            has_size: match own.get("font-size") {
                Some("inherit") | None => self.has_size,
                size => !is_nothing(size),
            },
        })
    }

    fn shows_letters(self) -> bool {
        self.is_visible && self.has_size && (self.is_filled || self.is_stroked)
    }
}

/// Whether a length or a share is zero or negative.
fn is_nothing(value: Option<&str>) -> bool {
    let number = |value: &str| {
        let end = value
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'))
            .unwrap_or(value.len());

        value[..end].parse::<f32>().ok()
    };

    value.and_then(number).is_some_and(|value| value <= 0.0)
}

struct Search<'a, 'input> {
    rules: StyleSheet<'a>,
    named: HashMap<&'a str, Node<'a, 'input>>,
    seen: HashSet<(NodeId, Ink)>,
}

impl<'a, 'input> Search<'a, 'input> {
    /// Checks an element at its place in the tree.
    fn element(&mut self, node: Node<'a, 'input>, around: Ink) -> Result<(), LogoFault> {
        if is_drawn_by_others(node) || NOT_IN_PLACE.contains(&node.tag_name().name()) {
            return Ok(());
        }

        self.drawn(node, around)
    }

    fn drawn(&mut self, node: Node<'a, 'input>, around: Ink) -> Result<(), LogoFault> {
        if !self.seen.insert((node.id(), around)) || !is_wanted(node) {
            return Ok(());
        }
        let own = Properties::of(node, &self.rules);
        let Some(ink) = around.of(&own) else {
            return Ok(());
        };
        let mut colours = COLOURED.iter().filter_map(|property| own.get(property));
        if let Some(colour) = colours.find(|colour| is_unknown(colour)) {
            return Err(LogoFault::Colour(colour.to_owned()));
        }
        for property in REFERRING {
            self.referred(own.get(property))?;
        }
        let name = node.tag_name().name();
        match name {
            "text" | "flowRoot" if self.has_letters(node, ink) => Err(not_drawn(name)),
            "foreignObject" if ink.is_visible && has_content(node) && has_area(node) => {
                Err(not_drawn(name))
            }
            "image" if ink.is_visible && has_area(node) => match href(node) {
                Some(place) if place.starts_with("data:") || place.starts_with('#') => {
                    Err(not_drawn(name))
                }
                Some(place) => Err(LogoFault::Elsewhere(place.to_owned())),
                None => Ok(()),
            },
            "text" | "flowRoot" | "foreignObject" | "image" => Ok(()),
            "svg" if !has_area(node) => Ok(()),
            "meshgradient" | "hatch" | "solidcolor" | "solidColor" => Err(not_drawn(name)),
            "feImage" => match href(node) {
                Some(_) => Err(not_drawn(name)),
                None => Ok(()),
            },
            "switch" => self.switch(node, ink),
            "use" | "pattern" | "linearGradient" | "radialGradient" | "filter" => {
                let around = if name == "use" { ink } else { Ink::default() };
                if let Some(place) = href(node) {
                    self.place(place, around)?;
                }

                self.children(node, ink)
            }
            _ => self.children(node, ink),
        }
    }

    fn children(&mut self, node: Node<'a, 'input>, ink: Ink) -> Result<(), LogoFault> {
        node.children()
            .filter(Node::is_element)
            .try_for_each(|child| self.element(child, ink))
    }

    /// Checks a `<switch>`: only its first child that can be drawn. The other children are alternatives for other
    /// programs.
    fn switch(&mut self, node: Node<'a, 'input>, ink: Ink) -> Result<(), LogoFault> {
        let wanted = |child: &Node<'_, '_>| {
            child.is_element() && !is_drawn_by_others(*child) && is_wanted(*child)
        };
        let chosen = node
            .children()
            .filter(wanted)
            .find(|child| child.tag_name().name() != "foreignObject")
            .or_else(|| node.children().find(wanted));

        chosen.map_or(Ok(()), |child| self.element(child, ink))
    }

    /// Checks the targets of `url(…)` in a property.
    fn referred(&mut self, value: Option<&str>) -> Result<(), LogoFault> {
        for part in value.unwrap_or_default().split("url(").skip(1) {
            let place = part.split(')').next().unwrap_or_default();
            self.place(place.trim().trim_matches(['"', '\'']), Ink::default())?;
        }

        Ok(())
    }

    fn place(&mut self, place: &str, around: Ink) -> Result<(), LogoFault> {
        let Some(id) = place.strip_prefix('#') else {
            return Err(LogoFault::Elsewhere(place.to_owned()));
        };

        match self.named.get(id) {
            Some(node) if !is_drawn_by_others(*node) => self.drawn(*node, around),
            _ => Ok(()),
        }
    }

    fn has_letters(&self, node: Node<'a, 'input>, ink: Ink) -> bool {
        node.children().any(|child| {
            if let Some(text) = child.text().filter(|_| child.is_text()) {
                return ink.shows_letters() && !is_blank(text);
            }
            if !child.is_element()
                || is_drawn_by_others(child)
                || NOT_IN_PLACE.contains(&child.tag_name().name())
            {
                return false;
            }

            ink.of(&Properties::of(child, &self.rules))
                .is_some_and(|ink| self.has_letters(child, ink))
        })
    }
}

fn not_drawn(name: &str) -> LogoFault {
    LogoFault::NotDrawn(name.to_owned())
}

/// Whether the element is meant for another program. [`resvg::usvg`] treats elements without a namespace as SVG.
fn is_drawn_by_others(node: Node<'_, '_>) -> bool {
    !matches!(node.tag_name().namespace(), None | Some(SVG))
}

/// Whether the element's conditions are met, by the rules of [`resvg::usvg`].
fn is_wanted(node: Node<'_, '_>) -> bool {
    const DRAWN: &str = "http://www.w3.org/TR/SVG11/feature#";
    let features = node.attribute("requiredFeatures").unwrap_or_default();
    let languages = node.attribute("systemLanguage");
    let speaks = |languages: &str| {
        languages
            .split(',')
            .any(|one| one.trim() == "en" || one.trim().starts_with("en-"))
    };

    node.attribute("requiredExtensions").is_none()
        && features
            .split_whitespace()
            .all(|feature| feature.starts_with(DRAWN) && !feature.ends_with("#Extensibility"))
        && languages.is_none_or(speaks)
}

/// Whether a text has no visible letter. Private-use letters count as visible, because icon fonts use them for
/// pictures.
fn is_blank(text: &str) -> bool {
    const HIDDEN: [char; 3] = ['\u{200b}', '\u{2060}', '\u{feff}'];

    text.chars()
        .all(|letter| letter.is_whitespace() || HIDDEN.contains(&letter))
}

/// Whether a foreign object shows anything. Figma writes an empty box without a colour to blur what is behind
/// glass; such a box shows nothing.
fn has_content(node: Node<'_, '_>) -> bool {
    const BOXES: [&str; 4] = ["body", "div", "p", "span"];
    const COLOURS: [&str; 3] = ["background", "border", "shadow"];
    let shows = |child: Node<'_, '_>| {
        let style = child.attribute("style").unwrap_or_default();

        !BOXES.contains(&child.tag_name().name())
            || child.has_attribute("class")
            || COLOURS.iter().any(|colour| style.contains(colour))
    };

    node.descendants()
        .skip(1)
        .any(|child| match child.node_type() {
            NodeType::Text => !is_blank(child.text().unwrap_or_default()),
            NodeType::Element => shows(child),
            _ => false,
        })
}

fn has_area(node: Node<'_, '_>) -> bool {
    !["width", "height"]
        .into_iter()
        .any(|side| is_nothing(node.attribute(side)))
}

fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    const XLINK: &str = "http://www.w3.org/1999/xlink";

    node.attribute("href")
        .or_else(|| node.attribute((XLINK, "href")))
        .map(str::trim)
        .filter(|place| !place.is_empty())
}
