//! What is said about each problem of the records and the policy file.

use crate::checks::Outcome;
use crate::records::Weight;
use crate::records::fields::FieldProblem;
use crate::records::mta_sts::MtaStsProblem;
use crate::records::mta_sts_policy::{MAX_BYTES, MAX_MAX_AGE, MAX_PATTERNS, PolicyProblem};
use crate::text::code_point;

/// Title and fix of a problem; the detail names the place.
pub(in crate::checks) struct Said {
    /// Plain title.
    pub title: String,
    /// How to mend it.
    pub fix: String,
}

fn said(title: impl Into<String>, fix: impl Into<String>) -> Said {
    Said { title: title.into(), fix: fix.into() }
}

/// How a problem of this weight comes out.
pub(in crate::checks) fn outcome(weight: Weight) -> Outcome {
    match weight {
        Weight::Fault => Outcome::Fail,
        Weight::Doubt => Outcome::Warn,
        Weight::Note => Outcome::Info,
    }
}

/// A character as it can be read in a sentence.
fn show(character: char) -> String {
    match character {
        ' ' => "a space".into(),
        '\t' => "a tab".into(),
        c if c.is_control() || c.is_whitespace() => tr!("the character {}", code_point(c)),
        c => format!("“{c}”"),
    }
}

/// A text that may be empty.
fn quote(text: &str) -> String {
    if text.is_empty() { "nothing".into() } else { format!("“{text}”") }
}

/// What is said about the frame of an MTA-STS or TLS-RPT record that must begin with `version`.
pub(in crate::checks) fn frame(problem: &FieldProblem, version: &str) -> Said {
    match problem {
        FieldProblem::VersionMissing => said(
            tr!("The record does not begin with {version}", version),
            tr!("Begin the record with `{version};`.", version),
        ),
        FieldProblem::VersionCase => said(
            "The version is written in the wrong case",
            tr!("Write `{version}` exactly so: case matters, and senders ignore any other spelling.", version),
        ),
        FieldProblem::VersionSpaced => said(
            "White space stands before or inside the version",
            tr!("Begin the record with `{version};`, without any white space before or in it.", version),
        ),
        FieldProblem::SpaceBeforeSemicolon => said(
            "White space stands between the version and its semicolon",
            tr!(
                "Write `{version};`. The grammar allows the space, but the rule by which senders pick the record asks for \
                 the semicolon directly behind the version (erratum 6285), so some ignore this record.",
                version
            ),
        ),
        FieldProblem::SemicolonMissing => {
            said("The semicolon behind the version is missing", tr!("Write `{version};` and then the fields.", version))
        }
        FieldProblem::NoFields => said("The record has no fields", "At least one field must follow the version."),
        FieldProblem::EmptyField => said("Two semicolons have nothing between them", "Remove one of the semicolons."),
        FieldProblem::NotAField => {
            said("A part of the record is no field", "Write each field as `name=value`, or remove this part.")
        }
        FieldProblem::SpaceAroundEquals { name } => said(
            tr!("White space stands beside the = of “{name}”", name),
            "Remove the white space: the grammar allows it around semicolons only.",
        ),
        FieldProblem::BadName => said(
            "A field has a name that no field may have",
            "A name begins with a letter or digit and has at most 32 letters, digits, `_`, `-` and `.`.",
        ),
        FieldProblem::EmptyValue { name } => {
            said(tr!("The field “{name}” has no value", name), "Give it a value, or remove the field.")
        }
        FieldProblem::BadValue { name, character } => said(
            tr!("The value of “{name}” holds {}", show(*character), name),
            "A value is printable ASCII without spaces, `=` and `;`. One bad value makes the whole record invalid.",
        ),
        FieldProblem::TrailingSpace => said(
            "White space stands at the end of the record",
            "Remove it, or end the record with a semicolon: the grammar allows white space only around semicolons.",
        ),
        FieldProblem::UnknownField { name } => said(
            tr!("The field “{name}” is not defined", name),
            "Senders ignore it. Remove it unless you know what it is for.",
        ),
        FieldProblem::TooManyFields => {
            said("The record has hundreds of fields; the rest was not read", "Keep the fields that are defined.")
        }
    }
}

/// What is said about an MTA-STS record.
pub(super) fn record(problem: &MtaStsProblem, version: &str) -> Said {
    match problem {
        MtaStsProblem::Frame(problem) => frame(problem, version),
        MtaStsProblem::IdMissing => said("The id is missing", "Add `id=` with 1 to 32 letters and digits."),
        MtaStsProblem::IdCase { found } => said(
            tr!("“{found}” is not id: case matters", found),
            "Write `id=` in lower case. As it stands, it is an unknown field that senders ignore.",
        ),
        MtaStsProblem::IdEmpty => said("The id is empty", "Give `id=` 1 to 32 letters and digits."),
        MtaStsProblem::IdCharacter { character } => said(
            tr!("The id holds {}", show(*character)),
            "Use letters and digits only: `20261123` and not `2026-11-23`.",
        ),
        MtaStsProblem::IdTooLong { length } => {
            said(tr!("The id has {length} characters; at most 32 are allowed", length), "Shorten it to 32 characters.")
        }
        MtaStsProblem::IdRepeated => {
            said("A second id, which is ignored", "Keep one `id`: senders take the first and ignore the others.")
        }
    }
}

