//! BIMI assertion records, draft-brand-indicators-for-message-identification §4.3.
//!
//! ```text
//! bimi-record = "v" *WSP "=" *WSP "BIMI1" *( *WSP ";" *WSP tag ) [ *WSP ";" *WSP ]
//! ```
//!
//! Receivers must not repair syntax or capitalisation, so nothing is repaired here either.

mod uri;

pub use uri::{Uri, UriProblem};

use crate::order;
use crate::text::{Piece, Span};

use super::tags::{self, Tag};
use super::{Parsed, Problem, Weight};

/// Longest prefix in `lps`.
const MAX_PREFIX: usize = 63;
/// Most prefixes of `lps` that are looked at; a record of 4 KB holds no more sensible ones.
const MAX_PREFIXES: usize = 256;

/// Most problems told of one record; each becomes a finding with a copy of the text.
const MAX_PROBLEMS: usize = 32;

/// One assertion record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bimi {
    /// `l`: where the logo is.
    pub location: Location,
    /// `a`: where the evidence document (mark certificate) is.
    pub evidence: Location,
    /// `avp`: which picture receivers should prefer.
    pub preference: Preference,
    /// `lps`: prefixes of local-parts that have a record of their own; `None` where the tag is missing.
    pub local_part_selectors: Option<Vec<String>>,
}

/// The value of `l` or `a`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The tag is not there.
    Missing,
    /// The tag is there without a value.
    Empty { span: Span },
    /// A URI that receivers may fetch.
    Uri { uri: Uri, span: Span },
    /// A value that is no such URI; the problems say why.
    Broken { text: String, span: Span },
}

/// The value of `avp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Preference {
    /// `brand`, or nothing said.
    #[default]
    Brand,
    /// `personal`.
    Personal,
}

/// What can be wrong with an assertion record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BimiProblem {
    /// `l` is missing; it is required.
    LocationMissing,
    /// `l` is empty and `a` is not: neither a logo nor a declination.
    EvidenceWithoutLocation,
    /// The value of `l` is no usable URI.
    Location(UriProblem),
    /// The value of `a` is no usable URI.
    Evidence(UriProblem),
    /// The same tag stands twice.
    DuplicateTag { tag: String },
    /// A part has no `=`.
    NotATag,
    /// A tag name in the wrong case: it is an unknown tag, and ignored.
    WrongCase { tag: String },
    /// A tag that the draft does not know: ignored.
    UnknownTag { tag: String },
    /// A semicolon with nothing before it, which the grammar does not have.
    StraySemicolon,
    /// `avp` is neither `brand` nor `personal`: ignored, and receivers may fail the record.
    UnknownPreference { value: String },
    /// A prefix in `lps` is not 1 to 63 letters, digits and hyphens.
    BadPrefix { prefix: String },
    /// More tags or prefixes than are looked at, or more problems than are told.
    TooMany { limit: usize },
}

/// What a TXT record at a BIMI name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An assertion record: receivers read it.
    Assertion,
    /// Meant as one, and receivers drop it: the version is not exactly `v=BIMI1` at the start.
    NearMiss { span: Span },
    /// Something else.
    Other,
}

impl Bimi {
    /// Whether the record declines to take part (§4.3.1): `l` and `a` are empty.
    pub fn is_declined(&self) -> bool {
        matches!(self.location, Location::Empty { .. })
            && matches!(self.evidence, Location::Empty { .. } | Location::Missing)
    }
}

impl Location {
    /// The URI that receivers would fetch.
    pub fn uri(&self) -> Option<&Uri> {
        match self {
            Self::Uri { uri, .. } => Some(uri),
            _ => None,
        }
    }

    /// Where the value stands.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Missing => None,
            Self::Empty { span } | Self::Uri { span, .. } | Self::Broken { span, .. } => Some(*span),
        }
    }
}

