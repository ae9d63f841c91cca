//! `exp`, RFC 7208 §6.2: whether the explanation that a record promises exists.

use super::super::{Context, Doc, Facts, Finding, Outcome};
use super::grow::{resolve, texts};
use super::own::{at, is_own};
use super::tree::{Target, Tree, Via};
use crate::dns::RecordType;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::spf::{Action, Modifier, Qualifier};
use crate::wanted::Urgency;

/// The explanation of one record that can be used: the domain's own, or one that a redirect leads to. That of an
/// included record never is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The node that names it.
    pub node: usize,
    /// The place of the term.
    pub place: usize,
    /// What is there.
    pub found: Found,
}

/// What is behind an `exp`.
#[derive(Clone, Debug)]
pub enum Found {
    /// Nothing in the record results in fail, so nobody asks for it.
    NeverUsed,
    /// The name cannot exist.
    NoName,
    /// The TXT records at the name.
    Texts(DomainName, Vec<String>),
    /// Not known, or the name depends on the message.
    Unknown,
}

/// The explanations of a tree; asks for their texts.
pub fn of(tree: &Tree, context: &Context<'_>) -> Vec<Explanation> {
    let mut found = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(published) = node.published().filter(|_| tree.on_redirects(at)) else { continue };
        let record = &published.parsed.record;
        let explains = record.terms.iter().enumerate().find_map(|(place, term)| match &term.action {
            Action::Modifier(Modifier::Explanation { target }) => Some((place, target)),
            _ => None,
        });
        let Some((place, target)) = explains else { continue };
        let fails = record.reachable().any(|(_, term)| matches!(term.directive(), Some((Qualifier::Fail, _))));
        let found_there = match resolve(Some(target), &node.domain, context.domain) {
            _ if !fails => Found::NeverUsed,
            Target::NoName => Found::NoName,
            Target::OfMessage => Found::Unknown,
            Target::Name(name) => {
                let lookup = context.ask(Technology::Spf, Urgency::Leaf, &name, RecordType::TXT);
                if lookup.is_unknown() {
                    Found::Unknown
                } else {
                    Found::Texts(name, texts(&lookup).into_iter().map(|(text, ..)| text).collect())
                }
            }
        };
        found.push(Explanation { node: at, place, found: found_there });
    }
    found
}

impl Tree {
    /// Whether only redirects lead to a node.
    fn on_redirects(&self, at: usize) -> bool {
        let mut node = self.nodes.get(at);
        while let Some(Some(parent)) = node.filter(|node| node.via == Via::Redirect).map(|node| node.parent) {
            node = self.nodes.get(parent);
        }
        node.is_some_and(|node| node.via == Via::Root)
    }
}

pub static EXPLANATION: Doc = Doc {
    id: "spf.explanation",
    technology: Technology::Spf,
    title: "The explanation is never shown",
    what: "Whether the name behind “exp=” has exactly one TXT record in ASCII, and something in the record results in fail.",
    why: "Receivers then refuse without your words. No verdict depends on it.",
    fix: "Publish one TXT record with the text at that name, or remove “exp=”.",
    references: &["RFC 7208 §6.2"],
};

pub fn explanation(facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
    for tree in &facts.spf.trees {
        for explanation in &tree.explanations {
            let Some((node, record)) = tree.record(explanation.node).filter(|(node, _)| is_own(&facts.spf, node))
            else {
                continue;
            };
            let detail = match &explanation.found {
                Found::Unknown => continue,
                Found::NeverUsed => {
                    "Nothing in the record results in fail (-), so nobody asks for the explanation.".into()
                }
                Found::NoName => "The name behind “exp=” cannot exist in the DNS.".into(),
                Found::Texts(name, texts) => match texts.as_slice() {
                    [] => tr!("{name} has no TXT record.", name),
                    [text] if text.is_ascii() => continue,
                    [_] => tr!("The text at {name} holds characters outside ASCII.", name),
                    several => tr!("{name} has {} TXT records; exactly one is used.", several.len(), name),
                },
            };
            let finding = doc.finding(Outcome::Info, detail).fixed_by(doc.fix);
            findings.push(at(finding, node, record, record.span(explanation.place)));
        }
    }
}
