//! MTA-STS policies as a file, or with the header that curl printed.

use super::{Intake, Kind, Refusal, from, read_content};
use crate::evidence::{Failure, HttpsEntry, HttpsOutcome};
use crate::name::DomainName;

/// Longest header of one response, as browsers and curl have it.
const MAX_HEADER: usize = 300 * 1024;
/// Most responses in one file: what curl prints when it follows redirects.
const MAX_RESPONSES: usize = 50;

/// Takes the file for the policy of `domain`.
pub(super) fn policy(
    intake: &mut Intake,
    name: &str,
    bytes: &[u8],
    domain: Option<&DomainName>,
) -> Result<(), Refusal> {
    let outcome = HttpsOutcome::Read { status: 200, content_type: None, body: bytes.to_vec() };
    add_policy(intake, name, outcome, domain)
}

fn add_policy(
    intake: &mut Intake,
    name: &str,
    outcome: HttpsOutcome,
    domain: Option<&DomainName>,
) -> Result<(), Refusal> {
    let Some(domain) = domain else {
        let reason = "this is an MTA-STS policy, which does not say whose it is; enter the domain first";
        return Err((None, reason.into()));
    };
    let url = format!("https://mta-sts.{domain}/.well-known/mta-sts.txt");
    intake.notes.push(tr!("Taken for the MTA-STS policy of {domain}, as if {url} had given it.", domain, url));
    intake.evidence.add_https(HttpsEntry { url, outcome, supplied: true, provenance: from(name) });
    Ok(())
}

/// Reads a response with its header. RFC 8461 §3.3 forbids redirects, so the first response counts for a policy.
pub(super) fn response(
    intake: &mut Intake,
    name: &str,
    bytes: &[u8],
    domain: Option<&DomainName>,
) -> Result<(), Refusal> {
    let mut rest = bytes.trim_ascii_start();
    let mut line = 1 + bytes.iter().take(bytes.len() - rest.len()).filter(|octet| **octet == b'\n').count();
    let mut first_redirect: Option<Failure> = None;
    for _ in 0..MAX_RESPONSES {
        let header = Header::read(rest).ok_or_else(|| {
            let reason = "this starts like an HTTP response, but its header is malformed or no empty line ends it";
            (Some(line), String::from(reason))
        })?;
        line += header.lines;
        rest = header.body;
        let followed = rest.starts_with(b"HTTP/");
        if followed && header.status != 200 {
            if (300..400).contains(&header.status) {
                first_redirect.get_or_insert(header.redirect());
            }
            continue;
        }
        return finish(intake, name, header, first_redirect, domain).map_err(|(at, reason)| {
            // Lines of the body count from where it starts.
            (at.map(|at| at + line - 1), reason)
        });
    }
    Err((Some(line), tr!("there are more than {MAX_RESPONSES} responses in it", MAX_RESPONSES)))
}

fn finish(
    intake: &mut Intake,
    name: &str,
    header: Header<'_>,
    redirect: Option<Failure>,
    domain: Option<&DomainName>,
) -> Result<(), Refusal> {
    if let Some(redirect) = redirect {
        return add_policy(intake, name, HttpsOutcome::Failed(redirect), domain);
    }
    match header.status {
        200 => {}
        300..400 => {
            return add_policy(intake, name, HttpsOutcome::Failed(header.redirect()), domain);
        }
        status => {
            let failure = Failure::HttpStatus { status };
            return add_policy(intake, name, HttpsOutcome::Failed(failure), domain);
        }
    }
    let inner = read_content(name, header.body, domain, true);
    match inner {
        Ok(inner) if inner.kind != Kind::Policy => {
            *intake = inner;
            Ok(())
        }
        // A policy, or a body that is nothing else and so a bad policy, which its own checks explain.
        Ok(_) | Err(_) => {
            let outcome =
                HttpsOutcome::Read { status: 200, content_type: header.content_type, body: header.body.to_vec() };
            add_policy(intake, name, outcome, domain)
        }
    }
}

/// The header of one response.
struct Header<'b> {
    status: u16,
    content_type: Option<String>,
    location: Option<String>,
    /// Lines up to and with the empty one.
    lines: usize,
    body: &'b [u8],
}

impl<'b> Header<'b> {
    /// Where a redirect leads.
    fn redirect(&self) -> Failure {
        Failure::Redirected { status: Some(self.status), to: self.location.clone() }
    }

    /// RFC 9112 §2.1, with the status line of HTTP/2 as curl writes it (`HTTP/2 200`).
    fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut lines = 0;
        let mut status = None;
        let (mut content_type, mut location) = (None, None);
        while bytes.len() - rest.len() <= MAX_HEADER {
            let end = rest.iter().take(MAX_HEADER).position(|octet| *octet == b'\n');
            let (line, after) = match end {
                Some(end) => (rest.get(..end)?, rest.get(end + 1..)?),
                None if lines == 0 || rest.is_empty() => return None,
                None => (rest, &[][..]),
            };
            rest = after;
            lines += 1;
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end();
            if status.is_none() {
                status = Some(line.split_ascii_whitespace().nth(1)?.parse().ok()?);
            } else if line.is_empty() {
                return Some(Self { status: status?, content_type, location, lines, body: rest });
            } else {
                let (field, value) = line.split_once(':')?;
                let value = value.trim().to_owned();
                if field.eq_ignore_ascii_case("content-type") {
                    content_type = Some(value);
                } else if field.eq_ignore_ascii_case("location") {
                    location = Some(value);
                }
            }
        }
        None
    }
}
