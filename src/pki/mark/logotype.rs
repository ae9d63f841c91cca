//! The logo in a certificate: `logotype`, RFC 9399 §4.1, with the drawing embedded as RFC 6170 §4 and MCR §7.1.2.3 (h) want it.
//!
//! ```text
//! LogotypeExtn    ::= SEQUENCE { communityLogos [0] …, issuerLogo [1] …, subjectLogo [2] EXPLICIT LogotypeInfo OPTIONAL, … }
//! LogotypeInfo    ::= CHOICE { direct [0] LogotypeData, indirect [1] LogotypeReference }
//! LogotypeData    ::= SEQUENCE { image SEQUENCE OF LogotypeImage OPTIONAL, audio [1] … }
//! LogotypeImage   ::= SEQUENCE { imageDetails LogotypeDetails, imageInfo LogotypeImageInfo OPTIONAL }
//! LogotypeDetails ::= SEQUENCE { mediaType IA5String, logotypeHash SEQUENCE OF HashAlgAndValue, logotypeURI SEQUENCE OF IA5String }
//! HashAlgAndValue ::= SEQUENCE { hashAlg AlgorithmIdentifier, hashValue OCTET STRING }
//! ```

use domain::utils::base64;

use crate::crypto::{sha1, sha256, sha384, sha512};
use crate::svg;
use crate::svg::gzip::{self, GzipError};

use super::Outcome;
use super::der::{self, Element, Elements, tag};
use super::oids;
use super::parsed::Parsed;
use super::rules::{self, Rule};
use super::verdict::{Likeness, Logo, LogoHash, Reason};

/// Most octets that a drawing unpacks to; receivers take at most 32 KB, and bombs make gigabytes.
const MAX_DRAWING: usize = 256 * 1024;
/// Most images, hashes and addresses of one logotype; real ones have one image, three hashes, one address.
const MAX_ENTRIES: usize = 16;
/// The two octets that gzip begins with, RFC 1952 §2.3.1.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// One LogotypeDetails.
struct Details<'d> {
    media_type: String,
    /// Content octets of the algorithm's identifier, and the hash.
    hashes: Vec<(&'d [u8], &'d [u8])>,
    addresses: Vec<&'d [u8]>,
    /// How many images there are besides.
    others: usize,
}

/// What was found of the logo.
pub struct Found {
    /// Its facts.
    pub logo: Logo,
    /// The drawing, unpacked.
    pub svg: Vec<u8>,
}

/// Judges the logotype; `published` is the file behind `l=`.
pub fn judge(leaf: &Parsed<'_>, published: Option<&[u8]>, reasons: &mut Vec<Reason>) -> Option<Found> {
    let fail = |rule, detail: String| Reason::new(rule, Outcome::Fail, detail);
    let Some(extension) = leaf.extension(oids::LOGOTYPE) else {
        reasons.push(fail(&rules::LOGOTYPE, "The extension logotype (1.3.6.1.5.5.7.1.12) is missing.".into()));
        return None;
    };
    let Some(details) = details(extension.value) else {
        let detail = "It is not laid out as a subject logo with an image.";
        reasons.push(fail(&rules::LOGOTYPE_READABLE, detail.into()));
        return None;
    };
    if details.others > 0 {
        let detail = tr!("There are {} images; the first is judged.", details.others + 1);
        reasons.push(Reason::new(&rules::LOGOTYPE_MORE, Outcome::Warn, detail));
    }
    let (packed, svg) = match drawing(&details) {
        Ok(drawing) => drawing,
        Err((rule, detail)) => {
            reasons.push(fail(rule, detail));
            return None;
        }
    };
    if packed == svg {
        let detail = "The drawing stands in the certificate as it is; it must be gzipped.";
        reasons.push(fail(&rules::LOGOTYPE_PLAIN, detail.into()));
    }
    let hashes = hashes(&details.hashes, &packed, &svg, reasons);
    let same_as_published = published.map(|published| compare(published, &svg, reasons));
    let logo = Logo { size: svg.len(), conforms: None, schema_valid: None, faults: 0, hashes, same_as_published };
    Some(Found { logo, svg })
}

