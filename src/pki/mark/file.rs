//! The file of a Mark Certificate, VMC draft §3.3: PEM, the Mark Certificate first, then its issuers.

use domain::utils::base64;

use super::Outcome;
use super::extensions;
use super::oids;
use super::parsed::Parsed;
use super::rules;
use super::verdict::Reason;

/// Most certificates of one file; a chain has three.
const MAX_CERTIFICATES: usize = 16;
/// Longest text of one certificate: a drawing of 32 KB, gzipped and twice in Base64, has at most 60 KB.
const MAX_TEXT: usize = 512 * 1024;
/// Most text of one file that is looked through.
pub const MAX_FILE: usize = 4 * 1024 * 1024;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates of a file, DER, each once; and what is wrong with the file.
pub struct File {
    /// Each certificate once, in order.
    pub ders: Vec<Vec<u8>>,
    /// What is wrong.
    pub reasons: Vec<Reason>,
}

/// Reads the blocks of PEM; text around them is passed over (RFC 7468 §5.2).
pub fn read(text: &str) -> File {
    let mut file = File { ders: Vec::new(), reasons: Vec::new() };
    let fail = |detail: String| Reason::new(&rules::PEM, Outcome::Fail, detail);
    if text.len() > MAX_FILE {
        file.reasons.push(fail(tr!("The file has {} octets; at most {MAX_FILE} are read.", text.len(), MAX_FILE)));
        return file;
    }
    let mut rest = text;
    let mut number = 0;
    let mut repeated = Vec::new();
    while let Some((_, after)) = rest.split_once(BEGIN) {
        number += 1;
        if number > MAX_CERTIFICATES {
            file.reasons
                .push(fail(tr!("There are more than {MAX_CERTIFICATES} certificates in it.", MAX_CERTIFICATES)));
            break;
        }
        let Some((body, behind)) = after.split_once(END) else {
            file.reasons.push(fail(tr!("Certificate {number} has no end: {END} is missing.", number, END)));
            break;
        };
        rest = behind;
        match decode(body) {
            Err(why) => file.reasons.push(fail(tr!("Certificate {number} {why}.", number, why))),
            Ok(der) if file.ders.contains(&der) => repeated.push(number),
            Ok(der) => file.ders.push(der),
        }
    }
    if number == 0 {
        file.reasons.push(fail(tr!("No line begins a certificate with {BEGIN}.", BEGIN)));
    }
    if !repeated.is_empty() {
        let numbers = repeated.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let detail = tr!("Certificate {numbers} of the file has stood there before.", numbers);
        file.reasons.push(Reason::new(&rules::DUPLICATE, Outcome::Fail, detail));
    }
    if text.lines().any(|line| line.starts_with("-----BEGIN ") && line.contains("PRIVATE KEY-----")) {
        let detail =
            "Whoever has the file has the key. The authority must revoke the certificate as soon as it learns of this.";
        file.reasons.push(Reason::new(&rules::PRIVATE_KEY, Outcome::Fail, detail));
    }
    file
}

/// The octets of one block.
fn decode(body: &str) -> Result<Vec<u8>, String> {
    if body.len() > MAX_TEXT {
        return Err(tr!("is longer than {MAX_TEXT} characters", MAX_TEXT));
    }
    let body: String = body.split_ascii_whitespace().collect();
    base64::decode(&body).map_err(|_| "is no Base64".into())
}

/// How much a certificate looks like the Mark Certificate of its file.
fn likeness(certificate: &Parsed<'_>) -> u8 {
    let is_ca = is_ca(certificate);
    match (certificate.extension(oids::LOGOTYPE).is_some(), is_ca) {
        (true, false) => 4,
        (true, true) => 3,
        (false, false) if is_for_bimi(certificate) => 2,
        (false, false) => 1,
        (false, true) => 0,
    }
}

/// Whether it says that it may issue others.
pub fn is_ca(certificate: &Parsed<'_>) -> bool {
    let basic = certificate.extension(oids::BASIC_CONSTRAINTS);
    basic.and_then(|basic| extensions::basic_constraints(basic.value)).is_some_and(|basic| basic.ca)
}

/// Whether BIMI is among its purposes.
pub fn is_for_bimi(certificate: &Parsed<'_>) -> bool {
    let purposes = certificate.extension(oids::EXTENDED_KEY_USAGE);
    purposes
        .and_then(|purposes| extensions::purposes(purposes.value))
        .is_some_and(|purposes| purposes.contains(&oids::BRAND_INDICATOR.as_bytes()))
}

/// What was found of the Mark Certificate in a file.
pub struct Leaf<'c, 'd> {
    /// The certificate that is published; absent where there are only those of authorities.
    pub certificate: Option<&'c Parsed<'d>>,
    /// Whether it is a Mark Certificate.
    pub is_mark: bool,
    /// What is wrong with there being none, or several.
    pub reason: Option<Reason>,
}

/// Looks for the Mark Certificate among the certificates of a file.
pub fn leaf<'c, 'd>(certificates: &'c [Parsed<'d>]) -> Leaf<'c, 'd> {
    let most = certificates.iter().map(likeness).max().unwrap_or(0);
    let Some(leaf) = certificates.iter().find(|certificate| likeness(certificate) == most).filter(|_| most > 0) else {
        let called: Vec<String> =
            certificates.iter().map(|certificate| format!("“{}”", certificate.called())).collect();
        let detail = tr!("There is only {} in it.", called.join(", "));
        return Leaf {
            certificate: None,
            is_mark: false,
            reason: Some(Reason::new(&rules::LEAF, Outcome::Fail, detail)),
        };
    };
    if most == 1 {
        let detail = tr!(
            "The certificate of “{}” has neither the purpose of BIMI (1.3.6.1.5.5.7.3.31) nor a logo in it.",
            leaf.called()
        );
        let reason = Some(Reason::new(&rules::MARK, Outcome::Fail, detail));
        return Leaf { certificate: Some(leaf), is_mark: false, reason };
    }
    let marks = certificates.iter().filter(|certificate| certificate.extension(oids::LOGOTYPE).is_some()).count();
    let reason = (marks > 1).then(|| {
        let serial = leaf.serial_words();
        let detail = tr!(
            "There are {marks} of them; only the first, with the serial number {serial}, is judged.",
            marks,
            serial
        );
        Reason::new(&rules::SEVERAL, Outcome::Fail, detail)
    });
    Leaf { certificate: Some(leaf), is_mark: true, reason }
}

/// Whether a certificate is a Mark Certificate, or claims to be one.
pub fn is_mark(certificate: &Parsed<'_>) -> bool {
    likeness(certificate) >= 2
}
