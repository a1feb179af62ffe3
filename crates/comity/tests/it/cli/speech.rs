//! How the program speaks: languages, banners, exit codes, one JSON document.

use super::run::{Place, comity};

#[test]
fn everything_from_a_training_node_says_so_first() {
    let place = Place::new();
    place.node("us");
    for line in ["status", "party list", "holdings list", "release list", "journal list", "doctor"]
    {
        let english = place.run(&format!("{line} --data us"));
        assert!(english.stdout.starts_with("EXERCISE"), "{line}: {english:?}");
        let spanish = place.run(&format!("{line} --data us --lang es"));
        assert!(spanish.stdout.starts_with("EJERCICIO"), "{line}: {spanish:?}");
        assert_eq!(place.ok(&format!("{line} --data us"))["exercise"], true, "{line}");
    }
    let refused = place.run("release show US-2026-000001 --data us");
    assert!(refused.stderr.starts_with("EXERCISE"), "{refused:?}");
    let document = place.run("release show US-2026-000001 --data us --json").document(1);
    assert_eq!(document["exercise"], true);
}

#[test]
fn errors_go_to_standard_error_as_one_sentence_in_the_readers_language() {
    let place = Place::new();
    place.node("us");
    let english = place.run("release show US-2026-000001 --data us");
    assert!(english.stdout.is_empty());
    assert!(english.stderr.contains("error: there is no folio `US-2026-000001`"), "{english:?}");
    let spanish = place.run("release show US-2026-000001 --data us --lang es");
    let whole = "error: no existe el folio `US-2026-000001`; `comity release list` y `comity inbox list` muestran los folios\n";
    assert!(spanish.stderr.ends_with(whole), "{spanish:?}");
    let document = place.run("release show US-2026-000001 --data us --lang es --json").document(1);
    assert_eq!(document["error"]["code"], "not-found", "codes are the same in every language");
}

#[test]
fn a_node_made_in_spanish_speaks_spanish_until_told_otherwise() {
    let place = Place::new();
    place.ok("init --handle mx --name A --exercise --no-passphrase --lang es --data mx");
    assert!(place.run("status --data mx").stdout.starts_with("EJERCICIO"));
    assert!(place.run("status --data mx --lang en").stdout.starts_with("EXERCISE"));
    let config = std::fs::read_to_string(place.path("mx/comity.toml")).unwrap();
    assert!(config.contains("language = \"es\"") && config.contains("Milisegundos"), "{config}");
}

#[test]
fn a_command_line_that_is_none_exits_with_2_and_says_why() {
    let place = Place::new();
    for line in [
        "stauts",
        "status --nope",
        "holdings list --limit x",
        "release compose --to mx",
        "agreement new --with mx --from tomorrow",
    ] {
        assert_eq!(place.refused(line, 2), "usage", "{line}");
        let ran = place.run(line);
        assert!(ran.stdout.is_empty() && ran.stderr.starts_with("error: "), "{ran:?}");
    }
    let bare = place.run("");
    assert_eq!(bare.code, 2);
    assert!(bare.stderr.contains("Usage: comity"), "{bare:?}");
    assert_eq!(place.refused("", 2), "usage");
}

#[test]
fn the_version_is_that_of_the_package() {
    let place = Place::new();
    let ran = place.run("--version");
    assert_eq!((ran.code, ran.stdout.trim()), (0, concat!("comity ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn a_reader_who_stops_reading_is_no_failure() {
    use std::process::Stdio;
    let place = Place::new();
    place.node("us");
    let mut child = comity()
        .args(["journal", "list", "--data"])
        .arg(place.path("us"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success(), "{}", output.status);
}
