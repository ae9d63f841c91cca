//! One walk over the tree beside the tables, in the order of the text. It iterates, so that depth costs no stack.

use std::ops::Range;

use usvg::roxmltree::{Attribute as XmlAttribute, Document, Node, NodeId};

use super::values::{self, References};
use super::{Facts, Faults, fixes, root};
use crate::svg::rules;
use crate::svg::tables::{Attribute, Element, SVG_NAMESPACE, XLINK_NAMESPACE, XML_NAMESPACE, is_space};

/// Deepest nesting that is good (libxml2 stops at 256 unless told otherwise).
const MAX_DEPTH: usize = 256;
/// Most characters of a title (draft §2.1 SHOULD).
const MAX_TITLE: usize = 64;

/// What an open element means for what stands in it.
#[derive(Clone, Copy)]
enum Within {
    /// An element of the tables.
    Known(Element),
    /// One that is not allowed, but whose content can stay where it is taken away: judged as in `g`.
    Unwrapped,
    /// One that is not allowed and goes with all its content.
    Skipped,
}

/// The walk and what it has met.
struct Walk<'a, 'f> {
    text: &'a str,
    /// The namespace that counts as SVG's: none where the root forgot to declare it, which is told once.
    namespace: Option<&'a str>,
    faults: &'f mut Faults,
    references: References<'a>,
    facts: Facts,
    root: NodeId,
    /// Whether an element stood in the root before.
    has_first: bool,
    /// Whether the root's `title` was met.
    has_title: bool,
    /// Whether too deep a place was told.
    is_deep: bool,
}

/// Judges the tree.
pub fn walk<'a>(document: &'a Document<'a>, text: &'a str, faults: &mut Faults) -> Facts {
    prolog(document, text, faults);
    let root = document.root_element();
    let mut walk = Walk {
        text,
        namespace: Some(SVG_NAMESPACE),
        faults,
        references: References::default(),
        facts: Facts::default(),
        root: root.id(),
        has_first: false,
        has_title: false,
        is_deep: false,
    };
    walk.tree(root);
    walk.references.judge(walk.faults);
    walk.facts
}

/// What stands around the root: a DOCTYPE is in no tree, so it is looked for in the text before the root.
fn prolog(document: &Document<'_>, text: &str, faults: &mut Faults) {
    for node in document.root().children().filter_map(|node| node.pi().map(|pi| (node.range(), pi))) {
        if node.1.target == "xml-stylesheet" {
            faults.add(&rules::STYLESHEET, node.0, || ("a style sheet is loaded by `<?xml-stylesheet?>`".into(), None));
        }
    }
    let before = text.get(..document.root_element().range().start).unwrap_or(text);
    // Comments and instructions may hold the same letters.
    let is_quoted = |at: &usize| document.root().children().any(|node| !node.is_element() && node.range().contains(at));
    let Some(start) = before.match_indices("<!DOCTYPE").map(|(at, _)| at).find(|at| !is_quoted(at)) else { return };
    let declaration = before.get(start..).unwrap_or_default();
    let end = declaration.find(['[', '>']).map_or(before.len(), |length| start + length + 1);
    faults.add(&rules::DOCTYPE, start..end, || ("a DOCTYPE is declared".into(), None));
    for (at, _) in declaration.match_indices("<!ENTITY") {
        let rest = declaration.get(at..).unwrap_or_default();
        let name = rest.split(is_space).map(|word| word.trim_start_matches('%')).filter(|word| !word.is_empty()).nth(1);
        let length = rest.find('>').map_or(rest.len(), |length| length + 1);
        let name = name.unwrap_or_default();
        faults.add(&rules::ENTITY, start + at..start + at + length, || {
            (tr!("the entity `{}` is declared", cut(name)), None)
        });
    }
}

