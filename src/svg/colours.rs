//! Paints as SVG Tiny 1.2 §11.13 has them. The schema takes any text.

/// What is wrong with a colour.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A colour that only CSS has: with what to write instead, and how opaque it is where that is not fully.
    Css {
        /// `#rrggbb`
        instead: String,
        /// 0 to 1.
        opacity: Option<f64>,
    },
    /// One of the 131 colour names of CSS that SVG Tiny does not have.
    Name {
        /// `#rrggbb`
        instead: &'static str,
    },
    /// No colour at all.
    Unknown,
}

/// The colours of SVG Tiny by name (§11.13.1, those of HTML 4).
const NAMES: [&str; 16] = [
    "aqua", "black", "blue", "fuchsia", "gray", "green", "lime", "maroon", "navy", "olive", "purple", "red", "silver",
    "teal", "white", "yellow",
];
/// Paints that are no colour, and the system colours (§11.13.2).
const WORDS: [&str; 31] = [
    "none",
    "currentcolor",
    "inherit",
    "activeborder",
    "activecaption",
    "appworkspace",
    "background",
    "buttonface",
    "buttonhighlight",
    "buttonshadow",
    "buttontext",
    "captiontext",
    "graytext",
    "highlight",
    "highlighttext",
    "inactiveborder",
    "inactivecaption",
    "inactivecaptiontext",
    "infobackground",
    "infotext",
    "menu",
    "menutext",
    "scrollbar",
    "threeddarkshadow",
    "threedface",
    "threedhighlight",
    "threedlightshadow",
    "threedshadow",
    "window",
    "windowframe",
    "windowtext",
];

/// What is wrong with a paint that is no `url(…)`, if anything.
pub fn fault(paint: &str) -> Option<Fault> {
    let paint = paint.trim();
    if let Some(digits) = paint.strip_prefix('#') {
        return hexadecimal(digits);
    }
    if matches!(paint, "none" | "currentColor" | "inherit" | "white" | "black") {
        return None;
    }
    // The longest name has 20 letters; anything longer is a function or nothing.
    if paint.len() <= 20 && !paint.contains('(') {
        let name = paint.to_ascii_lowercase();
        if NAMES.contains(&name.as_str()) || WORDS.contains(&name.as_str()) {
            return None;
        }
        return Some(match CSS_NAMES.binary_search_by_key(&name.as_str(), |(name, _)| name) {
            Ok(index) => CSS_NAMES.get(index).map_or(Fault::Unknown, |(_, instead)| Fault::Name { instead }),
            Err(_) if name == "transparent" => Fault::Css { instead: "none".into(), opacity: None },
            Err(_) => Fault::Unknown,
        });
    }
    function(paint)
}

/// `#rgb` and `#rrggbb` are good; four and eight digits carry opacity, which SVG Tiny keeps apart.
fn hexadecimal(digits: &str) -> Option<Fault> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Fault::Unknown);
    }
    let (colour, alpha) = match digits.len() {
        3 | 6 => return None,
        4 => (digits.get(..3)?, u32::from_str_radix(digits.get(3..)?, 16).ok()? * 17),
        8 => (digits.get(..6)?, u32::from_str_radix(digits.get(6..)?, 16).ok()?),
        _ => return Some(Fault::Unknown),
    };
    Some(Fault::Css { instead: format!("#{colour}"), opacity: opacity(f64::from(alpha) / 255.0) })
}

/// Fully opaque is nothing to write down; two digits show no difference to more.
fn opacity(alpha: f64) -> Option<f64> {
    (alpha < 1.0).then(|| (alpha.max(0.0) * 100.0).round() / 100.0)
}

/// `rgb(…)` is good with three numbers or three percentages and commas between; `rgba(…)` and `hsl(…)` are CSS.
fn function(paint: &str) -> Option<Fault> {
    let (name, rest) = paint.split_once('(').unwrap_or((paint, ""));
    let Some(inner) = rest.strip_suffix(')') else { return Some(Fault::Unknown) };
    let name = name.trim().to_ascii_lowercase();
    let parts: Vec<&str> =
        inner.split([',', '/', ' ', '\t', '\n', '\r']).filter(|part| !part.is_empty()).take(5).collect();
    let numbers: Vec<f64> =
        parts.iter().filter_map(|part| part.trim_end_matches(['%', 'd', 'e', 'g']).parse().ok()).collect();
    let (Some(&[a, b, c]), true) = (numbers.first_chunk::<3>(), numbers.len() == parts.len()) else {
        return Some(Fault::Unknown);
    };
    let percent = parts.iter().take(3).filter(|part| part.ends_with('%')).count();
    let whole = parts.iter().take(3).all(|part| !part.contains('.'));
    if name == "rgb" && numbers.len() == 3 && inner.matches(',').count() == 2 && (percent == 3 || percent == 0 && whole)
    {
        return None;
    }
    let alpha = match (numbers.get(3), parts.get(3)) {
        (Some(alpha), Some(part)) => {
            if part.ends_with('%') {
                alpha / 100.0
            } else {
                *alpha
            }
        }
        _ => 1.0,
    };
    let channels = match name.as_str() {
        "rgb" | "rgba" if percent == 3 => [a * 2.55, b * 2.55, c * 2.55],
        "rgb" | "rgba" => [a, b, c],
        "hsl" | "hsla" => from_hsl(a, b / 100.0, c / 100.0),
        _ => return Some(Fault::Unknown),
    };
    let hex: String = channels.iter().map(|channel| format!("{:02x}", octet(*channel))).collect();
    Some(Fault::Css { instead: format!("#{hex}"), opacity: opacity(alpha) })
}

