//! The rows that are shown, as files.

use std::rc::Rc;

use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::report::Summary;
use crate::ui::words::status_id;

use super::changes::changes;
use super::earlier::Earlier;
use super::state::{Known, Row};

/// CSV, RFC 4180: a row of titles, then one a domain.
pub fn csv(rows: &[Rc<Row>], earlier: Option<&Earlier>) -> String {
    let mut text = String::from("domain,grade,points");
    for technology in Summary::COLUMNS {
        text.push(',');
        text.push_str(technology.id());
    }
    text.push_str(",to_fix,to_improve,unknown,taken_at,error");
    if earlier.is_some() {
        text.push_str(",changed");
    }
    for row in rows {
        text.push_str("\r\n");
        text.push_str(row.domain.as_str());
        match &row.result {
            Known::Done(summary) => {
                let points = summary.points.map_or_else(String::new, |points| points.to_string());
                let grade = summary.grade.map_or("", |grade| grade.label());
                text.push_str(&format!(",{grade},{points}"));
                for status in summary.technologies {
                    text.push(',');
                    text.push_str(status_id(status));
                }
                let Summary { to_fix, to_improve, unknown, taken_at, .. } = summary.as_ref();
                text.push_str(&format!(",{to_fix},{to_improve},{unknown},{taken_at},"));
            }
            Known::Waiting => text.push_str(&format!("{},not checked", ",".repeat(15))),
            Known::Failed(why) => text.push_str(&format!("{},{}", ",".repeat(15), quoted(why))),
        }
        if let Some(earlier) = earlier {
            let changed = match &row.result {
                Known::Done(summary) => changes(earlier, summary).join("; "),
                _ => String::new(),
            };
            text.push_str(&format!(",{}", quoted(&changed)));
        }
    }
    text.push_str("\r\n");
    text
}

/// A cell in quotes, RFC 4180 §2.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// JSON: an array with one summary a line; `{"input", "error"}` where a domain could not be checked.
pub fn json(rows: &[Rc<Row>]) -> Option<String> {
    let lines: Option<Vec<String>> = rows.iter().map(|row| line(row)).collect();
    Some(format!("[\n{}\n]\n", lines?.join(",\n")))
}

fn line(row: &Row) -> Option<String> {
    let value = match &row.result {
        Known::Done(summary) => summary.serialize(&Serializer::json_compatible()).ok()?,
        Known::Waiting => failed(row, "not checked")?,
        Known::Failed(why) => failed(row, why)?,
    };
    JSON::stringify(&value).ok().map(String::from)
}

fn failed(row: &Row, why: &str) -> Option<JsValue> {
    let entries = [("input", row.domain.as_str()), ("error", why)];
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &name.into(), &value.into()).ok()?;
    }
    Some(object.into())
}
