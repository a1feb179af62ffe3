//! What objects lost in releases, and in which others it was masked: so that no later release under the same agreement shows it.

use comity_exchange::ports::{
    KnownLoss, LossQuery, LossRecord, Losses, MaskRecord, MaskedText, Traces,
};
use comity_model::AgreementId;
use rusqlite::params;

use super::column::{Column, Json, get};
use super::fault::Result;
use super::tx::{Read, Tx};

/// So many that name an object are too many for it to have to do with each of them: a port, a country.
const MANY: i64 = 65;

/// Keeps what objects lose in the release with this number, and where it was masked.
pub(super) fn keep(
    tx: &Tx<'_>,
    release: i64,
    losses: &[LossRecord],
    masks: &[MaskRecord],
) -> Result<()> {
    for loss in losses {
        let agreement = loss.agreement.store();
        let new = tx.run(
            "INSERT INTO loss (agreement, original, version, digest, changes_json, lasting, release) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO NOTHING",
            params![
                agreement,
                loss.original,
                loss.version,
                loss.digest.store(),
                Json(&loss.changes).to_text(),
                !loss.traces.is_empty(),
                release,
            ],
        )?;
        if new == 0 {
            continue;
        }
        let number = tx.last_row();
        for target in &loss.names {
            tx.run(
                "INSERT INTO loss_name (agreement, target, loss) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![agreement, target, number],
            )?;
        }
        for digest in &loss.traces {
            tx.run(
                "INSERT INTO loss_trace (agreement, digest, loss) VALUES (?1, ?2, ?3)",
                params![agreement, digest, number],
            )?;
        }
    }
    for mask in masks {
        tx.run(
            "INSERT INTO masked (agreement, object, property, source, version, release) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            params![
                mask.agreement.store(),
                mask.object,
                mask.property,
                mask.source,
                mask.version,
                release
            ],
        )?;
    }
    Ok(())
}

/// The objects of the release with this number that another composed since gives redacted, or with something masked, and those
/// that it took something out of, that name such an object or are named by one; `most` of them at the most. Creators do not
/// count as named.
pub(super) fn since(
    read: &Read<'_>,
    release: i64,
    agreement: AgreementId,
    most: u32,
) -> Result<Vec<String>> {
    let agreement = agreement.store();
    let sql = "SELECT 1 FROM derivative WHERE agreement = ?1 AND release > ?2
         UNION ALL SELECT 1 FROM loss WHERE agreement = ?1 AND release > ?2
         UNION ALL SELECT 1 FROM masked WHERE agreement = ?1 AND release > ?2 LIMIT 1";
    if !read.any(sql, params![agreement, release])? {
        return Ok(Vec::new());
    }
    read.all(
        "WITH going AS MATERIALIZED (
           SELECT h.id, h.refs_json, CAST(h.bytes AS TEXT) ->> '$.created_by_ref' AS creator, p.line_json ->> '$.verdict' AS verdict
           FROM release_object o CROSS JOIN holding h ON h.position = o.position
           LEFT JOIN preview p ON p.release = o.release AND p.ordinal = o.ordinal
           WHERE o.release = ?2
         )
         SELECT g.id FROM going g CROSS JOIN derivative d ON d.agreement = ?1 AND d.original = g.id
           WHERE d.release > ?2 AND g.verdict = 'released'
         UNION SELECT g.id FROM going g CROSS JOIN masked m ON m.agreement = ?1 AND m.object = g.id WHERE m.release > ?2
         UNION SELECT g.id FROM going g CROSS JOIN loss l ON l.original = g.id WHERE l.agreement = ?1 AND l.release > ?2
         UNION SELECT g.id FROM going g CROSS JOIN json_each(g.refs_json) r CROSS JOIN loss l ON l.original = r.value
           WHERE l.agreement = ?1 AND l.release > ?2 AND r.value IS NOT g.creator
         UNION SELECT g.id FROM going g CROSS JOIN loss_name n ON n.agreement = ?1 AND n.target = g.id
           CROSS JOIN loss l ON l.number = n.loss
           WHERE l.release > ?2
             AND (SELECT count(*) FROM (SELECT 1 FROM loss_name c WHERE c.agreement = ?1 AND c.target = g.id LIMIT ?4)) < ?4
         LIMIT ?3",
        params![agreement, release, most, MANY],
        |row| get(row, 0),
    )
}

/// A row of `holding` goes: what was lost of it goes too, unless another row has the same bytes.
pub(super) fn forget(tx: &Tx<'_>, position: i64) -> Result<()> {
    let gone: Vec<i64> = tx.all(
        "SELECT l.number FROM holding h JOIN loss l ON l.original = h.id AND l.digest = h.digest
         WHERE h.position = ?1 AND NOT EXISTS (
           SELECT 1 FROM holding o WHERE o.id = h.id AND o.digest = h.digest AND o.position <> h.position
         )",
        [position],
        |row| get(row, 0),
    )?;
    for number in gone {
        for sql in [
            "DELETE FROM loss_trace WHERE loss = ?1",
            "DELETE FROM loss_name WHERE loss = ?1",
            "DELETE FROM loss WHERE number = ?1",
        ] {
            tx.run(sql, [number])?;
        }
    }
    Ok(())
}

