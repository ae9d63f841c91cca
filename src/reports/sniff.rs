//! Whether a file is one for the reports, told from its beginning: files of other kinds are dropped beside them.

use std::io::Read;

use flate2::bufread::GzDecoder;

use super::{archive, mail};

/// How much of a file is looked at: the members of a report stand at its start, the fields of a message too.
const LOOKED_AT: usize = 64 * 1024;
/// How much of a gzip file is unpacked for that.
const UNPACKED: u64 = 4 * 1024;
/// Most lines of a message that are looked through for a field that every message has one of.
const FIELDS: usize = 100;

/// The members by which a report is known, RFC 8460 §4.4, whichever of them stands first.
const MEMBERS: [&str; 7] = [
    "\"organization-name\"",
    "\"date-range\"",
    "\"contact-info\"",
    "\"report-id\"",
    "\"policies\"",
    "\"policy-type\"",
    "\"total-failure-session-count\"",
];
/// The member by which saved evidence is known; the reports that it may hold are no members of it.
const EVIDENCE: &str = "\"mxray-evidence/";

/// Whether a file looks like reports, alone or in gzip, in mail, in a mailbox or in a zip file. What is in zip files and
/// messages is not looked at: nothing else that comes in them is of use here.
pub fn looks_like_reports(bytes: &[u8]) -> bool {
    match unpacked_start(bytes) {
        Some(start) => is_json(&start) || is_report(&start),
        None => archive::is_zip(bytes) || is_report(bytes),
    }
}

/// How a gzip file begins when it is unpacked; `None` for other files, and where nothing can be unpacked.
pub fn unpacked_start(bytes: &[u8]) -> Option<Vec<u8>> {
    if !archive::is_gzip(bytes) {
        return None;
    }
    let mut start = Vec::new();
    // Where the rest is damaged, what came before tells as much.
    let _ = GzDecoder::new(bytes).take(UNPACKED).read_to_end(&mut start);
    (!start.is_empty()).then_some(start)
}

/// Whether it is a report in JSON, a message or a mailbox.
fn is_report(bytes: &[u8]) -> bool {
    let start = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    if is_utf16_json(start) {
        return true;
    }
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    if is_json(start) {
        let text = String::from_utf8_lossy(start);
        return !text.contains(EVIDENCE) && MEMBERS.iter().any(|member| text.contains(member));
    }
    mail::is_mailbox(start) || (mail::is_message(start) && has_mail_field(start))
}

/// Whether it begins as JSON documents do that hold more than a word.
fn is_json(start: &[u8]) -> bool {
    start.trim_ascii_start().starts_with(b"{") || start.trim_ascii_start().starts_with(b"[")
}

/// Whether it is such JSON in UTF-16, which nothing else that is read here comes in.
fn is_utf16_json(start: &[u8]) -> bool {
    [&b"\xFF\xFE{\0"[..], b"\xFF\xFE[\0", b"\xFE\xFF\0{", b"\xFE\xFF\0["].iter().any(|mark| start.starts_with(mark))
}

/// Whether one of the fields is there that messages have and policies and HTTP responses have not (RFC 5322 §3.6).
fn has_mail_field(start: &[u8]) -> bool {
    const KNOWN: [&[u8]; 6] = [b"from:", b"received:", b"mime-version:", b"message-id:", b"subject:", b"return-path:"];
    start.split(|byte| *byte == b'\n').take(FIELDS).any(|line| {
        KNOWN.iter().any(|field| line.get(..field.len()).is_some_and(|name| name.eq_ignore_ascii_case(field)))
    })
}
