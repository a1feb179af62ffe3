//! Recalls, purges, legal holds and units on the command line.

use serde_json::json;

use super::run::{Place, indicator, lines};

const FIRST: &str = "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000001";
const SECOND: &str = "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000002";

/// Two nodes, of which the first released two indicators.
fn place() -> (Place, String) {
    let place = Place::pair();
    lines(&place, "in.jsonl", (1..=3).map(|number| indicator(number, 30)));
    place.ok("import in.jsonl --data us");
    let composed = place.ok(&format!(
        "release compose --to mx --clause us-to-mx --purpose precursor-control --by an_analyst --data us --object {FIRST} {SECOND}"
    ));
    let folio = composed["folio"].as_str().unwrap().to_owned();
    for officer in ["officer-1", "officer-2"] {
        place.ok(&format!("release approve {folio} --as {officer} --data us"));
    }
    place.ok(&format!("release send {folio} --data us"));
    (place, folio)
}

#[test]
fn what_was_released_is_recalled_and_what_never_was_is_not() {
    let (place, folio) = place();
    let why = "--purge --by officer-1 --data us";
    let sent = place.ok(&format!("recall send --original {FIRST} {why}"));
    assert_eq!(sent["recalls"].as_array().unwrap().len(), 1);
    assert_eq!(sent["recalls"][0]["to"], "mx");
    let whole = place.ok(&format!("recall send {folio} {why} --text corrected"));
    assert_eq!(whole["recalls"][0]["objects"], json!([]));
    let third = "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000003";
    for wrong in [
        format!("recall send --original {third} {why}"),
        format!("recall send {folio} --object {third} {why}"),
        format!("recall send US-1999-000001 {why}"),
    ] {
        assert_eq!(place.refused(&wrong, 1), "target-unknown");
    }
    assert_eq!(place.refused(&format!("recall send {folio} --by officer-1 --data us"), 2), "usage");
    let again = format!("recall send {folio} {why}");
    assert_eq!(place.refused(&again, 1), "recall-open", "all of it is asked for already");
    let listed = place.ok("recall list --data us");
    let states: Vec<_> =
        listed["recalls"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["sent", "sent"]);
    let name = whole["recalls"][0]["folio"].as_str().unwrap();
    assert_eq!(place.ok(&format!("recall show {name} --data us"))["text"], "corrected");
    let own = format!("recall answer {name} --purge --by officer-1 --data us");
    assert_eq!(place.refused(&own, 1), "own-recall");
    let spanish = place.run(&format!("{own} --lang es"));
    assert!(spanish.stderr.contains("la responde la contraparte"), "{spanish:?}");
}

#[test]
fn a_unit_is_given_a_bundle_and_it_is_noted() {
    let (place, _) = place();
    let added = place.ok("unit add customs --title Customs --as officer-1 --data us");
    assert_eq!(added["use"], "intelligence-only");
    let again = "unit add customs --title Other --as officer-1 --data us";
    assert_eq!(place.refused(again, 1), "exists");
    let upper = "unit add UPPER --title Other --as officer-1 --data us";
    assert_eq!(place.refused(upper, 2), "bad-input");
    assert_eq!(place.refused("unit add lab --title Other --data us", 2), "usage");
    let granted = place.ok("unit grant customs --use judicial --as officer-2 --data us");
    assert_eq!(granted["use"], "judicial");
    let give = format!("unit give {FIRST} {SECOND} --to customs --by officer-1 --data us");
    let given = place.ok(&format!("{give} --out bundle.json"));
    assert_eq!(given["objects"], 2);
    let text = std::fs::read_to_string(place.path("bundle.json")).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&bundle["type"], &bundle["objects"][0]["id"]), (&json!("bundle"), &json!(FIRST)));
    let nobody = format!("unit give {FIRST} --to press --out other.json --data us");
    assert_eq!(place.refused(&nobody, 1), "not-found");
    assert!(!place.path("other.json").exists());
    let listed = place.ok("unit list --data us");
    assert_eq!(listed["units"][0]["name"], "customs");
    assert_eq!(listed["units"][0]["officer"], granted["officer"]);
}

#[test]
fn a_bundle_that_cannot_be_written_is_not_noted_as_given() {
    let (place, _) = place();
    place.ok("unit add customs --title Customs --as officer-1 --data us");
    let give = format!("unit give {FIRST} --to customs --by officer-1 --data us");
    place.refused(&format!("{give} --out nowhere/bundle.json"), 1);
    let lines = || place.ok("journal list --data us --limit 1000").to_string();
    assert!(!lines().contains("unit-given"));
    assert!(!lines().contains("access-exported"), "nothing left");
    assert!(lines().contains("unit-not-given"), "and that is on record");
    place.ok(&format!("{give} --out bundle.json"));
    assert!(lines().contains("unit-given"));
    let left = std::fs::read_dir(place.path("")).unwrap();
    let names = left.map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|it| it.contains(".tmp")).count(), 0);
}

#[test]
fn nothing_is_purged_or_held_of_what_is_this_partys_own() {
    let (place, _) = place();
    let dry = place.ok("purge run --dry-run --data us");
    assert_eq!((&dry["purged"], &dry["dry_run"]), (&json!(0), &json!(true)));
    assert_eq!(place.ok("purge run --by officer-1 --data us")["told"], 0);
    assert_eq!(place.ok("purge list --data us")["purges"], json!([]));
    let hold =
        format!("legal-hold add --object {FIRST} --grounds An_order --by officer-1 --data us");
    assert_eq!(place.refused(&hold, 1), "not-found");
    assert_eq!(place.refused("legal-hold lift 1 --data us", 1), "not-found");
    assert_eq!(place.ok("legal-hold list --all --data us")["legal_holds"], json!([]));
    assert_eq!(place.refused(&format!("holdings show {FIRST} --held --data us"), 1), "not-found");
}
