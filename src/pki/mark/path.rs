//! The path from the Mark Certificate to a root, RFC 5280 §6.1: by names and signatures, for names alone prove nothing.

use crate::crypto::{KeyError, SubjectKey, verify_by_subject};

use super::extensions;
use super::oids;
use super::parsed::Parsed;

/// Longest path, root included; real ones have three.
const MAX_PATH: usize = 8;
/// Most signatures that are verified for one file; a path takes one for each of its steps.
const MAX_SIGNATURES: usize = 32;

/// Where a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At a root.
    Root,
    /// Nobody has the name of the last one's issuer.
    NoIssuer,
    /// The last one is signed by itself, and is no root.
    OwnSignature,
    /// The last one's signature is not by the key of who has its issuer's name.
    BadSignature,
    /// The last one's signature is over SHA-1, or by a key that is too short.
    Weak,
    /// The last one's signature has an algorithm or key that is not verified here.
    Unsupported,
    /// There are more ways, or steps, than are followed.
    TooMuch,
}

/// A path, the Mark Certificate first.
#[derive(Clone, Debug)]
pub struct Path<'c, 'd> {
    /// Its certificates.
    pub certificates: Vec<&'c Parsed<'d>>,
    /// Where it ends.
    pub end: End,
    /// Who has the name of the last one's issuer, where its signature could not be proven.
    pub named: Option<&'c Parsed<'d>>,
}

impl<'c, 'd> Path<'c, 'd> {
    /// The path from a leaf through certificates of the file to one of the roots, or else the one that gets furthest.
    pub fn find(leaf: &'c Parsed<'d>, file: &'c [Parsed<'d>], roots: &'c [Parsed<'d>]) -> Self {
        let mut best: Option<Self> = None;
        let mut open = vec![vec![leaf]];
        let mut signatures = 0;
        while let Some(path) = open.pop() {
            let Some(last) = path.last().copied() else { continue };
            let mut end = End::NoIssuer;
            let mut named = None;
            let mut further = Vec::new();
            for (candidate, is_root) in candidates(last, &path, file, roots) {
                signatures += 1;
                if signatures > MAX_SIGNATURES || path.len() >= MAX_PATH {
                    (end, named) = (End::TooMuch, None);
                    break;
                }
                let step = step(last, candidate);
                match step {
                    None => {
                        let mut longer = path.clone();
                        longer.push(candidate);
                        if is_root {
                            return Self { certificates: longer, end: End::Root, named: None };
                        }
                        further.push(longer);
                    }
                    Some(why) if rank(why) > rank(end) => (end, named) = (why, Some(candidate)),
                    Some(_) => {}
                }
            }
            if further.is_empty() {
                if end == End::NoIssuer && last.subject == last.issuer {
                    end = End::OwnSignature;
                }
                let ends_later = best.as_ref().is_none_or(|best| best.certificates.len() < path.len());
                if ends_later {
                    best = Some(Self { certificates: path, end, named });
                }
            } else if end == End::TooMuch {
                return Self { certificates: path, end, named };
            }
            // The likeliest was found first, and is to be looked at first.
            open.extend(further.into_iter().rev());
        }
        best.unwrap_or(Self { certificates: vec![leaf], end: End::NoIssuer, named: None })
    }

    /// The issuer of the Mark Certificate: proven, or at least of the right name.
    pub fn issuer(&self) -> Option<&'c Parsed<'d>> {
        self.certificates.get(1).copied().or(self.named)
    }

    /// Whether the Mark Certificate itself is known not to be what was signed.
    pub fn is_leaf_broken(&self) -> bool {
        self.certificates.len() == 1 && self.end == End::BadSignature
    }
}

/// Which failure tells more, of several candidates for one issuer.
fn rank(end: End) -> u8 {
    match end {
        End::Unsupported => 3,
        End::Weak => 2,
        End::BadSignature => 1,
        _ => 0,
    }
}

/// Whoever has the issuer's name, roots first, then those whose key identifier is the one that is asked for: a hint only.
fn candidates<'c, 'd>(
    of: &Parsed<'d>,
    path: &[&'c Parsed<'d>],
    file: &'c [Parsed<'d>],
    roots: &'c [Parsed<'d>],
) -> Vec<(&'c Parsed<'d>, bool)> {
    let wanted = of.extension(oids::AUTHORITY_KEY).and_then(|key| extensions::authority_key(key.value));
    let is_new = |candidate: &Parsed<'d>| !path.iter().any(|on_path| on_path.der == candidate.der);
    let roots = roots.iter().map(|root| (root, true));
    let others = file.iter().map(|other| (other, false));
    let mut found: Vec<_> =
        roots.chain(others).filter(|(candidate, _)| candidate.subject == of.issuer && is_new(candidate)).collect();
    found.sort_by_key(|(candidate, is_root)| {
        let identifier = candidate.extension(oids::SUBJECT_KEY).and_then(|key| extensions::subject_key(key.value));
        (!is_root, wanted.is_none() || identifier != wanted)
    });
    found
}

/// Why the signature of one is not by the key of the other; `None` where it is.
fn step(of: &Parsed<'_>, by: &Parsed<'_>) -> Option<End> {
    if of.is_sha1() {
        return Some(End::Weak);
    }
    let (Some((hash, is_rsa)), Some(key)) = (of.signature_hash(), by.key()) else {
        return Some(End::Unsupported);
    };
    if !of.same_algorithm || is_rsa != matches!(key, SubjectKey::Rsa { .. }) {
        return Some(End::BadSignature);
    }
    match verify_by_subject(key, hash, of.tbs.whole, of.signature) {
        Ok(true) => None,
        Ok(false) => Some(End::BadSignature),
        Err(KeyError::RsaBits { bits }) if bits < crate::crypto::MIN_CERTIFICATE_RSA_BITS => Some(End::Weak),
        Err(KeyError::RsaBits { .. } | KeyError::Unsupported { .. }) => Some(End::Unsupported),
        Err(KeyError::Malformed) => Some(End::BadSignature),
    }
}