/// A channel, rounded into 0 to 255. The cast cannot leave an octet.
fn octet(channel: f64) -> u8 {
    channel.round().clamp(0.0, 255.0) as u8
}

/// CSS Color 3 §4.2.4.
fn from_hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |n: f64| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        255.0 * (lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0))
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}

/// Colour names of CSS Color 3 §4.3 that SVG Tiny does not have.
const CSS_NAMES: [(&str, &str); 131] = [
    ("aliceblue", "#f0f8ff"),
    ("antiquewhite", "#faebd7"),
    ("aquamarine", "#7fffd4"),
    ("azure", "#f0ffff"),
    ("beige", "#f5f5dc"),
    ("bisque", "#ffe4c4"),
    ("blanchedalmond", "#ffebcd"),
    ("blueviolet", "#8a2be2"),
    ("brown", "#a52a2a"),
    ("burlywood", "#deb887"),
    ("cadetblue", "#5f9ea0"),
    ("chartreuse", "#7fff00"),
    ("chocolate", "#d2691e"),
    ("coral", "#ff7f50"),
    ("cornflowerblue", "#6495ed"),
    ("cornsilk", "#fff8dc"),
    ("crimson", "#dc143c"),
    ("cyan", "#00ffff"),
    ("darkblue", "#00008b"),
    ("darkcyan", "#008b8b"),
    ("darkgoldenrod", "#b8860b"),
    ("darkgray", "#a9a9a9"),
    ("darkgreen", "#006400"),
    ("darkgrey", "#a9a9a9"),
    ("darkkhaki", "#bdb76b"),
    ("darkmagenta", "#8b008b"),
    ("darkolivegreen", "#556b2f"),
    ("darkorange", "#ff8c00"),
    ("darkorchid", "#9932cc"),
    ("darkred", "#8b0000"),
    ("darksalmon", "#e9967a"),
    ("darkseagreen", "#8fbc8f"),
    ("darkslateblue", "#483d8b"),
    ("darkslategray", "#2f4f4f"),
    ("darkslategrey", "#2f4f4f"),
    ("darkturquoise", "#00ced1"),
    ("darkviolet", "#9400d3"),
    ("deeppink", "#ff1493"),
    ("deepskyblue", "#00bfff"),
    ("dimgray", "#696969"),
    ("dimgrey", "#696969"),
    ("dodgerblue", "#1e90ff"),
    ("firebrick", "#b22222"),
    ("floralwhite", "#fffaf0"),
    ("forestgreen", "#228b22"),
    ("gainsboro", "#dcdcdc"),
    ("ghostwhite", "#f8f8ff"),
    ("gold", "#ffd700"),
    ("goldenrod", "#daa520"),
    ("greenyellow", "#adff2f"),
    ("grey", "#808080"),
    ("honeydew", "#f0fff0"),
    ("hotpink", "#ff69b4"),
    ("indianred", "#cd5c5c"),
    ("indigo", "#4b0082"),
    ("ivory", "#fffff0"),
    ("khaki", "#f0e68c"),
    ("lavender", "#e6e6fa"),
    ("lavenderblush", "#fff0f5"),
    ("lawngreen", "#7cfc00"),
    ("lemonchiffon", "#fffacd"),
    ("lightblue", "#add8e6"),
    ("lightcoral", "#f08080"),
    ("lightcyan", "#e0ffff"),
    ("lightgoldenrodyellow", "#fafad2"),
    ("lightgray", "#d3d3d3"),
    ("lightgreen", "#90ee90"),
    ("lightgrey", "#d3d3d3"),
    ("lightpink", "#ffb6c1"),
    ("lightsalmon", "#ffa07a"),
    ("lightseagreen", "#20b2aa"),
    ("lightskyblue", "#87cefa"),
    ("lightslategray", "#778899"),
    ("lightslategrey", "#778899"),
    ("lightsteelblue", "#b0c4de"),
    ("lightyellow", "#ffffe0"),
    ("limegreen", "#32cd32"),
    ("linen", "#faf0e6"),
    ("magenta", "#ff00ff"),
    ("mediumaquamarine", "#66cdaa"),
    ("mediumblue", "#0000cd"),
    ("mediumorchid", "#ba55d3"),
    ("mediumpurple", "#9370db"),
    ("mediumseagreen", "#3cb371"),
    ("mediumslateblue", "#7b68ee"),
    ("mediumspringgreen", "#00fa9a"),
    ("mediumturquoise", "#48d1cc"),
    ("mediumvioletred", "#c71585"),
    ("midnightblue", "#191970"),
    ("mintcream", "#f5fffa"),
    ("mistyrose", "#ffe4e1"),
    ("moccasin", "#ffe4b5"),
    ("navajowhite", "#ffdead"),
    ("oldlace", "#fdf5e6"),
    ("olivedrab", "#6b8e23"),
    ("orange", "#ffa500"),
    ("orangered", "#ff4500"),
    ("orchid", "#da70d6"),
    ("palegoldenrod", "#eee8aa"),
    ("palegreen", "#98fb98"),
    ("paleturquoise", "#afeeee"),
    ("palevioletred", "#db7093"),
    ("papayawhip", "#ffefd5"),
    ("peachpuff", "#ffdab9"),
    ("peru", "#cd853f"),
    ("pink", "#ffc0cb"),
    ("plum", "#dda0dd"),
    ("powderblue", "#b0e0e6"),
    ("rosybrown", "#bc8f8f"),
    ("royalblue", "#4169e1"),
    ("saddlebrown", "#8b4513"),
    ("salmon", "#fa8072"),
    ("sandybrown", "#f4a460"),
    ("seagreen", "#2e8b57"),
    ("seashell", "#fff5ee"),
    ("sienna", "#a0522d"),
    ("skyblue", "#87ceeb"),
    ("slateblue", "#6a5acd"),
    ("slategray", "#708090"),
    ("slategrey", "#708090"),
    ("snow", "#fffafa"),
    ("springgreen", "#00ff7f"),
    ("steelblue", "#4682b4"),
    ("tan", "#d2b48c"),
    ("thistle", "#d8bfd8"),
    ("tomato", "#ff6347"),
    ("turquoise", "#40e0d0"),
    ("violet", "#ee82ee"),
    ("wheat", "#f5deb3"),
    ("whitesmoke", "#f5f5f5"),
    ("yellowgreen", "#9acd32"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_svg_tiny_are_good() {
        for paint in [
            "#fff",
            "#A0b1C2",
            "red",
            "Gray",
            "currentColor",
            "none",
            "inherit",
            "rgb(1,2,3)",
            "rgb( 1 , 2 , 3 )",
            "rgb(10%,20.5%,0%)",
            "ButtonFace",
            "ThreeDDarkShadow",
        ] {
            assert_eq!(fault(paint), None, "{paint}");
        }
    }

    #[test]
    fn others_are_told_with_what_to_write() {
        let css = |instead: &str, opacity| Some(Fault::Css { instead: instead.into(), opacity });
        for (paint, expected) in [
            ("rgba(255, 0, 0, .5)", css("#ff0000", Some(0.5))),
            ("rgb(255 0 0 / 25%)", css("#ff0000", Some(0.25))),
            ("rgba(255,0,0,1)", css("#ff0000", None)),
            ("#ff000080", css("#ff0000", Some(0.5))),
            ("#f00f", css("#f00", None)),
            ("hsl(120, 100%, 25%)", css("#008000", None)),
            ("hsla(0,0%,100%,.2)", css("#ffffff", Some(0.2))),
            ("transparent", css("none", None)),
            ("orange", Some(Fault::Name { instead: "#ffa500" })),
            ("RebeccaPurple", Some(Fault::Unknown)),
            ("#ggg", Some(Fault::Unknown)),
            ("#12345", Some(Fault::Unknown)),
            ("rgb(1,2)", Some(Fault::Unknown)),
            ("rgb(1,2,3", Some(Fault::Unknown)),
            ("color(display-p3 1 0 0)", Some(Fault::Unknown)),
            ("", Some(Fault::Unknown)),
        ] {
            assert_eq!(fault(paint), expected, "{paint}");
        }
    }

    #[test]
    fn names_are_sorted() {
        assert!(CSS_NAMES.is_sorted_by_key(|(name, _)| name));
        assert!(CSS_NAMES.iter().all(|(name, hex)| !NAMES.contains(name) && fault(hex).is_none()));
    }
}
