//! The rooms of the house: each module uses only what stands above it, and the core knows no browser and no clock.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order of `src/lib.rs`: a file may name a module at its own place or earlier.
fn order() -> Vec<String> {
    let text = fs::read_to_string("src/lib.rs").expect("src/lib.rs is readable");
    text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

/// The modules that only exist in wasm, and so may name browser crates.
const BROWSER_ROOMS: [&str; 3] = ["web", "ui", "embed"];

/// Crates that only the browser rooms may name.
const BROWSER_CRATES: [&str; 7] =
    ["yew", "web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures", "gloo_net", "serde_wasm_bindgen"];

/// What a pure core does not touch: clock, network, files, environment, threads.
const IMPURE: [&str; 7] =
    ["time::Instant", "time::SystemTime", "SystemTime::now", "net::Tcp", "std::fs", "std::env", "std::thread"];

fn rust_files(under: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(under).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// Every source file of the library: its module, its path, and its code without comments and tests.
fn sources() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    files
        .into_iter()
        .filter(|path| !path.starts_with("src/bin") && path != Path::new("src/lib.rs"))
        .map(|path| {
            let room = path.strip_prefix("src").expect("below src").components().next().expect("a name");
            let room = room.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).expect("a readable file");
            (room, path, code_of(&text))
        })
        .collect()
}

/// The code of a file: without the lines that are comments, and without everything from `#[cfg(test)]` on.
fn code_of(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that a file names: `crate::room`, and each name of `crate::{a::…, b}`.
fn rooms_named(code: &str) -> Vec<String> {
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = Vec::new();
    for after in code.split("crate::").skip(1) {
        let Some(inner) = after.strip_prefix('{') else {
            rooms.push(word(after));
            continue;
        };
        let mut depth = 0;
        let mut at_start = true;
        for (at, character) in inner.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => at_start = true,
                c if at_start && !c.is_whitespace() => {
                    rooms.push(word(&inner[at..]));
                    at_start = false;
                }
                _ => {}
            }
        }
    }
    rooms
}

#[test]
fn each_room_uses_only_what_stands_above_it() {
    let order = order();
    assert!(order.len() >= 10, "src/lib.rs lists the rooms one a line: {order:?}");
    let place: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut looked_at = 0;
    for (room, path, code) in sources() {
        let own = place.get(room.as_str()).unwrap_or_else(|| panic!("{}: not a room of src/lib.rs", path.display()));
        for named in rooms_named(&code) {
            let Some(other) = place.get(named.as_str()) else { continue };
            looked_at += 1;
            assert!(other <= own, "{}: `{room}` stands above `{named}` and must not use it", path.display());
        }
    }
    assert!(looked_at > 40, "only {looked_at} uses seen: the test does not see the code");
}

#[test]
fn the_core_names_no_browser_crate() {
    for (room, path, code) in sources() {
        if BROWSER_ROOMS.contains(&room.as_str()) {
            continue;
        }
        for name in BROWSER_CRATES {
            assert!(!code.contains(&format!("{name}::")), "{}: the core must not use {name}", path.display());
        }
    }
    let manifest = fs::read_to_string("Cargo.toml").expect("a manifest");
    let common = manifest
        .split("\n[")
        .find(|section| section.starts_with("dependencies]"))
        .expect("a section of common dependencies");
    for name in BROWSER_CRATES {
        let name = name.replace('_', "-");
        assert!(!common.contains(&format!("\n{name} =")), "{name} must be a dependency of wasm builds only");
    }
}

/// What the page must not reach: its wasm would hold the whole core a second time, beside the engine's.
const ENGINE_ONLY: [&str; 9] = [
    "assess::assess",
    "crate::evidence",
    "crate::dns::",
    "Prover",
    "Inquiry",
    "crate::source::Session",
    "check_host",
    "what_if::apply",
    "intake::read",
];

#[test]
fn the_page_draws_and_does_not_think() {
    let mut looked_at = 0;
    for (_, path, code) in sources().into_iter().filter(|(room, _, _)| room == "ui") {
        looked_at += 1;
        for name in ENGINE_ONLY {
            assert!(!code.contains(name), "{}: {name} belongs into a worker", path.display());
        }
    }
    assert!(looked_at > 20, "only {looked_at} files of the page seen");
}

#[test]
fn below_source_nothing_is_impure() {
    let order = order();
    let source = order.iter().position(|room| room == "source").expect("a room named source");
    for (room, path, code) in sources() {
        if order.iter().position(|name| *name == room).is_some_and(|at| at >= source) {
            continue;
        }
        for word in IMPURE {
            assert!(!code.contains(word), "{}: {word} has no place in the pure core", path.display());
        }
        assert!(!code.contains("async fn") && !code.contains(".await"), "{}: no async below source", path.display());
    }
}

#[test]
fn text_reaches_the_page_as_text_only() {
    for (_, path, code) in sources() {
        for word in ["from_html_unchecked", "set_inner_html", "inner_html", "insert_adjacent_html"] {
            assert!(!code.contains(word), "{}: {word} would let strangers write markup", path.display());
        }
    }
}
