//! The state of the page and everything that changes it.

use std::rc::Rc;

use yew::prelude::*;

use crate::checks::{Options, Publish};
use crate::dnssec::Anchor;
use crate::input::{Note, Typed};
use crate::name::DomainName;
use crate::reports::Summary;
use crate::web::Update;
use crate::web::reports::{Progress, Standing};
use crate::what_if::{Edit, proposal};

use super::address::{Address, lines, list};
use super::desk::Desk;
use super::request::{Link, Request};
use super::shared::Shared;
use super::supplied::Supplied;
use super::understand::understand;
use super::what_if::{Edited, WhatIf};

/// How far the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was asked yet.
    Idle,
    /// Look-ups are under way.
    Running,
    /// The report is final.
    Done,
    /// The user stopped it.
    Cancelled,
}

impl Phase {
    /// The identifier in the document.
    pub fn id(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Done | Self::Cancelled => "done",
        }
    }
}

/// The fields of the form besides the domain, as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// One resolver URL per line.
    pub resolvers: String,
    /// DKIM selectors.
    pub selectors: String,
    /// BIMI selector.
    pub bimi_selector: String,
    /// One trust anchor per line.
    pub anchors: String,
    /// Address of a relay.
    pub relay: String,
    /// Whether no look-up may leave the page.
    pub offline: bool,
}

impl Settings {
    /// What these settings and a domain look like in the address.
    pub fn address(&self, domain: &str) -> Address {
        let bimi_selector = self.bimi_selector.trim();
        Address {
            domain: domain.to_owned(),
            resolvers: list(&self.resolvers),
            selectors: list(&self.selectors),
            bimi_selector: (!bimi_selector.is_empty() && bimi_selector != "default").then(|| bimi_selector.to_owned()),
            anchors: lines(&self.anchors),
            relay: Some(self.relay.trim().to_owned()).filter(|relay| !relay.is_empty()),
            shared: None,
        }
    }
}

/// A check that starts when what was supplied is read again for its domain.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What the address of the page says for it.
    pub address: Address,
    /// The domain.
    pub typed: Typed,
    /// What is read again.
    pub supplied: Vec<Supplied>,
}

/// Everything that the page shows.
#[derive(Clone, Debug)]
pub struct State {
    /// The domain field, as it is typed.
    pub typed: String,
    /// What is wrong with it.
    pub complaint: Option<String>,
    /// What to know about how it was read.
    pub remarks: Vec<String>,
    /// The other fields.
    pub settings: Settings,
    /// The paste field.
    pub paste: String,
    /// Files and texts that the user supplied.
    pub supplied: Vec<Supplied>,
    /// How many readings are under way.
    pub reading: usize,
    /// What the TLS-RPT reports come to.
    pub reports: Option<Shared<Summary>>,
    /// How the desk of reports stands.
    pub desk: Desk,
    /// The check that waits for them.
    pub waiting: Option<Shared<Waiting>>,
    /// How far the page is.
    pub phase: Phase,
    /// The check that is running or shown.
    pub request: Option<Shared<Request>>,
    /// What is known so far.
    pub update: Option<Shared<Update>>,
    /// What would be with edited records.
    pub what_if: Option<Shared<WhatIf>>,
    /// The records that the address carries.
    pub link: Option<Link>,
    /// What was said to screen readers last.
    pub said: String,
    serial: u32,
}

/// What can happen.
pub enum Action {
    /// The domain field was edited.
    Type(String),
    /// The other fields were edited.
    Set(Settings),
    /// The paste field was edited.
    Paste(String),
    /// A field cannot be read, for this reason.
    Complain(String),
    /// The form or the address asks for a check.
    Open(Address, Typed),
    /// The address carries records: they are judged, and nobody is asked.
    OpenLink(Address, Typed, Link),
    /// The address asks for a check of something that is no domain.
    OpenNonsense(Address, String),
    /// The address asks for nothing any more.
    Close,
    /// An answer landed, in the check of this number.
    Landed(u32, Update),
    /// The user wants no more look-ups.
    Cancel,
    /// Files or texts are being read.
    Reading,
    /// They are read.
    Supply(Vec<Supplied>),
    /// What a check waits for is read.
    Reread(Shared<Waiting>, Vec<Supplied>),
    /// One of them is to be forgotten.
    Forget(usize),
    /// So many files are looked through for reports.
    ReportsProgress(Progress),
    /// That is done.
    Reports(Box<Standing>),
    /// A record is edited, added or taken away.
    Edit(Edited),
    /// Records are tried out as proposed.
    Try(Publish),
    /// The edit of this number is to be forgotten; `None`: all of them.
    Reset(Option<u32>),
    /// An answer landed that edits asked for, in the state of this number.
    LandedWhatIf(u32, Update),
    /// The language has changed.
    Respeak,
    /// Says something to screen readers.
    Say(String),
}

