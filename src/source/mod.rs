//! Filling evidence with what is wanted.
