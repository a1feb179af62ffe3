//! The vocabularies have the standard's terms.
//!
//! `vocabulary.txt` beside this file has them as facts.

use std::collections::BTreeSet;

use super::{sections, standard};
use crate::types::model::{Kind, Vocabulary};
use crate::types::vocabulary::{ALL, find};
use crate::types::{Shape, all};

const FACTS: &str = include_str!("vocabulary.txt");

fn line(section: &str, name: &str, terms: &str) -> String {
    format!("{section} {name} {terms}")
}

#[test]
fn every_term_of_section_10_is_in_its_vocabulary() {
    let facts: Vec<&str> = FACTS.lines().filter(|line| !line.starts_with('#')).collect();
    let ours: Vec<String> =
        ALL.iter().map(|one| line(one.section, one.name, &one.values.join(" "))).collect();
    assert_eq!(ours, facts);
}

#[test]
fn the_terms_equal_those_of_the_standard_where_its_text_is_at_hand() {
    let Some(text) = standard::text() else { return };
    let sections = sections::sections(&text);
    for ours in ALL {
        let (name, terms) = sections::vocabulary(&sections[ours.section]);
        assert_eq!((ours.name, ours.values.join(" ")), (name.as_str(), terms.join(" ")));
    }
    let listed = sections.keys().filter(|number| number.starts_with("10.")).count();
    assert_eq!(ALL.len(), listed);
}

#[test]
fn a_vocabulary_is_found_by_its_name_and_lists_no_term_twice() {
    for one in ALL {
        assert_eq!(find(one.name).map(|found| found.section), Some(one.section));
        let terms: BTreeSet<&str> = one.values.iter().copied().collect();
        assert_eq!(terms.len(), one.values.len(), "{}", one.name);
    }
    assert!(find("no-such-ov").is_none());
}

/// What is closed is an enumeration and what is open is a vocabulary, by their names (section 10).
#[test]
fn enumerations_are_closed_vocabularies_open_and_each_has_its_use() {
    fn within(kind: &Kind, closed: &mut Vec<&'static str>, open: &mut Vec<&'static str>) {
        match kind {
            Kind::Enum(vocabulary) => closed.push(vocabulary.name),
            Kind::Open(vocabulary) => open.push(vocabulary.name),
            Kind::List(kind) | Kind::Dictionary(kind) => within(kind, closed, open),
            Kind::Either(kinds) => kinds.iter().for_each(|kind| within(kind, closed, open)),
            Kind::Object(shape) => deep(shape, closed, open),
            _ => {}
        }
    }
    fn deep(shape: &Shape, closed: &mut Vec<&'static str>, open: &mut Vec<&'static str>) {
        shape.properties.iter().for_each(|property| within(&property.kind, closed, open));
    }
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    for type_ in all() {
        deep(&type_.own, &mut closed, &mut open);
        type_.extensions.iter().for_each(|one| deep(one.shape, &mut closed, &mut open));
    }
    assert!(closed.iter().all(|name| name.ends_with("-enum")), "{closed:?}");
    assert!(open.iter().all(|name| !name.ends_with("-enum")), "{open:?}");
    let unused: Vec<&str> = ALL
        .iter()
        .map(|one: &&Vocabulary| one.name)
        .filter(|name| !closed.contains(name) && !open.contains(name))
        .collect();
    // Hashes have a kind of their own, which names the algorithms.
    assert_eq!(unused, ["hash-algorithm-ov"]);
}
