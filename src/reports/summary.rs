//! What reports come to, in tables that the page and the command line show.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Unreadable;
use super::deviation::DeviationKind;
use super::fold::mx_hosts;
use super::kinds::{Family, ResultKind};
use crate::order;
use crate::time::UnixTime;

/// Sessions as summaries of reports count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// `total-successful-session-count`.
    pub successful: u64,
    /// `total-failure-session-count`.
    pub failed: u64,
}

impl Sessions {
    /// Both together.
    pub fn total(self) -> u64 {
        self.successful.saturating_add(self.failed)
    }

    /// How many of a hundred sessions succeeded; nothing where there were none.
    pub fn success_rate(self) -> Option<f64> {
        let total = self.total();
        // Counts lose no digit that shows: a double holds 15.
        (total > 0).then(|| self.successful as f64 * 100.0 / total as f64)
    }
}

/// What all reports come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How many reports are counted.
    pub reports: u64,
    /// How many more were duplicates of these, and are not counted.
    pub duplicates: u64,
    /// All sessions.
    pub sessions: Sessions,
    /// Sessions of all failure details together; one session may stand in several.
    pub detailed: u64,
    /// Whether a sum went past what can be counted and stopped there.
    pub saturated: bool,
    /// Start of the first period.
    pub from: Option<UnixTime>,
    /// End of the last period.
    pub until: Option<UnixTime>,
    /// By day, from the first to the last that has a report.
    pub days: Vec<Day>,
    /// By kind of failure, most sessions first.
    pub failures: Vec<Failure>,
    /// By MX host, most failures first. Reports tell no successes by host.
    pub mx_hosts: Vec<MxHost>,
    /// By sending organisation, most sessions first.
    pub organizations: Vec<Organization>,
    /// By policy, most sessions first.
    pub policies: Vec<PolicyRow>,
    /// By domain, host and kind of failure, most sessions first.
    pub host_failures: Vec<HostFailure>,
    /// Failures with everything that the reports say of them, most sessions first.
    pub details: Vec<Detail>,
    /// Rows that some table would have beyond [`MAX_ROWS`](super::MAX_ROWS); the totals hold them all the same.
    pub left_out: u64,
    /// Where reporters deviate from the RFC, most reports first.
    pub deviations: Vec<Deviation>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// How many more could not be read.
    pub more_unreadable: u64,
}

impl Summary {
    /// The domains that the reports are about, most sessions first.
    pub fn domains(&self) -> Vec<&str> {
        let mut domains: Vec<&str> = Vec::new();
        let mut seen = HashSet::new();
        for row in &self.policies {
            if seen.insert(row.domain.as_str()) {
                domains.push(&row.domain);
            }
        }
        domains
    }

    /// What of it is about one domain: sessions, failures and policies. What is not told by domain (days, organisations,
    /// deviations, what could not be read) is left out.
    pub fn of_domain(&self, domain: &str) -> Self {
        let mut own = Self { saturated: self.saturated, left_out: self.left_out, ..Self::default() };
        own.policies = self.policies.iter().filter(|row| row.domain == domain).cloned().collect();
        own.host_failures = self.host_failures.iter().filter(|row| row.domain == domain).cloned().collect();
        own.details = self.details.iter().filter(|row| row.domain == domain).cloned().collect();
        for row in &own.policies {
            own.sessions.successful = own.sessions.successful.saturating_add(row.sessions.successful);
            own.sessions.failed = own.sessions.failed.saturating_add(row.sessions.failed);
            own.from = earlier(own.from, row.from);
            own.until = own.until.max(row.until);
        }
        for row in &own.host_failures {
            own.detailed = own.detailed.saturating_add(row.sessions);
            match own.failures.iter_mut().find(|failure| failure.result_type == row.result_type) {
                Some(failure) => {
                    failure.sessions = failure.sessions.saturating_add(row.sessions);
                    failure.from = earlier(failure.from, row.from);
                    failure.until = failure.until.max(row.until);
                }
                None => own.failures.push(Failure {
                    result_type: row.result_type.clone(),
                    family: ResultKind::of(&row.result_type).family,
                    sessions: row.sessions,
                    reports: 0,
                    from: row.from,
                    until: row.until,
                }),
            }
        }
        order::by_key(&mut own.failures, |failure| u128::from(u64::MAX - failure.sessions));
        own.mx_hosts = mx_hosts(&own.host_failures);
        own
    }
}

