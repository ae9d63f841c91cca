//! Many domains: a list that is read, checked a few at a time, and shown as a table. It has a state of its own, which goes
//! on while the report on one domain is shown.

mod bar;
mod changes;
mod checks;
mod earlier;
mod export;
mod filter;
mod input;
mod keep;
mod read;
mod row;
mod section;
mod state;
mod table;
mod visible;
mod way;

pub use section::Many;
pub use way::{ADDRESS, many_way};
