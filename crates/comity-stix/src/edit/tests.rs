use proptest::prelude::*;
use serde_json::Value as Json;

use super::{EditError, Edits, Emptied, each_string, find};
use crate::json::{decode, encode};

const OBJECT: &str = "{\r\n  \"type\" : \"x-a\",\t\"big\":12345678901234567890123,\n  \"list\": [ \"a\" , \"\\u0062\",\"c\" ],\n  \"in\": {\"only\": [1]},\"f\":1.10e+2 }";

/// Does edits, and gives what comes out.
fn edited(text: &str, edit: impl FnOnce(&mut Edits<'_>)) -> String {
    let mut edits = Edits::new(text.as_bytes()).unwrap();
    edit(&mut edits);
    String::from_utf8(edits.finish()).unwrap()
}

fn removed(text: &str, pointer: &str) -> String {
    edited(text, |edits| {
        edits.remove(pointer).unwrap();
    })
}

fn set(text: &str, pointer: &str, json: &[u8]) -> String {
    edited(text, |edits| {
        edits.set(pointer, json).unwrap();
    })
}

#[test]
fn nothing_edited_is_nothing_changed() {
    assert_eq!(edited(OBJECT, |_| {}), OBJECT);
}

#[test]
fn a_replaced_value_changes_and_nothing_else_does() {
    let out = edited(OBJECT, |edits| {
        edits.replace("/list/1", b"\"other\"").unwrap().replace("/f", b"[ 1,2 ]").unwrap();
    });
    assert_eq!(out, OBJECT.replace("\"\\u0062\"", "\"other\"").replace("1.10e+2", "[ 1,2 ]"));
}

#[test]
fn removing_keeps_the_commas_right_at_the_front_in_the_middle_and_at_the_end() {
    let text = r#"{"a":1, "b":2, "c":3}"#;
    for (pointers, left) in [
        (&["/a"][..], r#"{"b":2, "c":3}"#),
        (&["/b"], r#"{"a":1, "c":3}"#),
        (&["/c"], r#"{"a":1, "b":2}"#),
        (&["/a", "/b"], r#"{"c":3}"#),
        (&["/b", "/c"], r#"{"a":1}"#),
        (&["/a", "/c"], r#"{"b":2}"#),
        (&["/a", "/b", "/c"], "{}"),
    ] {
        let out = edited(text, |edits| {
            for pointer in pointers {
                edits.remove(pointer).unwrap();
            }
        });
        assert_eq!(out, left, "{pointers:?}");
    }
    assert_eq!(removed("[1 , 2 ,3]", "/1"), "[1 ,3]");
    assert_eq!(removed("[ 1 , 2]", "/0"), "[ 2]");
}

#[test]
fn a_list_that_loses_everything_goes_and_so_does_what_it_was_alone_in() {
    assert!(!removed(OBJECT, "/in/only/0").contains("\"in\""));
    let all = |edits: &mut Edits<'_>| {
        edits.remove("/list/2").unwrap().remove("/list/0").unwrap().remove("/list/1").unwrap();
    };
    assert!(!edited(OBJECT, all).contains("list"));

    let mut edits = Edits::new(br#"{"a":{"b":[ 1 ]}}"#).unwrap().emptied(Emptied::Keep);
    edits.remove("/a/b/0").unwrap();
    assert_eq!(edits.finish(), br#"{"a":{"b":[  ]}}"#);
    assert_eq!(removed(r#"{"a":{"b":[1]}}"#, "/a/b/0"), "{}");
}

#[test]
fn a_new_property_stands_last_and_is_set_as_its_neighbours_are() {
    for (text, out) in [
        ("{}", r#"{"n~e/w":0}"#),
        (r#"{"a":1}"#, r#"{"a":1,"n~e/w":0}"#),
        (r#"{"a": 1, "b": 2}"#, r#"{"a": 1, "b": 2, "n~e/w": 0}"#),
        ("{\n  \"a\": 1\n}", "{\n  \"a\": 1,\n  \"n~e/w\": 0\n}"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", "{\n  \"a\": 1,\n  \"b\": 2,\n  \"n~e/w\": 0\n}"),
    ] {
        assert_eq!(set(text, "/n~0e~1w", b"0"), out);
    }
    assert_eq!(set("[1, 2]", "/-", b"3"), "[1, 2, 3]");
    assert_eq!(set(r#"{"a":1}"#, "/a", b"2"), r#"{"a":2}"#);
    assert_eq!(set("{\"a\":1}", "/q\"\n", b"2"), "{\"a\":1,\"q\\\"\\u000a\":2}");
}

#[test]
fn removing_and_adding_meet_in_one_object() {
    let swap = |keys: &'static [&'static str]| {
        edited(r#"{"a":1, "b":2}"#, |edits| {
            for key in keys {
                edits.remove(key).unwrap();
            }
            edits.set("/c", b"3").unwrap().set("/d", b"4").unwrap().set("/c", b"5").unwrap();
        })
    };
    assert_eq!(swap(&["/a"]), r#"{"b":2, "d":4, "c":5}"#);
    assert_eq!(swap(&["/b"]), r#"{"a":1, "d":4, "c":5}"#);
    assert_eq!(swap(&["/a", "/b"]), r#"{"d":4, "c":5}"#);
}

#[test]
fn an_inner_object_that_loses_everything_and_wins_something_stays() {
    let out = edited(r#"{"in":{"a":1}}"#, |edits| {
        edits.remove("/in/a").unwrap().set("/in/b", b"2").unwrap();
    });
    assert_eq!(out, r#"{"in":{"b":2}}"#);
}

#[test]
fn an_edit_that_cannot_be_made_is_refused_with_its_reason() {
    let mut edits = Edits::new(br#"{"a":{"b":[1,2]},"c":3}"#).unwrap();
    for (error, code) in [
        (edits.remove("a").map(drop), "bad-pointer"),
        (edits.remove("/x").map(drop), "not-found"),
        (edits.remove("/a/b/02").map(drop), "not-found"),
        (edits.remove("").map(drop), "root"),
        (edits.set("/c/d", b"1").map(drop), "not-found"),
        (edits.set("/a/b/2", b"1").map(drop), "not-found"),
        (edits.set("/x/y", b"1").map(drop), "not-found"),
        (edits.replace("/c", b"{\"a\":1,\"a\":2}").map(drop), "invalid-value"),
        (edits.replace("/c", b"1 2").map(drop), "invalid-value"),
    ] {
        assert_eq!(error.unwrap_err().code(), code);
    }
    edits.remove("/a").unwrap().remove("/a/b/0").unwrap();
    assert!(matches!(edits.replace("/a/b/0", b"5"), Err(EditError::Conflict(_))));
    assert!(matches!(edits.set("/a/x", b"5"), Err(EditError::Conflict(_))));
    assert_eq!(edits.finish(), br#"{"c":3}"#);
}

#[test]
fn the_later_edit_of_a_value_counts() {
    let out = edited(r#"{"a":{"b":1,"c":2}}"#, |edits| {
        edits.remove("/a/b").unwrap().set("/a/d", b"3").unwrap();
        edits.replace("/a", b"{\"e\":5}").unwrap();
    });
    assert_eq!(out, r#"{"a":{"e":5}}"#);
}

#[test]
fn a_place_is_found_by_its_pointer_and_every_string_is_visited() {
    let span = find(OBJECT.as_bytes(), "/list/1").unwrap();
    assert_eq!(OBJECT.get(span.range()), Some(r#""\u0062""#));
    assert_eq!(find(OBJECT.as_bytes(), "/list/3"), None);
    let mut seen = Vec::new();
    let visit = |pointer: &str, raw: &[u8]| {
        seen.push((pointer.to_owned(), decode(raw).unwrap().into_owned()));
    };
    each_string(br#"{"a":["x",{"b/c":"\u0079"}],"d":1,"e":"z"}"#, visit).unwrap();
    let expected = [("/a/0", "x"), ("/a/1/b~1c", "y"), ("/e", "z")];
    assert_eq!(seen, expected.map(|(p, s)| (p.to_owned(), s.to_owned())));
}

/// Removes what a pointer names from a value, the slow way.
fn remove_slowly(json: &mut Json, pointer: &str) {
    let (front, token) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(front) {
        Some(Json::Object(members)) => {
            drop(members.shift_remove(&token.replace("~1", "/").replace("~0", "~")));
        }
        Some(Json::Array(elements)) => drop(elements.remove(token.parse().unwrap())),
        _ => {}
    }
}

proptest! {
    #[test]
    fn edits_do_what_the_same_edits_do_to_a_tree(
        json in crate::json::tests::json(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..6),
        pretty in any::<bool>(),
    ) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
        let text = text.unwrap();
        let json: Json = serde_json::from_str(&text).unwrap();
        let mut edits = Edits::new(text.as_bytes()).unwrap().emptied(Emptied::Keep);
        let pointers: Vec<String> = edits.document().values().skip(1).map(|v| v.pointer()).collect();
        prop_assume!(!pointers.is_empty());
        let mut removed: Vec<&String> = Vec::new();
        let mut expected = json;
        let mut replaced = Vec::new();
        for (pick, remove) in &picks {
            let pointer = pick.get(&pointers);
            if *remove {
                edits.remove(pointer).map(drop).or_else(|e| if e.code() == "edit-conflict" { Ok(()) } else { Err(e) }).unwrap();
                let inside = format!("{pointer}/");
                let conflict = replaced.iter().any(|r: &String| pointer.starts_with(&format!("{r}/")));
                if !conflict {
                    replaced.retain(|r| r != pointer && !r.starts_with(&inside));
                    removed.push(pointer);
                }
            } else if edits.replace(pointer, &encode("new")).is_ok() {
                let inside = format!("{pointer}/");
                removed.retain(|r| *r != pointer && !r.starts_with(&inside));
                replaced.retain(|r| !r.starts_with(&inside));
                replaced.push(pointer.clone());
            }
        }
        let out = edits.finish();
        for pointer in &replaced {
            *expected.pointer_mut(pointer).unwrap() = Json::from("new");
        }
        // From the back, so that indices stay true.
        removed.sort_by_key(|r| pointers.iter().position(|p| p == *r));
        removed.dedup();
        for pointer in removed.into_iter().rev() {
            remove_slowly(&mut expected, pointer);
        }
        let back: Json = serde_json::from_slice(&out).unwrap();
        prop_assert_eq!(back, expected);
    }
}
