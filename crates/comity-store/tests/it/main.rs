//! What the store promises. `suite` holds for every backend; the rest is about one of them.
#![cfg(test)]

mod backup;
mod files;
mod fuzz;
mod model;
mod sqlite;
mod suite;
mod support;
mod turns;

suite::every_promise!(crate::support::fresh);
