//! The page's side of a worker that does one task after the other, each with a deadline, so that nothing that it is given
//! can freeze the tab.
//!
//! One worker does every task for as long as the page lives: once it has started, not one request leaves for a task. A
//! task that takes too long, or on which the worker breaks, ends with its worker; another one is started at once where
//! the worker before had shown that it can, and is given the next task.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::thread::LocalKey;
use std::time::Duration;

use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::clock::timer;
use super::message::GARBLED;

/// How long a worker may take to start: half a megabyte over a slow line.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// Why there is no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The worker did not start.
    NotStarted,
    /// The task took longer than it may, and was stopped.
    Late,
    /// The task broke the worker: it ran out of memory or stack, or met a fault of its own.
    Broke,
    /// Page and worker do not understand each other.
    Garbled,
    /// The user wants no more of it.
    Stopped,
}

impl Failure {
    /// The sentence, with what the worker is for.
    pub(super) fn words(self, worker: &TaskWorker) -> String {
        let seconds = worker.deadline.as_secs();
        match self {
            Self::NotStarted => tr!("The part of this page that {} did not start.", worker.purpose),
            Self::Late => tr!("It took longer than {seconds} seconds and was stopped.", seconds),
            Self::Broke => tr!("It broke the part of this page that {}, which was started again.", worker.purpose),
            Self::Garbled => GARBLED.into(),
            Self::Stopped => tr!("It was stopped."),
        }
    }
}

/// A worker that is started when it is needed.
pub(super) struct TaskWorker {
    /// The script that starts it, beside the page.
    script: &'static str,
    /// What it does, as in “the part of this page that …”.
    purpose: &'static str,
    /// How long one task may take.
    deadline: Duration,
    /// The worker that runs.
    hired: RefCell<Option<Hired>>,
    /// Resolved when the last task that waits has ended.
    turn: RefCell<Option<Promise>>,
}

/// A worker, and the promise that it listens: what is sent before that is lost.
#[derive(Clone)]
struct Hired {
    worker: Worker,
    listens: Promise,
    /// Which of the languages that were spoken here it speaks; it starts with English, the first.
    speaks: Rc<Cell<u32>>,
}

thread_local! {
    /// How often the language has changed, and the catalog; an empty one is English.
    static LANGUAGE: RefCell<(u32, ArrayBuffer)> = RefCell::new((0, ArrayBuffer::new(0)));
    /// Says of a worker's error that it is dealt with: the user is told, the console need not be.
    static HANDLED: Closure<dyn Fn(Event)> = Closure::new(|event: Event| event.prevent_default());
}

/// Where a worker is kept.
type Place = &'static LocalKey<TaskWorker>;

impl TaskWorker {
    /// A worker that is not started yet.
    pub(super) const fn new(script: &'static str, purpose: &'static str, deadline: Duration) -> Self {
        Self { script, purpose, deadline, hired: RefCell::new(None), turn: RefCell::new(None) }
    }
}

/// Starts workers, one after the other, unless they run or start already.
pub(super) fn prepare(places: &'static [Place]) {
    spawn_local(async move {
        for place in places {
            if place.with(|worker| worker.hired.borrow().is_none()) {
                // Whoever has a task next starts it again, and tells the user.
                let _ = in_turn(place, None).await;
            }
        }
    });
}

/// Has every worker speak the language of a catalog, `.mo`, in its next task; `None` is English.
pub(super) fn speak(catalog: Option<&[u8]>) {
    let octets = Uint8Array::from(catalog.unwrap_or_default()).buffer();
    LANGUAGE.with_borrow_mut(|(times, catalog)| {
        *times += 1;
        *catalog = octets;
    });
}

/// The reply to one task, when all before it have ended.
pub(super) async fn ask(place: Place, task: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let task = postcard::to_allocvec(task).map_err(|_| Failure::Garbled)?;
    let deadline = place.with(|worker| worker.deadline);
    let task = Handing { message: Uint8Array::from(task.as_slice()).into(), deadline, stop: None };
    let reply = in_turn(place, Some(task)).await?;
    Ok(Uint8Array::new(&reply).to_vec())
}

