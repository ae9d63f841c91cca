//! The checks on BIMI beyond the text of the record.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::records::Technology;
use crate::say::known;
use crate::text::Span;

use super::discovery::OwnOutcome;
use super::{Discovery, Enforcement, authorities, certificate, logo, providers, record_rules};

/// Every check, in order of display.
pub(super) static CHECKS: &[Check] = &[
    Check { doc: &RECORD, run: record },
    Check { doc: &MISSING, run: missing },
    Check { doc: &MULTIPLE, run: multiple },
    Check { doc: &record_rules::NEAR_MISS, run: record_rules::near_miss },
    Check { doc: &record_rules::SYNTAX, run: record_rules::syntax },
    Check { doc: &record_rules::NO_LOGO, run: record_rules::no_logo },
    Check { doc: &record_rules::LOGO_URL, run: record_rules::logo_url },
    Check { doc: &record_rules::CERTIFICATE_URL, run: record_rules::certificate_url },
    Check { doc: &record_rules::DECLINED, run: record_rules::declined },
    Check { doc: &INHERITED, run: inherited },
    Check { doc: &NOT_ENFORCING, run: not_enforcing },
    Check { doc: &record_rules::NO_CERTIFICATE, run: record_rules::no_certificate },
    Check { doc: &LOCAL_PART, run: local_part },
    Check { doc: &SPF_ALL, run: spf_all },
    Check { doc: &PROVIDERS, run: who_shows },
    Check { doc: &logo::GOOD, run: logo::good },
    Check { doc: &logo::FAULT, run: logo::fault },
    Check { doc: &logo::DOUBT, run: logo::doubt },
    Check { doc: &logo::FETCH, run: logo::fetch },
    Check { doc: &logo::TYPE, run: logo::media_type },
    Check { doc: &logo::UNREAD, run: logo::unread },
    Check { doc: &certificate::GOOD, run: certificate::good },
    Check { doc: &certificate::INVALID, run: certificate::invalid },
    Check { doc: &certificate::DOUBT, run: certificate::doubt },
    Check { doc: &certificate::FETCH, run: certificate::fetch },
    Check { doc: &certificate::UNREAD, run: certificate::unread },
    Check { doc: &authorities::LIMITS, run: authorities::limits },
    Check { doc: &authorities::ISSUER, run: authorities::issuer },
    Check { doc: &UNREADABLE, run: unreadable },
];

static RECORD: Doc = Doc {
    id: "bimi.record",
    technology: Technology::Bimi,
    title: "One BIMI record, without a fault",
    what: "Whether exactly one assertion record is found, and follows the grammar.",
    why: "From it receivers learn where the logo and its certificate are.",
    fix: "",
    references: &["BIMI §4.3", "BIMI §7.2"],
};

fn record(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    if parsed.is_sound() && !parsed.record.is_declined() {
        findings.push(doc.finding(Outcome::Pass, tr!("Found at {name}.", name)).at(name, text, Span::whole(text)));
    }
}

static MISSING: Doc = Doc {
    id: "bimi.missing",
    technology: Technology::Bimi,
    title: "No BIMI record",
    what: "Whether an assertion record is found at the domain, or else at its organizational domain.",
    why: "BIMI is optional: it shows the domain's logo beside its mail where the receiver takes part.",
    fix: "Publish a BIMI record once DMARC is at enforcement and an SVG Tiny PS logo is ready.",
    references: &["BIMI §7.2"],
};

fn missing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if !matches!(facts.bimi.search.discovery, Discovery::Absent) || !facts.profile.sends() {
        return;
    }
    let asked: Vec<String> = facts.bimi.search.asked.iter().map(ToString::to_string).collect();
    let mut detail = tr!("Asked, and found none: {}.", asked.join(", "));
    if facts.bimi.selector != "default" {
        detail.push_str(&tr!(" Receivers do not fall back from another selector to `default`."));
    } else {
        detail.push_str(&tr!(
            " Another selector, named in the BIMI-Selector header of the mail, can only be found by its name."
        ));
    }
    findings.push(doc.finding(Outcome::Info, detail));
}

