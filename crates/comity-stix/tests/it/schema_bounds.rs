//! Schemas by the thousand: hostile ones are bounded, and what they demand is what they get.

use std::time::{Duration, Instant};

use comity_stix::Limits;
use comity_stix::json::Document;
use comity_stix::schema::{Schema, SchemaError};
use proptest::prelude::*;
use serde_json::{Value, json};

fn compiled(schema: &Value) -> Result<Schema, SchemaError> {
    Schema::compile(schema.to_string().as_bytes(), &Limits::default())
}

/// Code and pointer of each breach.
fn breaches(schema: &Schema, value: &Value) -> Vec<String> {
    let text = value.to_string();
    let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
    let findings = schema.check(document.root());
    findings.iter().map(|one| format!("{} {}", one.code.as_str(), one.pointer)).collect()
}

/// Far more than any of these takes, and far less than what they would take unbounded.
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    done
}

/// Definitions of which each looks at the same value several times by the next.
fn fan(keyword: &str, width: usize, length: usize) -> Value {
    let mut definitions = serde_json::Map::new();
    for at in 0..length {
        let next = json!({ "$ref": format!("#/$defs/d{}", at + 1) });
        definitions.insert(format!("d{at}"), json!({ keyword: vec![next; width] }));
    }
    definitions.insert(format!("d{length}"), json!({ "type": "string" }));
    json!({ "$defs": definitions, "$ref": "#/$defs/d0" })
}

#[test]
fn alternatives_that_multiply_are_given_up_and_the_value_is_refused() {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let schema = compiled(&fan(keyword, 10, 14)).unwrap();
        assert_eq!(soon(|| breaches(&schema, &json!(1))), ["schema-too-costly "], "{keyword}");
    }
    let small = compiled(&fan("anyOf", 2, 5)).unwrap();
    assert_eq!(breaches(&small, &json!("x")), [""; 0]);
    assert_eq!(breaches(&small, &json!(1)).last().unwrap(), "wrong-type ");
}

#[test]
fn what_was_given_up_is_never_taken_for_fitting() {
    let mut schema = fan("anyOf", 10, 14);
    schema["not"] = json!({ "$ref": "#/$defs/d0" });
    schema.as_object_mut().unwrap().remove("$ref");
    let schema = compiled(&schema).unwrap();
    assert_eq!(soon(|| breaches(&schema, &json!(1))), ["schema-too-costly "]);
}

#[test]
fn a_chain_of_references_is_refused_before_it_is_followed() {
    let schema = fan("allOf", 1, 1_000);
    assert_eq!(compiled(&schema).unwrap_err().code(), "schema-reference-chain");
}

#[test]
fn a_schema_that_refers_to_itself_follows_the_deepest_value() {
    let step = json!({ "allOf": [{ "allOf": [{ "allOf": [{ "$ref": "#/$defs/inner" }] }] }] });
    let schema = json!({ "$ref": "#/$defs/outer", "$defs": {
        "outer": step, "inner": { "properties": { "in": { "$ref": "#/$defs/outer" } }, "not": { "type": "string" } } } });
    let schema = compiled(&schema).unwrap();
    let deep = |leaf: Value, levels| (0..levels).fold(leaf, |value, _| json!({ "in": value }));
    assert_eq!(breaches(&schema, &deep(json!(1), 60)), [""; 0]);
    let broken = breaches(&schema, &deep(json!("x"), 60));
    assert_eq!(broken, [format!("schema-not {}", "/in".repeat(60))]);
}

#[test]
fn a_value_as_deep_as_allowed_under_the_longest_chain_does_not_exhaust_the_stack() {
    let mut schema = fan("allOf", 1, 14);
    schema["$defs"]["d14"] = json!({ "items": { "$ref": "#/$defs/d0" } });
    let schema = compiled(&schema).unwrap();
    let deep = (0..63).fold(json!([]), |value, _| json!([value]));
    assert_eq!(breaches(&schema, &deep), ["schema-too-costly "]);
}

#[test]
fn size_depth_and_number_of_schemas_are_bounded_before_any_work() {
    let deep = (0..100).fold(json!({}), |schema, _| json!({ "not": schema }));
    assert_eq!(compiled(&deep).unwrap_err().code(), "too-deep");
    let large = json!({ "description": "x".repeat(2_000_000) });
    assert_eq!(compiled(&large).unwrap_err().code(), "too-large");
    let many: Vec<Value> = (0..300).map(|n| json!({ "pattern": format!("^{n}") })).collect();
    assert_eq!(compiled(&json!({ "anyOf": many })).unwrap_err().code(), "schema-pattern-too-large");
    let wide: Vec<Value> = (0..20_000).map(|n| json!({ "const": n })).collect();
    let schema = soon(|| compiled(&json!({ "anyOf": wide })).unwrap());
    assert_eq!(soon(|| breaches(&schema, &json!(19_999))), [""; 0]);
}

