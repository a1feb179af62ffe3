//! The tables as JSON Schema (2020-12), for whoever checks with other tools.
//!
//! A schema says what a schema can: properties, their types and forms, closed lists, what is required, and most of what
//! properties demand of each other. What it cannot say stands beside it in `x-stix-` annotations: open vocabularies,
//! sections, advice, the order of timestamps. An object that the schema refuses breaks a MUST; one that it takes may
//! still break a rule that only the check knows.

use serde_json::{Map, Value as Json, json};

use super::model::{
    Both, Choice, Class, Kind, Presence, Property, Scalar, Shape, Strength, Targets, Type,
};
use super::{all, common};
use crate::finding::Lang;

const UUID: &str =
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}";

/// The schema of a type's objects, as a JSON value whose keys have a readable order.
pub fn json_schema(type_: &Type) -> Json {
    let mut properties = Map::new();
    for property in common::COMMON.properties.iter().filter(|property| used(type_, property)) {
        properties
            .insert(property.name.to_owned(), described(property, of_type(type_, &property.kind)));
    }
    for name in type_.unused.iter().filter(|name| **name == "defanged") {
        properties.insert((*name).to_owned(), Json::Bool(false));
    }
    for property in type_.own.properties {
        properties
            .insert(property.name.to_owned(), described(property, of_type(type_, &property.kind)));
    }
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("$id".into(), json!(format!("urn:comity:stix:2.1:{}", type_.name)));
    schema.insert("title".into(), json!(type_.name));
    schema.insert("description".into(), json!(type_.about.en));
    schema.insert("x-stix-section".into(), json!(type_.section));
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Json::Object(properties));
    let mut required: Vec<&str> = type_.required.to_vec();
    required.extend(needed(&type_.own));
    schema.insert("required".into(), json!(required));
    if type_.class != Class::Bundle {
        schema.insert("propertyNames".into(), property_names());
    }
    rules(&type_.own, &mut schema);
    Json::Object(schema)
}

/// Whether objects of the type may have the common property.
fn used(type_: &Type, property: &Property) -> bool {
    !type_.unused.contains(&property.name)
}

/// Section 11.1.1, and the names that section 3.8 reserves.
fn property_names() -> Json {
    json!({
        "pattern": "^(id|[a-z][a-z0-9_]{2,249})$",
        "not": { "enum": common::RESERVED },
    })
}

fn of_type(type_: &Type, kind: &Kind) -> Json {
    match kind {
        Kind::TypeName => json!({ "const": type_.name }),
        Kind::Id => json!({ "type": "string", "pattern": format!("^{}--{UUID}$", type_.name) }),
        Kind::Extensions => extensions(type_),
        kind => of(kind),
    }
}

fn extensions(type_: &Type) -> Json {
    let known: Map<String, Json> = type_
        .extensions
        .iter()
        .map(|extension| {
            let mut schema = shape(extension.shape);
            annotate(&mut schema, extension.about);
            (extension.shape.name.to_owned(), schema)
        })
        .collect();
    let defined = json!({
        "type": "object",
        "minProperties": 1,
        "properties": { "extension_type": { "enum": super::vocabulary::EXTENSION_TYPE.values } },
        "required": ["extension_type"],
    });
    let mut schema = json!({ "type": "object", "minProperties": 1 });
    if let Some(schema) = schema.as_object_mut() {
        if !known.is_empty() {
            schema.insert("properties".into(), Json::Object(known));
        }
        let pattern = format!("^extension-definition--{UUID}$");
        schema.insert("patternProperties".into(), json!({ pattern: defined }));
        schema.insert("additionalProperties".into(), json!({ "type": "object" }));
    }
    schema
}

fn described(property: &Property, mut schema: Json) -> Json {
    annotate(&mut schema, property.about);
    if property.presence == Presence::Deprecated
        && let Some(schema) = schema.as_object_mut()
    {
        schema.insert("deprecated".into(), json!(true));
    }
    schema
}

fn annotate(schema: &mut Json, about: Both) {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), json!(about.en));
    }
}

