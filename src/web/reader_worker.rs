//! The reader: the worker that reads files, writes evidence and packs it into links for the page.

use crate::intake::{self, Intake, IntakeError};
use crate::name::DomainName;
use crate::share::{ShareError, Shared};

use super::message::{PackRequest, Packed, Reply, Sealed, Task, Unpacked};
use super::{list_reader, worker};

/// Serves the page.
pub fn serve() {
    worker::serve(|task| match postcard::from_bytes(task) {
        Ok(Task::Read { name, bytes, domain }) => worker::post(&read(name, bytes, domain.as_ref())),
        Ok(Task::WriteEvidence { evidence }) => match evidence.open() {
            Ok(evidence) => worker::post(&Reply::Written(evidence.to_json().as_bytes())),
            Err(reason) => worker::post(&refused(reason)),
        },
        Ok(Task::Pack { request }) => worker::post(&pack(&request).unwrap_or_else(refused)),
        Ok(Task::Unpack { link }) => {
            worker::post(&unpack(link).unwrap_or_else(|error| refused(error.to_string())));
        }
        Ok(Task::List(request)) => worker::post(&list_reader::read(request).map_or_else(refused, Reply::Listed)),
        Err(error) => worker::post(&refused(error.to_string())),
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

fn refused(reason: String) -> Reply<'static> {
    Reply::Refused { line: None, reason }
}

fn pack(request: &PackRequest) -> Result<Reply<'static>, String> {
    let PackRequest { domain, taken_at, evidence, edits, choice } = request;
    let shared = Shared::choose(domain, *taken_at, &evidence.open()?, edits, *choice);
    let link = shared.pack().map_err(|error| error.to_string());
    Ok(Reply::Packed(Packed { link, parts: shared.parts() }))
}

fn unpack(link: &str) -> Result<Reply<'static>, ShareError> {
    let Shared { evidence, edits } = Shared::unpack(link)?;
    let (Some(domain), Some(taken_at)) = (evidence.domain.clone(), evidence.taken_at) else {
        return Err(ShareError::Nameless);
    };
    let count = evidence.dns().count() + evidence.https_entries().count() + evidence.files().len();
    let evidence = Sealed::seal(&evidence);
    Ok(Reply::Unpacked(Box::new(Unpacked { domain, taken_at, evidence, edits, count })))
}
