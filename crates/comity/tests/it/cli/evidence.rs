//! Evidence: what a party opens, and what somebody without a node makes of it.

use serde_json::{Value, json};

use super::run::{Place, lines};

const PERSON: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000001";

/// A place where `us` released one redacted object, the release's folio, and the root of `us`.
fn released() -> (Place, String, String) {
    let place = Place::pair();
    let object = json!({
        "type": "identity", "spec_version": "2.1", "id": PERSON, "created": "2026-01-10T08:00:00.000Z",
        "modified": "2026-01-10T08:00:00.000Z", "name": "An importer", "identity_class": "organization",
        "contact_information": "call 555-0100 after dark",
    });
    lines(&place, "in.jsonl", [object.to_string()]);
    place.ok("import in.jsonl --grade B2 --data us");
    let compose = "release compose --to mx --clause us-to-mx --purpose precursor-control --by composer --data us";
    let composed = place.ok(&format!("{compose} --object {PERSON}"));
    let folio = composed["folio"].as_str().unwrap().to_owned();
    for officer in ["officer-2", "officer-3"] {
        place.ok(&format!("release approve {folio} --as {officer} --data us"));
    }
    place.ok(&format!("release send {folio} --data us"));
    let us = place.ok("party list --data mx");
    let root = us["parties"][0]["root"].as_str().unwrap().to_owned();
    (place, folio, root)
}

#[test]
fn an_opened_commitment_is_proved_to_somebody_without_a_node() {
    let (place, folio, root) = released();
    let open =
        format!("release open {folio} {PERSON} -o shown.comity-opening --by analyst --data us");
    let opened = place.ok(&open);
    assert_eq!(opened["object"], PERSON);
    assert_eq!(place.refused(&open, 1), "file-exists");

    let proved = place.ok(&format!("verify shown.comity-opening --root us={root} --data nowhere"));
    assert_eq!(proved["verdict"], "proved");
    assert_eq!(proved["proof"]["original"], PERSON);
    assert_eq!(proved["proof"]["derivative"], opened["derivative"]);
    assert_eq!(proved["proof"]["pinned_as"], "us");
    let differences = proved["proof"]["differences"].as_array().unwrap();
    let contact = json!({ "property": "/contact_information", "how": "removed" });
    assert!(differences.contains(&contact), "{differences:?}");
    assert!(!place.path("nowhere").exists());

    let line = format!("verify shown.comity-opening --root us={root}");
    let english = place.run(&format!("{line} --lang en"));
    let spanish = place.run(&format!("{line} --lang es"));
    for (ran, words) in [
        (english, ["PROVED", "/contact_information"]),
        (spanish, ["PROBADO", "sólo en el original"]),
    ] {
        for word in words {
            assert!(ran.stdout.contains(word), "{}", ran.stdout);
        }
    }
    let journal = place.ok("journal list --data us --limit 100");
    let events: Vec<&Value> =
        journal["lines"].as_array().unwrap().iter().map(|it| &it["event"]).collect();
    assert!(events.contains(&&json!("release-opened")), "{events:?}");
}

#[test]
fn without_a_pinned_root_or_with_a_changed_byte_nothing_is_proved() {
    let (place, folio, root) = released();
    place.ok(&format!("release open {folio} {PERSON} -o shown.comity-opening --data us"));
    let unpinned = place.run("verify shown.comity-opening --json").document(1);
    assert_eq!(unpinned["verdict"], "consistent, roots not pinned");

    let mut bytes = std::fs::read(place.path("shown.comity-opening")).unwrap();
    let at = bytes.windows(8).position(|it| it == b"555-0100").unwrap();
    bytes[at + 7] = b'1';
    place.write("changed.comity-opening", &bytes);
    let changed =
        place.run(&format!("verify changed.comity-opening --root us={root} --json")).document(1);
    assert_eq!(changed["verdict"], "does-not-hold");
    assert_eq!(changed["flaw"]["member"], "original");

    let other = format!("sha256:{}", "0".repeat(64));
    let strange =
        place.run(&format!("verify shown.comity-opening --root us={other} --json")).document(1);
    assert_eq!(strange["flaw"]["code"], "root-not-pinned");
    place.write("other.txt", "not evidence");
    assert_eq!(place.refused("verify other.txt", 1), "evidence-unknown");
    assert_eq!(place.refused("verify shown.comity-opening --root us", 2), "usage");
}
