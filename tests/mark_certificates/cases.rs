//! One thing wrong at a time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use mxray::name::DomainName;
use mxray::pki::Certificate;
use mxray::pki::mark::{self, Outcome, Question, Verdict};
use mxray::time::UnixTime;

use super::world::*;

/// When everything is judged unless a case says otherwise.
const AT: &str = "2025-06-01T00:00:00Z";

/// What a case asks, and of which file.
#[derive(Clone)]
struct Setting {
    world: World,
    /// Makes the file of root, issuer and Mark Certificate.
    file: fn(&[Vec<u8>; 3]) -> String,
    author: &'static str,
    organizational: Option<&'static str>,
    selector: &'static str,
    logo: Option<Vec<u8>>,
    at: &'static str,
}

impl Setting {
    fn new() -> Self {
        Self {
            world: World::new(),
            file: |[root, issuer, leaf]| pem(&[leaf, issuer, root]),
            author: "acme.example",
            organizational: None,
            selector: "default",
            logo: None,
            at: AT,
        }
    }

    /// The file, the root's certificate, and the Mark Certificate's.
    fn text(&self) -> (String, [Vec<u8>; 3]) {
        let ders = self.world.ders();
        ((self.file)(&ders), ders)
    }

    fn judge(&self) -> Verdict {
        let (text, [root, ..]) = self.text();
        judge_text(&text, &root, self)
    }
}

fn judge_text(text: &str, root: &[u8], setting: &Setting) -> Verdict {
    let author = DomainName::parse(setting.author).expect("a name");
    let organizational = setting.organizational.map(|name| DomainName::parse(name).expect("a name"));
    let roots = [Certificate::read(root).expect("a root")];
    let question = Question {
        author: Some(&author),
        organizational: organizational.as_ref(),
        selector: setting.selector,
        logo: setting.logo.as_deref(),
        roots: &roots,
        at: UnixTime::parse_rfc3339(setting.at).expect("a time"),
    };
    mark::judge_with_logs(text, &question, &logs())
}

/// The reasons that are neither in order nor those of every certificate.
fn unusual(verdict: &Verdict) -> BTreeSet<(String, Outcome)> {
    let usual = |id: &str, outcome| outcome == Outcome::Pass || id == "revocation" && outcome == Outcome::Unknown;
    let reasons = verdict.reasons.iter().filter(|reason| !usual(&reason.id, reason.outcome));
    reasons.map(|reason| (reason.id.to_string(), reason.outcome)).collect()
}

use Outcome::{Fail, Info, Unknown, Warn};

/// Name, the change, and the one reason that is not in order; none where everything is.
type Case = (&'static str, fn(&mut Setting), Option<(&'static str, Outcome)>);

/// Rewrites the last octet of a signature.
fn broken(der: &[u8]) -> Vec<u8> {
    let mut der = der.to_vec();
    *der.last_mut().expect("octets") ^= 1;
    der
}

/// A logotype whose drawing has this text and hash.
fn logotype_of(packed: &[u8], hash: Vec<u8>) -> Vec<u8> {
    logotype("image/svg+xml", &[(SHA256, hash)], &data_uri(packed))
}

