//! SPF records read by mail-auth beside our own reader: the same terms, or a disagreement that is listed here with the
//! section that settles it.

mod openspf;

use std::collections::{BTreeMap, BTreeSet};

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::spf as theirs;
use mxray::dns::RecordData;
use mxray::evidence::DnsOutcome;
use mxray::records::Weight;
use mxray::records::spf::macros::Part;
use mxray::records::spf::{self as ours, Action, DualPrefix, Family, MacroString, Mechanism, Modifier, ProblemKind};
use proptest::prelude::*;

/// Why a record that we refuse is taken by mail-auth: the fault, and the section that makes it one.
fn settled(fault: &ProblemKind) -> Option<&'static str> {
    Some(match fault {
        ProblemKind::UnknownMechanism { .. } | ProblemKind::LoneQualifier { .. } => {
            "§4.6.1: unknown mechanisms are errors"
        }
        ProblemKind::QualifierOnModifier { .. } => "§12: a modifier has no qualifier",
        ProblemKind::ModifierWithColon { .. } => {
            "§4.6.1: a name with a colon is a mechanism, and there is none of this name"
        }
        ProblemKind::NotASpace { .. } => "§12: only spaces stand between terms",
        ProblemKind::ControlCharacter { .. } | ProblemKind::NotAscii { .. } => "§12: visible ASCII only",
        ProblemKind::StrayCharacter { .. } => "§12: no quotes, commas or semicolons around a term",
        ProblemKind::MissingSpace { .. } => "§12: terms are separated by spaces",
        ProblemKind::SpaceAfterColon { .. } | ProblemKind::MissingArgument { .. } => "§12: domain-spec is not empty",
        ProblemKind::BadTarget { .. } => "§7.1: domain-spec ends in a toplabel or a macro",
        ProblemKind::BadMacro { .. } => "§7.1: the grammar of macros",
        ProblemKind::BadPrefix { .. } => "§12: prefix lengths without leading zeros and within their limits",
        ProblemKind::PrefixNotAllowed { .. } => "§5.2, §5.5, §5.7: no prefix length",
        ProblemKind::MacroOnlyInExplanation => "§7.2: c, r and t in explanations only",
        ProblemKind::BadIp4 { .. } => "§12: ip4-network is a whole dotted quad without leading zeros",
        ProblemKind::BadIp6 { .. } => "§12: ip6-network as in RFC 4291 §2.2",
        ProblemKind::NoVersion => "§4.5: v=spf1 is followed by a space or the end",
        _ => return None,
    })
}

/// Why a record that we take is refused or read otherwise by mail-auth.
fn settled_in_our_favour(record: &str) -> Option<&'static str> {
    let parsed = ours::parse(record).record;
    let slash =
        |spec: &MacroString| spec.parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains('/')));
    let with_slash = |action: &Action| match action {
        Action::Directive { mechanism, .. } => mechanism.target().is_some_and(slash),
        Action::Modifier(Modifier::Redirect { target } | Modifier::Explanation { target }) => slash(target),
        _ => false,
    };
    if parsed.terms.iter().any(|term| matches!(term.action, Action::Modifier(Modifier::Other { .. }))) {
        return Some("§6: name=value is a modifier, and one that is not known is ignored whatever macro-string it has");
    }
    parsed.terms.iter().any(|term| with_slash(&term.action)).then_some("§7.1: a macro-literal may hold slashes")
}

/// A record in words that both readers' results can be put into.
type Terms = Vec<String>;

