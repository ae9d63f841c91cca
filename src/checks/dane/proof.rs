//! Whether senders may use the TLSA records of a host: MX, host and TLSA must be signed without a gap, RFC 7672 §2.2.

use crate::checks::{Context, mx};
use crate::dns::RecordType;
use crate::dnssec::{Proof, Reason, State};
use crate::name::DomainName;

/// What a sender that verifies DANE makes of a mail host's TLSA records, or of there being none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Everything is signed without a gap: the records count.
    Secure,
    /// The MX records are not signed: the records are not asked for (RFC 7672 §2.2.1).
    MxInsecure(Reason),
    /// The host is not signed: its records are not asked for (RFC 7672 §2.2.2).
    HostInsecure(Reason),
    /// The TLSA records are not signed, or lie behind an alias into a zone that is not.
    TlsaInsecure(Reason),
    /// An answer ought to be signed and is not: the mail waits (RFC 7672 §2.1).
    Bogus(Reason),
    /// Not known.
    Unknown(Reason),
}

impl Trust {
    /// One word for the report.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Secure => "secure",
            Self::MxInsecure(_) => "mx-insecure",
            Self::HostInsecure(_) => "host-insecure",
            Self::TlsaInsecure(_) => "tlsa-insecure",
            Self::Bogus(_) => "bogus",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why; `None` where everything is as it should be.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Secure => None,
            Self::MxInsecure(reason)
            | Self::HostInsecure(reason)
            | Self::TlsaInsecure(reason)
            | Self::Bogus(reason)
            | Self::Unknown(reason) => Some(reason),
        }
    }
}

/// The proofs of one mail host.
#[derive(Clone, Debug)]
pub struct Proofs {
    /// Of its addresses, the weaker.
    pub host: Proof,
    /// Of its TLSA records, or that there are none.
    pub tlsa: Option<Proof>,
}

impl Proofs {
    /// Proves the addresses of a host.
    pub(super) fn of_host(context: &Context<'_>, host: &mx::Host) -> Proof {
        let [ipv4, ipv6] = [RecordType::A, RecordType::AAAA].map(|of_type| context.prove(&host.name, of_type));
        if ipv6.state > ipv4.state { ipv6 } else { ipv4 }
    }

    /// The names to which `_25._tcp.` is put, in the order in which senders try them (RFC 7672 §2.2.2): the end of the
    /// aliases where all of it is secure, then the host's own name where that much is.
    pub(super) fn bases(host: &mx::Host, proof: &Proof) -> Vec<DomainName> {
        let end = host.aliases.last().filter(|_| !matches!(proof.state, State::Insecure));
        end.into_iter().chain([&host.name]).cloned().collect()
    }

    /// Whether the host is signed as far as its TLSA records at `base` need it.
    fn host_state(&self, base_is_own: bool) -> (State, &Reason) {
        match self.host.chain.first() {
            // At the host's own name its own alias is enough.
            Some(own) if base_is_own && self.host.state == State::Insecure => (own.state, &own.reason),
            _ => (self.host.state, &self.host.reason),
        }
    }

    /// What a sender makes of them, given the proof of the MX records.
    pub(super) fn trust(&self, mx: &Proof, base_is_own: bool) -> Trust {
        let (host, why) = self.host_state(base_is_own);
        let tlsa = self.tlsa.as_ref();
        let links = [Some((mx.state, &mx.reason)), Some((host, why)), tlsa.map(|tlsa| (tlsa.state, &tlsa.reason))];
        // In the order in which a sender asks: after an insecure one it asks no more.
        for (at, (state, reason)) in links.into_iter().flatten().enumerate() {
            return match (state, at) {
                (State::Secure, _) => continue,
                (State::Bogus, _) => Trust::Bogus(reason.clone()),
                (State::Indeterminate, _) => Trust::Unknown(reason.clone()),
                (State::Insecure, 0) => Trust::MxInsecure(reason.clone()),
                (State::Insecure, 1) => Trust::HostInsecure(reason.clone()),
                (State::Insecure, _) => Trust::TlsaInsecure(reason.clone()),
            };
        }
        Trust::Secure
    }
}
