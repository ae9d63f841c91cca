//! The allow-list of SVG Tiny PS as data: elements, what may stand in them, their attributes and permitted values.
//!
//! Restates the schema that draft-svg-tiny-ps-abrotman §7 puts above its own text (SVG_PS-latest.rnc, as of
//! [`AS_OF`]). What is not listed is an error: unknown elements and attributes, attributes in other namespaces, stray text.

use std::fmt;

/// The day on which these tables were last held against verdicts of the official schema (1,000 of them).
pub const AS_OF: &str = "2026-11-25";
/// The namespace of every element.
pub const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// The namespace of `xml:id`, `xml:base`, `xml:lang` and `xml:space`.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of `xlink:href`, which SVG Tiny PS does not allow.
pub const XLINK_NAMESPACE: &str = "http://www.w3.org/1999/xlink";
/// What the root must carry, with the exact value.
pub const REQUIRED_ON_ROOT: [(&str, &str); 2] = [("version", "1.2"), ("baseProfile", "tiny-ps")];

/// An element that can be reached from the root. The schema also defines font, glyph, hkern and font-face, but nothing
/// may contain them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Element {
    /// `svg`, the root alone.
    Svg,
    /// `title`, the first child of the root.
    Title,
    /// `desc`
    Desc,
    /// `metadata`, plain text.
    Metadata,
    /// `defs`
    Defs,
    /// `g`
    G,
    /// `use`
    Use,
    /// `path`
    Path,
    /// `rect`
    Rect,
    /// `circle`
    Circle,
    /// `ellipse`
    Ellipse,
    /// `line`
    Line,
    /// `polyline`
    Polyline,
    /// `polygon`
    Polygon,
    /// `text`
    Text,
    /// `textArea`
    TextArea,
    /// `linearGradient`
    LinearGradient,
    /// `radialGradient`
    RadialGradient,
    /// `stop`
    Stop,
    /// `solidColor`
    SolidColor,
}

use Element::{
    Circle, Defs, Desc, Ellipse, G, Line, LinearGradient, Metadata, Path, Polygon, Polyline, RadialGradient, Rect,
    SolidColor, Stop, Svg, Text, TextArea, Title, Use,
};

/// What may stand in `g` and `defs`, and in the root too.
const DRAWN: &[Element] = &[
    Path,
    Rect,
    Circle,
    Line,
    Ellipse,
    Polyline,
    Polygon,
    SolidColor,
    TextArea,
    LinearGradient,
    RadialGradient,
    Text,
    G,
    Defs,
    Use,
];
/// What may stand in the root. Its first child is `title`, and no second one follows: see [`Element::at_most_once`].
const IN_ROOT: &[Element] = &[
    Title,
    Desc,
    Path,
    Rect,
    Circle,
    Line,
    Ellipse,
    Polyline,
    Polygon,
    SolidColor,
    TextArea,
    LinearGradient,
    RadialGradient,
    Text,
    G,
    Defs,
    Metadata,
    Use,
];

impl Element {
    /// Every element.
    pub const ALL: [Element; 20] = [
        Svg,
        Title,
        Desc,
        Metadata,
        Defs,
        G,
        Use,
        Path,
        Rect,
        Circle,
        Ellipse,
        Line,
        Polyline,
        Polygon,
        Text,
        TextArea,
        LinearGradient,
        RadialGradient,
        Stop,
        SolidColor,
    ];

