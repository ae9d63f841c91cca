//! The words for every problem that the record parser finds.

use crate::records::spf::{MacroFault, PrefixFault, ProblemKind, TargetFault};
use crate::text::{Span, code_point};

/// Title, explanation, fix and section of one problem.
pub struct Words {
    /// Plain title.
    pub title: String,
    /// What was found.
    pub detail: String,
    /// How to mend it.
    pub fix: String,
    /// The section that says so.
    pub references: &'static [&'static str],
}

fn words(title: &str, detail: String, fix: String, references: &'static [&'static str]) -> Words {
    Words { title: title.into(), detail, fix, references }
}

/// The words for one problem of a record.
pub fn of(kind: &ProblemKind, record: &str, span: Span) -> Words {
    let found = clip(span.of(record));
    let instead = |fallback: &str| match kind.meant().map(str::trim) {
        Some("") => tr!("Remove “{found}”.", found),
        Some(meant) => tr!("Write “{meant}” instead of “{found}”.", meant, found),
        None => fallback.into(),
    };
    match kind {
        ProblemKind::NoVersion => words(
            "The record does not start with v=spf1 and a space",
            tr!("It starts with “{found}”.", found),
            "Start the record with “v=spf1 ”.".into(),
            &["RFC 7208 §4.5"],
        ),
        ProblemKind::TooLong { limit } => words(
            "The text is longer than a record can be",
            tr!("A TXT record holds at most {limit} octets; what stands behind them was not read.", limit),
            "Shorten the record.".into(),
            &["RFC 1035 §3.2.1"],
        ),
        ProblemKind::NotASpace { character, .. } => words(
            "Terms are separated by something other than a space",
            tr!("There is {} where a space must stand.", name(*character)),
            "Replace it with an ordinary space.".into(),
            &["RFC 7208 §12"],
        ),
        ProblemKind::ControlCharacter { character } => words(
            "A control character stands in the record",
            tr!("{} is not allowed anywhere in the record.", name(*character)),
            "Remove it.".into(),
            &["RFC 7208 §4.6", "RFC 7208 §12"],
        ),
        ProblemKind::NotAscii { character, .. } => words(
            "A character outside ASCII stands in the record",
            tr!(
                "{} is not allowed. Editors and web pages put such characters in place of plain ones.",
                name(*character)
            ),
            match kind.meant() {
                Some("") => "Remove it: quotation marks are not part of the record.".into(),
                Some(meant) => tr!("Type a plain “{meant}”.", meant),
                None => {
                    "Type the term again in plain ASCII; write an internationalised name as A-labels (xn--…).".into()
                }
            },
            &["RFC 7208 §4.6", "RFC 7208 §12"],
        ),
        ProblemKind::UnknownMechanism { name, .. } if name.is_empty() => words(
            "A qualifier stands alone",
            tr!("No mechanism stands behind “{found}”.", found),
            "Remove it, or write the mechanism directly behind it.".into(),
            &["RFC 7208 §4.6.1"],
        ),
        ProblemKind::UnknownMechanism { name, .. } => words(
            "There is no such mechanism",
            tr!("“{}” is none of all, include, a, mx, ptr, ip4, ip6 and exists.", clip(name)),
            instead("Remove the term, or use one of the mechanisms that exist."),
            &["RFC 7208 §4.6.1", "RFC 7208 §12"],
        ),
        ProblemKind::LoneQualifier { qualifier, .. } => words(
            "A space stands behind a qualifier",
            tr!("“{qualifier}” must stand directly before its mechanism.", qualifier),
            "Remove the space.".into(),
            &["RFC 7208 §4.6.1"],
        ),
        ProblemKind::SpaceAfterColon { .. } => words(
            "A space stands behind the colon",
            "The value must follow its colon or equals sign directly.".into(),
            "Remove the space.".into(),
            &["RFC 7208 §12"],
        ),
        ProblemKind::MissingSpace { .. } => words(
            "A space is missing before a term",
            tr!(
                "“{found}” is glued to the term before it. This happens when a record is cut into several strings: they are joined without a space.",
                found
            ),
            tr!("Put a space before “{found}”.", found),
            &["RFC 7208 §3.3", "RFC 7208 §12"],
        ),
        ProblemKind::StrayCharacter { .. } => words(
            "A stray character stands beside a term",
            tr!("“{found}” is no part of a term; only spaces separate terms.", found),
            tr!("Remove “{found}”.", found),
            &["RFC 7208 §12"],
        ),
        ProblemKind::MissingArgument { name } => words(
            "A value is missing",
            tr!("“{name}” needs a value.", name),
            tr!("Write the value behind “{name}”, or remove the term.", name),
            &["RFC 7208 §12"],
        ),
        ProblemKind::ArgumentNotAllowed { name, .. } => words(
            "A value stands where none may be",
            tr!("“{name}” takes no value, and “{found}” follows it.", name, found),
            instead(""),
            &["RFC 7208 §5.1", "RFC 7208 §12"],
        ),
        ProblemKind::BadIp4 { .. } => words(
            "This is no IPv4 address",
            tr!("“{found}” does not hold four numbers from 0 to 255, written without leading zeros.", found),
            instead("Correct the address."),
            &["RFC 7208 §5.6", "RFC 7208 §12"],
        ),
        ProblemKind::BadIp6 { .. } => words(
            "This is no IPv6 address",
            tr!("“{found}” does not have the form of an IPv6 address.", found),
            instead("Correct the address."),
            &["RFC 7208 §5.6", "RFC 7208 §12"],
        ),
        ProblemKind::BadPrefix { fault, .. } => words(
            "The prefix length is malformed",
            match fault {
                PrefixFault::Empty => "Nothing follows the slash.".into(),
                PrefixFault::LeadingZero => tr!("“{found}” starts with a zero, which the grammar forbids.", found),
                PrefixFault::TooLong { most } => tr!("“{found}” is more than {most}.", found, most),
                PrefixFault::NotANumber => tr!("“{found}” is no number.", found),
            },
            instead("Write a number of bits, or remove the slash for a single address."),
            &["RFC 7208 §5", "RFC 7208 §12"],
        ),
        ProblemKind::PrefixNotAllowed { name, .. } => words(
            "A prefix length stands where none may be",
            tr!("“{name}” takes no prefix length.", name),
            instead(""),
            &["RFC 7208 §12"],
        ),
        ProblemKind::QualifierOnModifier { name, .. } => words(
            "A modifier has a qualifier",
            tr!("“{}=” is a modifier; only mechanisms have qualifiers.", clip(name)),
            instead(""),
            &["RFC 7208 §4.6.1", "RFC 7208 §12"],
        ),
        ProblemKind::ModifierWithColon { name, .. } => words(
            "A modifier is written with a colon",
            tr!("“{name}” is a modifier and takes an equals sign.", name),
            instead(""),
            &["RFC 7208 §6", "RFC 7208 §12"],
        ),
        ProblemKind::BadTarget { fault, .. } => words(
            "The domain name in this term is malformed",
            match fault {
                TargetFault::NoDot => tr!("“{found}” is a single label; a domain must have a dot in it.", found),
                TargetFault::NumericTopLabel => tr!("“{found}” ends in digits only, so it is no domain name.", found),
                TargetFault::BadTopLabel { label } => {
                    tr!("“{found}” ends in “{}”, which no domain name can end in.", clip(label), found)
                }
            },
            instead("Write the full domain name."),
            &["RFC 7208 §7.1", "RFC 7208 §12"],
        ),
        ProblemKind::BadMacro { fault } => words(
            "A macro is malformed",
            match fault {
                MacroFault::LonePercent => "A “%” must start “%{…}”, “%%”, “%_” or “%-”.".into(),
                MacroFault::Unclosed => "The closing brace is missing.".into(),
                MacroFault::Empty => "No letter stands between the braces.".into(),
                MacroFault::UnknownLetter { letter } => {
                    tr!("“{letter}” is none of the letters s l o d i p v h.", letter)
                }
                MacroFault::ZeroParts => "Zero parts of a value cannot be kept.".into(),
                MacroFault::BadTransformer { character } => {
                    tr!(
                        "“{character}” may not stand there: a number, then “r”, then delimiters out of . - + , / _ =",
                        character
                    )
                }
            },
            "Correct the macro.".into(),
            &["RFC 7208 §7.1", "RFC 7208 §7.3"],
        ),
        ProblemKind::MacroOnlyInExplanation => words(
            "A macro stands where it is not allowed",
            "%{c}, %{r} and %{t} may stand only in the text of an explanation.".into(),
            "Use %{i} for the client's address, or remove the macro.".into(),
            &["RFC 7208 §7.2"],
        ),
        ProblemKind::DuplicateModifier { name, .. } => words(
            "A modifier stands twice",
            tr!("“{name}=” may stand once at most.", name),
            "Keep one of them.".into(),
            &["RFC 7208 §6"],
        ),
        ProblemKind::AfterAll => words(
            "A term after “all” is never looked at",
            tr!(
                "“{found}” stands after “all”, which matches every sender. Whoever it should allow is not allowed by it.",
                found
            ),
            "Move it before “all”, or remove it.".into(),
            &["RFC 7208 §5.1"],
        ),
        ProblemKind::RedirectBesideAll => words(
            "“redirect” is ignored",
            "The record has an “all”, which matches every sender, so the redirect is never followed.".into(),
            "Remove “all” if the other record should decide, or remove the redirect.".into(),
            &["RFC 7208 §5.1", "RFC 7208 §6.1"],
        ),
        ProblemKind::DuplicateTerm { .. } => words(
            "A term stands twice",
            tr!(
                "“{found}” can never match: the same term before it decides. If it looks something up, it costs a look-up again.",
                found
            ),
            "Remove the second one.".into(),
            &["RFC 7208 §4.6.2", "RFC 7208 §4.6.4"],
        ),
        ProblemKind::Ptr => words(
            "“ptr” should not be used",
            "It is slow and unreliable, loads the DNS of others, and some receivers skip it.".into(),
            "List the addresses with ip4 and ip6, or use a, mx or include.".into(),
            &["RFC 7208 §5.5"],
        ),
        ProblemKind::MacroP => words(
            "The macro %{p} should not be used",
            "It needs the same slow and unreliable look-ups as “ptr”.".into(),
            "Use %{i} or %{d} instead.".into(),
            &["RFC 7208 §7.2"],
        ),
        ProblemKind::HostBits { meant } => words(
            "The network is written with bits beyond its prefix",
            tr!("Receivers ignore the extra bits: “{found}” is read as {meant}.", found, meant),
            tr!(
                "Write {meant} if you mean the network, or correct the prefix length if you mean single addresses.",
                meant
            ),
            &["RFC 7208 §5.6"],
        ),
        ProblemKind::Special { range } => words(
            "This network sends no mail on the Internet",
            tr!(
                "“{found}” is set aside for {} ({}). No receiver sees mail from there.",
                range.what,
                range.reference,
                found
            ),
            if range.documentation {
                "Replace it by your real address: it looks copied from an example.".into()
            } else {
                "Remove it, and list the public address that your mail leaves from.".into()
            },
            &["RFC 7208 §5.6", "RFC 6890"],
        ),
        ProblemKind::Wide { family, prefix } => words(
            "A very wide network may send in your name",
            {
                let bits = u32::from(family.bits().saturating_sub(*prefix));
                let count = if bits < 40 { tr!("{} addresses", 1u64 << bits) } else { tr!("2^{bits} addresses", bits) };
                tr!(
                    "“{found}” lets {count} pass ({} /{prefix}). Few owners hold that many; the rest are strangers.",
                    family.label(),
                    found,
                    count,
                    prefix
                )
            },
            "List only the addresses or networks that send your mail.".into(),
            &["RFC 7208 §11.4"],
        ),
        ProblemKind::Everyone { family } => words(
            "Every address passes",
            tr!(
                "“{found}” takes part in covering all {} addresses: this is “+all” in other words.",
                family.label(),
                found
            ),
            "List only the addresses that send your mail.".into(),
            &["RFC 7208 §5.1", "RFC 7208 §5.6"],
        ),
        ProblemKind::MappedIp6 { .. } => words(
            "An IPv4-mapped network never matches",
            "Senders with such an address are treated as IPv4, so this ip6 term matches nobody.".into(),
            instead("Use ip4."),
            &["RFC 7208 §5"],
        ),
        ProblemKind::MechanismAsModifier { name, .. } => words(
            "A mechanism is written with “=” and ignored",
            tr!(
                "“{}=” makes it a modifier that nobody knows. Receivers skip it without an error, so it allows nobody.",
                clip(name)
            ),
            instead(""),
            &["RFC 7208 §6", "RFC 7208 §12"],
        ),
        ProblemKind::RepeatedVersion { .. } => words(
            "“v=spf1” stands inside the record",
            "Two records were probably joined. Receivers take the second “v=spf1” for an unknown modifier and skip it."
                .into(),
            "Remove it.".into(),
            &["RFC 7208 §6"],
        ),
        ProblemKind::UnknownModifier { name, .. } => words(
            "A modifier that nobody knows",
            tr!("Receivers skip “{}=” without an error.", clip(name)),
            instead("Remove it if it is a mistake."),
            &["RFC 7208 §6"],
        ),
        ProblemKind::UnresolvableName { why } => words(
            "Nobody can look this name up",
            tr!("“{found}” has the form that SPF asks for, and is no name in the DNS: {why}.", found, why),
            "Correct the name.".into(),
            &["RFC 7208 §4.3", "RFC 1035 §2.3.4"],
        ),
        ProblemKind::OddName { character } => words(
            "The name holds a character that no host name has",
            tr!("“{character}” in “{found}” is allowed by the grammar, and almost surely a mistake.", character, found),
            "Correct the name.".into(),
            &["RFC 7208 §7.1"],
        ),
        ProblemKind::TooManyTerms { limit } => words(
            "The record has too many terms",
            tr!("Only the first {limit} terms were read.", limit),
            "Shorten the record.".into(),
            &["RFC 7208 §3.4"],
        ),
        ProblemKind::RedirectNotLast => words(
            "“redirect” is not the last term",
            "It takes effect only after every mechanism, wherever it stands; readers expect it at the end.".into(),
            "Move it to the end.".into(),
            &["RFC 7208 §6.1"],
        ),
        ProblemKind::TrailingDot { .. } => words(
            "A name is written with a trailing dot",
            "Receivers must accept it, but it should not be published.".into(),
            instead(""),
            &["RFC 7208 §7.3"],
        ),
    }
}

/// A character in words.
fn name(character: char) -> String {
    match character {
        '\t' => "a TAB".into(),
        '\r' | '\n' => "a line break".into(),
        '\u{A0}' => "a no-break space (U+00A0)".into(),
        '\u{FFFD}' => "An octet that is not ASCII".into(),
        c if c.is_control() || c.is_whitespace() => tr!("the character {}", code_point(c)),
        c => format!("“{c}” ({})", code_point(c)),
    }
}

/// At most 80 characters of a text.
pub fn clip(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.into(),
    }
}
