//! What is said after a loss, in both languages: by `status` and `doctor`, by the record, by `record recover`, to oversight.

use std::fs;

use serde_json::{Value, json};

use super::run::{Place, Ran, indicator, lines};

const CARRIER: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-0000000000a1";

/// Carries everything in one direction through a folder.
fn carry(place: &Place, from: &str, to: &str, folder: &str) {
    place.ok(&format!("pouch export --to {to} -o {folder} --data {from}"));
    place.ok(&format!("pouch import {folder} --data {to}"));
}

/// Two nodes that only couriers connect. `us` said one thing, was saved, said another, and was put back; what it signed is
/// kept apart.
fn put_back() -> Place {
    let place = Place::pair();
    let at = "2026-01-10T08:00:00.000Z";
    let carrier = json!({ "type": "identity", "spec_version": "2.1", "id": CARRIER, "created": at, "modified": at,
        "name": "A carrier", "identity_class": "organization" });
    lines(&place, "in.jsonl", [indicator(1, 30), carrier.to_string()]);
    place.ok("import in.jsonl --data us");
    put(&place, "Before");
    for (from, to, folder) in [("us", "mx", "a1"), ("mx", "us", "a2"), ("us", "mx", "a3")] {
        carry(&place, from, to, folder);
    }
    place.ok("backup -o saved --data us");
    put(&place, "Lost");
    place.ok("journal sign --data us");
    for (from, to, folder) in [("us", "mx", "b1"), ("mx", "us", "b2")] {
        carry(&place, from, to, folder);
    }
    let kept = fs::read(place.path("us/checkpoints.json")).unwrap();
    fs::remove_dir_all(place.path("us")).unwrap();
    fs::create_dir(place.path("us")).unwrap();
    place.write("us/checkpoints.json", kept);
    place.ok("restore saved --data us");
    place
}

fn put(place: &Place, text: &str) {
    place.ok(&format!("proposal put --to mx --subject other --text {text} --data us"));
}

/// What a command says in English and in Spanish.
fn both(place: &Place, line: &str) -> [Ran; 2] {
    at(place, "us", line)
}

/// The same at another node.
fn at(place: &Place, node: &str, line: &str) -> [Ran; 2] {
    ["en", "es"].map(|lang| place.run(&format!("{line} --data {node} --lang {lang}")))
}

/// That each of the two says its sentence, on whichever output.
fn say(said: &[Ran; 2], sentences: [&str; 2]) {
    for (ran, sentence) in said.iter().zip(sentences) {
        assert!(
            ran.stdout.contains(sentence) || ran.stderr.contains(sentence),
            "{sentence}: {ran:?}"
        );
    }
}

#[test]
fn a_node_that_lost_something_says_so_wherever_somebody_looks() {
    let place = put_back();
    let doubt = [
        "nothing is sealed for mx: the database is older than what this node signed for it",
        "no se sella nada para mx: la base de datos es anterior a lo que este nodo ya le firmó",
    ];
    say(&both(&place, "status"), doubt);
    let doctor = both(&place, "doctor");
    assert!(doctor.iter().all(|it| it.code == 1), "{doctor:?}");
    say(&doctor, doubt);
    say(&doctor, ["record with mx", "registro con mx"]);

    let title = ["Known to be LOST here", "Consta que aquí SE PERDIÓ"];
    let drawn = place.ok("audit sample -n 3 --seed x --data us");
    let lost = &drawn["lost"]["statements"][0];
    assert_eq!((&lost["epoch"], &lost["from"]), (&1.into(), &place.ok("status --data us")["root"]));
    assert!(lost["first"].as_u64() <= lost["last"].as_u64(), "{lost}");
    assert!(drawn["lost"]["journal"][0]["signed"].as_u64() > Some(10), "{drawn}");
    say(&both(&place, "audit sample -n 3 --seed x"), title);
    let person = format!("audit person {CARRIER} --purpose complaint_14");
    assert_eq!(place.ok(&format!("{person} --data us"))["lost"], drawn["lost"]);
    say(&both(&place, &person), title);
    let nobody = both(&place, "audit person Nobody --purpose complaint_14");
    assert!(nobody.iter().all(|it| it.code == 1), "{nobody:?}");
    say(
        &nobody,
        ["there is no trace left of `Nobody`", "no existe aquí rastro alguno de `Nobody`"],
    );

    let period = "--from 2020-01-01 --until 2040-12-31 --force";
    let written = place.ok(&format!("audit export {period} -o report.json --data us"));
    assert_eq!(written["report"]["lost"], drawn["lost"]);
    assert_eq!(
        place.run("verify report.json --json").document(1)["signed"]["report"],
        written["report"]
    );
    say(&both(&place, &format!("audit export {period} -o report.csv")), title);
    let table = fs::read_to_string(place.path("report.csv")).unwrap();
    assert!(
        table.lines().any(|it| it.contains(",lost,") && it.contains(",statements,")),
        "{table}"
    );
    assert!(table.contains(",lost-journal,"), "{table}");
    place.run(&format!("audit export {period} -o report.html --data us --lang es"));
    let page = fs::read_to_string(place.path("report.html")).unwrap();
    assert!(page.contains("Consta que aquí se perdió"), "{page}");
}

#[test]
fn whoever_lost_nothing_is_told_of_no_loss() {
    let place = Place::pair();
    put(&place, "One");
    for line in ["audit sample -n 3 --seed x", "status"] {
        let said = both(&place, line);
        assert!(said.iter().all(|it| it.code == 0 && !it.stdout.contains("LOST")), "{said:?}");
    }
    assert_eq!(place.ok("audit sample -n 3 --seed x --data us")["lost"], Value::Null);
}

