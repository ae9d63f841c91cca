//! `mxray check --list FILE` and `--evidence-lines FILE`: many domains, one line of JSON each.
//!
//! One thread reads and writes, others work. What is read ahead and what waits to be written are both bounded, so that a
//! list of any length takes the memory of a few reports. What is wrong with a line costs that line only.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use lexopt::{Parser, ValueExt};
use mxray::assess::assess;
use mxray::checks::Options;
use mxray::evidence::Evidence;
use mxray::name::DomainName;
use mxray::report::{Report, Summary};
use mxray::source::native::{self, Transport};
use mxray::source::{Pace, Settings};
use mxray::time::UnixTime;
use serde_json::{Value, json};

use crate::Failed;
use crate::lines::{Item, Items, Work};

/// Checks at once, unless said otherwise: a resolver at 20 ms is then asked some 400 questions a second.
const DEFAULT_JOBS: usize = 4;
/// Most checks at once: each may have 32 requests under way, with a thread each.
const MAX_JOBS: usize = 64;
/// Most threads that judge evidence; more cores are better served by more processes.
const MAX_JUDGES: usize = 256;
/// Most questions under way to one resolver, of all checks together.
const IN_FLIGHT: usize = 64;
/// Most questions a second to one resolver, unless said otherwise: a third of what Google's allows one address (1,500).
const DEFAULT_RATE: u32 = 500;
/// Most that can be asked for: a resolver of one's own.
const MAX_RATE: u32 = 100_000;
/// With `--in-order`, so many finished lines a job wait for a slow one before them.
const WAITING_PER_JOB: usize = 16;

/// What is asked for.
#[derive(Default)]
pub struct Many {
    /// Where the domains or their evidence come from.
    pub input: Option<Input>,
    jobs: Option<usize>,
    rate: Option<u32>,
    in_order: bool,
    brief: bool,
    column: Option<String>,
    /// An option that means nothing without a list.
    lonely: Option<&'static str>,
}

/// Where the domains come from.
pub enum Input {
    /// A list of domains, which are looked up.
    List(PathBuf),
    /// A line of evidence for each domain; nothing is looked up.
    EvidenceLines(PathBuf),
}

/// What every check of a run has in common.
pub struct Common {
    /// Selectors, anchors, roots.
    pub options: Options,
    /// How look-ups are made.
    pub settings: Settings,
    /// What is known beforehand.
    pub evidence: Evidence,
    /// The time to judge at, where one was given.
    pub at: Option<UnixTime>,
    /// Fewer points fail.
    pub fail_under: Option<u8>,
}

impl Many {
    /// The options that [`Many::read`] knows, without dashes.
    pub const OPTIONS: [&str; 7] = ["list", "evidence-lines", "jobs", "rate", "in-order", "brief", "column"];

    /// Reads one of its options.
    pub fn read(&mut self, option: &str, arguments: &mut Parser) -> Result<(), Failed> {
        match option {
            "list" => self.take_input(Input::List(arguments.value()?.into()))?,
            "evidence-lines" => self.take_input(Input::EvidenceLines(arguments.value()?.into()))?,
            "jobs" => {
                let jobs = number("--jobs", arguments.value()?, 1_000)?;
                (self.jobs, self.lonely) = (usize::try_from(jobs).ok(), Some("--jobs"));
            }
            "rate" => {
                (self.rate, self.lonely) = (Some(number("--rate", arguments.value()?, MAX_RATE)?), Some("--rate"))
            }
            "column" => (self.column, self.lonely) = (Some(arguments.value()?.string()?), Some("--column")),
            "in-order" => (self.in_order, self.lonely) = (true, Some("--in-order")),
            _ => (self.brief, self.lonely) = (true, Some("--brief")),
        }
        Ok(())
    }

    fn take_input(&mut self, input: Input) -> Result<(), Failed> {
        if self.input.replace(input).is_some() {
            return Err(Failed("one --list or one --evidence-lines at a time; `cat` joins files".into()));
        }
        Ok(())
    }

