//! Publish: the end of a statement's admission, in one transaction (docs/protocol.md section 4).

use comity_exchange::ports::{InboxRow, PouchState, PublishEffect, PublishInput};
use comity_model::matter::MatterBody;
use comity_model::statement::{Outcome, ReceiptEntry};
use comity_model::{ChannelId, Digest, ReleaseRecord};
use rusqlite::{Row, params};

use super::channels::{self, Step};
use super::column::{Column, Json, get};
use super::fault::{Result, conflict, misuse};
use super::pouches::{no_pouch, set_state};
use super::tx::{Read, Tx, row};
use super::{
    accounts, conduct, descriptors, epochs, freeze, holdings, journal, matters, node, pouches,
    settle,
};

pub(super) fn publish(tx: &Tx<'_>, input: PublishInput) -> Result<()> {
    let PublishInput { pouch, arrival, leaf, holdings: rest, effect, receipt, journal, at } = input;
    if arrival.sequence.is_some() != leaf.is_some() {
        return misuse("a statement has a leaf exactly when it has a place");
    }
    let known = pouches::pouch(tx, &pouch)?.ok_or_else(|| no_pouch(&pouch))?;
    if known.state == PouchState::Consumed {
        return conflict(format!("the pouch `{pouch}`"));
    }
    if tx.any("SELECT 1 FROM statement_in WHERE digest = ?1", row![arrival.digest])? {
        return conflict(format!("the statement `{}`", arrival.digest));
    }
    if arrival.sequence == Some(0) {
        epochs::take_up(tx, &arrival.channel, &arrival.payload, at)?;
    }
    epochs::must_go_on(tx, &arrival.channel)?;
    let channel = channels::intern(tx, &arrival.channel)?;
    let head = channels::inbound(tx, Some(channel))?;
    match (arrival.sequence, leaf) {
        (Some(sequence), Some(leaf)) => {
            if sequence != head.next {
                return conflict(format!("the head of `{}`", arrival.channel));
            }
            // The first statement settles with which descriptor of its sender the channel begins.
            if sequence == 0 && arrival.serial > 0 {
                descriptors::put_in_force(tx, channel, 0, arrival.serial, None)?;
            }
            let frontier = channels::append(tx, channel, &head.frontier, leaf)?;
            let (digest, issued_at) = (&arrival.digest, arrival.issued_at);
            let step = Step { next: sequence + 1, digest, issued_at, frontier: &frontier };
            channels::move_inbound(tx, channel, &step)?;
        }
        _ => channels::touch_inbound(tx, channel)?,
    }
    if arrival.version > 0 {
        conduct::cite(tx, channel, arrival.version)?;
    }
    if let Some((size, note)) = &arrival.checkpoint
        && head.seen.as_ref().is_none_or(|(before, _)| size > before)
    {
        tx.run(
            "UPDATE channel_in SET seen_size = ?2, seen = ?3 WHERE channel = ?1",
            params![channel, size.store(), note],
        )?;
    }
    let (folio, record) = match &effect {
        PublishEffect::Release { record } => {
            (Some(record.folio.clone()), Some(Json(record.clone())))
        }
        _ => (None, None),
    };
    tx.insert(
        "INSERT INTO statement_in (digest, id, nonce, kind, channel, sequence, issued_at, at, folio, receipt_json,
           outcome, admitted, refused, taken, record_json, payload, envelope)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        params![
            arrival.digest.store(),
            arrival.id.store(),
            arrival.nonce,
            arrival.kind,
            channel,
            arrival.sequence.store(),
            arrival.issued_at.store(),
            at.store(),
            folio.store(),
            receipt.as_ref().map(|it| Json(it).to_text()),
            receipt.as_ref().map(|it| it.outcome.as_str()),
            settle::counted(receipt.as_ref().map_or(0, |it| it.admitted)),
            settle::counted(receipt.as_ref().map_or(0, |it| it.refused)),
            !matches!(effect, PublishEffect::Nothing),
            record.map(|it| it.to_text()),
            arrival.payload,
            arrival.envelope,
        ],
    )?;
    if let (Some(_), Some(sequence)) = (&receipt, arrival.sequence) {
        let sql = "INSERT INTO receipt_due (channel, sequence) VALUES (?1, ?2)";
        tx.run(sql, params![channel, sequence.store()])?;
    }
    if matches!(effect, PublishEffect::Release { .. }) {
        holdings::publish(tx, &arrival.channel, &arrival.digest, &rest)?;
    } else if rest.is_empty() {
        holdings::drop_staged(tx, &arrival.digest)?;
    } else {
        return misuse("only a release brings holdings");
    }
    match effect {
        PublishEffect::Nothing => freeze::let_go_of_statement(tx, &arrival.digest)?,
        PublishEffect::Release { .. } => {}
        PublishEffect::Settle { channel, entries, cosigned } => {
            settle::settle(tx, &channel, &entries, cosigned, at)?;
        }
        PublishEffect::Matter { body, text, attachments } => {
            matters::must_follow(tx, &arrival.channel, &body)?;
            if let MatterBody::Recall(recall) = &body {
                freeze::recall(tx, &arrival.channel, &arrival.digest, recall)?;
            }
            let said = matters::Said {
                channel: &arrival.channel,
                own: false,
                body,
                text: text.as_deref(),
                attachments: &attachments,
                statement: arrival.digest,
                at: arrival.issued_at,
                received_at: receipt.as_ref().map(|it| it.received_at),
            };
            matters::file(tx, &said)?;
        }
        PublishEffect::Descriptor { serial, envelope, closes } => {
            let Some(sequence) = arrival.sequence else {
                return misuse("a descriptor without a place");
            };
            let said = (arrival.channel.from, serial, envelope.as_str());
            descriptors::by_statement(tx, channel, said, (sequence, arrival.digest), at)?;
            accounts::close(tx, &closes, at)?;
        }
        PublishEffect::Conduct { body, text_of, text } => {
            let (from, agreement) = (arrival.channel.from, arrival.channel.agreement);
            conduct::must_follow(tx, from, agreement, body.change())?;
            if let Some(version) = text_of {
                node::put_agreement(tx, &version, Vec::new())?;
            }
            let said = conduct::Said {
                channel: &arrival.channel,
                own: false,
                body: &body,
                text: text.as_deref(),
                statement: arrival.digest,
                at: arrival.issued_at,
                received_at: receipt.as_ref().map(|it| it.received_at),
            };
            conduct::file(tx, &said)?;
        }
    }
    if let Some(sequence) = arrival.sequence {
        let sql = "DELETE FROM held WHERE channel = ?1 AND sequence = ?2";
        tx.run(sql, params![channel, sequence.store()])?;
    }
    let code = receipt.and_then(|it| it.code);
    set_state(tx, &pouch, PouchState::Consumed, code.as_deref(), Some(arrival.digest))?;
    journal::write(tx, &journal)
}

