//! What a sealed release is counted against: the quotas of its clause, and the standing approval under which it went.
//! Everything is counted by the day in UTC, in the transaction that seals.

use comity_exchange::ports::{
    Ceiling, JournalEntry, ReleaseTerms, SealRefusal, StandingRecord, StoreError,
};
use comity_model::{AgreementId, StandingId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Row, params};

use super::column::{Column, get};
use super::fault::{Result, conflict, exists, missing};
use super::journal;
use super::tx::{Read, Tx, row};

/// The day of a moment in UTC, as it stands in columns.
fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

fn refused<T>(refusal: SealRefusal) -> Result<T> {
    Err(StoreError::Refused(refusal).into())
}

/// Objects that count against a quota: what was sealed in its period under its clause, and under the clauses of earlier
/// versions that count beside it.
pub(super) fn used(read: &Read<'_>, agreement: AgreementId, quota: &Ceiling) -> Result<u64> {
    let since = day(quota.since);
    let sql = "SELECT coalesce(sum(objects), 0) FROM clause_use WHERE agreement = ?1 AND clause = ?2 AND day >= ?3";
    let mut used: u64 =
        read.value(sql, params![agreement.store(), quota.clause, since])?.unwrap_or(0);
    let sql = "SELECT coalesce(sum(objects), 0) FROM clause_use WHERE agreement = ?1 AND clause = ?2 AND day >= ?3
         AND version = ?4";
    for (version, clause) in &quota.former {
        let more: Option<u64> =
            read.value(sql, params![agreement.store(), clause, since, version])?;
        used = used.saturating_add(more.unwrap_or(0));
    }
    Ok(used)
}

/// Counts a release that is sealed at `at`. Refused where it passes a ceiling.
pub(super) fn count(
    tx: &Tx<'_>,
    agreement: AgreementId,
    terms: &ReleaseTerms,
    at: Timestamp,
) -> Result<()> {
    let objects = terms.objects;
    for quota in &terms.quotas {
        let used = used(tx, agreement, quota)?;
        if used.saturating_add(objects) > quota.objects {
            return refused(SealRefusal::Quota { quota: Box::new(quota.clone()), used, objects });
        }
    }
    if let Some(standing) = terms.standing {
        count_standing(tx, standing, objects, at)?;
    }
    tx.run(
        "INSERT INTO clause_use (agreement, clause, day, version, objects) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (agreement, clause, day, version) DO UPDATE SET objects = objects + excluded.objects",
        params![agreement.store(), terms.clause, day(at), terms.version, objects.store()],
    )?;
    Ok(())
}

fn count_standing(tx: &Tx<'_>, id: StandingId, objects: u64, at: Timestamp) -> Result<()> {
    let sql = "SELECT number, ceiling, begins, ends, revoked_at FROM standing WHERE id = ?1";
    let found = tx.first(sql, row![id], |row| {
        let revoked: Option<Timestamp> = get(row, 4)?;
        let (begins, ends): (Timestamp, Timestamp) = (get(row, 2)?, get(row, 3)?);
        let is_open = revoked.is_none() && begins <= at && at < ends;
        Ok((get::<i64>(row, 0)?, get::<u64>(row, 1)?, is_open))
    })?;
    let (number, ceiling, is_open) = found.ok_or_else(|| no_standing(id))?;
    if !is_open {
        return refused(SealRefusal::StandingOver { standing: id });
    }
    let used = used_under(tx, number, at)?;
    if used.saturating_add(objects) > ceiling {
        return refused(SealRefusal::Ceiling { standing: id, ceiling, used, objects });
    }
    tx.run(
        "INSERT INTO standing_use (standing, day, objects) VALUES (?1, ?2, ?3)
         ON CONFLICT (standing, day) DO UPDATE SET objects = objects + excluded.objects",
        params![number, day(at), objects.store()],
    )?;
    Ok(())
}

fn used_under(read: &Read<'_>, standing: i64, at: Timestamp) -> Result<u64> {
    let sql = "SELECT objects FROM standing_use WHERE standing = ?1 AND day = ?2";
    Ok(read.value(sql, params![standing, day(at)])?.unwrap_or(0))
}

/// Keeps a standing approval, unless another one is good at some moment of its window.
pub(super) fn put(tx: &Tx<'_>, standing: &StandingRecord, entries: &[JournalEntry]) -> Result<()> {
    let others = tx.all(
        "SELECT id, begins, ends FROM standing WHERE agreement = ?1 AND clause = ?2 AND revoked_at IS NULL",
        row![standing.agreement, standing.clause],
        |row| Ok((get::<StandingId>(row, 0)?, get::<Timestamp>(row, 1)?, get::<Timestamp>(row, 2)?)),
    )?;
    let overlaps = |begins, ends| begins < standing.until && standing.from < ends;
    if let Some((id, ..)) = others.into_iter().find(|(_, begins, ends)| overlaps(*begins, *ends)) {
        return exists(format!("a standing approval of the clause, `{id}`,"));
    }
    tx.run(
        "INSERT INTO standing
           (id, officer, name, certificate, approval, agreement, clause, recipient, ceiling, begins, ends)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        row![
            standing.id,
            standing.officer,
            standing.name,
            standing.certificate,
            standing.approval,
            standing.agreement,
            standing.clause,
            standing.to,
            standing.ceiling,
            standing.from,
            standing.until
        ],
    )?;
    journal::write(tx, entries)
}

/// Every standing approval, newest first, with what was sealed under it on the day of `at`.
pub(super) fn standings(read: &Read<'_>, at: Timestamp) -> Result<Vec<(StandingRecord, u64)>> {
    read.all(
        "SELECT s.id, officer, name, certificate, approval, agreement, clause, recipient, ceiling, begins, ends,
           revoked_at, coalesce(u.objects, 0)
         FROM standing s LEFT JOIN standing_use u ON u.standing = s.number AND u.day = ?1
         ORDER BY s.number DESC",
        [day(at)],
        |row| Ok((standing_row(row)?, get(row, 12)?)),
    )
}

fn standing_row(row: &Row<'_>) -> Result<StandingRecord> {
    Ok(StandingRecord {
        id: get(row, 0)?,
        officer: get(row, 1)?,
        name: get(row, 2)?,
        certificate: get(row, 3)?,
        approval: get(row, 4)?,
        agreement: get(row, 5)?,
        clause: get(row, 6)?,
        to: get(row, 7)?,
        ceiling: get(row, 8)?,
        from: get(row, 9)?,
        until: get(row, 10)?,
        revoked_at: get(row, 11)?,
    })
}

/// Revokes a standing approval.
pub(super) fn revoke(
    tx: &Tx<'_>,
    id: StandingId,
    at: Timestamp,
    entries: &[JournalEntry],
) -> Result<()> {
    if !tx.any("SELECT 1 FROM standing WHERE id = ?1", row![id])? {
        return Err(no_standing(id));
    }
    let sql = "UPDATE standing SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    if tx.run(sql, row![id, at])? == 0 {
        return conflict(format!("the standing approval `{id}`"));
    }
    journal::write(tx, entries)
}

fn no_standing(id: StandingId) -> super::fault::Fault {
    missing(format!("standing approval `{id}`"))
}
