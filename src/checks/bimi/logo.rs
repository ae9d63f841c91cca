//! The logo at `l=`: whether it can be fetched, and whether it is SVG Tiny PS.

use serde_json::json;

use crate::checks::fetched::Fetched;
use crate::checks::{Context, Doc, Facts, Finding, Outcome};
use crate::records::Technology;
use crate::records::bimi::Location;
use crate::svg::{self, Fault, Severity, Verdict};
use crate::text::Span;
use crate::wanted::Purpose;

use super::{files, wording};

/// Most findings about one logo: one for each rule that is broken; the lab lists every place.
const MAX_FINDINGS: usize = 24;
/// Most places of one rule that a finding names.
const MAX_PLACES: usize = 5;
/// Longest piece of a line that a finding shows.
const MAX_SHOWN: usize = 200;
/// Most faults that the report lists.
const MAX_LISTED: usize = 100;

/// What is known of the logo.
#[derive(Clone, Debug)]
pub struct Logo {
    /// The file.
    pub fetched: Fetched,
    /// How it is judged, where its bytes are known.
    pub verdict: Option<Verdict>,
}

impl Logo {
    pub(super) fn gather(context: &Context<'_>, location: Option<&Location>) -> Self {
        let fetched = files::gather(context, location, Purpose::Logo);
        let verdict = fetched.file().map(|file| svg::judge(&file.body));
        Self { fetched, verdict }
    }

    /// Whether receivers accept it; `None` where that is not known.
    pub fn is_accepted(&self) -> Option<bool> {
        match &self.fetched {
            Fetched::Read(_) => self.verdict.as_ref().map(|verdict| verdict.conforms),
            Fetched::Status(_) | Fetched::Redirect { .. } | Fetched::Tls(_) | Fetched::TooLarge(_) => Some(false),
            Fetched::NotNamed | Fetched::Reachable | Fetched::Unknown(_) => None,
        }
    }

    /// The facts as they stand in the report.
    pub(super) fn detail(&self, url: Option<&str>) -> serde_json::Value {
        let mut detail = files::detail(&self.fetched, url);
        let Some(members) = detail.as_object_mut() else { return detail };
        let verdict = self.verdict.as_ref();
        let judged = json!({
            "size": verdict.map(|verdict| verdict.size),
            "compressed": verdict.map(|verdict| verdict.compressed),
            "title": verdict.and_then(|verdict| verdict.title.as_ref()),
            "schema_valid": verdict.map(|verdict| verdict.schema_valid),
            "conforms": verdict.map(|verdict| verdict.conforms),
            "faults": verdict.map(|verdict| verdict.faults.iter().take(MAX_LISTED).collect::<Vec<_>>()),
        });
        if let serde_json::Value::Object(judged) = judged {
            members.extend(judged);
        }
        detail
    }
}

pub(super) static GOOD: Doc = Doc {
    id: "bimi.logo",
    technology: Technology::Bimi,
    title: "The logo is SVG Tiny PS",
    what: "Whether the drawing at `l=` follows the profile that receivers accept.",
    why: "A logo that is not SVG Tiny PS is not shown, however good the record is.",
    fix: "",
    references: &["SVG Tiny PS §2", "BIMI §4.3"],
};

pub(super) fn good(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((file, verdict)) = judged(facts).filter(|(_, verdict)| verdict.conforms) else { return };
    findings
        .push(doc.finding(Outcome::Pass, tr!("{file}: {} bytes, no fault that receivers mind.", verdict.size, file)));
}

/// The name of the file and how it is judged.
fn judged(facts: &Facts) -> Option<(&str, &Verdict)> {
    let logo = &facts.bimi.logo;
    Some((logo.fetched.file()?.from.as_str(), logo.verdict.as_ref()?))
}

pub(super) static FAULT: Doc = Doc {
    id: "bimi.logo-fault",
    technology: Technology::Bimi,
    title: "The logo is not SVG Tiny PS",
    what: "Each rule of SVG Tiny PS, and of its safe use, that the drawing breaks.",
    why: "Receivers refuse a logo with a single such fault.",
    fix: "Repair the drawing: `mxray logo logo.svg --fix repaired.svg`, or drop it on the page and choose “Repair it”.",
    references: &["SVG Tiny PS §2"],
};

pub(super) fn fault(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    by_rule(facts, doc, Severity::Error, findings);
}

pub(super) static DOUBT: Doc = Doc {
    id: "bimi.logo-doubt",
    technology: Technology::Bimi,
    title: "The logo could be better",
    what: "Advice of SVG Tiny PS and of receivers that the drawing does not follow.",
    why: "Some receivers show such a logo badly, or not at all.",
    fix: "Change the drawing as said.",
    references: &["SVG Tiny PS §2"],
};

pub(super) fn doubt(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    by_rule(facts, doc, Severity::Warning, findings);
}

