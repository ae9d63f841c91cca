//! The fields of MTA-STS and TLS-RPT records, whose grammars are one: a version, then `name=value` between semicolons.
//!
//! ```text
//! record = version 1*( *WSP ";" *WSP field ) [ *WSP ";" *WSP ]      RFC 8461 §3.1, RFC 8460 §3
//! ext    = ( ALPHA / DIGIT ) *31( ALPHA / DIGIT / "_" / "-" / "." ) "=" 1*( %x21-3A / %x3C / %x3E-7E )
//! ```
//!
//! Both grammars let a malformed field of their own (`id=2026-11-23`, `rua=a@b.example`) pass as an extension. So a
//! field is told by its name first, and only then is its value judged.

use crate::text::{Piece, Span};

use super::tags::MAX_TAGS;
use super::{Problem, Weight};

/// Longest name of a field.
const MAX_NAME: usize = 32;

/// What is wrong with the frame of a record: its version, semicolons and fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// The record does not begin with the version.
    VersionMissing,
    /// The version is written in the wrong case.
    VersionCase,
    /// White space stands before or inside the version.
    VersionSpaced,
    /// White space stands between the version and its semicolon: the grammar allows it, the selection does not.
    SpaceBeforeSemicolon,
    /// The version is followed by a field without a semicolon between them.
    SemicolonMissing,
    /// No field follows the version.
    NoFields,
    /// Two semicolons with nothing between them.
    EmptyField,
    /// A field has no `=`.
    NotAField,
    /// White space stands beside the `=`.
    SpaceAroundEquals { name: String },
    /// A name that no field may have.
    BadName,
    /// Nothing stands behind the `=`.
    EmptyValue { name: String },
    /// A value holds a character that no value may hold.
    BadValue { name: String, character: char },
    /// White space stands at the end, with no semicolon before it.
    TrailingSpace,
    /// A field that the RFC does not define; receivers ignore it.
    UnknownField { name: String },
    /// More than [`MAX_TAGS`] fields; the rest was not looked at.
    TooManyFields,
}

/// One field with a name of the right form, or close to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    /// What stands before the `=`.
    pub name: Piece<'t>,
    /// What stands after it.
    pub value: Piece<'t>,
}

impl Field<'_> {
    /// Where the field stands.
    pub(super) fn span(&self) -> Span {
        Span::new(self.name.start, self.value.span().end)
    }
}

/// A record cut into its fields.
pub(super) struct Fields<'t> {
    /// Every field with a `=`, in order.
    pub fields: Vec<Field<'t>>,
    /// What is wrong with the frame.
    pub problems: Vec<Problem<FieldProblem>>,
}

/// How a TXT text stands to a version: which records a sender picks out of the RRset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It begins with the version and a semicolon: it counts (RFC 8461 §3.1, RFC 8460 §3).
    Counts,
    /// It begins with the version, but the semicolon does not follow directly: senders differ.
    Doubtful,
    /// It looks as if it was meant (wrong case, white space), and is ignored.
    NearMiss,
    /// It is something else.
    Other,
}

/// How `text` stands to `version`.
pub fn standing(text: &str, version: &str) -> Standing {
    if let Some(rest) = text.strip_prefix(version) {
        match rest.chars().next() {
            Some(';') => return Standing::Counts,
            None => return Standing::Doubtful,
            Some(c) if is_wsp(c) => return Standing::Doubtful,
            Some(_) => {}
        }
    }
    let (first, rest) = text.split_once(';').map_or((text, None), |(first, rest)| (first, Some(rest)));
    // A first part many times as long as the version is no slip of the pen.
    let squeezed: String = first.chars().take(64).filter(|c| !c.is_whitespace() && *c != '"').collect();
    let name = version.split_once('=').map_or(version, |(_, name)| name);
    if squeezed.eq_ignore_ascii_case(version) || (squeezed.eq_ignore_ascii_case(name) && rest.is_some()) {
        return Standing::NearMiss;
    }
    // A missing semicolon: `v=STSv1 id=1` is doubtful above; `v=stsv1 id=1` is a near miss.
    let word = text.split_whitespace().next().unwrap_or("");
    if word.eq_ignore_ascii_case(version) { Standing::NearMiss } else { Standing::Other }
}