    /// The element of this name in the SVG namespace, if SVG Tiny PS knows it.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "svg" => Svg,
            "title" => Title,
            "desc" => Desc,
            "metadata" => Metadata,
            "defs" => Defs,
            "g" => G,
            "use" => Use,
            "path" => Path,
            "rect" => Rect,
            "circle" => Circle,
            "ellipse" => Ellipse,
            "line" => Line,
            "polyline" => Polyline,
            "polygon" => Polygon,
            "text" => Text,
            "textArea" => TextArea,
            "linearGradient" => LinearGradient,
            "radialGradient" => RadialGradient,
            "stop" => Stop,
            "solidColor" => SolidColor,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Svg => "svg",
            Title => "title",
            Desc => "desc",
            Metadata => "metadata",
            Defs => "defs",
            G => "g",
            Use => "use",
            Path => "path",
            Rect => "rect",
            Circle => "circle",
            Ellipse => "ellipse",
            Line => "line",
            Polyline => "polyline",
            Polygon => "polygon",
            Text => "text",
            TextArea => "textArea",
            LinearGradient => "linearGradient",
            RadialGradient => "radialGradient",
            Stop => "stop",
            SolidColor => "solidColor",
        }
    }

    /// The elements that may stand in it.
    pub fn children(self) -> &'static [Element] {
        match self {
            Svg => IN_ROOT,
            G | Defs => DRAWN,
            LinearGradient | RadialGradient => &[Stop],
            _ => &[],
        }
    }

    /// Whether the other element may stand in it.
    pub fn allows_child(self, child: Element) -> bool {
        match self {
            Svg => !matches!(child, Svg | Stop),
            G | Defs => !matches!(child, Svg | Stop | Title | Desc | Metadata),
            LinearGradient | RadialGradient => child == Stop,
            _ => false,
        }
    }

    /// Whether the root may hold it once only. Of `title` the one is the first child.
    pub fn at_most_once(self) -> bool {
        matches!(self, Title)
    }

    /// Whether text may stand in it.
    pub fn allows_text(self) -> bool {
        matches!(self, Title | Desc | Text | TextArea | Metadata)
    }

    /// Whether it draws something or holds what draws.
    pub fn is_drawn(self) -> bool {
        matches!(self, Path | Rect | Circle | Ellipse | Line | Polyline | Polygon | Text | TextArea | Use)
    }

    /// Whether it may carry the attribute, named without namespace or as `xml:id`.
    pub fn allows_attribute(self, name: &str) -> bool {
        Attribute::named(name).is_some_and(|attribute| self.allows(attribute))
    }

    /// Whether it may carry the attribute.
    pub fn allows(self, attribute: Attribute) -> bool {
        self.set() >> attribute.0 & 1 == 1
    }

    /// The names of all attributes that it may carry.
    pub fn attributes(self) -> impl Iterator<Item = &'static str> {
        ATTRIBUTES.iter().enumerate().filter(move |(index, _)| self.set() >> index & 1 == 1).map(|(_, (name, _))| *name)
    }

    /// Which values the attribute may have here; none where the attribute is not allowed.
    pub fn values(self, attribute: Attribute) -> Option<Values> {
        if !self.allows(attribute) {
            return None;
        }
        // The schema forgot `inherit` at the root, where there is nothing to inherit from.
        if self == Svg && attribute.name() == "font-weight" {
            return Some(Values::OneOf(&["normal", "bold", "bolder", "lighter"]));
        }
        Some(attribute.values())
    }

    /// Whether the attribute is allowed here with this value.
    pub fn allows_value(self, name: &str, value: &str) -> bool {
        let values = Attribute::named(name).and_then(|attribute| self.values(attribute));
        values.is_some_and(|values| values.accept(value))
    }

    /// Its attributes as bits.
    const fn set(self) -> Set {
        match self {
            Svg => SVG,
            Title | Desc => DESCRIPTIVE,
            Metadata => 0,
            Defs | SolidColor => CORE | PAINT,
            G => SHAPE,
            Use => USE,
            Path => PATH,
            Rect => RECT,
            Circle => CIRCLE,
            Ellipse => ELLIPSE,
            Line => LINE,
            Polyline | Polygon => POINTS,
            Text => TEXT,
            TextArea => TEXT_AREA,
            LinearGradient => LINEAR,
            RadialGradient => RADIAL,
            Stop => STOP,
        }
    }
}

/// A set of attributes: bit n stands for the n-th of [`ATTRIBUTES`].
type Set = u128;