const FILE_CASES: &[Case] = &[
    ("as it should be", |_| {}, None),
    ("without the root", |s| s.file = |[_, issuer, leaf]| pem(&[leaf, issuer]), None),
    ("text around", |s| s.file = |[_, issuer, leaf]| format!("Bag Attributes\n{}\ntext\n", pem(&[leaf, issuer])), None),
    ("CRLF in the file", |s| s.file = |[_, issuer, leaf]| pem(&[leaf, issuer]).replace('\n', "\r\n"), None),
    ("garbage", |s| s.file = |_| "neither certificate nor key".into(), Some(("pem", Fail))),
    ("empty", |s| s.file = |_| String::new(), Some(("pem", Fail))),
    ("no end", |s| s.file = |[_, i, l]| pem(&[l, i]).replacen("-----END CERTIFICATE-----", "", 2), Some(("pem", Fail))),
    ("no Base64", |s| s.file = |[_, i, l]| pem(&[l, i]).replacen("MII", "M*I", 1), Some(("pem", Fail))),
    ("cut short", |s| s.file = |[_, i, l]| pem(&[&l[..l.len() - 9], i]), Some(("certificate-readable", Fail))),
    ("swapped", |s| s.file = |[_, issuer, leaf]| pem(&[issuer, leaf]), Some(("pem-order", Fail))),
    ("root first", |s| s.file = |[root, issuer, leaf]| pem(&[root, issuer, leaf]), Some(("pem-order", Fail))),
    ("root before issuer", |s| s.file = |[root, i, leaf]| pem(&[leaf, root, i]), Some(("pem-order", Fail))),
    ("twice", |s| s.file = |[_, issuer, leaf]| pem(&[leaf, issuer, issuer]), Some(("pem-duplicate", Fail))),
    ("lone leaf", |s| s.file = |[_, _, leaf]| pem(&[leaf]), Some(("chain-incomplete", Fail))),
    ("issuer missing", |s| s.file = |[root, _, leaf]| pem(&[leaf, root]), Some(("chain-incomplete", Fail))),
    ("root only", |s| s.file = |[root, ..]| pem(&[root]), Some(("leaf", Fail))),
    ("authorities only", |s| s.file = |[root, issuer, _]| pem(&[issuer, root]), Some(("leaf", Fail))),
    (
        "private key in the file",
        |s| s.file = |[_, i, l]| format!("{}{}", pem(&[l, i]), pem_block("PRIVATE KEY", &[0x30, 0])),
        Some(("private-key", Fail)),
    ),
    (
        "EC key in the file",
        |s| s.file = |[_, i, l]| format!("{}{}", pem_block("EC PRIVATE KEY", &[0x30, 0]), pem(&[l, i])),
        Some(("private-key", Fail)),
    ),
    (
        "several marks",
        |s| {
            s.file = |[_, issuer, leaf]| {
                let mut world = World::new();
                world.leaf.serial = vec![0x44; 16];
                pem(&[leaf, issuer, &world.ders()[2]])
            };
        },
        Some(("several-marks", Fail)),
    ),
    (
        "a stranger in the file",
        |s| {
            s.file = |[_, issuer, leaf]| {
                let mut world = World::new();
                world.root.subject = vec![("2.5.4.3".into(), "Stranger".into())];
                pem(&[leaf, issuer, &world.ders()[0]])
            };
        },
        Some(("unrelated-certificate", Warn)),
    ),
];

const CHAIN_CASES: &[Case] = &[
    ("leaf's signature", |s| s.file = |[_, issuer, leaf]| pem(&[&broken(leaf), issuer]), Some(("signature", Fail))),
    ("issuer's signature", |s| s.file = |[_, issuer, leaf]| pem(&[leaf, &broken(issuer)]), Some(("signature", Fail))),
    (
        "an issuer of the same name",
        |s| {
            s.file = |[_, _, leaf]| {
                let mut world = World::new();
                world.issuer.key = Key::p256(66);
                pem(&[leaf, &world.ders()[1]])
            };
        },
        Some(("signature", Fail)),
    ),
    (
        "a root of its own",
        |s| {
            s.file = |_| {
                let mut world = World::new();
                world.root.key = Key::p384(66);
                world.root.subject = vec![("2.5.4.3".into(), "Other Root".into())];
                let [root, issuer, leaf] = world.ders();
                pem(&[&leaf, &issuer, &root])
            };
        },
        Some(("untrusted-root", Fail)),
    ),
    (
        "an unknown issuer",
        |s| {
            s.file = |_| {
                let mut world = World::new();
                world.root.subject = vec![("2.5.4.3".into(), "Other Root".into())];
                let [_, issuer, leaf] = world.ders();
                pem(&[&leaf, &issuer])
            };
        },
        Some(("unknown-issuer", Fail)),
    ),
    (
        "issuer is no authority",
        |s| s.world.issuer.set(BASIC_CONSTRAINTS, true, seq(&[])),
        Some(("issuer-basic-constraints", Fail)),
    ),
    (
        "issuer may not sign",
        |s| s.world.issuer.set(KEY_USAGE, true, tlv(3, &[7, 0x80])),
        Some(("issuer-key-usage", Fail)),
    ),
    ("issuer without usage", |s| s.world.issuer.drop(KEY_USAGE), Some(("issuer-key-usage", Fail))),
    (
        "root allows no authority below",
        |s| s.world.root.set(BASIC_CONSTRAINTS, true, seq(&[tlv(1, &[0xFF]), tlv(2, &[0])])),
        Some(("path-length", Fail)),
    ),
    (
        "name constraints",
        |s| s.world.issuer.set(NAME_CONSTRAINTS, true, seq(&[tlv(0xA0, &seq(&[tlv(0x82, b"acme.example")]))])),
        Some(("name-constraints", Fail)),
    ),
    ("expired leaf", |s| s.at = "2026-01-01T00:00:00Z", Some(("expired", Fail))),
    ("expired issuer", |s| s.world.issuer.not_after = "250531000000Z".into(), Some(("expired", Fail))),
    ("expired root", |s| s.world.root.not_after = "250531000000Z".into(), Some(("expired", Fail))),
    ("leaf not valid yet", |s| s.at = "2024-12-31T23:59:59Z", Some(("not-yet-valid", Fail))),
    ("issuer not valid yet", |s| s.world.issuer.not_before = "250701000000Z".into(), Some(("not-yet-valid", Fail))),
    ("its last second", |s| s.at = "2025-12-31T23:59:59Z", Some(("expires-soon", Warn))),
    ("30 days left", |s| s.at = "2025-12-01T00:00:00Z", None),
    ("29 days left", |s| s.at = "2025-12-02T00:00:00Z", Some(("expires-soon", Warn))),
    ("its first second", |s| s.at = "2025-01-01T00:00:00Z", Some(("sct-future", Warn))),
    ("398 days", |s| s.world.leaf.not_after = "260202235959Z".into(), None),
    ("399 days", |s| s.world.leaf.not_after = "260203000000Z".into(), Some(("validity-period", Fail))),
    ("400 days", |s| s.world.leaf.not_after = "260204235959Z".into(), Some(("validity-period", Fail))),
];

