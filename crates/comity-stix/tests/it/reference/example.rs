//! Examples: objects made by the sampler with fixed numbers, written to be read.

use comity_stix::sample::{Fill, Sampler};
use comity_stix::types::{Type, common};
use serde_json::Value as Json;

use crate::fuzz::bounded::mutator::numbers;

/// The lines an example may have.
const LINES: std::ops::RangeInclusive<usize> = 10..=30;

/// An object of a type as JSON over several lines: of many that could be made, the one that reads best.
pub(super) fn example(type_: &Type) -> String {
    let object = |seed, fill| Sampler::new(numbers(seed)).object(type_, fill);
    let written = |object: &Json| pretty(object, 0, &order(type_));
    let made = (0..80).map(|seed| object(seed, Fill::Some)).map(|it| (strain(&it, type_), it));
    let mut made: Vec<_> = made.map(|(strain, object)| (strain, written(&object))).collect();
    made.retain(|(_, text)| LINES.contains(&text.lines().count()));
    let best = made.into_iter().min_by_key(|(strain, _)| *strain);
    best.map_or_else(|| written(&object(0, Fill::Least)), |(_, text)| text)
}

/// How much an object asks of its reader: long texts, escapes, other scripts and long numbers count against it, and so
/// does what has nothing to do with its type.
fn strain(object: &Json, type_: &Type) -> usize {
    let own = type_.own.properties.iter().filter(|it| object.get(it.name).is_some()).count();
    let missing = type_.own.properties.len() - own;
    let foreign = ["granular_markings", "extensions", "external_references"].iter();
    let foreign = foreign
        .filter(|name| object.get(**name).is_some_and(|it| !it.to_string().contains("-ext\":")));
    missing * 4 + foreign.count() * 20 + of_values(object)
}

fn of_values(value: &Json) -> usize {
    match value {
        Json::Object(object) => object.values().map(of_values).sum(),
        Json::Array(list) => list.iter().map(of_values).sum(),
        Json::String(text) => {
            let odd = text.chars().filter(|it| !it.is_ascii() || matches!(it, '\\' | '\t' | '"'));
            text.matches(' ').count().saturating_sub(1) * 3 + odd.count() * 6
        }
        Json::Number(number) => {
            let text = number.to_string();
            text.len().saturating_sub(6) + usize::from(text.starts_with('-')) * 4
        }
        Json::Bool(_) | Json::Null => 0,
    }
}

/// The properties of a type in the order people expect them.
fn order(type_: &Type) -> Vec<&'static str> {
    let common = common::COMMON.properties.iter().map(|property| property.name);
    let (mut first, mut last): (Vec<_>, Vec<_>) =
        common.partition(|name| !matches!(*name, "granular_markings" | "extensions"));
    first.extend(type_.own.properties.iter().map(|property| property.name));
    first.append(&mut last);
    first
}

/// JSON with one property a line, lists of plain values in one line, and keys in an order that does not depend on how
/// they were put in.
fn pretty(value: &Json, depth: usize, order: &[&str]) -> String {
    let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    match value {
        Json::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            keys.sort_by_key(|key| {
                (order.iter().position(|name| name == key).unwrap_or(order.len()), *key)
            });
            let members: Vec<String> = keys
                .into_iter()
                .map(|key| {
                    format!(
                        "{inner}{}: {}",
                        Json::from(key.as_str()),
                        pretty(&object[key], depth + 1, &[])
                    )
                })
                .collect();
            format!("{{\n{}\n{outer}}}", members.join(",\n"))
        }
        Json::Array(list) if list.iter().any(|element| element.is_object() || list.len() > 1) => {
            let elements: Vec<String> =
                list.iter().map(|it| format!("{inner}{}", pretty(it, depth + 1, &[]))).collect();
            format!("[\n{}\n{outer}]", elements.join(",\n"))
        }
        Json::Array(list) => {
            let elements: Vec<String> = list.iter().map(ToString::to_string).collect();
            format!("[{}]", elements.join(", "))
        }
        plain => plain.to_string(),
    }
}
