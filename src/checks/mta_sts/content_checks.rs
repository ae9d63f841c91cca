//! The checks on what the policy says.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::mta_sts_policy::{Mode, MtaStsPolicy, MxPattern};
use crate::text::Span;

use super::policy::PolicyFile;
use super::policy_checks::{is_judged, source};
use super::txt::Pick;
use super::{coverage, road, uncovered};

/// Under a day, a policy is forgotten before it can protect the next delivery.
pub(super) const DAY: u64 = 86_400;
/// Under a week, it is shorter than the "weeks or greater" of RFC 8461 §3.2.
pub(super) const WEEK: u64 = 604_800;
/// Most names that one finding lists.
const MAX_LISTED: usize = 20;

/// The file and the policy in it, where mail is received.
fn known(facts: &Facts) -> Option<(&PolicyFile, &MtaStsPolicy)> {
    let file = facts.mta_sts.file.as_ref().filter(|_| is_judged(facts))?;
    Some((file, &file.parsed.record))
}

/// Puts a finding at a place in the policy file.
fn at_file(facts: &Facts, file: &PolicyFile, span: Option<Span>, finding: Finding) -> Finding {
    finding.at(&facts.mta_sts.url, &file.text, span.unwrap_or(Span::whole(&file.text)))
}

pub(super) const MODE: Check = Check { doc: &MODE_DOC, run: mode };

static MODE_DOC: Doc = Doc {
    id: "mta-sts.mode",
    technology: Technology::MtaSts,
    title: "The policy is enforced",
    what: "What the policy tells senders to do where TLS fails: enforce, testing or none.",
    why: "Only in mode enforce is mail kept back where somebody strips TLS or poses as your mail server.",
    fix: "When the TLS reports of a few weeks show no failures, set `mode: enforce` in the file, and then a new id in the record.",
    references: &["RFC 8461 §5"],
};

fn mode(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((file, policy)) = known(facts) else { return };
    let source = source(facts.mta_sts.grade());
    let finding = match policy.mode {
        None => return,
        Some(Mode::Enforce) => doc.finding(
            Outcome::Pass,
            tr!("Senders that know the policy deliver over TLS with a valid certificate, or not at all. {source}", source),
        ),
        Some(Mode::Testing) => doc
            .finding(Outcome::Warn, tr!("Senders report failures of TLS and deliver all the same. {source}", source))
            .titled("The policy is in mode testing"),
        Some(Mode::None) => doc
            .finding(
                Outcome::Info,
                tr!("Mode none says that MTA-STS is being removed: senders drop the policy that they know. Keep the record \
                     and the file until the longest max_age ever served has passed. {source}", source),
            )
            .titled("The policy is being removed (mode none)")
            .citing(&["RFC 8461 §8.3"]),
    };
    findings.push(at_file(facts, file, policy.mode_span, finding));
}

pub(super) const NOT_COVERED: Check = Check { doc: &NOT_COVERED_DOC, run: not_covered };

static NOT_COVERED_DOC: Doc = Doc {
    id: "mta-sts.mx-not-covered",
    technology: Technology::MtaSts,
    title: "The policy covers every mail server",
    what: "Whether each MX host matches an mx line of the policy; a star stands for exactly one label.",
    why: "In mode enforce, senders do not deliver to a host that the policy does not name. In mode testing, each delivery there is reported as a failure.",
    fix: "Add the missing mx lines to the file first, and then a new id to the record.",
    references: &["RFC 8461 §4.1", "RFC 8461 §5"],
};

