//! What holds for the tables of all types together.

use std::collections::BTreeSet;

use super::{sections, standard};
use crate::finding::Lang;
use crate::types::common::{COMMON, EXTERNAL_REFERENCE, GRANULAR_MARKING, KILL_CHAIN_PHASE};
use crate::types::model::{Choice, Class, Kind, Presence, Property, Shape, Targets, Type};
use crate::types::{all, find, vocabulary};

/// Every property of a type, the common ones it uses included.
fn properties(type_: &Type) -> impl Iterator<Item = &'static Property> {
    let unused = type_.unused;
    let common = COMMON.properties.iter().filter(move |one| !unused.contains(&one.name));
    common.chain(type_.own.properties)
}

/// The references that a value may hold.
fn references<'k>(kind: &'k Kind, found: &mut Vec<&'k Targets>) {
    match kind {
        Kind::Reference(targets) => found.push(targets),
        Kind::List(kind) | Kind::Dictionary(kind) => references(kind, found),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| references(kind, found)),
        Kind::Object(shape) => shape.properties.iter().for_each(|one| references(&one.kind, found)),
        _ => {}
    }
}

fn exist(of: &str, targets: &Targets) {
    for name in targets.types.iter().chain(targets.except) {
        assert!(find(name).is_some(), "{of} leads to {name}");
    }
    assert!(!targets.types.is_empty() || !targets.classes.is_empty(), "{of} leads nowhere");
    assert!(!targets.classes.contains(&Class::Bundle), "{of} leads to a bundle");
}

#[test]
fn every_type_is_there_once_and_is_found_by_its_name() {
    let names: BTreeSet<&str> = all().map(|type_| type_.name).collect();
    assert_eq!((all().count(), names.len()), (43, 43));
    for type_ in all() {
        assert_eq!(find(type_.name).map(|found| found.section), Some(type_.section));
        assert_eq!(type_.own.name, type_.name);
        assert!(type_.own.section.starts_with(type_.section), "{}", type_.name);
    }
    assert!(find("no-such-type").is_none());
}

/// Section 3.1.
#[test]
fn names_of_types_and_properties_are_legal_and_unique_in_each_type() {
    for type_ in all() {
        let legal = |name: &str, other: char| {
            (3..=250).contains(&name.len())
                && name.starts_with(|first: char| first.is_ascii_lowercase())
                && name.chars().all(|one| matches!(one, 'a'..='z' | '0'..='9') || one == other)
        };
        assert!(legal(type_.name, '-'), "{}", type_.name);
        let mut seen = BTreeSet::new();
        for property in properties(type_) {
            // The standard breaks its own rule for this one.
            let short = property.name == "id";
            assert!(short || legal(property.name, '_'), "{}: {}", type_.name, property.name);
            assert!(seen.insert(property.name), "{}: {} twice", type_.name, property.name);
        }
    }
}

/// Section 3.1: identifiers of other objects stand under names that say so.
#[test]
fn the_end_of_a_name_tells_a_reference() {
    for type_ in all() {
        for property in properties(type_) {
            let (name, kind) = (property.name, &property.kind);
            let one = matches!(kind, Kind::Reference(_));
            let many = matches!(kind, Kind::List(Kind::Reference(_)));
            assert_eq!(name.ends_with("_ref"), one, "{}: {name}", type_.name);
            assert_eq!(name.ends_with("_refs"), many, "{}: {name}", type_.name);
        }
    }
}

/// Section 3.2.
#[test]
fn common_properties_are_required_or_not_in_use_but_never_both() {
    let common: BTreeSet<&str> = COMMON.properties.iter().map(|one| one.name).collect();
    for type_ in all() {
        for name in type_.required.iter().chain(type_.unused) {
            assert!(common.contains(name), "{}: {name}", type_.name);
        }
        assert!(type_.required.iter().all(|name| !type_.unused.contains(name)), "{}", type_.name);
    }
    assert!(COMMON.properties.iter().all(|one| one.presence == Presence::Optional));
}

