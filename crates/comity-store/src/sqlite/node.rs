//! This node, its partners, its officers and its agreements.

use comity_exchange::ports::{
    AgreementRecord, JournalEntry, NodeRecord, OfficerRecord, PartyRecord,
};
use comity_model::statement::AgreementRef;
use comity_model::{Digest, Handle, PartyRoot};
use jiff::Timestamp;
use rusqlite::Row;

use super::column::get;
use super::fault::{Result, conflict, corrupt, exists, missing};
use super::tx::{Read, Tx, row};
use super::{descriptors, folios, journal};

pub(super) fn create(tx: &Tx<'_>, node: &NodeRecord, entries: &[JournalEntry]) -> Result<()> {
    if tx.any("SELECT 1 FROM node", [])? {
        return exists("a node in this data folder");
    }
    tx.run(
        "INSERT INTO node (one, handle, name, root, exercise, descriptor, created_at)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        row![node.handle, node.name, node.root, node.exercise, node.descriptor, node.created_at],
    )?;
    descriptors::keep(tx, node.root, node.serial, &node.descriptor, node.created_at)?;
    journal::write(tx, entries)
}

pub(super) fn node(read: &Read<'_>) -> Result<Option<NodeRecord>> {
    let sql = "SELECT handle, name, root, exercise, descriptor, created_at,
                 coalesce((SELECT max(serial) FROM descriptor WHERE party = root), 1) FROM node";
    read.first(sql, [], |row| {
        Ok(NodeRecord {
            handle: get(row, 0)?,
            name: get(row, 1)?,
            root: get(row, 2)?,
            exercise: get(row, 3)?,
            descriptor: get(row, 4)?,
            created_at: get(row, 5)?,
            serial: get(row, 6)?,
        })
    })
}

/// The handle that this node's folios begin with.
pub(super) fn handle(read: &Read<'_>) -> Result<Handle> {
    read.value("SELECT handle FROM node", [])?
        .ok_or_else(|| missing("node in this data folder yet; run `comity init`"))
}

pub(super) fn put_party(tx: &Tx<'_>, party: &PartyRecord, entries: &[JournalEntry]) -> Result<()> {
    let taken = tx.any(
        "SELECT 1 FROM party WHERE handle = ?1 AND root <> ?2
         UNION ALL SELECT 1 FROM node WHERE handle = ?1 AND root <> ?2",
        row![party.handle, party.root],
    )?;
    if taken {
        return exists(format!("a party `{}`", party.handle));
    }
    let known = tx.first(
        "SELECT serial, descriptor FROM party WHERE root = ?1",
        row![party.root],
        |row| Ok((get::<u64>(row, 0)?, get::<String>(row, 1)?)),
    )?;
    if let Some((serial, descriptor)) = known {
        if descriptor != party.descriptor && party.serial <= serial {
            return conflict(format!("the descriptor of `{}`", party.handle));
        }
        descriptors::keep(tx, party.root, party.serial, &party.descriptor, party.imported_at)?;
        if party.serial > serial {
            descriptors::by_file(tx, party.root, party.serial)?;
        }
        // Whoever confirmed the fingerprint confirmed the root, which signed this descriptor too.
        tx.run(
            "UPDATE party SET handle = ?2, descriptor = ?3, serial = ?4, imported_at = ?5 WHERE root = ?1",
            row![party.root, party.handle, party.descriptor, party.serial, party.imported_at],
        )?;
    } else {
        tx.run(
            "INSERT INTO party (root, handle, descriptor, serial, imported_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            row![party.root, party.handle, party.descriptor, party.serial, party.imported_at],
        )?;
        descriptors::keep(tx, party.root, party.serial, &party.descriptor, party.imported_at)?;
    }
    journal::write(tx, entries)
}

pub(super) fn confirm_party(
    tx: &Tx<'_>,
    root: PartyRoot,
    at: Timestamp,
    entries: &[JournalEntry],
) -> Result<()> {
    let sql = "UPDATE party SET confirmed_at = coalesce(confirmed_at, ?2) WHERE root = ?1";
    if tx.run(sql, row![root, at])? == 0 {
        return Err(missing(format!("party `{root}`")));
    }
    journal::write(tx, entries)
}

pub(super) fn parties(read: &Read<'_>) -> Result<Vec<PartyRecord>> {
    let sql = "SELECT root, handle, descriptor, serial, imported_at, confirmed_at FROM party ORDER BY handle";
    read.all(sql, [], |row| {
        Ok(PartyRecord {
            root: get(row, 0)?,
            handle: get(row, 1)?,
            descriptor: get(row, 2)?,
            serial: get(row, 3)?,
            imported_at: get(row, 4)?,
            confirmed_at: get(row, 5)?,
        })
    })
}

pub(super) fn put_officer(
    tx: &Tx<'_>,
    officer: &OfficerRecord,
    entries: &[JournalEntry],
) -> Result<()> {
    let sql = "SELECT 1 FROM officer WHERE name = ?1 OR id = ?2";
    if tx.any(sql, row![officer.name, officer.id])? {
        return exists(format!("an officer `{}`", officer.name));
    }
    tx.run(
        "INSERT INTO officer (id, name, office, certificate, registered_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        row![officer.id, officer.name, officer.office, officer.certificate, officer.registered_at],
    )?;
    journal::write(tx, entries)
}

