//! The checks on the policy host and on how the policy file comes.

use crate::checks::{Check, Doc, Facts, Finding, Gap, Outcome};
use crate::evidence::Failure;
use crate::records::Technology;
use crate::text::Span;

use super::road;
use super::txt::Pick;
use super::wording;
use super::{Fetched, Grade};

/// Whether a record makes senders look for the policy.
fn is_announced(facts: &Facts) -> bool {
    facts.profile.receives() && matches!(facts.mta_sts.txt.pick(), Pick::One(_) | Pick::Several)
}

/// Whether what is known of the policy is to be judged: it is announced, or the user asks by supplying it. What else a
/// host of this name serves says nothing.
pub(super) fn is_judged(facts: &Facts) -> bool {
    is_announced(facts) || facts.profile.receives() && facts.mta_sts.supplied
}

/// Says what a verdict on the file rests on.
pub(super) fn source(grade: Grade) -> &'static str {
    match grade {
        Grade::Read => "Read from the policy host.",
        Grade::Relayed => "Read through your relay, which could have changed it, not from the policy host.",
        Grade::Supplied => "Judged from the file that you supplied.",
        Grade::Reachable => "The policy host answers over HTTPS; its answer could not be read.",
        Grade::Unknown => "The policy could not be read.",
    }
}

/// The command that shows what senders get.
fn command(facts: &Facts) -> String {
    tr!("curl -sS -D- {}", facts.mta_sts.url)
}

pub(super) const HOST: Check = Check { doc: &HOST_DOC, run: host };

static HOST_DOC: Doc = Doc {
    id: "mta-sts.policy-host",
    technology: Technology::MtaSts,
    title: "The policy host does not exist",
    what: "Whether mta-sts. below the domain has an address.",
    why: "Senders fetch the policy from this host and no other. Without it, the record alone does nothing.",
    fix: "Give the host an address, or an alias (CNAME) to a web server that has a certificate for its name, and serve the policy there.",
    references: &["RFC 8461 §3.2", "RFC 8461 §3.3"],
};

fn host(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    if !is_announced(facts) || !own.host.is_missing() || own.grade() == Grade::Read {
        return;
    }
    let name = &own.host.name;
    let detail = match (own.host.aliases.last(), own.host.dangling) {
        (Some(target), true) => tr!("{name} is an alias to {target}, which does not exist.", name, target),
        (Some(target), false) => tr!("{name} is an alias to {target}, which has no address.", name, target),
        (None, true) => tr!("{name} does not exist (NXDOMAIN), so no sender can fetch the policy.", name),
        (None, false) => tr!("{name} has neither A nor AAAA records, so no sender can fetch the policy.", name),
    };
    findings.push(road::with_current_file(facts, doc.finding(Outcome::Fail, detail)));
}

pub(super) const PRIVATE: Check = Check { doc: &PRIVATE_DOC, run: private };

static PRIVATE_DOC: Doc = Doc {
    id: "mta-sts.policy-host-private",
    technology: Technology::MtaSts,
    title: "The policy host has an address that nobody outside can reach",
    what: "Whether the addresses of the policy host are public.",
    why: "Senders on the Internet cannot fetch the policy from a private address. This page does not call on such addresses either.",
    fix: "Give the host a public address only.",
    references: &["RFC 8461 §3.3", "RFC 6890 §2.2"],
};

fn private(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let unreachable = own.host.unreachable();
    if !is_announced(facts) || unreachable.is_empty() || own.grade() == Grade::Read {
        return;
    }
    let listed: Vec<String> = unreachable.iter().map(ToString::to_string).collect();
    let outcome = if own.host.is_private() { Outcome::Fail } else { Outcome::Warn };
    findings.push(doc.finding(outcome, tr!("{}: {}.", own.host.name, listed.join(", "))));
}

pub(super) const TLS: Check = Check { doc: &TLS_DOC, run: tls };

static TLS_DOC: Doc = Doc {
    id: "mta-sts.policy-tls",
    technology: Technology::MtaSts,
    title: "The policy host has no valid certificate",
    what: "Whether TLS with the policy host works: a trusted certificate that names mta-sts. below the domain.",
    why: "Senders fetch the policy over HTTPS only, and refuse a certificate that is expired, untrusted or for another name.",
    fix: "Install a certificate whose subject alternative names hold the policy host's name; a wildcard for the domain will do.",
    references: &["RFC 8461 §3.3", "RFC 9525 §6.3"],
};

