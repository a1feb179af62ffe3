//! What became visible, in order, with everything that decides in which collections it is.

use std::collections::{BTreeMap, BTreeSet};

use comity_exchange::ports::{Entry, EntryRow};
use comity_model::Holding;
use rusqlite::params;
use uuid::Uuid;

use super::super::column::{Column, get};
use super::super::fault::{Result, corrupt};
use super::super::holdings::rows::{COLUMNS, Reader, columns};
use super::super::tx::Read;

/// The place of what became visible last.
pub(in super::super) fn last(read: &Read<'_>) -> Result<u64> {
    let sql = "SELECT value FROM counter WHERE name = 'entered'";
    read.value(sql, [])?.ok_or_else(|| corrupt("the counters"))
}

/// Objects that entered after one place and up to another, and the place that is reached with them: that of the last, or the
/// other one where there are no more before it.
pub(in super::super) fn after(
    read: &Read<'_>,
    (after, until): (u64, u64),
    limit: u32,
) -> Result<(u64, Vec<String>)> {
    let found: Vec<(u64, String)> = read.all(
        "SELECT n.entered, h.id FROM newest n JOIN holding h ON h.position = n.position
         WHERE n.entered > ?1 AND n.entered <= ?2 ORDER BY n.entered LIMIT ?3",
        params![after.store(), until.store(), limit],
        |row| Ok((get(row, 0)?, get(row, 1)?)),
    )?;
    let is_full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| is_full).map_or(until, |(entered, _)| *entered);
    Ok((next, found.into_iter().map(|(_, id)| id).collect()))
}

/// Whether objects are to be looked at again.
pub(in super::super) fn is_touched(read: &Read<'_>) -> Result<bool> {
    read.any("SELECT 1 FROM touched", [])
}

/// Objects that are to be looked at again, each once, and the numbers of all lines that say so.
pub(in super::super) fn touched(read: &Read<'_>, limit: u32) -> Result<(Vec<u64>, Vec<String>)> {
    let lines: Vec<(u64, String)> =
        read.all("SELECT number, id FROM touched ORDER BY number LIMIT ?1", [limit], |row| {
            Ok((get(row, 0)?, get(row, 1)?))
        })?;
    let objects: BTreeSet<&String> = lines.iter().map(|(_, id)| id).collect();
    let objects = objects.into_iter().cloned().collect();
    Ok((lines.into_iter().map(|(number, _)| number).collect(), objects))
}

/// The units that were given an object, those of them several times to which it was given so.
const UNITS: &str = "SELECT u.name FROM given g JOIN unit u ON u.number = g.unit WHERE g.id = ?1";
/// The numbers of the collections into which clients put it, with the versions.
const POSTED: &str = "SELECT r.collection, h.version FROM holding h CROSS JOIN collection_row r ON r.position = h.position WHERE h.id = ?1";
/// The same of what lost its rows meanwhile.
const POSTED_BEFORE: &str = "SELECT collection, version FROM collection_version WHERE id = ?1";
/// Those from which they took it, with the versions.
const REMOVED: &str = "SELECT collection, version FROM collection_removed WHERE id = ?1";

/// Reads objects of one transaction as they are. It writes nothing of what it reads meanwhile, but for the members.
pub(super) struct EntryReader<'r, 'a> {
    read: &'r Read<'a>,
    rows: Reader<'r, 'a>,
    now: i64,
    /// Every collection by its number.
    collections: BTreeMap<i64, Uuid>,
    /// Whether anything at all was given to units, or put into collections, or taken out of them.
    any: Any,
}

/// The only row of an object.
pub(super) struct Only<'h> {
    pub(super) holding: &'h Holding,
    pub(super) position: i64,
    /// The one collection into which clients put it.
    pub(super) collection: Uuid,
}

/// A holding without what nobody asks who judges, as it is read with the columns for judging.
fn judged(holding: &Holding) -> Holding {
    let is_dated = holding.modified.is_some();
    Holding {
        id: holding.id.clone(),
        stix_type: holding.stix_type.clone(),
        version: holding.version.clone(),
        modified: holding.modified,
        bytes: if is_dated { Vec::new() } else { holding.bytes.clone() },
        digest: holding.digest,
        name: holding.name.clone(),
        text: String::new(),
        labels: holding.labels.clone(),
        tlp: holding.tlp,
        refs: holding.refs.clone(),
        revoked: holding.revoked,
        grade: holding.grade,
        origin: holding.origin.clone(),
        chain: holding.chain.clone(),
        handling: holding.handling.clone(),
        received_at: holding.received_at,
    }
}