#[test]
fn an_evil_expression_ends_and_the_value_is_refused() {
    let schema = compiled(&json!({ "pattern": r"^(a|a)*(?=b)\1$" })).unwrap();
    let broken = soon(|| breaches(&schema, &json!("a".repeat(100_000))));
    assert!(matches!(&*broken[0], "schema-too-costly " | "schema-pattern "), "{broken:?}");
    let names = compiled(&json!({ "patternProperties": { r"^(a|a)*(?=b)\1$": false } })).unwrap();
    assert_ne!(
        soon(|| breaches(&names, &json!({ "a".repeat(100_000): 1 }))),
        ["schema-nothing /a"]
    );
}

#[test]
fn many_breaches_are_told_up_to_a_bound() {
    let schema = compiled(&json!({ "items": { "type": "string" } })).unwrap();
    let broken = breaches(&schema, &json!(vec![1; 50_000]));
    assert_eq!(broken.len(), 1_000);
}

/// Any JSON, with the words of schemas in the places where they matter.
fn anything() -> impl Strategy<Value = Value> {
    const KEYS: &[&str] = &[
        "type",
        "enum",
        "const",
        "properties",
        "patternProperties",
        "additionalProperties",
        "items",
        "prefixItems",
        "required",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "$ref",
        "$defs",
        "pattern",
        "format",
        "minimum",
        "multipleOf",
        "minLength",
        "maxItems",
        "uniqueItems",
        "contains",
        "minContains",
        "propertyNames",
        "unevaluatedProperties",
        "unevaluatedItems",
        "dependentRequired",
        "x-stix-ref-types",
        "title",
        "a",
        "b",
    ];
    const TEXTS: &[&str] = &[
        "string",
        "object",
        "array",
        "integer",
        "#",
        "#/$defs/a",
        "#/properties/b",
        "date",
        "^a",
        "(",
        "a",
        "",
        "stix:hashes",
        "stix:core",
        "stix:timestamp",
        "identity",
        "ñ",
    ];
    let leaf = prop_oneof![
        prop::sample::select(TEXTS).prop_map(Value::from),
        (-3_i64..5).prop_map(Value::from),
        prop_oneof![Just(0.5), Just(1e30), Just(-0.0)].prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        ".{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 5, |inner| {
        let key =
            prop_oneof![9 => prop::sample::select(KEYS).prop_map(str::to_owned), 1 => ".{0,3}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..5)
                .prop_map(|members| { Value::Object(members.into_iter().collect()) }),
        ]
    })
}

/// What a property demands, a value that does it, one that does not, and what is then said and where.
#[derive(Debug, Clone)]
struct Demand {
    schema: Value,
    good: Value,
    bad: Value,
    said: String,
}

