//! Each mail host between MTA-STS and DANE: whether the policy names it, whether its TLSA records count, and what senders
//! of each kind then do. RFC 8461 §2 keeps the two apart: the policy never overrides DANE that fails.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::name::DomainName;
use crate::records::mta_sts_policy::{Mode, MtaStsPolicy};
use crate::reports::Share;

use super::dane::{HostRecords, Trust};
use super::{Facts, mta_sts, mx};

/// Whether the policy names a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cover {
    /// An mx line covers it.
    Covered,
    /// The policy is known, and no line covers it.
    NotCovered,
    /// Senders find no policy, or one in mode none.
    NoPolicy,
    /// What the policy says is not known.
    Unknown,
}

/// What a sender that verifies DANE makes of a host's TLSA records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tlsa {
    /// At least one can be used, and everything is signed.
    Secure,
    /// They are there, and something on the way is not signed.
    Insecure,
    /// They are there and signed, and none can be used.
    Unusable,
    /// There are none.
    None,
    /// Signatures are broken.
    Bogus,
    /// Not known.
    Unknown,
}

/// What a sender does with mail for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// Over TLS with a certificate that fits a TLSA record, or not at all (RFC 7672 §2.2).
    Tlsa,
    /// Over TLS with a certificate of a public authority for the host's name, or not at all (RFC 8461 §4.2, §5).
    WebPki,
    /// Over TLS, the certificate not looked at (RFC 7672 §2.2).
    Encrypted,
    /// In any case; failures are reported (RFC 8461 §5, testing).
    Tested,
    /// Over TLS where the server offers it, the certificate not looked at.
    Opportunistic,
    /// Not to this host (RFC 8461 §5, enforce).
    Refused,
    /// The mail waits in the queue (RFC 7672 §2.1).
    Held,
    /// Not known.
    Unknown,
}

impl Delivery {
    /// In words, to stand behind the kind of sender.
    fn words(self) -> &'static str {
        match self {
            Self::Tlsa => "only over TLS with a certificate that fits the TLSA records",
            Self::WebPki => "only over TLS with a publicly trusted certificate for this name",
            Self::Encrypted => "only over TLS, with any certificate",
            Self::Tested => "delivered in any case, failures are reported",
            Self::Opportunistic => "TLS where the server offers it, with any certificate",
            Self::Refused => "no delivery to this host",
            Self::Held => "the mail waits",
            Self::Unknown => "not known",
        }
    }
}

/// What the policy means for a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InPolicy {
    /// Whether it names the host.
    pub state: Cover,
    /// The mx line that covers it.
    pub line: Option<String>,
    /// The mode of the policy, where there is a valid one.
    pub mode: Option<Cow<'static, str>>,
    /// How much is known of the policy: `read`, `relayed`, `supplied`, `reachable` or `unknown`.
    pub grade: Cow<'static, str>,
}

/// What DANE means for a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InDane {
    /// What a sender makes of the records.
    pub state: Tlsa,
    /// How many there are.
    pub records: u32,
    /// Why they do not count, or why that is not known.
    pub why: Option<String>,
}

/// What senders do, by what they know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliveries {
    /// Those that know DANE and MTA-STS; two where such senders differ.
    pub both: Vec<Delivery>,
    /// Those that know DANE only.
    pub dane: Delivery,
    /// Those that know MTA-STS only.
    pub mta_sts: Delivery,
    /// Those that know neither.
    pub neither: Delivery,
}

/// What TLS-RPT reports say of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Sessions that failed; 0 where nothing is reported.
    pub failed_sessions: u64,
    /// By kind of failure, most first.
    pub kinds: Vec<Share>,
}

/// Senders that do the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Senders {
    /// What they know.
    pub who: String,
    /// What they do, to stand behind it.
    pub what: String,
}

/// What is known of a host, in a few words each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What the policy means for it.
    pub policy: String,
    /// What DANE means for it.
    pub tlsa: String,
    /// What senders do.
    pub senders: Vec<Senders>,
}

