//! A picture as pixels: no drawing of somebody else's ever becomes part of the document.

use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::prelude::*;

use crate::web::Picture;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The pixels.
    pub picture: Picture,
    /// How long a side is on the page, in CSS pixels, where the style sheet is to know.
    #[prop_or_default]
    pub side: Option<u32>,
    /// What it shows; empty where words beside it say so.
    #[prop_or_default]
    pub label: AttrValue,
}

/// The picture.
#[component]
pub fn Canvas(props: &Props) -> Html {
    let node = use_node_ref();
    use_effect_with(props.picture.clone(), {
        let node = node.clone();
        move |picture| {
            if let Some(canvas) = node.cast::<HtmlCanvasElement>() {
                // A canvas that cannot be drawn on stays empty; the words beside it remain.
                let _ = paint(&canvas, picture);
            }
        }
    });
    let Picture { width, height, .. } = &props.picture;
    let silent = props.label.is_empty();
    html! {
        <canvas
            ref={node} width={width.to_string()} height={height.to_string()} data-side={props.side.map(|side| side.to_string())}
            role={(!silent).then_some("img")} aria-label={(!silent).then(|| props.label.clone())} aria-hidden={silent.then_some("true")}
        />
    }
}

fn paint(canvas: &HtmlCanvasElement, picture: &Picture) -> Option<()> {
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let pixels = Clamped(&*picture.rgba.0);
    let image = ImageData::new_with_u8_clamped_array_and_sh(pixels, picture.width, picture.height).ok()?;
    context.put_image_data(&image, 0.0, 0.0).ok()
}