fn demand() -> impl Strategy<Value = Demand> {
    let of = |schema: Value, good: Value, bad: Value, said: &str| Demand {
        schema,
        good,
        bad,
        said: said.to_owned(),
    };
    let simple = prop_oneof![
        (any::<i32>(), 0_i64..1_000).prop_map(move |(least, more)| {
            let (least, good) = (i64::from(least), i64::from(least) + more);
            of(
                json!({ "type": "integer", "minimum": least }),
                json!(good),
                json!(least - 1),
                "out-of-range ",
            )
        }),
        (any::<i32>(), 0_i64..1_000).prop_map(move |(most, less)| {
            let (most, good) = (i64::from(most), i64::from(most) - less);
            of(json!({ "exclusiveMaximum": most }), json!(good - 1), json!(most), "out-of-range ")
        }),
        "\\PC{1,12}".prop_map(move |text| {
            let length = text.chars().count();
            of(
                json!({ "maxLength": length }),
                json!(text),
                json!(format!("{text}ñ")),
                "schema-too-long ",
            )
        }),
        "[a-z]{1,8}".prop_map(move |text| {
            of(
                json!({ "pattern": format!("^{text}$") }),
                json!(text),
                json!(format!("{text}A")),
                "schema-pattern ",
            )
        }),
        prop::collection::btree_set("\\PC{1,5}", 1..5).prop_map(move |texts| {
            let good = texts.first().cloned();
            let bad = texts.iter().cloned().collect::<Vec<_>>().join("+") + "+";
            of(json!({ "enum": texts }), json!(good), json!(bad), "schema-value ")
        }),
        (1_i64..1_000, -1_000_i64..1_000).prop_map(move |(divisor, times)| {
            let good = divisor * times;
            of(
                json!({ "multipleOf": divisor * 2 }),
                json!(good * 2),
                json!(good * 2 + 1),
                "schema-multiple ",
            )
        }),
        Just(of(json!({ "type": ["boolean", "null"] }), json!(null), json!("true"), "wrong-type ")),
        Just(of(
            json!({ "$ref": "stix:timestamp" }),
            json!("2026-01-31T08:30:00Z"),
            json!("2026-01-31"),
            "timestamp-form "
        )),
        Just(of(
            json!({ "uniqueItems": true }),
            json!([1, "1"]),
            json!([1, 1.0]),
            "schema-twice /1"
        )),
        Just(of(
            json!({ "required": ["a"] }),
            json!({ "a": 1 }),
            json!({ "b": 1 }),
            "missing-property "
        )),
        Just(of(json!({ "not": { "const": 7 } }), json!(8), json!(7.0), "schema-not ")),
    ];
    simple.prop_recursive(3, 12, 2, move |inner| {
        prop_oneof![
            inner.clone().prop_map(move |one| {
                let (code, pointer) = one.said.split_once(' ').unwrap();
                let said = format!("{code} /in{pointer}");
                let schema =
                    json!({ "properties": { "in": one.schema }, "additionalProperties": false });
                of(schema, json!({ "in": one.good }), json!({ "in": one.bad }), &said)
            }),
            inner.clone().prop_map(move |one| {
                let (code, pointer) = one.said.split_once(' ').unwrap();
                let said = format!("{code} /1{pointer}");
                of(
                    json!({ "items": one.schema }),
                    json!([one.good, one.good]),
                    json!([one.good, one.bad]),
                    &said,
                )
            }),
            inner.clone().prop_map(move |one| {
                of(
                    json!({ "allOf": [{}, one.schema] }),
                    one.good.clone(),
                    one.bad.clone(),
                    &one.said,
                )
            }),
            inner.prop_map(move |one| {
                let schema = json!({ "anyOf": [{ "type": "string", "maxLength": 0 }, one.schema] });
                of(schema, one.good, one.bad, "schema-no-branch ")
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_compiled_or_refused_with_a_place_in_it(schema in anything(), value in anything()) {
        match compiled(&schema) {
            Ok(compiled) => {
                let found = breaches(&compiled, &value);
                prop_assert_eq!(found.iter().any(|one| one == "schema-too-costly "), false);
            }
            Err(error) => {
                let text = schema.to_string();
                let document = Document::parse(text.as_bytes(), &Limits::default());
                prop_assert!(document.is_err() || document.unwrap().find(&error.pointer).is_some(), "{}", error);
            }
        }
    }

    #[test]
    fn a_value_that_does_what_is_asked_fits_and_one_change_is_found_in_its_place(
        demands in prop::collection::vec(demand(), 1..5),
        changed in any::<prop::sample::Index>(),
        refer in any::<bool>(),
    ) {
        let name = |at: usize| format!("p{at}");
        let schemas: serde_json::Map<_, _> =
            demands.iter().enumerate().map(|(at, one)| (name(at), one.schema.clone())).collect();
        let required: Vec<String> = schemas.keys().cloned().collect();
        let schema = if refer {
            let properties: serde_json::Map<_, _> = required.iter()
                .map(|name| (name.clone(), json!({ "$ref": format!("#/$defs/{name}") }))).collect();
            json!({ "$defs": schemas, "properties": properties, "required": required, "additionalProperties": false })
        } else {
            json!({ "allOf": [{ "properties": schemas }], "required": required, "unevaluatedProperties": false })
        };
        let schema = compiled(&schema).unwrap();
        let mut value: Value =
            demands.iter().enumerate().map(|(at, one)| (name(at), one.good.clone())).collect();
        prop_assert_eq!(breaches(&schema, &value), Vec::<String>::new());
        let at = changed.index(demands.len());
        let (code, pointer) = demands[at].said.split_once(' ').unwrap();
        value[name(at)] = demands[at].bad.clone();
        prop_assert_eq!(&breaches(&schema, &value)[0], &format!("{code} /{}{pointer}", name(at)));
        value.as_object_mut().unwrap().remove(&name(at));
        prop_assert_eq!(breaches(&schema, &value), ["missing-property "]);
    }
}
