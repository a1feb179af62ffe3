//! Collections, and what each audience sees of them: a row of `member` for each version of each object in a view, in the
//! order of a time that counts up and that no two members of a view share.
//!
//! Who is a member is decided outside, by a judge that is told what [`entries`] finds, and written in the same transaction: by
//! [`advance`] for what became visible, by [`show`] for what a client just wrote. What readers may not see any more leaves by
//! triggers, in the transaction that freezes or deletes it.

pub(super) mod entries;
pub(super) mod given;
mod members;
pub(super) mod page;

use std::collections::{BTreeMap, BTreeSet};

use comity_exchange::ports::{
    Advance, Audience, CollectionRecord, HoldSummary, JournalEntry, Look, NotHeld, Shown, ViewRow,
    ViewState,
};
use comity_model::entropy::fresh_uuid;
use comity_model::{Digest, Holding};
use jiff::Timestamp;
use rusqlite::{Row, params};
use uuid::Uuid;

use super::accounts::{self, collection};
use super::column::{Column, get};
use super::fault::{Result, conflict, corrupt, exists, missing};
use super::holdings::{self, Fresh, rows::OWN};
use super::tx::{Read, Tx, row};
use super::{journal, ownership};
use entries::{EntryReader, Only};
use members::Members;

pub(super) fn add(tx: &Tx<'_>, record: &CollectionRecord, entries: &[JournalEntry]) -> Result<()> {
    if tx.any("SELECT 1 FROM collection WHERE id = ?1", row![record.id])? {
        return exists(format!("a collection `{}`", record.id));
    }
    alias_is_free(tx, record)?;
    tx.run(
        "INSERT INTO collection (number, id, alias, title, description, query, writable, configured, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            next(tx, "collections")?,
            record.id.store(),
            record.alias,
            record.title,
            record.description,
            record.query,
            record.writable,
            record.configured,
            record.created_at.store(),
        ],
    )?;
    accounts::changed(tx)?;
    journal::write(tx, entries)
}

pub(super) fn change(
    tx: &Tx<'_>,
    record: &CollectionRecord,
    entries: &[JournalEntry],
) -> Result<()> {
    alias_is_free(tx, record)?;
    let rows = tx.run(
        "UPDATE collection SET alias = ?2, title = ?3, description = ?4, query = ?5, writable = ?6, configured = ?7
         WHERE id = ?1",
        params![
            record.id.store(),
            record.alias,
            record.title,
            record.description,
            record.query,
            record.writable,
            record.configured,
        ],
    )?;
    if rows == 0 {
        return Err(missing(format!("collection `{}`", record.id)));
    }
    accounts::changed(tx)?;
    journal::write(tx, entries)
}

/// A number that a counter never gave before. That of a row that was removed may stand elsewhere still: what clients wrote
/// aside is kept under their collection's, and a process holds what it read of a view under the view's.
fn next(tx: &Tx<'_>, counter: &str) -> Result<i64> {
    let sql = "UPDATE counter SET value = value + 1 WHERE name = ?1 RETURNING value";
    tx.value(sql, [counter])?.ok_or_else(|| corrupt("its counters"))
}

fn alias_is_free(tx: &Tx<'_>, record: &CollectionRecord) -> Result<()> {
    let sql = "SELECT 1 FROM collection WHERE alias = ?1 AND id <> ?2";
    if tx.any(sql, params![record.alias, record.id.store()])? {
        return exists(format!("a collection `{}`", record.alias));
    }
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>, id: Uuid, entries: &[JournalEntry]) -> Result<()> {
    let number = collection(tx, id)?;
    for sql in [
        "DELETE FROM member WHERE view IN (SELECT number FROM view WHERE collection = ?1)",
        "DELETE FROM view WHERE collection = ?1",
        "DELETE FROM collection_grant WHERE collection = ?1",
        "DELETE FROM collection_version WHERE collection = ?1",
        "DELETE FROM collection_row WHERE collection = ?1",
        "DELETE FROM collection_removed WHERE collection = ?1",
        "DELETE FROM told_version WHERE collection = ?1",
        "DELETE FROM collection WHERE number = ?1",
    ] {
        tx.run(sql, [number])?;
    }
    accounts::changed(tx)?;
    journal::write(tx, entries)
}

