//! The `https` URIs of `l` and `a`, as far as the draft asks for (§4.3).

use crate::name::DomainName;
use crate::records::{Problem, Weight};
use crate::text::{Piece, Span};

/// A URI that receivers may fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// The whole URI.
    pub text: String,
    /// Its host.
    pub host: DomainName,
}

/// What can be wrong with a URI in a BIMI record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UriProblem {
    /// Another scheme than `https`, or none.
    NotHttps,
    /// More than one URI; one is allowed.
    Several,
    /// A comma, which must be written `%2C`.
    RawComma,
    /// A character that no URI has; it must be percent-encoded.
    BadCharacter { character: char },
    /// No host, or one that is no domain name.
    BadHost,
    /// The logo's file name ends like another kind of picture.
    OtherFormat { suffix: String },
    /// The file name does not end in `.svg` or `.svgz`.
    NoSvgSuffix,
    /// The file name does not end in `.pem`.
    NoPemSuffix,
}

/// What the URI leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Logo,
    Evidence,
}

/// Endings of pictures and documents that are no SVG: with one of these in `l` the record is in permanent error (§4.3).
const OTHER_FORMATS: [&str; 15] =
    ["apng", "avif", "bmp", "eps", "gif", "heic", "ico", "jpeg", "jpg", "jxl", "pdf", "png", "tif", "tiff", "webp"];

/// Reads the value of `l` or `a`; `None` where receivers cannot use it.
pub(super) fn read(value: Piece<'_>, used_as: Use) -> (Option<Uri>, Vec<Problem<UriProblem>>) {
    let mut problems = Vec::new();
    let mut add = |kind, span, weight| problems.push(Problem { kind, span, weight });
    if let Some(comma) = value.text.find(',') {
        let rest = value.text.get(comma + 1..).unwrap_or("").trim_start();
        let another = rest.is_empty() || ["http:", "https:"].iter().any(|scheme| starts_with(rest, scheme));
        if another {
            add(UriProblem::Several, Span::new(value.start + comma, value.span().end), Weight::Fault);
        } else {
            let at = value.start + comma;
            add(UriProblem::RawComma, Span::new(at, at + 1), Weight::Fault);
        }
    }
    for (at, character) in value.text.char_indices() {
        if !is_uri_character(character) {
            let start = value.start + at;
            let span = Span::new(start, start + character.len_utf8());
            add(UriProblem::BadCharacter { character }, span, Weight::Fault);
            break; // The first one tells enough.
        }
    }
    if !starts_with(value.text, "https://") {
        let scheme = value.text.find(':').map_or(value.text.len(), |colon| colon + 1);
        add(UriProblem::NotHttps, Span::new(value.start, value.start + scheme), Weight::Fault);
        return (None, problems);
    }
    let Some((_, rest)) = value.split_at("https://".len()) else { return (None, problems) };
    let authority_end = rest.text.find(['/', '?', '#']).unwrap_or(rest.text.len());
    let Some((authority, tail)) = rest.split_at(authority_end) else { return (None, problems) };
    let host = host(authority.text);
    if host.is_none() {
        add(UriProblem::BadHost, authority.span(), Weight::Fault);
    }
    let path_end = tail.text.find(['?', '#']).unwrap_or(tail.text.len());
    if let Some((path, _)) = tail.split_at(path_end) {
        problems.extend(suffix(path, used_as));
    }
    let usable = problems.iter().all(|problem| problem.weight < Weight::Fault);
    let uri = host.filter(|_| usable).map(|host| Uri { text: value.text.to_owned(), host });
    (uri, problems)
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The characters of RFC 3986 §2; a comma is judged on its own.
fn is_uri_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(character)
}

/// A host of at least two labels, without user information; a port may follow.
fn host(authority: &str) -> Option<DomainName> {
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let name = DomainName::parse(host).ok().filter(DomainName::is_host_name)?;
    let labels = name.labels();
    let numeric = labels.last().is_none_or(|last| last.bytes().all(|octet| octet.is_ascii_digit()));
    let sound = labels.len() >= 2 && !numeric && port.bytes().all(|octet| octet.is_ascii_digit());
    sound.then_some(name)
}

/// Judges how the path ends.
fn suffix(path: Piece<'_>, used_as: Use) -> Option<Problem<UriProblem>> {
    let file_at = path.text.rfind('/').map_or(0, |slash| slash + 1);
    let (_, file) = path.split_at(file_at)?;
    let (at, ending) = match file.text.rfind('.') {
        Some(dot) => (dot, file.text.get(dot + 1..).unwrap_or("").to_ascii_lowercase()),
        None => (0, String::new()),
    };
    let span = Span::new(file.start + at, file.span().end);
    match used_as {
        Use::Logo if ending == "svg" || ending == "svgz" => None,
        Use::Logo if OTHER_FORMATS.contains(&ending.as_str()) => {
            Some(Problem { kind: UriProblem::OtherFormat { suffix: ending }, span, weight: Weight::Fault })
        }
        Use::Logo => Some(Problem { kind: UriProblem::NoSvgSuffix, span, weight: Weight::Doubt }),
        Use::Evidence if ending == "pem" => None,
        Use::Evidence => Some(Problem { kind: UriProblem::NoPemSuffix, span, weight: Weight::Note }),
    }
}
