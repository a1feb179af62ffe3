//! JSON Schema.

use comity_stix::json::Document;
use comity_stix::registry::Registry;
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

/// An extension definition, its schema and an object, on a line each: what is taken has the id of the definition and
/// is not taken twice, what is refused leaves nothing behind, and objects are held against it.
pub(crate) fn registry(data: &[u8]) {
    let (definition, rest) = super::two(data);
    let (schema, object) = super::two(rest);
    let limits = Limits::default();
    for schema in [Some(schema), None] {
        let mut registry = Registry::default();
        match registry.add(definition, schema, &limits) {
            Ok(()) => {
                assert_eq!(registry.extensions().count(), 1);
                assert!(registry.add(definition, schema, &limits).is_err());
            }
            Err(error) => {
                assert!(!error.message_in(Lang::Es).is_empty());
                assert_eq!((registry.extensions().count(), registry.types().count()), (0, 0));
            }
        }
        let Ok(document) = Document::parse(object, &limits) else { continue };
        for finding in registry.check(document.root()) {
            assert!(document.find(&finding.pointer).is_some(), "{finding:?}");
        }
    }
}