const PROFILE_CASES: &[Case] = &[
    (
        "leaf is an authority",
        |s| s.world.leaf.set(BASIC_CONSTRAINTS, true, seq(&[tlv(1, &[0xFF])])),
        Some(("basic-constraints", Fail)),
    ),
    ("leaf without constraints", |s| s.world.leaf.drop(BASIC_CONSTRAINTS), None),
    (
        "leaf may sign certificates",
        |s| s.world.leaf.set(KEY_USAGE, true, tlv(3, &[2, 0x84])),
        Some(("key-usage", Fail)),
    ),
    ("leaf may sign lists", |s| s.world.leaf.set(KEY_USAGE, true, tlv(3, &[1, 0x82])), Some(("key-usage", Fail))),
    ("leaf may sign", |s| s.world.leaf.set(KEY_USAGE, true, tlv(3, &[7, 0x80])), None),
    ("no purpose", |s| s.world.leaf.drop(EXTENDED_KEY_USAGE), Some(("purpose", Fail))),
    (
        "another purpose",
        |s| s.world.leaf.set(EXTENDED_KEY_USAGE, false, purposes(&["1.3.6.1.5.5.7.3.1"])),
        Some(("purpose", Fail)),
    ),
    (
        "one purpose more",
        |s| s.world.leaf.set(EXTENDED_KEY_USAGE, false, purposes(&[BRAND_INDICATOR, "1.3.6.1.5.5.7.3.1"])),
        Some(("other-purpose", Fail)),
    ),
    ("issuer without purpose", |s| s.world.issuer.drop(EXTENDED_KEY_USAGE), Some(("issuer-purpose", Fail))),
    (
        "issuer with one purpose more",
        |s| s.world.issuer.set(EXTENDED_KEY_USAGE, false, purposes(&[BRAND_INDICATOR, "1.3.6.1.5.5.7.3.4"])),
        Some(("issuer-purpose", Fail)),
    ),
    ("no policy", |s| s.world.leaf.drop(POLICIES), Some(("policy", Fail))),
    ("another policy", |s| s.world.leaf.set(POLICIES, false, policies(&[CPS_POLICY])), Some(("policy", Fail))),
    (
        "any policy is not enough",
        |s| s.world.leaf.set(POLICIES, false, policies(&[CPS_POLICY, "2.5.29.32.0"])),
        Some(("policy", Fail)),
    ),
    ("issuer with any policy", |s| s.world.issuer.set(POLICIES, false, policies(&["2.5.29.32.0"])), None),
    (
        "issuer with another policy",
        |s| s.world.issuer.set(POLICIES, false, policies(&[CPS_POLICY])),
        Some(("issuer-policy", Fail)),
    ),
    ("issuer without policy", |s| s.world.issuer.drop(POLICIES), Some(("issuer-policy", Fail))),
    (
        "unknown critical extension",
        |s| s.world.leaf.set("1.2.3.4", true, tlv(5, &[])),
        Some(("critical-extension", Fail)),
    ),
    (
        "unknown critical extension of the issuer",
        |s| s.world.issuer.set("1.2.3.4", true, tlv(5, &[])),
        Some(("critical-extension", Fail)),
    ),
    ("unknown extension", |s| s.world.leaf.set("1.2.3.4", false, tlv(5, &[])), None),
    (
        "pilot that ended",
        |s| {
            s.world.leaf.not_before = "250315000000Z".into();
            s.world.leaf.set(PILOT, true, tlv(0x0C, b"Mark Certificate"));
        },
        Some(("pilot", Fail)),
    ),
    ("pilot", |s| s.world.leaf.set(PILOT, true, tlv(0x0C, b"Mark Certificate")), Some(("pilot", Info))),
    (
        "malformed purposes",
        |s| s.world.leaf.set(EXTENDED_KEY_USAGE, false, tlv(4, b"no")),
        Some(("extension-readable", Fail)),
    ),
    (
        "malformed names",
        |s| s.world.leaf.set(ALTERNATIVE_NAME, false, tlv(4, b"no")),
        Some(("extension-readable", Fail)),
    ),
    ("no revocation list", |s| s.world.leaf.drop(CRL_POINTS), Some(("crl-missing", Fail))),
    ("not logged", |s| s.world.leaf.logged = Logged::No, Some(("sct-missing", Fail))),
    ("logged nowhere", |s| s.world.leaf.logged = Logged::Empty, Some(("sct-missing", Fail))),
    ("logged elsewhere", |s| s.world.leaf.logged = Logged::Elsewhere, Some(("sct-unknown-log", Warn))),
    ("forged timestamp", |s| s.world.leaf.logged = Logged::Forged, Some(("sct-signature", Fail))),
];