/// One mail host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailHost {
    /// Its preference; lower is tried first.
    pub preference: u16,
    /// Its name.
    pub host: DomainName,
    /// What the policy means for it.
    pub policy: InPolicy,
    /// What DANE means for it.
    pub tlsa: InDane,
    /// What senders do.
    pub delivery: Deliveries,
    /// All of this for people.
    pub words: Words,
    /// What reports say; absent where none were given.
    pub reports: Option<Said>,
}

/// Every mail host, best first; none where the domain receives nothing or its hosts are not known.
pub fn mail_hosts(facts: &Facts) -> Vec<MailHost> {
    if facts.mx.receives_nothing() {
        return Vec::new();
    }
    let hosts = facts.mx.hosts().unwrap_or_default();
    let dane: Vec<InDane> = hosts.iter().map(|host| in_dane(facts, host)).collect();
    let has_dane = dane.iter().any(|dane| dane.state == Tlsa::Secure);
    let row = |(host, tlsa): (&mx::Host, InDane)| {
        let policy = in_policy(&facts.mta_sts, host);
        let delivery = deliveries(&policy, tlsa.state, has_dane);
        let words = Words { policy: policy.in_words(), tlsa: tlsa.in_words(), senders: delivery.in_words() };
        let (preference, host) = (host.preference, host.name.clone());
        MailHost { preference, host, policy, tlsa, delivery, words, reports: None }
    };
    hosts.iter().zip(dane).map(row).collect()
}

/// The policy that senders find, or whether there surely is none.
fn policy(own: &mta_sts::Facts) -> Result<&MtaStsPolicy, Cover> {
    match (own.has_record(), own.has_policy(), own.valid_policy()) {
        (Some(false), _, _) | (Some(true), Some(false), _) => Err(Cover::NoPolicy),
        (Some(true), Some(true), Some(policy)) => Ok(policy),
        _ => Err(Cover::Unknown),
    }
}

fn in_policy(own: &mta_sts::Facts, host: &mx::Host) -> InPolicy {
    let grade = own.grade().word().into();
    let policy = match policy(own) {
        Ok(policy) => policy,
        Err(state) => return InPolicy { state, line: None, mode: None, grade },
    };
    let line = policy.patterns.iter().find(|pattern| pattern.matches(&host.name)).map(|pattern| pattern.text());
    let state = match (policy.mode, &line) {
        (Some(Mode::None) | None, _) => Cover::NoPolicy,
        (_, Some(_)) => Cover::Covered,
        (_, None) => Cover::NotCovered,
    };
    InPolicy { state, line, mode: policy.mode.map(|mode| mode.word().into()), grade }
}

fn in_dane(facts: &Facts, host: &mx::Host) -> InDane {
    let Some(own) = facts.dane.hosts().iter().find(|own| own.host == host.name) else {
        // Where an address stands for a name there is no place for a record.
        return InDane { state: Tlsa::None, records: 0, why: None };
    };
    let is_unsigned = facts.dnssec.has_ds() == Some(false);
    let state = state_of(own, is_unsigned);
    let why = match (&own.records, state) {
        (_, Tlsa::Insecure) if is_unsigned && matches!(own.trust, Trust::Unknown(_)) => {
            let zone = facts.dnssec.zone.as_ref().unwrap_or(&facts.domain);
            Some(tr!("{zone} has no DS record at its parent", zone))
        }
        (Err(gap), _) => Some(tr!("{}: {}", gap.question(), gap.why())),
        (_, Tlsa::Insecure | Tlsa::Bogus | Tlsa::Unknown) => own.trust.reason().map(ToString::to_string),
        _ => None,
    };
    InDane { state, records: u32::try_from(own.known().len()).unwrap_or(u32::MAX), why }
}

