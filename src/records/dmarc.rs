//! DMARC policy records (RFC 9989 §4.7, §4.8) and the near misses that receivers do not see as records.

mod near_miss;
mod problem;
mod report_uri;

pub use near_miss::NearMiss;
pub use problem::DmarcProblem;
pub use report_uri::{ReportUri, UriProblem};

use serde::Serialize;

use crate::text::{Piece, Span};

use super::tags::{self, Problems, Tag};
use super::{Parsed, Weight};

/// What receivers are asked to do with mail that fails, in order of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Deliver as ever.
    None,
    /// Treat as suspicious, usually the spam folder.
    Quarantine,
    /// Refuse.
    Reject,
}

impl Policy {
    /// The word in the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }

    /// The policy one step weaker, which `t=y` asks for (RFC 9989 §4.7).
    pub fn lowered(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            Self::Quarantine | Self::None => Self::None,
        }
    }
}

/// The `psd` tag: whether the name is a public suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Psd {
    /// `y`: a public suffix.
    Yes,
    /// `n`: an organizational domain.
    No,
    /// `u` or absent: the tree walk decides.
    #[default]
    Undeclared,
}

/// A DMARC policy record, read as far as it goes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DmarcRecord {
    /// `p`, where it is there and valid.
    pub policy: Option<Policy>,
    /// `sp`, where it is there and valid.
    pub subdomain_policy: Option<Policy>,
    /// `np`, where it is there and valid.
    pub nonexistent_policy: Option<Policy>,
    /// Whether `p`, `sp` or `np` is there with a value that is none of the three words.
    pub has_invalid_policy: bool,
    /// `t=y`.
    pub testing: bool,
    /// `psd`.
    pub psd: Psd,
    /// `adkim=s`.
    pub strict_dkim: bool,
    /// `aspf=s`.
    pub strict_spf: bool,
    /// The valid addresses of `rua`.
    pub aggregate_reports: Vec<ReportUri>,
    /// The valid addresses of `ruf`.
    pub failure_reports: Vec<ReportUri>,
    /// `pct` of RFC 7489, which RFC 9989 removed.
    pub percent: Option<u8>,
}

/// What a record asks for, after the rules on broken ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// The policies for the domain, its existing sub-domains and those that do not exist; `t=y` not applied yet.
    Policies { domain: Policy, subdomains: Policy, nonexistent: Policy },
    /// `p` is missing, or a policy is invalid, and there is an address for reports: as if `p=none` alone stood there.
    MonitorOnly,
    /// The same without an address: receivers apply no DMARC at all.
    Nothing,
}

impl DmarcRecord {
    /// What the record asks for, RFC 9989 §4.10.1 on broken policies and §4.7 on fallbacks.
    pub fn request(&self) -> Request {
        match self.policy {
            Some(domain) if !self.has_invalid_policy => {
                let subdomains = self.subdomain_policy.unwrap_or(domain);
                let nonexistent = self.nonexistent_policy.unwrap_or(subdomains);
                Request::Policies { domain, subdomains, nonexistent }
            }
            _ if self.aggregate_reports.is_empty() => Request::Nothing,
            _ => Request::MonitorOnly,
        }
    }
}

/// What a TXT record at a `_dmarc` name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A policy record, maybe with problems.
    Record(Parsed<DmarcRecord, DmarcProblem>),
    /// Meant as one, and ignored by every receiver.
    NearMiss { kind: NearMiss, span: Span },
    /// Something else.
    Unrelated,
}

/// Reads a TXT record at a `_dmarc` name.
pub fn read(text: &str) -> Reading {
    let list = tags::split(text);
    // §4.7: `v` first and exactly `DMARC1`, else the whole record is ignored. The tag name alone knows no case (§4.8).
    let is_record = list.tags.first().is_some_and(|tag| {
        tag.name.text.eq_ignore_ascii_case("v")
            && tag.value.is_some_and(|value| value.text == "DMARC1")
            && list.stray.first().is_none_or(|stray| stray.start > tag.name.start)
    });
    if is_record {
        return Reading::Record(parse(text));
    }
    match near_miss::find(text, &list) {
        Some((kind, span)) => Reading::NearMiss { kind, span },
        None => Reading::Unrelated,
    }
}

fn parse(text: &str) -> Parsed<DmarcRecord, DmarcProblem> {
    let mut reader = Reader { record: DmarcRecord::default(), problems: Problems::new() };
    reader.read(text);
    Parsed { record: reader.record, problems: reader.problems.in_order() }
}

