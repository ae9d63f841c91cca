//! What a drawing may ask of its reader: counted before a tree is built, so that no file can make the reader recurse too
//! deep, multiply a few words into millions, or work for minutes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use usvg::roxmltree::{Document, Node, NodeId, ParsingOptions};

use super::source;

/// Octets of text that are read: 32 times what a receiver takes (32 KB), and more than any of 6,000 public icons has.
pub const MAX_TEXT: usize = 1 << 20;

/// Octets of text once entities are replaced by what they stand for.
pub const MAX_EXPANDED: usize = 2 << 20;

/// Elements inside one another, also through references: readers recurse, and a worker has 1 MB of stack.
pub const MAX_DEPTH: usize = 64;

/// Elements and other nodes of the text.
pub const MAX_NODES: u32 = 20_000;

/// Elements that are drawn once each `use`, marker, pattern, mask and clip path is counted where it is drawn.
pub const MAX_DRAWN: usize = 100_000;

/// Rules of the style sheets times elements that they are tried on.
pub const MAX_STYLE_TRIES: usize = 2_000_000;

/// Primitives of filters, each of which works on every pixel.
pub const MAX_FILTERS: usize = 200;

/// Why a drawing is not read any further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// The text has more than [`MAX_TEXT`] octets.
    Text(usize),
    /// An element has too many attributes, or too many prefixes are declared ([`source::MAX_ATTRIBUTES`]).
    Attributes,
    /// With its entities the text would have more than [`MAX_EXPANDED`] octets.
    Entities,
    /// Elements stand more than [`MAX_DEPTH`] deep in one another.
    Depth,
    /// The text has more than [`MAX_NODES`] nodes.
    Nodes,
    /// Its references draw more than [`MAX_DRAWN`] elements.
    Drawn,
    /// Its style sheets have too many rules for its elements ([`MAX_STYLE_TRIES`]).
    Styles,
    /// It has more than [`MAX_FILTERS`] filter primitives.
    Filters,
}

impl Limit {
    /// The limit in words, with its name and number.
    pub fn words(&self) -> String {
        match self {
            Self::Text(size) => {
                tr!("the drawing has {size} octets; at most {MAX_TEXT} are read (receivers take 32 KB)", size, MAX_TEXT)
            }
            Self::Attributes => {
                let most = source::MAX_ATTRIBUTES;
                tr!("an element has more than {most} attributes, or too many prefixes are declared", most)
            }
            Self::Entities => {
                tr!("its entities expand to more than {MAX_EXPANDED} octets of text; remove the DOCTYPE", MAX_EXPANDED)
            }
            Self::Depth => tr!("its elements stand more than {MAX_DEPTH} deep in one another", MAX_DEPTH),
            Self::Nodes => tr!("it has more than {MAX_NODES} elements", MAX_NODES),
            Self::Drawn => tr!("its references draw more than {MAX_DRAWN} elements", MAX_DRAWN),
            Self::Styles => tr!("its style sheets have too many rules for its elements"),
            Self::Filters => tr!("it has more than {MAX_FILTERS} filter primitives", MAX_FILTERS),
        }
    }
}

/// Checks the bare text, before any reader recurses into it: size, depth and what its entities expand to.
pub fn check_text(text: &str) -> Result<(), Limit> {
    if text.len() > MAX_TEXT {
        return Err(Limit::Text(text.len()));
    }
    source::within_limits(text).map_err(|limit| match limit {
        source::Limit::Openings => Limit::Nodes,
        source::Limit::Entities { .. } => Limit::Entities,
        source::Limit::Attributes { .. } | source::Limit::Prefixes { .. } => Limit::Attributes,
    })?;
    check_entities(text)?;
    check_depth(text)
}

/// How a drawing is read everywhere here: entities of its own DOCTYPE only, and no more nodes than named.
pub fn parsing_options<'input>() -> ParsingOptions<'input> {
    ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() }
}

/// Counts how many elements are drawn and how deep, following each reference as a renderer does.
pub fn check_tree(document: &Document<'_>) -> Result<(), Limit> {
    let mut count = Count::of(document);
    let styles: usize = document
        .descendants()
        .filter(|node| node.has_tag_name("style"))
        .flat_map(|node| node.children().filter_map(|child| child.text()))
        .map(|text| text.matches('{').count().saturating_add(text.matches(',').count()))
        .sum();
    let elements = document.descendants().filter(Node::is_element).count();
    if styles.saturating_mul(elements) > MAX_STYLE_TRIES {
        return Err(Limit::Styles);
    }
    let filters = document.descendants().filter(|node| node.is_element() && node.tag_name().name().starts_with("fe"));
    if filters.count() > MAX_FILTERS {
        return Err(Limit::Filters);
    }
    let total = count.subtree(document.root_element(), 0)?;
    if total.saturating_add(count.styled(elements)?) > MAX_DRAWN { Err(Limit::Drawn) } else { Ok(()) }
}

