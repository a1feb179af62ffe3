//! The tables of observables say what the standard says.
//!
//! `observable.txt` beside this file has the tables of section 6 as facts, one a line; what the lines hold stands at its
//! top.

use std::collections::BTreeSet;

use super::standard;
use crate::types::model::{Choice, Class, Kind, Presence, Shape, Type};
use crate::types::{find, observable};

const FACTS: &str = include_str!("observable.txt");

/// The lines of one sort, without the word that names it.
fn facts(sort: &str) -> Vec<&'static str> {
    let lines = FACTS.lines().filter_map(|line| line.split_once(' '));
    lines.filter(|(word, _)| *word == sort).map(|(_, fact)| fact).collect()
}

fn types() -> impl Iterator<Item = &'static Type> {
    observable::ALL.iter().copied()
}

/// The shape of the type, of its extensions, and of everything within, each with its type.
fn shapes() -> Vec<(&'static Type, &'static Shape)> {
    fn within(kind: &Kind, found: &mut Vec<&'static Shape>) {
        match kind {
            Kind::Object(shape) => deep(shape, found),
            Kind::List(kind) | Kind::Names(kind) | Kind::Dictionary(kind) => within(kind, found),
            Kind::Either(kinds) => kinds.iter().for_each(|kind| within(kind, found)),
            _ => {}
        }
    }
    fn deep(shape: &'static Shape, found: &mut Vec<&'static Shape>) {
        found.push(shape);
        shape.properties.iter().for_each(|property| within(&property.kind, found));
    }
    types()
        .flat_map(|type_| {
            let mut found = Vec::new();
            deep(&type_.own, &mut found);
            type_.extensions.iter().for_each(|extension| deep(extension.shape, &mut found));
            found.into_iter().map(move |shape| (type_, shape))
        })
        .collect()
}

/// The kind as the standard's tables write it.
fn written(kind: &Kind) -> String {
    match kind {
        Kind::Binary => "binary".into(),
        Kind::Boolean => "boolean".into(),
        Kind::Hashes => "hashes".into(),
        Kind::Hex => "hex".into(),
        Kind::Float(..) => "float".into(),
        Kind::Timestamp | Kind::SecondTimestamp => "timestamp".into(),
        Kind::Integer(0, 65_535) => "integer port".into(),
        Kind::Integer(0, _) => "integer from 0".into(),
        Kind::Integer(..) => "integer".into(),
        Kind::Enum(vocabulary) => format!("enum {}", vocabulary.name),
        Kind::Open(vocabulary) => format!("open-vocab {}", vocabulary.name),
        Kind::Names(_) => "dictionary".into(),
        Kind::Object(shape) => shape.name.into(),
        Kind::List(element) => format!("list of type {}", written(element)),
        Kind::Reference(targets) if targets.types.is_empty() => "identifier".into(),
        Kind::Reference(targets) => {
            let types: BTreeSet<&str> = targets.types.iter().copied().collect();
            format!("identifier {}", Vec::from_iter(types).join(" "))
        }
        _ => "string".into(),
    }
}

/// The same of a row of the standard's text.
fn stated(row: &standard::Row) -> String {
    let about = &row.about;
    let port = about.contains("in the range of 0 - 65535");
    let counted = ["MUST</strong> NOT be neg", "be negative", "non-negative", "a positive"];
    match row.kind.as_str() {
        "integer" if port => "integer port".into(),
        "integer" if counted.iter().any(|words| about.contains(words)) => "integer from 0".into(),
        "enum" | "open-vocab" => {
            let names = standard::spans(about, "<span class=\"stixvocab\">", "</span>");
            format!("{} {}", row.kind, names.first().unwrap())
        }
        kind if kind.ends_with("identifier") => {
            let targets = about.split("be of type").nth(1).unwrap_or_default();
            let targets = targets.split("</span>.").next().unwrap();
            let targets = format!("{targets}</span>");
            let types = standard::spans(&targets, "<span class=\"stixtype\">", "</span>");
            let types: BTreeSet<String> = types.into_iter().collect();
            format!("{kind} {}", Vec::from_iter(types).join(" ")).trim_end().to_owned()
        }
        kind => kind.to_owned(),
    }
}

