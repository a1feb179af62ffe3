//! The record on the command line: shown, checked, exported, and checked again without a node.

use serde_json::Value;

use super::run::{Place, indicator, lines};

/// Two nodes, of which `us` sent two releases that are signed and not answered yet.
fn place() -> (Place, String) {
    let place = Place::pair();
    lines(&place, "in.jsonl", (1..=2).map(|number| indicator(number, 30)));
    place.ok("import in.jsonl --data us");
    let mut last = String::new();
    for number in 1..=2 {
        last = release(&place, number);
    }
    (place, last)
}

fn release(place: &Place, number: u32) -> String {
    let composed = place.ok(&format!(
        "release compose --to mx --clause us-to-mx --purpose precursor-control --by an_analyst --data us --object indicator--5d0b6f1e-3c0e-4e59-8a52-{number:012x}"
    ));
    let folio = composed["folio"].as_str().unwrap().to_owned();
    for officer in ["officer-1", "officer-2"] {
        place.ok(&format!("release approve {folio} --as {officer} --data us"));
    }
    place.ok(&format!("release send {folio} --data us"));
    folio
}

/// The verifier key of the log of `us`, and the folder that its log has in an export.
fn key_and_folder(place: &Place) -> (String, String) {
    let tree = place.ok("record tree --partner mx --data us");
    let out = &tree["trees"][0];
    assert_eq!(out["direction"], "out");
    let key = out["log_keys"][0].as_str().unwrap().to_owned();
    (key, out["origin"].as_str().unwrap().to_owned())
}

/// The check of the exported files by the root of `us` and its descriptor alone.
fn rooted(place: &Place) -> String {
    for party in ["us", "mx"] {
        place.ok(&format!("party export --out {party}.json --data {party}"));
    }
    let root = place.ok("status --data us")["root"].as_str().unwrap().to_owned();
    format!("record check --tiles out --root ours={root} --descriptor us.json --data nowhere")
}

#[test]
fn a_statement_is_shown_with_the_proof_of_its_place() {
    let (place, folio) = place();
    let shown = place.ok("record show --data us");
    let channel = &shown["channels"][0];
    assert_eq!((&channel["size"], &channel["direction"]), (&Value::from(2), &Value::from("out")));
    assert_eq!((&channel["settled_to"], &channel["gap"]), (&Value::from(0), &Value::Null));
    let by_folio = place.ok(&format!("record show to-mx {folio} --data us"));
    let by_place = place.ok("record show to-mx 1 --data us");
    assert_eq!(by_folio, by_place);
    assert_eq!((&by_place["kind"], &by_place["folio"]), (&"release".into(), &folio.clone().into()));
    assert_eq!(
        (&by_place["proof"]["holds"], &by_place["proof"]["cosigned"]),
        (&true.into(), &false.into())
    );
    assert_eq!(place.refused("record show to-mx 2 --data us", 1), "not-found");
    assert_eq!(place.refused("record show to-xx 0 --data us", 1), "not-found");
    assert_eq!(place.refused("record show to-mx second --data us", 2), "usage");
    let spanish = place.run(&format!("record show to-mx {folio} --data us --lang es"));
    assert!(spanish.stdout.contains("acuse de recibo:     aún no"), "{spanish:?}");
    assert!(place.run("record show --data us --lang es").stdout.contains("hacia mx"));
}

#[test]
fn what_is_in_order_passes_and_what_was_changed_is_named() {
    let (place, _) = place();
    let checked = place.ok("record check --data us");
    let logs = checked["logs"].as_array().unwrap();
    assert_eq!((logs.len(), &logs[1]["channel"]), (2, &Value::Null));
    assert_eq!((&logs[0]["signatures"], &logs[1]["signatures"]), (&2.into(), &Value::Null));
    assert_eq!((&logs[0]["size"], &checked["fault"]), (&Value::from(2), &Value::Null));
    place.ok("journal sign --data us");
    let signed = place.ok("record check --data us --partner mx");
    assert_eq!(signed["logs"][1]["checkpoint"], signed["logs"][1]["size"]);
    let proven = place.ok("journal prove 0 --data us");
    assert_eq!(proven["number"], 0);
    assert!(proven["tlog_proof"].as_str().unwrap().contains("comity/journal/"));
    assert_eq!(place.refused("journal prove 99999 --data us", 1), "not-found");
    let spanish = place.run("record check --data us --lang es");
    assert!(spanish.stdout.contains("todo está como se firmó"), "{spanish:?}");
}