/// One finding for each rule, at its first place.
fn by_rule(facts: &Facts, doc: &'static Doc, severity: Severity, findings: &mut Vec<Finding>) {
    let Some((name, verdict)) = judged(facts) else { return };
    let Some(file) = facts.bimi.logo.fetched.file() else { return };
    let text = svg::text(&file.body).map(|text| text.text.into_owned()).unwrap_or_default();
    let mut rules: Vec<(&str, Vec<&Fault>)> = Vec::new();
    for fault in verdict.faults.iter().filter(|fault| fault.severity == severity) {
        match rules.iter_mut().find(|(rule, _)| *rule == fault.rule) {
            Some((_, faults)) => faults.push(fault),
            None => rules.push((&fault.rule, vec![fault])),
        }
    }
    let outcome = if severity == Severity::Error { Outcome::Fail } else { Outcome::Warn };
    let more = rules.len().saturating_sub(MAX_FINDINGS);
    for (rule, faults) in rules.into_iter().take(MAX_FINDINGS) {
        let Some(first) = faults.first() else { continue };
        let places: Vec<String> =
            faults.iter().take(MAX_PLACES).map(|fault| format!("{}:{}", fault.line, fault.column)).collect();
        let rest = if faults.len() > MAX_PLACES { tr!(" and {} more", faults.len() - MAX_PLACES) } else { "".into() };
        let detail = tr!("{name}, at line:column {}{rest} (rule `{rule}`).", places.join(", "), name, rest, rule);
        let (line, span) = line_of(&text, first);
        let mut finding =
            doc.finding(outcome, detail).titled(capital(&first.title)).fixed_by(first.fix.clone()).at(name, line, span);
        finding.references = vec![first.reference.clone()];
        findings.push(finding);
    }
    if more > 0 {
        findings.push(
            doc.finding(
                outcome,
                tr!("{name} breaks {more} more rules; the lab and `mxray logo` list all.", name, more),
            ),
        );
    }
}

/// With a capital letter, where it begins with a letter.
fn capital(title: &str) -> String {
    let mut characters = title.chars();
    characters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

/// The line of a fault, cut to what can be shown, and where the fault stands in it.
fn line_of<'t>(text: &'t str, fault: &Fault) -> (&'t str, Span) {
    let before = text.get(..fault.start).unwrap_or_default();
    let mut from = before.rfind('\n').map_or(0, |at| at + 1);
    if fault.start - from > MAX_SHOWN {
        from = fault.start - MAX_SHOWN;
    }
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let rest = text.get(fault.start..).unwrap_or_default();
    let length = rest.find('\n').unwrap_or(rest.len()).min(MAX_SHOWN);
    let mut to = fault.start + length;
    while to < text.len() && !text.is_char_boundary(to) {
        to += 1;
    }
    let line = text.get(from..to).unwrap_or_default();
    (line, Span::new(fault.start.min(to) - from.min(fault.start), fault.end.min(to).saturating_sub(from)))
}

pub(super) static FETCH: Doc = Doc {
    id: "bimi.logo-fetch",
    technology: Technology::Bimi,
    title: "The logo cannot be fetched",
    what: "Whether the address in `l=` gives a file.",
    why: "Receivers that cannot fetch the logo show none.",
    fix: "Put the file where `l=` says, on a server with a valid certificate, and without more than three redirects.",
    references: &["BIMI §7.3", "BIMI §4.3"],
};

pub(super) fn fetch(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    let Some((uri, span)) = parsed.record.location.uri().zip(parsed.record.location.span()) else { return };
    if let Some(says) = wording::refused(&facts.bimi.logo.fetched) {
        findings.push(doc.finding(Outcome::Fail, tr!("{}: {says}.", uri.text, says)).at(name, text, span));
    }
}

pub(super) static TYPE: Doc = Doc {
    id: "bimi.logo-type",
    technology: Technology::Bimi,
    title: "The logo is not served as image/svg+xml",
    what: "Whether the server calls the file `image/svg+xml`.",
    why: "Receivers and browsers may refuse to read another type as a drawing.",
    fix: "Serve the file with `Content-Type: image/svg+xml`.",
    references: &["BIMI §7.3"],
};

pub(super) fn media_type(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some(file) = facts.bimi.logo.fetched.file() else { return };
    let Some(content_type) = &file.content_type else { return };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("image/svg+xml") {
        findings.push(doc.finding(Outcome::Warn, tr!("{} is served as `{essence}`.", file.from, essence)));
    }
}

pub(super) static UNREAD: Doc = Doc {
    id: "bimi.logo-unread",
    technology: Technology::Bimi,
    title: "The logo itself was not looked at",
    what: "Whether the file at `l=` is an SVG that receivers accept.",
    why: "A logo that is not SVG Tiny PS is not shown, however good the record is.",
    fix: "Open the address, save the file, and drop it on the page.",
    references: &["BIMI §4.3"],
};

pub(super) fn unread(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((name, text, parsed)) = facts.bimi.published_record() else { return };
    let Some((uri, span)) = parsed.record.location.uri().zip(parsed.record.location.span()) else { return };
    if let Some(why) = wording::unseen(&facts.bimi.logo.fetched) {
        findings.push(
            doc.finding(Outcome::Unknown, tr!("{}: {why}.", uri.text, why))
                .fixed_by(tr!("Open {} and drop the file on this page, or: `curl -sS {} -o logo.svg`, then `mxray logo logo.svg`.", uri.text,
                    wording::quoted(&uri.text)))
                .at(name, text, span),
        );
    }
}
