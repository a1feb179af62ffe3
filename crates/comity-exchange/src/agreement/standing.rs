//! Which agreement something is said under, and what it says.

use comity_model::told;
use std::collections::BTreeSet;
use std::sync::Arc;

use comity_model::conduct::{self, Phase};
use comity_model::statement::{AgreementRef, Kind};
use comity_model::{AgreementId, Digest, PartyRoot};
use comity_policy::{Agreement, Engine, State};
use jiff::Timestamp;

use super::life::{Life, life, unknown};
use super::{find_version, read};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{AgreementRecord, PartyRecord};

/// An agreement with both signatures, compiled, and its partner.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The version.
    pub reference: AgreementRef,
    /// What it says.
    pub agreement: Agreement,
    /// Its compiled form.
    pub engine: Arc<Engine>,
    /// The partner's record.
    pub record: PartyRecord,
    /// The partner's keys.
    pub partner: Arc<Partner>,
}

/// The agreement with `partner` that is in force at `at`, and its active version: of several agreements, the one with the
/// highest version.
pub async fn in_force(node: &Node, partner: PartyRoot, at: Timestamp) -> Result<Standing> {
    choose(node, partner, at, |phase| phase == Phase::InForce).await
}

/// The agreement with `partner` under which a statement of `kind` may be said at `at`: one in force where there is one,
/// else one that is suspended or ended, for the kinds that may be said then (docs/protocol.md section 2.4).
pub async fn for_kind(
    node: &Node,
    partner: PartyRoot,
    kind: Kind,
    at: Timestamp,
) -> Result<Standing> {
    match in_force(node, partner, at).await {
        Err(ExchangeError::Refused { .. }) => {
            choose(node, partner, at, |phase| conduct::may(kind, phase).is_ok()).await
        }
        found => found,
    }
}

/// The active version of one agreement, where a statement of `kind` may be said under it at `at`. For what speaks of
/// something that crossed under this agreement, as a recall does.
pub async fn under(node: &Node, id: AgreementId, kind: Kind, at: Timestamp) -> Result<Standing> {
    let all = node.store().agreements().await?;
    let partner = all.iter().find(|it| it.reference.id == id).map(|it| it.partner);
    let partner = partner.ok_or_else(|| unknown(id))?;
    choose_of(node, partner, Some(id), at, |phase| conduct::may(kind, phase).is_ok()).await
}

/// The version of each agreement that binds, or would within its days.
pub(crate) async fn binding(node: &Node) -> Result<Vec<Agreement>> {
    let all = node.store().agreements().await?;
    let ids: BTreeSet<AgreementId> = all.iter().map(|it| it.reference.id).collect();
    let mut binding = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(active) = life(node, id, node.now()).await?.active() {
            binding.push(compiled(node, active)?.agreement().clone());
        }
    }
    Ok(binding)
}

/// The earlier versions of an agreement that both parties signed.
pub(crate) async fn before(node: &Node, agreement: &Agreement) -> Result<Vec<Arc<Engine>>> {
    let all = node.store().agreements().await?;
    let earlier = all.iter().filter(|it| {
        let AgreementRef { id, version, .. } = it.reference;
        it.complete && id == agreement.id && version < agreement.version
    });
    earlier.map(|it| compiled(node, it)).collect()
}

async fn choose(
    node: &Node,
    partner: PartyRoot,
    at: Timestamp,
    fits: impl Fn(Phase) -> bool + Send,
) -> Result<Standing> {
    choose_of(node, partner, None, at, fits).await
}

async fn choose_of(
    node: &Node,
    partner: PartyRoot,
    id: Option<AgreementId>,
    at: Timestamp,
    fits: impl Fn(Phase) -> bool + Send,
) -> Result<Standing> {
    let (record, keys) = partner::confirmed(node, partner).await?;
    let mut all = node.store().agreements().await?;
    all.retain(|it| it.partner == partner && id.is_none_or(|id| it.reference.id == id));
    let ids: BTreeSet<AgreementId> = all.iter().map(|it| it.reference.id).collect();
    let mut lives = Vec::with_capacity(ids.len());
    for id in ids {
        lives.push(life(node, id, at).await?);
    }
    let newest = |it: &Life| it.versions.last().map(|it| (it.reference.version, it.reference.id));
    lives.sort_by_key(|it| std::cmp::Reverse(newest(it)));
    let mut blocked = None;
    for life in &lives {
        match life.active() {
            Some(active) if fits(life.phase) => return standing(node, active, &record, &keys),
            _ => blocked.get_or_insert_with(|| Blocked::of(life)),
        };
    }
    Err(blocked.unwrap_or(Blocked::None).refusal(record.handle.as_str()))
}

/// The phase of a version with both signatures by its days alone.
pub(crate) fn by_days(agreement: &Agreement, at: Timestamp) -> Phase {
    match agreement.state_at(at) {
        State::NotYetBegun => Phase::NotBegun,
        State::InForce => Phase::InForce,
        State::Ended => Phase::Ended,
    }
}

