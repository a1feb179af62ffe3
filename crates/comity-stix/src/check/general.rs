//! The rules that hold for every value anywhere in an object.

use std::collections::BTreeSet;

use super::{forms, tables};
use crate::finding::{Code, Finding, Findings, Word};
use crate::id;
use crate::json::{Document, Kind, Value};

/// Walks all values once. `references` are the places that the tables have already spoken about.
pub(super) fn walk(
    document: &Document<'_>,
    references: &BTreeSet<usize>,
    findings: &mut Findings,
) -> Result<(), Finding> {
    let root = document.root();
    let custom = root
        .child("type")
        .and_then(|value| value.text())
        .is_none_or(|name| !tables::TYPES.iter().any(|type_| type_.name == name));
    // The values of the deprecated container refer to each other by keys of their own (section 2.13).
    let container = root.child("objects").filter(|value| value.kind() == Kind::Object);
    let local = container.map_or(0..0, |value| value.place()..value.next_place());
    // Within these, suffixes of names are the choice of whoever made the property.
    let mut theirs = 0..0;
    for value in document.values().skip(1) {
        let top_level = value.parent().is_some_and(|parent| parent.place() == root.place());
        if let Some(key) = value.key() {
            if top_level {
                name(value, &key, findings)?;
                if custom || key.starts_with("x_") || key == "extensions" {
                    theirs = value.place()..value.next_place();
                }
            } else if !forms::is_dictionary_key(&key) {
                let at = value.key_span().map_or(0, |span| span.start);
                let said = [Word::said(&key)];
                findings.push(Finding::new(
                    Code::DictionaryKey,
                    "2.3",
                    value.pointer(),
                    at,
                    said,
                ))?;
            }
        }
        match value.kind() {
            Kind::Null => findings.push(found(Code::NullValue, "2", value))?,
            Kind::List if value.members().next().is_none() => {
                findings.push(found(Code::EmptyList, "2.12", value))?;
            }
            Kind::Object if value.members().next().is_none() => {
                findings.push(found(Code::EmptyObject, "2.3", value))?;
            }
            Kind::Text
                if !references.contains(&value.place()) && !local.contains(&value.place()) =>
            {
                reference(value, theirs.contains(&value.place()), findings)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The name of a property of the object itself.
fn name(value: Value<'_, '_>, key: &str, findings: &mut Findings) -> Result<(), Finding> {
    let (code, section) = if tables::RESERVED.contains(&key) {
        (Code::ReservedProperty, "3.8")
    } else if forms::is_property_name(key) {
        return Ok(());
    } else {
        (Code::PropertyName, "11.1.1")
    };
    let at = value.key_span().map_or(0, |span| span.start);
    findings.push(Finding::new(code, section, value.pointer(), at, [Word::said(key)]))
}

/// A string under a property whose name says that it refers to objects (section 3.1).
fn reference(value: Value<'_, '_>, theirs: bool, findings: &mut Findings) -> Result<(), Finding> {
    let key = match value.key() {
        Some(key) => key.ends_with("_ref").then_some(key),
        None => value.parent().and_then(|list| list.key()).filter(|key| key.ends_with("_refs")),
    };
    if key.is_none() {
        return Ok(());
    }
    let text = value.text().unwrap_or_default();
    let code = match id::split(&text) {
        Some((_, uuid)) if forms::uuid_version(uuid) != Err(forms::UuidFault::NotRfc4122) => {
            return Ok(());
        }
        _ if theirs => Code::CustomReferenceForm,
        Some(_) => Code::IdUuid,
        None => Code::ReferenceForm,
    };
    let at = value.span().start;
    findings.push(Finding::new(code, "3.3", value.pointer(), at, [Word::said(&text)]))
}

fn found(code: Code, section: &'static str, value: Value<'_, '_>) -> Finding {
    Finding::new(code, section, value.pointer(), value.span().start, [])
}