fn is_white(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// Tells an assertion record from other TXT records: `v`, `=`, `BIMI1` exactly, at the very start (§7.2 step 2).
pub fn kind(text: &str) -> Kind {
    if version(text).is_some_and(|(name, value)| name == "v" && value == "BIMI1") {
        return Kind::Assertion;
    }
    let first = Piece::whole(text).split(';').next().unwrap_or(Piece::whole(text));
    let shown = first.trim(|c| c.is_whitespace()).span();
    let squeezed: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect::<String>().to_ascii_lowercase();
    let says_version = squeezed.contains("v=bimi") || squeezed.starts_with("bimi1");
    let says_logo = ["l=https:", "l=http:", "a=https:"].iter().any(|part| squeezed.contains(part));
    if says_version || says_logo { Kind::NearMiss { span: shown } } else { Kind::Other }
}

/// Name and value of the first part, white space as the grammar allows it.
fn version(text: &str) -> Option<(&str, &str)> {
    let first = text.split(';').next()?;
    let (name, value) = first.split_once('=')?;
    Some((name.trim_end_matches(is_white), value.trim_matches(is_white)))
}

/// Reads an assertion record; what [`kind`] does not call one is read all the same, as far as it goes.
pub fn parse(text: &str) -> Parsed<Bimi, BimiProblem> {
    let list = tags::split(text);
    let mut reader = Reader { seen: Vec::new(), problems: Vec::new() };
    let mut record = Bimi {
        location: Location::Missing,
        evidence: Location::Missing,
        preference: Preference::default(),
        local_part_selectors: None,
    };
    for tag in &list.tags {
        reader.tag(tag, &mut record);
    }
    for &span in &list.stray {
        reader.add(BimiProblem::StraySemicolon, span, Weight::Doubt);
    }
    if list.cut {
        reader.add(BimiProblem::TooMany { limit: tags::MAX_TAGS }, Span::new(text.len(), text.len()), Weight::Fault);
    }
    match (&record.location, &record.evidence) {
        (Location::Missing, _) => reader.add(BimiProblem::LocationMissing, Span::whole(text), Weight::Fault),
        (Location::Empty { span }, Location::Uri { .. } | Location::Broken { .. }) => {
            reader.add(BimiProblem::EvidenceWithoutLocation, *span, Weight::Fault);
        }
        _ => {}
    }
    let mut problems = reader.problems;
    if problems.len() > MAX_PROBLEMS {
        order::by_key(&mut problems, |problem| problem.weight.order());
        problems.truncate(MAX_PROBLEMS);
        let kind = BimiProblem::TooMany { limit: MAX_PROBLEMS };
        problems.push(Problem { kind, span: Span::new(text.len(), text.len()), weight: Weight::Doubt });
    }
    order::by_key(&mut problems, |problem| problem.span.order());
    Parsed { record, problems }
}

/// What was met so far.
struct Reader {
    seen: Vec<String>,
    problems: Vec<Problem<BimiProblem>>,
}

impl Reader {
    fn add(&mut self, kind: BimiProblem, span: Span, weight: Weight) {
        self.problems.push(Problem { kind, span, weight });
    }

    fn tag(&mut self, tag: &Tag<'_>, record: &mut Bimi) {
        let Some(value) = tag.value else {
            self.add(BimiProblem::NotATag, tag.span(), Weight::Fault);
            return;
        };
        let name = tag.name.text.to_owned();
        if self.seen.contains(&name) {
            self.add(BimiProblem::DuplicateTag { tag: name }, tag.span(), Weight::Fault);
            return;
        }
        self.seen.push(name.clone());
        match name.as_str() {
            "v" => {}
            "l" => record.location = self.location(tag, value, BimiProblem::Location, uri::Use::Logo),
            "a" => record.evidence = self.location(tag, value, BimiProblem::Evidence, uri::Use::Evidence),
            "avp" => record.preference = self.preference(tag, value),
            "lps" => record.local_part_selectors = Some(self.prefixes(value)),
            _ if ["v", "l", "a", "avp", "lps"].contains(&name.to_ascii_lowercase().as_str()) => {
                self.add(BimiProblem::WrongCase { tag: name }, tag.name.span(), Weight::Doubt);
            }
            _ => self.add(BimiProblem::UnknownTag { tag: name }, tag.span(), Weight::Note),
        }
    }

    fn location(
        &mut self,
        tag: &Tag<'_>,
        value: Piece<'_>,
        wrap: fn(UriProblem) -> BimiProblem,
        used_as: uri::Use,
    ) -> Location {
        if value.text.is_empty() {
            return Location::Empty { span: tag.span() };
        }
        let (uri, problems) = uri::read(value, used_as);
        for problem in problems {
            self.add(wrap(problem.kind), problem.span, problem.weight);
        }
        match uri {
            Some(uri) => Location::Uri { uri, span: value.span() },
            None => Location::Broken { text: value.text.to_owned(), span: value.span() },
        }
    }

    fn preference(&mut self, tag: &Tag<'_>, value: Piece<'_>) -> Preference {
        match value.text {
            "brand" => Preference::Brand,
            "personal" => Preference::Personal,
            other => {
                self.add(BimiProblem::UnknownPreference { value: other.to_owned() }, tag.span(), Weight::Doubt);
                Preference::Brand
            }
        }
    }

    fn prefixes(&mut self, value: Piece<'_>) -> Vec<String> {
        let mut prefixes = Vec::new();
        if value.text.is_empty() {
            return prefixes;
        }
        for piece in value.split(',') {
            let piece = piece.trim(is_white);
            if prefixes.len() == MAX_PREFIXES {
                let span = Span::new(piece.start, value.span().end);
                self.add(BimiProblem::TooMany { limit: MAX_PREFIXES }, span, Weight::Doubt);
                break;
            }
            let sound = piece.text.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-');
            if sound && (1..=MAX_PREFIX).contains(&piece.text.len()) {
                prefixes.push(piece.text.to_owned());
            } else {
                self.add(BimiProblem::BadPrefix { prefix: piece.text.to_owned() }, piece.span(), Weight::Doubt);
            }
        }
        prefixes
    }
}
