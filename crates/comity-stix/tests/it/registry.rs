//! Extensions, from their definition to what they say of objects.

use comity_stix::json::Document;
use comity_stix::registry::{Registry, RegistryError};
use comity_stix::types::Class;
use comity_stix::{Lang, Limits};

const LAB: &str = include_str!("../data/registry/lab.json");
const LAB_SCHEMA: &str = include_str!("../data/registry/lab.schema.json");
const LAB_ID: &str = "extension-definition--9c59fd79-4215-4ba2-920d-3e4f320e1e62";

/// A definition with other properties than the one of laboratories.
fn definition(number: u32, kinds: &str, more: &str) -> String {
    LAB.replace("9c59fd79", &format!("{number:08x}"))
        .replace(r#"["new-sdo"]"#, &format!("{kinds}{more}"))
}

fn added(definition: &str, schema: &str) -> Result<Registry, RegistryError> {
    let mut registry = Registry::default();
    let schema = (!schema.is_empty()).then_some(schema.as_bytes());
    registry.add(definition.as_bytes(), schema, &Limits::default()).map(|()| registry)
}

/// Code and pointer of what a registry finds in an object.
fn findings(registry: &Registry, object: &str) -> Vec<String> {
    let document = Document::parse(object.as_bytes(), &Limits::default()).unwrap();
    let findings = registry.check(document.root());
    findings.iter().map(|one| format!("{} {}", one.code.as_str(), one.pointer)).collect()
}

fn id(number: u32) -> String {
    LAB_ID.replace("9c59fd79", &format!("{number:08x}"))
}

#[test]
fn a_new_domain_object_is_held_to_its_schema() {
    let registry = added(LAB, LAB_SCHEMA).unwrap();
    let lab = registry.custom_type("x-lab").unwrap();
    assert_eq!((lab.class, &*lab.extension), (Class::Domain, LAB_ID));
    assert!(lab.id_contributing.is_empty() && registry.types().count() == 1);
    let extension = registry.extension(LAB_ID).unwrap();
    assert_eq!((extension.name(), extension.version()), ("Laboratories", "1.0.0"));
    assert_eq!((extension.types(), extension.is_checked()), (&["x-lab".to_owned()][..], true));
    let object = |more: &str| {
        format!(
            r#"{{"type":"x-lab","spec_version":"2.1","id":"x-lab--e2e1a340-4415-4ba8-9671-f7343fbf0836",
            "created":"2026-01-31T08:30:00.000Z","modified":"2026-01-31T08:30:00.000Z",
            "extensions":{{"{LAB_ID}":{{"extension_type":"new-sdo"}}}}{more}}}"#
        )
    };
    assert_eq!(findings(&registry, &object(r#","name":"a barn","kettles":3"#)), [""; 0]);
    let broken = r#","found":"yesterday","seen_by_refs":["malware--e2e1a340-4415-4ba8-9671-f7343fbf0836"],"kettles":-1,"colour":1"#;
    assert_eq!(
        findings(&registry, &object(broken)),
        [
            "timestamp-form /found",
            "reference-type /seen_by_refs/0",
            "out-of-range /kettles",
            "missing-property ",
            "schema-unknown-property /colour",
        ]
    );
}

#[test]
fn a_new_observable_names_what_its_identifier_is_computed_from() {
    let schema = r#"{"allOf":[{"$ref":"../common/cyber-observable-core.json"},
        {"properties":{"type":{"enum":["x-plate"]},"number":{"type":"string"},"country":{}},"required":["number"]}],
        "x-stix-id-contributing":["number","country"]}"#;
    let registry = added(&definition(1, r#"["new-sco"]"#, ""), schema).unwrap();
    let plate = registry.custom_type("x-plate").unwrap();
    assert_eq!(plate.class, Class::Observable);
    assert_eq!(plate.id_contributing, ["number", "country"]);
    assert_eq!(findings(&registry, r#"{"type":"x-plate","number":"A1"}"#), [""; 0]);
    assert_eq!(findings(&registry, r#"{"type":"x-plate"}"#), ["missing-property "]);
}

#[test]
fn a_new_relationship_is_held_to_its_schema() {
    let schema = r#"{"properties":{"type":{"const":"x-shipment"},"noSuch":false,"from_ref":{"x-stix-ref-types":["location"]}}}"#;
    let registry = added(&definition(2, r#"["new-sro"]"#, ""), schema).unwrap();
    assert_eq!(registry.custom_type("x-shipment").unwrap().class, Class::Relationship);
    let object =
        r#"{"type":"x-shipment","from_ref":"identity--e2e1a340-4415-4ba8-9671-f7343fbf0836"}"#;
    assert_eq!(findings(&registry, object), ["reference-type /from_ref"]);
}

#[test]
fn properties_under_the_key_are_held_to_the_schema_of_the_value() {
    let schema = r#"{"properties":{"extension_type":{"const":"property-extension"},"rank":{"type":"integer"}},
        "required":["rank"],"additionalProperties":false}"#;
    let registry = added(&definition(3, r#"["property-extension"]"#, ""), schema).unwrap();
    let object = |value: &str| {
        format!(
            r#"{{"type":"indicator","extensions":{{"{}":{{"extension_type":"property-extension"{value}}}}}}}"#,
            id(3)
        )
    };
    assert_eq!(findings(&registry, &object(r#","rank":5"#)), [""; 0]);
    assert_eq!(
        findings(&registry, &object(r#","rank":"5","toxicity":8"#)),
        [
            format!("wrong-type /extensions/{}/rank", id(3)),
            format!("schema-unknown-property /extensions/{}/toxicity", id(3)),
        ]
    );
}

#[test]
fn a_schema_of_the_whole_object_leads_to_the_value_under_the_key() {
    let schema = format!(
        r#"{{"$schema":"https://json-schema.org/draft/2020-12/schema","allOf":[
            {{"$ref":"https://raw.example/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/sdos/identity.json"}},
            {{"properties":{{"extensions":{{"additionalProperties":true,"properties":{{"{}":{{"additionalProperties":false,
            "properties":{{"extension_type":{{"enum":["property-extension"]}},"rank":{{"type":"integer"}}}}}}}}}}}}}}]}}"#,
        id(4)
    );
    let registry = added(&definition(4, r#"["property-extension"]"#, ""), &schema).unwrap();
    let object = |type_: &str, rank: &str| {
        format!(
            r#"{{"type":"{type_}","extensions":{{"{}":{{"extension_type":"property-extension","rank":{rank}}}}}}}"#,
            id(4)
        )
    };
    assert_eq!(findings(&registry, &object("identity", "1")), [""; 0]);
    let broken = findings(&registry, &object("malware", "\"1\""));
    assert_eq!(
        broken,
        ["schema-object-type /type".to_owned(), format!("wrong-type /extensions/{}/rank", id(4))]
    );
}

#[test]
fn properties_at_the_top_are_named_by_the_definition_and_held_to_the_schema() {
    let schema = r#"{"properties":{"rank":{"type":"integer"},"toxicity":{"maximum":10}},"required":["rank"]}"#;
    let kinds = r#"["toplevel-property-extension"]"#;
    let named = definition(5, kinds, r#","extension_properties":["toxicity","rank"]"#);
    let registry = added(&named, schema).unwrap();
    assert_eq!(registry.extension(&id(5)).unwrap().properties(), ["toxicity", "rank"]);
    let object = |more: &str| {
        format!(
            r#"{{"type":"indicator"{more},"extensions":{{"{}":{{"extension_type":"toplevel-property-extension"}}}}}}"#,
            id(5)
        )
    };
    assert_eq!(findings(&registry, &object(r#","rank":1,"toxicity":2"#)), [""; 0]);
    let broken = findings(&registry, &object(r#","toxicity":11"#));
    assert_eq!(broken, ["out-of-range /toxicity", "missing-property "]);
    let unnamed = added(&definition(6, kinds, ""), schema).unwrap();
    assert_eq!(unnamed.extension(&id(6)).unwrap().properties(), ["rank", "toxicity"]);
}

#[test]
fn one_definition_of_several_types_names_its_parts() {
    let schema = r##"{"$defs":{
        "new-sdo:lab":{"properties":{"type":{"const":"x-lab"},"size":{"$ref":"#/$defs/count"}}},
        "new-sdo:press":{"properties":{"type":{"const":"x-press"},"title":{}}},
        "property-extension":{"properties":{"rank":{"$ref":"#/$defs/count"}}},
        "count":{"type":"integer","minimum":0}}}"##;
    let definition = definition(7, r#"["new-sdo","property-extension"]"#, "");
    let registry = added(&definition, schema).unwrap();
    let names: Vec<&str> = registry.types().map(|custom| &*custom.name).collect();
    assert_eq!(names, ["x-lab", "x-press"]);
    let object = format!(
        r#"{{"type":"x-lab","size":-1,"extensions":{{"{}":{{"extension_type":"property-extension","rank":-1}}}}}}"#,
        id(7)
    );
    let broken = findings(&registry, &object);
    assert_eq!(
        broken,
        ["out-of-range /size".to_owned(), format!("out-of-range /extensions/{}/rank", id(7))]
    );
}

#[test]
fn a_schema_can_stand_in_the_definition_as_text() {
    let text = serde_json::to_string(LAB_SCHEMA).unwrap();
    let inline = LAB.replace(r#""https://example.org/lab""#, &text);
    let registry = added(&inline, "").unwrap();
    assert!(registry.custom_type("x-lab").is_some());
    let broken = LAB.replace(r#""https://example.org/lab""#, r#""{\"typ\": \"object\"}""#);
    let error = added(&broken, "").unwrap_err();
    assert_eq!(
        (error.code(), &*error.pointer, error.in_schema),
        ("schema-unknown-keyword", "/schema", false)
    );
    assert!(error.to_string().starts_with("`/schema/typ`: "), "{error}");
}

#[test]
fn a_definition_without_a_schema_is_known_and_checks_nothing() {
    let registry = added(LAB, "").unwrap();
    let extension = registry.extension(LAB_ID).unwrap();
    assert!(!extension.is_checked() && registry.types().next().is_none());
    let object =
        format!(r#"{{"type":"x-any","extensions":{{"{LAB_ID}":{{"extension_type":"new-sdo"}}}}}}"#);
    assert_eq!(findings(&registry, &object), [""; 0]);
    assert_eq!(findings(&Registry::default(), &object), [""; 0]);
}

#[test]
fn an_extension_is_used_as_it_is_defined() {
    let registry = added(LAB, LAB_SCHEMA).unwrap();
    let object = |type_: &str, kind: &str| {
        format!(
            r#"{{"type":"{type_}","name":"n","extensions":{{"{LAB_ID}":{{"extension_type":"{kind}"}}}}}}"#
        )
    };
    let other = findings(&registry, &object("indicator", "property-extension"));
    assert_eq!(other, [format!("extension-type-other /extensions/{LAB_ID}/extension_type")]);
    assert_eq!(findings(&registry, &object("x-barn", "new-sdo")), ["extension-new-type /type"]);
}

#[test]
fn what_cannot_be_taken_is_refused_with_its_place() {
    let sdo = r#"["new-sdo"]"#;
    let own = r#""size":{}"#;
    for (kinds, more, schema, expected) in [
        (sdo, "", r#"{"properties":{"size":{}}}"#.to_owned(), "extension-type-unnamed "),
        (
            sdo,
            "",
            format!(r#"{{"properties":{{"type":{{"const":"malware"}},{own}}}}}"#),
            "extension-standard-type ",
        ),
        (
            sdo,
            "",
            format!(r#"{{"properties":{{"type":{{"const":"X--a"}},{own}}}}}"#),
            "extension-type-name ",
        ),
        (
            sdo,
            "",
            r#"{"properties":{"type":{"const":"x-lab"}}}"#.to_owned(),
            "extension-no-properties ",
        ),
        (
            sdo,
            "",
            r#"{"properties":{"type":{"const":"x-lab"},"Size":{}}}"#.to_owned(),
            "extension-property-name /properties/Size",
        ),
        (
            sdo,
            "",
            format!(
                r#"{{"properties":{{"type":{{"const":"x-lab"}},{own}}},"additionalProperties":false}}"#
            ),
            "extension-common-refused ",
        ),
        (
            sdo,
            "",
            format!(
                r#"{{"properties":{{"type":{{"const":"x-lab"}},{own}}},"x-stix-id-contributing":["size"]}}"#
            ),
            "extension-id-contributing ",
        ),
        (
            sdo,
            "",
            r#"{"$defs":{"new-sco":{}}}"#.to_owned(),
            "extension-part-unlisted /$defs/new-sco",
        ),
        (
            r#"["new-sco"]"#,
            "",
            format!(
                r#"{{"properties":{{"type":{{"const":"x-lab"}},{own}}},"x-stix-id-contributing":["weight"]}}"#
            ),
            "extension-id-contributing ",
        ),
        (r#"["new-sdo","new-sco"]"#, "", "{}".to_owned(), "extension-part-missing "),
        (
            sdo,
            "",
            format!(
                r#"{{"$defs":{{"new-sdo:a":{{"properties":{{"type":{{"const":"x-lab"}},{own}}}}},"new-sdo:b":{{"properties":{{"type":{{"const":"x-lab"}},{own}}}}}}}}}"#
            ),
            "extension-type-taken /$defs/new-sdo:b",
        ),
        (
            r#"["property-extension"]"#,
            "",
            r#"{"properties":{"rank":{}},"additionalProperties":false}"#.to_owned(),
            "extension-common-refused ",
        ),
        (
            r#"["property-extension"]"#,
            "",
            r#"{"properties":{"my-rank":{}}}"#.to_owned(),
            "extension-property-name /properties/my-rank",
        ),
        (
            r#"["toplevel-property-extension"]"#,
            r#","extension_properties":["labels"]"#,
            "{}".to_owned(),
            "property-redefined /extension_properties/0",
        ),
        (
            r#"["toplevel-property-extension"]"#,
            r#","extension_properties":["rank","Rank"]"#,
            "{}".to_owned(),
            "property-name /extension_properties/1",
        ),
        (sdo, r#","revoked":true"#, "{}".to_owned(), "extension-revoked /revoked"),
        (sdo, "", r#"{"typ":1}"#.to_owned(), "schema-unknown-keyword /typ"),
    ] {
        let error = added(&definition(8, kinds, more), &schema).unwrap_err();
        let said = format!("{} {}", error.code(), error.pointer);
        assert_eq!(said, expected, "{schema}");
        let (english, spanish) = (error.message_in(Lang::En), error.message_in(Lang::Es));
        assert!(
            english != spanish && !english.contains("{0}") && !english.ends_with('.'),
            "{english}"
        );
    }
    let broken = added(&LAB.replace("2026-01-20T", "yesterday"), "").unwrap_err();
    assert_eq!((broken.code(), &*broken.pointer), ("timestamp-form", "/created"));
    let identity = r#"{"type":"identity","spec_version":"2.1","id":"identity--11b76a96-5d2b-45e0-8a5a-f6994f370731",
        "created":"2026-01-20T09:16:08.989Z","modified":"2026-01-20T09:16:08.989Z","name":"a unit"}"#;
    assert_eq!(added(identity, "").unwrap_err().code(), "extension-not-a-definition");
    assert_eq!(added("{", "").unwrap_err().code(), "json-cut");
}

#[test]
fn an_id_stands_once_and_gives_way_only_to_a_newer_version_of_it() {
    let mut registry = added(LAB, LAB_SCHEMA).unwrap();
    let limits = Limits::default();
    let again = registry.add(LAB.as_bytes(), Some(LAB_SCHEMA.as_bytes()), &limits).unwrap_err();
    assert_eq!((again.code(), &*again.pointer), ("extension-already-known", "/id"));
    let same = registry.replace(LAB.as_bytes(), None, &limits).unwrap_err();
    assert_eq!((same.code(), &*same.pointer), ("extension-older", "/modified"));
    let newer = LAB
        .replace(r#""modified": "2026-01-20"#, r#""modified": "2026-02-20"#)
        .replace("1.0.0", "2.0.0");
    let schema = LAB_SCHEMA.replace("x-lab", "x-laboratory");
    let broken = registry.replace(newer.as_bytes(), Some(b"{}"), &limits).unwrap_err();
    assert_eq!(broken.code(), "extension-type-unnamed");
    assert!(registry.custom_type("x-lab").is_some(), "the earlier one stays when the later fails");
    registry.replace(newer.as_bytes(), Some(schema.as_bytes()), &limits).unwrap();
    assert_eq!(registry.extension(LAB_ID).unwrap().version(), "2.0.0");
    assert!(
        registry.custom_type("x-lab").is_none() && registry.custom_type("x-laboratory").is_some()
    );
    let other = definition(9, r#"["new-sdo"]"#, "");
    let taken = registry.add(other.as_bytes(), Some(schema.as_bytes()), &limits).unwrap_err();
    assert_eq!(taken.code(), "extension-type-taken");
    assert!(registry.extension(&id(9)).is_none());
}

#[test]
fn a_folder_is_read_in_pairs_and_every_error_names_its_file() {
    let good = [("readme.md", "text"), ("lab.schema.json", LAB_SCHEMA), ("lab.json", LAB)];
    let registry = Registry::load(good, &Limits::default()).unwrap();
    assert!(registry.custom_type("x-lab").is_some());
    let bad = [
        ("lab.json", LAB),
        ("lab.schema.json", "{\n\"properties\": {\"a\": {\"typ\": 1}}}"),
        ("lost.schema.json", "{}"),
        ("other.json", "[]"),
    ];
    let errors = Registry::load(bad, &Limits::default()).unwrap_err();
    let said: Vec<_> = errors.iter().map(|e| (e.file.as_deref().unwrap(), e.code())).collect();
    assert_eq!(
        said,
        [
            ("lab.schema.json", "schema-unknown-keyword"),
            ("other.json", "not-an-object"),
            ("lost.schema.json", "extension-lonely-schema"),
        ]
    );
    let message = errors[0].to_string();
    assert!(message.starts_with("`lab.schema.json:2` (`/properties/a/typ`): "), "{message}");
    assert!(errors[2].message_in(Lang::Es).contains("`lost.json`"));
}
