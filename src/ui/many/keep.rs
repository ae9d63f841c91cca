//! The list in the tab's own storage, so that a reload goes on with it; it ends with the tab.
//!
//! Rows are kept as short lines, in pieces, so that what has not changed is not written again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use web_sys::Storage;
use yew::prelude::*;

use crate::checks::{Profile, Status};
use crate::name::DomainName;
use crate::report::summary::FORMAT;
use crate::report::{Grade, Summary};
use crate::time::UnixTime;
use crate::ui::files::Listener;

use super::state::{Action, Known, MAX_DOMAINS, Row, State};

/// Where it is kept: the key of the head; pieces have their number behind it.
const KEY: &str = "mxray-many-1";
/// Rows in one piece.
const PIECE: usize = 200;
/// Pieces written in one go, while the page is used: more would be felt.
const PIECES_AT_ONCE: usize = 4;
/// How long changes rest before they are written.
const WRITE_AFTER: Duration = Duration::from_millis(1_000);
/// The letters of statuses, grades and profiles.
const STATUSES: [(char, Status); 6] = [
    ('p', Status::Pass),
    ('w', Status::Warn),
    ('f', Status::Fail),
    ('a', Status::Absent),
    ('u', Status::Unknown),
    ('n', Status::NotApplicable),
];
const GRADES: [Grade; 7] = [Grade::APlus, Grade::A, Grade::B, Grade::C, Grade::D, Grade::E, Grade::F];
const PROFILES: [(char, Profile); 4] =
    [('m', Profile::Mail), ('s', Profile::SendOnly), ('r', Profile::ReceiveOnly), ('p', Profile::Parked)];

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// What was kept, and whether it ran.
pub fn kept() -> Option<(Vec<Row>, bool)> {
    let storage = storage()?;
    let head = storage.get_item(KEY).ok()??;
    let (running, count) = head.split_once(' ')?;
    let count = count.parse::<usize>().ok()?.min(MAX_DOMAINS);
    let pieces = (0..count.div_ceil(PIECE)).map_while(|piece| storage.get_item(&format!("{KEY}.{piece}")).ok()?);
    let rows: Vec<Row> =
        pieces.flat_map(|piece| piece.lines().filter_map(read_row).collect::<Vec<_>>()).take(count).collect();
    (!rows.is_empty()).then_some((rows, running == "run"))
}

/// Keeps the list for as long as the tab lives; `false` is told where the browser has no room for it.
#[hook]
pub fn use_kept(state: &UseReducerHandle<State>, on_full: Callback<bool>) {
    let latest: Rc<RefCell<(bool, Vec<Rc<Row>>)>> = use_mut_ref(|| (false, Vec::new()));
    let written = use_mut_ref(Written::default);
    let due = use_memo((), |()| Cell::new(false));
    let write = use_memo((), |()| {
        let latest = Rc::clone(&latest);
        move |most: usize| {
            let mut written = written.borrow_mut();
            let all = write(&latest.borrow(), &mut written, most);
            on_full.emit(written.room);
            all
        }
    });
    {
        // Before anything else is kept, what was kept is taken up; then whenever the page is left, all is written.
        let (write, dispatch) = (Rc::clone(&write), state.dispatcher());
        use_effect_with((), move |()| {
            if let Some((rows, running)) = kept() {
                dispatch.dispatch(Action::Restore(rows, running));
            }
            let listener = web_sys::window().map(|window| {
                Listener::new(&window, "pagehide", move |_| {
                    (*write)(usize::MAX);
                    // The engine ends with the page; whoever comes back to it presses the button.
                    dispatch.dispatch(Action::Stop);
                })
            });
            move || drop(listener)
        });
    }
    let (rows, running) = (state.rows.clone(), state.running);
    use_effect_with((rows, running), move |(rows, running)| {
        let was_empty = latest.borrow().1.is_empty();
        *latest.borrow_mut() = (*running, rows.to_vec());
        if was_empty && rows.is_empty() || due.replace(true) {
            return;
        }
        yew::platform::spawn_local(async move {
            yew::platform::time::sleep(WRITE_AFTER).await;
            due.set(false);
            while !(*write)(PIECES_AT_ONCE) {
                yew::platform::time::sleep(Duration::ZERO).await;
            }
        });
    });
}

/// What was written last.
#[derive(Default)]
struct Written {
    pieces: Vec<Vec<Rc<Row>>>,
    /// Whether there was room for all of it.
    room: bool,
}

