//! A record as it was published, with the places of problems marked in it and control characters made visible.

use yew::prelude::*;

use crate::checks::Published;

use super::copy_button::CopyButton;
use super::edit::{EditButton, Kind, as_publish};
use super::hosted::hosted;
use super::marks::{Mark, pieces};
use super::prose::beginning;

/// More of a record is not drawn: a screen full is enough to see what it is, and megabytes would freeze the tab.
const MAX_SHOWN: usize = 16 * 1024;

/// The record.
pub fn raw_record(key: usize, published: &Published, marks: &[Mark]) -> Html {
    let Published { name, record_type, value, ttl, from } = published;
    let shown = beginning(value, MAX_SHOWN);
    let hidden = value.len() - shown.len();
    html! {
        <figure {key} class="raw">
            <figcaption>
                <code class="owner">{name}</code>
                if record_type != "file" {
                    <span class="type">{record_type}</span>
                }
                if let Some(ttl) = ttl {
                    <span class="ttl">{tr!("TTL {ttl} s", ttl)}</span>
                }
                if let Some(from) = from {
                    <span class="from">{tr!("from {from}", from)}</span>
                }
                {hosted!(CopyButton { text: value.clone(), what: tr!("the record of {name}", name) })}
                {hosted!(EditButton { record: as_publish(published), kind: Kind::Edit })}
            </figcaption>
            <pre class="record" dir="ltr" tabindex="0" aria-label={tr!("{record_type} of {name}", record_type, name)}>
                {for pieces(shown, marks).into_iter().enumerate().map(|(key, piece)| piece.draw(key))}
            </pre>
            if hidden > 0 {
                <p class="hint">{tr!("{hidden} more bytes are not shown; Copy takes all of them.", hidden)}</p>
            }
        </figure>
    }
}
