//! Answering a question from evidence: CNAME chains, authoritative data, wildcards, denial.

use std::borrow::Cow;

use crate::dns::{Rcode, Record, RecordData, RecordType};
use crate::name::DomainName;

use super::{DnsEntry, DnsOutcome, Evidence, Failure};

/// Longest chain of aliases that is followed; resolvers stop at about as many.
const MAX_CHAIN: usize = 11;

/// What the evidence says to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'e> {
    /// At least one record of the type.
    Found(Found<'e>),
    /// The name exists and has no record of the type; `chain` holds the alias targets passed on the way.
    NoData { chain: Vec<DomainName> },
    /// The name does not exist.
    NxDomain { chain: Vec<DomainName> },
    /// It was asked, and nothing was learnt.
    Failed(&'e Failure),
    /// Nobody asked yet, and the evidence does not claim to be complete here. The question that would tell more.
    NotSupplied { name: DomainName, record_type: RecordType },
}

/// Records of the type asked for, with the way to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'e> {
    /// The records, never empty.
    pub records: Vec<&'e Record>,
    /// The targets of the aliases passed, first to last; the last one owns the records.
    pub chain: Vec<DomainName>,
    /// The wildcard name in the evidence that the records were made from.
    pub wildcard: Option<DomainName>,
    /// The entry that holds the records, with its provenance.
    pub entry: &'e DnsEntry,
}

impl<'e> Lookup<'e> {
    /// The records found; empty in every other case.
    pub fn records(&self) -> &[&'e Record] {
        match self {
            Self::Found(found) => &found.records,
            _ => &[],
        }
    }

    /// Whether the answer is that there is no such record.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::NoData { .. } | Self::NxDomain { .. })
    }

    /// Whether nothing is known either way.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::NotSupplied { .. })
    }

    /// The alias targets passed.
    pub fn chain(&self) -> &[DomainName] {
        match self {
            Self::Found(Found { chain, .. }) | Self::NoData { chain } | Self::NxDomain { chain } => chain,
            _ => &[],
        }
    }
}

/// One step on the way to an answer.
enum Step<'e> {
    Done(Lookup<'e>),
    Follow(DomainName),
}