fn our_terms(record: &str) -> Result<Terms, Vec<ProblemKind>> {
    let parsed = ours::parse(record);
    let faults: Vec<ProblemKind> = parsed
        .problems
        .iter()
        .filter(|problem| problem.weight == Weight::Fault)
        .map(|problem| problem.kind.clone())
        .collect();
    assert_eq!(
        ours::parse_for_use(record)
            .problems
            .iter()
            .filter(|problem| problem.weight == Weight::Fault)
            .map(|problem| problem.kind.clone())
            .collect::<Vec<_>>(),
        faults,
        "the quick reader finds the same faults: {record}"
    );
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut terms = Vec::new();
    let mut modifiers = BTreeMap::new();
    for term in &parsed.record.terms {
        match &term.action {
            Action::Directive { qualifier, mechanism } => {
                let dual = |prefix: &DualPrefix| format!("/{}//{}", prefix.ip4, prefix.ip6);
                let value = match mechanism {
                    Mechanism::A { prefix, .. } | Mechanism::Mx { prefix, .. } => dual(prefix),
                    Mechanism::Ip { network } => match network.family {
                        Family::Ipv4 => format!("{}/{}", u32::try_from(network.address).unwrap(), network.prefix),
                        Family::Ipv6 => format!("{}/{}", network.address, network.prefix),
                    },
                    _ => String::new(),
                };
                let target = mechanism.target().map(our_macro).unwrap_or_default();
                terms.push(format!("{}{}:{target}{value}", qualifier.sign(), mechanism.name()));
            }
            Action::Modifier(Modifier::Redirect { target }) => drop(modifiers.insert("redirect", our_macro(target))),
            Action::Modifier(Modifier::Explanation { target }) => drop(modifiers.insert("exp", our_macro(target))),
            Action::Modifier(Modifier::Other { .. }) | Action::Unreadable => {}
        }
    }
    terms.extend(modifiers.into_iter().map(|(name, value)| format!("{name}={value}")));
    Ok(terms)
}

fn our_macro(spec: &MacroString) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Percent => "%".into(),
        Part::Space => " ".into(),
        Part::EncodedSpace => "%20".into(),
        Part::Expand(expand) => {
            let delimiters: BTreeSet<char> =
                if expand.delimiters.is_empty() { ['.'].into() } else { expand.delimiters.chars().collect() };
            let letter = format!("{:?}", expand.letter);
            format!("{{{letter} {} {} {} {delimiters:?}}}", expand.keep.unwrap_or(0), expand.reverse, expand.escape)
        }
    };
    spec.parts.iter().map(part).collect()
}

fn their_terms(record: &str) -> Result<Terms, String> {
    let parsed = theirs::Spf::parse(record.as_bytes()).map_err(|error| error.to_string())?;
    let mut terms = Vec::new();
    for directive in &parsed.directives {
        let sign = match directive.qualifier {
            theirs::Qualifier::Pass => '+',
            theirs::Qualifier::Fail => '-',
            theirs::Qualifier::SoftFail => '~',
            theirs::Qualifier::Neutral => '?',
        };
        use theirs::Mechanism as M;
        let dual = |ip4: u32, ip6: u128| format!("/{}//{}", ip4.leading_ones(), ip6.leading_ones());
        let (name, target, value) = match &directive.mechanism {
            M::All => ("all", None, String::new()),
            M::Include { macro_string } => ("include", Some(macro_string), String::new()),
            M::A { macro_string, ip4_mask, ip6_mask } => ("a", Some(macro_string), dual(*ip4_mask, *ip6_mask)),
            M::Mx { macro_string, ip4_mask, ip6_mask } => ("mx", Some(macro_string), dual(*ip4_mask, *ip6_mask)),
            M::Ptr { macro_string } => ("ptr", Some(macro_string), String::new()),
            M::Ip4 { addr, mask } => ("ip4", None, format!("{}/{}", addr.to_bits(), mask.leading_ones())),
            M::Ip6 { addr, mask } => ("ip6", None, format!("{}/{}", addr.to_bits(), mask.leading_ones())),
            M::Exists { macro_string } => ("exists", Some(macro_string), String::new()),
        };
        terms.push(format!("{sign}{name}:{}{value}", target.map(their_macro).unwrap_or_default()));
    }
    for (name, value) in [("exp", &parsed.exp), ("redirect", &parsed.redirect)] {
        terms.extend(value.iter().map(|value| format!("{name}={}", their_macro(value))));
    }
    Ok(terms)
}

