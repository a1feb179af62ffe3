//! What earlier releases under the same agreement hid, so that this one does not show it (docs/protocol.md section 6).

use std::collections::{BTreeMap, BTreeSet};

use comity_model::AgreementId;
use comity_model::derivative::{Change, How, Said, Tracer};
use comity_stix::Limits;
use comity_stix::json::Document;

use crate::decide::{Considered, Deliberation};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{KnownLoss, LossQuery, LossRecord, Losses, Traces, Verdict};

/// Bytes of objects whose words cost as much to be looked up as one object costs whose names are all looked for.
const BYTES: u64 = 100;
/// Objects all of whose names are looked for without looking them up, at the most.
const MOST: u64 = 20_000;

/// What earlier releases hid.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// All that was lost by what has to do with the objects of this release.
    pub(super) related: Vec<KnownLoss>,
    /// By any other object: its names and identifiers alone.
    pub(super) lasting: Vec<KnownLoss>,
    /// Texts in which something was masked that can't be looked for any more: paths, by the object.
    pub(super) gone: BTreeMap<String, BTreeSet<String>>,
}

impl Past {
    /// The objects that lost something, with all that each did.
    pub(super) fn by_object(&self) -> BTreeMap<&str, Vec<&KnownLoss>> {
        let mut all: BTreeMap<&str, Vec<&KnownLoss>> = BTreeMap::new();
        for known in &self.related {
            all.entry(&known.original).or_default().push(known);
        }
        all
    }
}

/// Whether what was lost before is what an object loses now.
pub(super) fn is_same(known: &KnownLoss, it: &Considered, changes: &[Change]) -> bool {
    known.original == it.holding.id && known.digest == it.holding.digest && known.changes == changes
}

/// What earlier releases hid that has to do with what was decided, or of which a name or an identifier may stand in it.
pub(super) async fn past(
    node: &Node,
    agreement: AgreementId,
    secret: [u8; 32],
    deliberation: Deliberation,
) -> Result<(Deliberation, Past)> {
    let goes = deliberation.considered.iter().filter(|it| it.verdict != Verdict::Withheld);
    let bytes: usize = goes.map(|it| it.holding.bytes.len()).sum();
    let enough = (bytes as u64 / BYTES).min(MOST);
    let Some(lasting) = node.store().lasting_losses(agreement, enough.saturating_add(1)).await?
    else {
        return Ok((deliberation, Past::default()));
    };
    let (deliberation, traces) = if lasting <= enough {
        (deliberation, Traces::All)
    } else {
        tokio::task::spawn_blocking(move || {
            let digests = digests(&deliberation, &secret);
            (deliberation, Traces::Of(digests))
        })
        .await
        .map_err(ExchangeError::damaged)?
    };
    let objects: BTreeSet<&String> =
        deliberation.considered.iter().map(|it| &it.holding.id).collect();
    let named = deliberation.considered.iter().flat_map(|it| &it.holding.refs);
    let named: BTreeSet<&String> = named.filter(|id| !objects.contains(id)).collect();
    let query = LossQuery {
        agreement,
        named: named.into_iter().cloned().collect(),
        objects: objects.into_iter().cloned().collect(),
        traces,
    };
    let Losses { related, lasting, gone } = node.store().losses(query).await?;
    let mut past = Past { related, lasting, gone: BTreeMap::new() };
    for text in gone {
        past.gone.entry(text.object).or_default().insert(text.property);
    }
    Ok((deliberation, past))
}

/// The digests of all that goes.
fn digests(deliberation: &Deliberation, secret: &[u8; 32]) -> BTreeSet<i64> {
    let (tracer, mut said) = (Tracer::new(secret), Said::default());
    for it in deliberation.considered.iter().filter(|it| it.verdict != Verdict::Withheld) {
        tracer.add(&it.holding.bytes, &mut said);
    }
    said.into_digests()
}

/// What is kept of what an object loses by changes.
pub(super) fn loss_of(
    agreement: AgreementId,
    tracer: &Tracer,
    it: &Considered,
    changes: &[Change],
) -> LossRecord {
    let holding = &it.holding;
    LossRecord {
        agreement,
        original: holding.id.clone(),
        version: holding.version.clone(),
        digest: holding.digest,
        changes: changes.to_vec(),
        traces: tracer.lost(&holding.bytes, changes),
        names: names(it),
    }
}

/// The changes that a clause makes.
pub(super) fn own(changes: &[Change]) -> Vec<Change> {
    changes.iter().filter(|change| change.how != How::Mask).cloned().collect()
}

/// The objects that an object names, but for its creator and what marks it, which many others name that have nothing to do
/// with it.
fn names(it: &Considered) -> Vec<String> {
    let creator =
        Document::parse(&it.holding.bytes, &Limits::default()).ok().and_then(|document| {
            let creator = document.root().child("created_by_ref")?.text()?;
            Some(creator.into_owned())
        });
    let others = it.holding.refs.iter().filter(|id| {
        !id.starts_with("marking-definition--")
            && !id.starts_with("extension-definition--")
            && creator.as_ref() != Some(id)
    });
    others.cloned().collect()
}
