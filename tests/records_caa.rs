//! CAA records: the table of edge cases, and any octets at all.

mod table;

use mxray::records::caa::{Issuer, Property, parse};
use proptest::prelude::*;

fn issuer(kind: &str, issuer: &Issuer) -> String {
    let mut text = format!("{kind} {}", issuer.domain.as_deref().unwrap_or("nobody"));
    for (tag, value) in &issuer.parameters {
        text.push_str(&format!(" {tag}={value}"));
    }
    text
}

fn say(input: &str) -> Vec<String> {
    let (head, value) = input.split_once(" |").expect("a value between | and |");
    let (flags, tag) = head.split_once(' ').expect("flags and tag");
    let value = value.strip_suffix('|').expect("a final |");
    let parsed = parse(flags.parse().expect("flags"), tag, value.as_bytes());
    let what = match &parsed.record.property {
        Property::Issue(who) => issuer("Issue", who),
        Property::IssueWild(who) => issuer("IssueWild", who),
        Property::IssueVmc(who) => issuer("IssueVmc", who),
        Property::IssueMail(who) => issuer("IssueMail", who),
        Property::Iodef(url) => format!("Iodef {url}"),
        Property::Other => "Other".to_owned(),
    };
    let mut lines = vec![what];
    for problem in &parsed.problems {
        lines.push(format!("{:?} {:?} <{}>", problem.weight, problem.kind, problem.span.of(value)));
    }
    lines
}

#[test]
fn the_table_holds() {
    assert!(table::run("caa.txt", say) >= 21);
}

fn spans_fit(tag: &str, value: &[u8]) {
    let parsed = parse(0, tag, value);
    for problem in &parsed.problems {
        let place = problem.span.start..problem.span.end;
        assert!(parsed.record.value.get(place).is_some(), "{problem:?} in {:?}", parsed.record.value);
    }
    assert!(parsed.record.text().is_ascii());
}

proptest! {
    #[test]
    fn any_octets(value in proptest::collection::vec(any::<u8>(), 0..200), tag in "(issue|issuewild|issuevmc|iodef|[a-z]{0,5})") {
        spans_fit(&tag, &value);
    }

    #[test]
    fn anything_like_a_value(value in "[ \t]?[a-z.é-]{0,12}(;? ?[a-z]{0,4} ?=?[ -~é]{0,6}){0,80}") {
        spans_fit("issue", value.as_bytes());
    }

    /// A malformed value allows nobody.
    #[test]
    fn a_fault_allows_nobody(value in "[a-z. %-]{0,12}(; ?[a-z=]{0,6}){0,4}") {
        let parsed = parse(0, "issue", value.as_bytes());
        if let Property::Issue(issuer) = &parsed.record.property {
            prop_assert!(parsed.is_sound() || issuer.domain.is_none());
        }
    }
}
