//! Agreements: drafting, signing and importing them, and the one that is in force.

use std::sync::Arc;

use comity_model::statement::AgreementRef;
use comity_model::{AgreementId, Digest, Folio, PartyRoot};
use comity_policy::{Agreement, Engine, State};
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::hybrid::{Algorithm, HybridPublic};
use comity_pouch::keys::RootKey;
use jiff::Timestamp;
use serde_json::json;

use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{AgreementRecord, FolioSubject, PartyRecord};

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

/// Reads an agreement's text. Every error is in the message, each with its line.
pub fn read(text: &str, place: &str) -> Result<Agreement> {
    Agreement::parse(text).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        ExchangeError::input(place, lines.join("\n"))
    })
}

/// Signs an agreement's text with this party's root key, and keeps it. A text that the partner signed already
/// keeps that signature. `by` is who signs, for the journal.
pub async fn sign(
    node: &Node,
    text: &str,
    place: &str,
    root: &RootKey,
    by: &str,
) -> Result<AgreementRecord> {
    let agreement = read(text, place)?;
    if root.party() != node.root() {
        let message =
            "the root key is not this node's; take the key of this data folder".to_owned();
        return Err(ExchangeError::refused("wrong-root-key", message));
    }
    let stored = find_version(node, agreement.id, agreement.version).await?;
    let mut envelope = match stored {
        Some(stored) if stored.reference.digest == agreement.digest => {
            Envelope::parse(stored.envelope.as_bytes()).map_err(ExchangeError::damaged)?
        }
        _ => Envelope::unsigned(dsse::AGREEMENT, text.as_bytes().to_vec())
            .map_err(|error| ExchangeError::input(place, error))?,
    };
    let mine = root.secret().public();
    if envelope.verify_party(dsse::AGREEMENT, mine).is_err() {
        envelope
            .add_signatures(root.secret())
            .map_err(|error| crate::ports::KeyError(error.to_string()))?;
    }
    keep(node, &agreement, &envelope, ("agreement-signed", by)).await
}