impl Evidence {
    /// What is known about the records of one type at one name, aliases followed.
    pub fn look_up(&self, name: &DomainName, record_type: RecordType) -> Lookup<'_> {
        let mut chain: Vec<DomainName> = Vec::new();
        let mut current = Cow::Borrowed(name);
        for _ in 0..=MAX_CHAIN {
            match self.step(&current, record_type, &mut chain) {
                Step::Done(lookup) => return lookup,
                Step::Follow(target) => {
                    chain.push(target.clone());
                    current = Cow::Owned(target);
                }
            }
        }
        // A chain that long is a loop: no resolver finds data behind it.
        Lookup::NoData { chain }
    }

    fn step(&self, name: &DomainName, record_type: RecordType, chain: &mut Vec<DomainName>) -> Step<'_> {
        // One key for every question about the name: only its type changes.
        let mut key = (name.clone(), record_type);
        if let Some(entry) = self.dns.get(&key) {
            return read_entry(entry, name, record_type, chain);
        }
        key.1 = RecordType::CNAME;
        if record_type != RecordType::CNAME
            && let Some(target) = self.alias(&key)
        {
            return Step::Follow(target);
        }
        key.1 = RecordType(0);
        if self.does_not_exist(&key) {
            return Step::Done(Lookup::NxDomain { chain: std::mem::take(chain) });
        }
        match self.authority_over(name, record_type) {
            Some(apex) => self.authoritative_step(name, record_type, &apex, chain),
            None => Step::Done(Lookup::NotSupplied { name: name.clone(), record_type }),
        }
    }

    /// The target of the alias at a name, where the evidence holds one as a CNAME entry of its own, under this key.
    fn alias(&self, key: &(DomainName, RecordType)) -> Option<DomainName> {
        let entry = self.dns.get(key)?;
        let DnsOutcome::Answer { answers, .. } = &entry.outcome else { return None };
        answers.iter().find_map(|record| match &record.data {
            RecordData::Cname(target) if record.owner == key.0 => Some(target.clone()),
            _ => None,
        })
    }

    /// Whether some question about exactly this name was answered with NXDOMAIN: it has no type at all then. `first`
    /// is the lowest key of the name.
    fn does_not_exist(&self, first: &(DomainName, RecordType)) -> bool {
        let name = &first.0;
        self.dns.range(first..).take_while(|(key, _)| key.0 == *name).any(|(_, entry)| {
            let mut chain = Vec::new();
            matches!(read_entry(entry, name, entry.record_type, &mut chain),
                Step::Done(Lookup::NxDomain { chain }) if chain.is_empty())
        })
    }

    /// The closest name at or above `name` for which the evidence is complete, unless a delegation lies between. The
    /// root stands for everywhere, delegations or not.
    fn authority_over(&self, name: &DomainName, record_type: RecordType) -> Option<DomainName> {
        if self.authoritative_for.is_empty() {
            return None;
        }
        let everywhere = Some(DomainName::root()).filter(|root| self.authoritative_for.contains(root));
        // No other name is closer, and delegations do not count.
        if everywhere.is_some() && self.authoritative_for.len() == 1 {
            return everywhere;
        }
        // DS lives on the parent's side of a cut (RFC 4034 §5), so the cut at the name itself does not hide it.
        let mut current = Some(name.clone());
        while let Some(candidate) = current {
            if self.authoritative_for.contains(&candidate) {
                return Some(candidate);
            }
            let hides = candidate != *name || record_type != RecordType::DS;
            if hides && self.is_delegation(&candidate) {
                return everywhere;
            }
            current = candidate.parent();
        }
        everywhere
    }

    /// Whether a zone is cut off at a name, and its own data (which would hold its SOA) is not here.
    fn is_delegation(&self, name: &DomainName) -> bool {
        let has = |record_type| {
            matches!(self.dns.get(&(name.clone(), record_type)),
                Some(DnsEntry { outcome: DnsOutcome::Answer { answers, .. }, .. }) if !answers.is_empty())
        };
        has(RecordType::NS) && !has(RecordType::SOA)
    }

    /// Answers from data that is complete below `apex`: exact data is ruled out already (RFC 1034 §4.3.2, RFC 4592).
    fn authoritative_step(
        &self,
        name: &DomainName,
        record_type: RecordType,
        apex: &DomainName,
        chain: &mut Vec<DomainName>,
    ) -> Step<'_> {
        if name == apex || self.existing.contains(name) {
            return Step::Done(Lookup::NoData { chain: std::mem::take(chain) });
        }
        let mut encloser = name.parent();
        while let Some(candidate) = encloser {
            if candidate == *apex || self.existing.contains(&candidate) {
                return self.wildcard_step(&candidate, record_type, chain);
            }
            encloser = candidate.parent();
        }
        Step::Done(Lookup::NxDomain { chain: std::mem::take(chain) })
    }

    /// Answers from the wildcard below the closest encloser, RFC 4592 §3.3.
    fn wildcard_step(&self, encloser: &DomainName, record_type: RecordType, chain: &mut Vec<DomainName>) -> Step<'_> {
        let Ok(wildcard) = encloser.child("*") else {
            return Step::Done(Lookup::NxDomain { chain: std::mem::take(chain) });
        };
        if !self.existing.contains(&wildcard) {
            return Step::Done(Lookup::NxDomain { chain: std::mem::take(chain) });
        }
        let mut key = (wildcard, record_type);
        if let Some(entry) = self.dns.get(&key) {
            return match read_entry(entry, &key.0, record_type, chain) {
                Step::Done(Lookup::Found(found)) => Step::Done(Lookup::Found(Found { wildcard: Some(key.0), ..found })),
                other => other,
            };
        }
        key.1 = RecordType::CNAME;
        match self.alias(&key) {
            Some(target) => Step::Follow(target),
            None => Step::Done(Lookup::NoData { chain: std::mem::take(chain) }),
        }
    }
}

