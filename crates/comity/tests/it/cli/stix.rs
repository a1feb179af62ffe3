//! STIX files by themselves, in a folder without a node.

mod bundles;
mod check;
mod extensions;
mod head;
mod limits;
mod matching;
mod refused;
mod schema;
mod versions;

#[cfg(feature = "testkit")]
pub(crate) use extensions::{GRADE, GRADE_ID, GRADE_SCHEMA};

use super::run::{Place, Ran, comity, example, indicator, lines};

/// An observed-data of one URL, with the URL beside it.
fn observed(number: u32, url: &str) -> [String; 2] {
    let id = format!("url--5d0b6f1e-3c0e-5e59-8a52-{number:012x}");
    [
        format!(
            r#"{{"type":"observed-data","spec_version":"2.1","id":"observed-data--5d0b6f1e-3c0e-4e59-8a52-{number:012x}","created":"2026-03-01T10:00:00.000Z","modified":"2026-03-01T10:00:00.000Z","first_observed":"2026-03-01T10:00:00Z","last_observed":"2026-03-01T10:00:00Z","number_observed":1,"object_refs":["{id}"]}}"#
        ),
        format!(r#"{{"type":"url","spec_version":"2.1","id":"{id}","value":"{url}"}}"#),
    ]
}

/// A bundle of objects.
fn bundle(objects: &[String]) -> String {
    let objects = objects.join(",\n");
    format!(
        "{{\"type\":\"bundle\",\"id\":\"bundle--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11\",\n\"objects\":[\n{objects}\n]}}"
    )
}

/// What people read has nothing in it that moves the cursor.
fn is_harmless(ran: &Ran) -> bool {
    let text = format!("{}{}", ran.stdout, ran.stderr);
    !text.chars().any(|it| (it.is_control() && it != '\n') || it == '\u{202e}')
}

#[test]
fn nothing_is_written_and_no_node_is_needed() {
    let place = Place::new();
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    place.write("patterns", "[url:value = 'x']\n");
    for line in [
        "stix check in.jsonl",
        "stix head in.jsonl",
        "stix match --patterns patterns in.jsonl",
        "stix schema",
        "stix schema url",
    ] {
        let ran = place.run(line);
        assert!(ran.code < 2 && !ran.stdout.is_empty(), "{line}: {ran:?}");
    }
    let left = std::fs::read_dir(place.path("")).unwrap().count();
    assert_eq!(left, 2, "a command wrote something");
}

#[test]
fn standard_input_is_a_file_like_others_and_read_once() {
    let place = Place::new();
    let text = bundle(&[indicator(1, 40)]);
    let checked = place.run_on(text.as_bytes(), "stix check - --json").document(0);
    assert_eq!((&checked["objects"], &checked["files"][0]["file"]), (&1.into(), &"-".into()));
    let heads = place.run_on(text.as_bytes(), "stix head - --json").document(0);
    assert_eq!(heads["heads"].as_array().unwrap().len(), 1);
    for line in ["stix check - -", "stix head - -", "stix match --patterns - -"] {
        assert_eq!(place.refused(line, 2), "usage", "{line}");
    }
}

#[test]
fn a_file_that_is_not_there_is_said_before_anything_is_printed() {
    let place = Place::new();
    lines(&place, "in.jsonl", [indicator(1, 40)]);
    for line in
        ["check in.jsonl missing", "head in.jsonl missing", "match --patterns missing in.jsonl"]
    {
        assert_eq!(place.refused(&format!("stix {line}"), 1), "cannot-read", "{line}");
        let ran = place.run(&format!("stix {line}"));
        assert!(ran.stdout.is_empty() && ran.stderr.contains("`missing`"), "{ran:?}");
    }
}
