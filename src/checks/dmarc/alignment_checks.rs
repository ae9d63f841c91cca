//! Which domain is organizational and why, and what that and the alignment modes mean for the domain's own SPF and DKIM.

use crate::checks::{Check, Doc, Facts, Finding, Outcome, Publish};
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::dmarc::Policy;
use crate::text::Span;

use super::organization::{Reason, likely_registered};
use super::policy_checks::tag_span;
use super::{Discovery, check, steps};

pub(super) const ORGANIZATION: Check = check(
    &Doc {
        id: "dmarc.organizational-domain",
        technology: Technology::Dmarc,
        title: "The organizational domain",
        what: "Which domain the tree walk finds to be organizational, why, and where a public suffix list would say otherwise.",
        why: "SPF and DKIM count for DMARC if their domain belongs to the same organization as the address in From. Receivers \
              of RFC 9989 find it by the tree walk, those of the older RFC 7489 by a list of public suffixes.",
        fix: "Set psd=n in the record of the domain that is organizational; then both ways agree.",
        references: &["RFC 9989 §4.10.2", "RFC 9989 §11.8", "RFC 7489 §3.2"],
    },
    organization,
);

pub(super) const ALIGNMENT: Check = check(
    &Doc {
        id: "dmarc.alignment",
        technology: Technology::Dmarc,
        title: "What DMARC can pass by",
        what: "Whether the domain's own SPF and DKIM give its mail a way to pass DMARC.",
        why: "Mail passes DMARC if SPF passes for an aligned bounce address or a DKIM signature of an aligned domain is good. \
              SPF breaks where mail is forwarded, so a domain at p=reject must sign with DKIM too.",
        fix: "Publish SPF and turn on DKIM signing before the policy gets stricter.",
        references: &["RFC 9989 §4.4", "RFC 9989 §7.4"],
    },
    alignment,
);

pub(super) const STRICT: Check = check(
    &Doc {
        id: "dmarc.strict-alignment",
        technology: Technology::Dmarc,
        title: "Strict alignment",
        what: "Whether adkim=s or aspf=s ask for exactly the same domain, and what that excludes.",
        why: "In strict mode a sub-domain is another domain: a bounce address or a signature one label below counts for nothing.",
        fix: "Remove aspf=s (or adkim=s): relaxed alignment is the default and still excludes strangers.",
        references: &["RFC 9989 §4.4", "RFC 9989 §4.7"],
    },
    strict,
);

fn organization(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let dmarc = &facts.dmarc;
    let Ok((organization, reason)) = dmarc.organization() else { return };
    let Some((node, text, _)) = dmarc.subject() else { return };
    let because = match reason {
        Reason::Declared => "its record says so (psd=n)".to_owned(),
        Reason::BelowPublicSuffix(above) => {
            tr!("{above} declares itself a public suffix (psd=y), one label above", above)
        }
        Reason::StartIsSuffix => "its own record ends the tree walk (psd=y)".to_owned(),
        Reason::Fewest => "of the names of the tree walk with a record it is the shortest".to_owned(),
        Reason::NothingFound => "no name of the tree walk has a record".to_owned(),
    };
    let detail = tr!("{organization}: {because}.", organization, because);
    let listed = likely_registered(&facts.domain);
    let finding = if organization.label_count() < listed.label_count() {
        let (name, record) = match dmarc.walk.iter().find(|node| node.domain == listed).and_then(|node| node.record()) {
            Some((text, _)) => (steps::at(&listed), steps::rewrite(&text.text, &[("psd", Some("n"))])),
            None => (steps::at(&listed), "v=DMARC1; p=none; psd=n".to_owned()),
        };
        doc.finding(
            Outcome::Warn,
            tr!("{detail} That looks like a public suffix whose record lacks psd=y: all names below it count as one organization. Receivers of RFC 7489 most likely take {listed}.", detail, listed),
        )
        .titled("The organizational domain lies above your own")
        .publishing(Publish::txt(name, record))
    } else if organization != listed {
        let inherited = matches!(dmarc.discovery(), Discovery::Inherited { .. });
        let then = match inherited && node.domain != listed {
            true => "and then find no policy for this domain",
            false => "so other names below it align for them and not here",
        };
        doc.finding(
            Outcome::Info,
            tr!(
                "{detail} Receivers of RFC 7489 most likely take {listed}, the registered name, {then}.",
                detail,
                listed,
                then
            ),
        )
        .titled("Old and new receivers see different organizations")
    } else {
        doc.finding(Outcome::Pass, detail).titled(tr!("Organizational domain: {organization}", organization))
    };
    findings.push(finding.at(&node.name, &text.text, Span::whole(&text.text)));
}

