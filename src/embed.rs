//! What `<mx-ray>` and the JavaScript API ask of the core. Every value comes in and goes out through serde-wasm-bindgen;
//! what the words of the API mean for JavaScript stands in `www/widget`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JSON, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

use crate::assess::{Assessment, assess};
use crate::checks::Options;
use crate::dnssec::Anchor;
use crate::evidence::Evidence;
use crate::input::Typed;
use crate::intake::MAX_FILE;
use crate::records::Technology;
use crate::report::Written;
use crate::source::{Session, Settings};
use crate::time::UnixTime;
use crate::wanted::{Want, Wanted};
use crate::web::clock::{milliseconds, now};
use crate::web::domain_from_input;
use crate::web::run::Run;

/// How long what a stopped check has learnt is good for a new start, in milliseconds: shorter than most records live.
const KEPT_FOR: f64 = 60_000.0;
/// Most stopped checks whose evidence is kept; a page rarely shows more domains.
const MOST_KEPT: usize = 16;

/// What else a caller asks for; names as in JavaScript.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wishes {
    resolvers: Vec<String>,
    selectors: Vec<String>,
    bimi_selector: Option<String>,
    anchors: Vec<String>,
    mark_roots: Option<String>,
    relay: Option<String>,
    at: Option<String>,
}

/// What a check has to say; the last word is a report or a fault.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum News<'a> {
    Progress { answered: usize, asked: usize },
    Report { report: Written<'a>, international: Option<&'a str> },
    Fault(&'a Fault),
}

/// Why there is no report.
#[derive(Debug, Serialize)]
struct Fault {
    code: Code,
    message: String,
}

/// What kind of reason.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Code {
    /// There is no domain in what was given.
    Domain,
    /// An option cannot be understood.
    Options,
    /// The evidence cannot be read.
    Evidence,
    /// No resolver answers.
    Resolver,
    /// The parts do not understand each other.
    Load,
}

/// The core's answer to evidence alone.
#[derive(Serialize)]
struct Assessed<'a> {
    report: Written<'a>,
    wanted: Vec<Missing<'a>>,
}

/// One look-up that would tell more.
#[derive(Serialize)]
struct Missing<'a> {
    #[serde(flatten)]
    what: Question<'a>,
    technologies: &'a [Technology],
}

/// What to look up.
#[derive(Serialize)]
#[serde(untagged)]
enum Question<'a> {
    Dns {
        name: &'a str,
        #[serde(rename = "type")]
        record_type: String,
    },
    Https {
        url: &'a str,
    },
}

/// A check under way.
pub struct Check {
    run: Run<Assessment>,
    key: (Typed, Wishes),
}

/// What a stopped check has learnt.
struct Kept {
    key: (Typed, Wishes),
    evidence: Rc<Evidence>,
    until: f64,
}

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

impl Check {
    /// Starts a check. `tell` is called after this has returned: with progress, a few times a second, and last and
    /// exactly once with a report or a fault.
    pub fn start(domain: &str, options: JsValue, tell: Function) -> Result<Self, JsValue> {
        let (typed, wishes, options) = understood(domain, options).map_err(|fault| value(&fault))?;
        let settings = Settings {
            resolvers: wishes.resolvers.clone(),
            own_origin: own_origin(),
            offline: false,
            probe: true,
            keep_failures: false,
            private_hosts: false,
            relay: wishes.relay.clone(),
        };
        let key = (typed, wishes);
        let known = remembered(&key).map(Rc::unwrap_or_clone).unwrap_or_default();
        let session = Session::new(key.0.domain.clone(), options, settings, known, now());
        let international = key.0.international.clone();
        let run = Run::start(session, move |session| {
            let news = news(session, international.as_deref());
            // A listener that throws has nobody to tell.
            let _ = tell.call1(&JsValue::UNDEFINED, &news);
        });
        Ok(Self { run, key })
    }

    /// Ends it: every request is aborted. What it has learnt is there for a new start within a minute.
    pub fn stop(self) {
        let evidence = self.run.evidence();
        drop(self.run);
        KEPT.with_borrow_mut(|kept| {
            kept.retain(|other| other.key != self.key);
            if kept.len() >= MOST_KEPT {
                kept.remove(0);
            }
            kept.push(Kept { key: self.key, evidence, until: milliseconds() + KEPT_FOR });
        });
    }
}

