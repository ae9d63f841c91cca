//! The lab: a worker beside the page, where files are read and evidence is written, so that no file can freeze the tab.
//!
//! One worker does one task after the other for as long as the page lives: once it has started, not one request leaves
//! for a file. A task that takes too long ends with its worker; the next task starts another one, which asks the page's
//! own host for its script again.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::{Array, Promise, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::dns::RecordType;
use crate::evidence::Evidence;
use crate::intake::{self, Intake, IntakeError, Kind};
use crate::name::DomainName;
use crate::spf_eval::{Evaluation, Mail, check_host};
use crate::wanted::Want;

use super::clock::timer;

/// How long one file may take, with the start of the worker: a zone file of megabytes takes one or two seconds.
const DEADLINE: Duration = Duration::from_secs(10);
/// The script that starts the worker, beside the page.
const SCRIPT: &str = "lab_loader.js";

/// What the worker is asked for. Tasks and replies travel as postcard bytes: the page then holds neither a reader nor a
/// writer of text formats.
#[derive(Serialize, Deserialize)]
enum Task<'a> {
    /// To read a file.
    Read { name: &'a str, bytes: &'a [u8], domain: Option<DomainName> },
    /// To write an evidence file.
    WriteEvidence { evidence: Evidence },
    /// To judge one mail by SPF.
    CheckHost { mail: Mail, evidence: Evidence },
}

/// What comes back.
#[derive(Serialize, Deserialize)]
enum Reply<'a> {
    /// What was read.
    Read { kind: Kind, evidence: Evidence, notes: Vec<String> },
    /// The file.
    Written(&'a [u8]),
    /// What SPF says.
    Judged(Judged),
    /// Why there is nothing.
    Refused { line: Option<usize>, reason: String },
}

/// What SPF says of one mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The result in the words of RFC 7208 §2.6; empty where answers are missing.
    pub result: String,
    /// The way to it, as plain text.
    pub trace: String,
    /// The questions that would tell more.
    pub wanted: Vec<(DomainName, RecordType)>,
}

/// Starts the worker unless it runs already.
pub fn prepare() {
    spawn_local(async {
        // Whoever has a task next starts it again, and tells the user.
        let _ = in_turn(None).await;
    });
}

/// Reads a file in the worker, as [`intake::read`] would.
pub async fn read(name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Result<Intake, IntakeError> {
    let refuse = |line, reason| IntakeError { file: name.into(), line, reason };
    let reply =
        ask(&Task::Read { name, bytes, domain: domain.cloned() }).await.map_err(|reason| refuse(None, reason))?;
    match postcard::from_bytes(&reply) {
        Ok(Reply::Read { kind, evidence, notes }) => Ok(Intake { kind, evidence, notes }),
        Ok(Reply::Refused { line, reason }) => Err(refuse(line, reason)),
        Ok(_) | Err(_) => Err(refuse(None, GARBLED.into())),
    }
}

/// Writes an evidence file in the worker, as [`Evidence::to_json`] would.
pub async fn write_evidence(evidence: &Evidence) -> Result<Vec<u8>, String> {
    match postcard::from_bytes(&ask(&Task::WriteEvidence { evidence: evidence.clone() }).await?) {
        Ok(Reply::Written(bytes)) => Ok(bytes.to_vec()),
        Ok(Reply::Refused { reason, .. }) => Err(reason),
        Ok(_) | Err(_) => Err(GARBLED.into()),
    }
}

/// Judges one mail in the worker, as [`check_host`] would.
pub async fn judge(mail: Mail, evidence: &Evidence) -> Result<Judged, String> {
    match postcard::from_bytes(&ask(&Task::CheckHost { mail, evidence: evidence.clone() }).await?) {
        Ok(Reply::Judged(judged)) => Ok(judged),
        Ok(Reply::Refused { reason, .. }) => Err(reason),
        Ok(_) | Err(_) => Err(GARBLED.into()),
    }
}

/// Said where page and worker do not understand each other, as with half a new version in the browser's cache.
const GARBLED: &str = "The parts of this page do not fit together. Load the page again.";

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

/// What the worker itself does: whatever arrives, one task after the other; first it says that it listens.
pub fn serve() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let to_page = scope.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let reply = work(&Uint8Array::new(&event.data()).to_vec());
        // There is nobody to tell when the page is gone.
        let _ = to_page.post_message(&Uint8Array::from(reply.as_slice()));
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::NULL);
}

/// The reply to a task. What cannot be written as postcard is not sent, and the page says that it is garbled.
fn work(task: &[u8]) -> Vec<u8> {
    let written;
    let reply = match postcard::from_bytes(task) {
        Ok(Task::Read { name, bytes, domain }) => match intake::read(name, bytes, domain.as_ref()) {
            Ok(Intake { kind, evidence, notes }) => Reply::Read { kind, evidence, notes },
            Err(IntakeError { line, reason, .. }) => Reply::Refused { line, reason },
        },
        Ok(Task::WriteEvidence { evidence }) => {
            written = evidence.to_json();
            Reply::Written(written.as_bytes())
        }
        Ok(Task::CheckHost { mail, evidence }) => Reply::Judged(judged(&check_host(&mail, &evidence))),
        Err(error) => Reply::Refused { line: None, reason: error.to_string() },
    };
    postcard::to_allocvec(&reply).unwrap_or_default()
}

fn judged(evaluation: &Evaluation) -> Judged {
    let wanted = evaluation.wanted.iter().filter_map(|wanted| match &wanted.want {
        Want::Dns { name, record_type } => Some((name.clone(), *record_type)),
        Want::Https { .. } => None,
    });
    Judged {
        result: evaluation.outcome.map_or_else(String::new, |outcome| outcome.word().to_owned()),
        trace: evaluation.to_text(),
        wanted: wanted.collect(),
    }
}
