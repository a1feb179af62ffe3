//! What a release of this party consists of, and on whose consent it rests.

use comity_model::told;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::sync::Arc;

use comity_model::matter::{ConsentBody, Sought};
use comity_model::release::MANIFEST;
use comity_model::statement::{Payload, ReleaseBody};
use comity_model::{Holding, ManifestLine, Onward, PartyRoot, Refusal, ReleaseId, ReleaseRecord};
use jiff::Timestamp;

use super::ConsentRow;
use super::granted::{Consents, End};
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::parts;
use crate::ports::{BlobError, OutboundRow, ReleaseRow, StoredPart, Verdict};

/// What a grant of this party rests on.
pub(super) struct Rests {
    /// An object for which a consent is lacking.
    pub(super) missing: Option<String>,
    /// When the first of the consents that it rests on ends.
    pub(super) end: End,
}

/// Asks of every object that a consent request names whether this party may let it go on: its own, what the party that asks
/// or the third party gave it itself, and what their giver consented to.
pub(super) async fn rests_on(node: &Node, consent: &ConsentRow) -> Result<Rests> {
    let body = &consent.body;
    let third = match &body.sought {
        Sought::Onward { third_party, .. } => Some(*third_party),
        Sought::Use(_) => None,
    };
    let mut rests = Rests { missing: None, end: End::Never };
    let Some(row) = node.store().outbound(body.release).await? else {
        rests.missing = body.objects.first().cloned();
        return Ok(rests);
    };
    let asked: BTreeSet<&String> = body.objects.iter().collect();
    let lines = lines(node, &row.parts).await?;
    let onward: Vec<&ManifestLine> = lines
        .iter()
        .filter(|it| asked.contains(&it.id))
        .filter(|it| giver(it).is_some_and(|it| it != consent.from && Some(it) != third))
        .collect();
    if onward.is_empty() {
        return Ok(rests);
    }
    let consents = match &body.sought {
        Sought::Onward { third_party, purpose, .. } => {
            Consents::held(node, *third_party, purpose, node.now()).await?
        }
        Sought::Use(use_code) => Consents::of_use(node, *use_code, node.now()).await?,
    };
    let originals = originals(node, record_of(&row)?.release).await?;
    for line in onward {
        match end(node, &consents, line, originals.get(&line.index)).await? {
            Some(end) => rests.end = end.min(rests.end),
            None => rests.missing = Some(line.id.clone()),
        }
    }
    Ok(rests)
}

/// Refuses a release if one of `onward`, the lines of its manifest for what partners gave, is no longer covered by a consent
/// for its recipient and its purpose: it was withdrawn, or has ended, after the release was composed.
pub(crate) async fn must_hold(
    node: &Node,
    release: &ReleaseRow,
    onward: &[ManifestLine],
    now: Timestamp,
) -> Result<()> {
    if onward.is_empty() {
        return Ok(());
    }
    let record = &release.record;
    let consents = Consents::held(node, record.to, &record.purpose, now).await?;
    let originals = originals(node, record.release).await?;
    for line in onward {
        let original = originals.get(&line.index);
        if end(node, &consents, line, original).await?.is_none() {
            let id = original.map_or(&line.id, |(id, _)| id);
            let message = told!(
                "the consent that `{id}` go to this party for `{purpose}` was withdrawn or has ended; ask again with `comity \
                 consent ask`, or compose the release without it",
                id,
                purpose = record.purpose
            );
            return Err(ExchangeError::refused("consent-withdrawn", message));
        }
    }
    Ok(())
}

/// When what lets the object behind a line go on ends, if anything does let it.
async fn end(
    node: &Node,
    consents: &Consents,
    line: &ManifestLine,
    original: Option<&(String, String)>,
) -> Result<Option<End>> {
    let Some((id, version)) = original else { return Ok(None) };
    let before = line.chain.split_last().map(|(_, before)| before);
    let is_it = |it: &&Holding| it.version == *version && Some(it.chain.as_slice()) == before;
    let held = node.store().holding_versions(id.clone()).await?;
    Ok(held.iter().filter(is_it).filter_map(|it| consents.end(it)).max())
}

/// The party that gave this one the object of a line of its own manifest; `None` for its own.
fn giver(line: &ManifestLine) -> Option<PartyRoot> {
    line.chain.iter().rev().nth(1).copied()
}

/// Whether a request for consent names objects of the release that went to the party that asks, all of them under a rule
/// that leaves something to ask: for a third party, which it must be, the originator's consent; for a use, that they go to
/// units at all.
pub(crate) async fn check_request(
    node: &Node,
    from: PartyRoot,
    body: &ConsentBody,
) -> Result<std::result::Result<(), Refusal>> {
    let onward = match &body.sought {
        Sought::Onward { third_party, .. } if [from, node.root()].contains(third_party) => {
            return Ok(Err(Refusal::BadBody));
        }
        Sought::Onward { .. } => true,
        Sought::Use(_) => false,
    };
    let Some(row) = node.store().outbound(body.release).await? else {
        return Ok(Err(Refusal::TargetUnknown));
    };
    let lines = lines(node, &row.parts).await?;
    let rules: BTreeMap<&str, Onward> =
        lines.iter().map(|it| (it.id.as_str(), it.handling.onward)).collect();
    for id in &body.objects {
        match rules.get(id.as_str()) {
            Some(Onward::OriginatorConsent) => {}
            Some(Onward::Units) if !onward => {}
            Some(_) => return Ok(Err(Refusal::OnwardRule)),
            None => return Ok(Err(Refusal::TargetUnknown)),
        }
    }
    Ok(Ok(()))
}

/// The manifest of a release of this party; empty once it was purged.
async fn lines(node: &Node, kept: &[StoredPart]) -> Result<Vec<ManifestLine>> {
    let Some(part) = kept.iter().find(|part| part.name == MANIFEST).cloned() else {
        return Ok(Vec::new());
    };
    let blobs = Arc::clone(node.blobs());
    blocking(move || {
        let mut bytes = Vec::new();
        parts::open(&part, &*blobs)?.read_to_end(&mut bytes).map_err(BlobError::from)?;
        let lines = bytes.split(|byte| *byte == b'\n').zip(1u64..);
        lines
            .filter(|(line, _)| !line.is_empty())
            .map(|(line, number)| ManifestLine::parse(line, number).map_err(ExchangeError::damaged))
            .collect()
    })
    .await
}

/// The id and the version here of what went, by the index of its line.
async fn originals(node: &Node, release: ReleaseId) -> Result<BTreeMap<u64, (String, String)>> {
    let preview = node.store().preview(release).await?;
    let went = preview.into_iter().filter(|it| it.verdict != Verdict::Withheld);
    Ok((0..).zip(went.map(|it| (it.id, it.version))).collect())
}

fn record_of(row: &OutboundRow) -> Result<ReleaseRecord> {
    let payload = Payload::parse(&row.payload).map_err(ExchangeError::damaged)?;
    let body: ReleaseBody = payload.body().map_err(ExchangeError::damaged)?;
    serde_json::from_str(&body.release).map_err(ExchangeError::damaged)
}
