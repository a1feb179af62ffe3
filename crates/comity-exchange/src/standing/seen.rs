//! What an officer sees each time: sites and natural persons, and what names them (docs/protocol.md section 3.6).

use std::collections::{BTreeMap, BTreeSet};

use comity_model::{Holding, domain};
use comity_stix::Limits;
use comity_stix::json::Document;
use comity_stix::types;

use crate::error::Result;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{HoldingQuery, ReleaseRow, Verdict};

/// The type that names a site.
const SITE: &str = "suspected-laboratory";
/// The type of a place.
const PLACE: &str = "location";
/// The type of the addresses of persons.
const ADDRESS: &str = "email-addr";
/// What a pattern has that looks for a person's address or account.
const OF_PERSONS: [&str; 2] = ["email-addr:", "user-account:"];
/// Types of the domain that are neither (docs/protocol.md section 3).
const OF_THE_DOMAIN: [&str; 2] = ["consignment", "overdose-alert"];
/// What a place may say and be no site: where it lies as widely as a district, what that is called, and what the standard
/// wants of it.
const WIDE: [&str; 13] = [
    "administrative_area",
    "confidence",
    "country",
    "created",
    "created_by_ref",
    "id",
    "lang",
    "modified",
    "name",
    "object_marking_refs",
    "region",
    "spec_version",
    "type",
];
/// Objects read from the store at a time.
const PAGE: usize = 1_000;

/// What the type of an object that is named says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByType {
    /// It is a site or speaks of a natural person.
    One,
    /// It may: the object itself says.
    Perhaps,
    /// It is neither.
    Neither,
}

/// What an id says of the object that it names.
pub(crate) fn by_type(id: &str) -> ByType {
    match id.split_once("--").map_or(id, |(stix_type, _)| stix_type) {
        SITE | ADDRESS => ByType::One,
        PLACE | "identity" | "observed-data" | "threat-actor" | "user-account" => ByType::Perhaps,
        known if types::find(known).is_some() || OF_THE_DOMAIN.contains(&known) => ByType::Neither,
        _ => ByType::Perhaps,
    }
}

/// Whether an object is a site or speaks of a natural person; what cannot be read might. A place that says more than its
/// name, its country, its region or its administrative area is one; so is observed data with an account or an address within,
/// and an indicator whose pattern looks for one.
pub(crate) fn is_one(object: &[u8]) -> bool {
    let Ok(document) = Document::parse(object, &Limits::default()) else { return true };
    let root = document.root();
    match root.child("type").and_then(|it| it.text()).as_deref() {
        Some(SITE) => true,
        Some(PLACE) => root.members().any(|it| match it.key().as_deref() {
            Some("extensions") => it.members().any(|it| it.key().as_deref() != Some(domain::GRADE)),
            key => key.is_none_or(|key| !WIDE.contains(&key)),
        }),
        Some("indicator") => root
            .child("pattern")
            .and_then(|it| it.text())
            .is_none_or(|pattern| OF_PERSONS.iter().any(|it| pattern.contains(it))),
        Some("observed-data") => root.child("objects").is_some_and(|objects| {
            let types = objects.members().map(|it| it.child("type").and_then(|it| it.text()));
            let mut persons = types.map(|it| it.map_or(ByType::Perhaps, |it| by_type(&it)));
            persons.any(|it| it != ByType::Neither)
        }),
        _ => domain::natural_person(&document),
    }
}

/// The identities of both parties that are no natural persons: everybody who has their descriptors knows them.
pub(crate) fn of_the_parties(node: &Node, other: &Partner) -> Result<BTreeSet<String>> {
    let own = partner::own(node)?;
    let identities = [&own.descriptor.identity, &other.descriptor.identity];
    let read = identities.into_iter().filter_map(|identity| {
        let bytes = identity.get().as_bytes();
        let head = comity_stix::head(bytes, &Limits::default()).ok()?;
        (!is_one(bytes)).then(|| head.id.to_string())
    });
    Ok(read.collect())
}

/// The objects of a release that an officer sees each time: sites, the places of sites and natural persons, and what names
/// one of them, whether that goes, stays or becomes a derivative. What is named and not held cannot be judged, unless its
/// type says that it is neither.
pub(super) async fn wants_an_officer(
    node: &Node,
    release: &ReleaseRow,
    other: &Partner,
) -> Result<BTreeSet<String>> {
    let lines = node.store().preview(release.record.release).await?;
    let goes: Vec<String> =
        lines.into_iter().filter(|it| it.verdict != Verdict::Withheld).map(|it| it.id).collect();
    let mut found = BTreeSet::new();
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let harmless = of_the_parties(node, other)?;
    for page in goes.chunks(PAGE) {
        for it in held(node, page).await? {
            if is_one(&it.bytes) || it.refs.iter().any(|id| by_type(id) == ByType::One) {
                found.insert(it.id);
                continue;
            }
            let doubtful = |id: &&String| by_type(id) == ByType::Perhaps && !harmless.contains(*id);
            for id in it.refs.iter().filter(doubtful) {
                named.entry(id.clone()).or_default().insert(it.id.clone());
            }
            if by_type(&it.id) == ByType::Perhaps {
                named.entry(it.id.clone()).or_default().insert(it.id);
            }
        }
    }
    let ids: Vec<String> = named.keys().cloned().collect();
    let mut neither = BTreeSet::new();
    for page in ids.chunks(PAGE) {
        let held = held(node, page).await?.into_iter();
        neither.extend(held.filter(|it| !is_one(&it.bytes)).map(|it| it.id));
    }
    let places = neither.iter().filter(|id| id.starts_with("location--")).cloned().collect();
    for id in node.store().named_by_sites(places).await? {
        neither.remove(&id);
    }
    let doubtful = named.into_iter().filter(|(id, _)| !neither.contains(id));
    found.extend(doubtful.flat_map(|(_, by)| by));
    Ok(found)
}

/// Those of these objects that are held, in their newest version.
pub(crate) async fn held(node: &Node, ids: &[String]) -> Result<Vec<Holding>> {
    let limit = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let query = HoldingQuery { ids: Some(ids.to_vec()), limit, ..HoldingQuery::default() };
    Ok(node.store().holdings(query).await?.holdings)
}
