//! Taking objects in, and finding them again.

use serde_json::json;

use super::run::{Place, example, indicator, lines};

#[test]
fn importing_the_same_file_twice_changes_nothing() {
    let place = Place::new();
    place.node("us");
    std::fs::copy(example(), place.path("example.jsonl")).unwrap();
    let line = "import example.jsonl --data us";
    let first = place.ok(line);
    let objects = first["objects"].as_u64().unwrap();
    assert!(objects > 200, "{objects}");
    assert_eq!(first["new"], objects);
    assert_eq!((&first["unchanged"], &first["rejected"]), (&json!(0), &json!(0)));
    let status = place.ok("status --data us");
    let second = place.ok(line);
    assert_eq!((&second["new"], &second["unchanged"]), (&json!(0), &json!(objects)));
    assert_eq!(place.ok("status --data us"), status);
    let held: u64 = status["holdings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["objects"].as_u64().unwrap())
        .sum();
    assert_eq!(held, objects);
}

#[test]
fn a_bad_line_is_named_with_its_place_and_reason_and_stops_nothing() {
    let place = Place::new();
    place.node("us");
    let bad = indicator(2, 40).replace("\"spec_version\":\"2.1\"", "\"spec_version\":2.1");
    let broken = "{\"type\": \"indicator\", ";
    lines(&place, "in.jsonl", [indicator(1, 40), bad, broken.to_owned(), indicator(4, 40)]);
    let report = place.ok("import in.jsonl --data us");
    assert_eq!((&report["new"], &report["rejected"]), (&json!(2), &json!(2)));
    let file = &report["files"][0];
    assert_eq!(file["file"], "in.jsonl");
    let first = &file["rejections"][0];
    assert_eq!(first["line"], 2, "{first}");
    assert_eq!(first["pointer"], "/spec_version");
    assert!(!first["code"].as_str().unwrap().is_empty());
    assert!(!first["message"].as_str().unwrap().is_empty());
    assert_eq!(file["rejections"][1]["line"], 3);

    let strict = place.run("import in.jsonl --strict --data us");
    assert_eq!(strict.code, 1);
    assert!(strict.stdout.contains("in.jsonl:2: /spec_version:"), "{}", strict.stdout);
    let spanish = place.run("import in.jsonl --data us --lang es --json").document(0);
    let reasons =
        |report: &serde_json::Value| report["files"][0]["rejections"][0]["message"].clone();
    assert_ne!(reasons(&spanish), reasons(&report));
}

#[test]
fn a_file_without_a_valid_object_is_a_failure_that_names_it() {
    let place = Place::new();
    place.node("us");
    place.write("empty", "");
    place.write("zeros", [0; 4096]);
    place.write("garbage", "dear all,\nplease find attached\n");
    place.write(
        "bundle",
        r#"{"type":"bundle","id":"bundle--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","objects":[]}"#,
    );
    for name in ["empty", "zeros", "garbage", "bundle"] {
        let ran = place.run(&format!("import {name} --data us"));
        assert_eq!(ran.code, 1, "{name}: {ran:?}");
        assert!(ran.stdout.contains(&format!("{name}: there is no valid object in it")), "{ran:?}");
        assert!(!ran.stdout.contains(": :"), "{ran:?}");
        place.run(&format!("import {name} --data us --json")).document(1);
    }
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    let both = place.run("import in.jsonl empty --data us --json").document(1);
    assert_eq!(both["new"], 1, "the others are taken in all the same: {both}");
}

#[test]
fn people_are_told_how_many_of_each_type_came() {
    let place = Place::new();
    place.node("us");
    lines(&place, "in.jsonl", (1..=3).map(|number| indicator(number, 40)));
    for lang in ["en", "es"] {
        let ran = place.run(&format!("import in.jsonl --data us --lang {lang}"));
        let row = ran.stdout.lines().find(|line| line.contains("indicator")).unwrap();
        assert!(row.contains('3'), "{ran:?}");
        assert!(ran.stdout.contains(if lang == "en" { "type" } else { "tipo" }), "{ran:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_said_before_any_file_is_taken_in() {
    let place = Place::new();
    place.node("us");
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    assert_eq!(place.refused("import in.jsonl missing.jsonl --data us", 1), "cannot-read");
    assert_eq!(place.refused("import in.jsonl us --data us", 1), "cannot-read");
    assert_eq!(place.ok("holdings list --data us")["holdings"], json!([]));
}

#[test]
fn the_grade_of_an_import_is_that_of_objects_that_carry_none() {
    let place = Place::new();
    place.node("us");
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    place.ok("import in.jsonl --grade C3 --by analyst --data us");
    assert_eq!(place.ok("holdings list --data us")["holdings"][0]["grade"], "C3");
    let journal = place.ok("journal list --data us");
    let imported = journal["lines"].as_array().unwrap().iter().find(|it| it["event"] == "imported");
    assert_eq!(imported.unwrap()["actor"], "analyst");
    assert_eq!(place.refused("import in.jsonl --grade Z9 --data us", 2), "usage");
}

#[test]
fn a_held_object_is_shown_byte_for_byte() {
    let place = Place::new();
    place.node("us");
    let exact = indicator(1, 40).replace(
        "\"valid_from\"",
        "\"confidence\" : 70 ,  \"x_big\":12345678901234567890123,\"x_a\":\"\\u0041\",\"valid_from\"",
    );
    lines(&place, "in.jsonl", [exact.clone()]);
    assert_eq!(place.ok("import in.jsonl --data us")["new"], 1, "{exact}");
    let id = place.ok("holdings list --data us")["holdings"][0]["id"].as_str().unwrap().to_owned();
    let ran = place.run(&format!("holdings show {id} --data us --json"));
    assert!(ran.stdout.contains(&format!("\"object\":{exact}")), "{}", ran.stdout);
    let human = place.run(&format!("holdings show {id} --data us"));
    assert!(human.stdout.contains(&exact), "{}", human.stdout);
    assert_eq!(place.refused("holdings show indicator--none --data us", 1), "not-found");
}

#[test]
fn holdings_come_in_pages_that_neither_repeat_nor_leave_out() {
    let place = Place::new();
    place.node("us");
    lines(&place, "in.jsonl", (1..=25).map(|number| indicator(number, 40)));
    place.ok("import in.jsonl --data us");
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let on = after.map(|after: u64| format!("--after {after}")).unwrap_or_default();
        let page = place.ok(&format!("holdings list --limit 10 {on} --data us"));
        let ids = page["holdings"].as_array().unwrap().iter();
        seen.extend(ids.map(|it| it["id"].as_str().unwrap().to_owned()));
        match page["next"].as_u64() {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((seen.len(), distinct.len()), (25, 25));
    let own = place.ok("holdings list --own --type indicator --limit 1000 --data us");
    assert_eq!(own["holdings"].as_array().unwrap().len(), 25);
    assert_eq!(place.ok("holdings list --type report --data us")["holdings"], json!([]));
}

#[test]
fn words_find_holdings_by_their_beginnings_in_any_case() {
    let place = Place::new();
    place.node("us");
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    place.ok("import in.jsonl --data us");
    let found = |words: &str| {
        let page = place.ok(&format!("holdings search {words} --data us"));
        page["holdings"].as_array().unwrap().len()
    };
    assert_eq!(found("ANHYD shipm"), 1);
    assert_eq!(found("anhydride elsewhere"), 0);
    assert_eq!(found("\"NEAR(*"), 0);
}
