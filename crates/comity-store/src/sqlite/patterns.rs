//! Standing patterns: the patterns themselves, what they are to look at, and what they sighted.
//!
//! What a sighting rests on may be purged in any transaction. Triggers on `holding` take the sighting away with it.

mod port;
mod work;

use comity_exchange::ports::{
    JournalEntry, Kept, PatternFigures, PatternPlace, PatternRecord, PatternRow, SightingRow,
};
use comity_model::Holding;
use rusqlite::{Row, params};

use super::column::{Column, Json, get};
use super::fault::{Result, conflict, exists, missing};
use super::holdings;
use super::journal;
use super::purge::counter;
use super::tx::{Read, Tx, row};

pub(super) use work::keep;

fn add(
    tx: &Tx<'_>,
    record: &PatternRecord,
    made: Option<Holding>,
    entries: &[JournalEntry],
) -> Result<()> {
    if tx.any("SELECT 1 FROM pattern WHERE name = ?1", [&record.name])? {
        return exists(format!("a pattern `{}`", record.name));
    }
    if let Some(holding) = made {
        let (_, conflicts) = holdings::hold(tx, &[holding], &[])?;
        if !conflicts.is_empty() {
            return conflict("the indicator");
        }
    }
    let indicator = &record.indicator;
    if tx.any("SELECT 1 FROM pattern WHERE indicator = ?1", [&indicator.id])? {
        return exists(format!("a pattern for `{}`", indicator.id));
    }
    let position = position_of(tx, indicator)?
        .ok_or_else(|| missing(format!("holding `{}`", indicator.id)))?;
    let goal = counter(tx, "patterns")?;
    tx.run(
        "INSERT INTO pattern (name, indicator, position, grade, note, added_at, looked, goal, undecided)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, 0)",
        params![
            record.name,
            indicator.id,
            position,
            record.grade.store(),
            record.note,
            record.added_at.store(),
            goal.store(),
        ],
    )?;
    changed(tx)?;
    journal::write(tx, entries)
}

/// Where a row is kept that is neither staged nor frozen.
fn position_of(read: &Read<'_>, kept: &Kept) -> Result<Option<i64>> {
    read.value(
        "SELECT h.position FROM holding h WHERE h.id = ?1 AND h.version = ?2
           AND h.source = CASE WHEN ?3 IS NULL THEN 0 ELSE (SELECT number FROM source WHERE statement = ?3) END
           AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.position = h.position)
           AND NOT EXISTS (SELECT 1 FROM frozen f WHERE f.position = h.position)",
        params![kept.id, kept.version, kept.statement.store()],
    )
}

fn remove(tx: &Tx<'_>, name: &str, entries: &[JournalEntry]) -> Result<()> {
    let number: i64 = tx
        .value("SELECT number FROM pattern WHERE name = ?1", [name])?
        .ok_or_else(|| missing(format!("pattern `{name}`")))?;
    for sql in [
        "DELETE FROM pattern_hit WHERE pattern = ?1",
        "DELETE FROM pattern_input WHERE sighting IN (SELECT number FROM pattern_sighting WHERE pattern = ?1)",
        "DELETE FROM pattern_sighting WHERE pattern = ?1",
        "DELETE FROM pattern WHERE number = ?1",
    ] {
        tx.run(sql, [number])?;
    }
    changed(tx)?;
    journal::write(tx, entries)
}

/// Notes that which patterns stand changed.
fn changed(tx: &Tx<'_>) -> Result<()> {
    tx.run("UPDATE counter SET value = value + 1 WHERE name = 'pattern-rows'", [])?;
    Ok(())
}

fn all(read: &Read<'_>) -> Result<Vec<PatternRow>> {
    read.all(
        "SELECT p.number, p.name, h.id, h.version, s.statement, p.grade, p.note, p.added_at, p.looked, p.goal, p.undecided
         FROM pattern p JOIN holding h ON h.position = p.position LEFT JOIN source s ON s.number = h.source
         ORDER BY p.name",
        [],
        pattern,
    )
}

fn pattern(row: &Row<'_>) -> Result<PatternRow> {
    let indicator = Kept { id: get(row, 2)?, version: get(row, 3)?, statement: get(row, 4)? };
    Ok(PatternRow {
        number: get(row, 0)?,
        record: PatternRecord {
            name: get(row, 1)?,
            indicator,
            grade: get(row, 5)?,
            note: get(row, 6)?,
            added_at: get(row, 7)?,
        },
        looked: get(row, 8)?,
        goal: get(row, 9)?,
        undecided: get(row, 10)?,
    })
}

