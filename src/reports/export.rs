//! The summary for others: JSON, CSV and plain text.

use serde_json::{Value, json};

use crate::csv::line;

use super::Unreadable;
use super::kinds::ResultKind;
use super::summary::{Failure, Summary};

/// Most rows of a table in the text; the JSON has all of them.
const SHOWN: usize = 20;

/// The first line of the CSV file.
const HEADING: &str = "row,organization,policy_type,policy_domain,result_type,mx_host,sending_ip,receiving_ip,helo,\
                       reason_code,additional_information,successful_sessions,failed_sessions,reports,from,until\r\n";

impl Summary {
    /// As JSON on one line: the fields that are fixed for `mxray tls-report`, and more beside them.
    pub fn to_json(&self) -> String {
        let failures: Vec<Value> = self.failures.iter().map(|failure| self.failure_json(failure)).collect();
        let deviations: Vec<Value> = self
            .deviations
            .iter()
            .map(|row| {
                let doc = row.kind.doc();
                json!({
                    "kind": row.kind, "title": doc.title, "treatment": doc.treatment, "reference": doc.reference,
                    "organization": row.organization, "reports": row.reports, "example": row.example,
                })
            })
            .collect();
        json!({
            "reports": self.reports,
            "duplicates": self.duplicates,
            "successful_sessions": self.sessions.successful,
            "failed_sessions": self.sessions.failed,
            "failures": failures,
            "unreadable": self.unreadable,
            "more_unreadable": self.more_unreadable,
            "success_rate": self.sessions.success_rate(),
            "detailed_failures": self.detailed,
            "saturated": self.saturated,
            "from": self.from,
            "until": self.until,
            "days": self.days,
            "mx_hosts": self.mx_hosts,
            "organizations": self.organizations,
            "policies": self.policies,
            "host_failures": self.host_failures,
            "details": self.details,
            "left_out": self.left_out,
            "deviations": deviations,
        })
        .to_string()
    }

    fn failure_json(&self, failure: &Failure) -> Value {
        let kind = ResultKind::of(&failure.result_type);
        let hosts = self.hosts_of(&failure.result_type);
        let hosts: Vec<Value> =
            hosts.into_iter().map(|(host, sessions)| json!({"host": host, "sessions": sessions})).collect();
        json!({
            "result_type": failure.result_type, "sessions": failure.sessions, "reports": failure.reports,
            "family": failure.family, "mx_hosts": hosts, "from": failure.from, "until": failure.until,
            "means": kind.means, "cause": kind.cause, "fix": kind.fix, "reference": kind.reference,
        })
    }

    /// The hosts at which a kind of failure was met, most sessions first, and those without a host as “”.
    pub fn hosts_of(&self, result_type: &str) -> Vec<(&str, u64)> {
        let mut hosts: Vec<(&str, u64)> = Vec::new();
        for row in &self.mx_hosts {
            let share = row.result_types.iter().find(|share| share.name == result_type);
            hosts.extend(share.map(|share| (row.host.as_str(), share.sessions)));
        }
        hosts.sort_by_key(|(_, sessions)| std::cmp::Reverse(*sessions));
        hosts
    }

    /// As CSV (RFC 4180): a line for each policy, with its totals, and one for each failure. No cell is a formula for
    /// spreadsheets.
    pub fn to_csv(&self) -> String {
        let mut csv = String::from(HEADING);
        let time = |time: Option<crate::time::UnixTime>| time.map_or_else(String::new, |time| time.to_string());
        for row in &self.policies {
            let sessions = [row.sessions.successful, row.sessions.failed, row.reports].map(|count| count.to_string());
            let [successful, failed, reports] = &sessions;
            let (from, until) = (time(row.from), time(row.until));
            let cells =
                ["policy", "", &row.policy_type, &row.domain, "", "", "", "", "", "", "", successful, failed, reports];
            line(&mut csv, cells.into_iter().chain([from.as_str(), until.as_str()]));
        }
        for row in &self.details {
            let (sessions, reports) = (row.sessions.to_string(), row.reports.to_string());
            let (from, until) = (time(row.from), time(row.until));
            let cells = [
                "failure",
                &row.organization,
                &row.policy_type,
                &row.domain,
                &row.result_type,
                &row.host,
                &row.sending_ip,
                &row.receiving_ip,
                &row.helo,
                &row.reason,
                &row.information,
                "",
                &sessions,
                &reports,
                &from,
                &until,
            ];
            line(&mut csv, cells);
        }
        csv
    }

