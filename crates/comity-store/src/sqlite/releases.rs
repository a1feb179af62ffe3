//! Releases of this party, from compose to approval, and the derivatives made for them.

use comity_exchange::ports::{
    ApprovalRecord, ComposeInput, DerivativeRecord, JournalEntry, PreviewLine, ReleaseRow,
    ReleaseState, SealRefusal, StoreError, Verdict,
};
use comity_model::statement::ReceiptEntry;
use comity_model::{AgreementId, Digest, ReleaseId, ReleaseRecord};
use rusqlite::{Row, params};

use super::column::{Column, Json, get};
use super::fault::{Fault, Result, conflict, corrupt, exists, missing};
use super::parts::{self, Owner};
use super::tx::{Read, Tx, row};
use super::{folios, journal, losses};

/// Objects that are named when a release cannot be approved or sealed because of them.
const NAMED: u32 = 20;

pub(super) fn compose(
    tx: &Tx<'_>,
    input: &ComposeInput,
    entries: &[JournalEntry],
) -> Result<ReleaseRow> {
    let id = input.template.record.release;
    if tx.any("SELECT 1 FROM release WHERE id = ?1", row![id])? {
        return exists(format!("a release `{id}`"));
    }
    let folio = folios::next(tx, input.at)?;
    let (record, bytes) =
        input.template.numbered(folio).map_err(|_| corrupt("a release that is no JSON"))?;
    let digest = Digest::of(&bytes);
    let number = tx.insert(
        "INSERT INTO release (id, folio, digest, composer, state) VALUES (?1, ?2, ?3, ?4, ?5)",
        row![id, record.folio, digest, input.composer, ReleaseState::Composed],
    )?;
    tx.run("INSERT INTO release_bytes (release, bytes) VALUES (?1, ?2)", params![number, bytes])?;
    parts::write(tx, Owner::Release(number), &input.parts)?;
    for (ordinal, line) in (0_i64..).zip(&input.preview) {
        if line.verdict != Verdict::Withheld {
            bind_object(tx, number, ordinal, line)?;
        }
        tx.run(
            "INSERT INTO preview (release, ordinal, line_json) VALUES (?1, ?2, ?3)",
            params![number, ordinal, Json(line).to_text()],
        )?;
        if let Some(source) = line.source {
            let went = line.verdict != Verdict::Withheld;
            tx.run(
                "INSERT INTO preview_foreign (statement, id, release, ordinal, went, gone) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
                params![source.store(), line.id, number, ordinal, went],
            )?;
        }
    }
    for derivative in &input.derivatives {
        put_derivative(tx, number, derivative)?;
    }
    losses::keep(tx, number, &input.losses, &input.masks)?;
    journal::write(tx, entries)?;
    Ok(ReleaseRow {
        record,
        bytes,
        digest,
        state: ReleaseState::Composed,
        parts: input.parts.clone(),
        composer: input.composer.clone(),
        approvals: Vec::new(),
        statement: None,
        sequence: None,
        receipt: None,
    })
}

/// Remembers which row of an object goes, which must be the one that readers see.
fn bind_object(tx: &Tx<'_>, release: i64, ordinal: i64, line: &PreviewLine) -> Result<()> {
    let bound = tx.run(
        "INSERT INTO release_object (release, ordinal, position)
         SELECT ?1, ?2, h.position FROM holding h JOIN newest n ON n.position = h.position
         WHERE h.id = ?3 AND h.version = ?4",
        params![release, ordinal, line.id, line.version],
    )?;
    if bound == 1 { Ok(()) } else { conflict(format!("the object `{}`", line.id)) }
}

/// Refuses a release that is not to go any more as composed.
pub(super) fn must_be_as_composed(read: &Read<'_>, release: i64) -> Result<()> {
    changed(read, release)?.map_or(Ok(()), |why| Err(StoreError::Refused(why).into()))
}

/// Why a release is not to go any more as composed: what readers see of an object is another row now, or nothing; or another
/// release that was composed since took something out that this one may say.
pub(super) fn changed(read: &Read<'_>, release: i64) -> Result<Option<SealRefusal>> {
    let objects = changed_objects(read, release)?;
    if !objects.is_empty() {
        return Ok(Some(SealRefusal::HoldingChanged { objects }));
    }
    let sql = "SELECT bytes FROM release_bytes WHERE release = ?1";
    let bytes: Option<Vec<u8>> = read.value(sql, [release])?;
    let record = bytes.and_then(|it| serde_json::from_slice::<ReleaseRecord>(&it).ok());
    let record = record.ok_or_else(|| corrupt("a release"))?;
    let objects = losses::since(read, release, record.agreement.id, NAMED)?;
    Ok((!objects.is_empty()).then_some(SealRefusal::LostSince { objects }))
}

