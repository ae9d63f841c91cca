//! What a report says of a domain that TLS-RPT reports can be held against.

use serde_json::Value;

use super::Report;
use crate::name::DomainName;
use crate::records::Technology;
use crate::reports::Facts;

/// The facts; what the report does not know, or could not look up, stays unknown.
pub fn tls_facts(report: &Report) -> Facts {
    let detail = |technology| report.technology(technology).map(|own| &own.detail);
    let policy = detail(Technology::MtaSts).and_then(|sts| sts.get("policy")).filter(|policy| !policy.is_null());
    let mx_hosts = known_hosts(&report.mail_servers.detail);
    Facts {
        domain: Some(report.domain.clone()),
        patterns: policy.and_then(|policy| texts(policy.get("mx")?)),
        enforced: policy.and_then(|policy| policy.get("mode")?.as_str()) == Some("enforce"),
        // Without the MX hosts nobody was asked about theirs.
        tlsa_hosts: mx_hosts.as_ref().and_then(|_| hosts_with_tlsa(detail(Technology::Dane)?)),
        mx_hosts,
    }
}

/// The MX hosts, where all of them are known.
fn known_hosts(mail_servers: &Value) -> Option<Vec<DomainName>> {
    mail_servers.get("known")?.as_bool().filter(|known| *known)?;
    let names = mail_servers.get("hosts")?.as_array()?.iter();
    names.map(|host| DomainName::parse(host.get("name")?.as_str()?).ok()).collect()
}

/// Those of the hosts that have TLSA records, where all of them were looked up.
fn hosts_with_tlsa(dane: &Value) -> Option<Vec<DomainName>> {
    let hosts = dane.get("hosts")?.as_array()?;
    let is_known = |host: &Value| host.get("known").and_then(Value::as_bool) == Some(true);
    if !hosts.iter().all(is_known) {
        return None;
    }
    let has_records = |host: &&Value| host.get("records").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    hosts.iter().filter(has_records).map(|host| DomainName::parse(host.get("host")?.as_str()?).ok()).collect()
}

fn texts(list: &Value) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(names: &[&str]) -> Vec<DomainName> {
        names.iter().map(|name| DomainName::parse(name).unwrap()).collect()
    }

    #[test]
    fn only_what_is_known_of_all_hosts_is_a_fact() {
        let hosts = json!([{"name": "mx1.example.com"}, {"name": "mx2.example.com"}]);
        let known = |known: bool| known_hosts(&json!({"known": known, "hosts": hosts}));
        assert_eq!(known(true), Some(names(&["mx1.example.com", "mx2.example.com"])));
        assert_eq!(known(false), None);
        let tlsa = |known: bool| {
            hosts_with_tlsa(&json!({"hosts": [
                {"host": "mx1.example.com", "known": true, "records": ["3 1 1 00"]},
                {"host": "mx2.example.com", "known": known, "records": []},
            ]}))
        };
        assert_eq!(tlsa(true), Some(names(&["mx1.example.com"])));
        assert_eq!(tlsa(false), None);
    }
}
