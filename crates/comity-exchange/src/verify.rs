//! Verify: who says it, to whom, under which agreement, at which place, and does the sender's log hold it.
//!
//! Only the statement and its log proof are read here. A pouch that is refused here is not read any further.

use std::io::Read;
use std::sync::Arc;

use comity_log::proof::{TlogProof, TrustedLog};
use comity_log::statement_leaf;
use comity_model::statement::Payload;
use comity_model::{Digest, PartyRoot, Refusal};
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::{Limits, PouchError, PouchReader};
use jiff::{SignedDuration, Timestamp};

use crate::agreement::{self, Standing};
use crate::descriptor;
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::evidence::gather::is_forked;
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::ports::{Arrival, BlobError, Keys, PouchRow};

mod epoch;
mod void;

use void::{Before, void_reason};

/// How far ahead a sender's clock may be.
const AHEAD: SignedDuration = SignedDuration::from_secs(300);
/// Statements held in one channel, at the most (docs/protocol.md section 4).
const MOST_HELD: u64 = 10_000;

/// The pouch, open, with what follows the statement unread.
pub(crate) type OpenPouch = PouchReader<Box<dyn Read + Send>>;

/// What verify found.
pub(crate) enum Verified {
    /// It is the next in its channel.
    AtTurn(Box<Statement>),
    /// It waits for earlier ones.
    Early(Box<Arrival>),
    /// It was consumed before, or is held already; the same statement.
    Repeated(Digest),
    /// It is refused and leaves the channel as it was.
    Refused(Refusal, Option<Digest>),
}

/// A statement whose signatures, addresses, agreement, place and log proof hold.
pub(crate) struct Statement {
    pub(crate) arrival: Arrival,
    pub(crate) payload: Payload,
    pub(crate) standing: Standing,
    pub(crate) pouch: OpenPouch,
    /// A reason to consume it without effect, found on the way.
    pub(crate) void: Option<Refusal>,
}

/// What was read off a pouch before anything was looked up.
pub(crate) struct Opened {
    pub(crate) pouch: OpenPouch,
    pub(crate) envelope: Envelope,
    pub(crate) proof: Vec<u8>,
    pub(crate) payload: Payload,
    pub(crate) digest: Digest,
}

pub(crate) async fn verify(node: &Node, row: &PouchRow) -> Result<Verified> {
    let opened = match open(node, row).await? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Verified::Refused(refusal, None)),
    };
    let digest = opened.digest;
    let verdict = judge(node, row, opened).await?;
    fail_point("verify:done").await;
    Ok(match verdict {
        Ok(verified) => verified,
        Err(refusal) => Verified::Refused(refusal, Some(digest)),
    })
}

/// Opens the pouch and reads the statement, which stands first in it.
async fn open(node: &Node, row: &PouchRow) -> Result<std::result::Result<Opened, Refusal>> {
    let (digest, reader) = (row.digest, node.clone());
    let own = partner::own(node)?;
    let keys = node.keys()?;
    blocking(move || {
        let file = match reader.spool().open(&digest) {
            Ok(file) => file,
            // a disk that was restored without it: whoever sent it sends it again
            Err(BlobError::Missing(_)) => return Ok(Err(Refusal::CannotOpen)),
            Err(error) => return Err(error.into()),
        };
        read(file, &*keys, own.descriptor.limits.pouch)
    })
    .await
}

/// Opens a pouch of at most `most` bytes and reads the statement and its proof. Blocks.
pub(crate) fn read(
    file: Box<dyn Read + Send>,
    keys: &dyn Keys,
    most: u64,
) -> Result<std::result::Result<Opened, Refusal>> {
    let limits = Limits { pouch: most, ..Limits::default() };
    let mut pouch = match PouchReader::open(file, &keys.openers(), &limits) {
        Ok(pouch) => pouch,
        Err(error) => return refuse_or_fail(error),
    };
    let Ok(envelope) = Envelope::parse(pouch.statement()) else {
        return Ok(Err(Refusal::Malformed));
    };
    let Ok(payload) = Payload::parse(envelope.unverified_payload()) else {
        return Ok(Err(Refusal::Malformed));
    };
    let proof = match pouch.proof() {
        Ok(proof) => proof.to_vec(),
        Err(error) => return refuse_or_fail(error),
    };
    let digest = Digest::of(envelope.unverified_payload());
    Ok(Ok(Opened { pouch, envelope, proof, payload, digest }))
}

