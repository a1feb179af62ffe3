//! Making nodes, and their configuration.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::run::Place;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn entries(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_new_node_is_whole_and_nobody_else_can_read_it() {
    let place = Place::new();
    let made = place.node("us");
    assert_eq!(made["handle"], "us");
    assert_eq!(made["exercise"], true);
    assert_eq!(made["data"], "us");
    assert_eq!(made["config"], "us/comity.toml");
    for member in ["digits", "words_en", "words_es"] {
        assert_eq!(made["fingerprint"][member].as_array().unwrap().len(), 12, "{made}");
    }
    let data = place.path("us");
    assert_eq!(mode(&data), 0o700);
    assert_eq!(
        entries(&data.join("keys")),
        ["officers", "registrar.key", "root.key", "serve.keys"]
    );
    for key in ["registrar.key", "root.key", "serve.keys"] {
        assert_eq!(mode(&data.join("keys").join(key)), 0o600, "{key}");
    }
    assert_eq!(mode(&data.join("comity.db")), 0o600);
    assert_eq!(entries(&place.path("")), ["us"], "nothing is left beside it");
    let status = place.ok("status --data us");
    assert_eq!(status["root"], made["root"]);
    assert_eq!(status["exercise"], true);
}

/// The newest line of a node's journal.
fn newest(place: &Place, data: &str) -> serde_json::Value {
    let all = place.ok(&format!("journal list --data {data} --limit 1000"));
    all["lines"].as_array().unwrap().last().unwrap().clone()
}

fn year(at: &serde_json::Value) -> i32 {
    at.as_str().unwrap().split('-').next().unwrap().parse().unwrap()
}

#[test]
fn a_training_node_lets_time_pass_and_only_forward() {
    let place = Place::new();
    place.node("us");
    let before = place.ok("exercise show --data us");
    assert_eq!(before["ahead_days"], 0);
    let after = place.ok("exercise advance 730 --data us --by officer-1");
    assert_eq!(after["ahead_days"], 730);
    let shown = place.ok("exercise show --data us");
    assert!(year(&shown["now"]) > year(&before["now"]), "{shown}");
    let line = newest(&place, "us");
    let said = (&line["event"], &line["actor"]);
    assert_eq!(said, (&"exercise-advanced".into(), &"officer-1".into()));
    assert_eq!(line["details"], serde_json::json!({"days": 730, "ahead_days": 730}));
    assert!(year(&line["at"]) > year(&before["now"]), "{line}");
    assert_eq!(place.refused("exercise advance 2921 --data us", 1), "exercise-too-far");
    assert_eq!(place.ok("exercise show --data us")["ahead_days"], 730, "nothing changed");

    fs::write(place.path("us/exercise-clock"), "tomorrow").unwrap();
    assert_eq!(place.refused("status --data us", 1), "exercise-clock");
}

#[test]
fn a_live_node_never_lives_in_another_time() {
    let place = Place::new();
    place.write("pass", "a long passphrase for a test");
    fs::set_permissions(place.path("pass"), fs::Permissions::from_mode(0o600)).unwrap();
    place.ok("init --handle us --name A --data us --passphrase-file pass");
    let made = newest(&place, "us");
    assert_eq!(place.refused("exercise advance 1 --data us", 1), "not-an-exercise");
    assert_eq!(place.refused("exercise show --data us", 1), "not-an-exercise");
    fs::write(place.path("us/exercise-clock"), "3650").unwrap();
    assert_eq!(place.refused("holdings show indicator--x --data us", 1), "not-found");
    let line = newest(&place, "us");
    assert!(year(&line["at"]) <= year(&made["at"]) + 1, "{line} after {made}");
}

