//! What an officer sees each time: sites and natural persons, and what names them (docs/protocol.md section 3.6).

use std::collections::BTreeSet;

use comity_model::{Holding, domain};
use comity_stix::Limits;
use comity_stix::json::{Document, Value};
use comity_stix::types;

use super::named::{Absent, Named};
use crate::error::Result;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{HoldingQuery, ReleaseRow, Verdict};

/// The type that names a site.
pub(super) const SITE: &str = "suspected-laboratory";
/// The type of a place.
pub(super) const PLACE: &str = "location";
/// Types that say of a place beside a site that it is the site's.
pub(super) const OF_SITES: [&str; 2] = ["relationship", "sighting"];
/// The type of the addresses of persons.
const ADDRESS: &str = "email-addr";
/// What a STIX pattern has, blanks apart, that looks for a person's address or account, or for who has to do with an object.
const OF_PERSONS: [&str; 9] = [
    "bcc_refs",
    "cc_refs",
    "creator_user_ref",
    "email-addr:",
    "from_ref",
    "sender_ref",
    "to_refs",
    "user-account:",
    "user_refs",
];
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
/// an indicator whose pattern looks for one, and what names its authors. An identity is unless it says that it is an organization or a system: a
/// group of three, or a class of persons, may be named by its members.
pub(crate) fn is_one(object: &[u8]) -> bool {
    let Ok(document) = Document::parse(object, &Limits::default()) else { return true };
    let root = document.root();
    match root.child("type").and_then(|it| it.text()).as_deref() {
        Some(SITE) => true,
        Some(PLACE) => root.members().any(|it| match it.key().as_deref() {
            Some("extensions") => it.members().any(|it| it.key().as_deref() != Some(domain::GRADE)),
            key => key.is_none_or(|key| !WIDE.contains(&key)),
        }),
        Some("indicator") => looks_for_a_person(root),
        Some("note" | "opinion") => root.child("authors").is_some(),
        Some("observed-data") => root.child("objects").is_some_and(|objects| {
            let types = objects.members().map(|it| it.child("type").and_then(|it| it.text()));
            let mut persons = types.map(|it| it.map_or(ByType::Perhaps, |it| by_type(&it)));
            persons.any(|it| it != ByType::Neither)
        }),
        Some("identity") => {
            let class = root.child("identity_class").and_then(|it| it.text());
            !matches!(class.as_deref(), Some("organization" | "system"))
        }
        _ => domain::natural_person(&document),
    }
}

/// Whether the pattern of an indicator looks for a person. In other languages than STIX an address is known by its sign.
fn looks_for_a_person(indicator: Value<'_, '_>) -> bool {
    let Some(pattern) = indicator.child("pattern").and_then(|it| it.text()) else { return true };
    let language = indicator.child("pattern_type").and_then(|it| it.text());
    if language.as_deref() != Some("stix") && pattern.contains('@') {
        return true;
    }
    let close: String = pattern.chars().filter(|it| !it.is_whitespace()).collect();
    OF_PERSONS.iter().any(|it| close.contains(it))
}

/// The identities of both parties that are no natural persons: everybody who has their descriptors knows them.
pub(crate) fn of_the_parties(node: &Node, other: &Partner) -> Result<BTreeSet<String>> {
    let own = partner::own(node)?;
    let identities = [&own.descriptor.identity, &other.descriptor.identity];
    let read = identities.into_iter().filter_map(|identity| {
        let document = Document::parse(identity.get().as_bytes(), &Limits::default()).ok()?;
        let id = document.root().child("id")?.text()?;
        (!domain::natural_person(&document)).then(|| id.into_owned())
    });
    Ok(read.collect())
}

/// The objects of a release that an officer sees each time: sites, the places of sites and natural persons, and what names
/// one of them, by itself or through others, whether that goes, stays or becomes a derivative. A text in which something was
/// masked says what it was masked for, so it names that too. What is named and not held
/// cannot be judged, unless its type says that it is neither; nor can what names so much that it is not followed to its end.
pub(super) async fn wants_an_officer(
    node: &Node,
    release: &ReleaseRow,
    other: &Partner,
) -> Result<BTreeSet<String>> {
    let lines = node.store().preview(release.record.release).await?;
    let goes: BTreeSet<String> =
        lines.into_iter().filter(|it| it.verdict != Verdict::Withheld).map(|it| it.id).collect();
    let mut named = Named::new(of_the_parties(node, other)?);
    for id in &goes {
        named.ask(id);
    }
    let (agreement, objects) = (release.record.agreement.id, goes.iter().cloned().collect());
    for (object, source) in node.store().masked_for(agreement, objects).await? {
        named.leads(&object, &source);
    }
    named.follow(node, Absent::MayBeOne).await?;
    for id in node.store().named_by_sites(named.places()).await? {
        named.counts(&id);
    }
    let mut found = named.found();
    found.retain(|id| goes.contains(id));
    Ok(found)
}

/// Those of these objects that are held, in their newest version.
pub(crate) async fn held(node: &Node, ids: &[String]) -> Result<Vec<Holding>> {
    let limit = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let query = HoldingQuery { ids: Some(ids.to_vec()), limit, ..HoldingQuery::default() };
    Ok(node.store().holdings(query).await?.holdings)
}
