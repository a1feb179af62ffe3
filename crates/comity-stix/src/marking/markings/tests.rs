use std::fmt::Write as _;

use proptest::prelude::*;

use super::{Marking, Markings, Pap, Tlp};
use crate::Limits;
use crate::json::Document;

const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const AMBER: &str = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
const STRICT: &str = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
const RED: &str = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
const PAP_AMBER: &str = "marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab";
const PAP_GREEN: &str = "marking-definition--c43594d1-4b11-4c59-93ab-1c9b14d53ce9";
const TERMS: &str = "marking-definition--4a0042fe-8b88-40fe-9600-dfa128ce6fbd";
const RIGHTS: &str = "marking-definition--089a6ecb-cc15-43cc-9494-767639779123";
const HOUSE_RED: &str = "marking-definition--79e2fa14-02c6-40d7-aa4b-ebf281dd78ef";
const UNKNOWN: &str = "marking-definition--7adc34dc-f5c7-4b7c-a7da-28fc4dd716cc";

/// The definitions that the node of these tests holds. Of fixed ids it would tell a lie.
fn held(id: &str) -> Option<Marking> {
    let statement = |text: &str| Marking { statement: Some(text.into()), ..Marking::default() };
    match id {
        TERMS => Some(statement("terms")),
        RIGHTS => Some(statement("rights")),
        HOUSE_RED => Some(Marking { tlp: Some(Tlp::Red), ..Marking::default() }),
        UNKNOWN => None,
        _ => Some(Marking { tlp: Some(Tlp::Clear), ..Marking::default() }),
    }
}

fn object(object_level: &[&str], granular: &[(&str, &[&str])]) -> String {
    let object_level = serde_json::to_string(object_level).unwrap();
    let granular: Vec<_> = granular
        .iter()
        .map(|(marking, selectors)| {
            let key = if marking.contains("--") { "marking_ref" } else { "lang" };
            serde_json::json!({ key: marking, "selectors": selectors })
        })
        .collect();
    let granular = serde_json::to_string(&granular).unwrap();
    format!(
        r#"{{"type":"report","name":"n","description":"d","labels":["a","b"],"lang":"en","external_references":[{{"source_name":"s","url":"u"}},{{"source_name":"t"}}],"object_marking_refs":{object_level},"granular_markings":{granular}}}"#
    )
}

