//! Matters: what was said in them by both sides, and how they stand.

use comity_exchange::ports::{MatterEntry, MatterQuery, MatterRow, StoredPart};
use comity_model::matter::{self, Entry, MatterBody, MatterError};
use comity_model::statement::{Kind, Outcome, ReceiptEntry};
use comity_model::{ChannelId, Digest, Folio, MatterId};
use jiff::Timestamp;
use rusqlite::Row;
use serde_json::value::RawValue;

use super::column::{Json, get};
use super::fault::{Result, conflict, corrupt, exists, missing};
use super::parts::{self, Owner};
use super::tx::{Read, Tx, row};

/// Whether either party terminated the agreement of a `matter`.
macro_rules! terminated {
    () => {
        "EXISTS (SELECT 1 FROM agreement_event v
           WHERE v.agreement = matter.agreement AND v.kind = 'termination' AND v.refused = 0)"
    };
}

/// What [`head`] reads.
macro_rules! head {
    () => {
        concat!(
            "SELECT matter.number, matter.id, matter.agreement, matter.opener, matter.other, ",
            terminated!(),
            " FROM matter "
        )
    };
}

/// One more statement of a matter.
pub(super) struct Said<'a> {
    pub(super) channel: &'a ChannelId,
    pub(super) own: bool,
    pub(super) body: MatterBody,
    pub(super) text: Option<&'a str>,
    pub(super) attachments: &'a [StoredPart],
    pub(super) statement: Digest,
    pub(super) at: Timestamp,
    pub(super) received_at: Option<Timestamp>,
}

/// Refuses what may not be said in the matter as it stands in this transaction.
pub(super) fn must_follow(read: &Read<'_>, channel: &ChannelId, body: &MatterBody) -> Result<()> {
    let id = body.matter();
    let known = matter(read, id)?;
    if let Some(known) = &known
        && known.agreement != channel.agreement
    {
        return conflict(format!("the matter `{id}`"));
    }
    let judged = match &known {
        Some(known) => known.accepts(channel.from, body),
        None => matter::accepts(&[], channel.from, body),
    };
    match judged {
        Ok(()) => Ok(()),
        Err(MatterError::Unknown) => Err(missing(format!("matter `{id}` with that party"))),
        Err(MatterError::Exists) => exists(format!("the matter `{id}`")),
        Err(MatterError::Closed | MatterError::NotYours | MatterError::OutOfTurn) => {
            conflict(format!("the matter `{id}`"))
        }
    }
}

/// Files a statement that follows; [`must_follow`] was asked before in the same transaction.
pub(super) fn file(tx: &Tx<'_>, said: &Said<'_>) -> Result<()> {
    let id = said.body.matter();
    let known = matter(tx, id)?;
    let (folio, kind) = (said.body.folio().clone(), said.body.kind());
    let json = said.body.to_raw().map_err(|_| corrupt("the body of a statement"))?;
    if known.is_none() {
        tx.insert(
            "INSERT INTO matter (id, kind, agreement, opener, other, stage, closed) VALUES (?1, ?2, ?3, ?4, ?5, '', 0)",
            row![
                id,
                id.kind().as_str().to_owned(),
                said.channel.agreement,
                said.channel.from,
                said.channel.to
            ],
        )?;
    }
    let number = tx.insert(
        "INSERT INTO matter_entry
           (matter, kind, own, folio, sender, recipient, statement, at, received_at, body_json, text, place)
         SELECT number, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
           (SELECT coalesce(max(place), 0) + 1 FROM matter_entry WHERE matter = matter.number)
         FROM matter WHERE id = ?1",
        row![
            id,
            kind,
            said.own,
            folio,
            said.channel.from,
            said.channel.to,
            said.statement,
            said.at,
            said.received_at,
            json.get().to_owned(),
            said.text.map(ToOwned::to_owned)
        ],
    )?;
    parts::write(tx, Owner::Matter(number), said.attachments)?;
    if let Some(known) = &known
        && !said.own
        && said.channel.to == known.opener
    {
        give_way(tx, number)?;
    }
    set_stage(tx, id)
}

/// Puts what this party said, and the partner had not acknowledged when it said statement `number`, behind that statement.
fn give_way(tx: &Tx<'_>, number: i64) -> Result<()> {
    tx.run(
        "UPDATE matter_entry SET place = place + (SELECT place FROM matter_entry WHERE number = ?1)
         WHERE matter = (SELECT matter FROM matter_entry WHERE number = ?1) AND own = 1 AND received_at IS NULL
           AND place > (SELECT min(f.place) FROM matter_entry f WHERE f.matter = matter_entry.matter)",
        [number],
    )?;
    Ok(())
}

/// Keeps the stage of a matter beside it.
fn set_stage(tx: &Tx<'_>, id: MatterId) -> Result<()> {
    let stage = matter(tx, id)?.ok_or_else(|| corrupt("a matter"))?.stage();
    tx.run(
        "UPDATE matter SET stage = ?2, closed = ?3 WHERE id = ?1",
        row![id, stage.as_str().to_owned(), stage.is_closed()],
    )?;
    Ok(())
}

/// Notes when the partner received a statement of this party, and whether it refused it.
pub(super) fn received(tx: &Tx<'_>, entry: &ReceiptEntry) -> Result<()> {
    let changed = tx.run(
        "UPDATE matter_entry SET received_at = ?2, refused = ?3 WHERE statement = ?1 AND received_at IS NULL",
        row![entry.digest, entry.received_at, entry.outcome == Outcome::Refused],
    )?;
    match of_statement(tx, entry.digest)? {
        Some(matter) if changed > 0 => set_stage(tx, matter.id),
        _ => Ok(()),
    }
}

