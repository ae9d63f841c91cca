//! CAA records: which authorities may issue certificates for a name, RFC 8659; `issuevmc` does so for mark certificates.
//!
//! ```text
//! issue-value = *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]
//! issuer-domain-name = label *("." label)
//! label = (ALPHA / DIGIT) *( *("-") (ALPHA / DIGIT))
//! parameters = (parameter *WSP ";" *WSP parameters) / parameter
//! parameter = tag *WSP "=" *WSP value
//! value = *(%x21-3A / %x3C-7E)
//! ```

use crate::text::{Piece, Span};

use super::{Parsed, Problem, Weight};

/// Most parameters that are looked at in one value; the registered ones are three (RFC 8657).
const MAX_PARAMETERS: usize = 64;
/// The flag that makes authorities refuse a property that they do not know, RFC 8659 §4.1.
const ISSUER_CRITICAL: u8 = 0x80;

/// One CAA record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caa {
    /// The flags octet.
    pub flags: u8,
    /// The property tag in lower case.
    pub tag: String,
    /// The value as text; spans of problems are bytes of it.
    pub value: String,
    /// What the value says.
    pub property: Property,
}

/// The meaning of a CAA value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    /// `issue` (RFC 8659 §4.2): who may issue certificates for the name.
    Issue(Issuer),
    /// `issuewild` (RFC 8659 §4.3): who may issue certificates for a wildcard.
    IssueWild(Issuer),
    /// `issuevmc` (BIMI mark certificates): who may issue a mark certificate.
    IssueVmc(Issuer),
    /// `issuemail` (RFC 9495): who may issue certificates for mail addresses.
    IssueMail(Issuer),
    /// `iodef` (RFC 8659 §4.4): where refused requests are reported.
    Iodef(String),
    /// Any other tag.
    Other,
}

/// An `issue-value`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Issuer {
    /// The authority; `None` forbids everybody. A value that does not follow the grammar counts as that (RFC 8659 §4.2).
    pub domain: Option<String>,
    /// Parameters as name and value.
    pub parameters: Vec<(String, String)>,
}

/// What can be wrong with a CAA record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaaProblem {
    /// The value does not follow the grammar, so it forbids every authority.
    IssuerNotADomain,
    /// A parameter is no `tag=value`, so the whole value is malformed and forbids every authority.
    BadParameter,
    /// More parameters than are looked at.
    TooManyParameters { limit: usize },
    /// `iodef` is neither a `mailto:` nor an `http(s):` URL.
    IodefScheme,
    /// Flag bits that mean nothing are set, RFC 8659 §4.1.
    ReservedFlags { flags: u8 },
    /// A tag that is not registered, or has characters that no tag has.
    UnknownTag { tag: String },
    /// An unknown tag with the critical flag: authorities must refuse to issue, RFC 8659 §4.1.
    UnknownCritical { tag: String },
}

/// Registered tags whose values are not judged here (CA/Browser Forum contact properties).
const OTHER_TAGS: [&str; 2] = ["contactemail", "contactphone"];

