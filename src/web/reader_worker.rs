//! The reader: the worker that reads files and writes evidence for the page.

use crate::intake::{self, Intake, IntakeError};
use crate::name::DomainName;

use crate::report::Report;
use crate::report::changes::Comparison;
use crate::share::{ShareError, Shared};

use super::message::{Form, PackRequest, Packed, Reply, Sealed, Task, Unpacked};
use super::{reports_worker, worker};

/// Serves the page.
pub fn serve() {
    worker::serve_with_files(|task, files| match postcard::from_bytes(task) {
        Ok(Task::Read { name, bytes, domain }) => worker::post(&read(name, bytes, domain.as_ref())),
        Ok(Task::WriteEvidence { evidence }) => match evidence.open() {
            Ok(evidence) => worker::post(&Reply::Written(evidence.to_json().as_bytes())),
            Err(reason) => worker::post(&refused(reason)),
        },
        Ok(Task::Reports(task)) => reports_worker::serve(task, files),
        Ok(Task::WriteReport { report, form }) => {
            let text = match form {
                Form::Text => report.to_text(),
                Form::Markdown => report.to_markdown(),
                Form::Csv => report.to_csv(),
                Form::Badge => report.to_badge(),
            };
            worker::post(&Reply::Written(text.as_bytes()));
        }
        Ok(Task::Compare { before, after }) => worker::post(&compare(&before, &after).unwrap_or_else(refused)),
        Ok(Task::Pack { request }) => worker::post(&pack(&request).unwrap_or_else(refused)),
        Ok(Task::Unpack { link }) => {
            worker::post(&unpack(link).unwrap_or_else(|error| refused(error.to_string())));
        }
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

fn compare(before: &(Report, Sealed), after: &(Report, Sealed)) -> Result<Reply<'static>, String> {
    let (old, new) = (before.1.open()?, after.1.open()?);
    Ok(Reply::Compared(Box::new(Comparison::of((&before.0, &old), (&after.0, &new)))))
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
