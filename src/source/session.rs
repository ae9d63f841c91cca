//! One check, from the first look-up to the last, without input or output: requests out, responses in.
//!
//! There are no rounds. Whatever an answer makes known to be wanted leaves as soon as a place is free; answers that
//! arrive together cost one assessment, and guesses that found nothing none of their own. The first resolver that is not down is asked; the others stand in for it.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::rc::Rc;

use crate::assess::{Assessment, assess};
use crate::checks::Options;
use crate::dns::{Provenance, Rcode, message};
use crate::dnssec::Inquiry;
use crate::evidence::{DnsEntry, DnsOutcome, Evidence, Failure, HttpsEntry, HttpsOutcome};
use crate::name::DomainName;
use crate::spf_eval::Evaluation;
use crate::time::UnixTime;
use crate::wanted::{Purpose, Urgency, Want, Wanted};

use super::host::{Host, host_of};
use super::relay::Relay;
use super::request::{Fetch, Request, Response, body_limits, dns_limits};
use super::resolvers::{ResolverState, Resolvers};

/// Most requests under way at once: what one HTTP/2 connection takes without a queue of its own.
pub const MAX_IN_FLIGHT: usize = 32;
/// Of these, most that may be guesses: what is on the way to a verdict never waits behind DKIM selectors.
pub const MAX_GUESSES_IN_FLIGHT: usize = 28;
/// Most look-ups of one check. A domain with everything needs some 150; more is a record made to waste time.
pub const MAX_LOOK_UPS: usize = 400;
/// Extended errors (RFC 8914 §4.16 to §4.19) by which a resolver says that the answer is its own and not the domain's.
const FILTERED: [u16; 4] = [15, 16, 17, 18];

/// How a session looks things up.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    /// Addresses of the resolvers to ask, in order of preference; empty means the built-in ones.
    pub resolvers: Vec<String>,
    /// Origin of the page, which may be asked over plain `http`.
    pub own_origin: Option<String>,
    /// Whether to judge by the evidence alone: nothing is asked at all.
    pub offline: bool,
    /// Whether a body that could not be read is followed by a probe of the host: for browsers, which hide the reason.
    pub probe: bool,
    /// Whether what failed before stays as it is; otherwise it is asked again.
    pub keep_failures: bool,
    /// Whether hosts that have only private addresses may be asked for a body. Browsers warn their user of that.
    pub private_hosts: bool,
    /// The user's own relay: asked for a body only after its host did not let the page read it.
    pub relay: Option<String>,
}

/// What comes of judging evidence.
pub trait Verdict {
    /// The look-ups that would tell more.
    fn wanted(&self) -> &[Wanted];
}

impl Verdict for Assessment {
    fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }
}

impl Verdict for Evaluation {
    fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }
}

impl Verdict for Inquiry {
    fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// Look-ups known to be needed so far.
    pub asked: usize,
    /// Those that have ended, with or without an answer.
    pub answered: usize,
}

/// One check. Take [`Session::requests`], carry them out, hand each outcome to [`Session::respond`], take requests
/// again, until [`Session::is_finished`]. Dropping it is all that cancelling takes.
pub struct Session<V = Assessment> {
    judge: Box<dyn FnMut(&Evidence) -> V>,
    settings: Settings,
    /// The relay of the settings, where its address is acceptable.
    relay: Option<Relay>,
    resolvers: Resolvers,
    evidence: Rc<Evidence>,
    verdict: Rc<V>,
    /// Whether the evidence has grown since the verdict.
    stale: bool,
    /// Whether it has grown by something that may make more wanted, and not just by guesses that found nothing.
    has_news: bool,
    /// Every want that was taken up, so that none is twice.
    known: HashSet<Want>,
    ended: usize,
    /// What waits for its turn, in no order: at most [`MAX_LOOK_UPS`] entries, so that looking through them is cheap.
    queue: Vec<(Place, Task)>,
    /// Bodies whose host's addresses are not known yet.
    held: Vec<(Urgency, String, Purpose)>,
    in_flight: Vec<(u64, Task)>,
    next_id: u64,
}

