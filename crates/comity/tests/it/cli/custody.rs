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
    let folio = released(&place, &[FIRST, SECOND]);
    (place, folio)
}

/// Seals a release of these objects, and gives its folio.
fn released(place: &Place, objects: &[&str]) -> String {
    let composed = place.ok(&format!(
        "release compose --to mx --clause us-to-mx --purpose precursor-control --by an_analyst --data us --object {}",
        objects.join(" ")
    ));
    let folio = composed["folio"].as_str().unwrap().to_owned();
    for officer in ["officer-1", "officer-2"] {
        place.ok(&format!("release approve {folio} --as {officer} --data us"));
    }
    place.ok(&format!("release send {folio} --data us"));
    folio
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
fn a_recall_of_an_object_says_which_releases_an_open_one_asks_for_already() {
    let (place, _) = place();
    let recall = format!("recall send --original {FIRST} --purge --by officer-1 --data us");
    let first = place.ok(&recall);
    assert_eq!(
        (first["recalls"].as_array().unwrap().len(), &first["open_already"]),
        (1, &json!([]))
    );
    released(&place, &[FIRST]);
    let second = place.ok(&recall);
    assert_eq!(second["recalls"].as_array().unwrap().len(), 1, "of the new release alone");
    let open = &second["open_already"];
    assert_eq!(open.as_array().unwrap().len(), 1);
    for member in ["recall", "folio", "to", "release"] {
        assert_eq!(open[0][member], first["recalls"][0][member], "{member}");
    }
    released(&place, &[FIRST]);
    let spanish = place.run(&format!("{recall} --lang es"));
    assert!(spanish.stdout.contains("No se solicitó de nuevo a `mx`"), "{spanish:?}");
}

/// Carries what is on its way from one node to the other, in a folder of its own.
fn carried(place: &Place, from: &str, to: &str, folder: &str) {
    place.ok(&format!("pouch export --to {to} -o {folder} --data {from}"));
    place.ok(&format!("pouch import {folder} --data {to}"));
}

/// The same two nodes, of which the second has the release and an officer; with its folio there.
fn given() -> (Place, String) {
    let (place, folio) = place();
    carried(&place, "us", "mx", "there");
    place.ok("officer add desk-1 --office desk --no-passphrase --data mx");
    (place, folio)
}

#[test]
fn of_a_release_a_unit_is_given_what_is_left_and_what_is_gone_is_named() {
    let (place, folio) = given();
    place.ok("unit add customs --title Customs --as desk-1 --data mx");
    let inbox = place.ok("inbox list --all --data mx");
    let all = inbox["inbox"].as_array().unwrap();
    let release = all.iter().find(|it| it["kind"] == "release").unwrap();
    let give = format!(
        "unit give --release {} --to customs --by desk-1 --data mx",
        release["folio"].as_str().unwrap()
    );
    let first = place.ok(&format!("{give} --out all.json"));
    assert_eq!((&first["objects"], &first["gone"]), (&json!(2), &json!([])));

    place.ok(&format!("recall send {folio} --object {FIRST} --purge --by officer-1 --data us"));
    carried(&place, "us", "mx", "recalled");
    let recalls = place.ok("recall list --data mx");
    let recall = recalls["recalls"][0]["folio"].as_str().unwrap().to_owned();
    place.ok(&format!(
        "recall answer {recall} --purge --reason withdrawn-by-owner --by desk-1 --data mx"
    ));
    let left = place.ok(&format!("{give} --out left.json"));
    assert_eq!((&left["objects"], &left["gone"]), (&json!(1), &json!([FIRST])));
    let text = std::fs::read_to_string(place.path("left.json")).unwrap();
    assert!(text.contains(SECOND) && !text.contains(FIRST), "{text}");
    let spanish = place.run(&format!("{give} --out again.json --lang es"));
    assert!(spanish.stdout.contains("No se dio, porque ya se eliminó"), "{spanish:?}");
}

#[test]
fn each_legal_hold_says_which_others_keep_some_of_the_same() {
    let (place, _) = given();
    let add = |object: &str| {
        place.ok(&format!(
            "legal-hold add --object {object} --grounds An_order --reason kept-by-law --by desk-1 --data mx"
        ))
    };
    let (first, other, second) = (add(FIRST), add(SECOND), add(FIRST));
    assert_eq!((&first["beside"], &other["beside"]), (&json!([]), &json!([])));
    assert_eq!(second["beside"], json!([first["number"]]));
    let lift = |hold: &serde_json::Value| {
        place.ok(&format!("legal-hold lift {} --by desk-1 --data mx", hold["number"]))
    };
    assert_eq!(lift(&first)["beside"], json!([second["number"]]));
    assert_eq!(lift(&second)["beside"], json!([]));
    assert_eq!(lift(&other)["beside"], json!([]));
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
