//! JSON Schema for what extensions define, over the bytes as they were written.
//!
//! A [`Schema`] is compiled once from a document of JSON Schema 2020-12, or of what draft-07 spells the same
//! (`definitions`, lists of `items`, `dependencies`), and holds values against it ever after: every breach is a
//! [`Finding`] with pointer, offset, code and a sentence that says how to mend it.
//!
//! What differs from a general engine, so that a check means what its author meant:
//!
//! - A keyword that is not known or not supported is refused, never passed over. Keywords that start with `x-` are
//!   notes. `format` is asserted. Keywords beside `$ref` count, in every dialect.
//! - References stay within the document: `#`, `#/$defs/name`, `#anchor`. Nothing is fetched.
//! - Numbers are compared digit by digit, whatever their size.
//! - Work is bounded: regular expressions by size, count and steps, references by length, a check by the size of the
//!   value.
//!
//! # The standard's own kinds
//!
//! A property can be of a kind of the standard, and is then checked as the standard's own are: `{"$ref":
//! "stix:timestamp"}`. These are known: `binary`, `confidence`, `dictionary`, `external-reference`, `granular-marking`,
//! `hashes`, `hex`, `identifier`, `integer`, `kill-chain-phase`, `lang`, `open-vocab`, `timestamp`, `url`; `core` for the
//! common properties of a whole object, which the check of the object looks at anyway, so that `unevaluatedProperties`
//! knows them; and `object/TYPE` for a whole object of a type of the standard. The spellings of the OASIS schemas mean
//! the same: `../common/timestamp.json`, `../sdos/identity.json`, and their addresses.
//!
//! # Keywords of our own
//!
//! - `"x-stix-ref-types": ["identity", "location"]`: the string is the identifier of an object of one of these types.
//! - `"x-stix-id-contributing": ["name", "number"]`, on the schema of a new observable: the properties its identifier
//!   is computed from (section 2.9).

mod compile;
mod equal;
mod error;
mod evaluate;
mod format;
mod kinds;
mod names;
mod node;
mod number;
mod pattern;
mod questions;

use std::sync::Arc;

pub use error::{SchemaError, SchemaFault};
pub use node::Notes;

use crate::finding::{Finding, Findings};
use crate::json::{Document, Value};
use crate::limits::Limits;
use evaluate::Run;
use node::{Node, NodeId};

/// The `schema` of an extension definition is its normative definition.
pub(crate) const SECTION: &str = "7.3.1";

/// A compiled schema. Clones share what was compiled.
#[derive(Debug, Clone)]
pub struct Schema {
    nodes: Arc<[Node]>,
    root: NodeId,
}

impl Schema {
    /// Compiles a schema from the bytes of its document, within the limits.
    pub fn compile(bytes: &[u8], limits: &Limits) -> Result<Self, SchemaError> {
        let document = Document::parse(bytes, limits).map_err(|finding| {
            let before = bytes.get(..finding.offset).unwrap_or(bytes);
            let line = memchr::memchr_iter(b'\n', before).count() + 1;
            SchemaError::json(finding, line)
        })?;
        Ok(Self { nodes: compile::compile(&document)?.into(), root: 0 })
    }

    /// Everything in which a value breaks the schema, in the order of the schema; at most 1,000 findings. Of several
    /// alternatives that all fail, the nearest is named and what is wrong by it follows.
    pub fn check(&self, value: Value<'_, '_>) -> Vec<Finding> {
        Run::new(&self.nodes, value).findings(self.root, value)
    }

    /// The same, into a list of findings; fails when that is full.
    pub(crate) fn check_into(
        &self,
        value: Value<'_, '_>,
        findings: &mut Findings,
    ) -> Result<(), Finding> {
        self.check(value).into_iter().try_for_each(|finding| findings.push(finding))
    }
}
