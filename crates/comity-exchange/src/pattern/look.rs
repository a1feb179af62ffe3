//! What is matched: observed-data with the objects that it names.

use std::collections::BTreeSet;

use comity_model::Holding;
use serde::Deserialize;

use super::{ASKED, newest_of};
use crate::error::Result;
use crate::node::Node;

/// Bytes of objects that are matched together, at the most.
const MOST_BYTES: usize = 16 << 20;

/// What is read of observed-data (STIX 2.1 section 4.14); the rest is for the patterns.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Said {
    object_refs: Vec<String>,
    first_observed: Option<String>,
    last_observed: Option<String>,
    number_observed: Option<u64>,
}

/// Observed-data as readers see it now, with what it names as observed.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) observed: Holding,
    pub(super) parts: Vec<Holding>,
    /// Every id that it names as observed, held or not.
    pub(super) named: Vec<String>,
    /// Whether some of what it names was left out, because together it is too large.
    pub(super) is_cut: bool,
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
    /// How often it was observed.
    pub(super) number: u64,
}

impl Look {
    /// Everything that it rests on.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Holding> {
        std::iter::once(&self.observed).chain(&self.parts)
    }

    /// Whether nothing of it came from a partner.
    pub(super) fn is_own(&self) -> bool {
        self.rows().all(|it| it.origin.partner().is_none())
    }

    fn size(&self) -> usize {
        self.rows().map(|it| it.bytes.len()).sum()
    }
}

/// Reads observed-data. What is revoked, or what readers do not see, is passed over.
pub(super) async fn read(node: &Node, ids: &[String]) -> Result<Vec<Look>> {
    let mut looks = Vec::with_capacity(ids.len());
    for ids in ids.chunks(ASKED) {
        for observed in newest_of(node, ids).await? {
            if observed.stix_type == "observed-data" && !observed.revoked {
                looks.push(with_parts(node, observed).await?);
            }
        }
    }
    // in the order that was asked for
    looks.sort_by_key(|look| ids.iter().position(|id| *id == look.observed.id));
    Ok(looks)
}

async fn with_parts(node: &Node, observed: Holding) -> Result<Look> {
    let said: Said = serde_json::from_slice(&observed.bytes).unwrap_or_default();
    let named: BTreeSet<String> =
        said.object_refs.into_iter().filter(|id| *id != observed.id).collect();
    let mut look = Look {
        parts: Vec::new(),
        named: named.into_iter().collect(),
        is_cut: false,
        first: said.first_observed,
        last: said.last_observed,
        number: said.number_observed.unwrap_or(1).clamp(1, 999_999_999),
        observed,
    };
    let mut size = look.size();
    for ids in look.named.chunks(ASKED) {
        let found = newest_of(node, ids).await?;
        for part in found.into_iter().filter(|it| it.stix_type != "observed-data") {
            size += part.bytes.len();
            look.parts.push(part);
        }
        if size > MOST_BYTES {
            look.is_cut = true;
            break;
        }
    }
    Ok(look)
}

/// The last of these that together are not too large, in their order.
pub(super) fn last_that_fit(mut looks: Vec<Look>) -> Vec<Look> {
    let mut size = 0_usize;
    let fit = looks.iter().rev().take_while(|look| {
        size = size.saturating_add(look.size());
        size <= MOST_BYTES
    });
    let from = looks.len() - fit.count();
    looks.split_off(from)
}