fn needed(shape: &Shape) -> impl Iterator<Item = &'static str> {
    shape
        .properties
        .iter()
        .filter(|property| property.presence == Presence::Required)
        .map(|property| property.name)
}

/// The schema of an object within an object.
fn shape(shape: &Shape) -> Json {
    let properties: Map<String, Json> = shape
        .properties
        .iter()
        .map(|property| (property.name.to_owned(), described(property, of(&property.kind))))
        .collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("x-stix-section".into(), json!(shape.section));
    schema.insert("minProperties".into(), json!(1));
    schema.insert("properties".into(), Json::Object(properties));
    let required: Vec<&str> = needed(shape).collect();
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    rules(shape, &mut schema);
    Json::Object(schema)
}

/// The schema of a value.
fn of(kind: &Kind) -> Json {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match kind {
        Kind::TypeName => text("^[a-z][a-z0-9-]{2,249}$"),
        Kind::SpecVersion => json!({ "const": "2.1" }),
        Kind::Id => text(&format!("^[a-z][a-z0-9-]*--{UUID}$")),
        Kind::Term => text("^[a-z0-9-]+$"),
        Kind::Literal(values) => json!({ "enum": values }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Float(least, most) => float(*least, *most),
        Kind::Timestamp => text(&timestamp("(\\.[0-9]+)?")),
        Kind::FineTimestamp => text(&timestamp("\\.[0-9]{3,}")),
        Kind::SecondTimestamp => text(&timestamp("")),
        Kind::Binary => {
            json!({ "type": "string", "contentEncoding": "base64", "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$" })
        }
        Kind::Hex => text("^([0-9a-f]{2})*$"),
        Kind::Lang => text("^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"),
        Kind::Mac => text("^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"),
        Kind::Selector => text("^[A-Za-z0-9_-]+(\\.(\\[[0-9]+\\]|[A-Za-z0-9_-]+))*$"),
        Kind::Enum(vocabulary) => {
            json!({ "enum": vocabulary.values, "x-stix-vocabulary": vocabulary.name })
        }
        Kind::Open(vocabulary) => {
            json!({ "type": "string", "x-stix-open-vocabulary": vocabulary.name, "examples": vocabulary.values })
        }
        Kind::Reference(targets) => reference(targets),
        Kind::List(element) => json!({ "type": "array", "minItems": 1, "items": of(element) }),
        Kind::Object(inner) => shape(inner),
        Kind::Dictionary(value) | Kind::Names(value) => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[A-Za-z0-9_-]{1,250}$" },
            "additionalProperties": of(value),
        }),
        Kind::Either(kinds) => json!({ "anyOf": kinds.iter().map(of).collect::<Vec<_>>() }),
        Kind::Hashes => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[A-Za-z0-9_-]{3,250}$" },
            "additionalProperties": { "type": "string" },
        }),
        Kind::Extensions | Kind::Container | Kind::Marking | Kind::Translations => {
            json!({ "type": "object", "minProperties": 1 })
        }
        Kind::Objects => json!({ "type": "array", "minItems": 1, "items": { "type": "object" } }),
        Kind::Any => json!({}),
        _ => json!({ "type": "string" }),
    }
}

fn float(least: f64, most: f64) -> Json {
    let mut schema = json!({ "type": "number" });
    if let Some(schema) = schema.as_object_mut() {
        if least > f64::MIN {
            schema.insert("minimum".into(), json!(least));
        }
        if most < f64::MAX {
            schema.insert("maximum".into(), json!(most));
        }
    }
    schema
}

fn timestamp(fraction: &str) -> String {
    format!(
        "^[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60){fraction}Z$"
    )
}

/// A reference: the types it may lead to as a pattern. Where whole classes may be meant so may custom types be, which
/// no pattern can tell apart; there the types that are not meant are excluded.
fn reference(targets: &Targets) -> Json {
    if targets.classes.is_empty() {
        let types = targets.types.join("|");
        return json!({ "type": "string", "pattern": format!("^({types})--{UUID}$"), "x-stix-ref-types": targets.types });
    }
    let excluded: Vec<&str> =
        all().filter(|type_| !allows(targets, type_)).map(|type_| type_.name).collect();
    let mut schema = json!({ "type": "string", "pattern": format!("^[a-z][a-z0-9-]*--{UUID}$") });
    if let Some(schema) = schema.as_object_mut()
        && !excluded.is_empty()
    {
        schema.insert("not".into(), json!({ "pattern": format!("^({})--", excluded.join("|")) }));
    }
    schema
}

