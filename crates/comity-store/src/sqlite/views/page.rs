//! Pages of a view: the exact bytes of objects, copied one after the other, or their names.
//!
//! The newest versions of all types, or of one, are read in their order from an index that has nothing else in it, so that
//! a page costs the same wherever it begins and however much there is. Of several types the pages of each are merged.

use comity_exchange::ports::{ManifestPage, Member, ObjectPage, Versions, ViewQuery};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::super::column::{Column, Json, get};
use super::super::fault::{Result, corrupt};
use super::super::tx::Read;

/// Objects of a view. `now` in milliseconds since 1970.
pub(in super::super) fn objects(
    read: &Read<'_>,
    query: &ViewQuery,
    now: i64,
) -> Result<ObjectPage> {
    let mut filling = Filling { page: ObjectPage::default(), query };
    match walks(query, now).as_slice() {
        // what comes in its order from an index brings its bytes along
        [walk] if walk.is_ordered => {
            let sql = walk.sql(
                "m.added, m.until, h.bytes",
                "LEFT JOIN holding h ON h.position = m.position",
                query.limit,
            );
            read.each(&sql, params_from_iter(&walk.values), |row| {
                let Some(bytes) = row.get_ref(2)?.as_blob_or_null().ok().flatten() else {
                    return Err(corrupt("a collection"));
                };
                Ok(filling.takes(get(row, 0)?, get(row, 1)?, bytes))
            })?;
        }
        walks => {
            for found in members(read, walks, query)? {
                let sql = "SELECT bytes FROM holding WHERE position = ?1";
                let takes = read.first(sql, [found.position], |row| {
                    let bytes = row.get_ref(0)?.as_blob().map_err(|_| corrupt("a holding"))?;
                    Ok(filling.takes(found.added, found.until, bytes))
                })?;
                if !takes.ok_or_else(|| corrupt("a collection"))? {
                    break;
                }
            }
        }
    }
    Ok(filling.page)
}

/// A page that is being filled.
struct Filling<'q> {
    page: ObjectPage,
    query: &'q ViewQuery,
}

impl Filling<'_> {
    /// Adds an object and gives `true`; where it is one too many, notes that there are more and gives `false`.
    fn takes(&mut self, added: i64, until: Option<i64>, bytes: &[u8]) -> bool {
        let Self { page, query } = self;
        let is_full = page.count >= query.limit
            || page.count > 0 && page.bytes.len() + bytes.len() > query.bytes;
        if is_full {
            page.more = true;
            return false;
        }
        if page.count > 0 {
            page.bytes.push(b',');
        }
        page.bytes.extend_from_slice(bytes);
        page.count += 1;
        page.until = earlier(page.until, until);
        page.added.push(added);
        true
    }
}

/// Members of a view by name. `now` in milliseconds since 1970.
pub(in super::super) fn manifest(
    read: &Read<'_>,
    query: &ViewQuery,
    now: i64,
) -> Result<ManifestPage> {
    let mut found = members(read, &walks(query, now), query)?;
    let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let mut page = ManifestPage { more: found.len() > wanted, ..ManifestPage::default() };
    found.truncate(wanted);
    for found in found {
        page.until = earlier(page.until, found.until);
        let sql = "SELECT id, version, version_at FROM member WHERE view = ?1 AND added = ?2";
        let values = [query.view.store(), Value::Integer(found.added)];
        let member = read.first(sql, params_from_iter(values), |row| {
            let (id, version, version_at) = (get(row, 0)?, get(row, 1)?, get(row, 2)?);
            Ok(Member { id, added: found.added, version, version_at })
        })?;
        page.members.push(member.ok_or_else(|| corrupt("a collection"))?);
    }
    Ok(page)
}

fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

struct Found {
    added: i64,
    position: i64,
    until: Option<i64>,
}

fn found(row: &Row<'_>) -> Result<Found> {
    Ok(Found { added: get(row, 0)?, position: get(row, 1)?, until: get(row, 2)? })
}

/// One member more than wanted, if there are more, in the order of their times.
fn members(read: &Read<'_>, walks: &[Walk], query: &ViewQuery) -> Result<Vec<Found>> {
    let mut merged = Vec::new();
    for walk in walks {
        let sql = walk.sql("m.added, m.position, m.until", "", query.limit);
        merged.extend(read.all(&sql, params_from_iter(&walk.values), found)?);
    }
    if walks.len() > 1 {
        merged.sort_by_key(|it: &Found| it.added);
        merged.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX).saturating_add(1));
    }
    Ok(merged)
}

/// One way through the members of a view.
struct Walk {
    /// The index.
    by: &'static str,
    /// Whether it has the order of the times.
    is_ordered: bool,
    conditions: String,
    values: Vec<Value>,
}

