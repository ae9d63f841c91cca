//! The words for what is wrong with a TLS-RPT record.

use crate::checks::mta_sts::wording::{Said, frame};
use crate::records::tls_rpt::{MAX_TARGETS, TlsRptProblem, VERSION};
use crate::text::code_point;

use super::target_checks::{EXCLAMATION, SEMICOLON};

/// Title and fix of a problem.
pub(super) fn said(problem: &TlsRptProblem) -> Said {
    use TlsRptProblem as P;
    let (title, fix) = match problem {
        P::Frame(problem) => return frame(problem, VERSION),
        P::RuaMissing => ("The rua is missing".to_owned(), "Add `rua=mailto:` with an address for the reports."),
        P::RuaCase { found } => (
            tr!("“{found}” is not rua: case matters", found),
            "Write `rua=` in lower case. As it stands, it is an unknown field that senders ignore.",
        ),
        P::RuaRepeated => (
            "A second rua".to_owned(),
            "Write all targets into one `rua=`, with commas between them: senders differ on whether the second counts.",
        ),
        P::EmptyTarget => ("A target is empty".to_owned(), "Remove the comma, or write a target."),
        P::NoScheme { text } => {
            (tr!("“{text}” has no scheme", text), "Write `mailto:` before an address, `https://` before a host.")
        }
        P::Scheme { scheme } => (
            tr!("Reports cannot go to {scheme}: targets", scheme),
            "Use a `mailto:` or `https://` target: senders ignore all others.",
        ),
        P::NotAnAddress { text } => (
            tr!("“{text}” is no mail address", text),
            "Write one address behind `mailto:`, as in `mailto:reports@example.com`.",
        ),
        P::BadDomain { text, why } => {
            return Said {
                title: tr!("“{text}” is no domain name", text),
                fix: tr!("Write a domain name: {why}.", why),
            };
        }
        P::NotAHostName { text } => (
            tr!("“{text}” is no name that a host may have", text),
            "Write the domain with letters, digits and inner hyphens, without a dot at the end.",
        ),
        P::NotAscii { text } => {
            (tr!("“{text}” is not written in A-labels", text), "Write the domain in its ASCII form, `xn--…`.")
        }
        P::UriCharacter { character } => {
            return Said {
                title: if *character == ' ' {
                    "A target holds a space".into()
                } else {
                    tr!("A target holds {}, which no URI may hold", code_point(*character))
                },
                fix: "Separate targets by commas, and write other characters percent-encoded.".into(),
            };
        }
        P::BadEscape => {
            ("A % is not followed by two hexadecimal digits".to_owned(), "Write a `%` that stands for itself as `%25`.")
        }
        P::Exclamation => (EXCLAMATION.title.to_owned(), EXCLAMATION.fix),
        P::SemicolonInUrl { .. } => (SEMICOLON.title.to_owned(), SEMICOLON.fix),
        P::TooManyTargets => {
            return Said {
                title: tr!("More than {MAX_TARGETS} targets; the rest was not read", MAX_TARGETS),
                fix: "Keep one or two targets.".into(),
            };
        }
    };
    Said { title, fix: fix.into() }
}
