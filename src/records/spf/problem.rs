//! Everything that can be wrong with an SPF record.

use crate::order;
use crate::records::{Problem, Weight};
use crate::text::Span;

use super::ranges::{Family, SpecialRange};

/// Most faults, and most other problems, that are kept of one record: enough to mend any record that a person wrote.
pub const MAX_PROBLEMS: usize = 100;

/// One thing wrong with an SPF record. `meant` is the text that should stand in the place of the problem's span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    // Faults: the record is a permanent error (RFC 7208 §4.6).
    /// The text does not start with `v=spf1` and a space (§4.5).
    NoVersion,
    /// The text is longer than a record can be (RFC 1035 §3.2.1).
    TooLong { limit: usize },
    /// Something other than a space separates terms, mostly a TAB (§12: `1*SP`).
    NotASpace { character: char, meant: String },
    /// A control character (§4.6, §12).
    ControlCharacter { character: char },
    /// A character outside ASCII (§4.6, §12), with the ASCII text it was probably made from.
    NotAscii { character: char, meant: Option<String> },
    /// No mechanism has this name (§4.6.1).
    UnknownMechanism { name: String, meant: Option<String> },
    /// A `+`, `-`, `?` or `~` with no mechanism behind it (§4.6.1).
    LoneQualifier { qualifier: char, meant: Option<String> },
    /// A space stands between the colon and the value (§12).
    SpaceAfterColon { meant: String },
    /// The space before this term is missing (§12); a doubt where the text happens to be grammatical.
    MissingSpace { meant: String },
    /// Quotes, commas or semicolons around a term (§12).
    StrayCharacter { meant: String },
    /// The mechanism or modifier needs a value (§5, §6).
    MissingArgument { name: &'static str },
    /// `all` takes no value (§5.1).
    ArgumentNotAllowed { name: &'static str, meant: String },
    /// No IPv4 address (§5.6, §12).
    BadIp4 { meant: Option<String> },
    /// No IPv6 address (§5.6, §12).
    BadIp6 { meant: Option<String> },
    /// The prefix length is malformed (§5.6, §12).
    BadPrefix { fault: PrefixFault, meant: Option<String> },
    /// The mechanism takes no prefix length (§5.2, §5.5, §5.7).
    PrefixNotAllowed { name: &'static str, meant: String },
    /// A modifier has a qualifier in front (§4.6.1).
    QualifierOnModifier { name: String, meant: String },
    /// A modifier is written with `:` (§6).
    ModifierWithColon { name: &'static str, meant: String },
    /// The domain does not end as a domain-spec must (§7.1).
    BadTarget { fault: TargetFault, meant: Option<String> },
    /// A macro is malformed (§7.1).
    BadMacro { fault: MacroFault },
    /// `%{c}`, `%{r}` or `%{t}` outside an explanation (§7.2).
    MacroOnlyInExplanation,
    /// `redirect` or `exp` a second time (§6).
    DuplicateModifier { name: &'static str, first: Span },

    // Doubts: valid, and not what was meant, or weaker than it looks.
    /// Terms after `all` are never evaluated (§5.1).
    AfterAll,
    /// `redirect` beside `all` is ignored (§5.1, §6.1).
    RedirectBesideAll,
    /// The same mechanism a second time; it can never match.
    DuplicateTerm { first: Span },
    /// `ptr` SHOULD NOT be used (§5.5).
    Ptr,
    /// `%{p}` SHOULD NOT be used (§7.2).
    MacroP,
    /// Bits are set beyond the prefix; receivers ignore them.
    HostBits { meant: String },
    /// The network is not reachable on the public Internet.
    Special { range: &'static SpecialRange },
    /// The network is so wide that it holds strangers.
    Wide { family: Family, prefix: u8 },
    /// Together with the others of its kind the term lets every address of a family pass: `+all` in disguise.
    Everyone { family: Family },
    /// An IPv4-mapped network never matches: such clients are treated as IPv4 (§5).
    MappedIp6 { meant: Option<String> },
    /// A mechanism written as a modifier, which is ignored (§6).
    MechanismAsModifier { name: String, meant: String },
    /// A second `v=spf1` inside, which is an unknown modifier (§6).
    RepeatedVersion { meant: String },
    /// A modifier that no RFC defines; it is ignored (§6).
    UnknownModifier { name: String, meant: Option<String> },
    /// No resolver can look this name up: an empty or over-long label (§4.3).
    UnresolvableName { why: String },
    /// The name holds characters that no host name has.
    OddName { character: char },
    /// The record has more terms than are read.
    TooManyTerms { limit: usize },

    // Notes.
    /// `redirect` SHOULD be the last term (§6.1).
    RedirectNotLast,
    /// A trailing dot on a name should not be published (§7.3).
    TrailingDot { meant: String },
}

/// What is wrong with a prefix length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrefixFault {
    /// Nothing follows the slash.
    Empty,
    /// It starts with a zero.
    LeadingZero,
    /// It is larger than the family allows.
    TooLong { most: u8 },
    /// It is no number.
    NotANumber,
}

/// What is wrong with a domain-spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetFault {
    /// It is a single label.
    NoDot,
    /// Its last label is all digits, as of an address.
    NumericTopLabel,
    /// Its last label is none that a name may end in.
    BadTopLabel { label: String },
}

/// What is wrong with a macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacroFault {
    /// A percent sign that starts no macro.
    LonePercent,
    /// `%{` without `}`.
    Unclosed,
    /// `%{}`.
    Empty,
    /// No macro has this letter.
    UnknownLetter { letter: char },
    /// The number of parts is 0.
    ZeroParts,
    /// Something other than digits, `r` and delimiters follows the letter.
    BadTransformer { character: char },
}

impl ProblemKind {
    /// What should stand in the place of the problem's span, where that can be told.
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::NotASpace { meant, .. }
            | Self::SpaceAfterColon { meant }
            | Self::MissingSpace { meant }
            | Self::StrayCharacter { meant }
            | Self::ArgumentNotAllowed { meant, .. }
            | Self::PrefixNotAllowed { meant, .. }
            | Self::QualifierOnModifier { meant, .. }
            | Self::ModifierWithColon { meant, .. }
            | Self::HostBits { meant }
            | Self::MechanismAsModifier { meant, .. }
            | Self::RepeatedVersion { meant }
            | Self::TrailingDot { meant } => Some(meant),
            Self::NotAscii { meant, .. }
            | Self::UnknownMechanism { meant, .. }
            | Self::LoneQualifier { meant, .. }
            | Self::BadIp4 { meant }
            | Self::BadIp6 { meant }
            | Self::BadPrefix { meant, .. }
            | Self::BadTarget { meant, .. }
            | Self::MappedIp6 { meant }
            | Self::UnknownModifier { meant, .. } => meant.as_deref(),
            _ => None,
        }
    }
}

