//! The facts of a technology between worker and page. In files they are plain JSON; what travels is not self-describing,
//! so that each value has to say what it is.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// A JSON value that says what it is.
#[derive(Serialize, Deserialize)]
enum Carried {
    Null,
    Bool(bool),
    Whole(i64),
    Float(f64),
    Text(String),
    List(Vec<Carried>),
    Object(Vec<(String, Carried)>),
}

impl From<&Value> for Carried {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Self::Whole(whole),
                None => Self::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::Object(fields.iter().map(|(name, value)| (name.clone(), Self::from(value))).collect())
            }
        }
    }
}

impl From<Carried> for Value {
    fn from(carried: Carried) -> Self {
        match carried {
            Carried::Null => Self::Null,
            Carried::Bool(value) => Self::Bool(value),
            Carried::Whole(whole) => Self::Number(whole.into()),
            Carried::Float(float) => Number::from_f64(float).map_or(Self::Null, Self::Number),
            Carried::Text(text) => Self::String(text),
            Carried::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Carried::Object(fields) => {
                Self::Object(fields.into_iter().map(|(name, value)| (name, Self::from(value))).collect())
            }
        }
    }
}

/// For `#[serde(with)]`: as it is for readers of text formats.
pub fn serialize<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        value.serialize(serializer)
    } else {
        Carried::from(value).serialize(serializer)
    }
}

/// For `#[serde(with)]`: only what travelled is ever read.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Carried::deserialize(deserializer).map(Value::from)
}
