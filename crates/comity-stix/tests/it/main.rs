//! The crate against files: our own, and where they are at hand those of others.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]
#![expect(clippy::print_stderr, reason = "a test that leaves something out says so")]

mod attack;
mod checker;
mod files;
mod fuzz;
mod guide;
mod matches;
mod mutations;
mod oasis;
mod patterns;
mod reference;
mod registry;
mod schema;
mod schema_bounds;
mod valid;
