//! Standing approvals: an officer signs beforehand what may go under one clause, up to so many objects a day and for at
//! most 30 days (docs/protocol.md section 3.6). Never for sites and never for natural persons.

use comity_model::entropy::fresh_uuid;
use comity_model::statement::SignedApproval;
use comity_model::told;
use comity_model::{PartyRoot, StandingId};
use comity_policy::{Approval, Clause};
use comity_pouch::approval::{ApprovalError, StandingApproval, StandingUse, VERSION, is_standing};
use comity_pouch::dsse::Envelope;
use comity_pouch::hybrid::HybridPublic;
use comity_pouch::keys::OfficerKey;
use jiff::Timestamp;
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::approve::{certified, not_the_composer, officer_by_id};
use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::partner;
use crate::ports::{ReleaseRow, StandingRecord};

pub(crate) mod named;
pub(crate) mod seen;

/// Objects that are named in a refusal.
const NAMED: usize = 20;

/// What an officer approves beforehand.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The partner that gets it.
    pub to: PartyRoot,
    /// The clause, whose `approval` must be `standing`.
    pub clause: String,
    /// Objects in one day, in UTC, at the most.
    pub ceiling: u64,
    /// Until when; at most 30 days from now.
    pub until: Timestamp,
}

/// Signs a standing approval under the agreement in force, and keeps it. Refused with `standing-not-granted` where the
/// clause has no standing approvals, with `standing-window` or `standing-ceiling` where the terms are beyond what may be
/// approved beforehand, and as `exists` where another one of the clause is good at some moment of the window.
pub async fn sign(node: &Node, terms: Terms, officer: &OfficerKey) -> Result<StandingRecord> {
    let record = officer_by_id(node, officer.officer()).await?;
    let (clause, details) = (terms.clause.clone(), json!({ "to": terms.to }));
    let done = sign_checked(node, terms, officer).await;
    journalled(node, done, &record.name, "standing-not-signed", clause, details).await
}

async fn sign_checked(node: &Node, terms: Terms, officer: &OfficerKey) -> Result<StandingRecord> {
    let now = node.now();
    let standing = agreement::in_force(node, terms.to, now).await?;
    let agreement = &standing.agreement;
    let clause = agreement.clause(&terms.clause).ok_or_else(|| {
        let message = told!("the agreement has no clause `{clause}`", clause = terms.clause);
        ExchangeError::refused("clause-unknown", message)
    })?;
    if agreement.parties.get(&clause.from) != Some(&node.root()) {
        let message = told!(
            "the clause `{clause}` is the partner's to give under, not this party's",
            clause = clause.id
        );
        return Err(ExchangeError::refused("clause-direction", message));
    }
    if clause.approval != Approval::Standing {
        let message = told!(
            "the clause `{clause}` wants each release approved (`{approval}`); agree on `approval = \"standing\"` first",
            clause = clause.id,
            approval = clause.approval.as_str()
        );
        return Err(ExchangeError::refused("standing-not-granted", message));
    }
    let record = officer_by_id(node, officer.officer()).await?;
    let approval = StandingApproval {
        v: VERSION,
        id: StandingId::new(fresh_uuid(&**node.entropy())),
        agreement: standing.reference.digest,
        clause: terms.clause,
        ceiling: terms.ceiling,
        officer: record.id,
        from: now,
        until: terms.until,
    };
    let envelope = approval.sign(officer).map_err(refusal)?;
    let registrar = partner::own(node)?.registrar_key(now)?;
    let certificate = certified(node, &registrar, &record.certificate)?;
    StandingApproval::verify(&envelope, &certificate).map_err(refusal)?;
    let kept = StandingRecord {
        id: approval.id,
        officer: record.id,
        name: record.name.clone(),
        certificate: record.certificate,
        approval: String::from_utf8_lossy(&envelope.to_json()).into_owned(),
        agreement: approval.agreement,
        clause: approval.clause,
        to: terms.to,
        ceiling: approval.ceiling,
        from: approval.from,
        until: approval.until,
        revoked_at: None,
    };
    let details = json!({
        "clause": kept.clause, "to": kept.to, "ceiling": kept.ceiling, "until": kept.until,
        "officer": kept.officer, "agreement": kept.agreement,
    });
    let journal = vec![node.journal_by(&record.name, "standing-signed", kept.id, details)];
    node.store().put_standing(kept.clone(), journal).await?;
    Ok(kept)
}