/// What is said about a policy file.
pub(super) fn policy(problem: &PolicyProblem) -> Said {
    use PolicyProblem as P;
    match problem {
        P::Empty => said("The policy file is empty", "Serve the policy."),
        P::Html => said(
            "The file is a web page and no policy",
            "Serve the policy as plain text at exactly this URL. Web servers often answer an unknown path with a page \
             and status 200.",
        ),
        P::TooLarge { bytes } => said(
            tr!("The file has {bytes} bytes; senders need not read more than {MAX_BYTES}", bytes, MAX_BYTES),
            "Serve nothing but the policy.",
        ),
        P::NotUtf8 => said("The file is not UTF-8 text", "Save the file as plain ASCII."),
        P::ByteOrderMark => said(
            "The file begins with a byte order mark",
            "Save it as plain ASCII or as UTF-8 without byte order mark (BOM): the mark makes the first key unknown.",
        ),
        P::LoneCarriageReturn { lines } => said(
            tr!("{lines} line ends are a carriage return alone", lines),
            "End lines with LF or CR LF: senders see one long line otherwise.",
        ),
        P::BlankLines { lines } => said(
            tr!("The file has {n} blank line" | "The file has {n} blank lines" % *lines),
            "Remove them: the grammar knows none, and a strict reader refuses the file.",
        ),
        P::Comment => {
            said("A line begins with #", "Remove it: a policy has no comments, and a strict reader refuses the file.")
        }
        P::NotAField { text } => said(tr!("“{text}” is no field", text), "Write each line as `key: value`."),
        P::SpaceBeforeKey => said("White space stands before a key", "Begin the line with the key."),
        P::SpaceBeforeColon { key } => said(
            tr!("White space stands between “{key}” and its colon", key),
            "Write the colon directly behind the key.",
        ),
        P::BadKey { key } => said(
            tr!("{} is no key", quote(key)),
            "A key begins with a letter or digit and has at most 32 letters, digits, `_`, `-` and `.`.",
        ),
        P::KeyForm { found, meant } => said(
            tr!("“{found}” is not {meant}", found, meant),
            tr!("Write `{meant}`. As it stands, it is an unknown key that senders ignore.", meant),
        ),
        P::UnknownKey { key } => said(
            tr!("The key “{key}” is not defined", key),
            "Senders ignore it. Remove it unless you know what it is for.",
        ),
        P::EmptyValue { key } => said(tr!("“{key}” has no value", key), "Give it a value, or remove the line."),
        P::BadCharacter { key, character } => {
            said(tr!("The value of “{key}” holds {}", show(*character), key), "Remove the character.")
        }
        P::Repeated { key } => said(
            tr!("A second {key}, which is ignored", key),
            tr!("Keep one `{key}` line: the first counts, and senders ignore the others.", key),
        ),
        P::VersionMissing => said("The version is missing", "Begin the file with the line `version: STSv1`."),
        P::VersionWrong { found } => {
            said(tr!("The version is {} and not STSv1", quote(found)), "Write `version: STSv1`; case matters.")
        }
        P::VersionNotFirst => said(
            "The version is not in the first line",
            "The RFC does not ask for an order; the first line is where everybody puts it.",
        ),
        P::ModeMissing => said("The mode is missing", "Add the line `mode: testing` or `mode: enforce`."),
        P::ModeWrong { found } => {
            said(tr!("The mode is {}", quote(found)), "Write `enforce`, `testing` or `none`, in lower case.")
        }
        P::MaxAgeMissing => said("The max_age is missing", "Add the line `max_age: 604800` (a week in seconds)."),
        P::MaxAgeNotANumber { found } => said(
            tr!("The max_age is {} and no number", quote(found)),
            "Write seconds in digits, without a unit: `max_age: 604800`.",
        ),
        P::MaxAgeTooLarge { found } => said(
            tr!("The max_age is {found}, more than a year", found),
            tr!("Write at most {MAX_MAX_AGE} (one year in seconds).", MAX_MAX_AGE),
        ),
        P::MxMissing => said(
            "The policy names no mail server",
            "Add one `mx:` line for each MX host, or one like `mx: *.example.com` that covers them.",
        ),
        P::MxFinalDot => said("The name ends in a dot", "Remove the dot: here, names have none at the end."),
        P::MxUnderscore => {
            said("The name has an underscore", "Write the name of the mail host; no host name has an underscore.")
        }
        P::MxNotAscii => {
            said("The name is not written in A-labels", "Write it in its ASCII form, `xn--…`, as in the MX record.")
        }
        P::MxSeveral => said("One mx line holds several names", "Write one name a line, each with its own `mx:`."),
        P::MxStar => {
            said("A star stands where it may not", "A star stands for the whole first label only: `*.example.com`.")
        }
        P::MxLeadingDot => said(
            "The name begins with a dot",
            "Write `*.example.com`: the leading dot is from drafts older than the RFC.",
        ),
        P::MxAddress => said("An IP address stands for a name", "Write the name of the mail host as in the MX record."),
        P::MxBadName { why } => said(tr!("This is no domain name: {why}", why), "Write the name of the mail host."),
        P::MxNotAHostName => said(
            "No host can have this name",
            "Write the name of the mail host: letters, digits and inner hyphens between dots.",
        ),
        P::MxRepeated { pattern } => said(tr!("{pattern} is listed twice", pattern), "Remove one of the lines."),
        P::TooManyPatterns => said(
            tr!("The policy has more than {MAX_PATTERNS} mx lines; the rest was not read", MAX_PATTERNS),
            "Name the mail hosts of this domain only.",
        ),
        P::More { hidden } => said(
            tr!("{hidden} more problems like these", hidden),
            "Mend the first ones; what is left will show itself.",
        ),
    }
}
