//! An earlier run: what “Save as JSON” wrote, or `mxray check --list FILE --brief`.

use std::collections::HashMap;

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

use crate::checks::Status;
use crate::name::DomainName;
use crate::report::Summary;
use crate::report::summary::FORMAT;
use crate::ui::words::status_id;

use super::state::MAX_DOMAINS;

/// Every status, to be known by its identifier.
pub const STATUSES: [Status; 6] =
    [Status::Fail, Status::Warn, Status::Absent, Status::Unknown, Status::Pass, Status::NotApplicable];

/// The domains of an earlier run.
#[derive(Debug)]
pub struct Earlier {
    /// Name of the file.
    pub name: String,
    /// How each domain stood.
    pub domains: HashMap<DomainName, Was>,
}

/// How a domain stood.
#[derive(Debug, PartialEq, Eq)]
pub struct Was {
    pub grade: Option<String>,
    pub points: Option<u8>,
    /// In the order of [`Summary::COLUMNS`].
    pub technologies: [Option<Status>; 9],
}

impl Earlier {
    /// Reads a file: an array of summaries, or one a line. Lines of another kind are passed over.
    pub fn read(name: String, text: &str) -> Result<Self, String> {
        let values = match JSON::parse(text) {
            Ok(value) if Array::is_array(&value) => Array::from(&value).to_vec(),
            Ok(value) => vec![value],
            Err(_) => text.lines().take(2 * MAX_DOMAINS).filter_map(|line| JSON::parse(line).ok()).collect(),
        };
        let domains: HashMap<_, _> = values.iter().take(2 * MAX_DOMAINS).filter_map(read_one).collect();
        if domains.is_empty() {
            return Err(tr!(
                "“{name}” holds no earlier run. Give the file that “Save as JSON” wrote, or the output of mxray check --list \
                 FILE --brief.",
                name
            ));
        }
        Ok(Self { name, domains })
    }
}

fn read_one(value: &JsValue) -> Option<(DomainName, Was)> {
    let field = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let word = |name: &str| field(value, name)?.as_string();
    if word("format")? != FORMAT {
        return None;
    }
    let domain = DomainName::parse(&word("domain")?).ok()?;
    let technologies = field(value, "technologies")?;
    let status = |id: &str| {
        let word = field(&technologies, id)?.as_string()?;
        STATUSES.into_iter().find(|status| status_id(*status) == word)
    };
    let points =
        field(value, "points").and_then(|points| points.as_f64()).filter(|points| (0.0..=100.0).contains(points));
    let was = Was {
        grade: word("grade").map(|grade| grade.chars().take(2).collect()),
        // Within 0 to 100.
        points: points.map(|points| points as u8),
        technologies: Summary::COLUMNS.map(|technology| status(technology.id())),
    };
    Some((domain, was))
}
