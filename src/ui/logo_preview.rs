//! How a logo looks in inboxes: rows in the styles that mail programs have, drawn by this page after none in particular,
//! in light and dark, and every size in both crops.

use yew::prelude::*;

use crate::say;
use crate::web::{Drawn, Picture};

use super::canvas::Canvas;
use super::hosted::hosted;
use super::use_lab::SIDES;

/// A style of inbox: what it is called, the side of the logo, its crop.
struct Style {
    name: &'static str,
    class: &'static str,
    side: u32,
    crop: &'static str,
    mail: &'static str,
}

const STYLES: [Style; 4] = [
    Style { name: "A list on the web", class: "row", side: 32, crop: "round", mail: "Your order is on its way" },
    Style { name: "A telephone", class: "row tall", side: 48, crop: "round", mail: "Your order is on its way" },
    Style { name: "A dense list", class: "row dense", side: 24, crop: "rounded", mail: "Your order is on its way" },
    Style { name: "An opened mail", class: "row open", side: 64, crop: "rounded", mail: "Your order is on its way" },
];

/// The inboxes and the sizes, light and dark.
pub fn preview(drawn: &Drawn, name: &str) -> Html {
    html! {
        <figure class="preview">
            <figcaption><h4>{"How it looks"}</h4></figcaption>
            <div class="schemes">
                {panel("light", drawn, name)}
                {panel("dark", drawn, name)}
            </div>
        </figure>
    }
}

/// The picture with this side, where it was drawn.
pub fn picture(drawn: &Drawn, side: u32) -> Option<&Picture> {
    let at = SIDES.iter().position(|other| *other == side)?;
    drawn.pictures.get(at)
}

fn panel(scheme: &'static str, drawn: &Drawn, name: &str) -> Html {
    html! {
        <div key={scheme} class="inbox" data-scheme={scheme} role="group" aria-label={tr!("{name} on a {scheme} ground", name, scheme)}>
            {for STYLES.iter().map(|style| row(style, drawn, scheme))}
            {for ["round", "rounded"].into_iter().map(|crop| sizes(crop, drawn, scheme))}
        </div>
    }
}

/// One row of an inbox.
fn row(style: &Style, drawn: &Drawn, scheme: &str) -> Html {
    let label = tr!("The logo in {}, {} pixels, {}, {scheme}", say::known(style.name), style.side, style.crop, scheme);
    html! {
        <div key={style.name} class={style.class}>
            <span class={style.crop}>
                if let Some(picture) = picture(drawn, style.side) {
                    {hosted!(Canvas { picture: picture.clone(), side: style.side, label })}
                }
            </span>
            <span class="mail">
                <b>{"Your brand"}</b>
                <span>{text!(style.mail)}</span>
            </span>
            <span class="style">{text!(style.name)}</span>
        </div>
    }
}

/// Every size in one crop.
fn sizes(crop: &'static str, drawn: &Drawn, scheme: &str) -> Html {
    let label = tr!("The logo cut {crop}, 24 to 96 pixels, {scheme}", crop, scheme);
    html! {
        <div key={crop} class="sizes" role="img" aria-label={label}>
            {for SIDES.iter().filter_map(|side| Some((side, picture(drawn, *side)?))).map(|(side, picture)| html! {
                <span key={*side} class={crop} data-label={side.to_string()}>
                    {hosted!(Canvas { picture: picture.clone(), side: *side })}
                </span>
            })}
        </div>
    }
}
