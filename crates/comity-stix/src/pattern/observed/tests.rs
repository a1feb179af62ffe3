use super::{Bare, Observations};
use crate::limits::Limits;

const FILE: &str =
    r#"{"type":"file","id":"file--1","name":"a","parent_directory_ref":"directory--1"}"#;
const DIRECTORY: &str = r#"{"type":"directory","id":"directory--1","path":"/tmp"}"#;
const SEEN: &str = r#"{"type":"observed-data","id":"observed-data--1","first_observed":"2026-01-31T08:00:00Z","last_observed":"2026-01-31T09:00:00.5Z","number_observed":7,"object_refs":["file--1","relationship--1","file--2"]}"#;
const RELATIONSHIP: &str = r#"{"type":"relationship","id":"relationship--1"}"#;

fn of<'a>(objects: &[&'a str], bare: Bare) -> Observations<'a> {
    Observations::of(objects.iter().map(|o| o.as_bytes()), bare, &Limits::default()).unwrap()
}

fn types(observations: &Observations<'_>) -> Vec<Vec<String>> {
    let types = |objects: Vec<(&str, _)>| objects.into_iter().map(|(t, _)| t.to_owned()).collect();
    observations.iter().map(|observed| types(observed.objects().collect())).collect()
}

#[test]
fn observed_data_holds_the_observables_it_lists_and_says_when_and_how_often() {
    let observations = of(&[DIRECTORY, RELATIONSHIP, SEEN, FILE], Bare::Ignored);
    assert_eq!(types(&observations), [["file"]]);
    let observed = observations.get(0).unwrap();
    assert_eq!(observed.id(), Some("observed-data--1"));
    assert_eq!(observed.first_observed().unwrap().written(), "2026-01-31T08:00:00Z");
    assert_eq!(observed.last_observed().unwrap().written(), "2026-01-31T09:00:00.5Z");
    assert_eq!(observed.number_observed(), 7);
    assert!(observed.resolve("directory--1").is_none());
    assert!(observed.resolve("file--1").is_some());
}

#[test]
fn the_deprecated_container_names_objects_by_its_keys() {
    let object =
        r#"{"type":"observed-data","objects":{"0":{"type":"file"},"1":{"type":"directory"}}}"#;
    let observations = of(&[object], Bare::Ignored);
    assert_eq!(types(&observations), [["file", "directory"]]);
    let observed = observations.get(0).unwrap();
    assert!(observed.resolve("1").is_some());
    assert!(observed.resolve("2").is_none());
    assert_eq!(
        (observed.id(), observed.first_observed(), observed.number_observed()),
        (None, None, 1)
    );
}

#[test]
fn bare_observables_are_observations_only_when_asked_for() {
    let custom = r#"{"type":"x-lot","id":"x-lot--1"}"#;
    let domain = r#"{"type":"identity","id":"identity--1","name":"n"}"#;
    let own = r#"{"type":"x-case","id":"x-case--1","spec_version":"2.1","created":"2026-01-31T08:00:00Z","modified":"2026-01-31T08:00:00Z"}"#;
    let objects = [FILE, SEEN, custom, domain, own, DIRECTORY, RELATIONSHIP];
    assert_eq!(types(&of(&objects, Bare::Ignored)), [["file"]]);
    let observations = of(&objects, Bare::Observed);
    assert_eq!(types(&observations), [["file"], ["x-lot"], ["directory"]]);
    let lot = observations.get(1).unwrap();
    assert_eq!(
        (lot.id(), lot.first_observed(), lot.number_observed()),
        (Some("x-lot--1"), None, 1)
    );
    assert!(lot.resolve("file--1").is_some());
}

#[test]
fn an_object_of_a_custom_type_that_was_observed_can_be_looked_for_whatever_its_class() {
    let own = r#"{"type":"consignment","id":"consignment--1","spec_version":"2.1","created":"2026-01-31T08:00:00Z","modified":"2026-01-31T08:00:00Z","hs_code":"2915.24"}"#;
    let seen = r#"{"type":"observed-data","id":"observed-data--1","object_refs":["consignment--1","relationship--1"]}"#;
    let relationship = r#"{"type":"relationship","id":"relationship--1"}"#;
    assert_eq!(types(&of(&[own, seen, relationship], Bare::Ignored)), [["consignment"]]);
}

#[test]
fn of_two_versions_the_later_counts_wherever_it_stands() {
    let version = |day: u8, number: u8| {
        format!(
            r#"{{"type":"observed-data","id":"observed-data--1","modified":"2026-01-{day:02}T00:00:00Z","number_observed":{number}}}"#
        )
    };
    let (old, new) = (version(1, 3), version(2, 5));
    for order in [[old.as_str(), new.as_str()], [new.as_str(), old.as_str()]] {
        let observations = of(&order, Bare::Ignored);
        assert_eq!(observations.len(), 1);
        assert_eq!(observations.get(0).unwrap().number_observed(), 5);
    }
}

#[test]
fn times_and_numbers_out_of_bounds_are_none_and_one() {
    for (rest, number) in [
        (r#""first_observed":"2026-01-31T08:00:00Z","number_observed":0"#, 1),
        (
            r#""first_observed":"2026-01-31T08:00:00Z","last_observed":"2026-01-31T07:00:00Z","number_observed":"9""#,
            1,
        ),
        (
            r#""first_observed":"2026-01-31","last_observed":"2026-01-31","number_observed":1000000000"#,
            1,
        ),
        (r#""number_observed":999999999"#, 999_999_999),
    ] {
        let object = format!(r#"{{"type":"observed-data",{rest}}}"#);
        let observations = of(&[&object], Bare::Ignored);
        let observed = observations.get(0).unwrap();
        assert_eq!(observed.first_observed(), None, "{rest}");
        assert_eq!(observed.number_observed(), number, "{rest}");
    }
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let objects = [FILE.as_bytes(), b"{\"a\":1,\"a\":2}"];
    let error = Observations::of(objects, Bare::Ignored, &Limits::default()).unwrap_err();
    assert_eq!((error.index, error.code()), (1, "duplicate-key"));
    assert!(error.to_string().starts_with("object 2: "), "{error}");
}
