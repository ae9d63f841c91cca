//! Canonical order of names, RFC 4034 §6.1.

use std::cmp::Ordering;

use crate::dns::exact::wire_labels;
use crate::name::DomainName;

/// Compares label by label from the right, as unsigned octets; a missing label sorts first.
pub fn compare(one: &DomainName, other: &DomainName) -> Ordering {
    wire_labels(one).iter().rev().cmp(wire_labels(other).iter().rev())
}

/// Whether `name` stands strictly between an owner and the next name of the zone; the last owner points back to the apex.
pub fn is_between(owner: &DomainName, name: &DomainName, next: &DomainName) -> bool {
    let after = compare(owner, name) == Ordering::Less;
    let before = compare(name, next) == Ordering::Less;
    if compare(owner, next) == Ordering::Less { after && before } else { after || before }
}

/// The longest name that both are at or below.
pub fn common(one: &DomainName, other: &DomainName) -> DomainName {
    let (ours, theirs) = (wire_labels(one), wire_labels(other));
    let count = ours.iter().rev().zip(theirs.iter().rev()).take_while(|(ours, theirs)| ours == theirs).count();
    one.suffix(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).expect("a name")
    }

    #[test]
    fn the_order_of_rfc_4034_section_6_1() {
        let sorted = [
            "example",
            "a.example",
            "yljkjljk.a.example",
            "z.a.example",
            "zabc.a.example",
            "z.example",
            "\\001.z.example",
            "*.z.example",
            "\\200.z.example",
        ];
        for pair in sorted.windows(2) {
            let [one, other] = pair else { continue };
            assert_eq!(compare(&name(one), &name(other)), Ordering::Less, "{one} {other}");
        }
    }

    #[test]
    fn the_last_name_points_back() {
        assert!(is_between(&name("z.example"), &name("zz.example"), &name("example")));
        assert!(is_between(&name("a.example"), &name("b.example"), &name("c.example")));
        assert!(!is_between(&name("a.example"), &name("a.example"), &name("c.example")));
        assert!(!is_between(&name("a.example"), &name("d.example"), &name("c.example")));
    }
}