/// A fault of the pouch is a refusal; a fault of this node's disk is an error.
pub(crate) fn refuse_or_fail<T>(error: PouchError) -> Result<std::result::Result<T, Refusal>> {
    match (error.refusal(), error) {
        (Some(refusal), _) => Ok(Err(refusal)),
        (None, PouchError::Io(error)) => Err(BlobError::Io(error).into()),
        (None, error) => Err(ExchangeError::damaged(error)),
    }
}

async fn judge(
    node: &Node,
    row: &PouchRow,
    opened: Opened,
) -> Result<std::result::Result<Verified, Refusal>> {
    let Opened { pouch, envelope, proof, payload, digest } = opened;
    let (serial, partner, envelope) = match author(node, row.via, &payload, envelope).await? {
        Ok(author) => author,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (mut standing, is_cited) = match cited(node, &payload).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    standing.partner = Arc::clone(&partner);
    let current = node.store().epoch(payload.channel()).await?;
    let now = node.now();
    if payload.issued_at.duration_since(now) > AHEAD {
        return Ok(Err(Refusal::IssuedInFuture));
    }
    let nonce = payload.nonce.0;
    let channel = payload.channel();
    let mut arrival = Arrival {
        channel,
        sequence: payload.sequence,
        digest,
        id: payload.id,
        kind: payload.kind.clone(),
        version: 0,
        serial,
        issued_at: payload.issued_at,
        payload: envelope.unverified_payload().to_vec(),
        envelope: envelope.to_json(),
        nonce,
        checkpoint: None,
    };
    let slot = node.store().slot(channel, payload.sequence, payload.id, nonce).await?;
    if payload.epoch != current && slot.occupant == Some(digest) && payload.epoch < current {
        return Ok(Ok(Verified::Repeated(digest)));
    }
    if let Err(refusal) = epoch::may_stand(node, &payload, current).await? {
        return Ok(Err(refusal));
    }
    let events = agreement::said(node, payload.agreement.id).await?;
    let before = Before { events, cited: slot.head.cited, last_issued: slot.head.last_issued };
    let Some(sequence) = payload.sequence else {
        match slot.occupant {
            Some(occupant) if occupant == digest => return Ok(Ok(Verified::Repeated(digest))),
            Some(_) => return Ok(Err(Refusal::Equivocation)),
            None => {}
        }
        let before = Before { last_issued: None, ..before };
        let void = void_reason(&payload, &standing, &before, now);
        return Ok(Ok(Verified::AtTurn(Box::new(Statement {
            arrival,
            payload,
            standing,
            pouch,
            void,
        }))));
    };
    match slot.occupant {
        // consumed, or held in another pouch; only what is at its turn is looked at again
        Some(occupant) if occupant == digest && sequence != slot.head.next => {
            return Ok(Ok(Verified::Repeated(digest)));
        }
        Some(occupant) if occupant != digest => return Ok(Err(Refusal::Equivocation)),
        _ => {}
    }
    if sequence < slot.head.next {
        // consumed, and its digest is no longer known: it cannot be told apart from another, so it is not taken
        return Ok(Err(Refusal::Equivocation));
    }
    match checkpoint(&partner, &arrival, sequence, &proof, now).await? {
        Some((size, signed)) => {
            if is_forked(node, channel, &slot.head, (size, &signed)).await? {
                return Ok(Err(Refusal::RecordProof));
            }
            arrival.checkpoint = Some((size, signed));
        }
        None => return Ok(Err(Refusal::RecordProof)),
    }
    if sequence > slot.head.next {
        if slot.occupant.is_none() && slot.held >= MOST_HELD {
            return Ok(Err(Refusal::HeldFull));
        }
        return Ok(Ok(Verified::Early(Box::new(arrival))));
    }
    if payload.previous != slot.head.last {
        return Ok(Err(Refusal::WrongPrevious));
    }
    if void::version_refusal(&payload, &before).is_none() {
        arrival.version = payload.agreement.version;
    }
    let mut void = void_reason(&payload, &standing, &before, now);
    if !is_cited {
        void = Some(Refusal::AgreementSuperseded);
    }
    if slot.seen_elsewhere.is_some() {
        void = Some(Refusal::Replay);
    }
    Ok(Ok(Verified::AtTurn(Box::new(Statement { arrival, payload, standing, pouch, void }))))
}

/// What the statement is judged by, and whether that is the text which it cites. What was said under a text that is not here
/// with both signatures uses its place without effect where both signed a later one that binds by its signatures alone;
/// else it would stand before everything that is said under that one (docs/protocol.md section 2.4).
async fn cited(
    node: &Node,
    payload: &Payload,
) -> Result<std::result::Result<(Standing, bool), Refusal>> {
    let found = agreement::cited(node, &payload.agreement, payload.from).await?;
    let refusal = match found {
        Some(standing) if standing.reference.digest == payload.agreement.digest => {
            return Ok(Ok((standing, true)));
        }
        Some(_) => Refusal::AgreementDigest,
        None => Refusal::AgreementUnknown,
    };
    let over = match payload.sequence {
        Some(_) => agreement::signed_over(node, &payload.agreement, payload.from).await?,
        None => None,
    };
    Ok(over.map(|standing| (standing, false)).ok_or(refusal))
}

/// Who signed a statement to this party: the serial of the descriptor in force at its place and its sender's keys, and the
/// envelope again. `via` is the party over whose link it came; `None`: a courier brought it.
pub(crate) async fn author(
    node: &Node,
    via: Option<PartyRoot>,
    payload: &Payload,
    envelope: Envelope,
) -> Result<std::result::Result<(u64, Arc<Partner>, Envelope), Refusal>> {
    if payload.to != node.root() {
        return Ok(Err(Refusal::NotForUs));
    }
    if let Err(refusal) = sender(node, via, payload).await? {
        return Ok(Err(refusal));
    }
    let place = match payload.sequence {
        Some(sequence) => sequence,
        // what has no place is judged where the channel stands
        None => node.store().inbound_head(payload.channel()).await?.next,
    };
    let judges = descriptor::judges(node, payload.channel(), place).await?;
    signed_under(judges, envelope, payload.issued_at).await
}

/// The first of these descriptors, with its serial, whose statement key signed the statement, and the envelope again.
async fn signed_under(
    judges: Vec<(u64, Arc<Partner>)>,
    envelope: Envelope,
    at: Timestamp,
) -> Result<std::result::Result<(u64, Arc<Partner>, Envelope), Refusal>> {
    blocking(move || {
        let mut refusal = None;
        for (serial, partner) in judges {
            for key in partner.statement_keys(at) {
                match envelope.verify(dsse::STATEMENT, &key) {
                    Ok(_) => return Ok(Ok((serial, partner, envelope))),
                    Err(error) => refusal = refusal.or_else(|| Some(error.refusal())),
                }
            }
        }
        Ok(Err(refusal.unwrap_or(Refusal::SignatureBad)))
    })
    .await
}

/// Whether a confirmed party wrote the statement, and brought it itself where it came over the link.
async fn sender(
    node: &Node,
    via: Option<PartyRoot>,
    payload: &Payload,
) -> Result<std::result::Result<(), Refusal>> {
    let (record, partner) = match partner::confirmed(node, payload.from).await {
        Ok(found) => found,
        Err(ExchangeError::NotFound { .. } | ExchangeError::Refused { .. }) => {
            return Ok(Err(Refusal::UnconfirmedParty));
        }
        Err(error) => return Err(error),
    };
    if via.is_some_and(|via| via != record.root) {
        return Ok(Err(Refusal::NotFromThisLink));
    }
    if partner.descriptor.test != node.record().exercise {
        return Ok(Err(Refusal::ExerciseMismatch));
    }
    Ok(Ok(()))
}

/// The partner's checkpoint, if the proof shows the statement under it at its place.
async fn checkpoint(
    partner: &Arc<Partner>,
    arrival: &Arrival,
    sequence: u64,
    proof: &[u8],
    now: Timestamp,
) -> Result<Option<(u64, String)>> {
    let (partner, channel, digest) = (Arc::clone(partner), arrival.channel, arrival.digest);
    let issued_at = arrival.issued_at;
    let proof = proof.to_vec();
    blocking(move || {
        let Ok(proof) = TlogProof::parse(&proof) else { return Ok(None) };
        let origin = channel.origin();
        let keys = partner.log_keys(&channel, issued_at, now);
        let trusted = TrustedLog { origin: &origin, keys: &keys, witnesses: &[] };
        let proven = proof.verify(&statement_leaf(digest.as_bytes()), &trusted);
        // both of the log's keys must have signed: one of them alone is half a signature
        let holds =
            proven.is_ok_and(|it| it.index == sequence && partner::signed_by_each(&keys, &it.log));
        Ok(holds.then(|| (proof.checkpoint().size(), proof.note().to_string())))
    })
    .await
}
