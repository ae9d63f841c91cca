//! What became of a logo: before, after and the difference, what changed and what was lost, and the new file.

use yew::prelude::*;

use crate::web::{Picture, Repaired, Sight};

use super::canvas::Canvas;
use super::copy_button::CopyButton;
use super::files;
use super::hosted::hosted;
use super::icon::icon;
use super::locale::decimals;
use super::logo_faults::fault_list;
use super::prose::prose;

/// More sentences of one kind are not listed.
const MAX_LISTED: usize = 40;

/// The outcome of a repair.
pub fn repaired_view(repaired: &Repaired, name: &str) -> Html {
    let conforms = repaired.judgement.verdict.conforms;
    let (shape, words) = if conforms {
        ("pass", "The repaired logo conforms to SVG Tiny PS.")
    } else {
        ("fail", "The repaired logo does not conform yet: what is left cannot be mended without changing the drawing.")
    };
    let save = {
        let (svg, name) = (repaired.svg.clone(), new_name(name));
        Callback::from(move |_: MouseEvent| {
            // Nothing to tell where the browser does not take it: there is no file then.
            let _ = files::save(&name, "image/svg+xml", &svg.as_str().into());
        })
    };
    html! {
        <div class="repaired" data-conforms={conforms.to_string()}>
            <p class="sentence">{icon(shape)}{text!(words)}{tr!(" {} bytes.", repaired.svg.len())}</p>
            {match &repaired.sight {
                Ok(sight) => pictures(sight),
                Err(why) => html! { <p class="note">{icon("warn")}<span>{tr!("Before and after could not be compared. {why}", why)}</span></p> },
            }}
            {sentences("What changed", &repaired.changes, "changes")}
            {sentences("What is lost", &repaired.lost, "lost")}
            {fault_list(&repaired.judgement)}
            <p class="buttons">
                <button type="button" class="saver" onclick={save}>{icon("save")}{"Download the repaired logo"}</button>
                {hosted!(CopyButton { text: repaired.svg.clone(), what: word!("the repaired logo") })}
            </p>
        </div>
    }
}

fn pictures(sight: &Sight) -> Html {
    let one = |picture: &Picture, words: &'static str| {
        html! { <figure key={words} class="round-off">{hosted!(Canvas {
            picture: picture.clone(), side: 160, label: word!(words),
        })}<figcaption>{text!(words)}</figcaption></figure> }
    };
    let percent = decimals(sight.percent, 2);
    html! {
        <div class="sight">
            <div class="pictures">
                {one(&sight.before, "Before")}
                {one(&sight.after, "After")}
                {one(&sight.difference, "Difference")}
            </div>
            <p class="hint" data-percent={percent.clone()}>
                {if sight.percent == 0.0 { tr!("Before and after are the same, pixel by pixel.") } else { tr!("Before and after differ by {percent} % on average; the difference is drawn on black.", percent) }}
            </p>
        </div>
    }
}

fn sentences(title: &'static str, all: &[String], class: &'static str) -> Html {
    html! {
        <div class={class} hidden={all.is_empty()}>
            <h5>{text!(title)}</h5>
            <ul class="bullets">{for all.iter().take(MAX_LISTED).enumerate().map(|(key, sentence)| html! { <li {key}>{prose(sentence)}</li> })}</ul>
            if all.len() > MAX_LISTED {
                <p class="hint">{tr!("and {} more", all.len() - MAX_LISTED)}</p>
            }
        </div>
    }
}

/// `logo.svgz` becomes `logo-tiny-ps.svg`.
fn new_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = stem.strip_suffix(".svg").unwrap_or(stem);
    format!("{stem}-tiny-ps.svg")
}