pub(super) fn collections(read: &Read<'_>) -> Result<Vec<CollectionRecord>> {
    read.all(
        "SELECT id, alias, title, description, query, writable, configured, created_at FROM collection ORDER BY alias",
        [],
        |row| {
            Ok(CollectionRecord {
                id: get(row, 0)?,
                alias: get(row, 1)?,
                title: get(row, 2)?,
                description: get(row, 3)?,
                query: get(row, 4)?,
                writable: get(row, 5)?,
                configured: get(row, 6)?,
                created_at: get(row, 7)?,
            })
        },
    )
}

// Views.

pub(super) fn find(
    read: &Read<'_>,
    collection: Uuid,
    audience: Audience,
) -> Result<Option<ViewRow>> {
    read.first(
        "SELECT v.number, c.id, v.audience, v.basis, v.entered, v.identity
         FROM view v JOIN collection c ON c.number = v.collection WHERE c.id = ?1 AND v.audience = ?2",
        row![collection, audience],
        view,
    )
}

pub(super) fn open(tx: &Tx<'_>, id: Uuid, audience: Audience) -> Result<ViewRow> {
    if let Some(known) = find(tx, id, audience)? {
        return Ok(known);
    }
    let (collection, number) = (collection(tx, id)?, next(tx, "views")?);
    tx.run(
        "INSERT INTO view (number, collection, audience, basis, entered, last, revision, identity)
         VALUES (?1, ?2, ?3, ?4, 0, 0, 0, ?5)",
        params![
            number,
            collection,
            audience.store(),
            Digest::of(b"").store(),
            fresh_uuid(tx.entropy).store(),
        ],
    )?;
    find(tx, id, audience)?.ok_or_else(|| missing(format!("collection `{id}`")))
}

pub(super) fn all(read: &Read<'_>) -> Result<Vec<ViewRow>> {
    read.all(
        "SELECT v.number, c.id, v.audience, v.basis, v.entered, v.identity
         FROM view v JOIN collection c ON c.number = v.collection ORDER BY v.number",
        [],
        view,
    )
}

fn view(row: &Row<'_>) -> Result<ViewRow> {
    Ok(ViewRow {
        number: get(row, 0)?,
        collection: get(row, 1)?,
        audience: get(row, 2)?,
        basis: get(row, 3)?,
        entered: get(row, 4)?,
        identity: get(row, 5)?,
    })
}

pub(super) fn state(read: &Read<'_>, view: u64) -> Result<ViewState> {
    read.first(
        "SELECT v.revision, v.last, v.entered = c.value AND NOT EXISTS (SELECT 1 FROM touched)
         FROM view v JOIN counter c ON c.name = 'entered' WHERE v.number = ?1",
        row![view],
        |row| {
            Ok(ViewState { revision: get(row, 0)?, last: get(row, 1)?, is_current: get(row, 2)? })
        },
    )?
    .ok_or_else(|| missing("such view"))
}

/// By whom what is written is judged, and when: `now` in milliseconds since 1970.
pub(super) struct Showing<'a> {
    pub(super) shown: &'a Shown,
    pub(super) now: i64,
}

