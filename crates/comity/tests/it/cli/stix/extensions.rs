use serde_json::json;

use super::*;

/// A definition of a grade that any object may carry.
pub(crate) const GRADE: &str = r#"{"type":"extension-definition","spec_version":"2.1","id":"extension-definition--5d0b6f1e-3c0e-4e59-8a52-0000000000e1","created":"2026-01-20T09:16:08.989Z","modified":"2026-01-20T09:16:08.989Z","created_by_ref":"identity--5d0b6f1e-3c0e-4e59-8a52-0000000000a1","name":"Grade","schema":"https://example.com/grade","version":"1.0.0","extension_types":["property-extension"]}"#;

/// Its identifier.
pub(crate) const GRADE_ID: &str = "extension-definition--5d0b6f1e-3c0e-4e59-8a52-0000000000e1";

/// Its schema.
pub(crate) const GRADE_SCHEMA: &str = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"extension_type":{"const":"property-extension"},"grade":{"type":"integer","minimum":1,"maximum":6}},"required":["grade"]}"#;

/// A definition of a type of objects.
fn lab() -> String {
    GRADE
        .replace("0000000000e1", "0000000000e2")
        .replace("property-extension", "new-sdo")
        .replace("Grade", "Laboratories")
}

const LAB_ID: &str = "extension-definition--5d0b6f1e-3c0e-4e59-8a52-0000000000e2";

const LAB_SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Laboratory",
  "allOf": [{ "$ref": "stix:core" }],
  "properties": {
    "type": { "const": "clandestine-lab" },
    "kettles": { "type": "integer", "minimum": 0 }
  },
  "required": ["kettles"],
  "unevaluatedProperties": false
}
"#;

fn of_lab(number: u32, kettles: &str) -> String {
    format!(
        r#"{{"type":"clandestine-lab","spec_version":"2.1","id":"clandestine-lab--5d0b6f1e-3c0e-4e59-8a52-{number:012x}","created":"2026-03-01T10:00:00.000Z","modified":"2026-03-01T10:00:00.000Z","kettles":{kettles},"extensions":{{"{LAB_ID}":{{"extension_type":"new-sdo"}}}}}}"#
    )
}

fn graded(number: u32, grade: &str) -> String {
    let value = format!("{{\"extension_type\":\"property-extension\",\"grade\":{grade}}}");
    let extensions = format!("\"extensions\":{{\"{GRADE_ID}\":{value}}},\"pattern\":");
    indicator(number, 40).replace("\"pattern\":", &extensions)
}

/// Puts both extensions into a folder.
fn extensions(place: &Place, folder: &str) {
    std::fs::create_dir_all(place.path(folder)).unwrap();
    for (name, content) in [
        ("grade.json", GRADE),
        ("grade.schema.json", GRADE_SCHEMA),
        ("lab.json", &lab()),
        ("lab.schema.json", LAB_SCHEMA),
        ("README", "not json"),
    ] {
        place.write(&format!("{folder}/{name}"), content);
    }
}

#[test]
fn objects_are_held_against_the_extensions_of_a_folder() {
    let place = Place::new();
    extensions(&place, "ours");
    lines(&place, "in.jsonl", [of_lab(1, "3"), of_lab(2, "-1"), graded(3, "2"), graded(4, "9")]);
    let report = place.run("stix check in.jsonl --extensions ours --json").document(1);
    let places: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["line"].as_u64().unwrap(), it["pointer"].as_str().unwrap().to_owned()))
        .collect();
    let grade = format!("/extensions/{GRADE_ID}/grade");
    assert_eq!(places, [(2, "/kettles".to_owned()), (4, grade)], "{report}");
    assert_eq!(report["unknown"], json!({"types": {}, "extensions": {}, "omitted": 0}));

    let unchecked = place.ok("stix check in.jsonl");
    assert_eq!(unchecked["unknown"]["types"], json!({"clandestine-lab": 2}));
    assert_eq!(unchecked["unknown"]["extensions"][GRADE_ID], 2, "{unchecked}");
}

#[test]
fn what_a_file_defines_itself_is_not_what_it_is_checked_by() {
    let place = Place::new();
    let definition = GRADE
        .replace("\"https://example.com/grade\"", &serde_json::to_string(GRADE_SCHEMA).unwrap());
    lines(&place, "in.jsonl", [definition, graded(1, "9")]);
    let report = place.ok("stix check in.jsonl");
    assert_eq!(report["unknown"]["extensions"][GRADE_ID], 1, "{report}");
}