fn line(of: &str, section: &str, name: &str, required: bool, kind: &str) -> String {
    let presence = if required { "required" } else { "optional" };
    format!("{of} {section} {name} {presence} {kind}")
}

fn in_order(mut lines: Vec<(String, String)>) -> Vec<String> {
    // Types and extensions stand in the text where they are defined, in the tables where they are used; within one the
    // order counts, and a stable sort keeps it.
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn tables() -> Vec<String> {
    let mut lines = Vec::new();
    for (_, shape) in shapes() {
        for property in shape.properties {
            let required = property.presence == Presence::Required;
            let kind = written(&property.kind);
            let line = line(shape.name, shape.section, property.name, required, &kind);
            lines.push((shape.name.to_owned(), line));
        }
    }
    in_order(lines)
}

#[test]
fn every_property_of_section_6_stands_in_its_table_with_its_type_and_whether_it_is_required() {
    assert_eq!(tables(), facts("property"));
}

#[test]
fn the_tables_equal_those_of_the_standard_where_its_text_is_at_hand() {
    let Some(text) = standard::text() else { return };
    let lines = standard::rows(&text)
        .into_iter()
        .filter(|row| row.section.starts_with("6."))
        .filter(|row| row.name != "type" && row.name != "extensions")
        .map(|row| {
            let kind = stated(&row);
            (row.of.clone(), line(&row.of, &row.section, &row.name, row.required, &kind))
        })
        .collect();
    assert_eq!(tables(), in_order(lines));
}

fn contributing() -> Vec<String> {
    types()
        .filter(|type_| !type_.contributing.is_empty())
        .map(|type_| format!("{} {}", type_.name, type_.contributing.join(" ")))
        .collect()
}

#[test]
fn identifiers_are_made_from_the_properties_that_the_standard_names() {
    let random: Vec<&str> =
        types().filter(|type_| type_.contributing.is_empty()).map(|type_| type_.name).collect();
    assert_eq!(random, ["process"]);
    let facts = facts("contributing").into_iter().filter(|fact| *fact != "process");
    assert_eq!(contributing(), facts.collect::<Vec<_>>());
}

#[test]
fn contributing_properties_equal_those_of_the_standard_where_its_text_is_at_hand() {
    let Some(text) = standard::text() else { return };
    let stated: Vec<String> = standard::contributing(&text)
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(of, names)| format!("{of} {}", names.join(" ")))
        .collect();
    assert_eq!(contributing(), stated);
}

#[test]
fn relationships_start_from_names_and_addresses_as_the_standard_says() {
    let ours: Vec<String> = types()
        .flat_map(|type_| {
            type_.relationships.iter().map(|relationship| {
                let targets: BTreeSet<&str> = relationship.targets.types.iter().copied().collect();
                let targets = Vec::from_iter(targets).join(" ");
                format!("{} {} {targets}", type_.name, relationship.name)
            })
        })
        .collect();
    assert_eq!(ours, facts("relates"));
}

#[test]
fn the_eighteen_observables_are_there_once_in_the_order_of_the_standard() {
    let sections: Vec<String> = types().map(|type_| type_.section.to_owned()).collect();
    assert_eq!(sections, (1..=18).map(|number| format!("6.{number}")).collect::<Vec<_>>());
    let names: BTreeSet<&str> = types().map(|type_| type_.name).collect();
    assert_eq!(names.len(), 18);
    for type_ in types() {
        assert_eq!(type_.class, Class::Observable, "{}", type_.name);
        assert_eq!(type_.required, ["type", "id"], "{}", type_.name);
        assert_eq!(find(type_.name).unwrap().section, type_.section);
    }
}

fn has(shape: &Shape, name: &str) -> bool {
    shape.properties.iter().any(|property| property.name == name)
}

fn kind(shape: &Shape, name: &str) -> Kind {
    shape.properties.iter().find(|property| property.name == name).unwrap().kind
}

