//! Passphrases and key files.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::run::{Place, Ran, comity};

const PASSPHRASE: &str = "correct horse battery";

fn secret(place: &Place, name: &str, text: &str) {
    let path = place.write(name, text);
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

fn expose(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A live node under a passphrase, whose partner is nobody yet.
fn live() -> Place {
    let place = Place::new();
    secret(&place, "pass", &format!("{PASSPHRASE}\n"));
    secret(&place, "wrong", "not the right passphrase\n");
    place.ok("init --handle us --name A --data us --passphrase-file pass");
    place
}

#[test]
fn the_keys_of_a_live_node_open_with_its_passphrase_and_with_no_other() {
    let place = live();
    let add = "officer add officer-1 --office desk --officer-passphrase-file pass --data us";
    assert_eq!(place.refused(&format!("{add} --passphrase-file wrong"), 1), "wrong-passphrase");
    assert_eq!(place.ok("officer list --data us")["officers"], serde_json::json!([]));
    let added = place.ok(&format!("{add} --passphrase-file pass"));
    assert_eq!(added["name"], "officer-1");
    assert_eq!(added["office"], "desk");
    let again = place.refused(&format!("{add} --passphrase-file pass"), 1);
    assert_eq!(again, "exists");
    let live = "officer add officer-2 --office desk --no-passphrase --data us";
    assert_eq!(place.refused(&format!("{live} --passphrase-file pass"), 2), "passphrase-required");
    for key in ["root.key", "registrar.key", "serve.keys"] {
        let bytes = fs::read(place.path("us/keys").join(key)).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1"), "{key} is not sealed");
    }
}

#[test]
fn without_a_passphrase_and_without_a_terminal_the_command_says_what_to_give() {
    let place = live();
    let ran =
        place.run("officer add officer-1 --office desk --officer-passphrase-file pass --data us");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("--passphrase-file"), "{ran:?}");
    let doctor = place.ok("doctor --data us");
    let keys = doctor["checks"].as_array().unwrap().iter().find(|it| it["name"] == "keys");
    assert_eq!(keys.unwrap()["state"], "warn");
}

#[test]
fn a_passphrase_comes_from_the_option_the_environment_or_a_systemd_credential() {
    let place = live();
    fs::create_dir(place.path("credentials")).unwrap();
    secret(&place, "credentials/comity-passphrase", PASSPHRASE);
    let doctor = |name: &str, value: &str| -> Ran {
        comity()
            .args(["doctor", "--json", "--data"])
            .arg(place.path("us"))
            .env(name, place.path(value))
            .output()
            .unwrap()
            .into()
    };
    for (name, value) in
        [("COMITY_PASSPHRASE_FILE", "pass"), ("CREDENTIALS_DIRECTORY", "credentials")]
    {
        let report = doctor(name, value).document(0);
        let keys = report["checks"].as_array().unwrap().iter().find(|it| it["name"] == "keys");
        assert_eq!(keys.unwrap()["state"], "ok", "{name}");
    }
}

#[test]
fn a_passphrase_file_that_others_can_read_or_that_holds_none_is_refused() {
    let place = live();
    let line = "officer add officer-1 --office desk --officer-passphrase-file pass --data us --passphrase-file";
    for mode in [0o640, 0o604, 0o660] {
        secret(&place, "open", PASSPHRASE);
        expose(&place.path("open"), mode);
        assert_eq!(place.refused(&format!("{line} open"), 1), "file-exposed", "{mode:o}");
    }
    for (name, text) in [("empty", ""), ("blank", "\n"), ("lines", "one line of it\nanother\n")] {
        secret(&place, name, text);
        assert_eq!(place.refused(&format!("{line} {name}"), 1), "passphrase-file", "{name}");
    }
    secret(&place, "endless", &"x".repeat(10_000));
    assert_eq!(place.refused(&format!("{line} endless"), 1), "file-too-large");
    assert_eq!(place.refused(&format!("{line} missing"), 1), "cannot-read");
}

#[test]
fn a_short_passphrase_makes_no_node() {
    let place = Place::new();
    secret(&place, "short", "eleven char\n");
    let line = "init --handle us --name A --data us --passphrase-file short";
    assert_eq!(place.refused(line, 1), "passphrase-too-short");
    assert!(!place.path("us").exists());
}

#[test]
fn a_key_file_that_others_can_read_is_refused_sealed_or_open() {
    let place = live();
    let key = place.path("us/keys/registrar.key");
    expose(&key, 0o644);
    let line = "officer add officer-1 --office desk --officer-passphrase-file pass --data us --passphrase-file pass";
    let ran = place.run(line);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("0644") && ran.stderr.contains("chmod 600"), "{ran:?}");
    expose(&key, 0o600);
    place.ok(line);

    place.node("mx");
    expose(&place.path("mx/keys/registrar.key"), 0o640);
    let line = "officer add officer-1 --office desk --no-passphrase --data mx";
    assert_eq!(place.refused(line, 1), "file-exposed");
}

