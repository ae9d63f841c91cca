//! What failures have to do with the domain as it is now: a host that the policy does not cover, a TLSA record that is
//! not there, a policy that has changed since.

use serde::{Deserialize, Serialize};

use super::kinds::{Family, ResultKind};
use super::summary::{HostFailure, PolicyRow, Summary};
use crate::name::DomainName;
use crate::order;

/// What is known of a domain now. What is not known is `None`, and nothing is said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The domain.
    pub domain: Option<DomainName>,
    /// Its MX hosts.
    pub mx_hosts: Option<Vec<DomainName>>,
    /// The `mx` patterns of its MTA-STS policy, `*.mail.example.com` or `mx.example.com`.
    pub patterns: Option<Vec<String>>,
    /// Whether the policy is enforced.
    pub enforced: bool,
    /// Those of its MX hosts that have TLSA records.
    pub tlsa_hosts: Option<Vec<DomainName>>,
}

/// How failures hang together with what is known now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieKind {
    /// The host is an MX host, and no line of the policy covers it.
    HostNotInPolicy,
    /// The host is no MX host of the domain now.
    HostNotAnMx,
    /// The policy covers the host, so the certificate is at fault.
    CertificateOfHost,
    /// DANE failed at a host that has no TLSA record now.
    NoTlsaNow,
    /// DANE failed at a host that has TLSA records: they and the certificate do not fit.
    TlsaOfHost,
    /// The senders saw a policy with other hosts than the one that is published now.
    PolicyChanged,
    /// The policy is enforced: these sessions were mail that was not delivered.
    NotDelivered,
}

/// A sentence that ties failures to the domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// How.
    pub kind: TieKind,
    /// The host; empty where it is about all of them.
    pub host: String,
    /// The kind of failure; empty where it is about all of them.
    pub result_type: String,
    /// How many sessions.
    pub sessions: u64,
    /// In words: “mx2.example.com is not in the policy …”
    pub title: String,
}

/// Ties the failures of a domain to what is known of it, most sessions first within each kind of tie.
pub fn tie(summary: &Summary, facts: &Facts) -> Vec<Tie> {
    let is_own = |domain: &str| match &facts.domain {
        Some(own) => domain.eq_ignore_ascii_case(own.as_str()) || domain.is_empty(),
        None => true,
    };
    let rows: Vec<&HostFailure> = summary.host_failures.iter().filter(|row| is_own(&row.domain)).collect();
    let mut ties: Vec<Tie> = Vec::new();
    for tie in rows.iter().filter_map(|row| facts.tie_of(row)) {
        // The same host and kind of failure may be met under several policies.
        let is_same =
            |other: &Tie| (other.kind, &other.host, &other.result_type) == (tie.kind, &tie.host, &tie.result_type);
        match ties.iter().position(is_same).and_then(|at| ties.get_mut(at)) {
            Some(other) => other.sessions = other.sessions.saturating_add(tie.sessions),
            None => ties.push(tie),
        }
        if ties.len() == MAX_TIES {
            break;
        }
    }
    ties.extend(facts.policy_changed(summary.policies.iter().filter(|row| is_own(&row.domain))));
    ties.extend(facts.not_delivered(&rows));
    ties
}

/// Most ties that are told; a domain has some dozen hosts.
const MAX_TIES: usize = 200;