#[test]
fn what_recover_did_is_said_in_both_languages() {
    let place = put_back();
    fs::create_dir(place.path("empty")).unwrap();
    let none = both(&place, "record recover --to mx --from empty");
    say(
        &none,
        [
            "none of the files has a cosignature of `mx`",
            "ninguno de los archivos tiene un refrendo de `mx`",
        ],
    );
    place.ok("pouch export --to us -o since --since 2020-01-01T00:00:00Z --data mx");
    let done = place.run("record recover --to mx --from since --data us --lang es");
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("Hay una época nueva"), "{done:?}");
    assert!(done.stdout.contains("1 -> 2") && done.stdout.contains("--since FECHA"), "{done:?}");
    let waits = ["mx has not taken up epoch 2 under", "mx no ha asumido la época 2 conforme a"];
    say(&both(&place, "status"), waits);
    say(&both(&place, "doctor"), waits);
    let again = place.run("record recover --to mx --from since --data us --lang en");
    assert!(again.stdout.contains("Nothing was lost; this node seals again."), "{again:?}");
    assert!(again.stdout.contains("--since TIME"), "{again:?}");
    // only a partner that says so itself cannot take an epoch up
    assert_eq!(place.refused("record recover --to us --anew --data mx", 1), "epoch-taken-up");
    say(
        &at(&place, "mx", "record recover --to us --anew"),
        ["the partner has taken up every epoch", "la contraparte ya asumió toda época"],
    );
}

#[test]
fn each_epoch_of_a_channel_has_a_name_and_can_be_chosen() {
    let place = put_back();
    place.ok("pouch export --to us -o since --since 2020-01-01T00:00:00Z --data mx");
    place.ok("record recover --to mx --from since --data us");
    for (from, to, folder) in [("us", "mx", "d1"), ("mx", "us", "d2"), ("us", "mx", "d3")] {
        carry(&place, from, to, folder);
    }
    let shown = place.ok("record show --data us");
    let named = |name: &str| {
        let channels = shown["channels"].as_array().unwrap();
        channels.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("{name}: {shown}"))
    };
    assert_eq!((&named("to-mx@1")["epoch"], &named("to-mx@2")["epoch"]), (&1.into(), &2.into()));
    assert!(named("to-mx@1")["stands"].is_u64() && named("to-mx@2")["stands"].is_null());
    assert!(named("from-mx@1")["stands"].is_null());
    let first = place.ok("record show to-mx@1 0 --data us");
    assert_eq!(
        (&first["kind"], &first["channel"]),
        (&"proposal".into(), &named("to-mx@1")["channel"])
    );
    let second = place.ok("record show to-mx@2 0 --data us");
    assert_eq!(second["kind"], "descriptor");
    assert_eq!(place.ok("record show to-mx 0 --data us"), second, "the one that goes on");
    for unknown in ["to-mx@3", "to-mx@0", "to-mx@", "to-mx@x"] {
        assert_eq!(place.refused(&format!("record show {unknown} 0 --data us"), 1), "not-found");
    }

    let checked = place.ok("record check --data us");
    let logs: Vec<&Value> =
        checked["logs"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    for name in ["to-mx@1", "to-mx@2", "from-mx@1"] {
        assert!(logs.contains(&&Value::from(name)), "{logs:?}");
    }
    let one = place.ok("record check --channel to-mx@1 --data us");
    assert_eq!((one["logs"].as_array().unwrap().len(), &one["logs"][0]["epoch"]), (1, &1.into()));
    say(&both(&place, "record check"), ["to mx (epoch 2)", "hacia mx (época 2)"]);
    say(&both(&place, "record show"), ["to-mx@1: comity/", "to-mx@2: comity/"]);
    say(
        &both(&place, "record show"),
        [
            "this epoch ended; statements of it that stand:",
            "esta época terminó; declaraciones de ella que subsisten:",
        ],
    );
}

#[test]
fn a_node_put_back_without_what_was_kept_apart_says_that_it_has_not_asked_yet() {
    let place = Place::pair();
    put(&place, "One");
    place.ok("backup -o saved --data us");
    fs::remove_dir_all(place.path("us")).unwrap();
    place.ok("restore saved --data us");
    let doubt = [
        "nothing is sealed for mx: this node was put back from a backup and has not asked it yet",
        "no se sella nada para mx: este nodo se restituyó desde un respaldo y aún no le pregunta",
    ];
    say(&both(&place, "status"), doubt);
    say(&both(&place, "doctor"), doubt);
    let unasked = ["there may be more, which is known when these have said", "puede haber más"];
    say(&both(&place, "audit sample -n 1 --seed x"), unasked);
    assert_eq!(
        place.refused("proposal put --to mx --subject other --text x --data us", 1),
        "record-unchecked"
    );
}

#[test]
fn a_place_that_is_missing_is_named_until_it_comes() {
    let place = Place::pair();
    put(&place, "One");
    put(&place, "Two");
    place.ok("pouch export --to mx -o both --data us");
    let files = fs::read_dir(place.path("both")).unwrap();
    let second = files
        .map(|it| format!("both/{}", it.unwrap().file_name().to_str().unwrap()))
        .find(|file| {
            place.ok(&format!("pouch show {file} --open --data mx"))["inside"]["sequence"] == 1
        });
    place.ok(&format!("pouch import {} --data mx", second.unwrap()));
    let missing = [
        "statements are missing, from sequence 0 to 0; 1 wait for them",
        "le faltan declaraciones, de la secuencia 0 a la 0; 1 las esperan",
    ];
    say(&at(&place, "mx", "status"), missing);
    say(&at(&place, "mx", "doctor"), missing);
    place.ok("pouch import both --data mx");
    assert_eq!(place.ok("status --data mx")["gaps"], json!([]));
}
