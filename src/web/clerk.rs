//! The page's side of reports: TLS-RPT reports are added up (see `reports`), and reports on domains written and compared,
//! in a worker of their own.

use std::time::Duration;

use crate::report::changes::Comparison;

use super::message::{GARBLED, Sealed, Told};
use super::paper::{ClerkReply, ClerkTask, Form};
use super::task_worker::{self, Failure, TaskWorker};

/// How long one task may take, a few TLS-RPT reports apart: it takes some hundredths of a second.
const DEADLINE: Duration = Duration::from_secs(10);

thread_local! {
    pub(super) static CLERK: TaskWorker =
        const { TaskWorker::new("clerk_loader.js", "reads and writes reports", DEADLINE) };
}

/// Starts the worker unless it runs already.
pub fn prepare() {
    task_worker::prepare(&[&CLERK]);
}

/// Writes a report in one of its forms.
pub async fn write(report: &Told, form: Form) -> Result<Vec<u8>, String> {
    let reply = ask(&ClerkTask::Write { report: report.octets(), form }).await?;
    match postcard::from_bytes(&reply) {
        Ok(ClerkReply::Written(bytes)) => Ok(bytes.to_vec()),
        other => Err(reason(other)),
    }
}

/// Tells what differs between two reports, each with its evidence.
pub async fn compare(before: (Told, Sealed), after: (Told, Sealed)) -> Result<Comparison, String> {
    let handed = |(report, evidence): (Told, Sealed)| (report.octets(), evidence);
    let reply = ask(&ClerkTask::Compare { before: handed(before), after: handed(after) }).await?;
    match postcard::from_bytes(&reply) {
        Ok(ClerkReply::Compared(comparison)) => Ok(*comparison),
        other => Err(reason(other)),
    }
}

async fn ask(task: &ClerkTask) -> Result<Vec<u8>, String> {
    task_worker::ask(&CLERK, task).await.map_err(words)
}

/// Why a reply is not the one that was asked for.
fn reason(reply: Result<ClerkReply<'_>, postcard::Error>) -> String {
    match reply {
        Ok(ClerkReply::Refused(reason)) => reason,
        Ok(_) | Err(_) => GARBLED.into(),
    }
}

/// Why there is no reply.
pub(super) fn words(failure: Failure) -> String {
    CLERK.with(|clerk| failure.words(clerk))
}
