//! What is seen: the drawing as pixels, measured. Every measure is taken on a square of 128 pixels and has its threshold.

mod measure;

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use measure::{Picture, circle, rounded_square};

use crate::say::written;

use super::pixels;

pub use super::pixels::{MAX_SIDE, Pixels, RenderError, render};

/// Pixels of one side of the square that is measured; twice as many lie around it, to find what is outside.
const SIDE: u32 = 128;

/// Pixels around the square that are looked at.
const MARGIN: u32 = 128;

/// Below this share of the square the drawing is empty.
pub const EMPTY: f64 = 0.001;

/// From this share of all that is drawn on, parts outside the viewBox are told.
pub const OUTSIDE: f64 = 0.01;

/// From this share of the figure on (what differs from the background), parts cut by a crop are told.
pub const CUT: f64 = 0.01;

/// From this share of the square on, see-through parts are told.
pub const SEE_THROUGH: f64 = 0.01;

/// The contrast that graphics need (WCAG 2.2 §1.4.11).
pub const CONTRAST: f64 = 3.0;

/// The contrast is what the most contrasting part of this share of the drawing reaches: thin letters on a plate count.
pub const CONTRASTING_PART: f64 = 0.02;

/// The backgrounds of inboxes: white, and the dark grey of dark themes.
pub const LIGHT_INBOX: [u8; 3] = [0xff, 0xff, 0xff];
/// See [`LIGHT_INBOX`].
pub const DARK_INBOX: [u8; 3] = [0x1f, 0x1f, 0x1f];

/// From this share of the drawing's variance on, detail is told as lost at 32 pixels.
pub const LOST_AT_32: f64 = 0.2;

/// From this share of the drawing's variance on, detail is told as lost at 16 pixels.
pub const LOST_AT_16: f64 = 0.4;

/// A second colour has at least this share of what is drawn.
pub const SECOND_COLOUR: f64 = 0.005;

/// Two colours differ when one of red, green and blue (or opacity) differs by more than this of 255.
pub const COLOUR_STEP: u8 = 24;

/// Radius of the corners of a rounded square crop, as a share of its side.
pub const CORNER: f64 = 0.2;

/// How much an observation weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// A MUST is broken.
    Error,
    /// Some receivers will show the logo badly.
    Warning,
    /// Good to know.
    Info,
}

/// One thing that is seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Stable identifier, `cut-by-circle`.
    pub id: String,
    /// How much it weighs.
    pub severity: Weight,
    /// What is seen.
    pub title: String,
    /// Why it matters, with the number measured.
    pub detail: String,
    /// How to mend it; empty where nothing need be done.
    pub fix: String,
}

/// Looks at a drawing: everything worth telling, the weightiest first.
pub fn look(text: &str) -> Result<Vec<Observation>, RenderError> {
    let document = {
        super::limits::check_text(text).map_err(RenderError::Limit)?;
        pixels::parse(text)?
    };
    let tree = pixels::tree_of(&document)?;
    let wide = Picture::of(&pixels::raster_with_margin(&tree, SIDE, MARGIN)?);
    let picture = Picture::of(&pixels::raster(&tree, SIDE)?);
    let mut seen = Vec::new();
    if picture.drawn() < EMPTY {
        seen.push(empty());
        seen.extend(outside(picture.outside(&wide)));
    } else {
        seen.extend(colours(&picture));
        seen.extend(outside(picture.outside(&wide)));
        seen.extend(cut(&picture));
        seen.extend(see_through(&picture));
        seen.extend(contrast(&picture));
        seen.extend(lost(&picture));
    }
    for (element, words) in NOT_DRAWN {
        if document.descendants().any(|node| node.is_element() && node.tag_name().name() == element) {
            seen.push(not_drawn(element, words));
        }
    }
    let of = |weight| seen.iter().filter(move |observation| observation.severity == weight).cloned();
    Ok([Weight::Error, Weight::Warning, Weight::Info].into_iter().flat_map(of).collect())
}

/// What the picture here leaves out.
const NOT_DRAWN: [(&str, &str); 3] = [
    ("text", "Letters depend on the fonts of whoever shows them."),
    ("image", "Pictures inside a drawing are not part of SVG Tiny PS; nothing is loaded."),
    ("foreignObject", "Other markup inside a drawing is not part of SVG Tiny PS."),
];

fn observation(id: &str, severity: Weight, title: &str, detail: String, fix: &str) -> Observation {
    Observation { id: id.to_owned(), severity, title: title.to_owned(), detail, fix: fix.to_owned() }
}

/// A share in percent, one decimal: `12.5 %`.
fn percent(share: f64) -> String {
    decimal(share * 100.0) + " %"
}

