//! An authority of our own: a root, an issuer, Mark Certificates and a log, written octet by octet so that everything about
//! them can be wrong, one thing at a time.

use std::path::PathBuf;

use domain::utils::base64;
use flate2::Compression;
use flate2::write::GzEncoder;
use mxray::crypto::{sha1, sha256, sha384, sha512};
use mxray::pki::mark::Log;
use p256::ecdsa::signature::Signer;
use x509_cert::der::asn1::ObjectIdentifier;

/// A logo that conforms to SVG Tiny PS.
pub const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\" \
    viewBox=\"0 0 64 64\" width=\"96\" height=\"96\">\n  <title>Acme</title>\n  <rect width=\"64\" height=\"64\" \
    fill=\"#fff\"/>\n  <circle cx=\"32\" cy=\"32\" r=\"20\" fill=\"#06c\"/>\n</svg>\n";

pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
pub const ALTERNATIVE_NAME: &str = "2.5.29.17";
pub const POLICIES: &str = "2.5.29.32";
pub const CRL_POINTS: &str = "2.5.29.31";
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub const AUTHORITY_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
pub const LOGOTYPE: &str = "1.3.6.1.5.5.7.1.12";
pub const SCT_LIST: &str = "1.3.6.1.4.1.11129.2.4.2";
pub const PILOT: &str = "1.3.6.1.4.1.53087.4.1";
pub const BRAND_INDICATOR: &str = "1.3.6.1.5.5.7.3.31";
pub const MARK_POLICY: &str = "1.3.6.1.4.1.53087.1.1";
pub const CPS_POLICY: &str = "1.3.6.1.4.1.99999.1";
pub const MARK_TYPE: &str = "1.3.6.1.4.1.53087.1.13";
pub const SHA1: &str = "1.3.14.3.2.26";
pub const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub const SHA384: &str = "2.16.840.1.101.3.4.2.2";
pub const SHA512: &str = "2.16.840.1.101.3.4.2.3";
pub const MD5: &str = "1.2.840.113549.2.5";

/// One element.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut whole = vec![tag];
    match length {
        0..=127 => whole.push(length as u8),
        128..=255 => whole.extend([0x81, length as u8]),
        256..=65_535 => whole.extend([0x82, (length >> 8) as u8, length as u8]),
        _ => whole.extend([0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8]),
    }
    whole.extend(content);
    whole
}

/// A SEQUENCE of elements.
pub fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// An OBJECT IDENTIFIER.
pub fn oid(dotted: &str) -> Vec<u8> {
    tlv(6, ObjectIdentifier::new_unwrap(dotted).as_bytes())
}

/// A key that signs.
#[derive(Clone)]
pub enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    /// Names an algorithm that is not verified here, RSASSA-PSS.
    Pss,
    /// A key in a file, with which OpenSSL signs: file, digest, AlgorithmIdentifier, SubjectPublicKeyInfo.
    OpenSsl(PathBuf, &'static str, Vec<u8>, Vec<u8>),
}

impl Key {
    pub fn p256(number: u8) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&[number; 32]).expect("a scalar"))
    }

    pub fn p384(number: u8) -> Self {
        Self::P384(p384::ecdsa::SigningKey::from_slice(&[number; 48]).expect("a scalar"))
    }

    /// SubjectPublicKeyInfo.
    pub fn spki(&self) -> Vec<u8> {
        let (curve, point) = match self {
            Self::P256(key) => ("1.2.840.10045.3.1.7", key.verifying_key().to_sec1_point(false).as_bytes().to_vec()),
            Self::P384(key) => ("1.3.132.0.34", key.verifying_key().to_sec1_point(false).as_bytes().to_vec()),
            Self::Pss => return Self::p256(77).spki(),
            Self::OpenSsl(.., spki) => return spki.clone(),
        };
        seq(&[seq(&[oid("1.2.840.10045.2.1"), oid(curve)]), tlv(3, &[&[0], &point[..]].concat())])
    }

    /// AlgorithmIdentifier of its signatures.
    fn algorithm(&self) -> Vec<u8> {
        seq(&[oid(match self {
            Self::P256(_) => "1.2.840.10045.4.3.2",
            Self::P384(_) => "1.2.840.10045.4.3.3",
            Self::Pss => "1.2.840.113549.1.1.10",
            Self::OpenSsl(_, _, algorithm, _) => return algorithm.clone(),
        })])
    }

    pub fn sign(&self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(data);
                signature.to_der().as_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(data);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Pss => vec![7; 256],
            Self::OpenSsl(file, digest, ..) => {
                let data_file = file.with_extension("data");
                std::fs::write(&data_file, data).expect("written");
                let output = std::process::Command::new("openssl")
                    .args(["dgst", digest, "-sign"])
                    .args([file, &data_file])
                    .output()
                    .expect("openssl runs");
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                output.stdout
            }
        }
    }
}

