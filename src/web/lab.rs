//! The lab: a worker beside the page, where files are read, so that no file can freeze the tab.
//!
//! One worker per file: what takes too long is ended with its worker, and nothing else suffers.

use std::time::Duration;

use js_sys::{Array, Promise, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::evidence::Evidence;
use crate::intake::{self, Intake, IntakeError, Kind};
use crate::name::DomainName;

use super::clock::timer;

/// How long one file may take, with the start of the worker: a zone file of megabytes takes one or two seconds.
const DEADLINE: Duration = Duration::from_secs(10);
/// The script that starts the worker, beside the page.
const SCRIPT: &str = "lab_loader.js";

/// A file on its way to the worker.
#[derive(Serialize, Deserialize)]
struct Task {
    name: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    bytes: Uint8Array,
    domain: Option<DomainName>,
}

/// What was read, on its way back. Evidence travels as postcard bytes: the page then holds no reader of text formats.
#[derive(Serialize, Deserialize)]
struct Read {
    kind: Kind,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    evidence: Uint8Array,
    notes: Vec<String>,
}

/// Why it cannot be used.
#[derive(Serialize, Deserialize)]
struct Refused {
    line: Option<usize>,
    reason: String,
}

/// Reads a file in a worker, as [`intake::read`] would.
pub async fn read(name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Result<Intake, IntakeError> {
    let refuse = |reason: String| IntakeError { file: name.into(), line: None, reason };
    let task = Task { name: name.into(), bytes: Uint8Array::from(bytes), domain: domain.cloned() };
    let message = serde_wasm_bindgen::to_value(&task).map_err(|error| refuse(error.to_string()))?;
    let reply =
        ask(message).await.map_err(|_| refuse("The part of this page that reads files did not start.".into()))?;
    if reply.is_undefined() {
        return Err(refuse(format!("Reading it took longer than {} seconds and was ended.", DEADLINE.as_secs())));
    }
    let reply: Result<Read, Refused> =
        serde_wasm_bindgen::from_value(reply).map_err(|error| refuse(error.to_string()))?;
    match reply {
        Ok(Read { kind, evidence, notes }) => {
            let evidence: Evidence =
                postcard::from_bytes(&evidence.to_vec()).map_err(|error| refuse(error.to_string()))?;
            Ok(Intake { kind, evidence, notes })
        }
        Err(Refused { line, reason }) => Err(IntakeError { file: name.into(), line, reason }),
    }
}

/// Starts a worker that ends when this is dropped.
struct Hired(Worker);

impl Drop for Hired {
    fn drop(&mut self) {
        self.0.set_onmessage(None);
        self.0.set_onerror(None);
        self.0.terminate();
    }
}

/// The reply of a fresh worker; `undefined` where none comes in time, an error where the worker does not start.
async fn ask(task: JsValue) -> Result<JsValue, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Hired(Worker::new_with_options(SCRIPT, &options)?);
    let mut callbacks = None;
    let reply = Promise::new(&mut |resolve, reject| {
        let (worker_to_task, task) = (worker.0.clone(), task.clone());
        // The worker says when it listens (`null`); what is sent before that is lost.
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if !data.is_null() {
                let _ = resolve.call1(&JsValue::UNDEFINED, &data);
            } else if let Err(error) = worker_to_task.post_message(&task) {
                let _ = reject.call1(&JsValue::UNDEFINED, &error);
            }
        });
        worker.0.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        callbacks = Some(on_message);
    });
    let failure = Promise::new(&mut |_, reject| worker.0.set_onerror(Some(&reject)));
    let late = timer(DEADLINE);
    let outcome = JsFuture::from(Promise::race(&Array::of3(&reply, &failure, &late))).await;
    drop(worker);
    drop(callbacks);
    outcome
}

/// What the worker itself does: reads whatever arrives, and says so.
pub fn serve() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let to_page = scope.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let reply = serde_wasm_bindgen::to_value(&work(event.data())).unwrap_or_else(|error| error.to_string().into());
        // There is nobody to tell when the page is gone.
        let _ = to_page.post_message(&reply);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::NULL);
}

fn work(task: JsValue) -> Result<Read, Refused> {
    let task: Task =
        serde_wasm_bindgen::from_value(task).map_err(|error| Refused { line: None, reason: error.to_string() })?;
    match intake::read(&task.name, &task.bytes.to_vec(), task.domain.as_ref()) {
        Ok(Intake { kind, evidence, notes }) => match postcard::to_allocvec(&evidence) {
            Ok(bytes) => Ok(Read { kind, evidence: Uint8Array::from(bytes.as_slice()), notes }),
            Err(error) => Err(Refused { line: None, reason: error.to_string() }),
        },
        Err(IntakeError { line, reason, .. }) => Err(Refused { line, reason }),
    }
}
