//! The programs that the guides show, as they are compiled and run.

use std::error::Error;
use std::path::Path;

use comity_stix::json::Document;
use comity_stix::marking::{Markings, Tlp};
use comity_stix::pattern::{Bare, Budget, Matcher, Observations, Pattern, PatternSet};
use comity_stix::registry::Registry;
use comity_stix::{Checker, Lang, Limits};

use super::FOLDER;
use super::blocks::Page;

/// A file that a guide shows.
fn file(guide: &str, name: &str) -> Vec<u8> {
    let page = Page::read(&Path::new(FOLDER).join(guide));
    let found = page.blocks().into_iter().find(|block| block.title == name);
    found.unwrap().lines.join("\n").into_bytes()
}

macro_rules! println {
    ($($said:tt)*) => { drop(format!($($said)*)) };
}

#[test]
fn a_program_knows_a_type_of_its_own() -> Result<(), Box<dyn Error>> {
    let [definition, schema, object] = [
        "extensions/precursor-consignment.json",
        "extensions/precursor-consignment.schema.json",
        "broken.json",
    ]
    .map(|name| file("custom-types.md", name));
    let [definition, schema, object] = [&definition, &schema, &object].map(Vec::as_slice);

    let limits = Limits::default();
    let mut registry = Registry::default();
    registry.add(definition, Some(schema), &limits)?;

    let checker = Checker::new(&limits).with_registry(&registry);
    let report = checker.check(object);
    for finding in &report.findings {
        println!("{}: {}", finding.pointer, finding.message_in(Lang::En));
    }
    for unknown in &report.unknown {
        println!("nobody here knows `{}`", unknown.name);
    }

    assert!(!report.is_valid() && report.unknown.is_empty());
    Ok(())
}

#[test]
fn a_program_matches_one_pattern_and_many() -> Result<(), Box<dyn Error>> {
    let lines = file("patterns.md", "observed.jsonl");
    let lines: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').collect();
    let [address, _, seen_at_six, _] = lines.as_slice() else { panic!("{}", lines.len()) };
    let (address, seen_at_six) = (*address, *seen_at_six);

    let objects = [address, seen_at_six];
    let observations = Observations::of(objects, Bare::Ignored, &Limits::default())?;

    let pattern: Pattern = "[ipv4-addr:value = '198.51.100.3']".parse()?;
    let found = Matcher::new(&pattern).find(&observations, &Budget::default())?;
    assert_eq!(found.map(|it| it.observations), Some(vec![0]));

    let mut standing = PatternSet::new();
    standing.insert("indicator--1", &"[ipv4-addr:value = '198.51.100.3']".parse()?);
    standing.insert("indicator--2", &"[url:value LIKE '%.example/%']".parse()?);

    let found = standing.find_all(&observations, &Budget::default());
    assert_eq!(found.matches.len(), 1);
    assert!(found.undecided.is_empty());
    Ok(())
}

#[test]
fn a_program_asks_what_holds_for_a_property() -> Result<(), Box<dyn Error>> {
    let object = file("markings.md", "marked.json");
    let (object, limits) = (object.as_slice(), Limits::default());

    let document = Document::parse(object, &limits)?;
    let markings = Markings::of(&document);
    let known = |_: &str| None; // what other definitions say; the fixed ones are always known

    let at = |pointer| document.find(pointer).and_then(|value| markings.tlp_at(value, known));
    assert_eq!(at("/name"), Some(Tlp::Green));
    assert_eq!(at("/contact_information"), Some(Tlp::Red));

    assert_eq!(markings.strictest(known), Some(Tlp::Red));
    assert_eq!(markings.properties_above(Tlp::Amber, known), ["/contact_information"]);
    assert!(markings.unresolved(known).is_empty());
    Ok(())
}
