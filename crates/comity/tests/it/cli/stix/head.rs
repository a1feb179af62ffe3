use serde_json::json;

use super::*;

#[test]
fn a_head_says_what_an_object_is_and_all_that_it_refers_to() {
    let place = Place::new();
    let amber = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
    let nested = "identity--5d0b6f1e-3c0e-4e59-8a52-00000000000a";
    let exact = indicator(1, 40).replace(
        "\"pattern\":",
        &format!(
            "\"object_marking_refs\":[\"{amber}\"],\"labels\":[\"a b\"],\"confidence\":70,\"lang\":\"es\",\"extensions\":{{\"extension-definition--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11\":{{\"extension_type\":\"property-extension\",\"in\":[{{\"seller_ref\":\"{nested}\"}}]}}}},\"pattern\":"
        ),
    );
    place.write("in.json", bundle(std::slice::from_ref(&exact)));
    let document = place.ok("stix head in.json");
    let head = &document["heads"][0];
    assert_eq!(head["id"], "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000001");
    assert_eq!((&head["file"], &head["line"]), (&json!("in.json"), &json!(3)));
    assert_eq!(head["bytes"], exact.len());
    assert_eq!((&head["type"], &head["spec_version"]), (&json!("indicator"), &json!("2.1")));
    assert_eq!(head["version"], "2026-03-01T10:00:00.000Z");
    assert_eq!(head["object_marking_refs"], json!([amber]));
    assert_eq!((&head["labels"], &head["confidence"]), (&json!(["a b"]), &json!(70)));
    assert_eq!((&head["lang"], &head["refs"]), (&json!("es"), &json!([nested])));
    assert_eq!(head["extensions"].as_array().unwrap().len(), 1);
    assert_eq!((&document["objects"], &document["refused"]), (&json!(1), &json!(0)));

    let people = place.run("stix head in.json");
    assert_eq!(people.stdout.lines().count(), 1, "{people:?}");
    for part in ["indicator--5d0b6f1e", "2026-03-01T10:00:00.000Z", "markings=TLP:AMBER", nested] {
        assert!(people.stdout.contains(part), "{part}: {people:?}");
    }
    assert!(place.run("stix head in.json --lang es").stdout.contains("marcas=TLP:AMBER"));
}

#[test]
fn what_has_no_head_is_named_beside_the_heads_and_fails() {
    let place = Place::new();
    let nameless = indicator(2, 40).replace("\"id\":\"indicator--", "\"id\":\"indicator-");
    lines(&place, "in.jsonl", [indicator(1, 40), nameless, "{\"a\":".to_owned(), indicator(4, 40)]);
    let document = place.run("stix head in.jsonl --json").document(1);
    assert_eq!((&document["objects"], &document["refused"]), (&json!(2), &json!(2)), "{document}");
    assert_eq!(document["heads"][1]["line"], 4);
    let refusals = document["refusals"].as_array().unwrap();
    assert_eq!((&refusals[0]["line"], &refusals[0]["pointer"]), (&json!(2), &json!("/id")));
    assert_eq!(refusals[1]["line"], 3);
    let people = place.run("stix head in.jsonl");
    assert_eq!((people.code, people.stdout.lines().count()), (1, 2), "{people:?}");
    assert!(people.stderr.contains("in.jsonl:2: /id: "), "{people:?}");
    let spanish = place.run("stix head in.jsonl --lang es");
    assert_ne!(people.stderr, spanish.stderr);
}

#[test]
fn a_file_without_an_object_has_no_heads_and_fails() {
    let place = Place::new();
    place.write("empty", "");
    let document = place.run("stix head empty --json").document(1);
    assert_eq!((&document["heads"], &document["empty"]), (&json!([]), &json!(["empty"])));
    assert!(place.run("stix head empty").stderr.contains("empty: there is no object in it"));
}

#[test]
fn a_hostile_name_moves_no_cursor_and_makes_no_line() {
    let place = Place::new();
    let evil = indicator(1, 40).replace("Indicator 1", "\\u001b[2J\\nindicator--fake\\u202e");
    let label =
        indicator(2, 40).replace("\"pattern\":", "\"labels\":[\"\\u001b]0;x\\n\"],\"pattern\":");
    lines(&place, "in.jsonl", [evil, label]);
    let ran = place.run("stix head in.jsonl");
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 2), "{ran:?}");
    assert!(is_harmless(&ran), "{ran:?}");
}

#[test]
fn a_reader_who_stops_reading_is_no_failure() {
    use std::process::Stdio;
    let place = Place::new();
    lines(&place, "in.jsonl", (0..2_000).map(|number| indicator(number, 40)));
    let mut command = comity();
    command.args(["stix", "head"]).arg(place.path("in.jsonl"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success(), "{}", output.status);
}
