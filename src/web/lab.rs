//! The page's side of files: they are read, and evidence is written, in a worker of their own, so that no file can
//! freeze the tab or hold up a check.
//!
//! One worker does one task after the other for as long as the page lives: once it has started, not one request leaves
//! for a file. A task that takes too long ends with its worker; the next task starts another one, which asks the page's
//! own host for its script again.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::intake::{IntakeError, Kind};
use crate::name::DomainName;

use super::clock::timer;
use super::engine;
use super::message::{GARBLED, Reply, Sealed, Task};

/// The script that starts the worker, beside the page.
const SCRIPT: &str = "lab_loader.js";
/// How long one file may take, with the start of the worker: a zone file of megabytes takes one or two seconds.
const DEADLINE: Duration = Duration::from_secs(10);

/// What was read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it was taken for.
    pub kind: Kind,
    /// What it says.
    pub evidence: Sealed,
    /// The domain that it is about, where it says so or is complete for one zone.
    pub about: Option<DomainName>,
    /// What to know about how it was read.
    pub notes: Vec<String>,
}

/// Starts the worker unless it runs already, after the engine, which is waited for.
pub fn prepare() {
    engine::once_listening(|| {
        spawn_local(async {
            // Whoever has a task next starts it again, and tells the user.
            let _ = in_turn(None).await;
        });
    });
}

/// Reads a file in the worker.
pub async fn read(name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Result<Reading, IntakeError> {
    let refuse = |line, reason| IntakeError { file: name.into(), line, reason };
    let reply =
        ask(&Task::Read { name, bytes, domain: domain.cloned() }).await.map_err(|reason| refuse(None, reason))?;
    match postcard::from_bytes(&reply) {
        Ok(Reply::Read { kind, evidence, about, notes }) => Ok(Reading { kind, evidence, about, notes }),
        Ok(Reply::Refused { line, reason }) => Err(refuse(line, reason)),
        Ok(_) | Err(_) => Err(refuse(None, GARBLED.into())),
    }
}

/// Writes an evidence file in the worker, from sealed evidence.
pub async fn write_evidence(evidence: &Sealed) -> Result<Vec<u8>, String> {
    match postcard::from_bytes(&ask(&Task::WriteEvidence { evidence: evidence.clone() }).await?) {
        Ok(Reply::Written(bytes)) => Ok(bytes.to_vec()),
        Ok(Reply::Refused { reason, .. }) => Err(reason),
        Ok(_) | Err(_) => Err(GARBLED.into()),
    }
}

async fn ask(task: &Task<'_>) -> Result<Vec<u8>, String> {
    let task = postcard::to_allocvec(task).map_err(|_| GARBLED.to_owned())?;
    let reply = in_turn(Some(Uint8Array::from(task.as_slice())))
        .await
        .map_err(|_| "The part of this page that reads and writes files did not start.".to_owned())?;
    if reply.is_undefined() {
        return Err(format!("It took longer than {} seconds and was ended.", DEADLINE.as_secs()));
    }
    Ok(Uint8Array::new(&reply).to_vec())
}

/// A worker, and the promise that it listens: what is sent before that is lost.
#[derive(Clone)]
struct Hired {
    worker: Worker,
    listens: Promise,
}

thread_local! {
    /// The worker that runs.
    static HIRED: RefCell<Option<Hired>> = const { RefCell::new(None) };
    /// Resolved when the last task that waits has ended.
    static TURN: RefCell<Promise> = RefCell::new(Promise::resolve(&JsValue::UNDEFINED));
}

/// The reply to one task, when all before it have ended; `undefined` where none comes in time, an error where the
/// worker does not start. Both end the worker.
async fn in_turn(task: Option<Uint8Array>) -> Result<JsValue, JsValue> {
    let mut end_turn = None;
    let turn = Promise::new(&mut |resolve, _| end_turn = Some(resolve));
    // No turn is ever rejected.
    let _ = JsFuture::from(TURN.replace(turn)).await;
    let outcome = hand_over(task).await;
    if !outcome.as_ref().is_ok_and(|reply| !reply.is_undefined())
        && let Some(Hired { worker, .. }) = HIRED.take()
    {
        worker.terminate();
    }
    if let Some(end_turn) = end_turn {
        let _ = end_turn.call0(&JsValue::UNDEFINED);
    }
    outcome
}

async fn hand_over(task: Option<Uint8Array>) -> Result<JsValue, JsValue> {
    let late = timer(DEADLINE);
    let hired = HIRED.with_borrow(Option::clone);
    let Hired { worker, listens } = match hired {
        Some(hired) => hired,
        None => HIRED.with_borrow_mut(|place| hire().map(|hired| place.insert(hired).clone()))?,
    };
    let first = JsFuture::from(Promise::race(&Array::of2(&listens, &late))).await?;
    let Some(task) = task.filter(|_| !first.is_undefined()) else { return Ok(first) };
    let reply = next_message(&worker);
    worker.post_message(&task)?;
    let event = JsFuture::from(Promise::race(&Array::of2(&reply, &late))).await?;
    Ok(event.dyn_into::<MessageEvent>().map_or(JsValue::UNDEFINED, |event| event.data()))
}

fn hire() -> Result<Hired, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(SCRIPT, &options)?;
    let listens = next_message(&worker);
    Ok(Hired { worker, listens })
}

/// The event of the next message; rejected where the worker fails instead.
fn next_message(worker: &Worker) -> Promise {
    Promise::new(&mut |resolve, reject| {
        worker.set_onmessage(Some(&resolve));
        worker.set_onerror(Some(&reject));
    })
}