impl State {
    /// The page as it opens, with what was typed before it was ready.
    pub fn new(typed: String) -> Self {
        Self {
            typed,
            complaint: None,
            remarks: Vec::new(),
            settings: Settings::default(),
            paste: String::new(),
            supplied: Vec::new(),
            reading: 0,
            reports: None,
            desk: Desk::default(),
            waiting: None,
            phase: Phase::Idle,
            request: None,
            update: None,
            what_if: None,
            link: None,
            said: String::new(),
            serial: 0,
        }
    }

    /// The domain in the field, where there is one.
    fn meant(&self) -> Option<Typed> {
        understand(&self.typed).ok()
    }

    /// The domain that files are held against: the one that is checked, else the one in the field.
    pub fn domain(&self) -> Option<DomainName> {
        let checked = self.request.as_ref().map(|request| request.domain.clone());
        checked.or_else(|| self.meant().map(|typed| typed.domain))
    }

    /// The selector of the BIMI record.
    pub fn bimi_selector(&self) -> String {
        let typed = self.settings.bimi_selector.trim();
        if typed.is_empty() { Options::default().bimi_selector } else { typed.to_owned() }
    }

    fn open(&mut self, address: Address, typed: Typed) {
        // What the user typed stays as it is, as long as it means the same domain.
        let Typed { domain, international, notes } = match self.meant() {
            Some(meant) if meant.domain == typed.domain => meant,
            _ => {
                self.typed = address.domain.clone();
                typed
            }
        };
        self.remarks = notes.iter().map(Note::to_string).collect();
        self.update = None;
        self.what_if = None;
        self.waiting = None;
        self.phase = Phase::Running;
        self.complaint = None;
        self.take_settings(&address);
        if self.supplied.iter().any(|one| one.is_stale(&domain)) {
            let (typed, supplied) = (Typed { domain, international, notes }, self.supplied.clone());
            self.request = None;
            self.waiting = Some(Shared::from(Rc::new(Waiting { address, typed, supplied })));
            return;
        }
        // Records of another address are none of this check's.
        self.link = self.link.take().filter(|link| address.shared.as_ref() == Some(&link.text));
        let read = self.supplied.iter().filter_map(|one| one.read.as_ref().ok());
        let linked = self.link.iter().map(|link| link.evidence.clone());
        let evidence = linked.chain(read.map(|reading| reading.evidence.clone())).collect();
        self.serial += 1;
        let resolvers = address.resolvers.clone();
        let mut options = Options {
            selectors: address.selectors.clone(),
            // What does not read is refused before a check opens.
            anchors: Anchor::read(&address.anchors.join("\n")).unwrap_or_default(),
            ..Options::default()
        };
        if let Some(selector) = &address.bimi_selector {
            options.set_bimi(selector);
        }
        self.said = tr!("Checking {domain}.", domain);
        self.request = Some(Shared::from(Rc::new(Request {
            serial: self.serial,
            address: address.clone(),
            domain,
            international,
            options,
            resolvers,
            relay: address.relay.clone(),
            offline: self.settings.offline || self.link.is_some(),
            evidence,
            link: self.link.clone(),
        })));
    }

    /// Takes in files. A file that says which domain it is about fills the empty field; a check that is shown already,
    /// or that needs no network, starts over with what the files say.
    fn supply(&mut self, supplied: Vec<Supplied>) {
        self.reading = self.reading.saturating_sub(1);
        if supplied.is_empty() {
            return;
        }
        let mut domain = self.meant().map(|typed| typed.domain);
        let refused = supplied.iter().filter(|one| one.read.is_err()).count();
        if self.typed.trim().is_empty() {
            domain = supplied.iter().filter_map(|one| one.read.as_ref().ok()).find_map(|one| one.about.clone());
        }
        self.supplied.extend(supplied);
        let Some(domain) = domain else {
            self.said = supplied_words(refused);
            return;
        };
        if self.typed.trim().is_empty() {
            self.typed = domain.to_string();
        }
        if refused == 0 && (self.settings.offline || self.phase != Phase::Idle) {
            let address = self.settings.address(domain.as_str());
            self.open(address, Typed { domain, international: None, notes: Vec::new() });
        } else {
            self.said = supplied_words(refused);
        }
    }

    /// Has what is known judged once more, in the language that is spoken now. What is edited is judged with the next edit.
    fn respeak(&mut self) {
        let (Some(request), Some(update), Phase::Done, None) = (&self.request, &self.update, self.phase, &self.what_if)
        else {
            return;
        };
        self.serial += 1;
        let (serial, evidence) = (self.serial, vec![update.evidence.clone()]);
        self.request = Some(Shared::from(Rc::new(Request { serial, evidence, ..(**request).clone() })));
        self.phase = Phase::Running;
    }

