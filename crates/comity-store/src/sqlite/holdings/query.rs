//! Holdings going out: one object, its versions, pages, counts.

use comity_exchange::ports::{HoldingPage, HoldingQuery, TypeCount};
use comity_model::Holding;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::super::column::{Column, Json, get};
use super::super::fault::Result;
use super::super::tx::{Read, row};
use super::rows::{COLUMNS, OWN, Reader, columns};
use super::search;

/// Objects on one page, whatever was asked for.
const MAX_PAGE: u32 = 10_000;

/// The version of an object that readers get at `now`, in milliseconds since 1970.
pub(in super::super) fn one(read: &Read<'_>, id: &str, now: i64) -> Result<Option<Holding>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM holding h JOIN newest n ON n.position = h.position
         WHERE h.id = ?1 AND (n.until IS NULL OR n.until > ?2)"
    );
    let mut reader = Reader::new(read);
    read.first(sql, params![id, now], |row| reader.holding(row))
}

/// Every visible version of an object, oldest first; those of one `modified` in the order of their arrival.
pub(in super::super) fn versions(read: &Read<'_>, id: &str, now: i64) -> Result<Vec<Holding>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM holding h WHERE h.id = ?1 AND h.source >= 0",
        " AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.position = h.position)",
        " AND NOT EXISTS (SELECT 1 FROM frozen f WHERE f.position = h.position)",
        " AND NOT EXISTS (SELECT 1 FROM term t WHERE t.provenance = h.provenance AND t.until <= ?2)",
        " ORDER BY h.position"
    );
    let mut reader = Reader::new(read);
    let mut versions = read.all(sql, params![id, now], |row| reader.holding(row))?;
    versions.sort_by_key(|it: &Holding| it.modified.unwrap_or(Timestamp::MIN));
    Ok(versions)
}

/// A page, in the order in which objects entered.
pub(in super::super) fn page(
    read: &Read<'_>,
    query: &HoldingQuery,
    now: i64,
) -> Result<HoldingPage> {
    let mut filter = Filter::default();
    filter.add("(n.until IS NULL OR n.until > ?)", Value::Integer(now));
    // A position beyond the signed range is beyond every object.
    let after = query.after.map_or(0, |after| i64::try_from(after).unwrap_or(i64::MAX));
    filter.add("n.entered > ?", Value::Integer(after));
    if let Some(ids) = &query.ids {
        filter.add(
            "n.position IN (SELECT position FROM holding WHERE id IN (SELECT value FROM json_each(?)))",
            Value::Text(Json(ids).to_text()),
        );
    }
    if let Some(ids) = &query.about {
        filter.add(
            "n.position IN (SELECT position FROM mention WHERE target IN (SELECT value FROM json_each(?)))",
            Value::Text(Json(ids).to_text()),
        );
    }
    if let Some(ids) = &query.naming {
        filter.add(
            "n.position IN (SELECT h.position FROM holding h, json_each(h.refs_json) r
               WHERE r.value IN (SELECT value FROM json_each(?)))",
            Value::Text(Json(ids).to_text()),
        );
    }
    if let Some(text) = query.search.as_deref().filter(|text| !text.trim().is_empty()) {
        let Some(expression) = search::expression(text) else { return Ok(HoldingPage::default()) };
        filter.add(
            "n.position IN (SELECT rowid FROM holding_text WHERE holding_text MATCH ?)",
            Value::Text(expression),
        );
    }
    // Words and ids name few objects, a type or a partner many: with both, the unary plus keeps the planner from
    // walking the many.
    let few = query.ids.is_some() || query.about.is_some() || query.search.is_some();
    if let Some(stix_type) = &query.stix_type {
        let condition = if few { "+n.stix_type = ?" } else { "n.stix_type = ?" };
        filter.add(condition, stix_type.store());
    }
    if let Some(partner) = query.partner {
        let number = match partner {
            None => Some(OWN),
            Some(root) => read.value("SELECT number FROM root WHERE root = ?1", row![root])?,
        };
        let condition = if few { "+n.partner = ?" } else { "n.partner = ?" };
        filter.add(condition, number.store());
    }
    let limit = query.limit.min(MAX_PAGE);
    let sql = format!(
        "SELECT {}, n.entered FROM newest n JOIN holding h ON h.position = n.position
         WHERE {} ORDER BY n.entered LIMIT {}",
        columns!(),
        filter.conditions.join(" AND "),
        limit.saturating_add(1),
    );
    let mut reader = Reader::new(read);
    let mut found = read.all(&sql, params_from_iter(filter.values), |row| {
        Ok((reader.holding(row)?, get::<u64>(row, COLUMNS)?))
    })?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let next = found.last().filter(|_| more).map(|(_, entered)| *entered);
    Ok(HoldingPage { holdings: found.into_iter().map(|(holding, _)| holding).collect(), next })
}

/// Conditions that must all hold, with their values in order.
#[derive(Default)]
struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    fn add(&mut self, condition: &'static str, value: Value) {
        self.conditions.push(condition);
        self.values.push(value);
    }
}

/// How many of each type, by the partner from whom readers get them.
pub(in super::super) fn counts(read: &Read<'_>, now: i64) -> Result<Vec<TypeCount>> {
    read.all(
        "SELECT stix_type, root, count(*), sum(versions)
         FROM newest LEFT JOIN root ON root.number = newest.partner
         WHERE until IS NULL OR until > ?1
         GROUP BY stix_type, partner ORDER BY stix_type, partner",
        [now],
        |row| {
            Ok(TypeCount {
                stix_type: get(row, 0)?,
                partner: get(row, 1)?,
                objects: get(row, 2)?,
                versions: get(row, 3)?,
            })
        },
    )
}
