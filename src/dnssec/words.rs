//! What a reason says, and how to mend it.

use std::fmt;

use super::{Reason, Signature};
use crate::dns::RecordType;

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signed { zone, signature: Signature { key_tag, algorithm, expires, .. } } => {
                f.write_str(&tr!("signed by {zone} with key {key_tag}, algorithm {algorithm}; the signature holds until {expires}", zone, key_tag, algorithm, expires))
            }
            Self::WouldBeSigned { zone } => f.write_str(&tr!("{zone} would sign it, as all that it publishes", zone)),
            Self::NoDs { zone } => f.write_str(&tr!("{zone} is not signed: its parent proves that there is no DS record", zone)),
            Self::OptOut { zone } => {
                f.write_str(&tr!("{zone} leaves unsigned delegations out of its proofs (Opt-Out), and this is one of them", zone))
            }
            Self::Unsupported { zone, algorithms, digests, sha1 } => {
                let sha1 = if *sha1 { "; SHA-1 is not relied on any more (RFC 9905)" } else { "" };
                write!(
                    f,
                    "{zone} counts as unsigned: no DS record has an algorithm and digest that are verified here or relied on (algorithms {algorithms:?}, digests {digests:?}){sha1}"
                )
            }
            Self::Iterations { zone, iterations } => {
                f.write_str(&tr!("{zone} has {iterations} NSEC3 iterations; more than 100 are not computed (RFC 9276)", zone, iterations))
            }
            Self::NoKeys { zone } => f.write_str(&tr!("the parent of {zone} has a DS record, and {zone} has no DNSKEY", zone)),
            Self::NoMatchingKey { zone, ds, keys } => {
                f.write_str(&tr!("no usable key of {zone} (tags {}) fits the DS records (tags {})", tags(keys), tags(ds), zone))
            }
            Self::NotTrusted { zone, keys } => {
                f.write_str(&tr!("none of the keys that came for {zone} (tags {}) is a trusted one", tags(keys), zone))
            }
            Self::NotSigned { name, record_type, zone } => {
                f.write_str(&tr!("{record_type} of {name} ought to be signed by {zone}, and is not", record_type, name, zone))
            }
            Self::UnknownKey { name, record_type, zone, key_tag, algorithm } => f.write_str(&tr!("{record_type} of {name} is signed with key {key_tag}, algorithm {algorithm}, which {zone} does not have", record_type, name, key_tag, algorithm, zone)),
            Self::UnusableKey { zone, key_tag, algorithm } => f.write_str(&tr!("key {key_tag} of {zone}, algorithm {algorithm}, is none that may be relied on: RSA keys have 1,024 to 4,096 bits", key_tag, zone, algorithm)),
            Self::Expired { name, record_type, key_tag, expired, .. } => {
                f.write_str(&tr!("the signature over {record_type} of {name} (key {key_tag}) ended on {expired}", record_type, name, key_tag, expired))
            }
            Self::NotYetValid { name, record_type, key_tag, begins, .. } => {
                f.write_str(&tr!("the signature over {record_type} of {name} (key {key_tag}) begins on {begins}", record_type, name, key_tag, begins))
            }
            Self::BadSignature { name, record_type, key_tag, algorithm } => f.write_str(&tr!("the signature over {record_type} of {name} (key {key_tag}, algorithm {algorithm}) is not that of the data", record_type, name, key_tag, algorithm)),
            Self::NoDenial { name, record_type, zone } => {
                f.write_str(&tr!("nothing signed by {zone} proves that {name} has no {record_type}", zone, name, record_type))
            }
            Self::NoWildcardProof { name, zone } => {
                f.write_str(&tr!("the answer was made from a wildcard, and nothing signed by {zone} proves that {name} is not there", zone, name))
            }
            Self::TooMuchWork { name, record_type } => {
                f.write_str(&tr!("{record_type} of {name} has more keys and signatures than are tried", record_type, name))
            }
            Self::TooManyAliases { name } => f.write_str(&tr!("{name} leads through more aliases than are followed", name)),
            Self::Missing { name, record_type } => f.write_str(&tr!("{record_type} of {name} has not been looked up", record_type, name)),
            Self::Failed { name, record_type, why } => f.write_str(&tr!("{record_type} of {name}: {why}", record_type, name, why)),
            Self::NoSignatures { name, record_type } => {
                f.write_str(&tr!("{record_type} of {name} was not kept as it came, so there is no signature to verify", record_type, name))
            }
            Self::Stripped { name } => {
                f.write_str(&tr!("the keys of {name} did not come, or came without a signature: the resolver leaves them out", name))
            }
            Self::NoAnchor { name } => f.write_str(&tr!("no trust anchor is at or above {name}", name)),
        }
    }
}

/// Key tags in a row.
fn tags(tags: &[u16]) -> String {
    tags.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}

impl Reason {
    /// Whether the fault lies with the keys of the root: with the resolver or the clock then, not with a domain.
    fn is_of_the_root(&self) -> bool {
        match self {
            Self::Expired { name, record_type, .. } | Self::NotYetValid { name, record_type, .. } => {
                name.is_root() && *record_type == RecordType::DNSKEY
            }
            _ => false,
        }
    }

    /// How to mend what is broken, or how to find out; `None` where nothing is to be done.
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            reason if reason.is_of_the_root() => "See that this computer's clock is right, and ask another resolver.",
            Self::NotTrusted { .. } => {
                "Ask another resolver. In a network with a root of its own, name its key as trust anchor."
            }
            Self::Signed { .. } | Self::WouldBeSigned { .. } => return None,
            Self::NoDs { .. } | Self::OptOut { .. } => {
                "Sign the zone at your DNS provider and hand the DS record to your registrar."
            }
            Self::Unsupported { .. } => "Roll over to algorithm 13 with a SHA-256 digest (type 2) in the DS record.",
            Self::Iterations { .. } => "Set the NSEC3 iterations to 0 and the salt to none.",
            Self::NoKeys { .. } | Self::NoMatchingKey { .. } => {
                "Replace the DS record at the registrar by the one that the DNS provider shows, or remove it."
            }
            Self::NotSigned { .. } | Self::UnknownKey { .. } | Self::Expired { .. } | Self::BadSignature { .. } => {
                "Have the zone signed anew, and see why the signer did not do so."
            }
            Self::UnusableKey { .. } => "Roll over to algorithm 13 (ECDSA P-256), or to an RSA key of 2,048 bits.",
            Self::NotYetValid { .. } => "Set the signer's clock right, and have the zone signed anew.",
            Self::NoDenial { .. } | Self::NoWildcardProof { .. } => {
                "Have the zone signed anew; every name server must serve the whole signed zone."
            }
            Self::TooMuchWork { .. } => "Remove the keys and signatures that are not needed.",
            Self::TooManyAliases { .. } => "Let the alias point to its last target at once.",
            Self::Missing { .. } | Self::Failed { .. } => "Look it up, or try another resolver.",
            Self::NoSignatures { .. } | Self::Stripped { .. } => {
                "Ask a resolver that passes signatures on, over DNS over HTTPS in wire format."
            }
            Self::NoAnchor { .. } => "Name a trust anchor for the root or the zone.",
        })
    }
}