fn figures(read: &Read<'_>) -> Result<Vec<(u64, PatternFigures)>> {
    read.all(
        "SELECT pattern, sum(bytes IS NULL), sum(bytes IS NOT NULL) FROM pattern_sighting GROUP BY pattern",
        [],
        |row| Ok((get(row, 0)?, PatternFigures { own: get(row, 1)?, apart: get(row, 2)? })),
    )
}

fn place(read: &Read<'_>) -> Result<PatternPlace> {
    Ok(PatternPlace {
        generation: counter(read, "pattern-rows")?,
        followed: counter(read, "patterns")?,
        entered: counter(read, "entered")?,
    })
}

/// Follows what became visible.
fn queue(tx: &Tx<'_>, limit: u32) -> Result<bool> {
    let place = place(tx)?;
    if place.followed >= place.entered {
        return Ok(false);
    }
    let (seen, last): (u32, Option<u64>) = tx
        .first(
            "SELECT count(*), max(entered) FROM
               (SELECT entered FROM newest WHERE entered > ?1 ORDER BY entered LIMIT ?2)",
            params![place.followed.store(), limit],
            |row| Ok((get(row, 0)?, get(row, 1)?)),
        )?
        .unwrap_or((0, None));
    let to = last.filter(|_| seen >= limit).unwrap_or(place.entered);
    for found in [
        "SELECT h.id, 1 FROM newest n JOIN holding h ON h.position = n.position
         WHERE n.entered > ?1 AND n.entered <= ?2 AND n.stix_type = 'observed-data'",
        "SELECT DISTINCT p.observed, 1 FROM newest n JOIN holding h ON h.position = n.position
         JOIN pattern_part p ON p.target = h.id WHERE n.entered > ?1 AND n.entered <= ?2",
    ] {
        let sql = format!(
            "INSERT INTO pattern_due (id, times) {found} ON CONFLICT (id) DO UPDATE SET times = times + 1"
        );
        tx.run(&sql, row![place.followed, to])?;
    }
    tx.run("UPDATE counter SET value = ?1 WHERE name = 'patterns'", row![to])?;
    Ok(true)
}

fn due(read: &Read<'_>, limit: u32) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT id, times FROM pattern_due ORDER BY id LIMIT ?1";
    read.all(sql, [limit], |row| Ok((get(row, 0)?, get(row, 1)?)))
}

fn between(read: &Read<'_>, after: u64, until: u64, limit: u32) -> Result<(Vec<String>, u64)> {
    let found: Vec<(u64, String)> = read.all(
        "SELECT n.entered, h.id FROM newest n JOIN holding h ON h.position = n.position
         WHERE n.stix_type = 'observed-data' AND n.entered > ?1 AND n.entered <= ?2 ORDER BY n.entered LIMIT ?3",
        params![after.store(), until.store(), limit],
        |row| Ok((get(row, 0)?, get(row, 1)?)),
    )?;
    let is_full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| is_full).map_or(until, |(entered, _)| *entered);
    Ok((found.into_iter().map(|(_, id)| id).collect(), next))
}

fn sighted(read: &Read<'_>, observed: &[String]) -> Result<Vec<(u64, String)>> {
    read.all(
        "SELECT pattern, observed FROM pattern_hit
         WHERE observed IN (SELECT value FROM json_each(?1)) AND sighting IS NOT NULL",
        [Json(observed.to_vec()).to_text()],
        |row| Ok((get(row, 0)?, get(row, 1)?)),
    )
}

fn hits(read: &Read<'_>, pattern: u64, limit: u32) -> Result<Vec<String>> {
    let mut last = read.all(
        "SELECT observed FROM pattern_hit WHERE pattern = ?1 AND sighting IS NULL ORDER BY number DESC LIMIT ?2",
        params![pattern.store(), limit],
        |row| get(row, 0),
    )?;
    last.reverse();
    Ok(last)
}

/// `now` in milliseconds since 1970.
fn sightings(read: &Read<'_>, pattern: u64, limit: u32, now: i64) -> Result<Vec<SightingRow>> {
    read.all(
        "SELECT g.id, g.at, g.bytes, g.handling_json FROM pattern_sighting g
         WHERE g.pattern = ?1 AND NOT EXISTS (
           SELECT 1 FROM pattern_input i JOIN holding h ON h.position = i.position
           LEFT JOIN term t ON t.provenance = h.provenance
           WHERE i.sighting = g.number
             AND (t.until <= ?3 OR EXISTS (SELECT 1 FROM frozen f WHERE f.position = i.position)))
         ORDER BY g.number DESC LIMIT ?2",
        params![pattern.store(), limit, now],
        |row| {
            let (bytes, handling): (Option<Vec<u8>>, Option<Json<_>>) =
                (get(row, 2)?, get(row, 3)?);
            let apart = bytes.zip(handling.map(|it| it.0));
            Ok(SightingRow { id: get(row, 0)?, at: get(row, 1)?, apart })
        },
    )
}
