//! Partners for whom nothing is sealed, because this node may have forgotten what it said (docs/protocol.md section 4.8).

use comity_exchange::ports::{Doubt, DoubtKind, JournalEntry, SealRefusal, StoreError};
use comity_model::PartyRoot;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::column::get;
use super::fault::Result;
use super::journal;
use super::tx::{Read, Tx, row};

/// Folios go on behind a multiple of this after a loss: nobody knows how many were given in what is lost.
const FOLIOS: u64 = 10_000;

/// All of them, by partner.
pub(super) fn all(read: &Read<'_>) -> Result<Vec<Doubt>> {
    read.all("SELECT partner, why, since, clean FROM doubt ORDER BY partner", [], |row| {
        Ok(Doubt {
            partner: get(row, 0)?,
            why: get(row, 1)?,
            since: get(row, 2)?,
            is_clean: get(row, 3)?,
        })
    })
}

fn about(read: &Read<'_>, partner: PartyRoot) -> Result<Option<DoubtKind>> {
    read.value("SELECT why FROM doubt WHERE partner = ?1", row![partner])
}

/// Refuses to seal for a partner who is in doubt.
pub(super) fn must_be_trusted(read: &Read<'_>, partner: PartyRoot) -> Result<()> {
    match about(read, partner)? {
        None => Ok(()),
        Some(why) => Err(StoreError::Refused(SealRefusal::InDoubt(why)).into()),
    }
}

/// Puts a partner in doubt, unless it is for something that weighs as much. Where it was trusted before, a loss was found
/// just now, and no folio of what is lost is given again; a doubt that only grows is about the same loss.
pub(super) fn put(tx: &Tx<'_>, doubt: &Doubt, entries: &[JournalEntry]) -> Result<bool> {
    match about(tx, doubt.partner)? {
        Some(before) if before >= doubt.why => return Ok(false),
        Some(_) => {}
        None => skip_folios(tx, doubt.since)?,
    }
    record(tx, doubt)?;
    journal::write(tx, entries)?;
    Ok(true)
}

fn record(tx: &Tx<'_>, doubt: &Doubt) -> Result<()> {
    tx.run(
        "INSERT INTO doubt (partner, why, since, clean) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (partner) DO UPDATE SET why = excluded.why",
        row![doubt.partner, doubt.why, doubt.since, doubt.is_clean],
    )?;
    Ok(())
}

/// Goes on with folios where none can have been given in what is lost.
fn skip_folios(tx: &Tx<'_>, at: Timestamp) -> Result<()> {
    let year = i64::from(at.to_zoned(TimeZone::UTC).year());
    tx.run(
        "INSERT INTO folio_counter (year, last) VALUES (?1, ?2)
         ON CONFLICT (year) DO UPDATE SET last = (last / ?2 + 1) * ?2",
        row![year, FOLIOS],
    )?;
    Ok(())
}

/// Ends the doubt about a partner.
pub(super) fn end(tx: &Tx<'_>, partner: PartyRoot, entries: &[JournalEntry]) -> Result<()> {
    if tx.run("DELETE FROM doubt WHERE partner = ?1", row![partner])? == 0 {
        return Ok(());
    }
    journal::write(tx, entries)
}

/// The database was put back from a backup.
pub(super) fn restored(
    tx: &Tx<'_>,
    at: Timestamp,
    entries: &[JournalEntry],
) -> Result<Vec<PartyRoot>> {
    let partners: Vec<PartyRoot> = tx.all(
        "SELECT DISTINCT partner FROM agreement WHERE complete = 1 ORDER BY partner",
        [],
        |row| get(row, 0),
    )?;
    for &partner in &partners {
        if about(tx, partner)?.is_none() {
            record(tx, &Doubt { partner, why: DoubtKind::Restored, since: at, is_clean: true })?;
        }
    }
    skip_folios(tx, at)?;
    journal::write(tx, entries)?;
    Ok(partners)
}
