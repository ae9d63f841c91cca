//! The tables of the desk of reports: by host, sender and policy, every failure, deviations, and what could not be read.

use yew::prelude::*;

use crate::reports::{Deviation, Organization, PolicyRow, Summary, Unreadable};
use crate::time::UnixTime;
use crate::web::Rows;

use super::hosted::hosted;
use super::locale::{date, grouped};
use super::reports_table::{Cell, ReportsTable};

/// What goes wrong, and under which policy.
pub fn tables(summary: &Summary, rows: &Rows, of_domain: bool) -> Html {
    let hosts: Vec<Vec<Cell>> = summary
        .mx_hosts
        .iter()
        .map(|row| {
            let types = row.result_types.iter().map(|share| format!("{} {}", grouped(share.sessions), share.name));
            vec![text(&row.host, "no host named"), Cell::Number(row.sessions), Cell::Lines(types.collect())]
        })
        .collect();
    let senders: Vec<Vec<Cell>> = summary.organizations.iter().map(sender).collect();
    let policies: Vec<Vec<Cell>> = summary.policies.iter().map(policy).collect();
    let all = |shown: usize, all: usize| if of_domain { shown } else { all };
    let (hosts_all, policies_all) = (all(hosts.len(), rows.mx_hosts), all(policies.len(), rows.policies));
    html! {
        <>
            {hosted!(ReportsTable {
                id: "reports-hosts", title: "Failures by MX host", hint: "Reports tell no successes by host.",
                columns: vec!["MX host", "Failed", "Kinds"], rows: hosts, all: hosts_all,
            }, key = "reports-hosts")}
            if !of_domain {
                {hosted!(ReportsTable {
                    id: "reports-senders", title: "By sending organisation",
                    columns: vec!["Sender", "Contact", "Reports", "Successful", "Failed"], rows: senders,
                    all: rows.organizations,
                }, key = "reports-senders")}
            }
            {hosted!(ReportsTable {
                id: "reports-policies", title: "By policy", hint: "The policy as the senders saw it.",
                columns: vec!["Domain", "Kind", "Policy", "Successful", "Failed", "Last seen"], rows: policies,
                all: policies_all,
            }, key = "reports-policies")}
            <details class="detail">
                <summary>{"Every failure with all that is said of it"}</summary>
                {details(summary, all(summary.details.len(), rows.details))}
            </details>
        </>
    }
}

/// Every failure.
fn details(summary: &Summary, all: usize) -> Html {
    let rows = summary.details.iter().map(|row| {
        let mut more: Vec<String> = Vec::new();
        for (name, value) in [
            ("from", &row.sending_ip),
            ("to", &row.receiving_ip),
            ("HELO", &row.helo),
            ("reason", &row.reason),
            ("more", &row.information),
        ] {
            if !value.is_empty() {
                more.push(tr!("{name} {value}", name, value));
            }
        }
        vec![
            text(&row.host, "no host named"),
            Cell::Code(row.result_type.clone()),
            text(&row.organization, "not named"),
            Cell::Lines(more),
            Cell::Number(row.sessions),
            day(row.until),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    hosted!(
        ReportsTable {
            id: "reports-details",
            title: "Every failure",
            columns: vec!["MX host", "Kind", "Sender", "What it says", "Sessions", "Last seen"],
            rows,
            all
        },
        key = "reports-details"
    )
}

/// What is odd about the files themselves.
pub fn oddities(summary: &Summary, rows: &Rows) -> Html {
    let unreadable: Vec<Vec<Cell>> = summary.unreadable.iter().map(unread).collect();
    let deviations: Vec<Vec<Cell>> = summary.deviations.iter().map(deviation).collect();
    let more = usize::try_from(summary.more_unreadable).unwrap_or(usize::MAX);
    html! {
        <>
            {hosted!(ReportsTable {
                id: "reports-unreadable", title: "Could not be read", hint: "Nothing in these is counted.",
                columns: vec!["File", "Place", "Why"], rows: unreadable,
                all: rows.unreadable.saturating_add(more),
            }, key = "reports-unreadable")}
            {hosted!(ReportsTable {
                id: "reports-deviations", title: "Where reporters deviate from RFC 8460",
                hint: "These reports are read and counted all the same.",
                columns: vec!["Reporter", "What", "Read as", "Reports", "Example"], rows: deviations,
                all: rows.deviations,
            }, key = "reports-deviations")}
        </>
    }
}

fn sender(row: &Organization) -> Vec<Cell> {
    vec![
        text(&row.name, "not named"),
        Cell::Text(row.contact.clone()),
        Cell::Number(row.reports),
        Cell::Number(row.sessions.successful),
        Cell::Number(row.sessions.failed),
    ]
}

fn policy(row: &PolicyRow) -> Vec<Cell> {
    let kind = match row.policy_type.as_str() {
        "sts" => "MTA-STS",
        "tlsa" => "DANE",
        "no-policy-found" => "none found",
        other => other,
    };
    let mut lines = row.strings.clone();
    if lines.is_empty() {
        lines.extend(row.mx_hosts.iter().map(|pattern| format!("mx: {pattern}")));
    }
    vec![
        text(&row.domain, "no domain"),
        text(kind, "not told"),
        Cell::Lines(lines),
        Cell::Number(row.sessions.successful),
        Cell::Number(row.sessions.failed),
        day(row.until),
    ]
}

fn unread(row: &Unreadable) -> Vec<Cell> {
    let place = match (row.line, row.column) {
        (Some(line), Some(column)) => tr!("line {line}, column {column}", line, column),
        (Some(line), None) => tr!("line {line}", line),
        _ => String::new(),
    };
    vec![Cell::Text(row.file.clone()), Cell::Text(place), Cell::Text(row.why.clone())]
}

fn deviation(row: &Deviation) -> Vec<Cell> {
    let doc = row.kind.doc();
    vec![
        text(&row.organization, "not named"),
        Cell::Text(tr!("{} ({})", doc.title, doc.reference)),
        Cell::Text(doc.treatment.to_owned()),
        Cell::Number(row.reports),
        Cell::Code(row.example.clone()),
    ]
}

fn text(text: &str, otherwise: &str) -> Cell {
    Cell::Text(if text.is_empty() { tr!("({otherwise})", otherwise) } else { text.to_owned() })
}

fn day(time: Option<UnixTime>) -> Cell {
    Cell::Text(time.map_or_else(String::new, date))
}
