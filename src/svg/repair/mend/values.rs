//! Values as SVG Tiny PS writes them: plain numbers, `#rrggbb`, ids that are names.

use std::str::FromStr;

use svgtypes::{Length, LengthUnit, Paint};

use super::super::write::{hex, number};

/// The size of what percentages are of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewport {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Which side a percentage is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Width,
    Height,
    Other,
    /// Of one: offsets, and gradients measured by the box of their shape.
    One,
}

impl Viewport {
    fn of(self, side: Side) -> f64 {
        match side {
            Side::Width => self.width,
            Side::Height => self.height,
            Side::Other => ((self.width * self.width + self.height * self.height) / 2.0).sqrt(),
            Side::One => 1.0,
        }
    }
}

/// The side that a percentage of an attribute is of; nothing where it holds no length.
pub(super) fn side(name: &str) -> Option<Side> {
    match name {
        "x" | "cx" | "x1" | "x2" | "width" | "rx" => Some(Side::Width),
        "y" | "cy" | "y1" | "y2" | "height" | "ry" => Some(Side::Height),
        "r" | "stroke-width" | "stroke-dashoffset" | "font-size" => Some(Side::Other),
        "offset" | "fill-opacity" | "stroke-opacity" | "stop-opacity" | "opacity" => Some(Side::One),
        _ => None,
    }
}

/// A length as a number; nothing where it depends on a font or is none.
pub(super) fn length(value: &str, side: Side, viewport: Viewport) -> Option<f64> {
    let length = Length::from_str(value.trim()).ok()?;
    let factor = match length.unit {
        LengthUnit::None | LengthUnit::Px => 1.0,
        LengthUnit::In => 96.0,
        LengthUnit::Cm => 96.0 / 2.54,
        LengthUnit::Mm => 96.0 / 25.4,
        LengthUnit::Pt => 96.0 / 72.0,
        LengthUnit::Pc => 16.0,
        LengthUnit::Percent => viewport.of(side) / 100.0,
        LengthUnit::Em | LengthUnit::Ex => return None,
    };
    Some(length.number * factor)
}

/// A number as text, six decimals at most.
pub(super) fn plain(value: f64) -> String {
    let mut text = String::new();
    number(&mut text, value, 6);
    text
}

/// A paint as it may be written, and the opacity that its colour carries.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Painted {
    None,
    /// `inherit`, `currentColor`.
    Word(&'static str),
    Colour(String, f64),
    /// The id of what it is painted with.
    Server(String),
}

/// Reads a paint; nothing where it is none that this can write.
pub(super) fn paint(value: &str) -> Option<Painted> {
    match Paint::from_str(value.trim()).ok()? {
        Paint::None => Some(Painted::None),
        Paint::Inherit => Some(Painted::Word("inherit")),
        Paint::CurrentColor => Some(Painted::Word("currentColor")),
        Paint::Color(colour) => {
            let opacity = f64::from(colour.alpha) / 255.0;
            Some(Painted::Colour(hex([colour.red, colour.green, colour.blue]), opacity))
        }
        Paint::FuncIRI(id, _) => Some(Painted::Server(id.to_owned())),
        Paint::ContextFill | Paint::ContextStroke => None,
    }
}

/// An id that is a name (NCName, of the letters that no reader trips over).
pub(super) fn id(value: &str) -> String {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut name: String = value.chars().map(|c| if letter(c) { c } else { '_' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        name.insert(0, '_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_become_numbers() {
        let viewport = Viewport { width: 200.0, height: 100.0 };
        let cases = [
            ("15%", Side::Width, Some(30.0)),
            ("15%", Side::Height, Some(15.0)),
            ("50%", Side::One, Some(0.5)),
            ("12px", Side::Other, Some(12.0)),
            ("1in", Side::Width, Some(96.0)),
            ("72pt", Side::Width, Some(96.0)),
            ("2em", Side::Width, None),
            ("auto", Side::Width, None),
        ];
        for (value, side, wanted) in cases {
            assert_eq!(length(value, side, viewport), wanted, "{value}");
        }
    }

    #[test]
    fn colours_become_six_digits() {
        let cases = [
            ("#f00", "#ff0000", 1.0),
            ("#ff000080", "#ff0000", 128.0 / 255.0),
            ("rgba(0,0,255,0.4)", "#0000ff", 0.4),
            ("hsl(120, 100%, 50%)", "#00ff00", 1.0),
            ("tomato", "#ff6347", 1.0),
        ];
        for (value, wanted, opacity) in cases {
            assert_eq!(paint(value), Some(Painted::Colour(wanted.to_owned(), opacity)), "{value}");
        }
        assert_eq!(paint("url(#a) red"), Some(Painted::Server("a".to_owned())));
        assert_eq!(paint("nonsense"), None);
    }

    #[test]
    fn ids_become_names() {
        assert_eq!(id("1a"), "_1a");
        assert_eq!(id("a b:c"), "a_b_c");
        assert_eq!(id("Ebene-1"), "Ebene-1");
    }
}