/// Whether and how a certificate was logged.
#[derive(Clone, Copy, PartialEq)]
pub enum Logged {
    No,
    Yes,
    /// By a log that nobody knows.
    Elsewhere,
    /// The signature is over another certificate.
    Forged,
    /// The extension is there, and holds no timestamp.
    Empty,
}

/// One certificate to be written.
#[derive(Clone)]
pub struct Spec {
    pub serial: Vec<u8>,
    /// Attributes of the subject: identifier and text.
    pub subject: Vec<(String, String)>,
    /// As UTCTime.
    pub not_before: String,
    pub not_after: String,
    pub key: Key,
    /// Identifier, critical, value.
    pub extensions: Vec<(String, bool, Vec<u8>)>,
    pub logged: Logged,
}

impl Spec {
    /// Puts an extension in the place of the one of its kind, or behind all.
    pub fn set(&mut self, kind: &str, critical: bool, value: Vec<u8>) {
        match self.extensions.iter_mut().find(|(known, ..)| known == kind) {
            Some(extension) => *extension = (kind.into(), critical, value),
            None => self.extensions.push((kind.into(), critical, value)),
        }
    }

    pub fn drop(&mut self, kind: &str) {
        self.extensions.retain(|(known, ..)| known != kind);
    }

    /// Sets a field of the subject.
    pub fn tell(&mut self, kind: &str, text: &str) {
        self.subject.retain(|(known, _)| known != kind);
        self.subject.push((kind.into(), text.into()));
    }

    pub fn hush(&mut self, kind: &str) {
        self.subject.retain(|(known, _)| known != kind);
    }

    fn name(&self) -> Vec<u8> {
        let sets = self.subject.iter().map(|(kind, text)| tlv(0x31, &seq(&[oid(kind), tlv(0x0C, text.as_bytes())])));
        seq(&sets.collect::<Vec<_>>())
    }

    fn tbs(&self, issuer: &Spec, extensions: &[(String, bool, Vec<u8>)]) -> Vec<u8> {
        let list = extensions.iter().map(|(kind, critical, value)| {
            let flag = if *critical { tlv(1, &[0xFF]) } else { Vec::new() };
            seq(&[oid(kind), flag, tlv(4, value)])
        });
        seq(&[
            tlv(0xA0, &tlv(2, &[2])),
            tlv(2, &self.serial),
            issuer.key.algorithm(),
            issuer.name(),
            seq(&[tlv(0x17, self.not_before.as_bytes()), tlv(0x17, self.not_after.as_bytes())]),
            self.name(),
            self.key.spki(),
            tlv(0xA3, &seq(&list.collect::<Vec<_>>())),
        ])
    }

    /// The certificate, issued by another.
    pub fn der(&self, issuer: &Spec) -> Vec<u8> {
        let mut extensions = self.extensions.clone();
        if self.logged != Logged::No {
            let timestamps = self.timestamps(issuer);
            extensions.push((SCT_LIST.into(), false, tlv(4, &timestamps)));
        }
        let tbs = self.tbs(issuer, &extensions);
        let signature = [&[0], &issuer.key.sign(&tbs)[..]].concat();
        seq(&[tbs, issuer.key.algorithm(), tlv(3, &signature)])
    }

