//! `mxray vmc`: fields, exit codes, and the files it writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::world::*;

/// A folder of our own with the files of the world in it.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("mxray-vmc-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let mut world = World::new();
    // The log of the world is none that the command knows.
    world.leaf.logged = Logged::Yes;
    let [root, issuer, leaf] = world.ders();
    fs::write(folder.join("vmc.pem"), pem(&[&leaf, &issuer])).expect("written");
    fs::write(folder.join("swapped.pem"), pem(&[&issuer, &leaf])).expect("written");
    fs::write(folder.join("root.pem"), pem(&[&root])).expect("written");
    fs::write(folder.join("logo.svg"), LOGO).expect("written");
    fs::write(folder.join("other.svg"), LOGO.replace("#06c", "#c06")).expect("written");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mxray"))
        .arg("vmc")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command runs");
    let text = |octets: Vec<u8>| String::from_utf8(octets).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

const AT: [&str; 4] = ["--at", "2025-06-01T00:00:00Z", "--roots", "root.pem"];

#[test]
fn json_is_one_object_with_the_fixed_fields() {
    let folder = folder("json");
    let (code, out, _) = run(
        &folder,
        &[&["vmc.pem", "--domain", "acme.example", "--format", "json", "--logo", "logo.svg"][..], &AT].concat(),
    );
    assert_eq!((code, out.lines().count()), (0, 1), "{out}");
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(value["file"], "vmc.pem");
    assert_eq!((&value["valid"], &value["kind"]), (&Value::Bool(true), &Value::from("vmc")));
    assert_eq!(
        (&value["mark_type"], &value["names"][0]),
        (&Value::from("Registered Mark"), &Value::from("acme.example"))
    );
    assert_eq!(value["logo"]["same_as_published"], "same");
    assert_eq!(value["certificates"][0]["role"], "leaf");
    assert_eq!(value["certificates"][2]["in_file"], false);
    for reason in value["reasons"].as_array().expect("reasons") {
        for field in ["id", "outcome", "title", "detail", "reference"] {
            assert!(reason[field].as_str().is_some_and(|text| !text.is_empty()), "{reason}");
        }
    }
    assert_eq!(value["reasons"][0]["id"], "sct-unknown-log");
    assert!(!out.contains("<svg"), "the drawing itself is not written");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn exit_codes_tell_valid_invalid_and_unreadable() {
    let folder = folder("codes");
    let with = |arguments: &[&str]| run(&folder, &[arguments, &AT].concat());
    assert_eq!(with(&["vmc.pem"]).0, 0, "without a domain the names are shown");
    assert_eq!(with(&["swapped.pem", "--domain", "acme.example"]).0, 1);
    assert_eq!(with(&["vmc.pem", "--domain", "other.example"]).0, 1);
    assert_eq!(with(&["vmc.pem", "--logo", "other.svg"]).0, 1);
    assert_eq!(with(&["logo.svg"]).0, 1, "read, and no certificate");
    let (code, text, _) = run(&folder, &["vmc.pem", "--domain", "acme.example", "--at", "2025-06-01T00:00:00Z"]);
    assert!(code == 1 && text.contains("unknown issuer"), "{text}");
    for usage in [
        &[][..],
        &["none.pem"],
        &["vmc.pem", "--at", "now"],
        &["vmc.pem", "--roots", "logo.svg"],
        &["vmc.pem", "--format", "xml"],
        &["vmc.pem", "--domain", "a..b"],
    ] {
        let (code, out, error) = run(&folder, usage);
        assert_eq!((code, out.as_str(), error.lines().count()), (2, "", 1), "{usage:?}: {error}");
    }
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn the_logo_is_saved_and_the_outline_printed() {
    let folder = folder("logo");
    let (code, text, _) = run(&folder, &[&["vmc.pem", "--save-logo", "saved.svg"][..], &AT].concat());
    assert!(code == 0 && text.contains("Verified Mark Certificate: valid"), "{text}");
    assert_eq!(fs::read_to_string(folder.join("saved.svg")).expect("saved"), LOGO);
    let (code, text, _) = run(&folder, &["vmc.pem", "--outline"]);
    assert_eq!(code, 0);
    for words in ["OBJECT IDENTIFIER logotype 1.3.6.1.5.5.7.1.12", "IA5String image/svg+xml", "[2]"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    fs::remove_dir_all(folder).expect("removed");
}
