//! A check in the worker, from the first look-up to the final report.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use crate::evidence::{Evidence, Failure};
use crate::source::{Request, Response, Session, Verdict};

use super::clock::{milliseconds, now, sleep};
use super::fetch::fetch;

/// Shortest time between two updates, in milliseconds: the page has to draw them.
const NEWS_EVERY: f64 = 300.0;

/// How often deadlines are looked at: they are seconds, so this is near enough.
const WATCH_EVERY: Duration = Duration::from_millis(100);

/// A running check; dropping it aborts every request, and no further update comes.
pub struct Run<V: Verdict + 'static>(Shared<V>);

type Shared<V> = Rc<RefCell<Inner<V>>>;
type Listener<V> = dyn Fn(&Session<V>);

struct Inner<V> {
    session: Session<V>,
    on_news: Rc<Listener<V>>,
    under_way: Vec<UnderWay>,
    /// Whether a look at what has arrived is due already.
    pump_due: bool,
    /// Whether an update is due already.
    news_due: bool,
    /// When the next update may go out, unless it is the last one.
    next_news: f64,
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

impl<V: Verdict + 'static> Run<V> {
    /// Starts what a session asks for. `on_news` is called after this has returned: soon with what the evidence says
    /// already, then whenever there is more (at most some three times a second), last and exactly once with a session
    /// that is finished.
    pub fn start(session: Session<V>, on_news: impl Fn(&Session<V>) + 'static) -> Self {
        let inner = Rc::new(RefCell::new(Inner {
            session,
            on_news: Rc::new(on_news),
            under_way: Vec::new(),
            pump_due: false,
            news_due: false,
            next_news: 0.0,
        }));
        // The first questions leave before anything is drawn.
        send(&inner);
        schedule_pump(&inner);
        watch(&inner);
        Run(inner)
    }

    /// Everything known so far.
    pub fn evidence(&self) -> Rc<Evidence> {
        Rc::clone(self.0.borrow().session.evidence())
    }
}

impl<V: Verdict> Drop for Run<V> {
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
fn schedule_pump<V: Verdict + 'static>(run: &Shared<V>) {
    if std::mem::replace(&mut run.borrow_mut().pump_due, true) {
        return;
    }
    later(run, Duration::ZERO, pump);
}

/// Sends what may leave, and tells how it stands where it is time to.
fn pump<V: Verdict + 'static>(run: &Shared<V>) {
    let wait = {
        let mut inner = run.borrow_mut();
        inner.pump_due = false;
        let wait = (inner.next_news - milliseconds()).max(0.0);
        if wait == 0.0 {
            inner.session.catch_up();
        }
        wait
    };
    send(run);
    if wait == 0.0 || run.borrow().session.is_finished() {
        tell(run);
    } else if !std::mem::replace(&mut run.borrow_mut().news_due, true) {
        later(run, Duration::from_secs_f64(wait / 1000.0), |run| {
            // An update may have gone out in the meantime, even the last one.
            if std::mem::replace(&mut run.borrow_mut().news_due, false) {
                pump(run);
            }
        });
    }
}

/// Sends what may leave.
fn send<V: Verdict + 'static>(run: &Shared<V>) {
    let requests = run.borrow_mut().session.requests();
    for request in requests {
        start(run, request);
    }
}

/// Starts one request.
fn start<V: Verdict + 'static>(run: &Shared<V>, request: Request) {
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
            // What the dropped run aborted is gone from the list; nobody listens any more.
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
fn watch<V: Verdict + 'static>(run: &Shared<V>) {
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

/// Tells how the check stands.
fn tell<V: Verdict + 'static>(run: &Shared<V>) {
    let on_news = {
        let mut inner = run.borrow_mut();
        inner.next_news = milliseconds() + NEWS_EVERY;
        inner.news_due = false;
        Rc::clone(&inner.on_news)
    };
    on_news(&run.borrow().session);
}

/// Calls `then` after a while, unless the run is dropped by then.
fn later<V: Verdict + 'static>(run: &Shared<V>, wait: Duration, then: fn(&Shared<V>)) {
    let run: Weak<RefCell<Inner<V>>> = Rc::downgrade(run);
    spawn_local(async move {
        sleep(wait).await;
        if let Some(run) = run.upgrade() {
            then(&run);
        }
    });
}