impl Facts {
    /// What one row has to do with the domain.
    fn tie_of(&self, row: &HostFailure) -> Option<Tie> {
        let family = ResultKind::of(&row.result_type).family;
        let host = DomainName::parse(&row.host).ok()?;
        let tie = |kind, title| Tie {
            kind,
            host: row.host.clone(),
            result_type: row.result_type.clone(),
            sessions: row.sessions,
            title,
        };
        let name = &row.host;
        if self.mx_hosts.as_ref().is_some_and(|hosts| !hosts.contains(&host)) {
            let title = tr!(
                "{name} is no MX host of this domain now; senders met it as one, so the MX records were others then, or \
                 somebody answered for them",
                name
            );
            return Some(tie(TieKind::HostNotAnMx, title));
        }
        if family == Family::Dane {
            let has_tlsa = self.tlsa_hosts.as_ref()?.contains(&host);
            let (kind, title) = if has_tlsa {
                (
                    TieKind::TlsaOfHost,
                    tr!(
                        "{name} has TLSA records, and senders could not use them: compare them with its certificate, and its signatures",
                        name
                    ),
                )
            } else {
                (TieKind::NoTlsaNow, tr!("{name} has no TLSA record now; senders looked for one", name))
            };
            return Some(tie(kind, title));
        }
        let patterns = self.patterns.as_ref().filter(|_| row.policy_type == "sts")?;
        let is_covered = patterns.iter().any(|pattern| covers(pattern, &host));
        if !is_covered && matches!(family, Family::Certificate | Family::Negotiation | Family::Unknown) {
            return Some(tie(
                TieKind::HostNotInPolicy,
                tr!("{name} is not in the policy: add the line `mx: {name}`", name),
            ));
        }
        let title = tr!("{name} is in the policy, so its certificate is at fault: look at the one that it shows", name);
        (is_covered && family == Family::Certificate).then(|| tie(TieKind::CertificateOfHost, title))
    }

    /// Whether senders met a policy with other patterns than those of now.
    fn policy_changed<'s>(&self, rows: impl Iterator<Item = &'s PolicyRow>) -> Option<Tie> {
        let mut now: Vec<String> = self.patterns.as_ref()?.iter().map(|pattern| pattern.to_ascii_lowercase()).collect();
        order::by_text(&mut now, |pattern| pattern);
        now.dedup();
        let mut sessions = 0_u64;
        for row in rows.filter(|row| row.policy_type == "sts") {
            let mut then: Vec<String> = row.strings.iter().filter_map(|line| pattern_of(line)).collect();
            order::by_text(&mut then, |pattern| pattern);
            then.dedup();
            if !then.is_empty() && then != now {
                sessions = sessions.saturating_add(row.sessions.total());
            }
        }
        let title = tr!(
            "{n} session was under a policy with other MX hosts than the present one: failures of then may be mended"
                | "{n} sessions were under a policy with other MX hosts than the present one: failures of then may be mended"
                    % sessions
        );
        (sessions > 0).then(|| Tie {
            kind: TieKind::PolicyChanged,
            host: String::new(),
            result_type: String::new(),
            sessions,
            title,
        })
    }

    /// What failures under MTA-STS mean for the mail, by the mode of now.
    fn not_delivered(&self, rows: &[&HostFailure]) -> Option<Tie> {
        let of_hosts = |row: &&&HostFailure| {
            row.policy_type == "sts" && ResultKind::of(&row.result_type).family != Family::PolicyFetch
        };
        let sessions = rows.iter().filter(of_hosts).fold(0_u64, |sum, row| sum.saturating_add(row.sessions));
        let title = tr!("the policy is enforced: mail of this {n} session waited, took another host or was returned"
            | "the policy is enforced: mail of these {n} sessions waited, took another host or was returned"
                % sessions);
        (sessions > 0 && self.enforced).then(|| Tie {
            kind: TieKind::NotDelivered,
            host: String::new(),
            result_type: String::new(),
            sessions,
            title,
        })
    }
}

/// Whether a pattern covers a host: the same name, or the star for exactly one label (RFC 8461 §4.1).
fn covers(pattern: &str, host: &DomainName) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => DomainName::parse(rest).is_ok_and(|name| !name.is_root() && host.parent() == Some(name)),
        None => DomainName::parse(pattern).is_ok_and(|name| name == *host),
    }
}

/// The pattern in a line `mx: pattern` of a policy.
fn pattern_of(line: &str) -> Option<String> {
    let (key, value) = line.split_once(':')?;
    key.trim().eq_ignore_ascii_case("mx").then(|| value.trim().to_ascii_lowercase())
}