pub(super) fn advance(tx: &Tx<'_>, input: &Advance, now: i64) -> Result<u64> {
    let (reached, objects) = match input.look {
        Look::Entered { after, until } => entries::after(tx, (after, until), input.limit)?,
        Look::Touched => {
            let (lines, objects) = entries::touched(tx, input.limit)?;
            for number in &lines {
                tx.run("DELETE FROM touched WHERE number = ?1", row![*number])?;
            }
            (lines.len() as u64, objects)
        }
    };
    for (view, basis) in &input.views {
        let is_as_read = match input.look {
            // what it has followed meanwhile makes no difference to what is looked at again
            Look::Touched => tx.any(
                "SELECT 1 FROM view WHERE number = ?1 AND basis = ?2",
                row![view.number, view.basis],
            )?,
            Look::Entered { .. } => {
                let moved = tx.run(
                    "UPDATE view SET entered = ?4, basis = ?5 WHERE number = ?1 AND entered = ?2 AND basis = ?3",
                    row![view.number, view.entered, view.basis, reached, *basis],
                )?;
                moved > 0
            }
        };
        if !is_as_read {
            return conflict("what a collection shows");
        }
    }
    let Shown { judge, at } = &input.shown;
    let mut members = Members::begin(tx, *at);
    let mut reader = EntryReader::begin(tx, now)?;
    for id in objects {
        let entry = reader.entry(id)?;
        for (view, _) in &input.views {
            if let Some(membership) = judge.membership(view, &entry) {
                members.set(&membership, &entry)?;
            }
        }
    }
    members.finish()?;
    Ok(reached)
}

/// Views of other collections that who writes brings up to what was written, at the most; the rest is for whoever follows.
const OTHERS: usize = 8;

/// Which objects of a collection to show.
struct Show<'i> {
    collection: Uuid,
    /// Each by its id, with its only row where it has no other.
    objects: Vec<(&'i str, Option<Only<'i>>)>,
    /// Where the last of what was visible before stood, if nothing but these objects became visible after it.
    before: Option<u64>,
}

/// Makes objects at once what they are now in the views of a collection. Whatever the judge does not know is looked at again
/// by whoever follows. Views that had followed everything before have followed these too, and so have a few of other collections:
/// nobody has to read the objects once more for them.
fn show(tx: &Tx<'_>, what: Show<'_>, Showing { shown, now }: &Showing<'_>) -> Result<()> {
    let Show { collection, objects, before } = what;
    let is_current = |it: &ViewRow| before == Some(it.entered);
    let (own, mut others): (Vec<_>, Vec<_>) =
        all(tx)?.into_iter().partition(|it| it.collection == collection);
    others.retain(is_current);
    others.truncate(OTHERS);
    let mut strange = BTreeSet::new();
    let mut members = Members::begin(tx, shown.at);
    let mut reader = EntryReader::begin(tx, *now)?;
    for (id, only) in objects {
        let is_new = only.is_some();
        let entry = match only {
            Some(only) => reader.entry_of(&only)?,
            None => reader.entry(id.to_owned())?,
        };
        for view in own.iter().chain(&others) {
            match shown.judge.membership(view, &entry) {
                Some(membership) if is_new => members.add(&membership, &entry)?,
                Some(membership) => members.set(&membership, &entry)?,
                None => {
                    strange.insert(view.number);
                }
            }
        }
        if own.iter().any(|it| strange.contains(&it.number)) {
            tx.run("INSERT INTO touched (id) VALUES (?1)", [&entry.id])?;
        }
    }
    members.finish()?;
    let reached = entries::last(tx)?;
    let known = |it: &&ViewRow| is_current(it) && !strange.contains(&it.number);
    for view in own.iter().chain(&others).filter(known) {
        tx.run("UPDATE view SET entered = ?2 WHERE number = ?1", row![view.number, reached])?;
    }
    Ok(())
}

// Writing.

