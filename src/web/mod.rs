//! The browser: requests, time, workers. The only user of web-sys and gloo-net beside the components.
//!
//! The page draws and its workers think, so that no answer waits for a drawing and no record can freeze the tab: checks go
//! on in the engine (`engine` on the page's side; `engine_worker`, `run`, `fetch` in the worker), files are read in the
//! reader (`reader` and `reader_worker`), each with a deadline (`task_worker`). What they say to each other stands in `message`.

mod clock;
pub mod engine;
pub mod engine_worker;
mod fetch;
mod message;
mod names;
pub mod reader;
pub mod reader_worker;
mod run;
mod task_worker;
mod worker;

pub use engine::Run;
pub use message::{Judged, News, Question, RunRequest, Sealed, Update};
pub use names::domain_from_input;
