//! The browser: requests, time, workers. The only user of web-sys and gloo-net beside the components.
//!
//! The page draws and its workers think, so that no answer waits for a drawing and no record can freeze the tab: checks go
//! on in the engine (`engine` on the page's side; `engine_worker`, `run`, `fetch` in the worker), files are read in the
//! reader (`reader` and `reader_worker`; lists: `list_reader`), reports added up, written and compared by the clerk (`clerk` and `clerk_worker`;
//! `reports` and `reports_worker`), logos judged, repaired and drawn in the lab (`lab` and `lab_worker`), each with a deadline
//! (`task_worker`). All of them speak the language that the page was given (`language`). What they say to each other stands in `message`, `paper` and `drawing`.

pub mod clerk;
pub mod clerk_worker;
pub(crate) mod clock;
mod drawing;
pub mod engine;
pub mod engine_worker;
mod fetch;
pub mod lab;
pub mod lab_worker;
pub mod language;
mod list_reader;
mod message;
mod names;
mod paper;
pub mod reader;
pub mod reader_worker;
pub mod reports;
mod reports_worker;
pub(crate) mod run;
mod task_worker;
mod worker;

pub use drawing::{Drawn, Excerpt, Judgement, Octets, Picture, Repaired, Sight};
pub use engine::Run;
pub use message::{
    Brief, Judged, List, MarkAnswer, MarkRequest, News, PackRequest, Packed, Question, RunRequest, Sealed, Told,
    Unpacked, Update,
};
pub use names::domain_from_input;
pub use paper::{Form, ReportsFormat, Rows};