const NAME_CASES: &[Case] = &[
    ("another domain", |s| s.author = "other.example", Some(("names", Fail))),
    ("a domain below, on its own", |s| s.author = "news.acme.example", Some(("names", Unknown))),
    (
        "a domain below, and the organization's",
        |s| {
            s.author = "news.acme.example";
            s.organizational = Some("acme.example");
        },
        None,
    ),
    (
        "a domain below, and another organization's",
        |s| {
            s.author = "news.acme.example";
            s.organizational = Some("news.acme.example");
        },
        Some(("names", Fail)),
    ),
    (
        "a name below",
        |s| s.world.leaf.set(ALTERNATIVE_NAME, false, dns_names(&["www.acme.example"])),
        Some(("names", Fail)),
    ),
    ("a name that ends alike", |s| s.author = "notacme.example", Some(("names", Fail))),
    ("in capitals", |s| s.world.leaf.set(ALTERNATIVE_NAME, false, dns_names(&["ACME.Example"])), None),
    (
        "one of several",
        |s| s.world.leaf.set(ALTERNATIVE_NAME, false, dns_names(&["other.example", "acme.example"])),
        None,
    ),
    ("no name", |s| s.world.leaf.drop(ALTERNATIVE_NAME), Some(("names-missing", Fail))),
    (
        "a mail address besides",
        |s| {
            let names = seq(&[tlv(0x82, b"acme.example"), tlv(0x81, b"a@acme.example")]);
            s.world.leaf.set(ALTERNATIVE_NAME, false, names);
        },
        Some(("name-kinds", Warn)),
    ),
    (
        "with this selector",
        |s| {
            s.world.leaf.set(ALTERNATIVE_NAME, false, dns_names(&["brand._bimi.acme.example"]));
            s.selector = "brand";
        },
        Some(("name-kinds", Warn)),
    ),
];

