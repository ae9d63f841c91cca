//! The values of terms: domain-specs, addresses and prefix lengths, RFC 7208 §12.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::text::{Piece, Span};

use super::guess::{bare_address, host_instead, without_zeros};
use super::macros::{self, Letter, MacroString, Part};
use super::problem::{PrefixFault, ProblemKind, TargetFault};
use super::term::Reader;
use super::{DualPrefix, Mechanism, Network};

impl Reader<'_> {
    /// `:` domain-spec without prefix length, of `include`, `exists` and `ptr`.
    pub(super) fn plain_target(
        &mut self,
        name: &'static str,
        whole: Piece<'_>,
        rest: Piece<'_>,
    ) -> Option<MacroString> {
        let Some(value) = after_colon(rest) else {
            if rest.text.is_empty() {
                self.problems.fault(ProblemKind::MissingArgument { name }, whole.span());
            } else {
                // A prefix length where none may be, and perhaps no target either.
                let kind = ProblemKind::PrefixNotAllowed { name, meant: String::new() };
                self.problems.fault(kind, rest.span());
            }
            return None;
        };
        let (domain, tail) = split_prefix(value);
        if !tail.text.is_empty() && !domain.text.is_empty() {
            let kind = ProblemKind::PrefixNotAllowed { name, meant: String::new() };
            self.problems.fault(kind, tail.span());
            return None;
        }
        self.domain_spec(name, whole, value)
    }

    /// `[":" domain-spec] [dual-cidr-length]` of `a` and `mx`.
    pub(super) fn host(
        &mut self,
        name: &'static str,
        whole: Piece<'_>,
        rest: Piece<'_>,
    ) -> Option<(Option<MacroString>, DualPrefix)> {
        let Some(value) = after_colon(rest) else { return Some((None, self.dual_prefix(rest)?)) };
        let (domain, tail) = split_prefix(value);
        let target = self.domain_spec(name, whole, domain);
        let prefix = self.dual_prefix(tail);
        Some((Some(target?), prefix?))
    }

    /// A domain-spec: a macro-string that ends in `.toplabel`, with or without a dot, or in a macro (RFC 7208 §7.1).
    pub(super) fn domain_spec(
        &mut self,
        name: &'static str,
        whole: Piece<'_>,
        piece: Piece<'_>,
    ) -> Option<MacroString> {
        if piece.text.is_empty() {
            self.problems.fault(ProblemKind::MissingArgument { name }, whole.span());
            return None;
        }
        let spec = macros::read(piece, self.problems)?;
        let used = |part: &Part| matches!(part, Part::Expand(expand) if expand.letter.only_in_explanation());
        if spec.parts.iter().any(used) {
            self.problems.fault(ProblemKind::MacroOnlyInExplanation, piece.span());
            return None;
        }
        if let Some(Part::Literal(literal)) = spec.parts.last()
            && let Err(fault) = check_end(literal)
        {
            self.bad_target(name, whole, piece, fault);
            return None;
        }
        if self.problems.faults_only {
            return Some(spec);
        }
        if spec.uses(Letter::ValidatedName) {
            self.problems.doubt(ProblemKind::MacroP, piece.span());
        }
        if let Some(literal) = spec.literal() {
            if let Some(without) = literal.strip_suffix('.') {
                let meant = without.into();
                self.problems.note(ProblemKind::TrailingDot { meant }, piece.span());
            }
            if let Err(error) = macros::target_name(&literal) {
                self.problems.doubt(ProblemKind::UnresolvableName { why: error.to_string() }, piece.span());
            }
            let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if let Some(character) = literal.chars().find(|&c| odd(c)) {
                self.problems.doubt(ProblemKind::OddName { character }, piece.span());
            }
        }
        Some(spec)
    }

    pub(super) fn bad_target(&mut self, name: &str, whole: Piece<'_>, piece: Piece<'_>, fault: TargetFault) {
        // A slash in the last label is a prefix length gone wrong.
        let last_label = piece.text.rfind('.').map_or(0, |at| at + 1);
        if let Some((_, label)) = piece.split_at(last_label)
            && let Some(slash) = label.text.find('/')
            && let Some((_, tail)) = label.split_at(slash)
            && matches!(name, "a" | "mx")
        {
            let kind = ProblemKind::BadPrefix { fault: PrefixFault::NotANumber, meant: None };
            self.problems.fault(kind, tail.span());
            return;
        }
        let address = whole.text.split_once(':').map_or("", |(_, value)| value);
        match bare_address(address).filter(|_| !matches!(name, "redirect" | "exp")) {
            Some(meant) => self.problems.fault(ProblemKind::BadTarget { fault, meant: Some(meant) }, whole.span()),
            None => self.problems.fault(ProblemKind::BadTarget { fault, meant: None }, piece.span()),
        }
    }

    /// `["/" ip4-cidr] ["//" ip6-cidr]`, RFC 7208 §5.
    pub(super) fn dual_prefix(&mut self, tail: Piece<'_>) -> Option<DualPrefix> {
        let mut prefix = DualPrefix { ip4: 32, ip6: 128 };
        if tail.text.is_empty() {
            return Some(prefix);
        }
        let double = tail.text.find("//");
        let (ip4, ip6) = match double {
            Some(at) => tail.split_at(at).map(|(ip4, ip6)| (ip4, Some(ip6)))?,
            None => (tail, None),
        };
        let mut sound = true;
        if !ip4.text.is_empty() {
            match self.prefix(ip4, 1, 32) {
                Some(length) => prefix.ip4 = length,
                None => sound = false,
            }
        }
        if let Some(ip6) = ip6 {
            match self.prefix(ip6, 2, 128) {
                Some(length) => prefix.ip6 = length,
                None => sound = false,
            }
        }
        sound.then_some(prefix)
    }

    /// One prefix length behind `slashes` slashes: no sign, no leading zero, at most `most`.
    pub(super) fn prefix(&mut self, piece: Piece<'_>, slashes: usize, most: u8) -> Option<u8> {
        let (_, number) = piece.split_at(slashes)?;
        let digits = number.text;
        let fault = if digits.is_empty() {
            PrefixFault::Empty
        } else if !digits.bytes().all(|b| b.is_ascii_digit()) {
            PrefixFault::NotANumber
        } else if digits.len() > 1 && digits.starts_with('0') {
            PrefixFault::LeadingZero
        } else {
            match digits.parse::<u8>() {
                Ok(length) if length <= most => return Some(length),
                _ => PrefixFault::TooLong { most },
            }
        };
        let meant = match fault {
            PrefixFault::LeadingZero => {
                let trimmed = digits.trim_start_matches('0');
                trimmed.parse::<u8>().ok().filter(|length| *length <= most).map(|length| length.to_string())
            }
            _ => None,
        };
        let span = if digits.is_empty() { piece.span() } else { number.span() };
        self.problems.fault(ProblemKind::BadPrefix { fault, meant }, span);
        None
    }

    pub(super) fn ip4(&mut self, name: Piece<'_>, rest: Piece<'_>) -> Option<Mechanism> {
        let (address, tail) = self.address("ip4", name, rest)?;
        let Ok(parsed) = address.text.parse::<Ipv4Addr>() else {
            if address.text.parse::<Ipv6Addr>().is_ok() {
                self.problems.fault(ProblemKind::BadIp4 { meant: Some("ip6".into()) }, name.span());
            } else if let Some(meant) = host_instead(address.text, tail.text) {
                let span = Span::new(name.start, address.span().end);
                self.problems.fault(ProblemKind::BadIp4 { meant: Some(meant) }, span);
            } else {
                self.problems.fault(ProblemKind::BadIp4 { meant: without_zeros(address.text) }, address.span());
            }
            return None;
        };
        let prefix = if tail.text.is_empty() { 32 } else { self.prefix(tail, 1, 32)? };
        Some(Mechanism::Ip { network: Network::ip4(parsed, prefix) })
    }

    pub(super) fn ip6(&mut self, name: Piece<'_>, rest: Piece<'_>) -> Option<Mechanism> {
        let (address, tail) = self.address("ip6", name, rest)?;
        let Ok(parsed) = address.text.parse::<Ipv6Addr>() else {
            if address.text.parse::<Ipv4Addr>().is_ok() {
                self.problems.fault(ProblemKind::BadIp6 { meant: Some("ip4".into()) }, name.span());
            } else {
                let inner = address.text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
                let meant = inner.filter(|text| text.parse::<Ipv6Addr>().is_ok()).map(Into::into);
                self.problems.fault(ProblemKind::BadIp6 { meant }, address.span());
            }
            return None;
        };
        let prefix = if tail.text.is_empty() { 128 } else { self.prefix(tail, 1, 128)? };
        Some(Mechanism::Ip { network: Network::ip6(parsed, prefix) })
    }

    /// The address of `ip4` and `ip6`, and the prefix length with its slash.
    pub(super) fn address<'t>(
        &mut self,
        name: &'static str,
        written: Piece<'t>,
        rest: Piece<'t>,
    ) -> Option<(Piece<'t>, Piece<'t>)> {
        let value = after_colon(rest).filter(|value| !value.text.is_empty() && !value.text.starts_with('/'));
        let Some(value) = value else {
            let span = Span::new(written.start, rest.span().end);
            self.problems.fault(ProblemKind::MissingArgument { name }, span);
            return None;
        };
        value.split_at(value.text.find('/').unwrap_or(value.text.len()))
    }
}

