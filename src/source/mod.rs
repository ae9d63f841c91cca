//! Filling evidence with what is wanted.

mod resolvers;

pub use resolvers::{BUILT_IN, Resolver, ResolverError, ResolverState, ResolverStatus};
