//! Objects that are right by construction, and what happens to their bytes.

use std::collections::BTreeSet;

use comity_stix::edit::Edits;
use comity_stix::reader::Objects;
use comity_stix::sample::{Fill, Sampler};
use comity_stix::types::{self, Class, Kind, Presence, Shape, Type};
use comity_stix::{Checker, Limits, Report, head};
use serde_json::Value as Json;

use crate::fuzz::bounded::mutator::numbers;

/// How an object of a type is checked: a bundle by its frame.
pub(crate) fn checked(type_: &Type, object: &[u8]) -> Report {
    let checker = Checker::new(&Limits::default());
    match type_.class {
        Class::Bundle => checker.check_bundle(object),
        _ => checker.check(object),
    }
}

/// Calls `see` with many objects of every type.
fn each_sample(rounds: u64, mut see: impl FnMut(&'static Type, Json)) {
    for type_ in types::all() {
        let mut sampler = Sampler::new(numbers(type_.name.len() as u64));
        for _ in 0..rounds {
            for fill in [Fill::Least, Fill::Some, Fill::Most] {
                see(type_, sampler.object(type_, fill));
            }
        }
    }
}

#[test]
fn what_is_made_from_the_tables_has_no_findings_at_all() {
    each_sample(40, |type_, object| {
        let object = object.to_string();
        let report = checked(type_, object.as_bytes());
        assert!(report.findings.is_empty() && report.complete, "{:#?} {object}", report.findings);
        assert_eq!(report.head.is_none(), type_.class == Class::Bundle, "{object}");
    });
}

/// Notes what of the tables stands in a value: properties by their shape, terms by their vocabulary.
fn note(kind: &Kind, value: &Json, seen: &mut BTreeSet<(&'static str, String)>) {
    match kind {
        Kind::Enum(vocabulary) | Kind::Open(vocabulary) => {
            seen.insert((vocabulary.name, value.as_str().unwrap().to_owned()));
        }
        Kind::List(of) => value.as_array().unwrap().iter().for_each(|one| note(of, one, seen)),
        Kind::Dictionary(of) | Kind::Names(of) => {
            value.as_object().unwrap().values().for_each(|one| note(of, one, seen));
        }
        Kind::Object(shape) => note_shape(shape, value, seen),
        _ => {}
    }
}

fn note_shape(shape: &'static Shape, object: &Json, seen: &mut BTreeSet<(&'static str, String)>) {
    for property in shape.properties {
        if let Some(value) = object.get(property.name) {
            seen.insert((shape.name, property.name.to_owned()));
            note(&property.kind, value, seen);
        }
    }
}

/// All that the tables name, within a kind.
fn named(kind: &Kind, names: &mut BTreeSet<(&'static str, String)>) {
    match kind {
        Kind::Enum(vocabulary) | Kind::Open(vocabulary) => {
            names.extend(vocabulary.values.iter().map(|term| (vocabulary.name, (*term).into())));
        }
        Kind::List(of) | Kind::Dictionary(of) | Kind::Names(of) => named(of, names),
        Kind::Object(shape) => named_in(shape, names),
        _ => {}
    }
}

fn named_in(shape: &'static Shape, names: &mut BTreeSet<(&'static str, String)>) {
    for property in shape.properties {
        if property.presence != Presence::Deprecated {
            names.insert((shape.name, property.name.into()));
            named(&property.kind, names);
        }
    }
}

#[test]
fn every_property_extension_and_term_of_the_tables_is_made_at_some_time() {
    let (mut seen, mut names) = (BTreeSet::new(), BTreeSet::new());
    each_sample(250, |type_, object| {
        note_shape(&type_.own, &object, &mut seen);
        note_shape(&types::common::COMMON, &object, &mut seen);
        for extension in type_.extensions {
            if let Some(value) =
                object.get("extensions").and_then(|all| all.get(extension.shape.name))
            {
                note_shape(extension.shape, value, &mut seen);
            }
        }
    });
    named_in(&types::common::COMMON, &mut names);
    for type_ in types::all() {
        named_in(&type_.own, &mut names);
        type_.extensions.iter().for_each(|extension| named_in(extension.shape, &mut names));
    }
    let missed: Vec<_> = names.difference(&seen).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// What a careless reader would lose: integers of 23 digits, floats beyond any, minus zero, escapes, white space.
const ODD: &str = " \"x_n\\u0061me\":\"\\u00e9\\/\\ud83d\\udce6\\u0000\" ,\n\t\"x_numbers\": [99999999999999999999999, -0,\
                   1e400,1.50E+03 , 0.1000], \"x_deep\":{\"b\":{\"\":[ ]}} ";

#[test]
fn bytes_are_given_back_as_they_were_written_whatever_they_say() {
    each_sample(4, |type_, object| {
        if type_.class == Class::Bundle {
            return;
        }
        let object = object.to_string();
        let written = format!("{{{ODD},{}", object.strip_prefix('{').unwrap());
        let bundle = format!("{{\"type\":\"bundle\", \"objects\" : [ {written}\n, {object}]}}");
        let read: Vec<_> = Objects::new(bundle.as_bytes(), Limits::default())
            .map(|object| String::from_utf8(object.unwrap().bytes).unwrap())
            .collect();
        assert_eq!(read, [written.as_str(), object.as_str()]);

        assert_eq!(Edits::new(written.as_bytes()).unwrap().finish(), written.as_bytes());
        let mut edits = Edits::new(written.as_bytes()).unwrap();
        edits.replace("/x_numbers/2", b"1e401").unwrap();
        assert_eq!(edits.finish(), written.replace("1e400", "1e401").into_bytes());

        // The check reads, and neither it nor the head stumbles over numbers that no processor holds.
        let head = head(written.as_bytes(), &Limits::default()).unwrap().into_owned();
        assert_eq!(checked(type_, written.as_bytes()).head, Some(head));
    });
}
