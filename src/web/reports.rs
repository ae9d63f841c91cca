//! The page's side of TLS-RPT reports: files are handed to the clerk a few at a time, which reads and adds them up. The
//! page keeps only the files' handles, so that it can begin again where the clerk was lost.
//!
//! A file on which the clerk breaks, or which takes too long, is found by handing over the files of its batch one by one;
//! it is listed with the reason, and the others are read again without it.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, FileSystemFileEntry, FileSystemFileHandle};

use crate::reports::{MAX_FILE, Summary};

use super::clerk::{CLERK, words};
use super::clock::sleep;
use super::message::GARBLED;
use super::paper::{ClerkReply, ClerkTask, Handed, ReportsFormat, ReportsOrder, ReportsTask, Rows};
use super::task_worker::{self, Failure};

/// Most files of one batch; each batch is a task of its own, and shows how far it is.
const MAX_BATCH: usize = 500;
/// Most octets of one batch of several files.
const MAX_OCTETS: f64 = 4_000_000.0;
/// How long a batch may take; longer by [`A_MEGABYTE`] for each megabyte.
const DEADLINE: Duration = Duration::from_secs(10);
/// How long a megabyte may take beside.
const A_MEGABYTE: Duration = Duration::from_millis(500);
/// How long a batch may go on after the user has stopped it.
const STOPS_WITHIN: Duration = Duration::from_secs(1);
/// How often the clerk may be lost before no more is tried.
const MAX_LOSSES: usize = 25;

/// A file that was handed over.
#[derive(Clone)]
pub struct Given {
    /// Its name, with its folders.
    pub name: String,
    /// What is in it.
    pub content: Content,
    /// Whether a folder was handed over, and it was in it.
    pub in_folder: bool,
    /// Why it is listed as unreadable and not read.
    pub refused: Option<String>,
}

/// What is in a file that was handed over. The browser takes its time to open each file of a folder: they are opened while
/// those before them are read.
#[derive(Clone)]
pub enum Content {
    /// It can be read.
    Open(Blob),
    /// A file of a folder.
    Handle(FileSystemFileHandle),
    /// A file of a folder, where the browser knows no handles.
    Entry(FileSystemFileEntry),
    /// It is being opened: becomes the file, or nothing where that fails.
    Opening(Promise),
}

impl Content {
    /// Has the browser open it.
    fn open(&mut self) {
        let file = match self {
            Self::Handle(handle) => handle.get_file(),
            Self::Entry(entry) => {
                Promise::new(&mut |done, failed| entry.file_with_callback_and_callback(&done, &failed))
            }
            Self::Open(_) | Self::Opening(_) => return,
        };
        // Nobody may wait for it yet, and what fails then would be told as a fault of the page.
        *self = Self::Opening(IGNORED.with(|ignored| file.catch(ignored)));
    }

    /// The file, once it is open.
    pub async fn blob(mut self) -> Result<Blob, String> {
        self.open();
        let opening = match self {
            Self::Opening(opening) => opening,
            Self::Open(blob) => return Ok(blob),
            // Asked to open, it is opening.
            Self::Handle(_) | Self::Entry(_) => return Err(GARBLED.into()),
        };
        as_blob(JsFuture::from(opening).await.unwrap_or_default())
    }
}

/// What opening a file has come to.
fn as_blob(file: JsValue) -> Result<Blob, String> {
    file.dyn_into::<File>().map(Blob::from).map_err(|_| "the browser could not open the file".into())
}

/// What was handed over at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its number.
    pub number: u32,
    /// What it is called.
    pub name: String,
    /// How many files of it are for the reports.
    pub files: usize,
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files that are read.
    pub read: usize,
    /// Files that are to be read.
    pub of: usize,
    /// Reports that are counted.
    pub reports: u64,
}

/// What the reports come to.
#[derive(Clone, Default)]
pub struct Standing {
    /// The sums, and how many rows the tables have; nothing where there are no files.
    pub sums: Option<(Summary, Rows)>,
    /// What was handed over.
    pub lots: Vec<Lot>,
    /// How many files were not read, because the user stopped it.
    pub stopped: usize,
    /// Why the sums are not complete.
    pub trouble: Option<String>,
}

/// A file that is kept.
struct Piece {
    lot: u32,
    given: Given,
}

/// Everything that was handed over, and how far the clerk is with it.
#[derive(Default)]
struct Pile {
    pieces: Vec<Piece>,
    lots: Vec<(u32, String)>,
    /// The number of the sum in the clerk.
    sum: u32,
    /// How many of the pieces it holds.
    summed: usize,
    /// How many it held at most.
    once_summed: usize,
    /// How many files are none for the reports.
    others: usize,
    reports: u64,
    /// Whether the user wants no more.
    stopping: bool,
    /// Ends the wait for the batch that is under way.
    stop: Option<Function>,
    stopped: usize,
    /// Resolved when whoever works on the pile is done.
    turn: Option<Promise>,
    /// How many work on it or wait to.
    waiting: usize,
    last_lot: u32,
}