fn not_covered(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((file, policy)) = known(facts) else { return };
    let (Some(hosts), Some(missed)) = (facts.mx.hosts(), uncovered(facts, policy)) else { return };
    if policy.mode == Some(Mode::None) || hosts.is_empty() {
        return;
    }
    let source = source(facts.mta_sts.grade());
    if missed.is_empty() {
        let covered: Vec<String> =
            coverage(facts, policy).take(MAX_LISTED).map(|(name, by)| covered_by(name, by)).collect();
        findings.push(doc.finding(
            Outcome::Pass,
            tr!(
                "All {} mail hosts match an mx line of the policy: {}. {source}",
                hosts.len(),
                covered.join(", "),
                source
            ),
        ));
        return;
    }
    let listed: Vec<String> = missed.iter().take(MAX_LISTED).map(|name| missed_by(name, policy)).collect();
    let (outcome, effect) = match policy.mode {
        Some(Mode::Enforce) if missed.len() == hosts.len() => {
            (Outcome::Fail, "Senders that follow MTA-STS deliver no mail to this domain at all.")
        }
        Some(Mode::Enforce) => (Outcome::Fail, "Senders that follow MTA-STS do not deliver to them."),
        _ => (Outcome::Warn, "In mode enforce, senders that follow MTA-STS would not deliver to them."),
    };
    let finding = doc
        .finding(
            outcome,
            tr!(
                "{} of {} mail hosts match no mx line: {}. {effect} {source}",
                missed.len(),
                hosts.len(),
                listed.join("; "),
                effect,
                source
            ),
        )
        .titled("The policy does not cover every mail server");
    let finding = road::with_current_file(facts, finding);
    let span = policy
        .patterns
        .first()
        .zip(policy.patterns.last())
        .map(|(first, last)| Span::new(first.span.start, last.span.end));
    findings.push(at_file(facts, file, span, finding));
}

/// A host and the line that covers it, unless they are the same.
fn covered_by(name: &DomainName, by: Option<&MxPattern>) -> String {
    match by {
        Some(pattern) if pattern.wildcard => tr!("{name} (by {})", pattern.text(), name),
        _ => name.to_string(),
    }
}

/// A host that no line covers, with the line that nearly does: the star stands for exactly one label (RFC 8461 §4.1).
fn missed_by(name: &DomainName, policy: &MtaStsPolicy) -> String {
    let near = policy.patterns.iter().find(|pattern| pattern.wildcard && name.is_at_or_below(&pattern.name));
    match near {
        Some(pattern) if pattern.name == *name => {
            tr!("{name} ({} needs one label more; the name itself is not in it)", pattern.text(), name)
        }
        Some(pattern) => tr!("{name} (the star of {} stands for one label, and not for several)", pattern.text(), name),
        None => name.to_string(),
    }
}

pub(super) const UNUSED: Check = Check { doc: &UNUSED_DOC, run: unused };

static UNUSED_DOC: Doc = Doc {
    id: "mta-sts.unused-pattern",
    technology: Technology::MtaSts,
    title: "An mx line matches no mail server",
    what: "Whether each mx line of the policy matches an MX host of today.",
    why: "It is right while servers change, since senders keep old policies. Left over for good, it trusts a host that is no longer yours.",
    fix: "",
    references: &["RFC 8461 §4.1", "RFC 8461 §8.1"],
};

fn unused(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((file, policy)) = known(facts) else { return };
    let Some(hosts) = facts.mx.hosts().filter(|_| facts.mx.left_out == 0) else { return };
    let unused = policy.patterns.iter().filter(|pattern| !hosts.iter().any(|host| pattern.matches(&host.name)));
    for pattern in unused.take(MAX_LISTED) {
        let finding = doc.finding(Outcome::Info, tr!("No MX host of {} matches {}.", facts.domain, pattern.text()));
        findings.push(at_file(facts, file, Some(pattern.span), finding));
    }
}

pub(super) const MAX_AGE: Check = Check { doc: &MAX_AGE_DOC, run: max_age };

static MAX_AGE_DOC: Doc = Doc {
    id: "mta-sts.max-age",
    technology: Technology::MtaSts,
    title: "Senders keep the policy for a short time only",
    what: "How long senders may keep the policy (max_age).",
    why: "A policy protects a delivery only while the sender still knows it: who blocks the fetch waits until it is forgotten. The RFC expects weeks or more.",
    fix: "Raise max_age to 604800 (a week) or more, and then set a new id in the record.",
    references: &["RFC 8461 §3.2", "RFC 8461 §10.2"],
};

