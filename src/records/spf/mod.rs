//! SPF records, RFC 7208: the text of one record to typed terms, with every problem located.
//!
//! ```text
//! record      = "v=spf1" *( 1*SP ( directive / modifier ) ) *SP
//! directive   = [ "+" / "-" / "?" / "~" ] mechanism
//! mechanism   = all / include / a / mx / ptr / ip4 / ip6 / exists
//! modifier    = redirect / explanation / unknown-modifier          ; name "=" macro-string
//! domain-spec = macro-string ( "." toplabel [ "." ] / macro-expand )
//! ```

mod guess;
mod lint;
pub mod macros;
mod problem;
pub mod ranges;
mod select;
mod term;
mod value;

pub use macros::{Letter, MacroString, read_explanation, target_name};
pub use problem::{MacroFault, PrefixFault, ProblemKind, TargetFault};
pub use ranges::{Family, Network};
pub use select::{NearMiss, NearMissKind, Selection, is_spf, select};

use crate::records::{Parsed, Problem, Weight};
use crate::text::{Piece, Span};

use problem::Problems;

/// The version that every record starts with, in any case (RFC 7208 §4.5, §12).
pub const VERSION: &str = "v=spf1";

/// Most terms that are read of one record. A TXT record holds at most 65,535 octets; the longest records seen in the
/// wild have a few hundred terms.
pub const MAX_TERMS: usize = 4096;

/// Longest text that is read: RDLENGTH has 16 bits (RFC 1035 §3.2.1), so nothing longer can be published.
pub const MAX_TEXT: usize = 65_535;

/// What a mechanism means for the sender when it matches, RFC 7208 §4.6.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// `+`, or nothing.
    Pass,
    /// `-`.
    Fail,
    /// `~`.
    SoftFail,
    /// `?`.
    Neutral,
}

impl Qualifier {
    /// The sign as it is written.
    pub fn sign(self) -> char {
        match self {
            Self::Pass => '+',
            Self::Fail => '-',
            Self::SoftFail => '~',
            Self::Neutral => '?',
        }
    }

    /// The qualifier behind a sign.
    pub fn of(sign: char) -> Option<Self> {
        Some(match sign {
            '+' => Self::Pass,
            '-' => Self::Fail,
            '~' => Self::SoftFail,
            '?' => Self::Neutral,
            _ => return None,
        })
    }
}

/// Prefix lengths of `a` and `mx`, RFC 7208 §5.3: all bits where none is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DualPrefix {
    /// For IPv4 addresses, at most 32.
    pub ip4: u8,
    /// For IPv6 addresses, at most 128.
    pub ip6: u8,
}

/// A mechanism, RFC 7208 §5. An absent target is the domain being evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// §5.1.
    All,
    /// §5.2.
    Include { target: MacroString },
    /// §5.3.
    A { target: Option<MacroString>, prefix: DualPrefix },
    /// §5.4.
    Mx { target: Option<MacroString>, prefix: DualPrefix },
    /// §5.5.
    Ptr { target: Option<MacroString> },
    /// `ip4` and `ip6`, §5.6.
    Ip { network: Network },
    /// §5.7.
    Exists { target: MacroString },
}

impl Mechanism {
    /// The name as it is written.
    pub fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Include { .. } => "include",
            Self::A { .. } => "a",
            Self::Mx { .. } => "mx",
            Self::Ptr { .. } => "ptr",
            Self::Ip { network: Network { family: Family::Ipv4, .. } } => "ip4",
            Self::Ip { .. } => "ip6",
            Self::Exists { .. } => "exists",
        }
    }

    /// The domain-spec, where one is written.
    pub fn target(&self) -> Option<&MacroString> {
        match self {
            Self::Include { target } | Self::Exists { target } => Some(target),
            Self::A { target, .. } | Self::Mx { target, .. } | Self::Ptr { target } => target.as_ref(),
            Self::All | Self::Ip { .. } => None,
        }
    }

    /// Whether evaluating it counts against the ten look-ups (RFC 7208 §4.6.4).
    pub fn counts(&self) -> bool {
        !matches!(self, Self::All | Self::Ip { .. })
    }
}

/// A modifier, RFC 7208 §6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// §6.1.
    Redirect { target: MacroString },
    /// §6.2.
    Explanation { target: MacroString },
    /// `ra`, `rp`, `rr` of RFC 6652 and everything that no RFC defines; `name` in lower case.
    Other { name: String, value: MacroString },
}

/// What a term says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A mechanism with its qualifier.
    Directive { qualifier: Qualifier, mechanism: Mechanism },
    /// A modifier.
    Modifier(Modifier),
    /// Nothing that can be read; a fault at its place says why.
    Unreadable,
}

/// One term and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The whole term.
    pub span: Span,
    /// What it says.
    pub action: Action,
}

impl Term {
    /// The mechanism, where the term is a directive.
    pub fn directive(&self) -> Option<(Qualifier, &Mechanism)> {
        match &self.action {
            Action::Directive { qualifier, mechanism } => Some((*qualifier, mechanism)),
            _ => None,
        }
    }
}

/// A record: its terms in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Every term, the unreadable ones too.
    pub terms: Vec<Term>,
}

