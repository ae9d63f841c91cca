//! What page and lab say to each other about a drawing, as postcard octets like everything between page and workers.

use std::fmt;
use std::rc::Rc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::svg::Verdict;
use crate::svg::seen::Observation;

/// What the lab is asked for.
#[derive(Serialize, Deserialize)]
pub(super) enum LabTask<'a> {
    /// To judge a file.
    Judge {
        #[serde(serialize_with = "in_one_piece")]
        bytes: &'a [u8],
    },
    /// To tell what is seen of it, and to draw it in several sizes, in pixels.
    Draw {
        #[serde(serialize_with = "in_one_piece")]
        bytes: &'a [u8],
        sizes: Vec<u32>,
    },
    /// To repair it; pictures of before and after have this size.
    Repair {
        #[serde(serialize_with = "in_one_piece")]
        bytes: &'a [u8],
        title: Option<String>,
        size: u32,
    },
}

/// What comes back.
#[derive(Serialize, Deserialize)]
pub(super) enum LabReply {
    /// How a file was judged.
    Judged(Judgement),
    /// What is seen.
    Drawn(Drawn),
    /// What became of it.
    Repaired(Box<Repaired>),
    /// Why there is nothing.
    Refused(String),
}

/// How a file was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Where its faults are, in their order.
    pub excerpts: Vec<Excerpt>,
}

/// A line of a file with what is wrong in it; long lines are cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// What stands before it in the line.
    pub before: String,
    /// What is wrong.
    pub marked: String,
    /// What stands behind it.
    pub after: String,
}

/// What is seen of a drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// What a person would notice.
    pub seen: Vec<Observation>,
    /// The pictures, in the sizes that were asked for.
    pub pictures: Vec<Picture>,
}

/// What became of a drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repaired {
    /// The repaired file.
    pub svg: String,
    /// What was changed, in sentences.
    pub changes: Vec<String>,
    /// What could not be kept, in sentences.
    pub lost: Vec<String>,
    /// How the result was judged.
    pub judgement: Judgement,
    /// What before and after look like; the reason where it cannot be told.
    pub sight: Result<Sight, String>,
}

/// Before and after, seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sight {
    /// The original.
    pub before: Picture,
    /// The result.
    pub after: Picture,
    /// Where they differ: black where they do not.
    pub difference: Picture,
    /// How much, in hundredths of the most that two pictures can differ.
    pub percent: f64,
}

/// Pixels: red, green, blue, alpha, not multiplied with alpha.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Four octets for each pixel.
    pub rgba: Octets,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} pixels", self.width, self.height)
    }
}

/// Writes octets at once, not one by one: megabytes would hold up the page.
pub(super) fn in_one_piece<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(octets)
}

/// Octets that are carried in one piece and shared where they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Octets(pub Rc<[u8]>);

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Piece;
        impl Visitor<'_> for Piece {
            type Value = Octets;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("octets")
            }

            fn visit_bytes<E: Error>(self, octets: &[u8]) -> Result<Octets, E> {
                Ok(Octets(octets.into()))
            }
        }
        deserializer.deserialize_bytes(Piece)
    }
}
