//! The TLS-RPT record, RFC 8460 §3: where to send reports on the TLS of deliveries.
//!
//! ```text
//! tlsrpt-record = %s"v=TLSRPTv1" 1*( *WSP ";" *WSP field ) [ *WSP ";" *WSP ]
//! field         = %s"rua=" uri *( *WSP "," *WSP uri ) / ext
//! ```
//!
//! `,` `!` and `;` inside a URI must be percent-encoded.

use crate::name::{DomainName, NameError};
use crate::order;
use crate::text::{Piece, Span};

pub use super::fields::{FieldProblem, Standing};
use super::{Parsed, Problem, Weight, fields};

/// What every record begins with; case matters.
pub const VERSION: &str = "v=TLSRPTv1";
/// Most report addresses that are read; senders stop much earlier.
pub const MAX_TARGETS: usize = 64;

/// A TLS-RPT record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsRptRecord {
    /// Where reports go, in order: the usable ones.
    pub targets: Vec<Target>,
}

/// One place that reports go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The URI as written, without a `!` suffix.
    pub uri: String,
    /// Where it stands.
    pub span: Span,
    /// Mail or HTTPS.
    pub way: Way,
}

/// How a report gets there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By mail to an address at `domain`.
    Mail { address: String, domain: DomainName },
    /// By POST to a URL on `host`; an IP address has no name.
    Https { host: Option<DomainName> },
}

/// What is wrong with a TLS-RPT record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsRptProblem {
    /// The version, a semicolon or a field is malformed.
    Frame(FieldProblem),
    /// There is no `rua`.
    RuaMissing,
    /// The field is called `RUA` or `Rua`: an unknown extension, for case matters.
    RuaCase { found: String },
    /// A second `rua`; senders differ on whether it counts.
    RuaRepeated,
    /// Nothing between two commas, or nothing behind `rua=`.
    EmptyTarget,
    /// A bare address or name without `mailto:` or `https:`.
    NoScheme { text: String },
    /// A scheme that is neither `mailto` nor `https`; senders ignore the target.
    Scheme { scheme: String },
    /// What follows `mailto:` is no mail address.
    NotAnAddress { text: String },
    /// The domain of the address or URL is no domain name.
    BadDomain { text: String, why: NameError },
    /// The domain of the address or URL is no name that a host may have.
    NotAHostName { text: String },
    /// The domain is written in letters outside ASCII: A-labels are required.
    NotAscii { text: String },
    /// A character that no URI may hold.
    UriCharacter { character: char },
    /// A `%` that is not followed by two hexadecimal digits.
    BadEscape,
    /// A `!`, which must be written `%21`; `!10m` is a habit from old DMARC records and means nothing here.
    Exclamation,
    /// A URL was cut at a semicolon, which must be written `%3B`.
    SemicolonInUrl { rest: String },
    /// More than [`MAX_TARGETS`] targets; the rest was not looked at.
    TooManyTargets,
}

/// How a TXT text stands among the records that a sender picks from.
pub fn standing(text: &str) -> Standing {
    fields::standing(text, VERSION)
}

/// Reads a record as far as it goes.
pub fn parse(text: &str) -> Parsed<TlsRptRecord, TlsRptProblem> {
    let read = fields::read(text, VERSION, &["rua"]);
    let mut reader = Reader { text, targets: Vec::new(), problems: Vec::new(), seen: 0 };
    let no_fields = read.problems.iter().any(|problem| problem.kind == FieldProblem::NoFields);
    for problem in read.problems {
        reader.note(TlsRptProblem::Frame(problem.kind), problem.span, problem.weight);
    }
    let mut seen_rua = false;
    for field in &read.fields {
        match field.name.text {
            "rua" => {
                if seen_rua {
                    reader.note(TlsRptProblem::RuaRepeated, field.span(), Weight::Doubt);
                }
                seen_rua = true;
                reader.read_targets(field.value);
            }
            name if name.eq_ignore_ascii_case("rua") => {
                reader.note(TlsRptProblem::RuaCase { found: name.into() }, field.name.span(), Weight::Doubt);
            }
            name if fields::is_name(name) => {
                let kind = TlsRptProblem::Frame(FieldProblem::UnknownField { name: name.into() });
                reader.note(kind, field.name.span(), Weight::Note);
            }
            _ => {}
        }
    }
    if !seen_rua && !no_fields {
        reader.note(TlsRptProblem::RuaMissing, Span::whole(text), Weight::Fault);
    }
    let mut problems = reader.problems;
    // RFC 8460 §3: an unsupported scheme is ignored, which is no fault while another target is there.
    if !reader.targets.is_empty() {
        for problem in &mut problems {
            if matches!(problem.kind, TlsRptProblem::Scheme { .. }) {
                problem.weight = Weight::Doubt;
            }
        }
    }
    order::by_key(&mut problems, |problem| problem.span.order());
    Parsed { record: TlsRptRecord { targets: reader.targets }, problems }
}

