//! The checks on the text of the assertion record.

use crate::checks::{Doc, Facts, Finding, Outcome, Publish};
use crate::records::bimi::{BimiProblem, Location, UriProblem};
use crate::records::{Problem, Technology, Weight};

/// Problem by problem: the sentence about it, or nothing where another check speaks of it.
fn each(
    facts: &Facts,
    doc: &'static Doc,
    findings: &mut Vec<Finding>,
    sentence: impl Fn(&BimiProblem) -> Option<String>,
) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    for Problem { kind, span, weight } in &parsed.problems {
        let Some(detail) = sentence(kind) else { continue };
        let outcome = match weight {
            Weight::Note => Outcome::Info,
            Weight::Doubt => Outcome::Warn,
            Weight::Fault => Outcome::Fail,
        };
        findings.push(doc.finding(outcome, detail).at(name, text, *span));
    }
}

pub(super) static SYNTAX: Doc = Doc {
    id: "bimi.syntax",
    technology: Technology::Bimi,
    title: "The BIMI record does not follow the grammar",
    what: "Whether the record consists of known tags, each once, separated by semicolons.",
    why: "Receivers are told not to repair anything: what does not follow the grammar is ignored, or spoils the whole record.",
    fix: "Write `v=BIMI1; l=<address of the logo>; a=<address of the certificate>;` with lower-case tags.",
    references: &["BIMI §4.3"],
};

pub(super) fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, doc, findings, |problem| match problem {
        BimiProblem::DuplicateTag { tag } => {
            Some(tr!("The tag `{tag}` stands twice; receivers differ in what they make of it.", tag))
        }
        BimiProblem::NotATag => Some("This part has no `=`, so it is no tag.".into()),
        BimiProblem::WrongCase { tag } => Some(tr!(
            "`{tag}` is not `{}`: receivers take it for an unknown tag and ignore it.",
            tag.to_ascii_lowercase(),
            tag
        )),
        BimiProblem::UnknownTag { tag } => Some(tr!("The tag `{tag}` is not known; receivers ignore it.", tag)),
        BimiProblem::StraySemicolon => {
            Some("A semicolon with nothing before it, which the grammar does not have.".into())
        }
        BimiProblem::UnknownPreference { value } => Some(tr!(
            "`avp={value}`: only `brand` and `personal` are known. Receivers ignore it, or the whole record.",
            value
        )),
        BimiProblem::BadPrefix { prefix } => {
            Some(tr!("`{prefix}` in `lps` is not 1 to 63 letters, digits and hyphens.", prefix))
        }
        BimiProblem::TooMany { limit } => {
            Some(tr!("More than {limit} tags, prefixes or problems; the rest is not told.", limit))
        }
        BimiProblem::LocationMissing
        | BimiProblem::EvidenceWithoutLocation
        | BimiProblem::Location(_)
        | BimiProblem::Evidence(_) => None,
    });
}

pub(super) static NO_LOGO: Doc = Doc {
    id: "bimi.no-logo",
    technology: Technology::Bimi,
    title: "The record names no logo",
    what: "Whether the tag `l` is there, and has a value where `a` has one.",
    why: "`l` is required. A record with a certificate and without a logo is neither usable nor a way to decline.",
    fix: "Put the https address of the logo into `l=`. To decline BIMI, publish `v=BIMI1; l=; a=;`.",
    references: &["BIMI §4.3", "BIMI §4.3.1", "BIMI §7.3"],
};

pub(super) fn no_logo(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, doc, findings, |problem| match problem {
        BimiProblem::LocationMissing => Some("The tag `l` is missing.".into()),
        BimiProblem::EvidenceWithoutLocation => Some(
            "`l` is empty while `a` has a value. That does not decline BIMI either: for that both must be empty."
                .into(),
        ),
        _ => None,
    });
}

pub(super) static LOGO_URL: Doc = Doc {
    id: "bimi.logo-url",
    technology: Technology::Bimi,
    title: "The address of the logo cannot be used",
    what: "Whether `l` is one https address of an SVG file.",
    why: "Receivers fetch the logo from there and nowhere else; with another kind of address they show none.",
    fix: "Write one https address that ends in `.svg` (or `.svgz`); a comma inside it is written `%2C`.",
    references: &["BIMI §4.3"],
};

pub(super) fn logo_url(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, doc, findings, |problem| match problem {
        BimiProblem::Location(problem) => Some(url_sentence(problem, "l")),
        _ => None,
    });
}

pub(super) static CERTIFICATE_URL: Doc = Doc {
    id: "bimi.certificate-url",
    technology: Technology::Bimi,
    title: "The address of the certificate cannot be used",
    what: "Whether `a` is one https address.",
    why: "Receivers fetch the mark certificate from there; Gmail and Apple Mail show no logo without it.",
    fix: "Write one https address of the PEM file that the certificate authority delivered.",
    references: &["BIMI §4.3"],
};

