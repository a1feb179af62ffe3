//! Provenance: where an object came from and through whose hands, who else says so, and who says otherwise.
//!
//! Corroboration counts distinct origins and nothing else, so that a report that returns through partners never confirms
//! itself (invariant circularity; the rules stand in docs/protocol.md section 7).

use std::collections::BTreeSet;

use comity_model::{AgreementId, Digest, Grade, Handling, Holding, Origin, PartyRoot};
use jiff::Timestamp;
use serde::Serialize;

use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::HoldingQuery;

mod behind;
mod corroboration;
mod mention;
mod views;

pub use behind::Behind;
pub use corroboration::{Corroboration, How, LeftOut, OriginGroup, Support, Why, corroboration};
pub use views::{Opinion, PartyViews, VersionHeld, Views, views};

/// Objects that speak of another, looked at for one answer.
const MOST: usize = 10_000;
/// Objects read from the store at a time.
const PAGE: u32 = 1_000;

/// Whose information something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Whose {
    /// This party's own, through the file, feed or desk of this name.
    Own {
        /// Its name.
        source: String,
    },
    /// Another party's.
    Party {
        /// Its root.
        root: PartyRoot,
    },
}

/// Where one version of an object came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The version: `modified`, or the digest where the object has none.
    pub version: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Whose information it is.
    pub whose: Whose,
    /// The parties through whose hands it came, the originator first; empty for this party's own.
    pub chain: Vec<PartyRoot>,
    /// The source grade, as the originator gave it.
    pub grade: Option<Grade>,
    /// The agreement and the statement it came with, for what a partner released.
    pub came_with: Option<(AgreementId, Digest)>,
    /// What binds this party.
    pub handling: Option<Handling>,
    /// When it entered.
    pub received_at: Timestamp,
    /// Whether this party's own information has come back in it.
    pub returned: bool,
}

/// Where an object came from, by version and source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The id that was asked about.
    pub id: String,
    /// The object of this party whose derivative it is, where it is one.
    pub original: Option<String>,
    /// The ids under which derivatives of it left, and the agreements.
    pub left_as: Vec<(AgreementId, String)>,
    /// Every version from every source, in the order of `modified`, then of arrival. Empty only for a derivative of this
    /// party that nobody gave back.
    pub sources: Vec<Source>,
}

/// Where every version of an object that is held came from. `not-found` where neither the object is held nor its id one under
/// which something left.
pub async fn provenance(node: &Node, id: &str) -> Result<Provenance> {
    let known = Known::of(node, id).await?;
    let sources = node.store().holding_versions(id.to_owned()).await?;
    Ok(Provenance {
        id: id.to_owned(),
        original: (known.canonical != id).then_some(known.canonical),
        left_as: if known.left_as.iter().any(|(_, derived)| derived == id) {
            Vec::new()
        } else {
            known.left_as
        },
        sources: sources.into_iter().map(|it| source(node, it)).collect(),
    })
}

fn source(node: &Node, holding: Holding) -> Source {
    let came_with = match &holding.origin {
        Origin::Own { .. } => None,
        Origin::Partner { agreement, statement, .. } => Some((*agreement, *statement)),
    };
    Source {
        whose: whose(&holding),
        returned: is_returned(node, &holding),
        version: holding.version,
        digest: holding.digest,
        chain: holding.chain,
        grade: holding.grade,
        came_with,
        handling: holding.handling,
        received_at: holding.received_at,
    }
}

/// Whose information a holding is, by what it says of itself.
fn whose(holding: &Holding) -> Whose {
    match &holding.origin {
        Origin::Own { source } => Whose::Own { source: source.clone() },
        Origin::Partner { originator, .. } => Whose::Party { root: *originator },
    }
}

/// Whether a holding is this party's own information that a partner gave back.
fn is_returned(node: &Node, holding: &Holding) -> bool {
    match &holding.origin {
        Origin::Own { .. } => false,
        Origin::Partner { originator, .. } => *originator == node.root(),
    }
}

/// An object under every id by which this party and its partners know it.
#[derive(Debug, Clone)]
struct Known {
    /// The id here: the original's, where it left as derivatives.
    canonical: String,
    /// The ids under which derivatives of it left, and the agreements.
    left_as: Vec<(AgreementId, String)>,
}

impl Known {
    /// Resolves an id; `not-found` where nothing by it is held and nothing left under it.
    async fn of(node: &Node, id: &str) -> Result<Self> {
        let known = Self::resolve(node, id).await?;
        if known.left_as.is_empty() && node.store().holding(id.to_owned()).await?.is_none() {
            return Err(ExchangeError::NotFound {
                what: "holding",
                name: id.chars().take(200).collect(),
                advice: "`comity holdings search WORDS` finds its id",
            });
        }
        Ok(known)
    }

    async fn resolve(node: &Node, id: &str) -> Result<Self> {
        let mut canonical = id.to_owned();
        let mut derivatives = node.store().derivatives_known_as(vec![canonical.clone()]).await?;
        if let Some(own) = derivatives.iter().find(|it| it.derived == id) {
            canonical.clone_from(&own.original);
            derivatives = node.store().derivatives_known_as(vec![canonical.clone()]).await?;
        }
        let left_as: BTreeSet<(AgreementId, String)> = derivatives
            .into_iter()
            .filter(|it| it.original == canonical)
            .map(|it| (it.agreement, it.derived))
            .collect();
        Ok(Self { canonical, left_as: left_as.into_iter().collect() })
    }

    /// Every id.
    fn ids(&self) -> BTreeSet<String> {
        let derived = self.left_as.iter().map(|(_, derived)| derived.clone());
        derived.chain([self.canonical.clone()]).collect()
    }
}

/// The relationships, sightings, opinions and notes that name one of these ids, each in its newest version, and whether that is
/// all of them.
async fn about(node: &Node, ids: &BTreeSet<String>) -> Result<(Vec<Holding>, bool)> {
    let mut query = HoldingQuery {
        about: Some(ids.iter().cloned().collect()),
        limit: PAGE,
        ..HoldingQuery::default()
    };
    let mut all = Vec::new();
    loop {
        let page = node.store().holdings(query.clone()).await?;
        all.extend(page.holdings);
        match page.next {
            Some(_) if all.len() >= MOST => return Ok((all, false)),
            Some(next) => query.after = Some(next),
            None => return Ok((all, true)),
        }
    }
}
