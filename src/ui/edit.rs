//! Editing a record in place, and adding one that is not there.

use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::checks::{Publish, Published};
use crate::records::Technology;
use crate::what_if::Edit;

use super::icon::icon;
use super::marks::{Mark, pieces};
use super::state::Action;
use super::what_if::Edited;

/// Where edits go; absent while a check runs.
#[derive(Clone, PartialEq)]
pub struct Editing(pub Option<Callback<Action>>);

/// The editor of one edit.
#[derive(Properties, PartialEq)]
pub struct EditorProps {
    /// The edit.
    pub edited: Edited,
    /// Why it cannot be taken in.
    pub problem: Option<String>,
    /// The text as it was judged last.
    pub marked: String,
    /// The problems in that.
    pub marks: Vec<Mark>,
}

/// A record under edit: its text, the same with its problems marked, and the way back.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let field = use_node_ref();
    let editing = use_context::<Editing>();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(element) = field.cast::<HtmlElement>() {
                let _ = element.focus();
            }
        });
    }
    let Edited { id, edit } = &props.edited;
    let tell = {
        let (editing, edited) = (editing.clone(), props.edited.clone());
        move |change: &dyn Fn(&mut Edit)| {
            if let Some(Editing(Some(callback))) = &editing {
                let mut edited = edited.clone();
                change(&mut edited.edit);
                callback.emit(Action::Edit(edited));
            }
        }
    };
    let onreset = {
        let id = *id;
        Callback::from(move |_: MouseEvent| {
            if let Some(Editing(Some(callback))) = &editing {
                callback.emit(Action::Reset(Some(id)));
            }
        })
    };
    let onname = {
        let tell = tell.clone();
        move |event: InputEvent| {
            let name = event.target_unchecked_into::<HtmlInputElement>().value();
            tell(&|edit| edit.name = name.trim().trim_end_matches('.').to_owned());
        }
    };
    let is_file = edit.record_type == "file";
    let oninput = {
        let tell = tell.clone();
        move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            tell(&|edit| edit.now = Some(if is_file { text.clone() } else { text.replace('\n', "") }));
        }
    };
    let onremove = move |_: MouseEvent| tell(&|edit| edit.now = None);
    let text = edit.now.clone().unwrap_or_default();
    let what = if edit.was.is_some() { "changed" } else { "added" };
    html! {
        <figure class="raw edited" data-edit={edit.record_type.clone()}>
            <figcaption>
                if edit.was.is_some() {
                    <code class="owner">{&edit.name}</code>
                } else {
                    <input class="owner" type="text" aria-label="Name of the added record" value={edit.name.clone()} oninput={onname} />
                }
                <span class="type">{&edit.record_type}</span>
                <span class="tag">{tr!("What if: {}", if edit.now.is_none() { "removed" } else { what })}</span>
                if edit.was.is_some() && edit.now.is_some() {
                    <button type="button" class="quiet copier" onclick={onremove}>{"Remove"}</button>
                }
                <button type="button" class="quiet copier" onclick={onreset}>
                    {"Reset"}<span class="visually-hidden">{format!(" {}", edit.name)}</span>
                </button>
            </figcaption>
            <textarea
                ref={field} rows={if is_file { "6" } else { "3" }} spellcheck="false" dir="ltr" value={text.clone()} {oninput}
                aria-label={tr!("{} of {}", edit.record_type, edit.name)} aria-invalid={props.problem.is_some().to_string()}
            />
            if let Some(problem) = &props.problem {
                <p class="hint" role="alert">{icon("fail")}{tr!("Not taken in: {problem}.", problem)}</p>
            } else if !props.marks.is_empty() {
                <pre class="record" dir="ltr">{for pieces(&props.marked, &props.marks).into_iter().enumerate().map(|(key, piece)| piece.draw(key))}</pre>
            }
        </figure>
    }
}

/// What a button does.
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// The record as it is published, or the one to try out or to add.
    pub record: Publish,
    /// What the button is for.
    pub kind: Kind,
}

/// What a button is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To edit the record.
    Edit,
    /// To see what it would change.
    Try,
    /// To add a record.
    Add,
}

/// A button that begins an edit; nothing while a check runs.
#[component]
pub fn EditButton(props: &ButtonProps) -> Html {
    let Some(Editing(Some(callback))) = use_context::<Editing>() else { return Html::default() };
    let onclick = {
        let (record, kind) = (props.record.clone(), props.kind);
        move |_: MouseEvent| {
            let Publish { name, record_type, value } = record.clone();
            let was = (kind == Kind::Edit).then(|| value.clone());
            callback.emit(match kind {
                Kind::Try => Action::Try(record.clone()),
                _ => Action::Edit(Edit { name, record_type, was, now: Some(value) }.into()),
            });
        }
    };
    let (word, data) = match props.kind {
        Kind::Edit => ("Edit", "edit"),
        Kind::Try => ("What if?", "try"),
        Kind::Add => ("Try adding one", "add"),
    };
    html! {
        <button type="button" class="quiet copier" data-what-if={data} {onclick}>
            {text!(word)}<span class="visually-hidden">{tr!(" {} of {}", props.record.record_type, props.record.name)}</span>
        </button>
    }
}

/// A published record as something to edit.
pub fn as_publish(published: &Published) -> Publish {
    let Published { name, record_type, value, .. } = published;
    Publish { name: name.clone(), record_type: record_type.clone(), value: value.clone() }
}

/// The record to begin with where a technology has none.
pub fn beginning_of(technology: Technology, domain: &str) -> Option<Publish> {
    let (prefix, text) = match technology {
        Technology::Spf => ("", "v=spf1 mx -all"),
        Technology::Dkim => ("selector1._domainkey.", "v=DKIM1; k=rsa; p="),
        Technology::Dmarc => ("_dmarc.", "v=DMARC1; p=reject"),
        Technology::MtaSts => ("_mta-sts.", "v=STSv1; id=1"),
        Technology::TlsRpt => ("_smtp._tls.", "v=TLSRPTv1; rua=mailto:"),
        Technology::Bimi => ("default._bimi.", "v=BIMI1; l=https://"),
        Technology::Mx => return Some(Publish::record(domain, "MX", format!("10 mail.{domain}."))),
        Technology::Dane | Technology::Dnssec => return None,
    };
    Some(Publish::txt(format!("{prefix}{domain}"), text))
}
