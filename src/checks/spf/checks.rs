//! The checks of SPF: which, in order of display, and those about the domain's own record.

use super::super::{Check, Doc, Facts, Finding, Outcome, Profile, Publish};
use super::merge::merged;
use super::own::at;
use super::tree::State;
use super::words;
use super::{Answer, coverage_checks as coverage, explanation, judge, limit_checks as limits};
use super::{term_checks as terms, tree_checks as tree};
use crate::records::Technology;
use crate::records::spf::{NearMissKind, ProblemKind};
use crate::text::Span;

/// Every check, in order of display.
pub static CHECKS: &[Check] = &[
    Check { doc: &UNREADABLE, run: unreadable },
    Check { doc: &MISSING, run: missing },
    Check { doc: &PARKED, run: parked },
    Check { doc: &NEAR_MISS, run: near_miss },
    Check { doc: &MULTIPLE, run: multiple },
    Check { doc: &terms::SYNTAX, run: terms::syntax },
    Check { doc: &limits::TOO_MANY_LOOKUPS, run: limits::too_many_lookups },
    Check { doc: &limits::LOOKUP_HEADROOM, run: limits::lookup_headroom },
    Check { doc: &limits::TOO_MANY_VOIDS, run: limits::too_many_voids },
    Check { doc: &tree::INCLUDE_WITHOUT_RECORD, run: tree::include_without_record },
    Check { doc: &tree::LOOP, run: tree::loops },
    Check { doc: &limits::MX_FAN_OUT, run: limits::mx_fan_out },
    Check { doc: &tree::ALL, run: tree::all },
    Check { doc: &tree::PASS_ALL_INSIDE_INCLUDE, run: tree::pass_all_inside_include },
    Check { doc: &terms::REDIRECT_IGNORED, run: terms::redirect_ignored },
    Check { doc: &terms::AFTER_ALL, run: terms::after_all },
    Check { doc: &terms::NEVER_MATCHES, run: terms::never_matches },
    Check { doc: &terms::UNKNOWN_MODIFIER, run: terms::unknown_modifier },
    Check { doc: &terms::PTR, run: terms::ptr },
    Check { doc: &terms::WIDE_RANGE, run: terms::wide_range },
    Check { doc: &terms::PRIVATE_RANGE, run: terms::private_range },
    Check { doc: &terms::HOST_BITS, run: terms::host_bits },
    Check { doc: &terms::DUPLICATE_TERMS, run: terms::duplicate_terms },
    Check { doc: &coverage::OVERLAP, run: coverage::overlap },
    Check { doc: &coverage::INCLUDED_TWICE, run: coverage::included_twice },
    Check { doc: &coverage::ADDRESSES, run: coverage::addresses },
    Check { doc: &explanation::EXPLANATION, run: explanation::explanation },
    Check { doc: &RECORD_SIZE, run: record_size },
    Check { doc: &terms::STYLE, run: terms::style },
    Check { doc: &TYPE_99, run: type_99 },
];

/// What most findings cost: the record is not used at all.
pub const PERMERROR: &str =
    "Receivers treat the whole record as a permanent error: SPF then passes for nobody, not even for your own servers.";

static UNREADABLE: Doc = Doc {
    id: "spf.unreadable",
    technology: Technology::Spf,
    title: "A part of SPF could not be looked up",
    what: "Whether every record that the SPF record depends on could be read.",
    why: "What could not be read may be fine or broken: nothing is claimed about it.",
    fix: "Try again, try another resolver, or ask yourself and supply the answer: `dig +noall +answer TXT NAME`.",
    references: &["RFC 7208 §4.4"],
};

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let spf = &facts.spf;
    let mut add = |title: &str, gap: &super::super::Gap| {
        let question = gap.question();
        let fix = match question.split_once(" of ") {
            Some((record_type, name)) => {
                tr!(
                    "Try again or with another resolver, or supply the answer of `dig +noall +answer {record_type} {name}`.",
                    record_type,
                    name
                )
            }
            None => doc.fix.into(),
        };
        let detail = tr!("{question}: {}.", gap.why(), question);
        findings.push(doc.finding(Outcome::Unknown, detail).titled(title).fixed_by(fix));
    };
    if let Answer::Unknown(gap) = &spf.answer {
        add("The SPF record could not be looked up", gap);
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    let undecided = spf.trees.iter().any(judge::voids_undecided);
    for node in spf.trees.iter().flat_map(|tree| &tree.nodes) {
        if let State::Unknown(gap) = &node.state
            && !seen.contains(&gap.question())
        {
            seen.push(gap.question());
            add(&tr!("The SPF record of {} could not be looked up", node.domain), gap);
        }
        // A name whose answer could not change any verdict is not worth a word.
        let matters =
            |reached: &&super::tree::Reached| reached.child.is_none() && (undecided || reached.exchanges_unknown);
        for gap in node.reached.iter().filter(matters).flat_map(|reached| &reached.gaps) {
            if !seen.contains(&gap.question()) {
                seen.push(gap.question());
                add("A name in the SPF record could not be looked up", gap);
            }
        }
    }
}