impl<'a> Walk<'a, '_> {
    fn tree(&mut self, root: Node<'a, 'a>) {
        let mut open: Vec<(NodeId, Within)> = Vec::new();
        // The parser takes a second `xmlns` of one element for the first; other readers stop at it.
        let mut declares_twice = self.text.matches("xmlns=").nth(1).is_some();
        for node in root.descendants() {
            if node.is_text() {
                self.text_node(node, &mut open);
                continue;
            }
            if !node.is_element() {
                continue;
            }
            if declares_twice && node.namespaces().filter(|one| one.name().is_none()).nth(1).is_some() {
                declares_twice = false;
                let at = self.tag(node);
                self.faults
                    .add(&rules::NOT_XML, at, || ("`xmlns` is given twice".into(), Some("Keep one of them.".into())));
            }
            let parent = Self::close(&mut open, node);
            let within = match (parent, open.is_empty()) {
                (Some(Within::Skipped), _) => {
                    self.references.know(node);
                    Within::Skipped
                }
                (parent, _) => self.element(node, parent),
            };
            open.push((node.id(), within));
            if open.len() > MAX_DEPTH && !self.is_deep {
                self.is_deep = true;
                let at = self.tag(node);
                self.faults.add(&rules::DEPTH, at, || {
                    (tr!("elements are nested more than {MAX_DEPTH} deep", MAX_DEPTH), None)
                });
            }
        }
        if !self.has_title && matches!(self.namespace, Some(SVG_NAMESPACE) | None) {
            let at = self.tag(root);
            self.faults.add(&rules::TITLE_MISSING, at, || ("there is no `title`".into(), None));
        }
    }

    /// Closes what ended before this node: what is left open holds it.
    fn close(open: &mut Vec<(NodeId, Within)>, node: Node<'a, 'a>) -> Option<Within> {
        let parent = node.parent()?.id();
        while let Some((id, within)) = open.last() {
            if *id == parent {
                return Some(*within);
            }
            open.pop();
        }
        None
    }

    /// Text where only elements may stand.
    fn text_node(&mut self, node: Node<'a, 'a>, open: &mut Vec<(NodeId, Within)>) {
        let text = node.text().unwrap_or_default();
        if text.chars().all(is_space) {
            return;
        }
        match Self::close(open, node) {
            Some(Within::Known(element)) if !element.allows_text() => {
                let range = trimmed(self.text, node.range());
                self.faults.add(&rules::STRAY_TEXT, range, || {
                    (tr!("text stands in `{}`: “{}”", element.name(), cut(text.trim())), None)
                });
            }
            _ => {}
        }
    }

    /// Judges one element in its place, and tells what it means for its content.
    fn element(&mut self, node: Node<'a, 'a>, parent: Option<Within>) -> Within {
        let name = node.tag_name();
        let Some(parent) = parent else { return self.root(node) };
        if name.namespace() != self.namespace {
            let written = self.written(node);
            let at = node.range();
            self.faults.add(&rules::FOREIGN_ELEMENT, at, || (tr!("`{}` is not SVG", cut(written)), None));
            self.references.know(node);
            return Within::Skipped;
        }
        let at_root = node.parent().is_some_and(|parent| parent.id() == self.root);
        let Some(element) = Element::named(name.name()) else {
            return self.unknown(node);
        };
        let holder = match parent {
            Within::Known(holder) => holder,
            _ => Element::G,
        };
        if at_root && element == Element::Title {
            self.title(node);
        } else if element == Element::Svg {
            return self.unknown(node);
        } else if !holder.allows_child(element) || element == Element::Title {
            let at = node.range();
            self.faults.add(&rules::MISPLACED, at, || {
                (tr!("`{}` may not stand in `{}`", element.name(), holder.name()), fixes::of_place(element, holder))
            });
        } else if at_root {
            self.has_first = true;
        }
        match element {
            Element::Desc if is_empty(node) => {
                self.faults.add(&rules::DESC_EMPTY, node.range(), || ("`desc` is empty".into(), None));
            }
            Element::Text | Element::TextArea => self.faults.add(&rules::TEXT_NOT_OUTLINED, node.range(), || {
                (tr!("`{}` is drawn in whatever font the receiver has", element.name()), None)
            }),
            _ => {}
        }
        self.attributes(node, element);
        Within::Known(element)
    }

    /// The outermost element.
    fn root(&mut self, node: Node<'a, 'a>) -> Within {
        let (name, namespace) = (node.tag_name().name(), node.tag_name().namespace());
        if name == "svg" && namespace == Some(SVG_NAMESPACE) {
            self.facts.view_box = root::judge(node, self.tag(node), self.faults);
            self.attributes(node, Element::Svg);
            return Within::Known(Element::Svg);
        }
        let at = self.tag(node);
        if name == "svg" {
            self.faults.add(&rules::ROOT, at.clone(), || match namespace {
                None => (
                    "`svg` is in no namespace".into(),
                    Some(tr!("Write `xmlns=\"{SVG_NAMESPACE}\"` on `svg`.", SVG_NAMESPACE)),
                ),
                Some(other) => (
                    tr!("`svg` is in the namespace `{}`, not in that of SVG", cut(other)),
                    Some(tr!("Write `xmlns=\"{SVG_NAMESPACE}\"` on `svg`.", SVG_NAMESPACE)),
                ),
            });
            self.namespace = namespace;
            self.facts.view_box = root::judge(node, at, self.faults);
            self.attributes(node, Element::Svg);
            return Within::Known(Element::Svg);
        }
        self.faults.add(&rules::ROOT, at, || (tr!("the outermost element is `{}`, not `svg`", cut(name)), None));
        self.has_title = true;
        Within::Skipped
    }

    /// The root's `title`.
    fn title(&mut self, node: Node<'a, 'a>) {
        if self.has_title {
            self.faults.add(&rules::TITLE_TWICE, node.range(), || ("there is a second `title`".into(), None));
            return;
        }
        self.has_title = true;
        if self.has_first {
            self.faults.add(&rules::TITLE_NOT_FIRST, node.range(), || {
                ("`title` is not the first element in `svg`".into(), None)
            });
        }
        let title: String = node.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect();
        let words = title.trim_matches(is_space);
        let characters = words.chars().count();
        if words.is_empty() {
            self.faults.add(&rules::TITLE_EMPTY, node.range(), || ("`title` is empty".into(), None));
        } else if characters > MAX_TITLE {
            self.faults.add(&rules::TITLE_LONG, node.range(), || {
                (tr!("`title` has {characters} characters; {MAX_TITLE} are enough", characters, MAX_TITLE), None)
            });
        }
        self.facts.title = Some(words.to_owned());
    }

    /// An element of the SVG namespace that SVG Tiny PS does not have.
    fn unknown(&mut self, node: Node<'a, 'a>) -> Within {
        let name = node.tag_name().name();
        let rule = match name {
            "script" | "handler" | "listener" => &rules::SCRIPT,
            _ => &rules::ELEMENT,
        };
        let (at, fix) = (node.range(), fixes::of_element(name));
        self.faults.add(rule, at, || (tr!("`{}` is not in SVG Tiny PS", cut(name)), fix.map(str::to_owned)));
        self.references.know(node);
        // What these hold is drawn where they stand.
        if matches!(name, "svg" | "symbol" | "a" | "switch") { Within::Unwrapped } else { Within::Skipped }
    }

    /// Every attribute of an element: whether it may stand here, its value, and what the value leads to.
    fn attributes(&mut self, node: Node<'a, 'a>, element: Element) {
        let mut has_id = false;
        for attribute in node.attributes() {
            let known = match attribute.namespace() {
                None => Attribute::named(attribute.name()),
                Some(XML_NAMESPACE) => match attribute.name() {
                    "id" => Attribute::named("xml:id"),
                    "base" => Attribute::named("xml:base"),
                    "lang" => Attribute::named("xml:lang"),
                    "space" => Attribute::named("xml:space"),
                    _ => None,
                },
                Some(_) => None,
            };
            // With `xlink:id` and the like the name alone is no match: only the two namespaces above hold attributes.
            let Some((known, values)) = known.and_then(|known| Some((known, element.values(known)?))) else {
                self.not_allowed(&attribute, element);
                continue;
            };
            if matches!(known.name(), "id" | "xml:id") {
                if has_id {
                    let at = attribute.range();
                    self.faults.add(&rules::ID_TWICE, at, || {
                        (tr!("`{}` carries both `id` and `xml:id`", element.name()), None)
                    });
                }
                has_id = true;
                self.references.identify(attribute.value(), attribute.range());
            }
            if values.accept(attribute.value()) {
                values::judge(known, &attribute, element, &mut self.references, self.faults);
            } else {
                let rule = match known.name() {
                    "version" => &rules::VERSION,
                    "baseProfile" => &rules::BASE_PROFILE,
                    _ => &rules::VALUE,
                };
                let at = attribute.range();
                self.faults.add(rule, at, || {
                    let (name, value) = (known.name(), attribute.value());
                    let title = tr!("`{name}` of `{}` may not be “{}”", element.name(), cut(value), name);
                    (title, Some(fixes::of_value(name, value, values)))
                });
            }
        }
    }

    /// An attribute that may not stand on this element.
    fn not_allowed(&mut self, attribute: &XmlAttribute<'a, 'a>, element: Element) {
        let written = self.text.get(attribute.range_qname()).unwrap_or(attribute.name());
        let name = attribute.name();
        let (rule, fix) = match attribute.namespace() {
            None if name.starts_with("on") && name.len() > 2 => (&rules::EVENT, None),
            None => (&rules::ATTRIBUTE, fixes::of_attribute(name, element)),
            Some(XLINK_NAMESPACE) => (&rules::ATTRIBUTE, fixes::of_xlink(name, element)),
            Some(XML_NAMESPACE) => (&rules::ATTRIBUTE, None),
            Some(_) => (&rules::FOREIGN_ATTRIBUTE, None),
        };
        self.faults.add(rule, attribute.range(), || {
            (tr!("`{}` is not allowed on `{}`", cut(written), element.name()), fix.map(str::to_owned))
        });
    }

    /// `<name` of an element.
    fn tag(&self, node: Node<'a, 'a>) -> Range<usize> {
        let start = node.range().start;
        start..start + 1 + self.written(node).len()
    }

    /// The name of an element as it is written.
    fn written(&self, node: Node<'a, 'a>) -> &'a str {
        let tag = self.text.get(node.range()).unwrap_or_default().strip_prefix('<').unwrap_or_default();
        let end = tag.find(|char| is_space(char) || matches!(char, '/' | '>')).unwrap_or(tag.len());
        tag.get(..end).unwrap_or_default()
    }
}

/// Whether an element holds no words.
fn is_empty(node: Node<'_, '_>) -> bool {
    !node
        .children()
        .filter(|child| child.is_text())
        .any(|child| !child.text().unwrap_or_default().chars().all(is_space))
}

/// A range without the space around what stands in it.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = text.get(range.clone()).unwrap_or_default();
    let start = range.start + inner.len() - inner.trim_start().len();
    start..start + inner.trim().len()
}

/// The beginning of a text, for a sentence.
pub fn cut(text: &str) -> String {
    /// Longest that is shown whole.
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
