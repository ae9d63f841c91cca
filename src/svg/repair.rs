//! Repair: a drawing that conforms to SVG Tiny PS and looks as before.
//!
//! Two ways are tried. The author's own tree is mended where its attributes suffice; else the drawing is redrawn from
//! usvg's tree. Either result is drawn, compared with the original and judged; nothing is changed silently.

mod compare;
mod mend;
mod notes;
mod outline;
mod overlay;
mod paint;
mod redraw;
mod write;

use std::borrow::Cow;

use resvg::tiny_skia::Pixmap;
use serde::{Deserialize, Serialize};
use usvg::Tree;
use usvg::roxmltree::{Document, Node};

use super::limits::{self, Limit};
use super::pixels::{self, RenderError};
use super::source::{self, Text, Unreadable};
use super::tables::{SVG_NAMESPACE, XLINK_NAMESPACE, XML_NAMESPACE};
use super::{Verdict, conformance};
use notes::{Kind, Notes};
use redraw::Canvas;

pub use notes::Change;

/// Octets that receivers take (SVG Tiny PS §2.1; Mark Verifying Authorities enforce it).
pub const MAX_OCTETS: usize = 32_768;

/// The difference up to which two pictures look the same.
pub const SAME: f64 = 0.01;

/// The difference up to which mending is taken without trying to redraw: what antialiasing differs by.
const EXACT: f64 = 0.0005;

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
            Self::Gzip => tr!("the file starts as gzip (SVGZ) and does not unpack"),
            Self::TooLarge => {
                tr!("the file has more than {} octets, packed or unpacked (MAX_TEXT)", source::MAX_TEXT)
            }
            Self::NotText => tr!("the file is no text in UTF-8; save it as UTF-8"),
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
    let mut common = Notes::default();
    let text = with_prefixes(&text, &mut common);
    let document = pixels::parse(&text)?;
    let tree = pixels::tree_of(&document)?;
    let original = pixels::raster(&tree, compare::SIDE)?;
    let title = title(&document, options, &mut common);
    note_document(&document, &text, &mut common);
    let mended = mended(&document, &title, &original, &common);
    // Where mending is exact and fits, the author's own structure is worth more than a few octets.
    if let Some(repair) = mended.as_ref().filter(|repair| repair.verdict.conforms && repair.difference <= EXACT) {
        return Ok(repair.clone());
    }
    let redrawn = redrawn(&document, &tree, &title, &original, common)?;
    Ok(match mended {
        Some(mended) if rank(&mended) < rank(&redrawn) => mended,
        _ => redrawn,
    })
}

/// Prefixes that are declared for a file at most.
const MAX_PREFIXES: usize = 8;

/// The text with the prefixes declared that it uses without saying so: no XML reader takes it otherwise.
fn with_prefixes<'a>(text: &'a str, notes: &mut Notes) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_PREFIXES {
        let unknown = match Document::parse_with_options(&text, limits::parsing_options()) {
            Err(usvg::roxmltree::Error::UnknownNamespace(prefix, _)) => prefix,
            _ => break,
        };
        let Some(at) = text.find("<svg") else { break };
        let address = if unknown == "xlink" { XLINK_NAMESPACE } else { "urn:unknown" };
        let declaration = [" xmlns:", unknown.as_str(), "=\"", address, "\""].concat();
        text.to_mut().insert_str(at + "<svg".len(), &declaration);
        notes.change(Kind::Namespaces);
    }
    text
}

/// Which of two results is better: valid first, then conforming, then alike, then small.
fn rank(repair: &Repair) -> (bool, bool, u64, usize) {
    // In hundred-thousandths, so that rounding does not decide.
    let difference = (repair.difference * 100_000.0) as u64;
    (!repair.verdict.schema_valid, !repair.verdict.conforms, difference, repair.svg.len())
}

/// The author's tree mended, if that can be done.
fn mended(document: &Document<'_>, title: &str, original: &Pixmap, common: &Notes) -> Option<Repair> {
    let mut notes = common.clone();
    let svg = mend::mend(document, title, view_box(document), &mut notes)?;
    let (svg, difference) = compared(svg, original).ok()?;
    Some(told(svg, Way::Mended, difference, &notes))
}