struct Any {
    given: bool,
    posted: Posted,
    removed: bool,
}

/// How what was put into collections is kept.
struct Posted {
    by_row: bool,
    by_name: bool,
}

impl<'r, 'a> EntryReader<'r, 'a> {
    /// Looks at what concerns every object. `now` in milliseconds since 1970.
    pub(super) fn begin(read: &'r Read<'a>, now: i64) -> Result<Self> {
        let collections = read
            .all("SELECT number, id FROM collection", [], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
        let any = Any {
            given: read.any("SELECT 1 FROM given", [])?,
            posted: Posted {
                by_row: read.any("SELECT 1 FROM collection_row", [])?,
                by_name: read.any("SELECT 1 FROM collection_version", [])?,
            },
            removed: read.any("SELECT 1 FROM collection_removed", [])?,
        };
        let collections = collections.into_iter().collect();
        Ok(Self { read, rows: Reader::new(read), now, collections, any })
    }

    /// One object.
    pub(super) fn entry(&mut self, id: String) -> Result<Entry> {
        let mut rows = self.rows(&id)?;
        rows.sort_by_key(|it| it.position);
        let posted = self.of_collections(self.any.posted.by_row, POSTED, &id)?;
        self.beside(id, rows, posted)
    }

    /// One object of this party's own that was kept in this transaction, in its only row: as [`entry`](Self::entry) would read it.
    pub(super) fn entry_of(&mut self, only: &Only<'_>) -> Result<Entry> {
        let Only { holding, position, collection } = *only;
        if holding.handling.is_some() {
            // what has terms is kept for a time, which is read
            return self.entry(holding.id.clone());
        }
        let row = EntryRow {
            position: position.cast_unsigned(),
            until: None,
            aside: None,
            holding: judged(holding),
        };
        let posted = vec![(collection, holding.version.clone())];
        self.beside(holding.id.clone(), vec![row], posted)
    }

    /// The object with what stands beside its rows.
    fn beside(
        &self,
        id: String,
        rows: Vec<EntryRow>,
        mut posted: Vec<(Uuid, String)>,
    ) -> Result<Entry> {
        let units: BTreeSet<String> = if self.any.given {
            self.read.all(UNITS, [&id], |row| get(row, 0))?.into_iter().collect()
        } else {
            BTreeSet::new()
        };
        posted.extend(self.of_collections(self.any.posted.by_name, POSTED_BEFORE, &id)?);
        let removed = self.of_collections(self.any.removed, REMOVED, &id)?;
        Ok(Entry { id, rows, units: units.into_iter().collect(), posted, removed })
    }

    fn rows(&mut self, id: &str) -> Result<Vec<EntryRow>> {
        let sql = concat!(
            "SELECT ",
            columns!(judged),
            ", h.position, t.until, h.source FROM holding h LEFT JOIN term t ON t.provenance = h.provenance",
            " WHERE h.id = ?1",
            " AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.position = h.position)",
            " AND NOT EXISTS (SELECT 1 FROM frozen f WHERE f.position = h.position)",
            " AND (t.until IS NULL OR t.until > ?2)"
        );
        let (read, reader, collections) = (self.read, &mut self.rows, &self.collections);
        let rows = read.all(sql, params![id, self.now], |row| {
            let source: i64 = get(row, COLUMNS + 2)?;
            // below 0 it is what clients of a collection wrote aside; nobody has what those of a removed one did
            let aside = collections.get(&-source).copied();
            if source < 0 && aside.is_none() {
                return Ok(None);
            }
            let (position, until) = (get(row, COLUMNS)?, get(row, COLUMNS + 1)?);
            let aside = aside.filter(|_| source < 0);
            Ok(Some(EntryRow { position, until, aside, holding: reader.holding(row)? }))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    fn of_collections<T: Column>(&self, any: bool, sql: &str, id: &str) -> Result<Vec<(Uuid, T)>> {
        if !any {
            return Ok(Vec::new());
        }
        let rows: Vec<(i64, T)> =
            self.read.all(sql, [id], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
        let named = |(number, it)| Some((*self.collections.get(&number)?, it));
        Ok(rows.into_iter().filter_map(named).collect())
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::sqlite::schema;

    #[test]
    fn what_stands_of_an_object_is_found_without_reading_what_stands_of_others() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        for sql in [UNITS, POSTED, POSTED_BEFORE, REMOVED] {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan.query_map(["id"], |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = steps.map(std::result::Result::unwrap).collect();
            assert!(steps.iter().all(|step| !step.starts_with("SCAN")), "{sql}: {steps:?}");
        }
    }
}
