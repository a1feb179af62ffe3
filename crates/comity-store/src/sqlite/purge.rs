//! Purge: rows go with everything that was made of them, and their tombstones stay (docs/protocol.md section 7).

use std::collections::{BTreeMap, BTreeSet};

use comity_exchange::ports::{
    Custodial, Doomed, JournalEntry, PurgeDue, Received, ReleaseState, Tombstone, Why,
};
use comity_model::matter::{Grounds, PurgeBody};
use comity_model::{Digest, Holding, MatterId};
use rusqlite::params;

use super::column::{Column, Json, get};
use super::fault::{Result, conflict, corrupt};
use super::tx::{Read, Tx, row};
use super::{holdings, journal, losses};

/// Objects of one statement that were purged and may not come back.
pub(super) struct Gone(BTreeSet<(String, String)>);

impl Gone {
    /// Whether this is one of them.
    pub(super) fn has(&self, holding: &Holding) -> bool {
        !self.0.is_empty() && self.0.contains(&(holding.id.clone(), holding.version.clone()))
    }
}

/// What was purged of a statement: nothing, unless it comes a second time.
pub(super) fn gone(read: &Read<'_>, statement: &Digest) -> Result<Gone> {
    let sql = "SELECT id, version FROM tombstone WHERE statement = ?1";
    let all = read.all(sql, row![*statement], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
    Ok(Gone(all.into_iter().collect()))
}

/// Whether a legal hold keeps the row at `h.position`.
macro_rules! on_hold {
    () => {
        "EXISTS (SELECT 1 FROM frozen f JOIN legal_hold l ON l.freeze = f.freeze WHERE f.position = h.position)"
    };
}

pub(super) fn expired(read: &Read<'_>, now: i64, limit: u32) -> Result<Vec<Received>> {
    let sql = concat!(
        "SELECT s.statement, h.id, h.version FROM term t JOIN source s ON s.number = t.source
         JOIN holding h ON h.position BETWEEN t.first AND t.last AND h.provenance = t.provenance
         WHERE t.until <= ?1 AND NOT EXISTS (SELECT 1 FROM staged g WHERE g.position = h.position)
           AND NOT ",
        on_hold!(),
        " LIMIT ?2"
    );
    read.all(sql, params![now, limit], |row| {
        Ok(Received { statement: get(row, 0)?, id: get(row, 1)?, version: get(row, 2)? })
    })
}

/// What a row was, as far as its traces need it.
struct Trace {
    position: i64,
    source: i64,
    provenance: i64,
}

pub(super) fn purge(tx: &Tx<'_>, stones: &[Tombstone], entries: &[JournalEntry]) -> Result<u64> {
    let (mut ids, mut traces, mut count) = (BTreeSet::new(), BTreeMap::new(), 0);
    for stone in stones {
        let Received { statement, id, version } = &stone.object;
        tx.run(
            "INSERT INTO tombstone (statement, id, version, why, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![statement.store(), id, version, word(stone.why), stone.at.store()],
        )?;
        let found = tx.first(
            "SELECT h.position, h.source, h.provenance FROM source s JOIN holding h ON h.source = s.number
             WHERE s.statement = ?1 AND h.id = ?2 AND h.version = ?3",
            params![statement.store(), id, version],
            |row| Ok(Trace { position: get(row, 0)?, source: get(row, 1)?, provenance: get(row, 2)? }),
        )?;
        let Some(trace) = found else { continue };
        delete(tx, trace.position)?;
        forget_names(tx, statement, id)?;
        note_due(tx, stone)?;
        doom_pouches(tx, statement)?;
        ids.insert(id.clone());
        traces.insert(trace.provenance, trace.source);
        count += 1;
    }
    holdings::refresh(tx, &ids)?;
    for (provenance, source) in traces {
        forget_provenance(tx, provenance, source)?;
    }
    if count > 0 {
        tx.run("UPDATE counter SET value = value + 1 WHERE name = 'scrub'", [])?;
        journal::write(tx, entries)?;
    }
    Ok(count)
}

/// The row, its text in the index, every mark on it, and what is remembered of what it lost.
fn delete(tx: &Tx<'_>, position: i64) -> Result<()> {
    losses::forget(tx, position)?;
    tx.run(
        "INSERT INTO holding_text (holding_text, rowid, text)
         SELECT 'delete', position, text FROM holding WHERE position = ?1",
        [position],
    )?;
    for sql in [
        "DELETE FROM newest WHERE position = ?1",
        "DELETE FROM staged WHERE position = ?1",
        "DELETE FROM frozen WHERE position = ?1",
        "DELETE FROM holding WHERE position = ?1",
    ] {
        tx.run(sql, [position])?;
    }
    Ok(())
}

/// What previews of this party call the object goes; that it was considered stays.
fn forget_names(tx: &Tx<'_>, statement: &Digest, id: &str) -> Result<()> {
    tx.run(
        "UPDATE preview SET line_json = json_remove(line_json, '$.name')
         WHERE (release, ordinal) IN (SELECT release, ordinal FROM preview_foreign WHERE statement = ?1 AND id = ?2)",
        params![statement.store(), id],
    )?;
    // a release that was composed of it and not sealed can't be any more, whatever takes its position
    tx.run(
        "UPDATE release_object SET position = 0
         WHERE (release, ordinal) IN (SELECT release, ordinal FROM preview_foreign WHERE statement = ?1 AND id = ?2)",
        params![statement.store(), id],
    )?;
    tx.run(
        "UPDATE preview_foreign SET gone = CASE went WHEN 1 THEN 1 ELSE 2 END WHERE statement = ?1 AND id = ?2",
        params![statement.store(), id],
    )?;
    Ok(())
}

/// The owner is told of what a retention ended, and of what it was told a legal hold kept.
fn note_due(tx: &Tx<'_>, stone: &Tombstone) -> Result<()> {
    let statement = stone.object.statement.store();
    if stone.why == Why::Retention {
        tx.run(
            "INSERT INTO purge_due (statement, untold, held) VALUES (?1, 1, 0)
             ON CONFLICT (statement) DO UPDATE SET untold = untold + 1",
            [statement],
        )?;
    } else {
        let sql =
            "UPDATE purge_due SET untold = untold + 1 WHERE statement = ?1 AND matter IS NOT NULL";
        tx.run(sql, [statement])?;
    }
    Ok(())
}

/// Pouches in which a statement came and that are still on the disk.
fn doom_pouches(tx: &Tx<'_>, statement: &Digest) -> Result<()> {
    tx.run(
        "INSERT INTO doomed (digest, pouch) SELECT digest, 1 FROM pouch WHERE statement = ?1 ON CONFLICT DO NOTHING",
        row![*statement],
    )?;
    Ok(())
}

fn forget_provenance(tx: &Tx<'_>, provenance: i64, source: i64) -> Result<()> {
    let used = tx.any(
        "SELECT 1 FROM term t JOIN holding h ON h.position BETWEEN t.first AND t.last AND h.provenance = t.provenance
         WHERE t.provenance = ?1",
        [provenance],
    )?;
    if used {
        return Ok(());
    }
    tx.run("DELETE FROM term WHERE provenance = ?1", [provenance])?;
    tx.run("DELETE FROM provenance WHERE number = ?1", [provenance])?;
    if !tx.any("SELECT 1 FROM term WHERE source = ?1", [source])? {
        tx.run("DELETE FROM source WHERE number = ?1", [source])?;
    }
    Ok(())
}

/// The form of a reason in its column: the id of the recall, or the word.
fn word(why: Why) -> String {
    match why {
        Why::Retention => "retention".to_owned(),
        Why::Recall(id) => id.to_string(),
    }
}

pub(super) fn purged(read: &Read<'_>, release: &Digest, why: Why) -> Result<u64> {
    let sql = "SELECT count(*) FROM tombstone WHERE statement = ?1 AND why = ?2";
    let count = read.value(sql, params![release.store(), word(why)])?;
    Ok(count.unwrap_or(0))
}

/// What became of the objects of a release: of these, or of all where none is named.
pub(super) fn release_objects(
    read: &Read<'_>,
    release: &Digest,
    objects: &[String],
) -> Result<Vec<(Received, Custodial)>> {
    let sql = concat!(
        "SELECT h.id, h.version, ",
        on_hold!(),
        " FROM source s JOIN term t ON t.source = s.number
         JOIN holding h ON h.position BETWEEN t.first AND t.last AND h.provenance = t.provenance
         WHERE s.statement = ?1 AND (?2 = '[]' OR h.id IN (SELECT value FROM json_each(?2)))
           AND NOT EXISTS (SELECT 1 FROM staged g WHERE g.position = h.position)
         UNION ALL
         SELECT id, version, NULL FROM tombstone
         WHERE statement = ?1 AND (?2 = '[]' OR id IN (SELECT value FROM json_each(?2)))"
    );
    read.all(sql, params![release.store(), Json(objects.to_vec()).to_text()], |row| {
        let became = match get::<Option<bool>>(row, 2)? {
            Some(true) => Custodial::Held,
            Some(false) => Custodial::Here,
            None => Custodial::Purged,
        };
        Ok((Received { statement: *release, id: get(row, 0)?, version: get(row, 1)? }, became))
    })
}

pub(super) fn dues(read: &Read<'_>, now: i64, limit: u32) -> Result<Vec<PurgeDue>> {
    let candidates = read.all(
        "SELECT statement FROM purge_due WHERE untold > 0 OR matter IS NOT NULL
         UNION SELECT s.statement FROM legal_hold l JOIN frozen f ON f.freeze = l.freeze
         JOIN holding h ON h.position = f.position JOIN source s ON s.number = h.source
         JOIN term t ON t.provenance = h.provenance WHERE t.until <= ?1",
        [now],
        |row| get::<Digest>(row, 0),
    )?;
    let mut dues = Vec::new();
    for release in candidates {
        if dues.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            break;
        }
        let (due, told) = due(read, now, release)?;
        if due.purged > 0 || due.held != told {
            dues.push(due);
        }
    }
    Ok(dues)
}

