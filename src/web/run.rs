//! A check in the browser, from the first look-up to the final report.

use std::rc::Rc;

use crate::assess::{Assessment, assess};
use crate::checks::Options;
use crate::evidence::Evidence;
use crate::name::DomainName;
use crate::source::ResolverState;
use crate::time::UnixTime;

/// What to check, and how.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// The domain in question.
    pub domain: DomainName,
    /// What else the user asks for.
    pub options: Options,
    /// Addresses of the resolvers to ask; empty means the built-in ones.
    pub resolvers: Vec<String>,
    /// Whether to judge by the evidence alone: not one request leaves the page.
    pub offline: bool,
    /// What is known beforehand.
    pub evidence: Evidence,
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
    /// How the resolvers are doing.
    pub resolvers: Vec<ResolverState>,
}

/// A running check; dropping it aborts every request.
pub struct Run(());

impl Run {
    /// Starts a check. `on_update` is called at once with what the evidence says already, then whenever there is news
    /// (at most some ten times a second), last with `finished`.
    pub fn start(request: RunRequest, on_update: impl Fn(Update) + 'static) -> Run {
        let RunRequest { domain, options, evidence, .. } = request;
        let assessment = assess(&domain, &options, &evidence, now());
        on_update(Update {
            assessment: Rc::new(assessment),
            evidence: Rc::new(evidence),
            asked: 0,
            answered: 0,
            finished: true,
            resolvers: Vec::new(),
        });
        Run(())
    }
}

/// The time by the browser's clock.
pub fn now() -> UnixTime {
    // Milliseconds as f64; the float-to-integer cast saturates.
    UnixTime((js_sys::Date::now() / 1000.0).floor() as i64)
}
