//! The engine: the worker that carries out runs for the page, from the look-ups to the verdict.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use wasm_bindgen_futures::spawn_local;

use crate::assess::{Assessment, assess};
use crate::evidence::Evidence;
use crate::pki;
use crate::pki::mark::{self, OutlineLine};
use crate::report::Summary;
use crate::say::{Catalog, speak};
use crate::source::{Session, Settings};
use crate::spf_eval::{Evaluation, Mail, check_host};
use crate::time::UnixTime;
use crate::what_if::{Edit, apply, learn};

use super::clock::{now, sleep};
use super::drawing::Octets;
use super::message::{Brief, Judged, MarkAnswer, MarkRequest, News, Order, Question, RunRequest, Sealed, Told, Update};
use super::run::Run;
use super::worker;

/// How long an edit rests before what it newly names is looked up: whoever types names many half-written hosts.
const EDIT_RESTS: Duration = Duration::from_millis(600);

/// What goes on for a run; dropped, it ends.
enum UnderWay {
    Check(#[expect(dead_code, reason = "kept for its end")] Run<Assessment>),
    Mail(#[expect(dead_code, reason = "kept for its end")] Run<Evaluation>),
    /// An edit that rests.
    Rests,
}

thread_local! {
    static RUNS: RefCell<Vec<(u32, UnderWay)>> = const { RefCell::new(Vec::new()) };
}

/// Serves the page.
pub fn serve() {
    worker::serve(|order| match postcard::from_bytes(order) {
        Ok(Order::Start { number, request }) => start(number, request),
        Ok(Order::Mark { number, request }) => tell(number, &News::Mark(Box::new(judge_mark(&request)))),
        Ok(Order::Stop { number }) => {
            forget(number);
            tell(number, &News::Stopped);
        }
        Ok(Order::Speak { catalog }) => speak(Catalog::read(catalog.0.to_vec()).map(Arc::new)),
        // The page finds that it cannot read this either, and says so.
        Err(_) => worker::post(&()),
    });
}

fn tell(number: u32, news: &News) {
    worker::post(&(number, news));
}

fn forget(number: u32) {
    // Dropped only when the list is free again: the end of a run aborts requests.
    let ended = RUNS.with_borrow_mut(|runs| {
        let at = runs.iter().position(|(other, _)| *other == number)?;
        Some(runs.swap_remove(at))
    });
    drop(ended);
}

fn keep(number: u32, run: UnderWay) {
    RUNS.with_borrow_mut(|runs| runs.push((number, run)));
}

fn start(number: u32, request: RunRequest) {
    let mut evidence = Evidence::new();
    for sealed in &request.evidence {
        match sealed.open() {
            Ok(more) => evidence.absorb(more),
            Err(reason) => return tell(number, &News::Failed(reason)),
        }
    }
    match request.question.clone() {
        Question::Check => check(number, request, evidence),
        Question::WhatIf { edits, at, may_ask } => what_if(number, request, evidence, &edits, at, may_ask),
        Question::Brief => brief(number, request, evidence),
        Question::Mail(mail) => judge(number, request, mail, evidence),
    }
}

/// How a session of this worker asks. The page's own origin is that of its worker.
fn settings(request: &RunRequest, keep_failures: bool) -> Settings {
    Settings {
        resolvers: request.resolvers.clone(),
        own_origin: Some(worker::scope().location().origin()),
        offline: request.offline,
        probe: true,
        keep_failures,
        private_hosts: false,
        relay: request.relay.clone(),
    }
}

/// The session of a check.
fn session(request: RunRequest, evidence: Evidence) -> Session<Assessment> {
    let settings = settings(&request, false);
    // Offline evidence is judged at the time when it was collected, so that a saved file gives the same report.
    let at = evidence.taken_at.filter(|_| request.offline).unwrap_or_else(now);
    Session::new(request.domain, request.options, settings, evidence, at)
}

/// Checks one of many domains: nothing is said before the end, and then only the summary.
fn brief(number: u32, request: RunRequest, evidence: Evidence) {
    let run = Run::start(session(request, evidence), move |session| {
        if session.is_finished() {
            let answered = session.resolvers().iter().map(|resolver| resolver.answered).sum();
            let summary = Summary::of(&session.verdict().report);
            tell(number, &News::Brief(Box::new(Brief { summary, answered })));
            forget_later(number);
        }
    });
    keep(number, UnderWay::Check(run));
}

fn check(number: u32, request: RunRequest, evidence: Evidence) {
    let session = session(request, evidence);
    let run = Run::start(session, move |session| {
        tell(number, &News::Update(update(session)));
        if session.is_finished() {
            forget_later(number);
        }
    });
    keep(number, UnderWay::Check(run));
}

/// How a session stands.
fn update(session: &Session<Assessment>) -> Update {
    let progress = session.progress();
    Update {
        assessment: Told::new(Rc::clone(session.verdict())),
        evidence: Sealed::seal(session.evidence()),
        asked: progress.asked,
        answered: progress.answered,
        finished: session.is_finished(),
        resolvers: session.resolvers(),
        problems: Vec::new(),
        known: None,
        logo: octets(&session.verdict().drawings.logo),
        embedded_logo: octets(&session.verdict().drawings.embedded),
    }
}

fn octets(drawing: &Option<Vec<u8>>) -> Option<Octets> {
    drawing.as_ref().map(|drawing| Octets(drawing.as_slice().into()))
}

/// Judges with the edits laid over what is known; then looks up what they newly name, where that may be.
fn what_if(number: u32, request: RunRequest, known: Evidence, edits: &[Edit], at: UnixTime, may_ask: bool) {
    let (edited, problems) = apply(&known, edits);
    let assessment = assess(&request.domain, &request.options, &edited, at);
    let asks = may_ask && !request.offline && !assessment.wanted.is_empty();
    let (logo, embedded_logo) = (octets(&assessment.drawings.logo), octets(&assessment.drawings.embedded));
    tell(
        number,
        &News::Update(Update {
            assessment: Told::new(Rc::new(assessment)),
            evidence: Sealed::seal(&edited),
            asked: 0,
            answered: 0,
            finished: !asks,
            resolvers: Vec::new(),
            problems: problems.clone(),
            known: None,
            logo,
            embedded_logo,
        }),
    );
    if !asks {
        return;
    }
    keep(number, UnderWay::Rests);
    spawn_local(async move {
        sleep(EDIT_RESTS).await;
        if !RUNS.with_borrow(|runs| runs.iter().any(|(other, _)| *other == number)) {
            return;
        }
        let settings = settings(&request, true);
        let session = Session::new(request.domain, request.options, settings, edited, now());
        let known = RefCell::new(known);
        let run = Run::start(session, move |session| {
            let mut known = known.borrow_mut();
            learn(&mut known, session.evidence());
            let known = Some(Sealed::seal(&known));
            tell(number, &News::Update(Update { problems: problems.clone(), known, ..update(session) }));
            if session.is_finished() {
                forget_later(number);
            }
        });
        forget(number);
        keep(number, UnderWay::Check(run));
    });
}

/// Judges one mail by SPF; what is missing is looked up, unless nothing may be.
fn judge(number: u32, request: RunRequest, mail: Mail, evidence: Evidence) {
    let settings = settings(&request, true);
    let session = Session::with_judge(move |evidence| check_host(&mail, evidence), settings, evidence);
    let run = Run::start(session, move |session| {
        if session.is_finished() {
            let evaluation = session.verdict();
            let result = evaluation.outcome.map_or_else(String::new, |outcome| outcome.word().to_owned());
            tell(number, &News::Judged(Judged { result, trace: evaluation.to_text() }));
            forget_later(number);
        }
    });
    keep(number, UnderWay::Mail(run));
}

/// Judges a Mark Certificate that was handed over, at this moment.
fn judge_mark(request: &MarkRequest) -> MarkAnswer {
    let pem = String::from_utf8_lossy(&request.pem.0);
    let roots = mark::roots();
    let question = mark::Question {
        author: request.domain.as_ref(),
        organizational: None,
        selector: &request.selector,
        logo: request.logo.as_ref().map(|logo| &*logo.0),
        roots: &roots,
        at: now(),
    };
    let verdict = mark::judge(&pem, &question);
    let certificates = pki::certificates(&pem).unwrap_or_default();
    let outline = certificates.first().map_or_else(Vec::new, |leaf| mark::outline(&leaf.der));
    MarkAnswer {
        is_mark: verdict.kind.is_some() || verdict.svg().is_some() || certificates.iter().any(|one| one.is_mark),
        embedded: verdict.svg().map(|svg| Octets(svg.into())),
        outline: outline.iter().map(outline_line).collect(),
        verdict: verdict.to_json(),
    }
}

/// One element in one line, further in the deeper it is.
fn outline_line(line: &OutlineLine) -> String {
    let OutlineLine { depth, offset, length, tag, name, value } = line;
    let indent = "  ".repeat(*depth);
    let more = [name, value].into_iter().flatten().map(|words| format!(" {words}")).collect::<String>();
    format!("{offset:>5} {length:>5}  {indent}{tag}{more}\n")
}

/// A run cannot be dropped while it tells its news.
fn forget_later(number: u32) {
    spawn_local(async move { forget(number) });
}