#[test]
fn no_answer_and_no_error_repeats_a_passphrase() {
    let place = live();
    let lines = [
        "officer add a --office desk --officer-passphrase-file pass --data us --passphrase-file wrong",
        "officer add a --office desk --officer-passphrase-file pass --data us --passphrase-file pass",
        "doctor --data us --passphrase-file pass",
        "journal list --data us",
    ];
    for line in lines {
        let ran = place.run(line);
        for secret in [PASSPHRASE, "not the right passphrase"] {
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{ran:?}");
        }
    }
}

#[test]
fn after_a_change_only_the_new_passphrase_opens_the_nodes_files() {
    let place = live();
    secret(&place, "new", "another passphrase than before\n");
    secret(&place, "short", "short\n");
    let names = ["root.key", "registrar.key", "serve.keys"];
    let files = || names.map(|it| fs::read(place.path("us/keys").join(it)).unwrap());
    let before = files();
    let change = "key passphrase --data us --passphrase-file";
    let refused = place.refused(&format!("{change} wrong --new-passphrase-file new"), 1);
    assert_eq!(refused, "wrong-passphrase");
    let refused = place.refused(&format!("{change} pass --new-passphrase-file short"), 1);
    assert_eq!(refused, "passphrase-too-short");
    assert_eq!(files(), before);

    let changed = place.ok(&format!("{change} pass --new-passphrase-file new"));
    assert_eq!(changed["files"].as_array().unwrap().len(), 3);
    assert!(files().iter().zip(&before).all(|(new, old)| new != old));
    let left = fs::read_dir(place.path("us/keys")).unwrap();
    let half: Vec<_> =
        left.flatten().filter(|it| it.file_name().to_string_lossy().contains(".tmp")).collect();
    assert!(half.is_empty(), "{half:?}");
    let rotate = "key rotate statement --data us --passphrase-file";
    assert_eq!(place.refused(&format!("{rotate} pass"), 1), "wrong-passphrase");
    assert_eq!(place.ok(&format!("{rotate} new"))["serial"], 2);
    // an interrupted change goes on where it stopped
    fs::write(place.path("us/keys/serve.keys"), &before[2]).unwrap();
    assert_eq!(place.refused(&format!("{rotate} new"), 1), "wrong-passphrase");
    place.ok(&format!("{change} pass --new-passphrase-file new"));
    assert_eq!(place.ok(&format!("{rotate} new"))["serial"], 3);
}

#[test]
fn an_officers_passphrase_changes_alone() {
    let place = live();
    secret(&place, "new", "another passphrase than before\n");
    let add = "officer add officer-1 --office desk --officer-passphrase-file pass --data us";
    place.ok(&format!("{add} --passphrase-file pass"));
    let change = "key passphrase --data us --new-passphrase-file new --officer";
    place.ok(&format!("{change} officer-1 --passphrase-file pass"));
    let again = place.refused(&format!("{change} officer-1 --passphrase-file wrong"), 1);
    assert_eq!(again, "wrong-passphrase");
    assert_eq!(place.refused(&format!("{change} officer-9 --passphrase-file pass"), 2), "usage");
    place.ok("key rotate seal --data us --passphrase-file pass");
}
