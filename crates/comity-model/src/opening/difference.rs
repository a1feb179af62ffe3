//! In what a derivative differs from its original.

use std::collections::BTreeMap;

use comity_stix::Limits;
use comity_stix::json::{Document, Kind, Value};
use serde::Serialize;

/// One property that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Difference {
    /// The property, as a JSON pointer (RFC 6901); lists are compared as a whole.
    pub property: String,
    /// How it differs.
    pub how: Differs,
}

/// How a property differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Differs {
    /// It is in the original alone.
    Removed,
    /// It says something else.
    Changed,
    /// It is in the derivative alone.
    Added,
}

/// The properties that differ, in order; `None` if one of the two is no object.
pub fn differences(original: &[u8], derivative: &[u8]) -> Option<Vec<Difference>> {
    let original = Document::parse(original, &Limits::default()).ok()?;
    let derivative = Document::parse(derivative, &Limits::default()).ok()?;
    if [&original, &derivative].iter().any(|it| it.root().kind() != Kind::Object) {
        return None;
    }
    let mut found = Vec::new();
    compare(original.root(), derivative.root(), &mut found);
    found.sort();
    Some(found)
}

fn compare(one: Value<'_, '_>, other: Value<'_, '_>, found: &mut Vec<Difference>) {
    let members = |value: Value<'_, '_>| value.members().map(|it| it.pointer()).collect::<Vec<_>>();
    let mut left: BTreeMap<String, Value<'_, '_>> =
        members(other).into_iter().zip(other.members()).collect();
    for member in one.members() {
        let property = member.pointer();
        match left.remove(&property) {
            None => found.push(Difference { property, how: Differs::Removed }),
            Some(same) if (member.kind(), same.kind()) == (Kind::Object, Kind::Object) => {
                compare(member, same, found);
            }
            Some(same) if says_the_same(member, same) => {}
            Some(_) => found.push(Difference { property, how: Differs::Changed }),
        }
    }
    let added = left.into_keys().map(|property| Difference { property, how: Differs::Added });
    found.extend(added);
}

fn says_the_same(one: Value<'_, '_>, other: Value<'_, '_>) -> bool {
    one.raw() == other.raw() || one.text().is_some() && one.text() == other.text()
}