/// A stored version with both signatures that is with `partner`, by its id and version. Whether it binds, and whether its
/// text is the one that was cited, is for the caller to ask.
pub async fn cited(
    node: &Node,
    reference: &AgreementRef,
    partner: PartyRoot,
) -> Result<Option<Standing>> {
    let Some(stored) = find_version(node, reference.id, reference.version).await? else {
        return Ok(None);
    };
    if !stored.complete || stored.partner != partner {
        return Ok(None);
    }
    let (record, keys) = partner::confirmed(node, stored.partner).await?;
    standing(node, &stored, &record, &keys).map(Some)
}

/// The highest version above a cited one that both parties signed and that binds by that alone.
pub(crate) async fn signed_over(
    node: &Node,
    reference: &AgreementRef,
    partner: PartyRoot,
) -> Result<Option<Standing>> {
    let all = node.store().agreements().await?;
    let above = all.iter().rev().find(|it| {
        it.reference.id == reference.id
            && it.reference.version > reference.version
            && it.partner == partner
            && it.complete
            && it.when_signed
    });
    match above {
        Some(above) => cited(node, &above.reference, partner).await,
        None => Ok(None),
    }
}

fn standing(
    node: &Node,
    stored: &AgreementRecord,
    record: &PartyRecord,
    keys: &Arc<Partner>,
) -> Result<Standing> {
    let engine = compiled(node, stored)?;
    Ok(Standing {
        reference: stored.reference,
        agreement: engine.agreement().clone(),
        engine,
        record: record.clone(),
        partner: Arc::clone(keys),
    })
}

/// The compiled form of a stored version, whose text is still the one that was signed.
pub(super) fn compiled(node: &Node, stored: &AgreementRecord) -> Result<Arc<Engine>> {
    if Digest::of(stored.text.as_bytes()) != stored.reference.digest {
        let message = told!(
            "the stored text of {agreement} is not the one that was signed; import the signed file again",
            agreement = stored.reference.id
        );
        return Err(ExchangeError::refused("agreement-digest", message));
    }
    // reading and compiling cost milliseconds, and every step of every release asks for this
    node.engine(&stored.reference.digest, || {
        let agreement =
            read(&stored.text, "the stored agreement").map_err(ExchangeError::damaged)?;
        Engine::compile(&agreement).map_err(ExchangeError::damaged)
    })
}

/// Why no agreement lets anything through.
#[derive(Clone, Copy)]
enum Blocked {
    None,
    OneSignature,
    NotActive,
    NotBegun,
    Suspended,
    Ended,
    Terminated,
}

impl Blocked {
    fn of(life: &Life) -> Self {
        match life.phase {
            Phase::Draft if life.versions.iter().any(|it| it.complete) => Self::NotActive,
            Phase::Draft => Self::OneSignature,
            Phase::NotBegun => Self::NotBegun,
            Phase::Suspended => Self::Suspended,
            Phase::InForce | Phase::Ended if life.is_terminated() => Self::Terminated,
            Phase::InForce | Phase::Ended => Self::Ended,
        }
    }

    fn refusal(self, handle: &str) -> ExchangeError {
        let (code, message) = match self {
            Self::None => (
                "agreement-unknown",
                told!("there is no agreement with `{handle}`; draft one with `comity agreement new --with {handle}`", handle),
            ),
            Self::OneSignature => (
                "agreement-unsigned",
                told!("the agreement with `{handle}` lacks a signature; both parties sign the same text", handle),
            ),
            Self::NotActive => (
                "agreement-unsigned",
                told!(
                    "version 1 of the agreement with `{handle}` lacks a signature, and a later one binds only once it is \
                     activated, or as soon as both signed it where it says `binds = \"signatures\"`; \
                     `comity agreement amend --by-signatures` begins such a one",
                    handle
                )
                .named("first-version-unsigned"),
            ),
            Self::Suspended => (
                "agreement-suspended",
                told!("the agreement with `{handle}` is suspended; `comity agreement list` shows by whom", handle),
            ),
            Self::NotBegun => (
                "agreement-not-begun",
                told!("the agreement with `{handle}` is not yet in force; `comity agreement list` shows its dates", handle),
            ),
            Self::Ended => (
                "agreement-ended",
                told!(
                    "the agreement with `{handle}` has ended; agree on a new version with a later last day, which \
                     `comity agreement amend` begins",
                    handle
                ),
            ),
            Self::Terminated => (
                "agreement-ended",
                told!(
                    "the agreement with `{handle}` was terminated, and no version of it binds again; agree on another one, which \
                     `comity agreement new --with {handle}` begins",
                    handle
                )
                .named("agreement-terminated"),
            ),
        };
        ExchangeError::refused(code, message)
    }
}