/// Every standing approval, newest first, each with the objects sealed under it today.
pub async fn list(node: &Node) -> Result<Vec<(StandingRecord, u64)>> {
    Ok(node.store().standings(node.now()).await?)
}

/// Revokes a standing approval: nothing more is sealed under it. `by` is who revokes, for the journal.
pub async fn revoke(node: &Node, id: StandingId, by: &str) -> Result<()> {
    let journal = vec![node.journal_by(by, "standing-revoked", id, json!({}))];
    Ok(node.store().revoke_standing(id, node.now(), journal).await?)
}

/// The standing approval under which a release may go that no officer approved. Refused with `approval-missing` where
/// there is none, and with the code of what keeps it from being good for this release.
pub(crate) async fn authority(
    node: &Node,
    release: &ReleaseRow,
    standing: &Standing,
    clause: &Clause,
    now: Timestamp,
) -> Result<(StandingId, SignedApproval)> {
    let missing = || {
        let message = told!(
            "the release has {approvals} of the approvals that its clause demands; `comity release approve {folio}` adds one",
            approvals = release.approvals.len(),
            folio = release.record.folio
        );
        ExchangeError::refused("approval-missing", message)
    };
    if clause.approval != Approval::Standing {
        return Err(missing());
    }
    let of_it = |it: &StandingRecord| {
        it.agreement == standing.reference.digest && it.clause == clause.id && it.is_open(now)
    };
    let all = node.store().standings(now).await?;
    let given = all.into_iter().map(|(it, _)| it).find(of_it).ok_or_else(missing)?;
    let registrar = partner::own(node)?.registrar_key(now)?;
    let signed = SignedApproval { certificate: given.certificate, approval: given.approval };
    let usage = StandingUse {
        agreement: &standing.reference.digest,
        clause: &clause.id,
        objects: release.record.objects,
        at: now,
    };
    verify(node, &registrar, &signed, &usage)?;
    if !clause.composer_may_approve {
        not_the_composer(&officer_by_id(node, given.officer).await?, release)?;
    }
    let seen = seen::wants_an_officer(node, release, &standing.partner).await?;
    if !seen.is_empty() {
        let named: Vec<String> = seen.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
        let message = told!(
            "a standing approval is not for sites and natural persons, nor for what leads to them by what it names: {objects}; `comity release approve {folio}` has an officer \
             see the release",
            objects = named.join(", "),
            folio = release.record.folio
        );
        return Err(ExchangeError::refused("standing-not-for-this", message));
    }
    Ok((given.id, signed))
}

/// Whether what travels as an approval is a standing one.
pub(crate) fn is_standing_approval(signed: &SignedApproval) -> bool {
    Envelope::parse(signed.approval.as_bytes()).is_ok_and(|it| is_standing(&it))
}

/// Checks a standing approval against a party's registrar and against the release that goes under it.
pub(crate) fn verify(
    node: &Node,
    registrar: &HybridPublic,
    signed: &SignedApproval,
    usage: &StandingUse<'_>,
) -> Result<()> {
    let certificate = certified(node, registrar, &signed.certificate)?;
    let envelope = Envelope::parse(signed.approval.as_bytes())
        .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
    let approval = StandingApproval::verify(&envelope, &certificate).map_err(refusal)?;
    approval.covers(&certificate, usage).map_err(refusal)
}

#[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
fn refusal(error: ApprovalError) -> ExchangeError {
    ExchangeError::refused(error.code(), error.to_string())
}
