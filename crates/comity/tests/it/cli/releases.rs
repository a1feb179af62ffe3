//! Releases and proposals up to the outbox.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::run::{Place, indicator, lines};

const COMPOSE: &str = "--to mx --clause us-to-mx --purpose precursor-control";

/// Two nodes, and thirty indicators at `us` whose release is too large for a row of the database.
fn with_indicators() -> Place {
    let place = Place::pair();
    lines(&place, "in.jsonl", (1..=30).map(|number| indicator(number, 3_000)));
    place.ok("import in.jsonl --data us");
    place
}

fn compose(place: &Place, by: &str) -> String {
    let line = format!("release compose {COMPOSE} --type indicator --by {by} --data us");
    place.ok(&line)["folio"].as_str().unwrap().to_owned()
}

#[test]
fn a_release_goes_only_when_two_other_officers_approved_it() {
    let place = with_indicators();
    let composed =
        place.ok(&format!("release compose {COMPOSE} --type indicator --by officer-1 --data us"));
    let folio = composed["folio"].as_str().unwrap();
    assert_eq!((&composed["state"], &composed["objects"]), (&json!("composed"), &json!(30)));
    assert_eq!((&composed["redacted"], &composed["withheld"]), (&json!(0), &json!(0)));
    assert_eq!(composed["preview"].as_array().unwrap().len(), 30);
    assert_eq!(composed["preview"][0]["verdict"], "released");
    assert_eq!(composed["purpose"], "precursor-control");

    let approve = |officer: &str| format!("release approve {folio} --as {officer} --data us");
    let send = format!("release send {folio} --data us");
    assert_eq!(place.refused(&approve("officer-1"), 1), "composer-may-not-approve");
    assert_eq!(place.refused(&approve("officer-9"), 1), "not-found");
    assert_eq!(place.refused(&send, 1), "approval-missing");
    let first = place.ok(&approve("officer-2"));
    assert_eq!((&first["approvals"], &first["required"]), (&json!(1), &json!(2)));
    assert_eq!(first["state"], "composed");
    assert_eq!(place.refused(&approve("officer-2"), 1), "approved-before");
    assert_eq!(place.refused(&send, 1), "approval-missing");
    assert_eq!(place.ok(&approve("officer-3"))["state"], "approved");
    let sealed = place.ok(&send);
    assert_eq!((&sealed["state"], &sealed["sequence"]), (&json!("sealed"), &json!(0)));
    assert_eq!(place.refused(&send, 1), "release-state");

    let shown = place.ok(&format!("release show {} --data us", folio.to_lowercase()));
    for member in ["folio", "release", "digest", "clause", "purpose", "objects", "preview"] {
        assert_eq!(shown[member], composed[member], "{member}");
    }
    assert_eq!((&shown["to"], &shown["state"]), (&json!("mx"), &json!("sealed")));
    assert_eq!(shown["statement"], sealed["statement"]);
    assert_eq!(shown["receipt"], json!(null));
    let approvals = shown["approvals"].as_array().unwrap();
    assert_eq!(approvals.len(), 2);
    assert_eq!(
        (&approvals[0]["name"], &approvals[0]["office"]),
        (&json!("officer-2"), &json!("release desk"))
    );
    let status = place.ok("status --data us");
    let outbox = &status["outbox"][0];
    assert!(outbox["unsettled_since"].is_string(), "{status}");
    assert_eq!(
        [&outbox["cursor"], &outbox["last"], &outbox["unsettled"]],
        [&json!(0), &json!(1), &json!(1)]
    );
    assert_eq!(outbox["partner"], "mx");
    let out = &status["channels"][0];
    assert_eq!(
        (&out["direction"], &out["statements"], &out["cosigned"]),
        (&json!("out"), &json!(1), &json!(0))
    );
    assert!(out["root"].is_string());
    assert_eq!(place.ok("release list --data us")["releases"].as_array().unwrap().len(), 1);
}

