//! References to sections, as links to where they can be read.

use std::borrow::Cow;

use yew::prelude::*;

/// The drafts of BIMI, by what they are called for short.
const DRAFTS: [(&str, &str); 4] = [
    ("BIMI", "draft-brand-indicators-for-message-identification"),
    ("BIMI draft", "draft-brand-indicators-for-message-identification"),
    ("SVG Tiny PS", "draft-svg-tiny-ps-abrotman"),
    ("VMC draft", "draft-fetch-validation-vmc-wchuang"),
];

/// A line of references.
pub fn references(references: &[Cow<'static, str>]) -> Html {
    html! {
        <p class="references">
            {for references.iter().map(|reference| &**reference).map(|reference| match address(reference) {
                Some(url) => html! {
                    <a key={reference} href={url} rel="noreferrer noopener" target="_blank">{reference}</a>
                },
                None => html! { <span key={reference}>{reference}</span> },
            })}
        </p>
    }
}

/// Where a reference can be read; `None` where its form is not known.
fn address(reference: &str) -> Option<String> {
    let (document, section) = match reference.split_once('§') {
        Some((document, section)) => (document.trim(), Some(section.trim())),
        None => (reference.trim(), None),
    };
    let of_draft = |name: &str| format!("https://datatracker.ietf.org/doc/html/{name}");
    let base = if let Some((_, draft)) = DRAFTS.iter().find(|(short, _)| *short == document) {
        of_draft(draft)
    } else if let Some(number) = document.strip_prefix("RFC ") {
        let number = number.trim();
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        format!("https://www.rfc-editor.org/rfc/rfc{number}.html")
    } else if document.starts_with("draft-") && document.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        of_draft(document)
    } else {
        return None;
    };
    let section = section.map(|s| s.trim_end_matches('.')).filter(|s| {
        s.starts_with(|c: char| c.is_ascii_alphanumeric()) && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
    });
    Some(match section {
        Some(section) if section.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            format!("{base}#appendix-{section}")
        }
        Some(section) => format!("{base}#section-{section}"),
        None => base,
    })
}
