//! The browser: requests, time, workers. The only user of web-sys and gloo-net beside the components.

mod clock;
mod fetch;
pub mod run;

pub use clock::now;
pub use run::{Run, RunRequest, Update};
