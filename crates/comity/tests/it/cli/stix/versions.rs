use serde_json::json;

use super::*;

fn later(number: u32) -> String {
    indicator(number, 40).replace("\"modified\":\"2026-03-01T10", "\"modified\":\"2026-03-02T10")
}

/// The findings of a file, read as such and as a stream.
fn findings(place: &Place, objects: &[String], code: i32) -> Vec<serde_json::Value> {
    lines(place, "in.jsonl", objects.iter().cloned());
    let whole = place.run("stix check in.jsonl --json").document(code);
    let bytes = std::fs::read(place.path("in.jsonl")).unwrap();
    let stream = place.run_on(&bytes, "stix check - --json").document(code);
    let [whole, stream] = [whole, stream].map(|report| {
        assert_eq!(report["files"][0]["versions"], true);
        let mut findings = report["findings"].as_array().unwrap().clone();
        for it in &mut findings {
            it["file"] = json!(null);
        }
        findings
    });
    assert_eq!(whole, stream);
    whole
}

#[test]
fn versions_that_follow_each_other_are_in_order_in_any_order() {
    let place = Place::new();
    let last =
        indicator(1, 40).replace("\"modified\":\"2026-03-01T10", "\"modified\":\"2026-03-03T10");
    for objects in [
        [indicator(1, 40), later(1), last.clone()],
        [last.clone(), indicator(1, 40), later(1)],
        [later(1), later(1), last],
    ] {
        assert_eq!(findings(&place, &objects, 0), Vec::<serde_json::Value>::new());
    }
}

#[test]
fn one_version_with_two_contents_is_named_with_both_lines() {
    let place = Place::new();
    let other = indicator(1, 40).replace("Indicator 1", "Another");
    let found = findings(&place, &[indicator(1, 40), indicator(2, 40), other], 1);
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&found["line"], &found["earlier"]), (&json!(3), &json!(1)), "{found}");
    assert_eq!(found["severity"], "must");
    let english = place.run("stix check in.jsonl");
    assert!(english.stdout.contains("in.jsonl:3: MUST ") && english.stdout.contains("on line 1)"));
    let spanish = place.run("stix check in.jsonl --lang es");
    assert!(spanish.stdout.contains("(la versión anterior está en la línea 1)"), "{spanish:?}");
    assert_eq!(place.run("stix check in.jsonl --json").document(1)["broken"], 1);
}

#[test]
fn a_later_version_that_comes_first_is_the_one_that_is_blamed() {
    let place = Place::new();
    let moved = later(1).replace("\"created\":\"2026-03-01T10", "\"created\":\"2026-03-01T09");
    let found = findings(&place, &[moved, indicator(1, 40)], 1);
    assert_eq!((&found[0]["line"], &found[0]["earlier"]), (&json!(1), &json!(2)), "{found:?}");
    assert_eq!(found[0]["pointer"], "/created");
}

#[test]
fn an_object_that_breaks_a_rule_of_its_own_is_compared_all_the_same() {
    let place = Place::new();
    let wrong = |it: String| it.replace("\"spec_version\":\"2.1\"", "\"spec_version\":\"3.0\"");
    let other = wrong(indicator(1, 40)).replace("Indicator 1", "Another");
    for objects in [[wrong(indicator(1, 40)), other.clone()], [indicator(1, 40), other]] {
        let found = findings(&place, &objects, 1);
        let codes: Vec<_> = found.iter().map(|it| it["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"spec-version") && codes.contains(&"version-changed"), "{codes:?}");
        let clash = found.iter().find(|it| it["code"] == "version-changed").unwrap();
        assert_eq!((&clash["line"], &clash["earlier"]), (&json!(2), &json!(1)), "{clash}");
    }
    let timeless = indicator(1, 40).replace("\"created\":\"2026-03-01T10:00:00.000Z\",", "");
    assert_ne!(timeless, indicator(1, 40));
    let found = findings(&place, &[timeless, later(1)], 1);
    let lines: Vec<_> = found.iter().map(|it| it["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1], "what lacks `created` makes nobody else wrong: {found:?}");
}
