//! The lab: the worker that judges, repairs and draws logos for the page. It knows drawings and nothing else.

use std::borrow::Cow;

use crate::svg::repair::{self, Change, RepairError};
use crate::svg::{self, Fault, Text, seen};

use super::drawing::{Drawn, Excerpt, Judgement, LabReply, LabTask, Octets, Picture, Repaired, Sight};
use super::worker;

/// Most characters of a line before and behind what is wrong in it.
const MAX_BESIDE: usize = 40;
/// Most characters of what is wrong.
const MAX_MARKED: usize = 80;

/// Serves the page.
pub fn serve() {
    worker::serve(|task| {
        let reply = match postcard::from_bytes(task) {
            Ok(LabTask::Judge { bytes }) => Ok(LabReply::Judged(judge(bytes))),
            Ok(LabTask::Draw { bytes, sizes }) => draw(bytes, &sizes).map(LabReply::Drawn),
            Ok(LabTask::Repair { bytes, title, size }) => {
                repaired(bytes, title, size).map(|repaired| LabReply::Repaired(Box::new(repaired)))
            }
            Err(error) => Err(error.to_string()),
        };
        worker::post(&reply.unwrap_or_else(LabReply::Refused));
    });
}

fn judge(bytes: &[u8]) -> Judgement {
    let verdict = svg::judge(bytes);
    let excerpts = match svg::text(bytes) {
        Ok(Text { text, .. }) => verdict.faults.iter().map(|fault| excerpt(&text, fault)).collect(),
        // The faults say why; there is no text to show.
        Err(_) => Vec::new(),
    };
    Judgement { verdict, excerpts }
}

/// The line that a fault begins in, cut where it is long.
fn excerpt(text: &str, fault: &Fault) -> Excerpt {
    let (before, rest) = text.split_at_checked(fault.start).unwrap_or((text, ""));
    let length = fault.end.saturating_sub(fault.start);
    let (marked, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let before = before.rsplit('\n').next().unwrap_or_default();
    let (marked, goes_on) = match marked.split_once('\n') {
        Some((line, _)) => (line, true),
        None => (marked, false),
    };
    let after = if goes_on { "" } else { after.split('\n').next().unwrap_or_default() };
    Excerpt {
        before: end_of(before.trim_start()),
        marked: beginning_of(marked, MAX_MARKED),
        after: beginning_of(after, MAX_BESIDE),
    }
}

fn beginning_of(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn end_of(text: &str) -> String {
    match text.char_indices().rev().nth(MAX_BESIDE) {
        Some((cut, _)) => format!("…{}", text.get(cut..).unwrap_or_default().chars().skip(1).collect::<String>()),
        None => text.to_owned(),
    }
}

fn draw(bytes: &[u8], sizes: &[u32]) -> Result<Drawn, String> {
    let text = text(bytes)?;
    let seen = seen::look(&text).map_err(|error| sentence(&error.why()))?;
    let pictures = sizes.iter().map(|size| picture(&text, *size)).collect::<Result<_, _>>()?;
    Ok(Drawn { seen, pictures })
}

fn text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    match svg::text(bytes) {
        Ok(Text { text, .. }) => Ok(text),
        Err(error) => Err(refused(&error.into())),
    }
}

/// Why there is nothing; the page says already that it could not be drawn.
fn refused(error: &RepairError) -> String {
    match error {
        RepairError::Render(error) => sentence(&error.why()),
        other => sentence(&other.words()),
    }
}

/// A reason as a sentence of its own.
fn sentence(reason: &str) -> String {
    let mut characters = reason.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str().trim_end_matches('.'))
}

fn picture(text: &str, size: u32) -> Result<Picture, String> {
    let pixels = seen::render(text, size).map_err(|error| sentence(&error.why()))?;
    Ok(Picture { width: pixels.width, height: pixels.height, rgba: Octets(pixels.rgba.into()) })
}

fn repaired(bytes: &[u8], title: Option<String>, size: u32) -> Result<Repaired, String> {
    let text = text(bytes)?;
    let repaired = repair::repair(bytes, &repair::Options { title }).map_err(|error| refused(&error))?;
    let judgement = judge(repaired.svg.as_bytes());
    let sight = picture(&text, size).and_then(|before| {
        let after = picture(&repaired.svg, size)?;
        let difference = difference(&before, &after);
        Ok(Sight { before, after, difference, percent: repaired.difference * 100.0 })
    });
    let counted = |Change { title, count, .. }: Change| match count {
        0 | 1 => title,
        _ => tr!("{title} ({count} times)", title, count),
    };
    let changes = repaired.changes.into_iter().map(counted).collect();
    Ok(Repaired { svg: repaired.svg, changes, lost: repaired.lost, judgement, sight })
}

/// Where two pictures differ, the more the lighter. A colour counts as far as it is seen on black; where only opacity
/// differs, that counts.
fn difference(before: &Picture, after: &Picture) -> Picture {
    let mut rgba = Vec::with_capacity(before.rgba.0.len());
    for (one, two) in before.rgba.0.chunks_exact(4).zip(after.rgba.0.chunks_exact(4)) {
        let (&[.., alpha_one], &[.., alpha_two]) = (one, two) else { continue };
        let on_black = |channel: &u8, alpha: u8| u16::from(*channel) * u16::from(alpha) / 255;
        for (a, b) in one.iter().zip(two).take(3) {
            let apart = on_black(a, alpha_one).abs_diff(on_black(b, alpha_two));
            rgba.push(u8::try_from(apart).unwrap_or(u8::MAX).max(alpha_one.abs_diff(alpha_two)));
        }
        rgba.push(u8::MAX);
    }
    Picture { width: before.width, height: before.height, rgba: Octets(rgba.into()) }
}
