//! What failures have to do with the domain that is checked, each with the way to the finding about it.

use yew::prelude::*;

use crate::report::{Report, tls_facts};
use crate::reports::{Summary, Tie, TieKind, tie};
use crate::say;

use super::icon::icon;
use super::prose::prose;

/// A tie, and where the report of the domain speaks of it.
#[derive(Clone, PartialEq)]
pub struct Tied {
    /// The tie.
    pub tie: Tie,
    /// The finding, else the technology.
    pub place: &'static str,
    /// What stands there.
    pub what: String,
}

/// Everything that ties the reports to a domain.
pub fn ties(summary: &Summary, report: &Report) -> Vec<Tied> {
    let ties = tie(summary, &tls_facts(report)).into_iter();
    let tied = ties.map(|tie| {
        let (findings, section, name) = places(tie.kind);
        let found = findings.iter().find_map(|id| {
            let about = report.findings.iter().find(|finding| finding.id == **id)?;
            Some((*id, about.title.clone()))
        });
        let (place, what) = found.unwrap_or_else(|| (section, say::known(name).into_owned()));
        Tied { tie, place, what }
    });
    tied.collect()
}

/// The findings that may speak of it, the most telling one first, and the section where none does.
fn places(kind: TieKind) -> (&'static [&'static str], &'static str, &'static str) {
    match kind {
        TieKind::HostNotInPolicy => (&["mta-sts.mx-not-covered", "mta-sts.covers"], "tech-mta-sts", "MTA-STS"),
        TieKind::CertificateOfHost => (&["mta-sts.covers"], "tech-mta-sts", "MTA-STS"),
        TieKind::PolicyChanged => (&["mta-sts.policy"], "tech-mta-sts", "MTA-STS"),
        TieKind::NotDelivered => (&["mta-sts.enforce", "mta-sts.mode"], "tech-mta-sts", "MTA-STS"),
        TieKind::HostNotAnMx => (&["mx.hosts"], "tech-mx", "Mail servers"),
        TieKind::NoTlsaNow => (&["dane.partial", "dane.missing"], "tech-dane", "DANE"),
        TieKind::TlsaOfHost => {
            (&["dane.certificate-mismatch", "dane.bogus", "dane.unusable", "dane.records"], "tech-dane", "DANE")
        }
    }
}

/// The ties as a list; nothing where there are none.
pub fn tie_list<'t>(ties: impl Iterator<Item = &'t Tied>) -> Html {
    let items: Vec<Html> = ties.enumerate().map(item).collect();
    if items.is_empty() {
        return Html::default();
    }
    html! { <ul class="ties">{for items}</ul> }
}

fn item((key, tied): (usize, &Tied)) -> Html {
    let mut title = tied.tie.title.clone();
    if let Some(first) = title.get(..1).filter(|_| tied.tie.host.is_empty()) {
        title = format!("{}{}", first.to_ascii_uppercase(), title.get(1..).unwrap_or_default());
    }
    html! {
        <li {key} data-tie={tied.tie.host.clone()}>
            {icon("info")}{" "}{prose(&title)}{". "}
            <a href={format!("#{}", tied.place)}>{prose(&tied.what)}</a>
        </li>
    }
}