fn tls(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    if let (true, Fetched::Tls(why)) = (is_judged(facts), &own.fetch) {
        let mut detail = tr!("{}: TLS failed: {why}.", own.host.name, why);
        if let Some(target) = own.host.aliases.last() {
            detail.push_str(&tr!(
                " The name is an alias to {target}; the certificate must name {} all the same (RFC 8461 §8.2).",
                own.host.name,
                target
            ));
        }
        findings.push(doc.finding(Outcome::Fail, detail));
    }
}

pub(super) const STATUS: Check = Check { doc: &STATUS_DOC, run: status };

static STATUS_DOC: Doc = Doc {
    id: "mta-sts.policy-status",
    technology: Technology::MtaSts,
    title: "The policy host does not answer with the policy",
    what: "Whether the policy URL answers with HTTP status 200 and a body of a sensible size.",
    why: "Any other status counts as no policy.",
    fix: "Serve the policy file at exactly this URL.",
    references: &["RFC 8461 §3.3"],
};

fn status(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let detail = match &own.fetch {
        _ if !is_judged(facts) => return,
        Fetched::Status(status) => tr!("{} answers with status {status} instead of 200.", own.url, status),
        Fetched::TooLarge(limit) => tr!("{} answers with more than {limit} bytes; senders stop there.", own.url, limit),
        _ => return,
    };
    let detail = tr!("{detail} {}", source(own.grade()), detail);
    findings.push(road::with_current_file(facts, doc.finding(Outcome::Fail, detail)));
}

pub(super) const REDIRECT: Check = Check { doc: &REDIRECT_DOC, run: redirect };

static REDIRECT_DOC: Doc = Doc {
    id: "mta-sts.policy-redirect",
    technology: Technology::MtaSts,
    title: "The policy URL redirects",
    what: "Whether the policy is served without a redirect.",
    why: "Senders must not follow redirects, so they get no policy. A browser follows them, which hides the fault.",
    fix: "Serve the file on the policy host itself, or take it from elsewhere by a reverse proxy instead of a redirect.",
    references: &["RFC 8461 §3.3"],
};

fn redirect(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    if let (true, Fetched::Redirect { status, to }) = (is_judged(facts), &own.fetch) {
        let to = to.as_ref().map_or(String::new(), |to| tr!(" to {to}", to));
        let status = status.map_or(String::new(), |status| tr!(" with status {status}", status));
        findings.push(
            doc.finding(Outcome::Fail, tr!("{} redirects{to}{status}. {}", own.url, source(own.grade()), to, status)),
        );
    }
}

pub(super) const TYPE: Check = Check { doc: &TYPE_DOC, run: content_type };

static TYPE_DOC: Doc = Doc {
    id: "mta-sts.policy-type",
    technology: Technology::MtaSts,
    title: "The policy is not served as text/plain",
    what: "Whether the Content-Type of the policy is text/plain, in UTF-8 or ASCII.",
    why: "Senders should check the type, so that nobody who may upload other files to the web server can pose as its owner. Some refuse any other type.",
    fix: "Send `Content-Type: text/plain` with the file.",
    references: &["RFC 8461 §3.3"],
};