/// The sum of what each entity reference stands for; entities that hold markup are refused: they would deepen the tree
/// unseen.
fn check_entities(text: &str) -> Result<(), Limit> {
    let Some(doctype) = text.find("<!DOCTYPE") else { return Ok(()) };
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    let after = text.get(doctype..).unwrap_or_default();
    for declaration in after.split("<!ENTITY").skip(1) {
        let mut words = declaration.splitn(2, ['"', '\'']);
        let name = words.next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
        let rest = words.next().unwrap_or_default();
        let quote = declaration.chars().find(|c| matches!(c, '"' | '\'')).unwrap_or('"');
        let value = rest.split(quote).next().unwrap_or_default();
        if value.contains('<') || value.contains("&#60;") || value.contains("&#x3") {
            return Err(Limit::Entities);
        }
        // What is declared later would be counted as nothing: an entity may only use earlier ones.
        let size = expanded(value, &sizes, MAX_EXPANDED + 1);
        sizes.entry(name).or_insert(size);
    }
    if sizes.is_empty() || expanded(text, &sizes, 0) <= MAX_EXPANDED { Ok(()) } else { Err(Limit::Entities) }
}

/// Octets of `text` once its references are replaced; each that is not known counts as `unknown`.
fn expanded(text: &str, sizes: &HashMap<&str, usize>, unknown: usize) -> usize {
    let references = text.split('&').skip(1).filter_map(|rest| rest.split_once(';'));
    references.fold(text.len(), |total, (name, _)| {
        let single = name.starts_with('#') || matches!(name, "lt" | "gt" | "amp" | "quot" | "apos");
        let size = if single { 1 } else { sizes.get(name).copied().unwrap_or(unknown) };
        total.saturating_add(size)
    })
}

/// Counts open tags, without building anything: comments, CDATA, instructions, DOCTYPE and quoted values are stepped over.
fn check_depth(text: &str) -> Result<(), Limit> {
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at..).unwrap_or_default();
        let skip = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];
        if let Some((_, end)) = skip.iter().find(|(start, _)| rest.starts_with(start)) {
            let Some(at) = rest.find(end) else { return Ok(()) };
            rest = rest.get(at + end.len()..).unwrap_or_default();
            continue;
        }
        let Some(end) = end_of_tag(rest) else { return Ok(()) };
        let tag = rest.get(..end).unwrap_or_default();
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.ends_with('/') {
            depth += 1;
        }
        if depth > MAX_DEPTH {
            return Err(Limit::Depth);
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    Ok(())
}

/// Where the `>` of the tag stands that `text` begins with, outside of quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, octet) in text.bytes().enumerate() {
        match (quote, octet) {
            (None, b'"' | b'\'') => quote = Some(octet),
            (None, b'>') => return Some(at),
            (Some(open), _) if open == octet => quote = None,
            _ => {}
        }
    }
    None
}

/// Counts what is drawn, each element once for every way in which it is reached.
struct Count<'a, 'input> {
    /// The first element of each id, as renderers resolve it.
    ids: HashMap<&'a str, Node<'a, 'input>>,
    /// What was counted below an element; `None` while it is being counted, so that a circle ends.
    known: HashMap<NodeId, Option<usize>>,
    /// References that style sheets make.
    style_references: Vec<Node<'a, 'input>>,
}

impl<'a, 'input> Count<'a, 'input> {
    /// Gathers ids and the references of style sheets.
    fn of(document: &'a Document<'input>) -> Self {
        let mut ids = HashMap::new();
        for node in document.descendants() {
            if let Some(id) = node.attribute("id") {
                ids.entry(id).or_insert(node);
            }
        }
        let texts = document.descendants().filter(|node| node.has_tag_name("style"));
        let texts: Vec<&str> = texts.flat_map(|node| node.children().filter_map(|child| child.text())).collect();
        let style_references = texts.iter().flat_map(|text| urls(text)).filter_map(|id| ids.get(id).copied()).collect();
        Self { ids, known: HashMap::new(), style_references }
    }

    /// What the style sheets may draw: each of their references for each element, but for gradients, which draw nothing.
    fn styled(&mut self, elements: usize) -> Result<usize, Limit> {
        let mut total = 0_usize;
        for node in self.style_references.clone() {
            if !draws_nothing(node) {
                total = total.saturating_add(self.subtree(node, 0)?.saturating_mul(elements));
            }
        }
        Ok(total)
    }

    /// The elements that drawing `node` draws. Recurses, at most [`MAX_DEPTH`] deep.
    fn subtree(&mut self, node: Node<'a, 'input>, depth: usize) -> Result<usize, Limit> {
        if depth > MAX_DEPTH {
            return Err(Limit::Depth);
        }
        match self.known.get(&node.id()) {
            Some(Some(count)) => return Ok(*count),
            Some(None) => return Ok(0),
            None => {}
        }
        self.known.insert(node.id(), None);
        let mut total = 1_usize;
        for child in node.children().filter(Node::is_element) {
            total = total.saturating_add(self.subtree(child, depth + 1)?);
        }
        for (target, times) in self.references(node) {
            if !draws_nothing(target) {
                total = total.saturating_add(self.subtree(target, depth + 1)?.saturating_mul(times));
            }
        }
        self.known.insert(node.id(), Some(total));
        Ok(total)
    }

