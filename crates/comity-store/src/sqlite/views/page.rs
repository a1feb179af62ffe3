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
    let mut page = ObjectPage::default();
    let found = members(read, query, now)?;
    let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
    for (index, found) in found.iter().enumerate() {
        if index == wanted {
            page.more = true;
            break;
        }
        let sql = "SELECT bytes FROM holding WHERE position = ?1";
        let fits = read.first(sql, [found.position], |row| {
            let bytes = row.get_ref(0)?.as_blob().map_err(|_| corrupt("a holding"))?;
            if page.count > 0 && page.bytes.len() + bytes.len() > query.bytes {
                return Ok(false);
            }
            if page.count > 0 {
                page.bytes.push(b',');
            }
            page.bytes.extend_from_slice(bytes);
            Ok(true)
        })?;
        if !fits.ok_or_else(|| corrupt("a collection"))? {
            page.more = true;
            break;
        }
        page.count += 1;
        page.until = earlier(page.until, found.until);
        page.added.push(found.added);
    }
    Ok(page)
}

/// Members of a view by name. `now` in milliseconds since 1970.
pub(in super::super) fn manifest(
    read: &Read<'_>,
    query: &ViewQuery,
    now: i64,
) -> Result<ManifestPage> {
    let mut found = members(read, query, now)?;
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
fn members(read: &Read<'_>, query: &ViewQuery, now: i64) -> Result<Vec<Found>> {
    let limit = i64::from(query.limit) + 1;
    let start = [query.view.store(), Value::Integer(query.after), Value::Integer(now)];
    let select = "SELECT added, position, until FROM member";
    let place = "view = ?1 AND added > ?2 AND (until IS NULL OR until > ?3)";
    if let Some(ids) = &query.ids {
        let mut values = start.to_vec();
        values.push(Value::Text(Json(ids).to_text()));
        let mut sql = format!(
            "{select} INDEXED BY member_object WHERE {place} AND id IN (SELECT value FROM json_each(?4))"
        );
        if !query.types.is_empty() {
            values.push(Value::Text(Json(&query.types).to_text()));
            sql.push_str(" AND stix_type IN (SELECT value FROM json_each(?5))");
        }
        sql.push_str(&versions(&query.versions, &mut values));
        return read.all(
            &format!("{sql} ORDER BY added LIMIT {limit}"),
            params_from_iter(values),
            found,
        );
    }
    if query.versions != Versions::Newest {
        let mut values = start.to_vec();
        let mut sql = format!("{select} WHERE {place}");
        if !query.types.is_empty() {
            values.push(Value::Text(Json(&query.types).to_text()));
            sql.push_str(" AND +stix_type IN (SELECT value FROM json_each(?4))");
        }
        sql.push_str(&versions(&query.versions, &mut values));
        return read.all(
            &format!("{sql} ORDER BY added LIMIT {limit}"),
            params_from_iter(values),
            found,
        );
    }
    if query.types.is_empty() {
        let sql = format!(
            "{select} INDEXED BY member_newest WHERE {place} AND newest = 1 ORDER BY added LIMIT {limit}"
        );
        return read.all(&sql, params_from_iter(start), found);
    }
    let mut merged = Vec::new();
    for stix_type in &query.types {
        let mut values = start.to_vec();
        values.push(Value::Text(stix_type.clone()));
        let sql = format!(
            "{select} INDEXED BY member_type WHERE {place} AND newest = 1 AND stix_type = ?4 ORDER BY added LIMIT {limit}"
        );
        merged.extend(read.all(&sql, params_from_iter(values), found)?);
    }
    merged.sort_by_key(|it: &Found| it.added);
    merged.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(merged)
}

/// The condition for versions, whose values come after those that are there.
fn versions(wanted: &Versions, values: &mut Vec<Value>) -> String {
    match wanted {
        Versions::All => String::new(),
        Versions::Newest => " AND newest = 1".to_owned(),
        Versions::Of { oldest, newest, at } => {
            let mut any = Vec::new();
            if *oldest {
                any.push("oldest = 1".to_owned());
            }
            if *newest {
                any.push("newest = 1".to_owned());
            }
            let times: Vec<String> = at.iter().map(Timestamp::to_string).collect();
            values.push(Value::Text(Json(times).to_text()));
            any.push(format!("version_at IN (SELECT value FROM json_each(?{}))", values.len()));
            format!(" AND ({})", any.join(" OR "))
        }
    }
}