    /// SignedCertificateTimestampList, RFC 6962 §3.3.
    fn timestamps(&self, issuer: &Spec) -> Vec<u8> {
        if self.logged == Logged::Empty {
            return vec![0, 0];
        }
        let log = if self.logged == Logged::Elsewhere { Key::p256(99) } else { log_key() };
        let mut tbs = self.tbs(issuer, &self.extensions);
        if self.logged == Logged::Forged {
            *tbs.last_mut().expect("octets") ^= 1;
        }
        let timestamp = 1_735_700_000_000u64.to_be_bytes();
        let length = (tbs.len() as u32).to_be_bytes();
        let data =
            [&[0, 0], &timestamp[..], &[0, 1], &sha256(&issuer.key.spki()), &length[1..], &tbs, &[0, 0]].concat();
        let signature = log.sign(&data);
        let sct = [
            &[0],
            &sha256(&log.spki())[..],
            &timestamp,
            &[0, 0],
            &[4, 3],
            &(signature.len() as u16).to_be_bytes(),
            &signature,
        ]
        .concat();
        let entry = [&(sct.len() as u16).to_be_bytes(), &sct[..]].concat();
        [&(entry.len() as u16).to_be_bytes(), &entry[..]].concat()
    }
}

/// The key of our own log.
fn log_key() -> Key {
    Key::p256(4)
}

/// Our own log.
pub fn logs() -> Vec<Log> {
    vec![Log { name: "Own".into(), spki: log_key().spki() }]
}

/// The value of `extKeyUsage`.
pub fn purposes(list: &[&str]) -> Vec<u8> {
    seq(&list.iter().map(|purpose| oid(purpose)).collect::<Vec<_>>())
}

/// The value of `certificatePolicies`, the first with the address of a statement.
pub fn policies(list: &[&str]) -> Vec<u8> {
    let entries = list.iter().enumerate().map(|(at, policy)| {
        let cps = seq(&[seq(&[oid("1.3.6.1.5.5.7.2.1"), tlv(0x16, b"https://ca.example/cps")])]);
        if at == 0 { seq(&[oid(policy), cps]) } else { seq(&[oid(policy)]) }
    });
    seq(&entries.collect::<Vec<_>>())
}

/// The value of `subjectAltName` with DNS names.
pub fn dns_names(list: &[&str]) -> Vec<u8> {
    seq(&list.iter().map(|name| tlv(0x82, name.as_bytes())).collect::<Vec<_>>())
}

/// gzip.
pub fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut encoder, octets).expect("in memory");
    encoder.finish().expect("in memory")
}

/// The value of `logotype`, with hashes given as algorithm and octets.
pub fn logotype(media_type: &str, hashes: &[(&str, Vec<u8>)], address: &str) -> Vec<u8> {
    let hashes: Vec<_> = hashes.iter().map(|(algorithm, hash)| seq(&[seq(&[oid(algorithm)]), tlv(4, hash)])).collect();
    let details = seq(&[tlv(0x16, media_type.as_bytes()), seq(&hashes), seq(&[tlv(0x16, address.as_bytes())])]);
    let data = seq(&[seq(&[details])]);
    seq(&[tlv(0xA2, &tlv(0xA0, &data))])
}

/// The hash of an algorithm, or of SHA-256 where it is another.
pub fn hash(algorithm: &str, octets: &[u8]) -> Vec<u8> {
    match algorithm {
        SHA1 => sha1(octets),
        SHA384 => sha384(octets),
        SHA512 => sha512(octets),
        _ => sha256(octets),
    }
}

/// The value of `logotype` for a drawing, with hashes of these algorithms.
pub fn logo(svg: &str, algorithms: &[&str]) -> Vec<u8> {
    let hashes: Vec<_> = algorithms.iter().map(|algorithm| (*algorithm, hash(algorithm, svg.as_bytes()))).collect();
    logotype("image/svg+xml", &hashes, &data_uri(&gzip(svg.as_bytes())))
}

/// A data: URI with these octets.
pub fn data_uri(octets: &[u8]) -> String {
    format!("data:image/svg+xml;base64,{}", base64::encode_string(octets))
}

/// Root, issuer and Mark Certificate.
#[derive(Clone)]
pub struct World {
    pub root: Spec,
    pub issuer: Spec,
    pub leaf: Spec,
}

