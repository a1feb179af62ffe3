//! Backups, and putting a node back from one.

use std::fs;

use super::run::{Place, comity};

/// Puts `us` back from `backup` after everything in its folder is lost but these files.
fn lose(place: &Place, keep: &[&str]) {
    for entry in fs::read_dir(place.path("us")).unwrap() {
        let path = entry.unwrap().path();
        if keep.contains(&path.file_name().unwrap().to_str().unwrap()) {
            continue;
        }
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }
}

#[test]
fn a_node_put_back_has_what_it_had_and_seals_nothing_before_it_asked() {
    let place = Place::pair();
    place.write("one.json", super::run::indicator(1, 20));
    place.ok("import one.json --data us");
    let made = place.ok("backup -o saved --data us --by an_analyst");
    assert_eq!(made["handle"], "us");
    assert_eq!(place.ok("backup check saved")["bytes"], made["bytes"]);
    let held = place.ok("holdings list --data us");
    lose(&place, &[]);
    let back = place.ok("restore saved --data us --by an_analyst");
    assert_eq!(
        (&back["unasked"], &back["tombstones"]),
        (&serde_json::json!(["mx"]), &false.into())
    );
    assert_eq!(place.ok("holdings list --data us"), held);
    let events: Vec<String> = place.ok("journal list --data us")["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| format!("{} by {}", line["event"], line["actor"]))
        .collect();
    let acts = events.iter().rfind(|it| !it.starts_with("\"access-"));
    assert_eq!(acts.unwrap(), "\"restored\" by \"an analyst\"", "{events:?}");
    let status = place.ok("status --data us");
    assert_eq!(status["doubts"][0]["partner"], "mx");
    assert_eq!(status["doubts"][0]["why"], "restored");
    assert_eq!(place.ok("holdings list --data us"), held, "keys and configuration are back too");
}

#[test]
fn a_backup_has_a_name_of_its_own_in_a_folder_that_is_there() {
    let place = Place::new();
    place.node("us");
    fs::create_dir(place.path("saved")).unwrap();
    let made = place.ok("backup --out saved --data us");
    let folder = made["folder"].as_str().unwrap();
    assert!(folder.starts_with("saved/comity-us-2"), "{folder}");
    place.ok(&format!("backup check {folder}"));
}

#[test]
fn a_backup_is_not_written_into_a_backup() {
    let place = Place::new();
    place.node("us");
    place.ok("backup -o saved --data us");
    for into in ["saved", "saved/keys", "saved/another"] {
        assert_eq!(place.refused(&format!("backup -o {into} --data us"), 1), "in-a-backup");
    }
    let said = place.run("backup -o saved --data us --lang es");
    assert!(said.stderr.contains("es un respaldo"), "{said:?}");
    place.ok("backup check saved");
}

#[test]
fn what_is_no_good_backup_is_refused_and_nothing_is_put_back() {
    let place = Place::new();
    place.node("us");
    place.ok("backup -o saved --data us");
    assert_eq!(place.refused("backup -o saved/comity.db --data us", 1), "file-exists");
    assert_eq!(place.refused("restore saved --data us", 1), "node-exists");
    assert_eq!(place.refused("restore us --data other", 1), "no-backup");
    for line in ["restore nosuch --data other", "backup check nosuch"] {
        assert_eq!(place.refused(line, 1), "no-backup");
        let said = place.run(line);
        assert!(said.stderr.contains("`nosuch` is not there"), "{said:?}");
        let said = place.run(&format!("{line} --lang es"));
        assert!(said.stderr.contains("`nosuch` no existe"), "{said:?}");
    }
    place.write("saved/keys/root.key", "another");
    assert_eq!(place.refused("backup check saved", 1), "backup-damaged");
    assert_eq!(place.refused("restore saved --data other", 1), "backup-damaged");
    assert!(!place.path("other").exists());
    let said = comity()
        .args(["backup", "check", "saved", "--lang", "es"])
        .current_dir(place.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("haga otro respaldo"), "{said}");
}

#[test]
fn what_is_kept_apart_survives_a_restore_and_is_in_no_backup() {
    let place = Place::pair();
    fs::write(place.path("us/tombstones.jsonl"), "").unwrap();
    fs::write(place.path("us/checkpoints.json"), r#"{"channels":[]}"#).unwrap();
    place.ok("backup -o saved --data us");
    for apart in ["tombstones.jsonl", "checkpoints.json", "spool"] {
        assert!(!place.path("saved").join(apart).exists(), "{apart}");
    }
    lose(&place, &["tombstones.jsonl", "checkpoints.json"]);
    assert_eq!(place.ok("restore saved --data us")["tombstones"], true);
    assert!(place.path("us/checkpoints.json").exists());
}
