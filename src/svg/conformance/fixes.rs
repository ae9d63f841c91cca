//! What to do about what editors really write.

use usvg::roxmltree::Error;

use super::walk::cut;
use crate::svg::tables::{Element, Values};

/// For an element that SVG Tiny PS does not have.
pub fn of_element(name: &str) -> Option<&'static str> {
    Some(match name {
        "style" => "Write the properties as attributes on the elements that they apply to, then remove `style`.",
        "symbol" => "Draw the content where `use` shows it, or turn `symbol` into `g` within `defs`.",
        "svg" => "Turn the inner `svg` into `g`, with a `transform` that does what its place and `viewBox` did.",
        "tspan" | "tbreak" | "textPath" | "tref" => "Convert the text to paths, or write it as one plain `text`.",
        "clipPath" | "mask" => "Cut the shapes themselves in the editor (intersect), then remove it.",
        "filter" => "Draw the effect with shapes and gradients, then remove it.",
        "pattern" => "Draw the pattern as shapes, then remove it.",
        "marker" => "Draw the marker as a shape at each place, then remove it.",
        "image" | "feImage" => "Trace the picture to paths; a logo may not hold or load pictures.",
        "a" => "Keep what stands in it and remove the link; a logo cannot be clicked.",
        "switch" => "Keep the one content that is meant and remove `switch`.",
        "foreignObject" => "Draw its content as shapes, then remove it.",
        "script" | "handler" | "listener" => "Remove it; a logo may not hold scripts.",
        "animate" | "animateMotion" | "animateTransform" | "animateColor" | "set" | "mpath" | "discard" => {
            "Remove it; a logo may not move."
        }
        "audio" | "video" | "animation" | "prefetch" => "Remove it; a logo may not play anything.",
        "font" | "font-face" | "glyph" | "missing-glyph" | "hkern" => {
            "Convert the text to paths, then remove the font."
        }
        _ => return None,
    })
}

/// For an element that may not stand where it stands.
pub fn of_place(element: Element, holder: Element) -> Option<String> {
    Some(match element {
        Element::Title => "Remove it; only `svg` itself has a `title`.".to_owned(),
        Element::Desc | Element::Metadata => {
            tr!("Move it to directly below `svg`, or remove `{}`.", element.name())
        }
        Element::Stop => "Move it into a `linearGradient` or `radialGradient`.".to_owned(),
        _ if holder.allows_text() => tr!("Move it out of `{}`, which holds plain text alone.", holder.name()),
        _ => tr!("Move it out of `{}`.", holder.name()),
    })
}

/// For an attribute without namespace that may not stand on an element.
pub fn of_attribute(name: &str, element: Element) -> Option<&'static str> {
    if element == Element::Metadata {
        return Some("Remove it; `metadata` takes no attributes.");
    }
    Some(match name {
        "style" => "Write each property as an attribute of its own, such as `fill`, and remove `style`.",
        "opacity" => "Multiply it into `fill-opacity` and `stroke-opacity` of the shapes, then remove it.",
        "display" | "visibility" => "Remove the element if it is hidden; otherwise remove the attribute.",
        "clip-path" | "mask" => "Cut the shapes themselves in the editor (intersect), then remove it.",
        "filter" => "Draw the effect with shapes and gradients, then remove it.",
        "clip-rule" => "Remove it; it only counts in `clipPath`. `fill-rule` is what fills go by.",
        "gradientTransform" => "Work it into `x1`, `y1`, `x2` and `y2`, or `cx`, `cy` and `r`, then remove it.",
        "fx" | "fy" => "Remove it; the focus of a gradient is always its centre.",
        "spreadMethod" => "Repeat the stops instead, then remove it.",
        "transform" if element == Element::Svg => "Put the drawing into one `g` and move `transform` there.",
        "transform" => "Work it into the coordinates, then remove it.",
        "x" | "y" if element == Element::Svg => "Remove it; the root has no place of its own (§6.2).",
        "enable-background" | "paint-order" | "overflow" => "Remove it.",
        "viewport-fill" => "Draw a `rect` over the whole area as the background, then remove it.",
        "href" => "Remove it; only `use` refers to others.",
        _ if name.starts_with("data-") => "Remove it; no receiver reads `data-` attributes.",
        _ if name.starts_with("aria-") => "Remove it; `title` and `desc` say what screen readers need.",
        _ => return None,
    })
}

