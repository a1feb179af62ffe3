use proptest::prelude::*;

use serde_json::{Value as Json, json};

use super::{Head, head};
use crate::json::Document;
use crate::{Code, Limits};

const ID: &str = "report--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3";

/// An identifier of the given type.
fn id(type_: &str, number: u8) -> String {
    format!("{type_}--26ffb872-1dd9-446e-b6f5-d58527e5b5{number:02}")
}

#[test]
fn a_head_says_what_the_object_says() {
    let text = format!(
        r#"{{"created":"2026-01-31T08:30:00.5000Z","labels":["a","\u0062"],"confidence":70,"lang":"es","type":"report","id":"{ID}","revoked":true,"name":"N\u00famero","spec_version":"2.1","modified":"2026-02-01T08:30:00Z"}}"#
    );
    let head = head(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(head.id, ID);
    assert_eq!(head.type_, "report");
    assert_eq!(head.spec_version.as_deref(), Some("2.1"));
    assert_eq!(head.created.as_ref().unwrap().written(), "2026-01-31T08:30:00.5000Z");
    assert!(head.modified > head.created);
    assert!(head.revoked);
    assert_eq!(head.labels, ["a", "b"]);
    assert_eq!(head.confidence, Some(70));
    assert_eq!(head.lang.as_deref(), Some("es"));
    assert_eq!(head.name.as_deref(), Some("Número"));
    assert_eq!(head.clone().into_owned(), head);
}

#[test]
fn every_reference_at_any_depth_is_listed_once_in_order() {
    let text = format!(
        r#"{{"id":"{ID}","type":"report","created_by_ref":"{by}","object_refs":["{a}","{b}","{a}","{ID}"],
        "x_in":{{"deep":[{{"some_ref":"{c}","many_refs":["{b}",[["{d}"]]],"other":"{x}"}}]}},
        "extensions":{{"{ext}":{{"e_ref":"{e}"}}}},
        "object_marking_refs":["{m}","{m}"],
        "granular\u005fmarkings":[{{"selectors":["name"],"marking\u005fref":"{g}"}}],
        "local_ref":"0","escaped_ref":"tool\u002d-26ffb872-1dd9-446e-b6f5-d58527e5b599"}}"#,
        by = id("identity", 1),
        a = id("malware", 2),
        b = id("tool", 3),
        c = id("note", 4),
        d = id("note", 5),
        e = id("note", 6),
        x = id("note", 7),
        m = id("marking-definition", 8),
        g = id("marking-definition", 9),
        ext = id("extension-definition", 10),
    );
    let head = head(text.as_bytes(), &Limits::default()).unwrap();
    let expected = [
        id("identity", 1),
        id("malware", 2),
        id("tool", 3),
        id("note", 4),
        id("note", 5),
        id("note", 6),
        id("marking-definition", 9),
        id("tool", 99),
    ];
    assert_eq!(head.refs, expected);
    assert_eq!(head.created_by_ref.as_deref(), Some(&*id("identity", 1)));
    assert_eq!(head.object_marking_refs, [id("marking-definition", 8)]);
    assert_eq!(head.granular_marking_refs, [id("marking-definition", 9)]);
    assert_eq!(head.extensions, [id("extension-definition", 10)]);
}

#[test]
fn escapes_hide_nothing() {
    let text = r#"{"\u0069d":"repor\u0074--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3","typ\u0065":"report","object\u005fmarking_refs":["marking-definition\u002d-bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],"id\u0000":"x"}"#;
    let head = head(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(head.id, ID);
    assert_eq!(
        head.object_marking_refs,
        ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]
    );
}

