//! TLS reports a second on one core: the whole analysis by mxray, from octets to the summary, and mail-auth's parse of the
//! same texts, in turn. The last line is JSON for `benches/run.mjs`, which runs parsedmarc beside it.
//!
//! The texts are RFC 8460's example (1.6 KB), each with an id of its own, so that none is a duplicate. mail-auth gets them
//! with `mx-host` in an array: it refuses the example as it is printed.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use mail_auth::report::tlsrpt::TlsReport;
use mxray::reports::Fold;

/// How many reports are read in a turn: 16 MB, which no cache near the core holds.
const REPORTS: u64 = 10_000;
/// Rounds of each; the fastest counts, since other work on the machine only ever slows one down.
const ROUNDS: usize = 7;

fn main() {
    let folder = std::env::var_os("MXRAY_CORPORA").map_or_else(|| PathBuf::from("../shared/corpora"), PathBuf::from);
    let path = folder.join("tls-rpt/rfc8460.json");
    let Ok(example) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there (MXRAY_CORPORA names the folder above it)", path.display());
        return;
    };
    let id = "5065427c-23d3-47ca-b6e0-946ea0e8c4be";
    assert!(example.contains(id), "the example has its id");
    let texts: Vec<String> = (0..REPORTS).map(|number| example.replace(id, &format!("{number:036}"))).collect();
    let pattern = "\"*.mail.company-y.example\"";
    let arrays: Vec<String> = texts.iter().map(|text| text.replace(pattern, &format!("[{pattern}]"))).collect();

    let mut best = [f64::MAX; 2];
    for _ in 0..ROUNDS {
        best[0] = best[0].min(seconds(|| {
            let mut fold = Fold::new();
            for text in &texts {
                fold.read("report.json", text.as_bytes());
            }
            let summary = fold.summary();
            assert_eq!((summary.reports, summary.sessions.failed), (REPORTS, 303 * REPORTS));
            drop(black_box(summary));
        }));
        best[1] = best[1].min(seconds(|| {
            for text in &arrays {
                let report = TlsReport::parse_json(text.as_bytes()).expect("a report");
                assert_eq!(report.policies.len(), 1);
                drop(black_box(report));
            }
        }));
    }
    let [mxray, mail_auth] = best.map(|seconds| REPORTS as f64 / seconds);
    println!("{{\"reports\":{REPORTS},\"bytes\":{},\"mxray\":{mxray:.0},\"mail_auth\":{mail_auth:.0}}}", example.len());
}

/// How long something keeps the processor busy; where that cannot be told, how long it takes.
fn seconds(work: impl Fn()) -> f64 {
    let (busy, started) = (busy(), Instant::now());
    work();
    match (busy, self::busy()) {
        (Some(before), Some(after)) if after > before => (after - before).as_secs_f64(),
        _ => started.elapsed().as_secs_f64(),
    }
}

/// How long this thread has kept a processor busy, as Linux tells it.
fn busy() -> Option<Duration> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    line.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