static MULTIPLE: Doc = Doc {
    id: "bimi.multiple",
    technology: Technology::Bimi,
    title: "More than one BIMI record",
    what: "Whether exactly one assertion record stands at the name.",
    why: "With more than one, receivers stop and show no logo.",
    fix: "Keep one record and remove the others.",
    references: &["BIMI §7.2"],
};

fn multiple(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Discovery::Several { name, texts } = &facts.bimi.search.discovery else { return };
    let Some(second) = texts.get(1) else { return };
    let detail = tr!("{name} has {} records that start with v=BIMI1.", texts.len(), name);
    findings.push(doc.finding(Outcome::Fail, detail).at(name, second, Span::whole(second)));
}

static INHERITED: Doc = Doc {
    id: "bimi.inherited",
    technology: Technology::Bimi,
    title: "The record of the organizational domain counts",
    what: "Whether the record stands at the domain itself.",
    why: "Without a record of its own a sub-domain shows the logo of its organizational domain.",
    fix: "",
    references: &["BIMI §7.2"],
};

fn inherited(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Discovery::Record { name, inherited: true, text, .. } = &facts.bimi.search.discovery else { return };
    let first = facts.bimi.search.asked.first().map(ToString::to_string).unwrap_or_default();
    let detail = tr!("{first} has no record, so receivers use the one at {name}.", first, name);
    findings.push(doc.finding(Outcome::Info, detail).at(name, text, Span::whole(text)));
}

static NOT_ENFORCING: Doc = Doc {
    id: "bimi.dmarc-not-enforcing",
    technology: Technology::Bimi,
    title: "DMARC is not strict enough for BIMI",
    what: "Whether the DMARC policies of the domain and its organizational domain are at enforcement, without exception.",
    why: "Receivers show a logo only where forged mail would be refused or put aside; otherwise the logo would help the forger.",
    fix: "Bring DMARC to p=quarantine or p=reject for the domain and its sub-domains, without pct or t=y.",
    references: &["BIMI §7.1"],
};

fn not_enforcing(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if facts.bimi.record().is_none() || facts.bimi.is_declined() {
        return;
    }
    let (outcome, reasons) = match &facts.bimi.enforcement {
        Enforcement::NotMet(reasons) => (Outcome::Fail, reasons),
        Enforcement::Doubtful(reasons) => (Outcome::Warn, reasons),
        Enforcement::Met => return,
        Enforcement::Unknown { why } => {
            findings.push(
                doc.finding(Outcome::Unknown, tr!("A BIMI record is there, and {why}.", why))
                    .titled("Whether DMARC is strict enough for BIMI is not known")
                    .fixed_by(tr!("Look at the DMARC record: `dig _dmarc.{} TXT`", facts.domain)),
            );
            return;
        }
    };
    for reason in reasons {
        findings.push(doc.finding(outcome, tr!("{}: {} – {}.", reason.domain, reason.says, reason.means)));
    }
}

static LOCAL_PART: Doc = Doc {
    id: "bimi.local-part",
    technology: Technology::Bimi,
    title: "Senders may have a logo of their own",
    what: "What `lps` in the record means: receivers make a selector of the sender's local-part and ask for its record.",
    why: "Mail of such a sender shows the logo of its own record, not the one of the domain.",
    fix: "Check with the sender's address to see the record that counts for it.",
    references: &["BIMI §7.2"],
};