static MISSING: Doc = Doc {
    id: "spf.missing",
    technology: Technology::Spf,
    title: "There is no SPF record",
    what: "Whether the domain has a TXT record that starts with “v=spf1”.",
    why: "Without SPF receivers cannot tell your servers from anybody else's, and large mailbox providers reject or bury mail without it.",
    fix: "Publish one TXT record at the domain itself.",
    references: &["RFC 7208 §3.1", "RFC 7208 §4.5"],
};

fn missing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Answer::Read { exists, near_misses, .. } = &facts.spf.answer else { return };
    if facts.spf.records > 0 {
        return;
    }
    let domain = &facts.domain;
    if !exists {
        findings.push(
            doc.finding(
                Outcome::Fail,
                tr!("The DNS says that {domain} does not exist, so it has no SPF record either.", domain),
            )
            .titled("There is no SPF record: the domain does not exist")
            .fixed_by("Check the spelling of the domain."),
        );
        return;
    }
    let detail = if near_misses.is_empty() {
        tr!("None of the TXT records of {domain} starts with “v=spf1”.", domain)
    } else {
        tr!("{domain} has a TXT record that looks like SPF, but receivers do not see it as SPF.", domain)
    };
    let finding = doc.finding(Outcome::Fail, detail);
    findings.push(match (facts.spf.has_mx, near_misses.iter().find_map(|(_, miss)| miss.meant.as_deref())) {
        (_, Some(meant)) => finding.publishing(Publish::txt(domain, meant)),
        (Some(false), None) => finding
            .fixed_by("The domain has no mail server. If it sends no mail either, say so with this record.")
            .publishing(Publish::txt(domain, "v=spf1 -all")),
        _ => finding
            .fixed_by("Publish this record, with every other sender (include:…, ip4:…, ip6:…) put before -all.")
            .publishing(Publish::txt(domain, "v=spf1 mx -all")),
    });
}

static PARKED: Doc = Doc {
    id: "spf.parked",
    technology: Technology::Spf,
    title: "The domain says that it sends no mail",
    what: "Whether the record refuses every sender, which is right for a domain that sends no mail.",
    why: "A domain without mail is protected best by a record that refuses everybody: nobody can use it for forged mail unnoticed.",
    fix: "If the domain does send mail, list its senders before -all.",
    references: &["RFC 7208 §10.1.2"],
};

fn parked(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    match facts.profile {
        Profile::Parked => findings.push(doc.finding(
            Outcome::Pass,
            "The record refuses every sender and the domain has no mail servers: it is judged as a parked domain.",
        )),
        Profile::ReceiveOnly => findings.push(
            doc.finding(
                Outcome::Info,
                "The record refuses every sender, while the domain receives mail: it is judged as a domain that only \
                 receives. Answers and bounces that it sends will fail SPF.",
            )
            .titled("The domain says that it receives mail and sends none"),
        ),
        Profile::Mail | Profile::SendOnly => {}
    }
}

static NEAR_MISS: Doc = Doc {
    id: "spf.near-miss",
    technology: Technology::Spf,
    title: "A TXT record looks like SPF and is none",
    what: "Whether TXT records were meant as SPF but do not start exactly with “v=spf1 ”.",
    why: "Receivers skip such a record as if it were not there.",
    fix: "Correct the start of the record, or delete it if another record took its place.",
    references: &["RFC 7208 §4.5"],
};

fn near_miss(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Answer::Read { near_misses, .. } = &facts.spf.answer else { return };
    let absent = facts.spf.records == 0;
    for (text, miss) in near_misses {
        let found = words::clip(miss.span.of(text));
        let (outcome, detail) = match miss.kind {
            NearMissKind::SenderId => (
                Outcome::Info,
                "This is a Sender ID record (RFC 4406), an experiment that receivers no longer follow. It does no harm and no good.".into(),
            ),
            kind => (
                if absent { Outcome::Fail } else { Outcome::Warn },
                match kind {
                    NearMissKind::LeadingBlank => "Something invisible stands before “v=spf1”.".into(),
                    NearMissKind::Quoted => "The text itself holds quotation marks: they were typed into a form that adds its own.".into(),
                    NearMissKind::VersionNotEnded => tr!("A space must follow “v=spf1” directly; here stands “{}”.", found.escape_debug()),
                    _ => tr!("The version must be “v=spf1”; here stands “{found}”.", found),
                },
            ),
        };
        let mut finding = doc.finding(outcome, detail).at(&facts.domain, text, miss.span);
        if let Some(meant) = miss.meant.as_deref().filter(|_| absent) {
            finding = finding.publishing(Publish::txt(&facts.domain, meant));
        }
        findings.push(finding);
    }
}