/// Place in the queue: most urgent first, second attempts before first ones, then in order of arrival.
type Place = (Urgency, Reverse<u8>, u64);

/// One look-up on its way.
#[derive(Clone, Debug)]
struct Task {
    want: Want,
    urgency: Urgency,
    /// Attempts that have failed.
    failed: u8,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// A DNS question: the resolver to ask (`None`: the first that is up), how many answers it had given when the
    /// question left, and what the first attempt met.
    Dns { resolver: Option<usize>, answered_before: usize, met: Option<Failure> },
    /// A body.
    Body,
    /// The same body by way of the relay.
    Relayed,
    /// Whether the host answers at all, and whether the relay was asked before in vain.
    Probe { relay_failed: bool },
}

impl Session<Assessment> {
    /// A check of `domain`, judged at `now`. In a live session, failures noted in `evidence` are asked
    /// again, unless the settings keep them.
    pub fn new(
        domain: DomainName,
        options: Options,
        settings: Settings,
        mut evidence: Evidence,
        now: UnixTime,
    ) -> Self {
        if !settings.offline {
            evidence.domain = Some(domain.clone());
            evidence.taken_at = Some(now);
        }
        Self::with_judge(move |evidence| assess(&domain, &options, evidence, now), settings, evidence)
    }
}

impl<V: Verdict> Session<V> {
    /// A session that follows the wants of any pure judge of evidence.
    pub fn with_judge(judge: impl FnMut(&Evidence) -> V + 'static, settings: Settings, evidence: Evidence) -> Self {
        let mut judge = Box::new(judge);
        let (evidence, again) = if settings.offline || settings.keep_failures {
            (evidence, Vec::new())
        } else {
            without_failures(evidence)
        };
        let verdict = judge(&evidence);
        let relay = settings.relay.as_ref();
        let mut session = Self {
            relay: relay.and_then(|relay| Relay::parse(relay, settings.own_origin.as_deref()).ok()),
            resolvers: Resolvers::new(&settings.resolvers, settings.own_origin.as_deref()),
            judge,
            settings,
            verdict: Rc::new(verdict),
            evidence: Rc::new(evidence),
            stale: false,
            has_news: false,
            known: HashSet::new(),
            ended: 0,
            queue: Vec::new(),
            held: Vec::new(),
            in_flight: Vec::new(),
            next_id: 0,
        };
        if !session.settings.offline {
            for want in again {
                session.take_up(&want, Urgency::Path);
            }
            session.take_up_wanted();
        }
        session
    }

    /// Has the next [`Session::requests`] judge whatever has arrived, for whoever wants the verdict in step with it.
    pub fn catch_up(&mut self) {
        self.has_news = self.stale;
    }

    /// What is to be sent now; judges again first where something has arrived that may make more wanted. Guesses that
    /// found nothing are judged together, with the next news or at the end.
    pub fn requests(&mut self) -> Vec<Request> {
        let mut requests = Vec::new();
        // Every turn beyond the first ends at least one look-up without a request, and those are limited.
        for _ in 0..=MAX_LOOK_UPS {
            if self.has_news || self.stale && self.queue.is_empty() && self.in_flight.is_empty() {
                (self.stale, self.has_news) = (false, false);
                self.verdict = Rc::new((self.judge)(&self.evidence));
                self.take_up_wanted();
            }
            self.release_held();
            while let Some(task) = self.next_task() {
                requests.extend(self.send(task));
            }
            if !(self.has_news || self.stale && self.in_flight.is_empty()) {
                break;
            }
        }
        requests
    }

