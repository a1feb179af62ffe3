//! Pouches carried by hand on the command line: no node ever serves, and nothing but files crosses.

use std::path::PathBuf;

use super::run::{Place, indicator, lines};

/// Two nodes, of which the first sent so many releases that nobody carried yet; and their folios.
pub(super) fn place(releases: u32) -> (Place, Vec<String>) {
    let place = Place::pair();
    lines(&place, "in.jsonl", (1..=releases).map(|number| indicator(number, 30)));
    place.ok("import in.jsonl --data us");
    let folios = (1..=releases).map(|number| sent(&place, number));
    let folios = folios.collect();
    (place, folios)
}

/// The folio of a release of one object that is composed, approved, sealed and signed.
fn sent(place: &Place, number: u32) -> String {
    let folio = approved(place, number);
    place.ok(&format!("release send {folio} --data us"));
    folio
}

fn approved(place: &Place, number: u32) -> String {
    let object = format!("indicator--5d0b6f1e-3c0e-4e59-8a52-{number:012}");
    let composed = place.ok(&format!(
        "release compose --to mx --clause us-to-mx --purpose precursor-control --by an_analyst --data us --object {object}"
    ));
    let folio = composed["folio"].as_str().unwrap().to_owned();
    for officer in ["officer-1", "officer-2"] {
        place.ok(&format!("release approve {folio} --as {officer} --data us"));
    }
    folio
}