/// Judges whether the drawing is what a logo may be, SVG Tiny PS.
pub fn conformance(mut found: Found, reasons: &mut Vec<Reason>) -> Found {
    let verdict = svg::conformance::judge(&found.svg);
    found.logo.conforms = Some(verdict.conforms);
    found.logo.schema_valid = Some(verdict.schema_valid);
    found.logo.faults = verdict.faults.len().saturating_add(verdict.more_faults);
    let errors = verdict.faults.iter().filter(|fault| fault.severity == svg::Severity::Error);
    let first: Vec<String> = errors
        .clone()
        .take(3)
        .map(|fault| tr!("{} (line {}, column {})", fault.title, fault.line, fault.column))
        .collect();
    reasons.push(if verdict.conforms {
        Reason::new(&rules::LOGO, Outcome::Pass, tr!("It has {} octets.", verdict.size))
    } else {
        let more = errors.count().saturating_sub(first.len());
        let more = if more > 0 { tr!("; and {more} more", more) } else { String::new() };
        Reason::new(&rules::LOGO, Outcome::Fail, format!("{}{more}.", first.join("; ")))
    });
    found
}

/// Walks down to the first image of the subject's logo.
fn details(value: &[u8]) -> Option<Details<'_>> {
    let mut kinds = Elements::of(der::only(value, tag::SEQUENCE)?.content);
    kinds.take(tag::holder(0));
    kinds.take(tag::holder(1));
    let subject = kinds.take(tag::holder(2))?;
    let data = der::only(subject.content, tag::holder(0))?;
    let images = der::all(Elements::of(data.content).take(tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    let (image, others) = images.split_first()?;
    let mut parts = Elements::of(Elements::of(image.content).take(tag::SEQUENCE)?.content);
    let media_type = der::text(&parts.take(tag::IA5)?);
    let hashes = der::all(parts.take(tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    let addresses = der::all(parts.take(tag::SEQUENCE)?.content, MAX_ENTRIES)?;
    let hashes = hashes.into_iter().map(hash).collect::<Option<Vec<_>>>()?;
    let addresses = addresses.into_iter().filter(|address| address.tag == tag::IA5).map(|address| address.content);
    let details = Details { media_type, hashes, addresses: addresses.collect(), others: others.len() };
    (parts.is_empty() && image.tag == tag::SEQUENCE).then_some(details)
}

/// HashAlgAndValue.
fn hash(element: Element<'_>) -> Option<(&[u8], &[u8])> {
    let mut parts = Elements::of(element.content);
    let algorithm = parts.enter(tag::SEQUENCE)?.take(tag::OID)?;
    let value = parts.take(tag::OCTET_STRING)?;
    parts.is_empty().then_some((algorithm.content, value.content))
}

/// The rule that a drawing breaks, and how.
type Refusal = (&'static Rule, String);

/// The drawing as it is embedded, and unpacked.
fn drawing(details: &Details<'_>) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let Some(embedded) = details.addresses.iter().find_map(|address| without_scheme(address)) else {
        let first =
            details.addresses.first().map(|address| String::from_utf8_lossy(address).chars().take(200).collect());
        let first: String = first.unwrap_or_default();
        let first: String = first.chars().filter(|c| !c.is_control()).collect();
        let detail =
            tr!("Its address is “{first}”; receivers fetch nothing from outside, it must be a data: URI.", first);
        return Err((&rules::LOGOTYPE_REMOTE, detail));
    };
    let text = std::str::from_utf8(embedded).unwrap_or_default();
    let (head, body) = text.split_once(',').unwrap_or((text, ""));
    let (media_type, is_base64) = match head.strip_suffix(";base64") {
        Some(media_type) => (media_type, true),
        None => (head, false),
    };
    // Parameters, as `charset=utf-8`, say nothing of the kind.
    let media_type = media_type.split(';').next().unwrap_or_default();
    let types = [details.media_type.to_ascii_lowercase(), media_type.to_ascii_lowercase()];
    if let Some(other) = types.iter().find(|of| !matches!(of.as_str(), "image/svg+xml" | "image/svg+xml+gzip")) {
        let other: String = other.chars().filter(|c| !c.is_control()).take(60).collect();
        return Err((&rules::LOGOTYPE_TYPE, tr!("Its media type is “{other}”; it must be image/svg+xml.", other)));
    }
    let packed: Option<Vec<u8>> = if is_base64 { base64::decode(body).ok() } else { None };
    let Some(packed) = packed.filter(|packed| !packed.is_empty()) else {
        return Err((&rules::LOGOTYPE_DAMAGED, "What stands in the data: URI is no Base64.".into()));
    };
    if !packed.starts_with(&GZIP) {
        return Ok((packed.clone(), packed));
    }
    match unpacked(&packed) {
        Ok(svg) if svg.starts_with(&GZIP) => Err((&rules::LOGOTYPE_DAMAGED, "The drawing is gzipped twice.".into())),
        Ok(svg) => Ok((packed, svg)),
        Err(Packed::TooLarge) => {
            let detail = tr!(
                "It unpacks to more than {MAX_DRAWING} octets, the limit here; receivers take at most 32,768.",
                MAX_DRAWING
            );
            Err((&rules::LOGOTYPE_SIZE, detail))
        }
        Err(Packed::Damaged) => {
            let detail = "What stands in the data: URI begins as gzip, and does not unpack.";
            Err((&rules::LOGOTYPE_DAMAGED, detail.into()))
        }
    }
}

/// Why a gzipped drawing was not unpacked.
enum Packed {
    /// It makes more than is read.
    TooLarge,
    /// It is no whole gzip, or an empty one.
    Damaged,
}

/// A gzipped drawing unpacked, within the limit; its checksum is verified.
fn unpacked(packed: &[u8]) -> Result<Vec<u8>, Packed> {
    match gzip::unpack(packed, MAX_DRAWING) {
        Ok(svg) if !svg.is_empty() => Ok(svg),
        Ok(_) | Err(GzipError::Damaged) => Err(Packed::Damaged),
        Err(GzipError::TooLarge) => Err(Packed::TooLarge),
    }
}

/// What stands behind `data:`; schemes are case-insensitive.
fn without_scheme(address: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = address.split_at_checked(5)?;
    scheme.eq_ignore_ascii_case(b"data:").then_some(rest)
}

/// Judges every hash: at least one must be computed here, and all of those must be the drawing's.
fn hashes(hashes: &[(&[u8], &[u8])], packed: &[u8], svg: &[u8], reasons: &mut Vec<Reason>) -> Vec<LogoHash> {
    // RFC 6170 §5.2 has the hash over the unpacked drawing with line feeds as line ends.
    let canonical = line_feeds(svg);
    let mut read = Vec::new();
    let (mut wrong, mut over_packed) = (Vec::new(), false);
    for (algorithm, expected) in hashes {
        let name = oids::words(algorithm);
        let Some(compute) = computed(algorithm) else {
            read.push(LogoHash { algorithm: name, matches: None });
            continue;
        };
        let is_plain = compute(svg) == *expected || compute(&canonical) == *expected;
        let is_packed = !is_plain && compute(packed) == *expected;
        over_packed |= is_packed;
        if !is_plain && !is_packed {
            wrong.push(name.clone());
        }
        read.push(LogoHash { algorithm: name, matches: Some(is_plain || is_packed) });
    }
    let names: Vec<&str> = read.iter().map(|hash| hash.algorithm.as_str()).collect();
    let names = if names.is_empty() { "none".into() } else { names.join(", ") };
    if read.iter().all(|hash| hash.matches.is_none()) {
        let detail = tr!("Its hashes are: {names}. SHA-1, SHA-256, SHA-384 and SHA-512 are computed here.", names);
        reasons.push(Reason::new(&rules::LOGOTYPE_HASH_KIND, Outcome::Fail, detail));
    } else if !wrong.is_empty() {
        let detail = tr!(
            "The {} hash in the certificate is not that of the {} octets of the drawing.",
            wrong.join(&tr!(" and ")),
            svg.len()
        );
        reasons.push(Reason::new(&rules::LOGOTYPE_HASH, Outcome::Fail, detail));
    } else if over_packed {
        let detail = tr!("{names}, over the gzipped drawing. It should be over the unpacked one.", names);
        reasons.push(Reason::new(&rules::LOGOTYPE_HASH, Outcome::Info, detail).citing("RFC 6170 §5.2"));
    } else {
        reasons.push(Reason::new(
            &rules::LOGOTYPE_HASH,
            Outcome::Pass,
            tr!("{names}, over the unpacked drawing.", names),
        ));
    }
    if names == "sha1" && wrong.is_empty() {
        let detail =
            "Receivers take it (DigiCert issues no other, as of 2026-11); the certificate itself is signed with more.";
        reasons.push(Reason::new(&rules::LOGOTYPE_SHA1, Outcome::Info, detail));
    }
    read
}

/// Computes a digest.
type Digest = fn(&[u8]) -> Vec<u8>;

/// The digest of an algorithm.
fn computed(algorithm: &[u8]) -> Option<Digest> {
    let known: [(_, Digest); 4] =
        [(oids::SHA1, sha1), (oids::SHA256, sha256), (oids::SHA384, sha384), (oids::SHA512, sha512)];
    known.into_iter().find(|(oid, _)| oid.as_bytes() == algorithm).map(|(_, compute)| compute)
}

/// The published logo beside the embedded one: octet by octet, then but for line ends and those at the end.
fn compare(published: &[u8], svg: &[u8], reasons: &mut Vec<Reason>) -> Likeness {
    let unpacked = if published.starts_with(&GZIP) { unpacked(published).ok() } else { None };
    let published = unpacked.as_deref().unwrap_or(published);
    let (reason, likeness) = if published == svg {
        let detail = tr!("Octet by octet, all {}.", svg.len());
        (Reason::new(&rules::PUBLISHED, Outcome::Pass, detail), Likeness::Same)
    } else if trimmed(&line_feeds(published)) == trimmed(&line_feeds(svg)) {
        let detail = tr!(
            "The published file has {} octets, the embedded one {}; with line feeds as line ends they are the same.",
            published.len(),
            svg.len()
        );
        (Reason::new(&rules::LINE_ENDS, Outcome::Warn, detail), Likeness::LineEnds)
    } else {
        let same = published.iter().zip(svg).take_while(|(one, other)| one == other).count();
        let detail = tr!(
            "The published file has {} octets, the embedded one {}; they differ from octet {} on.",
            published.len(),
            svg.len(),
            same + 1
        );
        (Reason::new(&rules::PUBLISHED, Outcome::Fail, detail), Likeness::Different)
    };
    reasons.push(reason);
    likeness
}

/// The text with line feeds alone as line ends.
fn line_feeds(text: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(text.len());
    let mut octets = text.iter().copied().peekable();
    while let Some(octet) = octets.next() {
        if octet != b'\r' {
            lines.push(octet);
        } else if octets.peek() != Some(&b'\n') {
            lines.push(b'\n');
        }
    }
    lines
}

/// Without the line ends at the end.
fn trimmed(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let [rest @ .., b'\n'] = text {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_three_kinds_are_one() {
        assert_eq!(line_feeds(b"a\r\nb\rc\nd\r\n\r\n"), b"a\nb\nc\nd\n\n");
        assert_eq!(trimmed(b"a\n\n"), b"a");
    }
}
