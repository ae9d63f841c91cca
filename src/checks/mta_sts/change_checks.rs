//! The checks on what must change together: the policy and the id of the record, and who may write which of the two.

use crate::checks::{Check, Context, Doc, Facts, Finding, Outcome};
use crate::dns::{RecordData, RecordType};
use crate::evidence::DnsOutcome;
use crate::records::Technology;
use crate::records::mta_sts::{self, Standing};
use crate::records::mta_sts_policy::{Mode, MtaStsPolicy};
use crate::text::Span;

use super::policy::PolicyFile;
use super::policy_checks::is_judged;
use super::road;
use super::txt::Pick;

/// Most mx lines that one sentence lists.
const MAX_LISTED: usize = 10;

/// Another policy that is known of the same URL: the one on the host beside the one that was supplied, or that of an earlier
/// evidence file.
#[derive(Clone, Debug)]
pub struct Other {
    /// What it says.
    pub policy: MtaStsPolicy,
    /// Whether the user supplied it.
    pub supplied: bool,
    /// The id of the record in the same evidence; `None` where there is only one record for both policies.
    pub id: Option<String>,
}

/// The latest of the policies that gave way to the one that counts, where it says something else.
pub(super) fn other(context: &Context<'_>, url: &str, now: Option<&PolicyFile>) -> Option<Other> {
    let now = &now.filter(|file| file.parsed.is_sound())?.parsed.record;
    let others = context.evidence().displaced_https(url).filter_map(|entry| {
        let file = PolicyFile::of(entry).filter(|file| file.parsed.is_sound())?;
        Some((file.parsed.record, entry.supplied))
    });
    let (policy, supplied) = others.last().filter(|(policy, _)| !differences(policy, now).is_empty())?;
    Some(Other { policy, supplied, id: displaced_id(context) })
}

/// The id of the record that gave way to the one that counts.
fn displaced_id(context: &Context<'_>) -> Option<String> {
    let name = context.domain.child("_mta-sts").ok()?;
    let entry = context.evidence().displaced_dns(&name, RecordType::TXT).last()?;
    let DnsOutcome::Answer { answers, .. } = &entry.outcome else { return None };
    let texts = answers.iter().filter_map(|record| match &record.data {
        RecordData::Txt(txt) => Some(txt.text()),
        _ => None,
    });
    let mut records = texts.filter(|text| mta_sts::standing(text) == Standing::Counts);
    mta_sts::parse(&records.next()?).record.id
}

/// In what two policies differ, in words; empty where they say the same.
fn differences(before: &MtaStsPolicy, now: &MtaStsPolicy) -> Vec<String> {
    let mut found = Vec::new();
    let word = |policy: &MtaStsPolicy| policy.mode.map_or("none", Mode::word);
    if before.mode != now.mode {
        found.push(tr!("mode {} and {}", word(before), word(now)));
    }
    if before.max_age != now.max_age {
        let seconds = |policy: &MtaStsPolicy| policy.max_age.unwrap_or_default();
        found.push(tr!("max_age {} and {}", seconds(before), seconds(now)));
    }
    let only = |these: &MtaStsPolicy, those: &MtaStsPolicy| {
        let lines = these.patterns.iter().map(|pattern| pattern.text());
        let lines: Vec<String> = lines.filter(|line| those.patterns.iter().all(|p| p.text() != *line)).collect();
        lines.into_iter().take(MAX_LISTED).collect::<Vec<_>>().join(", ")
    };
    for (lines, which) in [(only(before, now), "other"), (only(now, before), "present")] {
        if !lines.is_empty() {
            found.push(tr!("in the {which} one only: {lines}", which, lines));
        }
    }
    found
}

pub(super) const CHANGED: Check = Check { doc: &CHANGED_DOC, run: changed };

static CHANGED_DOC: Doc = Doc {
    id: "mta-sts.changed-policy",
    technology: Technology::MtaSts,
    title: "The policy changed, and the id did not",
    what: "Whether two different policies are known, and the record's id changed with them.",
    why: "Senders that know a policy fetch it again only when the id in the record is new. Until then they keep to the old one, up to its max_age.",
    fix: "Publish the record with a new id, now that the new file is served.",
    references: &["RFC 8461 §3.1", "RFC 8461 §8.1"],
};

fn changed(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let (Some(other), Some(file)) = (own.other.as_ref().filter(|_| is_judged(facts)), &own.file) else { return };
    let id = own.record.as_ref().and_then(|parsed| parsed.record.id.as_ref());
    let policies = match (other.supplied, own.supplied) {
        (false, true) => "The policy on the host (other) and the file that you supplied (present) differ",
        _ => "Two policies are known, and differ",
    };
    let detail = tr!("{policies}: {}.", differences(&other.policy, &file.parsed.record).join("; "), policies);
    let finding = match (&other.id, id) {
        (Some(before), Some(now)) if before == now => doc
            .finding(Outcome::Warn, tr!("{detail} The record beside each has the id {now}.", detail, now))
            .publishing(road::record(facts, 0)),
        (Some(before), Some(now)) => doc
            .finding(Outcome::Pass, tr!("{detail} The id changed from {before} to {now}.", detail, before, now))
            .titled("Policy and id changed together"),
        _ => doc
            .finding(
                Outcome::Info,
                tr!(
                    "{detail} Serve the new file first; then publish the record with an id that was not used before.",
                    detail
                ),
            )
            .titled("A changed policy needs a new id")
            .publishing(road::record(facts, 0)),
    };
    findings.push(finding.at(&own.url, &file.text, Span::whole(&file.text)));
}

pub(super) const DELEGATION: Check = Check { doc: &DELEGATION_DOC, run: delegation };

static DELEGATION_DOC: Doc = Doc {
    id: "mta-sts.delegation",
    technology: Technology::MtaSts,
    title: "MTA-STS is delegated",
    what: "Whether record and policy host are aliases (CNAME) of a provider's names.",
    why: "Who writes the policy must also change the id. Where only one of the two is delegated, sooner or later a change is announced late or not at all.",
    fix: "",
    references: &["RFC 8461 §8.2"],
};

fn delegation(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    if !facts.profile.receives() || !matches!(own.txt.pick(), Pick::One(_) | Pick::Several) {
        return;
    }
    let host = &own.host.name;
    let (title, detail) = match (own.txt.aliases.last(), own.host.aliases.last()) {
        (None, None) => return,
        (Some(record), Some(target)) => (
            doc.title,
            tr!(
                "{} leads to {record}, and {host} to {target}: record and policy come from there.",
                own.txt.name,
                record,
                host,
                target
            ),
        ),
        (Some(record), None) => (
            "The record is delegated, the policy host is not",
            tr!(
                "{} leads to {record}, and {host} to no other name: it must serve the policy of whoever writes that record, \
                 as by a reverse proxy.",
                own.txt.name,
                record,
                host
            ),
        ),
        (None, Some(target)) => (
            "The policy host is delegated, the record is not",
            tr!(
                "{host} leads to {target}. If somebody else changes the file there, the id in your record must change each \
                 time; an alias for {} lets them do both.",
                own.txt.name,
                host,
                target
            ),
        ),
    };
    let certificate = tr!("The certificate there must name {host} all the same.", host);
    let detail = if own.host.aliases.is_empty() { detail } else { tr!("{detail} {certificate}", detail, certificate) };
    findings.push(doc.finding(Outcome::Info, detail).titled(title));
}
