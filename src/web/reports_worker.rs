//! TLS-RPT reports in the clerk: files are read and added up one after the other, in a sum that lives as long as the
//! clerk.

use std::cell::RefCell;

use js_sys::Uint8Array;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

use crate::intake;
use crate::reports::{Fold, Summary, Unreadable};

use super::paper::{ClerkReply, Handed, ReportsFormat, ReportsOrder, ReportsTask, Rows};
use super::worker;

/// Most rows of one table that the page gets: more are in the files that it saves. Nobody scrolls through more, and the
/// page would stand still while it takes them in.
const MAX_ROWS: usize = 2_000;
/// Most days that it gets, the last ones: eleven years.
const MAX_DAYS: usize = 4_000;
/// Most octets of a file of which the beginning is looked at before it is read whole.
const LOOKED_AT_WHOLE: f64 = 1_000_000.0;
/// The beginning that is looked at then.
const BEGINNING: f64 = 100_000.0;

/// A sum of reports.
struct Sum {
    /// Its number.
    number: u32,
    /// How many files are in it.
    files: u32,
    fold: Fold,
}

thread_local! {
    static SUM: RefCell<Option<Sum>> = const { RefCell::new(None) };
}

/// Does what is asked, and replies.
pub(super) fn serve(task: ReportsTask, files: Vec<Blob>) {
    let before = SUM.with(RefCell::take).filter(|sum| (sum.number, sum.files) == (task.sum, task.files));
    match task.what {
        ReportsOrder::Add(handed) => {
            let begun = (task.files == 0).then(|| Sum { number: task.sum, files: 0, fold: Fold::new() });
            let Some(mut sum) = before.or(begun) else { return worker::post(&ClerkReply::Lost) };
            spawn_local(async move {
                let others = sum.add(handed, files).await;
                let reports = sum.fold.reports();
                SUM.with(|kept| kept.replace(Some(sum)));
                worker::post(&ClerkReply::Added { others, reports });
            });
        }
        ReportsOrder::Tell => reply(before, |fold| {
            let (summary, rows) = cut(fold.summary());
            worker::post(&ClerkReply::Told { summary: Box::new(summary), rows });
        }),
        ReportsOrder::Write(format) => reply(before, |fold| {
            let summary = fold.summary();
            let text = match format {
                ReportsFormat::Json => summary.to_json() + "\n",
                ReportsFormat::Csv => summary.to_csv(),
            };
            worker::post(&ClerkReply::Written(text.as_bytes()));
        }),
    }
}

/// Replies from a sum, and keeps it.
fn reply(sum: Option<Sum>, reply: impl Fn(&Fold)) {
    let Some(sum) = sum else { return worker::post(&ClerkReply::Lost) };
    reply(&sum.fold);
    SUM.with(|kept| kept.replace(Some(sum)));
}

impl Sum {
    /// Adds files, and tells which of them are none for the reports. The browser reads ahead of what is added.
    async fn add(&mut self, handed: Vec<Handed>, files: Vec<Blob>) -> Vec<u32> {
        let mut files: std::vec::IntoIter<_> = files.into_iter().map(Opened::of).collect::<Vec<_>>().into_iter();
        let mut others = Vec::new();
        for (place, file) in (0..).zip(handed) {
            let bytes = match &file.refused {
                Some(why) => Err(why.clone()),
                None => match files.next() {
                    Some(opened) => opened.bytes(&file).await,
                    None => Err("the browser did not hand it over".into()),
                },
            };
            match bytes {
                Ok(Some(bytes)) if intake::is_for_reports(&file.name, &bytes, file.in_folder) => {
                    self.fold.read(&file.name, &bytes);
                }
                Ok(_) => {
                    others.push(place);
                    continue;
                }
                Err(why) => self.fold.refuse(Unreadable { file: file.name, line: None, column: None, why }),
            }
            self.files += 1;
        }
        others
    }
}

/// A file that the browser reads already, or the beginning of a large one.
struct Opened {
    blob: Blob,
    first: js_sys::Promise,
}

impl Opened {
    fn of(blob: Blob) -> Self {
        let beginning = (blob.size() > LOOKED_AT_WHOLE).then(|| blob.slice_with_f64_and_f64(0.0, BEGINNING));
        let first = match beginning {
            Some(Ok(beginning)) => beginning.array_buffer(),
            Some(Err(_)) | None => blob.array_buffer(),
        };
        Self { blob, first }
    }

    /// What is in it; nothing where its beginning shows that it is not for the reports.
    async fn bytes(self, file: &Handed) -> Result<Option<Vec<u8>>, String> {
        let first = octets(self.first).await?;
        if self.blob.size() <= LOOKED_AT_WHOLE {
            return Ok(Some(first));
        }
        if !file.in_folder && !intake::is_for_reports(&file.name, &first, false) {
            return Ok(None);
        }
        octets(self.blob.array_buffer()).await.map(Some)
    }
}

async fn octets(buffer: js_sys::Promise) -> Result<Vec<u8>, String> {
    let buffer = JsFuture::from(buffer).await.map_err(|_| String::from("the browser could not read the file"))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The first rows of each table, which are the ones with most sessions, and how many there are.
fn cut(mut summary: Summary) -> (Summary, Rows) {
    let days = summary.days.len();
    summary.days.drain(..days.saturating_sub(MAX_DAYS));
    let rows = Rows {
        days,
        failures: shortened(&mut summary.failures),
        mx_hosts: shortened(&mut summary.mx_hosts),
        organizations: shortened(&mut summary.organizations),
        policies: shortened(&mut summary.policies),
        host_failures: shortened(&mut summary.host_failures),
        details: shortened(&mut summary.details),
        deviations: shortened(&mut summary.deviations),
        unreadable: shortened(&mut summary.unreadable),
    };
    (summary, rows)
}

fn shortened<T>(table: &mut Vec<T>) -> usize {
    let rows = table.len();
    table.truncate(MAX_ROWS);
    rows
}
