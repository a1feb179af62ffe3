//! STIX 2.1 as exact bytes: validation, heads, markings, patterns, extensions, streaming readers, lossless edits.
//!
//! Nothing here parses an object to print it again. An object is the bytes that somebody wrote; this crate reads them
//! where they lie and says what they hold. Guides and a page for every type stand in docs/stix.
//!
//! # Checking
//!
//! [`check`] reports every broken rule of the standard, not only the first: each with a JSON pointer, a byte offset, a
//! stable code, the section, and a sentence that says how to mend it. The rules stand in [`types`], as tables.
//!
//! ```
//! use comity_stix::{Lang, Limits, Severity, check};
//!
//! let object = br#"{"type": "url", "id": "url--c1477287-23ac-5971-a010-5c287877fa60", "valu": "https://example.org"}"#;
//! let report = check(object, &Limits::default());
//! assert!(!report.is_valid());
//!
//! let broken = report.findings.iter().find(|finding| finding.severity == Severity::Must).unwrap();
//! assert_eq!((broken.code.as_str(), broken.pointer.as_str()), ("missing-property", ""));
//! assert_eq!(broken.message(), "the required property `value` is missing: add it");
//! assert_eq!(broken.message_in(Lang::Es), "falta la propiedad obligatoria `value`: agréguela");
//! ```
//!
//! # Extensions
//!
//! A [`registry::Registry`] holds extension definitions and their JSON schemas, and [`Checker`] checks what they add as
//! strictly as the standard's own types. What nobody knows is no finding: it is named in [`Report::unknown`].
//!
//! ```
//! use comity_stix::registry::Registry;
//! use comity_stix::{Checker, Limits};
//!
//! let definition = br#"{"type": "extension-definition", "spec_version": "2.1",
//!     "id": "extension-definition--15d6e795-6f05-4f40-b292-3c19c1c7ed5b",
//!     "created": "2026-01-05T00:00:00.000Z", "modified": "2026-01-05T00:00:00.000Z",
//!     "created_by_ref": "identity--743a6a93-6930-4398-9d60-fac724982781",
//!     "name": "Seals", "schema": "beside", "version": "1.0.0", "extension_types": ["new-sco"]}"#;
//! let schema = br#"{"properties": {"type": {"const": "seal"}, "number": {"type": "string"}}, "required": ["number"]}"#;
//!
//! let limits = Limits::default();
//! let mut registry = Registry::default();
//! registry.add(definition, Some(schema), &limits)?;
//!
//! let object = br#"{"type": "seal", "id": "seal--8a886063-3d9f-4c16-a560-b82ef5183313", "number": 4417, "extensions":
//!     {"extension-definition--15d6e795-6f05-4f40-b292-3c19c1c7ed5b": {"extension_type": "new-sco"}}}"#;
//! let report = Checker::new(&limits).with_registry(&registry).check(object);
//! assert!(report.findings.iter().any(|finding| finding.pointer == "/number"));
//! # Ok::<(), comity_stix::registry::RegistryError>(())
//! ```
//!
//! # Heads
//!
//! [`head`] scans an object once and gives what a store and a policy need. It checks the JSON in full and builds no tree.
//!
//! ```
//! use comity_stix::{Limits, head};
//!
//! let object = br#"{"type": "sighting", "id": "sighting--8a886063-3d9f-4c16-a560-b82ef5183313",
//!     "sighting_of_ref": "indicator--743a6a93-6930-4398-9d60-fac724982781"}"#;
//! let head = head(object, &Limits::default())?;
//! assert_eq!(head.type_, "sighting");
//! assert_eq!(head.refs, ["indicator--743a6a93-6930-4398-9d60-fac724982781"]);
//! # Ok::<(), comity_stix::Finding>(())
//! ```
//!
//! # Files
//!
//! [`reader::Objects`] takes objects one by one out of bundles, lists and JSON lines of any size, in constant memory.
//!
//! ```
//! use comity_stix::Limits;
//! use comity_stix::reader::Objects;
//!
//! let file = br#"{"type": "bundle", "objects": [{"type": "note"}, {"type": "report"}]}"#;
//! let objects = Objects::new(&file[..], Limits::default());
//! let bytes: Result<Vec<_>, _> = objects.map(|object| object.map(|object| object.bytes)).collect();
//! assert_eq!(bytes?, [br#"{"type": "note"}"#.to_vec(), br#"{"type": "report"}"#.to_vec()]);
//! # Ok::<(), comity_stix::reader::ReadError>(())
//! ```
//!
//! # Markings
//!
//! [`marking`] says what holds for any property: TLP, PAP, statements, languages, by object or granular markings.
//!
//! ```
//! use comity_stix::Limits;
//! use comity_stix::json::Document;
//! use comity_stix::marking::{Markings, Tlp};
//!
//! let object = br#"{"name": "an importer", "contact_information": "a desk", "granular_markings": [{"selectors":
//!     ["contact_information"], "marking_ref": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"}]}"#;
//! let document = Document::parse(object, &Limits::default())?;
//! let markings = Markings::of(&document);
//! assert_eq!(markings.strictest(|_| None), Some(Tlp::Red));
//! assert_eq!(markings.properties_above(Tlp::Amber, |_| None), ["/contact_information"]);
//! # Ok::<(), comity_stix::Finding>(())
//! ```
//!
//! # Patterns
//!
//! [`pattern`] reads the whole language, prints it in one form, and matches one pattern or many thousands at once.
//!
//! ```
//! use comity_stix::Limits;
//! use comity_stix::pattern::{Bare, Budget, Matcher, Observations, Pattern};
//!
//! let pattern: Pattern = "[ipv4-addr:value ISSUBSET '198.51.100.0/24']".parse()?;
//! let seen: [&[u8]; 1] = [br#"{"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "198.51.100.7"}"#];
//! let observations = Observations::of(seen, Bare::Observed, &Limits::default())?;
//! assert!(Matcher::new(&pattern).find(&observations, &Budget::default())?.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # And
//!
//! - [`edit::Edits`] changes single values and leaves every other byte as it was.
//! - [`types::json_schema`] gives the tables to other tools; [`sample`] makes objects that are right by construction.
//! - [`id`], [`timestamp`], [`json`] and [`schema`] are the parts these are made of.
//!
//! Whatever comes in is taken for hostile until it was read: [`Limits`] bound size, depth and count before any work is
//! done. No function here does input or output but through the reader it is given, and none asks for the time or for
//! randomness.
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
