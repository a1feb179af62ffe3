//! Partners for whom nothing is sealed, because this node may have forgotten what it said (docs/protocol.md section 4.8).

use comity_exchange::ports::{Doubt, DoubtKind, JournalEntry, SealRefusal, StoreError};
use comity_model::PartyRoot;
use jiff::Timestamp;

use super::column::get;
use super::fault::Result;
use super::tx::{Read, Tx, row};
use super::{folios, journal};

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
/// `folios` is the last that is known apart from the database.
pub(super) fn put(
    tx: &Tx<'_>,
    doubt: &Doubt,
    folios: u32,
    entries: &[JournalEntry],
) -> Result<bool> {
    match about(tx, doubt.partner)? {
        Some(before) if before >= doubt.why => return Ok(false),
        Some(_) => {}
        None => skip_folios(tx, folios::year(doubt.since), folios)?,
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

/// Goes on with folios where none can have been given in what is lost: behind the ten thousand of the last one that is known
/// here, and of number `folios`.
pub(super) fn skip_folios(tx: &Tx<'_>, year: i16, folios: u32) -> Result<()> {
    tx.run(
        "INSERT INTO folio_counter (year, last) VALUES (?1, (?3 / ?2 + 1) * ?2)
         ON CONFLICT (year) DO UPDATE SET last = (max(last, ?3) / ?2 + 1) * ?2",
        row![i64::from(year), FOLIOS, folios],
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
    folios: u32,
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
    skip_folios(tx, folios::year(at), folios)?;
    journal::write(tx, entries)?;
    Ok(partners)
}
