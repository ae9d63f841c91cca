//! A logo or certificate that the page may not read: what can be seen of it all the same, and how to hand it over.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, HtmlImageElement};
use yew::prelude::*;

use crate::records::Technology;
use crate::web::Update;

use super::icon::icon;

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The logo, at l=.
    Logo,
    /// The certificate, at a=.
    Certificate,
}

impl What {
    /// Its identifier in the document.
    pub fn id(self) -> &'static str {
        match self {
            Self::Logo => "unread-logo",
            Self::Certificate => "unread-certificate",
        }
    }
}

/// The files that a report names and that were not read.
pub fn unread(update: Option<&Update>) -> Vec<(What, String)> {
    let Some(bimi) = update.and_then(|update| update.assessment.report.technology(Technology::Bimi)) else {
        return Vec::new();
    };
    let says = |path: &str| bimi.detail.pointer(path);
    let is_unread = |path: &str| {
        let grade = says(path).and_then(|grade| grade.as_str());
        matches!(grade, Some("reachable" | "unknown"))
    };
    let files = [
        (What::Logo, "/logo", is_unread("/logo_file/grade")),
        (What::Certificate, "/certificate", is_unread("/certificate_file/grade")),
    ];
    let missing = files.into_iter().filter(|(.., unread)| *unread).filter_map(|(what, path, _)| {
        let url = says(path)?.as_str().filter(|url| url.starts_with("https://"))?;
        Some((what, url.to_owned()))
    });
    missing.collect()
}

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Which file.
    pub what: What,
    /// Its address.
    pub url: String,
    /// Whether the browser may be asked to load it as a picture.
    pub probes: bool,
}

/// What loading the file as a picture has shown.
#[derive(Clone, Copy, PartialEq)]
enum Probe {
    Waiting,
    /// It loaded, with this size.
    Displayed(u32, u32),
    Refused,
}

/// The note.
#[component]
pub fn Unread(props: &Props) -> Html {
    let probe = use_state(|| Probe::Waiting);
    let wanted = props.probes && props.what == What::Logo;
    use_effect_with((props.url.clone(), wanted), {
        let probe = probe.setter();
        move |(url, wanted)| {
            let loading = wanted.then(|| load(url, probe)).flatten();
            move || drop(loading)
        }
    });
    let grade = match *probe {
        Probe::Displayed(..) => "displayed",
        Probe::Waiting | Probe::Refused => "unknown",
    };
    let (heading, file) = match props.what {
        What::Logo => ("The logo could not be read", "logo"),
        What::Certificate => ("The certificate could not be read", "certificate"),
    };
    html! {
        <section id={props.what.id()} class="technology unread" aria-labelledby={format!("{}-title", props.what.id())} data-grade={grade}>
            <header>
                <h3 id={format!("{}-title", props.what.id())}>{text!(heading)}</h3>
                <p class="status">{icon("unknown")}{"Unknown"}</p>
            </header>
            <p>
                {if props.probes {
                    text!("Its host lets no other page read it (there is no CORS header), or it did not answer; a browser does not tell which.")
                } else {
                    text!("Nobody was asked for it: only what you supply is used.")
                }}
            </p>
            if wanted {
                <p class="proof">{proof(*probe)}</p>
            }
            <p>
                {parts!("Open {0}, save it, and drop the file on this page: the {1} is judged here, and the check goes on with it.",
                    html! { <a href={props.url.clone()} rel="noreferrer noopener" target="_blank">{&props.url}</a> }, text!(file))}
            </p>
        </section>
    }
}

fn proof(probe: Probe) -> String {
    match probe {
        Probe::Waiting => tr!("As a picture it has not loaded yet."),
        Probe::Displayed(width, height) => {
            let size = if width > 0 && height > 0 {
                tr!(", {width} by {height} pixels", width, height)
            } else {
                String::new()
            };
            tr!(
                "As a picture it loads{size}: it is there, well-formed, and served as an image with a certificate that this browser accepts. Whether it conforms to SVG Tiny PS cannot be seen this way.",
                size
            )
        }
        Probe::Refused => tr!(
            "As a picture it does not load: it is not there, not served as image/svg+xml, not well-formed, or something in this browser blocks it."
        ),
    }
}

/// A picture that loads outside the document; nothing more is heard of it when this is dropped.
struct Loading {
    image: HtmlImageElement,
    _listener: Closure<dyn Fn(Event)>,
}

impl Drop for Loading {
    fn drop(&mut self) {
        self.image.set_onload(None);
        self.image.set_onerror(None);
    }
}

/// Has the browser load a picture, as every page may; its pixels stay hidden from the page.
fn load(url: &str, probe: UseStateSetter<Probe>) -> Option<Loading> {
    let image = HtmlImageElement::new().ok()?;
    let listener = Closure::<dyn Fn(Event)>::new({
        let image = image.clone();
        move |event: Event| {
            let loaded = event.type_() == "load";
            probe.set(if loaded {
                Probe::Displayed(image.natural_width(), image.natural_height())
            } else {
                Probe::Refused
            });
        }
    });
    image.set_onload(Some(listener.as_ref().unchecked_ref()));
    image.set_onerror(Some(listener.as_ref().unchecked_ref()));
    image.set_referrer_policy("no-referrer");
    image.set_src(url);
    Some(Loading { image, _listener: listener })
}
