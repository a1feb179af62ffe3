//! Seal: a statement gets its place, and everything that hangs on it happens in the same transaction
//! (docs/protocol.md section 3).

use comity_exchange::ports::{
    OutboundHead, OutboundRow, ReleaseState, SealEffect, SealInput, StoreError, StoredPart, TEXT,
};
use comity_log::statement_leaf;
use comity_model::conduct::ConductBody;
use comity_model::matter::MatterBody;
use comity_model::statement::{CheckpointBody, Draft, Kind, ReceiptBody, Sealed};
use comity_model::{ChannelId, Digest};
use jiff::Timestamp;
use rusqlite::params;

use super::channels::{self, Step};
use super::column::Column;
use super::fault::{Fault, Result, conflict, corrupt, misuse};
use super::parts::{self, Owner};
use super::releases::{find, must_be_as_composed, no_release, set_state};
use super::tx::{Tx, row};
use super::{ceilings, conduct, descriptors, epochs, folios, freeze, journal, matters, purge};

pub(super) fn seal(tx: &Tx<'_>, input: SealInput) -> Result<OutboundRow> {
    let SealInput { mut draft, partner, parts, effect, serial, journal: entries } = input;
    if draft.kind != kind_of(&effect) || draft.channel.to != partner {
        return misuse(
            "a statement was sealed as another kind, or for another partner, than it is",
        );
    }
    let continues = epochs::continues(draft.kind, &draft.body)?;
    epochs::may_seal(tx, &draft.channel, continues.as_ref(), draft.issued_at)?;
    let channel = channels::intern(tx, &draft.channel)?;
    let head = channels::outbound(tx, Some(channel))?;
    // A clock that was set back does not make the channel go back.
    draft.issued_at = head.last_issued.map_or(draft.issued_at, |last| last.max(draft.issued_at));
    // What follows a suspension, or the end of one, is issued after it, whatever the two clocks say.
    let said = conduct::may_say(tx, draft.kind, &draft.agreement)?;
    draft.issued_at = said.map_or(draft.issued_at, |last| last.max(draft.issued_at));
    let in_force = descriptors::at_next(tx, channel, draft.channel.from, head.next)?;
    if serial.is_some() && serial != in_force {
        return conflict("this party's descriptor in the channel");
    }
    let release = prepare(tx, &mut draft, &effect, in_force)?;
    let place = draft.kind.is_sequenced().then_some((head.next, head.last));
    let sequence = place.map(|(sequence, _)| sequence);
    let sealed =
        draft.seal(place).map_err(|error| Fault::Store(StoreError::Misuse(error.to_string())))?;
    if sequence.is_some() {
        extend(tx, channel, &head, &sealed.digest, draft.issued_at)?;
    }
    let position = next_position(tx, &draft.channel)?;
    let number = tx.insert(
        "INSERT INTO statement_out
           (digest, id, kind, channel, sequence, partner, position, release, sealed_at, receipted)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        row![
            sealed.digest,
            draft.id,
            draft.kind,
            channel,
            sequence,
            partner,
            position,
            release,
            draft.issued_at,
            draft.kind.is_receipted()
        ],
    )?;
    let sql = "INSERT INTO payload_out (statement, bytes) VALUES (?1, ?2)";
    tx.run(sql, params![number, sealed.bytes])?;
    if release.is_none() {
        parts::write(tx, Owner::Statement(number), &parts)?;
    }
    if let (SealEffect::Descriptor { serial }, Some(sequence)) = (&effect, sequence)
        && in_force != Some(*serial)
    {
        descriptors::put_in_force(tx, channel, sequence + 1, *serial, Some(sealed.digest))?;
    }
    apply(tx, number, &draft, &sealed, effect, &parts)?;
    journal::write_placed(tx, entries, sequence, &sealed.digest)?;
    let Sealed { bytes: payload, digest } = sealed;
    let parts = match release {
        Some(release) => parts::read(tx, Owner::Release(release))?,
        None => parts,
    };
    Ok(OutboundRow {
        digest,
        id: draft.id,
        kind: draft.kind,
        channel: draft.channel,
        sequence,
        payload,
        envelope: None,
        parts,
        position,
        pouch: None,
        sealed_at: draft.issued_at,
        receipt: None,
        settled_at: None,
    })
}

