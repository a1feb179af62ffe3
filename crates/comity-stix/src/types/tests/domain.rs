//! The tables of domain, relationship and meta objects and of the bundle say what the standard says.
//!
//! `domain.txt` beside this file has the tables of sections 4, 5, 7 and 8 as facts.

use super::{sections, standard};
use crate::finding::Lang;
use crate::types::common::COMMON;
use crate::types::model::{Class, Kind, Presence, Strength, Targets, Type};
use crate::types::{domain, meta, relationship};

const FACTS: &str = include_str!("domain.txt");

fn types() -> impl Iterator<Item = &'static Type> {
    [domain::ALL, relationship::ALL, meta::ALL].into_iter().flatten().copied()
}

fn facts() -> impl Iterator<Item = &'static str> {
    FACTS.lines().filter(|line| !line.starts_with('#'))
}

/// The section that lists the relationships of a type.
fn relating(type_: &Type) -> String {
    format!("{}.2", type_.section)
}

fn targets(targets: &Targets) -> String {
    let classes = targets.classes.iter().map(|class| match class {
        Class::Domain => "SDO",
        Class::Relationship => "SRO",
        Class::Observable => "SCO",
        Class::Meta => "SMO",
        Class::Bundle => "bundle",
    });
    assert!(targets.except.is_empty());
    targets.types.iter().copied().chain(classes).collect::<Vec<_>>().join(" ")
}

/// The kind as the standard's tables write it.
fn written(kind: &Kind) -> String {
    match kind {
        Kind::Boolean => "boolean".into(),
        Kind::Timestamp => "timestamp".into(),
        Kind::Integer(least, most) => format!("integer {least}..{most}"),
        Kind::Float(least, _) if *least <= f64::MIN => "float".into(),
        Kind::Float(least, most) => format!("float {least}..{most}"),
        Kind::Enum(vocabulary) => format!("enum {}", vocabulary.name),
        Kind::Open(vocabulary) => format!("open-vocab {}", vocabulary.name),
        Kind::Object(shape) => shape.name.into(),
        Kind::List(element) => format!("list of type {}", written(element)),
        Kind::Reference(to) => format!("identifier {}", targets(to)),
        Kind::Container => "observable-container".into(),
        Kind::Translations => "dictionary".into(),
        Kind::Marking => "<marking object>".into(),
        Kind::Objects => "list of type <STIX Object>".into(),
        _ => "string".into(),
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Deprecated => "deprecated",
    }
}

/// What the table of a type says, one line a fact.
fn told(type_: &Type) -> Vec<String> {
    let (name, section) = (type_.name, type_.own.section);
    let mut lines = vec![
        format!("{name} {section} requires {}", type_.required.join(" ")),
        format!("{name} {section} leaves {}", type_.unused.join(" ")),
    ];
    lines.extend(type_.own.properties.iter().map(|property| {
        let presence = presence(property.presence);
        format!("{name} {section} has {} {presence} {}", property.name, written(&property.kind))
    }));
    lines.extend(type_.own.rules.iter().map(|rule| {
        let strength = if rule.strength == Strength::Must { "MUST" } else { "SHOULD" };
        format!("{name} {} asks {strength} {}", rule.section, rule.choice.words(Lang::En))
    }));
    lines.extend(type_.relationships.iter().map(|one| {
        format!("{name} {} relates {} {}", relating(type_), one.name, targets(&one.targets))
    }));
    lines
}

#[test]
fn every_property_demand_and_relationship_of_sections_4_5_7_and_8_stands_in_its_table() {
    let of = |type_: &Type| format!("{} ", type_.name);
    for type_ in types() {
        let facts: Vec<&str> = facts().filter(|line| line.starts_with(&of(type_))).collect();
        assert_eq!(told(type_), facts);
    }
    let known = |line: &str| types().any(|type_| line.starts_with(&of(type_)));
    assert!(facts().all(known));
}

#[test]
fn the_types_are_there_once_in_the_order_of_the_standard() {
    let sections = |types: &[&Type]| types.iter().map(|type_| type_.section).collect::<Vec<_>>();
    let expected: Vec<String> = (1..=19).map(|number| format!("4.{number}")).collect();
    assert_eq!(sections(domain::ALL), expected);
    assert_eq!(sections(relationship::ALL), ["5.1", "5.2"]);
    assert_eq!(sections(meta::ALL), ["7.1", "7.2.1", "7.3", "8"]);
    for (types, classes) in [
        (domain::ALL, vec![Class::Domain; 19]),
        (relationship::ALL, vec![Class::Relationship; 2]),
        (meta::ALL, vec![Class::Meta, Class::Meta, Class::Meta, Class::Bundle]),
    ] {
        assert_eq!(types.iter().map(|type_| type_.class).collect::<Vec<_>>(), classes);
    }
}

#[test]
fn the_tables_equal_those_of_the_standard_where_its_text_is_at_hand() {
    let Some(text) = standard::text() else { return };
    let (rows, sections) = (standard::rows(&text), sections::sections(&text));
    for type_ in types() {
        let section = type_.own.section;
        let lines = &sections[section];
        if type_.class != Class::Bundle {
            let required = sections::named(lines, "Required Common Properties").unwrap();
            assert_eq!(type_.required.join(" "), required, "{}", type_.name);
            let unused = sections::named(lines, "Not Applicable Common Properties").unwrap();
            assert_eq!(type_.unused.join(" "), unused, "{}", type_.name);
        }
        let ours: Vec<String> = type_
            .own
            .properties
            .iter()
            .map(|property| {
                let required = property.presence == Presence::Required;
                format!("{} {required} {}", property.name, coarse(&written(&property.kind)))
            })
            .collect();
        let theirs: Vec<String> = rows
            .iter()
            .filter(|row| row.section == section && row.name != "action")
            // The two kinds of marking stand in the section of the type that has them.
            .filter(|row| row.name != "statement" && row.name != "tlp")
            .filter(|row| COMMON.properties.iter().all(|common| common.name != row.name))
            .map(|row| format!("{} {} {}", row.name, row.required, stated(row)))
            .collect();
        assert_eq!(ours, theirs, "{}", type_.name);
    }
}

#[test]
fn the_relationships_equal_those_of_the_standard_where_its_text_is_at_hand() {
    let Some(text) = standard::text() else { return };
    let sections = sections::sections(&text);
    for type_ in domain::ALL {
        let ours: Vec<(String, String)> = type_
            .relationships
            .iter()
            .map(|one| (one.name.to_owned(), targets(&one.targets)))
            .collect();
        let theirs: Vec<(String, String)> = sections::relationships(&sections[&relating(type_)])
            .into_iter()
            .map(|(name, to)| (name, to.replace("&lt;All STIX Cyber-observable Objects&gt", "SCO")))
            .collect();
        assert_eq!(ours, theirs, "{}", type_.name);
    }
}

/// The kind without what the standard says in prose: targets and limits.
fn coarse(kind: &str) -> String {
    let mut kept = Vec::new();
    for word in kind.split(' ') {
        kept.push(word);
        if ["identifier", "integer", "float"].contains(&word) {
            break;
        }
    }
    kept.join(" ")
}

/// The kind of a row of the standard's text, with the vocabulary that the row names.
fn stated(row: &standard::Row) -> String {
    let kind = row.kind.replace("&lt;", "<").replace("&gt;", ">");
    if !kind.ends_with("open-vocab") && !kind.ends_with("enum") {
        return kind;
    }
    let names = standard::spans(&row.about, "<span class=\"stixvocab\">", "</span>");
    format!("{kind} {}", names.first().map_or("definition-type", String::as_str))
}
