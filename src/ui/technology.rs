//! One technology: how it stands, its records with the problems marked in them, and its findings.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::{Finding, Outcome, Published};
use crate::records::Technology;

use super::detail::Detail;
use super::finding::FindingItem;
use super::guide_view::GuideView;
use super::icon::Icon;
use super::marks::Mark;
use super::matrix::prerequisite;
use super::raw_record::RawRecord;
use super::shared::Shared;
use super::words::{Standing, status_id};

/// More records of one technology are not drawn; the report file holds all of them.
const MAX_RECORDS: usize = 100;

/// Which technology.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its identifier.
    pub technology: Technology,
    /// What is known so far.
    pub assessment: Shared<Assessment>,
    /// Whether more is on its way.
    pub running: bool,
}

/// The section.
#[component]
pub fn TechnologySection(props: &Props) -> Html {
    let report = &props.assessment.report;
    let technology = props.technology;
    let own = report.technology(technology).unwrap_or(&report.mail_servers);
    let standing = Standing::of(&props.assessment, technology, props.running);
    let status = status_id(standing.status);
    let title = format!("{}-title", technology.id());
    let findings: Vec<&Finding> = report.findings_of(technology).collect();
    let (good, other): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().copied().partition(|finding| matches!(finding.outcome, Outcome::Pass));
    html! {
        <section
            id={format!("tech-{}", technology.id())} class="technology" aria-labelledby={title.clone()}
            data-status={status} data-looking={standing.looking.then_some("true")}
        >
            <header>
                <h3 id={title}>{heading(technology)}</h3>
                <p class="status" data-status={status}><Icon name={standing.icon()} />{standing.word()}</p>
            </header>
            if !own.prerequisites.is_empty() {
                <ul class="prerequisites" aria-label="Prerequisites">{for own.prerequisites.iter().map(prerequisite)}</ul>
            }
            {records(&own.published, &findings)}
            if standing.looking {
                <p class="hint">{"Still looking…"}</p>
            }
            if !other.is_empty() && !(standing.looking && other.iter().all(|finding| finding.outcome == Outcome::Unknown)) {
                <ul class="findings">{for other.into_iter().enumerate().map(item)}</ul>
            }
            if !good.is_empty() {
                <ul class="findings good" aria-label="What is good">{for good.into_iter().enumerate().map(item)}</ul>
            }
            <Detail technology={technology} detail={own.detail.clone()} />
            <GuideView technology={technology} />
        </section>
    }
}

/// The records and files as they are published.
fn records(published: &[Published], findings: &[&Finding]) -> Html {
    html! {
        <div class="records">
            {for published.iter().take(MAX_RECORDS).enumerate().map(|(key, record)| html! {
                <RawRecord {key} published={record.clone()} marks={Mark::within(record, findings.iter().copied())} />
            })}
            if published.len() > MAX_RECORDS {
                <p class="hint">{format!("{} more are in the saved report.", published.len() - MAX_RECORDS)}</p>
            }
        </div>
    }
}

fn item((key, finding): (usize, &Finding)) -> Html {
    html! { <FindingItem {key} finding={finding.clone()} /> }
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
