//! How many origins stand behind an object.

use std::collections::BTreeSet;

use comity_model::Holding;
use serde::Serialize;

use super::mention::Mention;
use super::{Behind, Known, about, is_returned};
use crate::error::Result;
use crate::import::whose::own_identity;
use crate::node::Node;

/// Objects followed from one object to what it was made from.
const STEPS: usize = 256;

/// How something supports an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It is the object itself, as it first came.
    Reported,
    /// It is the same value, observed by another party: the id of an observable is made of its value.
    SameValue,
    /// It is the same thing, told by another object.
    Duplicate,
    /// It says that the thing was seen.
    Sighting,
}

/// Why something that seems to support an object adds no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is this party's own information, which a partner gave back.
    Returned,
    /// It is another copy of the same object, which one creator made.
    Copy,
    /// It was made from the object.
    Derived,
    /// It judges what others reported, and reports nothing.
    Assessment,
    /// It sums up other sightings.
    Summary,
    /// It says that the thing was looked for and not seen.
    NotSeen,
    /// Its author revoked it.
    Revoked,
    /// It is not held.
    NotHeld,
}

/// Something that supports an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Support {
    /// Its id.
    pub id: String,
    /// How.
    pub how: How,
}

/// Something that does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// Why.
    pub why: Why,
}

/// One origin, counted once, and everything of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OriginGroup {
    /// By what it is known; more than one where something has both, as a creator that a feed passes on.
    pub whose: BTreeSet<Behind>,
    /// What.
    pub support: Vec<Support>,
}

/// What stands behind an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Corroboration {
    /// The object, by its id here.
    pub id: String,
    /// Every id under which this party or a partner knows it.
    pub known_as: BTreeSet<String>,
    /// The origins; their number is the number that counts.
    pub origins: Vec<OriginGroup>,
    /// What was looked at and adds nothing.
    pub left_out: BTreeSet<LeftOut>,
    /// Whether everything that speaks of the object was looked at.
    pub complete: bool,
}

/// Counts the distinct origins behind an object. What returned through partners, and what was made from something, counts for
/// where that came from and for nothing else.
pub async fn corroboration(node: &Node, id: &str) -> Result<Corroboration> {
    let known = Known::of(node, id).await?;
    let ids = known.ids();
    let (mentions, complete) = about(node, &ids).await?;
    let own = own_identity(node)?;
    let mut count = Count { node, ids, own, origins: Vec::new(), left_out: BTreeSet::new() };
    count.the_object(&known.canonical).await?;
    for holding in mentions {
        count.mention(&holding).await?;
    }
    let Count { ids, mut origins, left_out, .. } = count;
    origins.sort();
    let origins = origins
        .into_iter()
        .map(|(whose, support)| OriginGroup { whose, support: support.into_iter().collect() })
        .collect();
    Ok(Corroboration { id: known.canonical, known_as: ids, origins, left_out, complete })
}

struct Count<'a> {
    node: &'a Node,
    /// The ids of the object.
    ids: BTreeSet<String>,
    /// The id of this party's own identity.
    own: String,
    /// The origins, of which no two are known by the same, and what each supports.
    origins: Vec<(BTreeSet<Behind>, BTreeSet<Support>)>,
    left_out: BTreeSet<LeftOut>,
}