fn content_type(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let Some(file) = own.file.as_ref().filter(|_| is_judged(facts)) else { return };
    // A relay may send a type of its own.
    let Some(content_type) = file.content_type.as_ref().filter(|_| own.grade() != Grade::Relayed) else {
        if own.grade() == Grade::Read {
            findings.push(doc.finding(Outcome::Warn, tr!("{} is sent without a Content-Type.", own.url)));
        }
        return;
    };
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or("");
    if !media_type.eq_ignore_ascii_case("text/plain") {
        let detail = tr!("{} is sent as “{content_type}”. {}", own.url, source(own.grade()), content_type);
        findings.push(doc.finding(Outcome::Warn, detail));
        return;
    }
    let charset =
        parts.filter_map(|parameter| parameter.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    if let Some((_, charset)) = charset
        && !["utf-8", "us-ascii"].iter().any(|known| charset.trim_matches('"').eq_ignore_ascii_case(known))
    {
        findings.push(
            doc.finding(
                Outcome::Info,
                tr!("{} is sent as “{content_type}”; a policy is UTF-8 or ASCII.", own.url, content_type),
            )
            .titled("The policy is sent in an unusual character set"),
        );
    }
}

pub(super) const SYNTAX: Check = Check { doc: &SYNTAX_DOC, run: syntax };

static SYNTAX_DOC: Doc = Doc {
    id: "mta-sts.policy-syntax",
    technology: Technology::MtaSts,
    title: "The policy file is valid",
    what: "Whether every line of the policy follows the grammar, and version, mode, max_age and mx are there.",
    why: "A file that does not follow the grammar counts as no policy.",
    fix: "Serve the file as shown.",
    references: &["RFC 8461 §3.2"],
};

fn syntax(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let Some(file) = own.file.as_ref().filter(|_| is_judged(facts)) else { return };
    let source = source(own.grade());
    for problem in &file.parsed.problems {
        let said = wording::policy(&problem.kind);
        let line = file.text.get(..problem.span.start).map_or(0, |before| before.matches('\n').count()) + 1;
        let outcome = wording::outcome(problem.weight);
        let effect = match outcome {
            Outcome::Fail => "Strict senders take the file for no policy.",
            Outcome::Warn => "Senders differ here, or do not read it as meant.",
            _ => said.fix.as_str(),
        };
        let mut finding =
            doc.finding(outcome, tr!("Line {line}. {effect} {source}", line, effect, source)).titled(said.title);
        if outcome != Outcome::Info {
            finding = finding.fixed_by(said.fix);
        }
        if outcome == Outcome::Fail {
            finding = road::with_current_file(facts, finding);
        }
        findings.push(finding.at(&own.url, &file.text, problem.span));
    }
    if file.parsed.problems.is_empty() {
        findings.push(doc.finding(Outcome::Pass, tr!("Every line is as it should be. {source}", source)).at(
            &own.url,
            &file.text,
            Span::whole(&file.text),
        ));
    }
}

pub(super) const UNREAD: Check = Check { doc: &UNREAD_DOC, run: unread };

static UNREAD_DOC: Doc = Doc {
    id: "mta-sts.policy-unread",
    technology: Technology::MtaSts,
    title: "The MTA-STS policy could not be read",
    what: "Whether the policy file could be read, here or from what you supplied.",
    why: "Web servers seldom let a page from elsewhere read their files, so this says nothing about the policy.",
    fix: "",
    references: &["RFC 8461 §3.3"],
};

fn unread(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    if !is_announced(facts) || own.has_policy().is_some() {
        return;
    }
    let mut detail = match &own.fetch {
        Fetched::Reachable => tr!(
            "{} answers over HTTPS with a certificate that this browser trusts (evidence: reachable). Whether the policy is \
             there and what it says could not be read.",
            own.host.name
        ),
        Fetched::Unknown(gap @ Gap::Failed { .. }) => tr!("{}: {}.", own.url, gap.why()),
        _ => match &own.host.gap {
            Some(gap @ Gap::Failed { .. }) => tr!("{}: {}.", gap.question(), gap.why()),
            _ => tr!("{}: it is not among the evidence supplied.", own.url),
        },
    };
    if own.host.is_ipv6_only() {
        detail.push_str(&tr!(" The host has IPv6 addresses only; without IPv6, your browser cannot reach it."));
    }
    if let Some(relay) = &own.asked_relay {
        detail.push_str(&tr!(" Your relay {relay} was asked too, and did not bring the file.", relay));
    }
    let fix = tr!(
        "Run `{}` and drop or paste what it prints here. If you run this server, send the header \
         `Access-Control-Allow-Origin: *` with the policy, which is public anyway, so that pages like this one can read it.",
        command(facts)
    );
    findings.push(doc.finding(Outcome::Unknown, detail).fixed_by(fix));
}

pub(super) const NO_CORS: Check = Check { doc: &NO_CORS_DOC, run: no_cors };

static NO_CORS_DOC: Doc = Doc {
    id: "mta-sts.policy-no-cors",
    technology: Technology::MtaSts,
    title: "Web pages may not read the policy",
    what: "Whether the policy host lets any page read the policy.",
    why: "Mail servers do not need it. With it, checks like this one can watch over the policy from any browser.",
    fix: "Send `Access-Control-Allow-Origin: *` with the policy.",
    references: &["RFC 8461 §3.3"],
};

fn no_cors(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let own = &facts.mta_sts;
    let refused = match &own.fetch {
        Fetched::Reachable => true,
        Fetched::Unknown(Gap::Failed { failure, .. }) => *failure == Failure::Cors,
        _ => false,
    };
    if is_announced(facts) && refused {
        findings.push(doc.finding(
            Outcome::Info,
            tr!(
                "{} answers, but without leave for pages from elsewhere. The header `Access-Control-Allow-Origin: *` \
                 gives it; the policy is public anyway.",
                own.host.name
            ),
        ));
    }
}