impl Walk {
    /// Reads columns of `m`, and of what is joined, of one member more than `limit`.
    fn sql(&self, columns: &str, join: &str, limit: u32) -> String {
        let Self { by, conditions, .. } = self;
        let limit = i64::from(limit) + 1;
        format!(
            "SELECT {columns} FROM member m {by} {join}
             WHERE m.view = ?1 AND m.added > ?2 AND (m.until IS NULL OR m.until > ?3){conditions} ORDER BY m.added LIMIT {limit}"
        )
    }
}

/// The ways through the members that are asked for: several only for several types, whose members are merged.
fn walks(query: &ViewQuery, now: i64) -> Vec<Walk> {
    let start = [query.view.store(), Value::Integer(query.after), Value::Integer(now)];
    if let Some(ids) = &query.ids {
        let mut values = start.to_vec();
        values.push(Value::Text(Json(ids).to_text()));
        let mut conditions =
            " AND m.position IN (SELECT position FROM holding WHERE id IN (SELECT value FROM json_each(?4)))".to_owned();
        if !query.types.is_empty() {
            values.push(Value::Text(Json(&query.types).to_text()));
            conditions.push_str(" AND m.stix_type IN (SELECT value FROM json_each(?5))");
        }
        conditions.push_str(&versions(&query.versions, &mut values));
        return vec![Walk {
            by: "INDEXED BY member_position",
            is_ordered: false,
            conditions,
            values,
        }];
    }
    if query.versions != Versions::Newest {
        let mut values = start.to_vec();
        let mut conditions = String::new();
        if !query.types.is_empty() {
            values.push(Value::Text(Json(&query.types).to_text()));
            conditions.push_str(" AND +m.stix_type IN (SELECT value FROM json_each(?4))");
        }
        conditions.push_str(&versions(&query.versions, &mut values));
        return vec![Walk { by: "", is_ordered: true, conditions, values }];
    }
    let newest = " AND m.newest = 1";
    if query.types.is_empty() {
        return vec![Walk {
            by: "INDEXED BY member_newest",
            is_ordered: true,
            conditions: newest.to_owned(),
            values: start.to_vec(),
        }];
    }
    let of_type = |stix_type: &String| {
        let mut values = start.to_vec();
        values.push(Value::Text(stix_type.clone()));
        let conditions = format!("{newest} AND m.stix_type = ?4");
        Walk { by: "INDEXED BY member_type", is_ordered: true, conditions, values }
    };
    query.types.iter().map(of_type).collect()
}

/// The condition for versions, whose values come after those that are there.
fn versions(wanted: &Versions, values: &mut Vec<Value>) -> String {
    match wanted {
        Versions::All => String::new(),
        Versions::Newest => " AND m.newest = 1".to_owned(),
        Versions::Of { oldest, newest, at } => {
            let mut any = Vec::new();
            if *oldest {
                any.push("m.oldest = 1".to_owned());
            }
            if *newest {
                any.push("m.newest = 1".to_owned());
            }
            let times: Vec<String> = at.iter().map(Timestamp::to_string).collect();
            values.push(Value::Text(Json(times).to_text()));
            any.push(format!("m.version_at IN (SELECT value FROM json_each(?{}))", values.len()));
            format!(" AND ({})", any.join(" OR "))
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::sqlite::schema;

    #[test]
    fn what_has_the_order_of_a_page_is_not_sorted_and_nothing_is_read_from_end_to_end() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        let query = ViewQuery {
            view: 1,
            after: 0,
            types: Vec::new(),
            ids: None,
            versions: Versions::Newest,
            limit: 10,
            bytes: 100,
        };
        let at = vec![Timestamp::UNIX_EPOCH];
        let asked = [
            query.clone(),
            ViewQuery { types: vec!["indicator".to_owned()], ..query.clone() },
            ViewQuery { types: vec!["indicator".to_owned(), "tool".to_owned()], ..query.clone() },
            ViewQuery { versions: Versions::All, ..query.clone() },
            ViewQuery {
                versions: Versions::Of { oldest: true, newest: true, at },
                types: vec!["tool".to_owned()],
                ..query.clone()
            },
            ViewQuery { ids: Some(vec!["tool--1".to_owned()]), ..query },
        ];
        for walk in asked.iter().flat_map(|it| walks(it, 0)) {
            let join = "LEFT JOIN holding h ON h.position = m.position";
            let sql = format!("EXPLAIN QUERY PLAN {}", walk.sql("m.added, h.bytes", join, 10));
            let mut plan = connection.prepare(&sql).unwrap();
            let steps = plan.query_map(params_from_iter(&walk.values), |row| row.get(3)).unwrap();
            let steps: Vec<String> = steps.map(std::result::Result::unwrap).collect();
            let is_sorted = steps.iter().any(|step| step.contains("FOR ORDER BY"));
            assert_eq!(is_sorted, !walk.is_ordered, "{sql}: {steps:?}");
            let whole = |step: &String| step.starts_with("SCAN") && !step.contains("json_each");
            assert!(!steps.iter().any(whole), "{sql}: {steps:?}");
        }
    }
}
