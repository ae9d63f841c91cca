//! The kind of mark, and what the subject must tell of it and its owner: MCR v1.7 §7.1.4.2.2 (2025-01-22).

use x509_cert::der::asn1::ObjectIdentifier;

use crate::time::UnixTime;

use super::Outcome;
use super::oids;
use super::parsed::{self, Parsed};
use super::profile::Judged;
use super::rules;
use super::verdict::{Attribute, Kind, Reason};

/// The first day on which a Prior Use Mark must tell where it was found, MCR §7.1.4.2.2 (v): 2025-04-15.
const PRIOR_USE_SOURCE: UnixTime = UnixTime(1_744_675_200);

/// One kind of mark.
struct MarkType {
    /// As the certificate says it.
    value: &'static str,
    kind: Kind,
    /// Fields that it demands.
    required: &'static [ObjectIdentifier],
    /// Fields that it may have besides, which other kinds may not.
    allowed: &'static [ObjectIdentifier],
}

/// The kinds of MCR v1.7, and one of the draft of v1.8 (2026-01) last.
const MARK_TYPES: [MarkType; 5] = [
    MarkType {
        value: "Registered Mark",
        kind: Kind::Vmc,
        required: &[oids::TRADEMARK_COUNTRY, oids::TRADEMARK_IDENTIFIER],
        allowed: &[oids::TRADEMARK_OFFICE],
    },
    MarkType {
        value: "Government Mark",
        kind: Kind::Vmc,
        required: &[oids::STATUTE_COUNTRY, oids::STATUTE_CITATION],
        allowed: &[oids::STATUTE_STATE, oids::STATUTE_LOCALITY, oids::STATUTE_URL],
    },
    MarkType { value: "Prior Use Mark", kind: Kind::Cmc, required: &[], allowed: &[oids::PRIOR_USE_URL] },
    MarkType {
        value: "Modified Registered Mark",
        kind: Kind::Cmc,
        required: &[oids::TRADEMARK_COUNTRY, oids::TRADEMARK_IDENTIFIER],
        allowed: &[oids::TRADEMARK_OFFICE],
    },
    MarkType { value: NEW_MARK, kind: Kind::Cmc, required: &[], allowed: &[] },
];
/// A kind whose rules are not adopted yet.
const NEW_MARK: &str = "New Mark";
/// The kind of certificates from before there was the field.
const REGISTERED: &str = "Registered Mark";

/// The fields that belong to some kinds of mark only, with the clauses that say so.
const MARK_FIELDS: [(ObjectIdentifier, &str); 9] = [
    (oids::TRADEMARK_COUNTRY, "m"),
    (oids::TRADEMARK_OFFICE, "n"),
    (oids::TRADEMARK_IDENTIFIER, "o"),
    (oids::STATUTE_COUNTRY, "s"),
    (oids::STATUTE_STATE, "s"),
    (oids::STATUTE_LOCALITY, "s"),
    (oids::STATUTE_CITATION, "t"),
    (oids::STATUTE_URL, "u"),
    (oids::PRIOR_USE_URL, "v"),
];

/// The fields that tell of the owner and are always demanded, with their clauses.
const OWNER_FIELDS: [(ObjectIdentifier, &str); 6] = [
    (oids::ORGANIZATION, "b"),
    (oids::STREET, "c"),
    (oids::COUNTRY, "g"),
    (oids::BUSINESS_CATEGORY, "i"),
    (oids::JURISDICTION_COUNTRY, "j"),
    (oids::SERIAL_NUMBER, "k"),
];

/// What `businessCategory` may say, MCR §7.1.4.2.2 (i).
const CATEGORIES: [&str; 4] = ["Private Organization", "Government Entity", "Business Entity", "Non-Commercial Entity"];

/// What the subject tells, field by field.
pub fn subject(leaf: &Parsed<'_>) -> Vec<Attribute> {
    let attributes = parsed::attributes(leaf.subject).into_iter();
    attributes.map(|(oid, value)| Attribute { name: oids::words(oid), value }).collect()
}

