//! The files in `tests/data/mark` are of this world: the fixtures of checks, journeys and the command line hold them.
//! `UPDATE_EXPECT=1` writes them anew, and then fails.

use std::fs;
use std::path::Path;

use super::world::*;

const FOLDER: &str = "tests/data/mark";

/// What each file holds.
fn files() -> Vec<(&'static str, String)> {
    let chain = |world: &World| {
        let [root, issuer, leaf] = world.ders();
        pem(&[&leaf, &issuer, &root])
    };
    let world = World::new();
    let [root, issuer, mut leaf] = world.ders();
    let key = logs().first().map(|log| pem_block("PUBLIC KEY", &log.spki)).expect("a log");
    // The last octet is one of the signature.
    if let Some(last) = leaf.last_mut() {
        *last ^= 1;
    }
    let mut of_another = World::new();
    of_another.issuer.tell("2.5.4.10", "DigiCert, Inc.");
    vec![
        ("roots.pem", pem(&[&root]) + &key),
        ("acme.pem", chain(&world)),
        ("altered.pem", pem(&[&leaf, &issuer, &root])),
        ("known-authority.pem", chain(&of_another)),
        ("logo.svg", LOGO.to_owned()),
    ]
}

#[test]
fn the_files_are_of_this_world() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut odd = Vec::new();
    for (name, text) in files() {
        let path = Path::new(FOLDER).join(name);
        if fs::read_to_string(&path).unwrap_or_default() == text {
            continue;
        }
        if update {
            fs::create_dir_all(FOLDER).expect("a folder");
            fs::write(&path, text).expect("a file");
        }
        odd.push(name);
    }
    assert!(odd.is_empty(), "{odd:?} differ from the world of the tests (UPDATE_EXPECT=1 writes them)");
}
