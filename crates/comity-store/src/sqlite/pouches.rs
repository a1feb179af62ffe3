//! Pouches that arrived, and statements that came too early.

use comity_exchange::ports::{
    Arrival, Gap, InboundHead, JournalEntry, PouchRow, PouchState, Refusals, SlotView,
};
use comity_model::{ChannelId, Digest, PartyRoot, Refusal, StatementId};
use rusqlite::{Row, params};

use super::column::{Column, get};
use super::fault::{Fault, Result, conflict, missing, misuse};
use super::tx::{Read, Tx, row};
use super::{channels, freeze, holdings, journal};

/// How often one statement is refused before it stands in the way whatever else comes.
const OFTEN: u32 = 3;

pub(super) fn receive(tx: &Tx<'_>, pouch: &PouchRow, entries: &[JournalEntry]) -> Result<()> {
    let known =
        tx.first("SELECT number, state FROM pouch WHERE digest = ?1", row![pouch.digest], |row| {
            Ok((get::<i64>(row, 0)?, get::<PouchState>(row, 1)?))
        })?;
    match known {
        None => {}
        Some((number, PouchState::Refused)) => {
            tx.run("DELETE FROM pouch WHERE number = ?1", [number])?;
        }
        Some(_) => return Ok(()),
    }
    tx.run(
        "INSERT INTO pouch (digest, size, via, received_at, state, code, statement)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        row![
            pouch.digest,
            pouch.size,
            pouch.via,
            pouch.received_at,
            pouch.state,
            pouch.code,
            pouch.statement
        ],
    )?;
    journal::write(tx, entries)
}

macro_rules! select_pouch {
    ($tail:literal) => {
        concat!(
            "SELECT p.digest, p.size, p.via, p.received_at, p.state, p.code, p.statement FROM pouch p ",
            $tail
        )
    };
}

fn pouch_row(row: &Row<'_>) -> Result<PouchRow> {
    Ok(PouchRow {
        digest: get(row, 0)?,
        size: get(row, 1)?,
        via: get(row, 2)?,
        received_at: get(row, 3)?,
        state: get(row, 4)?,
        code: get(row, 5)?,
        statement: get(row, 6)?,
    })
}

pub(super) fn pouch(read: &Read<'_>, digest: &Digest) -> Result<Option<PouchRow>> {
    read.first(select_pouch!("WHERE p.digest = ?1"), row![*digest], pouch_row)
}

pub(super) fn received(read: &Read<'_>, limit: u32) -> Result<Vec<PouchRow>> {
    let sql = select_pouch!("WHERE p.state = 'received' ORDER BY p.number LIMIT ?1");
    read.all(sql, [limit], pouch_row)
}

pub(super) fn close(
    tx: &Tx<'_>,
    digest: &Digest,
    state: PouchState,
    code: Option<&str>,
    statement: Option<Digest>,
    entries: &[JournalEntry],
) -> Result<()> {
    if !matches!(state, PouchState::Refused | PouchState::Repeated | PouchState::Held) {
        return misuse(format!("a pouch cannot be closed as {}", state.as_str()));
    }
    let known = pouch(tx, digest)?.ok_or_else(|| no_pouch(digest))?;
    // another process of this node was quicker, and may have deleted what this one looked for: what it found stands
    if !matches!(known.state, PouchState::Received | PouchState::Held) {
        return conflict(format!("the pouch `{digest}`"));
    }
    if state == PouchState::Refused
        && let Some(statement) = statement
    {
        holdings::drop_staged(tx, &statement)?;
        freeze::let_go_of_statement(tx, &statement)?;
    }
    set_state(tx, digest, state, code, statement)?;
    if known.state == PouchState::Held && state != PouchState::Held {
        let sql = "DELETE FROM held WHERE pouch = (SELECT number FROM pouch WHERE digest = ?1)";
        tx.run(sql, row![*digest])?;
    }
    journal::write(tx, entries)
}

/// Sets what became of a pouch.
pub(super) fn set_state(
    tx: &Tx<'_>,
    digest: &Digest,
    state: PouchState,
    code: Option<&str>,
    statement: Option<Digest>,
) -> Result<()> {
    tx.run(
        "UPDATE pouch SET state = ?2, code = ?3, statement = coalesce(?4, statement) WHERE digest = ?1",
        params![digest.store(), state.store(), code, statement.store()],
    )?;
    Ok(())
}

/// No pouch has this digest.
pub(super) fn no_pouch(digest: &Digest) -> Fault {
    missing(format!("pouch `{digest}`"))
}

pub(super) fn slot(
    read: &Read<'_>,
    channel: &ChannelId,
    sequence: Option<u64>,
    id: StatementId,
    nonce: &[u8; 32],
) -> Result<SlotView> {
    let number = channels::find(read, channel)?;
    let held: Option<u64> = read.value("SELECT count(*) FROM held WHERE channel = ?1", [number])?;
    let occupant = match sequence {
        Some(sequence) => read.value(
            "SELECT digest FROM statement_in WHERE channel = ?1 AND sequence = ?2
             UNION ALL SELECT digest FROM held WHERE channel = ?1 AND sequence = ?2",
            params![number, sequence.store()],
        )?,
        // A statement without a place is the same one when it has the same id.
        None => read.value(
            "SELECT digest FROM statement_in WHERE channel = ?1 AND sequence IS NULL AND id = ?2",
            params![number, id.store()],
        )?,
    };
    // Ids and nonces are each sender's own: nobody can use up those of another party.
    let elsewhere: Option<Option<u64>> = read.value(
        "SELECT s.sequence FROM statement_in s JOIN channel c ON c.number = s.channel
         WHERE (s.id = ?1 OR s.nonce = ?2) AND c.sender = ?3
           AND NOT (s.channel IS ?4 AND s.sequence IS ?5 AND (?5 IS NOT NULL OR s.id = ?1)) LIMIT 1",
        params![id.store(), nonce, channel.from.store(), number, sequence.store()],
    )?;
    Ok(SlotView {
        head: channels::inbound(read, number)?,
        occupant,
        seen_elsewhere: elsewhere.map(Option::unwrap_or_default),
        held: held.unwrap_or(0),
    })
}