fn local_part(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if let Some(own) = &facts.bimi.search.own {
        let sender = &own.local_part;
        findings.push(match &own.outcome {
            OwnOutcome::NoSelector => doc.finding(
                Outcome::Info,
                tr!("“{sender}” makes no selector that `lps` takes, so the domain's record counts.", sender),
            ),
            OwnOutcome::Used { name } => {
                doc.finding(Outcome::Info, tr!("For “{sender}” the record at {name} counts.", sender, name))
            }
            OwnOutcome::NotUsed { name } => doc.finding(
                Outcome::Info,
                tr!("For “{sender}” receivers ask {name}, find no single record, and use the domain's.", sender, name),
            ),
            OwnOutcome::Unknown(gap) => doc
                .finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
                .titled("Whether the sender has a record of its own is not known")
                .fixed_by("Try again, or ask another resolver."),
        });
        return;
    }
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    let Some(prefixes) = &parsed.record.local_part_selectors else { return };
    let whose = if prefixes.is_empty() {
        "every sender".to_owned()
    } else {
        tr!("senders that start with {}", prefixes.join(", "))
    };
    let detail = tr!(
        "For {whose}, receivers ask `<local-part>._bimi` first. Give a sender's address as the BIMI selector to see which record counts for it.",
        whose
    );
    findings.push(doc.finding(Outcome::Info, detail).at(name, text, Span::whole(text)));
}

static SPF_ALL: Doc = Doc {
    id: "bimi.spf-all",
    technology: Technology::Bimi,
    title: "Some receivers show no logo where SPF lets everybody pass",
    what: "Whether the SPF record lets mail from any address pass.",
    why: "With such a record anybody could send mail that shows the logo, so receivers may refuse it (mail-bimi can be set so).",
    fix: "End the SPF record in -all or ~all.",
    references: &["BIMI §8", "RFC 7208 §8.2"],
};

fn spf_all(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if facts.bimi.record().is_some() && !facts.bimi.is_declined() && facts.spf.lets_everybody_pass() {
        findings.push(doc.finding(Outcome::Warn, tr!("The SPF record of {} lets everybody pass.", facts.domain)));
    }
}

static PROVIDERS: Doc = Doc {
    id: "bimi.providers",
    technology: Technology::Bimi,
    title: "Who would show the logo",
    what: "What each mailbox provider asks for, beside what the domain has.",
    why: "Every provider decides for itself; a certificate is what Gmail and Apple Mail ask for.",
    fix: "",
    references: &["BIMI §4.3", "MCR §1"],
};

fn who_shows(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    if facts.bimi.record().is_none() || facts.bimi.is_declined() {
        return;
    }
    let each: Vec<String> = providers::standings(&facts.bimi.known())
        .into_iter()
        .map(|standing| match standing.wants.as_slice() {
            [] => tr!("{}: {}", standing.provider, standing.shows.words()),
            wants => {
                let wants: Vec<_> = wants.iter().map(|want| known(want)).collect();
                tr!("{}: {} ({})", standing.provider, standing.shows.words(), wants.join(", "))
            }
        })
        .collect();
    findings.push(doc.finding(Outcome::Info, tr!("As of {}: {}.", providers::AS_OF, each.join("; "))));
}

static UNREADABLE: Doc = Doc {
    id: "bimi.unreadable",
    technology: Technology::Bimi,
    title: "The BIMI record could not be looked up",
    what: "Whether the look-ups of the BIMI names were answered.",
    why: "Without an answer nothing can be said about BIMI.",
    fix: "Try again, or ask another resolver.",
    references: &["BIMI §7.2"],
};

fn unreadable(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    match &facts.bimi.search.discovery {
        Discovery::Unknown(gap) => {
            let name = facts.bimi.search.asked.last().map(ToString::to_string).unwrap_or_default();
            findings.push(
                doc.finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
                    .fixed_by(tr!("Try again, ask another resolver, or look yourself: `dig {name} TXT`", name)),
            );
        }
        Discovery::NoSuchName { selector } => findings.push(
            doc.finding(Outcome::Unknown, tr!("“{selector}” makes no domain name.", selector))
                .titled("The BIMI selector is no selector")
                .fixed_by("Write the selector as it stands in the BIMI-Selector header: letters, digits and hyphens."),
        ),
        _ => {}
    }
}
