//! Seal: a statement gets its place in the channel and its leaf in the record, in one transaction; signatures attach
//! after it, and resume after a restart.

use comity_model::descriptor::KeyUse;
use comity_model::entropy::{fresh, fresh_uuid};
use comity_model::statement::{
    AgreementRef, Draft, Kind, Nonce, PartEntry, ReleaseBody, SignedApproval,
};
use comity_model::told;
use comity_model::{AgreementId, ChannelId, Digest, PartyRoot, StatementId};
use comity_policy::Clause;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::approve::{
    as_composed, check_payload, clause_of, not_the_composer, required, same_person, standing_of,
    verify_approvals,
};
use crate::ceilings;
use crate::descriptor::{self, InForce};
use crate::error::{ExchangeError, Result, journalled};
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::ports::{
    ApprovalRecord, JournalEntry, OfficerRecord, OutboundRow, ReleaseRow, ReleaseState,
    ReleaseTerms, SealEffect, SealInput, StoreError, StoredPart,
};
use crate::standing::authority;
use crate::{record, recovery};

/// Statements signed under one checkpoint, at the most.
const SIGN_BATCH: u32 = 256;

/// Seals an approved release: everything that had to hold at approval must hold now, byte for byte and object by object.
/// Under a clause with standing approvals, one that no officer approved is sealed too if a standing approval is good for
/// it. Refused as `holding-changed`, `redacted-since`, `quota-exceeded` or `ceiling-exceeded` in the transaction itself.
pub async fn seal(node: &Node, release: &ReleaseRow) -> Result<OutboundRow> {
    let details = json!({ "clause": release.record.clause, "to": release.record.to });
    let done = seal_release(node, release).await;
    let (by, subject) = (release.composer.as_str(), &release.record.folio);
    let sealed = journalled(node, done, by, "release-not-sealed", subject, details).await?;
    fail_point("seal:after-commit").await;
    sign_pending(node).await?;
    fail_point("seal:signed").await;
    node.wake_outbound();
    Ok(sealed)
}

async fn seal_release(node: &Node, release: &ReleaseRow) -> Result<OutboundRow> {
    let now = node.now();
    if !matches!(release.state, ReleaseState::Composed | ReleaseState::Approved) {
        let message = told!("the release is {state} already", state = release.state.as_str())
            .with("folio", &release.record.folio);
        return Err(ExchangeError::refused("release-state", message));
    }
    let standing = standing_of(node, release, now).await?;
    let clause = clause_of(&standing, release)?;
    standing.partner.must_understand(Kind::Release)?;
    as_composed(node, release).await?;
    let (standing_id, approvals) = if release.state == ReleaseState::Approved {
        check_payload(node, release, now).await?;
        (None, officers_approvals(node, release, clause, now).await?)
    } else {
        let (id, signed) = authority(node, release, &standing, clause, now).await?;
        check_payload(node, release, now).await?;
        (Some(id), vec![signed])
    };
    let body = ReleaseBody {
        release: String::from_utf8(release.bytes.clone()).map_err(ExchangeError::damaged)?,
        approvals,
    };
    let terms = ReleaseTerms {
        version: standing.reference.version,
        clause: clause.id.clone(),
        objects: release.record.objects,
        quotas: ceilings::of(node, &standing.agreement, &clause.id, now).await?,
        standing: standing_id,
    };
    let (id, digest) = (release.record.release, release.digest);
    let effect = SealEffect::Release { release: id, digest, terms };
    let details = json!({
        "objects": release.record.objects, "clause": release.record.clause, "to": release.record.to,
        "standing": standing_id,
    });
    let journal = vec![node.journal("release-sealed", &release.record.folio, details)];
    let envelope = Envelope {
        kind: Kind::Release,
        partner: release.record.to,
        agreement: release.record.agreement,
        entries: release.record.parts.clone(),
        parts: release.parts.clone(),
    };
    fail_point("seal:before-commit").await;
    seal_statement(node, envelope, &body, effect, journal).await
}

