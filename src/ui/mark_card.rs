//! A Mark Certificate that was handed over: judged by the engine, shown as a card.

use yew::prelude::*;

use crate::checks::bimi::providers::Certificate;
use crate::name::DomainName;
use crate::web::{MarkAnswer, MarkRequest, News, Octets, Run};

use super::announce::Announce;
use super::hosted::hosted;
use super::icon::icon;
use super::logo_card::LogoCard;
use super::mark_view::mark_view;
use super::named_file::NamedFile;
use super::shared::Shared;

/// Numbers of the logos in certificates begin here.
const EMBEDDED: usize = 100;

/// What is shown and who is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The file.
    pub file: NamedFile,
    /// A number that no other certificate of the page has.
    pub number: usize,
    /// The domain that it should be for.
    pub domain: Option<DomainName>,
    /// The selector of the BIMI record.
    pub selector: String,
    /// The logo that was handed over beside it.
    pub logo: Option<NamedFile>,
    /// Told what it is worth, when that is known.
    #[prop_or_default]
    pub onmark: Callback<Certificate>,
}

/// The card.
#[component]
pub fn MarkCard(props: &Props) -> Html {
    // With the file that it is about: another may have taken the place meanwhile.
    let answered = use_state(|| None::<(NamedFile, Result<Shared<MarkAnswer>, String>)>);
    let embedded = use_state(|| None::<NamedFile>);
    let announce = use_context::<Announce>();
    let question = (props.file.clone(), props.domain.clone(), props.selector.clone(), props.logo.clone());
    use_effect_with(question, {
        let (answer, embedded, onmark) = (answered.setter(), embedded.setter(), props.onmark.clone());
        move |(file, domain, selector, logo)| {
            let octets = |file: &NamedFile| Octets(file.bytes.clone());
            let request = MarkRequest {
                pem: octets(file),
                domain: domain.clone(),
                selector: selector.clone(),
                logo: logo.as_ref().map(octets),
            };
            let (of, name) = (file.clone(), file.name.clone());
            embedded.set(None);
            let run = Run::judge_mark(request, move |news| match news {
                News::Mark(mark) => {
                    if mark.is_mark {
                        onmark.emit(worth(&mark));
                        if let Some(Announce(say)) = &announce {
                            say.emit(spoken(&name, &mark));
                        }
                    }
                    embedded.set(
                        mark.embedded
                            .as_ref()
                            .map(|logo| NamedFile { name: tr!("logo in the certificate"), bytes: logo.0.clone() }),
                    );
                    answer.set(Some((of.clone(), Ok(Shared::from(std::rc::Rc::from(mark))))));
                }
                News::Failed(why) => answer.set(Some((of.clone(), Err(why)))),
                News::Update(_) | News::Judged(_) | News::Brief(_) | News::Stopped => {}
            });
            move || drop(run)
        }
    });
    let answer = answered.as_ref().filter(|(of, _)| *of == props.file).map(|(_, answer)| answer.clone());
    let title = format!("mark-{}-title", props.number);
    let is_mark = !answer.as_ref().is_some_and(|answer| answer.as_ref().is_ok_and(|answer| !answer.is_mark));
    html! {
        <div class="mark-with-logo" hidden={!is_mark}>
            <section class="technology mark-card" aria-labelledby={title.clone()} data-mark={standing(&answer).0}>
                <header>
                    <h3 id={title}>{&props.file.name}<span class="plain">{" — the certificate"}</span></h3>
                    <p class="status" data-status={standing(&answer).0}>{icon(standing(&answer).0)}{text!(standing(&answer).1)}</p>
                </header>
                {match &answer {
                    None => html! { <p class="hint">{"Its signatures are being verified…"}</p> },
                    Some(Err(why)) => html! { <p class="note">{icon("warn")}<span>{why}</span></p> },
                    Some(Ok(answer)) => mark_view(answer, props.domain.as_ref()),
                }}
            </section>
            if let Some(file) = &*embedded {
                {hosted!(LogoCard {
                    file: file.clone(), number: EMBEDDED + props.number, origin: "Taken out of the certificate.",
                    repairs: false,
                })}
            }
        </div>
    }
}

fn is_valid(answer: &MarkAnswer) -> bool {
    answer.verdict.get("valid").is_some_and(|valid| valid == true)
}

fn standing(answer: &Option<Result<Shared<MarkAnswer>, String>>) -> (&'static str, &'static str) {
    match answer {
        None => ("looking", "Looking…"),
        Some(Err(_)) => ("unknown", "Not judged"),
        Some(Ok(answer)) if is_valid(answer) => ("pass", "Valid"),
        Some(Ok(_)) => ("fail", "Not valid"),
    }
}

/// What it is worth to providers.
fn worth(answer: &MarkAnswer) -> Certificate {
    match answer.verdict.get("kind").and_then(|kind| kind.as_str()) {
        _ if !is_valid(answer) => Certificate::Invalid,
        Some("cmc") => Certificate::Common,
        _ => Certificate::Verified,
    }
}

fn spoken(name: &str, answer: &MarkAnswer) -> String {
    if is_valid(answer) {
        tr!("{name} is a valid Mark Certificate.", name)
    } else {
        tr!("{name} is not a valid Mark Certificate.", name)
    }
}