    /// What an element refers to, and how often it is drawn: a marker stands on each vertex.
    fn references(&self, node: Node<'a, 'input>) -> Vec<(Node<'a, 'input>, usize)> {
        let mut found = Vec::new();
        for attribute in node.attributes() {
            let value = attribute.value();
            if attribute.name() == "href" {
                found.extend(value.trim().strip_prefix('#').and_then(|id| self.ids.get(id)).map(|node| (*node, 1)));
            }
            if value.contains("url(") {
                let vertices = || node.attribute("d").or(node.attribute("points")).map_or(1, |d| 1 + d.len() / 2);
                let times =
                    if value.contains("marker") || attribute.name().starts_with("marker") { vertices() } else { 1 };
                found.extend(urls(value).filter_map(|id| self.ids.get(id)).map(|node| (*node, times)));
            }
        }
        found
    }
}

/// Whether a referred element only colours.
fn draws_nothing(node: Node<'_, '_>) -> bool {
    matches!(node.tag_name().name(), "linearGradient" | "radialGradient" | "solidColor")
}

/// The ids of all `url(#id)` in a text.
fn urls(text: &str) -> impl Iterator<Item = &str> {
    text.split("url(").skip(1).filter_map(|rest| {
        let inner = rest.split(')').next()?.trim().trim_matches(['"', '\'']);
        inner.trim().strip_prefix('#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A drawing read and counted.
    fn check(text: &str) -> Result<(), Limit> {
        check_text(text)?;
        check_tree(&Document::parse_with_options(text, parsing_options()).expect("well-formed"))
    }

    #[test]
    fn depth_ends_at_its_limit() {
        let nest = |depth: usize| format!("<svg>{}{}</svg>", "<g>".repeat(depth), "</g>".repeat(depth));
        assert_eq!(check(&nest(MAX_DEPTH - 1)), Ok(()));
        assert_eq!(check(&nest(MAX_DEPTH)), Err(Limit::Depth));
        assert_eq!(check_text(&nest(60_000)), Err(Limit::Depth));
    }

    #[test]
    fn what_looks_like_a_tag_is_none() {
        let many = "<g>".repeat(100);
        assert_eq!(check(&format!("<svg><!--{many}--><![CDATA[{many}]]><?x {many}?></svg>")), Ok(()));
        assert_eq!(check_text(&format!("<svg a='>{many}")), Ok(()), "an open quote swallows the rest");
    }

    #[test]
    fn uses_multiply() {
        let mut text = "<svg><g id='a0'><path/></g>".to_owned();
        for level in 1..30 {
            let below = level - 1;
            text += &format!("<g id='a{level}'><use href='#a{below}'/><use href='#a{below}'/></g>");
        }
        assert_eq!(check(&(text + "</svg>")), Err(Limit::Drawn));
    }

    #[test]
    fn a_circle_of_uses_ends() {
        assert_eq!(check("<svg><g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g></svg>"), Ok(()));
    }

    #[test]
    fn masks_patterns_and_markers_count_where_they_are_drawn() {
        let inner = "<path/>".repeat(300);
        let paths = |attribute: &str| format!("<path d='M1 1' {attribute}/>").repeat(400);
        for attribute in ["fill='url(#p)'", "mask='url(\"#p\")'", "style='clip-path: url( #p )'"] {
            let text = format!("<svg><pattern id='p'>{inner}</pattern>{}</svg>", paths(attribute));
            assert_eq!(check(&text), Err(Limit::Drawn), "{attribute}");
        }
        let vertices = "L1 1".repeat(300);
        let text = format!("<svg><marker id='m'>{inner}</marker><path d='M0 0{vertices}' marker-mid='url(#m)'/></svg>");
        assert_eq!(check(&text), Err(Limit::Drawn));
        let text = format!("<svg><style>path {{mask: url(#m)}}</style><mask id='m'>{inner}</mask>{}</svg>", paths(""));
        assert_eq!(check(&text), Err(Limit::Drawn));
    }

    #[test]
    fn entities_are_counted_before_they_are_expanded() {
        let laughs = "<!DOCTYPE svg [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>".to_owned();
        assert_eq!(check_text(&format!("{laughs}]><svg><title>&b;</title></svg>")), Ok(()));
        let more: String = (0..9)
            .map(|level| {
                let (name, below) = (char::from(b'c' + level), char::from(b'b' + level));
                format!("<!ENTITY {name} '{}'>", format!("&{below};").repeat(8))
            })
            .collect();
        assert_eq!(check_text(&format!("{laughs}{more}]><svg><title>&k;</title></svg>")), Err(Limit::Entities));
        let backwards = "<!DOCTYPE svg [<!ENTITY b '&a;&a;'><!ENTITY a 'ha'>]><svg>&b;</svg>";
        assert_eq!(check_text(backwards), Err(Limit::Entities), "what is declared later is not counted");
        assert_eq!(check_text("<!DOCTYPE svg [<!ENTITY a '<g>'>]><svg>&a;</svg>"), Err(Limit::Entities));
    }
}