#[test]
fn the_configuration_says_what_init_was_told() {
    let place = Place::new();
    place.ok(
        "init --handle us --name A --exercise --no-passphrase --data n --link-listen 127.0.0.1:9001 --api-listen \
         127.0.0.1:9002 --url node.example:443 --url 192.0.2.1:443",
    );
    let text = fs::read_to_string(place.path("n/comity.toml")).unwrap();
    assert!(
        text.contains("listen = \"127.0.0.1:9001\"")
            && text.contains("listen = \"127.0.0.1:9002\"")
    );
    place.node("mx");
    place.ok("party export --out d --data n");
    let party = place.ok("party import d --data mx");
    assert_eq!(party["urls"], serde_json::json!(["node.example:443", "192.0.2.1:443"]));
}

#[test]
fn a_node_is_never_made_over_another_or_into_somebodys_folder() {
    let place = Place::new();
    place.node("us");
    let before = fs::read(place.path("us/keys/root.key")).unwrap();
    let again = "init --handle us --name B --exercise --no-passphrase --data us";
    assert_eq!(place.refused(again, 1), "node-exists");
    assert_eq!(fs::read(place.path("us/keys/root.key")).unwrap(), before);

    fs::create_dir(place.path("full")).unwrap();
    place.write("full/letter.txt", "dear");
    let into = "init --handle us --name B --exercise --no-passphrase --data full";
    assert_eq!(place.refused(into, 1), "node-exists");
    assert_eq!(entries(&place.path("full")), ["letter.txt"]);

    let here = Place::new();
    let line = "init --handle us --name B --exercise --no-passphrase --data .";
    assert_eq!(here.refused(line, 1), "node-exists", "the folder would go from under the shell");

    fs::create_dir(place.path("empty")).unwrap();
    place.ok("init --handle us --name B --exercise --no-passphrase --data empty");
    assert_eq!(entries(&place.path("")), ["empty", "full", "us"]);
}

#[test]
fn a_live_node_without_a_passphrase_is_not_made() {
    let place = Place::new();
    let line = "init --handle us --name A --no-passphrase --data us";
    assert_eq!(place.refused(line, 2), "passphrase-required");
    assert!(entries(&place.path("")).is_empty());
}

#[test]
fn a_command_without_its_node_says_how_to_make_one() {
    let place = Place::new();
    for line in ["status", "party list", "import x", "doctor", "holdings list", "journal list"] {
        let ran = place.run(&format!("{line} --data nowhere"));
        assert_eq!(ran.code, 1, "{line}");
        assert!(ran.stderr.contains("`nowhere`") && ran.stderr.contains("comity init"), "{ran:?}");
        assert!(ran.stdout.is_empty());
        assert!(!place.path("nowhere").exists(), "{line} made the folder");
    }
}

#[test]
fn an_unknown_setting_stops_every_command_with_its_name_and_line() {
    let place = Place::new();
    place.node("us");
    let path = place.path("us/comity.toml");
    let text = fs::read_to_string(&path).unwrap();
    let lines = text.lines().count();
    fs::write(&path, format!("{text}\n[outbocks]\npoll_ms = 1\n")).unwrap();
    for line in ["status", "party list", "officer list"] {
        let ran = place.run(&format!("{line} --data us"));
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("`outbocks`"), "{ran:?}");
        assert!(ran.stderr.contains(&format!("line {}", lines + 2)), "{ran:?}");
    }
    assert_eq!(place.refused("status --data us", 1), "config");
    let doctor = place.run("doctor --data us --json").document(1);
    assert_eq!(doctor["checks"][0]["name"], "configuration");
    assert_eq!(doctor["checks"][0]["state"], "fail");
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_new_node_and_names_what_was_broken() {
    let place = Place::new();
    place.node("us");
    let report = place.ok("doctor --data us");
    assert_eq!(report["ok"], true, "{report}");
    let states = |report: &serde_json::Value| -> Vec<(String, String)> {
        let checks = report["checks"].as_array().unwrap().clone();
        let text = |it: &serde_json::Value| it.as_str().unwrap().to_owned();
        checks.iter().map(|it| (text(&it["name"]), text(&it["state"]))).collect()
    };
    let names: Vec<String> = states(&report).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["configuration", "disk", "database", "clock", "keys", "own-keys"]);

    fs::remove_file(place.path("us/keys/root.key")).unwrap();
    let report = place.run("doctor --data us --json").document(1);
    assert!(states(&report).contains(&("keys".to_owned(), "fail".to_owned())), "{report}");

    fs::write(place.path("us/comity.db"), "this is no database").unwrap();
    let report = place.run("doctor --data us --json").document(1);
    assert!(states(&report).contains(&("database".to_owned(), "fail".to_owned())), "{report}");
}

