use serde_json::json;

use super::*;

/// Breaks a MUST in its `spec_version`, on the line it is on.
fn broken(number: u32) -> String {
    indicator(number, 40).replace("\"spec_version\":\"2.1\"", "\"spec_version\":\"3.0\"")
}

/// Follows no SHOULD about the terms of `indicator_types`.
fn advised(number: u32) -> String {
    indicator(number, 40).replace("\"pattern\":", "\"indicator_types\":[\"smoke\"],\"pattern\":")
}

#[test]
fn every_broken_rule_is_named_with_its_place_its_section_and_how_to_mend_it() {
    let place = Place::new();
    let text = bundle(&[indicator(1, 40), broken(2), advised(3)]);
    place.write("in.json", &text);
    let report = place.run("stix check in.json --json").document(1);
    assert_eq!(report["ok"], false);
    let counts = ["objects", "valid", "broken", "advised"].map(|it| report[it].as_u64().unwrap());
    assert_eq!(counts, [3, 2, 1, 1], "{report}");
    assert_eq!(report["types"]["indicator"], json!({"objects": 3, "broken": 1, "advised": 1}));
    let findings = report["findings"].as_array().unwrap();
    let must: Vec<_> = findings.iter().filter(|it| it["severity"] == "must").collect();
    let [must] = must.as_slice() else { panic!("{report}") };
    assert_eq!((&must["file"], &must["line"]), (&json!("in.json"), &json!(4)));
    assert_eq!(must["id"], "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000002");
    assert_eq!(
        (&must["pointer"], &must["code"]),
        (&json!("/spec_version"), &json!("spec-version"))
    );
    assert_eq!(must["section"], "3.2");
    let offset = usize::try_from(must["offset"].as_u64().unwrap()).unwrap();
    assert!(text.get(offset..).unwrap().starts_with("\"3.0\""), "{must}");
    assert!(must["message"].as_str().unwrap().contains("2.1"), "{must}");
    let should = findings.iter().find(|it| it["severity"] == "should").unwrap();
    assert_eq!(should["line"], 5);
    assert!(should["pointer"].as_str().unwrap().starts_with("/indicator_types"), "{should}");

    let people = place.run("stix check in.json");
    assert_eq!(people.code, 1);
    let line = people.stdout.lines().next().unwrap();
    let start = "in.json:4: MUST indicator--5d0b6f1e-3c0e-4e59-8a52-000000000002 /spec_version: ";
    assert!(line.starts_with(start), "{line}");
    assert!(line.ends_with("[spec-version, section 3.2]"), "{line}");
    assert!(people.stdout.lines().nth(1).unwrap().starts_with("in.json:5: SHOULD "), "{people:?}");
    let spanish = place.run("stix check in.json --lang es");
    assert_eq!(spanish.stdout.lines().count(), people.stdout.lines().count());
    assert!(spanish.stdout.contains("[spec-version, sección 3.2]"), "{spanish:?}");
    assert!(!spanish.stdout.contains("section"), "{spanish:?}");
}

#[test]
fn advice_fails_a_file_only_when_it_is_asked_to() {
    let place = Place::new();
    lines(&place, "in.jsonl", [indicator(1, 40), advised(2)]);
    let report = place.ok("stix check in.jsonl");
    assert_eq!(
        (&report["ok"], &report["must"], &report["advised"]),
        (&json!(true), &json!(0), &json!(1))
    );
    assert_eq!(place.run("stix check in.jsonl --strict").code, 1);
    lines(&place, "good.jsonl", [indicator(1, 40)]);
    assert_eq!(place.run("stix check good.jsonl --strict").code, 0);
}

#[test]
fn the_example_holdings_break_no_rule() {
    let place = Place::new();
    std::fs::copy(example(), place.path("example.jsonl")).unwrap();
    let report = place.ok("stix check example.jsonl");
    assert!(report["objects"].as_u64().unwrap() > 200, "{report}");
}

