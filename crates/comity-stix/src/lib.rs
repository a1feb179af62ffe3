//! STIX 2.1 as exact bytes: heads, identifiers, timestamps, validation, streaming readers, lossless edits.
//!
//! Nothing here parses an object to print it again. An object is the bytes that somebody wrote; this
//! crate reads them where they lie and says what they hold:
//!
//! - [`head`] scans an object once and gives what a store and a policy need: id, type, version,
//!   markings, references. It checks the JSON in full and builds no tree.
//! - [`check`] reports every broken rule of the standard, each with a JSON pointer, a byte offset, a stable
//!   code, the section and a sentence that says how to mend it. The rules stand in [`types`], as tables.
//! - [`reader::Objects`] takes objects one by one out of bundles, lists and JSON lines of any size, in
//!   constant memory.
//! - [`edit::Edits`] changes single values and leaves every other byte as it was.
//! - [`marking`] says what holds for any property: TLP, PAP, statements, languages, object-level or granular.
//! - [`pattern`] reads patterns (section 9), and matches one or ten thousand of them against observations.
//! - [`id`], [`timestamp`] and [`json`] are the parts these are made of.
//!
//! Whatever comes in is taken for hostile until it was read: [`Limits`] bound size, depth and count
//! before any work is done. No function here does input or output but through the reader it is given,
//! and none asks for the time or for randomness.
//!
//! Section numbers without a document are those of the standard, STIX Version 2.1.

pub mod assigned;
mod check;
pub mod edit;
mod finding;
mod head;
pub mod id;
pub mod json;
mod limits;
pub mod marking;
pub mod pattern;
mod pointer;
pub mod reader;
pub mod registry;
pub mod sample;
pub mod schema;
pub mod timestamp;
pub mod types;

pub use check::{Checker, Report, Unknown, UnknownKind, check, versions};
pub use finding::{Code, Finding, Lang, Severity};
pub use head::{Head, OwnedHead, head};
pub use limits::Limits;