#[test]
fn the_doctor_reads_every_page_of_the_database() {
    use std::os::unix::fs::FileExt as _;
    let place = Place::new();
    place.node("us");
    super::run::lines(&place, "in.jsonl", (1..=200).map(|number| super::indicator(number, 400)));
    place.ok("import in.jsonl --data us");
    let file = fs::OpenOptions::new().write(true).open(place.path("us/comity.db")).unwrap();
    let size = file.metadata().unwrap().len();
    assert!(size > 32 * 4096, "{size}");
    // the last pages hold what was imported, and no other check reads them
    file.write_all_at("Z".repeat(8 * 4096).as_bytes(), size - 8 * 4096).unwrap();
    place.ok("party list --data us");
    let report = place.run("doctor --data us --json").document(1);
    let checks = report["checks"].as_array().unwrap();
    let database = checks.iter().find(|it| it["name"] == "database").unwrap();
    assert_eq!(database["state"], "fail", "{report}");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_said_to_be_so() {
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;
    let place = Place::new();
    place.node("us");
    let set = |path: &str, mode: u32| {
        fs::set_permissions(place.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    for folder in ["", "us"] {
        set(folder, 0o555);
    }
    for file in ["us/comity.db", "us/comity.toml"] {
        set(file, 0o444);
    }
    let mut command = super::comity();
    command.args(["status", "--json", "--data"]).arg(place.path("us"));
    // permissions do not bind root, so root runs the program as somebody else
    if fs::metadata(place.path("us")).unwrap().uid() == 0 {
        command.uid(NOBODY);
    }
    let ran = super::run::Ran::from(command.output().unwrap());
    for folder in ["us", ""] {
        set(folder, 0o755);
    }
    let document = ran.document(1);
    assert_eq!(document["error"]["code"], "read-only", "{document}");
    let message = document["error"]["message"].as_str().unwrap();
    assert!(message.contains("us` cannot be written; "), "{message}");
}

#[test]
fn what_a_killed_init_left_is_named_and_not_touched() {
    let place = Place::new();
    for name in ["us.tmp-41", "us.tmp-7", "us.tmp-", "us.tmp-x", "mx.tmp-9", "us.tmp"] {
        fs::create_dir(place.path(name)).unwrap();
    }
    let before = entries(&place.path(""));
    let line = "init --handle us --name A --exercise --no-passphrase --data";
    let said = place.run(&format!("{line} us"));
    assert_eq!(said.code, 0, "{said:?}");
    for left in ["`us.tmp-41`", "`us.tmp-7`"] {
        assert!(said.stderr.contains(left), "{said:?}");
    }
    assert_eq!(said.stderr.matches("us.tmp-").count(), 2, "{said:?}");
    let made = place.ok(&format!("{line} mx"));
    assert_eq!(made["leftovers"], serde_json::json!(["mx.tmp-9"]));
    let mut after = entries(&place.path(""));
    after.retain(|name| name != "us" && name != "mx");
    assert_eq!(after, before);
}

#[test]
fn a_name_or_a_handle_that_nobody_could_read_is_refused_before_anything_is_made() {
    let place = Place::new();
    for line in [
        "init --handle Us --name A",
        "init --handle u --name A",
        "init --handle us --name _",
        "init --handle us --name A --url nowhere",
        "init --handle us",
    ] {
        let line = format!("{line} --exercise --no-passphrase --data n");
        assert_eq!(place.refused(&line, 2), "usage", "{line}");
    }
    assert!(entries(&place.path("")).is_empty());
}