impl Record {
    /// The first `all`: its place among the terms and its qualifier. Nothing after it is evaluated (RFC 7208 §5.1).
    pub fn all(&self) -> Option<(usize, Qualifier)> {
        self.terms.iter().enumerate().find_map(|(at, term)| match term.directive() {
            Some((qualifier, Mechanism::All)) => Some((at, qualifier)),
            _ => None,
        })
    }

    /// The target of `redirect`, where it takes effect: there is no `all` (RFC 7208 §6.1).
    pub fn redirect(&self) -> Option<(usize, &MacroString)> {
        if self.all().is_some() {
            return None;
        }
        self.terms.iter().enumerate().find_map(|(at, term)| match &term.action {
            Action::Modifier(Modifier::Redirect { target }) => Some((at, target)),
            _ => None,
        })
    }

    /// The terms that an evaluation can reach, with their place: mechanisms up to and with the first `all`, and a
    /// `redirect` that takes effect.
    pub fn reachable(&self) -> impl Iterator<Item = (usize, &Term)> {
        let last = self.all().map_or(usize::MAX, |(at, _)| at);
        let redirect = self.redirect().map(|(at, _)| at);
        self.terms.iter().enumerate().filter(move |(at, term)| match &term.action {
            Action::Directive { .. } => *at <= last,
            Action::Modifier(Modifier::Redirect { .. }) => redirect == Some(*at),
            Action::Modifier(_) | Action::Unreadable => false,
        })
    }

    /// The families whose every address passes by `ip4`, `ip6`, `a/0` or `mx//0` terms: `+all` in disguise. With the
    /// places of the terms that do it.
    pub fn passes_everyone(&self) -> Vec<(Family, Vec<usize>)> {
        let mut found = Vec::new();
        for family in Family::ALL {
            let mut places = Vec::new();
            let mut networks = Vec::new();
            for (at, term) in self.reachable() {
                let network = match term.directive() {
                    Some((Qualifier::Pass, Mechanism::Ip { network })) if network.family == family => *network,
                    Some((Qualifier::Pass, Mechanism::A { prefix, .. } | Mechanism::Mx { prefix, .. })) => {
                        let prefix = if family == Family::Ipv4 { prefix.ip4 } else { prefix.ip6 };
                        // Where the host is, is not known here; only /0 covers everybody wherever it is.
                        if prefix > 0 {
                            continue;
                        }
                        Network { family, address: 0, prefix }
                    }
                    _ => continue,
                };
                // A single network covers all, or halves do together; small ones are not the reason.
                if network.prefix <= 8 {
                    places.push(at);
                }
                networks.push(network);
            }
            if ranges::covers_everyone(family, networks) {
                found.push((family, places));
            }
        }
        found
    }
}

/// Reads one SPF record: every term, and everything that is wrong. Never gives up (RFC 7208 §4.6, §12).
pub fn parse(text: &str) -> Parsed<Record, ProblemKind> {
    let mut problems = Problems::default();
    let record = read(text, &mut problems);
    lint::judge(text, &record, &mut problems);
    Parsed { record, problems: problems.into_vec() }
}

/// Reads one SPF record as a receiver does: the same faults as [`parse`], and no thought of what may have been meant.
pub fn parse_for_use(text: &str) -> Parsed<Record, ProblemKind> {
    let mut problems = Problems::of_faults();
    let record = read(text, &mut problems);
    lint::modifiers(&record, &mut problems);
    Parsed { record, problems: problems.into_vec() }
}

fn read(text: &str, problems: &mut Problems) -> Record {
    let mut body = Piece::whole(text);
    if text.len() > MAX_TEXT {
        let cut = (0..=MAX_TEXT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        problems.fault(ProblemKind::TooLong { limit: MAX_TEXT }, Span::new(cut, text.len()));
        body = body.split_at(cut).map_or(body, |(start, _)| start);
    }
    let text = body.text;
    match text.get(..VERSION.len()).filter(|start| start.eq_ignore_ascii_case(VERSION)) {
        Some(_) => {
            if let Some((_, rest)) = body.split_at(VERSION.len()) {
                body = rest;
            }
            if !body.text.is_empty() && !body.text.starts_with(' ') {
                let stuck = body.text.find(' ').unwrap_or(body.text.len());
                problems.fault(ProblemKind::NoVersion, Span::new(0, VERSION.len() + stuck));
            }
        }
        None => {
            let end = text.find(' ').unwrap_or(text.len());
            problems.fault(ProblemKind::NoVersion, Span::new(0, end));
            if let Some((_, rest)) = body.split_at(end) {
                body = rest;
            }
        }
    }
    Record { terms: term::read_all(body, problems) }
}

/// The text with every problem of at least `weight` mended, where each has a sure correction and the result is sound.
pub fn repaired(text: &str, problems: &[Problem<ProblemKind>], weight: Weight) -> Option<String> {
    let mut mended = text.to_owned();
    let mut edge = text.len();
    let mut changed = false;
    for problem in problems.iter().rev().filter(|problem| problem.weight >= weight) {
        let Some(meant) = problem.kind.meant() else {
            if problem.weight == Weight::Fault {
                return None;
            }
            continue;
        };
        // Overlapping corrections: the later one stands.
        if problem.span.end > edge || mended.get(problem.span.start..problem.span.end).is_none() {
            continue;
        }
        mended.replace_range(problem.span.start..problem.span.end, meant);
        edge = problem.span.start;
        changed = true;
    }
    let mended = mended.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (changed && mended != text && parse(&mended).is_sound()).then_some(mended)
}