    /// Takes the outcome of one request. One that nobody waits for any more is dropped.
    pub fn respond(&mut self, id: u64, response: Response, at: UnixTime) {
        let Some(place) = self.in_flight.iter().position(|(other, _)| *other == id) else { return };
        let (_, task) = self.in_flight.swap_remove(place);
        match task.kind.clone() {
            Kind::Dns { resolver: Some(resolver), answered_before, met } => {
                self.read_dns(task, resolver, answered_before, met, response, at);
            }
            Kind::Dns { resolver: None, .. } => {}
            Kind::Body => self.read_body(task, response, at),
            Kind::Relayed => self.read_relayed(task, response, at),
            Kind::Probe { relay_failed } => self.read_probe(&task, relay_failed, response, at),
        }
    }

    /// Whether nothing is under way and nothing more is wanted that could be asked.
    pub fn is_finished(&self) -> bool {
        !self.stale && self.queue.is_empty() && self.in_flight.is_empty() && self.held.is_empty()
    }

    /// The verdict on the evidence at the last call of [`Session::requests`].
    pub fn verdict(&self) -> &Rc<V> {
        &self.verdict
    }

    /// Everything known so far.
    pub fn evidence(&self) -> &Rc<Evidence> {
        &self.evidence
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        Progress { asked: self.known.len(), answered: self.ended }
    }

    /// How the resolvers are doing; empty where nobody is asked.
    pub fn resolvers(&self) -> Vec<ResolverState> {
        if self.settings.offline { Vec::new() } else { self.resolvers.states() }
    }

    fn take_up_wanted(&mut self) {
        if self.settings.offline {
            return;
        }
        let verdict = Rc::clone(&self.verdict);
        for wanted in verdict.wanted() {
            self.take_up(&wanted.want, wanted.urgency);
        }
        // A guess that an answer has made needless is not asked any more.
        let known = &mut self.known;
        self.queue.retain(|(_, task)| {
            let needed =
                task.urgency != Urgency::Guess || verdict.wanted().iter().any(|wanted| wanted.want == task.want);
            if !needed {
                known.remove(&task.want);
            }
            needed
        });
    }

    /// Queues a want; one that is queued already moves forward where it has become more urgent.
    fn take_up(&mut self, want: &Want, urgency: Urgency) {
        if self.known.contains(want) {
            self.hurry(want, urgency);
            return;
        }
        if self.known.len() >= 2 * MAX_LOOK_UPS {
            return; // It stays "not supplied", which is unknown; the first to exceed the limit said why.
        }
        self.known.insert(want.clone());
        if self.known.len() > MAX_LOOK_UPS {
            let why = format!("the limit of {MAX_LOOK_UPS} look-ups for one check was reached");
            self.end_with_failure(want, Failure::Other { why }, Provenance::default());
            return;
        }
        match want {
            Want::Dns { .. } => {
                let kind = Kind::Dns { resolver: None, answered_before: 0, met: None };
                self.enqueue(Task { want: want.clone(), urgency, failed: 0, kind });
            }
            Want::Https { url, purpose } => self.held.push((urgency, url.clone(), *purpose)),
        }
    }

    fn hurry(&mut self, want: &Want, urgency: Urgency) {
        let slower = |(_, task): &(Place, Task)| task.want == *want && task.urgency > urgency;
        if let Some(at) = self.queue.iter().position(slower) {
            let (_, mut task) = self.queue.swap_remove(at);
            task.urgency = urgency;
            self.enqueue(task);
        }
    }

    fn enqueue(&mut self, task: Task) {
        self.next_id += 1;
        let place = (task.urgency, Reverse(task.failed), self.next_id);
        self.queue.push((place, task));
    }

