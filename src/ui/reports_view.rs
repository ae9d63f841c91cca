//! TLS-RPT reports: what they come to, what failed and why, and how that hangs together with the domain that is checked.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::reports::Summary;
use crate::web::{ReportsFormat, Update, reports};

use super::desk::Desk;
use super::files;
use super::hosted::hosted;
use super::icon::icon;
use super::locale::grouped;
use super::reports_chart::ReportsChart;
use super::reports_failures::failures;
use super::reports_head::head;
use super::reports_lists::{oddities, tables};
use super::reports_ties::ties;
use super::shared::Shared;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the reports come to.
    pub summary: Option<Shared<Summary>>,
    /// How the desk stands.
    pub desk: Desk,
    /// The report of the domain that is checked, when it is final.
    pub update: Option<Shared<Update>>,
    /// All reports are to be forgotten.
    pub onclear: Callback<()>,
    /// Everything is to be read once more.
    pub onagain: Callback<()>,
}

/// The desk.
#[component]
pub fn Reports(props: &Props) -> Html {
    use_effect_with(props.summary.clone(), |summary| {
        if summary.is_some() {
            files::jump("reports-title");
        }
    });
    let desk = &props.desk;
    html! {
        <section id="reports" aria-labelledby="reports-title" aria-busy={desk.is_reading().to_string()} data-lots={desk.lots.len().to_string()}>
            <h2 id="reports-title">{"TLS reports"}</h2>
            <p class="hint">{"Read and added up in this tab: nothing leaves this device."}</p>
            {reading(desk)}
            if let Some(why) = &desk.trouble {
                <p class="note" role="alert">{icon("warn")}{tr!("The numbers are not complete. {why}", why)}</p>
                <p class="buttons">
                    <button type="button" id="read-again" class="quiet" onclick={props.onagain.reform(|_: MouseEvent| ())}>{"Read them again"}</button>
                </p>
            }
            if desk.stopped > 0 {
                <p class="note">{icon("warn")}{tr!("You stopped the reading: {n} file was not read." | "You stopped the reading: {n} files were not read." % desk.stopped)}</p>
            }
            if let Some(summary) = props.summary.clone() {
                {hosted!(Sums { summary, desk: desk.clone(), update: props.update.clone(), onclear: props.onclear.clone() })}
            }
        </section>
    }
}

/// How far the reading is.
fn reading(desk: &Desk) -> Html {
    let Some(progress) = desk.progress.filter(|_| desk.is_reading()) else { return Html::default() };
    let [read, of] = [progress.read, progress.of].map(|number| grouped(u64::try_from(number).unwrap_or(u64::MAX)));
    html! {
        <div class="progress">
            <p id="reports-progress" role="status" aria-live="off">{tr!("{read} of {of} files, {} reports", grouped(progress.reports), read, of)}</p>
            <progress aria-label="Files" max={progress.of.max(1).to_string()} value={progress.read.to_string()} />
            <p class="buttons">
                <button type="button" id="stop-reports" class="quiet" onclick={|_: MouseEvent| reports::stop()}>{"Stop"}</button>
            </p>
        </div>
    }
}

/// What is shown once there are numbers.
#[derive(Properties, PartialEq)]
struct SumsProps {
    summary: Shared<Summary>,
    desk: Desk,
    update: Option<Shared<Update>>,
    onclear: Callback<()>,
}

