//! A check in the browser, from the first look-up to the final report.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use crate::assess::Assessment;
use crate::checks::Options;
use crate::evidence::{Evidence, Failure};
use crate::name::DomainName;
use crate::source::{Request, ResolverState, Response, Session, Settings};
use crate::wanted::{Want, Wanted};

use super::clock::{milliseconds, now, sleep};
use super::fetch::fetch;

/// Shortest time between two updates, in milliseconds: drawing holds up the answers that others wait for.
const UPDATE_EVERY: f64 = 400.0;
/// At least so many times as long as drawing the last update took, for slow machines.
const UPDATE_SHARE: f64 = 4.0;

/// How often deadlines are looked at: they are seconds, so this is near enough.
const WATCH_EVERY: Duration = Duration::from_millis(100);

/// What to check, and how.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// The domain in question.
    pub domain: DomainName,
    /// What else the user asks for.
    pub options: Options,
    /// Addresses of the resolvers to ask; empty means the built-in ones. One that is not accepted is never asked and
    /// stands in [`Update::resolvers`] with the reason.
    pub resolvers: Vec<String>,
    /// Whether to judge by the evidence alone: not one request leaves the page.
    pub offline: bool,
    /// What is known beforehand.
    pub evidence: Evidence,
    /// Whether what failed before stays as it is instead of being asked again.
    pub keep_failures: bool,
    /// The only questions to ask, where not those of an assessment; and the assessment that stands meanwhile.
    pub only: Option<(Rc<Assessment>, Vec<Wanted>)>,
}

/// How a check stands.
#[derive(Clone, Debug)]
pub struct Update {
    /// What the evidence says so far.
    pub assessment: Rc<Assessment>,
    /// The evidence so far.
    pub evidence: Rc<Evidence>,
    /// How many look-ups are known to be needed.
    pub asked: usize,
    /// How many of them have ended, with or without an answer.
    pub answered: usize,
    /// Whether this is the last update.
    pub finished: bool,
    /// How the resolvers are doing; empty where nobody is asked.
    pub resolvers: Vec<ResolverState>,
}

/// A running check; dropping it aborts every request, and no further update comes.
pub struct Run(Rc<RefCell<Inner>>);

struct Inner {
    session: Session,
    on_update: Rc<dyn Fn(Update)>,
    under_way: Vec<UnderWay>,
    /// Whether a look at what has arrived is due already.
    pump_due: bool,
    /// Whether an update is due already.
    update_due: bool,
    update_began: f64,
    /// When the next update may go out, unless it is the last one.
    next_update: f64,
}

/// A request that has left.
struct UnderWay {
    id: u64,
    abort: AbortController,
    /// When it is aborted.
    deadline: f64,
    /// Whether it was.
    late: bool,
}

impl Run {
    /// Starts a check. Updates come after this has returned: soon with what the evidence says already, then whenever
    /// there is news (at most two or three times a second), last and exactly once with `finished`.
    pub fn start(request: RunRequest, on_update: impl Fn(Update) + 'static) -> Run {
        let RunRequest { domain, options, resolvers, offline, evidence, keep_failures, only } = request;
        let own_origin = web_sys::window().and_then(|window| window.location().origin().ok());
        // Offline evidence is judged at the time when it was collected, so that a saved file gives the same report.
        let at = evidence.taken_at.filter(|_| offline).unwrap_or_else(now);
        let settings = Settings { resolvers, own_origin, offline, probe: true, keep_failures, private_hosts: false };
        let inner = Rc::new(RefCell::new(Inner {
            session: match only {
                None => Session::new(domain, options, settings, evidence, at),
                Some((assessment, wanted)) => {
                    Session::with_judge(move |evidence| asking(&assessment, &wanted, evidence), settings, evidence)
                }
            },
            on_update: Rc::new(on_update),
            under_way: Vec::new(),
            pump_due: false,
            update_due: false,
            update_began: 0.0,
            next_update: 0.0,
        }));
        // The first questions leave before anything is drawn.
        send(&inner);
        schedule_pump(&inner);
        watch(&inner);
        Run(inner)
    }
}

/// The assessment as it stands, with those of the questions that have no answer yet.
fn asking(assessment: &Assessment, wanted: &[Wanted], evidence: &Evidence) -> Assessment {
    let open = |wanted: &&Wanted| match &wanted.want {
        Want::Dns { name, record_type } => !evidence.has_dns(name, *record_type),
        Want::Https { .. } => false,
    };
    Assessment { report: assessment.report.clone(), wanted: wanted.iter().filter(open).cloned().collect() }
}