/// `is_unsigned`: without a DS record the MX records are not signed, whatever else could be proved.
fn state_of(own: &HostRecords, is_unsigned: bool) -> Tlsa {
    match (&own.trust, &own.records) {
        // A sender must not deliver without a verified answer, whatever it says.
        (Trust::Bogus(_), _) => Tlsa::Bogus,
        (_, Err(_)) => Tlsa::Unknown,
        (_, Ok(records)) if records.is_empty() => Tlsa::None,
        (Trust::Secure, _) if own.is_usable() => Tlsa::Secure,
        (Trust::Secure, _) => Tlsa::Unusable,
        (Trust::Unknown(_), _) if !is_unsigned => Tlsa::Unknown,
        (Trust::Unknown(_) | Trust::MxInsecure(_) | Trust::HostInsecure(_) | Trust::TlsaInsecure(_), _) => {
            Tlsa::Insecure
        }
    }
}

/// What senders do with a host. `has_dane`: whether DANE counts at this host or another of the domain.
fn deliveries(policy: &InPolicy, tlsa: Tlsa, has_dane: bool) -> Deliveries {
    let is_enforced = policy.mode.as_deref() == Some(Mode::Enforce.word());
    let mta_sts = match policy.state {
        Cover::Covered if is_enforced => Delivery::WebPki,
        Cover::NotCovered if is_enforced => Delivery::Refused,
        Cover::Covered | Cover::NotCovered => Delivery::Tested,
        Cover::NoPolicy => Delivery::Opportunistic,
        Cover::Unknown => Delivery::Unknown,
    };
    let dane = match tlsa {
        Tlsa::Secure => Delivery::Tlsa,
        Tlsa::Unusable => Delivery::Encrypted,
        Tlsa::None | Tlsa::Insecure => Delivery::Opportunistic,
        Tlsa::Bogus => Delivery::Held,
        Tlsa::Unknown => Delivery::Unknown,
    };
    let both = match (dane, mta_sts) {
        // Some choose the hosts by the policy first, and then ask DANE; others ask DANE alone.
        (Delivery::Tlsa, Delivery::Refused) => vec![Delivery::Tlsa, Delivery::Refused],
        (Delivery::Encrypted, Delivery::WebPki | Delivery::Refused) => vec![Delivery::Encrypted, mta_sts],
        (Delivery::Tlsa | Delivery::Held | Delivery::Unknown | Delivery::Encrypted, _) => vec![dane],
        // Some choose one of the two for the whole domain, and then DANE; others choose for each host.
        (_, Delivery::WebPki | Delivery::Refused) if has_dane => vec![mta_sts, Delivery::Opportunistic],
        _ => vec![mta_sts],
    };
    Deliveries { both, dane, mta_sts, neither: Delivery::Opportunistic }
}

impl Deliveries {
    /// In sentences: the kinds of senders that do the same together, and what they do.
    fn in_words(&self) -> Vec<Senders> {
        let [first, ..] = self.both.as_slice() else { return Vec::new() };
        let both = match self.both.get(1) {
            Some(other) => tr!("{}; or {} (such senders differ)", first.words(), other.words()),
            None => first.words().to_owned(),
        };
        let single = |delivery: Delivery| delivery.words().to_owned();
        let all = [
            ("DANE and MTA-STS", both),
            ("DANE only", single(self.dane)),
            ("MTA-STS only", single(self.mta_sts)),
            ("neither", single(self.neither)),
        ];
        let mut grouped: Vec<Senders> = Vec::new();
        for (who, what) in all {
            match grouped.iter_mut().find(|other| other.what == what) {
                Some(other) => other.who = tr!("{}, {who}", other.who, who),
                None => grouped.push(Senders { who: who.to_owned(), what }),
            }
        }
        grouped
    }
}

