//! The author's own tree, mended: what is not allowed is taken off or said otherwise. Where that could change the
//! picture, this gives up, and the drawing is redrawn instead.

mod styles;
mod values;

use std::collections::{BTreeMap, HashMap};

use simplecss::StyleSheet;
use usvg::roxmltree::{Document, Node};

use super::super::tables::{Element, SVG_NAMESPACE, XLINK_NAMESPACE, XML_NAMESPACE};
use super::notes::{Kind, Notes};
use super::write::{NAMESPACE, escape};
use values::{Painted, Side, Viewport};

/// Elements that may go: data of drawing programs, scripts, animation, and definitions that nothing allowed can use.
const SILENT: [&str; 14] = [
    "metadata",
    "title",
    "desc",
    "style",
    "clipPath",
    "mask",
    "filter",
    "pattern",
    "script",
    "animate",
    "animateTransform",
    "animateMotion",
    "animateColor",
    "set",
];

/// Stands for: whatever the schema allows there may stay, any other value is not for mending.
const ALLOWED: &str = "(allowed)";

/// Properties and the value with which they change nothing; any other value is not for mending.
const EFFECTS: [(&str, &str); 18] = [
    ("clip-path", "none"),
    ("mask", "none"),
    ("filter", "none"),
    ("marker", "none"),
    ("marker-start", "none"),
    ("marker-mid", "none"),
    ("marker-end", "none"),
    ("mix-blend-mode", "normal"),
    ("paint-order", "normal"),
    ("visibility", "visible"),
    ("spreadMethod", "pad"),
    ("transform-origin", "0 0"),
    ("fr", "0"),
    ("stroke-linejoin", ALLOWED),
    ("requiredFeatures", ALLOWED),
    ("requiredExtensions", ALLOWED),
    ("systemLanguage", ALLOWED),
    ("shape-rendering", "geometricPrecision"),
];

/// Pixels a side that some receivers want at least, where a size is given at all (standards of Gmail).
const SMALLEST: f64 = 96.0;

/// What an element inherits that decides whether its opacity can be folded in.
#[derive(Clone, Copy, Debug)]
struct Inherited {
    fills: bool,
    strokes: bool,
    fill_opacity: f64,
    stroke_opacity: f64,
}

/// One attribute set, `name` to its value.
type Attributes = BTreeMap<String, String>;

/// The mended text; nothing where mending could change the picture.
pub(super) fn mend(
    document: &Document<'_>,
    title: &str,
    viewport: Option<[f64; 4]>,
    notes: &mut Notes,
) -> Option<String> {
    let root = document.root_element();
    let view_box = viewport.or_else(|| sized(root))?;
    let [_, _, width, height] = view_box;
    if !(width > 0.0 && height > 0.0) || [width, height].iter().any(|side| !side.is_finite()) {
        return None;
    }
    let mut ids = HashMap::new();
    for node in document.descendants().filter(Node::is_element) {
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_insert(node);
        }
    }
    let sheet = styles::sheets(document);
    let mut mending = Mending { text: String::new(), notes, sheet, ids, viewport: Viewport { width, height } };
    mending.root(root, title, view_box)?;
    Some(mending.text)
}

/// The viewBox that width and height stand for.
fn sized(root: Node<'_, '_>) -> Option<[f64; 4]> {
    let none = Viewport { width: f64::NAN, height: f64::NAN };
    let side = |name, side| values::length(root.attribute(name)?, side, none).filter(|side| side.is_finite());
    Some([0.0, 0.0, side("width", Side::Width)?, side("height", Side::Height)?])
}

struct Mending<'a, 'input, 'n> {
    text: String,
    notes: &'n mut Notes,
    sheet: StyleSheet<'a>,
    ids: HashMap<&'a str, Node<'a, 'input>>,
    viewport: Viewport,
}

