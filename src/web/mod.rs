//! The browser: requests, time, workers. The only user of web-sys and gloo-net beside the components.
//!
//! The page draws and its workers think, so that no answer waits for a drawing and no record can freeze the tab: checks go
//! on in the engine (`engine` on the page's side; `engine_worker`, `run`, `fetch` in the worker), files are read in the
//! lab (`lab` and `lab_worker`), each with a deadline. What they say to each other stands in `message`.

mod clock;
pub mod engine;
pub mod engine_worker;
mod fetch;
pub mod lab;
pub mod lab_worker;
mod message;
mod names;
mod run;
mod worker;

pub use engine::Run;
pub use message::{Judged, News, Question, RunRequest, Sealed, Update};
pub use names::domain_from_input;
