//! Agreements: drafting, signing and importing them, and the one that is in force.

use comity_model::statement::AgreementRef;
use comity_model::told;
use comity_model::told::Told;
use comity_model::{AgreementId, Digest, Folio, Refusal};
use comity_policy::{Agreement, Binds};
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::hybrid::{Algorithm, HybridPublic};
use comity_pouch::keys::RootKey;
use serde_json::json;

use crate::error::{ExchangeError, Result};
use crate::kinds;
use crate::matter::of_another_kind;
use crate::node::Node;
use crate::partner;
use crate::ports::{AgreementRecord, FolioSubject, PartyRecord};
use crate::recovery;

mod arrival;
mod beside;
mod life;
mod standing;

pub(crate) use arrival::take;
pub use beside::{Beside, beside};
pub(crate) use life::said;
pub use life::{Halt, Life, activate, life, lift, send, suspend, terminate, to_amend};
pub use standing::{Standing, cited, for_kind, in_force, under};
pub(crate) use standing::{before, binding, by_days, signed_over};

/// Reads an agreement's text. Every error is in the message, each with its line.
pub fn read(text: &str, place: &str) -> Result<Agreement> {
    Agreement::parse(text)
        .map_err(|errors| ExchangeError::Agreement { place: place.to_owned(), errors })
}

/// Signs an agreement's text with this party's root key, and keeps it. A text that the partner signed already keeps that
/// signature. `by` is who signs, for the journal. A party signs one text of a version and no other: refused with
/// `agreement-signed-otherwise`, or `agreement-complete` where both signed another one; with `kind-unknown` for a clause that
/// names a type which this node does not know.
pub async fn sign(
    node: &Node,
    text: &str,
    place: &str,
    root: &RootKey,
    by: &str,
) -> Result<AgreementRecord> {
    let agreement = Agreement::parse_draft(text)
        .map_err(|errors| ExchangeError::Agreement { place: place.to_owned(), errors })?;
    if root.party() != node.root() {
        let message =
            "the root key is not this node's; take the key of this data folder".to_owned();
        return Err(ExchangeError::refused("wrong-root-key", message));
    }
    kinds::of_agreement(node, text, place)?;
    let mut envelope = match open_version(node, &agreement).await? {
        Some(stored) => {
            Envelope::parse(stored.envelope.as_bytes()).map_err(ExchangeError::damaged)?
        }
        None => Envelope::unsigned(dsse::AGREEMENT, text.as_bytes().to_vec())
            .map_err(|error| ExchangeError::unreadable(place, error.code(), &error))?,
    };
    let mine = root.public();
    if envelope.verify_party(dsse::AGREEMENT, mine).is_err() {
        envelope
            .add_signatures(root.signer())
            .map_err(|error| crate::ports::KeyError(error.to_string()))?;
    }
    keep(node, &agreement, &envelope, ("agreement-signed", by)).await
}

/// Takes in an agreement file: the text with one or both parties' signatures. Signatures that are here already on
/// the same bytes are kept beside those that come. `by` is who imports, for the journal. Refused with
/// `agreement-signed-otherwise` and `agreement-complete` as [`sign`] is.
pub async fn import(node: &Node, file: &[u8], place: &str, by: &str) -> Result<AgreementRecord> {
    let (envelope, agreement) = open(file, place)?;
    let merged = match open_version(node, &agreement).await? {
        Some(stored) => {
            let own =
                Envelope::parse(stored.envelope.as_bytes()).map_err(ExchangeError::damaged)?;
            own.merged(&envelope)
                .map_err(|error| ExchangeError::unreadable(place, error.code(), &error))?
        }
        None => envelope,
    };
    keep(node, &agreement, &merged, ("agreement-imported", by)).await
}

/// Whether this party and the partner signed an agreement file, which is not kept. Refused with `agreement-signature` when a
/// signature in it does not fit the text or is nobody's of the two; with `not-a-party` and `unconfirmed-party` when there are
/// no keys to judge by (docs/protocol.md section 4).
pub async fn check_signatures(node: &Node, file: &[u8], place: &str) -> Result<(bool, bool)> {
    let (envelope, agreement) = open(file, place)?;
    let (_, ours, theirs) = signers(node, &agreement, &envelope).await?;
    Ok((ours, theirs))
}

/// Reads an agreement file; who signed it is not asked.
fn open(file: &[u8], place: &str) -> Result<(Envelope, Agreement)> {
    let envelope = Envelope::parse(file)
        .map_err(|error| ExchangeError::unreadable(place, error.code(), &error))?;
    if envelope.payload_type() != dsse::AGREEMENT {
        let message = "this is not an agreement file; export one with `comity agreement sign`";
        return Err(ExchangeError::input(
            place,
            Told::from(message).named("not-an-agreement-file"),
        ));
    }
    let text = std::str::from_utf8(envelope.unverified_payload())
        .map_err(|error| ExchangeError::unreadable(place, "text-encoding", &error))?;
    let agreement = read(text, place)?;
    Ok((envelope, agreement))
}

/// The partner, and whether this party and it signed. Every signature that is there must be good and of one of the two.
async fn signers(
    node: &Node,
    agreement: &Agreement,
    envelope: &Envelope,
) -> Result<(PartyRecord, bool, bool)> {
    let (_, partner_root) = agreement.partner_of(&node.root()).ok_or_else(|| {
        let message = told!("this node's party is not in the agreement; write `root = \"{root}\"` under `[parties]`", root = node.root());
        ExchangeError::refused("not-a-party", message)
    })?;
    let (record, keys) = partner::confirmed(node, *partner_root).await?;
    let (own_key, partner_key) = (partner::own(node)?.root_key()?, keys.root_key()?);
    let ours = signed_by(envelope, &own_key, node.record().handle.as_str())?;
    let theirs = signed_by(envelope, &partner_key, record.handle.as_str())?;
    let is_theirs =
        |key: &HybridPublic, id: &str| Algorithm::BOTH.iter().any(|it| key.key_id(*it) == id);
    let stranger = envelope
        .signatures()
        .iter()
        .find(|it| !is_theirs(&own_key, it.key_id()) && !is_theirs(&partner_key, it.key_id()));
    if let Some(stranger) = stranger {
        let message = told!(
            "the key `{key}` signed it, and is neither party's; ask the partner for the file again",
            key = stranger.key_id()
        );
        return Err(ExchangeError::refused("agreement-signature", message));
    }
    Ok((record, ours, theirs))
}

