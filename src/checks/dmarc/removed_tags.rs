//! The tags that RFC 9989 removed, and what receivers of either RFC make of them.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::records::Technology;
use crate::records::dmarc::{DmarcProblem, DmarcRecord, Policy};

use super::record_checks::{each_problem, outcome};
use super::{check, steps};

pub(super) const REMOVED_TAGS: Check = check(
    &Doc {
        id: "dmarc.removed-tags",
        technology: Technology::Dmarc,
        title: "A tag that RFC 9989 removed",
        what: "Whether pct, rf or ri, which RFC 9989 no longer knows, are still there.",
        why: "Receivers of RFC 9989 ignore these tags; receivers of the older RFC 7489 may still act on pct. The two then \
              treat the same mail differently.",
        fix: "Remove the tag; instead of a pct below 100 use t=y for a trial.",
        references: &["RFC 9989 Appendix C.5.2", "RFC 9989 Appendix A.6", "RFC 7489 §6.3"],
    },
    removed_tags,
);

fn removed_tags(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each_problem(facts, findings, |node, text, problem| {
        let DmarcProblem::RemovedTag { tag, value } = &problem.kind else { return None };
        let (.., record) = facts.dmarc.subject()?;
        let (outcome, detail) = match *tag {
            "pct" => percent_words(record, value, outcome(problem.weight)),
            "rf" => (
                Outcome::Info,
                tr!(
                    "rf={value} chose the format of failure reports. RFC 7489 came to know one format alone (afrf), so receivers of either RFC send the same without it.",
                    value
                ),
            ),
            _ => (
                Outcome::Info,
                tr!(
                    "ri={value} asked for a report every {value} seconds. Receivers of RFC 7489 had to manage one a day, and hardly any sent more; those of RFC 9989 ignore the wish.",
                    value
                ),
            ),
        };
        // pct=0 was how people asked for a trial.
        let trial: &[_] = if *tag == "pct" && record.percent == Some(0) { &[("t", Some("y"))] } else { &[] };
        let finding = doc.finding(outcome, detail);
        Some(
            finding
                .titled(tr!("{tag} was removed by RFC 9989", tag))
                .publishing(Publish::txt(&node.name, steps::rewrite(&text.text, trial))),
        )
    });
}

/// What a `pct` does to receivers of either RFC.
fn percent_words(record: &DmarcRecord, value: &str, outcome: Outcome) -> (Outcome, String) {
    let asks = [record.policy, record.subdomain_policy, record.nonexistent_policy].into_iter().flatten().max();
    match record.percent {
        Some(100) => (Outcome::Info, "pct=100 was the default and changes nothing.".into()),
        None => (
            outcome,
            tr!(
                "pct={value} is no number from 0 to 100. Receivers of RFC 9989 ignore the tag, those of RFC 7489 take the default, 100, or stumble over it.",
                value
            ),
        ),
        Some(_) if asks.is_none_or(|policy| policy == Policy::None) => (
            Outcome::Info,
            tr!("pct={value} changes nothing beside p=none: there is no policy to apply to a part of the mail.", value),
        ),
        Some(percent) => (
            outcome,
            tr!(
                "Receivers of RFC 9989 ignore pct={value} and apply the policy to all mail; receivers of RFC 7489 apply it to \
                 {percent} % and the next weaker one to the rest.",
                value,
                percent
            ),
        ),
    }
}
