mod codes;
mod rules;
mod versions;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::check;
use crate::{Code, Limits, Severity};

/// An object with nothing wrong.
fn sound() -> Json {
    json!({
        "type": "report",
        "spec_version": "2.1",
        "id": "report--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3",
        "created_by_ref": "identity--a463ffb3-1bd9-4d94-b02d-74e4f1658283",
        "created": "2026-01-31T08:30:00.000Z",
        "modified": "2026-02-01T08:30:00.000Z",
        "revoked": false,
        "labels": ["ports"],
        "confidence": 70,
        "lang": "es-MX",
        "name": "Consignments through the port",
        "published": "2026-02-01T08:30:00Z",
        "object_refs": ["indicator--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"],
        "external_references": [{"source_name": "desk", "external_id": "17", "hashes": {"SHA-256": "6db12788c37247f2316052e142f42f4b259d6561751e5f401a1ae2a6df9c674b"}}],
        "object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
        "granular_markings": [
            {"marking_ref": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "selectors": ["name", "granular_markings.[1]", "lang"]},
            {"lang": "en", "selectors": ["name"]}
        ],
        "extensions": {
            "extension-definition--1f611280-fbe1-48f3-92ab-ff47ce02d5b7": {"extension_type": "property-extension", "rank": 5},
            "extension-definition--a932fcc6-e032-476c-826f-cb970a5a1ade": {"extension_type": "toplevel-property-extension"}
        }
    })
}

/// The codes and pointers of what is wrong.
fn found(object: &Json) -> Vec<(Code, String)> {
    let report = check(object.to_string().as_bytes(), &Limits::default());
    report.findings.into_iter().map(|finding| (finding.code, finding.pointer)).collect()
}

