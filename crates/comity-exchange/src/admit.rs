//! Admit: a statement at its turn takes effect, or is refused; either way its place in the channel is used, its leaf is
//! mirrored and its receipt is fixed, in one transaction.

use comity_log::statement_leaf;
use comity_model::statement::{Kind, Outcome, ReceiptEntry};
use comity_model::{ChannelId, Digest, Refusal};
use comity_pouch::PouchReader;
use serde_json::json;

use crate::agreement;
use crate::descriptor;
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::failpoint::fail_point;
use crate::matter;
use crate::node::Node;
use crate::ports::{PouchRow, PouchState, PublishEffect, PublishInput, StoreError};
use crate::quarantine::quarantine;
use crate::settle::settle;
use crate::verify::{OpenPouch, Statement, Verified, refuse_or_fail, verify};

/// What became of one pouch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
    /// The channel whose head moved, if one did.
    pub channel: Option<ChannelId>,
}

/// Takes in the pouches that wait, the oldest first: receive left them on the disk; verify, quarantine and admit run
/// here. Gives how many statements were consumed. At most [`AT_A_TIME`] pouches are looked at, so that a partner who
/// sends without end does not put off the answers to the others; call it again until it gives 0.
pub async fn take_in(node: &Node) -> Result<u64> {
    let mut consumed = 0;
    // a crash may have come between a statement and those that were held for it
    for channel in node.store().inbound_channels().await? {
        if let Some(row) = node.store().next_held(channel).await? {
            consumed += take_in_with_held(node, row).await?;
        }
    }
    for row in node.store().received(AT_A_TIME).await? {
        consumed += take_in_with_held(node, row).await?;
    }
    Ok(consumed)
}

/// Pouches looked at before what they brought is answered.
const AT_A_TIME: u32 = 64;

/// Takes in one pouch, and after it those that were held for it.
async fn take_in_with_held(node: &Node, row: PouchRow) -> Result<u64> {
    let mut consumed = 0;
    let mut next = Some(row);
    while let Some(row) = next {
        let Some(channel) = admit(node, &row).await?.channel else { break };
        consumed += 1;
        next = node.store().next_held(channel).await?;
    }
    Ok(consumed)
}

/// Takes in one pouch. Where another process of this node was quicker, the pouch is looked at once more: by then its
/// statement is one that was consumed before.
pub async fn admit(node: &Node, row: &PouchRow) -> Result<TakenIn> {
    for _ in 0..2 {
        match look_at(node, row).await {
            Err(ExchangeError::Store(StoreError::Conflict(_))) => {}
            done => return done,
        }
    }
    Ok(TakenIn { channel: None })
}

async fn look_at(node: &Node, row: &PouchRow) -> Result<TakenIn> {
    let nothing = TakenIn { channel: None };
    match verify(node, row).await? {
        Verified::AtTurn(statement) => consume(node, row, *statement).await,
        Verified::Early(arrival) => {
            let details = json!({ "code": Refusal::Gap.code(), "sequence": arrival.sequence, "channel": arrival.channel.to_string() });
            let journal = vec![node.journal("statement-held", arrival.digest, details)];
            node.store().hold_early(row.digest, *arrival, journal).await?;
            Ok(nothing)
        }
        Verified::Repeated(digest) => {
            let journal =
                vec![node.journal("statement-repeated", digest, json!({ "pouch": row.digest }))];
            node.store()
                .close_pouch(row.digest, PouchState::Repeated, None, Some(digest), journal)
                .await?;
            remove_pouch(node, row.digest).await?;
            Ok(nothing)
        }
        Verified::Refused(refusal, statement) => {
            let details = json!({ "code": refusal.code(), "statement": statement, "via": row.via });
            let journal = vec![node.journal("pouch-refused", row.digest, details)];
            let code = Some(refusal.code().to_owned());
            node.store()
                .close_pouch(row.digest, PouchState::Refused, code, statement, journal)
                .await?;
            if refusal != Refusal::Equivocation && refusal != Refusal::WrongPrevious {
                remove_pouch(node, row.digest).await?;
            }
            Ok(nothing)
        }
    }
}

/// What a statement changes, and how its receipt counts it.
struct Taken {
    effect: PublishEffect,
    holdings: Vec<comity_model::Holding>,
    entry: ReceiptEntry,
}

