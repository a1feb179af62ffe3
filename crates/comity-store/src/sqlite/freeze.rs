//! What is frozen: recalls that are not answered and legal holds (docs/protocol.md section 7). A frozen row is as good as
//! not there for readers: `newest` never shows it.

use std::collections::BTreeSet;

use comity_exchange::ports::{Arrival, Frozen, JournalEntry, LegalHold, NewLegalHold};
use comity_model::matter::{Grounds, MatterBody, RecallAnswerBody, RecallBody, RecallOutcome};
use comity_model::statement::{Kind, Payload};
use comity_model::{ChannelId, Digest, MatterId};
use jiff::Timestamp;
use rusqlite::params;

use super::column::{Column, Json, get};
use super::fault::{Result, missing};
use super::holdings::refresh;
use super::holdings::rows::{COLUMNS, Reader, columns};
use super::tx::{Read, Tx, row};
use super::{channels, journal};

/// Recalls that wait for a release which is being published.
pub(super) struct Ice(Vec<(i64, Option<BTreeSet<String>>)>);

impl Ice {
    /// Freezes a row that is about to become visible, if one of them names it.
    pub(super) fn freeze(&self, tx: &Tx<'_>, position: i64, id: &str) -> Result<bool> {
        let mut frozen = false;
        for (number, objects) in &self.0 {
            if objects.as_ref().is_none_or(|it| it.contains(id)) {
                put(tx, position, *number)?;
                frozen = true;
            }
        }
        Ok(frozen)
    }
}

/// The recalls that came in this channel before the release that they name.
pub(super) fn awaiting(tx: &Tx<'_>, channel: &ChannelId, release: &Digest) -> Result<Ice> {
    let number = channels::find(tx, channel)?;
    let found = tx.all(
        "SELECT number, objects_json FROM freeze WHERE target = ?1 AND channel = ?2",
        params![release.store(), number],
        |row| Ok((get(row, 0)?, get::<Option<Json<BTreeSet<String>>>>(row, 1)?.map(|it| it.0))),
    )?;
    Ok(Ice(found))
}

/// A statement is held until its turn: if it is a recall, what it names is frozen now.
pub(super) fn early(tx: &Tx<'_>, arrival: &Arrival) -> Result<()> {
    if arrival.kind != Kind::Recall.as_str() {
        return Ok(());
    }
    // one that cannot be read is refused at its turn
    let Ok(payload) = Payload::parse(&arrival.payload) else { return Ok(()) };
    match MatterBody::of(&payload) {
        Some(Ok(MatterBody::Recall(body))) => recall(tx, &arrival.channel, &arrival.digest, &body),
        _ => Ok(()),
    }
}

/// Freezes what a recall names, as far as the same channel brought it.
pub(super) fn recall(
    tx: &Tx<'_>,
    channel: &ChannelId,
    statement: &Digest,
    body: &RecallBody,
) -> Result<()> {
    if tx.any("SELECT 1 FROM freeze WHERE statement = ?1", row![*statement])? {
        return Ok(());
    }
    let channel = channels::intern(tx, channel)?;
    let objects = (!body.objects.is_empty()).then_some(&body.objects);
    let number = tx.insert(
        "INSERT INTO freeze (recall, statement, channel, target, objects_json) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            body.recall.store(),
            statement.store(),
            channel,
            body.release.store(),
            objects.map(|it| Json(it).to_text())
        ],
    )?;
    let sql = "SELECT 1 FROM statement_in WHERE digest = ?1 AND channel = ?2";
    if !tx.any(sql, params![body.release.store(), channel])? {
        return Ok(());
    }
    freeze_rows(tx, number, &rows_of(tx, &body.release, &body.objects)?)
}

/// A recall was answered: what was not followed is let go; of what was done nothing is left to freeze.
pub(super) fn answered(tx: &Tx<'_>, answer: &RecallAnswerBody) -> Result<()> {
    if !matches!(answer.outcome, RecallOutcome::Refused | RecallOutcome::Done) {
        return Ok(());
    }
    let numbers: Vec<i64> =
        tx.all("SELECT number FROM freeze WHERE recall = ?1", row![answer.recall], |row| {
            get(row, 0)
        })?;
    numbers.into_iter().try_for_each(|number| let_go(tx, number))
}

/// A recall that froze something was refused.
pub(super) fn let_go_of_statement(tx: &Tx<'_>, statement: &Digest) -> Result<()> {
    let sql = "SELECT number FROM freeze WHERE statement = ?1";
    match tx.value(sql, row![*statement])? {
        Some(number) => let_go(tx, number),
        None => Ok(()),
    }
}

fn let_go(tx: &Tx<'_>, number: i64) -> Result<()> {
    let ids = tx.all(
        "SELECT DISTINCT h.id FROM frozen f JOIN holding h ON h.position = f.position WHERE f.freeze = ?1",
        [number],
        |row| get::<String>(row, 0),
    )?;
    tx.run("DELETE FROM frozen WHERE freeze = ?1", [number])?;
    tx.run("UPDATE legal_hold SET freeze = NULL WHERE freeze = ?1", [number])?;
    tx.run("DELETE FROM freeze WHERE number = ?1", [number])?;
    refresh(tx, &ids.into_iter().collect())
}

fn put(tx: &Tx<'_>, position: i64, freeze: i64) -> Result<()> {
    let sql = "INSERT INTO frozen (position, freeze) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.run(sql, [position, freeze])?;
    Ok(())
}

fn freeze_rows(tx: &Tx<'_>, number: i64, rows: &[(i64, String)]) -> Result<()> {
    for (position, _) in rows {
        put(tx, *position, number)?;
    }
    refresh(tx, &rows.iter().map(|(_, id)| id.clone()).collect())
}