/// The reply to one task that has files beside it, within a time of its own; no more is waited for once `stop` is
/// resolved with a value.
pub(super) async fn ask_with_files(
    place: Place,
    task: &impl Serialize,
    files: &[Blob],
    deadline: Duration,
    stop: Promise,
) -> Result<Vec<u8>, Failure> {
    let task = postcard::to_allocvec(task).map_err(|_| Failure::Garbled)?;
    let mut message = Array::of1(&Uint8Array::from(task.as_slice()));
    message.extend(files.iter());
    let task = Handing { message: message.into(), deadline, stop: Some(stop) };
    let reply = in_turn(place, Some(task)).await?;
    Ok(Uint8Array::new(&reply).to_vec())
}

/// A task as it is handed over.
struct Handing {
    message: JsValue,
    deadline: Duration,
    /// Resolved where nobody waits any longer.
    stop: Option<Promise>,
}

async fn in_turn(place: Place, task: Option<Handing>) -> Result<JsValue, Failure> {
    let mut end_turn = None;
    let turn = Promise::new(&mut |resolve, _| end_turn = Some(resolve));
    let before = place.with(|worker| worker.turn.replace(Some(turn)));
    if let Some(before) = before {
        // No turn is ever rejected.
        let _ = JsFuture::from(before).await;
    }
    let outcome = hand_over(place, task).await;
    if let Err(failure) = outcome {
        replace(place, failure);
    }
    if let Some(end_turn) = end_turn {
        let _ = end_turn.call0(&JsValue::UNDEFINED);
    }
    outcome
}

/// Ends the worker; starts another one where this one had started, so that the next task need not wait for it.
fn replace(place: Place, failure: Failure) {
    place.with(|worker| {
        if let Some(hired) = worker.hired.take() {
            hired.worker.terminate();
        }
        if failure != Failure::NotStarted
            && let Ok(hired) = hire(worker.script)
        {
            worker.hired.replace(Some(hired));
        }
    });
}

async fn hand_over(place: Place, task: Option<Handing>) -> Result<JsValue, Failure> {
    let Hired { worker, listens, speaks } = match place.with(|worker| worker.hired.borrow().clone()) {
        Some(hired) => hired,
        None => place.with(|worker| {
            let hired = hire(worker.script).map_err(|_| Failure::NotStarted)?;
            worker.hired.replace(Some(hired.clone()));
            Ok(hired)
        })?,
    };
    within(&listens, STARTS_WITHIN).await.map_err(|_| Failure::NotStarted)?;
    let Some(task) = task else { return Ok(JsValue::UNDEFINED) };
    let (times, catalog) = LANGUAGE.with_borrow(Clone::clone);
    if speaks.replace(times) != times {
        worker.post_message(&catalog).map_err(|_| Failure::Broke)?;
    }
    let mut reply = next_message(&worker);
    worker.post_message(&task.message).map_err(|_| Failure::Broke)?;
    if let Some(stop) = task.stop {
        reply = Promise::race(&Array::of2(&reply, &stop));
    }
    let event = within(&reply, task.deadline).await?;
    if event.is_null() {
        return Err(Failure::Stopped);
    }
    event.dyn_into::<MessageEvent>().map(|event| event.data()).map_err(|_| Failure::Garbled)
}

/// What a promise is resolved with, in time.
async fn within(promise: &Promise, deadline: Duration) -> Result<JsValue, Failure> {
    let first = JsFuture::from(Promise::race(&Array::of2(promise, &timer(deadline)))).await;
    match first {
        Ok(first) if first.is_undefined() => Err(Failure::Late),
        Ok(first) => Ok(first),
        Err(_) => Err(Failure::Broke),
    }
}

fn hire(script: &str) -> Result<Hired, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(script, &options)?;
    HANDLED.with(|handled| worker.add_event_listener_with_callback("error", handled.as_ref().unchecked_ref()))?;
    let listens = next_message(&worker);
    Ok(Hired { worker, listens, speaks: Rc::default() })
}

/// The event of the next message; rejected where the worker fails instead.
fn next_message(worker: &Worker) -> Promise {
    Promise::new(&mut |resolve, reject| {
        worker.set_onmessage(Some(&resolve));
        worker.set_onerror(Some(&reject));
    })
}
