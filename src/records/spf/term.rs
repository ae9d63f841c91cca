//! Reading the terms of a record, RFC 7208 §12.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::text::{Piece, Span};

use super::macros::{self, Letter, MacroString, Part};
use super::problem::{MAX_PROBLEMS, PrefixFault, ProblemKind, Problems, TargetFault};
use super::{Action, DualPrefix, Family, MAX_TERMS, Mechanism, Modifier, Network, Qualifier, Term, VERSION};

/// Longest term in which a missing space is looked for: no domain-spec that means anything is longer.
const MAX_GLUED: usize = 1024;

/// The mechanisms, RFC 7208 §5.
const MECHANISMS: [&str; 8] = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];
/// The modifiers that may stand once, RFC 7208 §6.
const SINGLE_MODIFIERS: [&str; 2] = ["redirect", "exp"];
/// Modifiers that an RFC defines: RFC 7208 §6 and RFC 6652 §3.
const KNOWN_MODIFIERS: [&str; 5] = ["redirect", "exp", "ra", "rp", "rr"];
/// What surely starts a term even in the middle of a word.
const STARTS: [&str; 5] = ["include:", "exists:", "redirect=", "ip4:", "ip6:"];

/// Reads the terms of everything after the version.
pub(super) fn read_all(body: Piece<'_>, problems: &mut Problems) -> Vec<Term> {
    let mut reader = Reader { terms: Vec::new(), problems };
    let mut words = words(body, reader.problems).into_iter().peekable();
    while let Some(word) = words.next() {
        if reader.terms.len() >= MAX_TERMS {
            let span = Span::new(word.start, body.span().end);
            reader.problems.doubt(ProblemKind::TooManyTerms { limit: MAX_TERMS }, span);
            break;
        }
        if let Some(next) = words.peek()
            && reader.torn(word, *next)
        {
            words.next();
            continue;
        }
        reader.word(word);
    }
    reader.terms
}

/// Cuts the text at spaces, and at what was meant as a space.
fn words<'t>(body: Piece<'t>, problems: &mut Problems) -> Vec<Piece<'t>> {
    let mut words = Vec::new();
    for spaced in body.split(' ').filter(|piece| !piece.text.is_empty()) {
        let mut rest = spaced;
        while let Some((before, after)) = rest.text.find(is_blank).and_then(|at| rest.split_at(at)) {
            if !before.text.is_empty() {
                words.push(before);
            }
            let Some(character) = after.text.chars().next() else { break };
            // A run of them is one mistake.
            let run = after.text.len() - after.text.trim_start_matches(is_blank).len();
            let Some((blanks, next)) = after.split_at(run) else { break };
            problems.fault(ProblemKind::NotASpace { character, meant: " ".into() }, blanks.span());
            rest = next;
        }
        if !rest.text.is_empty() {
            words.push(rest);
        }
        // One more than is read: enough to notice that there are too many.
        if words.len() > MAX_TERMS {
            break;
        }
    }
    words
}

/// White space other than the space, and characters without width that come with copied text.
fn is_blank(character: char) -> bool {
    character != ' '
        && (character.is_whitespace() || matches!(character, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}'))
}

struct Reader<'p> {
    terms: Vec<Term>,
    problems: &'p mut Problems,
}

