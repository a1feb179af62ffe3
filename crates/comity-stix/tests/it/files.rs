//! Bundles and lines as data, in `tests/data`.

use comity_stix::edit::{Edits, each_string};
use comity_stix::reader::Objects;
use comity_stix::{Code, Limits, check, head, json};

const BUNDLE: &[u8] = include_bytes!("../data/bundle.json");
const LINES: &[u8] = include_bytes!("../data/lines.jsonl");
const BROKEN: &[u8] = include_bytes!("../data/broken.jsonl");

fn objects(file: &[u8]) -> Vec<Vec<u8>> {
    Objects::new(file, Limits::default()).map(|object| object.unwrap().bytes).collect()
}

#[test]
fn a_bundle_and_the_same_objects_as_lines_are_read_and_break_no_rule() {
    let bundle = objects(BUNDLE);
    let lines = objects(LINES);
    assert_eq!((bundle.len(), lines.len()), (4, 4));
    for (one, other) in bundle.iter().zip(&lines) {
        for object in [one, other] {
            // One is of a type that no extension defines, and has a number of 23 digits; both are advised against.
            let found = check(object, &Limits::default()).findings;
            let advice = [Code::CustomType, Code::NumberPrecision];
            assert!(found.iter().all(|finding| advice.contains(&finding.code)), "{found:?}");
        }
        let (one, other) = (head(one, &Limits::default()), head(other, &Limits::default()));
        assert_eq!(one.unwrap(), other.unwrap());
    }
}

#[test]
fn of_a_broken_file_each_fault_is_told_and_the_rest_is_read() {
    let limits = Limits { object_bytes: 4_096, ..Limits::default() };
    let read: Vec<_> = Objects::new(BROKEN, limits).collect();
    let told: Vec<_> = read
        .iter()
        .map(|item| match item {
            Ok(object) => (object.line, None),
            Err(error) => (error.line, Some((error.code, error.pointer.as_str()))),
        })
        .collect();
    let expected = [
        (1, None),
        (2, Some((Code::JsonCut, "/labels"))),
        (3, Some((Code::DuplicateKey, "/name"))),
        (5, Some((Code::LoneSurrogate, "/name"))),
        (6, Some((Code::TooLarge, ""))),
        (7, None),
    ];
    assert_eq!(told, expected);
}

#[test]
fn every_identifier_in_an_object_can_be_rewritten_and_nothing_else_changes() {
    for object in objects(BUNDLE) {
        let old = head(&object, &Limits::default()).unwrap().into_owned();
        let mut places = Vec::new();
        let ours = |pointer: &str, raw: &[u8]| {
            let text = json::decode(raw).unwrap();
            if old.refs.contains(&text) || old.id == text {
                places.push((pointer.to_owned(), text.replace("-4", "-5")));
            }
        };
        each_string(&object, ours).unwrap();
        let mut edits = Edits::new(&object).unwrap();
        for (pointer, id) in &places {
            edits.replace(pointer, &json::encode(id)).unwrap();
        }
        let new = edits.finish();
        assert_eq!(new.len(), object.len());
        assert!(places.len() > old.refs.len());
        let new_head = head(&new, &Limits::default()).unwrap();
        assert_eq!(
            new_head.refs,
            old.refs.iter().map(|id| id.replace("-4", "-5")).collect::<Vec<_>>()
        );
        let changed = new.iter().zip(&object).filter(|(new, old)| new != old).count();
        let expected: usize = places.iter().map(|(_, id)| id.matches("-5").count()).sum();
        assert!(changed <= expected, "{changed} {expected}");
    }
}