/// The rows that a release brought: of these objects, or of all where none is named.
fn rows_of(read: &Read<'_>, release: &Digest, objects: &[String]) -> Result<Vec<(i64, String)>> {
    let sql = if objects.is_empty() {
        "SELECT h.position, h.id FROM source s JOIN term t ON t.source = s.number
         JOIN holding h ON h.position BETWEEN t.first AND t.last AND h.provenance = t.provenance
         WHERE s.statement = ?1 AND ?2 IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM staged g WHERE g.position = h.position)"
    } else {
        "SELECT h.position, h.id FROM source s JOIN holding h ON h.source = s.number
         WHERE s.statement = ?1 AND h.id IN (SELECT value FROM json_each(?2))
           AND NOT EXISTS (SELECT 1 FROM staged g WHERE g.position = h.position)"
    };
    read.all(sql, params![release.store(), Json(objects.to_vec()).to_text()], |row| {
        Ok((get(row, 0)?, get(row, 1)?))
    })
}

pub(super) fn lay_hold(
    tx: &Tx<'_>,
    hold: NewLegalHold,
    entries: &[JournalEntry],
) -> Result<LegalHold> {
    let rows = match (&hold.object, &hold.release) {
        (object, Some(release)) => rows_of(tx, release, object.as_slice())?,
        (Some(object), None) => tx.all(
            "SELECT position, id FROM holding h WHERE id = ?1 AND source > 0
               AND NOT EXISTS (SELECT 1 FROM staged g WHERE g.position = h.position)",
            [object],
            |row| Ok((get(row, 0)?, get(row, 1)?)),
        )?,
        (None, None) => Vec::new(),
    };
    if rows.is_empty() {
        let what = hold.object.clone().or_else(|| hold.release.map(|it| it.to_string()));
        return Err(missing(format!("object of a partner in `{}`", what.unwrap_or_default())));
    }
    let objects = hold.object.as_ref().map(|it| Json(vec![it.clone()]).to_text());
    let number = tx.insert(
        "INSERT INTO freeze (target, objects_json) VALUES (?1, ?2)",
        params![hold.release.store(), objects],
    )?;
    freeze_rows(tx, number, &rows)?;
    let hold_number = tx.insert(
        "INSERT INTO legal_hold (freeze, object, release, grounds, legal_basis_json, reasons_json, laid_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            number,
            hold.object,
            hold.release.store(),
            hold.text,
            Json(&hold.grounds.legal_basis).to_text(),
            Json(&hold.grounds.reasons).to_text(),
            hold.at.store()
        ],
    )?;
    journal::write(tx, entries)?;
    let number = hold_number.cast_unsigned();
    Ok(LegalHold { number, laid: hold, rows: rows.len() as u64, lifted_at: None })
}

pub(super) fn lift_hold(
    tx: &Tx<'_>,
    number: u64,
    at: Timestamp,
    entries: &[JournalEntry],
) -> Result<()> {
    let sql = "UPDATE legal_hold SET lifted_at = ?2 WHERE number = ?1 AND lifted_at IS NULL";
    if tx.run(sql, row![number, at])? == 0 {
        return Err(missing(format!("legal hold `{number}` that is laid")));
    }
    let freeze: Option<i64> =
        tx.value("SELECT freeze FROM legal_hold WHERE number = ?1", row![number])?.flatten();
    if let Some(freeze) = freeze {
        let_go(tx, freeze)?;
    }
    journal::write(tx, entries)
}

pub(super) fn holds(read: &Read<'_>, all: bool) -> Result<Vec<LegalHold>> {
    read.all(
        "SELECT number, object, release, grounds, legal_basis_json, reasons_json, laid_at, lifted_at,
           (SELECT count(*) FROM frozen f WHERE f.freeze = legal_hold.freeze)
         FROM legal_hold WHERE ?1 OR lifted_at IS NULL ORDER BY number DESC",
        [all],
        |row| {
            let (Json(legal_basis), Json(reasons)) = (get(row, 4)?, get(row, 5)?);
            Ok(LegalHold {
                number: get(row, 0)?,
                laid: NewLegalHold {
                    object: get(row, 1)?,
                    release: get(row, 2)?,
                    text: get(row, 3)?,
                    grounds: Grounds { legal_basis, reasons },
                    at: get(row, 6)?,
                },
                lifted_at: get(row, 7)?,
                rows: get(row, 8)?,
            })
        },
    )
}

/// Every row of an object that something keeps from readers, with what does.
pub(super) fn frozen(read: &Read<'_>, id: &str) -> Result<Vec<Frozen>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", h.position FROM holding h WHERE h.id = ?1
           AND EXISTS (SELECT 1 FROM frozen f WHERE f.position = h.position) ORDER BY h.position"
    );
    let mut reader = Reader::new(read);
    let found = read.all(sql, [id], |row| Ok((reader.holding(row)?, get::<i64>(row, COLUMNS)?)))?;
    let mut frozen = Vec::new();
    for (holding, position) in found {
        let causes = read.all(
            "SELECT l.number, z.recall FROM frozen f JOIN freeze z ON z.number = f.freeze
             LEFT JOIN legal_hold l ON l.freeze = z.number WHERE f.position = ?1 ORDER BY z.number",
            [position],
            |row| Ok((get::<Option<u64>>(row, 0)?, get::<Option<MatterId>>(row, 1)?)),
        )?;
        frozen.push(Frozen {
            holding,
            holds: causes.iter().filter_map(|it| it.0).collect(),
            recalls: causes.iter().filter_map(|it| it.1).collect(),
        });
    }
    Ok(frozen)
}
