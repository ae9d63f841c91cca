//! The names of a Mark Certificate against the assertion record, VMC draft §5.2.

use crate::name::DomainName;

use super::Outcome;
use super::Question;
use super::extensions::AlternativeName;
use super::rules;
use super::verdict::Reason;

/// Judges the names; `names` are the DNS names in lower case.
pub fn judge(names: &[String], question: &Question<'_>) -> Reason {
    if names.is_empty() {
        return Reason::new(
            &rules::NAMES_MISSING,
            Outcome::Fail,
            "It has no DNS name among its names (subjectAltName).",
        );
    }
    let listed = names.join(", ");
    let Some(author) = question.author.or(question.organizational) else {
        let detail = tr!("It is for {listed}. No domain was given to compare with.", listed);
        return Reason::new(&rules::NAMES, Outcome::Unknown, detail)
            .titled("Whose domain it is for was not compared")
            .fixed_by("Name the domain of the sender address.");
    };
    let domains: Vec<&DomainName> = [Some(author), question.organizational].into_iter().flatten().collect();
    if let Some((name, domain)) = names.iter().find_map(|name| matching(name, &domains, question.selector)) {
        let how = match (name == domain.as_str(), domain == author) {
            (true, true) => tr!("{name} is among its names.", name),
            (true, false) => tr!("{name}, the organizational domain of {author}, is among its names.", name, author),
            (false, _) => tr!("{name}, domain and selector, is among its names.", name),
        };
        return Reason::new(&rules::NAMES, Outcome::Pass, how);
    }
    let above = names.iter().find(|name| question.organizational.is_none() && is_above(name, author));
    if let Some(above) = above {
        let detail = tr!(
            "{above} is among its names, and {author} stands below it. That does if {above} is the organizational domain.",
            above,
            author
        );
        return Reason::new(&rules::NAMES, Outcome::Unknown, detail)
            .titled("Whether it is for this domain depends on the organizational domain")
            .fixed_by(tr!("Name the organizational domain too: `--organizational {above}`.", above));
    }
    let wildcard =
        if names.iter().any(|name| name.starts_with("*.")) { " A wildcard stands for no domain here." } else { "" };
    let of_selector = names.iter().any(|name| selector_of(name).is_some());
    let selector = if of_selector { tr!(" The selector is “{}”.", question.selector) } else { String::new() };
    let wanted = domains.iter().map(|domain| domain.as_str()).collect::<Vec<_>>();
    let wanted = if wanted.first() == wanted.last() { author.to_string() } else { wanted.join(&tr!(" or ")) };
    let detail =
        tr!("It is for {listed}; it should be for {wanted}.{wildcard}{selector}", listed, wanted, wildcard, selector);
    Reason::new(&rules::NAMES, Outcome::Fail, detail)
}

/// The domain that a name of the certificate fits: one of the selector-set with its selector, one of the domain-set as it is.
fn matching<'n, 'q>(name: &'n str, domains: &[&'q DomainName], selector: &str) -> Option<(&'n str, &'q DomainName)> {
    let domain = match selector_of(name) {
        Some((of_name, rest)) => {
            let is_same = of_name.eq_ignore_ascii_case(selector);
            domains.iter().find(|domain| is_same && domain.as_str() == rest)
        }
        None => domains.iter().find(|domain| domain.as_str() == name),
    };
    domain.map(|domain| (name, *domain))
}

/// Selector and domain of a name of the selector-set, `<selector>._bimi.<domain>`.
fn selector_of(name: &str) -> Option<(&str, &str)> {
    name.split_once("._bimi.")
}

/// Whether a name stands above a domain; top-level names are nobody's organizational domain.
fn is_above(name: &str, domain: &DomainName) -> bool {
    let below = domain.as_str().strip_suffix(name).and_then(|rest| rest.strip_suffix('.'));
    name.contains('.') && below.is_some_and(|below| !below.is_empty())
}

/// The DNS names in lower case, without repeats, and the kinds of the others.
pub fn sorted(names: Vec<AlternativeName>) -> (Vec<String>, Vec<&'static str>) {
    let (mut dns, mut others) = (Vec::new(), Vec::new());
    for name in names {
        match name {
            AlternativeName::Dns(name) => {
                let name = name.to_ascii_lowercase();
                if !dns.contains(&name) {
                    dns.push(name);
                }
            }
            AlternativeName::Other(kind) => others.push(kind),
        }
    }
    (dns, others)
}
