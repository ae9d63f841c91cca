//! The page's side of a check: runs are started and stopped here and go on in a worker.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlElement, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::clock::sleep;
use super::drawing::Octets;
use super::message::{GARBLED, MarkRequest, News, Order, RunRequest};

/// The script that starts the worker, beside the page.
const SCRIPT: &str = "engine_loader.js";

/// How long the worker may take to stop a run; one that does not is caught in something, and ended.
const STOPS_WITHIN: Duration = Duration::from_secs(2);
/// Where `boot.js` leaves the worker that it started while the page was still loading, and whether that listens.
const HIRED_EARLY: &str = "mxrayEngine";

type Listener = Rc<dyn Fn(News)>;

/// A run in the worker; dropping it aborts every request, and nothing more is heard of it.
pub struct Run {
    number: u32,
}

struct Engine {
    worker: Worker,
    /// Whether the worker listens; what is sent before that is lost, so it waits here.
    listens: bool,
    waiting: Vec<Uint8Array>,
    /// What else waits for that.
    then: Vec<fn()>,
    runs: Vec<Going>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
}

/// A run that has not said its last word.
struct Going {
    number: u32,
    /// Who listens; nobody where it is to stop.
    listener: Option<Listener>,
    /// The order that started it, for an engine that takes over.
    order: Uint8Array,
}

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
    /// The order that tells a worker its language; none where that is English.
    static LANGUAGE: RefCell<Option<Uint8Array>> = const { RefCell::new(None) };
    static COUNT: RefCell<u32> = const { RefCell::new(0) };
}

impl Run {
    /// Starts a run. `on_news` is called after this has returned: soon with what the evidence says already, then
    /// whenever there is more (a few times a second), last and exactly once with the last word.
    pub fn start(request: RunRequest, on_news: impl Fn(News) + 'static) -> Run {
        Self::give(|number| Order::Start { number, request }, on_news)
    }

    /// Has a Mark Certificate judged; `on_news` is called once.
    pub fn judge_mark(request: MarkRequest, on_news: impl Fn(News) + 'static) -> Run {
        Self::give(|number| Order::Mark { number, request }, on_news)
    }

    fn give(order: impl FnOnce(u32) -> Order, on_news: impl Fn(News) + 'static) -> Run {
        let number = COUNT.with_borrow_mut(|count| {
            *count = count.wrapping_add(1);
            *count
        });
        let listener: Listener = Rc::new(on_news);
        prepare();
        ENGINE.with_borrow_mut(|engine| {
            let Some(engine) = engine else { return show_crash() };
            let Some(order) = write(&order(number)) else { return };
            engine.send(&order);
            engine.runs.push(Going { number, listener: Some(listener), order });
        });
        Run { number }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let number = self.number;
        let stop = ENGINE.with_borrow_mut(|engine| {
            let engine = engine.as_mut()?;
            engine.runs.iter_mut().find(|run| run.number == number)?.listener = None;
            engine.send(&write(&Order::Stop { number })?);
            Some(())
        });
        if stop.is_some() {
            spawn_local(async move {
                sleep(STOPS_WITHIN).await;
                let goes_on = |engine: &Engine| engine.runs.iter().any(|run| run.number == number);
                if ENGINE.with_borrow(|engine| engine.as_ref().is_some_and(goes_on)) {
                    replace();
                }
            });
        }
    }
}

/// Ends a worker that is caught in something; another one takes over what is still wanted.
fn replace() {
    let Some(caught) = ENGINE.take() else { return };
    caught.worker.terminate();
    prepare();
    ENGINE.with_borrow_mut(|engine| {
        let Some(engine) = engine else { return show_crash() };
        for run in caught.runs.into_iter().filter(|run| run.listener.is_some()) {
            engine.send(&run.order);
            engine.runs.push(run);
        }
    });
}

/// Ends the worker with every run and request; the next run starts another one.
pub fn end() {
    if let Some(engine) = ENGINE.take() {
        engine.worker.terminate();
    }
}

