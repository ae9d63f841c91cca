//! The checks of a list: as many runs of the engine as there are places.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use crate::checks::Options;
use crate::dnssec::Anchor;
use crate::ui::address::Address;
use crate::web::{News, Question, Run, RunRequest, Sealed};

use super::state::{Action, State};

/// How long one check may take. Its look-ups have deadlines of their own; this is for what they do not foresee.
const CHECK_WITHIN: Duration = Duration::from_secs(180);

/// Where actions go.
pub type Dispatch = UseReducerDispatcher<State>;

/// What the checks of the list have in common with a check of one domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    /// Resolvers, selectors and anchors, as an address has them.
    pub address: Address,
    /// Whether nothing may be asked.
    pub offline: bool,
    /// What was supplied.
    pub evidence: Vec<Sealed>,
}

impl Common {
    fn request(&self, state: &State, at: usize) -> Option<RunRequest> {
        let address = &self.address;
        let mut options = Options {
            selectors: address.selectors.clone(),
            // What does not read is refused before the checks start.
            anchors: Anchor::read(&address.anchors.join("\n")).unwrap_or_default(),
            ..Options::default()
        };
        if let Some(selector) = &address.bimi_selector {
            options.set_bimi(selector);
        }
        Some(RunRequest {
            domain: state.rows.get(at)?.domain.clone(),
            options,
            resolvers: address.resolvers.clone(),
            relay: address.relay.clone(),
            offline: self.offline,
            evidence: self.evidence.clone(),
            question: Question::Brief,
        })
    }
}

/// The runs that are under way, by list and row.
type Runs = Rc<RefCell<Vec<((u32, usize), Run)>>>;

/// Keeps a run for every row that is under way, and none for others.
#[hook]
pub fn use_checks(state: UseReducerHandle<State>, common: Common) {
    let runs: Runs = use_mut_ref(Vec::new);
    let serial = state.serial;
    let wanted = state.under_way.clone();
    use_effect_with((serial, wanted), move |(serial, wanted)| {
        let serial = *serial;
        let is_wanted = |(list, at): &(u32, usize)| *list == serial && wanted.contains(at);
        // Dropped only when the list is free again: the end of a run sends a message.
        let ended: Vec<_> = runs.borrow_mut().extract_if(.., |(name, _)| !is_wanted(name)).collect();
        drop(ended);
        for at in wanted {
            let name = (serial, *at);
            if runs.borrow().iter().any(|(other, _)| *other == name) {
                continue;
            }
            if let Some(request) = common.request(&state, *at) {
                let run = start(name, request, state.dispatcher());
                runs.borrow_mut().push((name, run));
            }
        }
    });
}

fn start((serial, at): (u32, usize), request: RunRequest, dispatch: Dispatch) -> Run {
    let offline = request.offline;
    let late = dispatch.clone();
    yew::platform::spawn_local(async move {
        yew::platform::time::sleep(CHECK_WITHIN).await;
        // Rows that have ended are not under way any more, and this says nothing about them.
        let why = tr!("The check took longer than {} seconds and was stopped.", CHECK_WITHIN.as_secs());
        late.dispatch(Action::Landed(serial, at, Err(why), offline));
    });
    Run::start(request, move |news| {
        let outcome = match news {
            News::Brief(brief) => Ok(*brief),
            News::Failed(why) => Err(why),
            News::Update(_) | News::Judged(_) | News::Mark(_) | News::Stopped => return,
        };
        dispatch.dispatch(Action::Landed(serial, at, outcome, offline));
    })
}