    /// Refuses options that need a list where there is none.
    pub fn check(&self) -> Result<(), Failed> {
        match self.lonely.filter(|_| self.input.is_none()) {
            Some(option) => Err(Failed(format!("{option} goes with --list or --evidence-lines"))),
            None => Ok(()),
        }
    }

    fn jobs(&self, judges: bool) -> Result<usize, Failed> {
        let (default, most) = if judges {
            (thread::available_parallelism().map_or(1, usize::from), MAX_JUDGES)
        } else {
            (DEFAULT_JOBS, MAX_JOBS)
        };
        match self.jobs {
            Some(jobs) if jobs > most => Err(Failed(format!("--jobs {jobs}: at most {most}"))),
            jobs => Ok(jobs.unwrap_or(default).min(most)),
        }
    }
}

/// Checks them all.
pub fn run(many: &Many, common: &Common) -> Result<ExitCode, Failed> {
    let (items, judges) = match &many.input {
        Some(Input::List(path)) => (Items::list(path, many.column.as_deref())?, false),
        Some(Input::EvidenceLines(path)) => (Items::evidence(path)?, true),
        None => return Err(Failed("check what? give a list".into())),
    };
    let jobs = many.jobs(judges)?;
    let pace = Pace { in_flight: IN_FLIGHT, per_second: many.rate.unwrap_or(DEFAULT_RATE) };
    let transport = Transport::paced(pace);
    let work =
        |work: Work| judge(work, common, &transport).map(|report| line_of(&report, many.brief, common.fail_under));
    let mut tally = Tally::default();
    let duplicates = carry_out(items, jobs, many.in_order, &work, &mut tally)?;
    eprintln!("mxray: {}", tally.words(duplicates));
    Ok(ExitCode::from(u8::from(tally.failed + tally.under > 0)))
}

/// One finished line, and whether it is under what was asked for.
type Finished = Result<(String, bool), String>;

/// How many lines came to what.
#[derive(Default)]
struct Tally {
    done: u64,
    under: u64,
    failed: u64,
}

impl Tally {
    fn words(&self, duplicates: u64) -> String {
        let count = |number: u64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let mut words = count(self.done, "domain", "domains");
        for (number, what) in
            [(self.under, "under --fail-under"), (self.failed, "failed"), (duplicates, "there twice, left out")]
        {
            if number > 0 {
                words.push_str(&format!(", {} {what}", count(number, "line", "lines")));
            }
        }
        words
    }
}

/// Hands items to workers and writes what comes of them. Gives the number of duplicates.
fn carry_out(
    mut items: Items,
    jobs: usize,
    in_order: bool,
    work: &(impl Fn(Work) -> Finished + Sync),
    tally: &mut Tally,
) -> Result<u64, Failed> {
    let (give, take) = mpsc::channel::<(u64, Item)>();
    let take = Mutex::new(take);
    let (tell, hear) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (tell, take) = (tell.clone(), &take);
            scope.spawn(move || {
                loop {
                    // Held while waiting for one item only; a worker that ended within it has taken none.
                    let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((place, item)) = next else { return };
                    let Item { input, line, work: todo } = item;
                    let finished = todo.and_then(work);
                    if tell.send((place, input, line, finished)).is_err() {
                        return;
                    }
                }
            });
        }
        // A worker that is gone gives no result: then nobody holds this end, and waiting ends.
        drop(tell);
        let most = if in_order { jobs * WAITING_PER_JOB } else { jobs * 2 };
        let mut out =
            Out { stdout: std::io::stdout().lock(), buffer: Vec::new(), in_order, waiting: BTreeMap::new(), next: 0 };
        let (mut given, mut more) = (0_u64, true);
        let mut outstanding = 0;
        loop {
            while more && outstanding + out.waiting.len() < most {
                match items.next()? {
                    Some(item) => {
                        outstanding += 1;
                        // The workers live as long as this end of the channel.
                        let _ = give.send((given, item));
                        given += 1;
                    }
                    None => more = false,
                }
            }
            if outstanding == 0 {
                break;
            }
            let (place, input, line, finished) = match hear.try_recv() {
                Ok(result) => result,
                Err(_) => {
                    if !out.flush()? {
                        break;
                    }
                    hear.recv().map_err(|_| Failed("the workers ended early: a fault of mxray's own".into()))?
                }
            };
            outstanding -= 1;
            let text = match finished {
                Ok((text, under)) => {
                    tally.done += 1;
                    tally.under += u64::from(under);
                    text
                }
                Err(error) => {
                    tally.failed += 1;
                    json!({ "input": input, "line": line, "error": error }).to_string()
                }
            };
            out.put(place, text);
            if out.buffer.len() > MAX_BUFFER && !out.flush()? {
                break;
            }
        }
        drop(give);
        out.flush()?;
        Ok(items.duplicates())
    })
}

