//! Zone data in a few lines, judged: what the tests of SPF share.

#![allow(dead_code, reason = "each test file uses its part")]

use mxray::assess::{Assessment, assess};
use mxray::checks::{Options, Outcome, Status};
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::records::Technology;
use serde_json::{Value, json};

/// A mail server with an address, so that the domain receives mail.
pub const MX: &str = "acme.example MX 10 mx.acme.example.\nmx.acme.example A 8.8.8.8\n";

/// Assesses `acme.example` on zone data of the form `name TYPE rdata`; complete everywhere unless `open`.
pub fn assess_zone(zone: &str, open: bool) -> Assessment {
    let mut dns: Vec<Value> = Vec::new();
    for line in zone.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut parts = line.splitn(3, ' ');
        let (name, kind, data) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        if let Some(failure) = data.strip_prefix('!') {
            dns.push(json!({"name": name, "type": kind, "failed": failure}));
            continue;
        }
        let known = dns.iter_mut().find(|entry| entry["name"] == name && entry["type"] == kind);
        match known {
            Some(entry) => entry["answers"].as_array_mut().unwrap().push(json!(data)),
            None => dns.push(json!({"name": name, "type": kind, "rcode": "NOERROR", "answers": [data], "ttl": 300})),
        }
    }
    let mut file = json!({
        "format": "mxray-evidence/1", "domain": "acme.example", "taken_at": "2026-11-23T12:00:00Z", "dns": dns,
    });
    if !open {
        file["authoritative_for"] = json!(["."]);
    }
    let evidence = Evidence::from_json(file.to_string().as_bytes()).unwrap_or_else(|error| panic!("{zone}: {error}"));
    let domain = DomainName::parse("acme.example").unwrap();
    let now = evidence.taken_at.unwrap();
    assess(&domain, &Options::default(), &evidence, now)
}

/// `outcome id` of every SPF finding that is no pass and no info.
pub fn bad(assessment: &Assessment) -> Vec<String> {
    let findings = assessment.report.findings_of(Technology::Spf);
    findings
        .filter(|finding| !matches!(finding.outcome, Outcome::Pass | Outcome::Info))
        .map(|finding| format!("{} {}", json!(finding.outcome).as_str().unwrap(), finding.id))
        .collect()
}

pub fn outcomes(assessment: &Assessment, id: &str) -> Vec<Outcome> {
    assessment.report.findings.iter().filter(|finding| finding.id == id).map(|finding| finding.outcome).collect()
}

/// Points of published, limits and ends.
pub fn points(assessment: &Assessment) -> [Option<u8>; 3] {
    ["spf.published", "spf.limits", "spf.ends"]
        .map(|id| assessment.report.score.lines.iter().find(|line| line.id == id).expect("a line of the score").earned)
}

pub fn status(assessment: &Assessment) -> Status {
    assessment.report.technology(Technology::Spf).unwrap().status
}

pub fn detail(assessment: &Assessment) -> &Value {
    &assessment.report.technology(Technology::Spf).unwrap().detail
}

/// The details of every finding with this id.
pub fn details(assessment: &Assessment, id: &str) -> Vec<String> {
    assessment.report.findings.iter().filter(|finding| finding.id == id).map(|finding| finding.detail.clone()).collect()
}
