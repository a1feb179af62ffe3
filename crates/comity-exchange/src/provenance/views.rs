//! What each party says of an object, side by side.

use std::collections::BTreeMap;

use comity_model::{Digest, Grade, Holding, Origin, PartyRoot};
use jiff::Timestamp;

use super::mention::Mention;
use super::{Known, about};
use crate::error::Result;
use crate::node::Node;

/// One opinion or note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The id of the `opinion` or `note`.
    pub id: String,
    /// The word of STIX for what is thought, as `strongly-disagree`; `None` for a note.
    pub opinion: Option<String>,
    /// Why, or the remark.
    pub text: Option<String>,
    /// Its version.
    pub version: String,
    /// The grade it came with.
    pub grade: Option<Grade>,
    /// Whether its author revoked it.
    pub revoked: bool,
    /// When it entered here.
    pub received_at: Timestamp,
}

/// The newest version of the object itself that a party gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHeld {
    /// The id under which.
    pub id: String,
    /// The version.
    pub version: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The grade it came with.
    pub grade: Option<Grade>,
    /// Whether it is a revocation.
    pub revoked: bool,
    /// Whether readers get this one.
    pub current: bool,
}

/// What one party says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyViews {
    /// The party; this one stands first.
    pub party: PartyRoot,
    /// The object as that party gave it.
    pub version: Option<VersionHeld>,
    /// What it thinks and remarks, in the order of arrival.
    pub opinions: Vec<Opinion>,
}

/// What is said of an object, by party and never merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Views {
    /// The object, by its id here.
    pub id: String,
    /// The parties that say something.
    pub parties: Vec<PartyViews>,
    /// Whether everything that speaks of the object was looked at.
    pub complete: bool,
}

/// What every party says of an object: its own version of it, its opinions and its notes. A partner's dissent stands beside
/// one's own view, whichever came later.
pub async fn views(node: &Node, id: &str) -> Result<Views> {
    let known = Known::of(node, id).await?;
    let ids = known.ids();
    let (mentions, complete) = about(node, &ids).await?;
    let mut parties: BTreeMap<PartyRoot, PartyViews> = BTreeMap::new();
    let current = node.store().holding(known.canonical.clone()).await?.map(|it| it.digest);
    for id in &ids {
        for row in newest_of_each(node, id).await? {
            let party = party(node, &row);
            let version = VersionHeld {
                id: row.id,
                version: row.version,
                digest: row.digest,
                grade: row.grade,
                revoked: row.revoked,
                current: Some(row.digest) == current,
            };
            let views = parties.entry(party).or_insert_with(|| PartyViews::none(party));
            // a derivative of this party's own that came back is no other view of it
            if views.version.is_none() || version.id == known.canonical {
                views.version = Some(version);
            }
        }
    }
    for mention in mentions {
        let (opinion, text) = match Mention::of(&mention, &ids) {
            Mention::Opinion { opinion, text } => (Some(opinion), text),
            Mention::Note { text } => (None, text),
            _ => continue,
        };
        let party = party(node, &mention);
        parties.entry(party).or_insert_with(|| PartyViews::none(party)).opinions.push(Opinion {
            id: mention.id,
            opinion,
            text,
            version: mention.version,
            grade: mention.grade,
            revoked: mention.revoked,
            received_at: mention.received_at,
        });
    }
    let own = parties.remove(&node.root());
    Ok(Views {
        id: known.canonical,
        parties: own.into_iter().chain(parties.into_values()).collect(),
        complete,
    })
}

impl PartyViews {
    const fn none(party: PartyRoot) -> Self {
        Self { party, version: None, opinions: Vec::new() }
    }
}

/// Whose view a holding is. What comes back to this party as its own is what the partner that gave it says: only what it holds
/// itself is its own view.
fn party(node: &Node, holding: &Holding) -> PartyRoot {
    match &holding.origin {
        Origin::Own { .. } => node.root(),
        Origin::Partner { party, originator, .. } if *originator == node.root() => *party,
        Origin::Partner { originator, .. } => *originator,
    }
}

/// The newest version of an object that each party gave. Versions come oldest first.
async fn newest_of_each(node: &Node, id: &str) -> Result<Vec<Holding>> {
    let rows = node.store().holding_versions(id.to_owned()).await?;
    let newest: BTreeMap<PartyRoot, Holding> =
        rows.into_iter().map(|it| (party(node, &it), it)).collect();
    Ok(newest.into_values().collect())
}
