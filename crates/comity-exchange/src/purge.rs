//! Purge: what a partner released is kept as long as its terms say, and its owner is told when it is gone
//! (docs/protocol.md section 7).
//!
//! What expired is purged unasked: it waits for no person. Tombstones are written beside the database before any row
//! goes, so that no crash and no backup brings back what was purged.

use std::collections::BTreeMap;
use std::sync::Arc;

use comity_model::entropy::fresh_uuid;
use comity_model::matter::{PurgeBody, PurgeCause, PurgedRelease};
use comity_model::statement::{Kind, Payload, ReleaseBody};
use comity_model::{Digest, Grounds, MatterId, MatterKind, Refusal, ReleaseRecord};
use comity_policy::{Act, Agreement};
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result, journalled};
use crate::grounds;
use crate::matter::{self, Say, unnumbered};
use crate::node::Node;
use crate::ports::{MatterQuery, MatterRow, PurgeDue, Received, StoreError, Tombstone, Why};

/// Objects purged in one transaction.
const BATCH: u32 = 1_000;
/// Releases named in one statement.
const RELEASES: usize = 1_000;
/// Releases looked at in one sweep before their owners are told.
const DUES: u32 = 10_000;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects purged.
    pub purged: u64,
    /// Purge statements sealed.
    pub told: u64,
    /// Releases whose owner could not be told now, because no agreement lets it; they stay due.
    pub untold: u64,
}

/// Purges what expired, deletes what nothing needs any more, and tells the owners. `grounds` are those of the purge
/// statements: of each agreement those that it lists; where it lists none of them, its only legal basis and reason are taken,
/// and of several the first, which the journal then says. Without unlocked keys nobody is told yet. `by` is who asked, for
/// the journal. Refused with `legal-basis-unknown`, `reason-unknown` or `grounds-duplicate`, before anything is purged, where
/// no agreement of this party lists what `grounds` name.
pub async fn sweep(node: &Node, grounds: &Grounds, by: &str) -> Result<Swept> {
    if *grounds != Grounds::default() {
        let agreements = agreement::binding(node).await?;
        let known = grounds::must_be_of_some(&agreements, Act::Purge, grounds);
        journalled(node, known, by, "purge-not-begun", node.root(), json!({})).await?;
    }
    let mut swept = Swept::default();
    loop {
        let expired = node.store().expired(BATCH).await?;
        if expired.is_empty() {
            break;
        }
        swept.purged += bury(node, expired, Why::Retention, by).await?;
    }
    tidy(node).await?;
    if node.keys().is_ok() {
        tell(node, grounds, by, &mut swept).await?;
    }
    Ok(swept)
}

/// Objects whose time is over and that no legal hold keeps: what a sweep would purge.
pub async fn due(node: &Node) -> Result<u64> {
    Ok(node.store().expired(u32::MAX).await?.len() as u64)
}

/// The purge statements of this party and of partners, newest first.
pub async fn all(node: &Node, limit: u32) -> Result<Vec<MatterRow>> {
    let query = MatterQuery { kind: Some(MatterKind::Purge), limit, ..MatterQuery::default() };
    Ok(node.store().matters(query).await?)
}

/// Purges objects: first their tombstones, then their rows.
pub(crate) async fn bury(node: &Node, objects: Vec<Received>, why: Why, by: &str) -> Result<u64> {
    let at = node.now();
    let mut counts: BTreeMap<Digest, u64> = BTreeMap::new();
    for object in &objects {
        *counts.entry(object.statement).or_default() += 1;
    }
    let stones: Vec<Tombstone> =
        objects.into_iter().map(|object| Tombstone { object, why, at }).collect();
    let (tombstones, written) = (Arc::clone(node.tombstones()), stones.clone());
    blocking(move || Ok(tombstones.append(&written)?)).await?;
    let journal = counts.into_iter().map(|(release, objects)| {
        let details = json!({ "objects": objects, "why": why });
        node.journal_by(by, "objects-purged", release, details)
    });
    Ok(node.store().purge(stones, journal.collect()).await?)
}