/// The approvals of as many different officers as the clause demands, each of them verified again.
async fn officers_approvals(
    node: &Node,
    release: &ReleaseRow,
    clause: &Clause,
    now: Timestamp,
) -> Result<Vec<SignedApproval>> {
    let approvers = verify_approvals(node, release, &release.approvals, now)?;
    let all = node.store().officers().await?;
    let mut people: Vec<&OfficerRecord> = Vec::new();
    for officer in all.iter().filter(|it| approvers.officers.contains(&it.id)) {
        if !people.iter().any(|it| same_person(&it.name, &officer.name)) {
            people.push(officer);
        }
        if !clause.composer_may_approve {
            not_the_composer(officer, release)?;
        }
    }
    let count = approvers.count().min(people.len());
    if count < required(clause) {
        let message = told!(
            "{count} different officers approved the release, and its clause demands {required}",
            count,
            required = required(clause)
        );
        return Err(ExchangeError::refused("approval-missing", message));
    }
    let signed = |it: &ApprovalRecord| SignedApproval {
        certificate: it.certificate.clone(),
        approval: it.approval.clone(),
    };
    Ok(release.approvals.iter().map(signed).collect())
}

/// What a statement of any kind needs beside its body.
pub(crate) struct Envelope {
    pub(crate) kind: Kind,
    pub(crate) partner: PartyRoot,
    pub(crate) agreement: AgreementRef,
    pub(crate) entries: Vec<PartEntry>,
    pub(crate) parts: Vec<StoredPart>,
}

/// The channel in which this party speaks under an agreement now, in the epoch that goes on.
pub(crate) async fn current_channel(
    node: &Node,
    agreement: AgreementId,
    partner: PartyRoot,
) -> Result<ChannelId> {
    let channel = ChannelId { agreement, epoch: 1, from: node.root(), to: partner };
    Ok(ChannelId { epoch: node.store().epoch(channel).await?, ..channel })
}

/// Gives a statement its place. It is not signed yet.
pub(crate) async fn seal_statement(
    node: &Node,
    envelope: Envelope,
    body: &(impl Serialize + Sync),
    effect: SealEffect,
    journal: Vec<JournalEntry>,
) -> Result<OutboundRow> {
    seal_under(node, envelope, body, effect, None, journal).await
}

/// As [`seal_statement`], for a body that was made with the keys of the descriptor with this serial: a conflict where
/// another is in force at the place that it would get.
pub(crate) async fn seal_under(
    node: &Node,
    envelope: Envelope,
    body: &(impl Serialize + Sync),
    effect: SealEffect,
    serial: Option<u64>,
    journal: Vec<JournalEntry>,
) -> Result<OutboundRow> {
    let channel = current_channel(node, envelope.agreement.id, envelope.partner).await?;
    seal_in(node, channel, envelope, body, effect, serial, journal).await
}

/// The same in a channel that the caller names: the first statement of an epoch names its own.
pub(crate) async fn seal_in(
    node: &Node,
    channel: ChannelId,
    envelope: Envelope,
    body: &(impl Serialize + Sync),
    effect: SealEffect,
    serial: Option<u64>,
    journal: Vec<JournalEntry>,
) -> Result<OutboundRow> {
    let text = serde_json::to_string(body).map_err(ExchangeError::damaged)?;
    let entropy = node.entropy();
    must_be_able_to_sign(node, channel).await?;
    let draft = Draft {
        kind: envelope.kind,
        id: StatementId::new(fresh_uuid(&**entropy)),
        nonce: Nonce(fresh(&**entropy)),
        channel,
        agreement: envelope.agreement,
        issued_at: node.now(),
        parts: envelope.entries,
        body: RawValue::from_string(text).map_err(ExchangeError::damaged)?,
    };
    let (partner, parts) = (envelope.partner, envelope.parts);
    let input = SealInput { draft, partner, parts, effect, serial, journal };
    let gives_folio =
        matches!(input.effect, SealEffect::Matter { .. } | SealEffect::Conduct { .. });
    let sealed = node.store().seal(input).await?;
    if gives_folio {
        recovery::keep_folios(node).await?;
    }
    Ok(sealed)
}

