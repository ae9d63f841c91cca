//! What BIMI asks of DMARC before a receiver looks for a logo, BIMI §7.1 items 7–9.

use crate::checks::dmarc::{self, Discovery};
use crate::name::DomainName;
use crate::records::dmarc::{DmarcRecord, Policy, Request};

/// Whether the DMARC policies are strict enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// They are.
    Met,
    /// They are not; every reason.
    NotMet(Vec<Reason>),
    /// By the letter they are, and part of the mail is let through all the same.
    Doubtful(Vec<Reason>),
    /// Not known.
    Unknown { why: String },
}

/// One reason why DMARC is not strict enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The domain whose record it is.
    pub domain: DomainName,
    /// What stands there: `sp=none`.
    pub says: String,
    /// What it means, as half a sentence.
    pub means: &'static str,
}

/// Judges the records of the domain and of its organizational domain, or the one of the public suffix above them.
pub(super) fn judge(dmarc: &dmarc::Facts, domain: &DomainName) -> Enforcement {
    let above = match dmarc.discovery() {
        Discovery::Unknown(gap) => return Enforcement::Unknown { why: tr!("{}: {}", gap.question(), gap.why()) },
        Discovery::None => {
            return Enforcement::NotMet(vec![Reason {
                domain: domain.clone(),
                says: "no DMARC record".into(),
                means: "there is no policy at all",
            }]);
        }
        Discovery::Own(node) | Discovery::Inherited { node, .. } => node.domain.clone(),
    };
    let organizational = dmarc.organizational_domain();
    let mut names = vec![above];
    names.extend(organizational.clone());
    names.dedup();
    let mut broken = Vec::new();
    let mut doubtful = Vec::new();
    for name in names {
        if let Some(record) = dmarc.record_at(&name) {
            judge_record(&name, record, &mut broken, &mut doubtful);
        }
    }
    match (broken.is_empty(), doubtful.is_empty()) {
        (false, _) => {
            broken.append(&mut doubtful);
            Enforcement::NotMet(broken)
        }
        _ if organizational.is_none() => {
            Enforcement::Unknown { why: "the DMARC record of the organizational domain is not known".into() }
        }
        (true, false) => Enforcement::Doubtful(doubtful),
        (true, true) => Enforcement::Met,
    }
}

fn judge_record(name: &DomainName, record: &DmarcRecord, broken: &mut Vec<Reason>, doubtful: &mut Vec<Reason>) {
    let reason = |says: String, means| Reason { domain: name.clone(), says, means };
    let policy = match record.request() {
        Request::Policies { domain, .. } => domain,
        Request::MonitorOnly | Request::Nothing => {
            broken.push(reason("no usable p=".into(), "receivers apply no policy"));
            return;
        }
    };
    if policy == Policy::None {
        broken.push(reason("p=none".into(), "forged mail is delivered"));
    }
    if record.subdomain_policy == Some(Policy::None) {
        broken.push(reason("sp=none".into(), "forged mail from sub-domains is delivered"));
    }
    if let Some(percent @ ..100) = record.percent
        && policy == Policy::Quarantine
    {
        broken.push(reason(
            tr!("p=quarantine with pct={percent}", percent),
            "the policy holds for a part of the mail only",
        ));
    }
    // The draft cites RFC 7489, which knew neither tag: doubts, not faults.
    if record.testing {
        doubtful.push(reason("t=y".into(), "receivers are asked not to enforce the policy"));
    }
    if record.nonexistent_policy == Some(Policy::None) && record.subdomain_policy != Some(Policy::None) {
        doubtful.push(reason("np=none".into(), "forged mail from sub-domains that do not exist is delivered"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dmarc::{Reading, read};

    /// What a record comes to, and the reasons.
    fn judged(text: &str) -> (Vec<String>, Vec<String>) {
        let Reading::Record(parsed) = read(text) else { unreachable!("{text}") };
        let (mut broken, mut doubtful) = (Vec::new(), Vec::new());
        judge_record(&DomainName::root(), &parsed.record, &mut broken, &mut doubtful);
        let says = |reasons: Vec<Reason>| reasons.into_iter().map(|reason| reason.says).collect();
        (says(broken), says(doubtful))
    }

    #[test]
    fn the_rows_of_section_9_13() {
        let none: Vec<String> = Vec::new();
        let one = |text: &str| vec![text.to_owned()];
        assert_eq!(judged("v=DMARC1; p=reject"), (none.clone(), none.clone()), "row 1");
        assert_eq!(judged("v=DMARC1; p=reject; sp=none"), (one("sp=none"), none.clone()), "row 7");
        assert_eq!(judged("v=DMARC1; p=quarantine; pct=50"), (one("p=quarantine with pct=50"), none.clone()), "row 8");
        assert_eq!(judged("v=DMARC1; p=quarantine; t=y"), (none.clone(), one("t=y")), "row 9");
        assert_eq!(judged("v=DMARC1; p=quarantine; pct=100"), (none.clone(), none.clone()));
        assert_eq!(
            judged("v=DMARC1; p=reject; pct=50"),
            (none.clone(), none.clone()),
            "§7.1 item 9 is about quarantine"
        );
        assert_eq!(judged("v=DMARC1; p=none"), (one("p=none"), none.clone()));
        assert_eq!(judged("v=DMARC1; p=reject; np=none"), (none.clone(), one("np=none")));
    }
}
