//! Schemas: what they take and refuse, with which codes and where.

use comity_stix::json::{Document, Value};
use comity_stix::sample::{Fill, Sampler};
use comity_stix::schema::Schema;
use comity_stix::types;
use comity_stix::{Lang, Limits};

fn parsed(text: &str) -> Document<'_> {
    Document::parse(text.as_bytes(), &Limits::default()).unwrap()
}

fn compiled(text: &str) -> Schema {
    Schema::compile(text.as_bytes(), &Limits::default()).unwrap()
}

/// Code and pointer of each finding.
fn breaches(schema: &Schema, value: Value<'_, '_>) -> Vec<String> {
    let findings = schema.check(value);
    findings
        .iter()
        .map(|finding| format!("{} {}", finding.code.as_str(), finding.pointer))
        .collect()
}

/// Every schema of a file of vectors against its values.
fn vectors(file: &str) {
    let document = parsed(file);
    for vector in document.root().members() {
        let about = vector.child("about").unwrap().text().unwrap();
        let schema = compiled(vector.child("schema").unwrap().raw());
        for case in vector.child("cases").unwrap().members() {
            let text = case.child("value").unwrap().raw();
            let expected = case.child("breaches").unwrap();
            let expected: Vec<_> = expected.members().map(|b| b.text().unwrap()).collect();
            assert_eq!(breaches(&schema, parsed(text).root()), expected, "{about}: {text}");
        }
    }
}

#[test]
fn objects_are_held_to_their_properties() {
    vectors(include_str!("../data/schema/objects.json"));
}

#[test]
fn strings_and_numbers_are_held_to_their_bounds_and_forms() {
    vectors(include_str!("../data/schema/scalars.json"));
}

#[test]
fn lists_are_held_to_their_elements() {
    vectors(include_str!("../data/schema/lists.json"));
}

#[test]
fn alternatives_name_the_nearest_and_conditions_choose() {
    vectors(include_str!("../data/schema/branches.json"));
}

#[test]
fn references_lead_anywhere_in_the_document() {
    vectors(include_str!("../data/schema/references.json"));
}

#[test]
fn what_nobody_looked_at_is_found() {
    vectors(include_str!("../data/schema/unevaluated.json"));
}

#[test]
fn the_kinds_of_the_standard_are_as_strict_as_the_standard() {
    vectors(include_str!("../data/schema/kinds.json"));
}

#[test]
fn a_schema_that_could_not_be_checked_in_full_is_refused_with_its_place() {
    let document = parsed_although_twice(include_str!("../data/schema/refused.json"));
    for (text, expected) in document {
        let error = Schema::compile(text.as_bytes(), &Limits::default()).expect_err(&text);
        assert_eq!(format!("{} {}", error.code(), error.pointer), expected, "{text}");
        let (english, spanish) = (error.message_in(Lang::En), error.message_in(Lang::Es));
        assert!(english != spanish && !english.contains("{0}"), "{english}");
        assert!(!english.ends_with('.') && english.starts_with(|c: char| !c.is_uppercase()));
    }
}

/// Schemas and what is wrong with them; one of the schemas has a key twice, so lines are taken apart by hand.
fn parsed_although_twice(file: &str) -> Vec<(String, String)> {
    let lines = file.lines().filter_map(|line| line.trim().strip_prefix("{ \"schema\": "));
    let pairs = lines.filter_map(|line| {
        line.trim_end_matches(" },").trim_end_matches(" }").rsplit_once(", \"fault\": ")
    });
    let pairs: Vec<_> = pairs
        .map(|(schema, fault)| (schema.to_owned(), fault.trim_matches('"').to_owned()))
        .collect();
    assert!(pairs.len() > 30);
    pairs
}

#[test]
fn an_error_names_the_line() {
    let text = "{\n  \"properties\": {\n    \"a\": { \"typ\": \"string\" }\n  }\n}";
    let error = Schema::compile(text.as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!((error.line, &*error.pointer), (3, "/properties/a/typ"));
    let cut = Schema::compile(b"{\n\"a\":", &Limits::default()).unwrap_err();
    assert_eq!((cut.line, cut.code()), (2, "json-cut"));
}

#[test]
fn a_finding_says_what_is_allowed_and_which_alternative_is_nearest() {
    let schema = compiled(
        r#"{"oneOf":[{"title":"a port","properties":{"kind":{"const":"port"}},"required":["kind"]},
            {"properties":{"kind":{"enum":["site","lab"]}},"required":["kind"]}]}"#,
    );
    let findings = schema.check(parsed(r#"{"kind":"prt"}"#).root());
    assert!(findings[0].message().contains("`a port` comes nearest"), "{}", findings[0]);
    assert!(findings[1].message().contains("use port"), "{}", findings[1]);
    assert!(findings[1].message_in(Lang::Es).contains("use port"));
    assert_eq!(findings[1].offset, 8);
    assert_eq!(findings[1].section, "7.3.1");
    let types = compiled(r#"{"properties":{"a":{"type":["string","integer"]}}}"#);
    let finding = types.check(parsed(r#"{"a":[]}"#).root()).remove(0);
    assert_eq!(finding.message(), "`a` has to be a string or a whole number: write it so");
    let spanish = "`a` debe ser una cadena o un número entero: escríbala así";
    assert_eq!(finding.message_in(Lang::Es), spanish);
}

#[test]
fn a_key_that_is_not_allowed_is_pointed_at_by_its_offset() {
    let schema = compiled(r#"{"additionalProperties":false,"properties":{"a":{}}}"#);
    let finding = schema.check(parsed(r#"{"a":1, "b":2}"#).root()).remove(0);
    assert_eq!((finding.offset, &*finding.pointer), (8, "/b"));
    assert!(finding.message().contains("known: a"), "{finding}");
}

#[test]
fn what_a_schema_says_to_people_can_be_read() {
    let schema = compiled(
        r#"{"title":"A lab","properties":{"name":{"description":"what it is called","examples":["x", 1],"default":"n","deprecated":true}},
            "allOf":[{"properties":{"size":{"$comment":"in m2","readOnly":true}}}]}"#,
    );
    assert_eq!(schema.notes().title.as_deref(), Some("A lab"));
    let properties = schema.properties();
    let names: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["name", "size"]);
    let notes = properties[0].1.notes();
    assert_eq!(notes.description.as_deref(), Some("what it is called"));
    assert_eq!(notes.examples, ["\"x\"", "1"]);
    assert!(notes.deprecated && notes.default.as_deref() == Some("\"n\""));
    assert!(properties[1].1.notes().read_only);
    let part = schema.part("/properties/name").unwrap();
    assert_eq!((part.pointer(), part.notes()), ("/properties/name", notes));
    assert!(schema.part("/properties/none").is_none());
}

#[test]
fn the_schemas_of_the_standard_s_types_take_objects_that_are_right() {
    let mut state = 7_u64;
    let random = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ state >> 29
    };
    let mut sampler = Sampler::new(random);
    for type_ in types::all() {
        let schema = compiled(&types::json_schema(type_).to_string());
        for fill in [Fill::Least, Fill::Some, Fill::Some, Fill::Most] {
            let bytes = sampler.bytes(type_, fill);
            let document = Document::parse(&bytes, &Limits::default()).unwrap();
            let found = breaches(&schema, document.root());
            assert!(found.is_empty(), "{found:?}: {}", String::from_utf8_lossy(&bytes));
        }
        let nothing = parsed("{}");
        assert!(!breaches(&schema, nothing.root()).is_empty(), "{}", type_.name);
    }
}