const CORE: Set = set(&[
    "id",
    "xml:id",
    "xml:base",
    "xml:lang",
    "xml:space",
    "class",
    "role",
    "rel",
    "rev",
    "typeof",
    "content",
    "datatype",
    "resource",
    "about",
    "property",
]);
const CONDITIONAL: Set = set(&["requiredFonts", "systemLanguage"]);
const PAINT: Set = set(&[
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-width",
    "color",
    "color-rendering",
    "vector-effect",
    "direction",
    "unicode-bidi",
    "solid-color",
    "solid-opacity",
    "display-align",
    "line-increment",
    "stop-color",
    "stop-opacity",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "text-anchor",
    "text-align",
]);
const PAINTS: Set = set(&["fill", "stroke", "color", "solid-color", "stop-color", "viewport-fill"]);
const GEOMETRY: Set = set(&[
    "d",
    "points",
    "transform",
    "x",
    "y",
    "width",
    "height",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "offset",
    "fill-opacity",
    "stroke-opacity",
    "stop-opacity",
    "stroke-width",
    "viewBox",
    "version",
    "baseProfile",
]);
const MEDIA: Set = set(&[
    "display",
    "visibility",
    "image-rendering",
    "shape-rendering",
    "text-rendering",
    "buffered-rendering",
    "viewport-fill",
    "viewport-fill-opacity",
]);
const SVG: Set = CORE
    | PAINT
    | set(&[
        "version",
        "baseProfile",
        "viewBox",
        "width",
        "height",
        "contentScriptType",
        "zoomAndPan",
        "externalResourcesRequired",
        "focusable",
        "playbackOrder",
        "snapshotTime",
        "timelineBegin",
        "preserveAspectRatio",
    ]);
const DESCRIPTIVE: Set = CORE | CONDITIONAL | MEDIA;
const SHAPE: Set = CORE | CONDITIONAL | PAINT | set(&["transform"]);
const PATH: Set = SHAPE | set(&["d", "pathLength"]);
const RECT: Set = SHAPE | set(&["x", "y", "width", "height", "rx", "ry"]);
const CIRCLE: Set = SHAPE | set(&["cx", "cy", "r"]);
const ELLIPSE: Set = SHAPE | set(&["cx", "cy", "rx", "ry"]);
const LINE: Set = SHAPE | set(&["x1", "y1", "x2", "y2"]);
const POINTS: Set = SHAPE | set(&["points"]);
const TEXT: Set = SHAPE | set(&["x", "y", "rotate", "editable"]);
const TEXT_AREA: Set = SHAPE | set(&["x", "y", "width", "height"]);
const USE: Set = SHAPE | set(&["x", "y", "href"]);
const LINEAR: Set = CORE | PAINT | set(&["gradientUnits", "x1", "y1", "x2", "y2"]);
const RADIAL: Set = CORE | PAINT | set(&["gradientUnits", "cx", "cy", "r"]);
const STOP: Set = CORE | PAINT | set(&["offset"]);

/// Which values the schema permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Any text: the schema checks neither colours nor numbers nor paths.
    Any,
    /// Exactly this, without space around it.
    Exactly(&'static str),
    /// One of these, with or without space around it.
    OneOf(&'static [&'static str]),
    /// A name without colon that starts with a letter or `_` (NCName).
    Name,
    /// Name tokens with space between them (NMTOKENS), one at least.
    Tokens,
    /// A language tag, or nothing.
    Language,
    /// `none` or `xMidYMid`, then perhaps `meet`.
    AspectRatio,
}

impl Values {
    /// Whether the value is permitted.
    pub fn accept(self, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(one) => value == one,
            Self::OneOf(all) => all.contains(&value.trim_matches(is_space)),
            Self::Name => is_name(value.trim_matches(is_space)),
            Self::Tokens => {
                let mut tokens = value.split(is_space).filter(|token| !token.is_empty()).peekable();
                tokens.peek().is_some() && tokens.all(|token| token.chars().all(is_name_char))
            }
            Self::Language => is_language(value.trim_matches(is_space)),
            Self::AspectRatio => {
                let value = value.trim_matches(is_space);
                let rest = value.strip_prefix("none").or_else(|| value.strip_prefix("xMidYMid"));
                rest.is_some_and(|rest| matches!(rest.trim_start_matches(is_space), "" | "meet"))
            }
        }
    }
}

/// What is permitted, in words: “`nonzero`, `evenodd` or `inherit`”.
impl fmt::Display for Values {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => to.write_str(&tr!("any text")),
            Self::Exactly(one) => write!(to, "`{one}`"),
            Self::OneOf(all) => {
                for (index, one) in all.iter().enumerate() {
                    match index {
                        0 => {}
                        _ if index + 1 == all.len() => to.write_str(&tr!(" or "))?,
                        _ => to.write_str(", ")?,
                    }
                    write!(to, "`{one}`")?;
                }
                Ok(())
            }
            Self::Name => to.write_str(&tr!("a name that starts with a letter or `_` and holds no space or colon")),
            Self::Tokens => to.write_str(&tr!("one or more names with spaces between them")),
            Self::Language => to.write_str(&tr!("a language tag such as `en`")),
            Self::AspectRatio => to.write_str(&tr!("`none` or `xMidYMid`, with or without `meet`")),
        }
    }
}