    /// As text for people.
    pub fn to_text(&self) -> String {
        let mut text = self.head();
        for failure in &self.failures {
            text.push_str(&self.failure_text(failure));
        }
        let days = self.days.iter().map(|day| (day.date.as_str(), day.sessions.successful, day.sessions.failed));
        let days: Vec<_> = days.map(|(date, good, bad)| format!("{date}  {good} successful, {bad} failed")).collect();
        table(&mut text, "Days", &days);
        let hosts: Vec<_> = self
            .mx_hosts
            .iter()
            .map(|row| {
                let types: Vec<_> = row.result_types.iter().map(|s| format!("{} {}", s.sessions, s.name)).collect();
                format!("{}  {} failed: {}", or(&row.host, "(no host named)"), row.sessions, types.join(", "))
            })
            .collect();
        table(&mut text, "Failures by MX host", &hosts);
        let organizations: Vec<_> = self
            .organizations
            .iter()
            .map(|row| {
                let name = or(&row.name, "(not named)");
                let (good, bad) = (row.sessions.successful, row.sessions.failed);
                format!("{name}  {good} successful, {bad} failed in {}", counted(row.reports, "report"))
            })
            .collect();
        table(&mut text, "Senders", &organizations);
        let policies: Vec<_> = self
            .policies
            .iter()
            .map(|row| {
                let (good, bad) = (row.sessions.successful, row.sessions.failed);
                let policy =
                    if row.strings.is_empty() { String::new() } else { format!("  [{}]", row.strings.join(" | ")) };
                format!(
                    "{} {}  {good} successful, {bad} failed{policy}",
                    row.policy_type,
                    or(&row.domain, "(no domain)")
                )
            })
            .collect();
        table(&mut text, "Policies", &policies);
        let deviations: Vec<_> = self
            .deviations
            .iter()
            .map(|row| {
                let doc = row.kind.doc();
                let example = if row.example.is_empty() { String::new() } else { format!(" “{}”", row.example) };
                let reports = counted(row.reports, "report");
                format!(
                    "{} in {reports}: {}{example}; {}",
                    or(&row.organization, "(not named)"),
                    doc.title,
                    doc.treatment
                )
            })
            .collect();
        table(&mut text, "Deviations from RFC 8460, read all the same", &deviations);
        let unreadable: Vec<_> = self.unreadable.iter().map(Unreadable::to_string).collect();
        table(&mut text, "Not readable", &unreadable);
        if self.more_unreadable > 0 {
            text.push_str(&format!("  and {} more\n", self.more_unreadable));
        }
        text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
    }

    fn head(&self) -> String {
        let (reports, senders) = (counted(self.reports, "report"), counted(len(&self.organizations), "sender"));
        let mut text = format!("{reports} from {senders}");
        if let (Some(from), Some(until)) = (self.from, self.until) {
            text.push_str(&format!(", {} to {}", from.date(), until.date()));
        }
        if self.duplicates > 0 {
            text.push_str(&format!("; {} left out", counted(self.duplicates, "duplicate")));
        }
        let sessions = self.sessions;
        text.push_str(&format!("\n{} sessions succeeded, {} failed", sessions.successful, sessions.failed));
        if let Some(rate) = sessions.success_rate() {
            text.push_str(&format!(": {rate:.2} % succeeded"));
        }
        text.push('\n');
        if self.saturated {
            text.push_str("The counts are too large to be added up; the sums stop at what can be counted.\n");
        }
        if self.left_out > 0 {
            text.push_str("There are more different rows than are kept; the totals count them all the same.\n");
        }
        text
    }

    fn failure_text(&self, failure: &Failure) -> String {
        let kind = ResultKind::of(&failure.result_type);
        let hosts = self.hosts_of(&failure.result_type);
        let hosts: Vec<_> = hosts
            .iter()
            .take(SHOWN)
            .filter(|(host, _)| !host.is_empty())
            .map(|(host, sessions)| format!("{host} ({sessions})"))
            .collect();
        let at = if hosts.is_empty() { String::new() } else { format!(" at {}", hosts.join(", ")) };
        format!(
            "\n{} × {} [{}]{at}\n  What: {}\n  Why:  {}\n  Mend: {}\n  See:  {}\n",
            failure.sessions,
            failure.result_type,
            failure.family.title(),
            kind.means,
            kind.cause,
            kind.fix,
            kind.reference
        )
    }
}

fn len<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn or<'t>(text: &'t str, otherwise: &'t str) -> &'t str {
    if text.is_empty() { otherwise } else { text }
}

fn table(text: &mut String, title: &str, rows: &[String]) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&format!("\n{title}\n"));
    for row in rows.iter().take(SHOWN) {
        text.push_str(&format!("  {row}\n"));
    }
    if rows.len() > SHOWN {
        text.push_str(&format!("  and {} more\n", rows.len() - SHOWN));
    }
}