pub(super) fn certificate_url(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    each(facts, doc, findings, |problem| match problem {
        BimiProblem::Evidence(problem) => Some(url_sentence(problem, "a")),
        _ => None,
    });
}

fn url_sentence(problem: &UriProblem, tag: &str) -> String {
    match problem {
        UriProblem::NotHttps => tr!("`{tag}` must start with `https://`.", tag),
        UriProblem::Several => tr!("`{tag}` must hold one address; several were allowed in early drafts only.", tag),
        UriProblem::RawComma => "A comma in the address must be written `%2C`.".into(),
        UriProblem::BadCharacter { character } => {
            tr!("The character “{}” cannot stand in an address; write it percent-encoded.", character.escape_debug())
        }
        UriProblem::BadHost => {
            "The address has no host name with at least two labels (and no user name before it).".into()
        }
        UriProblem::OtherFormat { suffix } => {
            tr!(
                "The file ends in `.{suffix}`: only SVG is allowed, and another kind of picture spoils the record.",
                suffix
            )
        }
        UriProblem::NoSvgSuffix => "The file does not end in `.svg` or `.svgz`; some receivers refuse that.".into(),
        UriProblem::NoPemSuffix => "The file does not end in `.pem`, as it should.".into(),
    }
}

pub(super) static NO_CERTIFICATE: Doc = Doc {
    id: "bimi.no-certificate",
    technology: Technology::Bimi,
    title: "No mark certificate: Gmail and Apple Mail show no logo",
    what: "Whether `a` names a mark certificate.",
    why: "Yahoo and Fastmail, among others, show a logo without one. Gmail and Apple Mail ask for a certificate (VMC or CMC) that ties the logo to the domain.",
    fix: "",
    references: &["BIMI §4.3"],
};

pub(super) fn no_certificate(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    if parsed.record.location.uri().is_none() {
        return;
    }
    let finding = doc.finding(Outcome::Info, "The record has no `a=` with an address in it.");
    match &parsed.record.evidence {
        Location::Missing => findings.push(finding),
        Location::Empty { span } => findings.push(finding.at(name, text, *span)),
        Location::Uri { .. } | Location::Broken { .. } => {}
    }
}

pub(super) static DECLINED: Doc = Doc {
    id: "bimi.declined",
    technology: Technology::Bimi,
    title: "This domain declines BIMI",
    what: "Whether `l` and `a` are both empty.",
    why: "Receivers show no logo for the domain, and do not look at the organizational domain either.",
    fix: "",
    references: &["BIMI §4.3.1"],
};

pub(super) fn declined(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    if !parsed.record.is_declined() {
        return;
    }
    let detail = match &parsed.record.local_part_selectors {
        Some(_) => {
            tr!("{name} has an empty `l`; only senders that fit `lps` may have a logo by a record of their own.", name)
        }
        None => tr!("{name} has an empty `l` and no certificate.", name),
    };
    let span = parsed.record.location.span().unwrap_or(crate::text::Span::whole(text));
    findings.push(doc.finding(Outcome::Info, detail).at(name, text, span));
}

pub(super) static NEAR_MISS: Doc = Doc {
    id: "bimi.near-miss",
    technology: Technology::Bimi,
    title: "A record that was meant for BIMI and does not count",
    what: "Whether every TXT record at the BIMI name starts with exactly `v=BIMI1`.",
    why: "Receivers drop every record that starts differently, down to the case of the letters.",
    fix: "Let the record start with `v=BIMI1;`.",
    references: &["BIMI §4.3", "BIMI §7.2"],
};

pub(super) fn near_miss(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    // Beside a record that counts, the other one is dropped and does no harm.
    let outcome = if facts.bimi.record().is_some() { Outcome::Warn } else { Outcome::Fail };
    for miss in &facts.bimi.search.near_misses {
        let mut finding = doc
            .finding(outcome, tr!("A TXT record at {} does not start with `v=BIMI1`.", miss.name))
            .at(&miss.name, &miss.text, miss.span);
        let first = miss.span.of(&miss.text);
        let rest = miss.text.get(miss.span.end..).unwrap_or("");
        let is_version = first.to_ascii_lowercase().replace([' ', '\t'], "").starts_with("v=bimi1");
        if is_version && crate::records::bimi::parse(&format!("v=BIMI1{rest}")).is_sound() {
            finding = finding.publishing(Publish::txt(&miss.name, format!("v=BIMI1{rest}")));
        }
        findings.push(finding);
    }
}
