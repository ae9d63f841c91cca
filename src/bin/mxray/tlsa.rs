//! `mxray tlsa`: the TLSA records for the certificates in a PEM file.

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use mxray::checks::Publish;
use mxray::checks::dane::recommended;
use mxray::name::DomainName;
use mxray::pki::{self, Certificate};
use serde_json::json;

use crate::common::{is_json, read_text, write};
use crate::{Failed, HELP};

/// Reads the arguments and the file, and writes certificates and records.
pub fn run(mut arguments: Parser) -> Result<ExitCode, Failed> {
    let (mut file, mut hosts, mut json) = (None, Vec::new(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                print!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            Arg::Long("host") => {
                let text = arguments.value()?.string()?;
                hosts.push(DomainName::parse(&text).map_err(|error| Failed(format!("--host “{text}”: {error}")))?);
            }
            Arg::Long("format") => json = is_json(&arguments.value()?.string()?)?,
            Arg::Value(value) if file.is_none() => file = Some(PathBuf::from(value)),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else {
        return Err(Failed(
            "which certificate? give a PEM file, as in `mxray tlsa cert.pem --host mx.example.com`".into(),
        ));
    };
    let name = file.display().to_string();
    let certificates = pki::certificates(&read_text(&file)?).map_err(|error| Failed(format!("{name}: {error}")))?;
    write(&if json { as_json(&name, &certificates, &hosts) } else { as_text(&certificates, &hosts) })?;
    Ok(ExitCode::SUCCESS)
}

/// The records for one certificate: at the hosts that were named, else at those that its names are.
fn records(certificate: &Certificate, hosts: &[DomainName]) -> Vec<Publish> {
    let Some(tlsa) = recommended(certificate) else { return Vec::new() };
    let own: Vec<String> = if hosts.is_empty() {
        certificate.names.iter().filter(|name| !name.starts_with("*.")).cloned().collect()
    } else {
        hosts.iter().map(ToString::to_string).collect()
    };
    own.iter().map(|host| Publish::record(format!("_25._tcp.{host}"), "TLSA", tlsa.text())).collect()
}

fn as_json(file: &str, certificates: &[Certificate], hosts: &[DomainName]) -> String {
    let records: Vec<_> = certificates
        .iter()
        .flat_map(|certificate| {
            records(certificate, hosts).into_iter().map(|record| {
                let host = record.name.trim_start_matches("_25._tcp.");
                json!({"host": host, "type": "TLSA", "value": record.value, "certificate": certificate.subject})
            })
        })
        .collect();
    let all: Vec<_> = certificates
        .iter()
        .map(|certificate| {
            json!({
                "subject": certificate.subject, "issuer": certificate.issuer, "names": certificate.names,
                "not_before": certificate.not_before, "not_after": certificate.not_after, "key": certificate.key,
                "authority": certificate.is_ca, "record": recommended(certificate).map(|tlsa| tlsa.text()),
            })
        })
        .collect();
    json!({"file": file, "certificates": all, "records": records}).to_string() + "\n"
}

fn as_text(certificates: &[Certificate], hosts: &[DomainName]) -> String {
    let mut text = String::new();
    for certificate in certificates {
        text.push_str(&format!(
            "{}\n  issued by {}\n  {}; valid from {} to {}\n",
            certificate.subject, certificate.issuer, certificate.key, certificate.not_before, certificate.not_after
        ));
        if !certificate.names.is_empty() {
            text.push_str(&format!("  for {}\n", certificate.names.join(", ")));
        }
        let records = records(certificate, hosts);
        for record in &records {
            text.push_str(&format!("  {}\n", record.zone_line()));
        }
        if let Some(tlsa) = recommended(certificate).filter(|_| records.is_empty()) {
            text.push_str(&format!("  TLSA {}\n", tlsa.text()));
        }
    }
    text.push_str(
        "\nFor a new key, publish its record beside the present one, wait twice the TTL, change the certificate, then take \
         the old record away.\n",
    );
    text
}
