//! mxray: a domain's mail security, X-rayed in the visitor's own browser.
//!
//! One line of data flow: `assess(domain, options, evidence, now) → {report, wanted}`; a source fetches what is
//! wanted into the evidence; assess again, until nothing is wanted. Everything above `source` is synchronous and
//! pure: no clock, no network, no storage, no randomness.
//!
//! The modules stand in the order in which they may use one another: each uses only what stands above it
//! (`tests/layering.rs` holds this).

#![forbid(unsafe_code)]
// On what strangers send a panic is a dead page.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented
    )
)]

#[macro_use]
pub mod say;

pub mod csv;
pub mod name;
pub mod order;
pub mod outcome;
pub mod text;
pub mod time;

pub mod input;
pub mod lists;

pub mod records;

pub mod dns;
pub mod svg;

pub mod crypto;
pub mod pki;

pub mod reports;

pub mod evidence;
pub mod wanted;

pub mod dnssec;

pub mod intake;

pub mod checks;
pub mod report;
pub mod spf_eval;

pub mod assess;
pub mod what_if;

pub mod share;

pub mod source;

#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(target_arch = "wasm32")]
pub mod ui;

#[cfg(target_arch = "wasm32")]
pub mod embed;
