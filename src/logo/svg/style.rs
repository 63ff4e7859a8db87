//! The style properties of an element, from its attributes, the file's style rules and its own `style`.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node};
use simplecss::{AttributeOperator, DeclarationTokenizer, Element, PseudoClass, StyleSheet};

/// The text of all `<style>` elements.
pub(super) fn rules(document: &Document<'_>) -> String {
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "style")
        .flat_map(|node| node.children())
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect()
}

pub(super) struct Properties<'a>(HashMap<&'a str, &'a str>);

impl<'a> Properties<'a> {
    pub(super) fn of<'input>(node: Node<'a, 'input>, rules: &StyleSheet<'a>) -> Self {
        let mut own: HashMap<_, _> = node
            .attributes()
            .filter(|attribute| attribute.namespace().is_none())
            .map(|attribute| (attribute.name(), attribute.value().trim()))
            .collect();
        let mut important = HashMap::new();
        let matching = rules
            .rules
            .iter()
            .filter(|rule| rule.selector.matches(&Styled(node)))
            .flat_map(|rule| rule.declarations.iter().copied());
        let inline = DeclarationTokenizer::from(node.attribute("style").unwrap_or_default());
        for declaration in matching.chain(inline) {
            let to = if declaration.important {
                &mut important
            } else {
                &mut own
            };
            to.insert(declaration.name, declaration.value.trim());
            // The shorthand `marker` sets the markers for start, middle and end.
            if declaration.name == "marker" {
                for place in ["marker-start", "marker-mid", "marker-end"] {
                    to.insert(place, declaration.value.trim());
                }
            }
        }
        own.extend(important);

        Self(own)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }
}

/// An element in the form that selectors need.
struct Styled<'a, 'input>(Node<'a, 'input>);

impl Element for Styled<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Self)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Self)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: AttributeOperator<'_>) -> bool {
        self.0
            .attribute(name)
            .is_some_and(|value| operator.matches(value))
    }

    fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
        match class {
            PseudoClass::FirstChild => self.prev_sibling_element().is_none(),
            _ => false,
        }
    }
}