fn earlier(one: Option<UnixTime>, other: Option<UnixTime>) -> Option<UnixTime> {
    one.into_iter().chain(other).min()
}

/// Sessions on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day in UTC, `2026-11-23`.
    pub date: String,
    /// Reports about it.
    pub reports: u64,
    /// Sessions.
    pub sessions: Sessions,
}

/// A part of a sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Whose.
    pub name: String,
    /// How many sessions.
    pub sessions: u64,
}

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// `result-type`; “unknown” where there is none.
    pub result_type: String,
    /// What it is about.
    pub family: Family,
    /// Failed sessions.
    pub sessions: u64,
    /// Reports that name it; 0 where they are not told apart.
    pub reports: u64,
    /// Start of the first period with it.
    pub from: Option<UnixTime>,
    /// End of the last one.
    pub until: Option<UnixTime>,
}

/// Failures at one MX host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MxHost {
    /// Its name; empty for failures without a host, as of the policy.
    pub host: String,
    /// Failed sessions.
    pub sessions: u64,
    /// By kind, most first.
    pub result_types: Vec<Share>,
}

/// What one organisation reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its name; empty where no report names it.
    pub name: String,
    /// Where it can be asked.
    pub contact: String,
    /// Its reports.
    pub reports: u64,
    /// Its sessions.
    pub sessions: Sessions,
}

/// What was reported under one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRow {
    /// `sts`, `tlsa`, `no-policy-found`, or what else was written; empty where nothing was.
    pub policy_type: String,
    /// The domain.
    pub domain: String,
    /// The policy as the senders saw it, line by line.
    pub strings: Vec<String>,
    /// Its patterns of MX hosts, where they are told apart.
    pub mx_hosts: Vec<String>,
    /// Reports with it.
    pub reports: u64,
    /// Sessions.
    pub sessions: Sessions,
    /// Start of the first period with it.
    pub from: Option<UnixTime>,
    /// End of the last one.
    pub until: Option<UnixTime>,
}

/// Failures of one kind at one host of one domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostFailure {
    /// `policy-domain`.
    pub domain: String,
    /// `policy-type`.
    pub policy_type: String,
    /// `receiving-mx-hostname`.
    pub host: String,
    /// `result-type`.
    pub result_type: String,
    /// Failed sessions.
    pub sessions: u64,
    /// Start of the first period with it.
    pub from: Option<UnixTime>,
    /// End of the last one.
    pub until: Option<UnixTime>,
}

/// Failures that are alike in everything that is reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Who reported them.
    pub organization: String,
    /// `policy-domain`.
    pub domain: String,
    /// `policy-type`.
    pub policy_type: String,
    /// `result-type`.
    pub result_type: String,
    /// `receiving-mx-hostname`.
    pub host: String,
    /// `sending-mta-ip`.
    pub sending_ip: String,
    /// `receiving-ip`.
    pub receiving_ip: String,
    /// `receiving-mx-helo`.
    pub helo: String,
    /// `failure-reason-code`.
    pub reason: String,
    /// `additional-information`.
    pub information: String,
    /// Failed sessions.
    pub sessions: u64,
    /// Reports with them.
    pub reports: u64,
    /// Start of the first period with them.
    pub from: Option<UnixTime>,
    /// End of the last one.
    pub until: Option<UnixTime>,
}

/// How often one organisation deviates from the RFC in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// In which.
    pub kind: DeviationKind,
    /// Who.
    pub organization: String,
    /// In how many reports.
    pub reports: u64,
    /// What it wrote once.
    pub example: String,
}
