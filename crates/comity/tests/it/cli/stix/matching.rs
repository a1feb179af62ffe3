use serde_json::json;

use super::*;

const SEEN: &str = "observed-data--5d0b6f1e-3c0e-4e59-8a52-000000000001";

fn place() -> Place {
    let place = Place::new();
    let seen = observed(1, "https://example.com/7");
    let other = observed(2, "https://example.com/other");
    lines(&place, "seen.jsonl", seen.into_iter().chain(other));
    place
}

#[test]
fn a_pattern_matches_by_the_observations_that_are_named() {
    let place = place();
    let found = place.ok("stix match --pattern [url:value='https://example.com/7'] seen.jsonl");
    assert_eq!((&found["matched"], &found["observations"]), (&json!(true), &json!(2)), "{found}");
    let pattern = &found["patterns"][0];
    assert_eq!(pattern["by"], json!([SEEN]));
    assert_eq!(pattern["pattern"], "[url:value = 'https://example.com/7']");
    let people = place.run("stix match --pattern [url:value='https://example.com/7'] seen.jsonl");
    assert!(people.stdout.starts_with(&format!("1: matched by {SEEN}")), "{people:?}");
    let line = "stix match --pattern [url:value='https://example.com/none'] seen.jsonl";
    assert_eq!(place.run(&format!("{line} --json")).document(1)["matched"], false);
    assert!(place.run(&format!("{line} --lang es")).stdout.starts_with("1: no coincide"));
}

#[test]
fn patterns_come_one_a_line_or_from_indicators() {
    let place = place();
    place.write("patterns", "# urls\n[url:value = 'none']\n\n[url:value LIKE '%/7']\n");
    let found = place.ok("stix match --patterns patterns seen.jsonl");
    let outcome = |found: &serde_json::Value| {
        let all = found["patterns"].as_array().unwrap().iter();
        all.map(|it| (it["key"].clone(), it["matched"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(outcome(&found), [(json!("2"), json!(false)), (json!("4"), json!(true))]);

    let sigma = indicator(9, 40).replace("\"pattern_type\":\"stix\"", "\"pattern_type\":\"sigma\"");
    place.write("indicators.json", bundle(&[indicator(7, 40), indicator(8, 40), sigma]));
    let found = place.ok("stix match --patterns indicators.json seen.jsonl");
    let id = |number| json!(format!("indicator--5d0b6f1e-3c0e-4e59-8a52-{number:012x}"));
    assert_eq!(outcome(&found), [(id(7), json!(true)), (id(8), json!(false))]);
    assert_eq!(
        (&found["skipped"], &found["patterns"][0]["valid_from"]),
        (&json!(1), &json!("2026-03-01T10:00:00Z"))
    );
    let people = place.run("stix match --patterns indicators.json seen.jsonl");
    assert!(people.stdout.contains("(valid 2026-03-01T10:00:00Z .. -)"), "{people:?}");
}

#[test]
fn of_an_indicators_versions_the_last_one_is_matched() {
    let place = place();
    let newer = indicator(7, 40)
        .replace("\"modified\":\"2026-03-01T10", "\"modified\":\"2026-03-02T10")
        .replace("https://example.com/7", "https://example.com/none");
    for order in [[newer.clone(), indicator(7, 40)], [indicator(7, 40), newer]] {
        lines(&place, "indicators.jsonl", order);
        let found =
            place.run("stix match --patterns indicators.jsonl seen.jsonl --json").document(1);
        assert_eq!(found["patterns"].as_array().unwrap().len(), 1, "{found}");
    }
}

#[test]
fn a_pattern_that_cannot_be_read_is_shown_with_a_caret_under_the_place() {
    let place = place();
    place.write("patterns", "[url:value = 'a']\n[url:value == 'a']\n");
    let line = "stix match --patterns patterns seen.jsonl";
    assert!(place.refused(line, 2).starts_with("pattern-"));
    let english = place.run(line);
    assert!(english.stdout.is_empty(), "{english:?}");
    let shown: Vec<&str> = english.stderr.lines().collect();
    assert!(shown[0].starts_with("error: `patterns`, line 2, column 12: "), "{english:?}");
    assert_eq!(shown[1].find("=="), shown[2].find('^'), "{english:?}");
    let spanish = place.run(&format!("{line} --lang es"));
    assert!(spanish.stderr.starts_with("error: `patterns`, línea 2, columna 12: "), "{spanish:?}");

    let bad = indicator(7, 40).replace("[url:value = ", "[url:value ");
    lines(&place, "indicators.jsonl", [indicator(1, 40), bad]);
    let ran = place.run("stix match --patterns indicators.jsonl seen.jsonl");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`indicators.jsonl:2`, `indicator--5d0b6f1e"), "{ran:?}");
    assert_eq!(place.run("stix match --pattern [url:value seen.jsonl").code, 2);
}

#[test]
fn a_file_of_patterns_without_any_or_cut_is_refused() {
    let place = place();
    place.write("none", "# nothing\n\n");
    assert_eq!(place.refused("stix match --patterns none seen.jsonl", 1), "no-pattern");
    let whole = bundle(&[indicator(7, 40), indicator(8, 40)]);
    place.write("cut.json", whole.get(..whole.len() - 60).unwrap());
    assert_eq!(place.refused("stix match --patterns cut.json seen.jsonl", 1), "json-cut");
}

#[test]
fn observables_that_stand_alone_count_when_they_are_asked_to() {
    let place = Place::new();
    let [_, url] = observed(1, "https://example.com/7");
    lines(&place, "bare.jsonl", [url]);
    let line = "stix match --pattern [url:value='https://example.com/7'] bare.jsonl";
    let ran = place.run(line);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("`--bare`"), "{ran:?}");
    assert_eq!(place.ok(&format!("{line} --bare"))["matched"], true);
}

#[test]
fn what_cannot_be_taken_for_an_object_is_said_beside_the_answer() {
    let place = place();
    let objects = std::fs::read_to_string(place.path("seen.jsonl")).unwrap();
    place.write("some.jsonl", format!("{objects}{{\"a\":\n"));
    let line = "stix match --pattern [url:value='https://example.com/7'] some.jsonl";
    let found = place.ok(line);
    assert_eq!(
        (&found["refused"], &found["refusals"][0]["line"]),
        (&json!(1), &json!(5)),
        "{found}"
    );
    assert!(place.run(line).stderr.contains("some.jsonl:5: "));
}