    /// Lets go of the bodies whose host is known by now.
    fn release_held(&mut self) {
        for (urgency, url, purpose) in std::mem::take(&mut self.held) {
            let want = Want::Https { url: url.clone(), purpose };
            let host = match host_of(&url) {
                Some(name) => Host::of(&name, &self.evidence),
                None => Host::Public,
            };
            let refusal = match host {
                Host::Wanted(addresses) => {
                    // An address that was asked for and still is not there is no reason to wait for ever.
                    let waits =
                        addresses.iter().any(|address| self.is_under_way(address) || !self.known.contains(address));
                    if waits {
                        for address in &addresses {
                            self.take_up(address, urgency);
                        }
                        self.held.push((urgency, url, purpose));
                        continue;
                    }
                    None
                }
                Host::Private if !self.settings.private_hosts => {
                    Some("the host has only addresses of private networks, which a web page must not ask")
                }
                Host::None => Some("the host has no address"),
                Host::Public | Host::Private => None,
            };
            match refusal {
                Some(why) => {
                    self.end_with_failure(&want, Failure::Other { why: why.into() }, Provenance::default());
                }
                None => self.enqueue(Task { want, urgency, failed: 0, kind: Kind::Body }),
            }
        }
    }

    fn is_under_way(&self, want: &Want) -> bool {
        let queued = self.queue.iter().any(|(_, task)| task.want == *want);
        queued || self.in_flight.iter().any(|(_, task)| task.want == *want)
    }

    /// The next task that may leave.
    fn next_task(&mut self) -> Option<Task> {
        if self.in_flight.len() >= MAX_IN_FLIGHT {
            return None;
        }
        let (at, (place, _)) = self.queue.iter().enumerate().min_by_key(|(_, (place, _))| *place)?;
        if place.0 == Urgency::Guess {
            let guesses = self.in_flight.iter().filter(|(_, task)| task.urgency == Urgency::Guess).count();
            if guesses >= MAX_GUESSES_IN_FLIGHT {
                return None;
            }
        }
        Some(self.queue.swap_remove(at).1)
    }

    /// Turns a task into a request; `None` where there is nobody to ask, which ends the look-up.
    fn send(&mut self, mut task: Task) -> Option<Request> {
        let (url, fetch, deadline, max_octets) = match (&task.want, &mut task.kind) {
            (Want::Dns { name, record_type }, Kind::Dns { resolver, answered_before, .. }) => {
                let Some((index, asked)) = resolver
                    .or_else(|| self.resolvers.first())
                    .and_then(|index| Some((index, self.resolvers.at(index)?)))
                else {
                    let why = "no resolver with an acceptable address was given".into();
                    self.end_with_failure(&task.want, Failure::Other { why }, Provenance::default());
                    return None;
                };
                *resolver = Some(index);
                *answered_before = self.resolvers.answered(index);
                let is_first_contact = *answered_before == 0 && self.resolvers.has_choice();
                let (deadline, max_octets) = dns_limits(task.failed == 0, is_first_contact);
                (asked.question(&message::encode_query(name, *record_type)), Fetch::Dns, deadline, max_octets)
            }
            (Want::Https { url, purpose }, Kind::Body) => {
                let (fetch, deadline, max_octets) = body_limits(*purpose);
                (url.clone(), fetch, deadline, max_octets)
            }
            (Want::Https { url, purpose }, Kind::Relayed) => {
                // A relay answers itself: one that redirects elsewhere is not the one that the user chose.
                let (_, deadline, max_octets) = body_limits(*purpose);
                let url = self.relay.as_ref().map_or_else(|| url.clone(), |relay| relay.of(url));
                (url, Fetch::Body { follow_redirects: false }, deadline, max_octets)
            }
            (Want::Https { url, purpose }, _) => {
                let (_, deadline, max_octets) = body_limits(*purpose);
                (url.clone(), Fetch::Probe, deadline, max_octets)
            }
            // A DNS want is never made into another kind of task.
            (Want::Dns { .. }, _) => return None,
        };
        self.next_id += 1;
        let id = self.next_id;
        self.in_flight.push((id, task));
        Some(Request { id, url, fetch, deadline, max_octets })
    }

