//! The page's side of files: they are read, and evidence is written, in a worker of their own, so that no file can
//! freeze the tab or hold up a check.

use std::time::Duration;

use crate::intake::{IntakeError, Kind};
use crate::name::DomainName;

use super::clerk::CLERK;
use super::engine;
use super::message::{GARBLED, List, ListRequest, PackRequest, Packed, Reply, Sealed, Task, Unpacked};
use super::task_worker::{self, Failure, TaskWorker};

/// How long one file may take: a zone file of megabytes takes one or two seconds.
const DEADLINE: Duration = Duration::from_secs(10);

thread_local! {
    static READER: TaskWorker = const { TaskWorker::new("reader_loader.js", "reads and writes files", DEADLINE) };
}

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

/// Starts the worker unless it runs already, and then the clerk, after the engine, which is waited for: a page that loses
/// the network has everything that it needs for files.
pub fn prepare() {
    engine::once_listening(|| task_worker::prepare(&[&READER, &CLERK]));
}

/// Reads a file in the worker.
pub async fn read(name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Result<Reading, IntakeError> {
    let refuse = |line, reason| IntakeError { file: name.into(), line, reason };
    let task = Task::Read { name, bytes, domain: domain.cloned() };
    let reply = task_worker::ask(&READER, &task).await.map_err(|failure| refuse(None, words(failure)))?;
    match postcard::from_bytes(&reply) {
        Ok(Reply::Read { kind, evidence, about, notes }) => Ok(Reading { kind, evidence, about, notes }),
        Ok(Reply::Refused { line, reason }) => Err(refuse(line, reason)),
        Ok(_) | Err(_) => Err(refuse(None, GARBLED.into())),
    }
}

/// Writes an evidence file in the worker, from sealed evidence.
pub async fn write_evidence(evidence: &Sealed) -> Result<Vec<u8>, String> {
    let task = Task::WriteEvidence { evidence: evidence.clone() };
    match postcard::from_bytes(&task_worker::ask(&READER, &task).await.map_err(words)?) {
        Ok(Reply::Written(bytes)) => Ok(bytes.to_vec()),
        other => Err(reason(other)),
    }
}

/// Puts evidence into a link.
pub async fn pack(request: PackRequest) -> Result<Packed, String> {
    match postcard::from_bytes(&task_worker::ask(&READER, &Task::Pack { request }).await.map_err(words)?) {
        Ok(Reply::Packed(packed)) => Ok(packed),
        other => Err(reason(other)),
    }
}

/// Reads the evidence in a link.
pub async fn unpack(link: &str) -> Result<Unpacked, String> {
    match postcard::from_bytes(&task_worker::ask(&READER, &Task::Unpack { link }).await.map_err(words)?) {
        Ok(Reply::Unpacked(unpacked)) => Ok(*unpacked),
        other => Err(reason(other)),
    }
}

/// Reads a list of domains; `known` are there already, and with them there may be `most`.
pub async fn read_list(octets: &[u8], column: &str, known: Vec<DomainName>, most: usize) -> Result<List, String> {
    let task = Task::List(ListRequest { octets, column, known, most });
    match postcard::from_bytes(&task_worker::ask(&READER, &task).await.map_err(words)?) {
        Ok(Reply::Listed(list)) => Ok(list),
        other => Err(reason(other)),
    }
}

/// Why a reply is not the one that was asked for.
fn reason(reply: Result<Reply<'_>, postcard::Error>) -> String {
    match reply {
        Ok(Reply::Refused { reason, .. }) => reason,
        Ok(_) | Err(_) => GARBLED.into(),
    }
}

fn words(failure: Failure) -> String {
    READER.with(|reader| failure.words(reader))
}