/// The one file of a large part.
fn blob(place: &Place) -> PathBuf {
    fn files(path: &std::path::Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] }).collect()
    }
    let mut found = files(&place.path("us/blobs"));
    found.sort_by_key(|path| fs::metadata(path).unwrap().len());
    found.pop().expect("a large part is a file")
}

fn flip(path: &PathBuf, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    let mut permissions = fs::metadata(path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
    fs::set_permissions(path, permissions).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn one_byte_changed_on_the_disk_after_compose_stops_approval_and_sending() {
    let place = with_indicators();
    let folio = compose(&place, "officer-1");
    let path = blob(&place);
    let middle = usize::try_from(fs::metadata(&path).unwrap().len() / 2).unwrap();
    flip(&path, middle);
    let approve = |officer: &str| format!("release approve {folio} --as {officer} --data us");
    assert_eq!(place.refused(&approve("officer-2"), 1), "payload-changed");
    flip(&path, middle);
    place.ok(&approve("officer-2"));
    place.ok(&approve("officer-3"));
    flip(&path, middle);
    let send = format!("release send {folio} --data us");
    assert_eq!(place.refused(&send, 1), "payload-changed");
    assert_eq!(place.ok(&format!("release show {folio} --data us"))["state"], "approved");
    assert_eq!(place.ok("status --data us")["channels"][0]["statements"], 0);
    flip(&path, middle);
    place.ok(&send);
}

#[test]
fn a_preview_shows_what_compose_would_and_keeps_nothing() {
    let place = with_indicators();
    let preview = place.ok(&format!("release preview {COMPOSE} --search anhydride --data us"));
    assert_eq!((&preview["objects"], &preview["withheld"]), (&json!(30), &json!(0)));
    assert_eq!(place.ok("release list --data us")["releases"], json!([]));
    let composed = place.ok(&format!("release compose {COMPOSE} --search anhydride --data us"));
    assert_eq!(composed["preview"], preview["preview"]);
}

#[test]
fn what_a_clause_does_not_grant_is_withheld_with_its_reason() {
    let place = with_indicators();
    let red = indicator(99, 40).replace(
        "\"name\"",
        "\"object_marking_refs\":[\"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1\"],\"name\"",
    );
    let id = "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000063";
    lines(&place, "red.jsonl", [red]);
    place.ok("import red.jsonl --data us");
    let preview = place.ok(&format!("release preview {COMPOSE} --object {id} --data us"));
    let line = &preview["preview"][0];
    assert_eq!((&line["id"], &line["verdict"]), (&json!(id), &json!("withheld")), "{preview}");
    let codes: Vec<&str> =
        line["reasons"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"tlp-red"), "{codes:?}");
    let alone = format!("release compose {COMPOSE} --object {id} --data us");
    assert_eq!(place.refused(&alone, 1), "nothing-to-release");
    let mixed = format!("release compose {COMPOSE} --type indicator --data us");
    let mixed = place.ok(&mixed);
    assert_eq!((&mixed["objects"], &mixed["withheld"]), (&json!(30), &json!(1)));
    let spanish =
        place.run(&format!("release preview {COMPOSE} --object {id} --data us --lang es"));
    assert!(spanish.stdout.contains("excluido de la entrega"), "{spanish:?}");
}

#[test]
fn a_release_that_no_agreement_covers_is_refused_with_what_to_do() {
    let place = with_indicators();
    let refused = |what: &str| {
        place.refused(&format!("release compose {what} --type indicator --data us"), 1)
    };
    assert_eq!(refused("--to ca --clause us-to-mx"), "not-found");
    assert_eq!(refused("--to mx --clause other"), "clause-unknown");
    assert_eq!(
        refused("--to mx --clause mx-to-us --purpose precursor-control"),
        "clause-direction"
    );
    assert_eq!(refused("--to mx --clause us-to-mx"), "purpose-not-granted");
    assert_eq!(refused("--to mx --clause us-to-mx --purpose tourism"), "purpose-not-granted");
    let nothing = format!("release compose {COMPOSE} --type report --data us");
    assert_eq!(place.refused(&nothing, 1), "nothing-selected");
    let unknown = format!("release compose {COMPOSE} --object indicator--x --data us");
    assert_eq!(place.refused(&unknown, 1), "not-found");
    assert_eq!(place.refused("release show US-2026-000404 --data us", 1), "not-found");
    assert_eq!(place.refused("release show nonsense --data us", 1), "bad-input");
}

#[test]
fn a_proposal_is_put_once_and_only_the_partner_decides_it() {
    let place = Place::pair();
    place.write("text", "A joint operation at the port.\n");
    let put = place.ok(
        "proposal put --to mx --subject joint-operation --text-file text --by officer-1 --data us",
    );
    let folio = put["folio"].as_str().unwrap();
    assert_eq!(put["sequence"], 0);
    let listed = place.ok("proposal list --data us")["proposals"].clone();
    let only = &listed[0];
    assert_eq!(only["proposal"], put["proposal"]);
    assert_eq!((&only["from"], &only["to"]), (&json!("us"), &json!("mx")));
    assert_eq!((&only["subject"], &only["decision"]), (&json!("joint-operation"), &json!(null)));
    assert!(only["open_seconds"].as_i64().is_some_and(|open| open < 600), "{only}");
    assert_eq!(place.ok("proposal list --open --data us")["proposals"][0]["folio"], *folio);
    let told = place.ok(&format!("proposal history {folio} --data us"))["events"].clone();
    assert_eq!((told.as_array().map(Vec::len), &told[0]["event"]), (Some(1), &json!("put")));
    let again = format!("proposal put --to mx --subject joint-operation --text x --again {folio}");
    assert_eq!(place.refused(&format!("{again} --data us"), 1), "matter-unknown");
    let draft = format!("proposal draft {folio} --out draft.toml --data us");
    assert_eq!(place.refused(&draft, 1), "operations-unrepresentable");
    assert!(!place.path("draft.toml").exists());
    assert_eq!(only["text"], "A joint operation at the port.\n");
    assert_eq!(place.ok(&format!("proposal show {folio} --data us"))["folio"], *folio);
    let decide = format!("proposal decide {folio} --decline --grounds no --office desk --data us");
    assert_eq!(place.refused(&decide, 1), "matter-not-yours");
    assert_eq!(
        place.refused("proposal put --to mx --subject other --text _ --data us", 1),
        "bad-input"
    );
    let both =
        format!("proposal decide {folio} --accept --decline --grounds a --office b --data us");
    assert_eq!(place.refused(&both, 2), "usage");
    assert_eq!(place.refused("inbox show MX-2026-000001 --data us", 1), "not-found");
    assert_eq!(place.ok("inbox list --all --data us")["inbox"], json!([]));
}

#[test]
fn the_journal_says_who_did_what_and_its_lines_are_numbered_without_a_hole() {
    let place = with_indicators();
    let folio = compose(&place, "officer-1");
    place.ok(&format!("release approve {folio} --as officer-2 --data us"));
    let lines =
        place.ok("journal list --limit 10000 --data us")["lines"].as_array().unwrap().clone();
    let numbers: Vec<u64> = lines.iter().map(|it| it["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (0..lines.len() as u64).collect::<Vec<_>>());
    let last = lines.last().unwrap();
    assert_eq!((&last["event"], &last["actor"]), (&json!("release-approved"), &json!("officer-2")));
    assert_eq!(last["leaf"].as_str().unwrap().len(), 64);
    let rest = place.ok("journal list --after 2 --limit 2 --data us")["lines"].clone();
    assert_eq!((&rest[0]["number"], &rest[1]["number"]), (&json!(3), &json!(4)));
}
