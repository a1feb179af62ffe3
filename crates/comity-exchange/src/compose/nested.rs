//! What a clause takes out of objects that are not decided about: those that a release only refers to, and those that
//! stand within observed data.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::Holding;
use comity_model::derivative::derived_id;
use comity_policy::Clause;
use comity_stix::Limits;
use comity_stix::json::Document;
use comity_stix::types::{self, Kind, Type};
use uuid::Uuid;

use crate::decide::{Deliberation, follow, withhold};
use crate::ports::Verdict;

/// The observables that a selection refers to and does not hold, whose ids are made of what the clause takes out of their
/// types (STIX 2.1 section 2.9), each with the id that it gets instead: whoever guesses the content could confirm it by
/// the original's (docs/protocol.md section 6).
pub(super) fn telling(
    clause: &Clause,
    selected: &[Holding],
    secret: &[u8; 32],
) -> BTreeMap<String, String> {
    let types = telling_types(clause);
    if types.is_empty() {
        return BTreeMap::new();
    }
    let here: BTreeSet<&str> = selected.iter().map(|it| it.id.as_str()).collect();
    let named = selected.iter().flat_map(|it| &it.refs).filter(|id| !here.contains(id.as_str()));
    let telling = named.filter(|id| {
        let Some((stix_type, uuid)) = id.split_once("--") else { return false };
        types.contains(stix_type)
            && Uuid::try_parse(uuid).is_ok_and(|uuid| uuid.get_version_num() == 5)
    });
    telling.map(|id| (id.clone(), derived_id(secret, id))).collect()
}

/// The types of observables of whose ids the clause takes something out, also by way of what they refer to; with those that
/// the standard does not have, of which nobody knows here what their ids are made of.
fn telling_types(clause: &Clause) -> BTreeSet<&str> {
    let custom = clause.redact.iter().map(|it| it.stix_type.as_str());
    let mut telling: BTreeSet<&str> = custom.filter(|it| types::find(it).is_none()).collect();
    loop {
        let before = telling.len();
        let more = types::all().filter(|type_| {
            let lost = clause.may_lose(type_.name);
            type_.contributing.iter().any(|part| is_lost(clause, type_, part, &lost, &telling))
        });
        let more: Vec<&str> = more.map(|type_| type_.name).collect();
        telling.extend(more);
        if telling.len() == before {
            return telling;
        }
    }
}

/// Whether the clause takes out a property that ids of a type are made of, or something in it.
fn is_lost(
    clause: &Clause,
    type_: &Type,
    part: &str,
    lost: &BTreeSet<&str>,
    telling: &BTreeSet<&str>,
) -> bool {
    let begins = |path: &&str| path.split('.').next() == Some(part);
    // hashes go with what they are of
    let with_hashes = part == "hashes" && (lost.contains("payload_bin") || lost.contains("url"));
    if lost.iter().any(begins) || with_hashes {
        return true;
    }
    match type_.own.properties.iter().find(|it| it.name == part).map(|it| &it.kind) {
        Some(Kind::Timestamp) => clause.precision.time.is_some(),
        Some(Kind::Reference(targets)) => targets.types.iter().any(|it| telling.contains(it)),
        _ => false,
    }
}

/// Withholds observed data with objects in it (the deprecated `objects`, STIX 2.1 section 4.14) that hold something that
/// the clause takes out of their types: such an object is not decided about by itself, and nobody knows whether it is
/// about a natural person.
pub(super) fn withhold_observed(
    clause: &Clause,
    secret: &[u8; 32],
    deliberation: &mut Deliberation,
) {
    let mut any = false;
    for it in &mut deliberation.considered {
        if it.verdict == Verdict::Withheld || it.holding.stix_type != "observed-data" {
            continue;
        }
        let Some(pointer) = observed(clause, &it.holding.bytes) else { continue };
        deliberation.withheld.insert(it.holding.id.clone());
        let text = format!(
            "an object within it has what the clause takes out, at `{pointer}`; give the objects by `object_refs`"
        );
        withhold(it, "redacted-value-remains", &pointer, &text);
        any = true;
    }
    if any {
        follow(secret, deliberation);
    }
}

/// The first value within observed data that the clause takes out of objects of its type, as a JSON pointer.
fn observed(clause: &Clause, bytes: &[u8]) -> Option<String> {
    let document = Document::parse(bytes, &Limits::default()).ok()?;
    let objects = document.root().child("objects")?;
    objects.members().find_map(|object| {
        let stix_type = object.child("type").and_then(|it| it.text())?;
        let lost = clause.may_lose(&stix_type);
        let mut found = lost.iter().filter_map(|path| {
            // the whole of a list or an object, if what is lost stands in one
            object.child(path.split('.').next()?)
        });
        found.next().map(|value| value.pointer())
    })
}
