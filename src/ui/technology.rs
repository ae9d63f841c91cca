//! One technology: how it stands, its records with the problems marked in them, and its findings.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::{Finding, Outcome, Published};
use crate::records::Technology;

use super::detail::detail_view;
use super::finding::finding_item;
use super::guide_view::guide_view;
use super::icon::icon;
use super::marks::Mark;
use super::matrix::prerequisite;
use super::raw_record::raw_record;
use super::words::{Standing, status_id};

/// More records of one technology are not drawn; the report file holds all of them.
const MAX_RECORDS: usize = 100;

/// The section.
pub fn technology_section(technology: Technology, assessment: &Assessment, running: bool) -> Html {
    let report = &assessment.report;
    let own = report.technology(technology).unwrap_or(&report.mail_servers);
    let standing = Standing::of(assessment, technology, running);
    let status = status_id(standing.status);
    let title = format!("{}-title", technology.id());
    let findings: Vec<&Finding> = report.findings_of(technology).collect();
    let (good, other): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().copied().partition(|finding| matches!(finding.outcome, Outcome::Pass));
    html! {
        <section
            key={technology.id()} id={format!("tech-{}", technology.id())} class="technology" aria-labelledby={title.clone()}
            data-status={status} data-looking={standing.looking.then_some("true")}
        >
            <header>
                <h3 id={title}>{heading(technology)}</h3>
                <p class="status" data-status={status}>{icon(standing.icon())}{standing.word()}</p>
            </header>
            if !own.prerequisites.is_empty() {
                <ul class="prerequisites" aria-label="Prerequisites">{for own.prerequisites.iter().map(prerequisite)}</ul>
            }
            {records(&own.published, &findings)}
            if standing.looking {
                <p class="hint">{"Still looking…"}</p>
            }
            if other.iter().any(|finding| !standing.looking || finding.outcome != Outcome::Unknown) {
                <ul class="findings">{for other.into_iter().enumerate().map(item)}</ul>
            }
            if !good.is_empty() {
                <ul class="findings good" aria-label="What is good">{for good.into_iter().enumerate().map(item)}</ul>
            }
            {detail_view(technology, &own.detail)}
            {guide_view(technology)}
        </section>
    }
}

/// The records and files as they are published.
fn records(published: &[Published], findings: &[&Finding]) -> Html {
    html! {
        <div class="records">
            {for published.iter().take(MAX_RECORDS).enumerate().map(|(key, record)| raw_record(key, record, &Mark::within(record, findings.iter().copied())))}
            if published.len() > MAX_RECORDS {
                <p class="hint">{format!("{} more are in the saved report.", published.len() - MAX_RECORDS)}</p>
            }
        </div>
    }
}

fn item((key, finding): (usize, &Finding)) -> Html {
    finding_item(key, finding)
}

/// The heading: the short name, and what it stands for in plain words.
fn heading(technology: Technology) -> Html {
    let plain = match technology {
        Technology::Mx => "where mail is delivered",
        Technology::Spf => "who may send",
        Technology::Dkim => "signatures on mail",
        Technology::Dmarc => "what happens to forgeries",
        Technology::MtaSts => "encrypted delivery, by web policy",
        Technology::TlsRpt => "reports on delivery",
        Technology::Bimi => "the logo beside the mail",
        Technology::Dane => "encrypted delivery, by DNSSEC",
        Technology::Dnssec => "signed DNS",
    };
    let name = if technology == Technology::Mx { "Mail servers" } else { technology.label() };
    html! { <>{name}<span class="plain">{format!(" — {plain}")}</span></> }
}
