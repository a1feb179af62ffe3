//! Files of OpenCTI that nobody would write: whatever comes, nothing of it is lost from sight.

use std::sync::atomic::{AtomicU64, Ordering};

use comity_exchange::opencti::Became;
use comity_stix::Limits;
use comity_stix::reader::Objects;
use comity_testkit::indicator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EXAMPLE, EXTENSION, STRICT};
use crate::fuzz::bounded;

#[path = "../../../../../fuzz/targets/import/all.rs"]
mod targets;
#[path = "../../../../../fuzz/targets/stix/tokens.rs"]
mod tokens;

bounded::each_target! { opencti 150 }

#[test]
fn the_seeds_are_what_opencti_exports() {
    let export: Value = serde_json::from_str(EXAMPLE).unwrap();
    let objects = export["objects"].as_array().unwrap();
    let refused =
        |it: &&Value| !matches!(it["type"].as_str(), Some("hostname" | "x-opencti-case-incident"));
    let sound: Vec<&Value> = objects.iter().filter(refused).collect();
    let lines: Vec<String> = sound.iter().map(ToString::to_string).collect();
    let lines = lines.join("\n") + "\n";
    let bundle = json!({ "type": "bundle", "id": export["id"], "objects": sound });
    bounded::bless("opencti", &[("bundle", bundle.to_string().into()), ("lines", lines.into())]);
}

/// Numbers of objects that no file had before.
static NEXT: AtomicU64 = AtomicU64::new(1_000);

/// Definitions that mean a level in a form of their own: one that the standard has, and one that it has not.
const RED: &str = "marking-definition--00000000-0000-4000-8000-000000000002";
const PURPLE: &str = "marking-definition--00000000-0000-4000-8000-000000000003";

/// What is done to an indicator, or what stands in its place.
#[derive(Debug, Clone)]
enum Piece {
    With(Vec<(&'static str, Value)>),
    Instead(&'static str),
}

fn piece() -> impl Strategy<Value = Piece> {
    let values = prop_oneof![
        Just(json!([])),
        Just(json!("")),
        Just(json!(50)),
        Just(json!(null)),
        Just(json!({ "a": [{ "x_opencti_id": null }] })),
        Just(json!([{ "name": "a", "data": "QQ==" }])),
        ".{0,20}".prop_map(Value::from),
    ];
    let additions = ["x_opencti_score", "x_opencti_files", "x_opencti_\u{202e}", "severity"];
    let markings =
        [STRICT, RED, PURPLE, "marking-definition--00000000-0000-4000-8000-000000000004"];
    let change = prop_oneof![
        4 => (prop::sample::select(additions.to_vec()), values.clone()),
        2 => prop::sample::subsequence(markings.to_vec(), 1..=3)
            .prop_map(|ids| ("object_marking_refs", json!(ids))),
        1 => prop::sample::select(markings.to_vec()).prop_map(|id| {
            ("granular_markings", json!([{ "marking_ref": id, "selectors": ["name"] }]))
        }),
        2 => values.prop_map(|value| {
            let extension = json!({ "extension_type": "property-extension", "score": value });
            ("extensions", json!({ EXTENSION: extension }))
        }),
        1 => Just(("type", json!("hostname"))),
        1 => Just(("pattern_type", json!(5))),
        1 => Just(("id", json!("indicator--1"))),
    ];
    let instead = ["null", "5", "\"x\"", "[]", "{}", "{\"a\":1,\"a\":2}", "{\"id\":\"\\ud800\"}"];
    prop_oneof![
        5 => prop::collection::vec(change, 0..4).prop_map(Piece::With),
        1 => prop::sample::select(instead.to_vec()).prop_map(Piece::Instead),
    ]
}

fn written(piece: &Piece) -> String {
    let changes = match piece {
        Piece::Instead(text) => return (*text).to_owned(),
        Piece::With(changes) => changes,
    };
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut object: Value = serde_json::from_str(&indicator(number)).unwrap();
    for (name, value) in changes {
        object[*name] = value.clone();
    }
    object.to_string()
}

fn definition(id: &str, label: &str) -> String {
    json!({
        "type": "marking-definition", "spec_version": "2.1", "id": id, "created": "2026-01-01T00:00:00.000Z",
        "definition_type": "TLP", "name": label, "definition": { "TLP": label },
    })
    .to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn every_object_of_a_file_is_held_or_listed_with_what_became_of_it(
        pieces in prop::collection::vec(piece(), 1..8),
        is_list in any::<bool>(),
    ) {
        let mut lines: Vec<String> = pieces.iter().map(written).collect();
        lines.extend([definition(RED, "TLP:RED"), definition(PURPLE, "TLP:PURPLE")]);
        let file = if is_list { format!("[{}]", lines.join(",\n")) } else { lines.join("\n") };
        let (report, survey) = targets::taken(file.as_bytes());
        // a line that is no object ends a file of lines, and is listed
        let last = Objects::new(file.as_bytes(), Limits::default()).last();
        let until = last.and_then(Result::err).map_or(u64::MAX, |ended| ended.line);
        let mut changed = 0;
        for (line, text) in (1..=until).zip(&lines) {
            let Ok(Value::Object(object)) = serde_json::from_str(text) else { continue };
            if report.rejections.iter().any(|it| it.line == line) {
                continue;
            }
            let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
            let held = targets::held(id);
            prop_assert!(held.is_some(), "line {line} is neither held nor listed: {text}");
            changed += u64::from(held.as_deref() != Some(text.as_bytes()));
        }
        prop_assert_eq!(changed, survey.changed);
        let told = |became| survey.unplaced.iter().any(|it| it.became == became);
        prop_assert!(changed == 0 || told(Became::CutOut) || told(Became::Added), "{:?}", survey);
    }
}