/// What follows the colon; `None` where there is none.
pub(super) fn after_colon(rest: Piece<'_>) -> Option<Piece<'_>> {
    rest.text.starts_with(':').then(|| rest.split_at(1)).flatten().map(|(_, value)| value)
}

/// Splits the prefix lengths off the end: the last run of digits and slashes, from its first slash. What stands before
/// must end in a label or a macro, neither of which can end in a slash (RFC 7208 §12).
fn split_prefix(value: Piece<'_>) -> (Piece<'_>, Piece<'_>) {
    let before = value.text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '/').len();
    let run = value.text.get(before..).unwrap_or("");
    let at = run.find('/').map_or(value.text.len(), |slash| before + slash);
    value.split_at(at).unwrap_or((value, Piece { text: "", start: value.span().end }))
}

/// Whether the literal end of a domain-spec is `.toplabel` with or without a final dot (RFC 7208 §7.1).
pub(super) fn check_end(literal: &str) -> Result<(), TargetFault> {
    let name = literal.strip_suffix('.').unwrap_or(literal);
    let Some((_, label)) = name.rsplit_once('.') else { return Err(TargetFault::NoDot) };
    let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let edges = !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    if !(inner && edges) {
        return Err(TargetFault::BadTopLabel { label: label.into() });
    }
    // An ALPHA somewhere, or an inner hyphen.
    if label.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TargetFault::NumericTopLabel);
    }
    Ok(())
}
