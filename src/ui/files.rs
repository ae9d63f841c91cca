//! What the page asks of the browser: listeners, files in and out, the clipboard, jumps within the page.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Event, EventTarget, HtmlAnchorElement, HtmlElement, Url};

use crate::intake::MAX_FILE;

/// Listens until it is dropped.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Listens for events of one kind.
    pub fn new(target: &EventTarget, kind: &'static str, react: impl Fn(Event) + 'static) -> Self {
        let closure = Closure::<dyn Fn(Event)>::new(react);
        // Fails for no event target that a page has; a page without the listener still works.
        let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), kind, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.kind, self.closure.as_ref().unchecked_ref());
    }
}

/// The bytes of a file, or why there are none.
pub async fn bytes(file: &Blob) -> Result<Vec<u8>, String> {
    // The size is a whole number far below 2^53.
    if file.size() > MAX_FILE as f64 {
        return Err(tr!("the file is larger than {} MB, which no evidence needs", MAX_FILE / (1024 * 1024)));
    }
    match JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => Ok(js_sys::Uint8Array::new(&buffer).to_vec()),
        Err(_) => Err(tr!("the browser could not read the file")),
    }
}

/// Hands a text or an array of bytes to the user as a file.
pub fn save(name: &str, kind: &str, content: &wasm_bindgen::JsValue) -> Option<()> {
    let parts = js_sys::Array::of1(content);
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_blob_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: HtmlAnchorElement = web_sys::window()?.document()?.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The download has taken its own hold on the blob once the click is handled; later frees what is left.
    yew::platform::spawn_local(async move {
        yew::platform::time::sleep(std::time::Duration::from_secs(10)).await;
        let _ = Url::revoke_object_url(&url);
    });
    Some(())
}

/// Puts a text on the clipboard; `false` where the browser refuses.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let navigator = window.navigator();
    // Outside secure contexts there is no clipboard at all, and the typed binding would throw.
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|value| !value.is_undefined());
    has_clipboard && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Scrolls to an element, or to the first finding of that identifier, and moves the focus there, without touching the
/// address, which holds the check.
pub fn jump(id: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let finding = || document.query_selector(&format!("[data-finding=\"{}\"]", id.replace(['"', '\\'], ""))).ok()?;
    let element = document.get_element_by_id(id).or_else(finding);
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
    if element.tab_index() < 0 && !element.has_attribute("tabindex") {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let _ = element.focus();
    element.scroll_into_view();
}