#[test]
fn a_type_of_an_extension_is_listed_and_has_its_makers_schema() {
    let place = Place::new();
    extensions(&place, "ours");
    let list = place.ok("stix schema --extensions ours");
    let types = list["types"].as_array().unwrap();
    let lab = types.iter().find(|it| it["name"] == "clandestine-lab").unwrap();
    assert_eq!((&lab["class"], &lab["extension"]), (&json!("sdo"), &json!(LAB_ID)));
    let written = place.run("stix schema clandestine-lab --extensions ours");
    assert_eq!(written.stdout, LAB_SCHEMA);
    assert_eq!(place.ok("stix schema clandestine-lab --extensions ours")["title"], "Laboratory");
    let near = place.run("stix schema clandestinelab --extensions ours");
    assert!(near.stderr.contains("is it `clandestine-lab`?"), "{near:?}");
    assert_eq!(place.refused("stix schema clandestine-lab", 1), "unknown-type");
}

#[test]
fn a_node_checks_by_the_extensions_in_its_folder() {
    let place = Place::new();
    place.node("us");
    lines(&place, "in.jsonl", [of_lab(1, "3"), of_lab(2, "-1"), graded(3, "9")]);
    extensions(&place, "us/extensions");
    let report = place.ok("import in.jsonl --data us");
    assert_eq!((&report["new"], &report["rejected"]), (&json!(1), &json!(2)), "{report}");
    assert_eq!(report["files"][0]["rejections"][0]["pointer"], "/kettles");
    let checked = place.run("stix check in.jsonl --data us --json").document(1);
    assert_eq!(checked["must"], 2, "{checked}");
    let doctor = place.ok("doctor --data us");
    let named = doctor["checks"].as_array().unwrap().iter().find(|it| it["name"] == "extensions");
    assert_eq!(named.unwrap()["state"], "ok", "{doctor}");
    std::fs::remove_dir_all(place.path("us/extensions")).unwrap();
    assert_eq!(place.ok("import in.jsonl --data us")["rejected"], 0);
}

#[test]
fn a_bad_extension_is_named_by_every_command_that_needs_it_and_by_doctor() {
    let place = Place::new();
    place.node("us");
    extensions(&place, "us/extensions");
    place.write("us/extensions/lab.schema.json", LAB_SCHEMA.replace("minimum", "minimun"));
    place.write("us/extensions/lonely.schema.json", "{}");
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    for line in ["import in.jsonl", "status", "holdings list", "stix check in.jsonl", "stix schema"]
    {
        let line = format!("{line} --data us");
        let code = place.refused(&line, 1);
        assert!(!code.is_empty(), "{line}");
        let ran = place.run(&line);
        for name in ["us/extensions/lab.schema.json", "us/extensions/lonely.schema.json"] {
            assert!(ran.stdout.is_empty() && ran.stderr.contains(name), "{line}: {ran:?}");
        }
        assert_ne!(place.run(&format!("{line} --lang es")).stderr, ran.stderr);
    }
    let doctor = place.run("doctor --data us --json").document(1);
    let checks = doctor["checks"].as_array().unwrap();
    let of = |name: &str| checks.iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(
        (&of("extensions")["state"], &of("database")["state"]),
        (&json!("fail"), &json!("ok"))
    );
    assert!(of("extensions")["text"].as_str().unwrap().contains("lab.schema.json"), "{doctor}");
}

#[test]
fn a_folder_that_is_not_there_is_an_error_when_it_was_named() {
    let place = Place::new();
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    assert_eq!(place.refused("stix check in.jsonl --extensions nowhere", 1), "cannot-read");
}

#[test]
fn a_definition_in_a_folder_stands_in_for_the_domains_own_of_the_same_id() {
    let place = Place::new();
    let grading = r#"{"type":"extension-definition","spec_version":"2.1","id":"extension-definition--6a8c2d1e-5b7f-4c0a-9e3d-2f1b8a7c6d50","created":"2026-01-05T00:00:00.000Z","modified":"2026-06-05T00:00:00.000Z","created_by_ref":"identity--5d0b6f1e-3c0e-4e59-8a52-0000000000a1","name":"Grade","schema":"https://example.com/grade","version":"2.0.0","extension_types":["property-extension"]}"#;
    let schema = r#"{"type":"object","required":["note"]}"#;
    std::fs::create_dir_all(place.path("ours")).unwrap();
    place.write("ours/grade.json", grading);
    place.write("ours/grade.schema.json", schema);
    let value = r#""extensions":{"extension-definition--6a8c2d1e-5b7f-4c0a-9e3d-2f1b8a7c6d50":{"extension_type":"property-extension","source_reliability":"B","information_credibility":"2"}},"pattern":"#;
    lines(&place, "in.jsonl", [indicator(1, 40).replace("\"pattern\":", value)]);
    assert_eq!(place.run("stix check in.jsonl").code, 0);
    let ours = place.run("stix check in.jsonl --extensions ours --json").document(1);
    assert_eq!(ours["findings"][0]["code"], "missing-property", "{ours}");
}
