//! What the policy needs to know of an object, read off its bytes.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::marking::{Marking, Markings};
use comity_model::{Holding, Origin, Pap, domain};
use comity_policy::Facts;
use comity_stix::json::{Document, Kind, Value};
use comity_stix::types::vocabulary;
use comity_stix::{Limits, assigned};
use jiff::Timestamp;

/// What the marking definitions say that are decided about together with the objects that name them, by their ids.
/// [`crate::compose`] adds those that the node holds.
#[derive(Debug, Default)]
pub(super) struct Definitions(BTreeMap<String, Marking>);

impl Definitions {
    /// Reads the marking definitions among holdings.
    pub(super) fn among(holdings: &[Holding]) -> Self {
        let definitions = holdings.iter().filter(|it| it.stix_type == "marking-definition");
        let read = |holding: &Holding| {
            let document = Document::parse(&holding.bytes, &Limits::default()).ok()?;
            Some((holding.id.clone(), Marking::read(&document)?))
        };
        Self(definitions.filter_map(read).collect())
    }
}

/// What the policy needs to know of a holding.
pub(super) fn facts(holding: &Holding, definitions: &Definitions, now: Timestamp) -> Facts {
    let origin = match &holding.origin {
        Origin::Own { .. } => comity_policy::Origin::Own,
        Origin::Partner { party, .. } => comity_policy::Origin::Partner(*party),
    };
    let mut facts = Facts::new(holding.stix_type.clone(), origin);
    facts.labels = holding.labels.iter().cloned().collect();
    facts.tlp = holding.tlp;
    facts.pap = Pap::of_labels(holding.labels.iter().map(String::as_str));
    facts.grade = holding.grade;
    facts.revoked = holding.revoked;
    facts.handling.clone_from(&holding.handling);
    let since = holding.modified.unwrap_or(holding.received_at);
    facts.age_days = now
        .as_second()
        .checked_sub(since.as_second())
        .and_then(|seconds| u32::try_from(seconds.max(0) / 86_400).ok());
    let Ok(document) = Document::parse(&holding.bytes, &Limits::default()) else {
        facts.natural_person = true;
        facts.unknown_markings = true;
        return facts;
    };
    mark(&document, definitions, &mut facts);
    facts.natural_person = domain::natural_person(&document);
    let confidence = document.root().child("confidence");
    facts.confidence =
        confidence.and_then(|value| value.raw().parse().ok()).filter(|it| *it <= 100);
    facts.country = document
        .root()
        .child("country")
        .and_then(|value| value.text())
        .map(|country| country.to_ascii_uppercase());
    let mut path = String::new();
    paths(document.root(), &mut path, &mut facts);
    if facts.stix_type == "location" {
        facts.free_places = free_places(document.root());
    }
    facts
}

/// Those of the properties of a place that name it by no code: `administrative_area` by ISO 3166-2, of its country where
/// it says one, `country` by ISO 3166-1 (STIX 2.1 section 4.10), `region` by the vocabulary of section 10.21.
fn free_places(place: Value<'_, '_>) -> BTreeSet<String> {
    let country = place.child("country").and_then(|it| it.text());
    let of_it = |area: &str| {
        let of = area.split_once('-').map_or(area, |(of, _)| of);
        country.as_ref().is_none_or(|country| country.eq_ignore_ascii_case(of))
    };
    let coded = |property: &str, text: &str| match property {
        "administrative_area" => assigned::is_subdivision(text) && of_it(text),
        "country" => assigned::is_country(text),
        _ => vocabulary::REGION.values.contains(&text),
    };
    let named = ["administrative_area", "country", "region"].into_iter();
    let free = named.filter(|property| {
        let value = place.child(property);
        value.is_some_and(|it| !it.text().is_some_and(|text| coded(property, &text)))
    });
    free.map(str::to_owned).collect()
}

/// The TLP and PAP labels of an object's markings. The head knows those of the fixed definitions only, and not of what.
fn mark(document: &Document<'_>, definitions: &Definitions, facts: &mut Facts) {
    let markings = Markings::of(document);
    let resolve = |id: &str| definitions.0.get(id).cloned();
    facts.tlp = markings.whole(resolve);
    facts.pap = facts.pap.max(markings.strictest_pap(resolve));
    facts.unknown_markings = !markings.unresolved(resolve).is_empty();
    for (value, tlp) in markings.labelled(resolve) {
        let label = facts.granular_tlp.entry(path_of(value)).or_insert(tlp);
        *label = tlp.max(*label);
    }
}

/// The dotted path of a value, lists transparent.
fn path_of(value: Value<'_, '_>) -> String {
    let mut keys: Vec<_> =
        std::iter::successors(Some(value), Value::parent).filter_map(|value| value.key()).collect();
    keys.reverse();
    keys.join(".")
}

/// The dotted path of every property, lists transparent, and which of them are times finer than a day.
fn paths(value: Value<'_, '_>, path: &mut String, facts: &mut Facts) {
    for member in value.members() {
        let length = path.len();
        if let Some(key) = member.key() {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&key);
            if !facts.properties.contains(path.as_str()) {
                facts.properties.insert(path.clone());
            }
        }
        match member.kind() {
            Kind::Object | Kind::List => paths(member, path, facts),
            Kind::Text if is_fine_time(path, &member) => {
                facts.fine_times.insert(path.clone());
            }
            _ => {}
        }
        path.truncate(length);
    }
}

fn is_fine_time(path: &str, value: &Value<'_, '_>) -> bool {
    if matches!(path, "created" | "modified") {
        return false;
    }
    let raw = value.raw();
    // "2026-01-01T00:00:00Z" with its quotes is the shortest timestamp there is
    let looks = raw.len() >= 22 && raw.ends_with("Z\"") && raw.as_bytes().get(11) == Some(&b'T');
    let of_day = raw.get(12..).unwrap_or_default();
    looks
        && of_day.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0')
        && comity_stix::timestamp::Stamp::parse(raw.trim_matches('"')).is_ok()
}

#[cfg(test)]
mod tests;
