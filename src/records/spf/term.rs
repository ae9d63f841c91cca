//! Reading the terms of a record, RFC 7208 §12.

use crate::text::{Piece, Span};

use super::guess::{ascii_for, bare_address, first_of, is_close, mechanism_like, missing_space, starts_term};
use super::macros;
use super::problem::{MAX_PROBLEMS, ProblemKind, Problems};
use super::value::after_colon;
use super::{Action, MAX_TERMS, Mechanism, Modifier, Qualifier, Term, VERSION};

/// The mechanisms, RFC 7208 §5.
pub(super) const MECHANISMS: [&str; 8] = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];
/// The modifiers that may stand once, RFC 7208 §6.
const SINGLE_MODIFIERS: [&str; 2] = ["redirect", "exp"];
/// Modifiers that an RFC defines: RFC 7208 §6 and RFC 6652 §3.
pub(super) const KNOWN_MODIFIERS: [&str; 5] = ["redirect", "exp", "ra", "rp", "rr"];

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
        if spaced.text.bytes().all(|octet| octet.is_ascii_graphic()) {
            words.push(spaced);
            rest.text = "";
        }
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

/// Reads terms one by one.
pub(super) struct Reader<'p> {
    terms: Vec<Term>,
    pub(super) problems: &'p mut Problems,
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

/// name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ), RFC 7208 §12.
fn is_modifier_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