#[test]
fn an_object_without_a_sound_head_is_refused_and_the_place_is_told() {
    let with = |rest: &str| format!(r#"{{"id":"{ID}","type":"report"{rest}}}"#);
    for (text, code, pointer) in [
        ("{}".to_owned(), Code::MissingProperty, ""),
        (format!(r#"{{"id":"{ID}"}}"#), Code::MissingProperty, ""),
        (r#"{"type":"report"}"#.to_owned(), Code::MissingProperty, ""),
        (format!(r#"{{"id":"{ID}","type":"note"}}"#), Code::IdType, "/id"),
        (r#"{"id":"report--1","type":"report"}"#.to_owned(), Code::IdForm, "/id"),
        (
            ID.replace("report", "{\"type\":\"Re port\",\"id\":\"Re port") + "\"}",
            Code::TypeName,
            "/type",
        ),
        (r#"{"id":7,"type":"report"}"#.to_owned(), Code::WrongType, "/id"),
        (r#"{"id":["x"],"type":"report"}"#.to_owned(), Code::WrongType, "/id"),
        (with(r#","created":"now""#), Code::TimestampForm, "/created"),
        (with(r#","revoked":1"#), Code::WrongType, "/revoked"),
        (with(r#","confidence":101"#), Code::OutOfRange, "/confidence"),
        (with(r#","confidence":1.0"#), Code::WrongType, "/confidence"),
        (with(r#","labels":{"a":1}"#), Code::WrongType, "/labels"),
        (with(r#","labels":["a",["b"]]"#), Code::WrongType, "/labels/1"),
        (with(r#","labels":["a",{}]"#), Code::WrongType, "/labels/1"),
        (with(r#","object_marking_refs":[null]"#), Code::WrongType, "/object_marking_refs/0"),
        (with(r#","object_marking_refs":["red"]"#), Code::ReferenceForm, "/object_marking_refs/0"),
        (with(r#","created_by_ref":"me""#), Code::ReferenceForm, "/created_by_ref"),
        (with(r#","granular_markings":{}"#), Code::WrongType, "/granular_markings"),
        (with(r#","extensions":[]"#), Code::WrongType, "/extensions"),
        (with(r#","x":{"a":[{"b":1,"\u0062":2}]}"#), Code::DuplicateKey, "/x/a/0/b"),
        (
            ID.replace("report", "{\"type\":\"bundle\",\"id\":\"bundle") + "\"}",
            Code::BundleAsObject,
            "",
        ),
        ("[]".to_owned(), Code::NotAnObject, ""),
        ("\"x\"".to_owned(), Code::NotAnObject, ""),
    ] {
        let finding = head(text.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!((finding.code, finding.pointer.as_str()), (code, pointer), "{text}");
    }
}

#[test]
fn twenty_thousand_references_are_told_apart_quickly() {
    let refs: Vec<String> = (0..18_000)
        .map(|n| format!("\"tool--26ffb872-1dd9-446e-b6f5-d585{:08}\"", n % 9_000))
        .collect();
    let text = format!(r#"{{"id":"{ID}","type":"report","object_refs":[{}]}}"#, refs.join(","));
    let head = head(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(head.refs.len(), 9_000);
}

/// Values that properties of heads may or may not hold.
fn held() -> impl Strategy<Value = Json> {
    let (one, other) = (id("marking-definition", 1), id("tool", 2));
    prop_oneof![
        4 => crate::json::tests::json(),
        1 => Just(json!(one)),
        1 => Just(json!([one, other, one, ID])),
        1 => Just(json!([one, [[other]], {"marking_ref": other, "a_refs": [[one]]}])),
        1 => Just(json!([{"marking_ref": one, "selectors": ["name"]}, {"marking_ref": "0"}])),
        1 => Just(json!({"extension-definition--1": {"a_ref": one}, "b": [other]})),
        1 => Just(json!("2026-01-31T08:30:00.5Z")),
        1 => prop::sample::select(&[0, 100, 101, -1][..]).prop_map(|number| json!(number)),
        1 => any::<bool>().prop_map(|boolean| json!(boolean)),
    ]
}

/// The head of bytes, and the one of the document they make.
fn both(bytes: &[u8]) -> (Option<Head<'_>>, Option<Head<'_>>) {
    let limits = Limits::default();
    let document = Document::parse(bytes, &limits).ok();
    (head(bytes, &limits).ok(), document.and_then(|document| Head::of(&document)))
}

proptest! {
    #[test]
    fn the_head_of_a_document_is_the_head_of_its_bytes(
        held in held(),
        name in prop::sample::select(&["id", "type", "name", "labels", "confidence", "revoked", "created", "modified", "lang", "spec_version", "created_by_ref", "object_marking_refs", "granular_markings", "extensions", "external_references", "x_ref", "x_refs"][..]),
        within: bool,
    ) {
        let mut object = json!({"type": "report", "id": ID, "created": "2026-01-31T08:30:00Z", "labels": ["a"], "name": "n"});
        if within {
            object["extensions"] = json!({"a": {name: held}, "b": [held], "c": 1});
        } else {
            object[name] = held;
        }
        let text = object.to_string();
        let (one, other) = both(text.as_bytes());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_head_is_found_in_any_order_of_keys_and_among_any_others(json in crate::json::tests::json(), first in any::<bool>()) {
        let front = format!(r#""id":"{ID}","type":"report""#);
        let other = format!(r#""x_other":{json}"#);
        let text = if first { format!("{{{front},{other}}}") } else { format!("{{{other}, {front}}}") };
        let head = head(text.as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(&head.id, ID);
    }

    #[test]
    fn hostile_bytes_are_refused_and_nothing_worse(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assert!(head(&bytes, &Limits::default()).is_err());
    }
}
