//! One technology: how it stands, its records with the problems marked in them, and its findings.

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::{Finding, Outcome, Published};
use crate::records::Technology;
use crate::report::TechnologyReport;
use crate::what_if::Edit;

use super::detail::detail_view;
use super::edit::{EditButton, Editor, Kind, beginning_of};
use super::finding::finding_item;
use super::guide_view::guide_view;
use super::hosted::hosted;
use super::icon::icon;
use super::marks::Mark;
use super::matrix::prerequisite;
use super::raw_record::raw_record;
use super::road::road_view;
use super::what_if::{Edited, WhatIf};
use super::words::{Standing, status_id};

/// More records of one technology are not drawn; the report file holds all of them.
const MAX_RECORDS: usize = 100;

/// The section; what is folded away in it is drawn when it is wanted.
pub fn technology_section(
    technology: Technology,
    assessment: &Assessment,
    what_if: Option<&WhatIf>,
    running: bool,
    folded: bool,
) -> Html {
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
                <p class="status" data-status={status}>{icon(standing.icon())}{text!(standing.word())}</p>
            </header>
            if !own.prerequisites.is_empty() {
                <ul class="prerequisites" aria-label="Prerequisites">{for own.prerequisites.iter().map(prerequisite)}</ul>
            }
            {records(own, &findings, what_if, assessment.report.domain.as_str())}
            if standing.looking {
                <p class="hint">{"Still looking…"}</p>
            }
            if other.iter().any(|finding| !standing.looking || finding.outcome != Outcome::Unknown) {
                <ul class="findings">{for other.into_iter().enumerate().map(item)}</ul>
            }
            if !good.is_empty() {
                <ul class="findings good" aria-label="What is good">{for good.into_iter().enumerate().map(item)}</ul>
            }
            if technology == Technology::MtaSts && !running {
                {road_view(report, folded)}
            }
            {detail_view(technology, &own.detail, folded)}
            {guide_view(technology, folded)}
        </section>
    }
}

/// Whether a record is among others, wherever they came from.
fn has(records: &[Published], record: &Published) -> bool {
    let is_same = |other: &Published| {
        (&other.name, &other.record_type, &other.value) == (&record.name, &record.record_type, &record.value)
    };
    records.iter().any(is_same)
}

/// The records and files as they are published, or would be; editors stay in the place of what they edit.
fn records(own: &TechnologyReport, findings: &[&Finding], what_if: Option<&WhatIf>, domain: &str) -> Html {
    let published = &own.published;
    let marks = |record: &Published| Mark::within(record, findings.iter().copied());
    let before: &[Published] = what_if.map_or(published, |what_if| {
        let report = &what_if.before.assessment.report;
        &report.technology(own.id).unwrap_or(&report.mail_servers).published
    });
    let edits: Vec<(&Edited, Option<&str>)> = what_if.map_or_else(Vec::new, |what_if| {
        let own = what_if.edits.iter().filter(|edited| edited.edit.technology() == own.id);
        own.map(|edited| (edited, what_if.problem(edited.id))).collect()
    });
    // What was judged is what stands among the records; it may be older than what stands in the editor by now.
    let judged = what_if.map_or(&[][..], |what_if| &what_if.judged);
    let editor = |(edited, problem): &(&Edited, Option<&str>)| {
        let edit = &edited.edit;
        let judged = judged.iter().find(|other| other.id == edited.id).and_then(|other| other.edit.now.as_deref());
        let now = published.iter().find(|record| record.name == edit.name && Some(record.value.as_str()) == judged);
        let marks = now.map_or_else(Vec::new, marks);
        let marked = judged.unwrap_or_default().to_owned();
        hosted!(
            Editor { edited: (*edited).clone(), problem: problem.map(str::to_owned), marked, marks },
            key = &format!("edit-{}", edited.id)
        )
    };
    let of = |record: &Published| {
        let is_of = |edit: &Edit| {
            edit.name == record.name
                && edit.record_type == record.record_type
                && edit.was.as_ref() == Some(&record.value)
        };
        edits.iter().find(|(edited, _)| is_of(&edited.edit))
    };
    let made = |record: &&Published| {
        let is_now = |edit: &Edit| edit.name == record.name && edit.now.as_ref() == Some(&record.value);
        !has(before, record) && !judged.iter().any(|edited| is_now(&edited.edit))
    };
    let shown = |(key, record): (usize, &Published)| match of(record) {
        Some(edit) => Some(editor(edit)),
        None => has(published, record).then(|| raw_record(key, record, &marks(record))),
    };
    html! {
        <div class="records">
            // Each list by itself and with keys throughout: an editor that moved would lose the focus.
            <>{for before.iter().take(MAX_RECORDS).enumerate().filter_map(shown)}</>
            <>{for published.iter().filter(made).take(MAX_RECORDS).enumerate().map(|(key, record)| raw_record(key, record, &marks(record)))}</>
            <>{for edits.iter().filter(|(edited, _)| edited.edit.was.is_none()).map(editor)}</>
            if published.len() > MAX_RECORDS {
                <p class="hint">{tr!("{} more are in the saved report.", published.len() - MAX_RECORDS)}</p>
            }
            if published.is_empty() && edits.is_empty() {
                if let Some(record) = beginning_of(own.id, domain) {
                    <p>{hosted!(EditButton { record, kind: Kind::Add })}</p>
                }
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
    html! { <>{text!(name)}<span class="plain">{tr!(" — {plain}", plain)}</span></> }
}