/// How a release stands, and how many of its objects the owner was told are held.
fn due(read: &Read<'_>, now: i64, release: Digest) -> Result<(PurgeDue, u64)> {
    let (untold, told, matter) = read
        .first(
            "SELECT untold, held, matter FROM purge_due WHERE statement = ?1",
            row![release],
            |row| Ok((get(row, 0)?, get(row, 1)?, get::<Option<MatterId>>(row, 2)?)),
        )?
        .unwrap_or((0, 0, None));
    let sql = concat!(
        "SELECT count(*), coalesce(sum(t.until <= ?2 AND ",
        on_hold!(),
        "), 0) FROM source s JOIN term t ON t.source = s.number
         JOIN holding h ON h.position BETWEEN t.first AND t.last AND h.provenance = t.provenance
         WHERE s.statement = ?1"
    );
    let counted =
        read.first(sql, params![release.store(), now], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
    let (rows, held): (u64, u64) = counted.unwrap_or((0, 0));
    let from = read.first(
        "SELECT c.agreement, c.sender FROM statement_in i JOIN channel c ON c.number = i.channel WHERE i.digest = ?1",
        row![release],
        |row| Ok((get(row, 0)?, get(row, 1)?)),
    )?;
    let (agreement, partner) = from.ok_or_else(|| corrupt("what was received"))?;
    let grounds = if held > 0 { grounds(read, &release)? } else { Grounds::default() };
    let remaining = rows.saturating_sub(held);
    Ok((
        PurgeDue { release, agreement, partner, purged: untold, held, remaining, matter, grounds },
        told,
    ))
}

/// On what the legal holds over objects of a release rest, together.
fn grounds(read: &Read<'_>, release: &Digest) -> Result<Grounds> {
    let all = read.all(
        "SELECT DISTINCT l.number, l.legal_basis_json, l.reasons_json FROM legal_hold l
         JOIN frozen f ON f.freeze = l.freeze JOIN holding h ON h.position = f.position
         JOIN source s ON s.number = h.source WHERE s.statement = ?1 ORDER BY l.number",
        row![*release],
        |row| {
            let (Json(legal_basis), Json(reasons)) = (get(row, 1)?, get(row, 2)?);
            Ok(Grounds { legal_basis, reasons })
        },
    )?;
    let mut together = Grounds::default();
    for Grounds { legal_basis, reasons } in all {
        for (from, to) in
            [(legal_basis, &mut together.legal_basis), (reasons, &mut together.reasons)]
        {
            for text in from {
                if !to.contains(&text) {
                    to.push(text);
                }
            }
        }
    }
    Ok(together)
}

/// The owner is told by a purge statement that is being sealed.
pub(super) fn told(tx: &Tx<'_>, body: &PurgeBody) -> Result<()> {
    for it in &body.releases {
        let untold: Option<u64> =
            tx.value("SELECT untold FROM purge_due WHERE statement = ?1", row![it.release])?;
        if untold.unwrap_or(0) < it.purged {
            return conflict(format!("what is to be told of `{}`", it.release));
        }
        let matter = (it.held > 0).then(|| body.purge.store());
        tx.run(
            "INSERT INTO purge_due (statement, untold, held, matter) VALUES (?1, 0, ?3, ?4)
             ON CONFLICT (statement) DO UPDATE SET untold = max(0, untold - ?2), held = ?3, matter = ?4",
            params![it.release.store(), it.purged.store(), it.held.store(), matter],
        )?;
    }
    tx.run("DELETE FROM purge_due WHERE untold = 0 AND held = 0 AND matter IS NULL", [])?;
    Ok(())
}

/// Releases of this party looked at in one go.
const AT_ONCE: u32 = 100;

pub(super) fn doomed(tx: &Tx<'_>, limit: u32) -> Result<Vec<Doomed>> {
    let settled = tx.all(
        "SELECT DISTINCT r.number, r.state, r.statement FROM preview_foreign p JOIN release r ON r.number = p.release
         WHERE p.gone = 1 AND r.state NOT IN ('sealed', 'delivered', 'receipted') LIMIT ?1",
        [AT_ONCE],
        |row| Ok((get::<i64>(row, 0)?, get::<ReleaseState>(row, 1)?, get::<Option<i64>>(row, 2)?)),
    )?;
    for (release, _, statement) in settled {
        let sql = "SELECT DISTINCT blob FROM release_part WHERE owner = ?1 AND blob IS NOT NULL";
        let blobs = tx.all(sql, [release], |row| get::<Digest>(row, 0))?;
        tx.run("DELETE FROM release_part WHERE owner = ?1", [release])?;
        for blob in blobs {
            tx.run(
                "INSERT INTO doomed (digest, pouch) SELECT ?1, 0
                 WHERE NOT EXISTS (SELECT 1 FROM release_part WHERE blob = ?1)
                   AND NOT EXISTS (SELECT 1 FROM statement_part WHERE blob = ?1)
                   AND NOT EXISTS (SELECT 1 FROM matter_part WHERE blob = ?1)
                 ON CONFLICT DO NOTHING",
                row![blob],
            )?;
        }
        tx.run(
            "INSERT INTO doomed (digest, pouch) SELECT pouch, 1 FROM statement_out WHERE number = ?1 AND pouch IS NOT NULL
             ON CONFLICT DO NOTHING",
            [statement],
        )?;
        tx.run(
            "UPDATE statement_out SET pouch = NULL, pouch_size = NULL WHERE number = ?1",
            [statement],
        )?;
        tx.run("UPDATE preview_foreign SET gone = 2 WHERE release = ?1 AND gone = 1", [release])?;
        tx.run("UPDATE counter SET value = value + 1 WHERE name = 'scrub'", [])?;
    }
    tx.all("SELECT digest, pouch FROM doomed LIMIT ?1", [limit], |row| {
        Ok(Doomed { digest: get(row, 0)?, pouch: get(row, 1)? })
    })
}

pub(super) fn undoom(tx: &Tx<'_>, files: &[Doomed]) -> Result<()> {
    for file in files {
        tx.run("DELETE FROM doomed WHERE digest = ?1", row![file.digest])?;
    }
    Ok(())
}

/// A number of the counters.
pub(super) fn counter(read: &Read<'_>, name: &str) -> Result<u64> {
    let value = read.value("SELECT value FROM counter WHERE name = ?1", [name])?;
    value.ok_or_else(|| corrupt("its counters"))
}

pub(super) fn follow(tx: &Tx<'_>, place: u64) -> Result<()> {
    tx.run("UPDATE counter SET value = ?1 WHERE name = 'tombstones'", row![place])?;
    Ok(())
}

/// Nothing was purged since the count was `seen`: there is nothing left to overwrite.
pub(super) fn scrubbed(tx: &Tx<'_>, seen: u64) -> Result<()> {
    tx.run("UPDATE counter SET value = 0 WHERE name = 'scrub' AND value = ?1", row![seen])?;
    Ok(())
}
