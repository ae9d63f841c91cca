//! Logos and Mark Certificates: those that were dropped, chosen or pasted, and those that a check has found.

use yew::prelude::*;

use crate::checks::bimi::providers::{Certificate, Known};
use crate::intake::Kind;
use crate::name::DomainName;
use crate::say;
use crate::web::Update;

use super::files;
use super::found_mark::found_mark;
use super::hosted::hosted;
use super::logo_card::LogoCard;
use super::mark_card::MarkCard;
use super::named_file::NamedFile;
use super::providers_table::providers_table;
use super::shared::Shared;
use super::supplied::Supplied;
use super::unread::{Unread, unread};

/// More files are not looked at at once; the newest are.
const MAX_FILES: usize = 6;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Everything supplied.
    pub supplied: Vec<Supplied>,
    /// The domain that it is for, where one is typed.
    pub domain: Option<DomainName>,
    /// The selector of the BIMI record.
    pub selector: String,
    /// The report, when it is final.
    pub update: Option<Shared<Update>>,
    /// Whether nothing may be asked of others.
    pub offline: bool,
}

/// The section.
#[component]
pub fn Logos(props: &Props) -> Html {
    let judged = use_state(|| None::<bool>);
    let certificate = use_state(|| None::<Certificate>);
    let drawings = of_kind(&props.supplied, Kind::Svg);
    let marks = of_kind(&props.supplied, Kind::Pem);
    let newest = drawings.first().or(marks.first()).cloned();
    use_effect_with(newest, {
        let (judged, certificate) = (judged.setter(), certificate.setter());
        move |newest| {
            judged.set(None);
            certificate.set(None);
            if newest.is_some() {
                files::jump("logos-title");
            }
        }
    });
    let fetched = fetched(props.update.as_deref());
    let known = known(props.update.as_deref(), *judged, *certificate);
    let onjudged = Callback::from(move |conforms| judged.set(Some(conforms)));
    let onmark = Callback::from(move |found| certificate.set(Some(found)));
    let supplied_logo = drawings.first().cloned();
    let (own, has_marks) = (drawings.len(), !marks.is_empty());
    html! {
        <section id="logos" aria-labelledby="logos-title">
            <h2 id="logos-title">{"Logo and certificate"}</h2>
            // Each list by itself: a card that moved would begin anew.
            <>{for drawings.into_iter().enumerate().map(|(number, file)| {
                let onjudged = if number == 0 { onjudged.clone() } else { Callback::noop() };
                hosted!(LogoCard { file, number, onjudged }, key = &format!("logo {number}"))
            })}</>
            <>{for fetched.into_iter().enumerate().map(|(number, (file, origin))| {
                hosted!(LogoCard { file, number: own + number, origin, repairs: number == 0 }, key = &format!("found {number}"))
            })}</>
            <>{for marks.into_iter().enumerate().map(|(number, file)| {
                let onmark = if number == 0 { onmark.clone() } else { Callback::noop() };
                hosted!(MarkCard {
                    file, number, domain: props.domain.clone(), selector: props.selector.clone(),
                    logo: supplied_logo.clone(), onmark,
                }, key = &format!("mark {number}"))
            })}</>
            <>
                if !has_marks {
                    {found_mark(props.update.as_deref())}
                }
            </>
            <>{for unread(props.update.as_deref()).into_iter().map(|(what, url)| {
                hosted!(Unread { what, url, probes: !props.offline }, key = what.id())
            })}</>
            {providers_table(&known)}
        </section>
    }
}

/// Whether there is anything to show.
pub fn has_logos(supplied: &[Supplied]) -> bool {
    !of_kind(supplied, Kind::Svg).is_empty() || !of_kind(supplied, Kind::Pem).is_empty()
}

/// Whether a report has found anything to show.
pub fn has_found(update: &Update) -> bool {
    !fetched(Some(update)).is_empty() || !unread(Some(update)).is_empty()
}

/// The newest files of a kind, newest first.
fn of_kind(supplied: &[Supplied], kind: Kind) -> Vec<NamedFile> {
    let is_of = |one: &&Supplied| one.read.as_ref().is_ok_and(|reading| reading.kind == kind);
    supplied.iter().rev().filter(is_of).take(MAX_FILES).map(Supplied::file).collect()
}

/// What a check has fetched, and where it is from.
fn fetched(update: Option<&Update>) -> Vec<(NamedFile, &'static str)> {
    let Some(update) = update else { return Vec::new() };
    let found = [
        (&update.logo, "logo of the domain", "Fetched from the address in the BIMI record."),
        (&update.embedded_logo, "logo in the certificate", "Taken out of the domain’s Mark Certificate."),
    ];
    let read = found.into_iter().filter_map(|(octets, name, origin)| {
        Some((NamedFile { name: say::known(name).into_owned(), bytes: octets.as_ref()?.0.clone() }, origin))
    });
    read.collect()
}

/// What is known for the providers: files at hand go before what the report says.
fn known(update: Option<&Update>, judged: Option<bool>, certificate: Option<Certificate>) -> Known {
    let detail = update.and_then(|update| {
        let report = &update.assessment.report;
        report.technology(crate::records::Technology::Bimi).map(|bimi| &bimi.detail)
    });
    let says = |path: &str| detail.and_then(|detail| detail.pointer(path));
    let has_record = || says("/asked").map(|_| says("/logo").is_some_and(|logo| logo.is_string()));
    let published = || match (says("/mark/valid")?.as_bool()?, says("/mark/kind")?.as_str()) {
        (false, _) => Some(Certificate::Invalid),
        (true, Some("cmc")) => Some(Certificate::Common),
        (true, _) => Some(Certificate::Verified),
    };
    let absent =
        || (has_record()? && says("/certificate").is_none_or(|url| url.is_null())).then_some(Certificate::Absent);
    Known {
        record: has_record(),
        enforcement: says("/dmarc_enforcing").and_then(|met| met.as_bool()),
        logo: judged.or_else(|| says("/logo_file/conforms").and_then(|conforms| conforms.as_bool())),
        certificate: certificate.or_else(published).or_else(absent).unwrap_or_default(),
    }
}
