//! What became visible, in order, with everything that decides in which collections it is.

use std::collections::BTreeMap;

use comity_exchange::ports::{Entry, EntryRow};
use rusqlite::params;

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
/// other one where there are no more before it. `now` in milliseconds since 1970.
pub(in super::super) fn after(
    read: &Read<'_>,
    (after, until): (u64, u64),
    limit: u32,
    now: i64,
) -> Result<(u64, Vec<Entry>)> {
    let ids: Vec<(u64, String)> = read.all(
        "SELECT n.entered, h.id FROM newest n JOIN holding h ON h.position = n.position
         WHERE n.entered > ?1 AND n.entered <= ?2 ORDER BY n.entered LIMIT ?3",
        params![after.store(), until.store(), limit],
        |row| Ok((get(row, 0)?, get(row, 1)?)),
    )?;
    let is_full = ids.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = ids.last().filter(|_| is_full).map_or(until, |(entered, _)| *entered);
    let mut reader = EntryReader::new(read, now);
    let objects = ids.into_iter().map(|(_, id)| reader.entry(id)).collect::<Result<_>>()?;
    Ok((next, objects))
}

/// Whether objects are to be looked at again.
pub(in super::super) fn is_touched(read: &Read<'_>) -> Result<bool> {
    read.any("SELECT 1 FROM touched", [])
}

/// Objects that are to be looked at again, each once, and the numbers of all lines that say so.
pub(in super::super) fn touched(
    read: &Read<'_>,
    limit: u32,
    now: i64,
) -> Result<(Vec<u64>, Vec<Entry>)> {
    let lines: Vec<(u64, String)> =
        read.all("SELECT number, id FROM touched ORDER BY number LIMIT ?1", [limit], |row| {
            Ok((get(row, 0)?, get(row, 1)?))
        })?;
    let mut objects: BTreeMap<String, Entry> = BTreeMap::new();
    let mut reader = EntryReader::new(read, now);
    for (_, id) in &lines {
        if !objects.contains_key(id) {
            objects.insert(id.clone(), reader.entry(id.clone())?);
        }
    }
    Ok((lines.into_iter().map(|(number, _)| number).collect(), objects.into_values().collect()))
}

/// These objects as they are. `now` in milliseconds since 1970.
pub(super) fn of<'i>(
    read: &Read<'_>,
    ids: impl IntoIterator<Item = &'i str>,
    now: i64,
) -> Result<Vec<Entry>> {
    let mut reader = EntryReader::new(read, now);
    ids.into_iter().map(|id| reader.entry(id.to_owned())).collect()
}

/// The units that were given an object.
const UNITS: &str =
    "SELECT DISTINCT u.name FROM given g JOIN unit u ON u.number = g.unit WHERE g.id = ?1";
/// The collections into which clients put it, with the versions.
const POSTED: &str =
    "SELECT c.id, o.version FROM collection_version o JOIN collection c ON c.number = o.collection
     WHERE o.id = ?1";
/// Those from which they took it, with the versions.
const REMOVED: &str =
    "SELECT c.id, r.version FROM collection_removed r JOIN collection c ON c.number = r.collection
     WHERE r.id = ?1";

struct EntryReader<'r, 'a> {
    read: &'r Read<'a>,
    rows: Reader<'r, 'a>,
    now: i64,
}

impl<'r, 'a> EntryReader<'r, 'a> {
    const fn new(read: &'r Read<'a>, now: i64) -> Self {
        Self { read, rows: Reader::new(read), now }
    }

    fn entry(&mut self, id: String) -> Result<Entry> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            ", h.position, t.until, c.id FROM holding h LEFT JOIN term t ON t.provenance = h.provenance",
            " LEFT JOIN collection c ON c.number = -h.source WHERE h.id = ?1 AND (h.source >= 0 OR c.id IS NOT NULL)",
            " AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.position = h.position)",
            " AND NOT EXISTS (SELECT 1 FROM frozen f WHERE f.position = h.position)",
            " AND (t.until IS NULL OR t.until > ?2) ORDER BY h.position"
        );
        let (read, reader) = (self.read, &mut self.rows);
        let rows = read.all(sql, params![id, self.now], |row| {
            let (position, until) = (get(row, COLUMNS)?, get(row, COLUMNS + 1)?);
            let aside = get(row, COLUMNS + 2)?;
            Ok(EntryRow { position, until, aside, holding: reader.holding(row)? })
        })?;
        let units = read.all(UNITS, [&id], |row| get(row, 0))?;
        let posted = read.all(POSTED, [&id], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
        let removed = read.all(REMOVED, [&id], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
        Ok(Entry { id, rows, units, posted, removed })
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
        for sql in [UNITS, POSTED, REMOVED] {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan.query_map(["id"], |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = steps.map(std::result::Result::unwrap).collect();
            assert!(steps.iter().all(|step| !step.starts_with("SCAN")), "{sql}: {steps:?}");
        }
    }
}
