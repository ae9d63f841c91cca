//! What a Mark Certificate comes to: the reasons, and the facts of its card.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::time::UnixTime;

use super::rules::{self, Rule};

/// What one rule came to, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable identifier of the rule.
    pub id: Cow<'static, str>,
    /// What it came to.
    pub outcome: Outcome,
    /// Plain title.
    pub title: String,
    /// What was found, with names and numbers.
    pub detail: String,
    /// How to mend it, or how to find out.
    pub fix: Option<String>,
    /// The clause that says so.
    pub reference: Cow<'static, str>,
}

impl Reason {
    /// A reason with the words of its rule; nothing needs mending on pass and info.
    pub(super) fn new(rule: &Rule, outcome: Outcome, detail: impl Into<String>) -> Self {
        let is_kept = matches!(outcome, Outcome::Pass | Outcome::Info);
        Self {
            id: rule.id.into(),
            outcome,
            title: if is_kept { rule.kept } else { rule.broken }.into(),
            detail: detail.into(),
            fix: (!is_kept && !rule.fix.is_empty()).then(|| rule.fix.into()),
            reference: rule.reference.into(),
        }
    }

    /// With a more precise title.
    pub(super) fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With a more precise fix.
    pub(super) fn fixed_by(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// With the clause that says so, where it differs from the rule's.
    pub(super) fn citing(mut self, reference: impl Into<Cow<'static, str>>) -> Self {
        self.reference = reference.into();
        self
    }

    /// How early it is told: what makes the certificate useless first, what is in order last.
    fn rank(&self) -> u8 {
        match (self.outcome, &*self.id) {
            (Outcome::Fail, _) => 0,
            // What is not known here keeps the chain from being proven.
            (Outcome::Unknown, "signature-algorithm" | "chain-limit") => 1,
            (Outcome::Unknown, "names") => 2,
            (Outcome::Warn, _) => 3,
            (Outcome::Unknown, _) => 4,
            (Outcome::Info, _) => 5,
            (Outcome::Pass, _) => 6,
        }
    }
}

/// The most useful reason first.
pub(super) fn sort(reasons: &mut [Reason]) {
    reasons.sort_by_key(|reason| (reason.rank(), rules::place(&reason.id)));
}

/// Verified by a registered or government mark, or by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Verified Mark Certificate.
    Vmc,
    /// Common Mark Certificate.
    Cmc,
}

/// What a certificate is in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The Mark Certificate.
    Leaf,
    /// One on the way to the root.
    Issuer,
    /// The root, or any that is signed by itself.
    Root,
    /// One that is no part of the chain.
    Unrelated,
}

/// The facts of one certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What it is in the chain.
    pub role: Role,
    /// Common name and organization of the subject.
    pub subject: String,
    /// The issuer, likewise.
    pub issuer: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// When it begins to hold.
    pub not_before: UnixTime,
    /// When it ends.
    pub not_after: UnixTime,
    /// Its key in words.
    pub key: String,
    /// The algorithm of its signature.
    pub signature: String,
    /// SHA-256 of the whole, in hexadecimal.
    pub sha256: String,
    /// Whether it stands in the file, and is not only known as a root.
    pub in_file: bool,
}

/// One attribute of the subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The field's own name, or its identifier in numbers.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// One hash over the logo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoHash {
    /// `sha1`, `sha256` or another.
    pub algorithm: String,
    /// Whether it is that of the logo; absent where the algorithm is not computed here.
    pub matches: Option<bool>,
}

/// How the published logo compares with the embedded one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// Octet by octet the same.
    Same,
    /// The same but for line ends.
    LineEnds,
    /// Another drawing.
    Different,
}

/// The embedded logo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Octets of the drawing, unpacked.
    pub size: usize,
    /// Whether it conforms to SVG Tiny PS.
    pub conforms: Option<bool>,
    /// Whether the official schema accepts it.
    pub schema_valid: Option<bool>,
    /// How many faults it has.
    pub faults: usize,
    /// The hashes in the certificate.
    pub hashes: Vec<LogoHash>,
    /// How the published one compares; absent where none was given.
    pub same_as_published: Option<Likeness>,
}

/// One timestamp of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timestamp {
    /// The log's name, or its id in Base64 where it is not known.
    pub log: String,
    /// When it was logged.
    pub time: UnixTime,
    /// Whether the log's signature holds; absent where it cannot be told.
    pub valid: Option<bool>,
}

/// What a Mark Certificate comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether nothing fails, and chain, dates and logo are proven.
    pub valid: bool,
    /// Verified or common; absent where it is no Mark Certificate, or of a kind that is not known.
    pub kind: Option<Kind>,
    /// The kind of mark, as in `Registered Mark`.
    pub mark_type: Option<String>,
    /// The DNS names it is for, in lower case.
    pub names: Vec<String>,
    /// Every rule that was judged, the most useful reason first.
    pub reasons: Vec<Reason>,
    /// The certificates, from the Mark Certificate to the root, then others in the file.
    pub certificates: Vec<Card>,
    /// What is told of the owner and the mark.
    pub subject: Vec<Attribute>,
    /// The embedded logo.
    pub logo: Option<Logo>,
    /// The timestamps of logs.
    pub scts: Vec<Timestamp>,
    /// Where revocation is published.
    pub crl: Vec<String>,
    /// Organization of the issuer.
    pub issuer: Option<String>,
    /// When the Mark Certificate ends.
    pub expires: Option<UnixTime>,
    /// The embedded drawing, unpacked.
    #[serde(skip)]
    pub(super) svg: Option<Vec<u8>>,
}

impl Verdict {
    /// Whether nothing fails, and chain, dates and logo are proven. Revocation cannot be seen from here.
    pub fn valid(&self) -> bool {
        self.valid
    }

    /// The embedded drawing, unpacked: hostile until judged, like every drawing.
    pub fn svg(&self) -> Option<&[u8]> {
        self.svg.as_deref()
    }

    /// The domain names by which CAA records (`issuevmc`) name the issuer; empty where the issuer is not known.
    pub fn issuer_domains(&self) -> &'static [&'static str] {
        self.issuer.as_deref().map_or(&[], super::issuers::caa_domains)
    }

    /// The reason of a rule, if it was judged.
    pub fn reason(&self, id: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.id == id)
    }

    /// The ids of the reasons with this outcome, in order.
    pub fn ids(&self, outcome: Outcome) -> Vec<&str> {
        self.reasons.iter().filter(|reason| reason.outcome == outcome).map(|reason| &*reason.id).collect()
    }

    /// Everything but the drawing itself.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