thread_local! {
    /// Makes nothing of a failure.
    static IGNORED: Closure<dyn FnMut(JsValue)> = Closure::new(drop::<JsValue>);
    static PILE: RefCell<Pile> = RefCell::default();
}

fn pile<T>(work: impl FnOnce(&mut Pile) -> T) -> T {
    PILE.with(|pile| work(&mut pile.borrow_mut()))
}

/// Adds files: tells how far it is, and gives what the reports come to and those files that are none for the reports.
pub async fn add(name: String, files: Vec<Given>, tell: impl Fn(Progress)) -> (Vec<Given>, Standing) {
    in_turn(async {
        pile(|pile| {
            pile.last_lot += 1;
            let lot = pile.last_lot;
            pile.lots.push((lot, name));
            pile.pieces.extend(files.into_iter().map(|given| Piece { lot, given }));
        });
        bring_up_to_date(&tell).await
    })
    .await
}

/// Takes away what was handed over at once, or everything.
pub async fn remove(lot: Option<u32>, tell: impl Fn(Progress)) -> Standing {
    in_turn(async {
        pile(|pile| {
            pile.pieces.retain(|piece| lot.is_some_and(|lot| piece.lot != lot));
            pile.start_over();
            pile.once_summed = 0;
        });
        bring_up_to_date(&tell).await.1
    })
    .await
}

/// Ends what is under way: what was read until now counts.
pub fn stop() {
    let is_busy = pile(|pile| {
        pile.stopping = pile.waiting > 0;
        pile.stopping
    });
    if is_busy {
        spawn_local(async {
            sleep(STOPS_WITHIN).await;
            let stop = pile(|pile| pile.stop.take().filter(|_| pile.stopping));
            if let Some(stop) = stop {
                let _ = stop.call1(&JsValue::UNDEFINED, &JsValue::NULL);
            }
        });
    }
}

/// Has the clerk write the sums as a file.
pub async fn write(format: ReportsFormat) -> Result<Vec<u8>, String> {
    in_turn(async {
        for _ in 0..MAX_LOSSES {
            match order(ReportsOrder::Write(format), &[], DEADLINE).await {
                Ok(Answer::Written(file)) => return Ok(file),
                Ok(Answer::Lost) => pile(Pile::start_over),
                Ok(_) => return Err(GARBLED.into()),
                Err(failure) => {
                    pile(Pile::start_over);
                    return Err(words(failure));
                }
            }
            if let (_, Err(why)) = read_all(&|_| {}).await {
                return Err(why);
            }
        }
        Err(words(Failure::Broke))
    })
    .await
}

/// Does one thing after the other.
async fn in_turn<T>(work: impl Future<Output = T>) -> T {
    let mut end_turn = None;
    let turn = Promise::new(&mut |resolve, _| end_turn = Some(resolve));
    let before = pile(|pile| {
        pile.waiting += 1;
        pile.turn.replace(turn)
    });
    if let Some(before) = before {
        // No turn is ever rejected.
        let _ = JsFuture::from(before).await;
    }
    let outcome = work.await;
    pile(|pile| pile.waiting -= 1);
    if let Some(end_turn) = end_turn {
        let _ = end_turn.call0(&JsValue::UNDEFINED);
    }
    outcome
}

/// Reads what is not read, and tells what everything comes to.
async fn bring_up_to_date(tell: &impl Fn(Progress)) -> (Vec<Given>, Standing) {
    let (mut others, mut trouble) = (Vec::new(), None);
    let mut sums = None;
    for _ in 0..MAX_LOSSES {
        let (found, read) = read_all(tell).await;
        others.extend(found);
        if let Err(why) = read {
            trouble = Some(why);
            break;
        }
        if pile(|pile| pile.pieces.is_empty()) {
            break;
        }
        match order(ReportsOrder::Tell, &[], DEADLINE).await {
            Ok(Answer::Told(told)) => {
                sums = Some(*told);
                break;
            }
            Ok(Answer::Lost) => pile(Pile::start_over),
            Ok(_) => trouble = Some(GARBLED.into()),
            Err(failure) => {
                pile(Pile::start_over);
                trouble = Some(words(failure));
            }
        }
        if trouble.is_some() {
            break;
        }
    }
    pile(|pile| {
        pile.stopping = false;
        pile.others = 0;
        let lots = pile.lots();
        let stopped = std::mem::take(&mut pile.stopped);
        (others, Standing { sums, lots, stopped, trouble })
    })
}