impl World {
    /// Everything as it should be.
    pub fn new() -> Self {
        let fields = |list: &[(&str, &str)]| list.iter().map(|(kind, text)| ((*kind).into(), (*text).into())).collect();
        let extensions = |list: Vec<(&str, bool, Vec<u8>)>| {
            list.into_iter().map(|(kind, critical, value)| (kind.to_owned(), critical, value)).collect::<Vec<_>>()
        };
        let ca = seq(&[tlv(1, &[0xFF])]);
        let usage = tlv(3, &[1, 0x06]);
        let crl = |name: &str| {
            let address = format!("http://crl.ca.example/{name}.crl");
            seq(&[seq(&[tlv(0xA0, &tlv(0xA0, &tlv(0x86, address.as_bytes())))])])
        };
        let access = seq(&[seq(&[oid("1.3.6.1.5.5.7.48.2"), tlv(0x86, b"http://ca.example/issuer.crt")])]);
        let root = Spec {
            serial: vec![0x11; 16],
            subject: fields(&[("2.5.4.6", "US"), ("2.5.4.10", "Own Authority"), ("2.5.4.3", "Own Mark Root")]),
            not_before: "200101000000Z".into(),
            not_after: "400101000000Z".into(),
            key: Key::p384(1),
            extensions: extensions(vec![(BASIC_CONSTRAINTS, true, ca.clone()), (KEY_USAGE, true, usage.clone())]),
            logged: Logged::No,
        };
        let issuer = Spec {
            serial: vec![0x22; 16],
            subject: fields(&[("2.5.4.6", "US"), ("2.5.4.10", "Own Authority"), ("2.5.4.3", "Own Mark CA")]),
            not_before: "210101000000Z".into(),
            not_after: "350101000000Z".into(),
            key: Key::p256(2),
            extensions: extensions(vec![
                (BASIC_CONSTRAINTS, true, seq(&[tlv(1, &[0xFF]), tlv(2, &[0])])),
                (KEY_USAGE, true, usage),
                (EXTENDED_KEY_USAGE, false, purposes(&[BRAND_INDICATOR])),
                (POLICIES, false, policies(&[CPS_POLICY, MARK_POLICY])),
                (CRL_POINTS, false, crl("root")),
            ]),
            logged: Logged::No,
        };
        let leaf = Spec {
            serial: vec![0x33; 16],
            subject: fields(&[
                ("2.5.4.15", "Private Organization"),
                ("1.3.6.1.4.1.311.60.2.1.3", "US"),
                ("2.5.4.5", "12345"),
                ("2.5.4.6", "US"),
                ("2.5.4.7", "Springfield"),
                ("2.5.4.9", "1 Main Street"),
                ("2.5.4.10", "Acme, Inc."),
                (MARK_TYPE, "Registered Mark"),
                ("1.3.6.1.4.1.53087.1.3", "US"),
                ("1.3.6.1.4.1.53087.1.4", "7654321"),
            ]),
            not_before: "250101000000Z".into(),
            not_after: "251231235959Z".into(),
            key: Key::p256(3),
            extensions: extensions(vec![
                (ALTERNATIVE_NAME, false, dns_names(&["acme.example"])),
                (EXTENDED_KEY_USAGE, false, purposes(&[BRAND_INDICATOR])),
                (POLICIES, false, policies(&[CPS_POLICY, MARK_POLICY])),
                (CRL_POINTS, false, crl("issuer")),
                (AUTHORITY_ACCESS, false, access),
                (BASIC_CONSTRAINTS, true, seq(&[])),
                (LOGOTYPE, false, logo(LOGO, &[SHA256])),
            ]),
            logged: Logged::Yes,
        };
        Self { root, issuer, leaf }
    }

    /// Root, issuer and Mark Certificate, DER.
    pub fn ders(&self) -> [Vec<u8>; 3] {
        [self.root.der(&self.root), self.issuer.der(&self.root), self.leaf.der(&self.issuer)]
    }
}

/// Certificates as PEM, in this order.
pub fn pem(ders: &[&[u8]]) -> String {
    ders.iter().map(|der| pem_block("CERTIFICATE", der)).collect()
}

/// One block of PEM.
pub fn pem_block(label: &str, der: &[u8]) -> String {
    let text = base64::encode_string(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
