//! The checks on BIMI beyond the text of the record.

use crate::checks::{Check, Doc, Facts, Finding, Outcome};
use crate::records::Technology;
use crate::records::caa::Property;
use crate::text::Span;

use super::{Discovery, Enforcement, record_rules};

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
    Check { doc: &CAA, run: caa },
    Check { doc: &LOGO_UNREAD, run: logo_unread },
    Check { doc: &CERTIFICATE_UNREAD, run: certificate_unread },
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
        findings.push(doc.finding(Outcome::Pass, format!("Found at {name}.")).at(name, text, Span::whole(text)));
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
    let mut detail = format!("Asked, and found none: {}.", asked.join(", "));
    if facts.bimi.selector != "default" {
        detail.push_str(" Receivers do not fall back from another selector to `default`.");
    } else {
        detail.push_str(
            " Another selector, named in the BIMI-Selector header of the mail, can only be found by its name.",
        );
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
    let detail = format!("{name} has {} records that start with v=BIMI1.", texts.len());
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
    let detail = format!("{first} has no record, so receivers use the one at {name}.");
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
                doc.finding(Outcome::Unknown, format!("A BIMI record is there, and {why}."))
                    .titled("Whether DMARC is strict enough for BIMI is not known")
                    .fixed_by(format!("Look at the DMARC record: `dig _dmarc.{} TXT`", facts.domain)),
            );
            return;
        }
    };
    for reason in reasons {
        findings.push(doc.finding(outcome, format!("{}: {} – {}.", reason.domain, reason.says, reason.means)));
    }
}

static CAA: Doc = Doc {
    id: "bimi.caa-issuevmc",
    technology: Technology::Bimi,
    title: "CAA limits who may issue mark certificates",
    what: "Whether CAA records of the domain carry `issuevmc`.",
    why: "Only the authorities named there may issue a mark certificate for the domain.",
    fix: "Write the authority's domain name as the value, as it stands in the authority's documentation.",
    references: &["RFC 8659 §4.2"],
};

fn caa(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for parsed in facts.bimi.mark_authorities.iter().flatten() {
        let Property::IssueVmc(issuer) = &parsed.record.property else { continue };
        let text = parsed.record.text();
        let finding = if !parsed.is_sound() {
            doc.finding(
                Outcome::Warn,
                format!("`{}` is malformed, and so forbids every authority.", parsed.record.value),
            )
            .titled("A CAA record for mark certificates that is malformed")
        } else {
            let who = issuer.domain.as_deref().unwrap_or("nobody");
            let detail =
                format!("This record allows {who} to issue mark certificates for {}; several add up.", facts.domain);
            doc.finding(Outcome::Info, detail)
        };
        findings.push(finding.at(&facts.domain, &text, Span::whole(&text)));
    }
}

static LOGO_UNREAD: Doc = Doc {
    id: "bimi.logo-unread",
    technology: Technology::Bimi,
    title: "The logo itself was not looked at",
    what: "Whether the file at `l=` is an SVG that receivers accept.",
    why: "A logo that is not SVG Tiny PS is not shown, however good the record is.",
    fix: "Open the address and check that it is an SVG Tiny PS file of at most 32 KB.",
    references: &["BIMI §4.3"],
};

fn logo_unread(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    if let (Some(uri), Some(span)) = (parsed.record.location.uri(), parsed.record.location.span()) {
        findings.push(
            doc.finding(Outcome::Unknown, format!("This version does not judge logo files. The file: {}", uri.text))
                .fixed_by(look(
                    &uri.text,
                    "the file must be there, be an SVG with baseProfile=\"tiny-ps\", and have at most 32 KB",
                ))
                .at(name, text, span),
        );
    }
}

static CERTIFICATE_UNREAD: Doc = Doc {
    id: "bimi.certificate-unread",
    technology: Technology::Bimi,
    title: "The mark certificate was not looked at",
    what: "Whether the certificate at `a=` is valid, and fits domain and logo.",
    why: "With an expired certificate, or one for another domain or logo, the logo is not shown.",
    fix: "Open the address and check the certificate.",
    references: &["BIMI §4.3"],
};

fn certificate_unread(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    if let (Some(uri), Some(span)) = (parsed.record.evidence.uri(), parsed.record.evidence.span()) {
        findings.push(
            doc.finding(
                Outcome::Unknown,
                format!("This version does not judge mark certificates. The file: {}", uri.text),
            )
            .fixed_by(look(
                &format!("{} | openssl x509 -noout -subject -dates -ext subjectAltName", quoted(&uri.text)),
                "the dates must include today, and the names must include the domain",
            ))
            .at(name, text, span),
        );
    }
}

/// A sentence with a command that fetches and shows.
fn look(rest: &str, then: &str) -> String {
    let rest = if rest.starts_with('\'') { rest.to_owned() } else { quoted(rest) };
    format!("Look yourself: `curl -sS {rest}`; {then}.")
}

/// A URL for a shell. RFC 3986 allows the quote itself, which must not end the quoting.
fn quoted(url: &str) -> String {
    format!("'{}'", url.replace('\'', "%27"))
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
                doc.finding(Outcome::Unknown, format!("{}: {}.", gap.question(), gap.why()))
                    .fixed_by(format!("Try again, ask another resolver, or look yourself: `dig {name} TXT`")),
            );
        }
        Discovery::NoSuchName { selector } => findings.push(
            doc.finding(Outcome::Unknown, format!("“{selector}” makes no domain name."))
                .titled("The BIMI selector is no selector")
                .fixed_by("Write the selector as it stands in the BIMI-Selector header: letters, digits and hyphens."),
        ),
        _ => {}
    }
}