/// Judges the kind of mark and what belongs to it; the kind of certificate, and of mark.
pub fn judge(leaf: &Parsed<'_>, reasons: &mut Vec<Reason>) -> (Option<Kind>, Option<String>) {
    let told = parsed::attribute(leaf.subject, oids::MARK_TYPE);
    let value = told.as_deref().unwrap_or(REGISTERED);
    let Some(mark) = MARK_TYPES.iter().find(|mark| mark.value == value) else {
        let detail = tr!("“{value}” is none of Registered, Government, Prior Use and Modified Registered Mark.", value);
        reasons.push(Reason::new(&rules::MARK_TYPE, Outcome::Fail, detail));
        return (None, told);
    };
    let certificate = match mark.kind {
        Kind::Vmc => "a Verified Mark Certificate (VMC)",
        Kind::Cmc => "a Common Mark Certificate (CMC)",
    };
    let (outcome, detail) = match &told {
        None => {
            let detail =
                "There is no markType: certificates of 2021 and 2022 do without, and are for registered marks.";
            (Outcome::Info, detail.into())
        }
        Some(_) if value == NEW_MARK => (
            Outcome::Warn,
            tr!("“{NEW_MARK}” is of a draft of the rules that was not adopted as of 2026-11.", NEW_MARK),
        ),
        Some(_) => (Outcome::Pass, tr!("“{value}” makes it {certificate}.", value, certificate)),
    };
    reasons.push(Reason::new(&rules::MARK_TYPE, outcome, detail));
    fields(leaf, mark, reasons);
    (Some(mark.kind), Some(value.to_owned()))
}

/// The fields that the kind of mark demands, and those of other kinds.
fn fields(leaf: &Parsed<'_>, mark: &MarkType, reasons: &mut Vec<Reason>) {
    let attributes = parsed::attributes(leaf.subject);
    let is_told = |oid: ObjectIdentifier| {
        attributes.iter().any(|(kind, value)| *kind == oid.as_bytes() && !value.trim().is_empty())
    };
    let source_is_due = mark.value == "Prior Use Mark" && leaf.not_before >= PRIOR_USE_SOURCE;
    let (mut missing, mut others, mut clauses) = (Vec::new(), Vec::new(), Vec::new());
    for (oid, clause) in MARK_FIELDS {
        let is_due = mark.required.contains(&oid) || source_is_due && oid == oids::PRIOR_USE_URL;
        let words = oids::words(oid.as_bytes());
        if is_due && !is_told(oid) {
            missing.push(words);
            clauses.push(clause);
        } else if is_told(oid) && !is_due && !mark.allowed.contains(&oid) {
            others.push(words);
        }
    }
    let reference = format!("MCR §7.1.4.2.2 ({})", clauses.join(", "));
    if missing.is_empty() {
        let detail = tr!("Every field that “{}” demands is there.", mark.value);
        reasons.push(Reason::new(&rules::MARK_FIELDS, Outcome::Pass, detail));
    } else {
        let detail = tr!("For “{}” there must be: {}.", mark.value, missing.join(", "));
        reasons.push(Reason::new(&rules::MARK_FIELDS, Outcome::Fail, detail).citing(reference));
    }
    if !others.is_empty() {
        let detail = tr!("For “{}” there must not be: {}.", mark.value, others.join(", "));
        reasons.push(Reason::new(&rules::OTHER_FIELDS, Outcome::Warn, detail));
    }
}

/// What the subject tells of the owner.
pub fn owner(leaf: &Parsed<'_>, judged: &mut Judged) {
    let attributes = parsed::attributes(leaf.subject);
    let value =
        |oid: ObjectIdentifier| attributes.iter().find(|(kind, _)| *kind == oid.as_bytes()).map(|(_, value)| value);
    // “Only metadata such as '.', '-' and ' '” is nothing, MCR §7.1.4.2.
    let is_told = |oid| value(oid).is_some_and(|value| value.chars().any(|c| !matches!(c, '.' | '-' | ' ')));
    let mut missing: Vec<String> = OWNER_FIELDS
        .iter()
        .filter(|(oid, _)| !is_told(*oid))
        .map(|(oid, clause)| format!("{} ({clause})", oids::words(oid.as_bytes())))
        .collect();
    if !is_told(oids::LOCALITY) && !is_told(oids::STATE) {
        missing.push("localityName (d) or stateOrProvinceName (e)".into());
    }
    if missing.is_empty() {
        judged.pass(
            &rules::SUBJECT,
            "Organization, address, country, category, jurisdiction and registration number are there.",
        );
    } else {
        judged.warn(&rules::SUBJECT, tr!("Missing: {}.", missing.join(", ")));
    }
    match value(oids::BUSINESS_CATEGORY) {
        Some(category) if !CATEGORIES.contains(&category.as_str()) => {
            judged.warn(&rules::CATEGORY, tr!("“{category}” is none of {}.", CATEGORIES.join(", "), category));
        }
        Some(category) => judged.pass(&rules::CATEGORY, format!("“{category}”.")),
        None => {}
    }
}
