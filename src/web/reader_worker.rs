//! The reader: the worker that reads files and writes evidence for the page.

use crate::intake::{self, Intake, IntakeError};
use crate::name::DomainName;

use super::message::{Reply, Sealed, Task};
use super::{reports_worker, worker};

/// Serves the page.
pub fn serve() {
    worker::serve_with_files(|task, files| match postcard::from_bytes(task) {
        Ok(Task::Read { name, bytes, domain }) => worker::post(&read(name, bytes, domain.as_ref())),
        Ok(Task::WriteEvidence { evidence }) => match evidence.open() {
            Ok(evidence) => worker::post(&Reply::Written(evidence.to_json().as_bytes())),
            Err(reason) => worker::post(&Reply::Refused { line: None, reason }),
        },
        Ok(Task::Reports(task)) => reports_worker::serve(task, files),
        Err(error) => worker::post(&Reply::Refused { line: None, reason: error.to_string() }),
    });
}

fn read(name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Reply<'static> {
    match intake::read(name, bytes, domain) {
        Ok(Intake { kind, evidence, notes }) => {
            let complete_for = || evidence.authorities().filter(|apex| !apex.is_root()).min().cloned();
            let about = evidence.domain.clone().or_else(complete_for);
            Reply::Read { kind, evidence: Sealed::seal(&evidence), about, notes }
        }
        Err(IntakeError { line, reason, .. }) => Reply::Refused { line, reason },
    }
}