fn allows(targets: &Targets, type_: &Type) -> bool {
    let of_class = targets.classes.contains(&type_.class) && !targets.except.contains(&type_.name);
    of_class || targets.types.contains(&type_.name)
}

/// What properties demand of each other: as assertions where they are MUSTs that a schema can say, as notes otherwise.
fn rules(shape: &Shape, schema: &mut Map<String, Json>) {
    let mut all_of = Vec::new();
    let mut notes = Vec::new();
    for rule in shape.rules {
        match assertion(shape, &rule.choice).filter(|_| rule.strength == Strength::Must) {
            Some(assertion) => all_of.push(assertion),
            None => notes.push(json!({
                "section": rule.section,
                "rule": rule.choice.words(Lang::En),
                "strength": if rule.strength == Strength::Must { "MUST" } else { "SHOULD" },
            })),
        }
    }
    if !all_of.is_empty() {
        schema.insert("allOf".into(), Json::Array(all_of));
    }
    if !notes.is_empty() {
        schema.insert("x-stix-rules".into(), Json::Array(notes));
    }
}

fn assertion(shape: &Shape, choice: &Choice) -> Option<Json> {
    let required = |names: &[&str]| json!({ "required": names });
    let any = |names: &[&str]| json!({ "anyOf": names.iter().map(|name| required(&[name])).collect::<Vec<_>>() });
    Some(match choice {
        Choice::SomeOf(groups) => {
            json!({ "anyOf": groups.iter().map(|names| required(names)).collect::<Vec<_>>() })
        }
        Choice::SomeBut(names) => {
            let counted = shape.properties.iter().map(|property| property.name);
            any(&counted.filter(|name| !names.contains(name)).collect::<Vec<_>>())
        }
        Choice::OneOf(names) => {
            json!({ "oneOf": names.iter().map(|name| required(&[name])).collect::<Vec<_>>() })
        }
        Choice::AtMostOneOf(names) => {
            let pairs = names.iter().enumerate().flat_map(|(at, first)| {
                names.iter().skip(at + 1).map(move |second| json!({ "required": [first, second] }))
            });
            json!({ "not": { "anyOf": pairs.collect::<Vec<_>>() } })
        }
        Choice::Needs(name, others) => json!({ "dependentRequired": { *name: others } }),
        Choice::NeedsWhen(name, value, others) => {
            json!({ "if": has(name, *value), "then": required(others) })
        }
        Choice::ForbidsWhen(name, value, others) => {
            json!({ "if": has(name, *value), "then": { "not": any(others) } })
        }
        Choice::Implies(name, other, value) => {
            json!({ "if": required(&[name]), "then": { "properties": { *other: value_of(*value) } } })
        }
        Choice::Leads(list, target) => {
            json!({ "properties": { *list: { "contains": { "pattern": format!("^{target}--") } } } })
        }
        Choice::Extended(extension, list, value) => json!({
            "if": { "properties": { "extensions": required(&[extension]) }, "required": ["extensions"] },
            "then": { "properties": { *list: { "contains": { "const": value } } } },
        }),
        Choice::Order(..)
        | Choice::Later(..)
        | Choice::LowerCaseWithHyphens(_)
        | Choice::Special(_) => return None,
    })
}

/// That a property has a value; one that is missing has none.
fn has(name: &str, value: Scalar) -> Json {
    json!({ "properties": { name: value_of(value) }, "required": [name] })
}

/// The schema of a value that a rule asks for.
fn value_of(value: Scalar) -> Json {
    match value {
        Scalar::Text(text) => json!({ "const": text }),
        Scalar::Boolean(boolean) => json!({ "const": boolean }),
        Scalar::Listed(text) => json!({ "contains": { "const": text } }),
    }
}
