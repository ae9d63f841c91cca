//! The words and identifiers that the page uses for outcomes, states and levels.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use yew::AttrValue;
use yew::prelude::Html;
use yew::virtual_dom::{AttributeOrProperty, Attributes, VNode, VText};

use crate::assess::Assessment;
use crate::checks::{Level, Outcome, Profile, Status};
use crate::records::Technology;
use crate::say;

/// A sentence without values as a node of the page, in the user's language; for one that stands between tags as it is, see [`shown`].
macro_rules! text {
    ($sentence:expr) => {
        $crate::ui::words::node($sentence)
    };
}

/// A sentence without values as an attribute or a property, in the user's language.
macro_rules! word {
    ($sentence:expr) => {
        $crate::ui::words::attribute($sentence)
    };
}

/// A sentence with nodes of the page in it, which stand as `{0}`, `{1}` and so on: languages order them differently.
macro_rules! parts {
    ($sentence:literal, $($node:expr),+ $(,)?) => {
        $crate::ui::words::parts($sentence, vec![$($node),+])
    };
}

/// What `parts!` writes.
pub fn parts(sentence: &'static str, nodes: Vec<Html>) -> Html {
    let sentence = say::known(sentence);
    let shown = sentence.split('{').flat_map(|piece| {
        let (node, words) = match piece.split_once('}') {
            Some((number, words)) => (number.parse().ok().and_then(|number: usize| nodes.get(number).cloned()), words),
            None => (None, piece),
        };
        [node.unwrap_or_default(), VText::new(words.to_owned()).into()]
    });
    Html::from_iter(shown)
}

/// Attributes as Yew has them where all are constants.
type Pairs = &'static [(&'static str, AttributeOrProperty)];

thread_local! {
    static NAMES: RefCell<Vec<(Pairs, &'static [&'static str])>> = const { RefCell::new(Vec::new()) };
}

/// Attributes that are read, aloud or on the page.
const READ: [&str; 4] = ["aria-label", "data-label", "placeholder", "title"];

/// Puts into the user's language what stands in the code as it is, between tags and in attributes that are read. Nothing else comes as
/// `AttrValue::Static`: what strangers write is never taken for a sentence of ours.
pub fn shown(mut node: Html) -> Html {
    if say::is_foreign() {
        translate(&mut node);
    }
    node
}

fn translate(node: &mut Html) {
    match node {
        VNode::VText(text) => {
            if let AttrValue::Static(sentence) = text.text {
                text.text = attribute(sentence);
            }
        }
        VNode::VList(list) => Rc::get_mut(list).into_iter().flat_map(|list| list.iter_mut()).for_each(translate),
        VNode::VTag(tag) => {
            // Nobody else has what was drawn just now; to copy what is shared would be code for nothing.
            let Some(tag) = Rc::get_mut(tag) else { return };
            translate_attributes(&mut tag.attributes);
            if let Some(children) = tag.children_mut() {
                translate(children);
            }
        }
        _ => {}
    }
}

fn translate_attributes(attributes: &mut Attributes) {
    if let Attributes::Static(pairs) = attributes {
        if !pairs.iter().any(|(name, _)| READ.contains(name)) {
            return;
        }
        let values = pairs.iter().map(|(_, value)| Some(value.clone())).collect();
        *attributes = Attributes::Dynamic { keys: names_of(pairs), values };
    }
    let Attributes::Dynamic { keys, values } = attributes else { return };
    for (name, value) in keys.iter().zip(values.iter_mut()) {
        if let Some(AttributeOrProperty::Static(sentence) | AttributeOrProperty::Attribute(AttrValue::Static(sentence))) =
            value
            && READ.contains(name)
        {
            *value = Some(AttributeOrProperty::Attribute(attribute(sentence)));
        }
    }
}