#[test]
fn names_are_unique_within_a_shape_and_shapes_across_types() {
    let mut seen = BTreeSet::new();
    for (_, shape) in shapes() {
        assert!(seen.insert(shape.name), "{} twice", shape.name);
        let names: BTreeSet<&str> = shape.properties.iter().map(|property| property.name).collect();
        assert_eq!(names.len(), shape.properties.len(), "{}", shape.name);
    }
}

#[test]
fn rules_speak_of_properties_and_extensions_that_exist() {
    for (type_, shape) in shapes() {
        let top = shape.name == type_.own.name;
        let known = |names: &[&str]| {
            for name in names {
                let there = has(shape, name) || (top && *name == "extensions");
                assert!(there, "{}: a rule speaks of {name}", shape.name);
            }
        };
        for rule in shape.rules {
            // What is encoded as `_enc` says is asked for by the section on names.
            let place = shape.section.starts_with(rule.section) || rule.section == "3.1";
            assert!(place, "{}: {}", shape.name, rule.section);
            match rule.choice {
                Choice::SomeOf(groups) => {
                    for group in groups {
                        known(group);
                    }
                }
                Choice::SomeBut(names) | Choice::OneOf(names) | Choice::AtMostOneOf(names) => {
                    known(names);
                }
                Choice::Needs(name, others)
                | Choice::NeedsWhen(name, _, others)
                | Choice::ForbidsWhen(name, _, others) => {
                    known(&[name]);
                    known(others);
                }
                Choice::Order(first, last) | Choice::Later(first, last) => {
                    for name in [first, last] {
                        assert!(matches!(kind(shape, name), Kind::Timestamp), "{name}");
                    }
                }
                Choice::Leads(list, target) => {
                    let Kind::List(Kind::Reference(targets)) = kind(shape, list) else {
                        panic!("{list} is no list of references");
                    };
                    assert!(targets.types.contains(&target), "{list} never leads to {target}");
                }
                Choice::Extended(extension, list, _) => {
                    assert!(type_.extensions.iter().any(|one| one.shape.name == extension));
                    assert!(matches!(kind(shape, list), Kind::List(_)), "{list} is no list");
                }
                other => panic!("{}: {other:?} is not looked at", shape.name),
            }
        }
    }
}

#[test]
fn rules_for_processes_and_accounts_count_every_property_that_they_have() {
    for name in ["process", "user-account"] {
        let type_ = find(name).unwrap();
        let Some(Choice::SomeOf(groups)) = type_.own.rules.first().map(|rule| rule.choice) else {
            panic!("{name} asks for nothing");
        };
        let counted: Vec<&str> = groups.iter().copied().flatten().copied().collect();
        let own = type_.own.properties.iter().map(|property| property.name);
        assert_eq!(counted, std::iter::once("extensions").chain(own).collect::<Vec<_>>());
    }
}

#[test]
fn what_the_standard_forbids_to_be_empty_has_a_rule_that_says_so() {
    let filled: BTreeSet<&str> = shapes()
        .into_iter()
        .filter(|(_, shape)| {
            shape.rules.iter().any(|rule| matches!(rule.choice, Choice::SomeBut(_)))
        })
        .map(|(_, shape)| shape.name)
        .collect();
    let stated = [
        "ntfs-ext",
        "pdf-ext",
        "raster-image-ext",
        "tcp-ext",
        "unix-account-ext",
        "windows-pe-optional-header-type",
        "windows-pebinary-ext",
        "windows-process-ext",
        "windows-registry-key",
        "windows-registry-value-type",
        "windows-service-ext",
        "x509-certificate",
        "x509-v3-extensions-type",
    ];
    assert_eq!(Vec::from_iter(filled), stated);
}

#[test]
fn references_and_relationships_lead_to_types_that_exist() {
    for (type_, shape) in shapes() {
        for relationship in type_.relationships {
            for target in relationship.targets.types {
                assert!(find(target).is_some(), "{}: {target}", type_.name);
            }
        }
        for property in shape.properties {
            let kind = match property.kind {
                Kind::List(element) => *element,
                kind => kind,
            };
            let Kind::Reference(targets) = kind else { continue };
            for target in targets.types {
                assert!(find(target).is_some(), "{}: {target}", property.name);
            }
        }
    }
}

