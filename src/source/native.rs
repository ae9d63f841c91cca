//! The command line's transport: the requests of a session over ureq, each on a thread of its own.

mod tls;
mod words;

use std::collections::BTreeSet;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use ureq::tls::{PemItem, parse_pem};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, TcpConnector};

use crate::assess::Assessment;
use crate::checks::Options;
use crate::dns::RecordType;
use crate::dnssec::{Anchor, Inquiry};
use crate::evidence::{Evidence, Failure};
use crate::input::{self, InputError};
use crate::name::DomainName;
use crate::spf_eval::{self, Evaluation, Mail};
use crate::time::UnixTime;

use super::gate::{Gate, Pace};
use super::resolvers::is_this_computer;
use super::{Fetch, Progress, Request, Response, Session, Settings};
use tls::Tls;

/// Most redirects followed where they are allowed at all; browsers follow 20.
const MAX_REDIRECTS: u32 = 5;
/// How long after the longest deadline a thread that says nothing is given up.
const GRACE: Duration = Duration::from_secs(10);

/// Checks a domain over the network, judged at `now`. `on_progress` is called whenever look-ups have left or ended.
pub fn run(
    domain: DomainName,
    options: Options,
    settings: Settings,
    evidence: Evidence,
    now: UnixTime,
    on_progress: impl FnMut(Progress),
) -> (Assessment, Evidence) {
    Transport::new().check(domain, options, settings, evidence, now, on_progress)
}

/// Asks over the network whether a mail would pass (RFC 7208).
pub fn check_host(mail: Mail, settings: Settings, evidence: Evidence) -> (Evaluation, Evidence) {
    let judge = move |evidence: &Evidence| spf_eval::check_host(&mail, evidence);
    let mut session = Session::with_judge(judge, settings, evidence);
    Transport::new().drive(&mut session, |_| {});
    (session.verdict().as_ref().clone(), session.evidence().as_ref().clone())
}

/// Proves an answer over the network, or by the evidence alone where the settings say so.
pub fn prove(
    name: DomainName,
    record_type: RecordType,
    anchors: Vec<Anchor>,
    at: UnixTime,
    settings: Settings,
    evidence: Evidence,
) -> Inquiry {
    let judge = move |evidence: &Evidence| Inquiry::new(&name, record_type, &anchors, evidence, at);
    let mut session = Session::with_judge(judge, settings, evidence);
    Transport::new().drive(&mut session, |_| {});
    session.verdict().as_ref().clone()
}

/// A host name as A-labels: UTS #46, non-transitional, as browsers map it.
pub fn to_ascii(host: &str) -> Result<String, idna::Errors> {
    idna::domain_to_ascii(host)
}

/// Sees the domain in what a person typed.
pub fn domain_from_input(text: &str) -> Result<DomainName, InputError> {
    input::domain_from_input(text, to_ascii).map(|typed| typed.domain)
}

/// The time by this computer's clock.
pub fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    UnixTime(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Carries out requests; connections are kept and shared, also between copies.
#[derive(Clone, Debug)]
pub struct Transport {
    agent: ureq::Agent,
    /// Where every question to a resolver passes, when several checks run at once.
    gate: Option<Arc<Gate>>,
}

impl Default for Transport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport {
    /// One that trusts Mozilla's roots.
    pub fn new() -> Self {
        Self::over(Tls::new())
    }

    /// One that trusts the certificates in `pem` and no others; `None` where it holds none.
    pub fn trusting(pem: &[u8]) -> Option<Self> {
        let roots = parse_pem(pem).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(CertificateDer::from(certificate.der().to_vec())),
            _ => None,
        });
        Tls::trusting(roots).map(Self::over)
    }

    fn over(tls: Tls) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects_will_error(false)
            .user_agent(concat!("mxray/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections(super::MAX_IN_FLIGHT)
            .max_idle_connections_per_host(super::MAX_IN_FLIGHT)
            .build();
        let connector = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default()).chain(tls);
        Self { agent: ureq::Agent::with_parts(config, connector, DefaultResolver::default()), gate: None }
    }

    /// For many checks at once: each resolver is asked at this pace by all copies of the transport together.
    #[must_use]
    pub fn paced(self, pace: Pace) -> Self {
        Self { gate: Some(Arc::new(Gate::new(pace))), ..self }
    }

    /// Checks a domain, judged at `now`. `on_progress` is called whenever look-ups have left or ended.
    pub fn check(
        &self,
        domain: DomainName,
        options: Options,
        settings: Settings,
        evidence: Evidence,
        now: UnixTime,
        on_progress: impl FnMut(Progress),
    ) -> (Assessment, Evidence) {
        let mut session = Session::new(domain, options, settings, evidence, now);
        self.drive(&mut session, on_progress);
        (session.verdict().as_ref().clone(), session.evidence().as_ref().clone())
    }

    /// Carries out everything that a session asks for, until it is finished.
    pub fn drive<V: super::Verdict>(&self, session: &mut Session<V>, mut on_progress: impl FnMut(Progress)) {
        let (sender, receiver) = mpsc::channel();
        let mut under_way = BTreeSet::new();
        let mut patience = GRACE;
        loop {
            for request in session.requests() {
                under_way.insert(request.id);
                patience = patience.max(request.deadline + GRACE);
                let (transport, sender) = (self.clone(), sender.clone());
                // The receiver outlives every thread that is waited for; the others may find nobody listening.
                thread::spawn(move || sender.send((request.id, transport.fetch(&request))));
            }
            on_progress(session.progress());
            if session.is_finished() {
                return;
            }
            match receiver.recv_timeout(patience) {
                Ok(first) => {
                    for (id, response) in std::iter::once(first).chain(receiver.try_iter()) {
                        under_way.remove(&id);
                        session.respond(id, response, now());
                    }
                }
                Err(_) => {
                    for id in std::mem::take(&mut under_way) {
                        session.respond(id, Response::Failed(Failure::Timeout), now());
                    }
                }
            }
        }
    }

    /// Carries out one request.
    pub fn fetch(&self, request: &Request) -> Response {
        let _place = self.gate.as_ref().filter(|_| request.fetch == Fetch::Dns).map(|gate| gate.enter(&request.url));
        self.send(request).unwrap_or_else(Response::Failed)
    }

    fn send(&self, request: &Request) -> Result<Response, Failure> {
        let follow = request.fetch == (Fetch::Body { follow_redirects: true });
        let mut builder = self.agent.get(&request.url);
        if request.fetch == Fetch::Dns {
            builder = builder.header("accept", "application/dns-message");
        }
        let mut config = builder.config().timeout_global(Some(request.deadline)).max_redirects(if follow {
            MAX_REDIRECTS
        } else {
            0
        });
        if is_local(&request.url) {
            config = config.proxy(None);
        }
        let failed = |error| words::failure(error, request.max_octets);
        let response = config.build().call().map_err(failed)?;
        let (parts, body) = response.into_parts();
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if parts.status.is_redirection() {
            return Err(Failure::Redirected { status: Some(parts.status.as_u16()), to: header("location") });
        }
        let limit = u64::try_from(request.max_octets).unwrap_or(u64::MAX);
        let body = body.into_with_config().limit(limit).read_to_vec().map_err(failed)?;
        Ok(Response::Read { status: parts.status.as_u16(), content_type: header("content-type"), body })
    }
}

/// Whether the URL leads to this computer, where no proxy stands between.
fn is_local(url: &str) -> bool {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    is_this_computer(host.trim_matches(['[', ']']))
}
