//! What a file is, by its content.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{MAX_SHOWN, Refusal};
use crate::dns::dig;
use crate::name::DomainName;
use crate::reports;

/// Kinds of files that can be dropped or pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// An evidence file of mxray.
    Evidence,
    /// Answers of a resolver as JSON.
    DohJson,
    /// A zone file, or lines of one.
    Zone,
    /// Output of dig.
    Dig,
    /// An MTA-STS policy, RFC 8461 §3.2.
    Policy,
    /// An HTTP response with its header, as `curl -i` prints it.
    HttpResponse,
    /// An SVG drawing, plain or gzipped.
    Svg,
    /// PEM certificates.
    Pem,
    /// TLS-RPT reports: plain, gzipped, in mail or in a zip file.
    TlsReport,
}

impl Kind {
    /// What it is called in a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Self::Evidence => "saved evidence",
            Self::DohJson => "DNS answers as JSON",
            Self::Zone => "DNS records (zone file)",
            Self::Dig => "output of dig",
            Self::Policy => "MTA-STS policy",
            Self::HttpResponse => "HTTP response",
            Self::Svg => "SVG drawing",
            Self::Pem => "PEM certificates",
            Self::TlsReport => "TLS reports",
        }
    }
}

/// The members by which JSON files are told apart.
#[derive(Deserialize)]
struct Members {
    format: Option<IgnoredAny>,
    #[serde(rename = "Status")]
    status: Option<IgnoredAny>,
}

/// Tells the kind, or why there is none.
pub(super) fn of(name: &str, bytes: &[u8], domain: Option<&DomainName>) -> Result<Kind, Refusal> {
    let refuse = |reason: &str| Err((None, reason.to_owned()));
    if reports::looks_like_reports(bytes) {
        return Ok(Kind::TlsReport);
    }
    if bytes.starts_with(b"\x1F\x8B") {
        return gzip(name, bytes);
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return refuse("the file is UTF-16 text; save it as UTF-8");
    }
    let text = bytes.trim_ascii_start();
    if text.is_empty() {
        return refuse("the file is empty");
    }
    if bytes.contains(&0) {
        return refuse("the file is binary, and of no kind that can be read here");
    }
    match text.first() {
        Some(b'{' | b'[') => return json(bytes),
        Some(b'<') => return markup(text),
        _ => {}
    }
    let starts_line = |start: &[u8]| text.split(|octet| *octet == b'\n').any(|line| line.starts_with(start));
    if starts_line(b"-----BEGIN ") {
        let private = text.windows(b"PRIVATE KEY-----".len()).any(|window| window == b"PRIVATE KEY-----");
        if private {
            return refuse("the file holds a private key, which is not needed here and must not be given away");
        }
        return Ok(Kind::Pem);
    }
    if text.starts_with(b"HTTP/") {
        return Ok(Kind::HttpResponse);
    }
    if dig::is_dig(text) {
        return Ok(Kind::Dig);
    }
    if is_policy(text) {
        return Ok(Kind::Policy);
    }
    if text.starts_with(b"- type: MESSAGE") {
        return refuse("this is dig's YAML output; give the plain output (without +yaml)");
    }
    let several = text.trim_ascii_end().contains(&b'\n');
    let short = short_answers(text);
    let reason = if several && short.is_some() { short } else { bare_record(text, domain).or(short) };
    if let Some(reason) = reason {
        return Err((Some(1), reason));
    }
    Ok(Kind::Zone)
}

/// Gzipped files are kept as they are; what is inside is told by how it begins, else by the name in the gzip header (RFC
/// 1952 §2.3), else by the file's own name.
fn gzip(name: &str, bytes: &[u8]) -> Result<Kind, Refusal> {
    const HAS_EXTRA_OR_NAME: u8 = 0b1100;
    const HAS_NAME: u8 = 0b1000;
    let start = reports::unpacked_start(bytes).unwrap_or_default();
    if start.trim_ascii_start().starts_with(b"<") && start.windows(4).any(|part| part == b"<svg") {
        return Ok(Kind::Svg);
    }
    let inner = match bytes.get(3) {
        Some(flags) if flags & HAS_EXTRA_OR_NAME == HAS_NAME => {
            let inner = bytes.get(10..).unwrap_or_default().split(|octet| *octet == 0).next().unwrap_or_default();
            String::from_utf8_lossy(inner.get(..inner.len().min(256)).unwrap_or_default()).to_ascii_lowercase()
        }
        _ => String::new(),
    };
    let name = name.to_ascii_lowercase();
    if [&inner, &name].iter().any(|name| name.ends_with(".svg") || name.ends_with(".svgz") || name.ends_with(".svg.gz"))
    {
        return Ok(Kind::Svg);
    }
    if [&inner, &name].iter().any(|name| name.ends_with(".json") || name.ends_with(".json.gz")) {
        return Ok(Kind::TlsReport);
    }
    Err((None, "the file is compressed (gzip), and holds neither a drawing nor TLS reports; unpack it first".into()))
}