#[test]
fn the_types_of_the_domain_are_checked_as_the_standards_are() {
    let place = Place::new();
    let examples = std::fs::read_to_string(example()).unwrap();
    place.write("examples.jsonl", &examples);
    let report = place.ok("stix check examples.jsonl");
    for part in ["types", "extensions"] {
        let unknown = report["unknown"][part].as_object().unwrap();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
    let start = r#"{"type":"consignment""#;
    let object = examples.lines().find(|it| it.starts_with(start)).unwrap();
    let wrong = object.replacen(r#","packages":"#, r#","packages":-"#, 1);
    assert_ne!(wrong, object);
    place.write("wrong.jsonl", &wrong);
    let report = place.run("stix check wrong.jsonl --json").document(1);
    assert_eq!(report["findings"][0]["pointer"], "/packages", "{report}");
}

#[test]
fn a_file_without_an_object_is_a_failure_that_names_it() {
    let place = Place::new();
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    place.write("empty", "");
    place.write("zeros", [0; 4096]);
    place.write("prose", "dear all,\nplease find attached\n");
    for name in ["empty", "zeros", "prose"] {
        let ran = place.run(&format!("stix check in.jsonl {name}"));
        assert_eq!(ran.code, 1, "{name}: {ran:?}");
        assert!(ran.stdout.contains(&format!("{name}: there is no object in it")), "{ran:?}");
        assert_eq!(place.run(&format!("stix check {name} --json")).document(1)["ok"], false);
    }
}

#[test]
fn a_cut_file_fails_and_what_came_before_the_cut_is_checked() {
    let place = Place::new();
    let whole = bundle(&[broken(1), indicator(2, 40)]);
    place.write("cut.json", whole.get(..whole.len() - 60).unwrap());
    let report = place.run("stix check cut.json --json").document(1);
    let codes: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        (codes.first(), codes.last()),
        (Some(&"spec-version"), Some(&"json-cut")),
        "{report}"
    );
    assert_eq!(report["unread"], 1);
}

#[test]
fn what_nobody_can_check_is_listed_and_is_no_fault() {
    let place = Place::new();
    let extension = "extension-definition--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11";
    let extended = indicator(1, 40).replace(
        "\"pattern\":",
        &format!(
            "\"extensions\":{{\"{extension}\":{{\"extension_type\":\"property-extension\",\"grade\":1}}}},\"pattern\":"
        ),
    );
    lines(&place, "in.jsonl", [extended]);
    let report = place.ok("stix check in.jsonl");
    assert_eq!(report["unknown"]["extensions"][extension], 1, "{report}");
    let english = place.run("stix check in.jsonl");
    assert!(english.stdout.contains(&format!("unknown extension, not checked: {extension} (1)")));
    let spanish = place.run("stix check in.jsonl --lang es");
    assert!(spanish.stdout.contains(&format!("extensión desconocida, sin revisar: {extension}")));
}

#[test]
fn a_long_list_is_cut_for_people_and_the_rest_is_counted() {
    let place = Place::new();
    lines(&place, "in.jsonl", (0..200).map(broken));
    let people = place.run("stix check in.jsonl");
    let shown = people.stdout.lines().filter(|it| it.contains(": MUST ")).count();
    assert_eq!(shown, 50, "{people:?}");
    assert!(people.stdout.contains("... and 150 more MUST; `--json`"), "{people:?}");
    let report = place.run("stix check in.jsonl --json").document(1);
    assert_eq!(report["findings"].as_array().unwrap().len(), 200);
    assert_eq!((&report["must"], &report["omitted"]), (&json!(200), &json!(0)));
    assert_eq!(report["rules"], json!({"must": {"spec-version": 200}}));
    let row = people.stdout.lines().find(|it| it.contains("│ spec-version")).unwrap();
    assert!(row.contains("200"), "{row}");
}

#[test]
fn a_broken_rule_behind_a_flood_of_advice_is_listed_all_the_same() {
    let place = Place::new();
    let terms: Vec<String> = (0..900).map(|it| format!("\"smoke{it}\"")).collect();
    let flood = |number| {
        let types = format!("\"indicator_types\":[{}],\"pattern\":", terms.join(","));
        indicator(number, 40).replace("\"pattern\":", &types)
    };
    lines(&place, "in.jsonl", (0..12).map(flood).chain([broken(20)]));
    let report = place.run("stix check in.jsonl --json").document(1);
    assert_eq!(
        (&report["must"], &report["should"]),
        (&json!(1), &json!(10_800)),
        "{}",
        report["should"]
    );
    let findings = report["findings"].as_array().unwrap();
    assert_eq!((findings.len(), &report["omitted"]), (10_001, &json!(800)));
    assert_eq!(findings.last().unwrap()["code"], "spec-version");
    let people = place.run("stix check in.jsonl");
    assert!(people.stdout.contains("in.jsonl:13: MUST "), "{people:?}");
}

#[test]
fn a_hostile_name_moves_no_cursor_and_makes_no_line() {
    let place = Place::new();
    let evil = "\\u001b[2J\\nfake.json:1: MUST\\u202e";
    let named = indicator(1, 40).replace("\"pattern\":", &format!("\"{evil}\":null,\"pattern\":"));
    let typed = format!("{{\"type\":\"{evil}\",\"id\":\"{evil}\"}}");
    lines(&place, "in.jsonl", [named, typed]);
    for lang in ["en", "es"] {
        let ran = place.run(&format!("stix check in.jsonl --lang {lang}"));
        assert_eq!(ran.code, 1);
        assert!(is_harmless(&ran), "{ran:?}");
        assert!(!ran.stdout.lines().any(|it| it.starts_with("fake.json")), "{ran:?}");
    }
}