fn their_macro(spec: &theirs::Macro) -> String {
    match spec {
        theirs::Macro::Literal(text) => String::from_utf8_lossy(text).into_owned(),
        theirs::Macro::List(parts) => parts.iter().map(their_macro).collect(),
        theirs::Macro::None => String::new(),
        theirs::Macro::Variable { letter, num_parts, reverse, escape, delimiters } => {
            use theirs::Variable as V;
            let letter = match letter {
                V::Sender => "Sender",
                V::SenderLocalPart => "LocalPart",
                V::SenderDomainPart => "SenderDomain",
                V::Domain => "Domain",
                V::Ip => "Address",
                V::ValidatedDomain => "ValidatedName",
                V::IpVersion => "AddressFamily",
                V::HeloDomain => "Helo",
                V::SmtpIp => "ReadableAddress",
                V::HostDomain => "Receiver",
                V::CurrentTime => "Time",
            };
            let set: BTreeSet<char> =
                ".-+,/_=".chars().filter(|c| delimiters & (1 << (u32::from(*c) - u32::from('+'))) != 0).collect();
            format!("{{{letter} {num_parts} {reverse} {escape} {set:?}}}")
        }
    }
}

/// What is wrong with the two readings of a record, or what settles it.
fn compare(record: &str) -> Result<Option<&'static str>, String> {
    // mail-auth shifts by the whole width there: it panics, or takes /0 for a single address where nothing checks it.
    let zero = |rest: &str| rest.is_empty() || rest.starts_with(['0', ' ', '\t']);
    if record.match_indices('/').any(|(at, _)| zero(&record[at + 1..])) {
        return Ok(Some("§5.6: a prefix length of 0 is everybody"));
    }
    let ours = our_terms(record);
    // A reader that panics over a damaged record has no reading to compare.
    let Ok(theirs) = std::panic::catch_unwind(|| their_terms(record)) else {
        return Ok(Some("mail-auth panics"));
    };
    match (&ours, &theirs) {
        (Ok(left), Ok(right)) if left == right => Ok(None),
        (Err(_), Err(_)) => Ok(None),
        (Err(faults), Ok(_)) => match faults.iter().find_map(settled) {
            Some(section) => Ok(Some(section)),
            None => Err(format!("{record:?}: refused for {faults:?}, and mail-auth takes it")),
        },
        (Ok(_), _) => settled_in_our_favour(record)
            .map(Some)
            .ok_or_else(|| format!("{record:?}:\n  ours   {ours:?}\n  theirs {theirs:?}")),
    }
}

/// Every text of the suite and of this repository's own evidence that is an SPF record.
fn corpus() -> Vec<String> {
    let mut texts = Vec::new();
    let mut worlds = openspf::read().map(|suite| suite.worlds).unwrap_or_default();
    for folder in ["tests/data/checks", "tests/data/worlds"] {
        for file in std::fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            if path.extension().is_some_and(|end| end == "json") && !path.to_string_lossy().contains(".expected.") {
                worlds.extend(mxray::evidence::Evidence::from_json(&std::fs::read(path).expect("readable")));
            }
        }
    }
    for entry in worlds.iter().flat_map(|world| world.dns()) {
        let DnsOutcome::Answer { answers, .. } = &entry.outcome else { continue };
        for record in answers {
            if let RecordData::Txt(txt) = &record.data
                && ours::is_spf(&txt.text())
            {
                texts.push(txt.text());
            }
        }
    }
    texts.sort();
    texts.dedup();
    texts
}

#[test]
fn records_of_the_corpora() {
    let texts = corpus();
    assert!(texts.len() > 100, "only {} records", texts.len());
    let mut wrong = Vec::new();
    let mut listed: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &texts {
        match compare(text) {
            Ok(Some(section)) => *listed.entry(section).or_default() += 1,
            Ok(None) => {}
            Err(why) => wrong.push(why),
        }
    }
    println!("{} records, disagreements that are settled: {listed:#?}", texts.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), texts.len(), wrong.join("\n"));
}

