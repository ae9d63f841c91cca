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

use super::clock::{milliseconds, now, sleep};
use super::fetch::fetch;

/// Shortest time between two updates: the page needs some of it to draw what is new.
const UPDATE_EVERY: f64 = 400.0;

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
    under_way: Vec<(u64, AbortController)>,
    /// Whether a look at what has arrived is due already.
    pump_due: bool,
    /// Whether an update is due already.
    update_due: bool,
    last_update: f64,
}

impl Run {
    /// Starts a check. Updates come after this has returned: soon with what the evidence says already, then whenever
    /// there is news (at most some ten times a second), last and exactly once with `finished`.
    pub fn start(request: RunRequest, on_update: impl Fn(Update) + 'static) -> Run {
        let RunRequest { domain, options, resolvers, offline, evidence, keep_failures } = request;
        let own_origin = web_sys::window().and_then(|window| window.location().origin().ok());
        // Offline evidence is judged at the time when it was collected, so that a saved file gives the same report.
        let at = evidence.taken_at.filter(|_| offline).unwrap_or_else(now);
        let settings = Settings { resolvers, own_origin, offline, probe: true, keep_failures, private_hosts: false };
        let inner = Rc::new(RefCell::new(Inner {
            session: Session::new(domain, options, settings, evidence, at),
            on_update: Rc::new(on_update),
            under_way: Vec::new(),
            pump_due: false,
            update_due: false,
            last_update: f64::NEG_INFINITY,
        }));
        schedule_pump(&inner);
        Run(inner)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // Nothing below holds a borrow while it calls out, so this finds the cell free.
        if let Ok(mut inner) = self.0.try_borrow_mut() {
            for (_, abort) in std::mem::take(&mut inner.under_way) {
                abort.abort();
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

/// Sends what may leave, and tells the page.
fn pump(run: &Rc<RefCell<Inner>>) {
    let (requests, wait) = {
        let mut inner = run.borrow_mut();
        inner.pump_due = false;
        let requests = inner.session.requests();
        let since = milliseconds() - inner.last_update;
        let wait = if inner.session.is_finished() { 0.0 } else { (UPDATE_EVERY - since).clamp(0.0, UPDATE_EVERY) };
        (requests, wait)
    };
    for request in requests {
        start(run, request);
    }
    if wait == 0.0 {
        update(run);
    } else if !std::mem::replace(&mut run.borrow_mut().update_due, true) {
        later(run, Duration::from_secs_f64(wait / 1000.0), |run| {
            // An update may have gone out in the meantime, even the last one.
            if std::mem::replace(&mut run.borrow_mut().update_due, false) {
                update(run);
            }
        });
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
    run.borrow_mut().under_way.push((id, abort.clone()));
    let run = Rc::downgrade(run);
    spawn_local(async move {
        let response = fetch(request, abort).await;
        let Some(run) = run.upgrade() else { return };
        {
            let mut inner = run.borrow_mut();
            // What the dropped run aborted is gone from the map; its page listens no more.
            let Some(at) = inner.under_way.iter().position(|(other, _)| *other == id) else { return };
            inner.under_way.swap_remove(at);
            inner.session.respond(id, response, now());
        }
        schedule_pump(&run);
    });
}

/// Tells the page how the check stands.
fn update(run: &Rc<RefCell<Inner>>) {
    let (on_update, update) = {
        let mut inner = run.borrow_mut();
        inner.last_update = milliseconds();
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
