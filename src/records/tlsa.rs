//! TLSA records, RFC 6698 §2.1, as mail servers use them (RFC 7672 §3).

mod authorities;

pub use authorities::{Authority, LETS_ENCRYPT_AS_OF, State};

use std::fmt::Write as _;

use crate::text::{Piece, Span, octets_of_hex};

use super::{Parsed, Problem, Weight};

/// Longest data in presentation form that is read: a full certificate of 16 KB in hexadecimal.
const MAX_HEX: usize = 32_768;

/// One TLSA record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlsa {
    /// 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE (RFC 7218 §2.1).
    pub usage: u8,
    /// 0 whole certificate, 1 public key (RFC 7218 §2.2).
    pub selector: u8,
    /// 0 as it is, 1 SHA-256, 2 SHA-512 (RFC 7218 §2.3).
    pub matching: u8,
    /// The certificate association data.
    pub data: Vec<u8>,
}

/// What can be wrong with a TLSA record of a mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsaProblem {
    /// Usage 0 or 1, which mail servers must not be given: senders cannot use it, RFC 7672 §3.1.3.
    PkixUsage { usage: u8 },
    /// A usage, selector or matching type that is not registered.
    Unregistered { field: Field, value: u8 },
    /// The digest has not the length of its kind.
    DigestLength { expected: usize, found: usize },
    /// There is no data.
    Empty,
    /// The data is the whole certificate or key instead of a digest.
    FullData { octets: usize },
    /// `3 0 x`: the whole server certificate, which changes with every renewal.
    FullCertificate,
    /// The digest is that of an authority's key that is known here.
    Authority(&'static Authority),
    /// A field is no number from 0 to 255.
    NotANumber { field: Field },
    /// Fewer than four fields.
    TooFewFields,
    /// The data is not hexadecimal.
    NotHexadecimal,
}

/// One of the three number fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Usage,
    Selector,
    Matching,
}

impl Field {
    /// The RFC's word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Usage => "certificate usage",
            Self::Selector => "selector",
            Self::Matching => "matching type",
        }
    }
}

impl Tlsa {
    /// RDATA in zone-file form: `3 1 1 0a1b…`
    pub fn text(&self) -> String {
        let mut text = format!("{} {} {} ", self.usage, self.selector, self.matching);
        for octet in &self.data {
            // Writing to a String does not fail.
            let _ = write!(text, "{octet:02x}");
        }
        text
    }

    /// Whether a sender can use the record to authenticate the server (RFC 7672 §3.1): usage 2 or 3, known selector
    /// and matching type, data of the right length.
    pub fn is_usable(&self) -> bool {
        let digest = match self.matching {
            0 => !self.data.is_empty(),
            1 => self.data.len() == 32,
            2 => self.data.len() == 64,
            _ => false,
        };
        matches!(self.usage, 2 | 3) && self.selector <= 1 && digest
    }

    /// Everything worth saying about the record alone; spans are bytes of [`Tlsa::text`].
    pub fn problems(&self) -> Vec<Problem<TlsaProblem>> {
        let text = self.text();
        let spans: Vec<Span> = Piece::whole(&text).split(' ').map(Piece::span).collect();
        let span = |field: usize| spans.get(field).copied().unwrap_or(Span::whole(&text));
        let mut problems = Vec::new();
        let mut add = |kind, span, weight| problems.push(Problem { kind, span, weight });
        match self.usage {
            0 | 1 => add(TlsaProblem::PkixUsage { usage: self.usage }, span(0), Weight::Fault),
            2 | 3 => {}
            value => add(TlsaProblem::Unregistered { field: Field::Usage, value }, span(0), Weight::Fault),
        }
        if self.selector > 1 {
            let kind = TlsaProblem::Unregistered { field: Field::Selector, value: self.selector };
            add(kind, span(1), Weight::Fault);
        }
        let found = self.data.len();
        match (self.matching, found) {
            (0..=2, 0) => add(TlsaProblem::Empty, span(3), Weight::Fault),
            (0, octets) => add(TlsaProblem::FullData { octets }, span(2), Weight::Doubt),
            (1, 32) | (2, 64) => {}
            (1, _) => add(TlsaProblem::DigestLength { expected: 32, found }, span(3), Weight::Fault),
            (2, _) => add(TlsaProblem::DigestLength { expected: 64, found }, span(3), Weight::Fault),
            (value, _) => add(TlsaProblem::Unregistered { field: Field::Matching, value }, span(2), Weight::Fault),
        }
        if self.usage == 3 && self.selector == 0 {
            add(TlsaProblem::FullCertificate, Span::new(span(0).start, span(1).end), Weight::Doubt);
        }
        if self.usage == 2
            && self.selector == 1
            && self.matching == 1
            && let Some(authority) = Authority::by_key(&self.data)
        {
            let weight = if authority.state == State::Issuing { Weight::Note } else { Weight::Doubt };
            add(TlsaProblem::Authority(authority), span(3), weight);
        }
        problems
    }
}

/// Reads presentation form, RFC 6698 §2.2: three numbers and hexadecimal data, which may have white space inside.
pub fn parse(text: &str) -> Parsed<Option<Tlsa>, TlsaProblem> {
    let mut problems = Vec::new();
    let mut add = |kind, span| problems.push(Problem { kind, span, weight: Weight::Fault });
    let mut rest = Piece::whole(text).trim(|c| c.is_ascii_whitespace());
    let mut numbers = [0_u8; 3];
    let mut sound = true;
    for (number, field) in numbers.iter_mut().zip([Field::Usage, Field::Selector, Field::Matching]) {
        let end = rest.text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.text.len());
        let Some((word, tail)) = rest.split_at(end) else { break };
        if word.text.is_empty() {
            add(TlsaProblem::TooFewFields, word.span());
            return Parsed { record: None, problems };
        }
        // `parse` would take a sign.
        match word.text.parse::<u8>().ok().filter(|_| word.text.bytes().all(|octet| octet.is_ascii_digit())) {
            Some(value) => *number = value,
            None => {
                sound = false;
                add(TlsaProblem::NotANumber { field }, word.span());
            }
        }
        rest = tail.trim(|c| c.is_ascii_whitespace());
    }
    let [usage, selector, matching] = numbers;
    let data = Some(rest.text).filter(|text| text.len() <= MAX_HEX).and_then(octets_of_hex);
    if rest.text.is_empty() {
        add(TlsaProblem::TooFewFields, rest.span());
    } else if data.is_none() {
        add(TlsaProblem::NotHexadecimal, rest.span());
    }
    let record = data.filter(|_| sound && !rest.text.is_empty()).map(|data| Tlsa { usage, selector, matching, data });
    Parsed { record, problems }
}