/// Pouches of a partner that are here and not consumed.
pub(super) fn waiting(read: &Read<'_>, partner: PartyRoot) -> Result<u64> {
    let sql = "SELECT count(*) FROM pouch WHERE state IN ('received', 'held') AND via = ?1";
    Ok(read.value(sql, row![partner])?.unwrap_or(0))
}

/// What is missing before statements that are held.
pub(super) fn gaps(read: &Read<'_>) -> Result<Vec<Gap>> {
    read.all(
        "SELECT c.agreement, c.epoch, c.sender, c.recipient, coalesce(i.next, 0), min(h.sequence), count(*)
         FROM held h JOIN channel c ON c.number = h.channel LEFT JOIN channel_in i ON i.channel = h.channel
         GROUP BY h.channel HAVING min(h.sequence) > coalesce(i.next, 0) ORDER BY h.channel",
        [],
        |row| {
            Ok(Gap {
                channel: channels::channel(row, 0)?,
                from: get(row, 4)?,
                until: get(row, 5)?,
                held: get(row, 6)?,
            })
        },
    )
}

/// Refusals that stand in the way: nothing with a place was taken in since, or the same statement comes again and again.
pub(super) fn refusals(read: &Read<'_>) -> Result<Vec<Refusals>> {
    read.all(
        "WITH past AS (
           SELECT p.via AS via, max(p.number) AS number
           FROM pouch p JOIN statement_in s ON s.digest = p.statement
           WHERE p.state = 'consumed' AND p.via IS NOT NULL AND s.sequence IS NOT NULL GROUP BY p.via),
         often AS (
           SELECT statement FROM pouch WHERE state = 'refused' AND statement IS NOT NULL
           GROUP BY statement HAVING count(*) >= ?2),
         stands AS (
           SELECT p.via AS via, p.code AS code, p.number > coalesce(past.number, 0) AS is_all,
             count(*) AS count, min(p.number) AS first, max(p.number) AS last
           FROM pouch p LEFT JOIN past ON past.via = p.via
           WHERE p.state = 'refused' AND p.via IS NOT NULL AND p.code IS NOT NULL AND p.code <> ?1
             AND NOT EXISTS (SELECT 1 FROM statement_in s WHERE s.digest = p.statement)
             AND (p.number > coalesce(past.number, 0) OR p.statement IN (SELECT statement FROM often))
           GROUP BY 1, 2, 3)
         SELECT it.via, it.code, it.count, a.received_at, b.received_at, it.is_all
         FROM stands it JOIN pouch a ON a.number = it.first JOIN pouch b ON b.number = it.last
         ORDER BY it.via, it.first",
        params![Refusal::EpochClosed.code(), OFTEN],
        |row| {
            Ok(Refusals {
                partner: get(row, 0)?,
                code: get(row, 1)?,
                count: get(row, 2)?,
                since: get(row, 3)?,
                last: get(row, 4)?,
                is_all: get(row, 5)?,
            })
        },
    )
}

pub(super) fn hold_early(
    tx: &Tx<'_>,
    digest: &Digest,
    arrival: &Arrival,
    entries: &[JournalEntry],
) -> Result<()> {
    let Some(sequence) = arrival.sequence else {
        return misuse("a statement without a place was to wait for its turn");
    };
    let channel = channels::intern(tx, &arrival.channel)?;
    let head: InboundHead = channels::inbound(tx, Some(channel))?;
    if sequence <= head.next {
        return conflict(format!("the head of `{}`", arrival.channel));
    }
    let number: i64 = tx
        .value("SELECT number FROM pouch WHERE digest = ?1", row![*digest])?
        .ok_or_else(|| no_pouch(digest))?;
    let occupant: Option<Digest> = tx.value(
        "SELECT digest FROM held WHERE channel = ?1 AND sequence = ?2",
        params![channel, sequence.store()],
    )?;
    if occupant.is_some_and(|it| it != arrival.digest) {
        return conflict(format!("place {sequence} of `{}`", arrival.channel));
    }
    tx.run(
        "INSERT INTO held (channel, sequence, digest, pouch) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![channel, sequence.store(), arrival.digest.store(), number],
    )?;
    freeze::early(tx, arrival)?;
    set_state(tx, digest, PouchState::Held, None, Some(arrival.digest))?;
    journal::write(tx, entries)
}

pub(super) fn next_held(read: &Read<'_>, channel: &ChannelId) -> Result<Option<PouchRow>> {
    let Some(number) = channels::find(read, channel)? else { return Ok(None) };
    let next = channels::inbound(read, Some(number))?.next;
    read.first(
        select_pouch!("JOIN held h ON h.pouch = p.number WHERE h.channel = ?1 AND h.sequence = ?2"),
        params![number, next.store()],
        pouch_row,
    )
}
