//! All facts of one domain, and the profile that decides what is expected of it.

use serde::{Deserialize, Serialize};

use crate::name::DomainName;
use crate::time::UnixTime;

use super::{Context, bimi, dane, dkim, dmarc, dnssec, mta_sts, mx, spf, tls_rpt};

/// What the domain uses mail for, by its own records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Sends and receives.
    Mail,
    /// Receives nothing (null MX, RFC 7505), may send.
    SendOnly,
    /// Sends nothing (`v=spf1 -all`), receives.
    ReceiveOnly,
    /// Neither: null MX (or no mail server and no address at all) and `v=spf1 -all`.
    Parked,
}

impl Profile {
    /// Whether mail from this domain is expected to exist.
    pub fn sends(self) -> bool {
        matches!(self, Self::Mail | Self::SendOnly)
    }

    /// Whether mail to this domain is expected to arrive.
    pub fn receives(self) -> bool {
        matches!(self, Self::Mail | Self::ReceiveOnly)
    }
}

/// Everything that checks may look at.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The domain in question.
    pub domain: DomainName,
    /// The time to judge at.
    pub now: UnixTime,
    /// What is expected of the domain.
    pub profile: Profile,
    /// Mail servers.
    pub mx: mx::Facts,
    /// SPF.
    pub spf: spf::Facts,
    /// DKIM.
    pub dkim: dkim::Facts,
    /// DMARC.
    pub dmarc: dmarc::Facts,
    /// MTA-STS.
    pub mta_sts: mta_sts::Facts,
    /// TLS-RPT.
    pub tls_rpt: tls_rpt::Facts,
    /// BIMI.
    pub bimi: bimi::Facts,
    /// DANE.
    pub dane: dane::Facts,
    /// DNSSEC.
    pub dnssec: dnssec::Facts,
}

impl Facts {
    /// Gathers everything. A room may look at the facts of the rooms gathered before it.
    pub fn gather(context: &Context<'_>) -> Self {
        let dnssec = dnssec::Facts::gather(context);
        let mx = mx::Facts::gather(context);
        let spf = spf::Facts::gather(context);
        let profile = match (mx.receives_nothing(), spf.sends_nothing()) {
            (true, true) => Profile::Parked,
            (true, false) => Profile::SendOnly,
            (false, true) => Profile::ReceiveOnly,
            (false, false) => Profile::Mail,
        };
        let dmarc = dmarc::Facts::gather(context);
        let dkim = dkim::Facts::gather(context, &mx, &spf);
        let mta_sts = mta_sts::Facts::gather(context, &mx);
        let tls_rpt = tls_rpt::Facts::gather(context);
        let bimi = bimi::Facts::gather(context, &dmarc);
        let dane = dane::Facts::gather(context, &mx);
        Self {
            domain: context.domain.clone(),
            now: context.now,
            profile,
            mx,
            spf,
            dkim,
            dmarc,
            mta_sts,
            tls_rpt,
            bimi,
            dane,
            dnssec,
        }
    }
}