/// Collects targets and problems.
struct Reader<'t> {
    text: &'t str,
    targets: Vec<Target>,
    problems: Vec<Problem<TlsRptProblem>>,
    seen: usize,
}

impl<'t> Reader<'t> {
    fn note(&mut self, kind: TlsRptProblem, span: Span, weight: Weight) {
        self.problems.push(Problem { kind, span, weight });
    }

    fn read_targets(&mut self, value: Piece<'t>) {
        let mut last = value;
        for part in value.split(',') {
            let uri = part.trim(fields::is_wsp);
            last = uri;
            self.seen += 1;
            if self.seen > MAX_TARGETS {
                self.note(TlsRptProblem::TooManyTargets, uri.span(), Weight::Doubt);
                return;
            }
            if uri.text.is_empty() {
                // The comma, or the `=` where there is nothing at all.
                let start = uri.start.saturating_sub(1);
                self.note(TlsRptProblem::EmptyTarget, Span::new(start, uri.start), Weight::Fault);
                continue;
            }
            let way = self.read_target(uri);
            if let Some((uri, way)) = way {
                self.targets.push(Target { uri: uri.text.into(), span: uri.span(), way });
            }
        }
        self.look_past_the_semicolon(last);
    }

    /// A URL with a query that ends in a semicolon with text directly behind it was most likely cut there.
    fn look_past_the_semicolon(&mut self, uri: Piece<'t>) {
        let Some(rest) = self.text.get(uri.span().end..).and_then(|rest| rest.strip_prefix(';')) else { return };
        let rest = rest.split(';').next().unwrap_or("");
        let follows_directly = rest.chars().next().is_some_and(|c| !c.is_whitespace());
        let is_own_field = rest.starts_with("rua=");
        if uri.text.contains('?') && follows_directly && !is_own_field {
            let span = Span::new(uri.start, uri.span().end + 1 + rest.len());
            self.note(TlsRptProblem::SemicolonInUrl { rest: fields::clip(rest) }, span, Weight::Doubt);
        }
    }

    /// Reads one URI; the piece that comes back is without a `!` suffix.
    fn read_target(&mut self, uri: Piece<'t>) -> Option<(Piece<'t>, Way)> {
        let scheme = uri.text.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
        let Some(scheme) = scheme else {
            self.note(TlsRptProblem::NoScheme { text: fields::clip(uri.text) }, uri.span(), Weight::Fault);
            return None;
        };
        let is_mail = scheme.eq_ignore_ascii_case("mailto");
        if !is_mail && !scheme.eq_ignore_ascii_case("https") {
            let span = Span::new(uri.start, uri.start + scheme.len());
            self.note(TlsRptProblem::Scheme { scheme: fields::clip(scheme) }, span, Weight::Fault);
            return None;
        }
        if !self.judge_characters(uri) {
            return None;
        }
        let uri = self.without_suffix(uri, is_mail);
        let (_, rest) = uri.split_once(':')?;
        let way = if is_mail { self.read_mail(rest) } else { self.read_https(rest) }?;
        Some((uri, way))
    }