impl Count<'_> {
    fn leave_out(&mut self, id: &str, why: Why) {
        self.left_out.insert(LeftOut { id: id.to_owned(), why });
    }

    /// Counts something for its origin. Origins that turn out to be known by the same are one from then on.
    fn support(&mut self, mut whose: BTreeSet<Behind>, id: &str, how: How) {
        let mut support = BTreeSet::from([Support { id: id.to_owned(), how }]);
        let (same, others) = std::mem::take(&mut self.origins)
            .into_iter()
            .partition(|(known, _)| !known.is_disjoint(&whose));
        self.origins = others;
        let same: Vec<(BTreeSet<Behind>, BTreeSet<Support>)> = same;
        for (known, more) in same {
            whose.extend(known);
            support.extend(more);
        }
        self.origins.push((whose, support));
    }

    fn behind(&self, holding: &Holding) -> BTreeSet<Behind> {
        Behind::of(holding, &self.own)
    }

    /// The object itself: as it first came, and where its id is made of its value, as every party gave it.
    async fn the_object(&mut self, canonical: &str) -> Result<()> {
        let mut rows = Vec::new();
        for id in self.ids.clone() {
            rows.extend(self.node.store().holding_versions(id).await?);
        }
        rows.sort_by_key(|it| it.received_at);
        let mut firsts = BTreeSet::new();
        for row in &rows {
            if row.id != canonical || is_returned(self.node, row) {
                self.leave_out(&row.id, Why::Returned);
            } else if firsts.is_empty() {
                firsts = self.origins_of(row, true).await?.unwrap_or_default();
                for whose in firsts.clone() {
                    self.support(whose, &row.id, How::Reported);
                }
            } else if is_value(row) {
                self.support(self.behind(row), &row.id, How::SameValue);
            } else if firsts.iter().all(|it| it.is_disjoint(&self.behind(row))) {
                self.leave_out(&row.id, Why::Copy);
            }
        }
        Ok(())
    }

    async fn mention(&mut self, holding: &Holding) -> Result<()> {
        let mention = Mention::of(holding, &self.ids);
        let id = holding.id.as_str();
        if holding.revoked {
            if !matches!(mention, Mention::Nothing | Mention::Note { .. }) {
                self.leave_out(id, Why::Revoked);
            }
            return Ok(());
        }
        match mention {
            Mention::Duplicate { other } => match self.first(&other).await? {
                Some(first) => self.supporter(&first, How::Duplicate).await?,
                None => self.leave_out(&other, Why::NotHeld),
            },
            Mention::Derivative { made } => self.leave_out(&made, Why::Derived),
            Mention::Sighting { count: Some(0), .. } => self.leave_out(id, Why::NotSeen),
            Mention::Sighting { summary: true, .. } => self.leave_out(id, Why::Summary),
            Mention::Sighting { .. } => {
                if let Some(first) = self.first(id).await? {
                    self.supporter(&first, How::Sighting).await?;
                }
            }
            Mention::Opinion { opinion, .. }
                if matches!(opinion.as_str(), "agree" | "strongly-agree") =>
            {
                self.leave_out(id, Why::Assessment);
            }
            _ => {}
        }
        Ok(())
    }

    async fn supporter(&mut self, holding: &Holding, how: How) -> Result<()> {
        match self.origins_of(holding, false).await? {
            Ok(all) => {
                for whose in all {
                    self.support(whose, &holding.id, how);
                }
            }
            Err(why) => self.leave_out(&holding.id, why),
        }
        Ok(())
    }

    /// The first arrival of an object, under whichever id this party knows it.
    async fn first(&self, id: &str) -> Result<Option<Holding>> {
        let known = Known::resolve(self.node, id).await?;
        let rows = self.node.store().holding_versions(known.canonical).await?;
        Ok(rows.into_iter().min_by_key(|it| it.received_at))
    }

    /// Whose information an object is in the end: that of what it was made from, and from that again. An object that was made
    /// from the one in question, or is this party's own come back without its original, has none to add.
    async fn origins_of(
        &self,
        holding: &Holding,
        is_the_object: bool,
    ) -> Result<std::result::Result<BTreeSet<BTreeSet<Behind>>, Why>> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::from([holding.id.clone()]);
        let mut open = vec![holding.clone()];
        while let Some(next) = open.pop() {
            let mut made_from_held = false;
            for from in self.basis(&next.id).await? {
                if !is_the_object && self.ids.contains(&from) {
                    return Ok(Err(Why::Derived));
                }
                let first = self.first(&from).await?;
                made_from_held |= first.is_some();
                let fresh = first.filter(|it| seen.len() < STEPS && seen.insert(it.id.clone()));
                open.extend(fresh);
            }
            if made_from_held {
                continue;
            }
            if is_returned(self.node, &next) {
                return Ok(Err(Why::Returned));
            }
            found.insert(self.behind(&next));
        }
        if found.is_empty() && is_returned(self.node, holding) {
            return Ok(Err(Why::Returned));
        }
        if found.is_empty() {
            // what is made from each other in a circle has no other origin than itself
            found.insert(self.behind(holding));
        }
        Ok(Ok(found))
    }

    /// What an object was made from.
    async fn basis(&self, id: &str) -> Result<BTreeSet<String>> {
        let ids = Known::resolve(self.node, id).await?.ids();
        let (mentions, _) = about(self.node, &ids).await?;
        let bases =
            mentions.iter().filter(|it| !it.revoked).filter_map(|it| match Mention::of(it, &ids) {
                Mention::Basis { from } => Some(from),
                _ => None,
            });
        Ok(bases.collect())
    }
}

/// Whether the id is made of the value, so that two who observe the same give it the same id.
fn is_value(holding: &Holding) -> bool {
    let version = holding.id.split_once("--").and_then(|(_, uuid)| uuid.as_bytes().get(14));
    holding.modified.is_none()
        && holding.stix_type != "marking-definition"
        && version == Some(&b'5')
}