pub(super) fn receipts_due(
    read: &Read<'_>,
    channel: &ChannelId,
    limit: u32,
) -> Result<Vec<ReceiptEntry>> {
    let number = channels::find(read, channel)?;
    read.all(
        "SELECT receipt_json FROM receipt_due d JOIN statement_in s ON s.channel = d.channel AND s.sequence = d.sequence
         WHERE d.channel = ?1 ORDER BY d.sequence LIMIT ?2",
        params![number, limit],
        |row| get(row, 0).map(|Json(entry)| entry),
    )
}

macro_rules! select_inbox {
    ($tail:literal) => {
        concat!(
            "SELECT s.digest, s.kind, c.agreement, c.epoch, c.sender, c.recipient, s.sequence, s.receipt_json, s.folio,
               s.record_json, s.payload, s.envelope, s.at, s.taken,
               s.receipt_json IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM receipt_due d WHERE d.channel = s.channel AND d.sequence = s.sequence)
             FROM statement_in s JOIN channel c ON c.number = s.channel ",
            $tail
        )
    };
}

pub(super) fn inbox(read: &Read<'_>, limit: u32, all: bool) -> Result<Vec<InboxRow>> {
    let sql = if all {
        select_inbox!("ORDER BY s.number DESC LIMIT ?1")
    } else {
        select_inbox!(
            "WHERE s.kind NOT IN ('receipt', 'checkpoint') ORDER BY s.number DESC LIMIT ?1"
        )
    };
    read.all(sql, [limit], inbox_row_of)
}

pub(super) fn inbox_row(read: &Read<'_>, digest: &Digest) -> Result<Option<InboxRow>> {
    read.first(select_inbox!("WHERE s.digest = ?1"), row![*digest], inbox_row_of)
}

fn inbox_row_of(row: &Row<'_>) -> Result<InboxRow> {
    let digest = get(row, 0)?;
    let sequence = get::<Option<u64>>(row, 6)?.unwrap_or_default();
    let receipt = match get::<Option<Json<ReceiptEntry>>>(row, 7)? {
        Some(Json(receipt)) => receipt,
        // Receipts and checkpoints are answered by nobody; what became of them is said in the same form.
        None => ReceiptEntry {
            sequence,
            digest,
            received_at: get(row, 12)?,
            outcome: if get(row, 13)? { Outcome::Admitted } else { Outcome::Refused },
            code: None,
            admitted: 0,
            refused: 0,
            objects: Vec::new(),
        },
    };
    Ok(InboxRow {
        digest,
        kind: get(row, 1)?,
        channel: channels::channel(row, 2)?,
        sequence,
        receipt,
        folio: get(row, 8)?,
        release: get::<Option<Json<ReleaseRecord>>>(row, 9)?.map(|Json(record)| record),
        payload: get(row, 10)?,
        envelope: get(row, 11)?,
        receipted: get(row, 14)?,
    })
}