fn sound_term() -> impl Strategy<Value = String> {
    let name = "([a-z0-9_-]{1,9}\\.){1,3}[a-z]{2,6}";
    let spec = prop_oneof![
        3 => name.prop_map(String::from),
        1 => ("[slodipvhSLODIPVH]", 0u32..130, any::<bool>(), "[.+=_-]{0,3}", name).prop_map(|(letter, keep, reverse, delimiters, name)| {
            let keep = if keep == 0 { String::new() } else { keep.to_string() };
            format!("x%%%_%-.%{{{letter}{keep}{}{delimiters}}}.{name}", if reverse { "r" } else { "" })
        }),
        1 => "[a-z]{1,5}".prop_map(|label| format!("{label}.%{{d}}")),
    ];
    let dual = prop_oneof![
        Just(String::new()),
        (1u8..=32).prop_map(|ip4| format!("/{ip4}")),
        (1u8..=128).prop_map(|ip6| format!("//{ip6}")),
        (1u8..=32, 1u8..=128).prop_map(|(ip4, ip6)| format!("/{ip4}//{ip6}")),
    ];
    let mechanism = prop_oneof![
        spec.clone().prop_map(|spec| format!("include:{spec}")),
        spec.clone().prop_map(|spec| format!("exists:{spec}")),
        spec.clone().prop_map(|spec| format!("ptr:{spec}")),
        Just("ptr".to_owned()),
        Just("all".to_owned()),
        ("a|mx|A|Mx", proptest::option::of(spec), dual).prop_map(|(name, spec, dual)| match spec {
            Some(spec) => format!("{name}:{spec}{dual}"),
            None => format!("{name}{dual}"),
        }),
        (any::<std::net::Ipv4Addr>(), 1u8..=32).prop_map(|(address, prefix)| format!("ip4:{address}/{prefix}")),
        any::<std::net::Ipv4Addr>().prop_map(|address| format!("IP4:{address}")),
        (any::<std::net::Ipv6Addr>(), 1u8..=128).prop_map(|(address, prefix)| format!("ip6:{address}/{prefix}")),
    ];
    ("[+?~-]?", mechanism).prop_map(|(sign, mechanism)| sign + &mechanism)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    /// Records by the grammar: both readers take them, with the same terms.
    #[test]
    fn sound_records(
        terms in proptest::collection::vec(sound_term(), 0..8),
        redirect in proptest::option::of("([a-z0-9_]{1,9}\\.){1,3}[a-z]{2,6}"),
        exp in proptest::option::of("([a-z0-9_]{1,9}\\.){1,3}[a-z]{2,6}"),
    ) {
        let mut record = vec!["v=spf1".to_owned()];
        record.extend(terms);
        record.extend(exp.map(|exp| format!("exp={exp}")));
        record.extend(redirect.map(|redirect| format!("redirect={redirect}")));
        let record = record.join(" ");
        let (ours, theirs) = (our_terms(&record), their_terms(&record));
        prop_assert!(ours.is_ok(), "{}: {:?}", record, ours);
        prop_assert_eq!(ours.unwrap(), theirs.unwrap(), "{}", record);
    }

    /// Sound records with a few characters changed: the same reading, or a disagreement that is settled above.
    #[test]
    fn damaged_records(
        terms in proptest::collection::vec(sound_term(), 1..5),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..3, "[ -~\t]"), 1..4),
    ) {
        let mut text: Vec<char> = format!("v=spf1 {}", terms.join(" ")).chars().collect();
        for (at, what, with) in changes {
            let at = 7 + at.index(text.len() - 7);
            match what {
                0 => text.splice(at..at, with.chars()).for_each(drop),
                1 if at < text.len() => drop(text.remove(at)),
                _ => text.splice(at..(at + 1).min(text.len()), with.chars()).for_each(drop),
            }
            if text.len() < 9 {
                break;
            }
        }
        let record: String = text.into_iter().collect();
        if let Err(why) = compare(&record) {
            prop_assert!(false, "{}", why);
        }
    }
}