impl Reader<'_> {
    /// Whether a space tears one term in two (`ip4: 192.0.2.1`, `- all`); if so both halves are used up.
    fn torn(&mut self, word: Piece<'_>, next: Piece<'_>) -> bool {
        let gap = Span::new(word.span().end, next.start);
        let after_sign = word.text.trim_start_matches(['+', '-', '~', '?']);
        let name = after_sign.strip_suffix([':', '=']).unwrap_or("");
        let torn_value = MECHANISMS.iter().chain(&SINGLE_MODIFIERS).any(|known| known.eq_ignore_ascii_case(name))
            && !starts_term(next.text);
        if torn_value {
            self.problems.fault(ProblemKind::SpaceAfterColon { meant: String::new() }, gap);
        } else if after_sign.is_empty()
            && let (Some(qualifier), true) = (word.text.chars().next(), word.text.len() == 1)
            && starts_term(next.text)
        {
            let meant = Some(qualifier.to_string());
            let span = Span::new(word.start, next.start);
            self.problems.fault(ProblemKind::LoneQualifier { qualifier, meant }, span);
        } else {
            return false;
        }
        self.terms.push(Term { span: Span::new(word.start, next.span().end), action: Action::Unreadable });
        true
    }

    /// Reads one word: a term, or several without space between them.
    fn word(&mut self, word: Piece<'_>) {
        let mut rest = word;
        loop {
            if !self.is_ascii(rest) {
                self.push(rest, None);
                return;
            }
            let known = self.problems.fault_count();
            let action = self.term(rest);
            let Some(at) = missing_space(rest.text, action.is_none()) else {
                self.push(rest, action);
                return;
            };
            let Some((before, after)) = rest.split_at(at) else {
                self.push(rest, action);
                return;
            };
            let kind = ProblemKind::MissingSpace { meant: format!(" {}", first_of(after.text)) };
            let span = Span::new(after.start, after.start + first_of(after.text).len());
            if action.is_some() {
                // Grammatical as it stands, by bad luck: the name is just not the one meant.
                self.problems.doubt(kind, span);
                self.push(rest, action);
                return;
            }
            self.problems.forget_faults(known);
            self.problems.fault(kind, span);
            let action = self.term(before);
            self.push(before, action);
            rest = after;
            if self.terms.len() >= MAX_TERMS || self.problems.fault_count() >= MAX_PROBLEMS {
                return;
            }
        }
    }

    fn push(&mut self, piece: Piece<'_>, action: Option<Action>) {
        self.terms.push(Term { span: piece.span(), action: action.unwrap_or(Action::Unreadable) });
    }

    /// Whether all characters are visible ASCII; reports each that is not.
    fn is_ascii(&mut self, piece: Piece<'_>) -> bool {
        let mut sound = true;
        for (at, character) in piece.text.char_indices() {
            if character.is_ascii_graphic() {
                continue;
            }
            sound = false;
            let span = Span::new(piece.start + at, piece.start + at + character.len_utf8());
            if character.is_ascii() {
                self.problems.fault(ProblemKind::ControlCharacter { character }, span);
            } else {
                let meant = ascii_for(character).map(Into::into);
                self.problems.fault(ProblemKind::NotAscii { character, meant }, span);
            }
            if self.problems.fault_count() >= MAX_PROBLEMS {
                break;
            }
        }
        sound
    }

    /// Reads a term of visible ASCII; `None` where it is faulty beyond use.
    fn term(&mut self, term: Piece<'_>) -> Option<Action> {
        if let Some((name, value)) = term.split_once('=') {
            let bare = name.text.trim_start_matches(['+', '-', '~', '?']);
            if is_modifier_name(name.text) {
                return self.modifier(term, name, value);
            }
            if bare.len() < name.text.len() && is_modifier_name(bare) {
                let signs = name.text.len() - bare.len();
                let kind = ProblemKind::QualifierOnModifier { name: bare.into(), meant: String::new() };
                self.problems.fault(kind, Span::new(term.start, term.start + signs));
                return None;
            }
        }
        let term = self.without_strays(term);
        let (qualifier, rest) = match term.text.chars().next().and_then(Qualifier::of) {
            Some(qualifier) => (qualifier, term.split_at(1)?.1),
            None => (Qualifier::Pass, term),
        };
        let mechanism = self.mechanism(rest)?;
        Some(Action::Directive { qualifier, mechanism })
    }

    /// Without quotes, commas and semicolons around, none of which a directive can start or end with.
    fn without_strays<'t>(&mut self, term: Piece<'t>) -> Piece<'t> {
        let inner = term.trim(|c| matches!(c, '"' | '\'' | ',' | ';' | '`'));
        if inner.text.is_empty() || inner.text.len() == term.text.len() {
            return term;
        }
        let (before, after) = (Span::new(term.start, inner.start), Span::new(inner.span().end, term.span().end));
        for span in [before, after].into_iter().filter(|span| span.start < span.end) {
            self.problems.fault(ProblemKind::StrayCharacter { meant: String::new() }, span);
        }
        inner
    }

    fn mechanism(&mut self, piece: Piece<'_>) -> Option<Mechanism> {
        let name_end = piece.text.find([':', '/']).unwrap_or(piece.text.len());
        let (name, rest) = piece.split_at(name_end)?;
        match name.text.to_ascii_lowercase().as_str() {
            "all" if rest.text.is_empty() => Some(Mechanism::All),
            "all" => {
                let kind = ProblemKind::ArgumentNotAllowed { name: "all", meant: String::new() };
                self.problems.fault(kind, rest.span());
                None
            }
            "include" => Some(Mechanism::Include { target: self.plain_target("include", piece, rest)? }),
            "exists" => Some(Mechanism::Exists { target: self.plain_target("exists", piece, rest)? }),
            "ptr" if rest.text.is_empty() => Some(Mechanism::Ptr { target: None }),
            "ptr" => Some(Mechanism::Ptr { target: Some(self.plain_target("ptr", piece, rest)?) }),
            "a" => {
                let (target, prefix) = self.host("a", piece, rest)?;
                Some(Mechanism::A { target, prefix })
            }
            "mx" => {
                let (target, prefix) = self.host("mx", piece, rest)?;
                Some(Mechanism::Mx { target, prefix })
            }
            "ip4" => self.ip4(name, rest),
            "ip6" => self.ip6(name, rest),
            _ => {
                self.unknown_mechanism(piece, name, rest);
                None
            }
        }
    }

    /// `:` domain-spec without prefix length, of `include`, `exists` and `ptr`.
    fn plain_target(&mut self, name: &'static str, whole: Piece<'_>, rest: Piece<'_>) -> Option<MacroString> {
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
    fn host(
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
    fn domain_spec(&mut self, name: &'static str, whole: Piece<'_>, piece: Piece<'_>) -> Option<MacroString> {
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

    fn bad_target(&mut self, name: &str, whole: Piece<'_>, piece: Piece<'_>, fault: TargetFault) {
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
    fn dual_prefix(&mut self, tail: Piece<'_>) -> Option<DualPrefix> {
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
    fn prefix(&mut self, piece: Piece<'_>, slashes: usize, most: u8) -> Option<u8> {
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

    fn ip4(&mut self, name: Piece<'_>, rest: Piece<'_>) -> Option<Mechanism> {
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

    fn ip6(&mut self, name: Piece<'_>, rest: Piece<'_>) -> Option<Mechanism> {
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
    fn address<'t>(
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

    fn unknown_mechanism(&mut self, whole: Piece<'_>, name: Piece<'_>, rest: Piece<'_>) {
        let value = after_colon(rest);
        let lower = name.text.to_ascii_lowercase();
        let modifier = SINGLE_MODIFIERS.iter().find(|known| **known == lower);
        if let (Some(modifier), Some(_)) = (modifier, value) {
            let kind = ProblemKind::ModifierWithColon { name: modifier, meant: format!("{modifier}=") };
            self.problems.fault(kind, Span::new(name.start, name.span().end + 1));
            return;
        }
        let unknown = |meant| ProblemKind::UnknownMechanism { name: name.text.into(), meant };
        if name.text.is_empty() && rest.text.is_empty() {
            // Nothing but a qualifier.
            let span = Span::new(whole.start.saturating_sub(1), whole.start);
            self.problems.fault(unknown(None), span);
        } else if let Some(meant) = bare_address(whole.text) {
            self.problems.fault(unknown(Some(meant)), whole.span());
        } else {
            let bare = lower.trim_start_matches(['+', '-', '~', '?']);
            let doubled = MECHANISMS.into_iter().find(|known| bare.len() < lower.len() && *known == bare);
            let meant = doubled.or_else(|| mechanism_like(&lower, value.map_or("", |value| value.text)));
            self.problems.fault(unknown(meant.map(Into::into)), name.span());
        }
    }

    fn modifier(&mut self, whole: Piece<'_>, name: Piece<'_>, value: Piece<'_>) -> Option<Action> {
        let lower = name.text.to_ascii_lowercase();
        let modifier = match lower.as_str() {
            "redirect" => Modifier::Redirect { target: self.domain_spec("redirect", whole, value)? },
            "exp" => Modifier::Explanation { target: self.domain_spec("exp", whole, value)? },
            _ => {
                let spec = macros::read(value, self.problems)?;
                self.unknown_modifier(&lower, whole, name);
                Modifier::Other { name: lower, value: spec }
            }
        };
        Some(Action::Modifier(modifier))
    }

    fn unknown_modifier(&mut self, lower: &str, whole: Piece<'_>, name: Piece<'_>) {
        if KNOWN_MODIFIERS.contains(&lower) {
            return;
        }
        let with_sign = Span::new(name.start, name.span().end + 1);
        if whole.text.eq_ignore_ascii_case(VERSION) {
            self.problems.doubt(ProblemKind::RepeatedVersion { meant: String::new() }, whole.span());
        } else if let Some(meant) =
            Some(lower).filter(|name| MECHANISMS.contains(name)).or_else(|| mechanism_like(lower, ""))
        {
            let kind = ProblemKind::MechanismAsModifier { name: lower.into(), meant: format!("{meant}:") };
            self.problems.doubt(kind, with_sign);
        } else {
            let meant = SINGLE_MODIFIERS.iter().find(|known| is_close(lower, known)).map(|known| (*known).into());
            self.problems.doubt(ProblemKind::UnknownModifier { name: lower.into(), meant }, name.span());
        }
    }
}

/// What follows the colon; `None` where there is none.
fn after_colon(rest: Piece<'_>) -> Option<Piece<'_>> {
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

/// name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ), RFC 7208 §12.
fn is_modifier_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Whether the literal end of a domain-spec is `.toplabel` with or without a final dot (RFC 7208 §7.1).
fn check_end(literal: &str) -> Result<(), TargetFault> {
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

/// Whether a word surely starts a term of its own.
fn starts_term(word: &str) -> bool {
    let bare = word.strip_prefix(['+', '-', '~', '?']).unwrap_or(word);
    let end = bare.find([':', '/', '=']).unwrap_or(bare.len());
    let name = bare.get(..end).unwrap_or("");
    MECHANISMS.iter().chain(&KNOWN_MODIFIERS).any(|known| known.eq_ignore_ascii_case(name))
}

/// Where a space is missing in a word: before a term that cannot stand inside another one.
fn missing_space(word: &str, faulty: bool) -> Option<usize> {
    let sign = |c: char| matches!(c, '+' | '-' | '~' | '?');
    // Doubled qualifiers are no second term.
    let signs = word.len() - word.trim_start_matches(sign).len();
    if word.len() > MAX_GLUED {
        return None;
    }
    let octets = word.as_bytes();
    let starts = |at: usize, start: &str| {
        octets.get(at..at + start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
    };
    let signed = |at: usize| match at.checked_sub(1).and_then(|before| octets.get(before)) {
        Some(b'+' | b'-' | b'~' | b'?') => at - 1,
        _ => at,
    };
    let glued = (1..word.len()).find(|&at| STARTS.iter().any(|start| starts(at, start))).map(signed);
    // `-include:x` starts with its own qualifier.
    if let Some(at) = glued.filter(|at| *at > signs) {
        return Some(at);
    }
    let all = word.len().checked_sub(4).filter(|at| *at > signs && starts(at + 1, "all"))?;
    let is_signed = matches!(octets.get(all), Some(b'+' | b'-' | b'~' | b'?'));
    (is_signed && (faulty || word.contains([':', '=']))).then_some(all)
}

/// The term that starts a glued word, up to the next glued one, for the correction.
fn first_of(word: &str) -> &str {
    let end = missing_space(word, true).unwrap_or(word.len());
    word.get(..end).unwrap_or(word)
}

/// The mechanism that somebody probably meant.
fn mechanism_like(name: &str, value: &str) -> Option<&'static str> {
    let address = value.split('/').next().unwrap_or("");
    match name {
        "ip" | "ipv" | "ips" | "addr" if address.parse::<Ipv6Addr>().is_ok() => return Some("ip6"),
        "ip" | "ipv" | "ips" | "addr" if address.parse::<Ipv4Addr>().is_ok() => return Some("ip4"),
        "ipv4" | "ip-4" | "ip_4" | "ipv-4" | "4ip" | "ip4v" => return Some("ip4"),
        "ipv6" | "ip-6" | "ip_6" | "ipv-6" | "6ip" | "ip6v" => return Some("ip6"),
        _ => {}
    }
    MECHANISMS.into_iter().filter(|known| known.len() > 2).find(|known| is_close(name, known))
}

/// Whether two names differ by little: one edit, or two in a long name; swapped neighbours are one edit.
fn is_close(name: &str, known: &str) -> bool {
    let allowed = if known.len() >= 6 { 2 } else { 1 };
    // `ip4` and `ip6`, `all` and `a` are one edit apart themselves: short names must keep their length or gain.
    name.len().abs_diff(known.len()) <= allowed
        && (known.len() > 3 || name.len() >= known.len())
        && edits(name.as_bytes(), known.as_bytes()) <= allowed
}

/// Optimal string alignment distance; both are short (the length was compared before).
fn edits(left: &[u8], right: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut current = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&previous, j) + usize::from(l != r)).min(at(&previous, j + 1) + 1).min(at(&current, j) + 1);
            let swapped = i > 0 && j > 0 && left.get(i - 1) == Some(r) && right.get(j - 1) == Some(l);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous.last().copied().unwrap_or(0)
}

/// `ip4:` or `ip6:` before what is an address with or without prefix length.
fn bare_address(text: &str) -> Option<String> {
    let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
    let (family, bits) = if address.parse::<Ipv4Addr>().is_ok() {
        (Family::Ipv4, 32)
    } else if address.parse::<Ipv6Addr>().is_ok() {
        (Family::Ipv6, 128)
    } else {
        return None;
    };
    let sound = !text.contains('/') || prefix.parse::<u8>().is_ok_and(|p| p <= bits && p.to_string() == prefix);
    let name = if family == Family::Ipv4 { "ip4" } else { "ip6" };
    sound.then(|| format!("{name}:{text}"))
}

/// `a:` before a host name that stands where an address should.
fn host_instead(address: &str, tail: &str) -> Option<String> {
    let name = macros::target_name(address).ok().filter(|name| name.is_host_name())?;
    (tail.is_empty() && check_end(name.as_str()).is_ok()).then(|| format!("a:{address}"))
}

/// The IPv4 address without the leading zeros of its numbers, read as decimal as their writer meant them.
fn without_zeros(address: &str) -> Option<String> {
    let parts: Option<Vec<String>> = address
        .split('.')
        .map(|part| {
            part.parse::<u8>().ok().filter(|_| part.len() <= 3 && !part.starts_with('+')).map(|n| n.to_string())
        })
        .collect();
    let joined = parts?.join(".");
    (joined != address && joined.parse::<Ipv4Addr>().is_ok()).then_some(joined)
}

/// The ASCII that editors and chat programs turn into something prettier.
fn ascii_for(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' | '\u{00AD}' => "-",
        '\u{201C}'..='\u{201F}' | '\u{2018}'..='\u{201B}' | '\u{00AB}' | '\u{00BB}' => "",
        '\u{FF1A}' | '\u{A789}' => ":",
        '\u{FF1D}' => "=",
        '\u{2044}' | '\u{2215}' | '\u{FF0F}' => "/",
        '\u{FF0E}' | '\u{3002}' => ".",
        '\u{02DC}' | '\u{223C}' | '\u{FF5E}' => "~",
        _ => return None,
    })
}