/// Sections 2.1, 2.8 and 3.3 tie the ends of names to kinds.
#[test]
fn the_end_of_a_name_tells_binary_hexadecimal_and_references() {
    for (_, shape) in shapes() {
        for property in shape.properties {
            let (name, kind) = (property.name, &property.kind);
            assert_eq!(name.ends_with("_hex"), matches!(kind, Kind::Hex), "{name}");
            assert_eq!(name.ends_with("_bin"), matches!(kind, Kind::Binary), "{name}");
            assert_eq!(name.ends_with("_ref"), matches!(kind, Kind::Reference(_)), "{name}");
            let references = matches!(kind, Kind::List(Kind::Reference(_)));
            assert_eq!(name.ends_with("_refs"), references, "{name}");
        }
    }
}

#[test]
fn everything_is_explained_in_both_languages_in_half_a_sentence() {
    let mut texts = Vec::new();
    for (type_, shape) in shapes() {
        texts.push((type_.name, type_.about));
        texts.extend(type_.extensions.iter().map(|one| (one.shape.name, one.about)));
        texts.extend(shape.properties.iter().map(|property| (property.name, property.about)));
    }
    for (name, about) in texts {
        for text in [about.en, about.es] {
            assert!(text.chars().next().is_some_and(char::is_lowercase), "{name}: {text}");
            assert!(!text.ends_with(['.', ' ', ',', ';', ':']), "{name}: {text}");
            assert!((4..=100).contains(&text.chars().count()), "{name}: {text}");
        }
        assert_ne!(about.en, about.es, "{name}");
    }
}

/// The properties of all shapes whose kind, or whose elements' kind, gives something; as `shape.property: something`.
fn picked(pick: impl Fn(&Kind) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (_, shape) in shapes() {
        for property in shape.properties {
            let kind = match &property.kind {
                Kind::List(element) => element,
                kind => kind,
            };
            if let Some(said) = pick(kind) {
                found.push(format!("{}.{}: {said}", shape.name, property.name));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn dictionaries_hold_what_the_standard_says_beside_them() {
    let found = picked(|kind| match kind {
        Kind::Names(Kind::Either(kinds)) => {
            Some(kinds.iter().map(written).collect::<Vec<_>>().join(" or "))
        }
        Kind::Names(Kind::Any) => Some("anything".into()),
        Kind::Names(value) => Some(written(value)),
        _ => None,
    });
    let stated = [
        "email-message.additional_header_fields: list of type string",
        "http-request-ext.request_header: list of type string",
        "network-traffic.ipfix: integer or string",
        "pdf-ext.document_info_dict: string",
        "process.environment_variables: string",
        "raster-image-ext.exif_tags: integer or string",
        "socket-ext.options: integer",
        "windows-process-ext.startup_info: anything",
    ];
    assert_eq!(found, stated);
}

#[test]
fn strings_and_timestamps_that_need_a_form_have_it() {
    let found = picked(|kind| match kind {
        _ if written(kind) != "string" && !matches!(kind, Kind::SecondTimestamp) => None,
        Kind::Text | Kind::Names(_) => None,
        form => Some(format!("{form:?}")),
    });
    let stated = [
        "artifact.mime_type: MediaType",
        "artifact.url: Url",
        "directory.path_enc: Charset",
        "domain-name.value: DomainName",
        "email-addr.value: EmailAddress",
        "file.mime_type: MediaType",
        "file.name_enc: Charset",
        "http-request-ext.request_method: LowerText",
        "http-request-ext.request_version: LowerText",
        "ipv4-addr.value: Ipv4",
        "ipv6-addr.value: Ipv6",
        "mac-addr.value: Mac",
        "network-traffic.protocols: Protocol",
        "software.cpe: Cpe",
        "software.languages: Lang",
        "url.value: Url",
        "windows-pebinary-ext.time_date_stamp: SecondTimestamp",
        "windows-process-ext.priority: Ending(\"_CLASS\")",
        "windows-registry-key.key: RegistryKey",
    ];
    assert_eq!(found, stated);
}
