//! Which domain is organizational, RFC 9989 §4.10.2, and which one a list of public suffixes would name.

use crate::checks::{Context, Gap};
use crate::name::DomainName;
use crate::records::dmarc::Psd;

use super::discovery::{LONG_NAME_LABELS, Node, NodeState, walk_of};

/// The organizational domain of another name, by its own tree walk.
pub(super) fn organization_of(context: &Context<'_>, name: &DomainName) -> Result<DomainName, Gap> {
    organization(&walk_of(context, name)).map(|(domain, _)| domain).map_err(Gap::clone)
}

/// Why a domain is the organizational one, RFC 9989 §4.10.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its record has `psd=n`.
    Declared,
    /// The name one label above, this one, has `psd=y`.
    BelowPublicSuffix(DomainName),
    /// The walk started at a record with `psd=y`.
    StartIsSuffix,
    /// Of the names with a record it has the fewest labels.
    Fewest,
    /// No name has a record: the domain itself.
    NothingFound,
}

/// The organizational domain, RFC 9989 §4.10.2; the gap that hides it where the walk is not complete.
pub(super) fn organization(walk: &[Node]) -> Result<(DomainName, Reason), &Gap> {
    organization_from(walk, walk.first(), true)
}

/// The organizational domain of names below the one that the walk started at.
pub(super) fn organization_below(walk: &[Node]) -> Result<(DomainName, Reason), &Gap> {
    let below = walk_below(walk);
    organization_from(below, walk.first(), below.len() == walk.len())
}

/// The part of the walk that names below come by: all of it, save a start of eight labels or more, which the walk of a
/// longer name skips (§4.10 step 2).
pub(super) fn walk_below(walk: &[Node]) -> &[Node] {
    match walk.split_first() {
        Some((own, above)) if own.domain.label_count() > LONG_NAME_LABELS => above,
        _ => walk,
    }
}

fn organization_from<'w>(
    walk: &'w [Node],
    start: Option<&Node>,
    starts_there: bool,
) -> Result<(DomainName, Reason), &'w Gap> {
    let mut shortest = None;
    for node in walk {
        if let NodeState::Unknown(gap) = &node.state {
            return Err(gap);
        }
        match node.psd() {
            Some(Psd::No) => return Ok((node.domain.clone(), Reason::Declared)),
            // The name one label below the public suffix. In the walk of a long name that may be none of its names.
            Some(Psd::Yes) if !starts_there || start.is_none_or(|start| start.domain != node.domain) => {
                let start = start.map_or(&node.domain, |start| &start.domain);
                let below = start.suffix(node.domain.label_count() + 1);
                return Ok((below, Reason::BelowPublicSuffix(node.domain.clone())));
            }
            // psd=y at the start ends the walk there (§4.10 step 2).
            Some(Psd::Yes) => return Ok((node.domain.clone(), Reason::StartIsSuffix)),
            Some(Psd::Undeclared) => shortest = Some(node),
            None => {}
        }
    }
    let (node, reason) = match shortest {
        Some(node) => (Some(node), Reason::Fewest),
        None => (start, Reason::NothingFound),
    };
    Ok((node.map_or_else(DomainName::root, |node| node.domain.clone()), reason))
}

/// Second levels under which country registries register names.
const SECOND_LEVELS: &str = " ac co com edu gob go gov ind mil ne net nom or org plc sch ";

/// The name that a list of public suffixes most likely calls organizational: two labels, or three under the usual second
/// levels of countries. A guess for the wording of hints; no such list is part of this program.
pub(super) fn likely_registered(domain: &DomainName) -> DomainName {
    let two = domain.suffix(2);
    let mut labels = two.as_str().split('.');
    let (second, top) = (labels.next().unwrap_or(""), labels.next().unwrap_or(""));
    let third = top.len() == 2 && SECOND_LEVELS.contains(&format!(" {second} "));
    if third { domain.suffix(3) } else { two }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_names() {
        for (domain, registered) in [
            ("acme.example", "acme.example"),
            ("a.b.acme.example", "acme.example"),
            ("mail.acme.co.uk", "acme.co.uk"),
            ("co.uk", "co.uk"),
            ("x.com.example", "com.example"),
            ("example", "example"),
        ] {
            assert_eq!(likely_registered(&DomainName::parse(domain).unwrap()).as_str(), registered, "{domain}");
        }
    }
}
