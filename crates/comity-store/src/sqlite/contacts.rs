//! Contacts outside the system, what they are linked to, and the reports on them and on what was exchanged.

use comity_exchange::ports::{
    Contact, ContactQuery, ContactRow, JournalEntry, ReportRow, Reported, Unreported,
    UnreportedQuery,
};
use comity_model::{ContactId, Folio, MatterId};
use jiff::tz::Offset;
use rusqlite::Row;

use super::column::{Json, get};
use super::fault::{Result, corrupt, exists, missing};
use super::tx::{Read, Tx, row};
use super::{folios, journal};

const COLUMNS: &str = "number, folio, id, partner, kind, at, our_office, their_office, subject, said, authorised_by, \
                       authorisation, recorded_at, at_offset";

/// Numbers and keeps a contact.
pub(super) fn add(
    tx: &Tx<'_>,
    contact: &Contact,
    links: &[MatterId],
    entries: &[JournalEntry],
) -> Result<ContactRow> {
    if tx.any("SELECT 1 FROM contact WHERE id = ?1", row![contact.id])? {
        return exists(format!("the contact `{}`", contact.id));
    }
    let folio = folios::next(tx, contact.recorded_at)?;
    let number = tx.insert(
        "INSERT INTO contact (folio, id, partner, kind, at, our_office, their_office, subject, said, authorised_by,
           authorisation, recorded_at, at_offset)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        row![
            folio,
            contact.id,
            contact.partner,
            contact.kind,
            contact.at,
            contact.our_office,
            contact.their_office,
            contact.subject,
            contact.said,
            contact.authorised_by,
            contact.authorisation,
            contact.recorded_at,
            i64::from(contact.offset.seconds())
        ],
    )?;
    for matter in links {
        tie(tx, number, *matter)?;
    }
    journal::write(tx, entries)?;
    contact_row(tx, contact.id)?.ok_or_else(|| corrupt("a contact"))
}

/// Links a contact to one more matter.
pub(super) fn link(
    tx: &Tx<'_>,
    id: ContactId,
    matter: MatterId,
    entries: &[JournalEntry],
) -> Result<()> {
    let Some(number) = tx.value("SELECT number FROM contact WHERE id = ?1", row![id])? else {
        return Err(missing(format!("contact `{id}`")));
    };
    tie(tx, number, matter)?;
    journal::write(tx, entries)
}

fn tie(tx: &Tx<'_>, number: i64, matter: MatterId) -> Result<()> {
    if !tx.any("SELECT 1 FROM matter WHERE id = ?1", row![matter])? {
        return Err(missing(format!("matter `{matter}`")));
    }
    let sql = "SELECT 1 FROM contact_link WHERE contact = ?1 AND matter = ?2";
    if tx.any(sql, row![number, matter])? {
        return exists(format!("the link to `{matter}`"));
    }
    tx.insert("INSERT INTO contact_link (contact, matter) VALUES (?1, ?2)", row![number, matter])?;
    Ok(())
}

/// Keeps that a report was written, once for each template.
pub(super) fn report(tx: &Tx<'_>, report: &ReportRow, entries: &[JournalEntry]) -> Result<()> {
    let sql = "SELECT 1 FROM contact_report WHERE subject = ?1 AND template = ?2";
    if tx.any(sql, row![report.on, report.template])? {
        return exists("a report on it by this template".to_owned());
    }
    tx.insert(
        "INSERT INTO contact_report (subject, template, at, by, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
        row![report.on, report.template, report.at, report.by, report.digest],
    )?;
    journal::write(tx, entries)
}

/// One contact.
pub(super) fn contact_row(read: &Read<'_>, id: ContactId) -> Result<Option<ContactRow>> {
    let found =
        read.first(&format!("SELECT {COLUMNS} FROM contact WHERE id = ?1"), row![id], head)?;
    found.map(|head| whole(read, head)).transpose()
}

