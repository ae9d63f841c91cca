//! The browser: requests, files, workers. The only user of web-sys and gloo-net beside the components.

pub mod run;

pub use run::{Run, RunRequest, Update};
