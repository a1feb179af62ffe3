use serde_json::json;

use super::*;

#[test]
fn the_bundles_own_properties_are_checked_wherever_they_stand() {
    let place = Place::new();
    let good = bundle(&[indicator(1, 40), indicator(2, 40)]);
    place.write("good.json", &good);
    assert_eq!(place.ok("stix check good.json --strict")["files"][0]["bundle"], true);

    let before = good.replace("\"objects\"", "\"spec_version\":\"2.1\",\n\"objects\"");
    let behind = good.replace("\n]}", "\n],\n\"spec_version\":\"2.1\"}");
    for (name, text, line) in [("before.json", before, 2), ("behind.json", behind, 6)] {
        place.write(name, &text);
        let report = place.run(&format!("stix check {name} --json --strict")).document(1);
        let found = &report["findings"][0];
        assert_eq!((&found["line"], &found["pointer"]), (&json!(line), &json!("/spec_version")));
        assert_eq!(found["id"], "bundle--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11", "{found}");
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{report}");
        let offset = usize::try_from(found["offset"].as_u64().unwrap()).unwrap();
        assert!(text.get(offset..).unwrap().starts_with("\"2.1\""), "{found}");
    }
    place.write("nameless.json", good.replace("\"id\":\"bundle--", "\"id\":\"bundel--"));
    let report = place.run("stix check nameless.json --json").document(1);
    assert_eq!(report["findings"][0]["pointer"], "/id", "{report}");
    let empty = bundle(&[]).replace("\"id\":\"bundle--", "\"id\":\"bundel--");
    let report = place.run_on(empty.as_bytes(), "stix check - --json").document(1);
    assert_eq!(report["findings"][0]["pointer"], "/id", "{report}");
}

#[test]
fn what_is_no_bundle_is_not_taken_for_one() {
    let place = Place::new();
    lines(&place, "lines.jsonl", [indicator(1, 40), indicator(2, 40)]);
    place.write("list.json", format!("[{},\n{}]", indicator(1, 40), indicator(2, 40)));
    place.write("one.json", indicator(1, 40));
    for name in ["lines.jsonl", "list.json", "one.json"] {
        let report = place.ok(&format!("stix check {name}"));
        assert_eq!(report["files"][0]["bundle"], json!(null), "{name}");
    }
}

#[test]
fn properties_of_a_bundle_that_cannot_be_told_apart_are_said_not_to_have_been_checked() {
    let place = Place::new();
    let one = bundle(&[indicator(1, 40)]);
    place.write("two.json", format!("{one}\n{one}"));
    assert_eq!(place.ok("stix check two.json")["files"][0]["bundle"], false);
    let english = place.run("stix check two.json");
    assert!(english.stdout.contains("two.json: the bundle's own properties were not checked"));
    let spanish = place.run("stix check two.json --lang es");
    assert!(
        spanish.stdout.contains("two.json: no se revisaron las propiedades propias del paquete")
    );
}

#[test]
fn a_bundle_of_many_objects_keeps_its_frame() {
    let place = Place::new();
    let objects: Vec<String> = (0..5_000).map(|number| indicator(number, 400)).collect();
    let text = bundle(&objects).replace("\n]}", "\n],\"created\":\"2026-03-01T10:00:00.000Z\"}");
    place.write("many.json", text);
    let report = place.run("stix check many.json --json --strict").document(1);
    assert_eq!((&report["objects"], &report["files"][0]["bundle"]), (&json!(5_000), &json!(true)));
    let found = &report["findings"][0];
    assert_eq!((&found["pointer"], &found["line"]), (&json!("/created"), &json!(5_003)), "{found}");
}
