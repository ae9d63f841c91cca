//! Filling evidence with what is wanted.
//!
//! [`Session`] decides what is asked, of whom and in which order, and reads the answers; it does no input or output.
//! The command line (`native`) and the page (`web::run`) carry its requests.

#[cfg(not(target_arch = "wasm32"))]
mod gate;
mod host;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
mod relay;
mod request;
mod resolvers;
mod session;

#[cfg(not(target_arch = "wasm32"))]
pub use gate::Pace;
pub use relay::Relay;
pub use request::{Fetch, Request, Response};
pub use resolvers::{BUILT_IN, Resolver, ResolverError, ResolverState, ResolverStatus};
pub use session::{MAX_GUESSES_IN_FLIGHT, MAX_IN_FLIGHT, MAX_LOOK_UPS, Progress, Session, Settings, Verdict};