fn json(bytes: &[u8]) -> Result<Kind, Refusal> {
    let bad = |error: serde_json::Error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        (Some(error.line()), tr!("the JSON is malformed: {reason}", reason))
    };
    let unknown = || {
        let reason = "this is JSON, but neither saved evidence nor a resolver's answer nor a TLS report";
        (None, String::from(reason))
    };
    let members: Members = if bytes.trim_ascii_start().starts_with(b"[") {
        let all: Vec<serde_json::Value> = serde_json::from_slice(bytes).map_err(bad)?;
        let first = all.into_iter().next().ok_or_else(unknown)?;
        Members::deserialize(first).map_err(|_| unknown())?
    } else {
        serde_json::from_slice(bytes).map_err(bad)?
    };
    if members.format.is_some() {
        Ok(Kind::Evidence)
    } else if members.status.is_some() {
        Ok(Kind::DohJson)
    } else {
        Err(unknown())
    }
}

fn markup(text: &[u8]) -> Result<Kind, Refusal> {
    let has = |part: &[u8]| text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part));
    if has(b"<html") || has(b"<!doctype html") {
        return Err((None, "this is a web page, perhaps an error page instead of the file that was meant".into()));
    }
    if has(b"<svg") || has(b":svg") {
        return Ok(Kind::Svg);
    }
    Err((None, "this is XML, but no SVG drawing".into()))
}

/// Whether the first line is `key: value` with a key of RFC 8461 §3.2.
fn is_policy(text: &[u8]) -> bool {
    let first = text.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let Some(colon) = first.iter().position(|octet| *octet == b':') else { return false };
    let key = first.get(..colon).unwrap_or_default().trim_ascii();
    [&b"version"[..], b"mode", b"mx", b"max_age"].iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Records that are pasted without a name, and the line that they should stand in.
fn bare_record(text: &[u8], domain: Option<&DomainName>) -> Option<String> {
    const VERSIONS: [(&str, &str); 6] = [
        ("v=spf1", ""),
        ("v=dmarc1", "_dmarc."),
        ("v=dkim1", "selector._domainkey."),
        ("v=stsv1", "_mta-sts."),
        ("v=tlsrptv1", "_smtp._tls."),
        ("v=bimi1", "default._bimi."),
    ];
    let first = text.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(first);
    let line = line.trim().trim_matches('"');
    let (_, prefix) = VERSIONS
        .iter()
        .find(|(version, _)| line.get(..version.len()).is_some_and(|start| start.eq_ignore_ascii_case(version)))?;
    let domain = domain.map_or("example.com.".into(), DomainName::absolute);
    let shown: String = line.chars().take(MAX_SHOWN).collect();
    let dots = if line.chars().nth(MAX_SHOWN).is_some() { "…" } else { "" };
    Some(tr!(
        "this is a record without its name; give it as a line of a zone file: {prefix}{domain} IN TXT \"{shown}{dots}\"",
        prefix,
        domain,
        shown,
        dots
    ))
}

/// `dig +short` prints data without names.
fn short_answers(text: &[u8]) -> Option<String> {
    const LOOKED_AT: usize = 100;
    let mut lines = text.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let data_only = lines.by_ref().take(LOOKED_AT).all(|line| {
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        let second = words.next();
        let mx =
            first.parse::<u16>().is_ok() && second.is_some_and(|word| word.ends_with('.')) && words.next().is_none();
        let address = first.parse::<std::net::IpAddr>().is_ok() && second.is_none();
        let name = first.ends_with('.') && second.is_none();
        line.starts_with('"') || mx || address || name
    });
    data_only.then(|| {
        "these are answers without the names that they belong to, as dig +short prints them; give dig's output without \
         +short"
            .into()
    })
}
