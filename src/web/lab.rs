//! The page's side of logos: they are judged, repaired and drawn in a worker of their own, which is fetched when there is
//! a logo to look at. A drawing can ask for any amount of work; one that asks for too much is stopped with the worker.

use std::time::Duration;

use super::drawing::{Drawn, Judgement, LabReply, LabTask, Repaired};
use super::message::GARBLED;
use super::task_worker::{self, TaskWorker};

/// How long one task may take: a logo takes some hundredths of a second.
const DEADLINE: Duration = Duration::from_secs(2);

thread_local! {
    static LAB: TaskWorker = const { TaskWorker::new("lab_loader.js", "looks at logos", DEADLINE) };
}

/// Judges a file, plain or gzipped.
pub async fn judge(bytes: &[u8]) -> Result<Judgement, String> {
    match ask(&LabTask::Judge { bytes }).await? {
        LabReply::Judged(judgement) => Ok(judgement),
        other => Err(refusal(other)),
    }
}

/// Tells what is seen of it, and draws it in several sizes.
pub async fn draw(bytes: &[u8], sizes: Vec<u32>) -> Result<Drawn, String> {
    match ask(&LabTask::Draw { bytes, sizes }).await? {
        LabReply::Drawn(drawn) => Ok(drawn),
        other => Err(refusal(other)),
    }
}

/// Repairs it; pictures of before and after have this size.
pub async fn repair(bytes: &[u8], title: Option<String>, size: u32) -> Result<Box<Repaired>, String> {
    match ask(&LabTask::Repair { bytes, title, size }).await? {
        LabReply::Repaired(repaired) => Ok(repaired),
        other => Err(refusal(other)),
    }
}

async fn ask(task: &LabTask<'_>) -> Result<LabReply, String> {
    let reply = task_worker::ask(&LAB, task).await.map_err(|failure| LAB.with(|lab| failure.words(lab)))?;
    postcard::from_bytes(&reply).map_err(|_| GARBLED.into())
}

fn refusal(reply: LabReply) -> String {
    match reply {
        LabReply::Refused(reason) => reason,
        _ => GARBLED.into(),
    }
}
