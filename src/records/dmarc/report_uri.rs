//! The addresses of `rua` and `ruf`: URIs separated by commas, RFC 9989 §4.8.

use crate::name::DomainName;
use crate::records::tags::is_white;
use crate::records::{Problem, Weight};
use crate::text::{Piece, Span};

/// Most addresses looked at in one list; receivers need not serve more than a few.
const MAX_URIS: usize = 32;
/// Addresses that RFC 7489 §6.2 let receivers stop at.
const USUAL_LIMIT: usize = 2;

/// One address for reports that is a valid URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportUri {
    /// The URI without an obsolete size suffix.
    pub uri: String,
    /// The domain that gets the reports: that of the mailbox, or the host of any other URI; absent where it has none.
    pub host: Option<DomainName>,
    /// Whether it is a `mailto:` URI, the only kind that receivers must support.
    pub is_mailto: bool,
    /// Where it stands in the record.
    pub span: Span,
}

/// What is wrong with one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UriProblem {
    /// Nothing stands between two commas.
    Empty,
    /// An address without `mailto:`.
    MissingMailto { text: String },
    /// No URI at all.
    NotAUri { text: String },
    /// A scheme that receivers need not support.
    UnsupportedScheme { scheme: String },
    /// `mailto:` without exactly one local part and one domain.
    BadMailbox { text: String },
    /// The domain is no host name.
    BadDomain { text: String },
    /// A character outside ASCII: the domain must be written as A-labels.
    NotAscii { character: char },
    /// White space inside the address.
    Space,
    /// A character that a URI must write as `%` and two hexadecimal digits.
    BadCharacter { character: char },
    /// `mailto://`: the slashes become part of the mailbox.
    Slashes,
    /// The size suffix of RFC 7489 (`!10m`), which receivers ignore.
    ObsoleteSize { suffix: String },
    /// A `!` that is no size suffix and must be written `%21`.
    BareExclamation,
    /// The same address again.
    Duplicate { uri: String },
    /// More than two addresses.
    Many { count: usize },
}

/// Reads a list: the valid addresses, and every problem.
pub(super) fn read_list(value: Piece<'_>) -> (Vec<ReportUri>, Vec<Problem<UriProblem>>) {
    let mut uris: Vec<ReportUri> = Vec::new();
    let mut problems = Vec::new();
    for piece in value.split(',').take(MAX_URIS) {
        let piece = piece.trim(is_white);
        if piece.text.is_empty() {
            let span = if piece.start > value.start { Span::new(piece.start - 1, piece.start) } else { value.span() };
            problems.push(Problem { kind: UriProblem::Empty, span, weight: Weight::Doubt });
            continue;
        }
        match read_uri(piece, &mut problems) {
            Some(uri) if uris.iter().any(|other| other.uri.eq_ignore_ascii_case(&uri.uri)) => {
                let kind = UriProblem::Duplicate { uri: uri.uri };
                problems.push(Problem { kind, span: piece.span(), weight: Weight::Note });
            }
            Some(uri) => uris.push(uri),
            None => {}
        }
    }
    if uris.len() > USUAL_LIMIT {
        let kind = UriProblem::Many { count: uris.len() };
        problems.push(Problem { kind, span: value.span(), weight: Weight::Note });
    }
    (uris, problems)
}

fn read_uri(piece: Piece<'_>, problems: &mut Vec<Problem<UriProblem>>) -> Option<ReportUri> {
    let mut fault = |kind, span, weight| problems.push(Problem { kind, span, weight });
    let shown = || piece.text.chars().take(60).collect::<String>();
    if let Some((at, character)) = piece.text.char_indices().find(|(_, c)| !c.is_ascii()) {
        let start = piece.start + at;
        let span = Span::new(start, start + character.len_utf8());
        fault(UriProblem::NotAscii { character }, span, Weight::Fault);
        return None;
    }
    if piece.text.contains(|c: char| is_white(c) || c.is_ascii_control()) {
        fault(UriProblem::Space, piece.span(), Weight::Fault);
        return None;
    }
    if let Some((at, character)) = foreign(piece.text) {
        let span = Span::new(piece.start + at, piece.start + at + 1);
        fault(UriProblem::BadCharacter { character }, span, Weight::Fault);
        return None;
    }
    let Some((scheme, rest)) = piece.split_once(':').filter(|(scheme, _)| is_scheme(scheme.text)) else {
        let kind = match piece.text.contains('@') {
            true => UriProblem::MissingMailto { text: shown() },
            false => UriProblem::NotAUri { text: shown() },
        };
        fault(kind, piece.span(), Weight::Fault);
        return None;
    };
    let mut body = rest;
    if let Some((before, suffix)) = rest.text.rsplit_once('!') {
        let at = rest.start + before.len();
        let span = Span::new(at, rest.span().end);
        if !is_size(suffix) || before.contains('!') {
            fault(UriProblem::BareExclamation, span, Weight::Fault);
            return None;
        }
        fault(UriProblem::ObsoleteSize { suffix: format!("!{suffix}") }, span, Weight::Note);
        body = Piece { text: before, start: rest.start };
    }
    let uri = format!("{}:{}", scheme.text, body.text);
    if !scheme.text.eq_ignore_ascii_case("mailto") {
        let kind = UriProblem::UnsupportedScheme { scheme: scheme.text.to_ascii_lowercase() };
        fault(kind, scheme.span(), Weight::Doubt);
        return Some(ReportUri { uri, host: host_of(body.text), is_mailto: false, span: piece.span() });
    }
    let address = body.text.split('?').next().unwrap_or("");
    let Some((local, domain)) = address.split_once('@').filter(|(local, d)| !local.is_empty() && !d.contains('@'))
    else {
        fault(UriProblem::BadMailbox { text: shown() }, piece.span(), Weight::Fault);
        return None;
    };
    if local.starts_with("//") {
        fault(UriProblem::Slashes, Span::new(body.start, body.start + 2), Weight::Doubt);
    }
    let Some(host) = DomainName::parse(domain).ok().filter(DomainName::is_host_name) else {
        let start = body.start + local.len() + 1;
        let kind = UriProblem::BadDomain { text: domain.chars().take(60).collect() };
        let span = if domain.is_empty() { piece.span() } else { Span::new(start, start + domain.len()) };
        fault(kind, span, Weight::Fault);
        return None;
    };
    Some(ReportUri { uri, host: Some(host), is_mailto: true, span: piece.span() })
}

/// The first character that no URI may hold as it stands, or a `%` without its two digits: RFC 3986 §2.
fn foreign(text: &str) -> Option<(usize, char)> {
    let coded = |at: usize| text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    text.char_indices().find(|&(at, character)| match character {
        '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => true,
        '%' => !coded(at),
        _ => false,
    })
}

/// Scheme of RFC 3986 §3.1. A mailbox with a colon in it is no scheme because of its `@`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// `obs-dmarc-report-size` without its `!`: digits and maybe a unit.
fn is_size(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| matches!(c.to_ascii_lowercase(), 'k' | 'm' | 'g' | 't'));
    text.len() - digits.len() <= 1 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The host of a hierarchical URI.
fn host_of(body: &str) -> Option<DomainName> {
    let authority = body.strip_prefix("//")?.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?;
    DomainName::parse(host).ok().filter(DomainName::is_host_name)
}
