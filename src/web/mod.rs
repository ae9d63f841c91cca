//! The browser: requests, time, workers. The only user of web-sys and gloo-net beside the components.

mod clock;
mod fetch;
pub mod lab;
mod names;
pub mod run;

pub use clock::now;
pub use names::domain_from_input;
pub use run::{Run, RunRequest, Update};