#[test]
fn exported_files_are_proved_without_a_node_and_any_change_is_named() {
    let (place, _) = place();
    let exported = place.ok("record export --partner mx -o out --data us");
    assert_eq!(
        (&exported["logs"][0]["size"], &exported["logs"][0]["written"]),
        (&2.into(), &3.into())
    );
    let (key, folder) = key_and_folder(&place);
    let check = format!("record check --tiles out --key {key} --data nowhere");
    assert_eq!(place.ok(&check)["verdict"], "proved");
    assert!(!place.path("nowhere").exists());
    let unpinned = place.run("record check --tiles out --json").document(1);
    assert_eq!(unpinned["verdict"], "consistent, keys not pinned");

    let rooted = rooted(&place);
    let proved = place.ok(&rooted);
    assert_eq!(
        (&proved["verdict"], &proved["logs"][0]["signed_by"][0]),
        (&"proved".into(), &"ours".into())
    );
    let another = rooted.replace("us.json", "mx.json");
    assert_eq!(place.refused(&another, 2), "usage");
    let alone = rooted.split(" --descriptor").next().unwrap();
    assert_eq!(place.refused(alone, 2), "usage");

    let again = place.ok("record export --partner mx -o out --data us");
    assert_eq!(again["logs"][0]["written"], 0);
    release(&place, 1);
    let grown = place.ok("record export --partner mx -o out --data us");
    assert_eq!((&grown["logs"][0]["size"], &grown["logs"][0]["written"]), (&3.into(), &3.into()));
    assert_eq!(place.ok(&check)["logs"][0]["size"], 3);

    let log = place.path("out").join(folder);
    for (name, code) in [
        ("checkpoint", "note-signature-invalid"),
        ("tile/0/000.p/3", "tiles-root"),
        ("tile/entries/000.p/3", "entries-root"),
    ] {
        let path = log.join(name);
        let bytes = std::fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        let at = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(40) + 1;
        changed[at] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let found = place.run(&format!("{check} --json")).document(1);
        assert_eq!(
            (&found["verdict"], &found["fault"]["code"]),
            (&"does-not-hold".into(), &code.into())
        );
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert_eq!(place.run(&format!("{check} --json")).document(1)["verdict"], "does-not-hold");
        let spanish = place.run(&format!("{check} --lang es"));
        assert!(!spanish.stdout.contains("the "), "{spanish:?}");
        std::fs::remove_file(&path).unwrap();
        place.run(&format!("{check} --json")).document(1);
        let spanish = place.run(&format!("{check} --lang es"));
        assert!(!format!("{}{}", spanish.stdout, spanish.stderr).contains("the "), "{spanish:?}");
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(place.ok(&check)["verdict"], "proved");
    assert_eq!(place.refused("record check --tiles us", 1), "no-tiles");
    let spanish = place.run("record check --tiles out --lang es");
    assert!(spanish.stdout.contains("COHERENTE"), "{spanish:?}");
}

#[test]
fn what_a_key_signed_that_was_revoked_is_not_proved_by_the_files_alone() {
    let (place, _) = place();
    place.ok("record export --partner mx -o out --data us");
    let rooted = rooted(&place);
    let later = |name: &str| {
        place.ok(&format!("party export --out {name}.json --data us"));
        format!("{rooted} --descriptor {name}.json")
    };
    // the old key stays listed for its time
    place.ok("key rotate log --data us");
    assert_eq!(place.ok(&later("rotated"))["verdict"], "proved");

    let listed = place.ok("key list --data us");
    let keys = listed["keys"].as_array().unwrap();
    for key in keys.iter().filter(|it| it["use"] == "log") {
        let id = key["id"].as_str().unwrap();
        // with one half of a pair goes the other
        place.run(&format!("key revoke {id} --data us"));
    }
    let check = later("revoked");
    let found = place.run(&format!("{check} --json")).document(1);
    assert_eq!(found["verdict"], "consistent, a key was revoked");
    assert_eq!(found["logs"][0]["taken_back_by"], serde_json::json!(["ours"]));
    for (lang, words) in
        [("en", "a later descriptor revokes"), ("es", "un descriptor posterior revoca")]
    {
        let said = place.run(&format!("{check} --lang {lang}"));
        assert_eq!(said.code, 1);
        assert!(said.stdout.contains(words), "{said:?}");
    }
}

#[test]
fn an_export_is_never_continued_over_another_history() {
    let (place, _) = place();
    place.ok("record export --partner mx -o out --data us");
    let (_, folder) = key_and_folder(&place);
    let path = place.path("out").join(folder).join("checkpoint");
    let note = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, note.replacen("\n2\n", "\n1\n", 1)).unwrap();
    assert_eq!(place.refused("record export --partner mx -o out --data us", 1), "other-log");
    std::fs::write(&path, note.replacen("\n2\n", "\n9\n", 1)).unwrap();
    assert_eq!(place.refused("record export --partner mx -o out --data us", 1), "other-log");
}