/// Cuts a record into its fields. Values of the fields named in `own` are left for the caller to judge.
pub(super) fn read<'t>(text: &'t str, version: &str, own: &[&str]) -> Fields<'t> {
    let mut fields = Fields { fields: Vec::new(), problems: Vec::new() };
    let mut parts = Piece::whole(text).split(';').peekable();
    if let Some(first) = parts.next() {
        fields.read_version(first, version, parts.peek().is_some());
    }
    let mut seen = 0;
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let field = part.trim(is_wsp);
        if field.text.is_empty() {
            if !is_last {
                fields.fault(FieldProblem::EmptyField, Span::new(part.span().end, part.span().end + 1));
            }
            continue;
        }
        seen += 1;
        if seen > MAX_TAGS {
            fields.fault(FieldProblem::TooManyFields, field.span());
            break;
        }
        if is_last && field.span().end < part.span().end {
            fields.fault(FieldProblem::TrailingSpace, Span::new(field.span().end, part.span().end));
        }
        fields.read_field(field, own);
    }
    if seen == 0 {
        fields.fault(FieldProblem::NoFields, Span::whole(text));
    }
    fields
}

impl<'t> Fields<'t> {
    fn fault(&mut self, kind: FieldProblem, span: Span) {
        self.problems.push(Problem { kind, span, weight: Weight::Fault });
    }

    fn read_version(&mut self, first: Piece<'t>, version: &str, semicolon_follows: bool) {
        let trimmed = first.trim(is_wsp);
        if first.text == version {
            return;
        }
        if trimmed.text == version && trimmed.start == first.start {
            let span = Span::new(trimmed.span().end, first.span().end);
            if semicolon_follows {
                self.problems.push(Problem { kind: FieldProblem::SpaceBeforeSemicolon, span, weight: Weight::Doubt });
            } else {
                self.fault(FieldProblem::TrailingSpace, span);
            }
            return;
        }
        if let Some((_, rest)) = first.split_at(version.len()).filter(|(before, _)| before.text == version)
            && rest.text.starts_with(is_wsp)
        {
            let gap = rest.text.len() - rest.text.trim_start_matches(is_wsp).len();
            self.fault(FieldProblem::SemicolonMissing, Span::new(rest.start, rest.start + gap));
            return;
        }
        let squeezed: String = first.text.chars().take(64).filter(|c| !c.is_whitespace()).collect();
        if squeezed == version {
            self.fault(FieldProblem::VersionSpaced, first.span());
        } else if squeezed.eq_ignore_ascii_case(version) {
            self.fault(FieldProblem::VersionCase, trimmed.span());
        } else {
            self.fault(FieldProblem::VersionMissing, first.span());
        }
    }

    fn read_field(&mut self, field: Piece<'t>, own: &[&str]) {
        let Some((before, after)) = field.split_once('=') else {
            self.fault(FieldProblem::NotAField, field.span());
            return;
        };
        let (name, value) = (before.trim(is_wsp), after.trim(is_wsp));
        if name.text.len() != before.text.len() || value.text.len() != after.text.len() {
            let span = Span::new(name.span().end, value.start);
            self.fault(FieldProblem::SpaceAroundEquals { name: clip(name.text) }, span);
        }
        if !is_name(name.text) {
            self.fault(FieldProblem::BadName, if name.text.is_empty() { field.span() } else { name.span() });
        } else if !own.contains(&name.text) {
            self.judge_value(name, value);
        }
        self.fields.push(Field { name, value });
    }

    /// Judges the value of an extension; the first bad character of it.
    fn judge_value(&mut self, name: Piece<'t>, value: Piece<'t>) {
        if value.text.is_empty() {
            self.fault(FieldProblem::EmptyValue { name: clip(name.text) }, name.span());
        }
        let bad = value.text.char_indices().find(|(_, c)| !c.is_ascii_graphic() || *c == '=');
        if let Some((at, character)) = bad {
            let start = value.start + at;
            let kind = FieldProblem::BadValue { name: clip(name.text), character };
            self.fault(kind, Span::new(start, start + character.len_utf8()));
        }
    }
}

/// White space in these records, RFC 5234 `WSP`.
pub(super) fn is_wsp(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// Whether a field may have this name; the policy file's keys follow the same rule.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

/// The beginning of a text, short enough to be quoted in a sentence.
pub(super) fn clip(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_records_count() {
        for (text, expected) in [
            ("v=STSv1; id=1", Standing::Counts),
            ("v=STSv1;", Standing::Counts),
            ("v=STSv1", Standing::Doubtful),
            ("v=STSv1 ; id=1", Standing::Doubtful),
            ("v=STSv1 id=1", Standing::Doubtful),
            ("v=stsv1; id=1", Standing::NearMiss),
            (" v=STSv1; id=1", Standing::NearMiss),
            ("v = STSv1; id=1", Standing::NearMiss),
            ("\"v=STSv1; id=1\"", Standing::NearMiss),
            ("STSv1; id=1", Standing::NearMiss),
            ("v=STSv10; id=1", Standing::Other),
            ("v=spf1 -all", Standing::Other),
            ("", Standing::Other),
        ] {
            assert_eq!(standing(text, "v=STSv1"), expected, "{text:?}");
        }
    }
}