/// For `xlink:href` and its companions.
pub fn of_xlink(name: &str, element: Element) -> Option<&'static str> {
    match (name, element) {
        ("href", Element::Use) => Some("Write `href` without `xlink:`."),
        ("href", Element::LinearGradient | Element::RadialGradient) => {
            Some("Copy the stops of the other gradient into this one, then remove it.")
        }
        _ => None,
    }
}

/// For a value that the schema does not permit.
pub fn of_value(name: &str, value: &str, values: Values) -> String {
    match (name, value.trim()) {
        ("font-weight", "400" | "inherit") => "Write `normal`.".to_owned(),
        ("font-weight", "500" | "600" | "700" | "800" | "900") => "Write `bold`.".to_owned(),
        ("id" | "xml:id", id) if id.starts_with(|char: char| char.is_ascii_digit()) => {
            tr!("Start it with a letter, such as `a{}`, here and in every reference to it.", cut(id))
        }
        _ => match values {
            Values::OneOf([one]) => tr!("Write `{one}`, or better remove it.", one),
            values => tr!("Write {values}.", values),
        },
    }
}

/// What is wrong with the XML, and how to mend it.
pub fn of_xml(error: &Error) -> (String, Option<String>) {
    let (title, fix) = match error {
        Error::NoRootNode => ("there is no element in the text", "Choose an SVG file."),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            ("the text ends before all elements are closed", "Save the file again; its end is missing.")
        }
        Error::UnexpectedCloseTag(expected, found, _) => {
            let title = tr!("`</{}>` stands where `</{}>` should", cut(found), cut(expected));
            return (title, Some(tr!("Close `{}` first.", cut(expected))));
        }
        Error::UnknownNamespace(prefix, _) => {
            let title = tr!("the prefix `{}:` is not declared", cut(prefix));
            return (title, Some("Remove what is named with it, or declare it by `xmlns:` on `svg`.".to_owned()));
        }
        Error::UnknownEntityReference(name, _) => {
            let title = tr!("the entity `&{};` is not declared", cut(name));
            return (title, Some("Write the character itself, or its number such as `&#160;`.".to_owned()));
        }
        Error::DuplicatedAttribute(name, _) => {
            let title = tr!("`{}` is given twice", cut(name));
            return (title, Some("Keep one of them.".to_owned()));
        }
        Error::MalformedEntityReference(_) => ("`&` stands alone", "Write `&amp;`."),
        Error::InvalidAttributeValue(_) => ("`<` stands in a value", "Write `&lt;`, or close the quotes before it."),
        Error::UnknownToken(_) => ("this is no XML", "Choose an SVG file."),
        other => {
            let words = other.to_string();
            // The place is told apart.
            let title = words.rsplit_once(" at ").map_or(words.as_str(), |(title, _)| title).to_owned();
            return (tr!("the XML is broken: {title}", title), None);
        }
    };
    (title.to_owned(), Some(fix.to_owned()))
}

/// Every fix of the table ends as a sentence.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_reasons_have_a_fix_of_their_own() {
        for name in ["style", "symbol", "svg", "tspan", "clipPath", "mask", "filter", "pattern"] {
            assert!(of_element(name).is_some_and(|fix| fix.ends_with('.')), "{name}");
        }
        for name in [
            "style",
            "opacity",
            "display",
            "overflow",
            "clip-path",
            "clip-rule",
            "mask",
            "filter",
            "paint-order",
            "data-name",
            "aria-label",
            "enable-background",
            "gradientTransform",
            "transform",
            "viewport-fill",
            "x",
        ] {
            assert!(of_attribute(name, Element::Svg).is_some_and(|fix| fix.ends_with('.')), "{name}");
        }
        assert!(crate::svg::rules::RULES.iter().all(|rule| rule.fix.ends_with('.') && rule.what.ends_with('.')));
    }
}
