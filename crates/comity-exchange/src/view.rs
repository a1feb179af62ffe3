//! Views: what each audience sees of each collection. Who is a member is decided here, by the same rules by which units are
//! given what they get, and followed in the order in which objects became visible; a page only copies what was decided.
//!
//! What readers may not see any more leaves every view in the transaction that freezes or purges it; what has an end is
//! left out of pages from then on, whoever follows or not.

use std::collections::BTreeMap;

use comity_model::{Digest, Holding, Pap, PartyRoot, Tlp, UseCode};
use jiff::Timestamp;

use crate::collection::{self, Query};
use crate::consent::{Consents, End};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{
    Advance, Audience, CollectionRecord, Entry, EntryRow, MemberVersion, Membership, StoreError,
    ViewRow,
};
use crate::unit;

/// Objects looked at in one transaction.
const BATCH: u32 = 500;
/// Batches followed before others get a turn.
const ROUNDS: usize = 64;

/// Brings every view up to what is visible now. Gives whether something was left to do: then call it again. Several processes
/// may follow at once.
pub async fn follow(node: &Node) -> Result<bool> {
    let Some(mut rules) = Rules::load(node).await? else { return Ok(false) };
    for _ in 0..ROUNDS {
        match step(node, &mut rules).await {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            // another process was faster
            Err(ExchangeError::Store(StoreError::Conflict(_))) => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Follows until nothing is left to do, or as long as what was there at the beginning takes. What is written by then can be
/// read in its collections.
pub async fn catch_up(node: &Node) -> Result<()> {
    while follow(node).await? {}
    Ok(())
}

/// One transaction. Gives whether there was anything to do.
async fn step(node: &Node, rules: &mut Rules) -> Result<bool> {
    let store = node.store();
    let head = store.entered().await?;
    // those that are furthest behind go first, as far as the next ones are
    let least = rules.views.iter().map(|it| it.entered).min().unwrap_or(head);
    let behind = least < head || rules.views.iter().any(|it| it.rebased);
    let next = rules.views.iter().map(|it| it.entered).filter(|it| *it > least).min();
    let until = next.unwrap_or(head).min(head).max(least);
    let mut input = Advance { at: node.now().as_microsecond(), ..Advance::default() };
    if behind {
        let entries = store.entries(least, until, BATCH).await?;
        for view in rules.views.iter_mut().filter(|it| it.entered == least) {
            input.views.push((view.row.number, view.row.entered, entries.next, view.basis));
            for entry in &entries.objects {
                input.objects.push(view.membership(entry, &rules.handles, &rules.judicial));
            }
        }
    } else {
        let (lines, objects) = store.touched(BATCH).await?;
        if lines.is_empty() {
            return Ok(false);
        }
        input.touched = lines;
        for entry in &objects {
            for view in &rules.views {
                input.objects.push(view.membership(entry, &rules.handles, &rules.judicial));
            }
        }
    }
    let moved = input.views.clone();
    store.advance_views(input).await?;
    for (number, _, to, _) in moved {
        for view in rules.views.iter_mut().filter(|it| it.row.number == number) {
            (view.row.entered, view.entered, view.rebased) = (to, to, false);
        }
    }
    Ok(true)
}

/// Everything that decides, read once for a run.
struct Rules {
    views: Vec<View>,
    handles: BTreeMap<String, PartyRoot>,
    judicial: Consents,
}

/// A view with its rules.
struct View {
    row: ViewRow,
    collection: CollectionRecord,
    query: Option<Query>,
    basis: Digest,
    /// From where it is followed: from the beginning, where its rules changed.
    entered: u64,
    /// Whether its rules changed.
    rebased: bool,
}

impl Rules {
    /// `None` where there is no view.
    async fn load(node: &Node) -> Result<Option<Self>> {
        let rows = node.store().views().await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let collections = node.store().collections().await?;
        let handles = collection::handles(node).await?;
        let judicial = Consents::of_use(node, UseCode::Judicial, node.now()).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let collection = collections.iter().find(|it| it.id == row.collection).cloned();
            let Some(collection) = collection else { continue };
            let query = match &collection.query {
                None => None,
                Some(text) => Some(Query::parse(text).map_err(ExchangeError::damaged)?),
            };
            let consents = match row.audience {
                Audience::Unit(UseCode::Judicial) => Some(judicial.fingerprint()),
                _ => None,
            };
            let rules =
                format!("comity/view/v1\n{:?}\n{consents:?}\n{handles:?}", collection.query);
            let basis = Digest::of(rules.as_bytes());
            let rebased = basis != row.basis;
            let entered = if rebased { 0 } else { row.entered };
            views.push(View { row, collection, query, basis, entered, rebased });
        }
        Ok(Some(Self { views, handles, judicial }))
    }
}

impl View {
    /// What an object is in this view.
    fn membership(
        &self,
        entry: &Entry,
        handles: &BTreeMap<String, PartyRoot>,
        judicial: &Consents,
    ) -> Membership {
        let mut versions: BTreeMap<Timestamp, MemberVersion> = BTreeMap::new();
        let posted = |holding: &Holding| {
            let mut versions = entry.posted.iter().filter(|(id, _)| *id == self.collection.id);
            versions.any(|(_, version)| *version == holding.version)
        };
        let removed = |at: Timestamp| entry.removed.contains(&(self.collection.id, at));
        for row in &entry.rows {
            let is_in = row.holding.origin.partner().is_none() && posted(&row.holding)
                || self.query.as_ref().is_some_and(|it| it.holds(entry, &row.holding, handles));
            let seen = may_see(row, self.row.audience, judicial).filter(|_| is_in);
            let Some(Seen { until }) = seen else {
                continue;
            };
            let (version, version_at) = version_of(&row.holding);
            if removed(version_at) {
                continue;
            }
            let member = versions.entry(version_at).or_insert_with(|| MemberVersion {
                version,
                version_at,
                stix_type: row.holding.stix_type.clone(),
                rows: Vec::new(),
            });
            member.rows.push((row.position, until));
        }
        for member in versions.values_mut() {
            // that which stays longest stands for the version
            member.rows.sort_by_key(|(position, until)| {
                (std::cmp::Reverse(until.unwrap_or(i64::MAX)), *position)
            });
        }
        Membership {
            view: self.row.number,
            id: entry.id.clone(),
            versions: versions.into_values().collect(),
        }
    }
}

/// Something that an audience may see.
struct Seen {
    /// Until when, in milliseconds since 1970.
    until: Option<i64>,
}

/// Whether an audience may see a kept row.
fn may_see(row: &EntryRow, audience: Audience, judicial: &Consents) -> Option<Seen> {
    let holding = &row.holding;
    // to those alone whom the owner named: to no program, and to no unit
    let handling = holding.handling.as_ref();
    if handling.is_some_and(|it| it.tlp == Tlp::Red || it.pap == Some(Pap::Red)) {
        return None;
    }
    let is_for_units = holding.tlp != Some(Tlp::Red) && unit::may_go(holding).is_ok();
    let used = match audience {
        Audience::Unit(_) if !is_for_units => return None,
        Audience::Unit(UseCode::Judicial) => judicial.use_end(holding)?,
        Audience::House | Audience::Unit(UseCode::IntelligenceOnly) => End::Never,
    };
    let used: Option<Timestamp> = used.into();
    let until = match (row.until, used.map(Timestamp::as_millisecond)) {
        (Some(kept), Some(used)) => Some(kept.min(used)),
        (kept, used) => kept.or(used),
    };
    Some(Seen { until })
}

/// The version as TAXII 2.1 section 3.4.1 has it: `modified`, else `created`, else when the object entered.
pub(crate) fn version_of(holding: &Holding) -> (String, Timestamp) {
    if let Some(modified) = holding.modified {
        return (holding.version.clone(), modified);
    }
    let head = comity_stix::head(&holding.bytes, &comity_stix::Limits::default()).ok();
    let created = head.as_ref().and_then(|it| it.created.as_ref());
    created.map_or_else(
        || (holding.received_at.to_string(), holding.received_at),
        |it| (it.written().to_owned(), it.time()),
    )
}
