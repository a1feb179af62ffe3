//! Objects held against the standard and a registry together.

use comity_stix::registry::Registry;
use comity_stix::{Checker, Code, Limits, Report, UnknownKind};
use serde_json::{Value as Json, json};

const LAB: &str = include_str!("../data/registry/lab.json");
const LAB_SCHEMA: &str = include_str!("../data/registry/lab.schema.json");
const LAB_ID: &str = "extension-definition--9c59fd79-4215-4ba2-920d-3e4f320e1e62";
const UUID: &str = "84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3";

/// A definition of another kind, with its schema.
fn add(registry: &mut Registry, number: u32, kind: &str, more: &str, schema: &str) -> String {
    let definition = LAB
        .replace("9c59fd79", &format!("{number:08x}"))
        .replace(r#"["new-sdo"]"#, &format!(r#"["{kind}"]{more}"#));
    registry.add(definition.as_bytes(), Some(schema.as_bytes()), &Limits::default()).unwrap();
    LAB_ID.replace("9c59fd79", &format!("{number:08x}"))
}

fn report(registry: Option<&Registry>, object: &Json) -> Report {
    let checker = Checker::new(&Limits::default());
    let checker = match registry {
        Some(registry) => checker.with_registry(registry),
        None => checker,
    };
    checker.check(object.to_string().as_bytes())
}

fn codes(report: &Report) -> Vec<(Code, &str)> {
    report.findings.iter().map(|finding| (finding.code, finding.pointer.as_str())).collect()
}

fn common(type_: &str) -> Json {
    json!({
        "type": type_, "spec_version": "2.1", "id": format!("{type_}--{UUID}"),
        "created": "2026-01-31T08:30:00.000Z", "modified": "2026-01-31T08:30:00.000Z"
    })
}

#[test]
fn a_custom_type_is_checked_as_strictly_as_the_standards_own() {
    let mut registry = Registry::default();
    registry.add(LAB.as_bytes(), Some(LAB_SCHEMA.as_bytes()), &Limits::default()).unwrap();
    let mut lab = common("x-lab");
    lab["name"] = json!("a barn");
    lab["extensions"] = json!({ LAB_ID: {"extension_type": "new-sdo"} });
    let sound = report(Some(&registry), &lab);
    assert!(codes(&sound).is_empty() && sound.unknown.is_empty());

    lab["found"] = json!("yesterday");
    lab["confidence"] = json!(101);
    let broken = report(Some(&registry), &lab);
    assert_eq!(
        codes(&broken),
        [(Code::TimestampForm, "/found"), (Code::OutOfRange, "/confidence")]
    );
}

#[test]
fn what_nobody_knows_is_kept_and_named_and_no_finding() {
    let mut lab = common("x-lab");
    lab["extensions"] = json!({ LAB_ID: {"extension_type": "new-sdo", "anything": [1]} });
    lab["found"] = json!("yesterday");
    let report = report(None, &lab);
    assert_eq!(codes(&report), []);
    let unknown: Vec<_> = report
        .unknown
        .iter()
        .map(|one| (one.kind, one.name.as_str(), one.pointer.as_str()))
        .collect();
    let pointer = format!("/extensions/{LAB_ID}");
    let expected =
        [(UnknownKind::Type, "x-lab", ""), (UnknownKind::Extension, LAB_ID, pointer.as_str())];
    assert_eq!(unknown, expected);
    assert!(report.head.is_some());
}

#[test]
fn custom_types_stand_where_their_class_may() {
    let mut registry = Registry::default();
    registry.add(LAB.as_bytes(), Some(LAB_SCHEMA.as_bytes()), &Limits::default()).unwrap();
    let schema = r#"{"properties":{"type":{"const":"x-drum"},"number":{"type":"integer"}},"x-stix-id-contributing":["number"]}"#;
    let drums = add(&mut registry, 1, "new-sco", "", schema);

    let mut observed = common("observed-data");
    observed["first_observed"] = json!("2026-01-31T08:30:00Z");
    observed["last_observed"] = json!("2026-01-31T08:30:00Z");
    observed["number_observed"] = json!(1);
    observed["object_refs"] = json!([format!("x-drum--{UUID}")]);
    assert_eq!(codes(&report(Some(&registry), &observed)), []);
    observed["object_refs"] = json!([format!("x-lab--{UUID}")]);
    assert_eq!(
        codes(&report(Some(&registry), &observed)),
        [(Code::ObservedNothing, "/object_refs"), (Code::ReferenceType, "/object_refs/0")]
    );
    // Without a registry nobody can say of which class they are.
    assert_eq!(codes(&report(None, &observed)), []);

    let mut sighting = common("sighting");
    sighting["sighting_of_ref"] = json!(format!("x-lab--{UUID}"));
    assert_eq!(codes(&report(Some(&registry), &sighting)), []);
    sighting["sighting_of_ref"] = json!(format!("x-drum--{UUID}"));
    assert_eq!(
        codes(&report(Some(&registry), &sighting)),
        [(Code::ReferenceType, "/sighting_of_ref")]
    );

    // The identifier of a custom observable is computed as the standard's are.
    let id = comity_stix::id::StixId::deterministic("x-drum", br#"{"number":7}"#).unwrap();
    let extensions = json!({ drums: {"extension_type": "new-sco"} });
    let mut drum =
        json!({"type": "x-drum", "id": id.as_str(), "number": 7, "extensions": extensions});
    assert_eq!(codes(&report(Some(&registry), &drum)), []);
    drum["number"] = json!(8);
    assert_eq!(codes(&report(Some(&registry), &drum)), [(Code::IdDeterministic, "/id")]);
}

#[test]
fn properties_at_the_top_are_those_that_their_extension_names() {
    let mut registry = Registry::default();
    let schema = r#"{"properties":{"rank":{"type":"integer"}}}"#;
    let more = r#","extension_properties":["rank"]"#;
    let id = add(&mut registry, 2, "toplevel-property-extension", more, schema);
    let mut object = common("identity");
    object["name"] = json!("n");
    object["extensions"] = json!({ id: {"extension_type": "toplevel-property-extension"} });
    object["rank"] = json!(5);
    assert_eq!(codes(&report(Some(&registry), &object)), []);
    object["rank"] = json!("5");
    object["x_other"] = json!(1);
    assert_eq!(
        codes(&report(Some(&registry), &object)),
        [(Code::WrongType, "/rank"), (Code::CustomProperty, "/x_other")]
    );
    // An extension that nobody knows may name any.
    assert_eq!(codes(&report(None, &object)), []);
}

#[test]
fn the_frame_of_a_bundle_has_rules_of_its_own() {
    let frame = |bundle: &Json| {
        let report = Checker::new(&Limits::default()).check_bundle(bundle.to_string().as_bytes());
        report.findings.into_iter().map(|f| (f.code, f.pointer)).collect::<Vec<_>>()
    };
    let mut bundle =
        json!({"type": "bundle", "id": format!("bundle--{UUID}"), "objects": [common("identity")]});
    assert_eq!(frame(&bundle), []);
    bundle["spec_version"] = json!("2.1");
    bundle["x_sent"] = json!(1);
    bundle["objects"] = json!([1, {"type": "bundle"}]);
    let expected = [
        (Code::WrongType, "/objects/0"),
        (Code::BundleAsObject, "/objects/1"),
        (Code::NotApplicable, "/spec_version"),
        (Code::CustomProperty, "/x_sent"),
    ];
    assert_eq!(frame(&bundle), expected.map(|(code, pointer)| (code, pointer.to_owned())));
    bundle["objects"] = json!([]);
    assert!(frame(&bundle).contains(&(Code::EmptyList, "/objects".to_owned())));
    assert_eq!(frame(&json!({"type": "report"})), [(Code::NotABundle, "/type".to_owned())]);
}
