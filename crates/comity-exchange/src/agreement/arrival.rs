//! What a partner says about an agreement, taken in.

use std::io::Read as _;

use comity_model::conduct::{
    self, AGREEMENT_PART, AgreementBody, ConductBody, MAX_AGREEMENT_PART, SuspensionAct,
};
use comity_model::statement::{Binding, PartEntry, Payload};
use comity_model::{Digest, Refusal};
use comity_policy::{Act, Agreement, Binds};
use comity_pouch::dsse::{self, Envelope};

use super::life::said;
use super::{Standing, closed_to, find_version, signers};
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::grounds;
use crate::matter;
use crate::node::Node;
use crate::ports::{AgreementRecord, PublishEffect};
use crate::verify::{OpenPouch, refuse_or_fail};

type Taken<T> = Result<std::result::Result<T, Refusal>>;

/// What a statement about an agreement changes here, or why it is refused.
pub(crate) async fn take(
    node: &Node,
    payload: &Payload,
    standing: &Standing,
    pouch: OpenPouch,
) -> Taken<PublishEffect> {
    let Some(Ok(body)) = ConductBody::of(payload) else { return Ok(Err(Refusal::BadBody)) };
    let events = said(node, payload.agreement.id).await?;
    let listed = match &body {
        ConductBody::Agreement(_) => Ok(()),
        ConductBody::Suspension(body) if body.act == SuspensionAct::Lift => {
            grounds::bases_must_be_listed(&standing.agreement, &body.grounds)
        }
        ConductBody::Suspension(body) => {
            grounds::must_be_listed(&standing.agreement, Act::Refusal, &body.grounds)
        }
        ConductBody::Termination(body) => {
            grounds::must_be_listed(&standing.agreement, Act::Refusal, &body.grounds)
        }
    };
    let follows = conduct::accepts(&events, payload.from, body.change());
    if let Err(refusal) = follows.and(listed) {
        return Ok(Err(refusal));
    }
    if let ConductBody::Agreement(version) = &body {
        let signed = match signed_file(&payload.parts, pouch).await? {
            Ok(signed) => signed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let kept = to_keep(node, payload, version, &signed).await?;
        return Ok(kept.map(|kept| PublishEffect::Conduct {
            body,
            text_of: Some(kept),
            text: None,
        }));
    }
    let read = matter::read_parts(node, payload, body.text_rule(), pouch).await?;
    Ok(read.map(|(text, _)| PublishEffect::Conduct { body, text_of: None, text }))
}

/// Reads the one part of an `agreement`.
async fn signed_file(entries: &[PartEntry], pouch: OpenPouch) -> Taken<Vec<u8>> {
    let entry = match entries {
        [entry] if entry.name == AGREEMENT_PART => entry.clone(),
        _ => return Ok(Err(Refusal::PartDigest)),
    };
    if entry.size > MAX_AGREEMENT_PART {
        return Ok(Err(Refusal::OverLimit));
    }
    blocking(move || {
        let mut pouch = pouch;
        let mut bytes = Vec::new();
        match pouch.next_part() {
            Ok(Some(mut part)) if part.name() == entry.name && part.size() == entry.size => {
                if let Err(error) = part.read_to_end(&mut bytes) {
                    return refuse_or_fail(error.into());
                }
            }
            Ok(_) => return Ok(Err(Refusal::PartDigest)),
            Err(error) => return refuse_or_fail(error),
        }
        match pouch.next_part() {
            Ok(None) => {}
            Ok(Some(_)) => return Ok(Err(Refusal::PartDigest)),
            Err(error) => return refuse_or_fail(error),
        }
        if let Err(error) = pouch.finish() {
            return refuse_or_fail(error);
        }
        if entry.bound_by != Binding::Digest(Digest::of(&bytes)) {
            return Ok(Err(Refusal::PartDigest));
        }
        Ok(Ok(bytes))
    })
    .await
}

/// The version as it is kept: the text that travelled, with its signatures and those that are here on the same bytes.
async fn to_keep(
    node: &Node,
    payload: &Payload,
    said: &AgreementBody,
    file: &[u8],
) -> Taken<AgreementRecord> {
    let opened = Envelope::parse(file).ok().filter(|it| it.payload_type() == dsse::AGREEMENT);
    let Some(envelope) = opened else { return Ok(Err(Refusal::BadBody)) };
    let text = std::str::from_utf8(envelope.unverified_payload()).unwrap_or_default();
    let Ok(agreement) = Agreement::parse(text) else { return Ok(Err(Refusal::BadBody)) };
    let is_said = agreement.id == payload.agreement.id
        && (agreement.version, agreement.digest) == (said.version, said.digest);
    let partner = agreement.partner_of(&node.root()).map(|(_, root)| *root);
    if !is_said || partner != Some(payload.from) {
        return Ok(Err(Refusal::BadBody));
    }
    let (ours, theirs) = match signers(node, &agreement, &envelope).await {
        Ok((_, ours, theirs)) => (ours, theirs),
        Err(ExchangeError::Refused { .. }) => return Ok(Err(Refusal::SignatureBad)),
        Err(error) => return Err(error),
    };
    if !theirs || (said.activate && !ours) {
        return Ok(Err(Refusal::AgreementUnsigned));
    }
    let stored = find_version(node, agreement.id, agreement.version).await?;
    if let Some(stored) = &stored
        && let Some(refusal) = closed_to(node, stored, agreement.digest)?
    {
        return Ok(Err(refusal));
    }
    let (merged, ours, complete) = match stored {
        Some(stored) if stored.reference.digest == agreement.digest => {
            let own =
                Envelope::parse(stored.envelope.as_bytes()).map_err(ExchangeError::damaged)?;
            let merged = own.merged(&envelope).map_err(ExchangeError::damaged)?;
            let (_, ours, theirs) = signers(node, &agreement, &merged).await?;
            (merged, ours, ours && theirs)
        }
        _ => (envelope, ours, ours && theirs),
    };
    Ok(Ok(AgreementRecord {
        reference: comity_model::statement::AgreementRef {
            id: agreement.id,
            version: agreement.version,
            digest: agreement.digest,
        },
        partner: payload.from,
        text: agreement.text.to_string(),
        envelope: String::from_utf8_lossy(&merged.to_json()).into_owned(),
        ours,
        complete,
        when_signed: agreement.binds == Binds::Signatures,
        stored_at: node.now(),
        folio: None,
    }))
}
