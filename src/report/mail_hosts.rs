//! What TLS-RPT reports say beside a report: of each mail host, and how their failures hang together with the findings.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::checks::mail_hosts::{Said, Senders};
use crate::name::DomainName;
use crate::order;
use crate::records::Technology;
use crate::reports::{self, Share, Summary, Tie, Unreadable, tie};
use crate::time::UnixTime;

use super::Report;
use super::text::shown;

/// What the reports come to that were given with a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsReports {
    /// How many reports are counted.
    pub reports: u64,
    /// How many more were duplicates of these.
    pub duplicates: u64,
    /// Sessions that succeeded, of every domain in the reports.
    pub successful_sessions: u64,
    /// Sessions that failed, likewise.
    pub failed_sessions: u64,
    /// Start of the first period.
    pub from: Option<UnixTime>,
    /// End of the last one.
    pub until: Option<UnixTime>,
    /// How the failures of this domain hang together with what is known of it now.
    pub ties: Vec<Tie>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// What reports say of one mail host of a domain. A report without a domain is taken to be about this one.
pub fn said_of(summary: &Summary, domain: &DomainName, host: &DomainName) -> Said {
    let mut said = Said::default();
    let rows = summary.host_failures.iter().filter(|row| {
        let is_own = row.domain.is_empty() || row.domain.eq_ignore_ascii_case(domain.as_str());
        is_own && row.host.eq_ignore_ascii_case(host.as_str())
    });
    for row in rows {
        said.failed_sessions = said.failed_sessions.saturating_add(row.sessions);
        // The same kind of failure may be met under several policies.
        match said.kinds.iter_mut().find(|kind| kind.name == row.result_type) {
            Some(kind) => kind.sessions = kind.sessions.saturating_add(row.sessions),
            None => said.kinds.push(Share { name: row.result_type.clone(), sessions: row.sessions }),
        }
    }
    order::by_text(&mut said.kinds, |kind| &kind.name);
    order::by_key(&mut said.kinds, |kind| u128::from(u64::MAX - kind.sessions));
    said
}

impl Report {
    /// Lays TLS-RPT reports beside the report.
    pub fn take_reports(&mut self, summary: &Summary) {
        for row in &mut self.mail_hosts {
            row.reports = Some(said_of(summary, &self.domain, &row.host));
        }
        self.tls_reports = Some(TlsReports {
            reports: summary.reports,
            duplicates: summary.duplicates,
            successful_sessions: summary.sessions.successful,
            failed_sessions: summary.sessions.failed,
            from: summary.from,
            until: summary.until,
            ties: tie(summary, &self.facts_for_ties()),
            unreadable: summary.unreadable.clone(),
        });
    }

    /// What is known of the domain that failures can be tied to.
    pub fn facts_for_ties(&self) -> reports::Facts {
        let hosts: Vec<DomainName> = self.mail_hosts.iter().map(|row| row.host.clone()).collect();
        let known = !hosts.is_empty();
        let tlsa = self.mail_hosts.iter().filter(|row| row.tlsa.records > 0).map(|row| row.host.clone());
        // Where a look-up failed, that a host has no record cannot be said.
        let tlsa_known = known && self.mail_hosts.iter().all(|row| row.tlsa.why.is_none() || row.tlsa.records > 0);
        let sts = self.technology(Technology::MtaSts);
        let policy = sts.and_then(|sts| sts.detail.get("policy")).filter(|policy| policy["valid"] == true);
        let patterns = policy.and_then(|policy| policy.get("mx")?.as_array());
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        reports::Facts {
            domain: Some(self.domain.clone()),
            mx_hosts: known.then_some(hosts),
            patterns: patterns.map(|patterns| patterns.iter().filter_map(text).collect()),
            enforced: policy.is_some_and(|policy| policy["mode"] == "enforce"),
            tlsa_hosts: tlsa_known.then(|| tlsa.collect()),
        }
    }

    /// The mail hosts one by one, and what reports say, for a terminal.
    pub(super) fn write_mail_hosts(&self, out: &mut String) -> std::fmt::Result {
        if !self.mail_hosts.is_empty() {
            writeln!(out, "\nMail servers one by one: MTA-STS and DANE")?;
        }
        let width = self.mail_hosts.iter().map(|row| row.host.as_str().len()).max().unwrap_or(0);
        let policies = self.mail_hosts.iter().map(|row| row.words.policy.chars().count());
        let in_policy = policies.max().unwrap_or(0).max("in policy?".len());
        if let Some(first) = self.mail_hosts.first() {
            let reports = if first.reports.is_some() { "reports say" } else { "" };
            let head = format!("{:>7} {:<width$}  {:<in_policy$}  {:<34}  {reports}", "", "MX", "in policy?", "TLSA?");
            writeln!(out, "{}", head.trim_end())?;
        }
        for row in &self.mail_hosts {
            let (host, tlsa) = (shown(row.host.as_str()), &row.words.tlsa);
            let reports = row.reports.as_ref().map_or_else(String::new, Said::words);
            let line = format!(
                "{:>7} {host:<width$}  {:<in_policy$}  {tlsa:<34}  {}",
                row.preference,
                shown(&row.words.policy),
                shown(&reports)
            );
            writeln!(out, "{}", line.trim_end())?;
            for Senders { who, what } in &row.words.senders {
                writeln!(out, "          {who}: {what}")?;
            }
        }
        let Some(reports) = &self.tls_reports else { return Ok(()) };
        let (count, failed) = (reports.reports, reports.failed_sessions);
        let from = reports.from.map_or_else(String::new, |from| tr!(", from {from}", from));
        let until = reports.until.map_or_else(String::new, |until| tr!(" to {until}", until));
        writeln!(
            out,
            "\nTLS reports: {count} counted{from}{until}; {} sessions succeeded, {failed} failed",
            reports.successful_sessions
        )?;
        for tie in &reports.ties {
            let kind = if tie.result_type.is_empty() { String::new() } else { format!("{}: ", tie.result_type) };
            writeln!(out, "  - {} ({} sessions)", shown(&format!("{kind}{}", tie.title)), tie.sessions)?;
        }
        for unreadable in &reports.unreadable {
            writeln!(out, "  not read: {}", shown(&unreadable.to_string()))?;
        }
        Ok(())
    }
}