/// A number with one decimal.
fn decimal(number: f64) -> String {
    let mut plain = String::new();
    // Writing to a string cannot fail.
    let _ = write!(plain, "{number:.1}");
    written::number(&plain)
}

fn empty() -> Observation {
    let detail = "No pixel of the square is drawn on. Receivers show their own placeholder instead.".to_owned();
    let fix = "Check that the viewBox covers the drawing, and that fills are set as attributes.";
    observation("empty-drawing", Weight::Error, "The drawing is empty", detail, fix)
}

fn not_drawn(element: &str, words: &str) -> Observation {
    let title = tr!("`{}` is not in this picture", element);
    let fix = if element == "text" { "Convert letters to paths." } else { "Draw it as paths." };
    observation("not-drawn", Weight::Warning, &title, words.to_owned(), fix)
}

/// SVG Tiny PS: at least two colours.
fn colours(picture: &Picture) -> Option<Observation> {
    let second = picture.second_colour(COLOUR_STEP);
    if second >= SECOND_COLOUR {
        return None;
    }
    let detail = "SVG Tiny PS asks for at least two colours, so that a logo can be told from a plain shape.".to_owned();
    let fix = "Put the logo on a filled background, or give a part of it a second colour.";
    Some(observation("one-colour", Weight::Error, "The drawing has only one colour", detail, fix))
}

fn outside(share: f64) -> Option<Observation> {
    if share < OUTSIDE {
        return None;
    }
    let detail = tr!("{} of what is drawn lies outside the viewBox and is not shown.", percent(share));
    let fix = "Enlarge the viewBox, or move the parts into it.";
    Some(observation("outside-view-box", Weight::Warning, "Parts lie outside the viewBox", detail, fix))
}

/// Whether a crop of the unit square keeps a point.
type Crop = fn(f64, f64) -> bool;

fn cut(picture: &Picture) -> Vec<Observation> {
    let fix = "Centre the logo and leave a margin: what matters belongs into the inscribed circle.";
    let crops: [(&str, &str, &str, Crop); 2] = [
        ("cut-by-circle", "A round crop cuts parts off", "the circle that Gmail and others crop to", circle),
        (
            "cut-by-rounded-square",
            "A rounded square crop cuts parts off",
            "a square with rounded corners",
            rounded_square,
        ),
    ];
    let told = crops.into_iter().filter_map(|(id, title, crop, keeps)| {
        let share = picture.cut_by(keeps, COLOUR_STEP);
        let detail = || tr!("{} of the figure lies outside of {crop}.", percent(share), crop);
        (share >= CUT).then(|| observation(id, Weight::Warning, title, detail(), fix))
    });
    told.collect()
}

fn see_through(picture: &Picture) -> Option<Observation> {
    let share = 1.0 - picture.opaque();
    if share < SEE_THROUGH {
        return None;
    }
    let detail = tr!(
        "{} of the square lets the background through: white in one inbox, dark in another, and some receivers fill it.",
        percent(share)
    );
    let fix = "Draw a filled rectangle over the whole viewBox first.";
    Some(observation("transparent-background", Weight::Warning, "The background is transparent", detail, fix))
}

fn contrast(picture: &Picture) -> Vec<Observation> {
    let fix = "Give the logo a background of its own, or darker (lighter) parts.";
    let inboxes = [
        ("contrast-on-white", "The logo is hardly seen on white", LIGHT_INBOX),
        ("contrast-on-dark", "The logo is hardly seen in a dark inbox", DARK_INBOX),
    ];
    let told = inboxes.into_iter().filter_map(|(id, title, background)| {
        let ratio = picture.contrast(background, CONTRASTING_PART);
        let detail = || {
            let ratio = decimal(ratio);
            tr!("Its most contrasting part reaches {ratio}:1; graphics need {CONTRAST}:1 (WCAG 2.2).", ratio, CONTRAST)
        };
        (ratio < CONTRAST).then(|| observation(id, Weight::Warning, title, detail(), fix))
    });
    told.collect()
}

fn lost(picture: &Picture) -> Vec<Observation> {
    let fix = "Leave out fine lines and small letters, or draw them larger.";
    let sizes = [
        ("detail-lost-at-16", "Detail is lost at 16 pixels", 16, LOST_AT_16, Weight::Info),
        ("detail-lost-at-32", "Detail is lost at 32 pixels", 32, LOST_AT_32, Weight::Warning),
    ];
    let told = sizes.into_iter().filter_map(|(id, title, side, threshold, weight)| {
        let share = picture.lost_at(side);
        let detail = || tr!("{} of the drawing’s variation is smaller than a pixel there.", percent(share));
        (share >= threshold).then(|| observation(id, weight, title, detail(), fix))
    });
    told.collect()
}