    fn read_dns(
        &mut self,
        task: Task,
        resolver: usize,
        answered_before: usize,
        met: Option<Failure>,
        response: Response,
        at: UnixTime,
    ) {
        let Want::Dns { name, record_type } = &task.want else { return };
        let from = self.resolvers.at(resolver).map(|resolver| resolver.url().to_owned());
        let provenance = Provenance { from, at: Some(at) };
        let failure = match dns_message(response).map(|body| {
            let entry = DnsEntry::from_wire(name.clone(), *record_type, body, provenance.clone());
            refuse_filtered(entry)
        }) {
            Ok(DnsEntry { outcome: DnsOutcome::Failed(failure), .. }) | Err(failure) => failure,
            Ok(entry) => {
                self.resolvers.note_answer(resolver);
                let is_miss = task.urgency == Urgency::Guess
                    && matches!(&entry.outcome, DnsOutcome::Answer { answers, .. } if answers.is_empty());
                let had_news = self.has_news;
                Rc::make_mut(&mut self.evidence).add_dns(entry);
                self.end();
                self.has_news = had_news || !is_miss;
                return;
            }
        };
        // SERVFAIL is mostly the domain's fault, and so is a time-out while others were answered.
        let is_servfail = matches!(failure, Failure::Rcode { rcode: Rcode::SERVFAIL, .. });
        let is_slow = failure == Failure::Timeout && self.resolvers.answered(resolver) > answered_before;
        if is_servfail {
            self.resolvers.note_answer(resolver);
        } else {
            self.resolvers.note_failure(resolver, &failure, !is_slow);
        }
        if task.failed == 0 {
            let next = self.resolvers.after(resolver, is_servfail);
            let kind = Kind::Dns { resolver: Some(next), answered_before: 0, met: Some(failure) };
            self.enqueue(Task { failed: 1, kind, ..task });
            return;
        }
        // What a resolver said tells more than that another one did not answer.
        let failure = match met {
            Some(said @ Failure::Rcode { .. }) if !matches!(failure, Failure::Rcode { .. }) => said,
            _ => failure,
        };
        self.end_with_failure(&task.want, failure, provenance);
    }

    fn read_body(&mut self, task: Task, response: Response, at: UnixTime) {
        let provenance = Provenance { from: None, at: Some(at) };
        match response {
            Response::Read { status, content_type, body } => {
                self.end_with_body(&task.want, HttpsOutcome::Read { status, content_type, body }, provenance);
            }
            // Only a refusal without a reason may hide a host that works.
            Response::Failed(Failure::Network | Failure::Cors) | Response::Opaque if self.relay.is_some() => {
                self.enqueue(Task { failed: 1, kind: Kind::Relayed, ..task });
            }
            Response::Failed(Failure::Network | Failure::Cors) | Response::Opaque if self.settings.probe => {
                self.enqueue(Task { failed: 1, kind: Kind::Probe { relay_failed: false }, ..task });
            }
            Response::Failed(failure) => self.end_with_failure(&task.want, failure, provenance),
            Response::Opaque => self.end_with_failure(&task.want, Failure::Cors, provenance),
        }
    }

    /// What the relay gives counts where it is the file. Anything else may be the relay's own answer and says nothing of the
    /// host.
    fn read_relayed(&mut self, task: Task, response: Response, at: UnixTime) {
        let from = self.relay.as_ref().map(|relay| relay.url().to_owned());
        let provenance = Provenance { from, at: Some(at) };
        match response {
            Response::Read { status: 200, content_type, body } => {
                self.end_with_body(&task.want, HttpsOutcome::Read { status: 200, content_type, body }, provenance);
            }
            _ if self.settings.probe => {
                self.enqueue(Task { failed: 2, kind: Kind::Probe { relay_failed: true }, ..task });
            }
            _ => self.end_with_failure(&task.want, Failure::Network, provenance),
        }
    }

    fn read_probe(&mut self, task: &Task, relay_failed: bool, response: Response, at: UnixTime) {
        let relay = self.relay.as_ref().filter(|_| relay_failed);
        let provenance = Provenance { from: relay.map(|relay| relay.url().to_owned()), at: Some(at) };
        match response {
            Response::Failed(failure) => self.end_with_failure(&task.want, failure, provenance),
            Response::Opaque | Response::Read { .. } => {
                self.end_with_body(&task.want, HttpsOutcome::Reachable, provenance);
            }
        }
    }