/// What a party forgot that it said counts as refused. `at` is when, for what was not answered.
pub(super) fn unsay(tx: &Tx<'_>, statement: Digest, at: Timestamp) -> Result<()> {
    let changed = tx.run(
        "UPDATE matter_entry SET received_at = coalesce(received_at, ?2), refused = 1 WHERE statement = ?1",
        row![statement, at],
    )?;
    match of_statement(tx, statement)? {
        Some(matter) if changed > 0 => set_stage(tx, matter.id),
        _ => Ok(()),
    }
}

/// The partner forgot that it received a statement of this party.
pub(super) fn unhear(tx: &Tx<'_>, statement: Digest) -> Result<()> {
    let changed = tx.run(
        "UPDATE matter_entry SET received_at = NULL, refused = 0 WHERE statement = ?1",
        row![statement],
    )?;
    match of_statement(tx, statement)? {
        Some(matter) if changed > 0 => set_stage(tx, matter.id),
        _ => Ok(()),
    }
}

/// Refuses to speak in a matter while something that the partner said in it has no receipt: the order of the receipts in
/// this party's channel tells the partner what was heard.
pub(super) fn must_be_acknowledged(read: &Read<'_>, id: MatterId) -> Result<()> {
    let due = read.any(
        "SELECT 1 FROM matter m JOIN matter_entry e ON e.matter = m.number
         JOIN statement_in s ON s.digest = e.statement
         JOIN receipt_due d ON d.channel = s.channel AND d.sequence = s.sequence WHERE m.id = ?1",
        row![id],
    )?;
    if due { conflict(format!("the matter `{id}`")) } else { Ok(()) }
}

/// One matter.
pub(super) fn matter(read: &Read<'_>, id: MatterId) -> Result<Option<MatterRow>> {
    let found = read.first(concat!(head!(), "WHERE id = ?1"), row![id], head)?;
    found.map(|head| whole(read, head)).transpose()
}

/// The matter to which a statement belongs.
pub(super) fn of_statement(read: &Read<'_>, statement: Digest) -> Result<Option<MatterRow>> {
    let found = read.first(
        concat!(head!(), "JOIN matter_entry e ON e.matter = matter.number WHERE e.statement = ?1"),
        row![statement],
        head,
    )?;
    found.map(|head| whole(read, head)).transpose()
}

/// Matters, newest first.
pub(super) fn matters(read: &Read<'_>, query: &MatterQuery) -> Result<Vec<MatterRow>> {
    let heads = read.all(
        concat!(
            head!(),
            "WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR opener = ?2 OR other = ?2)
               AND (?3 IS NULL OR agreement = ?3)
               AND (?4 IS NULL OR (closed OR (kind NOT IN ('recall', 'purge') AND ",
            terminated!(),
            ")) = 1 - ?4)
             ORDER BY number DESC LIMIT ?5"
        ),
        row![
            query.kind.map(|kind| kind.as_str().to_owned()),
            query.partner,
            query.agreement,
            query.open,
            query.limit
        ],
        head,
    )?;
    heads.into_iter().map(|head| whole(read, head)).collect()
}

/// The matter with an entry of this folio: one of this party's own first.
pub(super) fn by_folio(read: &Read<'_>, folio: &Folio, own: bool) -> Result<Option<MatterId>> {
    read.value(
        "SELECT m.id FROM matter_entry e JOIN matter m ON m.number = e.matter
         WHERE e.folio = ?1 AND e.own = ?2 ORDER BY e.number LIMIT 1",
        row![*folio, own],
    )
}

fn head(row: &Row<'_>) -> Result<(i64, MatterRow)> {
    let matter = MatterRow {
        id: get(row, 1)?,
        agreement: get(row, 2)?,
        opener: get(row, 3)?,
        other: get(row, 4)?,
        terminated: get(row, 5)?,
        entries: Vec::new(),
    };
    Ok((get(row, 0)?, matter))
}

fn whole(read: &Read<'_>, (number, mut matter): (i64, MatterRow)) -> Result<MatterRow> {
    let entries = read.all(
        "SELECT number, kind, folio, sender, recipient, statement, at, received_at, body_json, text, refused
         FROM matter_entry WHERE matter = ?1 ORDER BY place",
        [number],
        |row| Ok((get::<i64>(row, 0)?, entry(row)?)),
    )?;
    for (number, mut entry) in entries {
        entry.attachments = parts::read(read, Owner::Matter(number))?;
        matter.entries.push(entry);
    }
    Ok(matter)
}

fn entry(row: &Row<'_>) -> Result<MatterEntry> {
    let (kind, Json(json)): (Kind, Json<Box<RawValue>>) = (get(row, 1)?, get(row, 8)?);
    let body = MatterBody::read(kind, &json)
        .and_then(std::result::Result::ok)
        .ok_or_else(|| corrupt("the body of a statement"))?;
    let said = Entry {
        from: get(row, 3)?,
        to: get(row, 4)?,
        statement: get(row, 5)?,
        at: get(row, 6)?,
        received_at: get(row, 7)?,
        body,
    };
    Ok(MatterEntry {
        said,
        folio: get(row, 2)?,
        text: get(row, 9)?,
        attachments: Vec::new(),
        refused: get(row, 10)?,
    })
}
