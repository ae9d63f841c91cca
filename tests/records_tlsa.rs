//! TLSA records: the table of edge cases, and any text at all.

mod table;

use mxray::records::Problem;
use mxray::records::tlsa::{Tlsa, TlsaProblem, parse};
use proptest::prelude::*;

fn line(problem: &Problem<TlsaProblem>, text: &str) -> String {
    let kind = match &problem.kind {
        TlsaProblem::Authority(authority) => format!("Authority {} {:?}", authority.name, authority.state),
        other => format!("{other:?}"),
    };
    format!("{:?} {kind} <{}>", problem.weight, problem.span.of(text))
}

fn say(text: &str) -> Vec<String> {
    let parsed = parse(text);
    let mut lines = match &parsed.record {
        None => vec!["none".to_owned()],
        Some(tlsa) => {
            let usable = if tlsa.is_usable() { "usable" } else { "unusable" };
            let shown = tlsa.text();
            let problems = tlsa.problems();
            std::iter::once(usable.to_owned()).chain(problems.iter().map(|problem| line(problem, &shown))).collect()
        }
    };
    lines.extend(parsed.problems.iter().map(|problem| line(problem, text)));
    lines
}

#[test]
fn the_table_holds() {
    assert!(table::run("tlsa.txt", say) >= 19);
}

fn spans_fit(text: &str) {
    for problem in parse(text).problems {
        assert!(text.get(problem.span.start..problem.span.end).is_some(), "{problem:?} in {text:?}");
    }
}

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,100}") {
        spans_fit(&text);
    }

    #[test]
    fn anything_like_a_record(text in "[ 0-9+\u{a0}]{0,4} ?[0-9]{1,4}[ \t][0-9]{1,3} [0-9a-fA-Fé ]{0,140}") {
        spans_fit(&text);
    }

    /// What is written is read back, and a problem's place is in the text that is shown.
    #[test]
    fn any_record(usage: u8, selector: u8, matching: u8, data in proptest::collection::vec(any::<u8>(), 1..140)) {
        let tlsa = Tlsa { usage, selector, matching, data };
        let text = tlsa.text();
        for problem in tlsa.problems() {
            prop_assert!(text.get(problem.span.start..problem.span.end).is_some());
        }
        prop_assert_eq!(parse(&text).record, Some(tlsa));
    }

    /// A record that senders can use has no fault, and one with a fault cannot be used.
    #[test]
    fn usable_means_without_fault(usage in 0u8..6, selector in 0u8..4, matching in 0u8..5, length in 0usize..70) {
        let tlsa = Tlsa { usage, selector, matching, data: vec![7; length] };
        let faulty = tlsa.problems().iter().any(|problem| problem.weight == mxray::records::Weight::Fault);
        prop_assert_eq!(tlsa.is_usable(), !faulty);
    }
}