async fn consume(node: &Node, row: &PouchRow, statement: Statement) -> Result<TakenIn> {
    let Statement { arrival, payload, standing, pouch, void } = statement;
    let entry = ReceiptEntry {
        sequence: arrival.sequence.unwrap_or_default(),
        digest: arrival.digest,
        received_at: row.received_at,
        outcome: Outcome::Admitted,
        code: None,
        admitted: 0,
        refused: 0,
        objects: Vec::new(),
    };
    let effect = match void {
        Some(refusal) => Err(refusal),
        None => effect_of(node, row, &payload, &standing, pouch, &entry).await?,
    };
    let kind = payload.known_kind();
    let Taken { effect, holdings, entry } = effect.unwrap_or_else(|refusal| Taken {
        effect: PublishEffect::Nothing,
        holdings: Vec::new(),
        entry: ReceiptEntry {
            outcome: Outcome::Refused,
            code: Some(refusal.code().to_owned()),
            ..entry.clone()
        },
    });
    let details = json!({
        "kind": arrival.kind, "channel": arrival.channel.to_string(), "sequence": arrival.sequence,
        "outcome": entry.outcome, "code": entry.code, "admitted": entry.admitted, "refused": entry.refused,
    });
    let mut journal = vec![node.journal("statement-consumed", arrival.digest, details)];
    let channel = arrival.channel;
    if let PublishEffect::Conduct { body, .. } = &effect {
        let (from, event) =
            (channel.from.to_string(), format!("agreement-{}", body.change().as_str()));
        let details = json!({ "statement": arrival.digest, "folio": body.folio(), "cited": payload.agreement });
        journal.push(node.journal_by(&from, &event, channel.agreement, details));
    }
    if let PublishEffect::Descriptor { serial, closes, .. } = &effect {
        let details = json!({ "serial": serial, "channel": channel.to_string() });
        let from = channel.from.to_string();
        journal.push(node.journal_by(&from, "descriptor-taken", channel.from, details));
        for name in closes {
            let details = json!({ "code": "certificate-of-partner", "statement": arrival.digest });
            journal.push(node.journal("account-disabled", name, details));
        }
    }
    let input = PublishInput {
        pouch: row.digest,
        leaf: arrival.sequence.map(|_| statement_leaf(arrival.digest.as_bytes())),
        holdings,
        effect,
        receipt: kind.is_none_or(Kind::is_receipted).then_some(entry),
        journal,
        at: node.now(),
        arrival,
    };
    let cosigned = match &input.effect {
        PublishEffect::Settle { channel, cosigned: Some((_, signed)), .. } => {
            Some((*channel, signed.clone()))
        }
        _ => None,
    };
    fail_point("admit:before-commit").await;
    node.store().publish(input).await?;
    if let Some((channel, signed)) = cosigned {
        let apart = std::sync::Arc::clone(node.last_checkpoints());
        blocking(move || Ok(apart.cosigned(channel, &signed)?)).await?;
    }
    fail_point("admit:after-commit").await;
    remove_pouch(node, row.digest).await?;
    Ok(TakenIn { channel: Some(channel) })
}

async fn effect_of(
    node: &Node,
    row: &PouchRow,
    payload: &comity_model::statement::Payload,
    standing: &agreement::Standing,
    pouch: OpenPouch,
    entry: &ReceiptEntry,
) -> Result<std::result::Result<Taken, Refusal>> {
    let plain = |effect| Taken { effect, holdings: Vec::new(), entry: entry.clone() };
    match payload.known_kind() {
        Some(Kind::Release) => {
            let found =
                quarantine(node, payload, standing, pouch, entry.digest, row.digest).await?;
            Ok(found.map(|found| {
                let outcome = match (found.admitted, found.refused) {
                    (_, 0) => Outcome::Admitted,
                    (0, _) => Outcome::Refused,
                    _ => Outcome::Partial,
                };
                let entry = ReceiptEntry {
                    outcome,
                    admitted: found.admitted,
                    refused: found.refused,
                    objects: found.objects,
                    ..entry.clone()
                };
                let effect = PublishEffect::Release { record: found.record };
                Taken { effect, holdings: found.rest, entry }
            }))
        }
        Some(Kind::Receipt | Kind::Checkpoint) => {
            if let Err(refusal) = finish(pouch).await? {
                return Ok(Err(refusal));
            }
            Ok(settle(node, payload, standing).await?.map(plain))
        }
        Some(Kind::Descriptor) => Ok(descriptor::take(node, payload, pouch).await?.map(plain)),
        Some(Kind::Agreement | Kind::Suspension | Kind::Termination) => {
            Ok(agreement::take(node, payload, standing, pouch).await?.map(plain))
        }
        Some(kind) if Kind::SPOKEN.contains(&kind) => {
            Ok(matter::take(node, payload, standing, pouch).await?.map(plain))
        }
        _ => Ok(Err(Refusal::UnsupportedKind)),
    }
}

/// Reads a pouch without parts to its end.
pub(crate) async fn finish(pouch: OpenPouch) -> Result<std::result::Result<(), Refusal>> {
    blocking(move || {
        let mut pouch = pouch;
        match pouch.next_part() {
            Ok(None) => {}
            Ok(Some(_)) => return Ok(Err(Refusal::PartDigest)),
            Err(error) => return refuse_or_fail(error),
        }
        PouchReader::finish(pouch).map_or_else(refuse_or_fail, |()| Ok(Ok(())))
    })
    .await
}

async fn remove_pouch(node: &Node, digest: Digest) -> Result<()> {
    let spool = std::sync::Arc::clone(node.spool());
    blocking(move || spool.remove(&digest).map_err(ExchangeError::from)).await
}