impl InPolicy {
    /// In a few words.
    fn in_words(&self) -> String {
        let mode = self.mode.as_deref().unwrap_or("none");
        let by = match &*self.grade {
            "read" => "",
            "relayed" => ", as your relay gave it",
            "supplied" => ", as supplied",
            _ => "",
        };
        match (self.state, &self.line) {
            (Cover::Covered, Some(line)) => tr!("yes: mx: {line} ({mode}{by})", line, mode, by),
            (Cover::Covered, None) => tr!("yes ({mode}{by})", mode, by),
            (Cover::NotCovered, _) => tr!("no line covers it ({mode}{by})", mode, by),
            (Cover::NoPolicy, _) if self.mode.is_some() => tr!("mode none{by}", by),
            (Cover::NoPolicy, _) => "no policy".into(),
            (Cover::Unknown, _) => tr!("not known (evidence: {})", self.grade),
        }
    }
}

impl InDane {
    /// In a few words.
    fn in_words(&self) -> String {
        let records = match self.records {
            1 => "1 record".into(),
            count => tr!("{count} records", count),
        };
        match self.state {
            Tlsa::Secure => tr!("yes: {records}, usable and signed", records),
            Tlsa::Insecure => tr!("{records} without effect: not signed", records),
            Tlsa::Unusable => tr!("{records}, and no sender can use one", records),
            Tlsa::None => "none".into(),
            Tlsa::Bogus => "broken signatures".into(),
            Tlsa::Unknown if self.records > 0 => tr!("{records}, not proved to be signed", records),
            Tlsa::Unknown => "not known".into(),
        }
    }
}

impl Said {
    /// In a few words.
    pub fn words(&self) -> String {
        if self.failed_sessions == 0 {
            return "no failure reported".into();
        }
        let kinds: Vec<String> = self.kinds.iter().map(|kind| tr!("{} {}", kind.sessions, kind.name)).collect();
        tr!("failed sessions: {}", kinds.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(state: Cover, mode: Option<&'static str>) -> InPolicy {
        InPolicy { state, line: None, mode: mode.map(Into::into), grade: "read".into() }
    }

    #[test]
    fn the_policy_never_overrides_dane_that_fails() {
        for cover in [Cover::Covered, Cover::NotCovered, Cover::NoPolicy, Cover::Unknown] {
            let held = deliveries(&policy(cover, Some("enforce")), Tlsa::Bogus, false);
            assert_eq!((held.both, held.dane), (vec![Delivery::Held], Delivery::Held), "{cover:?}");
        }
    }

    #[test]
    fn senders_differ_only_where_both_apply() {
        let enforced = |cover, tlsa, has_dane| deliveries(&policy(cover, Some("enforce")), tlsa, has_dane).both;
        assert_eq!(enforced(Cover::Covered, Tlsa::Secure, true), [Delivery::Tlsa]);
        assert_eq!(enforced(Cover::NotCovered, Tlsa::Secure, true), [Delivery::Tlsa, Delivery::Refused]);
        assert_eq!(enforced(Cover::Covered, Tlsa::None, false), [Delivery::WebPki]);
        assert_eq!(enforced(Cover::Covered, Tlsa::None, true), [Delivery::WebPki, Delivery::Opportunistic]);
        assert_eq!(enforced(Cover::Covered, Tlsa::Unusable, false), [Delivery::Encrypted, Delivery::WebPki]);
        let tested = deliveries(&policy(Cover::NotCovered, Some("testing")), Tlsa::None, true);
        assert_eq!((tested.both, tested.mta_sts), (vec![Delivery::Tested], Delivery::Tested));
        let unknown = deliveries(&policy(Cover::Unknown, None), Tlsa::None, false);
        assert_eq!((unknown.both, unknown.neither), (vec![Delivery::Unknown], Delivery::Opportunistic));
    }

    #[test]
    fn senders_that_do_the_same_stand_together() {
        let rows = deliveries(&policy(Cover::NoPolicy, None), Tlsa::None, false).in_words();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].who, "DANE and MTA-STS, DANE only, MTA-STS only, neither");
        let rows = deliveries(&policy(Cover::Covered, Some("enforce")), Tlsa::Secure, true).in_words();
        let who: Vec<&str> = rows.iter().map(|row| row.who.as_str()).collect();
        assert_eq!(who, ["DANE and MTA-STS, DANE only", "MTA-STS only", "neither"]);
    }
}