/// The kind of statement that has this effect.
fn kind_of(effect: &SealEffect) -> Kind {
    match effect {
        SealEffect::Release { .. } => Kind::Release,
        SealEffect::Receipt { .. } => Kind::Receipt,
        SealEffect::Matter { body, .. } => body.kind(),
        SealEffect::Conduct { body, .. } => body.kind(),
        SealEffect::Descriptor { .. } => Kind::Descriptor,
        SealEffect::Checkpoint { .. } => Kind::Checkpoint,
    }
}

/// What has to hold before, and what the body lacks. Gives the number of the release whose parts travel.
fn prepare(
    tx: &Tx<'_>,
    draft: &mut Draft,
    effect: &SealEffect,
    in_force: Option<u64>,
) -> Result<Option<i64>> {
    match effect {
        SealEffect::Release { release, digest, terms } => {
            let standing = find(tx, *release)?.ok_or_else(|| no_release(*release))?;
            let is_approved = match standing.state {
                ReleaseState::Approved => terms.standing.is_none(),
                ReleaseState::Composed => terms.standing.is_some(),
                _ => false,
            };
            if !is_approved || standing.digest != *digest {
                return conflict(format!("the release `{}`", standing.folio));
            }
            must_be_as_composed(tx, standing.number)?;
            ceilings::count(tx, draft.agreement.id, terms, draft.issued_at)?;
            return Ok(Some(standing.number));
        }
        SealEffect::Matter { body, .. } => {
            matters::must_follow(tx, &draft.channel, body)?;
            matters::must_be_acknowledged(tx, body.matter())?;
            let mut body = body.clone();
            body.set_folio(folios::next(tx, draft.issued_at)?);
            draft.body = body
                .to_raw()
                .map_err(|error| Fault::Store(StoreError::Misuse(error.to_string())))?;
        }
        SealEffect::Conduct { body, .. } => {
            conduct::may_change(tx, draft.channel.from, draft.channel.agreement, body)?;
            let mut body = body.clone();
            body.set_folio(folios::next(tx, draft.issued_at)?);
            draft.body = body
                .to_raw()
                .map_err(|error| Fault::Store(StoreError::Misuse(error.to_string())))?;
        }
        SealEffect::Descriptor { serial } => {
            let fits = |before: u64| *serial == before || *serial == before + 1;
            if !in_force.is_none_or(fits) {
                return conflict("this party's descriptor in the channel");
            }
        }
        SealEffect::Receipt { .. } | SealEffect::Checkpoint { .. } => {}
    }
    Ok(None)
}

