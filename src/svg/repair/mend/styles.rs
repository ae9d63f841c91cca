//! Style sheets and `style` attributes, turned into what they set on each element.

use simplecss::{AttributeOperator, DeclarationTokenizer, Element, PseudoClass, StyleSheet};
use usvg::roxmltree::{Document, Node};

/// The style sheets of a document.
pub(super) fn sheets<'a>(document: &'a Document<'_>) -> StyleSheet<'a> {
    let mut sheet = StyleSheet::new();
    for node in document.descendants().filter(|node| node.has_tag_name("style") || is_svg_style(*node)) {
        if matches!(node.attribute("type"), None | Some("text/css" | "")) {
            sheet.parse_more(node.text().unwrap_or_default());
        }
    }
    sheet
}

fn is_svg_style(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().name() == "style"
}

/// What applies to an element, weakest first: attributes, rules by their weight, the `style` attribute, what is important.
pub(super) fn properties<'a>(node: Node<'a, '_>, sheet: &StyleSheet<'a>) -> Vec<(&'a str, &'a str)> {
    let mut found: Vec<(&str, &str, bool)> = Vec::new();
    for rule in sheet.rules.iter().filter(|rule| rule.selector.matches(&Styled(node))) {
        found.extend(rule.declarations.iter().map(|one| (one.name, one.value, one.important)));
    }
    let own = DeclarationTokenizer::from(node.attribute("style").unwrap_or_default());
    found.extend(own.map(|one| (one.name, one.value, one.important)));
    let weak = found.iter().filter(|one| !one.2);
    weak.chain(found.iter().filter(|one| one.2)).map(|(name, value, _)| (*name, *value)).collect()
}

/// An element as selectors see it.
struct Styled<'a, 'input>(Node<'a, 'input>);

impl Element for Styled<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Styled)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Styled)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: AttributeOperator<'_>) -> bool {
        self.0.attribute(name).is_some_and(|value| operator.matches(value))
    }

    fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
        matches!(class, PseudoClass::FirstChild) && self.prev_sibling_element().is_none()
    }
}