pub(super) fn pouches(place: &Place, folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(place.path(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn two_nodes_that_never_meet_settle_everything_by_files() {
    let (place, folios) = place(2);
    let there = place.ok("pouch export --to mx -o carried --data us --by an_analyst");
    assert_eq!((&there["written"], &there["to"]), (&2.into(), &"mx".into()));
    for folio in &folios {
        assert_eq!(place.ok(&format!("release show {folio} --data us"))["state"], "sealed");
    }
    let taken = place.ok("pouch import carried --data mx");
    assert_eq!((&taken["consumed"], &taken["answers"]), (&2.into(), &1.into()));
    place.ok("pouch export --to us -o back --data mx");
    assert_eq!(place.ok("pouch import back --data us")["consumed"], 1);
    for folio in &folios {
        let shown = place.ok(&format!("release show {folio} --data us"));
        assert_eq!(
            (&shown["state"], &shown["receipt"]["admitted"]),
            (&"settled".into(), &1.into())
        );
    }
    // what `us` cosigned of the receipt goes back, and then there is nothing left to carry
    place.ok("pouch export --to mx -o again --data us");
    assert_eq!(place.ok("pouch import again --data mx")["consumed"], 1);
    for (from, to) in [("us", "mx"), ("mx", "us")] {
        let rest =
            place.ok(&format!("pouch export --to {to} -o rest-{from} --again --data {from}"));
        assert_eq!(
            rest["written"].as_u64().unwrap() + rest["kept"].as_u64().unwrap(),
            u64::from(from == "us")
        );
        let spool = std::fs::read_dir(place.path(from).join("spool/incoming")).unwrap();
        assert_eq!(spool.count(), 0);
    }
    let journal = place.ok("journal list --limit 1000 --data us");
    let exported = journal["lines"].as_array().unwrap().iter();
    let exported = exported.filter(|line| line["event"] == "pouch-exported");
    assert!(
        exported.clone().count() >= 2 && exported.clone().any(|it| it["actor"] == "an analyst")
    );
}

/// Carries everything in one direction through a folder.
pub(super) fn carry(place: &Place, from: &str, to: &str, folder: &str) -> serde_json::Value {
    place.ok(&format!("pouch export --to {to} -o {folder} --data {from}"));
    place.ok(&format!("pouch import {folder} --data {to}"))
}

#[test]
fn a_node_put_back_from_a_backup_recovers_with_a_disk_alone() {
    let (place, folios) = place(1);
    for (from, to, folder) in [("us", "mx", "a1"), ("mx", "us", "a2"), ("us", "mx", "a3")] {
        carry(&place, from, to, folder);
    }
    place.ok("backup -o saved --data us");
    place.ok("proposal put --to mx --subject other --text Patrols --data us");
    for (from, to, folder) in [("us", "mx", "b1"), ("mx", "us", "b2")] {
        carry(&place, from, to, folder);
    }
    std::fs::remove_dir_all(place.path("us")).unwrap();
    place.ok("restore saved --data us");
    assert_eq!(place.refused("pouch export --to mx -o c1 --data us", 1), "record-unchecked");

    place.ok("pouch export --to us -o since --since 2020-01-01T00:00:00Z --data mx");
    place.ok("pouch import since --data us");
    // what arrived changed nothing; what is asked for does
    assert_eq!(place.refused("pouch export --to mx -o c1 --data us", 1), "record-unchecked");
    std::fs::create_dir(place.path("empty")).unwrap();
    let none = place.refused("record recover --to mx --from empty --data us", 1);
    assert_eq!(none, "no-cosignature");
    let done = place.ok("record recover --to mx --from since --data us");
    let channel = &done["channels"][0];
    assert_eq!((&channel["before"], &channel["epoch"]), (&1.into(), &2.into()));
    for (from, to, folder) in [("us", "mx", "d1"), ("mx", "us", "d2"), ("us", "mx", "d3")] {
        carry(&place, from, to, folder);
    }
    let lost = place.ok("record lost --from us --data mx");
    assert_eq!(lost["statements"][0]["kind"], "proposal");
    place.ok("proposal put --to mx --subject other --text Patrols --data us");
    assert_eq!(carry(&place, "us", "mx", "e1")["consumed"], 1);
    let shown = place.ok(&format!("release show {} --data us", folios[0]));
    assert_eq!(shown["state"], "settled");
    for node in ["us", "mx"] {
        let checked = place.ok(&format!("record check --data {node}"));
        assert_eq!(checked["fault"], serde_json::Value::Null);
    }
}

#[test]
fn a_cut_pouch_is_not_shown_as_what_its_name_promises() {
    let (place, _) = place(1);
    place.ok("pouch export --to mx -o carried --data us");
    let file = &pouches(&place, "carried")[0];
    let show = format!("pouch show {}", file.display());
    assert_eq!(place.ok(&show)["as_named"], true);
    let bytes = std::fs::read(file).unwrap();
    std::fs::write(file, &bytes[..bytes.len() - 1]).unwrap();
    let shown = place.run(&format!("{show} --json")).document(1);
    assert_eq!((&shown["whole"], &shown["as_named"]), (&true.into(), &false.into()));
    let said = place.run(&format!("{show} --lang es"));
    assert!(said.stdout.contains("como promete su nombre: no"), "{said:?}");
    // under another name nothing is promised
    std::fs::rename(file, place.path("mailed")).unwrap();
    assert_eq!(place.ok("pouch show mailed")["as_named"], serde_json::Value::Null);
    place.ok("pouch export --to mx -o carried --again --data us");
    place.ok("pouch import carried --data mx");
}

#[test]
fn a_damaged_file_is_named_and_the_others_are_taken_in() {
    let (place, _) = place(2);
    place.ok("pouch export --to mx -o carried --data us");
    let files = pouches(&place, "carried");
    let mut bytes = std::fs::read(&files[1]).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&files[1], bytes).unwrap();
    let ran = place.run("pouch import carried --data mx --json");
    let taken = ran.document(1);
    assert_eq!((&taken["consumed"], &taken["refused"]), (&1.into(), &1.into()));
    assert_eq!(taken["files"][1]["code"], "truncated");
    let file = std::path::Path::new(taken["files"][1]["file"].as_str().unwrap());
    assert_eq!(file.extension().and_then(std::ffi::OsStr::to_str), Some("pouch"));
    let said = place.run("pouch import carried --data mx --lang es");
    assert_eq!(said.code, 1);
    assert!(said.stdout.contains("se cortó o alteró en el camino"), "{said:?}");
    place.ok("pouch export --to mx -o carried --again --data us");
    assert_eq!(pouches(&place, "carried").len(), 2, "the damaged one was replaced");
    place.ok("pouch import carried --data mx");
    assert_eq!(place.ok("inbox list --data mx")["inbox"].as_array().unwrap().len(), 2);
}

#[test]
fn a_pouch_shows_its_form_to_anybody_and_its_content_to_its_reader() {
    let (place, folios) = place(1);
    place.ok("pouch export --to mx -o carried --data us");
    let file = pouches(&place, "carried").remove(0);
    let file = file.display();
    let shown = place.ok(&format!("pouch show {file}"));
    assert_eq!(shown["recipients"], 1);
    assert_eq!(shown["types"][0], "mlkem768x25519");
    assert_eq!((&shown["pouch"], &shown["whole"]), (&true.into(), &true.into()));
    let digest = shown["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
    assert!(file.to_string().contains(digest));
    assert!(shown.get("inside").is_none());
    let open = place.ok(&format!("pouch show {file} --open --data mx"));
    assert_eq!(
        (&open["inside"]["sender"], &open["inside"]["kind"]),
        (&"us".into(), &"release".into())
    );
    assert_eq!(open["inside"]["folio"], folios[0].as_str());
    assert_eq!(open["inside"]["sequence"], 0);
    assert_eq!(place.refused(&format!("pouch show {file} --open --data us"), 1), "cannot-open");
    place.write("notes.txt", "no pouch");
    assert_eq!(place.refused("pouch show notes.txt", 1), "not-a-pouch");
    assert_eq!(place.refused("pouch show nothing.pouch", 1), "cannot-read");
    assert_eq!(place.refused("pouch export --to nobody -o carried --data us", 1), "not-found");
}

#[test]
fn everything_since_a_time_is_written_for_a_partner_that_lost_it() {
    let (place, _) = place(1);
    place.ok("pouch export --to mx -o carried --data us");
    let none = place.ok("pouch export --to mx -o other --data us");
    assert_eq!((&none["written"], &none["carried_before"]), (&0.into(), &1.into()));
    let all = place.ok("pouch export --to mx -o other --since 2020-01-01T00:00:00Z --data us");
    assert_eq!(all["written"], 1);
    assert_eq!(
        place
            .refused("pouch export --to mx -o x --again --since 2020-01-01T00:00:00Z --data us", 2),
        "usage"
    );
}

#[test]
fn a_folder_put_back_from_a_snapshot_signs_nothing_anew_where_what_was_signed_lies_elsewhere() {
    let place = Place::pair();
    lines(&place, "in.jsonl", (1..=2).map(|number| indicator(number, 30)));
    place.ok("import in.jsonl --data us");
    let config = place.path("us/comity.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let kept = "least_free_mib = 512\n";
    let there = format!("{kept}last_checkpoints = \"../elsewhere/last.json\"\n");
    assert!(text.contains(kept));
    std::fs::write(&config, text.replace(kept, &there)).unwrap();
    std::fs::create_dir(place.path("elsewhere")).unwrap();
    copy(&place.path("us"), &place.path("snapshot"));
    sent(&place, 1);
    assert!(place.path("elsewhere/last.json").is_file());
    std::fs::remove_dir_all(place.path("us")).unwrap();
    copy(&place.path("snapshot"), &place.path("us"));
    let folio = approved(&place, 2);
    let refused = place.refused(&format!("release send {folio} --data us"), 1);
    assert_eq!(refused, "record-rolled-back");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
}