/// Deletes files that nothing needs any more, and overwrites what the database keeps beside its file.
pub(crate) async fn tidy(node: &Node) -> Result<()> {
    loop {
        let doomed = node.store().doomed(BATCH).await?;
        if doomed.is_empty() {
            break;
        }
        let (blobs, spool, files) =
            (Arc::clone(node.blobs()), Arc::clone(node.spool()), doomed.clone());
        blocking(move || {
            for file in &files {
                if file.pouch {
                    spool.remove(&file.digest)?;
                } else {
                    blobs.delete(&file.digest)?;
                }
            }
            Ok(())
        })
        .await?;
        node.store().undoom(doomed).await?;
    }
    if !node.store().scrub().await? {
        tracing::debug!("a reader is in the way of the scrub; the next sweep tries again");
    }
    Ok(())
}

/// Follows the tombstones that the database has not seen: it was put back from a backup that is older than they are.
pub(crate) async fn replay(node: &Node) -> Result<()> {
    let start = node.store().tombstones_followed().await?;
    let (mut place, mut purged) = (start, 0);
    loop {
        let tombstones = Arc::clone(node.tombstones());
        let (stones, next) = blocking(move || Ok(tombstones.read(place, BATCH as usize)?)).await?;
        place = next;
        if stones.is_empty() {
            break;
        }
        let details = json!({ "objects": stones.len() });
        let journal = vec![node.journal("purge-repeated", node.root(), details)];
        purged += node.store().purge(stones, journal).await?;
    }
    if place != start {
        node.store().follow_tombstones(place).await?;
    }
    if purged > 0 {
        tidy(node).await?;
    }
    Ok(())
}