pub(super) fn post(
    tx: &Tx<'_>,
    id: Uuid,
    batch: &[Holding],
    entries: &[JournalEntry],
    showing: &Showing<'_>,
) -> Result<(HoldSummary, Vec<NotHeld>)> {
    let (collection, before) = (collection(tx, id)?, entries::last(tx)?);
    let (mut beside, mut plain) = (Vec::new(), Vec::new());
    for holding in batch {
        let stands_aside = ownership::stands_aside(tx, holding)?;
        if stands_aside { beside.push(holding) } else { plain.push(holding) }
    }
    let (mut fresh, mut alone) = (BTreeMap::new(), BTreeMap::new());
    let (mut summary, conflicts) = holdings::hold_each(
        tx,
        plain,
        |_| true,
        |Fresh { holding, position, is_alone }| {
            fresh.insert(very(holding), position);
            // a second version of an object is not alone, and then neither is the first
            let only = is_alone.then_some(Only { holding, position, collection: id });
            alone.insert(holding.id.as_str(), only);
        },
    )?;
    let kept = holdings::put_aside(tx, collection, &beside)?;
    summary.new += kept.new;
    summary.unchanged += kept.unchanged;
    journal::write(tx, entries)?;
    let sql = "SELECT 1 FROM collection_removed WHERE collection = ?1";
    let any_removed = tx.any(sql, [collection])?;
    let (mut put_in, mut known) = (Vec::new(), BTreeSet::new());
    for holding in batch {
        // this very version with these bytes, and none that was there before or that it is in conflict with
        let position = match fresh.get(&very(holding)) {
            Some(position) => Some(*position),
            None => written(tx, collection, very(holding))?.map(|(position, _)| position),
        };
        let Some(position) = position else { continue };
        let put = tx.run(
            "INSERT INTO collection_row (position, collection) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            [position, collection],
        )?;
        let back = if any_removed { put_back(tx, collection, holding)? } else { 0 };
        if put + back > 0 && known.insert(holding.id.as_str()) {
            put_in.push(holding.id.as_str());
        }
    }
    let is_all = fresh.keys().all(|(id, ..)| known.contains(*id));
    let before = is_all.then_some(before);
    let with_row = |id| (id, alone.remove(id).flatten());
    let objects = put_in.into_iter().map(with_row).collect();
    show(tx, Show { collection: id, objects, before }, showing)?;
    Ok((summary, conflicts))
}

/// A version of an object with the digest of its bytes: what it is by name and by content.
type Very<'a> = (&'a str, &'a str, &'a Digest);

fn very(holding: &Holding) -> Very<'_> {
    (&holding.id, &holding.version, &holding.digest)
}

/// Puts a version back that was taken out of a collection; an object without versions has one. Gives how many were.
fn put_back(tx: &Tx<'_>, collection: i64, holding: &Holding) -> Result<usize> {
    tx.run(
        "DELETE FROM collection_removed WHERE collection = ?1 AND id = ?2 AND (?3 IS NULL OR version = ?3)",
        params![collection, holding.id, holding.modified.store()],
    )
}

/// Where a version of an object, with bytes of this digest, is kept, and when it came: as it stands aside in a collection, or as it
/// is held.
pub(super) fn written(
    read: &Read<'_>,
    collection: i64,
    (id, version, digest): Very<'_>,
) -> Result<Option<(i64, Timestamp)>> {
    for source in [holdings::aside(collection), OWN] {
        let came = read.first(
            "SELECT position, received_at FROM holding WHERE id = ?1 AND version = ?2 AND source = ?3 AND digest = ?4",
            params![id, version, source, digest.store()],
            |row| Ok((get(row, 0)?, get(row, 1)?)),
        )?;
        if came.is_some() {
            return Ok(came);
        }
    }
    Ok(None)
}

pub(super) fn remove_objects(
    tx: &Tx<'_>,
    collection_id: Uuid,
    id: &str,
    versions: Option<&[Timestamp]>,
    entries: &[JournalEntry],
    showing: &Showing<'_>,
) -> Result<u64> {
    let collection = collection(tx, collection_id)?;
    let there: BTreeSet<Timestamp> = tx
        .all(
            "SELECT m.version_at FROM holding h CROSS JOIN member m INDEXED BY member_position ON m.position = h.position
             JOIN view v ON v.number = m.view WHERE v.collection = ?1 AND h.id = ?2",
            params![collection, id],
            |row| get(row, 0),
        )?
        .into_iter()
        .collect();
    let named = |it: &&Timestamp| versions.is_none_or(|named| named.contains(*it));
    let mut removed = 0;
    for version in there.iter().filter(named) {
        tx.run(
            "INSERT INTO collection_removed (collection, id, version) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![collection, id, version.store()],
        )?;
        removed += 1;
    }
    if removed == 0 {
        return Err(missing(format!("object `{id}` in the collection")));
    }
    show(tx, Show { collection: collection_id, objects: vec![(id, None)], before: None }, showing)?;
    journal::write(tx, entries)?;
    Ok(removed)
}