/// Contacts, newest first.
pub(super) fn contacts(read: &Read<'_>, query: &ContactQuery) -> Result<Vec<ContactRow>> {
    let heads = read.all(
        &format!(
            "SELECT {COLUMNS} FROM contact
             WHERE (?1 IS NULL OR partner = ?1)
               AND (?2 IS NULL OR number IN (SELECT contact FROM contact_link WHERE matter = ?2))
             ORDER BY number DESC LIMIT ?3"
        ),
        row![query.partner, query.matter, query.limit],
        head,
    )?;
    heads.into_iter().map(|head| whole(read, head)).collect()
}

/// The contact with this folio.
pub(super) fn by_folio(read: &Read<'_>, folio: &Folio) -> Result<Option<ContactId>> {
    read.value("SELECT id FROM contact WHERE folio = ?1", row![*folio])
}

/// The reports on something, oldest first.
pub(super) fn reports(read: &Read<'_>, on: Reported) -> Result<Vec<ReportRow>> {
    let sql =
        "SELECT template, at, by, digest FROM contact_report WHERE subject = ?1 ORDER BY number";
    read.all(sql, row![on], |row| {
        Ok(ReportRow {
            on,
            template: get(row, 0)?,
            at: get(row, 1)?,
            by: get(row, 2)?,
            digest: get(row, 3)?,
        })
    })
}

/// Contacts and statements without a report by a template, oldest first. What was refused was not exchanged.
pub(super) fn unreported(read: &Read<'_>, query: &UnreportedQuery) -> Result<Vec<Unreported>> {
    read.all(
        "SELECT c.id, c.at FROM contact c
           WHERE ?2 AND NOT EXISTS (SELECT 1 FROM contact_report r WHERE r.subject = c.id AND r.template = ?1)
         UNION ALL
         SELECT s.digest, s.sealed_at FROM statement_out s
           WHERE s.kind IN (SELECT value FROM json_each(?3)) AND coalesce(s.outcome, '') <> 'refused'
             AND NOT EXISTS (SELECT 1 FROM contact_report r WHERE r.subject = s.digest AND r.template = ?1)
         UNION ALL
         SELECT s.digest, s.at FROM statement_in s
           WHERE s.kind IN (SELECT value FROM json_each(?3)) AND coalesce(s.outcome, '') <> 'refused'
             AND NOT EXISTS (SELECT 1 FROM contact_report r WHERE r.subject = s.digest AND r.template = ?1)
         ORDER BY 2, 1 LIMIT ?4",
        row![query.template, query.contacts, Json(query.kinds.clone()), query.limit],
        |row| Ok(Unreported { on: get(row, 0)?, at: get(row, 1)? }),
    )
}

fn head(row: &Row<'_>) -> Result<(i64, ContactRow)> {
    let contact = Contact {
        id: get(row, 2)?,
        partner: get(row, 3)?,
        kind: get(row, 4)?,
        at: get(row, 5)?,
        our_office: get(row, 6)?,
        their_office: get(row, 7)?,
        subject: get(row, 8)?,
        said: get(row, 9)?,
        authorised_by: get(row, 10)?,
        authorisation: get(row, 11)?,
        recorded_at: get(row, 12)?,
        offset: offset(get(row, 13)?)?,
    };
    let whole = ContactRow { folio: get(row, 1)?, contact, links: Vec::new(), reports: Vec::new() };
    Ok((get(row, 0)?, whole))
}

fn offset(seconds: i64) -> Result<Offset> {
    let seconds = i32::try_from(seconds).map_err(|_| corrupt("the time of a contact"))?;
    Offset::from_seconds(seconds).map_err(|_| corrupt("the time of a contact"))
}

fn whole(read: &Read<'_>, (number, mut row): (i64, ContactRow)) -> Result<ContactRow> {
    let sql = "SELECT matter FROM contact_link WHERE contact = ?1 ORDER BY number";
    row.links = read.all(sql, [number], |row| get(row, 0))?;
    row.reports = reports(read, Reported::Contact(row.contact.id))?;
    Ok(row)
}
