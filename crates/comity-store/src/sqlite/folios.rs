//! Folios: one run of numbers a year for everything that this party numbers.

use comity_exchange::ports::FolioSubject;
use comity_model::Folio;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::column::get;
use super::fault::{Result, corrupt};
use super::tx::{Read, Tx, row};
use super::{conduct, contacts, matters, node};

/// Gives the next folio of the year of `at`, in UTC.
pub(super) fn next(tx: &Tx<'_>, at: Timestamp) -> Result<Folio> {
    let handle = node::handle(tx)?;
    let year = year(at);
    let number = tx.value(
        "INSERT INTO folio_counter (year, last) VALUES (?1, 1)
         ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last",
        row![i64::from(year)],
    )?;
    Ok(Folio::new(handle, year, number.ok_or_else(|| corrupt("the folio counter"))?))
}

/// The year of which a folio is that is given at `at`, in UTC.
pub(super) fn year(at: Timestamp) -> i16 {
    at.to_zoned(TimeZone::UTC).year()
}

/// The number of the last one of a year.
pub(super) fn last(read: &Read<'_>, year: i16) -> Result<u32> {
    let sql = "SELECT last FROM folio_counter WHERE year = ?1";
    Ok(read.value(sql, row![i64::from(year)])?.unwrap_or(0))
}

/// What a folio names. This party's own come first: a partner may write whatever it likes on its papers.
pub(super) fn subject(read: &Read<'_>, folio: &Folio) -> Result<Option<FolioSubject>> {
    let release = read.value("SELECT id FROM release WHERE folio = ?1", row![*folio])?;
    if let Some(id) = release {
        return Ok(Some(FolioSubject::Release(id)));
    }
    let agreement = read.value("SELECT id FROM agreement_folio WHERE folio = ?1", row![*folio])?;
    if let Some(id) = agreement {
        return Ok(Some(FolioSubject::Agreement(id)));
    }
    if let Some(id) = contacts::by_folio(read, folio)? {
        return Ok(Some(FolioSubject::Contact(id)));
    }
    if let Some(id) = conduct::by_folio(read, folio, true)? {
        return Ok(Some(FolioSubject::Agreement(id)));
    }
    if let Some(id) = matters::by_folio(read, folio, true)? {
        return Ok(Some(FolioSubject::Matter(id)));
    }
    let inbox = read.first(
        // a partner that lost its record may give a number twice: what stands comes before what it forgot
        "SELECT s.digest FROM statement_in s LEFT JOIN epoch_end e ON e.channel = s.channel
         WHERE s.folio = ?1 AND s.record_json IS NOT NULL
         ORDER BY e.size IS NOT NULL AND s.sequence >= e.size, s.number LIMIT 1",
        row![*folio],
        |row| get(row, 0),
    )?;
    if let Some(digest) = inbox {
        return Ok(Some(FolioSubject::Inbox(digest)));
    }
    if let Some(id) = matters::by_folio(read, folio, false)? {
        return Ok(Some(FolioSubject::Matter(id)));
    }
    Ok(conduct::by_folio(read, folio, false)?.map(FolioSubject::Agreement))
}
