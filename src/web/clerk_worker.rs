//! The clerk: the worker that adds up TLS-RPT reports, and writes and compares reports, for the page.

use crate::assess::Assessment;
use crate::report::Report;
use crate::report::changes::Comparison;

use super::drawing::Octets;
use super::message::{GARBLED, Sealed};
use super::paper::{ClerkReply, ClerkTask, Form};
use super::{reports_worker, worker};

/// Serves the page.
pub fn serve() {
    worker::serve_with_files(|task, files| match postcard::from_bytes(task) {
        Ok(ClerkTask::Reports(task)) => reports_worker::serve(task, files),
        Ok(ClerkTask::Write { report, form }) => match write(&report, form) {
            Ok(text) => worker::post(&ClerkReply::Written(text.as_bytes())),
            Err(reason) => worker::post(&ClerkReply::Refused(reason)),
        },
        Ok(ClerkTask::Compare { before, after }) => {
            worker::post(&compare(&before, &after).unwrap_or_else(ClerkReply::Refused));
        }
        Err(error) => worker::post(&ClerkReply::Refused(error.to_string())),
    });
}

/// The report in the octets in which the engine tells it.
fn open(told: &Octets) -> Result<Report, String> {
    postcard::from_bytes(&told.0).map(|Assessment { report, .. }| report).map_err(|_| GARBLED.into())
}

fn write(report: &Octets, form: Form) -> Result<String, String> {
    let report = open(report)?;
    Ok(match form {
        Form::Json => serde_json::to_string_pretty(&report.written()).map_err(|error| error.to_string())? + "\n",
        Form::Text => report.to_text(),
        Form::Markdown => report.to_markdown(),
        Form::Csv => report.to_csv(),
        Form::Badge => report.to_badge(),
    })
}

fn compare(before: &(Octets, Sealed), after: &(Octets, Sealed)) -> Result<ClerkReply<'static>, String> {
    let (before_report, after_report) = (open(&before.0)?, open(&after.0)?);
    let (old, new) = (before.1.open()?, after.1.open()?);
    Ok(ClerkReply::Compared(Box::new(Comparison::of((&before_report, &old), (&after_report, &new)))))
}