/// Reads every file that is not read. What is none for the reports is taken off the pile.
async fn read_all(tell: &impl Fn(Progress)) -> (Vec<Given>, Result<(), String>) {
    let mut others = Vec::new();
    let (mut most, mut losses) = (MAX_BATCH, 0);
    loop {
        pile(Pile::heed_stop);
        tell(pile(|pile| pile.progress()));
        let start = pile(|pile| pile.summed);
        opened(start, most).await;
        let batch = pile(|pile| pile.batch(start, most));
        let size = batch.handed.len();
        if size == 0 {
            return (others, Ok(()));
        }
        pile(|pile| pile.open(start + size, most));
        let failure = match hand_over(batch).await {
            Ok(Answer::Added(places, reports)) => {
                others.extend(pile(|pile| pile.added(size, &places, reports)));
                continue;
            }
            Ok(Answer::Lost) | Err(Failure::Stopped) => None,
            Ok(_) => return (others, Err(GARBLED.into())),
            Err(failure @ (Failure::NotStarted | Failure::Garbled)) => {
                others.extend(pile(Pile::give_up));
                return (others, Err(words(failure)));
            }
            Err(failure) => Some(failure),
        };
        losses += 1;
        if let Some(failure) = failure {
            let guilty = if size == 1 { vec![(start, failure)] } else { probe(start, size).await };
            if guilty.is_empty() {
                most = (most / 10).max(1);
            }
            losses += guilty.len();
            pile(|pile| pile.blame(guilty));
        }
        pile(Pile::start_over);
        if losses > MAX_LOSSES {
            return (others, Err(words(Failure::Broke)));
        }
    }
}

/// Has files opened, and waits until they are.
async fn opened(start: usize, most: usize) {
    let opening = pile(|pile| {
        pile.open(start, most);
        let pieces = pile.pieces.iter().enumerate().skip(start).take(most);
        let opening = pieces.filter_map(|(at, piece)| match &piece.given.content {
            Content::Opening(opening) => Some((at, opening.clone())),
            _ => None,
        });
        opening.collect::<Vec<_>>()
    });
    // One wait for all of them is much cheaper than one for each. None is ever rejected.
    let (places, opening): (Vec<usize>, Array) = opening.into_iter().unzip();
    let files = JsFuture::from(Promise::all(&opening)).await.unwrap_or_default();
    pile(|pile| {
        for (at, file) in places.into_iter().zip(Array::from(&files).iter()) {
            let Some(Piece { given, .. }) = pile.pieces.get_mut(at) else { break };
            match as_blob(file) {
                Ok(blob) => given.content = Content::Open(blob),
                Err(why) => given.refused = Some(why),
            }
        }
    });
}

/// Hands some files over one by one, each for a sum of its own that nobody asks for, to find those that the clerk breaks
/// on: the sum that counts is lost already.
async fn probe(start: usize, size: usize) -> Vec<(usize, Failure)> {
    let mut guilty = Vec::new();
    for at in start..start.saturating_add(size) {
        pile(Pile::start_over);
        let batch = pile(|pile| if pile.stopping { Batch::default() } else { pile.batch(at, 1) });
        if batch.handed.is_empty() || guilty.len() > MAX_LOSSES {
            break;
        }
        if let Err(failure @ (Failure::Broke | Failure::Late)) = hand_over(batch).await {
            guilty.push((at, failure));
        }
    }
    guilty
}

/// Files that are handed over together.
#[derive(Default)]
struct Batch {
    handed: Vec<Handed>,
    blobs: Vec<Blob>,
    octets: f64,
}

impl Pile {
    /// Has the browser open files.
    fn open(&mut self, start: usize, most: usize) {
        for Piece { given, .. } in self.pieces.iter_mut().skip(start).take(most) {
            if given.refused.is_none() {
                given.content.open();
            }
        }
    }

    /// The files from `start` on that make a batch; they are open.
    fn batch(&self, start: usize, most: usize) -> Batch {
        let mut batch = Batch::default();
        for Piece { given, .. } in self.pieces.iter().skip(start).take(most) {
            let open = match &given.content {
                Content::Open(blob) if given.refused.is_none() => Some(blob),
                _ => None,
            };
            let size = open.map_or(0.0, Blob::size);
            if !batch.handed.is_empty() && batch.octets + size > MAX_OCTETS {
                break;
            }
            let refused = given.refused.clone().or_else(|| too_large(size));
            if let Some(blob) = open.filter(|_| refused.is_none()) {
                batch.octets += size;
                batch.blobs.push(blob.clone());
            }
            batch.handed.push(Handed { name: given.name.clone(), in_folder: given.in_folder, refused });
        }
        batch
    }