/// Starts the worker, unless it runs.
pub fn prepare() {
    ENGINE.with_borrow_mut(|place| {
        if place.is_none() {
            *place = hire().ok();
            if let (Some(engine), Some(order)) = (place, LANGUAGE.with_borrow(Clone::clone)) {
                engine.send(&order);
            }
        }
    });
}

/// Has this worker and those after it speak the language of a catalog, `.mo`, from now on; none is English.
pub fn speak(catalog: Option<&[u8]>) {
    let order = write(&Order::Speak { catalog: Octets(catalog.unwrap_or_default().into()) });
    ENGINE.with_borrow_mut(|engine| {
        if let (Some(engine), Some(order)) = (engine, &order) {
            engine.send(order);
        }
    });
    LANGUAGE.set(order.filter(|_| catalog.is_some()));
}

/// Calls `then` when the worker listens: what can wait does not take its share of the line.
pub(super) fn once_listening(then: fn()) {
    prepare();
    let now = ENGINE.with_borrow_mut(|engine| match engine {
        Some(engine) if !engine.listens => {
            engine.then.push(then);
            false
        }
        _ => true,
    });
    if now {
        then();
    }
}

impl Engine {
    fn send(&mut self, octets: &Uint8Array) {
        if !self.listens {
            self.waiting.push(octets.clone());
        } else if self.worker.post_message(octets).is_err() {
            show_crash();
        }
    }
}

fn write(order: &Order) -> Option<Uint8Array> {
    let octets = postcard::to_allocvec(order).ok()?;
    Some(Uint8Array::from(octets.as_slice()))
}

fn hire() -> Result<Engine, JsValue> {
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| hear(&event.data()));
    let on_error = Closure::<dyn Fn(Event)>::new(|_| {
        end();
        show_crash();
    });
    let (worker, listens) = match hired_early() {
        Some(hired) => hired,
        None => {
            let options = WorkerOptions::new();
            options.set_type(WorkerType::Module);
            (Worker::new_with_options(SCRIPT, &options)?, false)
        }
    };
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Ok(Engine {
        worker,
        listens,
        waiting: Vec::new(),
        then: Vec::new(),
        runs: Vec::new(),
        _on_message: on_message,
        _on_error: on_error,
    })
}

/// The worker that was started before the page ran, and whether it listens by now; there is one at most.
fn hired_early() -> Option<(Worker, bool)> {
    let global = js_sys::global();
    let early = Reflect::get(&global, &HIRED_EARLY.into()).ok()?;
    let worker = Reflect::get(&early, &"worker".into()).ok()?.dyn_into::<Worker>().ok()?;
    let listens = Reflect::get(&early, &"listens".into()).is_ok_and(|listens| listens.is_truthy());
    Reflect::delete_property(&global, &HIRED_EARLY.into()).ok()?;
    Some((worker, listens))
}

/// Takes in one message of the worker.
fn hear(data: &JsValue) {
    if data.is_null() {
        let then = ENGINE.with_borrow_mut(|engine| {
            let Some(engine) = engine else { return Vec::new() };
            engine.listens = true;
            for octets in std::mem::take(&mut engine.waiting) {
                if engine.worker.post_message(&octets).is_err() {
                    show_crash();
                }
            }
            std::mem::take(&mut engine.then)
        });
        return then.into_iter().for_each(|then| then());
    }
    let Ok((number, news)) = postcard::from_bytes::<(u32, News)>(&Uint8Array::new(data).to_vec()) else {
        web_sys::console::error_1(&GARBLED.into());
        return show_crash();
    };
    let last = !matches!(&news, News::Update(update) if !update.finished);
    let listener = ENGINE.with_borrow_mut(|engine| {
        let runs = &mut engine.as_mut()?.runs;
        let at = runs.iter().position(|run| run.number == number)?;
        let listener = runs.get(at)?.listener.clone();
        if last {
            runs.swap_remove(at);
        }
        listener
    });
    if let Some(listener) = listener {
        listener(news);
    }
}

/// A fault of the page's own must not look like a fault of the domain.
pub fn show_crash() {
    let crash =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("crash"));
    if let Some(crash) = crash.and_then(|crash| crash.dyn_into::<HtmlElement>().ok()) {
        crash.set_hidden(false);
    }
}