/// Numbers, chart, failures and tables, of all domains or of one.
#[component]
fn Sums(props: &SumsProps) -> Html {
    let chosen = use_state(String::new);
    let domains: Vec<String> = props.summary.domains().into_iter().map(str::to_owned).collect();
    let of_domain = domains.len() > 1 && domains.contains(&chosen);
    let narrowed = use_memo((props.summary.clone(), (*chosen).clone()), |(summary, chosen)| summary.of_domain(chosen));
    let summary: &Summary = if of_domain { &narrowed } else { &props.summary };
    let ties = props.update.as_ref().map_or_else(Vec::new, |update| ties(summary, &update.assessment.report));
    let onchoose = {
        let chosen = chosen.setter();
        Callback::from(move |event: Event| chosen.set(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let rows = &props.desk.rows;
    html! {
        <>
            if domains.len() > 1 {
                <p class="choose">
                    <label for="reports-domain">{"Domain"}</label>
                    <select id="reports-domain" onchange={onchoose}>
                        <option value="" selected={!of_domain}>{tr!("All {} domains", domains.len())}</option>
                        {for domains.iter().map(|domain| html! { <option key={domain.clone()} value={domain.clone()} selected={of_domain && *domain == *chosen}>{domain}</option> })}
                    </select>
                </p>
            }
            if props.summary.reports == 0 {
                <p class="sentence">{icon("fail")}{"None of these files holds a report that can be read."}</p>
            } else {
                {head(summary, of_domain)}
                {save_buttons(&props.onclear)}
                if !of_domain {
                    {hosted!(ReportsChart { days: summary.days.clone() })}
                } else {
                    <p class="hint">{"Days, senders and what is odd about the files are shown for all domains together."}</p>
                }
                {failures(summary, &ties)}
                {hint_of_ties(summary, props.update.as_deref(), &domains)}
                {tables(summary, rows, of_domain)}
            }
            if !of_domain {
                {oddities(summary, rows)}
            }
        </>
    }
}

/// How to hold failures against the domain, where nothing of it is known yet.
fn hint_of_ties(summary: &Summary, update: Option<&Update>, domains: &[String]) -> Html {
    let checked = update.map(|update| update.assessment.report.domain.as_str());
    let is_of = |checked: &str| domains.iter().any(|domain| domain.eq_ignore_ascii_case(checked));
    let text = match (checked, domains) {
        _ if summary.failures.is_empty() => return Html::default(),
        (Some(checked), _) if is_of(checked) => return Html::default(),
        (Some(checked), _) => tr!("These reports are not about {checked}, which is checked here.", checked),
        (None, [domain]) => tr!(
            "Check {domain} above, or supply its zone file and policy: then each failure is held against its records.",
            domain
        ),
        (None, _) => tr!("Check one of the domains above: then its failures are held against its records."),
    };
    html! { <p class="hint">{text}</p> }
}

/// The files to save, and the way back to none.
fn save_buttons(onclear: &Callback<()>) -> Html {
    html! {
        <div class="buttons">
            {hosted!(SaveReports { format: ReportsFormat::Json }, key = "json")}
            {hosted!(SaveReports { format: ReportsFormat::Csv }, key = "csv")}
            <button type="button" id="clear-reports" class="quiet" onclick={onclear.reform(|_: MouseEvent| ())}>{"Remove all reports"}</button>
        </div>
    }
}

/// What a button saves.
#[derive(Properties, PartialEq)]
struct SaveProps {
    format: ReportsFormat,
}

/// A button that saves the sums as a file.
#[component]
fn SaveReports(props: &SaveProps) -> Html {
    let problem = use_state(String::new);
    let (id, label, name, kind) = match props.format {
        ReportsFormat::Json => ("save-reports-json", "Save as JSON", "tls-reports.json", "application/json"),
        ReportsFormat::Csv => ("save-reports-csv", "Save as CSV", "tls-reports.csv", "text/csv"),
    };
    let onclick = {
        let (format, problem) = (props.format, problem.setter());
        Callback::from(move |_: MouseEvent| {
            let problem = problem.clone();
            yew::platform::spawn_local(async move {
                match reports::write(format).await {
                    Ok(file) => {
                        let content = js_sys::Uint8Array::from(file.as_slice()).into();
                        problem.set(String::new());
                        files::save(name, kind, &content);
                    }
                    Err(why) => problem.set(why),
                }
            });
        })
    };
    html! {
        <span>
            <button type="button" {id} {onclick}>{icon("save")}{text!(label)}</button>
            if !problem.is_empty() {
                <span role="alert">{tr!(" Nothing was saved. {}", *problem)}</span>
            }
        </span>
    }
}