/// What happens besides, once the statement has its digest.
fn apply(
    tx: &Tx<'_>,
    number: i64,
    draft: &Draft,
    sealed: &Sealed,
    effect: SealEffect,
    parts: &[StoredPart],
) -> Result<()> {
    match effect {
        SealEffect::Descriptor { .. } => Ok(()),
        SealEffect::Release { release, .. } => {
            let standing = find(tx, release)?.ok_or_else(|| no_release(release))?;
            set_state(tx, standing.number, ReleaseState::Sealed)?;
            tx.run(
                "UPDATE release SET statement = ?2 WHERE number = ?1",
                [standing.number, number],
            )?;
            Ok(())
        }
        SealEffect::Receipt { channel, sequences, cosigned } => {
            let theirs = channels::find(tx, &channel)?;
            for sequence in sequences {
                let sql = "DELETE FROM receipt_due WHERE channel = ?1 AND sequence = ?2";
                if tx.run(sql, params![theirs, sequence.store()])? == 0 {
                    return conflict(format!("the receipt for statement {sequence}"));
                }
            }
            let body: ReceiptBody = body_of(draft)?;
            cosign(tx, &channel, cosigned, body.cosigned)
        }
        SealEffect::Checkpoint { channel, cosigned } => {
            let body: CheckpointBody = body_of(draft)?;
            cosign(tx, &channel, Some(cosigned), Some(body.cosigned))
        }
        SealEffect::Matter { text, .. } => {
            let body = MatterBody::read(draft.kind, &draft.body).and_then(std::result::Result::ok);
            let body =
                body.ok_or_else(|| corrupt("the body of a statement that is being sealed"))?;
            match &body {
                MatterBody::RecallAnswer(answer) => freeze::answered(tx, answer)?,
                MatterBody::Purge(purged) => purge::told(tx, purged)?,
                _ => {}
            }
            let attachments: Vec<StoredPart> =
                parts.iter().filter(|part| part.name != TEXT).cloned().collect();
            let said = matters::Said {
                channel: &draft.channel,
                own: true,
                body,
                text: text.as_deref(),
                attachments: &attachments,
                statement: sealed.digest,
                at: draft.issued_at,
                received_at: None,
            };
            matters::file(tx, &said)
        }
        SealEffect::Conduct { text, .. } => {
            let body = ConductBody::read(draft.kind, &draft.body).and_then(std::result::Result::ok);
            let body =
                body.ok_or_else(|| corrupt("the body of a statement that is being sealed"))?;
            let said = conduct::Said {
                channel: &draft.channel,
                own: true,
                body: &body,
                text: text.as_deref(),
                statement: sealed.digest,
                at: draft.issued_at,
                received_at: None,
            };
            conduct::file(tx, &said)
        }
    }
}

/// Remembers a cosignature over a partner's log, if it covers more than the last one.
fn cosign(tx: &Tx<'_>, channel: &ChannelId, size: Option<u64>, note: Option<String>) -> Result<()> {
    let (size, note) = match (size, note) {
        (None, None) => return Ok(()),
        (Some(size), Some(note)) => (size, note),
        _ => return misuse("a cosignature was named and not given, or given and not named"),
    };
    let number = channels::find(tx, channel)?;
    let head = channels::inbound(tx, number)?;
    if size > head.next {
        return misuse("a checkpoint was cosigned that covers more than was consumed");
    }
    if head.cosigned.is_none_or(|(before, _)| size > before) {
        tx.run(
            "UPDATE channel_in SET cosigned_size = ?2, cosigned = ?3 WHERE channel = ?1",
            params![number, size.store(), note],
        )?;
    }
    Ok(())
}

/// The leaf and the head.
fn extend(
    tx: &Tx<'_>,
    channel: i64,
    head: &OutboundHead,
    digest: &Digest,
    issued_at: Timestamp,
) -> Result<()> {
    let leaf = statement_leaf(digest.as_bytes());
    let frontier = channels::append(tx, channel, &head.frontier, leaf)?;
    let step = Step { next: head.next + 1, digest, issued_at, frontier: &frontier };
    if frontier.size() != step.next {
        return Err(corrupt("the edge of a channel's tree"));
    }
    channels::move_outbound(tx, channel, &step)
}

/// The next place in the partner's outbox, from 1.
fn next_position(tx: &Tx<'_>, channel: &ChannelId) -> Result<u64> {
    let position = tx.value(
        "INSERT INTO outbox (partner, cursor, last) VALUES (?1, 0, 1)
         ON CONFLICT (partner) DO UPDATE SET last = last + 1 RETURNING last",
        row![channel.to],
    )?;
    position.ok_or_else(|| corrupt("the outbox"))
}

fn body_of<'a, T: serde::Deserialize<'a>>(draft: &'a Draft) -> Result<T> {
    serde_json::from_str(draft.body.get()).map_err(|error| {
        Fault::Store(StoreError::Misuse(format!(
            "the body of a {} is unreadable: {error}",
            draft.kind
        )))
    })
}
