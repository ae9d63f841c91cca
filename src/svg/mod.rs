//! Logos: SVG Tiny PS (draft-svg-tiny-ps-abrotman), judged on the XML tree, seen as pixels, and repaired.
//!
//! usvg repairs what it reads and drops what it does not know, so it can never say "conforms": `conformance` judges the
//! tree against the tables of the schema; usvg and resvg then tell what is *seen*.

mod colours;
pub mod conformance;
pub mod gzip;
pub mod limits;
pub mod pixels;
pub mod repair;
pub mod rules;
pub mod seen;
pub mod source;
pub mod tables;

pub use conformance::judge;
pub use source::{Text, Unreadable, text};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How much a fault weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A MUST is broken, or receivers are known to refuse the file for it.
    Error,
    /// A SHOULD is not followed, or some receivers show the logo badly.
    Warning,
}

/// One fault, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Stable identifier, `attribute-not-allowed`.
    pub rule: Cow<'static, str>,
    /// How much it weighs.
    pub severity: Severity,
    /// Whether the official schema finds it too.
    pub schema: bool,
    /// Line of the (uncompressed) text, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// First byte of what is wrong, in the uncompressed text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What is wrong, with names: “`style` is not allowed on `path`”.
    pub title: String,
    /// How to mend it.
    pub fix: String,
    /// The section that says so.
    pub reference: Cow<'static, str>,
}

/// What conformance comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the official schema accepts the file.
    pub schema_valid: bool,
    /// Whether the schema accepts it and no fault is an error.
    pub conforms: bool,
    /// Every fault, in the order of the text; at most [`MAX_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more_faults: usize,
    /// Octets of the uncompressed text.
    pub size: usize,
    /// Whether the file was gzipped (SVGZ).
    pub compressed: bool,
    /// The text of the title.
    pub title: Option<String>,
    /// `viewBox` of the root: minimum x and y, width, height.
    pub view_box: Option<[f64; 4]>,
}

/// Most faults that are told of one file.
pub const MAX_FAULTS: usize = 500;
