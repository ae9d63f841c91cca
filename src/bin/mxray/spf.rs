//! `mxray spf`: would this client pass with this sender? The verdict of RFC 7208, with a trace of every term.

use std::net::IpAddr;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::name::DomainName;
use mxray::source::native;
use mxray::spf_eval::{Evaluation, Mail};
use mxray::time::UnixTime;

use crate::common::{Source, is_json, write};
use crate::{Failed, HELP};

/// What was asked for on the command line.
struct Request {
    mail: Mail,
    source: Source,
    json: bool,
}

/// Reads the arguments, evaluates and writes the trace.
pub fn run(arguments: Parser) -> Result<ExitCode, Failed> {
    let Some(mut request) = parse(arguments)? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let domain = request.mail.domain.clone().unwrap_or_else(|| domain_of(&request.mail).to_owned());
    let domain = DomainName::parse(&domain).ok();
    let (evidence, at) = request.source.gathered(domain.as_ref())?;
    request.mail.at = at;
    let settings = request.source.settings();
    let (evaluation, _) = native::check_host(request.mail, settings, evidence);
    write(&text(&evaluation, request.json)?)?;
    Ok(if evaluation.outcome.is_some() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The domain of the sender, or the HELO name where there is no sender.
fn domain_of(mail: &Mail) -> &str {
    match mail.sender.rsplit_once('@') {
        Some((_, domain)) => domain,
        None if mail.sender.is_empty() => &mail.helo,
        None => &mail.sender,
    }
}

/// The options, or `None` where help was asked for.
fn parse(mut arguments: Parser) -> Result<Option<Request>, Failed> {
    let (mut ip, mut sender, mut helo, mut receiver, mut domain) = (None, None, None, None, None);
    let (mut source, mut json) = (Source::default(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("ip") => {
                let text = arguments.value()?.string()?;
                ip = Some(text.parse::<IpAddr>().map_err(|_| Failed(format!("--ip “{text}”: no IP address")))?);
            }
            Arg::Long("mail-from" | "sender") => sender = Some(arguments.value()?.string()?),
            Arg::Long("helo") => helo = Some(arguments.value()?.string()?),
            Arg::Long("receiver") => receiver = Some(arguments.value()?.string()?),
            Arg::Long(option) if Source::OPTIONS.contains(&option) => {
                let option = option.to_owned();
                source.read(&option, &mut arguments)?;
            }
            Arg::Long("format") => json = is_json(&arguments.value()?.string()?)?,
            Arg::Value(value) if domain.is_none() => domain = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(ip) = ip else {
        return Err(Failed(
            "which client? give its address, as in `mxray spf example.com --ip 192.0.2.1 --mail-from me@example.com`"
                .into(),
        ));
    };
    if sender.as_deref().unwrap_or_default().is_empty() && helo.is_none() && domain.is_none() {
        return Err(Failed("whose mail? give --mail-from, or --helo for a bounce, which has no sender".into()));
    }
    // A bounce judged by a domain alone came from a client of that name (RFC 7208 §2.4).
    let bounce = sender.as_deref().unwrap_or_default().is_empty();
    let helo = helo.or_else(|| domain.clone().filter(|_| bounce));
    let mail = Mail {
        ip,
        sender: sender.map(|sender| ascii_domain(&sender)).unwrap_or_default(),
        helo: helo.map(|helo| ascii_domain(&helo)).unwrap_or_default(),
        domain: domain.map(|domain| ascii_domain(&domain)),
        receiver: receiver.unwrap_or_default(),
        at: UnixTime(0),
    };
    Ok(Some(Request { mail, source, json }))
}

/// The address or name with its domain in A-labels, as it is looked up (RFC 7208 §4.3); as it is where that fails.
fn ascii_domain(text: &str) -> String {
    let (local_part, domain) = text.rsplit_once('@').map_or((None, text), |(local, domain)| (Some(local), domain));
    if domain.is_ascii() {
        return text.to_owned();
    }
    match (native::to_ascii(domain), local_part) {
        (Ok(domain), Some(local_part)) => format!("{local_part}@{domain}"),
        (Ok(domain), None) => domain,
        (Err(_), _) => text.to_owned(),
    }
}

fn text(evaluation: &Evaluation, json: bool) -> Result<String, Failed> {
    if !json {
        return Ok(evaluation.to_text());
    }
    serde_json::to_string(evaluation).map(|text| text + "\n").map_err(|error| Failed(error.to_string()))
}
