//! `mxray vmc`: a Mark Certificate judged, with the reason for every step.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::name::DomainName;
use mxray::pki::mark::{self, Outcome, Question, Verdict};
use mxray::pki::{self, Certificate};
use mxray::source::native;
use mxray::time::UnixTime;

use crate::common::{is_json, read_bytes, read_text, time, write};
use crate::{Failed, HELP};

/// What was asked for on the command line.
struct Request {
    file: PathBuf,
    author: Option<DomainName>,
    organizational: Option<DomainName>,
    selector: String,
    logo: Option<Vec<u8>>,
    roots: Vec<Certificate>,
    at: UnixTime,
    save_logo: Option<PathBuf>,
    outline: bool,
    json: bool,
}

/// Reads the arguments and the files, judges, and writes the verdict.
pub fn run(arguments: Parser) -> Result<ExitCode, Failed> {
    let Some(request) = parse(arguments)? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let name = request.file.display().to_string();
    let pem = read_text(&request.file)?;
    if request.outline {
        write(&outline(&pem).map_err(|error| Failed(format!("{name}: {error}")))?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let question = Question {
        author: request.author.as_ref(),
        organizational: request.organizational.as_ref(),
        selector: &request.selector,
        logo: request.logo.as_deref(),
        roots: &request.roots,
        at: request.at,
    };
    let verdict = mark::judge(&pem, &question);
    if let Some(path) = &request.save_logo {
        let Some(svg) = verdict.svg() else {
            return Err(Failed(format!("{name}: there is no logo in it that could be saved")));
        };
        fs::write(path, svg).map_err(|error| Failed(format!("{}: {error}", path.display())))?;
    }
    write(&if request.json { as_json(&name, &verdict) } else { as_text(&verdict) })?;
    Ok(if verdict.valid() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn parse(mut arguments: Parser) -> Result<Option<Request>, Failed> {
    let (mut file, mut author, mut organizational, mut selector) = (None, None, None, None);
    let (mut logo, mut roots, mut at, mut save_logo) = (None, None, None, None);
    let (mut outline, mut json) = (false, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("domain") => author = Some(domain("--domain", &arguments.value()?.string()?)?),
            Arg::Long("organizational") => {
                organizational = Some(domain("--organizational", &arguments.value()?.string()?)?);
            }
            Arg::Long("selector") => selector = Some(arguments.value()?.string()?),
            Arg::Long("logo") => logo = Some(read_bytes(&PathBuf::from(arguments.value()?))?),
            Arg::Long("roots") => roots = Some(read_roots(&PathBuf::from(arguments.value()?))?),
            Arg::Long("at") => at = Some(time(arguments.value()?)?),
            Arg::Long("save-logo") => save_logo = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("outline") => outline = true,
            Arg::Long("format") => json = is_json(&arguments.value()?.string()?)?,
            Arg::Value(value) if file.is_none() => file = Some(PathBuf::from(value)),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else {
        return Err(Failed(
            "which certificate? give a PEM file, as in `mxray vmc vmc.pem --domain example.com`".into(),
        ));
    };
    Ok(Some(Request {
        file,
        author,
        organizational,
        selector: selector.unwrap_or_else(|| "default".into()),
        logo,
        roots: roots.unwrap_or_else(mark::roots),
        at: at.unwrap_or_else(native::now),
        save_logo,
        outline,
        json,
    }))
}

/// A domain name of an option.
fn domain(option: &str, text: &str) -> Result<DomainName, Failed> {
    DomainName::parse(text).map_err(|error| Failed(format!("{option} “{text}”: {error}")))
}

/// The roots to trust instead of the shipped ones.
fn read_roots(path: &std::path::Path) -> Result<Vec<Certificate>, Failed> {
    pki::certificates(&read_text(path)?).map_err(|error| Failed(format!("{}: {error}", path.display())))
}

/// One object on one line.
fn as_json(file: &str, verdict: &Verdict) -> String {
    let mut whole = serde_json::Map::new();
    whole.insert("file".into(), file.into());
    if let serde_json::Value::Object(fields) = verdict.to_json() {
        whole.extend(fields);
    }
    serde_json::Value::Object(whole).to_string() + "\n"
}

fn as_text(verdict: &Verdict) -> String {
    let kind = match verdict.kind {
        Some(mark::Kind::Vmc) => "Verified Mark Certificate",
        Some(mark::Kind::Cmc) => "Common Mark Certificate",
        None => "certificate",
    };
    let mut text = format!("{kind}: {}\n", if verdict.valid() { "valid" } else { "not valid" });
    let facts = [
        ("for", Some(verdict.names.join(", ")).filter(|names| !names.is_empty())),
        ("mark", verdict.mark_type.clone()),
        ("issued by", verdict.issuer.clone()),
        ("expires", verdict.expires.map(|time| time.to_string())),
        ("logo", verdict.logo.as_ref().map(|logo| format!("SVG of {} octets", logo.size))),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            text.push_str(&format!("  {name:<10} {fact}\n"));
        }
    }
    text.push('\n');
    for reason in &verdict.reasons {
        let mark = match reason.outcome {
            Outcome::Pass => "pass   ",
            Outcome::Info => "info   ",
            Outcome::Warn => "warn   ",
            Outcome::Fail => "FAIL   ",
            Outcome::Unknown => "unknown",
        };
        text.push_str(&format!("{mark}  {} ({})\n         {}\n", reason.title, reason.reference, reason.detail));
        if let Some(fix) = &reason.fix {
            text.push_str(&format!("         → {fix}\n"));
        }
    }
    text.push('\n');
    for certificate in &verdict.certificates {
        text.push_str(&format!(
            "{}\n  issued by {}\n  {}, {}; {} to {}\n  SHA-256 {}\n",
            certificate.subject,
            certificate.issuer,
            certificate.key,
            certificate.signature,
            certificate.not_before.date(),
            certificate.not_after.date(),
            certificate.sha256,
        ));
    }
    for attribute in &verdict.subject {
        text.push_str(&format!("{}: {}\n", attribute.name, attribute.value));
    }
    text
}

/// The outline of every certificate in the file.
fn outline(pem: &str) -> Result<String, pki::PemError> {
    let mut text = String::new();
    for certificate in pki::certificates(pem)? {
        text.push_str(&format!("{}\n", certificate.subject));
        for line in mark::outline(&certificate.der) {
            let known = line.name.map(|name| format!(" {name}")).unwrap_or_default();
            let value = line.value.map(|value| format!(" {value}")).unwrap_or_default();
            let indent = "  ".repeat(line.depth);
            text.push_str(&format!("{:>6} {:>6}  {indent}{}{known}{value}\n", line.offset, line.length, line.tag));
        }
    }
    Ok(text)
}
