//! Which properties of an object a clause changes before the object leaves.

use std::collections::BTreeMap;

use crate::clause::Clause;
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
    if let Some(precision) = clause.precision.location
        && facts.stix_type == "location"
    {
        for path in precision.removes().iter().copied().filter(|path| here(path)) {
            changes.entry(path).or_insert((Change::Remove, RedactionTerm::PrecisionLocation));
        }
    }
    if clause.precision.time.is_some() {
        let removed = |time: &str| changes.keys().any(|path| begins_with(time, path));
        let times: Vec<&str> =
            facts.fine_times.iter().map(String::as_str).filter(|time| !removed(time)).collect();
        for time in times {
            changes.insert(time, (Change::ToDay, RedactionTerm::PrecisionTime));
        }
    }
    changes
        .into_iter()
        .map(|(property, (change, term))| Redaction { property: property.to_owned(), change, term })
        .collect()
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