#[test]
fn references_and_relationships_lead_to_types_that_exist() {
    for type_ in all() {
        let mut found = Vec::new();
        properties(type_).for_each(|property| references(&property.kind, &mut found));
        for targets in found {
            exist(type_.name, targets);
        }
        let mut names = BTreeSet::new();
        for relationship in type_.relationships {
            exist(relationship.name, &relationship.targets);
            assert!(names.insert(relationship.name), "{}: {}", type_.name, relationship.name);
        }
    }
}

/// The names a demand speaks of.
fn named(choice: &Choice) -> Vec<&'static str> {
    match *choice {
        Choice::SomeOf(groups) => groups.iter().copied().flatten().copied().collect(),
        Choice::OneOf(names)
        | Choice::AtMostOneOf(names)
        | Choice::SomeBut(names)
        | Choice::LowerCaseWithHyphens(names) => names.to_vec(),
        Choice::Needs(name, others)
        | Choice::NeedsWhen(name, _, others)
        | Choice::ForbidsWhen(name, _, others) => [&[name], others].concat(),
        Choice::Implies(one, other, _) | Choice::Order(one, other) | Choice::Later(one, other) => {
            vec![one, other]
        }
        Choice::Leads(list, _) => vec![list],
        Choice::Extended(_, list, _) => vec!["extensions", list],
        Choice::Special(_) => Vec::new(),
    }
}

#[test]
fn demands_speak_of_properties_that_exist() {
    let check = |of: &str, shape: &Shape, known: &BTreeSet<&str>| {
        for name in shape.rules.iter().flat_map(|rule| named(&rule.choice)) {
            assert!(known.contains(name), "{of}: a demand speaks of {name}");
        }
    };
    for type_ in all() {
        check(type_.name, &type_.own, &properties(type_).map(|one| one.name).collect());
    }
    for shape in [COMMON, EXTERNAL_REFERENCE, KILL_CHAIN_PHASE, GRANULAR_MARKING] {
        check(shape.name, &shape, &shape.properties.iter().map(|one| one.name).collect());
    }
}

#[test]
fn every_section_named_is_one_of_the_standard_where_its_text_is_at_hand() {
    let Some(text) = standard::text() else { return };
    let sections = sections::sections(&text);
    let mut named: Vec<(&str, &str)> = Vec::new();
    let mut shape = |shape: &Shape| {
        named.push((shape.name, shape.section));
        named.extend(shape.rules.iter().map(|rule| (shape.name, rule.section)));
    };
    for type_ in all() {
        shape(&type_.own);
        type_.extensions.iter().for_each(|one| shape(one.shape));
    }
    [COMMON, EXTERNAL_REFERENCE, KILL_CHAIN_PHASE, GRANULAR_MARKING].iter().for_each(shape);
    named.extend(all().map(|type_| (type_.name, type_.section)));
    named.extend(vocabulary::ALL.iter().map(|one| (one.name, one.section)));
    for (name, section) in named {
        assert!(sections.contains_key(section), "{name}: there is no section {section}");
    }
}

#[test]
fn everything_is_explained_in_both_languages_in_half_a_sentence() {
    for type_ in all() {
        let own = properties(type_).map(|property| (property.name, property.about));
        for (name, about) in own.chain([(type_.name, type_.about)]) {
            for text in [about.en, about.es] {
                let first = text.chars().next().unwrap_or('.');
                assert!(first.is_lowercase(), "{}: {name}: {text}", type_.name);
                assert!(!text.ends_with(['.', ' ', ',', ';', ':']), "{name}: {text}");
                assert!((4..=100).contains(&text.chars().count()), "{name}: {text}");
            }
            assert_ne!(about.en, about.es, "{name}");
        }
    }
}

#[test]
fn a_vocabulary_is_named_and_terms_without_one_are_spelt_out() {
    let words = |of: &str, name: &str| {
        let property = find(of).unwrap().own.properties.iter().find(|one| one.name == name);
        [Lang::En, Lang::Es].map(|lang| property.unwrap().kind.words(lang))
    };
    assert_eq!(
        words("marking-definition", "definition_type"),
        ["preferably `statement` or `tlp`", "de preferencia `statement` o `tlp`"]
    );
    assert_eq!(
        words("indicator", "pattern_type"),
        ["preferably one of `pattern-type-ov`", "de preferencia uno de `pattern-type-ov`"]
    );
}