/// Refuses to give a place to what no valid key could sign: it would stand in the way of everything after it.
async fn must_be_able_to_sign(node: &Node, channel: ChannelId) -> Result<()> {
    let own = descriptor::own_at_next(node, channel).await?;
    let now = node.now();
    let has = |purpose| own.partner.descriptor.keys_for(purpose, now).next().is_some();
    if has(KeyUse::Statement) && has(KeyUse::Log) {
        return Ok(());
    }
    let message = "a key of this node with which statements or the record are signed has expired; make new ones with \
                   `comity key rotate statement log --by-file` and hand the new descriptor to every partner";
    Err(ExchangeError::refused("own-key-expired", message))
}

/// Signs every statement that is sealed and not signed, in order, and one checkpoint for each run of them. No
/// checkpoint ever covers a statement that is not signed, and none is signed of a log that is shorter than one that was
/// signed before. Gives how many were signed.
pub async fn sign_pending(node: &Node) -> Result<u64> {
    let _signing = node.signing().await;
    let (mut signed, mut before) = (0, None);
    while let Some(count) = sign_next(node, &mut before).await? {
        signed += count;
    }
    Ok(signed)
}

/// As [`sign_pending`], and no more than the first run: at most 256 statements, with their checkpoint.
pub async fn sign_some(node: &Node) -> Result<u64> {
    let _signing = node.signing().await;
    Ok(sign_next(node, &mut None).await?.unwrap_or(0))
}

/// Signs the first run that waits; `None` where nothing does. `before` is the first statement of a run that another process
/// signed meanwhile: one that is found so twice is a conflict.
async fn sign_next(node: &Node, before: &mut Option<Digest>) -> Result<Option<u64>> {
    let pending = node.store().unsigned(SIGN_BATCH).await?;
    let Some(channel) = pending.first().map(|row| row.channel) else { return Ok(None) };
    recovery::must_not_be_behind(node, channel).await?;
    let (own, run) = run_of(node, channel, pending).await?;
    let last = run.iter().filter_map(|row| Some((row.sequence?, row.digest))).max();
    let keys = node.keys()?;
    let envelopes = tokio::task::spawn_blocking(move || {
        let sign = |row: &OutboundRow| {
            if Digest::of(&row.payload) != row.digest {
                return Err(ExchangeError::damaged("a statement that is sealed and not signed"));
            }
            let own = &own.partner.descriptor;
            Ok((row.digest, keys.sign_statement(&row.payload, own, row.sealed_at)?))
        };
        run.iter().map(sign).collect::<Result<Vec<_>>>()
    })
    .await
    .map_err(ExchangeError::damaged)??;
    let checkpoint = match last {
        Some((last, digest)) => {
            let size = last + 1;
            Some((size, record::sign_checkpoint(node, channel, size, digest).await?))
        }
        None => None,
    };
    let (count, first) = (envelopes.len() as u64, envelopes.first().map(|(digest, _)| *digest));
    match node.store().attach(channel, envelopes, checkpoint).await {
        Ok(_) => Ok(Some(count)),
        // another process of this node signed them first; its signatures are as good
        Err(StoreError::Conflict(_)) if first != *before => {
            *before = first;
            Ok(Some(0))
        }
        Err(error) => Err(error.into()),
    }
}

/// The first of the statements that wait for their signatures: those of one channel up to the first that another descriptor
/// of this party judges. So no checkpoint covers what the keys before and the keys after signed.
async fn run_of(
    node: &Node,
    channel: ChannelId,
    pending: Vec<OutboundRow>,
) -> Result<(InForce, Vec<OutboundRow>)> {
    let of_channel = pending.into_iter().take_while(|row| row.channel == channel);
    let of_channel: Vec<OutboundRow> = of_channel.collect();
    let place = match of_channel.iter().find_map(|row| row.sequence) {
        Some(sequence) => sequence,
        None => node.store().outbound_head(channel).await?.next,
    };
    let own = descriptor::in_force(node, channel, place).await?;
    let mut run = Vec::new();
    for row in of_channel {
        let is_last =
            row.sequence.is_some_and(|at| own.until.is_some_and(|(end, _)| at + 1 >= end));
        run.push(row);
        if is_last {
            break;
        }
    }
    Ok((own, run))
}