/// What is wrong with the sound object after one of its values was set.
fn with(pointer: &str, value: Json) -> Vec<(Code, String)> {
    let mut object = sound();
    let (front, key) = pointer.rsplit_once('/').unwrap();
    match object.pointer_mut(front).unwrap() {
        Json::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    found(&object)
}

#[test]
fn a_sound_object_has_no_findings_and_a_head() {
    let report = check(sound().to_string().as_bytes(), &Limits::default());
    assert_eq!(report.findings, []);
    assert!(report.is_valid() && report.complete);
    assert_eq!(report.head.unwrap().id, "report--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3");
}

/// What to set in the sound object, and what that breaks.
pub(super) fn breaches() -> Vec<(&'static str, Json, Code)> {
    let uuid = "84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3";
    vec![
        ("/spec_version", json!("2.0"), Code::SpecVersion),
        ("/id", json!("report-84e4d88f"), Code::IdForm),
        ("/id", json!(format!("note--{uuid}")), Code::IdType),
        ("/id", json!("report--84e4d88f-44ea-4bcd-1bf3-b2c1c320bcb3"), Code::IdUuid),
        ("/id", json!("report--84e4d88f-44ea-8bcd-bbf3-b2c1c320bcb3"), Code::IdUuid),
        ("/id", json!("report--84E4d88f-44ea-4bcd-bbf3-b2c1c320bcb3"), Code::IdUppercase),
        ("/id", json!("report--84e4d88f-44ea-5bcd-bbf3-b2c1c320bcb3"), Code::IdVersion),
        ("/created_by_ref", json!(format!("report--{uuid}")), Code::ReferenceType),
        ("/created_by_ref", json!("somebody"), Code::ReferenceForm),
        ("/created", json!("2026-01-31"), Code::TimestampForm),
        ("/created", json!("2026-02-30T08:30:00.000Z"), Code::TimestampForm),
        ("/created", json!("2026-01-31T08:30:00.00Z"), Code::TimestampPrecision),
        ("/created", json!(20_260_131), Code::WrongType),
        ("/modified", json!("2026-01-31T08:29:59.999999Z"), Code::ModifiedBeforeCreated),
        ("/revoked", json!("false"), Code::WrongType),
        ("/labels", json!("ports"), Code::WrongType),
        ("/labels/0", json!(1), Code::WrongType),
        ("/confidence", json!(101), Code::OutOfRange),
        ("/confidence", json!(-1), Code::OutOfRange),
        ("/confidence", json!(7.5), Code::WrongType),
        ("/lang", json!("español"), Code::LangForm),
        ("/object_refs/0", json!("indicator"), Code::ReferenceForm),
        ("/object_refs/0", json!("indicator--26ffb872-1dd9-446e-16f5-d58527e5b5d2"), Code::IdUuid),
        ("/external_references/0", json!({"source_name": "desk"}), Code::ExternalReferenceEmpty),
        ("/external_references/0", json!({"description": "a page"}), Code::MissingProperty),
        ("/external_references/0/hashes/no", json!("00"), Code::HashKey),
        ("/external_references/0/hashes/SHA-256", json!("00"), Code::HashValue),
        ("/external_references/0", json!("desk"), Code::WrongType),
        ("/object_marking_refs/0", json!(format!("identity--{uuid}")), Code::ReferenceType),
        ("/granular_markings/0", json!({"selectors": ["name"]}), Code::GranularChoice),
        ("/granular_markings/0/lang", json!("en"), Code::GranularChoice),
        ("/granular_markings/1", json!({"lang": "en"}), Code::MissingProperty),
        ("/granular_markings/1/selectors/0", json!("[0]"), Code::SelectorForm),
        ("/granular_markings/1/selectors/0", json!("labels.0"), Code::SelectorTarget),
        ("/granular_markings/1/selectors/0", json!("labels.[1]"), Code::SelectorTarget),
        ("/granular_markings/1/selectors/0", json!("name.[0]"), Code::SelectorTarget),
        ("/granular_markings/1/selectors/0", json!("labels.name"), Code::SelectorTarget),
        ("/defanged", json!(true), Code::MustNotHave),
        ("/severity", json!("high"), Code::ReservedProperty),
        ("/Custom", json!(1), Code::PropertyName),
        ("/x-custom", json!(1), Code::PropertyName),
        ("/ab", json!(1), Code::PropertyName),
        ("/a\u{0}b", json!(1), Code::PropertyName),
        ("/x_other/a key", json!(1), Code::DictionaryKey),
        ("/x_none", json!(null), Code::NullValue),
        ("/x_none", json!([]), Code::EmptyList),
        ("/x_none", json!({}), Code::EmptyObject),
        ("/x_somebody_ref", json!("them"), Code::CustomReferenceForm),
        ("/extensions/mine", json!({"rank": 1}), Code::ExtensionKey),
        (
            "/extensions/extension-definition--1f611280-fbe1-48f3-92ab-ff47ce02d5b7",
            json!({"rank": 1}),
            Code::ExtensionTypeMissing,
        ),
        (
            "/extensions/extension-definition--1f611280-fbe1-48f3-92ab-ff47ce02d5b7/extension_type",
            json!("old"),
            Code::ExtensionType,
        ),
    ]
}

#[test]
fn each_broken_rule_is_found_where_it_is_broken() {
    for (pointer, value, code) in breaches() {
        let place = match code {
            Code::DictionaryKey => "/x_other/a key",
            Code::GranularChoice => "/granular_markings/0",
            _ => pointer,
        };
        assert_eq!(
            with_parents(pointer, value.clone()),
            [(code, place.to_owned())],
            "{pointer} {value}"
        );
    }
}

/// As `with`, for a pointer whose parent may be missing.
fn with_parents(pointer: &str, value: Json) -> Vec<(Code, String)> {
    match pointer.strip_prefix("/x_other/") {
        Some(key) => with("/x_other", json!({ key: value })),
        None => with(pointer, value),
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_order_it_stands() {
    let mut object = sound();
    object["created"] = json!("yesterday");
    object["confidence"] = json!(400);
    object["labels"] = json!([]);
    object.as_object_mut().unwrap().shift_remove("modified");
    object["granular_markings"][0]["marking_ref"] = json!("red");
    let expected = [
        (Code::MissingProperty, ""),
        (Code::TimestampForm, "/created"),
        (Code::EmptyList, "/labels"),
        (Code::OutOfRange, "/confidence"),
        (Code::ReferenceForm, "/granular_markings/0/marking_ref"),
    ];
    assert_eq!(found(&object), expected.map(|(code, pointer)| (code, pointer.to_owned())));
}

#[test]
fn every_required_common_property_is_missed() {
    for name in ["type", "spec_version", "id", "created", "modified"] {
        let mut object = sound();
        object.as_object_mut().unwrap().shift_remove(name);
        assert!(found(&object).contains(&(Code::MissingProperty, String::new())), "{name}");
    }
}

#[test]
fn observables_and_markings_need_less_and_use_less() {
    let address = json!({"type": "ipv4-addr", "id": "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", "value": "198.51.100.3", "defanged": true});
    assert_eq!(found(&address), []);
    let mut marked = address;
    marked["labels"] = json!(["a"]);
    assert_eq!(found(&marked), [(Code::NotApplicable, "/labels".to_owned())]);

    let id = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
    let mut marking: Json =
        serde_json::from_str(&crate::marking::canonical(id).unwrap().to_json()).unwrap();
    assert_eq!(found(&marking), []);
    marking["object_marking_refs"] = json!([id]);
    let told = [Code::MarkingFixed, Code::SelfMarking];
    assert_eq!(found(&marking).into_iter().map(|(code, _)| code).collect::<Vec<_>>(), told);
}

#[test]
fn custom_types_are_held_to_the_rules_for_names() {
    let custom = |name: &str| {
        let mut object = json!({"type": name, "spec_version": "2.1", "id": format!("{name}--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3"), "created": "2026-01-31T08:30:00.000Z", "modified": "2026-01-31T08:30:00.000Z"});
        let without = found(&object);
        object["extensions"] = sound()["extensions"].clone();
        assert!(!found(&object).iter().any(|(code, _)| *code == Code::CustomType));
        assert!(!found(&object).iter().any(|(code, _)| *code == Code::CustomTypePrefix));
        without.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(custom("x-mx-consignment"), [Code::CustomType]);
    assert_eq!(custom("consignment"), [Code::CustomType, Code::CustomTypePrefix]);
    assert_eq!(custom("X-Consignment"), [Code::TypeName]);
    assert_eq!(custom("x--consignment"), [Code::TypeName]);
    assert_eq!(custom("xy"), [Code::TypeName]);

    let observable = json!({"type": "vessel", "id": "vessel--84e4d88f-44ea-5bcd-bbf3-b2c1c320bcb3", "extensions": {"extension-definition--1f611280-fbe1-48f3-92ab-ff47ce02d5b7": {"extension_type": "new-sco"}}});
    assert_eq!(found(&observable), []);
}

#[test]
fn relationships_and_sightings_point_where_they_may() {
    let common = |name: &str| json!({"type": name, "spec_version": "2.1", "id": format!("{name}--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3"), "created": "2026-01-31T08:30:00.000Z", "modified": "2026-01-31T08:30:00.000Z"});
    let mut relationship = common("relationship");
    relationship["relationship_type"] = json!("uses");
    relationship["source_ref"] = json!("malware--26ffb872-1dd9-446e-b6f5-d58527e5b5d2");
    relationship["target_ref"] = json!("tool--26ffb872-1dd9-446e-b6f5-d58527e5b5d2");
    relationship["start_time"] = json!("2026-01-31T08:30:00Z");
    relationship["stop_time"] = json!("2026-01-31T08:30:00.001Z");
    assert_eq!(found(&relationship), []);
    relationship["relationship_type"] = json!("Uses it");
    relationship["target_ref"] = json!("sighting--26ffb872-1dd9-446e-b6f5-d58527e5b5d2");
    relationship["stop_time"] = json!("2026-01-31T08:30:00.000Z");
    let codes: Vec<Code> = found(&relationship).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, [Code::TermForm, Code::ReferenceType, Code::TimeOrder]);

    let mut sighting = common("sighting");
    sighting["sighting_of_ref"] = json!("x-lab--26ffb872-1dd9-446e-b6f5-d58527e5b5d2");
    sighting["count"] = json!(999_999_999);
    assert_eq!(found(&sighting), []);
    sighting["where_sighted_refs"] = json!(["report--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"]);
    assert_eq!(found(&sighting), [(Code::ReferenceType, "/where_sighted_refs/0".to_owned())]);
}

#[test]
fn what_is_no_object_has_one_finding() {
    for (text, code) in [
        ("[]", Code::NotAnObject),
        ("7", Code::NotAnObject),
        (
            "{\"type\":\"bundle\",\"id\":\"bundle--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3\",\"objects\":[{}]}",
            Code::BundleAsObject,
        ),
        ("{\"a\":", Code::JsonCut),
    ] {
        let report = check(text.as_bytes(), &Limits::default());
        assert_eq!(report.findings.len(), 1, "{text}");
        assert_eq!(report.findings[0].code, code);
        assert!(report.head.is_none() && !report.is_valid());
    }
}

#[test]
fn keys_that_stand_twice_are_all_told() {
    let text = sound().to_string().replacen('{', "{\"lang\":\"en\",\"name\":\"a\",", 1);
    let report = check(text.as_bytes(), &Limits::default());
    let twice = report.findings.iter().filter(|finding| finding.code == Code::DuplicateKey).count();
    assert_eq!((twice, report.is_valid(), report.head), (2, false, None));
}

#[test]
fn a_hostile_object_cannot_turn_a_megabyte_into_a_flood() {
    let key = "k".repeat(400_000);
    let nulls = vec!["null"; 90_000].join(",");
    let text = format!("{{\"{key}\":[{nulls}]}}");
    let report = check(text.as_bytes(), &Limits::default());
    let bytes: usize = report.findings.iter().map(|f| f.pointer.len() + f.message().len()).sum();
    assert!(!report.complete && bytes < 3_000_000, "{bytes}");

    // 15,000 selectors into 15,000 properties: looked through once, not once each.
    let selectors: Vec<String> = (0..15_000).map(|n| format!("\"p_{n}.x.x\"")).collect();
    let properties: Vec<String> = (0..15_000).map(|n| format!("\"p_{n}\":{{\"x\":1}}")).collect();
    let text = format!(
        "{{{},\"granular_markings\":[{{\"lang\":\"en\",\"selectors\":[{}]}}]}}",
        properties.join(","),
        selectors.join(",")
    );
    let report = check(text.as_bytes(), &Limits::default());
    assert!(report.findings.iter().any(|finding| finding.code == Code::SelectorTarget));
}

/// Objects that keep every rule, by construction.
fn valid() -> impl Strategy<Value = Json> {
    let stamp = (2000_i32..2100, 1..13, 1..29, 0..24, "[0-9]{3,12}");
    let stamp = stamp.prop_map(|(y, m, d, h, f)| format!("{y:04}-{m:02}-{d:02}T{h:02}:00:00.{f}Z"));
    let name = prop::sample::select(&["report", "identity", "x-mx-ficha", "malware"][..]);
    let extensions = sound()["extensions"].clone();
    let uuid = any::<[u8; 16]>();
    let custom = prop::collection::btree_map("x_[a-z0-9_]{1,9}[a-z]", "\\PC{0,9}|[^_]", 0..4);
    let custom = custom
        .prop_map(|m| m.into_iter().filter(|(k, _)| !k.ends_with("_ref")).collect::<Vec<_>>());
    (name, uuid, stamp.clone(), stamp, 0..=100, custom, prop::collection::vec(any::<String>(), 1..4))
        .prop_map(move |(name, random, one, other, confidence, custom, labels)| {
            let id = crate::id::StixId::new(name, random).unwrap();
            let (created, modified) = if one <= other { (one, other) } else { (other, one) };
            let mut object = json!({"type": name, "spec_version": "2.1", "id": id.as_str(), "created": created, "modified": modified, "confidence": confidence, "labels": labels, "extensions": extensions});
            let own = match name {
                "report" => json!({"name": "r", "published": "2026-01-31T08:30:00Z", "object_refs": [id.as_str()]}),
                "identity" => json!({"name": "i"}),
                "malware" => json!({"is_family": false}),
                _ => json!({}),
            };
            object.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
            for (key, value) in custom {
                object[key] = Json::from(value);
            }
            object
        })
}

proptest! {
    #[test]
    fn an_object_that_keeps_the_rules_has_no_findings(object in valid()) {
        prop_assert_eq!(found(&object), []);
        let report = check(object.to_string().as_bytes(), &Limits::default());
        let head = report.head.unwrap();
        prop_assert_eq!(&head.id, object["id"].as_str().unwrap());
        prop_assert_eq!(head.labels.len(), object["labels"].as_array().unwrap().len());
    }

    #[test]
    fn a_valid_report_always_has_a_head_and_every_finding_points_at_something(json in crate::json::tests::json()) {
        let mut object = sound();
        let names = ["id", "created", "labels", "granular_markings", "extensions", "external_references", "x_a", "object_refs"];
        let at = json.to_string().len() % names.len();
        object[names[at]] = json;
        let text = object.to_string();
        let report = check(text.as_bytes(), &Limits::default());
        if report.is_valid() {
            prop_assert!(report.head.is_some());
        }
        for finding in report.findings {
            prop_assert!(object.pointer(&finding.pointer).is_some(), "{}", finding.pointer);
            prop_assert!(finding.offset < text.len());
            prop_assert_eq!(finding.severity == Severity::Must, finding.code.severity() == Severity::Must);
        }
    }
}
