//! Which properties of an object a clause changes before the object leaves.

use std::collections::BTreeMap;

use crate::clause::persons::NAMED;
use crate::clause::{Clause, Descriptions, Persons};
use crate::decision::{Change, Redaction, RedactionTerm};
use crate::facts::Facts;

/// The changes that apply to what the object has, in the order of their paths, one a property.
pub(super) fn of(clause: &Clause, facts: &Facts) -> Vec<Redaction> {
    let mut changes: BTreeMap<&str, (Change, RedactionTerm)> = BTreeMap::new();
    let untold = facts.properties.is_empty();
    let here =
        |path: &str| untold || facts.properties.iter().any(|present| overlaps(path, present));

    for path in &clause.redact {
        if path.stix_type == facts.stix_type && here(&path.property) {
            changes.insert(&path.property, (Change::Remove, RedactionTerm::Redact));
        }
    }
    for (path, change) in persons(clause, facts).filter(|(path, _)| here(path)) {
        changes.entry(path).or_insert((change, RedactionTerm::Persons));
    }
    if clause.descriptions == Descriptions::Withhold {
        for path in descriptions(facts) {
            changes.entry(path).or_insert((Change::Remove, RedactionTerm::Descriptions));
        }
    }
    if let Some(precision) = clause.precision.location {
        let kind = facts.stix_type.as_str();
        let told = facts.properties.iter().filter_map(|path| precision.above(kind, path));
        let known = precision.known(kind).filter(|_| untold).map(|path| -> &str { path });
        let free = facts.free_places.iter().map(String::as_str);
        for path in told.chain(known).chain(free) {
            changes.entry(path).or_insert((Change::Remove, RedactionTerm::PrecisionLocation));
        }
    }
    if clause.precision.time.is_some() {
        for time in &facts.fine_times {
            changes.entry(time).or_insert((Change::ToDay, RedactionTerm::PrecisionTime));
        }
    }
    // what stands in something that goes needs no change of its own
    let goes: Vec<&str> = changes
        .iter()
        .filter(|(_, (change, _))| *change == Change::Remove)
        .map(|(path, _)| *path)
        .collect();
    changes.retain(|path, _| !goes.iter().any(|above| above != path && begins_with(path, above)));
    changes
        .into_iter()
        .map(|(property, (change, term))| Redaction { property: property.to_owned(), change, term })
        .collect()
}

/// What the clause's `persons` asks for in an object of this type.
fn persons<'a>(
    clause: &Clause,
    facts: &'a Facts,
) -> impl Iterator<Item = (&'static str, Change)> + use<'a> {
    let term = clause.persons;
    let named = NAMED.iter().filter(move |it| {
        term != Persons::Allow
            && it.stix_type == facts.stix_type
            // under `withhold` what is about a person stays whole
            && (!it.of_person || (facts.natural_person && term == Persons::Pseudonym))
    });
    named.map(move |it| {
        (it.property, if term == Persons::Withhold { Change::Remove } else { it.change })
    })
}

/// The descriptions in an object, and what an opinion says; of what was not told, the one of the object itself.
fn descriptions(facts: &Facts) -> impl Iterator<Item = &str> {
    let explains = facts.stix_type == "opinion";
    let told = facts.properties.iter().map(String::as_str).filter(move |path| {
        path.rsplit('.').next() == Some("description") || (explains && *path == "explanation")
    });
    let untold = ["description", "explanation"].into_iter().take(1 + usize::from(explains));
    told.chain(untold.filter(|_| facts.properties.is_empty()))
}

/// Whether nothing is left at a path once the changes are made.
pub(super) fn takes_out(redactions: &[Redaction], path: &str) -> bool {
    redactions.iter().any(|it| it.change == Change::Remove && begins_with(path, &it.property))
}

/// Whether one path is the other or stands above it. A path that is only known from above counts as there:
/// removing what is absent changes nothing, keeping what was to go does harm.
fn overlaps(one: &str, other: &str) -> bool {
    begins_with(one, other) || begins_with(other, one)
}

fn begins_with(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_for_everything_beneath_it_and_nothing_beside_it() {
        assert!(overlaps("a.b", "a.b"));
        assert!(overlaps("a.b", "a.b.c"));
        assert!(overlaps("a.b.c", "a"));
        assert!(!overlaps("a.b", "a.bc"));
        assert!(!overlaps("a.b", "b"));
    }
}
