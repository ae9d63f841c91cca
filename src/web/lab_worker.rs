//! The lab: the worker that judges, repairs and draws logos for the page. It knows drawings and nothing else.

use crate::svg::conformance;
use crate::svg::{Fault, repair, seen};

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
    let verdict = conformance::judge(bytes);
    let text = conformance::text(bytes).unwrap_or_default();
    let excerpts = verdict.faults.iter().map(|fault| excerpt(&text, fault)).collect();
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
    let text = conformance::text(bytes).map_err(|error| error.to_string())?;
    let seen = seen::look(&text).map_err(|error| error.to_string())?;
    let pictures = sizes.iter().map(|size| picture(&text, *size)).collect::<Result<_, _>>()?;
    Ok(Drawn { seen, pictures })
}

fn picture(text: &str, size: u32) -> Result<Picture, String> {
    let pixels = seen::render(text, size).map_err(|error| error.to_string())?;
    Ok(Picture { width: pixels.width, height: pixels.height, rgba: Octets(pixels.rgba.into()) })
}

fn repaired(bytes: &[u8], title: Option<String>, size: u32) -> Result<Repaired, String> {
    let text = conformance::text(bytes).map_err(|error| error.to_string())?;
    let options = repair::Options { title, ..repair::Options::default() };
    let repaired = repair::repair(bytes, &options).map_err(|error| error.to_string())?;
    let judgement = judge(repaired.svg.as_bytes());
    let sight = picture(&text, size).and_then(|before| {
        let after = picture(&repaired.svg, size)?;
        let (difference, percent) = compare(&before, &after);
        Ok(Sight { before, after, difference, percent })
    });
    Ok(Repaired { svg: repaired.svg, changes: repaired.changes, lost: repaired.lost, judgement, sight })
}

/// Where two pictures of the same size differ, the more the lighter, and the mean difference of their channels in
/// percent. Where a picture lets the ground through its colour counts as little as it is seen.
fn compare(before: &Picture, after: &Picture) -> (Picture, f64) {
    let mut sum = 0_u64;
    let mut rgba = Vec::with_capacity(before.rgba.0.len());
    for (one, two) in before.rgba.0.chunks_exact(4).zip(after.rgba.0.chunks_exact(4)) {
        let (&[.., alpha_one], &[.., alpha_two]) = (one, two) else { continue };
        for (a, b) in one.iter().take(3).zip(two) {
            let on_black = |channel: &u8, alpha: u8| u16::from(*channel) * u16::from(alpha) / 255;
            let apart = on_black(a, alpha_one).abs_diff(on_black(b, alpha_two));
            sum += u64::from(apart);
            rgba.push(u8::try_from(apart).unwrap_or(u8::MAX));
        }
        let apart = alpha_one.abs_diff(alpha_two);
        sum += u64::from(apart);
        // Where only the ground shows through differently the colours say nothing.
        for channel in rgba.iter_mut().rev().take(3) {
            *channel = (*channel).max(apart);
        }
        rgba.push(u8::MAX);
    }
    let most = u64::try_from(rgba.len()).unwrap_or(u64::MAX).saturating_mul(255).max(1);
    let hundredths = sum.saturating_mul(10_000) / most;
    let percent = f64::from(u32::try_from(hundredths).unwrap_or(u32::MAX)) / 100.0;
    (Picture { width: before.width, height: before.height, rgba: Octets(rgba.into()) }, percent)
}
