//! The catalogs of `www/words`, as translators have them.

use std::fs;

/// The entries of a catalog as `(original, translation)`, the forms of a plural with NUL between them; without its head.
pub fn entries(file: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(format!("www/words/{file}")).expect("a catalog");
    let both = |entry| (forms(entry, "msgid"), forms(entry, "msgstr"));
    text.split("\n\n").map(both).filter(|(original, _)| !original.is_empty()).collect()
}

/// What stands behind one keyword (`msgid` and `msgid_plural`, or `msgstr` and `msgstr[1]`), every literal of it in one piece.
fn forms(entry: &str, keyword: &str) -> String {
    let mut forms: Vec<String> = Vec::new();
    let mut within = false;
    for line in entry.lines() {
        let literal = line.find('"').and_then(|at| line.get(at + 1..)?.strip_suffix('"'));
        let Some(literal) = literal.filter(|_| !line.starts_with('#')) else { continue };
        if !line.starts_with('"') {
            within = line.starts_with(keyword);
            if within {
                forms.push(String::new());
            }
        }
        if let Some(form) = forms.last_mut().filter(|_| within) {
            form.push_str(literal);
        }
    }
    forms.join("\0").replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")
}
