//! Who may issue mark certificates: `issuevmc` in CAA records (MCR §3.2.2, RFC 8659 §3).

use crate::checks::{Context, Doc, Facts, Finding, Gap, Outcome, dmarc};
use crate::dns::{RecordData, RecordType};
use crate::name::DomainName;
use crate::records::caa::{self, Caa, CaaProblem, Property};
use crate::records::{Parsed, Technology};
use crate::text::Span;
use crate::wanted::Urgency;

/// Most CAA records that are looked at.
const MAX_CAA: usize = 64;
/// Most names that are climbed: a name has at most 127 labels, and real ones end after three.
const MAX_CLIMB: usize = 8;

/// The properties for mark certificates in the CAA records that count for the domain.
#[derive(Clone, Debug)]
pub struct Authorities {
    /// Where the records that count stand; the domain itself where there are none.
    pub name: DomainName,
    /// Their `issuevmc` properties.
    pub properties: Vec<Parsed<Caa, CaaProblem>>,
}

impl Authorities {
    /// Asks at the domain and, as long as there is no CAA record at all, above it (RFC 8659 §3), up to the organizational
    /// domain: what registries publish above is theirs.
    pub(super) fn gather(context: &Context<'_>, dmarc: &dmarc::Facts) -> Result<Self, Gap> {
        let organizational = dmarc.organizational_domain();
        let mut name = context.domain.clone();
        for _ in 0..MAX_CLIMB {
            let lookup = context.ask(Technology::Bimi, Urgency::Leaf, &name, RecordType::CAA);
            if let Some(gap) = Gap::of(&name, RecordType::CAA, &lookup) {
                return Err(gap);
            }
            let read = lookup.records().iter().take(MAX_CAA).filter_map(|record| match &record.data {
                RecordData::Caa { flags, tag, value } => Some(caa::parse(*flags, tag, value)),
                _ => None,
            });
            let all: Vec<_> = read.collect();
            let above = name.parent().filter(|above| {
                organizational.as_ref().is_some_and(|organizational| above.is_at_or_below(organizational))
            });
            match above {
                Some(above) if all.is_empty() => name = above,
                _ => {
                    let is_for_marks =
                        |parsed: &Parsed<Caa, CaaProblem>| matches!(parsed.record.property, Property::IssueVmc(_));
                    return Ok(Self { name, properties: all.into_iter().filter(is_for_marks).collect() });
                }
            }
        }
        Ok(Self { name, properties: Vec::new() })
    }

    /// Whether an authority with one of these names may issue; everybody may where nothing is said.
    pub fn allow(&self, authority: &[&str]) -> bool {
        self.properties.is_empty()
            || self.properties.iter().any(|parsed| match &parsed.record.property {
                Property::IssueVmc(issuer) => {
                    issuer.domain.as_deref().is_some_and(|domain| authority.contains(&domain))
                }
                _ => false,
            })
    }
}

pub(super) static LIMITS: Doc = Doc {
    id: "bimi.caa-issuevmc",
    technology: Technology::Bimi,
    title: "CAA limits who may issue mark certificates",
    what: "Whether CAA records of the domain carry `issuevmc`.",
    why: "Only the authorities named there may issue a mark certificate for the domain.",
    fix: "Write the authority's domain name as the value, as it stands in the authority's documentation.",
    references: &["RFC 8659 §4.2"],
};

pub(super) fn limits(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Ok(authorities) = &facts.bimi.authorities else { return };
    for parsed in &authorities.properties {
        let Property::IssueVmc(issuer) = &parsed.record.property else { continue };
        let text = parsed.record.text();
        let finding = if !parsed.is_sound() {
            doc.finding(Outcome::Warn, tr!("`{}` is malformed, and so forbids every authority.", parsed.record.value))
                .titled("A CAA record for mark certificates that is malformed")
        } else {
            let who = issuer.domain.as_deref().unwrap_or("nobody");
            let detail =
                tr!("This record allows {who} to issue mark certificates for {}; several add up.", facts.domain, who);
            doc.finding(Outcome::Info, detail)
        };
        findings.push(finding.at(&authorities.name, &text, Span::whole(&text)));
    }
}

pub(super) static ISSUER: Doc = Doc {
    id: "bimi.caa-issuer",
    technology: Technology::Bimi,
    title: "CAA forbids the authority that issued the mark certificate",
    what: "Whether the authority that issued the certificate is one that `issuevmc` allows.",
    why: "The certificate goes on holding; its authority must refuse to issue the next one.",
    fix: "Allow the authority by a CAA record before the certificate ends, or have the next one issued by an allowed one.",
    references: &["RFC 8659 §3", "MCR §3.2.2"],
};

pub(super) fn issuer(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Ok(authorities) = &facts.bimi.authorities else { return };
    let Some(verdict) = &facts.bimi.certificate.verdict else { return };
    let own = verdict.issuer_domains();
    let Some(first) = own.first() else { return };
    if authorities.allow(own) {
        return;
    }
    let detail = tr!("The certificate is by {first}, which no `issuevmc` of {} names.", authorities.name, first);
    let record = crate::checks::Publish::record(&authorities.name, "CAA", tr!("0 issuevmc \"{first}\"", first));
    findings.push(doc.finding(Outcome::Warn, detail).publishing(record));
}