const LOGO_CASES: &[Case] = &[
    ("no logo", |s| s.world.leaf.drop(LOGOTYPE), Some(("logotype", Fail))),
    (
        "malformed logo",
        |s| s.world.leaf.set(LOGOTYPE, false, seq(&[tlv(0xA2, &[])])),
        Some(("logotype-readable", Fail)),
    ),
    ("SHA-1 alone", |s| s.world.leaf.set(LOGOTYPE, false, logo(LOGO, &[SHA1])), Some(("logotype-sha1", Info))),
    ("SHA-384", |s| s.world.leaf.set(LOGOTYPE, false, logo(LOGO, &[SHA384])), None),
    ("SHA-512", |s| s.world.leaf.set(LOGOTYPE, false, logo(LOGO, &[SHA512])), None),
    ("all four", |s| s.world.leaf.set(LOGOTYPE, false, logo(LOGO, &[SHA1, SHA256, SHA384, SHA512])), None),
    ("MD5 alone", |s| s.world.leaf.set(LOGOTYPE, false, logo(LOGO, &[MD5])), Some(("logotype-hash-algorithm", Fail))),
    ("MD5 besides", |s| s.world.leaf.set(LOGOTYPE, false, logo(LOGO, &[MD5, SHA256])), None),
    ("no hash", |s| s.world.leaf.set(LOGOTYPE, false, logo(LOGO, &[])), Some(("logotype-hash-algorithm", Fail))),
    (
        "edited logo",
        |s| {
            let edited = LOGO.replace("#06c", "#c06");
            s.world.leaf.set(LOGOTYPE, false, logotype_of(&gzip(edited.as_bytes()), hash(SHA256, LOGO.as_bytes())));
        },
        Some(("logotype-hash", Fail)),
    ),
    (
        "one wrong hash of two",
        |s| {
            let hashes = [(SHA1, hash(SHA1, LOGO.as_bytes())), (SHA256, vec![7; 32])];
            s.world.leaf.set(LOGOTYPE, false, logotype("image/svg+xml", &hashes, &data_uri(&gzip(LOGO.as_bytes()))));
        },
        Some(("logotype-hash", Fail)),
    ),
    (
        "hash over the gzipped logo",
        |s| {
            let packed = gzip(LOGO.as_bytes());
            s.world.leaf.set(LOGOTYPE, false, logotype_of(&packed, hash(SHA256, &packed)));
        },
        Some(("logotype-hash", Info)),
    ),
    (
        "hash with line feeds over a logo with CRLF",
        |s| {
            let packed = gzip(LOGO.replace('\n', "\r\n").as_bytes());
            s.world.leaf.set(LOGOTYPE, false, logotype_of(&packed, hash(SHA256, LOGO.as_bytes())));
        },
        None,
    ),
    (
        "not gzipped",
        |s| {
            s.world.leaf.set(LOGOTYPE, false, logotype_of(LOGO.as_bytes(), hash(SHA256, LOGO.as_bytes())));
        },
        Some(("logotype-compressed", Fail)),
    ),
    (
        "damaged gzip",
        |s| {
            let mut packed = gzip(LOGO.as_bytes());
            let middle = packed.len() / 2;
            packed[middle] ^= 0xFF;
            s.world.leaf.set(LOGOTYPE, false, logotype_of(&packed, hash(SHA256, LOGO.as_bytes())));
        },
        Some(("logotype-damaged", Fail)),
    ),
    (
        "half a gzip",
        |s| {
            let packed = gzip(LOGO.as_bytes());
            s.world.leaf.set(LOGOTYPE, false, logotype_of(&packed[..packed.len() / 2], hash(SHA256, LOGO.as_bytes())));
        },
        Some(("logotype-damaged", Fail)),
    ),
    (
        "gzipped twice",
        |s| {
            s.world.leaf.set(
                LOGOTYPE,
                false,
                logotype_of(&gzip(&gzip(LOGO.as_bytes())), hash(SHA256, LOGO.as_bytes())),
            );
        },
        Some(("logotype-damaged", Fail)),
    ),
    (
        "zip bomb",
        |s| {
            let bomb = gzip(&vec![b' '; 20_000_000]);
            assert!(bomb.len() < 40_000);
            s.world.leaf.set(LOGOTYPE, false, logotype_of(&bomb, vec![7; 32]));
        },
        Some(("logotype-size", Fail)),
    ),
    (
        "remote logo",
        |s| {
            let hashes = [(SHA256, hash(SHA256, LOGO.as_bytes()))];
            s.world.leaf.set(LOGOTYPE, false, logotype("image/svg+xml", &hashes, "https://acme.example/logo.svg"));
        },
        Some(("logotype-remote", Fail)),
    ),
    (
        "PNG",
        |s| {
            let hashes = [(SHA256, hash(SHA256, LOGO.as_bytes()))];
            s.world.leaf.set(LOGOTYPE, false, logotype("image/png", &hashes, &data_uri(&gzip(LOGO.as_bytes()))));
        },
        Some(("logotype-media-type", Fail)),
    ),
    (
        "a logo with a script",
        |s| {
            let edited = LOGO.replace("</svg>", "<script>1</script></svg>");
            s.world.leaf.set(LOGOTYPE, false, logo(&edited, &[SHA256]));
        },
        Some(("logo-conforms", Fail)),
    ),
    ("published as embedded", |s| s.logo = Some(LOGO.into()), None),
    ("published gzipped", |s| s.logo = Some(gzip(LOGO.as_bytes())), None),
    (
        "published with CRLF",
        |s| s.logo = Some(LOGO.replace('\n', "\r\n").into()),
        Some(("published-logo-line-ends", Warn)),
    ),
    (
        "published without the last line end",
        |s| s.logo = Some(LOGO.trim_end().into()),
        Some(("published-logo-line-ends", Warn)),
    ),
    ("published otherwise", |s| s.logo = Some(LOGO.replace("#06c", "#c06").into()), Some(("published-logo", Fail))),
];

