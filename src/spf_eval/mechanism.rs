//! The mechanisms, RFC 7208 §5.

use crate::dns::{RecordData, RecordType};
use crate::name::DomainName;
use crate::order;
use crate::records::spf::{DualPrefix, Letter, MacroString, Mechanism, target_name};

use super::MAX_MX;
use super::ask::Answer;
use super::trace::{Outcome, Reason, Tried, Why};
use super::walk::{Place, Walk};

impl Walk<'_> {
    /// Whether a mechanism matches.
    pub(super) fn mechanism(
        &mut self,
        mechanism: &Mechanism,
        place: &Place<'_>,
        step: usize,
        depth: usize,
    ) -> (Tried, Why) {
        match mechanism {
            Mechanism::All => return (Tried::Match, Why::Everybody),
            Mechanism::Ip { network } => return (matched(network.contains(self.client)), Why::Network),
            _ => {}
        }
        let (name, text) = match self.target(mechanism.target(), place, step) {
            Ok(target) => target,
            // check_host() of what is no name is `none`, and that makes an include a permanent error (§4.3, §5.2).
            Err((Tried::NoMatch, why)) if matches!(mechanism, Mechanism::Include { .. }) => {
                return (Tried::PermError, why);
            }
            Err(other) => return other,
        };
        match mechanism {
            Mechanism::Include { .. } => self.include(&name, &text, depth),
            Mechanism::A { prefix, .. } => self.a(&name, *prefix),
            Mechanism::Mx { prefix, .. } => self.mx(&name, *prefix),
            Mechanism::Ptr { .. } => self.ptr(&name),
            Mechanism::Exists { .. } => self.exists(&name),
            Mechanism::All | Mechanism::Ip { .. } => (Tried::NoMatch, Why::Network),
        }
    }

    /// The name that a term is about, and its text for `%{d}`; the domain itself where none is written.
    pub(super) fn target(
        &mut self,
        target: Option<&MacroString>,
        place: &Place<'_>,
        step: usize,
    ) -> Result<(DomainName, String), (Tried, Why)> {
        let Some(target) = target else { return Ok((place.name.clone(), place.text.to_owned())) };
        let Some(expanded) = self.expand(target, place) else {
            let question = tr!("the name of {}", self.mail.ip);
            return Err((Tried::Missing, Why::Missing { question }));
        };
        match target_name(&expanded) {
            Ok(name) => {
                if !target.parts.is_empty() {
                    self.aim(step, name.as_str());
                }
                // `%{d}` of the record there is the name as it was written, cut where it was too long.
                let text = expanded.strip_suffix('.').unwrap_or(&expanded);
                let text = if text.len() > name.as_str().len() { name.as_str() } else { text }.to_owned();
                Ok((name, text))
            }
            Err(error) => {
                self.aim(step, &expanded);
                Err((Tried::NoMatch, Why::NotAName { why: error.to_string() }))
            }
        }
    }

    /// A domain-spec with its macros replaced; `None` while `%{p}` is not known.
    pub(super) fn expand(&mut self, target: &MacroString, place: &Place<'_>) -> Option<String> {
        let validated = if target.uses(Letter::ValidatedName) { Some(self.validated_name(place.name)?) } else { None };
        target.expand(|letter| self.value(letter, place, validated.as_deref()))
    }

    /// RFC 7208 §5.2.
    fn include(&mut self, name: &DomainName, text: &str, depth: usize) -> (Tried, Why) {
        let ending = self.check(name, text, depth + 1, true);
        let Some(outcome) = ending.outcome else {
            return (Tried::Missing, Why::Missing { question: tr!("the verdict of {name}", name) });
        };
        let tried = match outcome {
            Outcome::Pass => Tried::Match,
            Outcome::Fail | Outcome::SoftFail | Outcome::Neutral => Tried::NoMatch,
            Outcome::TempError => Tried::TempError,
            Outcome::PermError => Tried::PermError,
            Outcome::None => {
                return (Tried::PermError, Why::NoRecord { void: ending.reason == Some(Reason::NoSuchDomain) });
            }
        };
        (tried, Why::Judged { outcome })
    }

    /// RFC 7208 §5.3.
    fn a(&mut self, name: &DomainName, prefix: DualPrefix) -> (Tried, Why) {
        let lookup = match self.ask(name, self.address_type()) {
            Answer::Known(lookup) => lookup,
            Answer::Failed(why) => return (Tried::TempError, why),
            Answer::Missing(why) => return (Tried::Missing, why),
        };
        if lookup.is_absent() {
            return self.void();
        }
        match self.client_among(&lookup, self.prefix(prefix)) {
            Some(address) => (Tried::Match, Why::Address { host: name.as_str().into(), address }),
            None => (Tried::NoMatch, Why::NoAddress { addresses: lookup.records().len(), hosts: 1 }),
        }
    }

    /// RFC 7208 §5.4; no address of the domain stands in for missing MX records.
    fn mx(&mut self, name: &DomainName, prefix: DualPrefix) -> (Tried, Why) {
        let lookup = match self.ask(name, RecordType::MX) {
            Answer::Known(lookup) => lookup,
            Answer::Failed(why) => return (Tried::TempError, why),
            Answer::Missing(why) => return (Tried::Missing, why),
        };
        if lookup.is_absent() {
            return self.void();
        }
        let mut hosts = Vec::new();
        for record in lookup.records() {
            if let RecordData::Mx { preference, exchange } = &record.data {
                hosts.push((*preference, exchange));
            }
        }
        if hosts.len() > MAX_MX {
            return (Tried::PermError, Why::TooManyMx { hosts: hosts.len() });
        }
        order::by_key(&mut hosts, |(preference, _)| u128::from(*preference));
        let mut missing = None;
        let mut addresses = 0;
        // A null MX (RFC 7505) has no address.
        for (_, host) in hosts.iter().filter(|(_, host)| !host.is_root()) {
            match self.ask(host, self.address_type()) {
                // Behind a missing answer the others are only asked for.
                Answer::Known(lookup) if missing.is_none() => {
                    addresses += lookup.records().len();
                    if let Some(address) = self.client_among(&lookup, self.prefix(prefix)) {
                        return (Tried::Match, Why::Address { host: host.as_str().into(), address });
                    }
                }
                Answer::Failed(why) if missing.is_none() => return (Tried::TempError, why),
                Answer::Missing(why) => {
                    missing.get_or_insert(why);
                }
                Answer::Known(_) | Answer::Failed(_) => {}
            }
        }
        match missing {
            Some(why) => (Tried::Missing, why),
            None => (Tried::NoMatch, Why::NoAddress { addresses, hosts: hosts.len() }),
        }
    }

    /// RFC 7208 §5.5. A look-up that fails is no match.
    fn ptr(&mut self, target: &DomainName) -> (Tried, Why) {
        let names = match self.client_names() {
            Ok(names) => names,
            Err(Answer::Missing(why)) => return (Tried::Missing, why),
            Err(Answer::Failed(why)) => return (Tried::NoMatch, why),
            Err(Answer::Known(_)) => Vec::new(),
        };
        if names.is_empty() {
            return self.void();
        }
        let mut missing = false;
        // Only names that fit are worth a look-up; whether the others lead back decides nothing.
        for name in names.iter().filter(|name| name.is_at_or_below(target)) {
            match self.leads_back(name) {
                Some(true) => return (Tried::Match, Why::Named { name: name.clone() }),
                Some(false) => {}
                None => missing = true,
            }
        }
        if missing {
            return (Tried::Missing, Why::Missing { question: tr!("the addresses of {}", self.mail.ip) });
        }
        (Tried::NoMatch, Why::NotNamed { names: names.len() })
    }

    /// RFC 7208 §5.7: an A record, whatever the family of the client.
    fn exists(&mut self, name: &DomainName) -> (Tried, Why) {
        match self.ask(name, RecordType::A) {
            Answer::Known(lookup) if lookup.is_absent() => self.void(),
            Answer::Known(_) => (Tried::Match, Why::Exists),
            Answer::Failed(why) => (Tried::TempError, why),
            Answer::Missing(why) => (Tried::Missing, why),
        }
    }

    /// The prefix length for the client's family.
    fn prefix(&self, prefix: DualPrefix) -> u8 {
        if self.address_type() == RecordType::A { prefix.ip4 } else { prefix.ip6 }
    }
}

fn matched(matches: bool) -> Tried {
    if matches { Tried::Match } else { Tried::NoMatch }
}