static MULTIPLE: Doc = Doc {
    id: "spf.multiple",
    technology: Technology::Spf,
    title: "There is more than one SPF record",
    what: "Whether exactly one TXT record at the domain is an SPF record.",
    why: PERMERROR,
    fix: "Merge them into one record and delete the others.",
    references: &["RFC 7208 §3.2", "RFC 7208 §4.5"],
};

fn multiple(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let spf = &facts.spf;
    if spf.records < 2 {
        return;
    }
    let detail = tr!("{} has {} SPF records. Receivers do not choose one of them.", facts.domain, spf.records);
    let mut finding = doc.finding(Outcome::Fail, detail);
    if let Some((node, record)) = spf.trees.get(1).and_then(|tree| tree.root()).and_then(|n| Some((n, n.published()?)))
    {
        finding = at(finding, node, record, Span::whole(&record.text));
    }
    if let Some(text) = merged(&spf.trees).filter(|_| spf.records == spf.trees.len()) {
        finding = finding.publishing(Publish::txt(&facts.domain, text));
    }
    findings.push(finding);
}

static RECORD_SIZE: Doc = Doc {
    id: "spf.record-size",
    technology: Technology::Spf,
    title: "The SPF record is large",
    what: "The length of the record (450 octets advised) and of the DNS answer that carries it (512 octets advised).",
    why: "Larger answers need EDNS or TCP, which some networks still block; then SPF cannot be looked up there.",
    fix: "Remove unused senders and old TXT records, or move a part of the record behind an include.",
    references: &["RFC 7208 §3.4"],
};

/// Length of a record that RFC 7208 §3.4 calls safe.
const SAFE_TEXT: usize = 450;
/// Size of an answer that fits into plain UDP, RFC 1035 §4.2.1.
const PLAIN_UDP: usize = 512;
/// Size of an answer that resolvers and servers agree to carry by UDP (DNS flag day 2020).
const EDNS_UDP: usize = 1232;

fn record_size(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let (Answer::Read { octets, .. }, Some(tree)) = (&facts.spf.answer, facts.spf.only_tree()) else { return };
    let Some((node, record)) = tree.root().and_then(|node| Some((node, node.published()?))) else { return };
    let cut = record.parsed.problems.iter().find(|problem| matches!(problem.kind, ProblemKind::TooManyTerms { .. }));
    let length = record.text.len();
    let strings = match length.div_ceil(255) {
        0 | 1 => String::new(),
        strings => {
            tr!(" It takes {strings} strings of at most 255 octets, which receivers join without a space.", strings)
        }
    };
    let (outcome, detail) = if cut.is_some() {
        (Outcome::Warn, tr!("The record has {length} octets and so many terms that not all of them were read.", length))
    } else if *octets > EDNS_UDP {
        (
            Outcome::Warn,
            tr!(
                "The record has {length} octets and the whole answer with all TXT records about {octets}: over {EDNS_UDP}, so receivers must ask again by TCP.{strings}",
                length,
                octets,
                EDNS_UDP,
                strings
            ),
        )
    } else if length > SAFE_TEXT || *octets > PLAIN_UDP {
        (
            Outcome::Info,
            tr!(
                "The record has {length} octets and the whole answer with all TXT records about {octets}. It works with EDNS, as nearly everywhere.{strings}",
                length,
                octets,
                strings
            ),
        )
    } else {
        return;
    };
    findings.push(at(doc.finding(outcome, detail), node, record, Span::whole(&record.text)));
}

static TYPE_99: Doc = Doc {
    id: "spf.type-99",
    technology: Technology::Spf,
    title: "A record of the old type SPF (99) is left over",
    what: "Whether the supplied evidence holds records of type 99.",
    why: "Receivers read TXT only. A forgotten copy misleads whoever looks at the zone, and differs sooner or later.",
    fix: "Delete the records of type SPF (99); keep the TXT record.",
    references: &["RFC 7208 §3.1"],
};

fn type_99(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for text in &facts.spf.type_99 {
        let detail = if facts.spf.is_absent() {
            tr!(
                "“{}” stands in a record of type 99, where no receiver looks, and there is no TXT record for SPF.",
                words::clip(text)
            )
        } else {
            tr!("“{}” stands in a record of type 99, where no receiver looks.", words::clip(text))
        };
        findings.push(doc.finding(Outcome::Warn, detail));
    }
}