/// Tells the owners of what became of their releases. A release of which something is held has a matter of its own, which
/// stays open until the hold is lifted and the rest is purged.
async fn tell(node: &Node, grounds: &Grounds, by: &str, swept: &mut Swept) -> Result<()> {
    let mut together: BTreeMap<_, Vec<PurgeDue>> = BTreeMap::new();
    let mut statements: Vec<(MatterId, Vec<PurgeDue>)> = Vec::new();
    let fresh = || MatterId::new(MatterKind::Purge, fresh_uuid(&**node.entropy()));
    for due in node.store().purge_dues(DUES).await? {
        if due.held > 0 || due.matter.is_some() {
            statements.push((due.matter.unwrap_or_else(fresh), vec![due]));
        } else {
            together.entry((due.agreement, due.partner)).or_default().push(due);
        }
    }
    for dues in together.into_values() {
        statements.extend(dues.chunks(RELEASES).map(|chunk| (fresh(), chunk.to_vec())));
    }
    for (id, dues) in statements {
        match say(node, id, &dues, grounds, by).await {
            Ok(()) => swept.told += 1,
            // another process of this node told them
            Err(ExchangeError::Store(StoreError::Conflict(_))) => {}
            Err(ExchangeError::Refused { code, message }) => {
                swept.untold += dues.len() as u64;
                if node.is_news(format!("untold {id} {code}").as_bytes()) {
                    let details = json!({ "code": code, "releases": dues.len() });
                    let journal = vec![node.journal_by(by, "purge-untold", id, details)];
                    node.store().journal(journal).await?;
                }
                tracing::warn!(
                    code,
                    message = message.as_str(),
                    "a partner could not be told what was purged"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn say(
    node: &Node,
    id: MatterId,
    dues: &[PurgeDue],
    grounds: &Grounds,
    by: &str,
) -> Result<()> {
    let Some(first) = dues.first() else { return Ok(()) };
    let standing = agreement::under(node, first.agreement, Kind::Purge, node.now()).await?;
    let held: u64 = dues.iter().map(|due| due.held).sum();
    // what is held is held on the grounds of the hold
    let named =
        if held > 0 { listed(&standing.agreement, &first.grounds) } else { grounds.clone() };
    let (grounds, implied) = match grounds_of(&standing.agreement, &named) {
        // the lists changed since the hold was laid; its owner is told all the same
        Err(ExchangeError::Refused { .. }) if held > 0 => {
            let (grounds, _) = grounds_of(&standing.agreement, &Grounds::default())?;
            (grounds, true)
        }
        found => found?,
    };
    let releases: Vec<PurgedRelease> = dues
        .iter()
        .map(|due| PurgedRelease {
            release: due.release,
            purged: due.purged,
            held: due.held,
            remaining: due.remaining,
        })
        .collect();
    let purged: u64 = dues.iter().map(|due| due.purged).sum();
    let details = json!({
        "to": first.partner, "releases": releases.len(), "purged": purged, "held": held,
        "grounds": grounds, "first_of_several": implied,
    });
    let cause = PurgeCause::Retention;
    let body = PurgeBody { purge: id, folio: unnumbered(node), cause, releases, grounds };
    let say = Say {
        body: body.into(),
        text: None,
        attachments: Vec::new(),
        event: "purge-told",
        details,
        by: by.to_owned(),
    };
    matter::say(node, &standing, say).await?;
    Ok(())
}

/// Those grounds that an agreement lists for a purge: a legal hold on what came under several has the grounds of each.
pub(crate) fn listed(agreement: &Agreement, grounds: &Grounds) -> Grounds {
    grounds::listed_of(agreement, Act::Purge, grounds)
}

/// The grounds of a purge: those named that the agreement lists; where there is no choice, the only ones; and of several
/// the first, for what expired may not wait. Also whether one of several was taken.
fn grounds_of(agreement: &Agreement, named: &Grounds) -> Result<(Grounds, bool)> {
    let mut grounds = grounds::listed_of(agreement, Act::Purge, named);
    let bases = agreement.legal_bases(None);
    let reasons: Vec<&str> =
        agreement.reasons_for(Act::Purge).map(|reason| reason.id.as_str()).collect();
    let mut implied = false;
    for (chosen, choices) in [(&mut grounds.legal_basis, bases), (&mut grounds.reasons, reasons)] {
        if let (true, Some(first)) = (chosen.is_empty(), choices.first()) {
            implied |= choices.len() > 1;
            chosen.push((*first).to_owned());
        }
    }
    Ok((choose(agreement, Act::Purge, &grounds)?, implied))
}

/// The grounds of an act, from the agreement's lists. Refused with the code of what is missing or on no list.
pub(crate) fn choose(agreement: &Agreement, act: Act, given: &Grounds) -> Result<Grounds> {
    let chosen = agreement
        .choose_grounds(act, None, &given.legal_basis, &given.reasons)
        .map_err(|error| ExchangeError::refused(error.code(), error.told()))?;
    Ok(Grounds { legal_basis: chosen.legal_basis, reasons: chosen.reasons })
}

/// Whether a purge statement speaks of releases of this party in the same agreement, of none twice, and of no more objects
/// than were sent.
pub(crate) async fn check(
    node: &Node,
    payload: &Payload,
    body: &PurgeBody,
) -> Result<std::result::Result<(), Refusal>> {
    let mut seen = std::collections::BTreeSet::new();
    for it in &body.releases {
        let row = node.store().outbound(it.release).await?;
        let row = row
            .filter(|row| row.kind == Kind::Release)
            .filter(|row| row.channel.is_way_of(&payload.channel().reverse()));
        let Some(row) = row else { return Ok(Err(Refusal::TargetUnknown)) };
        let sent = objects_in(&row.payload)?;
        let named = it.purged.saturating_add(it.held).saturating_add(it.remaining);
        if !seen.insert(it.release) || named > sent {
            return Ok(Err(Refusal::TargetUnknown));
        }
    }
    Ok(Ok(()))
}

/// Objects in a release of this party.
pub(crate) fn objects_in(payload: &[u8]) -> Result<u64> {
    let payload = Payload::parse(payload).map_err(ExchangeError::damaged)?;
    let body: ReleaseBody = payload.body().map_err(ExchangeError::damaged)?;
    let record: ReleaseRecord =
        serde_json::from_str(&body.release).map_err(ExchangeError::damaged)?;
    Ok(record.objects)
}

/// The agreement that a release of a partner came under, and the partner.
pub(crate) async fn standing_of(node: &Node, release: Digest) -> Result<Standing> {
    let row = node.store().inbox_row(release).await?.filter(|row| row.release.is_some());
    let row = row.ok_or_else(|| ExchangeError::NotFound {
        what: "release",
        name: release.to_string(),
        advice: "`comity inbox list` shows the releases of partners",
    })?;
    agreement::under(node, row.channel.agreement, Kind::Purge, node.now()).await
}