/// The names of attributes that are the same whenever they are drawn: Yew compares them by their place. There are as many lists as
/// elements in the code, and each is made once.
fn names_of(pairs: Pairs) -> &'static [&'static str] {
    NAMES.with_borrow_mut(|known| match known.iter().find(|(of, _)| std::ptr::eq(*of, pairs)) {
        Some((_, names)) => names,
        None => {
            let names: &[&str] = Vec::leak(pairs.iter().map(|(name, _)| *name).collect());
            known.push((pairs, names));
            names
        }
    })
}

/// What `text!` writes: a call and no more, for the page has some hundred of them.
#[inline(never)]
pub fn node(sentence: &'static str) -> Html {
    VText::new(attribute(sentence)).into()
}

/// What `word!` writes.
#[inline(never)]
pub fn attribute(sentence: &'static str) -> AttrValue {
    match say::known(sentence) {
        Cow::Borrowed(_) => AttrValue::Static(sentence),
        Cow::Owned(translated) => translated.into(),
    }
}

/// How a technology is shown: its status, and whether look-ups for it are still under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The status by what is known.
    pub status: Status,
    /// Whether something that it waits for is still being looked up.
    pub looking: bool,
}

impl Standing {
    /// How a technology stands in an assessment that may still be running.
    pub fn of(assessment: &Assessment, technology: Technology, running: bool) -> Self {
        let report = assessment.report.technology(technology).unwrap_or(&assessment.report.mail_servers);
        let waits = || assessment.wanted.iter().any(|wanted| wanted.technologies.contains(&technology));
        Self { status: report.status, looking: running && report.status == Status::Unknown && waits() }
    }

    /// The name of its icon.
    pub fn icon(self) -> &'static str {
        if self.looking { "looking" } else { status_id(self.status) }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        if self.looking {
            return "Looking…";
        }
        status_word(self.status)
    }
}

/// The word of a status.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Pass => "In place",
        Status::Warn => "Needs work",
        Status::Fail => "Broken",
        Status::Absent => "Not there",
        Status::Unknown => "Unknown",
        Status::NotApplicable => "Not needed",
    }
}

/// The identifier of a status, as in the report.
pub fn status_id(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Warn => "warn",
        Status::Fail => "fail",
        Status::Absent => "absent",
        Status::Unknown => "unknown",
        Status::NotApplicable => "not-applicable",
    }
}

/// The identifier of an outcome, as in the report.
pub fn outcome_id(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Info => "info",
        Outcome::Warn => "warn",
        Outcome::Fail => "fail",
        Outcome::Unknown => "unknown",
    }
}

/// The word of an outcome.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Good",
        Outcome::Info => "Note",
        Outcome::Warn => "Improve",
        Outcome::Fail => "Fix",
        Outcome::Unknown => "Not seen",
    }
}

/// The identifier and the word of a level.
pub fn level_words(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Essential => ("essential", "Essential"),
        Level::Important => ("important", "Important"),
        Level::Advanced => ("advanced", "Advanced"),
    }
}

/// What a profile means for the domain.
pub fn profile_sentence(profile: Profile) -> Option<&'static str> {
    match profile {
        Profile::Mail => None,
        Profile::SendOnly => Some("This domain accepts no mail, so it is judged as one that only sends."),
        Profile::ReceiveOnly => {
            Some("Its SPF record says that it sends no mail, so it is judged as one that only receives.")
        }
        Profile::Parked => Some(
            "This domain says that it neither sends nor receives mail, so it is judged as parked: what matters is that \
             nobody can use its name.",
        ),
    }
}

/// A yes, no or not known, as the contract of the page writes it.
pub fn tri_state(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "true",
        Some(false) => "false",
        None => "unknown",
    }
}

/// A number as the browser writes it: the page carries no code that writes numbers with fractions.
pub fn number(number: f64) -> String {
    // Fails for no base from 2 to 36.
    js_sys::Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

/// A count with its noun: `{n} thing`, `{n} things`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    say::plural(number as u64, one, many, ("n,", &[&number]))
}