/// The drawing redrawn.
fn redrawn(
    document: &Document<'_>,
    tree: &Tree,
    title: &str,
    original: &Pixmap,
    mut notes: Notes,
) -> Result<Repair, RepairError> {
    let canvas = Canvas::of(tree, view_box(document));
    if canvas.is_extended() {
        notes.change(Kind::Square);
    }
    let draws = redraw::redraw(tree, &canvas, &mut notes)?;
    let (svg, difference) = trimmed(&draws, canvas.side, title, original, &mut notes)?;
    Ok(told(svg, Way::Redrawn, difference, &notes))
}

/// A result with its judgement.
fn told(svg: String, way: Way, difference: f64, notes: &Notes) -> Repair {
    let verdict = conformance::judge(svg.as_bytes());
    Repair { svg, way, changes: notes.changes(), lost: notes.lost(), difference, verdict }
}

/// Notes what either way does to a file: the root, the DOCTYPE, scripts, styles, data of programs; and what neither keeps.
fn note_document(document: &Document<'_>, text: &str, notes: &mut Notes) {
    notes.change(Kind::Root);
    if text.contains("<!DOCTYPE") {
        notes.change(Kind::Doctype);
    }
    for node in document.descendants() {
        if node.is_comment() || node.is_pi() {
            notes.change(Kind::Editor);
        }
        if node.is_element() {
            note_element(node, notes);
        }
    }
    let root = document.root_element();
    if root.has_attribute("x") || root.has_attribute("y") {
        notes.change(Kind::RootDropped);
    }
}

fn note_element(node: Node<'_, '_>, notes: &mut Notes) {
    let foreign = !matches!(node.tag_name().namespace(), None | Some(SVG_NAMESPACE));
    let name = node.tag_name().name();
    match name {
        _ if foreign => notes.change(Kind::Editor),
        "metadata" => notes.change(Kind::Editor),
        "script" | "a" => notes.change(Kind::Scripts),
        "style" => notes.change(Kind::Styles),
        "animate" | "animateTransform" | "animateMotion" | "animateColor" | "set" => notes.change(Kind::Animation),
        "image" | "feImage" => notes.lose(Kind::Image),
        "foreignObject" => notes.lose(Kind::ForeignObject),
        "text" => notes.lose(Kind::Text),
        _ => {}
    }
    for attribute in node.attributes() {
        match (attribute.namespace(), attribute.name()) {
            (None, name) if name.starts_with("on") => notes.change(Kind::Scripts),
            (None, "style") => notes.change(Kind::Styles),
            (None, "class") => notes.change(Kind::Foreign),
            (namespace, "href") => {
                if namespace == Some(XLINK_NAMESPACE) {
                    notes.change(Kind::Href);
                }
                if !attribute.value().trim().starts_with('#') && !matches!(name, "a" | "image") {
                    notes.lose(Kind::External);
                }
            }
            (Some(namespace), _) if namespace != XML_NAMESPACE => notes.change(Kind::Editor),
            _ => {}
        }
    }
}

/// Sides of the canvas in whole units that are tried, finest first, where the usual digits take too many octets.
const COARSER: [f64; 9] = [4000.0, 2500.0, 1600.0, 1000.0, 640.0, 400.0, 250.0, 160.0, 100.0];

/// Writes with as many digits as fit into [`MAX_OCTETS`], but with none so few that the picture changes.
fn trimmed(
    draws: &[redraw::Draw],
    side: f64,
    title: &str,
    original: &Pixmap,
    notes: &mut Notes,
) -> Result<(String, f64), RepairError> {
    // Four significant digits of the canvas to begin with.
    let decimals = (0..=4_u32).find(|decimals| side * f64::from(10_u32.pow(*decimals)) >= 8_000.0).unwrap_or(4);
    let fine = write::document(draws, side, title, decimals);
    if fine.len() <= MAX_OCTETS {
        return compared(fine, original);
    }
    for units in COARSER {
        let scaled: Vec<redraw::Draw> = draws.iter().map(|draw| draw.scaled(units / side)).collect();
        let coarse = write::document(&scaled, units, title, 0);
        if coarse.len() <= MAX_OCTETS {
            let coarse = compared(coarse, original)?;
            if coarse.1 <= SAME {
                notes.change(Kind::Precision);
                return Ok(coarse);
            }
            break;
        }
    }
    compared(fine, original)
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
