//! Units of the party, what each was given, and which of them were told of a recall; and where objects of this party and of
//! partners went in releases.

use std::collections::BTreeMap;

use comity_exchange::ports::{
    Given, GivenTo, JournalEntry, Notice, PreviewLine, SignedGrant, Unit, Verdict,
};
use comity_model::{Digest, MatterId, ReleaseId, ReleaseRecord};
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::column::{Column, Json, get};
use super::fault::{Result, conflict, corrupt, exists, missing};
use super::tx::{Read, Tx, row};
use super::{accounts, journal};

pub(super) fn add(tx: &Tx<'_>, unit: &Unit, entries: &[JournalEntry]) -> Result<()> {
    if number_of(tx, &unit.name)?.is_some() {
        return exists(format!("a unit `{}`", unit.name));
    }
    tx.run(
        "INSERT INTO unit (name, title, added_at) VALUES (?1, ?2, ?3)",
        row![unit.name, unit.title, unit.added_at],
    )?;
    if let Some(signed) = &unit.grant {
        put_grant(tx, must_be(tx, &unit.name)?, signed)?;
    }
    journal::write(tx, entries)
}

pub(super) fn grant(
    tx: &Tx<'_>,
    unit: &str,
    signed: &SignedGrant,
    entries: &[JournalEntry],
) -> Result<()> {
    put_grant(tx, must_be(tx, unit)?, signed)?;
    accounts::changed(tx)?;
    journal::write(tx, entries)
}

fn put_grant(tx: &Tx<'_>, unit: i64, signed: &SignedGrant) -> Result<()> {
    tx.run(
        "UPDATE unit SET certificate = ?2, grant_envelope = ?3 WHERE number = ?1",
        params![unit, signed.certificate, signed.envelope],
    )?;
    Ok(())
}

pub(super) fn all(read: &Read<'_>) -> Result<Vec<Unit>> {
    read.all(
        "SELECT name, title, added_at, certificate, grant_envelope FROM unit ORDER BY name",
        [],
        unit,
    )
}

fn unit(row: &Row<'_>) -> Result<Unit> {
    let certificate: Option<String> = get(row, 3)?;
    let envelope: Option<String> = get(row, 4)?;
    let grant = certificate
        .zip(envelope)
        .map(|(certificate, envelope)| SignedGrant { certificate, envelope });
    Ok(Unit { name: get(row, 0)?, title: get(row, 1)?, added_at: get(row, 2)?, grant })
}

fn number_of(read: &Read<'_>, name: &str) -> Result<Option<i64>> {
    read.value("SELECT number FROM unit WHERE name = ?1", [name])
}

fn must_be(read: &Read<'_>, name: &str) -> Result<i64> {
    number_of(read, name)?.ok_or_else(|| missing(format!("unit `{name}`")))
}

pub(super) fn give(
    tx: &Tx<'_>,
    unit: &str,
    objects: &[Given],
    (at, now): (Timestamp, i64),
    entries: &[JournalEntry],
) -> Result<()> {
    let unit = must_be(tx, unit)?;
    for Given { id, version, statement } in objects {
        let seen = tx.any(
            "SELECT 1 FROM holding h JOIN newest n ON n.position = h.position
             WHERE h.id = ?1 AND h.version = ?2 AND (n.until IS NULL OR n.until > ?3)",
            params![id, version, now],
        )?;
        if !seen {
            return conflict(format!("the object `{id}`"));
        }
        tx.run(
            "INSERT INTO given (unit, id, version, statement, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![unit, id, version, statement.store(), at.store()],
        )?;
    }
    journal::write(tx, entries)
}

pub(super) fn notices(
    read: &Read<'_>,
    recall: MatterId,
    release: &Digest,
    objects: &[String],
) -> Result<Vec<Notice>> {
    // what a unit has is the object, in whatever version and from whichever release it was handed over; definitions alone
    // are in many releases and say nothing of what was given
    read.all(
        "WITH named (id) AS (SELECT value FROM json_each(?3)
           UNION SELECT h.id FROM source s JOIN term t ON t.source = s.number
             JOIN holding h ON h.position BETWEEN t.first AND t.last AND h.provenance = t.provenance
             WHERE s.statement = ?2 AND ?3 = '[]'
           UNION SELECT id FROM tombstone WHERE statement = ?2 AND ?3 = '[]'
           UNION SELECT id FROM given WHERE statement = ?2 AND ?3 = '[]')
         SELECT u.name, u.title, u.added_at, u.certificate, u.grant_envelope, count(DISTINCT g.id),
           (SELECT t.at FROM told t WHERE t.recall = ?1 AND t.unit = u.number)
         FROM given g JOIN unit u ON u.number = g.unit
         WHERE g.statement IS NOT NULL AND g.id IN (SELECT id FROM named)
           AND (g.statement = ?2 OR (g.id NOT LIKE 'marking-definition--%' AND g.id NOT LIKE 'extension-definition--%'))
         GROUP BY u.number ORDER BY u.name",
        params![recall.store(), release.store(), Json(objects.to_vec()).to_text()],
        |row| Ok(Notice { unit: unit(row)?, objects: get(row, 5)?, told_at: get(row, 6)? }),
    )
}

