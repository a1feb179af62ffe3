//! Views: what each audience sees of each collection. Who is a member is decided here, by the same rules by which units are
//! given what they get, and followed in the order in which objects became visible; a page only copies what was decided.
//!
//! What readers may not see any more leaves every view in the transaction that freezes or purges it; what has an end is
//! left out of pages from then on, whoever follows or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use comity_model::{Digest, Holding, Pap, PartyRoot, Tlp, UseCode};
use jiff::Timestamp;

use crate::collection::{self, Query};
use crate::consent::{Consents, End};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{
    Advance, Audience, CollectionRecord, Entry, EntryRow, Judge, Look, MemberVersion, Membership,
    Shown, StoreError, ViewRow,
};
use crate::unit;

/// Objects looked at in one transaction.
const BATCH: u32 = 1_000;
/// Batches followed before others get a turn.
const ROUNDS: usize = 128;
/// How long whoever met another process that follows lets it go on.
const BEHIND_ANOTHER: Duration = Duration::from_millis(20);

/// Brings every view up to what is visible now. Gives whether something was left to do: then call it again. Several processes
/// may follow at once.
pub async fn follow(node: &Node) -> Result<bool> {
    let Some(mut following) = Following::begin(node).await? else { return Ok(false) };
    for _ in 0..ROUNDS {
        match following.step(node).await {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(ExchangeError::Store(StoreError::Conflict(_))) => {
                tokio::time::sleep(BEHIND_ANOTHER).await;
                return Ok(true);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Follows until nothing is left to do, however long that takes: nobody who waits for an answer calls it.
pub async fn catch_up(node: &Node) -> Result<()> {
    while follow(node).await? {}
    Ok(())
}

/// How objects that are put into a collection, or taken out of it, come into views now.
pub(crate) async fn shown(node: &Node) -> Result<Shown> {
    let views = node.store().views().await?;
    let rules = Rules::load(node, &views).await?;
    Ok(Shown { judge: Arc::new(rules), at: node.now().as_microsecond() })
}

/// How far the views are, and the rules for all of them.
struct Following {
    views: Vec<Place>,
    rules: Arc<Rules>,
}

/// Where a view is.
struct Place {
    row: ViewRow,
    basis: Digest,
    /// From where it is followed: from the beginning, where its rules changed.
    entered: u64,
    /// Whether its rules changed.
    rebased: bool,
}

impl Following {
    /// `None` where there is no view.
    async fn begin(node: &Node) -> Result<Option<Self>> {
        let rows = node.store().views().await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let rules = Rules::load(node, &rows).await?;
        let place = |row: ViewRow| {
            let basis = rules.views.get(&row.number)?.basis;
            let rebased = basis != row.basis;
            let entered = if rebased { 0 } else { row.entered };
            Some(Place { row, basis, entered, rebased })
        };
        let views = rows.into_iter().filter_map(place).collect();
        Ok(Some(Self { views, rules: Arc::new(rules) }))
    }

    /// One transaction. Gives whether there was anything to do.
    async fn step(&mut self, node: &Node) -> Result<bool> {
        let store = node.store();
        let head = store.entered().await?;
        // those that are furthest behind go first, as far as the next ones are
        let least = self.views.iter().map(|it| it.entered).min().unwrap_or(head);
        let behind = least < head || self.views.iter().any(|it| it.rebased);
        let look = if behind {
            let next = self.views.iter().map(|it| it.entered).filter(|it| *it > least).min();
            Look::Entered { after: least, until: next.unwrap_or(head).min(head).max(least) }
        } else if store.is_touched().await? {
            Look::Touched
        } else {
            return Ok(false);
        };
        let moves = |it: &Place| look == Look::Touched || it.entered == least;
        let going = self.views.iter().filter(|it| moves(it));
        let views = going.map(|it| (it.row.clone(), it.basis)).collect();
        let judge: Arc<dyn Judge> = self.rules.clone();
        let shown = Shown { judge, at: node.now().as_microsecond() };
        let reached = store.advance_views(Advance { views, look, limit: BATCH, shown }).await?;
        if behind {
            for view in self.views.iter_mut().filter(|it| it.entered == least) {
                (view.row.entered, view.entered, view.rebased) = (reached, reached, false);
                view.row.basis = view.basis;
            }
        }
        Ok(true)
    }
}

/// Everything that decides, read once for a run.
#[derive(Debug)]
struct Rules {
    views: BTreeMap<u64, View>,
    handles: BTreeMap<String, PartyRoot>,
    judicial: Consents,
}

/// The rules of one view.
#[derive(Debug)]
struct View {
    collection: CollectionRecord,
    query: Option<Query>,
    /// The digest of the rules, and of those by which it was followed when these were read.
    basis: Digest,
    before: Digest,
}

impl Rules {
    async fn load(node: &Node, rows: &[ViewRow]) -> Result<Self> {
        let collections = node.store().collections().await?;
        let handles = collection::handles(node).await?;
        let judicial = Consents::of_use(node, UseCode::Judicial, node.now()).await?;
        let mut views = BTreeMap::new();
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
                format!("comity/view/v3\n{:?}\n{consents:?}\n{handles:?}", collection.query);
            let basis = Digest::of(rules.as_bytes());
            views.insert(row.number, View { collection, query, basis, before: row.basis });
        }
        Ok(Self { views, handles, judicial })
    }
}

impl Judge for Rules {
    fn membership(&self, row: &ViewRow, entry: &Entry) -> Option<Membership> {
        let view = self.views.get(&row.number)?;
        let is_known = row.basis == view.basis || row.basis == view.before;
        is_known.then(|| self.judged(view, row, entry))
    }
}

impl Rules {
    fn judged(&self, view: &View, row: &ViewRow, entry: &Entry) -> Membership {
        let said = said_at(entry);
        let mut versions: BTreeMap<Timestamp, MemberVersion> = BTreeMap::new();
        let posted = |holding: &Holding| {
            let mut versions = entry.posted.iter().filter(|(id, _)| *id == view.collection.id);
            versions.any(|(_, version)| *version == holding.version)
        };
        // what clients wrote stands in their collection as they wrote it, and not as it is held otherwise
        let has_aside = |holding: &Holding| {
            let mut aside = entry.rows.iter().filter(|it| it.aside == Some(view.collection.id));
            aside.any(|it| it.holding.version == holding.version)
        };
        let removed = |at: Timestamp| entry.removed.contains(&(view.collection.id, at));
        let mut seen: Vec<(&EntryRow, Seen)> = Vec::new();
        for kept in &entry.rows {
            let is_asked_for = || {
                let query = view.query.as_ref();
                query.is_some_and(|it| it.holds(entry, &kept.holding, &self.handles))
            };
            let is_own = kept.holding.origin.partner().is_none();
            let is_in = match kept.aside {
                Some(collection) => collection == view.collection.id && posted(&kept.holding),
                None => {
                    is_own && posted(&kept.holding) && !has_aside(&kept.holding) || is_asked_for()
                }
            };
            let is_said = kept.aside.is_some()
                || kept
                    .holding
                    .modified
                    .is_none_or(|at| said.get(&at) == Some(&kept.holding.digest));
            let may = || may_see(kept, row.audience, &self.judicial);
            seen.extend(Some(kept).filter(|_| is_in && is_said).zip(may()));
        }
        let rows: Vec<&EntryRow> = seen.iter().map(|(kept, _)| *kept).collect();
        let only = without_versions(&rows);
        for (kept, Seen { until }) in seen {
            let stands = match (kept.holding.modified, only) {
                (Some(_), _) => kept,
                (None, Some(only)) if only.holding.digest == kept.holding.digest => only,
                (None, _) => continue,
            };
            let (version, version_at) = version_of(&stands.holding);
            if removed(version_at) {
                continue;
            }
            let member = versions.entry(version_at).or_insert_with(|| MemberVersion {
                version,
                version_at,
                stix_type: kept.holding.stix_type.clone(),
                rows: Vec::new(),
            });
            member.rows.push((kept.position, until));
        }
        for member in versions.values_mut() {
            // that which stays longest stands for the version
            member.rows.sort_by_key(|(position, until)| {
                (std::cmp::Reverse(until.unwrap_or(i64::MAX)), *position)
            });
        }
        let (view, id) = (row.number, entry.id.clone());
        Membership { view, id, versions: versions.into_values().collect() }
    }
}

/// What an object says in each of its versions, by the digest of the bytes. One instant is one version, however it is written: where
/// rows of it say different things, those of this party's own go before those that partners released, and of these what came first
/// stands. Readers of the holdings get the same.
fn said_at(entry: &Entry) -> BTreeMap<Timestamp, Digest> {
    let mut said: BTreeMap<Timestamp, ((bool, u64), Digest)> = BTreeMap::new();
    for kept in entry.rows.iter().filter(|it| it.aside.is_none()) {
        let Some(at) = kept.holding.modified else { continue };
        let rank = (kept.holding.origin.partner().is_some(), kept.position);
        let best = said.entry(at).or_insert((rank, kept.holding.digest));
        if rank < best.0 {
            *best = (rank, kept.holding.digest);
        }
    }
    said.into_iter().map(|(at, (_, digest))| (at, digest)).collect()
}

/// Of these rows of an object that has no versions, the one whose content it has: one that clients wrote into the very collection,
/// else this party's own, else what partners released last, in the row that came first of it. None where some have versions: those
/// are newer, whenever the others came. Readers of the holdings get the same content.
fn without_versions<'e>(rows: &[&'e EntryRow]) -> Option<&'e EntryRow> {
    if rows.iter().any(|it| it.holding.modified.is_some()) {
        return None;
    }
    let rank = |it: &EntryRow| (it.aside.is_none(), it.holding.origin.partner().is_some());
    let best = rows.iter().min_by_key(|it| (rank(it), std::cmp::Reverse(it.position)))?;
    let same = |it: &&&EntryRow| rank(it) == rank(best) && it.holding.digest == best.holding.digest;
    rows.iter().filter(same).min_by_key(|it| it.position).copied()
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
