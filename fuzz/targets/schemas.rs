//! JSON Schema.

use comity_stix::json::Document;
use comity_stix::schema::Schema;
use comity_stix::{Lang, Limits};

/// A schema on the first line, a value behind it: what is compiled checks any value, and findings stand where they say.
pub(crate) fn schema(data: &[u8]) {
    let (schema, value) = super::two(data);
    let schema = match Schema::compile(schema, &Limits::default()) {
        Ok(schema) => schema,
        Err(error) => {
            assert!(!error.message_in(Lang::Es).is_empty());
            return;
        }
    };
    for bytes in [value, b"{}", b"[1,\"a\"]"] {
        let Ok(document) = Document::parse(bytes, &Limits::default()) else { continue };
        for finding in schema.check(document.root()) {
            assert!(document.find(&finding.pointer).is_some(), "{finding:?}");
            assert!(!finding.message_in(Lang::Es).is_empty());
        }
    }
}
