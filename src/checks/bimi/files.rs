//! The two files that a record names, the logo and its certificate: fetched, or supplied by the user.

use serde_json::json;

use crate::checks::fetched::{Fetched, File};
use crate::checks::{Context, Gap};
use crate::evidence::{FileEntry, FileKind};
use crate::pki;
use crate::records::Technology;
use crate::records::bimi::Location;
use crate::wanted::Purpose;

/// Most supplied files of one kind that are looked through.
const MAX_FILES: usize = 64;

/// What is known of the file at a location. A supplied file stands for it, and then nothing is fetched.
pub(super) fn gather(context: &Context<'_>, location: Option<&Location>, purpose: Purpose) -> Fetched {
    let url = location.and_then(Location::uri).map(|uri| uri.text.as_str());
    if let Some(file) = supplied(context, url, purpose) {
        return Fetched::Read(File {
            body: file.body.clone(),
            content_type: None,
            supplied: true,
            relayed: false,
            from: file.name.clone(),
        });
    }
    let Some(url) = url else { return Fetched::NotNamed };
    match context.fetch(Technology::Bimi, url, purpose) {
        Some(entry) => Fetched::of(entry),
        None => Fetched::Unknown(Gap::NotSupplied { question: url.into() }),
    }
}

/// The supplied file that is meant: the one called like the file at the address, else the only one.
fn supplied<'e>(context: &Context<'e>, url: Option<&str>, purpose: Purpose) -> Option<&'e FileEntry> {
    let is_meant = |file: &&FileEntry| match purpose {
        Purpose::Logo => file.kind == FileKind::Svg,
        Purpose::MarkCertificate => file.kind == FileKind::Pem && is_mark(&file.body),
        Purpose::MtaStsPolicy => false,
    };
    let files: Vec<&FileEntry> = context.evidence().files().iter().take(MAX_FILES).filter(is_meant).collect();
    let name = url.map(file_name);
    let called_so = files.iter().find(|file| name.is_some_and(|name| !name.is_empty() && file.name == name));
    match (called_so, files.as_slice()) {
        (Some(file), _) => Some(file),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// Whether a file holds a Mark Certificate, and not those of a mail server.
fn is_mark(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    pki::certificates(&text).is_ok_and(|all| all.iter().any(|certificate| certificate.is_mark))
}

/// The last part of the path.
fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// Where a file comes from, as it stands in the report; nothing where nobody names one.
pub(super) fn detail(fetched: &Fetched, url: Option<&str>) -> serde_json::Value {
    if matches!(fetched, Fetched::NotNamed) {
        return serde_json::Value::Null;
    }
    json!({
        "url": url,
        "grade": fetched.grade().word(),
        "from": fetched.file().map(|file| &file.from),
        "content_type": fetched.file().and_then(|file| file.content_type.as_ref()),
    })
}