pub(super) fn officers(read: &Read<'_>) -> Result<Vec<OfficerRecord>> {
    let sql = "SELECT id, name, office, certificate, registered_at FROM officer ORDER BY name";
    read.all(sql, [], |row| {
        Ok(OfficerRecord {
            id: get(row, 0)?,
            name: get(row, 1)?,
            office: get(row, 2)?,
            certificate: get(row, 3)?,
            registered_at: get(row, 4)?,
        })
    })
}

/// The columns that [`agreement_of`] reads.
macro_rules! agreements {
    () => {
        "SELECT id, version, digest, partner, text, envelope, ours, complete, when_signed, stored_at, folio
         FROM agreement LEFT JOIN agreement_folio USING (id)"
    };
}

pub(super) fn put_agreement(
    tx: &Tx<'_>,
    agreement: &AgreementRecord,
    entries: Vec<JournalEntry>,
) -> Result<AgreementRecord> {
    let AgreementRef { id, version, digest } = agreement.reference;
    let known = tx.first(
        "SELECT digest, text, ours, complete FROM agreement WHERE id = ?1 AND version = ?2",
        row![id, version],
        |row| Ok((get::<Digest>(row, 0)?, get::<String>(row, 1)?, (get(row, 2)?, get(row, 3)?))),
    )?;
    let mut replaced = None;
    match known {
        None => {
            tx.run(
                "INSERT INTO agreement
                   (id, version, digest, partner, text, envelope, complete, stored_at, ours, when_signed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                row![
                    id,
                    version,
                    digest,
                    agreement.partner,
                    agreement.text,
                    agreement.envelope,
                    agreement.complete,
                    agreement.stored_at,
                    agreement.ours,
                    agreement.when_signed
                ],
            )?;
        }
        Some((known, text, (ours, complete))) if known != digest || text != agreement.text => {
            // A signature is given once under a version: were it given to two texts, each party could hold another one of
            // them with both signatures.
            if ours || complete {
                return conflict(format!("version {version} of `{id}`"));
            }
            // A text that only the partner signed binds nobody: it may not stand in the way of another.
            tx.run(
                "UPDATE agreement SET digest = ?3, partner = ?4, text = ?5, envelope = ?6, complete = ?7, stored_at = ?8,
                   ours = ?9, when_signed = ?10
                 WHERE id = ?1 AND version = ?2",
                row![
                    id,
                    version,
                    digest,
                    agreement.partner,
                    agreement.text,
                    agreement.envelope,
                    agreement.complete,
                    agreement.stored_at,
                    agreement.ours,
                    agreement.when_signed
                ],
            )?;
            replaced = Some(known);
        }
        // One that both signed never goes back to one that somebody has still to sign.
        Some((_, _, (_, true))) if !agreement.complete => {}
        // Nor does one that this party signed to one that it did not.
        Some((_, _, (true, _))) if !agreement.ours => {}
        Some(_) => {
            tx.run(
                "UPDATE agreement SET envelope = ?3, ours = ?4, complete = ?5 WHERE id = ?1 AND version = ?2",
                row![id, version, agreement.envelope, agreement.ours, agreement.complete],
            )?;
        }
    }
    number(tx, agreement)?;
    match replaced {
        Some(digest) => journal::write_replacing(tx, entries, &digest)?,
        None => journal::write(tx, &entries)?,
    }
    let sql = concat!(agreements!(), " WHERE id = ?1 AND version = ?2");
    let kept = tx.first(sql, row![id, version], agreement_of)?;
    let kept = kept.ok_or_else(|| corrupt(format!("version {version} of `{id}`")))?;
    if kept.complete {
        descriptors::begin(tx, &kept.reference, kept.partner)?;
    }
    Ok(kept)
}

/// Gives an agreement its folio, if it has none.
fn number(tx: &Tx<'_>, agreement: &AgreementRecord) -> Result<()> {
    let id = agreement.reference.id;
    if !tx.any("SELECT 1 FROM agreement_folio WHERE id = ?1", row![id])? {
        let folio = folios::next(tx, agreement.stored_at)?;
        tx.run("INSERT INTO agreement_folio (id, folio) VALUES (?1, ?2)", row![id, folio])?;
    }
    Ok(())
}

pub(super) fn agreements(read: &Read<'_>) -> Result<Vec<AgreementRecord>> {
    read.all(concat!(agreements!(), " ORDER BY id, version"), [], agreement_of)
}

fn agreement_of(row: &Row<'_>) -> Result<AgreementRecord> {
    let reference = AgreementRef { id: get(row, 0)?, version: get(row, 1)?, digest: get(row, 2)? };
    Ok(AgreementRecord {
        reference,
        partner: get(row, 3)?,
        text: get(row, 4)?,
        envelope: get(row, 5)?,
        ours: get(row, 6)?,
        complete: get(row, 7)?,
        when_signed: get(row, 8)?,
        stored_at: get(row, 9)?,
        folio: get(row, 10)?,
    })
}