/// Takes in an agreement file: the text with one or both parties' signatures. Signatures that are here already on
/// the same bytes are kept beside those that come. `by` is who imports, for the journal.
pub async fn import(node: &Node, file: &[u8], place: &str, by: &str) -> Result<AgreementRecord> {
    let (envelope, agreement) = open(file, place)?;
    let merged = match find_version(node, agreement.id, agreement.version).await? {
        Some(stored) if stored.reference.digest == agreement.digest => {
            let own =
                Envelope::parse(stored.envelope.as_bytes()).map_err(ExchangeError::damaged)?;
            own.merged(&envelope).map_err(|error| ExchangeError::input(place, error))?
        }
        _ => envelope,
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
    let envelope = Envelope::parse(file).map_err(|error| ExchangeError::input(place, error))?;
    if envelope.payload_type() != dsse::AGREEMENT {
        let message = "this is not an agreement file; export one with `comity agreement sign`";
        return Err(ExchangeError::input(place, message));
    }
    let text = std::str::from_utf8(envelope.unverified_payload())
        .map_err(|error| ExchangeError::input(place, error))?;
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
        let message = format!(
            "this node's party is not in the agreement; write `root = \"{}\"` under `[parties]`",
            node.root()
        );
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
        let message = format!(
            "the key `{}` signed it, and is neither party's; ask the partner for the file again",
            stranger.key_id()
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
        ExchangeError::refused("agreement-signature", format!("the signature of `{who}`: {error}"))
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
    must_be_open(node, &reference).await?;
    let stored = AgreementRecord {
        reference,
        partner: record.root,
        text: agreement.text.to_string(),
        envelope: String::from_utf8_lossy(&envelope.to_json()).into_owned(),
        complete: ours && theirs,
        stored_at: node.now(),
        folio: None,
    };
    let details = json!({
        "version": agreement.version, "digest": agreement.digest, "partner": record.root,
        "signed_here": ours, "signed_by_partner": theirs,
    });
    let journal = vec![node.journal_by(by, event, agreement.id, details)];
    Ok(node.store().put_agreement(stored, journal).await?)
}

/// The agreement with an id or a folio of this party: its newest version here, and those before it, oldest first.
/// Refused with `bad-input` if `name` is neither, with `not-found` if there is none.
pub async fn find(node: &Node, name: &str) -> Result<(AgreementRecord, Vec<AgreementRecord>)> {
    let id: AgreementId = if let Ok(id) = name.parse() {
        id
    } else {
        let folio: Folio = name.parse().map_err(|_| {
            let message = "not an agreement; write its folio, as `MX-2026-000123`, or its id";
            ExchangeError::input(name, message)
        })?;
        match node.store().by_folio(folio.clone()).await? {
            Some(FolioSubject::Agreement(id)) => id,
            _ => return Err(ExchangeError::no_folio(&folio)),
        }
    };
    let mut versions = node.store().agreements().await?;
    versions.retain(|it| it.reference.id == id);
    let newest = versions.pop().ok_or_else(|| ExchangeError::NotFound {
        what: "agreement",
        name: name.to_owned(),
        advice: "`comity agreement list` shows those that are here",
    })?;
    Ok((newest, versions))
}

/// Refuses another text for a version that both parties signed. One that a single party signed binds nobody and gives way.
async fn must_be_open(node: &Node, reference: &AgreementRef) -> Result<()> {
    let AgreementRef { id, version, digest } = reference;
    match find_version(node, *id, *version).await? {
        Some(stored) if stored.complete && stored.reference.digest != *digest => {
            let message = format!(
                "both parties signed version {version} of `{id}` with another text; give this one a higher `version` and \
                 have both sign it"
            );
            Err(ExchangeError::refused("agreement-complete", message))
        }
        _ => Ok(()),
    }
}

async fn find_version(
    node: &Node,
    id: AgreementId,
    version: u32,
) -> Result<Option<AgreementRecord>> {
    let all = node.store().agreements().await?;
    Ok(all.into_iter().find(|it| it.reference.id == id && it.reference.version == version))
}

/// The agreement that this party and `partner` both signed and that binds at `at`: of several, the highest version.
pub async fn in_force(node: &Node, partner: PartyRoot, at: Timestamp) -> Result<Standing> {
    let (record, keys) = partner::confirmed(node, partner).await?;
    let mut all = node.store().agreements().await?;
    all.retain(|it| it.partner == partner);
    all.sort_by_key(|it| (it.reference.version, it.reference.id));
    let mut last_state = None;
    for stored in all.iter().rev() {
        if !stored.complete {
            last_state.get_or_insert(Blocked::OneSignature);
            continue;
        }
        let standing = standing(node, stored, &record, &keys)?;
        match standing.agreement.state_at(at) {
            State::InForce => return Ok(standing),
            State::NotYetBegun => last_state.get_or_insert(Blocked::NotBegun),
            State::Ended => last_state.get_or_insert(Blocked::Ended),
        };
    }
    Err(last_state.unwrap_or(Blocked::None).refusal(record.handle.as_str()))
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

fn standing(
    node: &Node,
    stored: &AgreementRecord,
    record: &PartyRecord,
    keys: &Arc<Partner>,
) -> Result<Standing> {
    if Digest::of(stored.text.as_bytes()) != stored.reference.digest {
        let message = format!(
            "the stored text of {} is not the one that was signed; import the signed file again",
            stored.reference.id
        );
        return Err(ExchangeError::refused("agreement-digest", message));
    }
    // reading and compiling cost milliseconds, and every step of every release asks for this
    let engine = node.engine(&stored.reference.digest, || {
        let agreement =
            read(&stored.text, "the stored agreement").map_err(ExchangeError::damaged)?;
        Engine::compile(&agreement).map_err(ExchangeError::damaged)
    })?;
    Ok(Standing {
        reference: stored.reference,
        agreement: engine.agreement().clone(),
        engine,
        record: record.clone(),
        partner: Arc::clone(keys),
    })
}

/// Why no agreement lets anything through.
#[derive(Clone, Copy)]
enum Blocked {
    None,
    OneSignature,
    NotBegun,
    Ended,
}

impl Blocked {
    fn refusal(self, handle: &str) -> ExchangeError {
        let (code, message) = match self {
            Self::None => (
                "agreement-unknown",
                format!(
                    "there is no agreement with `{handle}`; draft one with `comity agreement new --with {handle}`"
                ),
            ),
            Self::OneSignature => (
                "agreement-unsigned",
                format!(
                    "the agreement with `{handle}` lacks a signature; both parties sign the same text"
                ),
            ),
            Self::NotBegun => (
                "agreement-not-begun",
                format!(
                    "the agreement with `{handle}` is not yet in force; `comity agreement list` shows its dates"
                ),
            ),
            Self::Ended => (
                "agreement-ended",
                format!("the agreement with `{handle}` has ended; agree a new version first"),
            ),
        };
        ExchangeError::refused(code, message)
    }
}