/// The objects of a release that are not here any more as composed, as far as they are named.
fn changed_objects(read: &Read<'_>, release: i64) -> Result<Vec<String>> {
    read.all(
        "SELECT coalesce(p.line_json ->> '$.id', '?')
         FROM release_object o LEFT JOIN newest n ON n.position = o.position
         LEFT JOIN preview p ON p.release = o.release AND p.ordinal = o.ordinal
         WHERE o.release = ?1 AND n.position IS NULL LIMIT ?2",
        params![release, NAMED],
        |row| get(row, 0),
    )
}

/// Keeps a derivative beside the earlier ones of its original. Two composes that ran at the same time may have made
/// two first derivatives of one original, or moved `modified` past each other: the later of them is made again.
fn put_derivative(tx: &Tx<'_>, release: i64, new: &DerivativeRecord) -> Result<()> {
    if let Some(last) = last_derivative(tx, new.agreement, &new.original)? {
        let same_time = new.modified == last.modified && new.content != last.content;
        if new.created != last.created || new.modified < last.modified || same_time {
            return conflict(format!("the derivative of `{}`", new.original));
        }
    }
    tx.run(
        "INSERT INTO derivative (agreement, original, original_version, derived, created, modified, content, opening, release)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        row![
            new.agreement,
            new.original,
            new.original_version,
            new.derived,
            new.created,
            new.modified,
            new.content,
            new.opening,
            release
        ],
    )?;
    Ok(())
}

fn last_derivative(
    read: &Read<'_>,
    agreement: AgreementId,
    original: &str,
) -> Result<Option<DerivativeRecord>> {
    read.first(
        "SELECT original_version, derived, created, modified, content, opening FROM derivative
         WHERE agreement = ?1 AND original = ?2 ORDER BY number DESC LIMIT 1",
        params![agreement.store(), original],
        |row| {
            Ok(DerivativeRecord {
                agreement,
                original: original.to_owned(),
                original_version: get(row, 0)?,
                derived: get(row, 1)?,
                created: get(row, 2)?,
                modified: get(row, 3)?,
                content: get(row, 4)?,
                opening: get(row, 5)?,
            })
        },
    )
}

/// Every derivative whose original or whose own id is one of these.
pub(super) fn known_as(read: &Read<'_>, ids: &[String]) -> Result<Vec<DerivativeRecord>> {
    if !read.any("SELECT 1 FROM derivative", [])? {
        return Ok(Vec::new());
    }
    read.all(
        "SELECT original_version, derived, created, modified, content, opening, agreement, original FROM derivative
         WHERE number IN (
           SELECT number FROM derivative WHERE original IN (SELECT value FROM json_each(?1))
           UNION SELECT number FROM derivative WHERE derived IN (SELECT value FROM json_each(?1))
         ) ORDER BY number",
        params![Json(ids).to_text()],
        |row| {
            Ok(DerivativeRecord {
                agreement: get(row, 6)?,
                original: get(row, 7)?,
                original_version: get(row, 0)?,
                derived: get(row, 1)?,
                created: get(row, 2)?,
                modified: get(row, 3)?,
                content: get(row, 4)?,
                opening: get(row, 5)?,
            })
        },
    )
}

/// The last derivative of each of these originals that has one.
pub(super) fn derivatives(
    read: &Read<'_>,
    agreement: AgreementId,
    originals: &[String],
) -> Result<Vec<DerivativeRecord>> {
    let mut found = Vec::new();
    for original in originals {
        found.extend(last_derivative(read, agreement, original)?);
    }
    Ok(found)
}