/// So many octets are collected before they are written, unless nothing else is there to do.
const MAX_BUFFER: usize = 256 * 1024;

/// Where lines go.
struct Out<'s> {
    stdout: std::io::StdoutLock<'s>,
    buffer: Vec<u8>,
    in_order: bool,
    /// Lines that wait for one before them.
    waiting: BTreeMap<u64, String>,
    next: u64,
}

impl Out<'_> {
    fn put(&mut self, place: u64, line: String) {
        if !self.in_order {
            return self.write(&line);
        }
        self.waiting.insert(place, line);
        while let Some(line) = self.waiting.remove(&self.next) {
            self.write(&line);
            self.next += 1;
        }
    }

    fn write(&mut self, line: &str) {
        self.buffer.extend(line.as_bytes());
        self.buffer.push(b'\n');
    }

    /// Whether somebody still reads.
    fn flush(&mut self) -> Result<bool, Failed> {
        let written = self.stdout.write_all(&self.buffer).and_then(|()| self.stdout.flush());
        self.buffer.clear();
        match written {
            Ok(()) => Ok(true),
            // A reader that has seen enough (`| head`) is no failure.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(Failed(error.to_string())),
        }
    }
}

/// The report on one item. A fault of mxray's own costs that item only.
fn judge(work: Work, common: &Common, transport: &Transport) -> Result<Report, String> {
    let judged = catch_unwind(AssertUnwindSafe(|| match work {
        Work::Domain(domain) => Ok(look_up(domain, common, transport)),
        Work::Evidence(octets) => by_evidence(&octets, common),
    }));
    judged.unwrap_or_else(|_| Err("mxray broke on this one, a fault of its own; please report what was checked".into()))
}

fn look_up(domain: DomainName, common: &Common, transport: &Transport) -> Report {
    let now = common.at.or(common.evidence.taken_at.filter(|_| common.settings.offline)).unwrap_or_else(native::now);
    let (options, settings) = (common.options.clone(), common.settings.clone());
    transport.check(domain, options, settings, common.evidence.clone(), now, |_| {}).0.report
}

fn by_evidence(octets: &[u8], common: &Common) -> Result<Report, String> {
    let evidence = Evidence::from_json(octets).map_err(|error| format!("column {}: {}", error.column, error.reason))?;
    let domain = evidence.domain.clone().ok_or("the evidence does not say which “domain” it is about")?;
    let at = common.at.or(evidence.taken_at).unwrap_or_else(native::now);
    Ok(assess(&domain, &common.options, &evidence, at).report)
}

/// A report in one line, and whether it is under what was asked for.
fn line_of(report: &Report, brief: bool, fail_under: Option<u8>) -> (String, bool) {
    let under = fail_under.is_some_and(|least| report.score.points.is_none_or(|points| points < least));
    let text = if brief { serde_json::to_string(&Summary::of(report)) } else { serde_json::to_string(report) };
    let fault = |error: serde_json::Error| Value::from(error.to_string()).to_string();
    (text.unwrap_or_else(fault), under)
}

/// A whole number from 1 up to a limit.
fn number(option: &str, value: OsString, most: u32) -> Result<u32, Failed> {
    let text = value.string()?;
    match text.parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(Failed(format!("{option} “{text}”: a number from 1 to {most}"))),
    }
}