    fn take_settings(&mut self, address: &Address) {
        self.settings.resolvers = address.resolvers.join("\n");
        self.settings.selectors = address.selectors.join(", ");
        self.settings.bimi_selector = address.bimi_selector.clone().unwrap_or_default();
        self.settings.anchors = address.anchors.join("\n");
        self.settings.relay = address.relay.clone().unwrap_or_default();
    }

    fn stop(&mut self) {
        self.request = None;
        self.waiting = None;
        self.update = None;
        self.what_if = None;
        self.phase = Phase::Idle;
    }

    /// Lays edits over what is known.
    fn lay(&mut self, edits: Vec<Edit>) {
        if !edits.is_empty() {
            self.edit(|edited, serial| edits.into_iter().for_each(|edit| Edited::from(edit).put_into(edited, serial)));
        }
    }

    /// Changes the edits; what would be comes from the worker.
    fn edit(&mut self, change: impl FnOnce(&mut Vec<Edited>, u32)) {
        let (Some(request), Some(update), Phase::Done | Phase::Cancelled) = (&self.request, &self.update, self.phase)
        else {
            return;
        };
        self.serial += 1;
        let mut edits = self.what_if.as_ref().map_or_else(Vec::new, |what_if| what_if.edits.clone());
        change(&mut edits, self.serial);
        let last = self.what_if.as_deref();
        self.what_if =
            (!edits.is_empty()).then(|| Shared::from(Rc::new(WhatIf::new(self.serial, request, update, last, edits))));
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        match action {
            Action::Type(typed) => {
                state.typed = typed;
                state.complaint = None;
                state.remarks.clear();
            }
            Action::Set(settings) => state.settings = settings,
            Action::Paste(paste) => state.paste = paste,
            Action::Complain(complaint) => state.complaint = Some(complaint),
            Action::Open(address, typed) => state.open(address, typed),
            Action::OpenLink(address, typed, link) => {
                state.link = Some(link);
                state.open(address, typed);
            }
            Action::OpenNonsense(address, complaint) => {
                state.stop();
                state.typed = address.domain.clone();
                state.take_settings(&address);
                state.complaint = Some(complaint);
            }
            Action::Close => state.stop(),
            Action::Landed(serial, update) => {
                if state.phase == Phase::Running && serial == state.serial {
                    if update.finished {
                        state.phase = Phase::Done;
                        state.said = super::progress::summary(&update.assessment.report);
                    }
                    let finished = update.finished;
                    state.update = Some(Shared::from(Rc::new(update)));
                    let linked = state.link.as_mut().filter(|_| finished).map(|link| std::mem::take(&mut link.edits));
                    state.lay(linked.unwrap_or_default());
                }
            }
            Action::Cancel => {
                if state.waiting.is_some() {
                    state.stop();
                } else if state.phase == Phase::Running {
                    state.phase = Phase::Cancelled;
                    state.said = tr!("Stopped.");
                }
            }
            Action::Reading => state.reading += 1,
            Action::Supply(supplied) => state.supply(supplied),
            Action::Reread(waiting, supplied) => {
                if state.waiting.as_ref() == Some(&waiting) {
                    // Read for this domain now, so the check does not wait a second time.
                    let added_since = state.supplied.split_off(waiting.supplied.len().min(state.supplied.len()));
                    state.supplied = supplied;
                    state.supplied.extend(added_since);
                    state.open(waiting.address.clone(), waiting.typed.clone());
                }
            }
            Action::Forget(index) => {
                if index < state.supplied.len() {
                    state.supplied.remove(index);
                }
            }
            Action::ReportsProgress(progress) => state.desk.progress = Some(progress),
            Action::Reports(standing) => {
                if let Some((summary, said)) = state.desk.take(*standing) {
                    state.reports = summary;
                    state.said = said;
                }
            }
            Action::Edit(edited) => state.edit(|edits, serial| edited.put_into(edits, serial)),
            Action::Try(publish) => {
                if let Some(update) = state.update.clone() {
                    let proposed = proposal(&update.assessment.report, &publish);
                    state.lay(proposed);
                    state.said = tr!("Tried out: the report shows what would be.");
                }
            }
            Action::Reset(which) => {
                state.edit(|edits, _| edits.retain(|edited| which.is_some_and(|id| edited.id != id)));
                state.said = tr!("Reset.");
            }
            Action::LandedWhatIf(serial, update) => {
                if let Some(what_if) = state.what_if.take() {
                    state.what_if = Some(if what_if.serial == serial {
                        Shared::from(Rc::new(what_if.landed(update)))
                    } else {
                        what_if
                    });
                }
            }
            Action::Respeak => state.respeak(),
            Action::Say(said) => state.said = said,
        }
        Rc::new(state)
    }
}

/// What to say when files were supplied.
fn supplied_words(refused: usize) -> String {
    match refused {
        0 => tr!("Read."),
        1 => tr!("One file could not be read."),
        many => tr!("{many} files could not be read.", many),
    }
}