pub(super) fn approve(
    tx: &Tx<'_>,
    id: ReleaseId,
    digest: &Digest,
    approval: &ApprovalRecord,
    required: u32,
    entries: &[JournalEntry],
) -> Result<ReleaseState> {
    let release = find(tx, id)?.ok_or_else(|| no_release(id))?;
    let open = matches!(release.state, ReleaseState::Composed | ReleaseState::Approved);
    if !open || release.digest != *digest {
        return conflict(format!("the release `{}`", release.folio));
    }
    let sql = "SELECT 1 FROM approval WHERE release = ?1 AND officer = ?2";
    if tx.any(sql, params![release.number, approval.officer.store()])? {
        return exists(format!("an approval of `{}` by `{}`", release.folio, approval.name));
    }
    tx.run(
        "INSERT INTO approval (release, officer, name, certificate, approval, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        row![
            release.number,
            approval.officer,
            approval.name,
            approval.certificate,
            approval.approval,
            approval.at
        ],
    )?;
    must_be_as_composed(tx, release.number)?;
    let sql = "SELECT count(*) FROM approval WHERE release = ?1";
    let given: u32 = tx.value(sql, [release.number])?.unwrap_or(0);
    // an approval that is one too many does not undo the one that was enough
    let enough = given >= required.max(1) || release.state == ReleaseState::Approved;
    let state = if enough { ReleaseState::Approved } else { ReleaseState::Composed };
    set_state(tx, release.number, state)?;
    journal::write(tx, entries)?;
    Ok(state)
}

/// Where a release stands, without its bytes.
pub(super) struct Standing {
    pub(super) number: i64,
    pub(super) folio: String,
    pub(super) digest: Digest,
    pub(super) state: ReleaseState,
}

/// Where a release stands.
pub(super) fn find(read: &Read<'_>, id: ReleaseId) -> Result<Option<Standing>> {
    let sql = "SELECT number, folio, digest, state FROM release WHERE id = ?1";
    read.first(sql, row![id], |row| {
        Ok(Standing {
            number: get(row, 0)?,
            folio: get(row, 1)?,
            digest: get(row, 2)?,
            state: get(row, 3)?,
        })
    })
}

/// Nothing has this id.
pub(super) fn no_release(id: ReleaseId) -> Fault {
    missing(format!("release `{id}`"))
}

/// Sets how far a release is.
pub(super) fn set_state(tx: &Tx<'_>, number: i64, state: ReleaseState) -> Result<()> {
    tx.run("UPDATE release SET state = ?2 WHERE number = ?1", row![number, state])?;
    Ok(())
}

macro_rules! select_release {
    ($tail:literal) => {
        concat!(
            "SELECT r.number, r.digest, r.state, r.composer, b.bytes, s.digest, s.sequence, s.receipt_json
             FROM release r JOIN release_bytes b ON b.release = r.number
             LEFT JOIN statement_out s ON s.number = r.statement ",
            $tail
        )
    };
}

pub(super) fn release(read: &Read<'_>, id: ReleaseId) -> Result<Option<ReleaseRow>> {
    read.first(select_release!("WHERE r.id = ?1"), row![id], |row| release_row(read, row))
}

pub(super) fn releases(read: &Read<'_>, limit: u32) -> Result<Vec<ReleaseRow>> {
    let sql = select_release!("ORDER BY r.number DESC LIMIT ?1");
    read.all(sql, [limit], |row| release_row(read, row))
}

fn release_row(read: &Read<'_>, row: &Row<'_>) -> Result<ReleaseRow> {
    let number: i64 = get(row, 0)?;
    let bytes: Vec<u8> = get(row, 4)?;
    let approvals = read.all(
        "SELECT officer, name, certificate, approval, at FROM approval WHERE release = ?1 ORDER BY number",
        [number],
        |row| {
            Ok(ApprovalRecord {
                officer: get(row, 0)?,
                name: get(row, 1)?,
                certificate: get(row, 2)?,
                approval: get(row, 3)?,
                at: get(row, 4)?,
            })
        },
    )?;
    Ok(ReleaseRow {
        record: serde_json::from_slice(&bytes).map_err(|_| corrupt("a release"))?,
        bytes,
        digest: get(row, 1)?,
        state: get(row, 2)?,
        parts: parts::read(read, Owner::Release(number))?,
        composer: get(row, 3)?,
        approvals,
        statement: get(row, 5)?,
        sequence: get(row, 6)?,
        receipt: get::<Option<Json<ReceiptEntry>>>(row, 7)?.map(|Json(receipt)| receipt),
    })
}

pub(super) fn preview(read: &Read<'_>, id: ReleaseId) -> Result<Vec<PreviewLine>> {
    let release = find(read, id)?.ok_or_else(|| no_release(id))?;
    read.all(
        "SELECT line_json FROM preview WHERE release = ?1 ORDER BY ordinal",
        [release.number],
        |row| get(row, 0).map(|Json(line)| line),
    )
}