struct Reader {
    record: DmarcRecord,
    problems: Problems<DmarcProblem>,
}

impl Reader {
    fn read(&mut self, text: &str) {
        let list = tags::split(text);
        if text.starts_with(tags::is_white) {
            let white = text.len() - text.trim_start_matches(tags::is_white).len();
            self.problems.report(DmarcProblem::LeadingSpace, Span::new(0, white), Weight::Doubt);
        }
        for &stray in &list.stray {
            self.problems.report(DmarcProblem::EmptyPart, stray, Weight::Note);
        }
        let mut seen: Vec<(String, Tag<'_>)> = Vec::new();
        for tag in &list.tags {
            if let Some(name) = self.accept(tag, &seen) {
                seen.push((name, *tag));
            }
        }
        if list.cut {
            self.problems.report(DmarcProblem::TooManyTags, Span::whole(text), Weight::Fault);
        }
        let value_of = |wanted: &str| {
            seen.iter().find(|(name, _)| name == wanted).and_then(|(_, tag)| tag.value.map(|value| (*tag, value)))
        };
        // Addresses first: whether there are any decides what a broken policy means.
        for (tag, for_failures) in [("rua", false), ("ruf", true)] {
            if let Some((_, value)) = value_of(tag) {
                self.read_uris(tag, value, for_failures);
            }
        }
        self.read_policies(text, value_of, &seen);
        self.read_small_tags(value_of);
    }

    /// Judges the form of one part; its lower-case name where it counts.
    fn accept(&mut self, tag: &Tag<'_>, seen: &[(String, Tag<'_>)]) -> Option<String> {
        let Some(value) = tag.value else {
            let text = short(tag.name.text);
            let kind = match text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
                true => DmarcProblem::StrayUri { text },
                false => DmarcProblem::NoValue { text },
            };
            self.problems.report(kind, tag.span(), Weight::Fault);
            return None;
        };
        let name = tag.name.text;
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
            let kind = match name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
                true => DmarcProblem::StrayUri { text: short(name) },
                false => DmarcProblem::BadTagName { name: short(name) },
            };
            self.problems.report(kind, tag.span(), Weight::Fault);
            return None;
        }
        let lower = name.to_ascii_lowercase();
        if seen.iter().any(|(other, _)| *other == lower) {
            let (kind, weight) = match lower.as_str() {
                "v" => (DmarcProblem::SecondVersion, Weight::Fault),
                _ => (DmarcProblem::DuplicateTag { name: short(name) }, Weight::Doubt),
            };
            self.problems.report(kind, tag.span(), weight);
            return None;
        }
        if name != lower {
            self.problems.report(DmarcProblem::UpperCase { name: short(name) }, tag.name.span(), Weight::Note);
        }
        if !KNOWN.contains(&lower.as_str()) {
            self.problems.report(DmarcProblem::UnknownTag { name: short(name) }, tag.span(), Weight::Note);
            return Some(lower);
        }
        if value.text.is_empty() && !matches!(lower.as_str(), "p" | "sp" | "np") {
            self.problems.report(DmarcProblem::EmptyValue { name: lower }, tag.span(), Weight::Doubt);
            return None;
        }
        if let Some((at, character)) = value.text.char_indices().find(|(_, c)| !matches!(c, ' '..='~' | '\t'))
            && !matches!(lower.as_str(), "rua" | "ruf")
        {
            let start = value.start + at;
            let kind = DmarcProblem::BadCharacter { name: lower.clone(), character };
            self.problems.report(kind, Span::new(start, start + character.len_utf8()), Weight::Fault);
        }
        Some(lower)
    }

    fn read_uris(&mut self, tag: &'static str, value: Piece<'_>, for_failures: bool) {
        let (uris, problems) = report_uri::read_list(value);
        for problem in problems {
            self.problems.report(DmarcProblem::Uri { tag, problem: problem.kind }, problem.span, problem.weight);
        }
        match for_failures {
            true => self.record.failure_reports = uris,
            false => self.record.aggregate_reports = uris,
        }
    }

    fn read_policies<'t>(
        &mut self,
        text: &str,
        value_of: impl Fn(&str) -> Option<(Tag<'t>, Piece<'t>)>,
        seen: &[(String, Tag<'_>)],
    ) {
        let reports = !self.record.aggregate_reports.is_empty();
        let policy = |reader: &mut Self, tag: &'static str| {
            let (whole, value) = value_of(tag)?;
            let policy = [Policy::None, Policy::Quarantine, Policy::Reject]
                .into_iter()
                .find(|policy| value.text.eq_ignore_ascii_case(policy.word()));
            if policy.is_none() {
                let value_text = short(value.text);
                reader.record.has_invalid_policy = true;
                let span = if value.text.is_empty() { whole.span() } else { value.span() };
                let kind = DmarcProblem::InvalidPolicy { tag, value: value_text, reports };
                reader.problems.report(kind, span, Weight::Fault);
            }
            policy
        };
        self.record.policy = policy(self, "p");
        self.record.subdomain_policy = policy(self, "sp");
        self.record.nonexistent_policy = policy(self, "np");
        match seen.iter().position(|(name, _)| name == "p") {
            None => self.problems.report(DmarcProblem::MissingPolicy { reports }, Span::whole(text), Weight::Fault),
            Some(0 | 1) => {}
            Some(_) => {
                let span = value_of("p").map_or(Span::whole(text), |(tag, _)| tag.span());
                self.problems.report(DmarcProblem::PolicyNotSecond, span, Weight::Note);
            }
        }
    }

    fn read_small_tags<'t>(&mut self, value_of: impl Fn(&str) -> Option<(Tag<'t>, Piece<'t>)>) {
        let word = |reader: &mut Self, tag: &'static str, allowed: &[&'static str], default: &'static str| {
            let Some((_, value)) = value_of(tag) else { return default };
            let found = allowed.iter().find(|word| value.text.eq_ignore_ascii_case(word));
            found.copied().unwrap_or_else(|| {
                let kind = DmarcProblem::InvalidValue { tag, value: short(value.text), default };
                reader.problems.report(kind, value.span(), Weight::Doubt);
                default
            })
        };
        self.record.testing = word(self, "t", &["y", "n"], "n") == "y";
        self.record.psd = match word(self, "psd", &["y", "n", "u"], "u") {
            "y" => Psd::Yes,
            "n" => Psd::No,
            _ => Psd::Undeclared,
        };
        self.record.strict_dkim = word(self, "adkim", &["r", "s"], "r") == "s";
        self.record.strict_spf = word(self, "aspf", &["r", "s"], "r") == "s";
        if let Some((tag, value)) = value_of("fo") {
            if !are_failure_options(value.text) {
                let kind = DmarcProblem::InvalidFailureOptions { value: short(value.text) };
                self.problems.report(kind, value.span(), Weight::Doubt);
            }
            if value_of("ruf").is_none() {
                self.problems.report(DmarcProblem::FailureOptionsUnused, tag.span(), Weight::Note);
            }
        }
        for tag in ["pct", "rf", "ri"] {
            let Some((whole, value)) = value_of(tag) else { continue };
            if tag == "pct" {
                self.record.percent = value.text.parse().ok().filter(|percent| *percent <= 100);
            }
            // Receivers of RFC 7489 still act on a pct below 100; the rest changes nothing.
            let weight = if tag == "pct" && value.text != "100" { Weight::Doubt } else { Weight::Note };
            let kind = DmarcProblem::RemovedTag { tag, value: short(value.text) };
            self.problems.report(kind, whole.span(), weight);
        }
    }
}

/// The tags of RFC 9989 §4.7, and those of RFC 7489 that it removed.
const KNOWN: [&str; 14] = ["v", "p", "sp", "np", "t", "psd", "adkim", "aspf", "rua", "ruf", "fo", "pct", "rf", "ri"];

/// `dmarc-fo` of §4.8: at most one of `0` and `1`, `d` and `s` at most once each, at least one of them all.
fn are_failure_options(text: &str) -> bool {
    let mut seen: Vec<char> = Vec::new();
    for part in text.split(':') {
        let part = part.trim_matches([' ', '\t']);
        let mut characters = part.chars();
        let (Some(option), None) = (characters.next(), characters.next()) else { return false };
        let option = option.to_ascii_lowercase();
        let excluded = match option {
            '0' | '1' => seen.iter().any(|other| matches!(other, '0' | '1')),
            'd' | 's' => seen.contains(&option),
            _ => true,
        };
        if excluded {
            return false;
        }
        seen.push(option);
    }
    true
}

/// A text cut to what a sentence can hold.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