    /// Notes that a batch is in the sum, and takes off what is none for the reports.
    fn added(&mut self, size: usize, places: &[u32], reports: u64) -> Vec<Given> {
        let mut others = Vec::new();
        for (place, piece) in (0_u32..).zip(self.pieces.split_off(self.summed.min(self.pieces.len()))) {
            if places.contains(&place) { others.push(piece.given) } else { self.pieces.push(piece) }
        }
        self.others += others.len();
        self.summed += size - others.len().min(size);
        self.once_summed = self.once_summed.max(self.summed);
        self.reports = reports;
        others
    }

    /// Takes off what was never read and may be something else than reports: without the clerk, that can still be used.
    fn give_up(&mut self) -> Vec<Given> {
        let unread = self.pieces.split_off(self.once_summed.min(self.pieces.len()));
        let (others, kept) = unread.into_iter().partition(|piece| !piece.given.in_folder);
        self.pieces.extend::<Vec<Piece>>(kept);
        others.into_iter().map(|piece: Piece| piece.given).collect()
    }

    /// Has files listed with the reason, and not read again.
    fn blame(&mut self, guilty: Vec<(usize, Failure)>) {
        for (at, failure) in guilty {
            if let Some(piece) = self.pieces.get_mut(at) {
                piece.given.refused = Some(match failure {
                    Failure::Late => "it took too long to read and was stopped".into(),
                    _ => "it broke the part of this page that reads reports, which was started again".into(),
                });
            }
        }
    }

    /// Has the next batch begin a sum with the first file.
    fn start_over(&mut self) {
        self.sum = self.sum.wrapping_add(1);
        self.summed = 0;
        self.reports = 0;
    }

    /// Leaves out what was never read, once the user wants no more.
    fn heed_stop(&mut self) {
        if std::mem::take(&mut self.stopping) {
            self.stopped += self.pieces.len().saturating_sub(self.once_summed);
            self.pieces.truncate(self.once_summed);
        }
    }

    fn progress(&self) -> Progress {
        Progress { read: self.summed + self.others, of: self.pieces.len() + self.others, reports: self.reports }
    }

    /// What was handed over and is for the reports.
    fn lots(&mut self) -> Vec<Lot> {
        let files = |number: u32| self.pieces.iter().filter(|piece| piece.lot == number).count();
        let lots =
            self.lots.iter().map(|(number, name)| Lot { number: *number, name: name.clone(), files: files(*number) });
        let lots: Vec<Lot> = lots.filter(|lot| lot.files > 0).collect();
        self.lots = lots.iter().map(|lot| (lot.number, lot.name.clone())).collect();
        lots
    }
}

/// Why a file is not read whole, where it is too large.
fn too_large(size: f64) -> Option<String> {
    // Exact: far below 2^53. Written by the browser, as everything with fractions.
    let written = || js_sys::Number::from(size).to_fixed(0).map(String::from).unwrap_or_default();
    (size > MAX_FILE as f64).then(|| format!("the file has {} bytes; at most {MAX_FILE} are read", written()))
}

/// What the clerk answers.
enum Answer {
    Added(Vec<u32>, u64),
    Told(Box<(Summary, Rows)>),
    Written(Vec<u8>),
    Lost,
}

async fn hand_over(batch: Batch) -> Result<Answer, Failure> {
    // A positive number below 300.
    let megabytes = (batch.octets / 1_000_000.0).ceil() as u32;
    order(ReportsOrder::Add(batch.handed), &batch.blobs, DEADLINE + A_MEGABYTE * megabytes).await
}

async fn order(what: ReportsOrder, files: &[Blob], deadline: Duration) -> Result<Answer, Failure> {
    let mut stop = None;
    let stopped = Promise::new(&mut |resolve, _| stop = Some(resolve));
    let task = pile(|pile| {
        pile.stop = stop;
        let files = u32::try_from(pile.summed).unwrap_or(u32::MAX);
        ClerkTask::Reports(ReportsTask { sum: pile.sum, files, what })
    });
    let reply = task_worker::ask_with_files(&CLERK, &task, files, deadline, stopped).await?;
    match postcard::from_bytes(&reply) {
        Ok(ClerkReply::Added { others, reports }) => Ok(Answer::Added(others, reports)),
        Ok(ClerkReply::Told { summary, rows }) => Ok(Answer::Told(Box::new((*summary, rows)))),
        Ok(ClerkReply::Written(file)) => Ok(Answer::Written(file.to_vec())),
        Ok(ClerkReply::Lost) => Ok(Answer::Lost),
        Ok(_) | Err(_) => Err(Failure::Garbled),
    }
}