pub(super) fn tell(
    tx: &Tx<'_>,
    recall: MatterId,
    unit: &str,
    at: Timestamp,
    entries: &[JournalEntry],
) -> Result<()> {
    let unit = must_be(tx, unit)?;
    let sql = "INSERT INTO told (recall, unit, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    if tx.run(sql, row![recall, unit, at])? == 0 {
        return Ok(());
    }
    journal::write(tx, entries)
}

/// A release with the ids of objects in it, as they were released.
type Went = Vec<(ReleaseId, Vec<String>)>;

/// Sealed releases of this party that hold an object or a derivative of it. `id` may be that of either.
pub(super) fn releases_with(read: &Read<'_>, id: &str) -> Result<Went> {
    let mut originals =
        read.all("SELECT DISTINCT original FROM derivative WHERE derived = ?1", [id], |row| {
            get::<String>(row, 0)
        })?;
    originals.push(id.to_owned());
    let mut lines = Vec::new();
    for original in originals {
        // the first condition spares reading lines as JSON that cannot be meant
        lines.extend(read.all(
            "SELECT p.release, p.line_json FROM preview p JOIN release r ON r.number = p.release
             WHERE r.statement IS NOT NULL AND instr(p.line_json, ?1) > 0 AND p.line_json ->> '$.id' = ?1",
            [original],
            line,
        )?);
    }
    went(read, lines)
}

/// Sealed releases of this party that hold one of these objects, or a derivative of one, in one look through what was decided.
pub(super) fn releases_with_any(read: &Read<'_>, ids: Vec<String>) -> Result<Went> {
    let ids = Json(ids).to_text();
    let lines = read.all(
        "WITH named (id) AS (SELECT value FROM json_each(?1)
           UNION SELECT original FROM derivative WHERE derived IN (SELECT value FROM json_each(?1)))
         SELECT p.release, p.line_json FROM preview p JOIN release r ON r.number = p.release
         WHERE r.statement IS NOT NULL AND p.line_json ->> '$.id' IN (SELECT id FROM named)",
        [ids],
        line,
    )?;
    went(read, lines)
}

/// What units were given of these objects, oldest first.
pub(super) fn given_to(read: &Read<'_>, ids: Vec<String>) -> Result<Vec<GivenTo>> {
    read.all(
        "SELECT u.name, g.id, g.version, g.at FROM given g JOIN unit u ON u.number = g.unit
         WHERE g.id IN (SELECT value FROM json_each(?1)) ORDER BY g.number",
        [Json(ids).to_text()],
        |row| {
            Ok(GivenTo {
                unit: get(row, 0)?,
                id: get(row, 1)?,
                version: get(row, 2)?,
                at: get(row, 3)?,
            })
        },
    )
}

/// Sealed releases of this party in which objects went on that a partner's release brought.
pub(super) fn onward(read: &Read<'_>, release: &Digest, objects: &[String]) -> Result<Went> {
    let lines = read.all(
        "SELECT f.release, p.line_json FROM preview_foreign f
         JOIN preview p ON p.release = f.release AND p.ordinal = f.ordinal JOIN release r ON r.number = f.release
         WHERE f.statement = ?1 AND f.went = 1 AND r.statement IS NOT NULL
           AND (?2 = '[]' OR f.id IN (SELECT value FROM json_each(?2)))",
        params![release.store(), Json(objects.to_vec()).to_text()],
        line,
    )?;
    went(read, lines)
}

fn line(row: &Row<'_>) -> Result<(i64, PreviewLine)> {
    let Json(line) = get(row, 1)?;
    Ok((get(row, 0)?, line))
}

fn went(read: &Read<'_>, lines: Vec<(i64, PreviewLine)>) -> Result<Went> {
    let mut releases: BTreeMap<i64, (ReleaseRecord, Vec<String>)> = BTreeMap::new();
    for (number, line) in lines {
        if line.verdict == Verdict::Withheld {
            continue;
        }
        let (record, ids) = match releases.entry(number) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let sql = "SELECT bytes FROM release_bytes WHERE release = ?1";
                let bytes: Vec<u8> =
                    read.value(sql, [number])?.ok_or_else(|| corrupt("a release"))?;
                let record = serde_json::from_slice(&bytes).map_err(|_| corrupt("a release"))?;
                entry.insert((record, Vec::new()))
            }
        };
        let id = if line.verdict == Verdict::Redacted {
            read.value(
                "SELECT derived FROM derivative WHERE agreement = ?1 AND original = ?2 LIMIT 1",
                params![record.agreement.id.store(), line.id],
            )?
            .ok_or_else(|| corrupt("the derivatives"))?
        } else {
            line.id
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(releases.into_values().map(|(record, ids)| (record.release, ids)).collect())
}