fn alignment(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Ok(Some(effective)) = facts.dmarc.effective() else { return };
    let Some((node, text, record)) = facts.dmarc.subject().filter(|_| facts.profile.sends()) else { return };
    let domain = &facts.domain;
    let mode = |strict: bool| if strict { "exactly" } else { "of the same organization as" };
    let ways = tr!(
        "SPF counts for a bounce address {} {domain}, DKIM for a signature with d= {} {domain}.",
        mode(record.strict_spf),
        mode(record.strict_dkim),
        domain
    );
    // Only what is known: one record of SPF that can be read, or surely none; a key, or surely none.
    let spf = match facts.spf.only_record() {
        Some(published) => Some(published.parsed.is_sound()),
        None if facts.spf.is_absent() || facts.spf.records > 1 => Some(false),
        None => None,
    };
    let dkim = match facts.dkim.usable().next() {
        Some(_) => Some(true),
        None => facts.dkim.is_absent().then_some(false),
    };
    let no_spf = if facts.spf.is_absent() { "there is no SPF record" } else { "its SPF is not valid" };
    // In relaxed mode a name beside or below may carry the mail, which the records of this one do not show.
    let elsewhere = match (record.strict_spf, record.strict_dkim) {
        (true, true) => String::new(),
        _ => {
            let organization = facts.dmarc.organizational_domain().unwrap_or_else(|| domain.clone());
            tr!(
                " Another name at or below {organization} could still carry the mail; its records were not looked at.",
                organization
            )
        }
    };
    let finding = match (spf, dkim) {
        (Some(true), Some(true)) => doc.finding(Outcome::Pass, ways).titled("SPF and DKIM can both carry DMARC"),
        (Some(false), Some(true)) => {
            doc.finding(Outcome::Info, tr!("Only DKIM can: {no_spf}. {ways}", no_spf, ways)).titled("DMARC rests on DKIM alone")
        }
        (Some(true), Some(false)) => {
            let outcome = if effective.domain == Policy::Reject { Outcome::Warn } else { Outcome::Info };
            doc.finding(
                outcome,
                tr!("Only SPF can: there is no DKIM key. Forwarded mail then fails. {ways}{elsewhere}", ways, elsewhere),
            )
            .titled("DMARC rests on SPF alone")
        }
        (Some(false), Some(false)) => {
            // Certain only where both modes are strict.
            let enforced = effective.domain != Policy::None;
            let outcome = if enforced && elsewhere.is_empty() { Outcome::Fail } else { Outcome::Warn };
            doc.finding(outcome, tr!("For {domain} {no_spf}, and there is no DKIM key. {ways}{elsewhere}", domain, no_spf, ways, elsewhere))
                .titled("The domain itself gives its mail no way to pass DMARC")
        }
        // Keys may still turn up while guesses are out.
        (Some(_), None) if facts.dkim.is_pending() => return,
        (Some(true), None) => doc
            .finding(
                Outcome::Info,
                tr!("SPF can carry DMARC. Whether DKIM can is not known: no usable key is at the selectors that were asked. {ways}", ways),
            )
            .titled("SPF can carry DMARC; DKIM is not known"),
        (Some(false), None) => doc
            .finding(
                Outcome::Unknown,
                tr!("SPF cannot: {no_spf}. Whether DKIM can is not known: no usable key is at the selectors that were asked. {ways}", no_spf, ways),
            )
            .titled("Whether mail from the domain can pass DMARC")
            .fixed_by("Tell mxray the selector: it stands behind s= in the DKIM-Signature header of any message sent from the domain."),
        (None, _) => return,
    };
    findings.push(finding.at(&node.name, &text.text, tag_span(&text.text, &["p"])));
}

fn strict(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    let Some((node, text, record)) = facts.dmarc.subject().filter(|_| facts.profile.sends()) else { return };
    let domain = &facts.domain;
    if record.strict_spf {
        // Mailbox providers use the domain itself in bounce addresses; these use a name below it or one of their own.
        let bulk = [
            "amazonses",
            "sendgrid",
            "mailgun",
            "postmark",
            "sparkpost",
            "mailjet",
            "brevo",
            "mailchimp",
            "salesforce",
        ];
        let senders: Vec<&str> = facts
            .spf
            .providers()
            .iter()
            .filter(|sender| bulk.contains(&sender.id))
            .map(|sender| sender.label)
            .collect();
        let finding = match senders.is_empty() {
            true => doc.finding(
                Outcome::Info,
                tr!("aspf=s: SPF counts only where the bounce address is at {domain} itself, not at bounce.{domain}, say.", domain),
            ),
            false => doc
                .finding(
                    Outcome::Warn,
                    tr!("aspf=s, and SPF lets {} send. Such services use bounce addresses below the domain (bounce.{domain}, say) or \
                         of their own: in strict mode SPF never counts for their mail, only DKIM can.", senders.join(&tr!(" and ")), domain),
                )
                .publishing(relaxed(node.name.clone(), &text.text, "aspf")),
        };
        findings.push(finding.titled("Strict alignment of SPF (aspf=s)").at(
            &node.name,
            &text.text,
            tag_span(&text.text, &["aspf"]),
        ));
    }
    if record.strict_dkim {
        let detail = tr!(
            "adkim=s: a signature counts only with d={domain}. Mail of services that sign with a name below it fails, and so does \
             mail from sub-domains that is signed with d={domain}.",
            domain
        );
        findings.push(doc.finding(Outcome::Info, detail).titled("Strict alignment of DKIM (adkim=s)").at(
            &node.name,
            &text.text,
            tag_span(&text.text, &["adkim"]),
        ));
    }
}

fn relaxed(name: DomainName, text: &str, tag: &str) -> Publish {
    Publish::txt(name, steps::rewrite(text, &[(tag, None)]))
}