    fn end_with_failure(&mut self, want: &Want, failure: Failure, provenance: Provenance) {
        match want {
            Want::Https { .. } => self.end_with_body(want, HttpsOutcome::Failed(failure), provenance),
            Want::Dns { name, record_type } => {
                Rc::make_mut(&mut self.evidence).add_dns(DnsEntry {
                    name: name.clone(),
                    record_type: *record_type,
                    outcome: DnsOutcome::Failed(failure),
                    wire: None,
                    provenance,
                });
                self.end();
            }
        }
    }

    fn end_with_body(&mut self, want: &Want, outcome: HttpsOutcome, provenance: Provenance) {
        if let Want::Https { url, .. } = want {
            let entry = HttpsEntry { url: url.clone(), outcome, supplied: false, provenance };
            Rc::make_mut(&mut self.evidence).add_https(entry);
        }
        self.end();
    }

    fn end(&mut self) {
        self.ended += 1;
        (self.stale, self.has_news) = (true, true);
    }
}

/// The body of a response that may be a DNS message, RFC 8484 §4.2.
fn dns_message(response: Response) -> Result<Vec<u8>, Failure> {
    match response {
        Response::Failed(failure) => Err(failure),
        Response::Opaque => Err(Failure::Cors),
        Response::Read { status: status @ 300..400, .. } => Err(Failure::Redirected { status: Some(status), to: None }),
        Response::Read { status, content_type, body } => {
            let content_type = content_type.unwrap_or_default();
            let media_type = content_type.split(';').next().unwrap_or_default().trim();
            if status != 200 {
                Err(Failure::HttpStatus { status })
            } else if !media_type.eq_ignore_ascii_case("application/dns-message") {
                Err(Failure::NotDns { content_type })
            } else if body.len() > message::MAX_MESSAGE {
                Err(Failure::TooLarge { limit: message::MAX_MESSAGE })
            } else {
                Ok(body)
            }
        }
    }
}

/// An answer that a resolver made up to block a name says nothing about the name.
fn refuse_filtered(mut entry: DnsEntry) -> DnsEntry {
    if !matches!(entry.outcome, DnsOutcome::Answer { .. }) {
        return entry;
    }
    if let Some(Ok(message)) = entry.wire.as_deref().map(message::decode)
        && message.extended_errors.iter().any(|error| FILTERED.contains(&error.code))
    {
        let failure = Failure::Rcode { rcode: message.rcode, extended_errors: message.extended_errors };
        entry.outcome = DnsOutcome::Failed(failure);
    }
    entry
}

/// The evidence without the failures in it, so that they are asked again where they matter. Where the evidence claims
/// to be complete, a missing entry would mean "does not exist": there a failure stays until the answer replaces it.
fn without_failures(evidence: Evidence) -> (Evidence, Vec<Want>) {
    let mut kept = Evidence::new();
    let mut again = Vec::new();
    kept.domain = evidence.domain.clone();
    kept.taken_at = evidence.taken_at;
    for apex in evidence.authorities() {
        kept.add_authority(apex.clone());
    }
    for entry in evidence.dns() {
        let failed = matches!(entry.outcome, DnsOutcome::Failed(_));
        if failed && !evidence.authorities().any(|apex| entry.name.is_at_or_below(apex)) {
            continue;
        }
        if failed {
            again.push(Want::Dns { name: entry.name.clone(), record_type: entry.record_type });
        }
        kept.add_dns(entry.clone());
    }
    for entry in evidence.https_entries() {
        if !matches!(entry.outcome, HttpsOutcome::Failed(_)) {
            kept.add_https(entry.clone());
        }
    }
    for file in evidence.files() {
        kept.add_file(file.clone());
    }
    (kept, again)
}