/// Reads flags, tag and value of a CAA record.
pub fn parse(flags: u8, tag: &str, value: &[u8]) -> Parsed<Caa, CaaProblem> {
    let tag = tag.to_ascii_lowercase();
    let value = String::from_utf8_lossy(value).into_owned();
    let mut problems = Vec::new();
    if flags & !ISSUER_CRITICAL != 0 {
        let kind = CaaProblem::ReservedFlags { flags };
        problems.push(Problem { kind, span: Span::new(0, 0), weight: Weight::Note });
    }
    let property = match tag.as_str() {
        "issue" => Property::Issue(issuer(&value, &mut problems)),
        "issuewild" => Property::IssueWild(issuer(&value, &mut problems)),
        "issuevmc" => Property::IssueVmc(issuer(&value, &mut problems)),
        "issuemail" => Property::IssueMail(issuer(&value, &mut problems)),
        "iodef" => {
            let known = ["mailto:", "http://", "https://"];
            let fits =
                |scheme: &&str| value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
            if !known.iter().any(fits) {
                let span = Span::whole(&value);
                problems.push(Problem { kind: CaaProblem::IodefScheme, span, weight: Weight::Doubt });
            }
            Property::Iodef(value.clone())
        }
        known if OTHER_TAGS.contains(&known) => Property::Other,
        _ => {
            let span = Span::whole(&value);
            problems.push(if flags & ISSUER_CRITICAL == 0 {
                Problem { kind: CaaProblem::UnknownTag { tag: tag.clone() }, span, weight: Weight::Note }
            } else {
                Problem { kind: CaaProblem::UnknownCritical { tag: tag.clone() }, span, weight: Weight::Fault }
            });
            Property::Other
        }
    };
    Parsed { record: Caa { flags, tag, value, property }, problems }
}

impl Caa {
    /// RDATA in zone-file form: `0 issue "ca.example"`.
    pub fn text(&self) -> String {
        let mut quoted = String::new();
        for octet in self.value.bytes() {
            match octet {
                b'"' | b'\\' => {
                    quoted.push('\\');
                    quoted.push(char::from(octet));
                }
                0x20..=0x7E => quoted.push(char::from(octet)),
                _ => quoted.push_str(&format!("\\{octet:03}")),
            }
        }
        format!("{} {} \"{quoted}\"", self.flags, self.tag)
    }

    /// Whether an authority that does not know the tag must refuse to issue.
    pub fn is_critical(&self) -> bool {
        self.flags & ISSUER_CRITICAL != 0
    }
}

fn is_white(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// Reads an `issue-value`; where it does not follow the grammar, the issuer is nobody.
fn issuer(value: &str, problems: &mut Vec<Problem<CaaProblem>>) -> Issuer {
    let whole = Piece::whole(value);
    let (domain, parameters) = match whole.split_once(';') {
        Some((domain, parameters)) => (domain.trim(is_white), Some(parameters.trim(is_white))),
        None => (whole.trim(is_white), None),
    };
    let mut issuer = Issuer::default();
    let mut sound = true;
    if !domain.text.is_empty() {
        if is_issuer_domain(domain.text) {
            issuer.domain = Some(domain.text.to_ascii_lowercase());
        } else {
            sound = false;
            let kind = CaaProblem::IssuerNotADomain;
            problems.push(Problem { kind, span: domain.span(), weight: Weight::Fault });
        }
    }
    for (index, piece) in
        parameters.filter(|all| !all.text.is_empty()).into_iter().flat_map(|all| all.split(';')).enumerate()
    {
        let piece = piece.trim(is_white);
        if index == MAX_PARAMETERS {
            let kind = CaaProblem::TooManyParameters { limit: MAX_PARAMETERS };
            let span = Span::new(piece.start, value.len());
            problems.push(Problem { kind, span, weight: Weight::Doubt });
            break;
        }
        match parameter(piece) {
            Some(parameter) => issuer.parameters.push(parameter),
            None => {
                sound = false;
                let kind = CaaProblem::BadParameter;
                problems.push(Problem { kind, span: piece.span(), weight: Weight::Fault });
            }
        }
    }
    if !sound {
        issuer.domain = None;
    }
    issuer
}

/// `label *("." label)`.
fn is_issuer_domain(text: &str) -> bool {
    text.split('.').all(is_label)
}

/// Letters and digits, with hyphens inside; the rule of labels and of parameter tags.
fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn parameter(piece: Piece<'_>) -> Option<(String, String)> {
    let (tag, value) = piece.split_once('=')?;
    let (tag, value) = (tag.trim(is_white).text, value.trim(is_white).text);
    let sound = is_label(tag) && value.bytes().all(|octet| matches!(octet, 0x21..=0x7E));
    sound.then(|| (tag.to_ascii_lowercase(), value.to_owned()))
}
