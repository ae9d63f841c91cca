//! The MTA-STS TXT record, RFC 8461 §3.1: says that there is a policy, and by a new `id` that it has changed.
//!
//! ```text
//! sts-text-record = %s"v=STSv1" 1*( *WSP ";" *WSP field ) [ *WSP ";" *WSP ]
//! field           = %s"id=" 1*32( ALPHA / DIGIT ) / ext
//! ```

use crate::order;
use crate::text::Span;
use crate::time::UnixTime;

pub use super::fields::{FieldProblem, Standing};
use super::{Parsed, Problem, Weight, fields};

/// What every record begins with; case matters.
pub const VERSION: &str = "v=STSv1";
/// Longest `id`.
const MAX_ID: usize = 32;

/// An `id` that follows from the time: letters and digits only, as `20261123T120000`.
pub fn id_of(time: UnixTime) -> String {
    time.to_string().chars().filter(char::is_ascii_alphanumeric).filter(|c| *c != 'Z').collect()
}

/// A record that announces the policy published at this time: its id follows from the time, and is not the one there is.
pub fn announce(time: UnixTime, current: Option<&str>) -> String {
    let ids = [time, UnixTime(time.0.saturating_add(1))].map(id_of);
    let id = ids.iter().find(|id| Some(id.as_str()) != current).map_or("", |id| id);
    format!("{VERSION}; id={id};")
}

/// An MTA-STS record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MtaStsRecord {
    /// The first `id`, where it has the right form.
    pub id: Option<String>,
}

/// What is wrong with an MTA-STS record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MtaStsProblem {
    /// The version, a semicolon or a field is malformed.
    Frame(FieldProblem),
    /// There is no `id`.
    IdMissing,
    /// The field is called `ID` or `Id`: an unknown extension, for case matters.
    IdCase { found: String },
    /// `id=` with nothing behind it.
    IdEmpty,
    /// An `id` is made of letters and digits only.
    IdCharacter { character: char },
    /// An `id` has at most 32 characters.
    IdTooLong { length: usize },
    /// A second `id`, which is ignored (RFC 8461 §3.2, last paragraph).
    IdRepeated,
}

/// How a TXT text stands among the records that a sender picks from.
pub fn standing(text: &str) -> Standing {
    fields::standing(text, VERSION)
}

/// Reads a record as far as it goes.
pub fn parse(text: &str) -> Parsed<MtaStsRecord, MtaStsProblem> {
    let read = fields::read(text, VERSION, &["id"]);
    let mut record = MtaStsRecord::default();
    let no_fields = read.problems.iter().any(|problem| problem.kind == FieldProblem::NoFields);
    let mut problems: Vec<Problem<MtaStsProblem>> = read
        .problems
        .into_iter()
        .map(|p| Problem { kind: MtaStsProblem::Frame(p.kind), span: p.span, weight: p.weight })
        .collect();
    let mut seen_id = false;
    for field in &read.fields {
        match field.name.text {
            "id" if seen_id => {
                problems.push(Problem { kind: MtaStsProblem::IdRepeated, span: field.span(), weight: Weight::Doubt });
            }
            "id" => {
                seen_id = true;
                match judge_id(field.value.text) {
                    None => record.id = Some(field.value.text.into()),
                    Some(kind) => {
                        let span = if field.value.text.is_empty() { field.span() } else { field.value.span() };
                        problems.push(Problem { kind, span, weight: Weight::Fault });
                    }
                }
            }
            name if name.eq_ignore_ascii_case("id") => problems.push(Problem {
                kind: MtaStsProblem::IdCase { found: name.into() },
                span: field.name.span(),
                weight: Weight::Doubt,
            }),
            name if fields::is_name(name) => problems.push(Problem {
                kind: MtaStsProblem::Frame(FieldProblem::UnknownField { name: name.into() }),
                span: field.name.span(),
                weight: Weight::Note,
            }),
            _ => {}
        }
    }
    if !seen_id && !no_fields {
        problems.push(Problem { kind: MtaStsProblem::IdMissing, span: Span::whole(text), weight: Weight::Fault });
    }
    order::by_key(&mut problems, |problem| problem.span.order());
    Parsed { record, problems }
}

/// What is wrong with the value of an `id`.
fn judge_id(value: &str) -> Option<MtaStsProblem> {
    if value.is_empty() {
        return Some(MtaStsProblem::IdEmpty);
    }
    if let Some(character) = value.chars().find(|c| !c.is_ascii_alphanumeric()) {
        return Some(MtaStsProblem::IdCharacter { character });
    }
    (value.len() > MAX_ID).then_some(MtaStsProblem::IdTooLong { length: value.len() })
}