fn max_age(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((file, policy)) = known(facts) else { return };
    let (Some(seconds), Some(mode)) = (policy.max_age, policy.mode) else { return };
    let outcome = match mode {
        Mode::None => return,
        Mode::Enforce | Mode::Testing if seconds >= WEEK => Outcome::Pass,
        // While testing, a short time is what one wants.
        Mode::Testing if seconds >= DAY => return,
        Mode::Testing => Outcome::Info,
        Mode::Enforce if seconds < DAY => Outcome::Warn,
        Mode::Enforce => Outcome::Info,
    };
    let mut finding = doc.finding(outcome, tr!("max_age is {seconds} seconds, {}.", span_of_time(seconds), seconds));
    if outcome == Outcome::Pass {
        finding = finding.titled("Senders keep the policy long enough");
    }
    findings.push(at_file(facts, file, policy.max_age_span, finding));
}

/// A number of seconds in words.
fn span_of_time(seconds: u64) -> String {
    match seconds {
        0 => "not kept at all".into(),
        1..60 => "less than a minute".into(),
        60..3600 => tr!("about {n} minute" | "about {n} minutes" % seconds / 60),
        3600..DAY => tr!("about {n} hour" | "about {n} hours" % seconds / 3600),
        _ => tr!("about {n} day" | "about {n} days" % seconds / DAY),
    }
}

pub(super) const WITHOUT_REPORTS: Check = Check { doc: &WITHOUT_REPORTS_DOC, run: without_reports };

static WITHOUT_REPORTS_DOC: Doc = Doc {
    id: "mta-sts.without-reports",
    technology: Technology::MtaSts,
    title: "Testing without reports",
    what: "Whether a policy in mode testing comes with TLS-RPT.",
    why: "Mode testing does nothing but have failures reported; without a report address nobody hears of them.",
    fix: "Publish a TLS-RPT record.",
    references: &["RFC 8461 §5", "RFC 8460 §3"],
};

fn without_reports(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((file, policy)) = known(facts) else { return };
    if policy.mode != Some(Mode::Testing) || facts.tls_rpt.has_record() != Some(false) {
        return;
    }
    let finding = doc
        .finding(Outcome::Warn, tr!("The policy is in mode testing, and {} has no valid TLS-RPT record.", facts.domain))
        .publishing(crate::checks::tls_rpt::right_record(facts));
    findings.push(at_file(facts, file, policy.mode_span, finding));
}

pub(super) const LEFTOVER: Check = Check { doc: &LEFTOVER_DOC, run: leftover };

static LEFTOVER_DOC: Doc = Doc {
    id: "mta-sts.leftover-policy",
    technology: Technology::MtaSts,
    title: "A policy without a record",
    what: "Whether a policy file is served with no TXT record to announce it.",
    why: "New senders never look for the policy. Those that know it from before keep to it until its max_age has passed, and can no longer see that it changes.",
    fix: "Publish the TXT record, or remove MTA-STS in order: mode none with a new id, wait for the old max_age, and only then remove the record and the file.",
    references: &["RFC 8461 §3.1", "RFC 8461 §8.3"],
};

fn leftover(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(file) = facts.mta_sts.file.as_ref().filter(|_| facts.profile.receives()) else { return };
    let policy = &file.parsed.record;
    if !matches!(facts.mta_sts.txt.pick(), Pick::None) {
        return;
    }
    let (outcome, mode) = match policy.mode {
        Some(Mode::None) => (Outcome::Info, "none"),
        Some(mode) => (Outcome::Warn, mode.word()),
        None => return,
    };
    let detail = tr!(
        "There is a policy in mode {mode}, and no record at {}. {}",
        facts.mta_sts.txt.name,
        source(facts.mta_sts.grade()),
        mode
    );
    let mut finding = doc.finding(outcome, detail);
    if outcome == Outcome::Warn {
        let record = super::record_checks::right_record(facts);
        finding = finding.publishing(record);
    }
    findings.push(at_file(facts, file, policy.mode_span, finding));
}