impl Drop for Run {
    fn drop(&mut self) {
        // Nothing below holds a borrow while it calls out, so this finds the cell free.
        if let Ok(mut inner) = self.0.try_borrow_mut() {
            for one in std::mem::take(&mut inner.under_way) {
                one.abort.abort();
            }
        }
    }
}

/// Has [`pump`] run once after everything that is arriving now.
fn schedule_pump(run: &Rc<RefCell<Inner>>) {
    if std::mem::replace(&mut run.borrow_mut().pump_due, true) {
        return;
    }
    later(run, Duration::ZERO, pump);
}

/// Sends what may leave, and tells the page where it is time to.
fn pump(run: &Rc<RefCell<Inner>>) {
    let wait = {
        let mut inner = run.borrow_mut();
        inner.pump_due = false;
        let wait = (inner.next_update - milliseconds()).max(0.0);
        if wait == 0.0 {
            inner.session.catch_up();
        }
        wait
    };
    send(run);
    if wait == 0.0 || run.borrow().session.is_finished() {
        update(run);
    } else if !std::mem::replace(&mut run.borrow_mut().update_due, true) {
        later(run, Duration::from_secs_f64(wait / 1000.0), |run| {
            // An update may have gone out in the meantime, even the last one.
            if std::mem::replace(&mut run.borrow_mut().update_due, false) {
                pump(run);
            }
        });
    }
}

/// Sends what may leave.
fn send(run: &Rc<RefCell<Inner>>) {
    let requests = run.borrow_mut().session.requests();
    for request in requests {
        start(run, request);
    }
}

/// Starts one request.
fn start(run: &Rc<RefCell<Inner>>, request: Request) {
    let id = request.id;
    let Ok(abort) = AbortController::new() else {
        run.borrow_mut().session.respond(id, Response::Failed(Failure::Network), now());
        schedule_pump(run);
        return;
    };
    let signal = abort.signal();
    let deadline = milliseconds() + request.deadline.as_secs_f64() * 1000.0;
    run.borrow_mut().under_way.push(UnderWay { id, abort, deadline, late: false });
    let run = Rc::downgrade(run);
    spawn_local(async move {
        let response = fetch(&request, &signal).await;
        let Some(run) = run.upgrade() else { return };
        {
            let mut inner = run.borrow_mut();
            // What the dropped run aborted is gone from the list; its page listens no more.
            let Some(at) = inner.under_way.iter().position(|other| other.id == id) else { return };
            let late = inner.under_way.swap_remove(at).late;
            let response = match response {
                Err(_) if late => Response::Failed(Failure::Timeout),
                Err(failure) => Response::Failed(failure),
                Ok(response) => response,
            };
            inner.session.respond(id, response, now());
        }
        schedule_pump(&run);
    });
}

/// Aborts what is late, now and for as long as the check runs: one timer for all requests.
fn watch(run: &Rc<RefCell<Inner>>) {
    let mut inner = run.borrow_mut();
    if inner.session.is_finished() {
        return;
    }
    let now = milliseconds();
    for one in inner.under_way.iter_mut().filter(|one| !one.late && one.deadline <= now) {
        one.late = true;
        one.abort.abort();
    }
    drop(inner);
    later(run, WATCH_EVERY, watch);
}

/// Tells the page how the check stands.
fn update(run: &Rc<RefCell<Inner>>) {
    let (on_update, update) = {
        let mut inner = run.borrow_mut();
        inner.update_began = milliseconds();
        inner.next_update = inner.update_began + UPDATE_EVERY;
        inner.update_due = false;
        let progress = inner.session.progress();
        let update = Update {
            assessment: Rc::clone(inner.session.verdict()),
            evidence: Rc::clone(inner.session.evidence()),
            asked: progress.asked,
            answered: progress.answered,
            finished: inner.session.is_finished(),
            resolvers: inner.session.resolvers(),
        };
        (Rc::clone(&inner.on_update), update)
    };
    on_update(update);
    // This runs when the page has drawn it.
    later(run, Duration::ZERO, |run| {
        let mut inner = run.borrow_mut();
        let end = milliseconds();
        inner.next_update = end + UPDATE_EVERY.max(UPDATE_SHARE * (end - inner.update_began));
    });
}

/// Calls `then` after a while, unless the run is dropped by then.
fn later(run: &Rc<RefCell<Inner>>, wait: Duration, then: fn(&Rc<RefCell<Inner>>)) {
    let run: Weak<RefCell<Inner>> = Rc::downgrade(run);
    spawn_local(async move {
        sleep(wait).await;
        if let Some(run) = run.upgrade() {
            then(&run);
        }
    });
}