#[test]
fn granular_labels_come_before_the_object_s_and_add_up_among_themselves() {
    type Granular<'a> = &'a [(&'a str, &'a [&'a str])];
    let cases: [(&[&str], Granular<'_>, &str, Option<Tlp>); 14] = [
        // Nothing marked, the object marked, several labels on it.
        (&[], &[], "/name", None),
        (&[AMBER], &[], "/name", Some(Tlp::Amber)),
        (&[AMBER], &[], "", Some(Tlp::Amber)),
        (&[AMBER, STRICT, GREEN], &[], "/labels/1", Some(Tlp::AmberStrict)),
        // A granular label takes the place of the object's, stricter or looser, there and nowhere else.
        (&[AMBER], &[(RED, &["description"])], "/description", Some(Tlp::Red)),
        (&[AMBER], &[(GREEN, &["description"])], "/description", Some(Tlp::Green)),
        (&[AMBER], &[(GREEN, &["description"])], "/name", Some(Tlp::Amber)),
        (&[], &[(GREEN, &["description"])], "/name", None),
        // A selector takes in everything inside, and nothing outside.
        (&[], &[(RED, &["external_references"])], "/external_references/0/url", Some(Tlp::Red)),
        (
            &[GREEN],
            &[(RED, &["external_references.[0].url"])],
            "/external_references/0",
            Some(Tlp::Green),
        ),
        (&[GREEN], &[(RED, &["labels.[0]"])], "/labels/1", Some(Tlp::Green)),
        // Several on one value, or on what contains it: the strictest.
        (&[], &[(GREEN, &["name"]), (AMBER, &["name"])], "/name", Some(Tlp::Amber)),
        (&[], &[(RED, &["labels"]), (GREEN, &["labels.[0]"])], "/labels/0", Some(Tlp::Red)),
        // A marking of another kind takes the place of no label.
        (&[AMBER], &[(PAP_GREEN, &["name"]), (TERMS, &["name"])], "/name", Some(Tlp::Amber)),
    ];
    for (object_level, granular, pointer, expected) in cases {
        let json = object(object_level, granular);
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        let value = document.find(pointer).unwrap();
        assert_eq!(Markings::of(&document).tlp_at(value, held), expected, "{pointer} in {json}");
    }
}

#[test]
fn each_kind_of_marking_is_weighed_by_itself() {
    let json = object(
        &[AMBER, PAP_AMBER, TERMS],
        &[
            (PAP_GREEN, &["name"]),
            (RIGHTS, &["name", "labels"]),
            ("es", &["name"]),
            ("de", &["labels.[1]"]),
        ],
    );
    let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
    let markings = Markings::of(&document);
    let at = |pointer| document.find(pointer).unwrap();

    assert_eq!(markings.pap_at(at("/name"), held), Some(Pap::Green));
    assert_eq!(markings.pap_at(at("/labels"), held), Some(Pap::Amber));
    assert_eq!(markings.tlp_at(at("/name"), held), Some(Tlp::Amber));
    assert_eq!(markings.statements_at(at("/name"), held), ["rights", "terms"]);
    assert_eq!(markings.statements_at(at("/description"), held), ["terms"]);
    assert_eq!(markings.lang_at(at("/name")), Some("es"));
    assert_eq!(markings.lang_at(at("/labels/1")), Some("de"));
    assert_eq!(markings.lang_at(at("/labels/0")), Some("en"));
    assert_eq!(markings.strictest_pap(held), Some(Pap::Amber));

    let effective = markings.at_pointer("/name").unwrap();
    assert_eq!(effective.ids().collect::<Vec<_>>(), [PAP_GREEN, RIGHTS, AMBER, PAP_AMBER, TERMS]);
    assert_eq!(markings.at_pointer("/nothing"), None);
}

#[test]
fn the_closest_marking_comes_first() {
    let json = object(
        &[],
        &[
            (RED, &["labels"]),
            (GREEN, &["labels.[0]", "labels"]),
            ("es", &["labels"]),
            ("de", &["labels.[0]"]),
        ],
    );
    let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
    let markings = Markings::of(&document);
    let first = markings.at_pointer("/labels/0").unwrap();
    assert_eq!((first.granular, first.lang), (vec![GREEN, RED], Some("de")));
    let second = markings.at_pointer("/labels/1").unwrap();
    assert_eq!((second.granular, second.lang), (vec![RED, GREEN], Some("es")));

    let twice = object(&[AMBER, GREEN, AMBER], &[(RED, &["name", "name"]), (RED, &["name"])]);
    let document = Document::parse(twice.as_bytes(), &Limits::default()).unwrap();
    let markings = Markings::of(&document);
    let ids: Vec<_> = markings.at_pointer("/name").unwrap().ids().collect();
    assert_eq!(ids, [RED, AMBER, GREEN], "each once");
}

#[test]
fn the_object_is_as_strict_as_its_strictest_part() {
    let strictest = |object_level: &[&str], granular: &[(&str, &[&str])]| {
        let json = object(object_level, granular);
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        let markings = Markings::of(&document);
        (markings.strictest(held), markings.whole(held))
    };
    assert_eq!(strictest(&[], &[]), (None, None));
    assert_eq!(strictest(&[AMBER], &[(GREEN, &["name"])]), (Some(Tlp::Amber), Some(Tlp::Amber)));
    assert_eq!(strictest(&[GREEN], &[(RED, &["name"])]), (Some(Tlp::Red), Some(Tlp::Green)));
    // A definition that the node holds under an id of its own counts like any other.
    assert_eq!(strictest(&[HOUSE_RED], &[]), (Some(Tlp::Red), Some(Tlp::Red)));
    // What a selector that selects nothing was to protect cannot be told: it may be the whole object.
    for lost in ["pattern", "labels.[2]", "labels.[00]", "labels.a", "name.[0]", "[0]", ""] {
        assert_eq!(strictest(&[GREEN], &[(RED, &["name", lost])]).1, Some(Tlp::Red), "{lost}");
    }
    assert_eq!(strictest(&[GREEN], &[(RED, &[])]).1, Some(Tlp::Red));
}

#[test]
fn what_must_go_to_reach_a_ceiling_is_told_once_and_no_more_than_that() {
    let above = |object_level: &[&str], granular: &[(&str, &[&str])], ceiling| {
        let json = object(object_level, granular);
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        Markings::of(&document).properties_above(ceiling, held)
    };
    let granular: &[(&str, &[&str])] = &[
        (RED, &["external_references.[1].source_name", "labels.[1]", "labels"]),
        (AMBER, &["external_references", "name"]),
        (PAP_AMBER, &["description"]),
    ];
    assert_eq!(
        above(&[GREEN], granular, Tlp::AmberStrict),
        ["/labels", "/external_references/1/source_name"]
    );
    assert_eq!(above(&[GREEN], granular, Tlp::Green), ["/name", "/labels", "/external_references"]);
    assert_eq!(above(&[GREEN], granular, Tlp::Red), Vec::<String>::new());
    assert_eq!(above(&[GREEN], granular, Tlp::Clear), [""]);
    assert_eq!(above(&[], &[(RED, &["no_such"])], Tlp::Green), [""]);
    assert_eq!(above(&[], &[(HOUSE_RED, &["name"])], Tlp::Green), ["/name"]);
}

#[test]
fn definitions_that_nobody_knows_are_told() {
    let json = object(&[UNKNOWN, AMBER, TERMS], &[(UNKNOWN, &["name"]), (GREEN, &["name"])]);
    let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
    let markings = Markings::of(&document);
    assert_eq!(markings.unresolved(held), [UNKNOWN]);
    // With nothing held, the fixed ones are known all the same.
    assert_eq!(markings.unresolved(|_| None), [TERMS, UNKNOWN]);
    assert_eq!(markings.strictest(|_| None), Some(Tlp::Amber));
}

#[test]
fn an_unknown_granular_marking_loosens_nothing() {
    let json = object(&[AMBER], &[(UNKNOWN, &["name"])]);
    let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
    let name = document.find("/name").unwrap();
    assert_eq!(Markings::of(&document).tlp_at(name, held), Some(Tlp::Amber));
}

#[test]
fn markings_of_the_wrong_shape_are_left_to_the_check() {
    for json in [
        "[]",
        "3",
        r#"{"object_marking_refs":"x","granular_markings":{}}"#,
        r#"{"object_marking_refs":[1,null,["x"]],"granular_markings":[1,[],{"selectors":3},{"marking_ref":7,"selectors":[7]}],"lang":3}"#,
    ] {
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        let markings = Markings::of(&document);
        assert_eq!(markings.strictest(held), None, "{json}");
        assert_eq!(markings.properties_above(Tlp::Clear, held), Vec::<String>::new(), "{json}");
        assert!(markings.unresolved(held).is_empty(), "{json}");
    }
}

/// Selectors without number into a list without end: what would be looked through for each of them by itself
/// would take minutes.
#[test]
fn a_flood_of_selectors_is_read_in_one_go() {
    let limits = Limits { properties: 1_000_000, object_bytes: 1 << 26, ..Limits::default() };
    let mut json = String::from(r#"{"type":"report","labels":["a""#);
    json.push_str(&r#","a""#.repeat(49_999));
    write!(json, r#"],"granular_markings":[{{"marking_ref":"{RED}","selectors":["labels.[0]""#)
        .unwrap();
    for at in 1..50_000 {
        write!(json, r#","labels.[{at}]""#).unwrap();
    }
    json.push_str("]}]}");
    let document = Document::parse(json.as_bytes(), &limits).unwrap();
    let markings = Markings::of(&document);
    assert_eq!(markings.properties_above(Tlp::Amber, held).len(), 50_000);
    assert_eq!(markings.whole(held), None);
}

fn marking() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![GREEN, AMBER, STRICT, RED, PAP_AMBER, TERMS, HOUSE_RED, UNKNOWN])
}

fn selector() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "name",
        "description",
        "labels",
        "labels.[0]",
        "labels.[7]",
        "external_references",
        "external_references.[0]",
        "external_references.[0].url",
        "type",
        "absent",
    ])
}

fn granular() -> impl Strategy<Value = Vec<(&'static str, Vec<&'static str>)>> {
    prop::collection::vec((marking(), prop::collection::vec(selector(), 0..4)), 0..6)
}

fn written(object_level: &[&str], granular: &[(&'static str, Vec<&'static str>)]) -> String {
    let granular: Vec<(&str, &[&str])> =
        granular.iter().map(|(marking, selectors)| (*marking, selectors.as_slice())).collect();
    object(object_level, &granular)
}

proptest! {
    #[test]
    fn adding_a_granular_marking_never_loosens_the_object(
        object_level in prop::collection::vec(marking(), 0..3),
        before in granular(),
        added in (marking(), prop::collection::vec(selector(), 0..4)),
        ceiling in prop::sample::select(Tlp::ALL),
    ) {
        let mut after = before.clone();
        after.push(added);
        let (less, more) = (written(&object_level, &before), written(&object_level, &after));
        let less = Document::parse(less.as_bytes(), &Limits::default()).unwrap();
        let more = Document::parse(more.as_bytes(), &Limits::default()).unwrap();
        let (less, more) = (Markings::of(&less), Markings::of(&more));
        prop_assert!(less.strictest(held) <= more.strictest(held));
        prop_assert!(less.whole(held) <= more.whole(held));
        let (few, many) = (less.properties_above(ceiling, held), more.properties_above(ceiling, held));
        for pointer in few {
            prop_assert!(many.iter().any(|above| pointer.starts_with(above.as_str())), "{pointer} {many:?}");
        }
    }

    #[test]
    fn what_holds_for_a_container_granularly_holds_for_all_in_it(
        object_level in prop::collection::vec(marking(), 0..3),
        granular in granular(),
    ) {
        let json = written(&object_level, &granular);
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        let markings = Markings::of(&document);
        let strictest = markings.strictest(held);
        for value in document.values() {
            let here = markings.at(value);
            prop_assert!(markings.tlp_at(value, held) <= strictest);
            let Some(parent) = value.parent() else { continue };
            let above = markings.at(parent);
            prop_assert!(above.granular.iter().all(|id| here.granular.contains(id)));
            prop_assert_eq!(&above.object, &here.object);
        }
    }

    #[test]
    fn without_what_is_above_a_ceiling_nothing_above_it_is_left(
        object_level in prop::collection::vec(marking(), 0..3),
        granular in granular(),
        ceiling in prop::sample::select(Tlp::ALL),
    ) {
        let json = written(&object_level, &granular);
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        let markings = Markings::of(&document);
        let above = markings.properties_above(ceiling, held);
        for value in document.values() {
            let pointer = value.pointer();
            let gone = above.iter().any(|it| {
                pointer.strip_prefix(it.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            prop_assert!(gone || markings.tlp_at(value, held) <= Some(ceiling), "{pointer} {above:?}");
        }
    }
}