/// Judges a domain by evidence alone: an `mxray-evidence/1` object, or the text of such a file.
pub fn assess_values(domain: &str, options: JsValue, evidence: &JsValue) -> Result<JsValue, JsValue> {
    let judged = understood(domain, options).and_then(|(typed, wishes, options)| {
        let evidence = read_evidence(evidence)?;
        let at = match &wishes.at {
            Some(text) => {
                UnixTime::parse_rfc3339(text).map_err(|error| fault(Code::Options, format!("at: {error}")))?
            }
            None => evidence.taken_at.unwrap_or_else(now),
        };
        Ok(assess(&typed.domain, &options, &evidence, at))
    });
    let assessment = judged.map_err(|fault| value(&fault))?;
    let wanted = assessment.wanted.iter().map(missing).collect();
    Ok(value(&Assessed { report: assessment.report.written(), wanted }))
}

/// How a check stands.
fn news(session: &Session<Assessment>, international: Option<&str>) -> JsValue {
    let progress = session.progress();
    if !session.is_finished() {
        return value(&News::Progress { answered: progress.answered, asked: progress.asked });
    }
    let resolvers = session.resolvers();
    if resolvers.iter().all(|resolver| resolver.answered == 0) {
        let why = resolvers.iter().find_map(|resolver| Some((&resolver.url, resolver.last_failure.as_ref()?)));
        let message = match why {
            Some((url, why)) => format!("No DNS-over-HTTPS resolver answered. {url}: {why}."),
            None => "No DNS-over-HTTPS resolver answered.".to_owned(),
        };
        return value(&News::Fault(&fault(Code::Resolver, message)));
    }
    value(&News::Report { report: session.verdict().report.written(), international })
}

/// What a caller asks for, understood.
fn understood(domain: &str, options: JsValue) -> Result<(Typed, Wishes, Options), Fault> {
    let wishes: Wishes = match options.is_undefined() || options.is_null() {
        true => Wishes::default(),
        false => serde_wasm_bindgen::from_value(options).map_err(|error| fault(Code::Options, error.to_string()))?,
    };
    let typed = domain_from_input(domain).map_err(|error| fault(Code::Domain, error.to_string()))?;
    let mut options = Options { selectors: wishes.selectors.clone(), ..Options::default() };
    options.mark_roots.clone_from(&wishes.mark_roots);
    if !wishes.anchors.is_empty() {
        options.anchors = Anchor::read(&wishes.anchors.join("\n"))
            .map_err(|error| fault(Code::Options, format!("Trust anchors: {error}.")))?;
    }
    if let Some(selector) = &wishes.bimi_selector {
        options.set_bimi(selector);
    }
    Ok((typed, wishes, options))
}

/// Evidence as JavaScript has it: an object, or the text of a file.
fn read_evidence(evidence: &JsValue) -> Result<Evidence, Fault> {
    let text = match evidence.as_string() {
        Some(text) => text,
        // What JSON cannot say (a circle, a BigInt) throws.
        None => JSON::stringify(evidence)
            .ok()
            .and_then(|text| text.dyn_into::<js_sys::JsString>().ok())
            .map(String::from)
            .ok_or_else(|| fault(Code::Evidence, "The evidence is no JSON.".to_owned()))?,
    };
    if text.len() > MAX_FILE {
        return Err(fault(Code::Evidence, format!("The evidence is longer than {MAX_FILE} bytes.")));
    }
    Evidence::from_json(text.as_bytes()).map_err(|error| fault(Code::Evidence, format!("The evidence: {error}.")))
}

/// What a stopped check for the same has learnt, where that is still fresh.
fn remembered(key: &(Typed, Wishes)) -> Option<Rc<Evidence>> {
    let now = milliseconds();
    KEPT.with_borrow_mut(|kept| {
        kept.retain(|one| one.until > now);
        let at = kept.iter().position(|one| one.key == *key)?;
        Some(kept.remove(at).evidence)
    })
}

/// The origin of whoever runs this, a page or a worker: it may be asked over plain `http`.
fn own_origin() -> Option<String> {
    let location = Reflect::get(&js_sys::global(), &"location".into()).ok()?;
    Reflect::get(&location, &"origin".into()).ok()?.as_string()
}

fn missing(wanted: &Wanted) -> Missing<'_> {
    let what = match &wanted.want {
        Want::Dns { name, record_type } => Question::Dns { name: name.as_str(), record_type: record_type.to_string() },
        Want::Https { url, .. } => Question::Https { url },
    };
    Missing { what, technologies: &wanted.technologies }
}

fn fault(code: Code, message: String) -> Fault {
    Fault { code, message }
}

/// A value for JavaScript, as its JSON would be. What cannot be one is told as a fault of the parts themselves.
fn value(it: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    it.serialize(&serializer).unwrap_or_else(|error| {
        let told = Fault { code: Code::Load, message: error.to_string() };
        News::Fault(&told).serialize(&serializer).unwrap_or_default()
    })
}