/// Space as XML has it.
pub fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\r')
}

/// NCName of Namespaces in XML, as libxml2 and jing have it.
pub fn is_name(value: &str) -> bool {
    let mut chars = value.chars();
    chars.next().is_some_and(is_name_start) && chars.all(|char| char != ':' && is_name_char(char))
}

/// NameStartChar of XML 1.0 without the colon.
fn is_name_start(char: char) -> bool {
    matches!(char, 'a'..='z' | 'A'..='Z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar of XML 1.0.
fn is_name_char(char: char) -> bool {
    is_name_start(char)
        || matches!(char, '0'..='9' | '-' | '.' | ':' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// `language` of XML Schema, or nothing.
fn is_language(value: &str) -> bool {
    let subtag = |(index, subtag): (usize, &str)| {
        let letter = |byte: u8| if index == 0 { byte.is_ascii_alphabetic() } else { byte.is_ascii_alphanumeric() };
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(letter)
    };
    value.is_empty() || value.split('-').enumerate().all(subtag)
}

/// An attribute that some element may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attribute(u8);

impl Attribute {
    /// The attribute of this name: without namespace, or as `xml:id`.
    pub fn named(name: &str) -> Option<Self> {
        let bytes = name.as_bytes();
        let (&first, &last) = bytes.first().zip(bytes.last())?;
        let mut slot = hash(first, last, bytes.len());
        // The table has free slots, so the search ends.
        loop {
            let index = *SLOTS.get(slot)?;
            let (known, _) = ATTRIBUTES.get(usize::from(index))?;
            if *known == name {
                return Some(Self(index));
            }
            slot = (slot + 1) % SLOTS.len();
        }
    }

    /// Its name, `xml:id` and the like with their prefix.
    pub fn name(self) -> &'static str {
        ATTRIBUTES.get(usize::from(self.0)).map_or("", |(name, _)| name)
    }

    /// Whether its value is a paint or a colour.
    pub fn is_paint(self) -> bool {
        PAINTS >> self.0 & 1 == 1
    }

    /// Whether its value is numbers alone, so that it can lead nowhere.
    pub fn is_geometry(self) -> bool {
        GEOMETRY >> self.0 & 1 == 1
    }

    /// Which values it may have wherever it is allowed, save where [`Element::values`] is stricter.
    pub fn values(self) -> Values {
        ATTRIBUTES.get(usize::from(self.0)).map_or(Values::Any, |(_, values)| *values)
    }
}

const INHERIT: &str = "inherit";

/// Every attribute, and its values.
const ATTRIBUTES: [(&str, Values); 87] = [
    ("about", Values::Any),
    ("baseProfile", Values::Exactly("tiny-ps")),
    ("buffered-rendering", Values::OneOf(&["auto", "dynamic", "static", INHERIT])),
    ("class", Values::Tokens),
    ("color", Values::Any),
    ("color-rendering", Values::OneOf(&["auto", "optimizeSpeed", "optimizeQuality", INHERIT])),
    ("content", Values::Any),
    ("contentScriptType", Values::Any),
    ("cx", Values::Any),
    ("cy", Values::Any),
    ("d", Values::Any),
    ("datatype", Values::Any),
    ("direction", Values::OneOf(&["ltr", "rtl", INHERIT])),
    (
        "display",
        Values::OneOf(&[
            "inline",
            "block",
            "list-item",
            "run-in",
            "compact",
            "marker",
            "table",
            "inline-table",
            "table-row-group",
            "table-header-group",
            "table-footer-group",
            "table-row",
            "table-column-group",
            "table-column",
            "table-cell",
            "table-caption",
            "none",
            INHERIT,
        ]),
    ),
    ("display-align", Values::OneOf(&["auto", "before", "center", "after", INHERIT])),
    ("editable", Values::OneOf(&["none"])),
    ("externalResourcesRequired", Values::OneOf(&["false"])),
    ("fill", Values::Any),
    ("fill-opacity", Values::Any),
    ("fill-rule", Values::OneOf(&["nonzero", "evenodd", INHERIT])),
    ("focusable", Values::OneOf(&["false"])),
    ("font-family", Values::Any),
    ("font-size", Values::Any),
    ("font-style", Values::OneOf(&["normal", "italic", "oblique", INHERIT])),
    ("font-variant", Values::OneOf(&["normal", "small-caps", INHERIT])),
    ("font-weight", Values::OneOf(&["normal", "bold", "bolder", "lighter", INHERIT])),
    ("gradientUnits", Values::OneOf(&["userSpaceOnUse", "objectBoundingBox"])),
    ("height", Values::Any),
    ("href", Values::Any),
    ("id", Values::Name),
    ("image-rendering", Values::OneOf(&["auto", "optimizeSpeed", "optimizeQuality", INHERIT])),
    ("line-increment", Values::Any),
    ("offset", Values::Any),
    ("pathLength", Values::Any),
    ("playbackOrder", Values::OneOf(&["all"])),
    ("points", Values::Any),
    ("preserveAspectRatio", Values::AspectRatio),
    ("property", Values::Any),
    ("r", Values::Any),
    ("rel", Values::Any),
    ("requiredFonts", Values::Any),
    ("resource", Values::Any),
    ("rev", Values::Any),
    ("role", Values::Any),
    ("rotate", Values::Any),
    ("rx", Values::Any),
    ("ry", Values::Any),
    ("shape-rendering", Values::OneOf(&["auto", "optimizeSpeed", "crispEdges", "geometricPrecision", INHERIT])),
    ("snapshotTime", Values::OneOf(&["none"])),
    ("solid-color", Values::Any),
    ("solid-opacity", Values::Any),
    ("stop-color", Values::Any),
    ("stop-opacity", Values::Any),
    ("stroke", Values::Any),
    ("stroke-dasharray", Values::Any),
    ("stroke-dashoffset", Values::Any),
    ("stroke-linecap", Values::OneOf(&["butt", "round", "square", INHERIT])),
    ("stroke-linejoin", Values::OneOf(&["miter", "round", "bevel", INHERIT])),
    ("stroke-miterlimit", Values::Any),
    ("stroke-opacity", Values::Any),
    ("stroke-width", Values::Any),
    ("systemLanguage", Values::Any),
    ("text-align", Values::OneOf(&["start", "center", "end", INHERIT])),
    ("text-anchor", Values::OneOf(&["start", "middle", "end", INHERIT])),
    ("text-rendering", Values::OneOf(&["auto", "optimizeSpeed", "optimizeLegibility", "geometricPrecision", INHERIT])),
    ("timelineBegin", Values::OneOf(&["onLoad"])),
    ("transform", Values::Any),
    ("typeof", Values::Any),
    ("unicode-bidi", Values::OneOf(&["normal", "embed", "bidi-override", INHERIT])),
    ("vector-effect", Values::OneOf(&["none", "non-scaling-stroke", INHERIT])),
    ("version", Values::Exactly("1.2")),
    ("viewBox", Values::Any),
    ("viewport-fill", Values::Any),
    ("viewport-fill-opacity", Values::Any),
    ("visibility", Values::OneOf(&["visible", "hidden", "collapse", INHERIT])),
    ("width", Values::Any),
    ("x", Values::Any),
    ("x1", Values::Any),
    ("x2", Values::Any),
    ("xml:base", Values::Any),
    ("xml:id", Values::Name),
    ("xml:lang", Values::Language),
    ("xml:space", Values::OneOf(&["default", "preserve"])),
    ("y", Values::Any),
    ("y1", Values::Any),
    ("y2", Values::Any),
    ("zoomAndPan", Values::OneOf(&["disable"])),
];

/// Where the attributes are found by [`hash`]; [`FREE`] where there is none. Four times as many slots as attributes.
const SLOTS: [u8; 512] = slots();
/// No attribute has this index.
const FREE: u8 = u8::MAX;

/// First octet, last octet and length tell nearly all attributes apart.
const fn hash(first: u8, last: u8, length: usize) -> usize {
    // Octets and a remainder by the table's size: the casts lose nothing.
    (first as usize * 7 + last as usize * 61 + length * 23) % 512
}

/// The slots, filled by the compiler.
const fn slots() -> [u8; 512] {
    let mut slots = [FREE; 512];
    let mut index = 0;
    while index < ATTRIBUTES.len() {
        let name = ATTRIBUTES[index].0.as_bytes();
        let mut slot = hash(name[0], name[name.len() - 1], name.len());
        while slots[slot] != FREE {
            slot = (slot + 1) % slots.len();
        }
        slots[slot] = index as u8;
        index += 1;
    }
    slots
}

/// The attributes of these names; the compiler refuses a name that is not in [`ATTRIBUTES`].
const fn set(names: &[&str]) -> Set {
    let mut set = 0;
    let mut at = 0;
    while at < names.len() {
        let mut index = 0;
        while !same(ATTRIBUTES[index].0.as_bytes(), names[at].as_bytes()) {
            index += 1;
        }
        set |= 1 << index;
        at += 1;
    }
    set
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_again() {
        for element in Element::ALL {
            assert_eq!(Element::named(element.name()), Some(element));
            assert!(
                Element::ALL.iter().all(|child| element.children().contains(child) == element.allows_child(*child))
            );
        }
        for (name, values) in ATTRIBUTES {
            let attribute = Attribute::named(name).expect(name);
            assert_eq!((attribute.name(), attribute.values()), (name, values));
            assert!(Element::ALL.iter().any(|element| element.allows_attribute(name)), "{name} is allowed nowhere");
        }
        for name in ["", "style", "opacity", "xlink:href", "idd", "Id", "x3", "é"] {
            assert_eq!(Attribute::named(name), None, "{name}");
        }
    }

    #[test]
    fn few_steps_find_an_attribute() {
        let steps = |name: &str| {
            let bytes = name.as_bytes();
            let home = hash(bytes[0], bytes[bytes.len() - 1], bytes.len());
            (0..512)
                .find(|step| ATTRIBUTES.get(usize::from(SLOTS[(home + step) % 512])).is_some_and(|(n, _)| *n == name))
        };
        assert!(ATTRIBUTES.iter().all(|(name, _)| steps(name).is_some_and(|steps| steps < 5)));
    }

    #[test]
    fn sets_are_those_of_the_schema() {
        assert_eq!(Metadata.attributes().count(), 0);
        assert_eq!(Element::Path.attributes().count(), 15 + 2 + 29 + 3);
        assert_eq!(Title.attributes().count(), 15 + 2 + 8);
        assert_eq!(Svg.attributes().count(), 15 + 29 + 13);
        assert!(!Svg.allows_attribute("transform") && !Svg.allows_attribute("systemLanguage"));
        assert!(Use.allows_attribute("href") && !RadialGradient.allows_attribute("fx"));
        assert!(G.allows_value("font-weight", "inherit") && !Svg.allows_value("font-weight", "inherit"));
        assert!(
            !Element::Text.allows_value("font-weight", "700") && Element::Text.allows_value("font-weight", " bold ")
        );
    }

    #[test]
    fn values_are_those_of_the_schema() {
        let cases: &[(Values, &str, bool)] = &[
            (Values::Name, "a", true),
            (Values::Name, "_a.b-c1", true),
            (Values::Name, "été", true),
            (Values::Name, "1a", false),
            (Values::Name, "a:b", false),
            (Values::Name, "a b", false),
            (Values::Name, "", false),
            (Values::Tokens, "a 1b -c", true),
            (Values::Tokens, " ", false),
            (Values::Tokens, "a,b", false),
            (Values::Language, "", true),
            (Values::Language, "de-CH-1901", true),
            (Values::Language, "de_CH", false),
            (Values::AspectRatio, "none", true),
            (Values::AspectRatio, " xMidYMid  meet ", true),
            (Values::AspectRatio, "xMidYMidmeet", true),
            (Values::AspectRatio, "xMidYMid slice", false),
            (Values::AspectRatio, "", false),
            (Values::Exactly("1.2"), " 1.2", false),
        ];
        for (values, value, good) in cases {
            assert_eq!(values.accept(value), *good, "{values:?} {value:?}");
        }
        assert_eq!(Values::OneOf(&["a", "b", "c"]).to_string(), "`a`, `b` or `c`");
    }
}