/// The problems of one record while it is read; faults and others are capped apart, so that no flood of notes hides
/// a fault.
#[derive(Debug, Default)]
pub(super) struct Problems {
    faults: Vec<Problem<ProblemKind>>,
    others: Vec<Problem<ProblemKind>>,
    /// Whether nobody asks for doubts and notes.
    pub faults_only: bool,
}

impl Problems {
    /// None yet, where nobody asks for doubts and notes.
    pub fn of_faults() -> Self {
        Self { faults_only: true, ..Self::default() }
    }

    /// A fault: the record is a permanent error.
    pub fn fault(&mut self, kind: ProblemKind, span: Span) {
        if self.faults.len() < MAX_PROBLEMS {
            self.faults.push(Problem { kind, span, weight: Weight::Fault });
        }
    }

    /// A doubt.
    pub fn doubt(&mut self, kind: ProblemKind, span: Span) {
        self.other(kind, span, Weight::Doubt);
    }

    /// A note.
    pub fn note(&mut self, kind: ProblemKind, span: Span) {
        self.other(kind, span, Weight::Note);
    }

    fn other(&mut self, kind: ProblemKind, span: Span, weight: Weight) {
        if self.others.len() < MAX_PROBLEMS {
            self.others.push(Problem { kind, span, weight });
        }
    }

    /// How many faults there are.
    pub fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Forgets the faults after the first `count`, for a text that is read again in another way.
    pub fn forget_faults(&mut self, count: usize) {
        self.faults.truncate(count);
    }

    /// All of them, by place.
    pub fn into_vec(self) -> Vec<Problem<ProblemKind>> {
        let mut problems = self.faults;
        problems.extend(self.others);
        // By place, the heaviest first at the same place.
        order::by_key(&mut problems, |problem| problem.weight.order());
        order::by_key(&mut problems, |problem| problem.span.order());
        problems
    }
}