/// Whether a party signed. Half a signature is a bad one.
fn signed_by(envelope: &Envelope, key: &HybridPublic, who: &str) -> Result<bool> {
    let is_there = |algorithm: &Algorithm| {
        let id = key.key_id(*algorithm);
        envelope.signatures().iter().any(|it| it.key_id() == id)
    };
    if !Algorithm::BOTH.iter().any(is_there) {
        return Ok(false);
    }
    let verified = envelope.verify_party(dsse::AGREEMENT, key);
    verified.map(|_| true).map_err(|error| {
        ExchangeError::refused(
            "agreement-signature",
            told!("the signature of `{who}`: {error}", who, error),
        )
    })
}

/// Checks who signed and keeps the version.
async fn keep(
    node: &Node,
    agreement: &Agreement,
    envelope: &Envelope,
    (event, by): (&str, &str),
) -> Result<AgreementRecord> {
    let (record, ours, theirs) = signers(node, agreement, envelope).await?;
    if !ours && !theirs {
        let message =
            "neither party signed this text; sign it with `comity agreement sign`".to_owned();
        return Err(ExchangeError::refused("agreement-unsigned", message));
    }
    let reference =
        AgreementRef { id: agreement.id, version: agreement.version, digest: agreement.digest };
    let stored = AgreementRecord {
        reference,
        partner: record.root,
        text: agreement.text.to_string(),
        envelope: String::from_utf8_lossy(&envelope.to_json()).into_owned(),
        ours,
        complete: ours && theirs,
        when_signed: agreement.binds == Binds::Signatures,
        stored_at: node.now(),
        folio: None,
    };
    let details = json!({
        "version": agreement.version, "digest": agreement.digest, "partner": record.root,
        "signed_here": ours, "signed_by_partner": theirs,
    });
    let journal = vec![node.journal_by(by, event, agreement.id, details)];
    let kept = node.store().put_agreement(stored, journal).await?;
    recovery::keep_folios(node).await?;
    Ok(kept)
}

/// The agreement with an id or a folio of this party: its newest version here, and those before it, oldest first.
/// Refused with `bad-input` if `name` is neither, with `not-found` if there is none.
pub async fn find(node: &Node, name: &str) -> Result<(AgreementRecord, Vec<AgreementRecord>)> {
    let id: AgreementId = if let Ok(id) = name.parse() {
        id
    } else {
        let folio: Folio = name.parse().map_err(|_| {
            let message = "not an agreement; write its folio, as `MX-2026-000123`, or its id";
            ExchangeError::input(name, Told::from(message).named("not-a-folio"))
        })?;
        match node.store().by_folio(folio.clone()).await? {
            Some(FolioSubject::Agreement(id)) => id,
            Some(subject) => return Err(of_another_kind(&folio, &subject, "an agreement")),
            None => return Err(ExchangeError::no_agreement(name)),
        }
    };
    let mut versions = node.store().agreements().await?;
    versions.retain(|it| it.reference.id == id);
    let newest = versions.pop().ok_or_else(|| ExchangeError::no_agreement(name))?;
    Ok((newest, versions))
}

/// What is here of a version, if that is the same text; another text is refused where it may not give way to this one.
async fn open_version(node: &Node, agreement: &Agreement) -> Result<Option<AgreementRecord>> {
    let Agreement { id, version, digest, .. } = agreement;
    let Some(stored) = find_version(node, *id, *version).await? else { return Ok(None) };
    let Some(closed) = closed_to(node, &stored, *digest)? else {
        return Ok((stored.reference.digest == *digest).then_some(stored));
    };
    let message = told!(
        "version {version} of `{id}` is signed here with another text (`{own}`), and a signature is given once under a version: \
         `{digest}` is refused; agree on one text, give it a higher `version` and have both sign it, in a file and with \
         `binds = \"signatures\"` where no statement can carry it (`comity agreement amend --by-signatures`)",
        version,
        id,
        own = stored.reference.digest,
        digest
    );
    Err(ExchangeError::refused(closed.code(), message))
}

/// Why a version that is here takes no text with this digest: another one has both signatures, or this party's. One that the
/// partner alone signed binds nobody and gives way.
fn closed_to(node: &Node, stored: &AgreementRecord, digest: Digest) -> Result<Option<Refusal>> {
    if stored.reference.digest == digest {
        return Ok(None);
    }
    if stored.complete {
        return Ok(Some(Refusal::AgreementComplete));
    }
    let envelope = Envelope::parse(stored.envelope.as_bytes()).map_err(ExchangeError::damaged)?;
    let ours = envelope.verify_party(dsse::AGREEMENT, &partner::own(node)?.root_key()?).is_ok();
    Ok((ours || stored.ours).then_some(Refusal::AgreementSignedOtherwise))
}

pub(crate) async fn find_version(
    node: &Node,
    id: AgreementId,
    version: u32,
) -> Result<Option<AgreementRecord>> {
    let all = node.store().agreements().await?;
    Ok(all.into_iter().find(|it| it.reference.id == id && it.reference.version == version))
}
