use serde_json::json;

use super::*;

const NOTHING: &str = "there is no object in it";

#[test]
fn a_key_that_stands_twice_hides_no_other_broken_rule() {
    let place = Place::new();
    let twice = indicator(1, 40)
        .replace("\"spec_version\":\"2.1\"", "\"spec_version\":\"3.0\"")
        .replace("\"pattern\":", "\"revoked\":false,\"revoked\":true,\"pattern\":");
    lines(&place, "in.jsonl", [twice, indicator(2, 40)]);
    let report = place.run("stix check in.jsonl --json").document(1);
    let findings = report["findings"].as_array().unwrap();
    let codes: Vec<_> = findings.iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["spec-version", "duplicate-key"], "{report}");
    for it in findings {
        assert_eq!(it["id"], "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000001");
    }
    assert_eq!(
        (&report["unread"], &report["types"]["indicator"]["broken"]),
        (&json!(0), &json!(1))
    );
}

#[test]
fn a_refused_object_is_no_file_without_objects() {
    let place = Place::new();
    let mut bytes = indicator(1, 40).into_bytes();
    let at = bytes.iter().position(|it| *it == b'-').unwrap();
    bytes.splice(at..=at, [0xff]);
    place.write("utf8.json", &bytes);
    place.write(
        "twice.json",
        indicator(1, 40).replace("\"pattern\":", "\"a_a\":1,\"a_a\":2,\"pattern\":"),
    );
    place.write("large.json", indicator(1, 2 << 20));
    for name in ["utf8.json", "twice.json", "large.json"] {
        for command in ["check", "head"] {
            let ran = place.run(&format!("stix {command} {name}"));
            assert_eq!(ran.code, 1, "{ran:?}");
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!said.contains(NOTHING), "{command}: {said}");
            assert!(!said.contains("the bundle's own properties"), "{command}: {said}");
        }
    }
    for command in ["check", "head"] {
        let ran = place.run(&format!("stix {command} utf8.json"));
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains(&format!("(at byte {at} of the file, counted from 0)")), "{said}");
        let ran = place.run(&format!("stix {command} utf8.json --lang es"));
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            said.contains(&format!("(en el byte {at} del archivo, contado desde 0)")),
            "{said}"
        );
    }
}

#[test]
fn a_bundle_that_says_bundle_inside_of_a_lone_object_is_none() {
    let place = Place::new();
    let large = indicator(1, 5 << 20).replace("Indicator 1", "\\\"bundle\\\"");
    place
        .write("large.json", large.replace("\"pattern\":", "\"labels\":[\"bundle\"],\"pattern\":"));
    let report = place.run("stix check large.json --json").document(1);
    assert_eq!(report["files"][0]["bundle"], json!(null), "{report}");
}

#[test]
fn a_bundle_may_have_no_objects() {
    let place = Place::new();
    let empty = "{\"type\":\"bundle\",\"id\":\"bundle--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11\"}";
    place.write("bundle.json", empty);
    let report = place.ok("stix check bundle.json --strict");
    assert_eq!((&report["objects"], &report["files"][0]["bundle"]), (&json!(0), &json!(true)));
    assert!(!place.run("stix check bundle.json").stdout.contains(NOTHING));
    place.write("wrong.json", empty.replace("\"id\":\"bundle--", "\"id\":\"bundel--"));
    assert_eq!(place.run("stix check wrong.json").code, 1);
    // A list, where there is one, has something in it (section 2.11).
    place.write("list.json", bundle(&[]));
    let report = place.run("stix check list.json --json").document(1);
    assert_eq!(report["findings"][0]["pointer"], "/objects", "{report}");
}