const MARK_CASES: &[Case] = &[
    ("no kind of mark", |s| s.world.leaf.hush(MARK_TYPE), Some(("mark-type", Info))),
    ("an unknown kind", |s| s.world.leaf.tell(MARK_TYPE, "Best Mark"), Some(("mark-type", Fail))),
    ("no trademark identifier", |s| s.world.leaf.hush("1.3.6.1.4.1.53087.1.4"), Some(("mark-fields", Fail))),
    ("no trademark country", |s| s.world.leaf.hush("1.3.6.1.4.1.53087.1.3"), Some(("mark-fields", Fail))),
    (
        "modified, without identifier",
        |s| {
            s.world.leaf.hush("1.3.6.1.4.1.53087.1.4");
            s.world.leaf.tell(MARK_TYPE, "Modified Registered Mark");
        },
        Some(("mark-fields", Fail)),
    ),
    ("prior use", |s| prior_use(s, "250101000000Z"), None),
    (
        "prior use without source, before it was due",
        |s| {
            prior_use(s, "250414000000Z");
            s.world.leaf.hush("1.3.6.1.4.1.53087.5.1");
        },
        None,
    ),
    (
        "prior use without source",
        |s| {
            prior_use(s, "250415000000Z");
            s.world.leaf.hush("1.3.6.1.4.1.53087.5.1");
        },
        Some(("mark-fields", Fail)),
    ),
    (
        "government",
        |s| {
            government(s);
        },
        None,
    ),
    (
        "government without citation",
        |s| {
            government(s);
            s.world.leaf.hush("1.3.6.1.4.1.53087.3.5");
        },
        Some(("mark-fields", Fail)),
    ),
    (
        "a source for a registered mark",
        |s| s.world.leaf.tell("1.3.6.1.4.1.53087.5.1", "https://x.example/"),
        Some(("other-mark-fields", Warn)),
    ),
    ("no street", |s| s.world.leaf.hush("2.5.4.9"), Some(("subject-fields", Warn))),
    ("a street of a dash", |s| s.world.leaf.tell("2.5.4.9", "-"), Some(("subject-fields", Warn))),
    ("another category", |s| s.world.leaf.tell("2.5.4.15", "Company"), Some(("business-category", Warn))),
    ("short serial number", |s| s.world.leaf.serial = vec![5], Some(("serial", Warn))),
    ("negative serial number", |s| s.world.leaf.serial = vec![0x80; 16], Some(("serial", Warn))),
    ("no address of the issuer", |s| s.world.leaf.drop(AUTHORITY_ACCESS), Some(("issuer-address", Warn))),
    (
        "policies the other way round",
        |s| s.world.leaf.set(POLICIES, false, policies(&[MARK_POLICY, CPS_POLICY])),
        Some(("cps", Warn)),
    ),
    ("critical logotype", |s| s.world.leaf.set(LOGOTYPE, true, logo(LOGO, &[SHA256])), Some(("criticality", Warn))),
];

fn prior_use(setting: &mut Setting, from: &str) {
    let leaf = &mut setting.world.leaf;
    leaf.not_before = from.into();
    leaf.tell(MARK_TYPE, "Prior Use Mark");
    leaf.hush("1.3.6.1.4.1.53087.1.3");
    leaf.hush("1.3.6.1.4.1.53087.1.4");
    leaf.tell("1.3.6.1.4.1.53087.5.1", "https://acme.example/brand");
}

fn government(setting: &mut Setting) {
    let leaf = &mut setting.world.leaf;
    leaf.tell(MARK_TYPE, "Government Mark");
    leaf.hush("1.3.6.1.4.1.53087.1.3");
    leaf.hush("1.3.6.1.4.1.53087.1.4");
    leaf.tell("1.3.6.1.4.1.53087.3.2", "US");
    leaf.tell("1.3.6.1.4.1.53087.3.5", "16 U.S.C. 580p-1");
}

