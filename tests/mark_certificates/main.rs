//! Mark Certificates: real ones, and those of an authority of our own with one thing wrong at a time, each with the one right
//! reason. OpenSSL is asked for its opinion on chain and dates of every one.

mod cases;
mod command;
mod fixtures;
mod flips;
mod real;
mod world;