/// Writes what has changed, at most so many pieces of it; whether that was all.
fn write((running, rows): &(bool, Vec<Rc<Row>>), written: &mut Written, most: usize) -> bool {
    let Some(storage) = storage() else {
        written.room = false;
        return true;
    };
    let head = format!("{} {}", if *running { "run" } else { "rest" }, rows.len());
    written.room = storage.set_item(KEY, &head).is_ok();
    let mut left = most;
    for (number, piece) in rows.chunks(PIECE).enumerate() {
        let is_same = |before: &Vec<Rc<Row>>| {
            before.len() == piece.len() && before.iter().zip(piece).all(|(before, now)| Rc::ptr_eq(before, now))
        };
        if written.pieces.get(number).is_some_and(is_same) {
            continue;
        }
        if left == 0 {
            return false;
        }
        left -= 1;
        let text = piece.iter().map(|row| write_row(row)).collect::<Vec<_>>().join("\n");
        written.room &= storage.set_item(&format!("{KEY}.{number}"), &text).is_ok();
        // Pieces are written in order, so that there is none missing before this one.
        match written.pieces.get_mut(number) {
            Some(before) => *before = piece.to_vec(),
            None => written.pieces.push(piece.to_vec()),
        }
    }
    for number in rows.len().div_ceil(PIECE)..written.pieces.len() {
        let _ = storage.remove_item(&format!("{KEY}.{number}"));
    }
    written.pieces.truncate(rows.len().div_ceil(PIECE));
    if rows.is_empty() {
        let _ = storage.remove_item(KEY);
    }
    true
}

/// `domain⇥international⇥…`: nothing more while it waits, `!` and why it failed, or the summary.
fn write_row(row: &Row) -> String {
    let known = match &row.result {
        Known::Waiting => String::new(),
        Known::Failed(why) => format!("!{}", why.replace(['\t', '\n', '\r'], " ")),
        Known::Done(summary) => write_summary(summary),
    };
    format!("{}\t{}\t{known}", row.domain, row.international.as_deref().unwrap_or_default())
}

fn write_summary(summary: &Summary) -> String {
    let letter =
        |status: &Status| STATUSES.iter().find(|(_, known)| known == status).map_or('u', |(letter, _)| *letter);
    let states: String = summary.technologies.iter().map(letter).collect();
    let profile = PROFILES.iter().find(|(_, known)| *known == summary.profile).map_or('m', |(letter, _)| *letter);
    let grade = summary.grade.map_or("-", |grade| grade.label());
    let points = summary.points.map_or_else(|| "-".to_owned(), |points| points.to_string());
    let Summary { to_fix, to_improve, unknown, taken_at, .. } = summary;
    format!("{states} {profile} {grade} {points} {to_fix} {to_improve} {unknown} {taken_at}")
}

fn read_row(line: &str) -> Option<Row> {
    let mut parts = line.split('\t');
    let domain = DomainName::parse(parts.next()?).ok()?;
    let international = parts.next().filter(|name| !name.is_empty()).map(Rc::from);
    let result = match parts.next()? {
        "" => Known::Waiting,
        known => match known.strip_prefix('!') {
            Some(why) => Known::Failed(why.into()),
            None => Known::Done(Rc::new(read_summary(&domain, known)?)),
        },
    };
    Some(Row { domain, international, result })
}

fn read_summary(domain: &DomainName, text: &str) -> Option<Summary> {
    let mut words = text.split(' ');
    let states = words.next()?;
    let mut technologies = [Status::Unknown; 9];
    for (place, letter) in technologies.iter_mut().zip(states.chars()) {
        *place = STATUSES.iter().find(|(known, _)| *known == letter)?.1;
    }
    let profile = words.next()?.chars().next()?;
    let profile = PROFILES.iter().find(|(letter, _)| *letter == profile)?.1;
    let grade = words.next()?;
    Some(Summary {
        format: FORMAT.into(),
        domain: domain.clone(),
        profile,
        technologies,
        grade: GRADES.into_iter().find(|known| known.label() == grade),
        points: words.next()?.parse().ok(),
        to_fix: words.next()?.parse().ok()?,
        to_improve: words.next()?.parse().ok()?,
        unknown: words.next()?.parse().ok()?,
        taken_at: UnixTime::parse_rfc3339(words.next()?).ok()?,
    })
}