fn all() -> impl Iterator<Item = &'static Case> {
    [FILE_CASES, CHAIN_CASES, PROFILE_CASES, NAME_CASES, LOGO_CASES, MARK_CASES].into_iter().flatten()
}

fn setting(change: fn(&mut Setting)) -> Setting {
    let mut setting = Setting::new();
    change(&mut setting);
    setting
}

#[test]
fn each_change_gives_the_one_right_reason() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, change, expected) in all() {
        count += 1;
        let verdict = setting(*change).judge();
        let found = unusual(&verdict);
        // A timestamp cannot be held against an issuer that is missing, nor against a certificate that was altered.
        let follows = [("sct".to_owned(), Unknown)];
        let found: BTreeSet<_> = found.into_iter().filter(|reason| !follows.contains(reason)).collect();
        let wanted: BTreeSet<_> = expected.iter().map(|(id, outcome)| ((*id).to_owned(), *outcome)).collect();
        if found != wanted {
            wrong.push(format!("{name}: {found:?} instead of {wanted:?}\n  {:?}", verdict.reasons.first()));
        }
        let is_valid = expected.is_none_or(|(_, outcome)| outcome != Fail);
        if verdict.valid() != is_valid {
            wrong.push(format!("{name}: valid is {}", verdict.valid()));
        }
        if let Some((id, outcome)) = expected.filter(|(_, outcome)| *outcome == Fail) {
            let first = verdict.reasons.first().expect("a reason");
            assert_eq!((&*first.id, first.outcome), (id, outcome), "{name}: the most useful reason is first");
            assert!(first.fix.is_some() && !first.reference.is_empty() && !first.detail.is_empty(), "{name}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "{count} cases");
}

#[test]
fn an_altered_certificate_has_one_fault() {
    // Edited after it was signed: name and timestamp are wrong too, and all follow from that.
    let [root, issuer, good] = World::new().ders();
    let altered: Vec<u8> = {
        let at = good.windows(12).position(|octets| octets == b"acme.example").expect("the name");
        let mut altered = good.clone();
        altered[at..at + 4].copy_from_slice(b"evil");
        altered
    };
    let verdict = judge_text(&pem(&[&altered, &issuer]), &root, &Setting::new());
    assert_eq!(verdict.ids(Fail), ["signature"]);
    assert_eq!(verdict.reason("names").map(|reason| reason.outcome), Some(Warn));
    assert_eq!(verdict.reason("sct").map(|reason| reason.outcome), Some(Unknown));
    assert_eq!(verdict.scts[0].valid, None);
    assert!(!verdict.valid());
}

#[test]
fn an_algorithm_that_is_not_verified_is_unknown_not_broken() {
    let mut setting = Setting::new();
    setting.world.issuer.key = Key::Pss;
    let verdict = setting.judge();
    assert_eq!(verdict.ids(Fail), [""; 0]);
    let first = &verdict.reasons[0];
    assert_eq!((&*first.id, first.outcome), ("signature-algorithm", Unknown), "{first:?}");
    assert!(first.fix.as_deref().is_some_and(|fix| fix.contains("openssl verify")));
    assert_eq!(verdict.scts[0].valid, Some(true), "the log signed what it was shown");
    assert!(!verdict.valid());
}

/// Makes a key with OpenSSL.
fn key(folder: &Path, number: usize, kind: &[&str], digest: &'static str, algorithm: Vec<u8>) -> Option<Key> {
    let file = folder.join(format!("{number}.key"));
    let run = |arguments: &[&str]| Command::new("openssl").args(arguments).arg(&file).output();
    let made = run(&[&["genpkey", "-quiet"], kind, &["-out"]].concat()).ok()?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let spki = run(&["pkey", "-pubout", "-outform", "DER", "-in"]).ok()?.stdout;
    Some(Key::OpenSsl(file, digest, algorithm, spki))
}

#[test]
fn signatures_of_openssl_hold_whatever_the_algorithm() {
    const RSA: [&str; 4] = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    const SHORT: [&str; 4] = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
    const P256: [&str; 4] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const P384: [&str; 4] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
    const P521: [&str; 4] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"];
    let rsa = |number: &str| seq(&[oid(&format!("1.2.840.113549.1.1.{number}")), tlv(5, &[])]);
    let ecdsa = |number: &str| seq(&[oid(&format!("1.2.840.10045.4.{number}"))]);
    let cases = [
        (&RSA, "-sha256", rsa("11"), "chain"),
        (&RSA, "-sha384", rsa("12"), "chain"),
        (&RSA, "-sha512", rsa("13"), "chain"),
        (&RSA, "-sha1", rsa("5"), "weak-signature"),
        (&RSA, "-sha512", rsa("11"), "signature"),
        (&SHORT, "-sha256", rsa("11"), "weak-signature"),
        (&P256, "-sha384", ecdsa("3.3"), "chain"),
        (&P256, "-sha512", ecdsa("3.4"), "chain"),
        (&P384, "-sha256", ecdsa("3.2"), "chain"),
        (&P384, "-sha512", ecdsa("3.4"), "chain"),
        (&P384, "-sha1", ecdsa("1"), "weak-signature"),
        (&P521, "-sha512", ecdsa("3.4"), "signature-algorithm"),
    ];
    let folder = std::env::temp_dir().join(format!("mxray-mark-keys-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    for (number, (kind, digest, algorithm, expected)) in cases.into_iter().enumerate() {
        let mut setting = Setting::new();
        let Some(key) = key(&folder, number, kind, digest, algorithm) else {
            eprintln!("openssl is not there: no signatures of it were verified");
            return;
        };
        setting.world.issuer.key = key;
        let verdict = setting.judge();
        let wanted = match expected {
            "chain" => Outcome::Pass,
            "signature-algorithm" => Unknown,
            _ => Fail,
        };
        let reason = verdict.reason(expected).unwrap_or_else(|| panic!("{kind:?} {digest}: {:?}", verdict.reasons[0]));
        assert_eq!(reason.outcome, wanted, "{kind:?} {digest}");
        assert_eq!(verdict.valid(), wanted == Outcome::Pass, "{kind:?} {digest}");
        assert_eq!(verdict.ids(Fail).len(), usize::from(wanted == Fail), "{kind:?} {digest}: {:?}", verdict.ids(Fail));
    }
    fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn openssl_agrees_on_chain_and_dates() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("openssl is not there: its opinion was not asked");
        return;
    }
    /// What OpenSSL judges too.
    const OF_CHAIN: [&str; 9] = [
        "chain-incomplete",
        "untrusted-root",
        "unknown-issuer",
        "signature",
        "expired",
        "not-yet-valid",
        "issuer-basic-constraints",
        "issuer-key-usage",
        "path-length",
    ];
    let folder = std::env::temp_dir().join(format!("mxray-mark-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let mut asked = 0;
    for (name, change, expected) in all() {
        let setting = setting(*change);
        let (text, [root, ..]) = setting.text();
        // It accepts an issuer that says nothing of its key's usage (RFC 5280 §4.2.1.3 is not enforced by default), and takes
        // the last second for over, which RFC 5280 §4.1.2.5 counts in.
        let skipped = [
            "issuer without usage",
            "its last second",
            "malformed purposes",
            "malformed names",
            "cut short",
            "EC key in the file",
        ];
        let blocks: Vec<&str> =
            text.split_inclusive("-----END CERTIFICATE-----").filter(|b| b.contains("-----BEGIN CERT")).collect();
        let Some(leaf) = blocks.first().filter(|_| !skipped.contains(name)) else { continue };
        let is_other_file = expected.is_some_and(|(id, _)| matches!(id, "pem-order" | "leaf" | "pem"));
        if is_other_file {
            continue;
        }
        let path = |file: &str| folder.join(file).display().to_string();
        fs::write(path("leaf.pem"), leaf).expect("written");
        fs::write(path("chain.pem"), &text).expect("written");
        fs::write(path("root.pem"), pem(&[&root])).expect("written");
        let at = UnixTime::parse_rfc3339(setting.at).expect("a time").0.to_string();
        let output = Command::new("openssl")
            .args(["verify", "-ignore_critical", "-attime", &at, "-CAfile", &path("root.pem")])
            .args(["-untrusted", &path("chain.pem"), &path("leaf.pem")])
            .output()
            .expect("openssl runs");
        let is_ours = !expected.is_some_and(|(id, outcome)| outcome == Fail && OF_CHAIN.contains(&id));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), is_ours, "{name}: {said}");
        asked += 1;
    }
    fs::remove_dir_all(&folder).expect("removed");
    assert!(asked > 80, "{asked} cases asked");
}
