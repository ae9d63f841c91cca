//! The mail hosts one by one: whether the MTA-STS policy names them, whether their TLSA records count, what senders then do,
//! and what TLS reports say.

use std::rc::Rc;

use yew::prelude::*;

use crate::assess::Assessment;
use crate::checks::mail_hosts::{Cover, Delivery, MailHost, Said, Senders, Tlsa};
use crate::name::DomainName;
use crate::report::said_of;
use crate::reports::Summary;

use super::icon::icon;
use super::shared::Shared;

/// What is shown.
#[derive(Clone, Properties)]
pub struct Props {
    /// What the evidence says so far, or would say.
    pub assessment: Rc<Assessment>,
    /// What the TLS reports come to that were handed over, where any were.
    pub reports: Option<Shared<Summary>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.reports == other.reports && self.assessment.report.mail_hosts == other.assessment.report.mail_hosts
    }
}

/// The table; on narrow screens each host is a card. The roles keep it a table there too.
#[component]
pub fn MailHosts(props: &Props) -> Html {
    let report = &props.assessment.report;
    let heads = ["Mail server", "In the policy?", "TLSA?", "What senders do", "Reports say"];
    let row = |row: &MailHost| line(row, &report.domain, props.reports.as_deref());
    html! {
        <section id="mail-hosts" class="technology" aria-labelledby="mail-hosts-title" hidden={report.mail_hosts.is_empty()}>
            <header>
                <h3 id="mail-hosts-title">
                    {"Mail servers one by one"}<span class="plain">{" — MTA-STS beside DANE"}</span>
                </h3>
            </header>
            <p class="hint">
                {"A sender that knows both must not let the policy override DANE that fails (RFC 8461 §2). Whether the certificates fit shows only at port 25, which no page can reach."}
            </p>
            <table class="cards" role="table" aria-labelledby="mail-hosts-title">
                <thead role="rowgroup">
                    <tr role="row">
                        {for heads.iter().map(|&head| html! { <th key={head} role="columnheader" scope="col">{text!(head)}</th> })}
                    </tr>
                </thead>
                <tbody role="rowgroup">{for report.mail_hosts.iter().map(row)}</tbody>
            </table>
        </section>
    }
}

/// One host.
fn line(row: &MailHost, domain: &DomainName, reports: Option<&Summary>) -> Html {
    let said = reports.map(|summary| said_of(summary, domain, &row.host)).or_else(|| row.reports.clone());
    let key = format!("{} {}", row.preference, row.host);
    html! {
        <tr role="row" {key} data-host={row.host.to_string()} data-policy={cover_shape(row)} data-tlsa={tlsa_shape(row.tlsa.state)}>
            <th role="rowheader" scope="row"><span class="fact">{row.host.as_str()}</span><span class="hint">{tr!(" preference {}", row.preference)}</span></th>
            <td role="cell" data-label="In the policy?">
                <span class="status">{icon(cover_shape(row))}{&row.words.policy}</span>
            </td>
            <td role="cell" data-label="TLSA?">
                <span class="status">{icon(tlsa_shape(row.tlsa.state))}{&row.words.tlsa}</span>
                if let Some(why) = &row.tlsa.why {
                    <span class="hint">{why}</span>
                }
            </td>
            <td role="cell" data-label="What senders do">
                <ul class="plain-list">
                    {for row.words.senders.iter().map(|Senders { who, what }| html! { <li key={who.clone()}><b>{who}</b>{": "}{what}</li> })}
                </ul>
            </td>
            <td role="cell" data-label="Reports say">{reported(said.as_ref())}</td>
        </tr>
    }
}

fn reported(said: Option<&Said>) -> Html {
    let Some(said) = said else { return html! { <span class="hint">{"no reports given"}</span> } };
    let shape = if said.failed_sessions == 0 { "pass" } else { "warn" };
    html! { <span class="status">{icon(shape)}{said.words()}</span> }
}

/// How the place of a host in the policy is marked.
fn cover_shape(row: &MailHost) -> &'static str {
    match (row.policy.state, row.delivery.mta_sts) {
        (Cover::Covered, _) => "pass",
        (Cover::NotCovered, Delivery::Refused) => "fail",
        (Cover::NotCovered, _) => "warn",
        (Cover::NoPolicy, _) => "absent",
        (Cover::Unknown, _) => "unknown",
    }
}

/// How the state of TLSA records is marked.
fn tlsa_shape(state: Tlsa) -> &'static str {
    match state {
        Tlsa::Secure => "pass",
        Tlsa::Insecure | Tlsa::Unusable => "warn",
        Tlsa::None => "absent",
        Tlsa::Bogus => "fail",
        Tlsa::Unknown => "unknown",
    }
}