impl<'a, 'input> Mending<'a, 'input, '_> {
    fn root(&mut self, root: Node<'a, 'input>, title: &str, view_box: [f64; 4]) -> Option<()> {
        let start = Inherited { fills: true, strokes: false, fill_opacity: 1.0, stroke_opacity: 1.0 };
        let (mut attributes, inherited) = self.attributes(root, Element::Svg, start)?;
        for name in ["version", "baseProfile", "viewBox", "preserveAspectRatio", "width", "height", "x", "y"] {
            attributes.remove(name);
        }
        let [left, top, width, height] = view_box;
        let side = width.max(height);
        let corner = [left - (side - width) / 2.0, top - (side - height) / 2.0, side, side];
        if (width - height).abs() > side * 1e-6 {
            self.notes.change(Kind::Square);
        }
        if root.attribute("viewBox").is_none() {
            self.notes.change(Kind::ViewBox);
        }
        // Two equal plain numbers may stay; anything else would stretch the square.
        let number = |name| root.attribute(name).and_then(|value| value.parse::<f64>().ok());
        if let (Some(width), Some(height)) = (number("width"), number("height"))
            && width >= SMALLEST
            && (width - height).abs() < 1e-6
        {
            attributes.insert("width".to_owned(), values::plain(width));
            attributes.insert("height".to_owned(), values::plain(height));
        }
        if !attributes.contains_key("width") && (root.has_attribute("width") || root.has_attribute("height")) {
            self.notes.change(Kind::Size);
        }
        self.text.push_str("<svg xmlns=\"");
        self.text.push_str(NAMESPACE);
        self.text.push_str("\" version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"");
        self.text.push_str(&corner.map(values::plain).join(" "));
        self.text.push('"');
        self.write(&attributes);
        self.text.push_str(">\n<title>");
        escape(&mut self.text, title);
        self.text.push_str("</title>\n");
        self.children(root, Element::Svg, inherited)?;
        self.text.push_str("</svg>\n");
        Some(())
    }

    fn write(&mut self, attributes: &Attributes) {
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(&mut self.text, value);
            self.text.push('"');
        }
    }

    /// Recurses as deep as the tree is, which `limits` bounds.
    fn children(&mut self, node: Node<'a, 'input>, within: Element, inherited: Inherited) -> Option<()> {
        for child in node.children() {
            if child.is_element() {
                self.element(child, within, inherited)?;
            }
        }
        Some(())
    }

    fn element(&mut self, node: Node<'a, 'input>, within: Element, inherited: Inherited) -> Option<()> {
        let name = node.tag_name().name();
        if !matches!(node.tag_name().namespace(), None | Some(SVG_NAMESPACE)) || SILENT.contains(&name) {
            return Some(());
        }
        let element = match name {
            // A link is a group that can be clicked.
            "a" => Element::G,
            // What these draw is only known to a renderer.
            "svg" | "symbol" | "switch" | "marker" | "image" | "foreignObject" | "tspan" | "textPath"
            | "solidColor" => {
                return None;
            }
            _ => match Element::named(name) {
                Some(element) => element,
                None => {
                    self.notes.change(Kind::Elements);
                    return Some(());
                }
            },
        };
        let is_stop = element == Element::Stop && within_gradient(within);
        if !is_stop && !within.allows_child(element) {
            self.notes.change(Kind::Elements);
            return Some(());
        }
        if self.is_hidden(node) {
            self.notes.change(Kind::Hidden);
            return Some(());
        }
        let (attributes, inherited) = self.attributes(node, element, inherited)?;
        self.text.push('<');
        self.text.push_str(element.name());
        self.write(&attributes);
        let before = self.text.len();
        self.text.push('>');
        let inner = self.text.len();
        if element.allows_text() {
            self.letters(node)?;
        } else {
            if matches!(element, Element::G | Element::Defs) || within_gradient(element) {
                self.text.push('\n');
            }
            let start = self.text.len();
            self.children(node, element, inherited)?;
            if self.text.len() == start {
                self.text.truncate(inner);
            }
        }
        if self.text.len() == inner {
            self.text.truncate(before);
            self.text.push_str("/>\n");
        } else {
            self.text.push_str("</");
            self.text.push_str(element.name());
            self.text.push_str(">\n");
        }
        Some(())
    }

    /// The letters of a text; nothing where parts of it have elements of their own.
    fn letters(&mut self, node: Node<'a, 'input>) -> Option<()> {
        for child in node.children() {
            if child.is_element() {
                return None;
            }
            if child.is_text() {
                escape(&mut self.text, child.text().unwrap_or_default());
            }
        }
        self.notes.lose(Kind::Text);
        Some(())
    }

    fn is_hidden(&self, node: Node<'a, 'input>) -> bool {
        let set = styles::properties(node, &self.sheet).into_iter().rev().find(|(name, _)| *name == "display");
        set.map(|(_, value)| value).or(node.attribute("display")) == Some("none")
    }

    /// What is set on an element: attributes, then what style sheets and its `style` say.
    fn set(&mut self, node: Node<'a, 'input>) -> BTreeMap<&'a str, &'a str> {
        let mut set = BTreeMap::new();
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value().trim());
            match attribute.namespace() {
                None if matches!(name, "style" | "class") || name.starts_with("on") => {}
                // A link loses its target.
                _ if name == "href" && node.tag_name().name() == "a" => {}
                None => {
                    set.insert(name, value);
                }
                Some(XLINK_NAMESPACE) if name == "href" => {
                    set.entry("href").or_insert(value);
                }
                Some(XML_NAMESPACE) if name == "id" => {
                    set.entry("id").or_insert(value);
                }
                Some(_) => {}
            }
        }
        set.extend(styles::properties(node, &self.sheet).into_iter().map(|(name, value)| (name, value.trim())));
        set
    }

    /// The attributes that an element may keep, and what its children inherit.
    fn attributes(
        &mut self,
        node: Node<'a, 'input>,
        element: Element,
        mut inherited: Inherited,
    ) -> Option<(Attributes, Inherited)> {
        let mut kept = Attributes::new();
        let mut opacity = 1.0;
        let mut alphas = BTreeMap::new();
        let set = self.set(node);
        let boxed = within_gradient(element) && set.get("gradientUnits") != Some(&"userSpaceOnUse");
        for (name, value) in &set {
            let (name, value) = (*name, *value);
            if let Some((_, harmless)) = EFFECTS.iter().find(|(effect, _)| *effect == name) {
                if *harmless == ALLOWED && element.allows_value(name, value) {
                    kept.insert(name.to_owned(), value.to_owned());
                } else if value != *harmless {
                    return None;
                }
                continue;
            }
            let words = match name {
                "gradientTransform" => return None,
                "transform" if element == Element::Svg => return None,
                "opacity" => {
                    opacity = values::length(value, Side::One, self.viewport)?.clamp(0.0, 1.0);
                    continue;
                }
                "fx" | "fy" => {
                    let centre = set.get(if name == "fx" { "cx" } else { "cy" }).unwrap_or(&"50%");
                    if *centre != value {
                        return None;
                    }
                    continue;
                }
                "id" => self.id(value),
                "href" => self.target(value, element)?,
                "fill" | "stroke" | "stop-color" | "color" => {
                    let painted = values::paint(value)?;
                    match (name, &painted) {
                        (_, Painted::Word("inherit")) => {}
                        ("fill", painted) => inherited.fills = *painted != Painted::None,
                        ("stroke", painted) => inherited.strokes = *painted != Painted::None,
                        _ => {}
                    }
                    if let Painted::Colour(_, alpha) = painted
                        && alpha < 1.0
                    {
                        alphas.insert(name, alpha);
                    }
                    self.painted(painted, value)?
                }
                _ => self.plain(name, value, element, boxed)?,
            };
            if element.allows_value(name, &words) {
                kept.insert(name.to_owned(), words);
            } else {
                self.notes.change(Kind::Foreign);
            }
        }
        self.fade(&mut kept, &mut inherited, element, opacity, &alphas)?;
        Some((kept, inherited))
    }

    /// An id that is a name.
    fn id(&mut self, value: &str) -> String {
        let id = values::id(value);
        if id != value {
            self.notes.change(Kind::Ids);
        }
        id
    }

    /// What a `use` draws. A gradient that takes its stops from another is for redrawing.
    fn target(&mut self, value: &str, element: Element) -> Option<String> {
        let id = value.strip_prefix('#').filter(|_| element == Element::Use)?;
        let target = Element::named(self.ids.get(id)?.tag_name().name())?;
        (target.is_drawn() || target == Element::G).then(|| ["#", &values::id(id)].concat())
    }

    /// A paint in the words of SVG Tiny PS.
    fn painted(&mut self, painted: Painted, value: &str) -> Option<String> {
        let words = match painted {
            Painted::None => "none".to_owned(),
            Painted::Word(word) => word.to_owned(),
            Painted::Colour(words, _) => words,
            Painted::Server(id) => {
                let server = Element::named(self.ids.get(id.as_str())?.tag_name().name())?;
                if !within_gradient(server) {
                    return None;
                }
                return Some(["url(#", &values::id(&id), ")"].concat());
            }
        };
        if words != value {
            self.notes.change(Kind::Colours);
        }
        Some(words)
    }

    /// Any other value: lengths become plain numbers.
    fn plain(&mut self, name: &str, value: &str, element: Element, boxed: bool) -> Option<String> {
        if let Some(side) = values::side(name) {
            let of_root = element == Element::Svg && matches!(name, "width" | "height" | "x" | "y");
            if of_root || value == "inherit" || value.parse::<f64>().is_ok() {
                return Some(value.to_owned());
            }
            let side = if boxed { Side::One } else { side };
            let words = values::plain(values::length(value, side, self.viewport)?);
            self.notes.change(Kind::Numbers);
            return Some(words);
        }
        let letters = |value: &str| value.contains(|c: char| c == '%' || c.is_ascii_alphabetic());
        if name == "stroke-dasharray" && letters(value) && value != "none" {
            return None;
        }
        // SVG Tiny PS has words for weights alone; from 600 on fonts are bold (CSS Fonts §5.2).
        if name == "font-weight" && value.parse::<f64>().is_ok() {
            let bold = value.parse::<f64>().is_ok_and(|weight| weight >= 600.0);
            return Some(if bold { "bold" } else { "normal" }.to_owned());
        }
        Some(value.to_owned())
    }

    /// Folds an element's opacity and those of its colours into fill-, stroke- and stop-opacity, where that is exact.
    fn fade(
        &mut self,
        kept: &mut Attributes,
        inherited: &mut Inherited,
        element: Element,
        opacity: f64,
        alphas: &BTreeMap<&str, f64>,
    ) -> Option<()> {
        for (paint, name) in [("fill", "fill-opacity"), ("stroke", "stroke-opacity"), ("stop-color", "stop-opacity")] {
            let stop = paint == "stop-color";
            let before = match paint {
                "fill" => inherited.fill_opacity,
                "stroke" => inherited.stroke_opacity,
                _ => 1.0,
            };
            let own = kept.get(name).and_then(|value| value.parse::<f64>().ok()).unwrap_or(before);
            let mut after = own * alphas.get(paint).copied().unwrap_or(1.0);
            match paint {
                // What children inherit may not carry the colour's own opacity on to other colours.
                "fill" if alphas.contains_key(paint) && !element.is_drawn() => return None,
                "stroke" if alphas.contains_key(paint) && !element.is_drawn() => return None,
                "fill" => inherited.fill_opacity = own,
                "stroke" => inherited.stroke_opacity = own,
                _ => {}
            }
            if opacity < 1.0 && !stop {
                let alone = element.is_drawn() && element != Element::Use && !(inherited.fills && inherited.strokes);
                if !alone {
                    return None;
                }
                let painted = if paint == "fill" { inherited.fills } else { inherited.strokes };
                if painted {
                    after *= opacity;
                }
            }
            if (after - own).abs() > 1e-9 {
                kept.insert(name.to_owned(), values::plain(after));
                self.notes.change(Kind::Opacity);
            }
        }
        Some(())
    }
}

/// Whether an element is a gradient.
fn within_gradient(element: Element) -> bool {
    matches!(element, Element::LinearGradient | Element::RadialGradient)
}
