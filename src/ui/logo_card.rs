//! One logo: the verdict, how it looks, and its repair.

use yew::prelude::*;

use crate::say;
use crate::web::Judgement;

use super::hosted::hosted;
use super::icon::icon;
use super::logo_faults::fault_list;
use super::logo_preview::preview;
use super::logo_repair::LogoRepair;
use super::logo_seen::seen_list;
use super::named_file::NamedFile;
use super::use_lab::{Looked, use_lab};
use super::words::number;

/// What is shown and who is told.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The logo.
    pub file: NamedFile,
    /// A number that no other logo of the page has.
    pub number: usize,
    /// Where it is from, as a sentence.
    #[prop_or_default]
    pub origin: AttrValue,
    /// Whether a repair is offered.
    #[prop_or(true)]
    pub repairs: bool,
    /// Told whether it conforms, when that is known.
    #[prop_or_default]
    pub onjudged: Callback<bool>,
}

/// The card.
#[component]
pub fn LogoCard(props: &Props) -> Html {
    let looked = use_lab(&props.file);
    use_effect_with(looked.judged.clone(), {
        let onjudged = props.onjudged.clone();
        move |judged| {
            if let Some(Ok(judgement)) = judged.as_deref() {
                onjudged.emit(judgement.verdict.conforms);
            }
        }
    });
    let title = format!("logo-{}-title", props.number);
    let (state, shape, word) = standing(&looked);
    html! {
        <section class="technology logo" aria-labelledby={title.clone()} data-logo={state} data-name={props.file.name.clone()} aria-busy={looked.drawn.is_none().to_string()}>
            <header>
                <h3 id={title}>{&props.file.name}<span class="plain">{" — the logo"}</span></h3>
                <p class="status" data-status={state}>{icon(shape)}{text!(word)}</p>
            </header>
            if !props.origin.is_empty() {
                <p class="hint">{say::known(&props.origin).into_owned()}</p>
            }
            {match looked.judged.as_deref() {
                None => html! { <p class="hint">{"The lab is looking at it…"}</p> },
                Some(Err(why)) => html! { <p class="note stopped">{icon("warn")}<span>{tr!("It could not be judged. {why}", why)}</span></p> },
                Some(Ok(judgement)) => html! {
                    <div class="judged">
                        <p class="sentence">{sentence(judgement)}</p>
                        <p class="hint">{facts(judgement)}</p>
                        {fault_list(judgement)}
                    </div>
                },
            }}
            {match looked.drawn.as_deref() {
                None => Html::default(),
                Some(Err(why)) => html! { <p class="note stopped">{icon("warn")}<span>{tr!("It could not be drawn. {why}", why)}</span></p> },
                Some(Ok(drawn)) => html! { <div class="drawn">{seen_list(&drawn.seen)}{preview(drawn, &props.file.name)}</div> },
            }}
            <div class="mending" hidden={!props.repairs}>
                if props.repairs {
                    {hosted!(LogoRepair {
                        file: props.file.clone(), number: props.number,
                        conforms: looked.judged.as_deref().is_some_and(is_good),
                    })}
                }
            </div>
        </section>
    }
}

fn is_good(judged: &Result<Judgement, String>) -> bool {
    judged.as_ref().is_ok_and(|judgement| judgement.verdict.conforms)
}

/// The identifier of how it stands, its icon and its word.
fn standing(looked: &Looked) -> (&'static str, &'static str, &'static str) {
    match looked.judged.as_deref() {
        None => ("looking", "looking", "Looking…"),
        Some(Err(_)) => ("unknown", "unknown", "Not judged"),
        Some(Ok(judgement))
            if judgement.verdict.conforms && looked.drawn.as_deref().is_some_and(|drawn| drawn.is_err()) =>
        {
            ("warn", "warn", "Conforms, but cannot be drawn")
        }
        Some(Ok(judgement)) if judgement.verdict.conforms && judgement.verdict.faults.is_empty() => {
            ("pass", "pass", "Conforms")
        }
        Some(Ok(judgement)) if judgement.verdict.conforms => ("warn", "warn", "Conforms, with warnings"),
        Some(Ok(_)) => ("fail", "fail", "Does not conform"),
    }
}

/// The verdict in one sentence.
fn sentence(Judgement { verdict, .. }: &Judgement) -> String {
    let all = verdict.faults.len() + verdict.more_faults;
    if verdict.conforms && all == 0 {
        return tr!("It conforms to SVG Tiny PS: nothing in the file keeps a receiver from showing it.");
    }
    let places = tr!("{n} place" | "{n} places" % all);
    if verdict.conforms {
        return tr!("It conforms to SVG Tiny PS; {places} could be better.", places);
    }
    tr!("It does not conform to SVG Tiny PS, so receivers will not show it: {places} to look at, below.", places)
}

/// What the file is.
fn facts(Judgement { verdict, .. }: &Judgement) -> String {
    let size = tr!("{} bytes{}", verdict.size, if verdict.compressed { " unpacked (SVGZ)" } else { "" });
    let title = match verdict.title.as_deref() {
        Some(title) => tr!("title “{title}”", title),
        None => tr!("no title"),
    };
    match verdict.view_box {
        Some(numbers) => tr!("{size} · {title} · viewBox {}", numbers.map(number).join(" "), size, title),
        None => tr!("{size} · {title} · no viewBox", size, title),
    }
}
