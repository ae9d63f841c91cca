//! How the page starts.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use web_sys::{Document, HtmlInputElement};

use crate::web::engine;

use super::app::{App, Props};
use super::language;

/// Takes over the static page: what was typed into it before is kept.
pub fn start() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    yew::set_custom_panic_hook(Box::new(|info| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
        engine::show_crash();
    }));
    language::take();
    engine::prepare();
    let Some(root) = document.get_element_by_id("app") else { return };
    let typed = field(&document).map(|field| field.value()).unwrap_or_default();
    let had_focus = document.active_element().is_some_and(|element| element.id() == "domain");
    let submitted = document.document_element().is_some_and(|element| element.has_attribute("data-submitted"));
    yew::Renderer::<App>::with_root_and_props(root, Props { typed, submitted }).render();
    if had_focus {
        yew::platform::spawn_local(async move {
            yew::platform::time::sleep(std::time::Duration::ZERO).await;
            if let Some(field) = field(&document) {
                let _ = field.focus();
            }
        });
    }
}

fn field(document: &Document) -> Option<HtmlInputElement> {
    document.get_element_by_id("domain")?.dyn_into().ok()
}