/// Reads the answer to a question, following the aliases inside it; records off the alias chain are not looked at.
fn read_entry<'e>(
    entry: &'e DnsEntry,
    name: &DomainName,
    record_type: RecordType,
    chain: &mut Vec<DomainName>,
) -> Step<'e> {
    let (rcode, answers, authority) = match &entry.outcome {
        DnsOutcome::Failed(failure) => return Step::Done(Lookup::Failed(failure)),
        DnsOutcome::Answer { rcode, answers, authority, .. } => (*rcode, answers, authority),
    };
    let mut owner = name;
    for _ in 0..=MAX_CHAIN {
        let records: Vec<&Record> =
            answers.iter().filter(|r| r.owner == *owner && r.record_type == record_type).collect();
        if !records.is_empty() {
            let chain = std::mem::take(chain);
            return Step::Done(Lookup::Found(Found { records, chain, wildcard: None, entry }));
        }
        let target = answers.iter().find_map(|record| match &record.data {
            RecordData::Cname(target) if record.owner == *owner => Some(target),
            _ => None,
        });
        let Some(target) = target else { break };
        chain.push(target.clone());
        owner = target;
    }
    // Compact denial (RFC 9824 §3): NOERROR, and an NSEC at the very name that lists NXNAME.
    let compact = authority.iter().any(|record| match &record.data {
        RecordData::Nsec { types, .. } => record.owner == *owner && types.contains(&RecordType::NXNAME),
        _ => false,
    });
    let chain = std::mem::take(chain);
    Step::Done(if rcode == Rcode::NXDOMAIN || compact { Lookup::NxDomain { chain } } else { Lookup::NoData { chain } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{Provenance, Txt};

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    fn record(owner: &str, data: RecordData) -> Record {
        let record_type = match &data {
            RecordData::Txt(_) => RecordType::TXT,
            RecordData::Cname(_) => RecordType::CNAME,
            RecordData::Ns(_) => RecordType::NS,
            _ => unreachable!("test data"),
        };
        Record { owner: name(owner), record_type, ttl: 300, data }
    }

    fn txt(owner: &str, text: &str) -> Record {
        record(owner, RecordData::Txt(Txt::from_text(text)))
    }

    fn zone() -> Evidence {
        let mut evidence = Evidence::new();
        evidence.add_records(
            [
                txt("acme.example", "apex"),
                txt("a.ent.acme.example", "deep"),
                txt("*.wild.acme.example", "wild"),
                record("alias.acme.example", RecordData::Cname(name("acme.example"))),
                record("out.acme.example", RecordData::Cname(name("host.other.example"))),
                record("loop.acme.example", RecordData::Cname(name("loop.acme.example"))),
                record("child.acme.example", RecordData::Ns(name("ns.other.example"))),
            ],
            &Provenance::default(),
        );
        evidence.add_authority(name("acme.example"));
        evidence
    }

    #[test]
    fn authoritative_data_answers_as_a_server_would() {
        let evidence = zone();
        let ask = |text: &str| evidence.look_up(&name(text), RecordType::TXT);
        assert_eq!(ask("acme.example").records().len(), 1);
        assert!(matches!(ask("ent.acme.example"), Lookup::NoData { .. }), "an empty non-terminal exists");
        assert!(matches!(ask("nope.acme.example"), Lookup::NxDomain { .. }));
        assert_eq!(ask("x.y.wild.acme.example").records().len(), 1);
        assert!(matches!(ask("x.y.wild.acme.example"), Lookup::Found(Found { wildcard: Some(_), .. })));
        assert_eq!(ask("alias.acme.example").chain(), [name("acme.example")]);
        assert!(matches!(ask("loop.acme.example"), Lookup::NoData { .. }));
    }

    #[test]
    fn what_is_not_supplied_is_unknown() {
        let evidence = zone();
        let ask = |text: &str| evidence.look_up(&name(text), RecordType::TXT);
        assert!(matches!(ask("other.example"), Lookup::NotSupplied { .. }));
        assert_eq!(
            ask("out.acme.example"),
            Lookup::NotSupplied { name: name("host.other.example"), record_type: RecordType::TXT }
        );
        assert!(matches!(ask("child.acme.example"), Lookup::NotSupplied { .. }), "delegated");
        assert!(matches!(ask("x.child.acme.example"), Lookup::NotSupplied { .. }), "below a delegation");
        let ds = evidence.look_up(&name("child.acme.example"), RecordType::DS);
        assert!(matches!(ds, Lookup::NoData { .. }), "DS is the parent's");
    }

    #[test]
    fn the_root_means_everywhere() {
        let mut evidence = zone();
        evidence.add_authority(DomainName::root());
        let ask = |text: &str| evidence.look_up(&name(text), RecordType::TXT);
        for text in ["other.example", "out.acme.example", "child.acme.example", "x.child.acme.example"] {
            assert!(matches!(ask(text), Lookup::NxDomain { .. } | Lookup::NoData { .. }), "{text}");
        }
    }

    #[test]
    fn nxdomain_is_about_the_name_and_not_the_type() {
        let mut evidence = Evidence::new();
        evidence.add_dns(DnsEntry {
            name: name("gone.example"),
            record_type: RecordType::TXT,
            outcome: DnsOutcome::Answer {
                rcode: Rcode::NXDOMAIN,
                answers: Vec::new(),
                authority: Vec::new(),
                authentic: false,
            },
            wire: None,
            provenance: Provenance::default(),
        });
        assert!(matches!(evidence.look_up(&name("gone.example"), RecordType::MX), Lookup::NxDomain { .. }));
        assert!(matches!(evidence.look_up(&name("x.gone.example"), RecordType::MX), Lookup::NotSupplied { .. }));
    }

    #[test]
    fn compact_denial_is_nxdomain() {
        let mut evidence = Evidence::new();
        evidence.add_dns(DnsEntry {
            name: name("gone.example"),
            record_type: RecordType::TXT,
            outcome: DnsOutcome::Answer {
                rcode: Rcode::NOERROR,
                answers: Vec::new(),
                authority: vec![Record {
                    owner: name("gone.example"),
                    record_type: RecordType::NSEC,
                    ttl: 300,
                    data: RecordData::Nsec {
                        next: name(r"\000.gone.example"),
                        types: vec![RecordType::RRSIG, RecordType::NSEC, RecordType::NXNAME],
                    },
                }],
                authentic: false,
            },
            wire: None,
            provenance: Provenance::default(),
        });
        assert!(matches!(evidence.look_up(&name("gone.example"), RecordType::TXT), Lookup::NxDomain { .. }));
    }
}
