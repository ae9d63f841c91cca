//! Repair: a drawing that conforms to SVG Tiny PS and looks as before.
//!
//! Two ways are tried. The author's own tree is mended where its attributes suffice; else the drawing is redrawn from
//! usvg's tree. Either result is drawn, compared with the original and judged; nothing is changed silently.

mod compare;
mod notes;
mod outline;
mod overlay;
mod paint;
mod redraw;
mod write;

use resvg::tiny_skia::Pixmap;
use serde::{Deserialize, Serialize};
use usvg::roxmltree::Document;

use super::limits::{self, Limit};
use super::pixels::{self, RenderError};
use super::source::{self, Text, Unreadable};
use super::{Verdict, conformance};
use notes::{Kind, Notes};
use redraw::Canvas;

pub use notes::Change;

/// Octets that receivers take (SVG Tiny PS §2.1; Mark Verifying Authorities enforce it).
pub const MAX_OCTETS: usize = 32_768;

/// The difference up to which two pictures look the same.
pub const SAME: f64 = 0.01;

/// Characters of a title that are kept.
pub const MAX_TITLE: usize = 64;

/// What a repair may be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The title to set: the name of the brand.
    pub title: Option<String>,
}

/// How the repaired file was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The author's elements were kept, what is not allowed taken off.
    Mended,
    /// Every shape was drawn anew as a path.
    Redrawn,
}

/// A repaired drawing, and all that can be told of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// The new file.
    pub svg: String,
    /// How it was made.
    pub way: Way,
    /// Everything done, with counts.
    pub changes: Vec<Change>,
    /// What SVG Tiny PS cannot say and the new file lacks.
    pub lost: Vec<String>,
    /// Mean absolute difference of the pictures before and after at 128 pixels, 0 to 1, over red, green, blue and
    /// opacity; up to [`SAME`] they look the same.
    pub difference: f64,
    /// The judgement of the new file.
    pub verdict: Verdict,
}

/// Why a file cannot be repaired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RepairError {
    /// It is gzipped, but broken.
    Gzip,
    /// It is longer than any drawing that is read.
    TooLarge,
    /// It is no text in UTF-8.
    NotText,
    /// It cannot be drawn, so that nothing could be compared.
    Render(RenderError),
}

impl RepairError {
    /// The error in words.
    pub fn words(&self) -> String {
        match self {
            Self::Gzip => "the file starts as gzip (SVGZ) and does not unpack".to_owned(),
            Self::TooLarge => {
                let most = source::MAX_TEXT.to_string();
                ["the file has more than ", most.as_str(), " octets, packed or unpacked (MAX_TEXT)"].concat()
            }
            Self::NotText => "the file is no text in UTF-8; save it as UTF-8".to_owned(),
            Self::Render(error) => error.words(),
        }
    }
}

impl From<Unreadable> for RepairError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Gzip => Self::Gzip,
            Unreadable::TooLarge { .. } => Self::TooLarge,
            Unreadable::Wide | Unreadable::NotUtf8 { .. } => Self::NotText,
        }
    }
}

impl From<RenderError> for RepairError {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

impl From<Limit> for RepairError {
    fn from(limit: Limit) -> Self {
        Self::Render(RenderError::Limit(limit))
    }
}

/// Repairs a drawing (SVG or SVGZ).
pub fn repair(bytes: &[u8], options: &Options) -> Result<Repair, RepairError> {
    let Text { text, .. } = source::text(bytes)?;
    limits::check_text(&text)?;
    let document = pixels::parse(&text)?;
    let tree = pixels::tree_of(&document)?;
    let original = pixels::raster(&tree, compare::SIDE)?;
    let mut notes = Notes::default();
    let title = title(&document, options, &mut notes);
    let canvas = Canvas::of(&tree, view_box(&document));
    let draws = redraw::redraw(&tree, &canvas, &mut notes)?;
    notes.change(Kind::Root);
    let (svg, difference) = redrawn(&draws, canvas.side, &title, &original, &mut notes)?;
    let verdict = conformance::judge(svg.as_bytes());
    Ok(Repair { svg, way: Way::Redrawn, changes: notes.changes(), lost: notes.lost(), difference, verdict })
}

/// Writes with as many digits as fit into [`MAX_OCTETS`], but with none so few that the picture changes.
fn redrawn(
    draws: &[redraw::Draw],
    side: f64,
    title: &str,
    original: &Pixmap,
    notes: &mut Notes,
) -> Result<(String, f64), RepairError> {
    // Four significant digits of the canvas to begin with.
    let mut decimals = (1..=4_u32).find(|decimals| side * 10_f64.powi(*decimals as i32) >= 8_000.0).unwrap_or(4);
    let mut best = compared(write::document(draws, side, title, decimals), original)?;
    while best.0.len() > MAX_OCTETS && decimals > 0 {
        decimals -= 1;
        let coarser = compared(write::document(draws, side, title, decimals), original)?;
        if coarser.1 > best.1.max(SAME) {
            break;
        }
        notes.change(Kind::Precision);
        best = coarser;
    }
    Ok(best)
}

/// A candidate with its difference from the original.
fn compared(svg: String, original: &Pixmap) -> Result<(String, f64), RepairError> {
    let raster = pixels::raster(&pixels::tree(&svg)?, compare::SIDE)?;
    let difference = compare::difference(original, &raster);
    Ok((svg, difference))
}

/// The viewBox of the root, if it is four numbers.
fn view_box(document: &Document<'_>) -> Option<[f64; 4]> {
    let value = document.root_element().attribute("viewBox")?;
    let numbers: Result<Vec<f64>, _> =
        value.split([' ', ',', '\t', '\n', '\r']).filter(|word| !word.is_empty()).map(str::parse).collect();
    <[f64; 4]>::try_from(numbers.ok()?).ok()
}

/// The title: the one given, else the file's own, else what it calls itself, else a placeholder.
fn title(document: &Document<'_>, options: &Options, notes: &mut Notes) -> String {
    let tidy = |text: &str| -> Option<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let title: String = words.join(" ").chars().take(MAX_TITLE).collect();
        (!title.is_empty()).then_some(title)
    };
    if let Some(title) = options.title.as_deref().and_then(tidy) {
        notes.change(Kind::TitleGiven);
        return title;
    }
    let titles = document.descendants().filter(|node| node.tag_name().name() == "title");
    let own = titles.filter_map(|node| tidy(node.text()?)).next();
    if let Some(title) = own {
        notes.change(Kind::TitleKept);
        return title;
    }
    notes.change(Kind::TitlePlaceholder);
    let label = document.root_element().attribute("aria-label");
    label.and_then(tidy).unwrap_or_else(|| "Logo".to_owned())
}