/// How many losses of names and identifiers there are under an agreement, `most` at the most; `None` where nothing was lost
/// or masked under it.
pub(super) fn lasting(read: &Read<'_>, agreement: AgreementId, most: u64) -> Result<Option<u64>> {
    let agreement = agreement.store();
    let sql = "SELECT 1 FROM loss WHERE agreement = ?1 UNION ALL SELECT 1 FROM masked WHERE agreement = ?1 LIMIT 1";
    if !read.any(sql, [&agreement])? {
        return Ok(None);
    }
    let sql = "SELECT count(*) FROM (SELECT 1 FROM loss WHERE agreement = ?1 AND lasting LIMIT ?2)";
    Ok(Some(read.value(sql, params![agreement, most.store()])?.unwrap_or(0)))
}

pub(super) fn losses(read: &Read<'_>, query: &LossQuery) -> Result<Losses> {
    let agreement = query.agreement.store();
    let objects = Json(&query.objects).to_text();
    let mut named = query.named.clone();
    named.extend_from_slice(&query.objects);
    let named = Json(&named).to_text();
    // what lost something: the objects themselves, what they name and what that names, what names them, what something else
    // says to belong to them, and what was masked before in them or in what they name
    let related: Vec<i64> = read.all(
        "SELECT number FROM loss WHERE agreement = ?1 AND original IN (SELECT value FROM json_each(?3))
         UNION SELECT l.number FROM json_each(?3) k CROSS JOIN holding h ON h.id = k.value
           CROSS JOIN json_each(h.refs_json) r CROSS JOIN loss l ON l.agreement = ?1 AND l.original = r.value
         UNION SELECT n.loss FROM json_each(?2) k CROSS JOIN loss_name n ON n.agreement = ?1 AND n.target = k.value
           WHERE (SELECT count(*) FROM (SELECT 1 FROM loss_name c WHERE c.agreement = ?1 AND c.target = k.value LIMIT ?4)) < ?4
         UNION SELECT l.number FROM json_each(?2) k CROSS JOIN mention m ON m.target = k.value
           CROSS JOIN holding h ON h.position = m.position CROSS JOIN json_each(h.refs_json) r
           CROSS JOIN loss l ON l.agreement = ?1 AND l.original = r.value
           WHERE (SELECT count(*) FROM (SELECT 1 FROM mention c WHERE c.target = k.value LIMIT ?4)) < ?4
         UNION SELECT l.number FROM json_each(?3) k CROSS JOIN masked m ON m.agreement = ?1 AND m.object = k.value
           CROSS JOIN loss l ON l.agreement = ?1 AND l.original = m.source AND l.version = m.version",
        params![agreement, objects, named, MANY],
        |row| get(row, 0),
    )?;
    let lasting: Vec<i64> = match &query.traces {
        Traces::All => read.all(
            "SELECT number FROM loss WHERE agreement = ?1 AND lasting",
            [&agreement],
            |row| get(row, 0),
        )?,
        Traces::Of(digests) => read.all(
            "SELECT DISTINCT t.loss FROM json_each(?2) k CROSS JOIN loss_trace t ON t.agreement = ?1 AND t.digest = k.value",
            params![agreement, Json(digests).to_text()],
            |row| get(row, 0),
        )?,
    };
    let gone = read.all(
        "SELECT DISTINCT m.object, m.property FROM json_each(?2) k
         CROSS JOIN masked m ON m.agreement = ?1 AND m.object = k.value
         WHERE NOT EXISTS (
           SELECT 1 FROM loss l WHERE l.agreement = ?1 AND l.original = m.source AND l.version = m.version
         )",
        params![agreement, objects],
        |row| Ok(MaskedText { object: get(row, 0)?, property: get(row, 1)? }),
    )?;
    let others = lasting.into_iter().filter(|number| related.binary_search(number).is_err());
    let others: Vec<i64> = others.collect();
    Ok(Losses { related: known(read, &related)?, lasting: known(read, &others)?, gone })
}

/// The objects in which something was masked, with those that lost it.
pub(super) fn masked_for(
    read: &Read<'_>,
    agreement: AgreementId,
    objects: &[String],
) -> Result<Vec<(String, String)>> {
    let sql = "SELECT DISTINCT m.object, m.source FROM json_each(?2) k
         CROSS JOIN masked m ON m.agreement = ?1 AND m.object = k.value";
    let objects = Json(objects).to_text();
    read.all(sql, params![agreement.store(), objects], |row| Ok((get(row, 0)?, get(row, 1)?)))
}

/// Losses with the bytes of the versions of which they are.
fn known(read: &Read<'_>, numbers: &[i64]) -> Result<Vec<KnownLoss>> {
    let mut known = Vec::with_capacity(numbers.len());
    for number in numbers {
        let sql = "SELECT l.original, l.version, l.digest, l.changes_json, h.bytes
             FROM loss l JOIN holding h ON h.id = l.original AND h.digest = l.digest
             WHERE l.number = ?1 LIMIT 1";
        known.extend(read.first(sql, [number], |row| {
            let Json(changes) = get(row, 3)?;
            Ok(KnownLoss {
                original: get(row, 0)?,
                version: get(row, 1)?,
                digest: get(row, 2)?,
                changes,
                bytes: get(row, 4)?,
            })
        })?);
    }
    Ok(known)
}