    /// Whether every character may stand in a URI (RFC 3986 §2); letters outside ASCII in a domain are told apart later.
    fn judge_characters(&mut self, uri: Piece<'t>) -> bool {
        let allowed = |c: char| {
            c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
        };
        if let Some((at, character)) = uri.text.char_indices().find(|(_, c)| !allowed(*c)) {
            let start = uri.start + at;
            let span = Span::new(start, start + character.len_utf8());
            self.note(TlsRptProblem::UriCharacter { character }, span, Weight::Fault);
            return false;
        }
        let octets = uri.text.as_bytes();
        let bad = octets.iter().enumerate().find(|&(at, &octet)| {
            let hex = |at: usize| octets.get(at).is_some_and(u8::is_ascii_hexdigit);
            octet == b'%' && !(hex(at + 1) && hex(at + 2))
        });
        if let Some((at, _)) = bad {
            self.note(TlsRptProblem::BadEscape, Span::new(uri.start + at, uri.start + at + 1), Weight::Fault);
            return false;
        }
        true
    }

    /// Notes a `!`, and takes a size suffix (`!10m`) off a mail address.
    fn without_suffix(&mut self, uri: Piece<'t>, is_mail: bool) -> Piece<'t> {
        let Some((at, _)) = uri.text.char_indices().find(|(_, c)| *c == '!') else { return uri };
        let mark = uri.start + at;
        let behind_domain = is_mail && uri.text.find('@').is_some_and(|sign| sign < at);
        let end = if behind_domain { uri.span().end } else { mark + 1 };
        self.note(TlsRptProblem::Exclamation, Span::new(mark, end), Weight::Doubt);
        match uri.split_at(at) {
            Some((before, _)) if behind_domain => before,
            _ => uri,
        }
    }

    fn read_mail(&mut self, rest: Piece<'t>) -> Option<Way> {
        let address = rest.split_once('?').map_or(rest, |(before, _)| before);
        let Some(sign) = address.text.rfind('@') else {
            let span = if address.text.is_empty() {
                Span::new(rest.start.saturating_sub(1), rest.start)
            } else {
                address.span()
            };
            self.note(TlsRptProblem::NotAnAddress { text: fields::clip(address.text) }, span, Weight::Fault);
            return None;
        };
        let (local, domain) = (address.split_at(sign)?.0, address.split_at(sign + 1)?.1);
        // `mailto://…` and `mailto:mailto:…` are slips that make a local part which no mailbox has.
        let slip = local.text.is_empty() || local.text.contains(['/', ':', '@']);
        if slip || domain.text.is_empty() {
            self.note(TlsRptProblem::NotAnAddress { text: fields::clip(address.text) }, address.span(), Weight::Fault);
            return None;
        }
        let domain = self.read_domain(domain)?;
        Some(Way::Mail { address: address.text.into(), domain })
    }

    fn read_https(&mut self, rest: Piece<'t>) -> Option<Way> {
        let authority = rest.text.strip_prefix("//").map(|text| Piece { text, start: rest.start + 2 });
        let authority = authority.unwrap_or(Piece { text: "", start: rest.start });
        let end = authority.text.find(['/', '?', '#']).unwrap_or(authority.text.len());
        let authority = authority.split_at(end)?.0;
        let host = match authority.text.rfind('@') {
            Some(at) => authority.split_at(at + 1)?.1,
            None => authority,
        };
        if host.text.starts_with('[') {
            return Some(Way::Https { host: None });
        }
        let host = host.split_once(':').map_or(host, |(host, _)| host);
        if host.text.parse::<std::net::Ipv4Addr>().is_ok() {
            return Some(Way::Https { host: None });
        }
        self.read_domain(host).map(|host| Way::Https { host: Some(host) })
    }

    fn read_domain(&mut self, domain: Piece<'t>) -> Option<DomainName> {
        let text = fields::clip(domain.text);
        let kind = match DomainName::parse(domain.text) {
            Ok(name) if name.is_host_name() && !domain.text.ends_with('.') => return Some(name),
            Ok(_) => TlsRptProblem::NotAHostName { text },
            Err(NameError::NotAscii { .. }) => TlsRptProblem::NotAscii { text },
            Err(why) => TlsRptProblem::BadDomain { text, why },
        };
        let span = if domain.text.is_empty() {
            Span::new(domain.start.saturating_sub(1), domain.start)
        } else {
            domain.span()
        };
        self.note(kind, span, Weight::Fault);
        None
    }
}

/// Whether a text is a URI scheme, RFC 3986 §3.1.
fn is_scheme(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}
