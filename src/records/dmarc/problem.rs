//! What can be wrong with a policy record that receivers do see.

use super::UriProblem;

/// What is wrong with a policy record that receivers do see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DmarcProblem {
    /// White space stands before `v`.
    LeadingSpace,
    /// Two semicolons with nothing between them.
    EmptyPart,
    /// A part has no `=`.
    NoValue { text: String },
    /// An address for reports stands after a semicolon instead of a comma.
    StrayUri { text: String },
    /// A tag name is not letters alone.
    BadTagName { name: String },
    /// A tag name in upper case: right by the grammar, missed by some receivers.
    UpperCase { name: String },
    /// A tag that no standard knows; ignored.
    UnknownTag { name: String },
    /// A tag is there twice; which one counts is nowhere defined.
    DuplicateTag { name: String },
    /// A tag without a value.
    EmptyValue { name: String },
    /// A character that the grammar does not allow.
    BadCharacter { name: String, character: char },
    /// There are more tags than are looked at.
    TooManyTags,
    /// `v` stands in the record again.
    SecondVersion,
    /// `p` is missing.
    MissingPolicy { reports: bool },
    /// `p`, `sp` or `np` has none of the three words.
    InvalidPolicy { tag: &'static str, value: String, reports: bool },
    /// `p` is not the tag after `v`, as RFC 7489 wanted it.
    PolicyNotSecond,
    /// A tag with a fixed set of values has another one; the default counts.
    InvalidValue { tag: &'static str, value: String, default: &'static str },
    /// `fo` has a member it may not have, or `0` beside `1`; the default counts.
    InvalidFailureOptions { value: String },
    /// `fo` without `ruf` does nothing.
    FailureOptionsUnused,
    /// `pct`, `rf` or `ri`, removed by RFC 9989.
    RemovedTag { tag: &'static str, value: String },
    /// An address in `rua` or `ruf`.
    Uri { tag: &'static str, problem: UriProblem },
}
